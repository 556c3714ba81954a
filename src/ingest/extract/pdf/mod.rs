//! PDF: text in reading order with its pages, headings by the outline or by size, running heads and
//! footnotes apart.
//!
//! The parser is young and files are hostile, so a program that has the means lets a child process
//! read them ([`Pool`]); the library alone reads on a thread of its own ([`Here`]).

mod fonts;
mod layout;
mod lines;
mod ocr;
mod pool;
mod spans;
mod wire;

pub use ocr::{OcrError, Programs, WithOcr};
pub use pool::Pool;
pub use wire::serve;

use super::block::{Extracted, Key};
use super::{NEEDS_OCR, Skip};
use crate::document::Problem;
use pdfboss_core::Document;

/// Stack of the thread that reads.
const STACK_BYTES: usize = 64 << 20;

/// Something that reads PDF files.
pub trait PdfText: Send + Sync + std::fmt::Debug {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// A [`Skip`] for what is damaged, encrypted, without text, or took too much.
    fn read(&self, bytes: Vec<u8>) -> Result<Extracted, Skip>;

    /// Whether it reads pages that are pictures.
    fn reads_scans(&self) -> bool {
        false
    }
}

/// Reads in this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Here;

impl PdfText for Here {
    fn read(&self, bytes: Vec<u8>) -> Result<Extracted, Skip> {
        let failed = || Skip::new("a PDF file that breaks its reader");
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let running = thread.spawn(move || read(bytes)).map_err(|_| failed())?;
        running.join().unwrap_or_else(|_| Err(failed()))
    }
}

/// Reads a file.
fn read(bytes: Vec<u8>) -> Result<Extracted, Skip> {
    let locked = || Skip::new("a PDF file that is encrypted and needs a password");
    let document = Document::load(bytes).map_err(|error| match error {
        pdfboss_core::Error::Encrypted => locked(),
        other => Skip::new(format!("a damaged PDF file: {other}")),
    })?;
    if document.is_locked() {
        return Err(locked());
    }
    let (pages, mut problems) = spans::pages(&document);
    let labels: Vec<String> = (0..pages.len())
        .map(|at| document.page_label(at).filter(|label| !label.is_empty()))
        .enumerate()
        .map(|(at, label)| label.unwrap_or_else(|| (at + 1).to_string()))
        .collect();
    let mut extracted = layout::text(&pages, &labels, &document.outline());
    if extracted.text.trim().is_empty() {
        return Err(Skip::new(if labels.is_empty() {
            "a PDF file without pages".to_owned()
        } else if problems.len() == labels.len() {
            "a damaged PDF file: no page can be read".to_owned()
        } else {
            format!(
                "a PDF file of {} page{} without a text layer (scanned?); {NEEDS_OCR}",
                labels.len(),
                if labels.len() == 1 { "" } else { "s" }
            )
        }));
    }
    let damaged = extracted.text.chars().filter(|sign| *sign == '\u{fffd}').count();
    if damaged * 5 > extracted.text.chars().count() {
        problems
            .push(Problem::new("its fonts do not say which letters they show; much is unreadable"));
    }
    extracted.problems.extend(problems);
    let metadata = document.metadata();
    let mut properties = Vec::new();
    for (key, value) in [
        (Key::Title, metadata.title),
        (Key::Speaker, metadata.author),
        (Key::Language, document.language()),
    ] {
        properties.extend(value.filter(|value| !value.trim().is_empty()).map(|value| (key, value)));
    }
    super::borne_out::borne_out(&mut extracted, properties);
    Ok(extracted)
}

#[cfg(test)]
mod tests;
