//! The ways to read a text: as a query, as one phrase, as mere words.

use super::clauses::Clauses;
use super::error::Fault;
use super::grammar::{Parser, trimmed};
use super::limits::{MAX_CHARS, MAX_CLAUSES};
use super::warning::Remark;
use super::{Error, ErrorKind, Form, Item, Kind, Node, Query, term};
use crate::document::Span;

/// How the typed text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ParseOptions {
    /// Whether signs and operators have a meaning.
    pub syntax: Syntax,
    /// The words are one phrase (`--phrase`).
    pub phrase: bool,
    /// No stemming: words in the form typed (`--exact`).
    pub exact: bool,
    /// No thesaurus: no other name for what was typed (`--literal`).
    pub literal: bool,
    /// Words in the form typed, and accents that were typed count (`--accents`).
    pub accents: bool,
}

/// Whether signs and operators have a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Syntax {
    /// The whole language.
    #[default]
    Full,
    /// Every character is text.
    Plain,
}

impl ParseOptions {
    /// The form of words that are neither quoted nor marked by `=`.
    const fn form(self) -> Form {
        if self.exact || self.accents { Form::Exact } else { Form::Stemmed }
    }
}

impl Query {
    /// Reads `text` as a query.
    ///
    /// # Errors
    ///
    /// When the text is no query, or more than [`limits`](super::limits) allow; never with
    /// [`Syntax::Plain`].
    ///
    /// ```
    /// use chancery::query::{Kind, ParseOptions, Query};
    /// let query = Query::parse("treat* NEAR/5 peace", &ParseOptions::default())?;
    /// assert!(matches!(query.root.unwrap().kind, Kind::Near { distance: 5, .. }));
    /// # Ok::<(), chancery::query::Error>(())
    /// ```
    pub fn parse(text: &str, options: &ParseOptions) -> Result<Self, Error> {
        Self::read(text, *options).map_err(|fault| fault.into_error(text, *options))
    }

    /// Reads `text` as words alone: every character is text. Of a very long text only the first
    /// [`MAX_CLAUSES`] words are looked for, and a warning says so.
    pub fn plain(text: &str) -> Self {
        Self::read_plain(text, ParseOptions::default())
    }

    pub(super) fn read(text: &str, options: ParseOptions) -> Result<Self, Fault> {
        if options.syntax == Syntax::Plain {
            return Ok(Self::read_plain(text, options));
        }
        if let Some((end, _)) = text.char_indices().nth(MAX_CHARS) {
            let kind = ErrorKind::TooLong { chars: text.chars().count() };
            return Err(Fault::new(kind, Span::new(end, text.len())));
        }
        let parser = Parser::new(text, options.form());
        let (root, warnings) = if options.phrase { parser.one_phrase() } else { parser.query() }?;
        Ok(Self { text: text.to_owned(), options, root, warnings })
    }

    fn read_plain(text: &str, options: ParseOptions) -> Self {
        let has_word = |span: &Span| span.of(text).contains(char::is_alphanumeric);
        let mut spans: Vec<Span> =
            term::pieces(text, Span::new(0, text.len())).filter(has_word).collect();
        let whole = trimmed(text, Span::new(0, text.len()));
        let mut warnings = Vec::new();
        if let Some(cut) = spans.get(MAX_CLAUSES) {
            let remark = Remark::Truncated { words: spans.len() };
            warnings.push(remark.at(Span::new(cut.start, whole.end)));
            spans.truncate(MAX_CLAUSES);
        }
        let root = if options.phrase && !spans.is_empty() {
            let item = |span: Span| Item { span, text: span.of(text).to_owned(), pattern: false };
            let items = spans.into_iter().map(item).collect();
            Some(Node::new(whole, Kind::Phrase { items, slop: 0, form: Form::Exact }))
        } else {
            let form = options.form();
            let word =
                |span: Span| Node::new(span, Kind::Word { text: span.of(text).to_owned(), form });
            Clauses { should: spans.into_iter().map(word).collect(), ..Clauses::default() }.node()
        };
        Self { text: text.to_owned(), options, root, warnings }
    }
}
