//! Which of a query's words are whole names, and what else those are called.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::stopwords::is_stop_word;
use crate::analysis::wordlist::is_word;
use crate::query::{Form, Item, Kind, Node};
use crate::vocabulary::{ContestedEntry, SameEntry, Thesaurus, key};

/// The names of a query, to be asked for one after another.
pub(super) struct Names<'t> {
    thesaurus: Option<&'t Thesaurus>,
    /// Entries of which the query itself names two: the reader knows what is wanted.
    spelled_out: BTreeSet<&'t [String]>,
    pub(super) contested: Vec<&'t ContestedEntry>,
}

/// What else a name is called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Other {
    /// What it is another name of, as typed.
    pub(super) typed: String,
    pub(super) name: String,
    /// Whether it counts in capitals only.
    pub(super) capitals: bool,
    /// Whether it is the typed name itself, looked for in its other spellings.
    pub(super) respelled: bool,
    /// Longer names in which it means something else.
    pub(super) apart: Vec<String>,
    /// Last year in which it was the official name.
    pub(super) until: Option<i32>,
}

impl Other {
    /// The name as it is shown.
    pub(super) fn label(&self) -> String {
        if self.respelled {
            format!("{} (spelled otherwise)", self.name)
        } else {
            self.name.clone()
        }
    }
}

impl<'t> Names<'t> {
    /// `None` switches the thesaurus off.
    pub(super) fn new(thesaurus: Option<&'t Thesaurus>, root: Option<&Node>) -> Self {
        let mut names = Self { thesaurus, spelled_out: BTreeSet::new(), contested: Vec::new() };
        let Some(root) = root.filter(|_| thesaurus.is_some()) else { return names };
        let mut typed: BTreeMap<&[String], BTreeSet<String>> = BTreeMap::new();
        names.collect(root, &mut |entry, text| {
            typed.entry(&entry.names).or_default().insert(key(text));
        });
        let several = typed.into_iter().filter(|(_, forms)| forms.len() > 1);
        names.spelled_out = several.map(|(entry, _)| entry).collect();
        names
    }

    /// Whether nothing but what was typed is wanted.
    pub(super) fn are_off(&self) -> bool {
        self.thesaurus.is_none()
    }

    /// The entry that `text` is a whole name of, and whether it is an acronym there.
    fn entry(&self, text: &str) -> Option<(&'t SameEntry, bool)> {
        let (entry, acronym) = self.thesaurus?.find(text)?;
        if self.spelled_out.contains(entry.names.as_slice()) || acronym && !is_meant(entry, text) {
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

    /// Whether `text` is an acronym.
    pub(super) fn is_acronym(&self, text: &str) -> bool {
        self.entry(text).is_some_and(|(_, acronym)| acronym)
    }

    /// The other spelling of a folded word, in the form that it has.
    pub(super) fn other_spelling(&self, word: &str) -> Option<String> {
        self.thesaurus?.other_spelling(word)
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
        let mut own = None;
        let mut kept: Vec<(String, Other)> = Vec::new();
        let names = entry.names.iter().map(|name| (name, false));
        let acronyms = entry.acronyms.iter().map(|name| (name, true));
        let mut all: Vec<(&String, bool)> = names.chain(acronyms).collect();
        all.sort_by_key(|(name, _)| name.split([' ', '-']).count());
        for (name, capitals) in all {
            let words = key(name);
            let other = Other {
                typed: text.to_owned(),
                name: name.clone(),
                capitals,
                respelled: false,
                apart: longer(entry, &words),
                until: entry.former.get(name).copied(),
            };
            if !capitals && own.is_none() && thesaurus.are_one(name, text) {
                own = Some(Other { respelled: true, ..other.clone() });
            }
            // Two of them in one name would be two marks: the long name then stands for both.
            let shorter = || kept.iter().map(|(words, _)| words).chain([&typed]);
            let is_known = shorter().any(|shorter| *shorter == words);
            let n_inside = shorter().filter(|shorter| holds(&words, shorter)).count();
            let is_contested = thesaurus.find_contested(name).is_some();
            if !is_known && n_inside != 1 && !is_contested {
                kept.push((words, other));
            }
        }
        let own = own.filter(|own| has_other_spelling(thesaurus, &own.name));
        own.into_iter().chain(kept.into_iter().map(|(_, other)| other)).collect()
    }

    /// Whether a run of plain words is a whole name: how many of `words` from the first on, the most.
    pub(super) fn run(&self, words: &[&str]) -> Option<usize> {
        let most = words.len().min(Thesaurus::MAX_WORDS);
        (2..=most).rev().find(|n| {
            let text = words.get(..*n).unwrap_or_default().join(" ");
            let text = bare(&text);
            self.entry(text).is_some()
                || self.thesaurus.is_some_and(|t| t.find_contested(text).is_some())
        })
    }

    /// The plain words in `nodes` that are parts of a longer name, and acronyms in themselves only by
    /// chance, as in `Viet Nam` is no `NAM`.
    pub(super) fn parts_of_names(&self, nodes: &[Node]) -> Vec<bool> {
        let mut parts = vec![false; nodes.len()];
        let mut at = 0;
        while at < nodes.len() {
            let words: Vec<&str> = nodes.iter().skip(at).map_while(plain_word).collect();
            let Some(n) = self.run(&words) else {
                at += 1;
                continue;
            };
            let run = words.get(..n).unwrap_or_default();
            let all_capitals = run.iter().all(|word| is_capitals(word));
            for (part, word) in parts.iter_mut().skip(at).zip(run) {
                *part = all_capitals || !is_capitals(word);
            }
            at += n;
        }
        parts
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
        // A stem begins as its word does: most pairs need no stemming.
        let begins = |word: &str| word.bytes().zip(wanted.bytes()).take(2).all(|(a, b)| a == b);
        let mut near = pairs.iter().filter(|(one, other)| begins(one) || begins(other));
        near.find_map(|&(one, other)| {
            let (a, b) = (stem(one), stem(other));
            match (a == wanted, b == wanted) {
                (true, false) => Some(other),
                (false, true) => Some(one),
                _ => None,
            }
        })
    }

    /// Calls `visit` with every whole name that the query looks for, and its entry.
    fn collect(&self, node: &Node, visit: &mut dyn FnMut(&'t SameEntry, &str)) {
        let name = |text: &str, visit: &mut dyn FnMut(&'t SameEntry, &str)| {
            if let Some((entry, _)) = self.entry(text) {
                visit(entry, text);
            }
        };
        match &node.kind {
            Kind::Word { text, .. } => name(bare(text), visit),
            Kind::Phrase { items, .. } => name(&phrase_text(items), visit),
            Kind::Near { left, right, .. } | Kind::Within { left, right, .. } => {
                self.collect(left, visit);
                self.collect(right, visit);
            }
            Kind::Bool { must, should, must_not } => {
                // A name inside a longer one is not named by itself.
                let mut at = 0;
                while at < should.len() {
                    let words: Vec<&str> = should.iter().skip(at).map_while(plain_word).collect();
                    let n = self.run(&words).unwrap_or(1);
                    match words.get(..n) {
                        Some(words) => name(bare(&words.join(" ")), visit),
                        None => should.get(at).into_iter().for_each(|n| self.collect(n, visit)),
                    }
                    at += n;
                }
                must.iter().chain(must_not).for_each(|node| self.collect(node, visit));
            }
            _ => {}
        }
    }
}

/// Whether the name `words` holds the name `shorter`, or is it.
fn holds(words: &str, shorter: &str) -> bool {
    format!(" {words} ").contains(&format!(" {shorter} "))
}

/// The names of other things that hold this one.
fn longer(entry: &SameEntry, words: &str) -> Vec<String> {
    entry.apart.iter().filter(|name| holds(&key(name), words)).cloned().collect()
}

/// The names of a contested entry, each to be counted where it is no part of another.
pub(super) fn contested(entry: &ContestedEntry) -> Vec<Other> {
    let names = entry.names.iter().map(|name| {
        let words = key(name);
        let around = entry.names.iter().chain(&entry.apart);
        let around = around.filter(|longer| key(longer) != words && holds(&key(longer), &words));
        Other { name: name.clone(), apart: around.cloned().collect(), ..Other::default() }
    });
    names.collect()
}

/// Whether a name can be written in another way: without its hyphen, or British for American.
fn has_other_spelling(thesaurus: &Thesaurus, name: &str) -> bool {
    name.contains('-') || key(name).split(' ').any(|word| thesaurus.other_spelling(word).is_some())
}

fn is_capitals(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// Whether an acronym is one as typed: in capitals or as in its entry; in small letters when it is no
/// common word and not of two letters (`un`, `au`, `eu` are French).
fn is_meant(entry: &SameEntry, text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let lower = text.to_lowercase();
    let small = lower == text || letters > 3;
    is_capitals(text)
        || entry.acronyms.iter().any(|acronym| acronym == text)
        || small && letters > 2 && !is_word(&lower) && !is_stop_word(&lower)
}

/// A name without the ending of a possessive.
pub(super) fn bare(text: &str) -> &str {
    text.strip_suffix("'s").or_else(|| text.strip_suffix("\u{2019}s")).unwrap_or(text)
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
