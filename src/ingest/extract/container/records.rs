//! Records with named columns: which column holds what.

use super::{Content, Opening};
use crate::document::{Origin, Problem};
use crate::ingest::extract::Skip;
use crate::ingest::extract::block::{Extracted, Key, Value};

/// Which columns hold what. A project may name them; else common names are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// Columns whose words are the text, one below the other.
    pub text: Vec<String>,
    /// Columns with values, in the order of trust.
    pub values: Vec<(Key, String)>,
}

/// Common names of the column with the text, in the order in which they are looked for.
const TEXT: &[&str] =
    &["text", "body", "content", "full_text", "fulltext", "full text", "speech", "transcript"];

/// Common names of other columns.
const VALUES: &[(&str, Key)] = &[
    ("title", Key::Title),
    ("headline", Key::Title),
    ("subject", Key::Title),
    ("date", Key::Date),
    ("published", Key::Date),
    ("speaker", Key::Speaker),
    ("author", Key::Speaker),
    ("role", Key::Role),
    ("post", Key::Role),
    ("country", Key::Country),
    ("country_code", Key::Country),
    ("iso3", Key::Country),
    ("language", Key::Language),
    ("lang", Key::Language),
    ("original_language", Key::OriginalLanguage),
    ("collection", Key::Collection),
    ("type", Key::Kind),
    ("symbol", Key::Symbol),
    ("document_symbol", Key::Symbol),
];

/// The columns of one table, by their place in it.
pub(super) struct Chosen {
    text: Vec<usize>,
    values: Vec<(Key, usize)>,
}

impl Chosen {
    /// Chooses among the columns of these names; `None` when none holds text.
    pub(super) fn of(names: &[&str], mapping: Option<&Columns>) -> Option<Self> {
        let at = |wanted: &str| {
            names.iter().position(|name| name.trim().eq_ignore_ascii_case(wanted.trim()))
        };
        let (text, values): (Vec<usize>, Vec<(Key, usize)>) = match mapping {
            Some(columns) => (
                columns.text.iter().filter_map(|name| at(name)).collect(),
                columns.values.iter().filter_map(|(key, name)| Some((*key, at(name)?))).collect(),
            ),
            None => (
                TEXT.iter().find_map(|name| at(name)).into_iter().collect(),
                VALUES.iter().filter_map(|(name, key)| Some((*key, at(name)?))).collect(),
            ),
        };
        (!text.is_empty()).then_some(Self { text, values })
    }

    /// Makes a document of a record; `field` gives the words of a column, or what is wrong with them.
    pub(super) fn read(
        &self,
        field: &dyn Fn(usize) -> Result<Option<String>, String>,
    ) -> Result<Content, Skip> {
        let mut extracted = Extracted::default();
        let mut wrong = None;
        for at in &self.text {
            match field(*at) {
                Ok(Some(words)) if !words.trim().is_empty() => {
                    if !extracted.text.is_empty() {
                        extracted.text.push_str("\n\n");
                    }
                    extracted.text.push_str(&words);
                }
                Ok(_) => {}
                Err(why) => wrong = Some(why),
            }
        }
        if extracted.text.is_empty() {
            return Err(Skip::new(wrong.unwrap_or_else(|| "a record without text".to_owned())));
        }
        extracted.problems.extend(wrong.map(Problem::new));
        for (key, at) in &self.values {
            match field(*at) {
                Ok(Some(words)) if !words.trim().is_empty() => {
                    let text = words.trim().to_owned();
                    extracted.values.push(Value { key: *key, text, origin: Origin::Header });
                }
                Ok(_) => {}
                Err(why) => extracted.problems.push(Problem::new(why)),
            }
        }
        Ok(Content::Text(Box::new(extracted)))
    }
}

/// Hands on the record with this number.
pub(super) fn give(
    opening: &mut Opening<'_>,
    path: &str,
    number: usize,
    content: Result<Content, Skip>,
) {
    opening.give(format!("{path}#{number}"), Some(path.to_owned()), content);
}
