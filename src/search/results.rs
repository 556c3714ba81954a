//! What a search gives back. Spans only: how a mark looks is the program's matter.

use std::sync::Arc;

use crate::document::{Document, Passage, Span};

use super::options::FacetField;

/// The answer to a query.
#[derive(Debug, Clone, Default)]
pub struct Results {
    /// Passages that match, whatever the limit.
    pub passages: u64,
    /// Documents with a passage that matches.
    pub documents: u64,
    /// Matches in those passages, when asked for.
    pub occurrences: Option<u64>,
    /// Hits passed over.
    pub offset: usize,
    /// The hits asked for, in order; empty where they were handed out one by one.
    pub hits: Vec<Hit>,
    /// Counts, in the order asked for.
    pub facets: Vec<(FacetField, Vec<FacetCount>)>,
    /// Documents left out by a date filter because they have no date.
    pub undated_excluded: u64,
    /// Passages that would match if likely topics were taken too; 0 where no topic is asked for.
    pub likely_excluded: u64,
    /// Hits handed out.
    pub shown: usize,
    /// Other names of what was typed that were searched too.
    pub also_searched: Vec<OtherName>,
    /// What ranked besides what was typed, as it is shown: `doctors: nurses, medical staff`.
    pub ranked_by: Vec<String>,
    /// Words of the best passages that ranked too, where that was asked for.
    pub expanded: Vec<String>,
    /// What a reader should know about how the query was read.
    pub warnings: Vec<String>,
    /// What else is worth a try: other spellings, contested names, why nothing was found.
    pub suggestions: Vec<String>,
}

/// Another name of what was typed, searched too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherName {
    /// What it is another name of, as typed.
    pub typed: String,
    /// The name.
    pub name: String,
    /// Last year in which it was the official name, for names of the past.
    pub until: Option<i32>,
    /// Passages of the index that hold it, whatever the rest of the query says.
    pub passages: u64,
    /// How often it stands in them.
    pub occurrences: u64,
}

/// A part of a score; the parts of a hit add up to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ScorePart {
    /// The clause, as typed.
    pub typed: String,
    /// Why it counts, in words.
    pub reason: String,
    /// What it adds.
    pub score: f32,
}

/// One passage that matches.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Place in the order, from 1.
    pub rank: usize,
    /// Its score; 0 where nothing ranks.
    pub score: f32,
    /// Its document, without text and passages.
    pub document: Arc<Document>,
    /// The passage.
    pub passage: Passage,
    /// Its text; empty when texts were not asked for.
    pub text: String,
    /// Matches in the order of the text, in bytes of the document.
    pub matches: Vec<Match>,
    /// What to show of it.
    pub snippet: Snippet,
    /// The parts of its score, when asked for.
    pub explanation: Vec<ScorePart>,
    /// Neighbouring passages with their text: before, after.
    pub before: Vec<(Passage, String)>,
    /// Neighbouring passages after the hit.
    pub after: Vec<(Passage, String)>,
}

/// A hit of which nothing was fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Place in the order, from 1.
    pub rank: usize,
    /// Its score; 0 where nothing ranks.
    pub score: f32,
    /// Path of its document.
    pub path: String,
    /// Place of the passage in its document, from 1.
    pub passage: usize,
}

/// A stretch that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Where, in bytes of the document.
    pub span: Span,
    /// Which clause of the query, counted from 0 in the order typed.
    pub clause: usize,
    /// The whole match that it is a part of, in bytes of the document.
    pub whole: Span,
    /// The text as it stands there, white space folded.
    pub form: String,
}

/// A short text made from a passage: white space folded, page furniture left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The text; `…` stands where something of the passage was left out.
    pub text: String,
    /// What to mark, in Unicode scalar values of `text`, half-open, in order, not touching.
    pub highlights: Vec<(usize, usize)>,
}

/// How often a value occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// Passages that match.
    pub passages: u64,
    /// Documents with one.
    pub documents: u64,
}
