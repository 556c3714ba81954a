//! Two spellings of one English word: British and American, or other pairs in use.
//!
//! Comes in: `data/spellings.tsv`. Goes out: the pairs, the other spelling of a word in the same form
//! (`organisations` for `organizations`), and one spelling that stands for both.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::tables::rows;

/// A pair as the table has it: British, then American.
type Pair = (&'static str, &'static str);

/// The pairs of the table.
#[derive(Debug)]
pub(super) struct Spellings {
    /// By the first letter of either.
    pairs: BTreeMap<char, Vec<Pair>>,
    /// Beginnings of one spelling and of the other, both ways, by the first two letters of the one; whether
    /// that is the British one.
    heads: FxHashMap<[u8; 2], Vec<(Pair, bool)>>,
}

/// What may follow the beginning that the forms of a word share.
const ENDINGS: &[&str] = &[
    "", "able", "ation", "ational", "ations", "d", "e", "ed", "er", "ers", "es", "ing", "ly", "r",
    "rs", "s",
];

impl Spellings {
    pub(super) fn new() -> Self {
        let mut spellings = Self { pairs: BTreeMap::new(), heads: FxHashMap::default() };
        for line in rows(include_str!("data/spellings.tsv")) {
            let Some(pair) = line.split_once('\t') else { continue };
            let initials = (pair.0.chars().next(), pair.1.chars().next());
            if let Some(first) = initials.0 {
                spellings.pairs.entry(first).or_default().push(pair);
            }
            if let (true, Some(first)) = (initials.0 != initials.1, initials.1) {
                spellings.pairs.entry(first).or_default().push(pair);
            }
            let (british, american) = heads(pair);
            for (from, to, is_british) in [(british, american, true), (american, british, false)] {
                if let &[a, b, ..] = from.as_bytes() {
                    let heads = spellings.heads.entry([a, b]).or_default();
                    heads.push(((from, to), is_british));
                }
            }
        }
        spellings
    }

    /// Pairs of which one begins with `first`.
    pub(super) fn pairs(&self, first: char) -> &[Pair] {
        self.pairs.get(&first).map_or(&[], Vec::as_slice)
    }

    /// The American spelling of a folded word, or the word.
    pub(super) fn one_for_both<'w>(&self, word: &'w str) -> Cow<'w, str> {
        self.respelled(word).map_or(Cow::Borrowed(word), Cow::Owned)
    }

    /// The American spelling of a folded word that has another.
    pub(super) fn respelled(&self, word: &str) -> Option<String> {
        let &[a, b, _, _, ..] = word.as_bytes() else { return None };
        let mut british = self.heads.get(&[a, b])?.iter().filter(|(_, is_british)| *is_british);
        british.find_map(|&((from, to), _)| replaced(word, from, to))
    }

    /// The other spelling of a folded word, in the form that the word has.
    pub(super) fn other(&self, word: &str) -> Option<String> {
        let &[a, b, ..] = word.as_bytes() else { return None };
        self.heads.get(&[a, b])?.iter().find_map(|&((from, to), _)| replaced(word, from, to))
    }
}

/// A pair without an `e` at the end of both, which forms lose.
fn heads((one, other): Pair) -> Pair {
    match (one.strip_suffix('e'), other.strip_suffix('e')) {
        (Some(one), Some(other)) => (one, other),
        _ => (one, other),
    }
}

fn replaced(word: &str, from: &str, to: &str) -> Option<String> {
    let ending = word.strip_prefix(from)?;
    ENDINGS.contains(&ending).then(|| format!("{to}{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_spelled_the_other_way_in_its_form() {
        let spellings = Spellings::new();
        for (one, other) in [
            ("organisation", Some("organization")),
            ("organizations", Some("organisations")),
            ("programme", Some("program")),
            ("programs", Some("programmes")),
            ("labour", Some("labor")),
            ("defense", Some("defence")),
            ("defensive", None),
            ("centres", Some("centers")),
            ("central", None),
            ("organ", None),
            ("organs", None),
            ("green", None),
            ("treaty", None),
            ("", None),
        ] {
            assert_eq!(spellings.other(one).as_deref(), other, "{one}");
        }
    }

    /// The look by two letters finds what a look through all pairs finds.
    #[test]
    fn every_spelling_of_the_table_is_found_by_its_first_letters() {
        let spellings = Spellings::new();
        let all: Vec<Pair> = rows(include_str!("data/spellings.tsv"))
            .filter_map(|line| line.split_once('\t'))
            .collect();
        let plain = |word: &str| {
            all.iter().find_map(|&pair| {
                let (british, american) = heads(pair);
                replaced(word, british, american).or_else(|| replaced(word, american, british))
            })
        };
        assert!(all.len() > 100, "{}", all.len());
        for word in all.iter().flat_map(|(british, american)| [british, american]) {
            for word in [(*word).to_owned(), format!("{word}s"), format!("{word}r")] {
                assert_eq!(spellings.other(&word), plain(&word), "{word}");
            }
        }
    }

    #[test]
    fn both_spellings_have_one_that_stands_for_them() {
        let spellings = Spellings::new();
        for (word, one) in [
            ("organisations", "organizations"),
            ("organizations", "organizations"),
            ("programme", "program"),
            ("program", "program"),
            ("labour", "labor"),
            ("viet", "viet"),
            ("un", "un"),
        ] {
            assert_eq!(spellings.one_for_both(word), one);
        }
    }

    /// The one that stands for both is the same, from whichever of them one comes.
    #[test]
    fn every_pair_has_one_that_stands_for_both() {
        let spellings = Spellings::new();
        for (one, other) in spellings.pairs.values().flatten() {
            if one.len() < 4 || heads((one, other)).0.len() < 2 {
                continue;
            }
            assert_eq!(spellings.other(one).as_deref(), Some(*other));
        }
    }
}
