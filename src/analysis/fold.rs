//! Letters to their plain form: case, accents, ligatures and look-alikes folded.

use unicode_normalization::UnicodeNormalization;

/// Folds `word` into `out` (cleared first): lower case, without accents, Arabic vowel signs and
/// tatweel, Hebrew points; ligatures and special letters spelled out. Marks that are letters of
/// their script (Indic vowels) stay.
///
/// ```
/// let mut out = String::new();
/// chancery::analysis::fold::fold_into("CÔTE", &mut out);
/// assert_eq!(out, "cote");
/// ```
pub fn fold_into(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        return;
    }
    let mut base = '\0';
    for c in word.nfkd().flat_map(char::to_lowercase) {
        if is_stripped_mark(c) {
            // й is a letter of its own, not и with a sign.
            if base == 'и' && c == '\u{306}' {
                out.pop();
                out.push('й');
            }
            continue;
        }
        base = c;
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'đ' | 'ð' => out.push('d'),
            'ł' => out.push('l'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            'þ' => out.push_str("th"),
            '\u{2019}' | '\u{2bc}' | '\u{ff07}' => out.push('\''),
            '\u{629}' => out.push('\u{647}'),
            '\u{649}' | '\u{6cc}' => out.push('\u{64a}'),
            '\u{6a9}' => out.push('\u{643}'),
            '\u{ad}' | '\u{ac}' | '\u{200c}' | '\u{200d}' | '\u{640}' | '\u{feff}' => {}
            c => out.push(c),
        }
    }
    if is_mixed_script(out) {
        *out = out.chars().map(latin_look_alike).collect();
    }
}

/// Folds `word` to a new string; see [`fold_into`].
pub fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_into(word, &mut out);
    out
}

fn is_stripped_mark(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036f | 0x0591..=0x05c7 | 0x0610..=0x061a | 0x064b..=0x065f | 0x0670
        | 0x06d6..=0x06dc | 0x093c | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff)
}

/// Scanned texts hold words such as `ЕCЕ` in which letters of two scripts stand together.
fn is_mixed_script(word: &str) -> bool {
    let latin = word.chars().any(|c| c.is_ascii_alphabetic());
    latin && word.chars().any(|c| matches!(u32::from(c), 0x0370..=0x04ff))
}

fn latin_look_alike(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'е' | 'ε' => 'e',
        'н' | 'η' => 'h',
        'і' | 'ι' => 'i',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'т' | 'τ' => 't',
        'у' | 'υ' => 'y',
        'х' | 'χ' => 'x',
        'ѕ' => 's',
        'ј' => 'j',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        let check = |word: &str, expected: &str| assert_eq!(fold(word), expected, "{word}");
        check("NATIONS", "nations");
        check("Communiqué", "communique");
        check("Communique\u{301}", "communique");
        check("Straße", "strasse");
        check("œuvre", "oeuvre");
        check("мирный", "мирный");
        check("ёлка", "елка");
        check("أُمَّة", "امه");
        check("हिन्दी", "हिन्दी");
        check("\u{0415}C\u{0415}", "ece");
        check("China\u{2019}s", "china's");
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_changes_nothing(word in "[\\p{L}\\p{M}]{1,12}") {
            let once = fold(&word);
            proptest::prop_assert_eq!(fold(&once), once);
        }
    }
}
