//! Which of a query's words are whole names, and what else those are called.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::wordlist::is_word;
use crate::query::{Form, Item, Kind, Node};
use crate::vocabulary::{ContestedEntry, SameEntry, Thesaurus, key};

/// The names of a query, to be asked for one after another.
pub(super) struct Names<'t> {
    thesaurus: Option<&'t Thesaurus>,
    /// Entries of which the query itself names two: the reader knows what is wanted.
    spelled_out: BTreeSet<Vec<String>>,
    pub(super) contested: Vec<&'t ContestedEntry>,
}

/// What else a name is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Other {
    pub(super) name: String,
    /// Whether it counts in capitals only.
    pub(super) capitals: bool,
    /// Last year in which it was the official name.
    pub(super) until: Option<i32>,
}

impl<'t> Names<'t> {
    /// `None` switches the thesaurus off.
    pub(super) fn new(thesaurus: Option<&'t Thesaurus>, root: Option<&Node>) -> Self {
        let mut names = Self { thesaurus, spelled_out: BTreeSet::new(), contested: Vec::new() };
        if let (Some(thesaurus), Some(root)) = (thesaurus, root) {
            let mut typed: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
            collect(root, &mut |text| {
                if let Some((entry, _)) = thesaurus.find(text) {
                    typed.entry(entry.names.clone()).or_default().insert(key(text));
                }
            });
            let several = typed.into_iter().filter(|(_, forms)| forms.len() > 1);
            names.spelled_out = several.map(|(entry, _)| entry).collect();
        }
        names
    }

    fn entry(&self, text: &str) -> Option<(&'t SameEntry, bool)> {
        let (entry, acronym) = self.thesaurus?.find(text)?;
        if self.spelled_out.contains(&entry.names) || acronym && !is_meant(text) {
            return None;
        }
        Some((entry, acronym))
    }

    /// Whether `text` is an acronym in capitals that is a common word in small letters.
    pub(super) fn is_acronym_not_word(&self, text: &str) -> bool {
        self.thesaurus.and_then(|t| t.find(text)).is_some_and(|(_, acronym)| acronym)
            && is_capitals(text)
            && is_word(&text.to_lowercase())
    }

    /// The other names of `text`, those left out that hold another of them or `text` itself: what
    /// they stand in is found without them.
    pub(super) fn others(&mut self, text: &str) -> Vec<Other> {
        let Some(thesaurus) = self.thesaurus else { return Vec::new() };
        if let Some(entry) = thesaurus.find_contested(text)
            && !self.contested.contains(&entry)
        {
            self.contested.push(entry);
        }
        let Some((entry, _)) = self.entry(text) else { return Vec::new() };
        let typed = key(text);
        let mut kept: Vec<(String, Other)> = Vec::new();
        let names = entry.names.iter().map(|name| (name, false));
        let mut all: Vec<(&String, bool)> =
            names.chain(entry.acronyms.iter().map(|name| (name, true))).collect();
        all.sort_by_key(|(name, _)| name.split([' ', '-']).count());
        for (name, capitals) in all {
            let words = key(name);
            let known = |shorter: &str| format!(" {words} ").contains(&format!(" {shorter} "));
            if known(&typed) || kept.iter().any(|(shorter, _)| known(shorter)) {
                continue;
            }
            let until = entry.former.get(name).copied();
            kept.push((words, Other { name: name.clone(), capitals, until }));
        }
        kept.into_iter().map(|(_, other)| other).collect()
    }

    /// Whether a run of plain words is a whole name: how many of `words` from the first on, the most.
    pub(super) fn run(&self, words: &[&str]) -> Option<usize> {
        let most = words.len().min(Thesaurus::MAX_WORDS);
        (2..=most).rev().find(|n| {
            let text = words.get(..*n).unwrap_or_default().join(" ");
            self.entry(&text).is_some()
                || self.thesaurus.is_some_and(|t| t.find_contested(&text).is_some())
        })
    }

    /// The other spelling of a word, judged by the stems that `stem` gives.
    pub(super) fn spelling(
        &self,
        folded: &str,
        mut stem: impl FnMut(&str) -> String,
    ) -> Option<&'static str> {
        let thesaurus = self.thesaurus?;
        let pairs = thesaurus.spellings(folded.chars().next()?);
        let wanted = stem(folded);
        pairs.iter().find_map(|&(one, other)| {
            let (a, b) = (stem(one), stem(other));
            match (a == wanted, b == wanted) {
                (true, false) => Some(other),
                (false, true) => Some(one),
                _ => None,
            }
        })
    }
}

fn is_capitals(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// Whether an acronym is one as typed: in capitals, or no common word.
fn is_meant(text: &str) -> bool {
    is_capitals(text) || !is_word(&text.to_lowercase())
}

/// Calls `visit` with every word, phrase and run of words that the query looks for.
fn collect(node: &Node, visit: &mut impl FnMut(&str)) {
    match &node.kind {
        Kind::Word { text, .. } => visit(text),
        Kind::Phrase { items, .. } => visit(&phrase_text(items)),
        Kind::Near { left, right, .. } | Kind::Within { left, right, .. } => {
            collect(left, visit);
            collect(right, visit);
        }
        Kind::Bool { must, should, must_not } => {
            for node in must.iter().chain(should).chain(must_not) {
                collect(node, visit);
            }
            let words: Vec<&str> = should.iter().map_while(plain_word).collect();
            for from in 0..words.len() {
                for to in from + 2..=words.len().min(from + Thesaurus::MAX_WORDS) {
                    visit(&words.get(from..to).unwrap_or_default().join(" "));
                }
            }
        }
        _ => {}
    }
}

/// The text of a phrase without patterns.
pub(super) fn phrase_text(items: &[Item]) -> String {
    if items.iter().any(|item| item.pattern) {
        return String::new();
    }
    items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The text of a word that was typed without any sign.
pub(super) fn plain_word(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Word { text, form: Form::Stemmed | Form::Exact } if node.boost.is_none() => {
            Some(text)
        }
        _ => None,
    }
}
