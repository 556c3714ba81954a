//! What a reader should know about how a query was read. Data; printing is for others.

use std::fmt;

use super::error::shown;
use super::lexer::{Token, TokenKind};
use super::{Field, Warning, limits};
use crate::document::Span;

/// What was remarkable about a stretch of the typed text.
#[derive(Debug, thiserror::Error)]
pub(super) enum Remark {
    /// `and`, `or`, `not`, `near/5` in small letters, between words.
    #[error("\"{word}\" is taken as a word; the operator is written {operator}")]
    SmallOperator {
        /// As typed.
        word: String,
        /// The operator it resembles.
        operator: String,
    },
    /// `&&`, `||`, `!word`: operators of other languages.
    #[error("\"{sign}\" is no operator here; write {instead}")]
    ForeignOperator {
        /// As typed.
        sign: String,
        /// What to write instead.
        instead: String,
    },
    /// `-n`, `--json`: a flag that became part of the query.
    #[error("\"{text}\" is read as part of the query; flags stand before \"--\" and the query")]
    Flag {
        /// As typed.
        text: String,
    },
    /// `contry:France`: nearly the name of a field.
    #[error("\"{name}:\" is no field and is taken as text; the nearest field is \"{nearest}:\"")]
    UnknownField {
        /// As typed, without the colon.
        name: String,
        /// The field with the nearest name.
        nearest: Field,
    },
    /// `a OR NOT b`: an alternative that nearly everything fulfils.
    #[error(
        "beside OR an exclusion is an alternative of its own and finds nearly everything; to \
         exclude from the whole, put the alternatives in parentheses"
    )]
    ExcludedAlternative,
    /// `--syntax plain`: more words than a query may have.
    #[error("the query has {words} words; the first {max} are looked for", max = limits::MAX_CLAUSES)]
    Truncated {
        /// Words of the text.
        words: usize,
    },
}

impl Remark {
    /// The remark, made on `span`.
    pub(super) fn at(&self, span: Span) -> Warning {
        Warning { span, message: self.to_string() }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Remarks on words that look like something else: operators, flags, fields.
pub(super) fn look_alikes(text: &str, tokens: &[Token]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.kind != TokenKind::Term {
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| tokens.get(index));
        let between = before.is_some_and(|token| token.kind.ends_operand())
            && tokens.get(index + 1).is_some_and(|token| token.kind.begins_operand());
        let written = token.span.of(text);
        let excluded = before.filter(|token| token.kind == TokenKind::Minus);
        let span = excluded.map_or(token.span, |minus| minus.span.cover(token.span));
        let remark = small_operator(written)
            .filter(|_| between)
            .or_else(|| foreign_operator(written))
            .or_else(|| flag(span.of(text)))
            .or_else(|| unknown_field(written));
        warnings.extend(remark.map(|remark| remark.at(span)));
    }
    warnings
}

fn small_operator(word: &str) -> Option<Remark> {
    let distance = |word: &str| {
        let digits = word.strip_prefix("near/").or_else(|| word.strip_prefix("before/"))?;
        (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(())
    };
    let known = matches!(word, "and" | "or" | "not") || distance(word).is_some();
    known.then(|| Remark::SmallOperator {
        word: shown(word),
        operator: shown(word).to_ascii_uppercase(),
    })
}

fn foreign_operator(word: &str) -> Option<Remark> {
    let instead = match word {
        "&&" => "AND".to_owned(),
        "||" => "OR".to_owned(),
        _ => {
            let rest =
                word.strip_prefix('!').filter(|rest| rest.starts_with(char::is_alphanumeric));
            format!("-{}", shown(rest?))
        }
    };
    Some(Remark::ForeignOperator { sign: shown(word), instead })
}

fn flag(written: &str) -> Option<Remark> {
    let long = written.strip_prefix("--").is_some_and(|name| name.starts_with(is_letter));
    let short = written
        .strip_prefix('-')
        .is_some_and(|name| name.len() == 1 && name.starts_with(is_letter));
    (long || short).then(|| Remark::Flag { text: shown(written) })
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
}

fn unknown_field(word: &str) -> Option<Remark> {
    let (name, value) = word.split_once(':')?;
    let is_name = name.len() <= 12 && !name.is_empty() && name.chars().all(is_letter);
    if !is_name || value.is_empty() || value.starts_with('/') {
        return None;
    }
    // As for spelling: two faults in a word, one in a short one, none in a very short one.
    let bearable = match name.len() {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    };
    let lower = name.to_ascii_lowercase();
    let (_, nearest) = Field::ALL
        .into_iter()
        .filter(|field| field.as_str().len().abs_diff(name.len()) <= bearable)
        .map(|field| (distance(&lower, field.as_str()), field))
        .filter(|(distance, _)| *distance <= bearable)
        .min_by_key(|(distance, _)| *distance)?;
    Some(Remark::UnknownField { name: name.to_owned(), nearest })
}

/// Letters to insert, delete or replace, and neighbors to swap, to make one word of the other
/// (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut older: Vec<usize> = Vec::new();
    let mut old: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut new = vec![row + 1];
        for (column, b) in other.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
            let mut best = (at(&old, column) + usize::from(a != b))
                .min(at(&old, column + 1) + 1)
                .min(at(&new, column) + 1);
            let swapped = row > 0
                && column > 0
                && one.get(row - 1) == Some(b)
                && other.get(column - 1) == Some(a);
            if swapped {
                best = best.min(at(&older, column - 1) + 1);
            }
            new.push(best);
        }
        older = std::mem::replace(&mut old, new);
    }
    old.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{ParseOptions, Query};

    fn warnings(text: &str) -> Vec<String> {
        let query = Query::parse(text, &ParseOptions::default()).unwrap();
        query
            .warnings
            .iter()
            .map(|warning| format!("{}: {}", warning.span.of(text), warning.message))
            .collect()
    }

    #[test]
    fn look_alikes_are_named() {
        let cases = [
            ("war and peace", "and: \"and\" is taken as a word; the operator is written AND"),
            (
                "war near/5 peace",
                "near/5: \"near/5\" is taken as a word; the operator is written NEAR/5",
            ),
            ("war && peace", "&&: \"&&\" is no operator here; write AND"),
            ("war !peace", "!peace: \"!peace\" is no operator here; write -peace"),
            (
                "war -n 5",
                "-n: \"-n\" is read as part of the query; flags stand before \"--\" and the query",
            ),
            (
                "war --json",
                "--json: \"--json\" is read as part of the query; flags stand before \"--\" and the query",
            ),
            (
                "contry:France",
                "contry:France: \"contry:\" is no field and is taken as text; the nearest field is \"country:\"",
            ),
            (
                "Speaker:Xi",
                "Speaker:Xi: \"Speaker:\" is no field and is taken as text; the nearest field is \"speaker:\"",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(warnings(text), [expected], "{text}");
        }
        assert_eq!(warnings("war OR NOT peace").len(), 1);
    }

    #[test]
    fn ordinary_text_gives_no_warning() {
        for text in [
            "and",
            "or peace",
            "near war",
            "AT&T",
            "12:30",
            "http://un.org",
            "A:B",
            "foo:bar",
            "note: peace",
            "-war peace",
            "peace -- war",
            "title:and",
            "\"war and peace\"",
        ] {
            assert_eq!(warnings(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn distances_count_swaps_once() {
        for (one, other, expected) in [
            ("", "", 0),
            ("contry", "country", 1),
            ("tpye", "type", 1),
            ("abc", "", 3),
            ("regoin", "region", 1),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }
}
