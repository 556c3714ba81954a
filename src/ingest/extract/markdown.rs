//! Markdown: the text stays as it is, blocks point into it.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::block::{Block, BlockKind, Extracted};
use super::front_matter;
use crate::document::Span;

/// Reads a Markdown text.
pub(super) fn read(text: String) -> Extracted {
    let mut extracted = Extracted::default();
    let mut blocks = Vec::new();
    let mut base = text.len() - text.trim_start_matches('\u{feff}').len();
    if let Some(front) = front_matter::read(&text) {
        base = front.span.end;
        blocks.push(Block { span: front.span, kind: BlockKind::Navigation, page: None });
        extracted.values = front.values;
        extracted.problems = front.problems;
    }
    let body = text.get(base..).unwrap_or_default();
    let mut reader = Reader { body, base, open: Vec::new(), run: None, blocks };
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES;
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        reader.take(&event, range);
    }
    reader.close();
    extracted.blocks = Some(reader.blocks);
    extracted.text = text;
    extracted
}

/// Inline signs that stand together and will become a block.
struct Run {
    range: Range<usize>,
    image_only: bool,
}

struct Reader<'a> {
    body: &'a str,
    base: usize,
    /// Kinds of the containers around, outermost first.
    open: Vec<BlockKind>,
    run: Option<Run>,
    blocks: Vec<Block>,
}

impl Reader<'_> {
    fn take(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => match container(tag) {
                Container::Inline => self.extend(range, false),
                Container::Image => self.extend(range, true),
                Container::Block(kind) => {
                    self.close();
                    self.open.push(kind);
                }
            },
            Event::End(tag) => {
                if !is_inline(*tag) {
                    self.close();
                    self.open.pop();
                }
            }
            Event::Html(_) => {
                self.close();
                self.html(range);
            }
            Event::Rule => self.close(),
            Event::SoftBreak | Event::HardBreak => {}
            _ => self.extend(range, false),
        }
    }

    /// Adds inline signs to the run.
    fn extend(&mut self, range: Range<usize>, image: bool) {
        match &mut self.run {
            None => self.run = Some(Run { range, image_only: image }),
            Some(run) => {
                // What lies inside an image is its words; what lies outside is text.
                run.image_only &= image || range.end <= run.range.end;
                run.range.end = run.range.end.max(range.end);
            }
        }
    }

    /// Makes the run a block.
    fn close(&mut self) {
        let Some(run) = self.run.take() else { return };
        let inner = self.open.last().copied().unwrap_or(BlockKind::Paragraph);
        let kind = match inner {
            BlockKind::Paragraph if run.image_only => BlockKind::Caption,
            BlockKind::Paragraph => self.around(),
            other => other,
        };
        self.push(run.range, kind);
    }

    /// What a paragraph is by what stands around it.
    fn around(&self) -> BlockKind {
        let special = |kind: &&BlockKind| !matches!(kind, BlockKind::Paragraph);
        self.open.iter().rev().find(special).copied().unwrap_or(BlockKind::Paragraph)
    }

    /// Pushes a block without the white space at its ends.
    fn push(&mut self, range: Range<usize>, kind: BlockKind) {
        let last = self.blocks.last().map_or(0, |block| block.span.end);
        let start = range.start.max(last.saturating_sub(self.base));
        let Some(text) = self.body.get(start..range.end) else { return };
        let trimmed = text.trim_start();
        if trimmed.is_empty() {
            return;
        }
        let start = self.base + start + (text.len() - trimmed.len());
        let span = Span::new(start, start + trimmed.trim_end().len());
        self.blocks.push(Block { span, kind, page: None });
    }

    /// The words between the tags of a block of HTML.
    fn html(&mut self, range: Range<usize>) {
        let Some(mut rest) = self.body.get(range.clone()) else { return };
        let mut at = range.start;
        let kind = self.around();
        while !rest.is_empty() {
            let words = rest.find('<').unwrap_or(rest.len());
            self.push(at..at + words, kind);
            let tag = rest.get(words..).unwrap_or_default();
            let close = if tag.starts_with("<!--") { "-->" } else { ">" };
            let skip = words + tag.find(close).map_or(tag.len(), |end| end + close.len());
            at += skip;
            rest = rest.get(skip..).unwrap_or_default();
        }
    }
}

enum Container {
    Inline,
    Image,
    Block(BlockKind),
}

/// What the start of a tag opens.
fn container(tag: &Tag<'_>) -> Container {
    Container::Block(match tag {
        Tag::Heading { level, .. } => BlockKind::Heading(depth(*level)),
        Tag::BlockQuote(_) => BlockKind::Quote,
        Tag::Item => BlockKind::ListItem,
        Tag::FootnoteDefinition(_) => BlockKind::Footnote,
        Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => BlockKind::Table,
        Tag::Image { .. } => return Container::Image,
        Tag::Emphasis
        | Tag::Strong
        | Tag::Strikethrough
        | Tag::Link { .. }
        | Tag::Superscript
        | Tag::Subscript => return Container::Inline,
        _ => BlockKind::Paragraph,
    })
}

fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::Superscript
            | TagEnd::Subscript
    )
}

const fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_point_into_the_source() {
        use BlockKind::{Caption, Heading, ListItem, Navigation, Paragraph, Quote, Table};
        for (text, expected) in [
            (
                "\u{feff}# A *b*\n\nc **d**\ne\n",
                vec![(Heading(1), "A *b*"), (Paragraph, "c **d**\ne")],
            ),
            (
                "A\n===\n- b\n  - c\n\n    d\n",
                vec![(Heading(1), "A"), (ListItem, "b"), (ListItem, "c"), (ListItem, "d")],
            ),
            (
                "---\ntitle: x\n---\n> q\n\n[l](u) m",
                vec![(Navigation, "---\ntitle: x\n---"), (Quote, "q"), (Paragraph, "[l](u) m")],
            ),
            (
                "![A ship](x.png)\n\n![a](b) words",
                vec![(Caption, "![A ship](x.png)"), (Paragraph, "![a](b) words")],
            ),
            ("|a|b|\n|-|-|\n|c|d|\n", vec![(Table, "a"), (Table, "b"), (Table, "c"), (Table, "d")]),
            ("<div>\n<b>x</b> y\n<!-- z -->\n</div>\n", vec![(Paragraph, "x"), (Paragraph, "y")]),
            ("```\ncode\n```\n", vec![(Paragraph, "code")]),
        ] {
            let extracted = read(text.to_owned());
            assert_eq!(extracted.text, text);
            let blocks = extracted.blocks.unwrap();
            let found: Vec<_> = blocks.iter().map(|b| (b.kind, b.span.of(text))).collect();
            assert_eq!(found, expected);
        }
    }
}
