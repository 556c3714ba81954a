//! Which blocks are headings: score, then the rules for whole documents.
//!
//! Comes in: blocks whose furniture by cue, turns and head are known. Goes out: the same with the
//! headings marked.

use crate::document::{FurnitureKind, Language, Span};

use super::blocks::{Block, Kind};
use super::glyphs::End;
use super::rules::{self, Candidate};
use super::score::{self, Case, Neighbours};
use super::{Hint, captions, cues, numbers, pages};

/// Marks the headings among `blocks`.
///
/// Where markup names headings, nothing else is one: writers of HTML and Word files mark what they
/// mean.
///
/// `body` is where the text begins behind the labels of a cable; nothing before is a heading.
///
/// Returns what was judged and why, when that is asked for.
pub(super) fn mark(
    text: &str,
    blocks: &mut [Block],
    hint: Hint<'_>,
    body: usize,
) -> Vec<Candidate> {
    if blocks.iter().any(|block| block.kind == Kind::Heading && block.marked) {
        return Vec::new();
    }
    let mut candidates = judge(text, blocks, hint);
    for candidate in &mut candidates {
        candidate.short &=
            blocks.get(candidate.block).is_some_and(|block| block.span.start >= body);
    }
    rules::recurring_labels(text, blocks, &mut candidates);
    rules::house_style(text, blocks, &mut candidates);
    rules::lists(text, blocks, &mut candidates);
    rules::textless(text, blocks, &mut candidates);
    rules::persons(text, blocks, &mut candidates);
    rules::pairs(text, blocks, &mut candidates);
    rules::closing(text, blocks, &mut candidates);
    rules::lone(text, blocks, &mut candidates);
    let bylines = captions::inner_bylines(text, blocks, &candidates);
    set_aside(&bylines, FurnitureKind::Byline, blocks, &mut candidates);
    let captions = captions::find(text, blocks, &candidates);
    set_aside(&captions, FurnitureKind::Caption, blocks, &mut candidates);
    for candidate in &candidates {
        if candidate.is_heading()
            && let Some(block) = blocks.get_mut(candidate.block)
        {
            block.kind = Kind::Heading;
        }
    }
    if hint.explain { candidates } else { Vec::new() }
}

/// Makes furniture of candidates.
fn set_aside(
    which: &[usize],
    kind: FurnitureKind,
    blocks: &mut [Block],
    candidates: &mut [Candidate],
) {
    for at in which {
        let Some(candidate) = candidates.get_mut(*at) else { continue };
        candidate.reject(match kind {
            FurnitureKind::Byline => "name below a heading",
            _ => "caption: a name that the text has, no title of it",
        });
        candidate.sure = false;
        if let Some(block) = blocks.get_mut(candidate.block) {
            block.kind = Kind::Furniture(kind);
        }
    }
}

/// Scores every block of text.
fn judge(text: &str, blocks: &[Block], hint: Hint<'_>) -> Vec<Candidate> {
    let title_case = hint.language.is_none_or(|language| language == Language::ENGLISH);
    let is_text = |block: &Block| matches!(block.kind, Kind::Body | Kind::Turn);
    let texts: Vec<usize> =
        (0..blocks.len()).filter(|at| blocks.get(*at).is_some_and(is_text)).collect();
    let mut before: Option<&Block> = None;
    let mut candidates = Vec::with_capacity(texts.len());
    let numbered = has_numbered_paragraphs(text, blocks);
    let followers = followers(text, blocks, &texts);
    let mut in_head = true;
    for (place, at) in texts.iter().enumerate() {
        let at = *at;
        let Some(block) = blocks.get(at) else { continue };
        in_head &= block.words < 25;
        let letterhead = in_head && cues::is_letterhead(block.of(text));
        let after = followers.get(place).copied().flatten();
        let short = rules::is_short(block)
            && !letterhead
            && !(numbered && numbers::label(block.of(text)).is_some());
        let mut candidate = Candidate {
            block: at,
            score: -100,
            short,
            sure: false,
            rule: None,
            features: Vec::new(),
        };
        if short {
            let underlined = blocks.get(at + 1).is_some_and(|next| {
                next.is_page() && next.blanks == 0 && pages::is_separator(next.of(text))
            });
            let around = Neighbours { text, before, after, underlined, title_case };
            candidate.score = score::score(block.of(text), block, around);
            if hint.explain {
                let features = &mut candidate.features;
                score::weigh(block.of(text), block, around, &mut |name, weight| {
                    features.push((name, weight));
                });
            }
        }
        candidates.push(candidate);
        before = Some(block);
    }
    candidates
}

/// Joins the name of a part, chapter, article or annex to the line with its number: `PART I` above
/// `GENERAL PROVISIONS`.
pub(super) fn join_names(text: &str, blocks: &mut Vec<Block>) {
    let mut joined: Vec<usize> = Vec::new();
    for at in 1..blocks.len() {
        let (Some(number), Some(name), Some(_)) =
            (blocks.get(at - 1), blocks.get(at), blocks.get(at + 1))
        else {
            continue;
        };
        let words = name.of(text);
        let bare = number.kind == Kind::Heading
            && number.words <= 2
            && !number.marked
            && score::is_division(number.of(text));
        let names = matches!(name.kind, Kind::Body | Kind::Heading)
            && (1..=10).contains(&name.words)
            && matches!(name.end, End::Open)
            && name.blanks <= 1
            && name.holes.is_empty()
            && !score::is_numbered(words)
            && matches!(Case::of(words), Case::Upper | Case::Title);
        if bare && names && joined.last() != Some(&(at - 1)) {
            joined.push(at);
        }
    }
    for at in &joined {
        let Some(end) = blocks.get(*at).map(|name| name.span.end) else { continue };
        if let Some(number) = at.checked_sub(1).and_then(|at| blocks.get_mut(at)) {
            number.span = Span::new(number.span.start, end);
        }
    }
    let (mut place, mut joined) = (0, joined.into_iter().peekable());
    blocks.retain(|_| {
        place += 1;
        joined.next_if_eq(&(place - 1)).is_none()
    });
}

/// The block of text that follows each of `texts`, salutations passed over: a speech greets its
/// hearers under each heading, and what counts is the text behind.
fn followers<'b>(text: &str, blocks: &'b [Block], texts: &[usize]) -> Vec<Option<&'b Block>> {
    let mut followers = vec![None; texts.len()];
    let mut next = None;
    // Backwards, so that many salutations in a row are looked at once.
    for (follower, at) in followers.iter_mut().zip(texts).rev() {
        *follower = next;
        next = match blocks.get(*at) {
            Some(block) if block.words > 12 || !cues::is_salutation(block.of(text)) => Some(block),
            _ => next,
        };
    }
    followers
}

/// Whether numbers before blocks count paragraphs, as in sessions 4 to 39 of UNGDC: then a short
/// numbered block is a short paragraph.
fn has_numbered_paragraphs(text: &str, blocks: &[Block]) -> bool {
    let long = |block: &&Block| {
        block.is_body() && block.words >= 25 && numbers::label(block.of(text)).is_some()
    };
    blocks.iter().filter(long).take(3).count() == 3
}

/// Marks captions, links and footers by their cues.
pub(super) fn mark_cues(text: &str, blocks: &mut [Block]) {
    for block in blocks.iter_mut().filter(|block| block.is_body()) {
        if block.words > 40 {
            continue;
        }
        let words = block.of(text);
        let kind = if block.words <= 12 && cues::is_navigation(words) {
            if cues::is_footer(words) { FurnitureKind::Footer } else { FurnitureKind::Navigation }
        } else if block.words <= 20 && cues::is_caption(words) || starts_as_caption(words) {
            FurnitureKind::Caption
        } else {
            continue;
        };
        block.kind = Kind::Furniture(kind);
    }
}

/// Whether a longer block opens with the cue of a caption.
fn starts_as_caption(words: &str) -> bool {
    ["[photo]", "photo:", "image:", "[image]", "photograph of", "photograph:"]
        .iter()
        .any(|cue| cues::starts_with(words, cue))
        || cues::credit(words).is_some() && cues::is_caption(words)
}
