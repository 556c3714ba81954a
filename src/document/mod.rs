//! The nouns of the engine: documents, sections, passages, spans, dates, tags.
//!
//! What comes in: nothing. What goes out: plain values that every other floor speaks of. This module
//! knows no files, no index and no query; it does no input or output.

mod citation;
mod date;
mod identity;
mod language;
mod metadata;
mod outline;
mod span;
mod tags;

pub use citation::{Caution, Citation, NoQuotation, Pinpoint, Quotation};
pub use date::{Date, DateRange, NotADate};
pub use identity::{ContentHash, DocumentId, PassageId};
pub use language::Language;
pub use metadata::{Confidence, DocumentType, Metadata, Origin, Sourced, Ties};
pub use outline::{
    Furniture, FurnitureKind, Paragraph, Passage, PassageKind, Section, SectionKind, SectionRole,
    Sentence,
};
pub use span::Span;
pub use tags::{Evidence, Place, PlaceKind, Tags, Tier, TopicTag, Weighted};

/// Something about a document that a reader should know: it was read, but not wholly as hoped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What was found, in the reader's words, without a final full stop.
    pub message: String,
}

impl Problem {
    /// Makes a problem from its message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

/// One source text, understood: its text, what it says of itself, and how it is laid out.
///
/// All spans are bytes of [`Document::text`], half-open. Sections stand in the order of the text,
/// passages too; `ordinal`s count from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Path relative to the root, `/` between parts; the name that a reader types.
    pub path: String,
    /// Hash of the path.
    pub id: DocumentId,
    /// The file that holds this document, when it is a member of one.
    pub container: Option<String>,
    /// Other places of the same bytes, which are not indexed again.
    pub also_at: Vec<String>,
    /// Hash of the bytes of the source.
    pub content_hash: ContentHash,
    /// The text that all offsets count in; never changed after extraction.
    pub text: String,
    /// Title, speaker, date and so on, each with its origin.
    pub metadata: Metadata,
    /// Sections in order; never empty when there is a passage.
    pub sections: Vec<Section>,
    /// Title, byline, captions, navigation, footers, page numbers, each with its place.
    pub furniture: Vec<Furniture>,
    /// Passages in order.
    pub passages: Vec<Passage>,
    /// Regions, countries and topics of the whole document.
    pub tags: Tags,
    /// What a reader should know about how it was read.
    pub problems: Vec<Problem>,
    /// What ties it to what a reader states beside it.
    pub ties: Ties,
}
