//! Citations in the formats of citation managers, and for people.
//!
//! A quotation is given as it stands in the file. RIS and BibTeX have no line breaks within a value: a
//! run of white space is one space there.

pub(crate) mod bibtex;
pub(crate) mod csl;
pub(crate) mod prose;
pub(crate) mod ris;

use std::fmt::Write as _;

use chancery::document::{Caution, Citation, Date};

use super::is_control;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `path#7`, as every hit prints it.
pub(crate) fn address(citation: &Citation) -> String {
    match &citation.pinpoint {
        Some(pinpoint) => format!("{}#{}", citation.path, pinpoint.passage),
        None => citation.path.clone(),
    }
}

/// Where in the document: the printed paragraph and page, or else our count, marked as ours.
pub(crate) fn place(citation: &Citation) -> Option<String> {
    let pinpoint = citation.pinpoint.as_ref()?;
    let mut place = match &pinpoint.paragraph {
        Some(range) if range.contains('\u{2013}') => format!("paras. {range}"),
        Some(number) => format!("para. {number}"),
        None => format!("passage {} [chancery's count]", pinpoint.passage),
    };
    if let Some(page) = &pinpoint.page {
        place.push_str(", p. ");
        place.push_str(page);
    }
    Some(place)
}

/// `28 September 2015`, `September 2015`, `2015`.
pub(crate) fn date_in_words(date: Date) -> String {
    let month = date.month().and_then(|month| MONTHS.get(usize::from(month).checked_sub(1)?));
    match (date.day(), month) {
        (Some(day), Some(month)) => format!("{day} {month} {}", date.year()),
        (None, Some(month)) => format!("{month} {}", date.year()),
        _ => date.year().to_string(),
    }
}

/// The State represented: its name at the date, with its code, or the code alone.
pub(crate) fn state(citation: &Citation) -> Option<String> {
    match (&citation.country_name, &citation.country) {
        (Some(name), Some(code)) => Some(format!("{name} ({code})")),
        (name, code) => name.clone().or_else(|| code.clone()),
    }
}

/// What a citation manager has no field for: the place, who spoke for whom, the file, and cautions.
fn notes(citation: &Citation) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(place(citation).map(|place| format!("Place: {place}")));
    notes.extend(citation.role.as_ref().map(|role| format!("Role: {role}")));
    notes.extend(state(citation).map(|state| format!("Represents: {state}")));
    let mut file = format!("File: {}", address(citation));
    if let Some(quotation) = &citation.quotation {
        let span = quotation.span;
        let _ = write!(file, ", bytes {} to {}", span.start, span.end);
    }
    notes.push(file);
    notes.extend(cautions(citation));
    notes
}

/// The cautions as sentences.
pub(crate) fn cautions(citation: &Citation) -> Vec<String> {
    citation.cautions.iter().map(|c: &Caution| format!("Caution: {}", c.sentence())).collect()
}

/// A key for citation managers: letters, digits and hyphens; the same for the same place.
fn key(citation: &Citation) -> String {
    let name = citation.path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let mut key: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(32).collect();
    let id: String = citation.document_id.chars().take(6).collect();
    key = format!("{}-{id}", key.trim_matches('-'));
    if let Some(quotation) = &citation.quotation {
        let _ = write!(key, "-{}", quotation.span.start);
    }
    key.trim_start_matches('-').to_owned()
}

/// On one line: runs of white space and control characters are a space.
fn folded(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if is_control(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
