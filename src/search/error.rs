//! What can go wrong with a search.

use crate::document::Span;

/// A search could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query asks for something that cannot be done.
    #[error("{message}")]
    Query {
        /// Where, in bytes of the typed text.
        span: Span,
        /// What, in the reader's words.
        message: String,
    },
    /// A filter has a value that nothing has.
    #[error("{0}")]
    Filter(String),
    /// The query would have to look at more than one may.
    #[error(
        "this asks for too much: more places would have to be looked at than a query may; nothing was \
         searched\nhint: rarer words, smaller distances, or fewer patterns and pairs within pairs"
    )]
    TooMuch,
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] crate::index::Error),
    /// The engine could not read the index.
    #[error("the index cannot be read: {0}\nhint: run \"chancery check\" to see what is damaged")]
    Engine(String),
}

impl Error {
    pub(super) fn query(span: Span, message: impl Into<String>) -> Self {
        Self::Query { span, message: message.into() }
    }

    pub(super) fn not_positional(span: Span) -> Self {
        Self::query(span, "only words, phrases and groups of them joined by OR may stand here")
    }
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Engine(error.to_string())
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Engine(error.to_string())
    }
}
