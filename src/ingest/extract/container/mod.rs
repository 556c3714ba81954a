//! Files that hold several documents: archives, tables of records, mail, volumes.
//!
//! Comes in: the bytes of a file. Go out, one after another: [`Part`]s, each a document or what was
//! left out. Nothing is written to disk. Limits hold over the whole file, whatever lies in what.

mod gzip;
mod json;
#[cfg(feature = "mail")]
mod mail;
mod records;
mod table;
mod tar;
mod zip;

pub use records::Columns;
pub(super) use tar::is_tar;

use super::block::Extracted;
use super::sniff::{self, Sniffed};
use super::{Skip, encoding, xml};
use crate::ingest::walk::{MAX_FILE_BYTES, is_junk};

/// Containers within containers are opened to this depth.
const DEPTH: usize = 8;
/// Members of archives that one file may hold.
const MEMBERS: usize = 1_000_000;
/// Bytes that all members of one file may have, unpacked.
const BYTES: u64 = 4 << 30;
/// A file may grow this much when it is unpacked; texts grow 3 to 10 times.
const GROWTH: u64 = 200;
/// Growth is not judged below so many bytes.
const GROWTH_FROM: u64 = 32 << 20;

/// What a file or a member of it is.
#[derive(Debug)]
pub struct Part {
    /// The path of the document: that of the file, or `box.zip!/b.txt`, `mail.mbox#12`.
    pub path: String,
    /// The path of what it lies in.
    pub container: Option<String>,
    /// What it holds, or why it is left out.
    pub content: Result<Content, Skip>,
}

/// What a part holds.
#[derive(Debug)]
pub enum Content {
    /// A file that is still to be read, with what its bytes look like.
    File(Vec<u8>, Sniffed),
    /// Text that its container gave.
    Text(Box<Extracted>),
    /// What systems and programs leave behind.
    Junk,
}

impl Part {
    /// Bytes that it keeps in memory.
    pub(crate) fn size(&self) -> usize {
        match &self.content {
            Ok(Content::File(bytes, _)) => bytes.len(),
            Ok(Content::Text(extracted)) => extracted.text.len(),
            _ => 0,
        }
    }
}

/// Says which columns of the table at a path hold what.
pub type Mapping<'a> = &'a dyn Fn(&str) -> Option<Columns>;

/// What a container is, seen from its bytes and its name.
enum Kind {
    Zip,
    Tar,
    Gzip,
    Lines,
    Json,
    Table(char),
    Volume,
    #[cfg(feature = "mail")]
    Message,
    #[cfg(feature = "mail")]
    Mailbox,
}

/// Whether the bytes hold more than one document.
pub fn is_container(bytes: &[u8], path: &str) -> bool {
    kind(bytes, path, &sniff::sniff(bytes, path)).is_some()
}

/// Hands the documents in a file to `take`, one after another, until it returns `false`.
pub fn parts(bytes: Vec<u8>, path: &str, mapping: Mapping<'_>, take: &mut dyn FnMut(Part) -> bool) {
    let packed = bytes.len() as u64;
    let mut open = Opening { mapping, take, packed, members: 0, unpacked: 0, goes_on: true };
    open.file(bytes, path.to_owned(), None, 0);
}

/// One file being opened.
struct Opening<'a> {
    mapping: Mapping<'a>,
    take: &'a mut dyn FnMut(Part) -> bool,
    /// Bytes of the file itself.
    packed: u64,
    /// Members so far.
    members: usize,
    /// Bytes of all members so far.
    unpacked: u64,
    goes_on: bool,
}

impl Opening<'_> {
    /// Opens a file, or hands it on as a document.
    fn file(&mut self, bytes: Vec<u8>, path: String, container: Option<String>, depth: usize) {
        let sniffed = sniff::sniff(&bytes, &path);
        let Some(kind) = kind(&bytes, &path, &sniffed) else {
            self.give(path, container, Ok(Content::File(bytes, sniffed)));
            return;
        };
        if depth >= DEPTH {
            let reason = format!("lies in more than {DEPTH} containers");
            self.give(path, container, Err(Skip { reason }));
            return;
        }
        let done = match kind {
            Kind::Zip => zip::each(&bytes, &path, depth, self),
            Kind::Tar => tar::each(&bytes, &path, depth, self),
            Kind::Gzip => gzip::each(&bytes, &path, container.as_deref(), depth, self),
            Kind::Lines => {
                json::lines(bytes, &path, self);
                Ok(())
            }
            Kind::Json => json::whole(bytes, &path, container.clone(), self),
            Kind::Table(sign) => {
                table::each(bytes, &path, container.clone(), sign, self);
                Ok(())
            }
            Kind::Volume => {
                let text = encoding::decode(bytes, true);
                xml::documents(text, &path, container.clone(), &mut |path, container, read| {
                    self.give(path, container, read.map(|read| Content::Text(Box::new(read))));
                    self.goes_on
                });
                Ok(())
            }
            #[cfg(feature = "mail")]
            Kind::Message => mail::message(&bytes, &path, container.clone(), depth, self),
            #[cfg(feature = "mail")]
            Kind::Mailbox => {
                mail::mailbox(&bytes, &path, depth, self);
                Ok(())
            }
        };
        if let Err(skip) = done {
            self.give(path, container, Err(skip));
        }
    }

    fn give(&mut self, path: String, container: Option<String>, content: Result<Content, Skip>) {
        if self.goes_on {
            self.goes_on = (self.take)(Part { path, container, content });
        }
    }

    /// Counts a member of an archive.
    fn count(&mut self) -> Result<(), Skip> {
        self.members += 1;
        if self.members > MEMBERS {
            return Err(Skip::new(format!(
                "holds more than {MEMBERS} files; the rest is left out"
            )));
        }
        Ok(())
    }

    /// Bytes that the next member may have.
    fn room(&self) -> u64 {
        let growth = self.packed.saturating_mul(GROWTH).max(GROWTH_FROM);
        MAX_FILE_BYTES.min(BYTES.min(growth).saturating_sub(self.unpacked))
    }

    /// Reads a member whole. The outer error ends the container, the inner one leaves the member out.
    fn unpack(&mut self, from: &mut dyn std::io::Read) -> Result<Result<Vec<u8>, Skip>, Skip> {
        let room = self.room();
        let mut bytes = Vec::new();
        let read = std::io::Read::read_to_end(&mut std::io::Read::take(from, room + 1), &mut bytes);
        self.unpacked += bytes.len() as u64;
        if bytes.len() as u64 > room {
            return if room >= MAX_FILE_BYTES {
                Ok(Err(Skip::new(format!("is larger than {} MiB", MAX_FILE_BYTES >> 20))))
            } else {
                Err(Skip::new(format!(
                    "unpacks to more than {GROWTH} times its size or {} GiB; the rest is left out",
                    BYTES >> 30
                )))
            };
        }
        Ok(read.map(|_| bytes).map_err(|error| Skip::new(format!("is damaged: {error}"))))
    }

    /// Takes a member of an archive: junk apart, containers opened.
    fn member(&mut self, path: String, archive: &str, bytes: Vec<u8>, depth: usize) {
        self.file(bytes, path, Some(archive.to_owned()), depth + 1);
    }

    /// Whether a member is junk by its name; it is told as such then.
    fn is_junk(&mut self, name: &str, path: &str, archive: &str) -> bool {
        let junk = name.split('/').any(|part| part != ".." && is_junk(part));
        if junk {
            self.give(path.to_owned(), Some(archive.to_owned()), Ok(Content::Junk));
        }
        junk
    }
}

/// What sort of container the bytes are; `None` for a single document.
fn kind(bytes: &[u8], path: &str, sniffed: &Sniffed) -> Option<Kind> {
    let extension = extension(path);
    match sniffed {
        Sniffed::Zip => Some(Kind::Zip),
        Sniffed::Tar => Some(Kind::Tar),
        Sniffed::Gzip => Some(Kind::Gzip),
        Sniffed::Xml if xml::is_volume(bytes) => Some(Kind::Volume),
        Sniffed::Text => match extension.as_deref() {
            Some("jsonl" | "ndjson") => Some(Kind::Lines),
            Some("json") => Some(Kind::Json),
            Some("csv") => Some(Kind::Table(',')),
            Some("tsv") => Some(Kind::Table('\t')),
            Some("md" | "markdown" | "mkd") => None,
            #[cfg(feature = "mail")]
            Some("mbox") if bytes.starts_with(b"From ") => Some(Kind::Mailbox),
            #[cfg(feature = "mail")]
            Some("eml") => Some(Kind::Message),
            _ if json::are_lines(bytes) => Some(Kind::Lines),
            #[cfg(feature = "mail")]
            _ if mail::is_mailbox(bytes) => Some(Kind::Mailbox),
            #[cfg(feature = "mail")]
            _ if mail::is_message(bytes) => Some(Kind::Message),
            _ => None,
        },
        _ => None,
    }
}

/// The end of a file name in lower case; a member's counts, not its container's.
pub(super) fn extension(path: &str) -> Option<String> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

/// A member's name as part of a path: `/` between parts, no root.
fn shown(name: &str) -> String {
    let parts = name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".");
    parts.collect::<Vec<_>>().join("/")
}

/// Bytes of a name as text; what is no UTF-8 is percent-encoded.
fn shown_bytes(name: &[u8]) -> String {
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string does not fail.
            let _ = std::fmt::Write::write_fmt(&mut text, format_args!("%{byte:02X}"));
        }
    }
    shown(&text)
}

/// Paths of members, each once: a second one of the same name gets `~2` behind it.
#[derive(Default)]
struct Names(std::collections::BTreeMap<String, usize>);

impl Names {
    fn unique(&mut self, path: String) -> String {
        let count = self.0.entry(path.clone()).or_default();
        *count += 1;
        match *count {
            1 => path,
            n => self.unique(format!("{path}~{n}")),
        }
    }
}

#[cfg(test)]
mod tests;
