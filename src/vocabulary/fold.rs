//! Letters to their plain form, and names to look-up keys.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Hands the plain form of `c` to `put`: lower case, without accents and vowel signs, ligatures
/// spelled out; Arabic letters in their bare form.
pub(crate) fn fold_char(c: char, put: &mut impl FnMut(char)) {
    if c.is_ascii() {
        put(c.to_ascii_lowercase());
        return;
    }
    match c {
        'ß' => "ss".chars().for_each(&mut *put),
        'æ' | 'Æ' => "ae".chars().for_each(&mut *put),
        'œ' | 'Œ' => "oe".chars().for_each(&mut *put),
        'ø' | 'Ø' => put('o'),
        'đ' | 'Đ' | 'ð' | 'Ð' => put('d'),
        'ł' | 'Ł' => put('l'),
        'ı' => put('i'),
        'ё' | 'Ё' => put('е'),
        '\u{629}' => put('\u{647}'),
        '\u{649}' | '\u{6cc}' => put('\u{64a}'),
        '\u{6a9}' => put('\u{643}'),
        // й is a letter of its own, not и with a sign; other Cyrillic does not decompose.
        '\u{400}'..='\u{52f}' => c.to_lowercase().for_each(put),
        _ if is_silent(c) => {}
        _ => decompose_canonical(c, |part| {
            if !is_combining_mark(part) {
                part.to_lowercase().for_each(&mut *put);
            }
        }),
    }
}

/// Signs within a word that are not part of it: soft hyphens (also the `¬` of session 37 of the
/// General Debate), joiners, tatweel, marks.
pub(crate) fn is_silent(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{ac}' | '\u{200b}'..='\u{200d}' | '\u{640}' | '\u{feff}')
        || is_combining_mark(c)
}

/// The key under which a name is looked up: folded, punctuation to single spaces, no leading "the".
///
/// ```
/// use chancery::vocabulary::key;
/// assert_eq!(key("the Côte d’Ivoire "), "cote d ivoire");
/// ```
pub fn key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_alphanumeric() || is_silent(c) {
            fold_char(c, &mut |plain| out.push(plain));
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    let trimmed = out.trim_end();
    trimmed.strip_prefix("the ").unwrap_or(trimmed).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ignore_case_accents_and_punctuation() {
        for (name, expected) in [
            ("Viet-Nam", "viet nam"),
            ("São Tomé and Príncipe", "sao tome and principe"),
            ("Россия", "россия"),
            ("الأردن", "الاردن"),
            ("THE GAMBIA", "gambia"),
            ("fright¬ening", "frightening"),
            ("", ""),
        ] {
            assert_eq!(key(name), expected);
        }
    }
}
