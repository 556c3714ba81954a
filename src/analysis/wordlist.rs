//! A list of English words, asked only where a hyphen stands inside or at the end of a line.
//!
//! The table ships with the program: what decides how a word is stored must not depend on the
//! documents at hand, or an updated index would differ from a clean one.

use std::sync::OnceLock;

const TABLE: &str = include_str!("english.txt");

/// First parts that form genuine hyphenated words, though few of them are words themselves.
const PREFIXES: &[&str] = &[
    "aero", "afro", "agro", "al", "anglo", "anti", "arch", "astro", "bi", "bio", "co", "contra",
    "counter", "cross", "de", "dis", "eco", "el", "electro", "euro", "ex", "extra", "franco",
    "geo", "half", "hydro", "hyper", "indo", "infra", "inter", "intra", "macro", "micro", "mid",
    "mini", "mono", "multi", "narco", "neo", "non", "omni", "pan", "para", "petro", "photo",
    "politico", "poly", "post", "pre", "pro", "pseudo", "psycho", "quasi", "radio", "re", "retro",
    "self", "semi", "sino", "socio", "sub", "super", "techno", "tele", "thermo", "trans", "tri",
    "turbo", "ultra", "un", "under", "vice",
];

/// Whether `word` (lower case) is an English word of the list.
///
/// ```
/// use chancery::analysis::wordlist::{is_prefix, is_word};
/// assert!(is_word("opportunities") && !is_word("opportu"));
/// assert!(is_prefix("co"));
/// ```
pub fn is_word(word: &str) -> bool {
    static BODY: OnceLock<&'static str> = OnceLock::new();
    let body = BODY.get_or_init(|| TABLE.split_once("---\n").map_or("", |(_, body)| body));
    let bytes = body.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let before = bytes.get(..middle).unwrap_or_default();
        let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
        let rest = bytes.get(start..).unwrap_or_default();
        let length = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        match rest.get(..length).unwrap_or_default().cmp(word.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = start + length + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

/// Whether `part` (lower case) is a prefix that keeps its hyphen, as in `co-operation`.
pub fn is_prefix(part: &str) -> bool {
    PREFIXES.binary_search(&part).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_table_is_found_and_it_is_sorted() {
        let body = TABLE.split_once("---\n").unwrap().1;
        let words: Vec<&str> = body.lines().collect();
        assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(words.iter().step_by(37).all(|word| is_word(word)));
        assert!(!is_word("") && !is_word("zzzz") && !is_word("aa0"));
        assert!(PREFIXES.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
