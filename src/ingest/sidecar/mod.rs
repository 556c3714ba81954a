//! What a reader states beside the documents: outlines (`NAME.outline.toml`) and a table
//! (`documents.csv`).
//!
//! Comes in: the text of such a file. Goes out: values, headings and tags that are obeyed before
//! anything that is found. Knows no files: `corpus` finds and reads them.

mod csv;
mod outline;
mod table;

use crate::document::{Document, Problem, SectionRole, Tags, Tier, TopicTag, Weighted};
use crate::ingest::extract::block::{Key, Value};

pub use outline::{Outline, print};
pub use table::{Row, Table};

/// The end of the name of an outline.
pub const OUTLINE_ENDING: &str = ".outline.toml";
/// The name of the table.
pub const TABLE_NAME: &str = "documents.csv";

/// A heading that a reader states.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Anchor {
    /// Its words; white space and marks around them do not count.
    pub words: String,
    /// Its depth, from 1.
    pub level: u8,
    /// Whether it is the label of a speaker's turn.
    pub turn: bool,
    /// Line it stood on, where the words stand more than once.
    pub line: Option<usize>,
    /// The part it plays: `None` leaves it to the words, `Some(None)` is none.
    pub role: Option<Option<SectionRole>>,
    /// Who speaks in the turn.
    pub speaker: Option<String>,
    /// Whom that speaker represents.
    pub country: Option<String>,
    /// Regions of its passages.
    pub regions: Option<Vec<String>>,
    /// Topics of its passages.
    pub topics: Option<Vec<String>>,
}

/// Everything that is stated of one document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stated {
    /// Values, those of the outline before those of the table; an empty one says that there is none.
    pub values: Vec<Value>,
    /// All headings, in order; `None` leaves them to the text.
    pub headings: Option<Vec<Anchor>>,
    /// Regions of the document: exactly these.
    pub regions: Option<Vec<String>>,
    /// Topics of the document: exactly these.
    pub topics: Option<Vec<String>>,
    /// What a reader should know.
    pub problems: Vec<Problem>,
    /// Hash of all that was stated; empty when nothing was.
    pub hash: String,
}

impl Stated {
    /// Adds what another source says; what is there already is more trusted.
    pub fn add(&mut self, values: &[Value], hash: &str) {
        self.values.extend_from_slice(values);
        if !self.hash.is_empty() {
            self.hash.push('+');
        }
        self.hash.push_str(hash);
    }
}

/// The key that a column or a line of an outline names.
pub(super) fn key(name: &str) -> Option<Key> {
    let name: String =
        name.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    Some(match name.as_str() {
        "title" => Key::Title,
        "speaker" | "author" => Key::Speaker,
        "role" | "office" => Key::Role,
        "country" | "represents" => Key::Country,
        "date" => Key::Date,
        "year" => Key::Year,
        "language" | "lang" => Key::Language,
        "originallanguage" => Key::OriginalLanguage,
        "collection" => Key::Collection,
        "type" | "kind" => Key::Kind,
        "symbol" => Key::Symbol,
        _ => return None,
    })
}

/// Puts the stated tags in place of those that were found.
///
/// A region or topic that the list of the document leaves out is taken from its passages too; one
/// that it adds is given to all of them. What is stated of a section holds for its passages.
pub fn apply_tags(document: &mut Document, stated: &Stated, anchors_of: &[Option<usize>]) {
    if let Some(regions) = &stated.regions {
        let before = names(&document.tags.regions);
        replace(&mut document.tags.regions, regions);
        for tags in all_tags(document) {
            correct(&mut tags.regions, &before, regions);
        }
    }
    if let Some(topics) = &stated.topics {
        let before = names(&document.tags.topics);
        replace(&mut document.tags.topics, topics);
        for tags in all_tags(document) {
            correct(&mut tags.topics, &before, topics);
        }
    }
    let anchors = stated.headings.as_deref().unwrap_or_default();
    for (section, anchor) in anchors_of.iter().enumerate() {
        let Some(anchor) = anchor.and_then(|at| anchors.get(at)) else { continue };
        let Some(tags) = document.sections.get_mut(section).map(|section| &mut section.tags) else {
            continue;
        };
        let before = (names(&tags.regions), names(&tags.topics));
        if let Some(regions) = &anchor.regions {
            replace(&mut tags.regions, regions);
        }
        if let Some(topics) = &anchor.topics {
            replace(&mut tags.topics, topics);
        }
        for passage in document.passages.iter_mut().filter(|passage| passage.section == section) {
            if let Some(regions) = &anchor.regions {
                correct(&mut passage.tags.regions, &before.0, regions);
            }
            if let Some(topics) = &anchor.topics {
                correct(&mut passage.tags.topics, &before.1, topics);
            }
        }
    }
}

/// A tag that can be stated.
trait Stateable: Clone {
    fn name(&self) -> &str;
    /// Whether it holds; what is only likely is left as it is, unless it is stated.
    fn holds(&self) -> bool;
    /// The tag as a reader states it, with the weight that was found, if any.
    fn stated(name: &str, weight: Option<f64>) -> Self;
    fn weight(&self) -> f64;
}

impl Stateable for Weighted {
    fn name(&self) -> &str {
        &self.value
    }

    fn holds(&self) -> bool {
        true
    }

    fn stated(name: &str, weight: Option<f64>) -> Self {
        Self { value: name.to_owned(), weight: weight.unwrap_or(1.0) }
    }

    fn weight(&self) -> f64 {
        self.weight
    }
}

impl Stateable for TopicTag {
    fn name(&self) -> &str {
        &self.id
    }

    fn holds(&self) -> bool {
        self.tier == Tier::Sure
    }

    fn stated(name: &str, weight: Option<f64>) -> Self {
        Self { id: name.to_owned(), weight: weight.unwrap_or(1.0), tier: Tier::Sure }
    }

    fn weight(&self) -> f64 {
        self.weight
    }
}

fn names<T: Stateable>(tags: &[T]) -> Vec<String> {
    tags.iter().filter(|tag| tag.holds()).map(|tag| tag.name().to_owned()).collect()
}

fn all_tags(document: &mut Document) -> impl Iterator<Item = &mut Tags> {
    let sections = document.sections.iter_mut().map(|section| &mut section.tags);
    sections.chain(document.passages.iter_mut().map(|passage| &mut passage.tags))
}

/// Exactly the stated ones hold, with the weights that were found.
fn replace<T: Stateable>(tags: &mut Vec<T>, stated: &[String]) {
    let weight = |name: &String| tags.iter().find(|tag| tag.name() == name).map(T::weight);
    let mut all: Vec<T> = stated.iter().map(|name| T::stated(name, weight(name))).collect();
    let is_stated = |tag: &&T| stated.iter().any(|name| name == tag.name());
    all.extend(tags.iter().filter(|tag| !tag.holds() && !is_stated(tag)).cloned());
    *tags = all;
}

/// Takes away what was a tag before and is none now, and adds what is new.
fn correct<T: Stateable>(tags: &mut Vec<T>, before: &[String], stated: &[String]) {
    let has = |list: &[String], tag: &T| list.iter().any(|name| name == tag.name());
    tags.retain(|tag| !has(before, tag) || has(stated, tag));
    for name in stated.iter().filter(|name| !before.contains(name)) {
        match tags.iter_mut().find(|tag| tag.name() == name) {
            Some(tag) => *tag = T::stated(name, Some(tag.weight())),
            None => tags.push(T::stated(name, None)),
        }
    }
}

/// A short hash of what was stated.
pub(super) fn hash_of<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex().as_str().chars().take(16).collect()
}
