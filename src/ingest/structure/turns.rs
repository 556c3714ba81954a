//! Speakers' turns: `Mr. Roe (Norway):`, `The PRESIDENT (interpretation from French):`, `Q:`.
//!
//! Comes in: blocks. Goes out: blocks in which every label of a turn is a block of its own. Verbatim
//! records, press briefings and interviews need it.

use std::collections::HashMap;

use crate::document::{FurnitureKind, Span};

use super::blocks::{Block, Kind, clean, trimmed};
use super::cues::{is_name, starts_with};
use super::glyphs::is_blank;
use super::score::Case;
use super::words::{ADDRESSES, SPEAKING_OFFICES, TITLES_IN_CAPITALS};

/// A label is not longer, in bytes: name, country and the note on interpretation.
const LONGEST: usize = 140;

/// Who speaks, as a label says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Speaker {
    /// Name or office, white space folded.
    pub(super) name: String,
    /// Whom the speaker represents.
    pub(super) represents: Option<String>,
}

/// How sure a label is on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    /// Address, name and country: one is enough.
    Sure,
    /// An office or an address: others must be near.
    Likely,
    /// A name in capitals: it must recur, or others of the kinds above be near.
    Capitals,
}

/// Cuts the labels of turns loose from the text behind them.
///
/// Labels of offices and names in capitals count only where the document has at least two labels.
/// A document whose only label opens it has one speaker: the label is its byline.
pub(super) fn split_turns(text: &str, blocks: &mut Vec<Block>) {
    let mut found: Vec<Option<(usize, Strength)>> = blocks
        .iter()
        .map(|block| if block.is_body() { label(block.of(text)) } else { None })
        .collect();
    drop_single_capitals(text, blocks, &mut found);
    let labels = found.iter().flatten().count();
    let sure = found.iter().flatten().filter(|(_, strength)| *strength == Strength::Sure).count();
    let first_text = blocks.iter().position(|block| block.is_body() && block.words >= 5);
    // Behind a speech the chair goes on: a turn of its own, though the only one with a label.
    let chairs = |at: usize, length: usize| {
        blocks.get(at).is_some_and(|block| is_chair(block.of(text), length))
            && first_text.is_some_and(|first| at > first)
    };
    let only = || found.iter().enumerate().find_map(|(at, found)| Some((at, (*found)?.0)));
    let tail = labels == 1 && only().is_some_and(|(at, length)| chairs(at, length));
    if labels == 0 || sure == 0 && labels < 2 && !tail {
        return;
    }
    let opens = found.iter().position(Option::is_some);
    let kind = match (labels, opens, first_text) {
        (1, Some(label), Some(text)) if label <= text => Kind::Furniture(FurnitureKind::Byline),
        _ => Kind::Turn,
    };
    let old = std::mem::take(blocks);
    blocks.reserve(old.len() + labels);
    for (block, found) in old.into_iter().zip(found) {
        match found {
            Some((length, _)) => {
                let start = block.span.start;
                let label = Block {
                    kind,
                    ..Block::new(text, Span::new(start, start + length), block.line, block.blanks)
                };
                let rest = trimmed(text, Span::new(start + length, block.span.end));
                let label = Block { source: block.source, ..label };
                blocks.push(label);
                if !rest.is_empty() {
                    blocks.push(Block {
                        holes: block.holes,
                        source: block.source,
                        ..Block::new(text, rest, block.line, 0)
                    });
                }
            }
            None => blocks.push(block),
        }
    }
}

/// Whether the label of an office opens what a chair says between speakers.
fn is_chair(text: &str, length: usize) -> bool {
    const FORMULAS: &[&str] = &[
        "on behalf of",
        "i now ",
        "i thank",
        "i wish to thank",
        "i should like to thank",
        "i give the floor",
        "i call on",
        "before ",
        "we have heard",
        "we shall now",
        "the assembly",
        "the next speaker",
        "the general assembly",
        "the meeting",
        "there are no more",
        "that concludes",
        "may i remind",
        "au nom de",
        "je remercie",
        "je donne",
        "en nombre de",
        "doy las gracias",
        "doy la palabra",
    ];
    let (Some(label), Some(said)) = (text.get(..length), text.get(length..)) else { return false };
    let name = speaker(label).name.to_lowercase();
    let said = said.trim_start();
    SPEAKING_OFFICES.contains(&name.as_str())
        && name.contains(' ')
        && FORMULAS.iter().any(|formula| starts_with(said, formula))
}

/// Drops names in capitals that stand before one colon only: they may be anything.
fn drop_single_capitals(text: &str, blocks: &[Block], found: &mut [Option<(usize, Strength)>]) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let name = |block: &Block, length: usize| block.of(text).get(..length).unwrap_or_default();
    for (block, label) in blocks.iter().zip(found.iter()) {
        if let Some((length, Strength::Capitals)) = label {
            *counts.entry(name(block, *length)).or_default() += 1;
        }
    }
    for (block, label) in blocks.iter().zip(found) {
        if let Some((length, Strength::Capitals)) = label
            && counts.get(name(block, *length)).is_none_or(|count| *count < 2)
        {
            *label = None;
        }
    }
}

/// Whether a line opens with a label that is sure on its own.
pub(super) fn opens_turn(line: &str) -> bool {
    label(line).is_some_and(|(_, strength)| strength == Strength::Sure)
}

/// Length of the label that `text` opens with, its colon included.
fn label(text: &str) -> Option<(usize, Strength)> {
    let mut depth = 0_i32;
    let mut colon = None;
    for (at, byte) in text.bytes().take(LONGEST).enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b':' if depth <= 0 => {
                colon = Some(at);
                break;
            }
            b'.' if at > 40 && depth == 0 => return None,
            b'?' | b'!' | b';' | b',' if depth <= 0 && at > 0 && byte != b',' => return None,
            _ => {}
        }
    }
    let colon = colon?;
    let bare = text.get(..colon)?.trim_matches(|c: char| matches!(c, '*' | '_') || is_blank(c));
    let length =
        text.get(colon + 1..)?.bytes().take_while(|b| matches!(b, b'*' | b'_')).count() + colon + 1;
    let name_end = bare.find('(').unwrap_or(bare.len());
    let name = bare.get(..name_end)?.trim();
    if name.is_empty() || name.split_whitespace().count() > 7 {
        return None;
    }
    let bracketed = name_end < bare.len() && bare.ends_with(')');
    if name_end < bare.len() && !bracketed {
        return None;
    }
    if SPEAKING_OFFICES.contains(&name.to_lowercase().as_str()) {
        return Some((length, Strength::Likely));
    }
    let addressed = ADDRESSES.iter().any(|form| {
        name.strip_prefix(form).is_some_and(|rest| {
            let rest = rest.trim_start_matches(is_blank);
            rest.len() + form.len() < name.len()
                && rest.chars().next().is_some_and(char::is_uppercase)
        })
    });
    // "Mr. President:" addresses the chair.
    let chair = ["president", "chair", "secretary-general", "speaker"]
        .iter()
        .any(|office| name.split(is_blank).any(|word| starts_with(word, office)));
    if addressed && !chair && (bracketed || name.split_whitespace().count() <= 5) {
        return Some((length, if bracketed { Strength::Sure } else { Strength::Likely }));
    }
    let label_of_cable = super::cues::labelled(text).is_some();
    // A country stands in the brackets, not years: `Second Phase (1921-1938): …` is a heading.
    let years = bare.get(name_end..)?.contains(|c: char| c.is_ascii_digit());
    if bracketed && is_name(name) && !label_of_cable && !years {
        return Some((length, Strength::Likely));
    }
    let capitals = Case::of(name) == Case::Upper && name.len() >= 3;
    let named = name.split_whitespace().count() <= 4 && !name.contains(|c: char| c.is_numeric());
    let titled = TITLES_IN_CAPITALS.iter().any(|title| starts_with(name, title));
    let strength = if titled { Strength::Likely } else { Strength::Capitals };
    (capitals && named && !label_of_cable && !is_heading_word(name)).then_some((length, strength))
}

/// Words in capitals before a colon that are no speakers.
fn is_heading_word(name: &str) -> bool {
    /// Words that stand in no speaker's name.
    const NEVER: &[&str] = &[
        "release",
        "releases",
        "sheet",
        "item",
        "items",
        "part",
        "chapter",
        "article",
        "section",
        "advisory",
        "update",
        "and",
        "the",
        "of",
        "for",
        "on",
        "security",
        "peace",
        "development",
        "rights",
        "report",
    ];
    const WORDS: &[&str] = &[
        "note",
        "notes",
        "comment",
        "summary",
        "annex",
        "introduction",
        "conclusion",
        "background",
        "contents",
        "abstract",
        "source",
        "sources",
        "warning",
        "important",
        "transcript",
        "remarks",
        "text",
        "statement",
        "agenda",
        "decision",
        "action",
        "issue",
        "distribution",
    ];
    name.split_whitespace().count() > 3
        || name
            .split_whitespace()
            .any(|word| NEVER.iter().any(|never| word.eq_ignore_ascii_case(never)))
        || WORDS.iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// Reads a label: name or office, and whom the speaker represents.
pub(super) fn speaker(label: &str) -> Speaker {
    let label = clean(label);
    let bare = label.trim_end_matches([':', '*', '_', ' ']);
    let name = bare.split('(').next().unwrap_or_default().trim();
    let represents = bare
        .split('(')
        .skip(1)
        .filter_map(|part| part.split(')').next())
        .map(str::trim)
        .find(|part| !part.is_empty() && !is_note(part))
        .map(str::to_owned);
    Speaker { name: name.to_owned(), represents }
}

/// Whether bracketed words tell of the language spoken, not of a country.
fn is_note(words: &str) -> bool {
    const NOTES: &[&str] = &[
        "interpretation",
        "spoke in",
        "translated",
        "continued in",
        "translation",
        "via ",
        "traduction",
        "interprétation",
        "interpretación",
        "говорит по",
        "through",
        "original",
    ];
    NOTES.iter().any(|note| starts_with(words, note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_speakers() {
        for (text, expected) in [
            ("Mr. Roe (Norway): We agree.", Some((17, Strength::Sure))),
            ("The PRESIDENT (interpretation from French): I thank", Some((43, Strength::Likely))),
            ("SECRETARY ROE: Good morning", Some((14, Strength::Likely))),
            ("Q: And then?", Some((2, Strength::Likely))),
            ("Mr. President: I congratulate you", None),
            ("SUBJECT: Talks", None),
            ("PRESS RELEASE: Talks", None),
            ("We ask one thing: peace", None),
        ] {
            assert_eq!(label(text), expected, "{text}");
        }
    }

    #[test]
    fn the_chair_behind_a_speech_has_a_turn() {
        let split = |tail: &str| {
            let text = format!("We agree with what was said here today.\n{tail}");
            let at = text.find(tail).unwrap();
            let mut blocks = vec![
                Block::new(&text, Span::new(0, at - 1), 1, 0),
                Block::new(&text, Span::new(at, text.len()), 2, 0),
            ];
            split_turns(&text, &mut blocks);
            blocks.iter().filter(|block| block.kind == Kind::Turn).count()
        };
        assert_eq!(
            split("The Acting President: On behalf of the Assembly, I thank the speaker."),
            1
        );
        assert_eq!(split("The President: I now call on the next speaker."), 1);
        assert_eq!(split("The President: a life in the service of peace."), 0);
        assert_eq!(split("Second Phase (1921-1938): The first orders were issued."), 0);
    }

    #[test]
    fn who_speaks_and_for_whom() {
        let found = speaker("Mr. ROE (Norway) (interpretation from French):");
        assert_eq!((found.name.as_str(), found.represents.as_deref()), ("Mr. ROE", Some("Norway")));
        assert_eq!(speaker("The President (spoke in Spanish):").represents, None);
    }

    #[test]
    fn the_only_label_of_a_document_is_its_byline() {
        let text = "Mr. Roe (Norway): We agree with what was said here.";
        let mut blocks = vec![Block::new(text, Span::new(0, text.len()), 1, 0)];
        split_turns(text, &mut blocks);
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[0].kind, Kind::Furniture(FurnitureKind::Byline));
        assert_eq!(blocks[1].of(text), "We agree with what was said here.");
    }
}
