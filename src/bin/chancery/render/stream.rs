//! Answers that are written hit by hit: what comes first, each hit, what comes last.

use chancery::document::Citation;
use chancery::search::{Hit, Results};

use super::citation::{bibtex, csl, ris};
use super::text::{self, Style, total};
use super::{json, json_line, markup, tables};

/// The shape of such an answer.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Text(Style),
    Jsonl,
    Csv,
    Markdown,
    Html,
    Ris,
    Bibtex,
    Csl,
}

impl Shape {
    /// Whether each query of a batch has a head of its own.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self, Self::Csl | Self::Html)
    }

    /// What comes before the first hit. `has_ids` is set in a batch.
    pub(crate) fn head(&self, query: &str, has_ids: bool) -> String {
        match self {
            Self::Csl => "[".to_owned(),
            Self::Csv => {
                let id = has_ids.then_some("query_id");
                tables::row(id.into_iter().chain(tables::COLUMNS))
            }
            Self::Html => markup::html_head(query),
            _ => String::new(),
        }
    }

    /// A hit; `query_id` in a batch.
    pub(crate) fn hit(&self, hit: &Hit, query_id: Option<&str>, is_first: bool) -> String {
        match self {
            Self::Text(style) => text::hit(hit, style),
            Self::Jsonl => {
                let mut value = json::hit(hit);
                if let (Some(object), Some(id)) = (value.as_object_mut(), query_id) {
                    object.insert("query_id".to_owned(), id.into());
                }
                format!("{}\n", json_line(&value))
            }
            Self::Csv => tables::hit(hit, query_id),
            Self::Markdown => markup::markdown_hit(hit),
            Self::Html => markup::html_hit(hit),
            Self::Ris => ris::ris(&cited(hit)),
            Self::Bibtex => bibtex::bibtex(&cited(hit)),
            Self::Csl => format!("{}{}", if is_first { "" } else { ",\n" }, csl::csl(&cited(hit))),
        }
    }

    /// What comes after the last hit.
    pub(crate) fn foot(&self, results: &Results) -> String {
        match self {
            Self::Text(_) => format!("{}\n", total(results)),
            Self::Html => markup::html_foot(&total(results)),
            Self::Csl => "]\n".to_owned(),
            _ => String::new(),
        }
    }
}

/// A citation of the passage that a hit is.
pub(crate) fn cited(hit: &Hit) -> Citation {
    let passage = &hit.passage;
    Citation::of_passage(&hit.document, passage, passage.span, (&hit.text, passage.span.start))
}
