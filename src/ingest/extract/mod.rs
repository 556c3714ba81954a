//! From the bytes of a file to text with blocks and values.
//!
//! Comes in: the bytes and the path. Goes out: [`Extracted`], or in plain words why
//! the file is left out. Never panics, and takes time in proportion to the length.

pub mod block;
mod encoding;
mod front_matter;
mod html;
mod markdown;
#[cfg(test)]
mod properties;
mod sniff;

use block::Extracted;
use sniff::Sniffed;

/// Why a file is left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Skip {
    /// The reason, in the reader's words, without a final full stop.
    pub reason: String,
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
}

const FORMATS: &[FormatInfo] = &[
    FormatInfo {
        name: "plain text",
        extensions: &["txt", "text"],
        note: "also without or with another extension; UTF-8 as it is, other encodings converted",
    },
    FormatInfo {
        name: "Markdown",
        extensions: &["md", "markdown", "mkd"],
        note: "CommonMark with tables and footnotes; values from YAML or TOML front matter",
    },
    FormatInfo {
        name: "HTML",
        extensions: &["html", "htm", "xhtml"],
        note: "the main text of a page; values from meta tags and JSON-LD",
    },
];

/// The formats that are read.
pub fn formats() -> &'static [FormatInfo] {
    FORMATS
}

/// How the text of a file is marked up.
enum Markup {
    Plain,
    Markdown,
    Html,
}

/// Reads the content of a file; `path` gives its extension, the bytes decide.
///
/// # Errors
///
/// A [`Skip`] for what is empty, no text, or of a format that is not read.
pub fn extract(bytes: Vec<u8>, path: &str) -> Result<Extracted, Skip> {
    let named = markup_of(path);
    let markup = match sniff::sniff(&bytes) {
        Sniffed::Unread(reason) => return Err(Skip { reason: reason.to_owned() }),
        Sniffed::Html => Markup::Html,
        Sniffed::Text => named,
    };
    let decoded = encoding::decode(bytes, matches!(markup, Markup::Html));
    let mut extracted = match markup {
        Markup::Plain => Extracted { text: decoded.text, ..Extracted::default() },
        Markup::Markdown => markdown::read(decoded.text),
        Markup::Html => html::read(decoded.text),
    };
    extracted.problems.splice(0..0, decoded.problems);
    if extracted.text.trim().is_empty() {
        return Err(Skip { reason: "empty (markup without text)".to_owned() });
    }
    Ok(extracted)
}

/// The markup that the extension of a path tells.
fn markup_of(path: &str) -> Markup {
    let name = path.rsplit(['/', '!', '\\']).next().unwrap_or(path);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
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
