//! Where sentences end, and how many words a stretch holds.
//!
//! Comes in: a stretch of text with holes (page furniture) that no sentence counts. Goes out: spans.
//! Knows no language: the abbreviations are those of English, French, Spanish and German documents,
//! the terminators those of all living scripts.

use super::bytes::{any, count_pairs};
use crate::document::Span;

/// Abbreviations that never end a sentence: forms of address and the like, in lower case.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "gen", "col", "lt", "capt", "sgt", "maj", "adm", "gov",
    "sen", "rep", "hon", "rev", "fr", "sr", "sra", "srta", "mme", "mlle", "messrs", "vs", "cf",
    "viz", "ca", "hrsg", "bzw", "ltd-gen", "brig", "amb", "e.g", "i.e", "h.e", "h.m", "h.r.h",
    "z.b", "d.h", "s.e", "p.ej", "ee", "uu", "ph", "mt", "ft", "г", "проф", "им",
];

/// Abbreviations that go with a number: no sentence ends between the two.
const COUNTED: &[&str] = &[
    "no", "nos", "art", "arts", "para", "paras", "par", "p", "pp", "vol", "vols", "fig", "figs",
    "ch", "chap", "sec", "sect", "ed", "eds", "op", "res", "doc", "add", "corr", "rev", "supp",
    "suppl", "nr", "num", "núm", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
    "oct", "nov", "dec", "n", "t", "c", "cap", "abs", "bd", "approx", "cit",
];

/// Words that open sentences: before one of them even `U.S.` ends a sentence.
const OPENERS: &[&str] = &[
    "The", "We", "It", "In", "This", "I", "He", "She", "They", "But", "And", "There", "These",
    "Those", "As", "For", "Our", "My", "At", "On", "If", "When", "That", "To", "What", "Let",
    "Such", "Thus", "However", "A", "An", "No", "Not", "So", "Yet", "His", "Her", "Its", "Their",
    "With", "By", "From", "After",
];

/// Adds the sentences of `span` to `found`: without the white space around them, in order, together
/// holding every sign of the span that is neither white space nor, at a sentence's end, a hole.
///
/// A sentence ends at a terminator, closing quotes, white space and then a capital, digit or letter
/// without case; in Chinese and Japanese at the terminator alone. `holes` lie
/// inside the span, in order.
pub fn split(text: &str, span: Span, holes: &[Span], found: &mut Vec<Span>) {
    let mut scan = Scan { text, bytes: text.as_bytes(), end: span.end.min(text.len()), holes };
    let mut at = scan.skip_blank(span.start);
    let mut start = at;
    while at < scan.end {
        if let Some(hole) = scan.hole_at(at) {
            at = hole.end;
            continue;
        }
        let stop = scan.holes.first().map_or(scan.end, |hole| hole.start.min(scan.end));
        at = scan.next_mark(at, stop);
        let Some((length, wide)) = terminator(scan.bytes, at).filter(|_| at < stop) else {
            at = if at < stop { at + 1 } else { stop };
            continue;
        };
        let after = scan.skip_closers(at + length);
        let next = scan.skip_blank(after);
        let apart = next > after;
        if next >= scan.end || (wide || apart) && scan.ends(start, at, next, wide) {
            found.push(Span::new(start, after));
            start = next;
        }
        at = next;
    }
    let tail = scan.trimmed(start, scan.end);
    if !tail.is_empty() {
        found.push(tail);
    }
}

/// The text around a place.
struct Scan<'t, 'h> {
    text: &'t str,
    bytes: &'t [u8],
    end: usize,
    /// Holes not yet passed.
    holes: &'h [Span],
}

impl Scan<'_, '_> {
    /// The hole that starts at `at`; holes before it are let go.
    fn hole_at(&mut self, at: usize) -> Option<Span> {
        while let Some((hole, rest)) = self.holes.split_first() {
            if hole.end > at {
                return (hole.start <= at).then_some(*hole);
            }
            self.holes = rest;
        }
        None
    }

    /// The first byte from `at` that may be of a terminator, or `stop`.
    fn next_mark(&self, at: usize, stop: usize) -> usize {
        let bytes = self.bytes.get(at..stop).unwrap_or_default();
        let marks = |byte: &u8| MARKS.get(usize::from(*byte)).copied().unwrap_or(false);
        at + bytes.iter().position(marks).unwrap_or(bytes.len())
    }

    /// The character at `at`.
    fn char_at(&self, at: usize) -> Option<char> {
        let byte = *self.bytes.get(at)?;
        if byte.is_ascii() {
            return Some(char::from(byte));
        }
        self.text.get(at..self.end)?.chars().next()
    }

    /// The first place from `at` that is neither white space nor in a hole.
    fn skip_blank(&mut self, mut at: usize) -> usize {
        while at < self.end {
            if let Some(hole) = self.hole_at(at) {
                at = hole.end;
                continue;
            }
            match self.char_at(at) {
                Some(c) if c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}') => {
                    at += c.len_utf8();
                }
                _ => break,
            }
        }
        at.min(self.end)
    }

    /// Passes further terminators, closing quotes and brackets, and footnote signs.
    fn skip_closers(&self, mut at: usize) -> usize {
        while at < self.end && self.holes.first().is_none_or(|hole| hole.start > at) {
            if let Some((length, _)) = terminator(self.bytes, at) {
                at += length;
                continue;
            }
            match self.char_at(at) {
                Some(
                    c @ ('"'
                    | '\''
                    | ')'
                    | ']'
                    | '”'
                    | '’'
                    | '»'
                    | '›'
                    | '」'
                    | '』'
                    | '）'
                    | '】'
                    | '*'
                    | '_'
                    | '¹'
                    | '²'
                    | '³'
                    | '⁰'
                    | '⁴'..='⁹'),
                ) => at += c.len_utf8(),
                Some('[') => match self.footnote(at) {
                    Some(end) => at = end,
                    None => break,
                },
                _ => break,
            }
        }
        at
    }

    /// End of a footnote sign such as `[12]`.
    fn footnote(&self, at: usize) -> Option<usize> {
        let digits =
            self.bytes.iter().skip(at + 1).take(4).take_while(|b| b.is_ascii_digit()).count();
        let end = at + 1 + digits;
        (digits > 0 && end < self.end && self.bytes.get(end) == Some(&b']')).then_some(end + 1)
    }

    /// Whether the terminator at `at` ends the sentence from `start`, when `next` comes next.
    fn ends(&self, start: usize, at: usize, next: usize, wide: bool) -> bool {
        if wide {
            return true;
        }
        let rest = self.text.get(next..self.end).unwrap_or_default();
        let opener = rest.chars().find(|c| {
            !matches!(c, '"' | '\'' | '(' | '[' | '“' | '‘' | '«' | '„' | '¿' | '¡' | '*' | '_')
        });
        if opener.is_none_or(char::is_lowercase) {
            return false;
        }
        self.bytes.get(at) != Some(&b'.') || !self.is_abbreviation(start, at, rest)
    }

    /// Whether the full stop at `at` belongs to the word before it.
    fn is_abbreviation(&self, start: usize, at: usize, rest: &str) -> bool {
        let from = self.floor(at.saturating_sub(16).max(start));
        let head = self.text.get(from..at).unwrap_or_default();
        let word = head
            .rsplit(|c: char| {
                c.is_whitespace() || matches!(c, '(' | '[' | '"' | '“' | '-' | '—' | '–' | '/')
            })
            .next()
            .unwrap_or_default();
        let whole = from == start && word.len() == head.len();
        if word.is_empty() {
            return false;
        }
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            // `12. The`: the number of a paragraph or of a list's item.
            return whole && word.len() <= 3;
        }
        let mut letters = word.chars();
        if let (Some(c), None) = (letters.next(), letters.next()) {
            return c.is_uppercase() || COUNTED.contains(&word) && starts_counted(rest);
        }
        if word.contains('.') && word.split('.').all(|part| part.chars().count() <= 1) {
            let opens = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            return !OPENERS.contains(&opens);
        }
        if word.len() > 8 {
            return false;
        }
        let lower = word.to_lowercase();
        TITLES.contains(&lower.as_str())
            || COUNTED.contains(&lower.as_str()) && starts_counted(rest)
    }

    /// The next character boundary at or after `at`.
    fn floor(&self, mut at: usize) -> usize {
        while !self.text.is_char_boundary(at) {
            at += 1;
        }
        at
    }

    /// The stretch without white space at its ends.
    fn trimmed(&self, start: usize, end: usize) -> Span {
        let end = self.floor(end);
        let inside = self.text.get(start..end).unwrap_or_default();
        let blank = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
        Span::new(start, start + inside.trim_end_matches(blank).len())
    }
}

/// Whether a number, as of a page or article, follows.
fn starts_counted(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        Some(c) if c.is_numeric() => true,
        Some('I' | 'V' | 'X') => !chars.next().is_some_and(char::is_lowercase),
        _ => false,
    }
}

/// Bytes that open a terminator.
#[expect(clippy::indexing_slicing, reason = "worked out by the compiler")]
const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let opening = [b'.', b'!', b'?', 0xd6, 0xd8, 0xdb, 0xe0, 0xe1, 0xe2, 0xe3, 0xef];
    let mut at = 0;
    while at < opening.len() {
        marks[opening[at] as usize] = true;
        at += 1;
    }
    marks
};

/// Length of the terminator at `at`, and whether it needs no white space behind it.
fn terminator(bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    let byte = *bytes.get(at)?;
    match byte {
        b'.' | b'!' | b'?' => return Some((1, false)),
        0..0x80 => return None,
        _ => {}
    }
    match (byte, bytes.get(at + 1)?, bytes.get(at + 2)) {
        (0xe2, 0x80, Some(0xa6 | 0xbc)) => Some((3, false)), // … ‼
        (0xe3, 0x80, Some(0x82)) => Some((3, true)),         // 。
        (0xef, 0xbc, Some(0x81 | 0x9f | 0x8e)) => Some((3, true)), // ！？．
        (0xe0, 0xa5, Some(0xa4 | 0xa5)) => Some((3, false)), // । ॥
        (0xe1, 0x8d, Some(0xa2 | 0xa7)) => Some((3, false)), // ። ፧
        (0xe1, 0x81, Some(0x8b)) => Some((3, true)),         // ။
        (0xd8, 0x9f, _) | (0xdb, 0x94, _) | (0xd6, 0x89, _) => Some((2, false)), // ؟ ۔ ։
        _ => None,
    }
}

/// Bytes of a word beyond which it counts as several: hashes, tables set in dots, one endless line.
pub const LONG_WORD: usize = 32;

/// Words of a text: runs of signs between white space. In scripts without spaces 1.6 ideographs or
/// 5 signs of Thai, Lao, Khmer or Burmese count as a word.
pub fn count_words(text: &str) -> usize {
    let bytes = text.as_bytes();
    // The scripts without spaces lie behind these lead bytes; without them, and with words of
    // usual length, counting where words start is enough.
    let unspaced = |byte| (0xe0..=0xe9).contains(&byte) && byte != 0xe2 || byte == 0xf0;
    if !any(bytes, unspaced) {
        let first = bytes.first().is_some_and(|byte| *byte > b' ');
        let starts = count_pairs(bytes, |before, byte| before <= b' ' && byte > b' ');
        let words = starts + usize::from(first);
        if bytes.len() <= words * LONG_WORD / 2 {
            return words;
        }
    }
    count_signs(bytes)
}

/// What a sign of a script without spaces counts, in tenths of a word; `None` for all others.
pub fn unspaced_tenths(sign: char) -> Option<usize> {
    match sign {
        '\u{3000}'..='\u{9fff}' | '\u{10000}'..='\u{3ffff}' => Some(6),
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{10bf}' | '\u{1780}'..='\u{17ff}' => Some(2),
        _ => None,
    }
}

/// Counts words sign by sign.
fn count_signs(bytes: &[u8]) -> usize {
    // In tenths of a word.
    let (mut tenths, mut run, mut at) = (0_usize, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        // Length of the sign, and what it adds on its own where no spaces part words.
        let (length, sign) = match byte {
            0..=0x20 => (1, Some(0)),
            0xe3..=0xe9 => (3, Some(6)),
            0xf0 => (4, Some(6)),
            0xe0 if matches!(bytes.get(at + 1), Some(0xb8..=0xbb)) => (3, Some(2)),
            0xe1 if matches!(bytes.get(at + 1), Some(0x80..=0x82 | 0x9e | 0x9f)) => (3, Some(2)),
            _ => (1, None),
        };
        at += length;
        match sign {
            None => run += 1,
            Some(sign) => {
                tenths += run.div_ceil(LONG_WORD) * 10 + sign;
                run = 0;
            }
        }
    }
    tenths += run.div_ceil(LONG_WORD) * 10;
    tenths.div_ceil(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        split(text, Span::new(0, text.len()), &[], &mut found);
        assert_eq!(found.iter().map(|span| span.of(text)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn sentences_end_at_terminators() {
        check("Peace is near. War is far!  Is it?", &["Peace is near.", "War is far!", "Is it?"]);
        check("“Peace.” He left.", &["“Peace.”", "He left."]);
        check("No end here", &["No end here"]);
        check("和平很近。战争很远。", &["和平很近。", "战争很远。"]);
        check("शांति निकट है। युद्ध दूर है।", &["शांति निकट है।", "युद्ध दूर है।"]);
        check("It ended.[3] We left.", &["It ended.[3]", "We left."]);
        check("  ", &[]);
    }

    #[test]
    fn abbreviations_end_none() {
        check(
            "Mr. Roe and Dr. J. Doe met. They agreed.",
            &["Mr. Roe and Dr. J. Doe met.", "They agreed."],
        );
        check(
            "See No. 12 and para. 3. The answer is no. We left.",
            &["See No. 12 and para. 3.", "The answer is no.", "We left."],
        );
        check(
            "The U.S. Senate met. So did the U.N. The talks ended.",
            &["The U.S. Senate met.", "So did the U.N.", "The talks ended."],
        );
        check("12. The talks ended.", &["12. The talks ended."]);
        check("about 3.5 million vs. Others", &["about 3.5 million vs. Others"]);
    }

    #[test]
    fn sentences_run_on_over_holes() {
        let text = "Peace is\n12\npossible. War\n13\nis not.";
        let holes = [Span::new(9, 11), Span::new(26, 28)];
        let mut found = Vec::new();
        split(text, Span::new(0, text.len()), &holes, &mut found);
        let found: Vec<_> = found.iter().map(|span| span.of(text)).collect();
        assert_eq!(found, ["Peace is\n12\npossible.", "War\n13\nis not."]);
    }

    #[test]
    fn words_are_counted_in_every_script() {
        for (text, words) in [
            ("one two  three", 3),
            ("", 0),
            ("人人生而自由在尊严和权利上一律平等", 11),
            ("ทุกคนเกิดมา", 3),
            ("все люди рождаются", 3),
        ] {
            assert_eq!(count_words(text), words, "{text}");
        }
        assert_eq!(count_words(&"a".repeat(320)), 10);
    }
}
