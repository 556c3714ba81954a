//! Names that mean the same, and spellings of the same word: what a query is widened by, visibly.
//!
//! Comes in: `data/thesaurus.toml`, `data/spellings.tsv` and a reader's own entries. Goes out: for a
//! whole name its other names, or the other sides' names where a name is contested: those are offered
//! and never merged. A name is never looked for inside a longer one.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::fold::key;
use super::tables::rows;

/// Names of one thing; keys as in the header of `data/thesaurus.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SameEntry {
    /// The names, the official one first.
    pub names: Vec<String>,
    /// Names matched in capitals only.
    pub acronyms: Vec<String>,
    /// What it is: treaty, body, organization, state, place, programme, doctrine, event, office.
    pub kind: String,
    /// Where the names can be looked up.
    pub source: String,
    /// First year, and last where it has ended.
    pub years: Vec<i32>,
    /// Last year in which a former name was the official one.
    pub former: BTreeMap<String, i32>,
}

/// Names of one thing that say on which side one stands; keys as in `data/thesaurus.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContestedEntry {
    /// The names.
    pub names: Vec<String>,
    /// What is contested.
    pub note: String,
    /// Where the names can be looked up.
    pub source: String,
}

/// The entries, to be looked up by whole names.
#[derive(Debug, Default)]
pub struct Thesaurus {
    same: Vec<SameEntry>,
    contested: Vec<ContestedEntry>,
    /// Entry, and whether the name is one of its acronyms.
    by_name: FxHashMap<String, (u32, bool)>,
    by_contested: FxHashMap<String, u32>,
    /// Pairs by first letter.
    spellings: BTreeMap<char, Vec<(&'static str, &'static str)>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    same: Vec<SameEntry>,
    contested: Vec<ContestedEntry>,
}

impl Thesaurus {
    /// The shipped entries, then a reader's: a name that both have goes with the reader's entry. It
    /// is apart from [`Vocabulary`](super::Vocabulary), since a search without filters needs no other
    /// table.
    ///
    /// # Panics
    /// Never: a test reads the table.
    pub fn new(same: &[SameEntry], contested: &[ContestedEntry]) -> Self {
        let mut file: File = toml::from_str(include_str!("data/thesaurus.toml"))
            .expect("a test reads the shipped tables");
        file.same.extend_from_slice(same);
        file.contested.extend_from_slice(contested);
        let mut thesaurus = Self { same: file.same, contested: file.contested, ..Self::default() };
        for (index, entry) in thesaurus.same.iter().enumerate() {
            for (list, acronym) in [(&entry.names, false), (&entry.acronyms, true)] {
                for name in list {
                    thesaurus.by_name.insert(key(name), (index as u32, acronym));
                }
            }
        }
        for (index, entry) in thesaurus.contested.iter().enumerate() {
            for name in &entry.names {
                thesaurus.by_contested.insert(key(name), index as u32);
            }
        }
        for line in rows(include_str!("data/spellings.tsv")) {
            if let Some((one, other)) = line.split_once('\t')
                && let Some(first) = one.chars().next()
            {
                thesaurus.spellings.entry(first).or_default().push((one, other));
                if let Some(initial) = other.chars().next().filter(|initial| *initial != first) {
                    thesaurus.spellings.entry(initial).or_default().push((one, other));
                }
            }
        }
        thesaurus
    }

    /// The entry that `name` is a whole name of, and whether it is an acronym there.
    pub fn find(&self, name: &str) -> Option<(&SameEntry, bool)> {
        let (index, acronym) = *self.by_name.get(&key(name))?;
        Some((self.same.get(index as usize)?, acronym))
    }

    /// The entry of contested names that `name` is one of.
    pub fn find_contested(&self, name: &str) -> Option<&ContestedEntry> {
        self.contested.get(*self.by_contested.get(&key(name))? as usize)
    }

    /// Pairs of spellings of which one begins with `first`.
    pub fn spellings(&self, first: char) -> &[(&'static str, &'static str)] {
        self.spellings.get(&first).map_or(&[], Vec::as_slice)
    }

    /// Most words that a name has.
    pub const MAX_WORDS: usize = 12;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_entry_has_names_a_kind_and_a_source() {
        let thesaurus = Thesaurus::new(&[], &[]);
        assert!(thesaurus.same.len() > 100, "{}", thesaurus.same.len());
        for entry in &thesaurus.same {
            assert!(entry.names.len() + entry.acronyms.len() > 1, "{entry:?}");
            assert!(!entry.kind.is_empty() && !entry.source.is_empty(), "{entry:?}");
            for name in entry.former.keys() {
                assert!(entry.names.contains(name), "{name}");
            }
            for name in &entry.names {
                assert!(name.split(' ').count() <= Thesaurus::MAX_WORDS, "{name}");
            }
            for acronym in &entry.acronyms {
                assert!(acronym.chars().any(char::is_uppercase), "{acronym}");
            }
        }
        for entry in &thesaurus.contested {
            assert!(entry.names.len() > 1 && !entry.note.is_empty(), "{entry:?}");
        }
    }

    /// No false merge: a name means one thing.
    #[test]
    fn no_name_has_two_meanings() {
        let thesaurus = Thesaurus::new(&[], &[]);
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (index, entry) in thesaurus.same.iter().enumerate() {
            for name in entry.names.iter().chain(&entry.acronyms) {
                if let Some(other) = seen.insert(key(name), index) {
                    assert_eq!(other, index, "{name} in two entries");
                }
            }
        }
        for entry in &thesaurus.contested {
            let owners: BTreeSet<_> =
                entry.names.iter().map(|name| seen.get(&key(name)).copied()).collect();
            assert!(
                owners.len() > 1 || owners.contains(&None),
                "contested and merged: {:?}",
                entry.names
            );
        }
    }

    #[test]
    fn the_names_that_scholars_expect_are_one() {
        let thesaurus = Thesaurus::new(&[], &[]);
        for (one, other) in [
            ("Viet-Nam", "vietnam"),
            ("Ivory Coast", "Côte d’Ivoire"),
            ("Burma", "Myanmar"),
            ("NPT", "Treaty on the Non-Proliferation of Nuclear Weapons"),
            ("IAEA", "International Atomic Energy Agency"),
            ("BRI", "Belt and Road Initiative"),
            ("Zaire", "Democratic Republic of the Congo"),
            ("Upper Volta", "Burkina Faso"),
        ] {
            let (a, b) = (thesaurus.find(one).unwrap().0, thesaurus.find(other).unwrap().0);
            assert_eq!(a, b, "{one} {other}");
        }
        for (one, other) in [("Soviet Union", "Russian Federation"), ("EEC", "European Union")] {
            let entry = |name| thesaurus.find(name).map(|(entry, _)| entry);
            assert!(entry(one).is_none() || entry(one) != entry(other), "{one} {other}");
        }
        assert!(thesaurus.find_contested("Malvinas").is_some());
        assert!(thesaurus.spellings('o').contains(&("organise", "organize")));
    }
}
