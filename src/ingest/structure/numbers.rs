//! Numbers that are printed before text: of paragraphs, headings and articles, in any script.

use crate::document::Span;

use super::glyphs::is_blank;

/// A paragraph number at the start of a line: `12.<tab>text`, `12) text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    /// Its value.
    pub(super) value: u32,
    /// Bytes of the number without its sign.
    pub(super) digits: usize,
    /// Bytes of number, sign and white space: where the text starts.
    pub(super) length: usize,
}

/// Reads the paragraph number that `text` starts with: one to three digits, a full stop or
/// bracket, white space (sessions 4 to 39 of UNGDC).
pub(super) fn label(text: &str) -> Option<Label> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=3).contains(&digits) || !matches!(bytes.get(digits), Some(b'.' | b')')) {
        return None;
    }
    let rest = text.get(digits + 1..)?;
    let body = rest.trim_start_matches(is_blank);
    if body.len() == rest.len() && !rest.is_empty() {
        return None;
    }
    let value = text.get(..digits)?.parse().ok()?;
    Some(Label { value, digits, length: text.len() - body.len() })
}

/// Value of a decimal digit of any script; fullwidth, Arabic, Indic, Thai and others.
pub(super) fn digit(c: char) -> Option<u32> {
    /// Zeros of the decimal digits of Unicode that living scripts use.
    const ZEROS: [char; 17] = [
        '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}',
        '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{17e0}',
        '\u{ff10}',
    ];
    if c.is_ascii() {
        return c.to_digit(10);
    }
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(*zero))?;
        (value < 10).then_some(value)
    })
}

/// Value of a Roman numeral of up to seven letters, all in one case.
pub(super) fn roman(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 7 {
        return None;
    }
    let lower = text.bytes().all(|byte| byte.is_ascii_lowercase());
    if !lower && !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut total = 0_u32;
    let mut next = 0_u32;
    for byte in text.bytes().rev() {
        let value = match byte.to_ascii_uppercase() {
            b'I' => 1,
            b'V' => 5,
            b'X' => 10,
            b'L' => 50,
            b'C' => 100,
            _ => return None,
        };
        if value < next {
            total = total.checked_sub(value)?;
        } else {
            total += value;
            next = value;
        }
    }
    (1..=199).contains(&total).then_some(total)
}

/// Value of a Chinese number up to 99.
pub(super) fn chinese(text: &str) -> Option<u32> {
    let (mut tens, mut units, mut seen) = (0_u32, 0_u32, false);
    for c in text.chars() {
        seen = true;
        match c {
            '十' => {
                tens = units.max(1);
                units = 0;
            }
            '百' => return None,
            _ => {
                let value = "〇一二三四五六七八九".chars().position(|d| d == c)?;
                units = u32::try_from(value).ok()?;
            }
        }
    }
    seen.then_some(tens * 10 + units)
}

/// The first number of `text` and where it stands: digits of any script, a Roman numeral that is a
/// word of its own, or a Chinese number.
pub(super) fn first_number(text: &str) -> Option<(u32, Span)> {
    let mut word_start = true;
    for (at, c) in text.char_indices() {
        let rest = text.get(at..)?;
        if digit(c).is_some() {
            let (mut value, mut length) = (0_u32, 0);
            for d in rest.chars() {
                let Some(number) = digit(d) else { break };
                value = value.checked_mul(10)?.checked_add(number)?;
                length += d.len_utf8();
            }
            return Some((value, Span::new(at, at + length)));
        }
        if "一二三四五六七八九十".contains(c) {
            let length: usize = rest
                .chars()
                .take_while(|d| "〇一二三四五六七八九十".contains(*d))
                .map(char::len_utf8)
                .sum();
            return Some((chinese(rest.get(..length)?)?, Span::new(at, at + length)));
        }
        if word_start && c.is_ascii_uppercase() {
            let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let ends = rest.get(length..)?.chars().next().is_none_or(|d| !d.is_alphanumeric());
            if let Some(value) = rest.get(..length).and_then(roman).filter(|_| ends) {
                return Some((value, Span::new(at, at + length)));
            }
        }
        word_start = !c.is_alphanumeric();
    }
    None
}

/// How a heading is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Scheme {
    /// `I.`, `II)`.
    Roman,
    /// `A.`, `B)`.
    Letter,
    /// `1.`, `2)`; decimals like `1.1` by their depth.
    Arabic(u8),
    /// `(a)`, `(1)`, `(i)`.
    Bracket,
}

/// Reads the number of a heading: its scheme, value and length with the white space behind.
pub(super) fn scheme(text: &str) -> Option<(Scheme, u32, usize)> {
    let token_end = text.find(is_blank).unwrap_or(text.len());
    let token = text.get(..token_end)?;
    let rest = text.get(token_end..)?;
    let length = text.len() - rest.trim_start_matches(is_blank).len();
    if let Some(inner) = token.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        let value = inner.parse().ok().or_else(|| roman(inner)).or_else(|| letter(inner))?;
        return Some((Scheme::Bracket, value, length));
    }
    let bare = token.trim_end_matches(['.', ')', ':', '-', '–', '—']);
    let signed = bare.len() < token.len();
    if bare.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) {
        let mut depth = 0_u8;
        let mut last = 0_u32;
        for part in bare.split('.') {
            if part.len() > 3 {
                return None;
            }
            last = part.parse().ok()?;
            depth = depth.saturating_add(1);
        }
        // A bare year or count is no number of a heading; `1.1 Aims` needs no sign.
        return (signed || depth > 1).then_some((Scheme::Arabic(depth), last, length));
    }
    if !signed {
        return None;
    }
    // `C.` and `L.` follow `B.` and `K.` far oftener than `XCIX.` and `XLIX.`.
    let numeral = bare.bytes().all(|b| b.is_ascii_uppercase()) && !matches!(bare, "C" | "L");
    if let Some(value) = roman(bare).filter(|_| numeral) {
        return Some((Scheme::Roman, value, length));
    }
    if bare.bytes().all(|b| b.is_ascii_uppercase()) {
        return Some((Scheme::Letter, letter(bare)?, length));
    }
    None
}

/// Place in the alphabet of a single letter.
fn letter(text: &str) -> Option<u32> {
    match text.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => {
            Some(u32::from(byte.to_ascii_uppercase() - b'A') + 1)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraph_numbers_need_sign_and_space() {
        assert_eq!(label("12.\tThe"), Some(Label { value: 12, digits: 2, length: 4 }));
        assert_eq!(label("7) We").map(|l| l.value), Some(7));
        for text in ["1945 was", "1.5 million", "2015. The", "a. b", ""] {
            assert_eq!(label(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_of_any_script_are_read() {
        for (text, value) in [
            ("Artículo 12", 12),
            ("المادة ٣", 3),
            ("第二十一条", 21),
            ("Part IV", 4),
            ("अनुच्छेद ५.", 5),
        ] {
            assert_eq!(first_number(text).map(|(n, _)| n), Some(value), "{text}");
        }
        assert_eq!(first_number("Preamble"), None);
    }

    #[test]
    fn schemes_of_headings() {
        for (text, expected) in [
            ("IV. Findings", Some((Scheme::Roman, 4))),
            ("B. Scope", Some((Scheme::Letter, 2))),
            ("1.2 Aims", Some((Scheme::Arabic(2), 2))),
            ("3) Aims", Some((Scheme::Arabic(1), 3))),
            ("(a) Aims", Some((Scheme::Bracket, 1))),
            ("1945 and after", None),
            ("Aims", None),
        ] {
            assert_eq!(scheme(text).map(|(s, n, _)| (s, n)), expected, "{text}");
        }
    }
}
