//! The tables that text is scanned with: all names and terms, as phrases of numbered words.

use super::book::{Book, BookBuilder};
use super::sense::{Case, Sense, Use, What};
use super::words::{Builder, Word, Words};
use super::{Country, RegionKind, Vocabulary};
use crate::document::PlaceKind;

/// A term of a topic's lexicon, by its places in the vocabulary's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermSense {
    /// Place of the topic.
    pub topic: usize,
    /// Place of the term in its lexicon.
    pub term: usize,
    /// How it must be written.
    pub case: Case,
}

/// What a word is for the rules about names, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A place preposition: "in".
    Preposition = 1,
    /// An instrument or meeting: "Agreement".
    Instrument = 2,
    /// A given name: "George".
    GivenName = 4,
    /// A place that is also a given name: "Israel".
    AlsoGivenName = 8,
    /// "of".
    Of = 16,
    /// "the".
    The = 32,
    /// "speaking", as in "French-speaking".
    Speaking = 64,
    /// "spoke", "interpretation": a language follows soon.
    Spoke = 128,
}

/// All names and terms, ready for scanning. Words are numbered once, so that a text read once serves
/// both books.
#[derive(Debug)]
pub struct Gazetteer {
    words: Words,
    places: Book<Sense>,
    terms: Book<TermSense>,
    roles: Vec<u8>,
}

impl Gazetteer {
    /// The numbered words.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The names of places.
    pub fn places(&self) -> &Book<Sense> {
        &self.places
    }

    /// The terms of topics.
    pub fn terms(&self) -> &Book<TermSense> {
        &self.terms
    }

    /// Whether a word has a role.
    pub fn is(&self, word: Word, role: Role) -> bool {
        self.roles.get(word.0 as usize).is_some_and(|roles| roles & role as u8 != 0)
    }

    pub(crate) fn new(vocabulary: &Vocabulary) -> Self {
        let mut names = Names { words: Builder::default(), book: BookBuilder::new() };
        // Of two meanings of one name the first added is tried first.
        names.add_traps(vocabulary);
        for (at, country) in vocabulary.countries().iter().enumerate() {
            names.add_country(at, country);
        }
        names.add_regions(vocabulary);
        let Names { mut words, book } = names;

        let mut terms = BookBuilder::new();
        for (topic, entry) in vocabulary.topics().iter().enumerate() {
            for (term, listed) in entry.terms.iter().enumerate() {
                let case = term_case(&listed.text);
                for spelling in spellings(&listed.text) {
                    terms.add(&mut words, &spelling, &TermSense { topic, term, case });
                }
            }
        }

        let mut roles: Vec<(Word, Role)> = Vec::new();
        let traps = vocabulary.traps();
        for (listed, role) in [
            (&traps.prepositions, Role::Preposition),
            (&traps.instruments, Role::Instrument),
            (&traps.given_names, Role::GivenName),
            (&traps.also_given_names, Role::AlsoGivenName),
        ] {
            roles.extend(listed.iter().map(|word| (words.intern(&super::key(word)), role)));
        }
        for (word, role) in [
            ("of", Role::Of),
            ("the", Role::The),
            ("speaking", Role::Speaking),
            ("spoke", Role::Spoke),
            ("spoken", Role::Spoke),
            ("interpretation", Role::Spoke),
            ("interpreted", Role::Spoke),
            ("translated", Role::Spoke),
            ("translation", Role::Spoke),
        ] {
            roles.push((words.intern(word), role));
        }
        let n_words = roles.iter().map(|(word, _)| word.0 as usize + 1).max().unwrap_or(0);
        let mut by_word = vec![0; n_words];
        for (word, role) in roles {
            if let Some(roles) = by_word.get_mut(word.0 as usize) {
                *roles |= role as u8;
            }
        }
        Self { words: words.finish(), places: book.finish(), terms: terms.finish(), roles: by_word }
    }
}

struct Names {
    words: Builder,
    book: BookBuilder<Sense>,
}

impl Names {
    fn add(&mut self, name: &str, sense: Sense) {
        let name = name.strip_prefix("the ").unwrap_or(name);
        self.book.add(&mut self.words, name, &sense);
    }

    fn add_all<'n>(&mut self, names: impl IntoIterator<Item = &'n String>, sense: Sense) {
        for name in names {
            self.add(name, Sense { case: name_case(name, sense.case), ..sense });
        }
    }

    fn add_traps(&mut self, vocabulary: &Vocabulary) {
        let traps = vocabulary.traps();
        let plain = |what, kind| Sense {
            what,
            kind,
            case: Case::Capital,
            usage: Use::Anywhere,
            years: (None, None),
        };
        for (at, entry) in traps.means.iter().enumerate() {
            let kind = if entry.historical { PlaceKind::Historical } else { PlaceKind::Name };
            self.add_all(&entry.names, plain(What::Means(at), kind));
        }
        for (at, entry) in traps.open.iter().enumerate() {
            let usage = if entry.venue { Use::Venue } else { Use::Anywhere };
            let kind = if entry.venue {
                PlaceKind::Capital
            } else if entry.candidates.is_empty() {
                PlaceKind::Feature
            } else {
                PlaceKind::Name
            };
            self.add_all(&entry.names, Sense { usage, ..plain(What::Open(at), kind) });
            self.add_all(&entry.people, plain(What::Open(at), PlaceKind::Demonym));
        }
        self.add_all(&traps.nothing, plain(What::Nothing, PlaceKind::Name));
    }

    fn add_country(&mut self, at: usize, country: &Country) {
        let name_kind = if country.is_former() { PlaceKind::Historical } else { PlaceKind::Name };
        let sense = |kind, case, usage| Sense {
            what: What::Country(at),
            kind,
            case,
            usage,
            years: (None, None),
        };
        let anywhere = |kind| sense(kind, Case::Capital, Use::Anywhere);
        let is_plain_name = !country.lookup_only.contains(&country.name);
        self.add_all(is_plain_name.then_some(&country.name), anywhere(name_kind));
        self.add_all(&country.also, anywhere(name_kind));
        self.add_all(&country.acronyms, sense(name_kind, Case::Capitals, Use::Anywhere));
        self.add_all(country.foreign.iter().map(|(_, name)| name), anywhere(name_kind));
        for former in &country.former {
            let is_acronym = former.name.chars().all(char::is_uppercase);
            let case = if is_acronym { Case::Capitals } else { Case::Capital };
            self.add(&former.name, sense(PlaceKind::Historical, case, Use::Anywhere));
        }
        self.add_all(&country.people, anywhere(PlaceKind::Demonym));
        self.add_all(&country.prefixes, sense(PlaceKind::Demonym, Case::Capital, Use::Prefix));
        // The capital of a State of the past is its own in its years only.
        let years = country.years.map_or((None, None), |(first, last)| (Some(first), Some(last)));
        let capital = sense(PlaceKind::Capital, Case::Capital, Use::Anywhere);
        self.add_all(&country.capitals, Sense { years, ..capital });
        self.add_all(&country.venues, Sense { years, usage: Use::Venue, ..capital });
        for former in &country.former_capitals {
            let years = (None, former.until);
            self.add(&former.name, Sense { years, usage: Use::Venue, ..capital });
        }
    }

    fn add_regions(&mut self, vocabulary: &Vocabulary) {
        for (at, region) in vocabulary.regions().iter().enumerate() {
            let (kind, people) = match region.kind {
                RegionKind::Group => (PlaceKind::Group, PlaceKind::Group),
                _ => (PlaceKind::Feature, PlaceKind::Demonym),
            };
            let sense = |kind, case, usage| Sense {
                what: What::Region(at),
                kind,
                case,
                usage,
                years: (None, None),
            };
            let name = region.name().to_owned();
            let is_acronym =
                region.acronyms.contains(&name) || name.chars().all(char::is_uppercase);
            let names = (!is_acronym).then_some(&name).into_iter().chain(&region.also);
            for name in names.chain(&region.people).filter(|name| begins_with_a_direction(name)) {
                self.add(name, sense(kind, Case::Any, Use::Anywhere));
            }
            if !is_acronym {
                self.add_all([&name], sense(kind, Case::Capital, Use::Anywhere));
            }
            self.add_all(&region.also, sense(kind, Case::Capital, Use::Anywhere));
            self.add_all(&region.acronyms, sense(kind, Case::Capitals, Use::Anywhere));
            self.add_all(&region.people, sense(people, Case::Capital, Use::Anywhere));
            self.add_all(&region.prefixes, sense(people, Case::Capital, Use::Prefix));
        }
    }
}

/// Regions such as "southern Africa" are often written with a small first letter.
fn begins_with_a_direction(name: &str) -> bool {
    let first = name.split([' ', '-']).next().unwrap_or_default();
    let directions = ["Northern", "Southern", "Eastern", "Western", "Central"];
    directions.contains(&first) && name.len() > first.len()
}

/// A name that the table writes with a small letter may be written so.
fn name_case(name: &str, case: Case) -> Case {
    let name = name.strip_prefix("the ").unwrap_or(name);
    if name.starts_with(char::is_lowercase) { Case::Any } else { case }
}

fn term_case(text: &str) -> Case {
    let is_acronym = text.len() > 1
        && !text.chars().any(char::is_lowercase)
        && text.starts_with(char::is_alphabetic);
    if is_acronym {
        Case::Capitals
    } else if text.starts_with(char::is_uppercase) {
        Case::Capital
    } else {
        Case::Any
    }
}

/// The spellings of a term: a hyphen may be written, or not, and the parts as one word;
/// "cooperation" also as "co-operation".
fn spellings(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    if text.contains('-') {
        all.push(text.replace('-', ""));
    }
    for (joined, cut) in [("cooperat", "co-operat"), ("coordinat", "co-ordinat")] {
        if text.contains(joined) {
            all.push(text.replace(joined, cut));
        }
    }
    all
}
