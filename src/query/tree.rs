//! The tree of a query. Every node remembers where it stands in the typed text.

use super::ParseOptions;
use crate::document::Span;

/// A query as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The text as typed.
    pub text: String,
    /// How it was read.
    pub options: ParseOptions,
    /// The tree; `None` for an empty query.
    pub root: Option<Node>,
    /// What the reader may have meant otherwise.
    pub warnings: Vec<Warning>,
}

/// Something that was read in one way and may have been meant in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Where, in bytes of the typed text.
    pub span: Span,
    /// What, in the reader's words.
    pub message: String,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands, in bytes of the typed text.
    pub span: Span,
    /// Weight in ranking, `^2`.
    pub boost: Option<f32>,
    /// What it is.
    pub kind: Kind,
}

/// What a part of a query is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// One typed word; the analyzer may read several in it (`win-win`).
    Word {
        /// As typed.
        text: String,
        /// Which forms match.
        form: Form,
    },
    /// Words one after another.
    Phrase {
        /// The words.
        items: Vec<Item>,
        /// Other words allowed between them in all.
        slop: u32,
        /// Which forms match.
        form: Form,
    },
    /// A word with `*` or `?`.
    Pattern {
        /// As typed.
        text: String,
    },
    /// A regular expression over whole words.
    Regex {
        /// Without the slashes.
        pattern: String,
    },
    /// A word and words spelled nearly like it.
    Fuzzy {
        /// As typed.
        text: String,
        /// Letters that may differ, 1 or 2.
        distance: u8,
    },
    /// Two expressions near each other.
    Near {
        /// Whether the left one must come first.
        ordered: bool,
        /// Words apart at most.
        distance: u32,
        /// One of them.
        left: Box<Node>,
        /// The other.
        right: Box<Node>,
    },
    /// Two expressions in one sentence or paragraph.
    Within {
        /// Sentence or paragraph.
        scope: Scope,
        /// One of them.
        left: Box<Node>,
        /// The other.
        right: Box<Node>,
    },
    /// Clauses joined within a passage.
    Bool {
        /// All of these match.
        must: Vec<Node>,
        /// Each that matches adds to the score; without a `must` at least one does.
        should: Vec<Node>,
        /// None of these matches.
        must_not: Vec<Node>,
    },
    /// A field's value.
    Field {
        /// The field.
        field: Field,
        /// The value.
        value: Value,
    },
    /// Everything: `*` alone.
    All,
}

/// A word of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where it stands, in bytes of the typed text.
    pub span: Span,
    /// As typed.
    pub text: String,
    /// Whether it holds `*` or `?`.
    pub pattern: bool,
}

/// Which forms of a word match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// All forms of its stem.
    Stemmed,
    /// The form itself; a whole name also finds its other names.
    Exact,
    /// The form itself, and no other name for it (`=`).
    Literal,
}

/// How far two expressions may stand apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One sentence.
    Sentence,
    /// One paragraph.
    Paragraph,
}

/// A field that a query may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Title of the document.
    Title,
    /// Headings on the path of the section.
    Section,
    /// Speaker or author.
    Speaker,
    /// Country of the speaker or author.
    Country,
    /// Region that the passage speaks of.
    Region,
    /// Topic of the passage.
    Topic,
    /// Language of the document.
    Language,
    /// Collection.
    Collection,
    /// Type of document.
    Type,
    /// Date of the document.
    Date,
    /// Year of the document.
    Year,
    /// Path of the document.
    Path,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A word or quoted words.
    Text {
        /// As typed, without quotes.
        text: String,
        /// Whether the whole value must be equal (`=value`).
        whole: bool,
        /// Whether it was quoted.
        phrase: bool,
    },
    /// From one value to another, both included.
    Range {
        /// The lower end, or none.
        from: Option<String>,
        /// The upper end, or none.
        to: Option<String>,
    },
}
