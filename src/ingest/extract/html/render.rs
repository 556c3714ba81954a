//! The page as text: paragraphs with a blank line between, each a block.

use super::content::Main;
use super::style::{Size, Style};
use super::tables::{self, Table};
use super::tree::{Tree, is_block};
use crate::document::Span;
use crate::ingest::extract::block::{Block, BlockKind};

/// Bytes of a block outside the main part that may still be text when the page marks none.
const RUNNING: usize = 80;

/// A byline or date is no longer than this, in bytes.
const LONGEST_LINE: usize = 200;

/// The text and its blocks.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    pub(super) text: String,
    pub(super) blocks: Vec<Block>,
}

impl Rendered {
    /// Whether there is text, not only frame.
    pub(super) fn has_text(&self) -> bool {
        self.blocks.iter().any(|block| {
            !matches!(block.kind, BlockKind::Navigation | BlockKind::Footer | BlockKind::Heading(_))
        })
    }
}

/// Renders all that is shown; what lies outside `main` becomes frame.
pub(super) fn render(tree: &Tree, styles: &[Style], main: Main) -> Rendered {
    let end = tree.nodes.get(main.node).map_or(usize::MAX, |node| node.end);
    let tables = tables::find(tree, styles);
    let mut writer = Writer { out: Rendered::default(), line: Line::default() };
    // Ends of the open blocks, outermost first.
    let mut open: Vec<usize> = Vec::new();
    for (at, (node, style)) in tree.nodes.iter().zip(styles).enumerate() {
        while open.last().is_some_and(|end| *end <= at) {
            open.pop();
            writer.close();
        }
        if style.hidden {
            continue;
        }
        let inside = Place {
            style: *style,
            main: (main.node..end).contains(&at),
            marked: main.marked,
            table: tables.get(at).copied().unwrap_or_default(),
        };
        if node.is_text() {
            writer.text(node.span.of(&tree.text), inside);
        } else if &*node.name == "br" {
            writer.line_break();
        } else if breaks(&node.name, inside.table) {
            writer.close();
            open.push(node.end);
        } else if matches!(&*node.name, "td" | "th") {
            writer.cell();
        }
    }
    writer.close();
    writer.out
}

/// Whether an element stands on lines of its own; the cells of a table of figures do not.
fn breaks(name: &str, table: Table) -> bool {
    match name {
        "tr" | "caption" => true,
        "td" | "th" => table == Table::Layout,
        "p" | "div" => table != Table::Data,
        _ => is_block(name),
    }
}

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    style: Style,
    main: bool,
    marked: bool,
    table: Table,
}

/// The block being written.
#[derive(Debug, Default)]
struct Line {
    text: String,
    place: Option<Place>,
    size: Size,
    /// White space waits for the next word: 0 none, 1 a blank, 2 a line break.
    gap: u8,
}

struct Writer {
    out: Rendered,
    line: Line,
}

impl Writer {
    fn text(&mut self, text: &str, place: Place) {
        if !place.style.pre {
            self.words(text, place);
            return;
        }
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.line_break();
            }
            if !line.trim().is_empty() {
                self.gap();
                self.put(line.trim_end_matches('\r'), place);
            }
        }
    }

    /// Adds words with single blanks between.
    fn words(&mut self, text: &str, place: Place) {
        let blank = |sign: char| sign.is_ascii_whitespace() || sign == '\u{feff}';
        if text.starts_with(blank) {
            self.line.gap = self.line.gap.max(1);
        }
        for word in text.split(blank).filter(|word| !word.is_empty()) {
            self.gap();
            self.put(word, place);
            self.line.gap = 1;
        }
        if !text.ends_with(blank) && self.line.gap == 1 && !text.is_empty() {
            self.line.gap = 0;
        }
    }

    /// Writes the white space that waits.
    fn gap(&mut self) {
        if !self.line.text.is_empty() {
            match self.line.gap {
                0 => {}
                1 => self.line.text.push(' '),
                _ => self.line.text.push('\n'),
            }
        }
        self.line.gap = 0;
    }

    fn put(&mut self, words: &str, place: Place) {
        let line = &mut self.line;
        line.text.push_str(words);
        // A word decides what the block is, not the white space before it.
        if !words.trim().is_empty() {
            line.place.get_or_insert(place);
        }
        line.size.all += words.len();
        line.size.linked += if place.style.link { words.len() } else { 0 };
    }

    /// A line break; the second in a row ends the block.
    fn line_break(&mut self) {
        if self.line.gap >= 2 {
            self.close();
        }
        self.line.gap = 2;
    }

    /// A further cell of a row.
    fn cell(&mut self) {
        if !self.line.text.is_empty() {
            self.line.text.push('\t');
            self.line.gap = 0;
        }
    }

    /// Ends the block.
    fn close(&mut self) {
        let line = std::mem::take(&mut self.line);
        let Some(place) = line.place else { return };
        let words = line.text.trim();
        let text = &mut self.out.text;
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(words);
        let kind = kind(place, line.size);
        self.out.blocks.push(Block { span: Span::new(start, text.len()), kind, page: None });
    }
}

/// What a block is.
fn kind(place: Place, size: Size) -> BlockKind {
    if let Some(zone) = place.style.zone {
        return zone;
    }
    let linked = size.linked * 10;
    let kind = match place.style.kind {
        BlockKind::Byline | BlockKind::Date if size.all > LONGEST_LINE => BlockKind::Paragraph,
        BlockKind::Paragraph if place.table == Table::Data => BlockKind::Table,
        kind => kind,
    };
    if !place.main {
        let kept = match kind {
            BlockKind::Heading(1) => !place.marked && linked < size.all * 5,
            BlockKind::Heading(_) => false,
            BlockKind::Footnote => linked < size.all * 5,
            _ => !place.marked && size.all >= RUNNING && linked < size.all * 4,
        };
        return if kept { kind } else { BlockKind::Navigation };
    }
    let only_link = linked >= size.all * 9;
    match kind {
        BlockKind::ListItem if only_link && size.all < 120 => BlockKind::Navigation,
        BlockKind::Paragraph if only_link && size.all < 60 => BlockKind::Navigation,
        kind => kind,
    }
}
