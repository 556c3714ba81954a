//! Title, speaker, country, date and the rest, in the order of trust: what a header says, what stands
//! at the head of the text, the file's name, the folder's. Each value keeps its origin; a value that
//! contradicts the place where the document is filed is reported, not used.

use super::collection::{from_file_name, year_of_folder};
use super::date::{dates_in, parse_date};
use super::kind::by_form;
use super::language::detect;
use super::symbol::first_symbol;
use crate::document::{Date, DocumentType, Language, Metadata, Origin, Problem, Sourced};
use crate::ingest::extract::block::{Extracted, Key};
use crate::ingest::structure::{Found, Structure};

/// What the controlled lists and the settings know.
pub trait Lookup {
    /// The code of a country by its name or code.
    fn country_code(&self, name: &str) -> Option<String>;
    /// The name of the state that a code stood for.
    fn state_at(&self, code: &str, year: i32, date: Option<Date>) -> Option<String>;
    /// The collection that the settings put a path into.
    fn collection(&self, path: &str) -> Option<String>;
}

/// Lines at the head in which a symbol or a date is the document's own.
const HEAD_LINES: usize = 15;

/// Finds what is known of a document, and what does not fit together.
pub fn metadata(
    extracted: &Extracted,
    structure: &Structure,
    path: &str,
    lookup: &dyn Lookup,
) -> (Metadata, Vec<Problem>) {
    let mut problems = Vec::new();
    let name = from_file_name(path);
    let folder_year = year_of_folder(path);
    let mut found = Metadata {
        title: from_header(extracted, Key::Title).or_else(|| text(structure.title.as_ref())),
        speaker: from_header(extracted, Key::Speaker)
            .or_else(|| text(structure.author.as_ref()))
            .or_else(|| label(structure, "from")),
        role: from_header(extracted, Key::Role).or_else(|| text(structure.role.as_ref())),
        ..Metadata::default()
    };
    found.country = country(extracted, structure, name.country.as_deref(), lookup);
    let filed = name.year.or(folder_year);
    found.date = date(extracted, structure, filed, &mut problems);
    found.year = match (&found.date, name.year, folder_year) {
        _ if let Some(year) = stated_year(extracted, &mut problems) => Some(year),
        (_, Some(year), _) => Some(Sourced::new(year, Origin::FileName)),
        (Some(date), None, _) => Some(Sourced::new(date.value.year(), date.origin)),
        (None, None, Some(year)) => Some(Sourced::new(year, Origin::Folder)),
        (None, None, None) => None,
    };
    found.language = language(extracted, structure, &mut problems);
    found.original_language = from_header(extracted, Key::OriginalLanguage)
        .and_then(|value| Some(Sourced::new(language_code(&value.value)?, value.origin)));
    found.collection = lookup
        .collection(path)
        .map(|collection| Sourced::new(collection, Origin::Configuration))
        .or_else(|| from_header(extracted, Key::Collection))
        .or_else(|| name.collection.map(|c| Sourced::new(c.to_owned(), Origin::FileName)));
    found.symbol = from_header(extracted, Key::Symbol).or_else(|| {
        let head: String = extracted
            .text
            .lines()
            .take(HEAD_LINES)
            .filter(|l| l.len() < 200)
            .collect::<Vec<_>>()
            .join("\n");
        first_symbol(&head).map(|symbol| Sourced::new(symbol, Origin::Text))
    });
    found.kind = from_header(extracted, Key::Kind)
        .and_then(|value| {
            let kind =
                DocumentType::ALL.into_iter().find(|k| k.as_str() == value.value.to_lowercase());
            Some(Sourced::new(kind?, value.origin))
        })
        .or_else(|| {
            name.collection.map(|_| Sourced::new(DocumentType::Statement, Origin::FileName))
        })
        .or_else(|| {
            by_form(&extracted.text, structure).map(|kind| Sourced::new(kind, Origin::Text))
        });
    drop_denied(extracted, &mut found);
    found.country_as_of = state(&found, lookup);
    (found, problems)
}

/// A year that a reader states.
fn stated_year(extracted: &Extracted, problems: &mut Vec<Problem>) -> Option<Sourced<i32>> {
    let value = from_header(extracted, Key::Year)?;
    let year = super::date::year(&value.value);
    if year.is_none() {
        problems.push(Problem::new(format!("\"{}\" is no year; it was not used", value.value)));
    }
    Some(Sourced::new(year?, value.origin))
}

/// Takes away values of which a reader says that there is none: those stated first as empty.
fn drop_denied(extracted: &Extracted, found: &mut Metadata) {
    let denied = |key: Key| {
        let first = extracted.values.iter().find(|value| value.key == key);
        first.is_some_and(|value| value.origin == Origin::Sidecar && value.text.trim().is_empty())
    };
    fn drop<T>(value: &mut Option<T>, denied: bool) {
        if denied {
            *value = None;
        }
    }
    drop(&mut found.title, denied(Key::Title));
    drop(&mut found.speaker, denied(Key::Speaker));
    drop(&mut found.role, denied(Key::Role));
    drop(&mut found.country, denied(Key::Country));
    drop(&mut found.date, denied(Key::Date));
    drop(&mut found.year, denied(Key::Year));
    drop(&mut found.language, denied(Key::Language));
    drop(&mut found.original_language, denied(Key::OriginalLanguage));
    drop(&mut found.collection, denied(Key::Collection));
    drop(&mut found.kind, denied(Key::Kind));
    drop(&mut found.symbol, denied(Key::Symbol));
}

fn from_header(extracted: &Extracted, key: Key) -> Option<Sourced<String>> {
    let value = extracted.values.iter().find(|v| v.key == key && !v.text.trim().is_empty())?;
    let folded = value.text.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Sourced::new(folded, value.origin))
}

fn text(found: Option<&Found>) -> Option<Sourced<String>> {
    found.map(|found| Sourced::new(found.text.clone(), Origin::Text))
}

fn label(structure: &Structure, name: &str) -> Option<Sourced<String>> {
    let (_, found) = structure.labels.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(Sourced::new(found.text.clone(), Origin::Text))
}

fn country(
    extracted: &Extracted,
    structure: &Structure,
    of_name: Option<&str>,
    lookup: &dyn Lookup,
) -> Option<Sourced<String>> {
    let code = |value: Sourced<String>| {
        Some(Sourced::new(lookup.country_code(&value.value)?, value.origin))
    };
    // A role such as "State Councillor of the People's Republic of China" says whom it serves.
    let of_role = || {
        let role = text(structure.role.as_ref())?;
        let (_, state) = role.value.rsplit_once(" of ")?;
        let state = state.trim().trim_end_matches('.');
        let state = state.strip_prefix("the ").unwrap_or(state);
        Some(Sourced::new(lookup.country_code(state)?, role.origin))
    };
    from_header(extracted, Key::Country)
        .and_then(code)
        .or_else(|| text(structure.represents.as_ref()).and_then(code))
        .or_else(|| of_name.map(|name| Sourced::new(name.to_owned(), Origin::FileName)))
        .or_else(of_role)
}

fn date(
    extracted: &Extracted,
    structure: &Structure,
    filed: Option<i32>,
    problems: &mut Vec<Problem>,
) -> Option<Sourced<Date>> {
    let parsed = |value: Sourced<String>| {
        let date = parse_date(&value.value)?;
        Some(Sourced::new(date, value.origin))
    };
    let date = from_header(extracted, Key::Date)
        .and_then(parsed)
        .or_else(|| label(structure, "date").and_then(parsed))
        .or_else(|| {
            let found = structure.date.as_ref()?;
            let date = dates_in(&found.text).into_iter().next();
            date.or_else(|| parse_date(&found.text)).map(|date| Sourced::new(date, Origin::Text))
        })?;
    if let Some(filed) = filed.filter(|filed| (date.value.year() - filed).abs() > 1) {
        problems.push(Problem::new(format!(
            "the date {} does not fit the year {filed} it is filed under; it was not used",
            date.value
        )));
        return None;
    }
    Some(date)
}

fn language(
    extracted: &Extracted,
    structure: &Structure,
    problems: &mut Vec<Problem>,
) -> Option<Sourced<Language>> {
    let stated = from_header(extracted, Key::Language)
        .and_then(|value| Some(Sourced::new(language_code(&value.value)?, value.origin)));
    let start = structure.paragraphs.first().map_or(0, |p| p.span.start);
    let body = extracted.text.get(start..).unwrap_or(&extracted.text);
    let detected = detect(body);
    match (stated, detected) {
        (Some(stated), Some(detected)) if stated.value != detected => {
            problems.push(Problem::new(format!(
                "says that its language is \"{}\", but reads like \"{detected}\"",
                stated.value
            )));
            Some(Sourced::new(detected, Origin::Text))
        }
        (Some(stated), _) => Some(stated),
        (None, Some(detected)) => Some(Sourced::new(detected, Origin::Text)),
        (None, None) => None,
    }
}

/// `fr`, `fr-CA`, `FR_fr`.
fn language_code(text: &str) -> Option<Language> {
    Language::new(text.split(['-', '_']).next().unwrap_or(text).trim())
}

fn state(found: &Metadata, lookup: &dyn Lookup) -> Option<Sourced<String>> {
    let country = found.country.as_ref()?;
    let year = found.year.as_ref()?.value;
    let date = found.date.as_ref().map(|date| date.value);
    Some(Sourced::new(lookup.state_at(&country.value, year, date)?, country.origin))
}
