//! Text under construction, block by block.

use super::block::{Block, BlockKind, Extracted};
use crate::document::Span;

/// Writes blocks one below the other, a blank line between.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    blocks: Vec<Block>,
    /// Page on which the next block starts, as printed.
    pub(super) page: Option<String>,
    /// Notes with their pages, which wait for the end of their section.
    notes: Vec<(Option<String>, String)>,
}

impl Writer {
    /// Adds a block; nothing for words that are white space.
    pub(super) fn push(&mut self, kind: BlockKind, words: &str) {
        let words = words.trim();
        if words.is_empty() {
            return;
        }
        if matches!(kind, BlockKind::Heading(_)) {
            self.write_notes();
        }
        self.write(kind, words);
    }

    /// Adds a note: it stands at the end of its section, where it parts no text that goes on.
    pub(super) fn note(&mut self, words: &str) {
        let words = words.trim();
        if !words.is_empty() {
            self.notes.push((self.page.clone(), words.to_owned()));
        }
    }

    fn write_notes(&mut self) {
        let page = self.page.clone();
        for (page, words) in std::mem::take(&mut self.notes) {
            self.page = page;
            self.write(BlockKind::Footnote, &words);
        }
        self.page = page;
    }

    fn write(&mut self, kind: BlockKind, words: &str) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        self.text.push_str(words);
        let span = Span::new(start, self.text.len());
        self.blocks.push(Block { span, kind, page: self.page.clone() });
    }

    /// Whether nothing but headings was written.
    pub(super) fn has_text(&self) -> bool {
        !self.notes.is_empty()
            || self.blocks.iter().any(|block| !matches!(block.kind, BlockKind::Heading(_)))
    }

    /// What was written, with nothing left behind.
    pub(super) fn take(&mut self) -> Extracted {
        self.write_notes();
        Extracted {
            text: std::mem::take(&mut self.text),
            blocks: Some(std::mem::take(&mut self.blocks)),
            ..Extracted::default()
        }
    }
}

/// Adds words to a line under construction: white space folded to single blanks, `\n` kept where a
/// line break was written with [`line_break`].
pub(super) fn fold(line: &mut String, words: &str) {
    let blank = |sign: char| sign.is_whitespace() && sign != '\u{a0}' && sign != '\u{202f}';
    for sign in words.chars() {
        if blank(sign) {
            if !line.is_empty() && !line.ends_with([' ', '\n']) {
                line.push(' ');
            }
        } else {
            line.push(sign);
        }
    }
}

/// Breaks the line.
pub(super) fn line_break(line: &mut String) {
    while line.ends_with(' ') {
        line.pop();
    }
    if !line.is_empty() {
        line.push('\n');
    }
}
