//! Damage that a reader should know of: wrong encodings, look-alike letters, the noise of scanning.
//!
//! Comes in: a text. Goes out: problems. Nothing is mended: what is quoted must stand in the source.

use crate::analysis::bytes::{count_pairs, place};
use crate::document::Problem;

/// Letters of other scripts that look like Latin ones.
const LOOK_ALIKES: &str = "АВЕЅІЈКМНОРСТУХаеѕіјорсухАΒΕΖΗΙΚΜΝΟΡΤΥΧο";

/// Whether a sign stands in no word but where a scanner erred.
#[expect(clippy::needless_bitwise_bool, reason = "asked of every byte, many at a time")]
const fn is_noise(byte: u8) -> bool {
    (byte == b'~')
        | (byte == b'^')
        | (byte == b'|')
        | (byte == b'\\')
        | (byte == b'<')
        | (byte == b'>')
        | (byte == b'{')
        | (byte == b'}')
}

/// White space of ASCII.
#[expect(clippy::needless_bitwise_bool, reason = "asked of every byte, many at a time")]
const fn is_white(byte: u8) -> bool {
    (byte == b' ') | (byte >= b'\t') & (byte <= b'\r') & (byte != 0x0b)
}

/// Noisy words that make a text a damaged one: so many, and so many in a thousand. In the even
/// sessions of the General Debate three speeches in a hundred have one in a thousand or more.
const NOISY: (usize, usize) = (8, 1);

/// What is damaged in a text.
pub(super) fn damage(text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let (mut latin, mut other) = (0_usize, 0_usize);
    let (mut alike, mut is_mixed) = (0_usize, false);
    let mut suspects: Vec<&str> = Vec::new();
    let (mut noisy, mut first_noisy) = (0_usize, "");
    let (mut mistaken, mut lost) = (0_usize, 0_usize);
    let mut first_mistaken = "";
    // Nothing of all this can be in a word of plain ASCII without a sign of noise.
    let mut telling = Telling { text, at: 0 }.peekable();
    if telling.peek().is_none() {
        return problems;
    }
    let bytes = text.as_bytes();
    let words = count_pairs(bytes, |before, byte| is_white(before) & !is_white(byte))
        + usize::from(bytes.first().is_some_and(|first| !is_white(*first)));
    let mut plain = words;
    for word in telling {
        if word.is_ascii() {
            if is_noisy(word.as_bytes()) {
                noisy += 1;
                first_noisy = if first_noisy.is_empty() { word } else { first_noisy };
            }
            continue;
        }
        plain -= 1;
        lost += word.matches('\u{fffd}').count();
        if is_mistaken(word) {
            mistaken += 1;
            first_mistaken = if first_mistaken.is_empty() { word } else { first_mistaken };
        }
        match Scripts::of(word) {
            Scripts::Mixed => {
                is_mixed = true;
                suspects.push(word);
            }
            Scripts::LookAlike => {
                alike += 1;
                suspects.push(word);
            }
            Scripts::Latin => latin += 1,
            Scripts::Other => other += 1,
        }
    }
    // In a text of another script a word of look-alikes is a word; one or two may be quoted, as the
    // `Рус` of a choice of languages.
    let latin = latin + plain;
    let damaged = latin > 9 * other && (is_mixed || alike >= 3);
    let mixed = if damaged { suspects } else { Vec::new() };
    if let Some(first) = mixed.first() {
        problems.push(Problem::new(format!(
            "{} written with letters of another script that look alike, as \"{}\"",
            count(mixed.len(), "word is", "words are"),
            short(first)
        )));
    }
    if mistaken >= 2 {
        problems.push(Problem::new(format!(
            "{mistaken} words read as if their encoding had been mistaken, as \"{}\"",
            short(first_mistaken)
        )));
    }
    if lost > 0 {
        problems.push(Problem::new(format!(
            "{} lost: the source has a replacement sign there",
            count(lost, "letter is", "letters are")
        )));
    }
    if noisy >= NOISY.0 && noisy * 1000 >= words * NOISY.1 {
        problems.push(Problem::new(format!(
            "{noisy} words hold signs that scanning leaves behind, as \"{}\"",
            short(first_noisy)
        )));
    }
    problems
}

/// The words of a text that hold a letter beyond ASCII or a sign of noise.
struct Telling<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Telling<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let found = self.at + place(rest, |byte| !byte.is_ascii() | is_noise(byte))?;
        let (before, after) = self.text.split_at_checked(found)?;
        let start = before.bytes().rposition(is_white).map_or(0, |white| white + 1);
        let end = after.bytes().position(is_white).map_or(self.text.len(), |white| found + white);
        self.at = end;
        self.text.get(start..end)
    }
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn short(word: &str) -> String {
    word.chars().filter(|sign| !sign.is_control()).take(30).collect()
}

/// Whether a sign of noise stands beside a letter.
fn is_noisy(word: &[u8]) -> bool {
    let beside = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| word.get(before));
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
        is_letter(before) || is_letter(word.get(at + 1))
    };
    word.iter().enumerate().any(|(at, byte)| is_noise(*byte) && beside(at))
        // Links and marks of other kinds of text hold such signs by right.
        && !word.contains(&b'/')
}

/// Whether a word holds what UTF-8 looks like when read as Windows-1252.
fn is_mistaken(word: &str) -> bool {
    word.contains("â€")
        || word.char_indices().any(|(at, sign)| {
            let next = word.get(at + sign.len_utf8()..).and_then(|rest| rest.chars().next());
            matches!(sign, 'Ã' | 'Â' | 'Ð' | 'Ñ')
                && next
                    .is_some_and(|next| matches!(next, '\u{80}'..='\u{bf}' | '‚'..='›' | 'Œ'..='Ÿ'))
        })
}

/// The scripts of a word's letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scripts {
    Latin,
    /// Another script.
    Other,
    /// Latin and Cyrillic or Greek letters.
    Mixed,
    /// Cyrillic or Greek letters, all of which look like Latin ones.
    LookAlike,
}

impl Scripts {
    fn of(word: &str) -> Self {
        let (mut latin, mut alike, mut foreign) = (0, 0, 0);
        let mut clear = false;
        for part in word.split(|sign: char| !sign.is_alphabetic()) {
            let (mut part_latin, mut part_foreign) = (0, 0);
            for sign in part.chars() {
                match sign {
                    'a'..='z' | 'A'..='Z' | 'À'..='ɏ' => part_latin += 1,
                    // `µ` and `Ω` are units.
                    'µ' | 'μ' | 'Ω' => {}
                    '\u{370}'..='\u{4ff}' => {
                        part_foreign += 1;
                        let like = LOOK_ALIKES.contains(sign);
                        alike += usize::from(like);
                        clear |= !like;
                    }
                    _ => clear = true,
                }
            }
            if part_latin > 0 && part_foreign > 0 {
                return Self::Mixed;
            }
            latin += part_latin;
            foreign += part_foreign;
        }
        if foreign == 0 {
            if latin == 0 && clear { Self::Other } else { Self::Latin }
        } else if !clear && alike == foreign && foreign >= 2 {
            Self::LookAlike
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let plain = "The weather was fine all day long and nobody spoke of anything else. ";
        let problems = damage(&format!("{plain}{text}"));
        problems.iter().map(|p| p.message.as_str()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn damage_is_told_with_an_example() {
        for (text, expected) in [
            ("the есоsystem", "1 word is written with letters of another script"),
            ("the РОССТ, the ВОС and the НАТО", "look alike, as \"РОССТ,\""),
            ("rÃ©sumÃ© and the Republicâ€™s", "2 words read as if their encoding"),
            ("a \u{fffd}ord", "1 letter is lost"),
            (&"i{on de|egate ".repeat(5), "10 words hold signs"),
        ] {
            assert!(told(text).contains(expected), "{text}: {}", told(text));
        }
    }

    #[test]
    fn sound_text_is_not_accused() {
        for text in [
            "Ñuñoa, SÃO TOMÉ, the café’s naïve façade",
            "He said «мир», which is peace, and Правда",
            "5 µm and 3 Ω and a < b",
            "Рус | Eng",
            "https://example.org/~roe/a|b",
            "e|x",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
        let russian = "Все государства разрешают свои споры, а СССР, ООН и ВТО — тоже. Аэропорт.";
        assert_eq!(damage(russian), []);
    }
}
