//! XML: TEI with its divisions and headers, and other vocabularies as text.
//!
//! The text is read as a stream; no entity beyond the predefined ones is ever resolved, nothing is
//! loaded. `Walk` is the reader that the Office formats use, too.

mod plain;
mod tei;
mod walk;

#[cfg(feature = "office")]
pub(super) use walk::{Handler, Tag, walk};

use super::Skip;
use super::block::Extracted;
use super::encoding::{self, Decoded};

/// Name of the outermost element, without prefix, in lower case.
fn root(text: &str) -> Option<String> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let tag = rest.strip_prefix('<')?;
        rest = if let Some(comment) = tag.strip_prefix("!--") {
            comment.split_once("-->")?.1
        } else if let Some(instruction) = tag.strip_prefix('?') {
            instruction.split_once("?>")?.1
        } else if tag.starts_with('!') {
            after_doctype(tag)?
        } else {
            let end = |sign: char| sign.is_whitespace() || matches!(sign, '>' | '/');
            let name = tag.split(end).next()?;
            let local = name.rsplit(':').next().unwrap_or(name);
            return Some(local.to_ascii_lowercase());
        }
        .trim_start();
    }
}

/// What follows a document type, with the declarations in its brackets.
fn after_doctype(tag: &str) -> Option<&str> {
    let end = tag.find(['[', '>'])?;
    let rest = tag.get(end..)?;
    match rest.strip_prefix('[') {
        Some(inside) => Some(inside.split_once(']')?.1.split_once('>')?.1),
        None => rest.get(1..),
    }
}

/// Whether a file is TEI and holds several documents.
pub(super) fn is_volume(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"type=\"document\"";
    let head = bytes.get(..64 * 1024).unwrap_or(bytes);
    let is_tei = encoding::utf16(bytes).is_none()
        && root(&String::from_utf8_lossy(head)).is_some_and(|name| tei::is_root(&name));
    is_tei && tei::count_documents(bytes, MARK) > 1
}

/// Hands on the documents of a TEI volume.
pub(super) fn documents(
    decoded: Decoded,
    path: &str,
    container: Option<String>,
    take: &mut dyn FnMut(String, Option<String>, Result<Extracted, Skip>) -> bool,
) {
    tei::volume(&decoded.text, decoded.problems, path, container, take);
}

/// Reads a file with one document.
pub(super) fn read(text: &str) -> Result<Extracted, Skip> {
    match root(text).as_deref() {
        Some("svg") => Err(Skip::new("a picture (SVG)")),
        Some(name) if tei::is_root(name) => Ok(tei::single(text)),
        Some("html") => Ok(super::html::read(text.to_owned())),
        Some(_) => plain::read(text),
        None => Err(Skip::new("an XML file without an element")),
    }
}

#[cfg(test)]
mod tests;
