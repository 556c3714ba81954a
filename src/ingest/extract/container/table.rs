//! CSV and TSV: a header of names, then one record a document (RFC 4180, with any common separator).

use super::records::{Chosen, give};
use super::{Content, Opening};
use crate::document::Problem;
use crate::ingest::extract::block::Extracted;
use crate::ingest::extract::encoding;

/// Hands on the records; a table without a column of text is handed on as plain text.
pub(super) fn each(
    bytes: Vec<u8>,
    path: &str,
    container: Option<String>,
    sign: char,
    opening: &mut Opening<'_>,
) {
    let decoded = encoding::decode(bytes, false);
    let text = decoded.text.strip_prefix('\u{feff}').unwrap_or(&decoded.text);
    let mut rows = Rows { rest: text, sign: separator(text, sign) };
    let header = rows.next().unwrap_or_default();
    let names: Vec<&str> = header.fields.iter().map(String::as_str).collect();
    let mapping = (opening.mapping)(path);
    let Some(chosen) = Chosen::of(&names, mapping.as_ref()) else {
        let mut problems = decoded.problems;
        problems.push(Problem::new(
            "a table without a column of text; read as plain text (chancery.toml can name the columns)",
        ));
        let extracted = Extracted { text: decoded.text, problems, ..Extracted::default() };
        opening.give(path.to_owned(), container, Ok(Content::Text(Box::new(extracted))));
        return;
    };
    let mut number = 0;
    for row in rows {
        if !opening.goes_on {
            break;
        }
        number += 1;
        let mut content = chosen.read(&|at| Ok(row.fields.get(at).cloned()));
        if let Ok(Content::Text(extracted)) = &mut content {
            let mut told = |message: &str| extracted.problems.push(Problem::new(message));
            if row.unclosed {
                told("a quotation mark is not closed; the record ends with its line");
            }
            if row.fields.len() != names.len() {
                told("has more or fewer columns than the header of its table");
            }
            if number == 1 {
                extracted.problems.extend(decoded.problems.iter().cloned());
            }
        }
        give(opening, path, number, content);
    }
}

/// The separator: the likeliest sign in the header outside quotation marks.
fn separator(text: &str, usual: char) -> char {
    let line = text.lines().next().unwrap_or_default();
    let mut counts = [(usual, 0_usize), (',', 0), (';', 0), ('\t', 0), ('|', 0)];
    let mut quoted = false;
    for sign in line.chars() {
        quoted ^= sign == '"';
        if let (false, Some(count)) = (quoted, counts.iter_mut().find(|(s, _)| *s == sign)) {
            count.1 += 1;
        }
    }
    // The first of equals is the usual one.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(usual, |(sign, _)| *sign)
}

/// One record.
#[derive(Default)]
struct Row {
    fields: Vec<String>,
    /// Whether a quotation mark was never closed.
    unclosed: bool,
}

/// The records that are left.
struct Rows<'t> {
    rest: &'t str,
    sign: char,
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let (row, rest) = row(self.rest, self.sign);
            self.rest = rest;
            // Blank lines are no records.
            if row.fields.iter().any(|field| !field.is_empty()) {
                return Some(row);
            }
        }
    }
}

/// The record that `text` opens with, and what follows it.
fn row(text: &str, sign: char) -> (Row, &str) {
    let mut row = Row::default();
    let mut rest = text;
    loop {
        let (field, behind, closed) = field(rest, sign);
        row.fields.push(field);
        row.unclosed |= !closed;
        rest = behind;
        match rest.chars().next() {
            Some(next) if next == sign => rest = rest.get(next.len_utf8()..).unwrap_or_default(),
            _ => break,
        }
    }
    let rest =
        rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).unwrap_or(rest);
    (row, rest)
}

/// The field that `text` opens with, what follows it, and whether its quotation marks are closed.
fn field(text: &str, sign: char) -> (String, &str, bool) {
    let ends = |c: char| c == sign || c == '\n' || c == '\r';
    let plain = |text: &str, closed: bool| {
        let end = text.find(ends).unwrap_or(text.len());
        (text.get(..end).unwrap_or_default().to_owned(), end, closed)
    };
    let Some(inside) = text.strip_prefix('"') else {
        let (words, end, closed) = plain(text, true);
        return (words, text.get(end..).unwrap_or_default(), closed);
    };
    let mut words = String::new();
    let mut rest = inside;
    while let Some((head, tail)) = rest.split_once('"') {
        words.push_str(head);
        if let Some(tail) = tail.strip_prefix('"') {
            words.push('"');
            rest = tail;
            continue;
        }
        // What stands between the closing mark and the separator belongs to the field.
        let end = tail.find(ends).unwrap_or(tail.len());
        words.push_str(tail.get(..end).unwrap_or_default());
        return (words, tail.get(end..).unwrap_or_default(), true);
    }
    let (words, end, _) = plain(text, false);
    (words, text.get(end..).unwrap_or_default(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_by_the_rules() {
        let text = "a,\"b \"\"c\"\"\nd\",e\r\n\n1,\"open, f\n2,3\n";
        let rows: Vec<_> =
            Rows { rest: text, sign: ',' }.map(|row| (row.fields, row.unclosed)).collect();
        let row = |fields: &[&str], unclosed| {
            (fields.iter().map(ToString::to_string).collect::<Vec<_>>(), unclosed)
        };
        assert_eq!(
            rows,
            [
                row(&["a", "b \"c\"\nd", "e"], false),
                row(&["1", "\"open", " f"], true),
                row(&["2", "3"], false)
            ]
        );
    }

    #[test]
    fn the_separator_is_told_by_the_header() {
        assert_eq!(separator("a;b;c\n1,2;3", ','), ';');
        assert_eq!(separator("\"a;b\",c", ','), ',');
        assert_eq!(separator("a", '\t'), '\t');
    }
}
