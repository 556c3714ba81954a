//! Lines of a page to the words of a paragraph; words that a hyphen parts at the end of a line are
//! joined.

use std::collections::BTreeSet;

use pdfboss_output::{Line, PageLayout};

use super::spans::NOTE_MARK;

/// Whether the note that a number called for opens with a line.
pub(super) fn opens_called_note(line: &Line) -> bool {
    line.inlines.first().is_some_and(|inline| inline.text.trim_start().starts_with(NOTE_MARK))
}

/// The words of a line.
pub(super) fn line_words(line: &Line) -> String {
    let words: String = line.inlines.iter().map(|inline| inline.text.as_str()).collect();
    // Fonts draw some letters as one sign.
    words
        .chars()
        .filter(|sign| (!sign.is_control() || *sign == '\t') && *sign != NOTE_MARK)
        .flat_map(|sign| {
            ligature(sign).map_or_else(|| vec![sign], |letters| letters.chars().collect())
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The letters of a Latin ligature.
const fn ligature(sign: char) -> Option<&'static str> {
    Some(match sign {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        _ => return None,
    })
}

/// The words that stand within lines: they tell whether a hyphen at the end of a line belongs to a
/// word (`win-win`) or only parts it.
#[derive(Debug, Default)]
pub(super) struct Hyphenated(BTreeSet<String>);

impl Hyphenated {
    /// Collects them from all lines.
    pub(super) fn of(pages: &[PageLayout]) -> Self {
        let lines = pages.iter().flat_map(|page| &page.blocks).flat_map(super::layout::lines);
        Self::of_lines(lines.map(line_words))
    }

    /// Collects them from the words of lines.
    pub(super) fn of_lines(lines: impl Iterator<Item = String>) -> Self {
        let mut found = BTreeSet::new();
        for words in lines {
            let parted = words.ends_with(['-', '\u{2010}', '\u{ad}']);
            let mut words: Vec<&str> = words.split_whitespace().collect();
            if parted {
                words.pop();
            }
            found.extend(words.into_iter().map(bare).filter(|word| !word.is_empty()));
        }
        Self(found)
    }

    /// Whether the hyphen between two parts belongs to the word.
    fn keeps(&self, head: &str, tail: &str) -> bool {
        let (head, tail) = (bare(head), bare(tail));
        let has = |word: &str| self.0.contains(word);
        if has(&format!("{head}-{tail}")) {
            return true;
        }
        !has(&format!("{head}{tail}")) && (head == tail || has(&head) && has(&tail))
    }

    /// Adds a line to the words before it.
    pub(super) fn join(&self, words: &mut String, line: &str) {
        if line.is_empty() {
            return;
        }
        if words.is_empty() {
            words.push_str(line);
            return;
        }
        let first = line.chars().next().unwrap_or(' ');
        if let Some(soft) = words.strip_suffix('\u{ad}') {
            words.truncate(soft.len());
            words.push_str(line);
            return;
        }
        let parted = words.ends_with(['-', '\u{2010}'])
            && words.chars().rev().nth(1).is_some_and(char::is_alphabetic)
            && first.is_alphabetic();
        if parted {
            let head = words.rsplit(char::is_whitespace).next().unwrap_or_default();
            let tail = line.split(char::is_whitespace).next().unwrap_or_default();
            let keeps = first.is_uppercase() || self.keeps(head, tail);
            if !keeps {
                words.pop();
            }
            words.push_str(line);
            return;
        }
        // Chinese and Japanese part lines anywhere and have no blanks.
        let wide = |sign: char| matches!(u32::from(sign), 0x3000..=0x30ff | 0x3400..=0x9fff | 0xf900..=0xfaff | 0xff00..=0xffef);
        if !(words.ends_with(wide) && wide(first)) {
            words.push(' ');
        }
        words.push_str(line);
    }
}

/// A word in lower case without the signs around it.
fn bare(word: &str) -> String {
    word.trim_matches(|sign: char| !sign.is_alphanumeric()).replace('\u{2010}', "-").to_lowercase()
}
