//! The tables as they are written: shapes of the TOML files, and how one is laid over another.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::thesaurus::{ContestedEntry, SameEntry};
use super::{Country, Error};

/// All tables, or the part of them that a reader's `chancery.toml` adds.
///
/// ```
/// use chancery::vocabulary::{Tables, Vocabulary};
/// let tables = Tables::parse("[[country]]\ncode = \"FRA\"\nalso = [\"Hexagon\"]").unwrap();
/// let vocabulary = Vocabulary::with_overrides(&tables).unwrap();
/// assert_eq!(vocabulary.resolve_country("the hexagon"), Some(vec!["FRA"]));
/// ```
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tables {
    /// Countries, territories, States of the past.
    pub country: Vec<CountryEntry>,
    /// Regions and seas.
    pub region: Vec<RegionEntry>,
    /// Groupings of States.
    pub group: Vec<GroupEntry>,
    /// Topics with their lexicons.
    pub topic: Vec<TopicEntry>,
    /// What looks like a place and is none.
    pub traps: Traps,
    /// Names of one thing; only a reader's own, the shipped ones are read by the thesaurus.
    pub same: Vec<SameEntry>,
    /// Contested names; only a reader's own.
    pub contested: Vec<ContestedEntry>,
    /// Groups of words that speak of the same matter, as lines of `data/related.txt`; only a reader's
    /// own.
    pub related: Vec<String>,
}

/// A country; keys as in the header of `data/countries.toml` and `data/former.toml`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the tables' headers describe the keys, once")]
pub struct CountryEntry {
    pub code: String,
    pub name: Option<String>,
    pub region: Option<String>,
    pub formal: Option<String>,
    pub also: Vec<String>,
    pub acronyms: Vec<String>,
    pub people: Vec<String>,
    pub prefixes: Vec<String>,
    pub capitals: Vec<String>,
    pub venues: Vec<String>,
    pub former_capitals: Vec<Former>,
    pub former: Vec<Former>,
    pub known_as: Vec<KnownAs>,
    pub lookup_only: Vec<String>,
    pub years: Option<[i32; 2]>,
    pub successors: Vec<String>,
    pub continued_by: Option<String>,
    /// Names in other languages, from `data/names.tsv`.
    #[serde(skip)]
    pub foreign: Vec<(String, String)>,
}

/// A name of the past.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// The name.
    pub name: String,
    /// The last year it was the name.
    pub until: Option<i32>,
}

/// What a State was called before a day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownAs {
    /// The first day of the next name, ISO 8601.
    pub until: String,
    /// The name up to then.
    pub name: String,
}

/// A region or sea; keys as in the header of `data/regions.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the tables' headers describe the keys, once")]
pub struct RegionEntry {
    pub path: String,
    pub kind: Option<String>,
    pub also: Vec<String>,
    pub people: Vec<String>,
    pub prefixes: Vec<String>,
    pub home: Vec<String>,
    pub members: Vec<String>,
}

/// A grouping of States; keys as in the header of `data/groups.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the tables' headers describe the keys, once")]
pub struct GroupEntry {
    pub path: String,
    pub code: Option<String>,
    pub acronyms: Vec<String>,
    pub also: Vec<String>,
    pub people: Vec<String>,
    pub home: Vec<String>,
    pub years: Vec<i32>,
    pub members: Vec<String>,
}

/// A topic; keys as in the header of `data/topics.toml`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the tables' headers describe the keys, once")]
pub struct TopicEntry {
    pub id: String,
    pub label: Option<String>,
    pub parent: Option<String>,
    pub threshold: Option<f64>,
    pub names: Vec<String>,
    /// Terms of weight 3: enough alone.
    pub strong: Vec<String>,
    /// Terms of weight 2.
    pub good: Vec<String>,
    /// Terms of weight 1.
    pub fair: Vec<String>,
    /// Terms of weight 0.5.
    pub weak: Vec<String>,
    /// Terms of weight -2: they speak against the topic.
    pub against: Vec<String>,
    /// Phrases that hide the terms inside them and count for nothing here.
    pub ignore: Vec<String>,
    /// Terms with a weight of their own.
    pub terms: Vec<TermEntry>,
    /// Terms of other languages by code: each names the topic by itself and weighs as its threshold.
    pub other: BTreeMap<String, Vec<String>>,
}

/// A term with its own weight.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermEntry {
    /// The word or phrase.
    pub text: String,
    /// What it adds to the score.
    pub weight: f64,
}

/// What looks like a place and is none, or is another; keys as in the header of `data/traps.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the table's header describes the keys, once")]
pub struct Traps {
    pub nothing: Vec<String>,
    pub instruments: Vec<String>,
    pub prepositions: Vec<String>,
    pub given_names: Vec<String>,
    pub also_given_names: Vec<String>,
    pub means: Vec<MeansEntry>,
    pub open: Vec<OpenEntry>,
}

/// A phrase that means certain countries or a region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeansEntry {
    /// The phrases.
    pub names: Vec<String>,
    /// One country.
    pub country: Option<String>,
    /// Or several.
    pub countries: Vec<String>,
    /// The region's path.
    pub region: Option<String>,
    /// Whether it is a name of the past.
    pub historical: bool,
}

/// A name that may mean several States.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OpenEntry {
    /// The names.
    pub names: Vec<String>,
    /// The adjectives.
    pub people: Vec<String>,
    /// The countries it may mean.
    pub candidates: Vec<String>,
    /// What it means when nothing decides; all candidates when empty.
    pub otherwise: Vec<String>,
    /// The region it always means, or means when no country is decided.
    pub region: Option<String>,
    /// Only the document's own country decides, not what else it names.
    pub own_only: bool,
    /// Countries that, when named, decide for the region.
    pub cues: Vec<String>,
    /// Years in which it is open at all; in others, and without a date, it means `otherwise`.
    pub open_years: Option<[i32; 2]>,
    /// In these years the region is meant without a cue.
    pub from: Option<i32>,
    /// Last of these years.
    pub to: Option<i32>,
    /// Up to this year it means `before` (or only the region).
    pub until: Option<i32>,
    /// What it means up to `until`.
    pub before: Option<String>,
    /// Whether it is also a meeting place.
    pub venue: bool,
}

impl Tables {
    /// Reads tables from TOML.
    ///
    /// # Errors
    /// When the text is no TOML or has an unknown key.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::parse_named(text, "the vocabulary of chancery.toml")
    }

    fn parse_named(text: &str, table: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|e| Error::Unreadable {
            table: table.to_owned(),
            message: e.message().to_owned(),
        })
    }

    /// The shipped tables.
    ///
    /// # Panics
    /// Never: a test reads the tables.
    #[expect(clippy::expect_used, reason = "part of the program, and read by a test")]
    pub fn builtin() -> Self {
        let mut all = Self::default();
        for (name, text) in [
            ("countries.toml", include_str!("data/countries.toml")),
            ("former.toml", include_str!("data/former.toml")),
            ("regions.toml", include_str!("data/regions.toml")),
            ("groups.toml", include_str!("data/groups.toml")),
            ("topics.toml", include_str!("data/topics.toml")),
        ] {
            let tables = Self::parse_named(text, name).expect("a test reads the shipped tables");
            all.country.extend(tables.country);
            all.region.extend(tables.region);
            all.group.extend(tables.group);
            all.topic.extend(tables.topic);
        }
        all.traps = toml::from_str(include_str!("data/traps.toml"))
            .expect("a test reads the shipped tables");
        for line in rows(include_str!("data/names.tsv")) {
            let mut fields = line.split('\t');
            let (Some(language), Some(code), Some(names)) =
                (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            if let Some(country) = all.country.iter_mut().find(|country| country.code == code) {
                let names = names.split('|').map(|name| (language.to_owned(), name.to_owned()));
                country.foreign.extend(names);
            }
        }
        all
    }

    /// Lays `over` over these tables.
    pub(crate) fn overlay(&mut self, over: &Self) {
        for entry in &over.country {
            match self.country.iter_mut().find(|known| known.code == entry.code) {
                Some(known) => known.overlay(entry),
                None => self.country.push(entry.clone()),
            }
        }
        for entry in &over.region {
            match self.region.iter_mut().find(|known| known.path == entry.path) {
                Some(known) => known.overlay(entry),
                None => self.region.push(entry.clone()),
            }
        }
        for entry in &over.group {
            match self.group.iter_mut().find(|known| known.path == entry.path) {
                Some(known) => known.overlay(entry),
                None => self.group.push(entry.clone()),
            }
        }
        for entry in &over.topic {
            match self.topic.iter_mut().find(|known| known.id == entry.id) {
                Some(known) => known.overlay(entry),
                None => self.topic.push(entry.clone()),
            }
        }
        self.traps.overlay(&over.traps);
    }
}

/// The lines of a TSV table without its header of `#` lines.
pub(crate) fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

pub(super) fn add<T: Clone + PartialEq>(known: &mut Vec<T>, more: &[T]) {
    for item in more {
        if !known.contains(item) {
            known.push(item.clone());
        }
    }
}

fn replace<T: Clone>(known: &mut Option<T>, new: Option<&T>) {
    if new.is_some() {
        *known = new.cloned();
    }
}

impl CountryEntry {
    fn overlay(&mut self, over: &Self) {
        replace(&mut self.name, over.name.as_ref());
        replace(&mut self.region, over.region.as_ref());
        replace(&mut self.formal, over.formal.as_ref());
        replace(&mut self.years, over.years.as_ref());
        replace(&mut self.continued_by, over.continued_by.as_ref());
        add(&mut self.also, &over.also);
        add(&mut self.acronyms, &over.acronyms);
        add(&mut self.people, &over.people);
        add(&mut self.prefixes, &over.prefixes);
        add(&mut self.capitals, &over.capitals);
        add(&mut self.venues, &over.venues);
        add(&mut self.former_capitals, &over.former_capitals);
        add(&mut self.former, &over.former);
        add(&mut self.known_as, &over.known_as);
        add(&mut self.lookup_only, &over.lookup_only);
        add(&mut self.successors, &over.successors);
    }
}

impl RegionEntry {
    fn overlay(&mut self, over: &Self) {
        replace(&mut self.kind, over.kind.as_ref());
        add(&mut self.also, &over.also);
        add(&mut self.people, &over.people);
        add(&mut self.prefixes, &over.prefixes);
        add(&mut self.home, &over.home);
        add(&mut self.members, &over.members);
    }
}

impl GroupEntry {
    fn overlay(&mut self, over: &Self) {
        replace(&mut self.code, over.code.as_ref());
        add(&mut self.acronyms, &over.acronyms);
        add(&mut self.also, &over.also);
        add(&mut self.people, &over.people);
        add(&mut self.home, &over.home);
        add(&mut self.members, &over.members);
        if !over.years.is_empty() {
            self.years.clone_from(&over.years);
        }
    }
}

impl TopicEntry {
    fn overlay(&mut self, over: &Self) {
        replace(&mut self.label, over.label.as_ref());
        replace(&mut self.parent, over.parent.as_ref());
        replace(&mut self.threshold, over.threshold.as_ref());
        add(&mut self.names, &over.names);
        add(&mut self.strong, &over.strong);
        add(&mut self.good, &over.good);
        add(&mut self.fair, &over.fair);
        add(&mut self.weak, &over.weak);
        add(&mut self.against, &over.against);
        add(&mut self.ignore, &over.ignore);
        add(&mut self.terms, &over.terms);
        for (language, terms) in &over.other {
            add(self.other.entry(language.clone()).or_default(), terms);
        }
    }
}

impl Traps {
    fn overlay(&mut self, over: &Self) {
        add(&mut self.nothing, &over.nothing);
        add(&mut self.instruments, &over.instruments);
        add(&mut self.prepositions, &over.prepositions);
        add(&mut self.given_names, &over.given_names);
        add(&mut self.also_given_names, &over.also_given_names);
        add(&mut self.means, &over.means);
        add(&mut self.open, &over.open);
    }

    /// Looks that every code is one of a country, or of the European Union.
    pub(crate) fn check(&self, countries: &[Country]) -> Result<(), Error> {
        let means = self.means.iter().flat_map(|m| m.country.iter().chain(&m.countries));
        let open =
            self.open.iter().flat_map(|o| o.candidates.iter().chain(&o.otherwise).chain(&o.cues));
        for code in means.chain(open) {
            if code != "EU" && !countries.iter().any(|country| country.code == *code) {
                return Err(Error::UnknownCountry {
                    owner: "traps".to_owned(),
                    code: code.clone(),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Vocabulary;
    use super::*;

    fn refused(toml: &str) -> String {
        let tables = match Tables::parse(toml) {
            Ok(tables) => tables,
            Err(error) => return error.to_string(),
        };
        Vocabulary::with_overrides(&tables).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_shipped_tables_are_sound() {
        let vocabulary = Vocabulary::from_tables(&Tables::builtin()).unwrap();
        assert!(vocabulary.countries().len() > 240);
        assert_eq!(vocabulary.topics().len(), 26);
        for topic in vocabulary.topics() {
            assert!(topic.terms.len() >= 12, "{}", topic.id);
        }
    }

    #[test]
    fn what_a_reader_adds_is_added() {
        let tables = Tables::parse(
            "[[country]]\ncode = \"ATL\"\nname = \"Atlantis\"\nregion = \"Europe/Southern Europe\"\n\
             [[region]]\npath = \"Hyperborea\"\nhome = [\"Europe\"]\nmembers = [\"ATL\"]\n\
             [[topic]]\nid = \"energy\"\nstrong = [\"vril\"]",
        )
        .unwrap();
        let vocabulary = Vocabulary::with_overrides(&tables).unwrap();
        assert_eq!(vocabulary.region_of("ATL"), Some("Europe/Southern Europe/Atlantis"));
        assert_eq!(vocabulary.members("Hyperborea", None), ["ATL"]);
        assert!(vocabulary.topic("energy").unwrap().terms.iter().any(|t| t.text == "vril"));
    }

    #[test]
    fn a_faulty_entry_is_named() {
        for (toml, expected) in [
            ("[[country]]\ncode = \"fr\"", "\"fr\" is not a country code"),
            ("[[country]]\ncode = \"ATL\"", "\"ATL\" is new and has no name"),
            ("[[country]]\ncode = \"FRA\"\nregion = \"Mars\"", "lies in \"Mars\""),
            ("[[group]]\npath = \"X\"\nmembers = [\"FRA x\"]", "cannot read the member \"FRA x\""),
            ("[[topic]]\nid = \"x\"", "\"x\" is new and has no label"),
            ("[[topic]]\nid = \"energy\"\nthreshold = 0.0", "no usable threshold"),
            ("[[contry]]\ncode = \"FRA\"", "cannot read the vocabulary"),
        ] {
            let message = refused(toml);
            assert!(message.contains(expected), "{toml}: {message}");
        }
    }
}
