//! What a file is, told by its first bytes: text, HTML, or why it is left out.

use super::encoding;
use crate::analysis::bytes::count;

/// What the bytes look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// Text of some kind.
    Text,
    /// A page of HTML.
    Html,
    /// XML of another vocabulary.
    Xml,
    /// A PDF file.
    Pdf,
    /// A Rich Text file.
    Rtf,
    /// A compound file of old Office programs.
    Compound,
    /// A Word file.
    Docx,
    /// A text file of `OpenDocument`.
    Odt,
    /// An e-book.
    Epub,
    /// A zip archive.
    Zip,
    /// A tar archive.
    Tar,
    /// A gzip file.
    Gzip,
    /// Not read, for this reason.
    Unread(&'static str),
}

/// The first bytes of formats that are not read, and the reason.
const MAGIC: &[(&[u8], &str)] = &[
    (b"BZh9", "a bzip2 archive"),
    (b"\xFD7zXZ\x00", "an xz archive"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"\x89PNG\r\n\x1A\n", "a picture (PNG)"),
    (b"\xFF\xD8\xFF", "a picture (JPEG)"),
    (b"GIF87a", "a picture (GIF)"),
    (b"GIF89a", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"\x00\x00\x01\x00", "a picture (icon)"),
    (b"AT&TFORM", "a DjVu file; its text is not read"),
    (b"\x7FELF", "a program (ELF)"),
    (b"MZ\x90\x00", "a program (Windows)"),
    (b"\xCF\xFA\xED\xFE", "a program (macOS)"),
    (b"\xCA\xFE\xBA\xBE", "a program (Java or macOS)"),
    (b"\x00asm", "a program (WebAssembly)"),
    (b"SQLite format 3\x00", "a database (SQLite)"),
    (b"\x00\x05\x16\x07", "leftover macOS file data (AppleDouble)"),
    (b"\x00\x05\x16\x00", "leftover macOS file data (AppleSingle)"),
    (b"ID3\x03", "a sound recording (MP3)"),
    (b"ID3\x04", "a sound recording (MP3)"),
    (b"OggS", "a sound or film recording (Ogg)"),
    (b"fLaC", "a sound recording (FLAC)"),
    (b"\x1A\x45\xDF\xA3", "a film recording (Matroska)"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\x00\x01\x00\x00\x00", "a font"),
    (b"OTTO\x00", "a font"),
    (b"!<arch>\n", "an archive of programs"),
];

/// The first bytes of formats that have a reader.
const READ: &[(&[u8], Sniffed)] = &[
    (b"%PDF-", Sniffed::Pdf),
    (b"{\\rtf", Sniffed::Rtf),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Sniffed::Compound),
    (b"\x1F\x8B", Sniffed::Gzip),
];

/// What the bytes of a file are. The name counts only where bytes cannot tell: an XML file needs no
/// declaration.
pub(super) fn sniff(bytes: &[u8], path: &str) -> Sniffed {
    if bytes.is_empty() {
        return Sniffed::Unread("empty");
    }
    if let Some((_, sniffed)) = READ.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return *sniffed;
    }
    if let Some((_, reason)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Sniffed::Unread(reason);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip(bytes);
    }
    if super::container::is_tar(bytes) {
        return Sniffed::Tar;
    }
    if let Some(reason) = boxed(bytes) {
        return Sniffed::Unread(reason);
    }
    if !encoding::is_utf32(bytes) && encoding::utf16(bytes).is_none() && is_binary(bytes) {
        return Sniffed::Unread("not text (binary data)");
    }
    if blank(bytes) {
        return Sniffed::Unread("empty (white space only)");
    }
    let head = head(bytes);
    if is_html(&head) {
        Sniffed::Html
    } else if head.starts_with(b"<?xml")
        || head.starts_with(b"<tei")
        || head.starts_with(b"<") && is_xml_name(path)
    {
        Sniffed::Xml
    } else {
        Sniffed::Text
    }
}

/// Zip archives, and the Office formats that are zip archives inside: told by the names of their
/// parts, in the directory at the end.
fn zip(bytes: &[u8]) -> Sniffed {
    let start = bytes.get(..4096).unwrap_or(bytes);
    let has = |part: &[u8], word: &[u8]| part.windows(word.len()).any(|window| window == word);
    // These formats put their type first, uncompressed.
    if has(start, b"mimetypeapplication/epub") {
        return Sniffed::Epub;
    }
    if has(start, b"mimetypeapplication/vnd.oasis.opendocument.text") {
        return Sniffed::Odt;
    }
    if has(start, b"mimetypeapplication/vnd.oasis.opendocument") {
        return Sniffed::Unread(
            "an OpenDocument file that is no text (a sheet, slides or a drawing)",
        );
    }
    let Ok(archive) = ::zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
        return Sniffed::Zip;
    };
    let named = |name: &str| archive.index_for_name(name).is_some();
    if named("[Content_Types].xml") {
        let any = |start: &str| archive.file_names().flatten().any(|name| name.starts_with(start));
        return if any("word/") {
            Sniffed::Docx
        } else if any("xl/") {
            Sniffed::Unread("an Excel file (.xlsx)")
        } else if any("ppt/") {
            Sniffed::Unread("a PowerPoint file (.pptx)")
        } else {
            Sniffed::Unread("an Office file without a text document")
        };
    }
    if named("META-INF/container.xml")
        && archive.file_names().flatten().any(|name| name.ends_with(".opf"))
    {
        return Sniffed::Epub;
    }
    if named("content.xml") && named("META-INF/manifest.xml") {
        return Sniffed::Odt;
    }
    Sniffed::Zip
}

fn is_xml_name(path: &str) -> bool {
    matches!(super::container::extension(path).as_deref(), Some("xml" | "tei"))
}

/// Formats that are known by bytes further in.
fn boxed(bytes: &[u8]) -> Option<&'static str> {
    let at =
        |start: usize, word: &[u8]| bytes.get(start..).is_some_and(|rest| rest.starts_with(word));
    if at(4, b"ftyp") {
        Some("a film, sound or picture recording (MPEG-4)")
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some("a picture (WebP)")
    } else if at(0, b"RIFF") && (at(8, b"WAVE") || at(8, b"AVI ")) {
        Some("a sound or film recording (RIFF)")
    } else {
        None
    }
}

/// Whether the bytes are no text in any encoding: many control characters, or zero bytes where
/// the rest is no UTF-8 either.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = bytes.get(..64 * 1024).unwrap_or(bytes);
    let control = count(sample, |byte| (byte < 0x20) & (byte.wrapping_sub(7) > 13 - 7));
    if control * 10 > sample.len() * 3 {
        return true;
    }
    if std::str::from_utf8(sample).is_ok() {
        return false;
    }
    let damage = sample.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    // The end of the sample may cut a letter in two.
    damage > 1 && (sample.contains(&0) || control * 50 > sample.len())
}

/// Whether there is nothing but white space.
fn blank(bytes: &[u8]) -> bool {
    let marks = [0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0];
    bytes.iter().all(|byte| byte.is_ascii_whitespace() || marks.contains(byte))
}

/// The first signs in lower case, without white space, mark and comments before them.
fn head(bytes: &[u8]) -> Vec<u8> {
    let sample = bytes.get(..16 * 1024).unwrap_or(bytes);
    let narrow: Vec<u8> = if encoding::is_utf32(bytes) || encoding::utf16(bytes).is_some() {
        sample.iter().copied().filter(|byte| *byte != 0 && *byte < 0x80).collect()
    } else {
        sample.to_vec()
    };
    let mut rest = narrow.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&narrow).trim_ascii_start();
    while let Some(inner) = rest.strip_prefix(b"<!--") {
        let Some(end) = inner.windows(3).position(|window| window == b"-->") else { break };
        rest = inner.get(end + 3..).unwrap_or_default().trim_ascii_start();
    }
    rest.get(..1024).unwrap_or(rest).to_ascii_lowercase()
}

/// Whether the first signs open a page of HTML; XHTML behind an XML declaration too.
fn is_html(head: &[u8]) -> bool {
    let opens = |rest: &[u8], tag: &str| {
        rest.strip_prefix(tag.as_bytes()).is_some_and(|after| {
            after.first().is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'>')
        })
    };
    let tags = ["<!doctype html", "<html", "<head", "<body", "<title", "<meta"];
    if tags.iter().any(|tag| opens(head, tag)) {
        return true;
    }
    head.starts_with(b"<?xml")
        && ["<!doctype html", "<html"]
            .iter()
            .any(|tag| head.windows(tag.len()).any(|window| window == tag.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart() {
        for (bytes, part) in [
            (b"".as_slice(), "empty"),
            (b" \r\n\t", "white space"),
            (b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", "AppleDouble"),
            (b"\xFF\xD8\xFF\xE0", "JPEG"),
            (b"\x01\x02\x03\x04\x05\x06", "binary"),
        ] {
            match sniff(bytes, "a") {
                Sniffed::Unread(reason) => assert!(reason.contains(part), "{reason}"),
                other => panic!("{other:?} for {bytes:?}"),
            }
        }
    }

    #[test]
    fn text_and_pages_are_told_apart() {
        for (text, expected) in [
            ("The world", Sniffed::Text),
            ("a\u{0}b and so on, a text of some length", Sniffed::Text),
            ("<!-- saved --> <!DOCTYPE html>", Sniffed::Html),
            ("\u{feff}\n<HTML lang=en>", Sniffed::Html),
            ("<?xml version='1.0'?>\n<html xmlns='x'>", Sniffed::Html),
            ("<headline> of a text", Sniffed::Text),
            ("<?xml version='1.0'?><a/>", Sniffed::Xml),
            ("<!-- c --><TEI xmlns='x'>", Sniffed::Xml),
            ("%PDF-1.4", Sniffed::Pdf),
            ("{\\rtf1 a}", Sniffed::Rtf),
            ("PK\u{3}\u{4}a.txt", Sniffed::Zip),
        ] {
            assert_eq!(sniff(text.as_bytes(), "a"), expected, "{text}");
        }
        assert_eq!(sniff(b"<a/>", "b.zip!/a.xml"), Sniffed::Xml);
    }
}
