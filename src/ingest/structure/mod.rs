//! How a document is laid out: title, byline, headings, speakers' turns, captions, paragraphs.
//!
//! Comes in: a text, with the blocks of its markup where it has some. Goes out: a [`Structure`] of
//! spans into that text. Knows no files, no index, and nothing of what the text is about.
//!
//! The stages, in order: lines to blocks (`lines`, `pages`, `tables`, `layout`, `blocks`), cues and the head
//! (`cues`, `turns`, `head`), headings (`score`, `rules`, `headings`, `levels`), and the result
//! (`roles`, `assemble`). The figures were measured on the UN General Debate and on texts with marked headings.

mod assemble;
mod blocks;
mod captions;
mod cues;
mod glyphs;
mod head;
mod headings;
mod layout;
mod levels;
mod lines;
mod numbers;
mod outline;
mod pages;
#[cfg(test)]
mod properties;
mod roles;
mod rules;
mod score;
mod stated;
mod tables;
mod turns;
mod why;
#[rustfmt::skip] // Tables read better packed.
mod words;

pub use outline::{Found, Judged, Structure};

use crate::document::{FurnitureKind, Language, Problem};
use crate::ingest::extract::block::Extracted;
use crate::ingest::sidecar::Anchor;

use blocks::{Block, Kind};

/// Headings and turns of one document. The longest volumes have some thousands; each takes memory of
/// its own, and a million of them more than a process should need.
const MOST_SECTIONS: usize = 100_000;

/// What is known of a document before its layout is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hint<'h> {
    /// Its language, where known. Capitals tell headings from text in English; elsewhere only what
    /// every language shares counts.
    pub language: Option<Language>,
    /// All headings, where a reader states them.
    pub headings: Option<&'h [Anchor]>,
    /// Whether to tell why blocks are headings or not.
    pub explain: bool,
}

/// Reads the layout of a document. Any text is accepted; the running time is linear.
///
/// Every sign of the text that is not white space lies in a paragraph, in a section's heading, in
/// furniture, or is the printed number directly before a paragraph; for marked-up formats, every
/// sign of the blocks. A document that would be furniture alone becomes a paragraph.
pub fn structure(extracted: &Extracted, hint: Hint<'_>) -> Structure {
    let text = extracted.text.as_str();
    let mut blocks = blocks::blocks(extracted);
    headings::mark_cues(text, &mut blocks);
    turns::split_turns(text, &mut blocks);
    let mut head = head::read(text, &mut blocks);
    let body = head.labels.iter().map(|(_, value)| value.span.end).max().unwrap_or(0);
    let candidates = headings::mark(text, &mut blocks, hint, body);
    let mut judged = if hint.explain { why::of(&blocks, candidates) } else { Vec::new() };
    headings::join_names(text, &mut blocks);
    let stated = hint.headings.map(|anchors| stated::obey(text, &mut blocks, anchors));
    keep_text(&mut blocks, &mut head);
    let too_many = bound(&mut blocks);
    levels::set(text, &mut blocks);
    label_paragraphs(text, &mut blocks);
    let marked = extracted.blocks.as_deref().unwrap_or_default();
    let mut structure = assemble::assemble(text, blocks, head, marked);
    if too_many {
        structure.problems.push(Problem::new(format!(
            "has more than {MOST_SECTIONS} headings and turns; those behind are read as text"
        )));
    }
    if let (Some(anchors), Some((found, problems))) = (hint.headings, stated) {
        structure.problems.extend(problems);
        why::add_stated(&mut judged, anchors, &found);
        roles::set_stated(&mut structure, anchors, &found);
    }
    structure.judged = judged;
    structure
}

/// Leaves the headings and turns beyond [`MOST_SECTIONS`] text; whether there were any.
fn bound(blocks: &mut [Block]) -> bool {
    let opens = |block: &&mut Block| matches!(block.kind, Kind::Heading | Kind::Turn);
    let mut beyond = blocks.iter_mut().filter(opens).skip(MOST_SECTIONS).peekable();
    let any = beyond.peek().is_some();
    beyond.for_each(|block| block.kind = Kind::Body);
    any
}

/// Makes body text of what there is, where nothing was taken for it: no document is lost.
fn keep_text(blocks: &mut [Block], head: &mut head::Head) {
    if blocks.iter().any(Block::is_body) {
        return;
    }
    let is_title = |block: &Block| block.kind == Kind::Furniture(FurnitureKind::Title);
    let all = blocks.iter().all(|block| is_title(block) || block.is_page());
    let only_pages = blocks.iter().all(Block::is_page);
    for block in blocks.iter_mut() {
        let stays = is_title(block) && !all || block.is_page() && !only_pages;
        if !stays {
            block.kind = Kind::Body;
        }
    }
    if all {
        head.title = None;
    }
}

/// Tells the printed numbers of paragraphs from numbers of the text: a number is printed by the
/// layout when the numbered paragraph before or after it has the neighbouring number.
fn label_paragraphs(text: &str, blocks: &mut [Block]) {
    let mut numbered: Vec<(usize, numbers::Label)> = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        if !block.is_body() || block.start != glyphs::Start::Digit {
            continue;
        }
        let label = numbers::label(block.of(text)).filter(|label| label.length < block.span.len());
        let clear = |label: &numbers::Label| {
            block.holes.iter().all(|hole| hole.start >= block.span.start + label.length)
        };
        if let Some(label) = label.filter(clear) {
            numbered.push((at, label));
        }
    }
    // Where many paragraphs are numbered, a number or two may have been lost by the scanner.
    let reach = if numbered.len() > 5 { 3 } else { 1 };
    let follows =
        |a: Option<&(usize, numbers::Label)>, b: Option<&(usize, numbers::Label)>| match (a, b) {
            (Some((_, a)), Some((_, b))) => (1..=reach).contains(&b.value.saturating_sub(a.value)),
            _ => false,
        };
    for (place, entry) in numbered.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| numbered.get(before));
        let (at, label) = entry;
        let runs = follows(before, Some(entry)) || follows(Some(entry), numbered.get(place + 1));
        if let Some(block) = blocks.get_mut(*at).filter(|_| runs) {
            block.label = u16::try_from(label.length).unwrap_or(0);
        }
    }
}
