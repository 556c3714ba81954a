//! Values of fields: words, dates, years and ranges of them.

use super::error::{Fault, shown};
use super::{ErrorKind, Field, Value};
use crate::document::{Date, Span};

/// A value as typed.
#[derive(Debug)]
pub(super) struct Written<'a> {
    /// Without quotes and backslashes.
    pub(super) text: String,
    /// Where it stands.
    pub(super) span: Span,
    /// What follows it in the typed text, itself included.
    pub(super) rest: &'a str,
    /// `=` stood before it.
    pub(super) whole: bool,
    /// It stood in quotation marks.
    pub(super) quoted: bool,
}

/// Reads a value of `field`.
pub(super) fn read(field: Field, written: Written<'_>) -> Result<Value, Fault> {
    match field {
        Field::Date | Field::Year => range(field, &written),
        _ => Ok(Value::Text { text: written.text, whole: written.whole, phrase: written.quoted }),
    }
}

fn range(field: Field, written: &Written<'_>) -> Result<Value, Fault> {
    let Written { text, span, .. } = written;
    let bad = || repaired(field, written);
    let date = |text: &str| match text {
        "" => Ok(None),
        text => match text.parse::<Date>() {
            Ok(date) if field == Field::Date || date.month().is_none() => Ok(Some(date)),
            _ => Err(bad()),
        },
    };
    let (from, to) = if let Some(from) = text.strip_prefix(">=") {
        (date(from)?, None)
    } else if let Some(to) = text.strip_prefix("<=") {
        (None, date(to)?)
    } else if let Some((from, to)) = text.split_once("..") {
        (date(from)?, date(to)?)
    } else {
        let date = date(text)?;
        (date, date)
    };
    match (from, to) {
        (None, None) => Err(bad()),
        (Some(from), Some(to)) if from.range().first > to.range().last => {
            let kind = ErrorKind::BackwardRange { value: shown(text) };
            Err(Fault::new(kind, *span).fix(*span, format!("{to}..{from}")))
        }
        // Written anew, so that a date has one form alone.
        _ => Ok(Value::Range { from: from.map(|d| d.to_string()), to: to.map(|d| d.to_string()) }),
    }
}

/// The fault of a bad date. Offers our way of writing a range for those of other languages:
/// `1990-1999`, `[1990 TO 1999]`, `>1990`.
fn repaired(field: Field, written: &Written<'_>) -> Fault {
    let Written { text, span, rest, .. } = written;
    let fault =
        |text: &str, span| Fault::new(ErrorKind::BadDate { value: shown(text), field }, span);
    if let Some((inside, from, to)) = bracketed(rest) {
        let span = Span::new(span.start, span.start + inside.len());
        return fault(inside, span).fix(span, format!("{from}..{to}"));
    }
    let fault = fault(text, *span);
    let years = text.split_once(['-', '–', '—']).filter(|(from, to)| is_year(from) && is_year(to));
    if let Some((from, to)) = years {
        return fault.fix(*span, format!("{from}..{to}"));
    }
    match text.chars().next() {
        Some(sign @ ('<' | '>')) => {
            let end = span.start + sign.len_utf8();
            fault.fix(Span::new(span.start, end), format!("{sign}="))
        }
        _ => fault,
    }
}

/// The whole and the ends of `[from TO to]`, `*` being an open end.
fn bracketed(rest: &str) -> Option<(&str, &str, &str)> {
    let (inside, _) = rest.strip_prefix(['[', '{'])?.split_once([']', '}'])?;
    let whole = rest.get(..inside.len() + 2)?;
    let (from, to) = inside.split_once(" TO ")?;
    let open_end = |end: &'_ str| if end.trim() == "*" { 0 } else { end.len() };
    let from = from.get(..open_end(from))?.trim();
    let to = to.get(..open_end(to))?.trim();
    Some((whole, from, to))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: Field, text: &str, expected: Option<(&str, &str)>) {
        let span = Span::new(0, text.len());
        let written =
            Written { text: text.to_owned(), span, rest: text, whole: false, quoted: false };
        let end = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let expected = expected.map(|(from, to)| Value::Range { from: end(from), to: end(to) });
        assert_eq!(read(field, written).ok(), expected, "{field}:{text}");
    }

    #[test]
    fn dates_and_ranges() {
        let cases = [
            ("1990", Some(("1990", "1990"))),
            ("2015-09", Some(("2015-09", "2015-09"))),
            ("1990..1999", Some(("1990", "1999"))),
            ("2015-09-01..2015-09-30", Some(("2015-09-01", "2015-09-30"))),
            ("2015-09..2015", Some(("2015-09", "2015"))),
            ("2012..", Some(("2012", ""))),
            ("..1960", Some(("", "1960"))),
            (">=1990", Some(("1990", ""))),
            ("<=1990-05", Some(("", "1990-05"))),
            ("..", None),
            ("", None),
            (">1990", None),
            ("1999..1990", None),
            ("2015-02-30", None),
            ("1990...1999", None),
        ];
        for (text, expected) in cases {
            check(Field::Date, text, expected);
        }
    }

    #[test]
    fn years_have_no_months() {
        check(Field::Year, "1990..1999", Some(("1990", "1999")));
        check(Field::Year, "1990-05", None);
        check(Field::Year, "90", None);
    }
}
