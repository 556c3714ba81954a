//! Topics with their lexicons.

use super::tables::Tables;
use super::{Error, Vocabulary};

/// Score at which a passage is tagged when a topic sets no threshold of its own.
const DEFAULT_THRESHOLD: f64 = 3.0;

/// A topic of the taxonomy.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// Its id, such as `regional-cooperation`.
    pub id: String,
    /// What a reader sees.
    pub label: String,
    /// Id of the wider topic, if it is nested.
    pub parent: Option<String>,
    /// Score from which a passage is tagged.
    pub threshold: f64,
    /// Other names for filters.
    pub names: Vec<String>,
    /// Its lexicon.
    pub terms: Vec<Term>,
}

/// A word or phrase of a lexicon. One with a capital is matched with a capital only; one all in
/// capitals in capitals only.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The word or phrase, as written in the table.
    pub text: String,
    /// What it adds to the score; below 0 it speaks against the topic.
    pub weight: f64,
}

impl Vocabulary {
    /// The topic with this id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }
}

pub(crate) fn from_tables(tables: &Tables) -> Result<Vec<Topic>, Error> {
    let mut topics = Vec::with_capacity(tables.topic.len());
    for entry in &tables.topic {
        let id = entry.id.clone();
        let Some(label) = entry.label.clone() else { return Err(Error::NoLabel(id)) };
        let threshold = entry.threshold.unwrap_or(DEFAULT_THRESHOLD);
        if !(threshold.is_finite() && threshold > 0.0) {
            let value = threshold.to_string();
            return Err(Error::BadNumber { topic: id, value, what: "threshold" });
        }
        if let Some(parent) = &entry.parent
            && !tables.topic.iter().any(|known| known.id == *parent)
        {
            return Err(Error::UnknownParent { topic: id, parent: parent.clone() });
        }
        let classes = [
            (&entry.strong, 3.0),
            (&entry.good, 2.0),
            (&entry.fair, 1.0),
            (&entry.weak, 0.5),
            (&entry.against, -2.0),
            (&entry.ignore, 0.0),
        ];
        let mut terms = Vec::new();
        for (texts, weight) in classes {
            terms.extend(texts.iter().map(|text| Term { text: text.clone(), weight }));
        }
        for text in entry.other.values().flatten() {
            terms.push(Term { text: text.clone(), weight: threshold });
        }
        for term in &entry.terms {
            if !term.weight.is_finite() {
                let value = term.weight.to_string();
                return Err(Error::BadNumber { topic: id, value, what: "weight" });
            }
            terms.push(Term { text: term.text.clone(), weight: term.weight });
        }
        topics.push(Topic {
            id,
            label,
            parent: entry.parent.clone(),
            threshold,
            names: entry.names.clone(),
            terms,
        });
    }
    Ok(topics)
}
