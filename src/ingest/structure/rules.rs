//! Rules that look at a whole document: recurring labels, lists, house style.
//!
//! Comes in: text blocks and their scores. Goes out: corrected scores. Language-free.

use std::collections::HashMap;

use super::blocks::{Block, clean};
use super::glyphs::End;
use super::{captions, cues, numbers, roles, score};

/// A text block under judgement.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Index of the block.
    pub(super) block: usize,
    /// Score in tenths; above 0 is a heading.
    pub(super) score: i32,
    /// Whether it is short and open enough to be judged at all.
    pub(super) short: bool,
    /// Whether a recurring label or markup makes it a heading whatever else.
    pub(super) sure: bool,
    /// The rule that decided against or for it whatever its score.
    pub(super) rule: Option<&'static str>,
    /// What makes up its score; only when that is asked for.
    pub(super) features: Vec<(&'static str, i32)>,
}

impl Candidate {
    /// Whether it counts as a heading so far.
    pub(super) const fn is_heading(&self) -> bool {
        self.short && (self.sure || self.score > 0)
    }

    /// Makes it none by a rule.
    pub(super) fn reject(&mut self, rule: &'static str) {
        if self.score >= 0 || self.sure {
            self.rule = Some(rule);
        }
        self.score = self.score.min(-1);
    }

    /// Makes it one by a rule.
    pub(super) fn confirm(&mut self, rule: &'static str) {
        self.sure = true;
        self.rule = Some(rule);
    }
}

/// Fewest recurrences of a label.
const RECURRENCES: usize = 3;

/// Recurring labels: where the same words recur with numbers that mostly step by one, all are
/// headings (`Artículo #`, `المادة #`, `第#条`). Raised recall on the Universal Declaration in six
/// languages from .59 to .85.
pub(super) fn recurring_labels(text: &str, blocks: &[Block], candidates: &mut [Candidate]) {
    let mut groups: HashMap<String, Vec<(usize, u32)>> = HashMap::new();
    for (place, candidate) in candidates.iter().enumerate() {
        let Some(block) = blocks.get(candidate.block) else { continue };
        let words = block.of(text);
        if !candidate.short || block.words > 12 || cues::is_caption(words) {
            continue;
        }
        if let Some((residue, value)) = residue(words, block.words) {
            groups.entry(residue).or_default().push((place, value));
        }
    }
    for places in groups.into_values() {
        let steps = places.windows(2).filter(|pair| match pair {
            [(_, a), (_, b)] => *b == a + 1,
            _ => false,
        });
        if places.len() < RECURRENCES || steps.count() * 2 < places.len() - 1 {
            continue;
        }
        for (place, _) in places {
            if let Some(candidate) = candidates.get_mut(place) {
                candidate.confirm("recurring label");
            }
        }
    }
}

/// The words before and after a block's first number, if the number ends a label at its start, and
/// the number. `None` where nothing but the number is left: years are no labels.
fn residue(words: &str, n_words: u16) -> Option<(String, u32)> {
    let (value, place) = numbers::first_number(words)?;
    let before = words.get(..place.start)?.trim();
    let after = words.get(place.end..)?.trim();
    if before.split_whitespace().count() > 2 {
        return None;
    }
    let letters = |part: &str| part.chars().any(char::is_alphabetic);
    // `Article 3. Scope`: the label is what stands before the number. `3. cikk`: what is behind.
    if letters(before) {
        let glued = after.chars().next().filter(|c| c.is_alphabetic());
        return Some((format!("{before}#{}", glued.map(String::from).unwrap_or_default()), value));
    }
    (letters(after) && n_words <= 2).then(|| (format!("#{after}"), value))
}

/// House style: short lines in capitals, or in title case, that end in a colon are headings where three
/// or more of a style stand in a document and most of them look like headings. One alone introduces
/// what follows; labels of cables, dates and links never count.
pub(super) fn house_style(text: &str, blocks: &[Block], candidates: &mut [Candidate]) {
    /// A score below tells that something speaks against a heading.
    const LEAST: i32 = -20;
    for style in [score::Case::Upper, score::Case::Title] {
        let of_style: Vec<usize> = candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| candidate.short && candidate.score >= LEAST)
            .filter(|(_, candidate)| {
                blocks.get(candidate.block).is_some_and(|block| {
                    let words = block.of(text);
                    let bare = words.trim_matches(|c: char| matches!(c, '*' | '_' | ' '));
                    block.end == End::Colon
                        && block.words <= 8
                        && score::Case::of(bare) == style
                        && !cues::is_salutation(words)
                })
            })
            .map(|(at, _)| at)
            .collect();
        let headings = of_style
            .iter()
            .filter(|at| candidates.get(**at).is_some_and(Candidate::is_heading))
            .count();
        let needed = if style == score::Case::Upper { 1 } else { 2 };
        if of_style.len() < RECURRENCES || headings < needed || headings * 3 < of_style.len() {
            continue;
        }
        for at in of_style {
            if let Some(candidate) = candidates.get_mut(at).filter(|c| !c.is_heading()) {
                candidate.score = 1;
                candidate.rule = Some("house style: headings that end in a colon");
            }
        }
    }
}

/// Longest run of short blocks in which all may be headings.
const LONGEST_RUN: usize = 5;

/// List rule: in a run of more than five short blocks of which most score as headings (participants,
/// bibliography, contents), only the last before text stays one, and numbered lines in capitals.
pub(super) fn lists(text: &str, blocks: &[Block], candidates: &mut [Candidate]) {
    let is_listed = |candidate: &Candidate| {
        let block = blocks.get(candidate.block);
        candidate.short && !candidate.sure && block.is_some_and(|block| !block.end.terminates())
    };
    let mut start = 0;
    while start < candidates.len() {
        let run =
            candidates.iter().skip(start).take_while(|candidate| is_listed(candidate)).count();
        let members = candidates.get_mut(start..start + run).unwrap_or_default();
        let headings = members.iter().filter(|candidate| candidate.is_heading()).count();
        if run > LONGEST_RUN && headings * 10 > run * 6 {
            let last = members.len() - 1;
            for (place, candidate) in members.iter_mut().enumerate() {
                let words =
                    blocks.get(candidate.block).map(|block| block.of(text)).unwrap_or_default();
                let kept = place == last
                    || score::is_numbered(words) && score::Case::of(words) == score::Case::Upper;
                if !kept {
                    candidate.reject("list of short lines");
                }
            }
        }
        start += run + 1;
    }
}

/// Pairs: right under a heading another short line is a heading only if a paragraph follows it, or
/// it is of another rank: archive guides list institutions under `Website`.
pub(super) fn pairs(text: &str, blocks: &[Block], candidates: &mut [Candidate]) {
    let mut under_heading = false;
    for place in 0..candidates.len() {
        let follower = candidates.get(place + 1).and_then(|next| blocks.get(next.block));
        let long = follower.is_some_and(|next| next.words >= 25);
        let shorter = candidates.get(place + 1).is_some_and(Candidate::is_heading);
        let Some(candidate) = candidates.get_mut(place) else { return };
        let Some(block) = blocks.get(candidate.block) else { return };
        let strong = candidate.sure
            || score::is_numbered(block.of(text))
            || score::is_marked(block.of(text));
        if under_heading && candidate.is_heading() && !strong && !long && !shorter {
            candidate.reject("second line under a heading");
        }
        under_heading = candidate.is_heading();
    }
}

/// Lists of persons: a name, also with an office behind it, is no heading where no paragraph follows it;
/// minutes name those present line by line, with longer entries in between.
///
/// An initial looks like a number (`V. Roe`, `V. Reform`): it is one where its series began before it.
pub(super) fn persons(text: &str, blocks: &[Block], candidates: &mut [Candidate]) {
    let mut numbers_before: Vec<(numbers::Scheme, u32)> = Vec::new();
    for place in 0..candidates.len() {
        let follower = candidates.get(place + 1).and_then(|next| blocks.get(next.block));
        let headed = follower.is_some_and(|next| next.words >= 25);
        let Some(candidate) = candidates.get_mut(place) else { return };
        if !candidate.is_heading() {
            continue;
        }
        let Some(block) = blocks.get(candidate.block) else { return };
        let words = block.of(text);
        numbers_before.extend(numbers::scheme(words).map(|(scheme, value, _)| (scheme, value)));
        if candidate.sure || headed {
            continue;
        }
        let name = words.split([',', '(']).next().unwrap_or(words).trim();
        let counts = numbers::scheme(words).is_some_and(|(scheme, value, _)| {
            value == 1 || numbers_before.contains(&(scheme, value.saturating_sub(1)))
        });
        if captions::is_personal(name) && !counts && !score::is_marked(words) {
            candidate.reject("person in a list");
        }
    }
}

/// An imprint at the end, as `Office of Papers, Ministry of Trade`, has a comma and no text behind.
pub(super) fn closing(text: &str, blocks: &[Block], candidates: &mut [Candidate]) {
    let from = candidates.len().saturating_sub(3);
    let mut text_follows = false;
    for candidate in candidates.get_mut(from..).unwrap_or_default().iter_mut().rev() {
        let Some(block) = blocks.get(candidate.block) else { return };
        if !text_follows && block.of(text).contains(',') && !candidate.sure {
            candidate.reject("imprint at the end");
        }
        text_follows |= block.words > 12 || block.end.terminates();
    }
}

/// Where there is no running text there is nothing to head: a list of names has no headings, unless
/// they are numbered or marked.
pub(super) fn textless(text: &str, blocks: &[Block], candidates: &mut [Candidate]) {
    let runs = |candidate: &Candidate| {
        blocks.get(candidate.block).is_some_and(|block| block.words > 12 || block.end.terminates())
    };
    if candidates.iter().any(runs) {
        return;
    }
    for candidate in candidates.iter_mut() {
        let words = blocks.get(candidate.block).map(|block| block.of(text)).unwrap_or_default();
        if !score::is_marked(words) && !score::is_numbered(words) {
            candidate.reject("no running text");
        }
    }
}

/// A long text is not parted by a single heading, unless it is marked, in capitals or names a part
/// of a document: in speeches of UNGDC nearly all single ones were lines broken by accident or words
/// that introduce a quotation.
pub(super) fn lone(text: &str, blocks: &[Block], candidates: &mut [Candidate]) {
    /// Paragraphs of 25 words or more that make a text long.
    const LONG: usize = 12;
    let mut headings = candidates.iter_mut().filter(|candidate| candidate.is_heading());
    let (Some(only), None) = (headings.next(), headings.next()) else { return };
    let Some(block) = blocks.get(only.block) else { return };
    let words = block.of(text);
    let clear = only.sure
        || score::is_marked(words)
        || score::is_division(words) && block.end != End::Colon
        || matches!(numbers::scheme(words), Some((numbers::Scheme::Roman, _, _)))
        || roles::role(&clean(words)).is_some()
        || score::Case::of(words) == score::Case::Upper && block.words > 1;
    let paragraphs = blocks.iter().filter(|block| block.is_body() && block.words >= 25).count();
    if !clear && (paragraphs >= LONG || block.end == End::Colon) {
        only.reject("single heading of a long text");
    }
}

/// Whether a block can be judged as a heading at all.
pub(super) fn is_short(block: &Block) -> bool {
    block.is_body() && block.words <= score::MOST_WORDS && block.words > 0 && block.end != End::Soft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_in_a_list_are_no_headings() {
        let judge = |lines: &[&str]| {
            let text = lines.join("\n");
            let mut at = 0;
            let mut blocks = Vec::new();
            for line in lines {
                let span = crate::document::Span::new(at, at + line.len());
                blocks.push(Block::new(&text, span, 1, 0));
                at += line.len() + 1;
            }
            let candidate = |block| Candidate {
                block,
                score: 1,
                short: true,
                sure: false,
                rule: None,
                features: Vec::new(),
            };
            let mut candidates: Vec<Candidate> = (0..blocks.len()).map(candidate).collect();
            persons(&text, &blocks, &mut candidates);
            candidates.iter().filter(|candidate| candidate.is_heading()).count()
        };
        assert_eq!(judge(&["S. Everett Roe", "E. Taylor Doe, Chief", "Mr. Roy (Absent)"]), 0);
        assert_eq!(judge(&["IV. Peace", "V. Nuclear Disarmament", "A. Trade", "B. Ports"]), 4);
        assert_eq!(judge(&["Nuclear Disarmament"]), 1);
    }

    #[test]
    fn labels_are_what_is_left_without_the_number() {
        for (words, expected) in [
            ("Artículo 12", Some(("Artículo#", 12))),
            ("المادة 3", Some(("المادة#", 3))),
            ("第三条", Some(("第#条", 3))),
            ("Article 3. Scope", Some(("Article#", 3))),
            ("1945", None),
            ("Peace", None),
        ] {
            let found = residue(words, 2);
            assert_eq!(found.as_ref().map(|(label, n)| (label.as_str(), *n)), expected, "{words}");
        }
    }
}
