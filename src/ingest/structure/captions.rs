//! Captions without a cue: names of persons and things under pictures that look like headings.
//!
//! Comes in: candidates that score as headings. Goes out: which of them are captions. Measured on
//! the texts with marked headings: 99 of 179 false headings of the plain score were such captions.
//!
//! Three signs, none of them enough alone: the words are proper names (the body never writes them
//! in lower case); they name a person (an office, a common given name or an initial comes first);
//! the text before speaks of them already, as a caption interrupts a section.

use std::collections::HashMap;

use super::blocks::Block;
use super::cues;
use super::glyphs::is_blank;
use super::rules::Candidate;
use super::score::{self, Case};
use super::words::{GIVEN_NAMES, OFFICES, PICTURES, SMALL};

/// Whether the words open with a common given name.
pub(super) fn is_given(words: &str) -> bool {
    words.split(is_blank).next().is_some_and(|first| GIVEN_NAMES.contains(&first))
}

/// Whether the words are one person's name and no more: with a form of address, an initial or a
/// common given name.
pub(super) fn is_personal(words: &str) -> bool {
    let bare = ["Mr. ", "Mrs. ", "Ms. ", "Dr. ", "Professor ", "Prof. ", "Ambassador ", "Sir "]
        .iter()
        .find_map(|form| words.strip_prefix(form));
    let initial = words.split(is_blank).any(|word| {
        word.len() == 2 && word.ends_with('.') && word.starts_with(|c: char| c.is_ascii_uppercase())
    });
    match bare {
        Some(name) => name.starts_with(char::is_uppercase) && name.split(is_blank).count() <= 4,
        None => cues::is_name(words) && (initial || is_given(words)),
    }
}

/// What the words of a candidate are.
#[derive(Debug, Clone, Copy, Default)]
struct Nature {
    /// Every content word is a proper name by the body's own spelling.
    proper: bool,
    /// It names a person and says no more than what the person is or does.
    person: bool,
    /// The block before holds its last word.
    spoken_of: bool,
}

/// Indices, into `candidates`, of those that are captions.
pub(super) fn find(text: &str, blocks: &[Block], candidates: &[Candidate]) -> Vec<usize> {
    let headings = candidates.iter().filter(|candidate| candidate.is_heading()).count();
    let suspects: Vec<usize> = (0..candidates.len())
        .filter(|at| {
            candidates.get(*at).is_some_and(|candidate| is_suspect(text, blocks, candidate))
        })
        .collect();
    if suspects.is_empty() {
        return suspects;
    }
    let spelling = spelling(text, blocks, candidates, &suspects);
    let judged: Vec<(usize, Nature)> = suspects
        .iter()
        .filter_map(|at| {
            let candidate = candidates.get(*at)?;
            let words = blocks.get(candidate.block)?.of(text);
            let before = at.checked_sub(1).and_then(|at| candidates.get(at));
            let before =
                before.and_then(|before| blocks.get(before.block)).map(|block| block.of(text));
            Some((*at, nature(words, before.unwrap_or_default(), &spelling)))
        })
        .collect();
    let persons = judged.iter().filter(|(_, nature)| nature.person).count();
    let uniform = is_uniform(text, blocks, candidates);
    judged
        .into_iter()
        .filter(|(at, nature)| {
            let words = candidates.get(*at).and_then(|candidate| blocks.get(candidate.block));
            let words = words.map(|block| block.of(text)).unwrap_or_default();
            // Where most headings are names of persons, persons are what the text is about.
            let rare = persons * 3 <= headings * 2 || headings <= 2;
            is_picture(words)
                || nature.person && (nature.proper || nature.spoken_of) && rare
                || nature.proper && (uniform || nature.spoken_of && headings >= 4)
        })
        .map(|(at, _)| at)
        .collect()
}

/// Whether a heading could be a caption: without number, mark, colon or question, not all in
/// capitals, and between blocks of text.
fn is_suspect(text: &str, blocks: &[Block], candidate: &Candidate) -> bool {
    let Some(block) = blocks.get(candidate.block) else { return false };
    let words = block.of(text);
    candidate.is_heading()
        && !candidate.sure
        && block.words >= 2
        && block.words <= 20
        && !words.ends_with([':', '?'])
        && !words.starts_with(['#', '*', '_'])
        && !score::is_numbered(words)
        && !matches!(Case::of(words), Case::Upper)
}

/// Whether the document's headings are of one style that a suspect lacks: at least three numbered,
/// or in capitals, and those at least as many as the others.
fn is_uniform(text: &str, blocks: &[Block], candidates: &[Candidate]) -> bool {
    let (mut numbered, mut upper, mut all) = (0, 0, 0);
    for candidate in candidates.iter().filter(|candidate| candidate.is_heading()) {
        let Some(block) = blocks.get(candidate.block) else { continue };
        let words = block.of(text);
        all += 1;
        numbered += usize::from(score::is_numbered(words));
        upper += usize::from(Case::of(words) == Case::Upper);
    }
    let styled = numbered.max(upper);
    styled >= 3 && styled * 2 >= all
}

/// Indices, into `candidates`, of bylines under the headings of chapters: a bare name right below a
/// heading and above text, with an initial or a given name, or that recurs.
pub(super) fn inner_bylines(text: &str, blocks: &[Block], candidates: &[Candidate]) -> Vec<usize> {
    let words = |at: usize| {
        candidates
            .get(at)
            .and_then(|candidate| blocks.get(candidate.block))
            .map(|block| block.of(text))
    };
    let under_heading = |at: usize| {
        at.checked_sub(1).and_then(|at| candidates.get(at)).is_some_and(Candidate::is_heading)
    };
    let names: Vec<(usize, &str)> = (0..candidates.len())
        .filter(|at| candidates.get(*at).is_some_and(Candidate::is_heading) && under_heading(*at))
        .filter_map(|at| words(at).map(|words| (at, words)))
        .filter(|(_, words)| cues::are_names(words))
        .collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (_, name) in &names {
        *counts.entry(name).or_default() += 1;
    }
    let recurs = |name: &str| counts.get(name).is_some_and(|count| *count > 1);
    names
        .into_iter()
        .filter(|(_, name)| is_given(name) || is_person(name) || recurs(name))
        .map(|(at, _)| at)
        .collect()
}

/// A content word of a candidate: letters only, without possessive.
fn content(words: &str) -> impl Iterator<Item = &str> {
    words
        .split(|c: char| is_blank(c) || matches!(c, '/' | '–' | '—'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .map(|word| word.strip_suffix("’s").or_else(|| word.strip_suffix("'s")).unwrap_or(word))
        .filter(|word| word.chars().any(char::is_alphabetic) && !SMALL.contains(word))
}

/// How the body writes the words of suspects: for each word in lower case, how often it stands in
/// lower case and how often with a capital.
fn spelling(
    text: &str,
    blocks: &[Block],
    candidates: &[Candidate],
    suspects: &[usize],
) -> HashMap<String, (u32, u32)> {
    let mut spelling: HashMap<String, (u32, u32)> = HashMap::new();
    for at in suspects {
        let block = candidates.get(*at).and_then(|candidate| blocks.get(candidate.block));
        for word in content(block.map(|block| block.of(text)).unwrap_or_default()) {
            spelling.entry(word.to_lowercase()).or_default();
        }
    }
    let mut folded = String::new();
    for candidate in candidates.iter().filter(|candidate| !candidate.is_heading()) {
        let Some(block) = blocks.get(candidate.block) else { continue };
        for word in content(block.of(text)) {
            folded.clear();
            folded.extend(word.chars().flat_map(char::to_lowercase));
            if let Some((lower, upper)) = spelling.get_mut(&folded) {
                if word.starts_with(char::is_lowercase) {
                    *lower += 1;
                } else {
                    *upper += 1;
                }
            }
        }
    }
    spelling
}

/// Judges the words of a suspect.
fn nature(words: &str, before: &str, spelling: &HashMap<String, (u32, u32)>) -> Nature {
    let is_office = |word: &str| OFFICES.contains(&word) || word == "State";
    let mut proper = true;
    let (mut known, mut n_words) = (0, 0);
    let mut last = "";
    for word in content(words) {
        let (lower, upper) = spelling.get(&word.to_lowercase()).copied().unwrap_or_default();
        let opens = word.starts_with(char::is_uppercase);
        if !opens || lower > 0 && !is_office(word) {
            proper = false;
        }
        known += usize::from(upper > 0 || is_office(word));
        n_words += 1;
        last = word;
    }
    proper &= known == n_words && (1..=7).contains(&n_words);
    let spoken_of = last.len() >= 4 && holds_word(before, last);
    Nature { proper, person: is_person(words), spoken_of }
}

/// Whether `text` holds `word` as a word.
fn holds_word(text: &str, word: &str) -> bool {
    content(text).any(|other| other == word)
}

/// Whether the words are a person's name, with an office before or after it, or with what the
/// person does in the picture.
fn is_person(words: &str) -> bool {
    let first = words.split(is_blank).next().unwrap_or_default();
    let office = OFFICES.contains(&first);
    let given = GIVEN_NAMES.contains(&first);
    let initial = words.split(is_blank).skip(1).any(|word| {
        word.len() == 2 && word.ends_with('.') && word.starts_with(|c: char| c.is_ascii_uppercase())
    });
    if !office && !given && !initial {
        return false;
    }
    if let Some((name, rest)) = words.split_once(',') {
        return cues::is_name(name)
            && (cues::is_role(rest) || rest.trim_start().starts_with("with ") || rest.len() <= 4);
    }
    let mut names = 0;
    for word in words.split(is_blank).filter(|word| !word.is_empty()) {
        if word.ends_with("’s") || word.ends_with("'s") {
            return false;
        }
        if word.starts_with(char::is_uppercase) {
            names += 1;
        } else if matches!(word, "of" | "the" | "de" | "von" | "van" | "al" | "bin") && names > 0 {
            // `Secretary of State Jane Roe`.
        } else {
            // `Jane Roe signing the treaty`.
            return names >= 2 && word.len() > 4 && word.ends_with("ing");
        }
        if word.contains(|c: char| c.is_ascii_digit()) {
            return false;
        }
    }
    names >= 2 && (given || initial || names >= 3 || office)
}

/// Whether the words speak of a picture: `Illustration of …`, `Book Cover of …`.
fn is_picture(words: &str) -> bool {
    let mut all = words.split(is_blank).filter(|word| !word.is_empty());
    let mut n_words = 0;
    while let Some(word) = all.next() {
        n_words += 1;
        if n_words > 3 {
            return false;
        }
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if PICTURES.iter().any(|picture| bare.eq_ignore_ascii_case(picture)) {
            return all.next().is_some_and(|next| {
                matches!(next, "of" | "in" | "by" | "from" | "showing" | "originally" | "depicting")
                    || next.ends_with("ing")
            });
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_names_and_no_more() {
        for words in [
            "President Woodrow Roe",
            "Secretary of State John Doe",
            "Henry M. Doe",
            "John Doe, Fourth Secretary of Trade",
            "President Roe signing the Act of Union into Law",
        ] {
            assert!(is_person(words), "{words}");
        }
        for words in [
            "John Doe’s Farewell",
            "Global Challenges",
            "President Roe and the League",
            "John Doe in 1945",
        ] {
            assert!(!is_person(words), "{words}");
        }
    }

    #[test]
    fn pictures_are_named() {
        assert!(is_picture("Illustration of a Harbor"));
        assert!(is_picture("Book Cover of the First Edition"));
        assert!(!is_picture("A View to the Future"));
        assert!(!is_picture("The Map Room"));
    }
}
