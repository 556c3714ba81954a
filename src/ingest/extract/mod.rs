//! From the bytes of a file to text with blocks and values.
//!
//! Comes in: the bytes and the path. Goes out: [`Extracted`], or in plain words why
//! the file is left out. Never panics, and takes time in proportion to the length.

pub mod block;
#[cfg(any(feature = "office", feature = "pdf"))]
mod borne_out;
pub mod container;
mod encoding;
mod front_matter;
mod html;
mod markdown;
#[cfg(feature = "office")]
mod office;
#[cfg(feature = "pdf")]
pub mod pdf;
#[cfg(test)]
mod properties;
mod sniff;
mod writer;
mod xml;

use block::Extracted;
pub use sniff::Sniffed;

/// How the reason ends for a file whose pages are pictures.
pub(crate) const NEEDS_OCR: &str = "it needs OCR";

/// Why a file is left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Skip {
    /// The reason, in the reader's words, without a final full stop.
    pub reason: String,
}

impl Skip {
    /// A reason.
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatInfo {
    /// Its name.
    pub name: &'static str,
    /// The ends of file names that tell it, without the dot.
    pub extensions: &'static [&'static str],
    /// How it is read.
    pub note: &'static str,
    /// Whether this build has its reader.
    pub present: bool,
}

const FORMATS: &[FormatInfo] = &[
    FormatInfo {
        name: "plain text",
        extensions: &["txt", "text"],
        note: "also without or with another extension; UTF-8 as it is, other encodings converted",
        present: true,
    },
    FormatInfo {
        name: "Markdown",
        extensions: &["md", "markdown", "mkd"],
        note: "CommonMark with tables and footnotes; values from YAML or TOML front matter",
        present: true,
    },
    FormatInfo {
        name: "HTML",
        extensions: &["html", "htm", "xhtml"],
        note: "the main text of a page; values from meta tags and JSON-LD",
        present: true,
    },
    FormatInfo {
        name: "TEI",
        extensions: &["xml", "tei"],
        note: "divisions as sections, notes apart, values from the header; each document of a volume by itself",
        present: true,
    },
    FormatInfo {
        name: "XML",
        extensions: &["xml"],
        note: "other vocabularies as text; no entities beyond the predefined ones",
        present: true,
    },
    FormatInfo {
        name: "PDF",
        extensions: &["pdf"],
        note: "text layer in reading order with pages; headings by outline or size; notes and running heads apart",
        present: cfg!(feature = "pdf"),
    },
    FormatInfo {
        name: "Word",
        extensions: &["docx", "docm", "doc"],
        note: "styles, lists, tables, notes; comments and deletions left out; of old files (.doc) the text",
        present: cfg!(feature = "office"),
    },
    FormatInfo {
        name: "OpenDocument",
        extensions: &["odt", "ott"],
        note: "as Word",
        present: cfg!(feature = "office"),
    },
    FormatInfo {
        name: "Rich Text",
        extensions: &["rtf"],
        note: "as Word",
        present: cfg!(feature = "office"),
    },
    FormatInfo {
        name: "EPUB",
        extensions: &["epub"],
        note: "the pages of the spine in order",
        present: cfg!(feature = "office"),
    },
    FormatInfo {
        name: "JSON",
        extensions: &["jsonl", "ndjson", "json"],
        note: "a record a document; columns by common names or by [[records]] in chancery.toml",
        present: true,
    },
    FormatInfo {
        name: "table",
        extensions: &["csv", "tsv"],
        note: "a record a document, as JSON",
        present: true,
    },
    FormatInfo {
        name: "mail",
        extensions: &["eml", "mbox"],
        note: "messages with their attachments as documents of their own",
        present: cfg!(feature = "mail"),
    },
    FormatInfo {
        name: "archive",
        extensions: &["zip", "tar", "gz", "tgz"],
        note: "members as documents, also within one another; nothing is written to disk",
        present: true,
    },
];

/// The formats that are read, also those whose reader is a feature that this build lacks.
pub fn formats() -> &'static [FormatInfo] {
    FORMATS
}

/// How the text of a file is marked up.
enum Markup {
    Plain,
    Markdown,
    Html,
    Xml,
}

/// Reads the content of a file that holds one document; `path` gives its extension, the bytes decide.
///
/// # Errors
///
/// A [`Skip`] for what is empty, no text, or of a format that is not read.
pub fn extract(bytes: Vec<u8>, path: &str) -> Result<Extracted, Skip> {
    let sniffed = sniff::sniff(&bytes, path);
    extract_sniffed(bytes, path, sniffed)
}

/// Reads a document whose bytes were looked at.
pub(super) fn extract_sniffed(
    bytes: Vec<u8>,
    path: &str,
    sniffed: Sniffed,
) -> Result<Extracted, Skip> {
    let markup = match sniffed {
        Sniffed::Unread(reason) => return Err(Skip::new(reason)),
        Sniffed::Html => Markup::Html,
        Sniffed::Xml => Markup::Xml,
        Sniffed::Text => markup_of(path),
        #[cfg(feature = "pdf")]
        Sniffed::Pdf => return pdf::PdfText::read(&pdf::Here, bytes),
        #[cfg(not(feature = "pdf"))]
        Sniffed::Pdf => {
            return Err(Skip::new("a PDF file; this build has no reader for them"));
        }
        #[cfg(feature = "office")]
        Sniffed::Rtf => return office::read_rtf(&bytes),
        #[cfg(feature = "office")]
        Sniffed::Compound => return office::read_doc(&bytes),
        #[cfg(feature = "office")]
        Sniffed::Docx => return office::read_docx(&bytes),
        #[cfg(feature = "office")]
        Sniffed::Odt => return office::read_odt(&bytes),
        #[cfg(feature = "office")]
        Sniffed::Epub => return office::read_epub(&bytes),
        #[cfg(not(feature = "office"))]
        Sniffed::Rtf | Sniffed::Compound | Sniffed::Docx | Sniffed::Odt | Sniffed::Epub => {
            return Err(Skip::new(
                "an office document or e-book; this build has no reader for them",
            ));
        }
        Sniffed::Zip | Sniffed::Tar | Sniffed::Gzip => return Err(Skip::new("an archive")),
    };
    let decoded = encoding::decode(bytes, matches!(markup, Markup::Html | Markup::Xml));
    let mut extracted = match markup {
        Markup::Plain => Extracted { text: decoded.text, ..Extracted::default() },
        Markup::Markdown => markdown::read(decoded.text),
        Markup::Html => html::read(decoded.text),
        Markup::Xml => xml::read(&decoded.text)?,
    };
    extracted.problems.splice(0..0, decoded.problems);
    if extracted.text.trim().is_empty() {
        return Err(Skip::new("empty (markup without text)"));
    }
    Ok(extracted)
}

/// The markup that the extension of a path tells.
fn markup_of(path: &str) -> Markup {
    match container::extension(path).as_deref() {
        Some("md" | "markdown" | "mkd") => Markup::Markdown,
        Some("html" | "htm" | "xhtml") => Markup::Html,
        _ => Markup::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide_and_the_name_helps() {
        let blocks = |text: &str, path: &str| {
            extract(text.as_bytes().to_vec(), path).unwrap().blocks.map(|blocks| blocks.len())
        };
        assert_eq!(blocks("# A\n\nb", "a.txt"), None);
        assert_eq!(blocks("# A\n\nb", "x/a.MD"), Some(2));
        assert_eq!(blocks("<h1>A</h1><p>b", "a.htm"), Some(2));
        assert_eq!(blocks("<!doctype html><h1>A</h1><p>b", "a"), Some(2));
        assert_eq!(blocks("<!doctype html><h1>A</h1><p>b", "a.md"), Some(2));
    }

    #[test]
    fn what_is_not_read_says_why() {
        for (bytes, path) in [("", "a.txt"), ("%PDF-1.5", "a.txt"), ("<p> </p>", "a.html")] {
            assert!(!extract(bytes.into(), path).unwrap_err().reason.is_empty());
        }
    }
}
