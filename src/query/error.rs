//! Why a text is no query: what is wrong, where, and a query that works.

use super::limits;
use super::{Field, ParseOptions, Query};
use crate::document::Span;

/// Characters shown on either side of the marked stretch in [`Error::report`].
const CONTEXT: usize = 30;
/// Characters of typed text that a message quotes.
const QUOTED: usize = 40;
/// A correction that does not parse is corrected in turn, so many times.
const CORRECTIONS: usize = 4;

/// A text that cannot be read as a query. [`Display`](std::fmt::Display) says what is wrong, in one
/// line; [`Error::report`] shows the place too.
///
/// ```
/// use chancery::query::{ParseOptions, Query};
/// let error = Query::parse("(treaty OR pact", &ParseOptions::default()).unwrap_err();
/// assert_eq!(error.to_string(), "this parenthesis is not closed");
/// assert_eq!(error.span.of("(treaty OR pact"), "(");
/// assert_eq!(error.suggestion.as_deref(), Some("(treaty OR pact)"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// The text as typed.
    pub text: String,
    /// The faulty stretch, in bytes of the text.
    pub span: Span,
    /// What is wrong there.
    #[source]
    pub kind: ErrorKind,
    /// The text corrected, when there is an obvious way; it is a query without error.
    pub suggestion: Option<String>,
}

/// What is wrong with a text that is no query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// More than [`limits::MAX_CHARS`] characters.
    #[error("the query has {chars} characters; {max} are allowed", max = limits::MAX_CHARS)]
    TooLong {
        /// Characters of the text.
        chars: usize,
    },
    /// More than [`limits::MAX_DEPTH`] groups or pairs within one another.
    #[error("the query is nested more than {max} deep", max = limits::MAX_DEPTH)]
    TooDeep,
    /// More than [`limits::MAX_CLAUSES`] words and values.
    #[error("the query has more than {max} words", max = limits::MAX_CLAUSES)]
    TooManyClauses,
    /// More than [`limits::MAX_PATTERNS`] patterns and fuzzy words.
    #[error(
        "the query has more than {max} patterns and fuzzy words; nothing was searched",
        max = limits::MAX_PATTERNS
    )]
    TooManyPatterns,
    /// A quotation mark without its partner.
    #[error("this quotation mark is not closed")]
    UnclosedQuote {
        /// The mark that would close it.
        closing: char,
    },
    /// `(` without `)`.
    #[error("this parenthesis is not closed")]
    UnclosedGroup,
    /// `)` without `(`.
    #[error("this parenthesis closes nothing")]
    UnopenedGroup,
    /// Nothing before an operator.
    #[error("nothing stands before \"{operator}\"")]
    NothingBefore {
        /// As typed.
        operator: String,
    },
    /// Nothing behind an operator.
    #[error("nothing stands after \"{operator}\"")]
    NothingAfter {
        /// As typed.
        operator: String,
    },
    /// A field, `*`, an exclusion or an AND beside `NEAR` and its like.
    #[error("this has no place in the text and cannot stand beside \"{operator}\"")]
    NotPositional {
        /// As typed.
        operator: String,
    },
    /// `NEAR/0`, `NEAR/x`, `NEAR/99999`.
    #[error("\"{written}\" has no usable distance")]
    BadDistance {
        /// The operator as typed.
        written: String,
    },
    /// `"…"~x`.
    #[error("\"{written}\" is no usable number of places")]
    BadSlop {
        /// What stands behind the quotation mark.
        written: String,
    },
    /// `word~9`.
    #[error("\"{written}\" is no usable number of letters")]
    BadEdits {
        /// The tilde and what follows.
        written: String,
    },
    /// `^x`, `^0`, `^-1`.
    #[error("\"{written}\" is no usable weight")]
    BadBoost {
        /// The sign and what follows.
        written: String,
    },
    /// `word*~1`, `(a b)~2`, `/x/~1`.
    #[error("\"~\" cannot stand here")]
    MisplacedTilde,
    /// `title:` without a value right behind it.
    #[error("nothing stands right after \"{field}:\"")]
    MissingValue {
        /// The field.
        field: Field,
    },
    /// `field:!value`.
    #[error("\"!\" does not exclude a value here")]
    ExclamationMark {
        /// The field.
        field: Field,
    },
    /// `NEAR` and its like within `field:(…)`.
    #[error("\"{operator}\" cannot stand within the values of \"{field}:\"")]
    PairOfValues {
        /// As typed.
        operator: String,
        /// The field.
        field: Field,
    },
    /// `date:foo`, `year:2015-09`.
    #[error("\"{value}\" is no value of \"{field}:\"")]
    BadDate {
        /// As typed.
        value: String,
        /// The field, a date or a year.
        field: Field,
    },
    /// `year:1999..1990`.
    #[error("the range \"{value}\" ends before it begins")]
    BackwardRange {
        /// As typed.
        value: String,
    },
}

impl ErrorKind {
    /// What would have been right, as the end of "expected …".
    pub fn expected(&self) -> String {
        let text = match self {
            Self::TooLong { .. } => "a shorter text",
            Self::TooDeep => "fewer groups within groups",
            Self::TooManyClauses => "fewer words",
            Self::TooManyPatterns => "fewer of them, or one pattern for several",
            Self::UnclosedQuote { closing } => {
                return format!("{closing} at the end of the phrase");
            }
            Self::UnclosedGroup => "\")\" at the end of the group",
            Self::UnopenedGroup => "\"(\" before it",
            Self::NothingBefore { .. } | Self::NothingAfter { .. } => "a word, a phrase or a group",
            Self::NotPositional { .. } => "a word, a phrase, a prefix* or alternatives (a OR b)",
            Self::BadDistance { .. } => {
                return format!(
                    "a number of words from 1 to {}, as in NEAR/5",
                    limits::MAX_DISTANCE
                );
            }
            Self::BadSlop { .. } => {
                return format!("a number from 0 to {}, as in \"a b\"~3", limits::MAX_DISTANCE);
            }
            Self::BadEdits { .. } => "1 or 2, as in word~1",
            Self::BadBoost { .. } => {
                return format!("a number up to {}, as in word^2.5", limits::MAX_BOOST);
            }
            Self::MisplacedTilde => "\"~\" behind a word or a phrase alone",
            Self::MissingValue { field: Field::Date | Field::Year } => {
                "a date or a range, as in year:1990..1999, without a space"
            }
            Self::MissingValue { .. } => "a word, \"several words\" or a group, without a space",
            Self::ExclamationMark { .. } => "\"-\" before the name of the field",
            Self::PairOfValues { .. } => "AND, OR or NOT between values",
            Self::BadDate { field: Field::Year, .. } => "a year, or a range such as 1990..1999",
            Self::BadDate { .. } => {
                "a date such as 1957, 1957-02 or 1957-02-03, or a range such as 1990..1999"
            }
            Self::BackwardRange { .. } => "the earlier date first",
        };
        text.to_owned()
    }
}

impl Error {
    /// What is wrong, the stretch marked in the text, what was expected, and the correction; lines
    /// without a final line end. Control characters are shown as `�`. The marks count characters,
    /// so wide ones shift them.
    pub fn report(&self) -> String {
        let before = self.text.get(..self.span.start).unwrap_or_default();
        let after = self.text.get(self.span.end..).unwrap_or_default();
        let skipped = before.chars().count().saturating_sub(CONTEXT);
        let mut line = String::from(if skipped > 0 { "…" } else { "" });
        line.extend(before.chars().skip(skipped).map(visible));
        let indent = line.chars().count();
        let faulty = shown(self.span.of(&self.text));
        line.push_str(&faulty);
        line.extend(after.chars().take(CONTEXT).map(visible));
        if after.chars().nth(CONTEXT).is_some() {
            line.push('…');
        }
        let (kind, expected) = (&self.kind, self.kind.expected());
        let marks = "^".repeat(faulty.chars().count().max(1));
        let mut report = format!("{kind}\n  {line}\n  {:indent$}{marks} expected {expected}", "");
        if let Some(suggestion) = &self.suggestion {
            report.push_str("\nhint: try ");
            report.extend(suggestion.chars().map(visible));
        }
        report
    }
}

/// An error in the making: it does not know the whole text yet.
#[derive(Debug)]
pub(super) struct Fault {
    kind: ErrorKind,
    span: Span,
    fix: Option<(Span, String)>,
}

impl Fault {
    pub(super) const fn new(kind: ErrorKind, span: Span) -> Self {
        Self { kind, span, fix: None }
    }

    /// Offers to write `text` in the place of `span`.
    pub(super) fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some((span, text.into()));
        self
    }

    pub(super) fn into_error(self, text: &str, options: ParseOptions) -> Error {
        let mut correction = self.corrected(text);
        for _ in 0..CORRECTIONS {
            let Some(candidate) = correction.take() else { break };
            match Query::read(&candidate, options) {
                Ok(query) => {
                    correction = query.root.is_some().then_some(candidate);
                    break;
                }
                Err(fault) => correction = fault.corrected(&candidate),
            }
        }
        // The last round may have left a candidate that nobody tried.
        let suggestion = correction.filter(|text| Query::read(text, options).is_ok());
        Error { text: text.to_owned(), span: self.span, kind: self.kind, suggestion }
    }

    fn corrected(&self, text: &str) -> Option<String> {
        let (span, replacement) = self.fix.as_ref()?;
        let (before, after) = (text.get(..span.start)?, text.get(span.end..)?);
        Some(format!("{before}{replacement}{after}").trim().to_owned())
    }
}

/// Typed text as a message may quote it: no control characters, not too long.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED).map(visible).collect();
    if text.chars().nth(QUOTED).is_some() {
        shown.push('…');
    }
    shown
}

/// Replaces what would confuse a terminal: control characters and marks of writing direction.
pub(super) const fn visible(c: char) -> char {
    match c {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '�',
        '\t' | '\n' | '\r' => ' ',
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => '�',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Error {
        Query::parse(text, &ParseOptions::default()).unwrap_err()
    }

    #[test]
    fn every_error_marks_its_place_and_offers_a_query() {
        let cases = [
            ("\"", "\"", None),
            ("\"unclosed phrase", "\"", Some("\"unclosed phrase\"")),
            ("treaty \"", "\"", Some("treaty")),
            ("«accord de paix", "«", Some("«accord de paix»")),
            ("((treaty)", "(", Some("((treaty))")),
            ("treaty)", ")", Some("treaty")),
            ("treaty AND", "AND", Some("treaty")),
            ("AND treaty", "AND", Some("treaty")),
            ("AND", "AND", Some("and")),
            ("OR OR", "OR", Some("or")),
            ("NOT", "NOT", Some("not")),
            ("(peace AND) war", "AND", Some("(peace ) war")),
            ("peace AND OR war", "AND", Some("peace  OR war")),
            ("peace NEAR/0 war", "NEAR/0", Some("peace NEAR/1 war")),
            ("peace NEAR/9999 war", "NEAR/9999", Some("peace NEAR/1000 war")),
            ("peace BEFORE/x war", "BEFORE/x", Some("peace BEFORE/10 war")),
            ("peace NEAR/5 title:war", "title:war", None),
            ("peace SENT -war", "-", None),
            ("\"peace treaty\"~1000000", "~1000000", Some("\"peace treaty\"~1000")),
            ("\"peace treaty\"~x", "~x", Some("\"peace treaty\"")),
            ("treaty~99", "~99", Some("treaty~2")),
            ("treaty~0", "~0", Some("treaty")),
            ("treat*~1", "~1", Some("treat*")),
            ("(a b)~2", "~2", Some("(a b)")),
            ("treaty^", "^", Some("treaty")),
            ("treaty^-1", "^-1", Some("treaty")),
            ("treaty^1e999", "^1e999", Some("treaty")),
            ("title:", "title:", None),
            ("title: peace", "title:", Some("title:peace")),
            ("region:!France peace", "!France", Some("-region:France peace")),
            ("region:(!France)", "!France", Some("region:(-France)")),
            ("title:(peace NEAR/5 war)", "NEAR/5", None),
            ("date:soon", "soon", None),
            ("year:1990-1999", "1990-1999", Some("year:1990..1999")),
            ("year:1999..1990", "1999..1990", Some("year:1990..1999")),
            ("date:[1900 TO 2020]", "[1900 TO 2020]", Some("date:1900..2020")),
            ("date:>1990", ">1990", Some("date:>=1990")),
        ];
        for (text, faulty, suggestion) in cases {
            let error = error(text);
            assert_eq!(error.span.of(text), faulty, "{text}: {error}");
            assert_eq!(error.suggestion.as_deref(), suggestion, "{text}: {error}");
        }
    }

    #[test]
    fn a_report_marks_the_place_in_the_text() {
        let expected = "nothing stands after \"AND\"\n  treaty AND\n         ^^^ expected a word, \
                        a phrase or a group\nhint: try treaty";
        assert_eq!(error("treaty AND").report(), expected);
    }

    #[test]
    fn a_report_of_a_long_query_shows_the_neighborhood() {
        let text = format!("{} ( {}", "peace ".repeat(50), "treaty ".repeat(50));
        let report = error(&text).report();
        assert!(report.lines().take(3).all(|line| line.chars().count() < 120), "{report}");
        assert!(report.contains("…"), "{report}");
    }

    #[test]
    fn a_report_holds_no_control_characters() {
        let report = error("\u{1b}[31m\u{202e}title: (").report();
        assert!(!report.contains(['\u{1b}', '\u{202e}']), "{report:?}");
    }
}
