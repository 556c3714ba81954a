//! Blocks of pages to the blocks of a text.
//!
//! What comes in: for each page headings, paragraphs, lists and tables in reading order. What goes
//! out: one text, in which a paragraph that a page ends goes on over the next.

use std::collections::BTreeMap;

use pdfboss_core::OutlineItem;
use pdfboss_output::{Block, Line, PageLayout, Role};

use super::lines::{Hyphenated, line_words, opens_called_note};
use crate::ingest::extract::block::{BlockKind, Extracted};
use crate::ingest::extract::writer::Writer;

/// Notes are smaller than the text by this share.
pub(super) const NOTE_SIZE: f32 = 0.93;

/// All lines of a block.
pub(super) fn lines(block: &Block) -> Vec<&Line> {
    match block {
        Block::Heading { lines, .. } | Block::Paragraph { lines, .. } => lines.iter().collect(),
        Block::List { items, .. } => items.iter().flat_map(|item| &item.lines).collect(),
        Block::Table { rows, .. } => {
            rows.iter().flatten().filter_map(|cell| cell.line.as_ref()).collect()
        }
    }
}

/// A paragraph that may go on over the next page.
struct Open {
    words: String,
    page: String,
}

struct Pages<'l> {
    writer: Writer,
    hyphenated: Hyphenated,
    /// Titles of the outline with their levels.
    outline: BTreeMap<String, u8>,
    /// Size of most of the text.
    body: f32,
    open: Option<Open>,
    /// Whether the title above the outline's headings was met.
    has_title: bool,
    /// Whether a heading and no text was met yet.
    has_only_headings: bool,
    /// Whether most headings are bold.
    bold_headings: bool,
    /// Furniture that waits until the open paragraph ends.
    waiting: Vec<(String, String)>,
    labels: &'l [String],
}

/// Puts pages together.
pub(super) fn text(pages: &[PageLayout], labels: &[String], outline: &[OutlineItem]) -> Extracted {
    let mut titles = BTreeMap::new();
    flatten(outline, 1, &mut titles);
    let known = pages
        .iter()
        .flat_map(|page| &page.blocks)
        .filter(|block| titles.contains_key(&folded(&whole(block))))
        .count();
    // An outline that names little of the text (pages, parts of a scan) says nothing of headings.
    if known * 2 < titles.len() {
        titles.clear();
    }
    let mut all = Pages {
        writer: Writer::default(),
        hyphenated: Hyphenated::of(pages),
        body: body_size(pages),
        outline: titles,
        open: None,
        has_title: false,
        has_only_headings: false,
        bold_headings: are_headings_bold(pages),
        waiting: Vec::new(),
        labels,
    };
    // A title stands above the headings that the outline names.
    let titled = all.has_title(pages);
    for (number, page) in pages.iter().enumerate() {
        all.page(number, page, titled);
    }
    all.close();
    all.writer.take()
}

fn flatten(items: &[OutlineItem], level: u8, titles: &mut BTreeMap<String, u8>) {
    for item in items {
        let title = folded(&item.title);
        if !title.is_empty() {
            titles.entry(title).or_insert(level);
        }
        flatten(&item.children, level.saturating_add(1).min(8), titles);
    }
}

/// Words without what an outline and a page may write differently.
fn folded(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a block, without regard to hyphens.
fn whole(block: &Block) -> String {
    lines(block).into_iter().map(line_words).collect::<Vec<_>>().join(" ")
}

/// Whether all words of a heading are bold.
fn is_bold(lines: &[Line]) -> bool {
    let mut words = lines.iter().flat_map(|line| &line.inlines);
    words.all(|inline| inline.bold || inline.text.trim().is_empty())
}

/// Whether most headings of a file are bold: at least two, and no fewer than are not.
fn are_headings_bold(pages: &[PageLayout]) -> bool {
    let headings = pages.iter().flat_map(|page| &page.blocks).filter_map(|block| match block {
        Block::Heading { lines, .. } => Some(is_bold(lines)),
        _ => None,
    });
    let (bold, other): (Vec<bool>, Vec<bool>) = headings.partition(|bold| *bold);
    bold.len() >= 2 && bold.len() >= other.len()
}

/// The size that most letters have.
fn body_size(pages: &[PageLayout]) -> f32 {
    let mut letters: BTreeMap<i64, usize> = BTreeMap::new();
    for line in pages.iter().flat_map(|page| &page.blocks).flat_map(lines) {
        let count: usize = line.inlines.iter().map(|inline| inline.text.len()).sum();
        *letters.entry((f64::from(line.size) * 4.0).round() as i64).or_default() += count;
    }
    let most = letters.into_iter().max_by_key(|(size, count)| (*count, *size));
    most.map_or(0.0, |(size, _)| size as f32 / 4.0)
}

/// Whether a line is a page number: `12`, `- 12 -`, `Page 3 of 10`, `xii`.
pub(super) fn is_page_number(words: &str) -> bool {
    let bare = words.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
    let number = |word: &str| {
        !word.is_empty()
            && (word.chars().all(char::is_numeric) && word.chars().count() <= 4
                || word.len() <= 6 && word.chars().all(|sign| "ivxlc".contains(sign)))
    };
    match bare.split_whitespace().collect::<Vec<_>>().as_slice() {
        [one] => number(one) || one.split('/').all(number),
        ["page" | "seite" | "p" | "página" | "pagina", rest @ ..] if !rest.is_empty() => {
            rest.first().is_some_and(|word| number(word)) && rest.len() <= 3
        }
        [first, "of" | "/" | "von" | "de" | "sur", last] => number(first) && number(last),
        _ => false,
    }
}

/// The lines of a paragraph without the number of its page, where that stands alone in the first line
/// or the last line of the page. It has to be the number that the page bears.
fn without_number<'l>(
    lines: &'l [Line],
    first: bool,
    last: bool,
    page: usize,
    label: &str,
) -> (&'l [Line], Option<&'l Line>) {
    let is_number = |line: &Line| {
        let words = line_words(line);
        let bare = words.trim_matches(|sign: char| !sign.is_alphanumeric());
        !words.ends_with(['.', ',', ';']) && (bare == label || bare == (page + 1).to_string())
    };
    match lines {
        [rest @ .., line] if last && is_number(line) => (rest, Some(line)),
        [line, rest @ ..] if first && is_number(line) => (rest, Some(line)),
        _ => (lines, None),
    }
}

/// Whether a paragraph opens as a footnote does: with its number or sign.
fn opens_as_note(words: &str) -> bool {
    let start: String = words.chars().take(4).collect();
    let digits = start.chars().take_while(char::is_ascii_digit).count();
    digits > 0 && digits < 4 || start.starts_with(['*', '†', '‡', '§', '¹', '²', '³'])
}

impl Pages<'_> {
    fn has_title(&self, pages: &[PageLayout]) -> bool {
        let Some(first) = pages.first() else { return false };
        let mut blocks = first.blocks.iter().filter(|block| {
            !matches!(block, Block::Paragraph { role: Role::PageHeader | Role::PageFooter, .. })
        });
        blocks.next().is_some_and(|block| {
            matches!(block, Block::Heading { .. })
                && !self.outline.is_empty()
                && !self.outline.contains_key(&folded(&whole(block)))
        })
    }

    fn page(&mut self, number: usize, page: &PageLayout, titled: bool) {
        let label = self.labels.get(number).cloned().unwrap_or_default();
        let last = page.blocks.len().saturating_sub(1);
        for (at, block) in page.blocks.iter().enumerate() {
            let edge = at == 0 || at == last || at + 1 == last;
            match block {
                Block::Heading { level, lines, .. } => {
                    let words = self.joined(lines);
                    if edge && is_page_number(&words) {
                        self.aside(words, &label);
                        continue;
                    }
                    match self.outline.get(&folded(&words)) {
                        Some(level) => {
                            let level = level + u8::from(titled);
                            self.put(BlockKind::Heading(level), &words, &label);
                        }
                        None if self.outline.is_empty() => {
                            let below_title = number == 0 && self.has_only_headings;
                            if below_title && self.bold_headings && !is_bold(lines) {
                                // Author and date stand between the title and the first heading.
                                self.put(BlockKind::Paragraph, &words, &label);
                            } else {
                                self.put(BlockKind::Heading((*level).max(1)), &words, &label);
                            }
                        }
                        None if titled && number == 0 && !self.has_title => {
                            self.has_title = true;
                            self.put(BlockKind::Heading(1), &words, &label);
                        }
                        // Large type that the outline does not name is left to the layout.
                        None => self.put(BlockKind::Paragraph, &words, &label),
                    }
                }
                Block::Paragraph { lines, role, .. } => {
                    let (lines, aside) = without_number(lines, at == 0, at == last, number, &label);
                    let (lines, notes) = self.without_notes(page, at, lines);
                    let words = self.joined(lines);
                    if let Some(line) = aside {
                        self.aside(line_words(line), &label);
                    }
                    if words.is_empty() {
                        // Nothing but what lies beside the text.
                    } else if matches!(role, Role::PageHeader | Role::PageFooter)
                        || edge && is_page_number(&words)
                    {
                        self.aside(words, &label);
                    } else if let Some(level) = self.outline.get(&folded(&words)) {
                        let level = level + u8::from(titled);
                        self.put(BlockKind::Heading(level), &words, &label);
                    } else if *role == Role::Quote {
                        self.put(BlockKind::Quote, &words, &label);
                    } else if self.is_note(page, at, lines, &words) {
                        self.note(&words, &label);
                    } else {
                        self.running(words, &label);
                    }
                    for note in notes {
                        let words = self.joined(note);
                        self.note(&words, &label);
                    }
                }
                Block::List { items, .. } => {
                    for (place, item) in items.iter().enumerate() {
                        let ends = at == last && place + 1 == items.len();
                        let (lines, aside) =
                            without_number(&item.lines, false, ends, number, &label);
                        let words = self.joined(lines);
                        self.put(BlockKind::ListItem, &words, &label);
                        if let Some(line) = aside {
                            self.aside(line_words(line), &label);
                        }
                    }
                }
                Block::Table { rows, .. } => {
                    for row in rows {
                        let cells =
                            row.iter().filter_map(|cell| cell.line.as_ref()).map(line_words);
                        let words = cells.collect::<Vec<_>>().join("\t");
                        self.put(BlockKind::Table, &words, &label);
                    }
                }
            }
        }
    }

    fn joined(&self, lines: &[Line]) -> String {
        let mut words = String::new();
        for line in lines {
            self.hyphenated.join(&mut words, &line_words(line));
        }
        words
    }

    /// Whether lines are smaller than the text.
    fn are_small(&self, lines: &[Line]) -> bool {
        lines.iter().all(|line| line.size < self.body * NOTE_SIZE)
    }

    /// Whether nothing but notes and the foot of the page stands below a block.
    fn is_last(&self, page: &PageLayout, at: usize) -> bool {
        page.blocks.iter().skip(at + 1).all(|block| match block {
            Block::Paragraph { lines, role, .. } => {
                *role == Role::PageFooter
                    || self.are_small(lines)
                    || lines.first().is_some_and(opens_called_note)
                    || is_page_number(&self.joined(lines))
            }
            _ => false,
        })
    }

    /// Whether a paragraph is a footnote: called for above, or smaller than the text and opened by its
    /// sign, with nothing but notes and the foot of the page below.
    fn is_note(&self, page: &PageLayout, at: usize, lines: &[Line], words: &str) -> bool {
        (self.are_small(lines) && opens_as_note(words)
            || lines.first().is_some_and(opens_called_note))
            && self.is_last(page, at)
    }

    /// The lines of a paragraph without the notes at its end, which were called for or are smaller than
    /// the lines above them, and the lines of each note.
    fn without_notes<'l>(
        &self,
        page: &PageLayout,
        at: usize,
        lines: &'l [Line],
    ) -> (&'l [Line], Vec<&'l [Line]>) {
        let small = |line: &Line| self.are_small(std::slice::from_ref(line));
        let opens = |line: &Line| {
            opens_called_note(line) || small(line) && opens_as_note(&line_words(line))
        };
        let n_small = lines.iter().rev().take_while(|line| small(line)).count();
        let first_small = lines.len() - n_small;
        let small_notes = lines.get(first_small).is_some_and(opens).then_some(first_small);
        let called = lines.iter().position(opens_called_note);
        let start = small_notes.into_iter().chain(called).min().unwrap_or(lines.len());
        let (text, notes) = lines.split_at(start);
        let parts = !notes.is_empty() && (!text.is_empty() || notes.iter().skip(1).any(opens));
        if !parts || !self.is_last(page, at) {
            return (lines, Vec::new());
        }
        let mut each = Vec::new();
        let mut rest = notes;
        while let Some((_, behind)) = rest.split_first() {
            let length = 1 + behind.iter().take_while(|line| !opens(line)).count();
            let (note, behind) = rest.split_at(length);
            each.push(note);
            rest = behind;
        }
        (text, each)
    }

    /// Adds running text; it goes on from the page before where that broke off.
    fn running(&mut self, words: String, label: &str) {
        self.has_only_headings = false;
        if let Some(open) = &mut self.open
            && open.page != label
        {
            let breaks_off = open.words.ends_with(|sign: char| {
                sign.is_alphanumeric() || ",-\u{2010}\u{ad}".contains(sign)
            });
            let goes_on = words.starts_with(|sign: char| {
                sign.is_lowercase() || sign.is_alphabetic() && !sign.is_uppercase()
            });
            if breaks_off && goes_on {
                let mut joined = std::mem::take(&mut open.words);
                self.hyphenated.join(&mut joined, &words);
                if let Some(open) = &mut self.open {
                    open.words = joined;
                }
                return;
            }
        }
        self.close();
        self.open = Some(Open { words, page: label.to_owned() });
    }

    /// Adds what lies beside the text: page numbers, running heads.
    fn aside(&mut self, words: String, label: &str) {
        self.waiting.push((words, label.to_owned()));
    }

    /// Adds a note.
    fn note(&mut self, words: &str, label: &str) {
        let page = self.writer.page.replace(label.to_owned());
        self.writer.note(words);
        self.writer.page = page;
    }

    fn put(&mut self, kind: BlockKind, words: &str, label: &str) {
        self.close();
        if let BlockKind::Heading(_) = kind {
            self.has_only_headings |= !self.writer.has_text();
        }
        self.writer.page = Some(label.to_owned());
        self.writer.push(kind, words);
    }

    /// Writes the open paragraph and what waits for its end.
    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.writer.page = Some(open.page);
            self.writer.push(BlockKind::Paragraph, &open.words);
        }
        for (words, page) in std::mem::take(&mut self.waiting) {
            self.writer.page = Some(page);
            self.writer.push(BlockKind::Page, &words);
        }
    }
}
