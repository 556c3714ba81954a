//! Scanned pages, read by an OCR program where one is installed.
//!
//! Comes in: a PDF file that its reader finds no text in. `pdftoppm` (poppler) draws its pages, one after
//! another, `tesseract` reads each; both get their input through a pipe, run without a shell, and are ended
//! when a page takes too long. What was read is kept by the hash of the file's bytes, so that no page is
//! read twice, and a document that was read once stays although a later run does not ask for OCR.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, bounded};
use serde::{Deserialize, Serialize};

use super::PdfText;
use super::layout::is_page_number;
use super::lines::Hyphenated;
use crate::document::Problem;
use crate::ingest::extract::block::{BlockKind, Extracted};
use crate::ingest::extract::writer::Writer;
use crate::ingest::extract::{NEEDS_OCR, Skip};

/// Dots an inch that pages are drawn with; what tesseract's manual recommends.
const DOTS: &str = "300";
/// Time that drawing or reading one page may take.
const TIME_PER_PAGE: Duration = Duration::from_secs(120);
/// A larger picture of a page is not read: A0 at 300 dots an inch has 139 million.
const MOST_DOTS: usize = 150_000_000;

/// Why scanned pages cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OcrError {
    /// A program is missing.
    #[error(
        "{program} is not installed; OCR needs tesseract (with the data of your languages) and pdftoppm of poppler-utils"
    )]
    Missing {
        /// Its name.
        program: String,
    },
    /// A language is missing.
    #[error("tesseract has no data for {language}; it has {installed}")]
    Language {
        /// The language that was asked for.
        language: String,
        /// Those that there are.
        installed: String,
    },
}

/// The programs that read scanned pages.
#[derive(Debug, Clone)]
pub struct Programs {
    draw: PathBuf,
    read: PathBuf,
    languages: String,
    /// Version of the program that reads.
    version: String,
    time: Duration,
}

impl Programs {
    /// Looks for the programs. `languages` are tesseract's names joined with `+` (`eng+fra`); without
    /// them all that it has data for.
    ///
    /// # Errors
    ///
    /// When a program or a language is missing.
    pub fn find(languages: Option<&str>) -> Result<Self, OcrError> {
        Self::at(Path::new("pdftoppm"), Path::new("tesseract"), languages)
    }

    /// The programs at these places.
    fn at(draw: &Path, read: &Path, languages: Option<&str>) -> Result<Self, OcrError> {
        let missing = |program: &Path| OcrError::Missing { program: program.display().to_string() };
        let said = |program: &Path, argument: &str| {
            let output = Command::new(program).arg(argument).stdin(Stdio::null()).output();
            output.map_err(|_| missing(program))
        };
        said(draw, "-v")?;
        let version = said(read, "--version")?;
        let text = String::from_utf8_lossy(&version.stdout).into_owned();
        let version = text.lines().next().unwrap_or("tesseract").trim().to_owned();
        let listed = said(read, "--list-langs")?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        // The first line says where they are; `osd` and `equ` are no languages.
        let installed: Vec<&str> = listed
            .lines()
            .skip(1)
            .map(str::trim)
            .filter(|name| !name.is_empty() && !matches!(*name, "osd" | "equ" | "snum"))
            .collect();
        let languages = match languages {
            Some(wanted) => {
                if let Some(language) = wanted.split('+').find(|name| !installed.contains(name)) {
                    return Err(OcrError::Language {
                        language: language.to_owned(),
                        installed: installed.join(", "),
                    });
                }
                wanted.to_owned()
            }
            None => installed.join("+"),
        };
        if languages.is_empty() {
            return Err(OcrError::Missing { program: "tesseract's language data".to_owned() });
        }
        Ok(Self {
            draw: draw.to_owned(),
            read: read.to_owned(),
            languages,
            version,
            time: TIME_PER_PAGE,
        })
    }

    /// Version of the program that reads, and its languages.
    pub fn describe(&self) -> String {
        format!("{}, {}", self.version, self.languages)
    }

    /// Reads the pages of a file.
    fn pages(&self, bytes: Vec<u8>) -> Result<Vec<Page>, Skip> {
        let failed = |error: io::Error| Skip::new(format!("a scanned PDF file, and {error}"));
        let mut child = Running(
            Command::new(&self.draw)
                .args(["-r", DOTS, "-gray", "-"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .map_err(failed)?,
        );
        let lost = || Skip::new("a scanned PDF file, and a program without its pipes");
        let mut input = child.0.stdin.take().ok_or_else(lost)?;
        let mut output = child.0.stdout.take().ok_or_else(lost)?;
        let (sender, pictures) = bounded(1);
        let thread = std::thread::Builder::new();
        // Both ends of the pipe are served: the program may write before it has read all. The threads end
        // with the program, whose pipes close then.
        thread.spawn(move || input.write_all(&bytes)).map_err(failed)?;
        let thread = std::thread::Builder::new();
        let draw = move || {
            while let Ok(Some(picture)) = picture(&mut output) {
                if sender.send(picture).is_err() {
                    break;
                }
            }
        };
        thread.spawn(draw).map_err(failed)?;
        let mut pages = Vec::new();
        loop {
            match pictures.recv_timeout(self.time) {
                Ok(Picture::Drawn(picture)) => pages.push(self.page(picture)?),
                Ok(Picture::TooLarge) => pages.push(Page::failed(TOO_LARGE)),
                Err(RecvTimeoutError::Timeout) => {
                    pages.push(Page::failed("and those behind it took too long to draw"));
                    return Ok(pages);
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = child.0.wait().map_err(failed)?;
        if status.code().is_none() {
            return Err(interrupted());
        }
        if !status.success() {
            pages.push(Page::failed("and those behind it could not be drawn"));
        }
        Ok(pages)
    }

    /// Reads the picture of a page. A program that a signal ended was ended with this run, and the file
    /// is left for a later one.
    fn page(&self, picture: Vec<u8>) -> Result<Page, Skip> {
        let unread = || Ok(Page::failed("could not be read"));
        let started = Command::new(&self.read)
            .args(["-", "-", "--dpi", DOTS, "-l", &self.languages])
            // One thread for a file; files are read side by side.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = started.map(Running) else { return unread() };
        let (Some(mut input), Some(mut output)) = (child.0.stdin.take(), child.0.stdout.take())
        else {
            return unread();
        };
        let (sender, answer) = bounded(1);
        // A program that ends early, or does not read, is told by its missing text.
        let writes = std::thread::Builder::new().spawn(move || input.write_all(&picture));
        let reads = std::thread::Builder::new().spawn(move || {
            let mut bytes = Vec::new();
            let read = output.read_to_end(&mut bytes).map(|_| bytes);
            // Nobody may wait any more.
            let _ = sender.send(read);
        });
        if writes.is_err() || reads.is_err() {
            return unread();
        }
        let Ok(bytes) = answer.recv_timeout(self.time) else {
            return Ok(Page::failed(&format!("took more than {} s", self.time.as_secs())));
        };
        let Ok(status) = child.0.wait() else { return unread() };
        if status.code().is_none() {
            return Err(interrupted());
        }
        match bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(text) if status.success() => Ok(Page { text, problem: None }),
            _ => unread(),
        }
    }
}

/// Why a file is left out whose programs were ended.
fn interrupted() -> Skip {
    Skip::new(format!("a scanned PDF file whose reading was interrupted; {NEEDS_OCR}"))
}

/// A running program, ended when it is no longer waited for.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A drawn page.
enum Picture {
    /// The bytes of a portable graymap, header included.
    Drawn(Vec<u8>),
    TooLarge,
}

/// The next picture of a stream of portable graymaps (`P5 width height 255`, one byte a dot).
fn picture(from: &mut dyn Read) -> io::Result<Option<Picture>> {
    let mut header = Vec::new();
    let mut fields: Vec<usize> = Vec::new();
    // Magic number, width, height, greatest value, each ended by one white space.
    let mut field = Vec::new();
    let mut magic = false;
    while fields.len() < 3 {
        let mut byte = [0];
        if from.read(&mut byte)? == 0 {
            return Ok(None);
        }
        header.extend(byte);
        if header.len() > 64 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let [byte] = byte;
        if !byte.is_ascii_whitespace() {
            field.push(byte);
        } else if !magic {
            magic = std::mem::take(&mut field) == b"P5";
            if !magic {
                return Err(io::ErrorKind::InvalidData.into());
            }
        } else {
            let number = std::str::from_utf8(&field).ok().and_then(|text| text.parse().ok());
            fields.push(number.ok_or(io::ErrorKind::InvalidData)?);
            field.clear();
        }
    }
    let [width, height, _] = fields.as_slice() else { return Ok(None) };
    let dots = width.saturating_mul(*height);
    if dots > MOST_DOTS {
        io::copy(&mut from.take(dots as u64), &mut io::sink())?;
        return Ok(Some(Picture::TooLarge));
    }
    let read = from.take(dots as u64).read_to_end(&mut header)?;
    Ok((read == dots).then_some(Picture::Drawn(header)))
}

/// What was read of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Page {
    /// Paragraphs with blank lines between.
    text: String,
    /// Why it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// Said of a page whose picture is too large.
const TOO_LARGE: &str = "is too large";

impl Page {
    /// A page that could not be read.
    fn failed(problem: &str) -> Self {
        Self { problem: Some(problem.to_owned()), ..Self::default() }
    }
}

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Reading {
    /// Program and languages.
    by: String,
    pages: Vec<Page>,
}

impl Reading {
    /// Whether another try would give nothing else.
    fn is_final(&self) -> bool {
        self.pages.iter().all(|page| page.problem.as_deref().is_none_or(|why| why == TOO_LARGE))
    }

    /// The text, its paragraphs with their pages.
    fn extracted(&self) -> Result<Extracted, Skip> {
        let mut writer = Writer::default();
        let mut problems = vec![Problem::new(format!(
            "its pages are pictures; the text was read by OCR ({}) and may have errors",
            self.by
        ))];
        let lines = self.pages.iter().flat_map(|page| page.text.lines());
        let hyphenated = Hyphenated::of_lines(lines.map(str::to_owned));
        for (number, page) in self.pages.iter().enumerate() {
            writer.page = Some((number + 1).to_string());
            if let Some(problem) = &page.problem {
                problems.push(Problem::new(format!("page {} {problem}", number + 1)));
            }
            let mut paragraphs = vec![String::new()];
            // A form feed ends a page.
            for line in page.text.replace('\u{c}', "\n").lines() {
                if line.trim().is_empty() {
                    paragraphs.push(String::new());
                } else if let Some(words) = paragraphs.last_mut() {
                    hyphenated.join(words, line.trim());
                }
            }
            paragraphs.retain(|words| !words.is_empty());
            let last = paragraphs.len().saturating_sub(1);
            for (at, words) in paragraphs.iter().enumerate() {
                let number = (at == 0 || at == last) && is_page_number(words);
                writer.push(if number { BlockKind::Page } else { BlockKind::Paragraph }, words);
            }
        }
        let mut extracted = writer.take();
        if extracted.text.is_empty() {
            return Err(Skip::new("a scanned PDF file in which OCR finds no text"));
        }
        extracted.problems = problems;
        Ok(extracted)
    }
}

/// Reads PDF files with another reader, and scanned ones by OCR.
#[derive(Debug)]
pub struct WithOcr<P> {
    inner: P,
    programs: Option<Programs>,
    kept: PathBuf,
}

impl<P: PdfText> WithOcr<P> {
    /// Reads with `inner`; scanned files come from what `kept`, a folder, holds, or are read with
    /// `programs` and kept there.
    pub fn new(inner: P, programs: Option<Programs>, kept: PathBuf) -> Self {
        Self { inner, programs, kept }
    }

    fn recall(&self, hash: &blake3::Hash) -> Option<Reading> {
        let bytes = fs::read(self.place(hash)).ok()?;
        // One that is damaged is read again.
        let (sum, json) = bytes.split_at_checked(64)?;
        (blake3::hash(json).to_hex().as_bytes() == sum)
            .then(|| serde_json::from_slice(json).ok())?
    }

    /// Keeps what was read. It can be read again: that the disk is full is no reason to leave the
    /// document out.
    fn keep(&self, hash: &blake3::Hash, reading: &Reading) -> Option<()> {
        let json = serde_json::to_vec(reading).ok()?;
        let mut bytes = blake3::hash(&json).to_hex().as_bytes().to_vec();
        bytes.extend(json);
        fs::create_dir_all(&self.kept).ok()?;
        let place = self.place(hash);
        let aside = place.with_extension(format!("{}.part", std::process::id()));
        fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, place)).ok()
    }

    fn place(&self, hash: &blake3::Hash) -> PathBuf {
        self.kept.join(format!("{}.json", hash.to_hex()))
    }
}

impl<P: PdfText> PdfText for WithOcr<P> {
    fn read(&self, bytes: Vec<u8>) -> Result<Extracted, Skip> {
        let hash = blake3::hash(&bytes);
        let copy = self.programs.as_ref().map(|programs| (programs, bytes.clone()));
        let skip = match self.inner.read(bytes) {
            Err(skip) if skip.reason.ends_with(NEEDS_OCR) => skip,
            read => return read,
        };
        let by = self.programs.as_ref().map(Programs::describe);
        // What another version or for other languages was read is read again, when there is a program.
        let kept = self.recall(&hash).filter(|kept| by.as_ref().is_none_or(|by| *by == kept.by));
        if let Some(kept) = kept {
            return kept.extracted();
        }
        let (Some((programs, bytes)), Some(by)) = (copy, by) else { return Err(skip) };
        let reading = Reading { by, pages: programs.pages(bytes)? };
        if reading.is_final() {
            self.keep(&hash, &reading);
        }
        reading.extracted()
    }

    fn reads_scans(&self) -> bool {
        self.programs.is_some()
    }
}

#[cfg(test)]
mod tests;
