//! JSON Lines, and JSON files that hold a list of records.

use serde::de::IgnoredAny;

use super::records::{Chosen, give};
use super::{Columns, Content, Opening};
use crate::document::Problem;
use crate::ingest::extract::{Skip, encoding};

/// A record as it stands; its values are parsed one by one, so that one that makes no sense
/// (`1e999999`) spoils no other. Of two fields of one name the first counts.
type Record<'a> = Vec<(String, &'a str)>;

/// The fields of an object.
fn fields(json: &str) -> Result<Record<'_>, Skip> {
    let wrong = |error: &dyn std::fmt::Display| Skip::new(format!("no valid JSON record: {error}"));
    serde_json::from_str::<IgnoredAny>(json).map_err(|error| wrong(&error))?;
    if !json.trim_start().starts_with('{') {
        return Err(wrong(&"it is no object"));
    }
    let mut pieces = pieces(json).into_iter();
    let mut record = Vec::new();
    while let (Some(name), Some(value)) = (pieces.next(), pieces.next()) {
        // A name that is no text (a lone half of a sign) names no column of ours.
        if let Ok(name) = serde_json::from_str(name) {
            record.push((name, value));
        }
    }
    Ok(record)
}

/// What stands between the separators of a valid object or list, at its first level.
fn pieces(json: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    let mut piece = |from: usize, to: usize| {
        let text = json.get(from..to).unwrap_or_default().trim();
        if !text.is_empty() {
            pieces.push(text);
        }
    };
    for (at, byte) in json.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => {
                depth += 1;
                if depth == 1 {
                    start = at + 1;
                }
            }
            b'}' | b']' => {
                if depth == 1 {
                    piece(start, at);
                }
                depth = depth.saturating_sub(1);
            }
            b',' | b':' if depth == 1 => {
                piece(start, at);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces
}

/// Whether a text of unknown name is JSON Lines: its first two lines are records, one with text.
pub(super) fn are_lines(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    if !bytes.starts_with(b"{") {
        return false;
    }
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let Some(first) = lines.next().and_then(|line| std::str::from_utf8(line).ok()) else {
        return false;
    };
    let names = |line: &str| {
        let record = fields(line).ok()?;
        let names: Vec<&str> = record.iter().map(|(name, _)| name.as_str()).collect();
        Chosen::of(&names, None).map(|_| ())
    };
    let more = lines.next().is_none_or(|line| line.trim_ascii().starts_with(b"{"));
    more && names(first).is_some()
}

/// Hands on the records of JSON Lines; the number of a record is that of its line.
pub(super) fn lines(bytes: Vec<u8>, path: &str, opening: &mut Opening<'_>) {
    let decoded = encoding::decode(bytes, false);
    let text = decoded.text.strip_prefix('\u{feff}').unwrap_or(&decoded.text);
    let mapping = (opening.mapping)(path);
    let mut problems = decoded.problems;
    for (at, line) in text.split('\n').enumerate() {
        if !opening.goes_on {
            break;
        }
        if line.trim().is_empty() {
            continue;
        }
        let mut content = record(line, mapping.as_ref());
        if let Ok(Content::Text(extracted)) = &mut content {
            extracted.problems.append(&mut problems);
        }
        give(opening, path, at + 1, content);
    }
}

/// Hands on the records of a JSON file: a list of them, or a single one. A `.json` file of several
/// lines that are records is JSON Lines.
pub(super) fn whole(
    bytes: Vec<u8>,
    path: &str,
    container: Option<String>,
    opening: &mut Opening<'_>,
) -> Result<(), Skip> {
    if are_lines(&bytes) && serde_json::from_slice::<IgnoredAny>(&bytes).is_err() {
        lines(bytes, path, opening);
        return Ok(());
    }
    let decoded = encoding::decode(bytes, false);
    let text = decoded.text.strip_prefix('\u{feff}').unwrap_or(&decoded.text);
    let mapping = (opening.mapping)(path);
    if text.trim_start().starts_with('{') {
        let content = record(text, mapping.as_ref())?;
        opening.give(path.to_owned(), container, Ok(content));
        return Ok(());
    }
    serde_json::from_str::<IgnoredAny>(text)
        .map_err(|error| Skip::new(format!("no valid JSON: {error}")))?;
    let all = pieces(text);
    let found = all.iter().any(|item| item.starts_with('{'));
    if !found {
        return Err(Skip::new("a JSON file without records"));
    }
    for (at, item) in all.iter().enumerate() {
        if !opening.goes_on {
            break;
        }
        give(opening, path, at + 1, record(item, mapping.as_ref()));
    }
    Ok(())
}

/// Makes a document of a record.
fn record(json: &str, mapping: Option<&Columns>) -> Result<Content, Skip> {
    let record = fields(json)?;
    let names: Vec<&str> = record.iter().map(|(name, _)| name.as_str()).collect();
    let Some(chosen) = Chosen::of(&names, mapping) else {
        return Err(Skip::new("a record without a column of text"));
    };
    let field = |at: usize| {
        let Some((name, raw)) = record.get(at) else { return Ok(None) };
        let raw = *raw;
        match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str::<String>(raw)
                .map(Some)
                .map_err(|error| format!("\"{name}\" is not used: {error}")),
            Some(b'n') => Ok(None),
            // A year or a number may stand without quotation marks.
            Some(b'0'..=b'9' | b'-') if raw.len() < 20 => Ok(Some(raw.to_owned())),
            _ => Err(format!("\"{name}\" is not used: it is no string")),
        }
    };
    let mut content = chosen.read(&field);
    // A number is no text.
    if let Ok(Content::Text(extracted)) = &mut content
        && !extracted.text.chars().any(char::is_alphabetic)
    {
        extracted.problems.push(Problem::new("its text holds no letters"));
    }
    content
}
