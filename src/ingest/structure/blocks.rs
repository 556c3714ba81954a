//! Blocks: the pieces that layout or markup makes of a text, before it is known what they are.
//!
//! Comes in: a text, and the blocks of its markup where it has some. Goes out: blocks in order that
//! hold every sign of the text (plain text) or of the marked blocks.

use crate::analysis::bytes::count_pairs;
use crate::document::{FurnitureKind, Span};
use crate::ingest::extract::block::{Block as Marked, BlockKind, Extracted};

use super::glyphs::{End, Start, is_blank, is_closer};
use super::{layout, lines, pages, tables};

/// What a block turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Running text.
    Body,
    /// A heading.
    Heading,
    /// The label of a speaker's turn.
    Turn,
    /// Anything that is no text.
    Furniture(FurnitureKind),
}

/// A piece of the text.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Where it stands.
    pub(super) span: Span,
    /// Line it starts on, from 1.
    pub(super) line: usize,
    /// Blank lines before it.
    pub(super) blanks: u8,
    /// What it is, as far as known.
    pub(super) kind: Kind,
    /// Whether markup says so.
    pub(super) marked: bool,
    /// Level of a heading, from 1; 0 where not yet known.
    pub(super) level: u8,
    /// Words, counted up to [`MOST_WORDS`].
    pub(super) words: u16,
    /// How it starts.
    pub(super) start: Start,
    /// How it ends.
    pub(super) end: End,
    /// Page furniture inside.
    pub(super) holes: Vec<Span>,
    /// Bytes of a printed paragraph number and the white space behind it; 0 without one.
    pub(super) label: u16,
    /// Index of the marked block it was made from.
    pub(super) source: Option<usize>,
}

/// No rule asks for more words than this.
pub(super) const MOST_WORDS: u16 = 41;

impl Block {
    /// A body block at `span` of `text`.
    pub(super) fn new(text: &str, span: Span, line: usize, blanks: u8) -> Self {
        let words = span.of(text);
        Self {
            span,
            line,
            blanks,
            kind: Kind::Body,
            marked: false,
            level: 0,
            words: count_words(words),
            start: Start::of(words),
            end: End::of(words),
            holes: Vec::new(),
            label: 0,
            source: None,
        }
    }

    /// Its words.
    pub(super) fn of<'t>(&self, text: &'t str) -> &'t str {
        self.span.of(text)
    }

    /// Whether it is running text so far.
    pub(super) fn is_body(&self) -> bool {
        self.kind == Kind::Body
    }

    /// Whether it is furniture of the page.
    pub(super) fn is_page(&self) -> bool {
        self.kind == Kind::Furniture(FurnitureKind::Page)
    }
}

/// Words of a block, up to [`MOST_WORDS`]: runs without white space, and 1 for every 1.6 ideographs.
fn count_words(text: &str) -> u16 {
    if text.is_ascii() {
        let begins = |before: u8, byte: u8| before <= b' ' && byte > b' ';
        let first = text.bytes().next().is_some_and(|byte| byte > b' ');
        let words = usize::from(first) + count_pairs(text.as_bytes(), begins);
        return words.min(usize::from(MOST_WORDS)) as u16;
    }
    count_words_of_any(text)
}

/// The same of a text in any script.
fn count_words_of_any(text: &str) -> u16 {
    let (mut words, mut wide, mut inside) = (0_u16, 0_u16, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            0..=b' ' => inside = false,
            // The lead bytes of ideographs and kana.
            0xe3..=0xe9 => {
                wide += 1;
                inside = true;
            }
            _ if inside => {}
            0xc2 if text.as_bytes().get(at + 1) == Some(&0xa0) => {}
            0xa0 => {}
            _ => {
                inside = true;
                words += 1;
            }
        }
        if words + wide >= 2 * MOST_WORDS || words >= MOST_WORDS {
            break;
        }
    }
    (words + wide * 5 / 8).min(MOST_WORDS)
}

/// Cuts a text into blocks, by its markup or by its lines.
pub(super) fn blocks(extracted: &Extracted) -> Vec<Block> {
    match &extracted.blocks {
        Some(marked) if !marked.is_empty() => from_markup(&extracted.text, marked),
        _ => from_lines(&extracted.text),
    }
}

/// Blocks of plain text.
fn from_lines(text: &str) -> Vec<Block> {
    let lines = lines::split(text);
    let pages = pages::page_lines(text, &lines);
    let layout = layout::layout(text, &lines, &pages);
    let mut starts = layout::block_starts(text, &lines, &pages, layout);
    let rows = tables::table_lines(text, &lines);
    for (at, row) in rows.iter().enumerate() {
        let behind = at.checked_sub(1).and_then(|before| rows.get(before)) == Some(&true);
        if let Some(start) = starts.get_mut(at) {
            *start |= *row || behind;
        }
    }
    let mut blocks = Vec::with_capacity(starts.iter().filter(|start| **start).count());
    // Page furniture waits until it is known whether its block goes on behind it.
    let mut waiting: Vec<Span> = Vec::new();
    let mut waiting_lines: Vec<(usize, u8)> = Vec::new();
    let mut open: Option<(Span, usize, u8, Vec<Span>)> = None;
    for ((line, page), start) in lines.iter().zip(&pages).zip(&starts) {
        if *page {
            waiting.push(line.span);
            waiting_lines.push((line.number, line.blanks));
            continue;
        }
        match &mut open {
            Some((span, _, _, holes)) if !start => {
                span.end = line.span.end;
                holes.append(&mut waiting);
                waiting_lines.clear();
            }
            _ => {
                close(text, &mut blocks, open.take());
                close_pages(text, &mut blocks, &mut waiting, &mut waiting_lines);
                open = Some((line.span, line.number, line.blanks, Vec::new()));
            }
        }
    }
    close(text, &mut blocks, open.take());
    close_pages(text, &mut blocks, &mut waiting, &mut waiting_lines);
    if rows.contains(&true) {
        let row_starts: Vec<usize> = lines
            .iter()
            .zip(&rows)
            .filter(|(_, row)| **row)
            .map(|(line, _)| line.span.start)
            .collect();
        for block in &mut blocks {
            if row_starts.binary_search(&block.span.start).is_ok() {
                // Rules between rows have no words and part nothing.
                let has_words = block.of(text).contains(char::is_alphanumeric);
                let kind = if has_words { FurnitureKind::Table } else { FurnitureKind::Page };
                (block.kind, block.marked) = (Kind::Furniture(kind), true);
            }
        }
    }
    blocks
}

/// Adds the block that was open.
fn close(text: &str, blocks: &mut Vec<Block>, open: Option<(Span, usize, u8, Vec<Span>)>) {
    let Some((span, line, blanks, holes)) = open else { return };
    let mut from = span.start;
    if span.len() > LONG_LINE && holes.is_empty() {
        let mut number = line;
        for end in lost_breaks(span.of(text)) {
            let piece = trimmed(text, Span::new(from, span.start + end));
            if !piece.is_empty() {
                let blanks = if from == span.start { blanks } else { 0 };
                blocks.push(Block::new(text, piece, number, blanks));
            }
            number += newlines(text, Span::new(from, span.start + end));
            from = span.start + end;
        }
        let last = trimmed(text, Span::new(from, span.end));
        if !last.is_empty() {
            blocks.push(Block::new(
                text,
                last,
                number,
                if from == span.start { blanks } else { 0 },
            ));
        }
        return;
    }
    blocks.push(Block { holes, ..Block::new(text, span, line, blanks) });
}

/// Adds the page furniture that no block goes on behind.
fn close_pages(
    text: &str,
    blocks: &mut Vec<Block>,
    waiting: &mut Vec<Span>,
    lines: &mut Vec<(usize, u8)>,
) {
    for (span, (line, blanks)) in waiting.drain(..).zip(lines.drain(..)) {
        let kind = Kind::Furniture(FurnitureKind::Page);
        blocks.push(Block { kind, marked: true, ..Block::new(text, span, line, blanks) });
    }
}

/// Longer blocks are searched for lost line breaks. The median speech of UNGDC session 46 is one
/// line of 17,941 characters; 95 % of the paragraphs elsewhere have fewer than 173 words.
const LONG_LINE: usize = 3000;

/// Where line breaks were lost: behind `[a-z0-9)”"][.!?]` directly followed by a capital and a
/// lower-case letter, as in `session.Australia`. Offsets of the capitals.
fn lost_breaks(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    bytes.windows(4).enumerate().filter_map(|(at, window)| match window {
        [
            b'a'..=b'z' | b'0'..=b'9' | b')' | b'"' | 0x9d,
            b'.' | b'!' | b'?',
            b'A'..=b'Z',
            b'a'..=b'z',
        ] => Some(at + 2),
        _ => None,
    })
}

/// Line feeds in a stretch.
fn newlines(text: &str, span: Span) -> usize {
    let mut count = 0;
    let mut after_return = false;
    for byte in span.of(text).bytes() {
        count += usize::from(byte == b'\r' || byte == b'\n' && !after_return);
        after_return = byte == b'\r';
    }
    count
}

/// The span without white space at its ends.
pub(super) fn trimmed(text: &str, span: Span) -> Span {
    let inside = span.of(text);
    let body = inside.trim_start_matches(is_blank);
    let start = span.start + inside.len() - body.len();
    Span::new(start, start + body.trim_end_matches(is_blank).len())
}

/// Blocks of a marked-up text. Spans that lie outside the text or overlap are cut or left out; what
/// stands between blocks is markup.
fn from_markup(text: &str, marked: &[Marked]) -> Vec<Block> {
    let mut order: Vec<usize> = (0..marked.len()).collect();
    order.sort_by_key(|at| marked.get(*at).map(|block| block.span.start));
    let mut blocks = Vec::with_capacity(marked.len());
    let (mut line, mut counted, mut end) = (1, 0, 0);
    for at in order {
        let Some(block) = marked.get(at) else { continue };
        let span = trimmed(text, Span::new(block.span.start.max(end), block.span.end));
        if span.is_empty() {
            continue;
        }
        line += newlines(text, Span::new(counted, span.start));
        counted = span.start;
        end = span.end;
        let (kind, level) = kind_of(block.kind);
        let marked = kind != Kind::Body || block.kind != BlockKind::Paragraph;
        blocks.push(Block {
            kind,
            level,
            marked,
            source: Some(at),
            ..Block::new(text, span, line, 1)
        });
    }
    blocks
}

/// What markup says of a block.
const fn kind_of(kind: BlockKind) -> (Kind, u8) {
    let furniture = match kind {
        BlockKind::Heading(level) => return (Kind::Heading, if level == 0 { 1 } else { level }),
        BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote => return (Kind::Body, 0),
        BlockKind::Table => FurnitureKind::Table,
        BlockKind::Caption => FurnitureKind::Caption,
        BlockKind::Navigation => FurnitureKind::Navigation,
        BlockKind::Footer => FurnitureKind::Footer,
        BlockKind::Byline => FurnitureKind::Byline,
        BlockKind::Date => FurnitureKind::Date,
        BlockKind::Footnote => FurnitureKind::Footnote,
        BlockKind::Page => FurnitureKind::Page,
    };
    (Kind::Furniture(furniture), 0)
}

/// The words of a heading: white space folded, Markdown marks taken off.
pub(super) fn clean(text: &str) -> String {
    let bare = text.trim_start_matches('#');
    let bare = bare.trim_end_matches(|c: char| c == '#' || is_blank(c));
    let bare = bare.lines().filter(|line| !pages::is_separator(line)).collect::<Vec<_>>().join(" ");
    let bare = bare.trim_matches(|c: char| matches!(c, '*' | '_') || is_blank(c));
    let bare = match bare.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) if !inner.contains(['[', ']']) => inner,
        _ => bare,
    };
    let bare = bare.trim_matches(|c: char| matches!(c, '*' | '_') || is_blank(c));
    bare.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text without closing quotes and brackets at its end.
pub(super) fn without_closers(text: &str) -> &str {
    text.trim_end_matches(|c| is_closer(c) || is_blank(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn words_of_ascii_are_counted_like_all(text in "[ \n\x00-\x7f]{0,90}", times in 1_usize..90) {
            let text = text.repeat(times);
            proptest::prop_assert_eq!(count_words(&text), count_words_of_any(&text));
        }
    }

    fn check(text: &str, expected: &[&str]) {
        let extracted = Extracted { text: text.to_owned(), ..Extracted::default() };
        let found: Vec<_> =
            blocks(&extracted).iter().map(|block| block.of(text).to_owned()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_line_is_a_paragraph_unless_it_breaks_off() {
        check(
            "One line that is long enough to have been broken by a machine and\ngoes on.\n\nTwo.",
            &[
                "One line that is long enough to have been broken by a machine and\ngoes on.",
                "Two.",
            ],
        );
    }

    #[test]
    fn page_numbers_lie_inside_a_broken_sentence() {
        let text =
            "We have come to this Assembly with the firm belief that peace\n\n12\n\nis possible.";
        let extracted = Extracted { text: text.to_owned(), ..Extracted::default() };
        let blocks = blocks(&extracted);
        assert_eq!(blocks.len(), 1);
        assert_eq!(blocks[0].holes.iter().map(|hole| hole.of(text)).collect::<Vec<_>>(), ["12"]);
    }

    #[test]
    fn lost_breaks_part_a_long_line() {
        let one = format!("{}end of the session.", "Peace is our aim. ".repeat(180));
        let text = format!("{one}Australia agrees.");
        check(&text, &[&one, "Australia agrees."]);
    }

    #[test]
    fn marks_are_taken_off() {
        for (text, expected) in [
            ("**[CLOSING]**", "CLOSING"),
            ("## Aims  of\nthe Union", "Aims of the Union"),
            ("Aims\n=====", "Aims"),
            ("__Aims__", "Aims"),
        ] {
            assert_eq!(clean(text), expected);
        }
    }
}
