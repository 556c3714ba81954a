//! Text to lines that hold something, each with its place, indent and the blank lines before it.

use crate::analysis::bytes::place;
use crate::document::Span;

use super::glyphs::is_blank;

/// A line that is not blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// From its first to its last sign, without the white space around.
    pub(super) span: Span,
    /// Its number, from 1, counting line feeds.
    pub(super) number: usize,
    /// White space before it, in columns; a tab counts 4.
    pub(super) indent: u16,
    /// Blank lines directly before it.
    pub(super) blanks: u8,
    /// Whether a form feed stands between it and the line before.
    pub(super) new_page: bool,
}

/// Splits `text` at line feeds, carriage returns, form feeds and the line ends of Unicode.
///
/// Form feeds (360 General Debate files) and U+2028 (MHL of session 79) end a line without counting
/// as one: editors do not count them either.
pub(super) fn split(text: &str) -> Vec<Line> {
    let mut lines = Lines { text, found: Vec::new(), number: 1, blanks: 0, new_page: false };
    let bytes = text.as_bytes();
    let mut start = 0;
    let mut at = 0;
    // All line ends are control characters, or start with one of two lead bytes.
    let may_end = |byte: u8| byte < 0x20 || byte == 0xe2 || byte == 0xc2;
    while let Some(further) = place(bytes.get(at..).unwrap_or_default(), may_end) {
        at += further;
        let byte = bytes.get(at).copied().unwrap_or_default();
        let (length, counts) = match (byte, bytes.get(at + 1), bytes.get(at + 2)) {
            (b'\n', _, _) => (1, true),
            (b'\r', Some(b'\n'), _) => (2, true),
            (b'\r', _, _) => (1, true),
            (0x0b | 0x0c, _, _) => (1, false),
            (0xc2, Some(0x85), _) => (2, false),
            (0xe2, Some(0x80), Some(0xa8 | 0xa9)) => (3, false),
            _ => {
                at += 1;
                continue;
            }
        };
        lines.push(Span::new(start, at), counts);
        lines.new_page |= byte == 0x0c;
        at += length;
        start = at;
    }
    lines.push(Span::new(start, text.len()), true);
    lines.found
}

/// Lines under construction.
struct Lines<'t> {
    text: &'t str,
    found: Vec<Line>,
    number: usize,
    blanks: u8,
    new_page: bool,
}

impl Lines<'_> {
    /// Takes the line at `span`; `counts` says whether the sign that ends it begins a new number.
    fn push(&mut self, span: Span, counts: bool) {
        let line = span.of(self.text);
        let body = line.trim_start_matches(is_blank);
        if body.is_empty() {
            if counts {
                self.blanks = self.blanks.saturating_add(1);
            }
        } else {
            let lead = line.len() - body.len();
            let columns = Span::new(0, lead).of(line).chars().map(columns).sum::<u16>();
            let body = body.trim_end_matches(is_blank);
            let start = span.start + lead;
            self.found.push(Line {
                span: Span::new(start, start + body.len()),
                number: self.number,
                indent: columns,
                blanks: self.blanks,
                new_page: self.new_page,
            });
            self.blanks = 0;
            self.new_page = false;
        }
        self.number += usize::from(counts);
    }
}

/// Columns that a blank takes.
const fn columns(blank: char) -> u16 {
    match blank {
        '\t' => 4,
        '\u{feff}' | '\u{200b}' => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_is_known() {
        let text = "\u{feff}one\r\n\n  two\rthree\u{c}four\u{2028}five";
        let found: Vec<_> = split(text)
            .iter()
            .map(|line| {
                (
                    line.span.of(text).to_owned(),
                    line.number,
                    line.indent,
                    line.blanks,
                    line.new_page,
                )
            })
            .collect();
        let line =
            |t: &str, number, indent, blanks, page| (t.to_owned(), number, indent, blanks, page);
        assert_eq!(
            found,
            [
                line("one", 1, 0, 0, false),
                line("two", 3, 2, 1, false),
                line("three", 4, 0, 0, false),
                line("four", 4, 0, 0, true),
                line("five", 4, 0, 0, false),
            ]
        );
    }

    #[test]
    fn text_without_letters_has_no_lines() {
        assert!(split("").is_empty());
        assert!(split(" \n\u{feff}\n\t").is_empty());
    }
}
