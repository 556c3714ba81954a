//! Title, speaker, country, date and the rest, in the order of trust: what a header says, what stands
//! at the head of the text, the file's name, the folder's. Each value keeps its origin; a value that
//! contradicts the place where the document is filed is reported, not used.

use super::claims::{Claims, Reason};
use super::collection::{FromName, date_of_name, from_file_name, session_year, year_of_folder};
use super::date::{dates_in, parse_date};
use super::kind::by_form;
use super::language::detect;
use super::speech;
use super::symbol::{first_symbol, in_name};
use crate::document::{Date, DocumentType, Language, Metadata, Origin, Problem, Sourced};
use crate::ingest::extract::block::{Extracted, Key};
use crate::ingest::structure::Structure;

/// What the controlled lists and the settings know.
pub trait Lookup {
    /// The code of a country by its name or code; in a year, where that matters.
    fn country_code(&self, name: &str, year: Option<i32>) -> Option<String>;
    /// Whether one of two codes is of a State that kept the other's seat.
    fn is_continued(&self, a: &str, b: &str) -> bool;
    /// The name of the state that a code stood for.
    fn state_at(&self, code: &str, year: i32, date: Option<Date>) -> Option<String>;
    /// The collection that the settings put a path into.
    fn collection(&self, path: &str) -> Option<String>;
}

/// Lines at the head in which a symbol or a date is the document's own.
const HEAD_LINES: usize = 15;

/// What was found, and how.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The values.
    pub metadata: Metadata,
    /// What does not fit together.
    pub problems: Vec<Problem>,
    /// What each value was read from, and what was not used.
    pub reasons: Vec<Reason>,
}

/// Finds what is known of a document, and what does not fit together.
pub fn metadata(
    extracted: &Extracted,
    structure: &Structure,
    path: &str,
    lookup: &dyn Lookup,
) -> Found {
    let mut problems = super::garbled::damage(&extracted.text);
    let mut reasons = Vec::new();
    let name = from_file_name(path);
    let head = Head::of(&extracted.text);
    let mut found = Metadata::default();

    let mut titles = Claims::new("title");
    header(&mut titles, extracted, Key::Title);
    titles.add("head of the text", text(structure.title.as_ref()), words(structure.title.as_ref()));
    found.title = titles.settle(&mut reasons);

    let title = found.title.as_ref().map(|title| title.value.clone()).unwrap_or_default();
    let spoken_by = speech::speaker_of_title(&title);
    let mut speakers = Claims::new("speaker");
    header(&mut speakers, extracted, Key::Speaker);
    let author = structure.author.as_ref();
    speakers.add("byline or label", text(author), words(author));
    let by_title = spoken_by.as_ref().map(|by| Sourced::new(by.name.clone(), Origin::Text));
    speakers.add("title of a speech", by_title, &title);
    speakers.add("line \"From\"", label(structure, "from"), "");
    found.speaker = speakers.settle(&mut reasons);

    let mut roles = Claims::new("role");
    header(&mut roles, extracted, Key::Role);
    roles.add("byline", text(structure.role.as_ref()), words(structure.role.as_ref()));
    let by_title = spoken_by.as_ref().and_then(|by| by.role.clone());
    roles.add("title of a speech", by_title.map(|r| Sourced::new(r, Origin::Text)), &title);
    found.role = roles.settle(&mut reasons);

    found.symbol = symbol(extracted, &head, path, &mut reasons, &mut problems);
    let session = found.symbol.as_ref().and_then(|symbol| session_year(&symbol.value));
    let filed = name.year.or_else(|| year_of_folder(path));
    found.date = date(extracted, structure, &head, path, filed, &mut reasons, &mut problems);

    let mut years = Claims::new("year");
    years.add("stated year", stated_year(extracted, &mut problems), "");
    years.add("file name", name.year.map(|y| Sourced::new(y, Origin::FileName)), file_name(path));
    let dated = found.date.as_ref().map(|date| Sourced {
        value: date.value.year(),
        origin: date.origin,
        confidence: date.confidence,
    });
    years.add("year of the date", dated, "");
    let folder = year_of_folder(path).map(|year| Sourced::new(year, Origin::Folder));
    years.add("name of a folder", folder, path);
    if let Some(symbol) = &found.symbol {
        let year = session.map(|year| Sourced::likely(year, symbol.origin));
        years.add("session of the symbol", year, &symbol.value);
    }
    found.year = years.settle(&mut reasons);

    let year = found.year.as_ref().map(|year| year.value);
    let state = State { lookup, year };
    found.country =
        country(extracted, structure, &found, &name, &state, &mut reasons, &mut problems);
    found.language = language(extracted, structure, &mut problems);
    if let Some(language) = &found.language {
        let mut claims = Claims::new("language");
        claims.add("words of the text or header", Some(language.clone()), "");
        let _ = claims.settle(&mut reasons);
    }
    let mut originals = Claims::new("original_language");
    for value in from_headers(extracted, Key::OriginalLanguage) {
        let code = language_code(&value.value).map(|code| Sourced::new(code, value.origin));
        originals.add("header", code, &value.value);
    }
    if let Some((language, note)) = speech::spoken_in(&extracted.text, structure) {
        originals.add("note on the language", Some(Sourced::new(language, Origin::Text)), &note);
    }
    found.original_language = originals.settle(&mut reasons);

    let mut collections = Claims::new("collection");
    let configured = lookup.collection(path);
    let stated =
        extracted.values.iter().any(|v| v.key == Key::Collection && v.origin == Origin::Sidecar);
    if stated {
        header(&mut collections, extracted, Key::Collection);
    }
    let configured = configured.map(|name| Sourced::new(name, Origin::Configuration));
    collections.add("chancery.toml", configured, path);
    header(&mut collections, extracted, Key::Collection);
    let known = name.collection.map(|name| Sourced::new(name.to_owned(), Origin::FileName));
    collections.add("file name", known, file_name(path));
    found.collection = collections.settle(&mut reasons);

    let mut kinds = Claims::new("type");
    for value in from_headers(extracted, Key::Kind) {
        let kind = DocumentType::ALL.into_iter().find(|k| k.as_str() == value.value.to_lowercase());
        if kind.is_none() && value.origin == Origin::Sidecar {
            problems.push(Problem::new(format!("\"{}\" is no type of document", value.value)));
        }
        kinds.add("header", kind.map(|kind| Sourced::new(kind, value.origin)), &value.value);
    }
    let of_debate =
        name.collection.map(|_| Sourced::new(DocumentType::Statement, Origin::FileName));
    kinds.add("file name", of_debate, file_name(path));
    if kinds.best().is_none() {
        let symbol = found.symbol.as_ref().map(|symbol| symbol.value.as_str());
        if let Some(form) = by_form(&extracted.text, structure, &title, symbol) {
            let kind =
                Sourced { value: form.kind, origin: Origin::Text, confidence: form.confidence };
            kinds.add(form.rule, Some(kind), "");
        }
    }
    found.kind = kinds.settle(&mut reasons);
    drop_denied(extracted, &mut found);
    found.country_as_of = state_of(&found, &extracted.text, lookup);
    if let Some(state) = &found.country_as_of {
        let mut claims = Claims::new("country_as_of");
        let (year, country) = (found.year.as_ref(), found.country.as_ref());
        let words = format!(
            "{} in {}",
            country.map_or("", |country| country.value.as_str()),
            year.map_or(0, |year| year.value)
        );
        claims.add("names of the State by date", Some(state.clone()), &words);
        let _ = claims.settle(&mut reasons);
    }
    Found { metadata: found, problems, reasons }
}

/// The short lines at the head of a text, joined.
struct Head(String);

impl Head {
    fn of(text: &str) -> Self {
        let lines: Vec<&str> =
            text.lines().take(HEAD_LINES).filter(|line| line.len() < 200).collect();
        Self(lines.join("\n"))
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn words(found: Option<&crate::ingest::structure::Found>) -> &str {
    found.map_or("", |found| found.text.as_str())
}

/// Adds what headers say, in the order of their trust.
fn header(claims: &mut Claims<String>, extracted: &Extracted, key: Key) {
    for value in from_headers(extracted, key) {
        let words = value.value.clone();
        claims.add("header", Some(value), &words);
    }
}

/// The symbol: a header's, one at the head, one that the file's name spells.
fn symbol(
    extracted: &Extracted,
    head: &Head,
    path: &str,
    reasons: &mut Vec<Reason>,
    problems: &mut Vec<Problem>,
) -> Option<Sourced<String>> {
    let mut symbols = Claims::new("symbol");
    header(&mut symbols, extracted, Key::Symbol);
    let at_head = first_symbol(&head.0).map(|symbol| Sourced::new(symbol, Origin::Text));
    let words = at_head.as_ref().map(|symbol| symbol.value.clone()).unwrap_or_default();
    symbols.add("head of the text", at_head, &words);
    let named = in_name(path).map(|symbol| Sourced::new(symbol, Origin::FileName));
    symbols.add("file name", named, file_name(path));
    let same = |a: &String, b: &String| {
        let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        bare(a).starts_with(&bare(b)) || bare(b).starts_with(&bare(a))
    };
    symbols.settle_strictly(&same, reasons, problems)
}

/// What is known of States.
struct State<'l> {
    lookup: &'l dyn Lookup,
    year: Option<i32>,
}

impl State<'_> {
    fn code(&self, name: &str) -> Option<String> {
        self.lookup.country_code(name, self.year)
    }
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
    fn drop<T>(value: &mut Option<T>, denied: bool) {
        if denied {
            *value = None;
        }
    }
    let denied = |key: Key| {
        let first = extracted.values.iter().find(|value| value.key == key);
        first.is_some_and(|value| value.origin == Origin::Sidecar && value.text.trim().is_empty())
    };
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
    from_headers(extracted, key).next()
}

/// What headers and sidecars say, the most trusted first; empty values say nothing here.
fn from_headers(extracted: &Extracted, key: Key) -> impl Iterator<Item = Sourced<String>> {
    let values = extracted.values.iter().filter(move |v| v.key == key && !v.text.trim().is_empty());
    values.map(|value| {
        let folded = value.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Sourced::new(folded, value.origin)
    })
}

fn text(found: Option<&crate::ingest::structure::Found>) -> Option<Sourced<String>> {
    found.map(|found| Sourced::new(found.text.clone(), Origin::Text))
}

fn label(structure: &Structure, name: &str) -> Option<Sourced<String>> {
    let (_, found) = structure.labels.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(Sourced::new(found.text.clone(), Origin::Text))
}

fn country(
    extracted: &Extracted,
    structure: &Structure,
    found: &Metadata,
    name: &FromName,
    state: &State<'_>,
    reasons: &mut Vec<Reason>,
    problems: &mut Vec<Problem>,
) -> Option<Sourced<String>> {
    let mut countries = Claims::new("country");
    for value in from_headers(extracted, Key::Country) {
        let code = state.code(&value.value);
        if code.is_none() && value.origin == Origin::Sidecar {
            problems.push(Problem::new(format!("\"{}\" is no country that is known", value.value)));
        }
        countries.add("header", code.map(|code| Sourced::new(code, value.origin)), &value.value);
    }
    let spoken = structure.represents.as_ref();
    let code = spoken.and_then(|spoken| state.code(&spoken.text));
    countries.add(
        "label of the speaker",
        code.map(|c| Sourced::new(c, Origin::Text)),
        words(spoken),
    );
    let named = name.country.clone().map(|code| Sourced::new(code, Origin::FileName));
    countries.add("file name", named, name.country.as_deref().unwrap_or_default());
    // A role such as "State Councillor of the People's Republic of China" says whom it serves; who
    // writes about a country has no such role.
    if let Some(role) = &found.role {
        let code = speech::served(&role.value).into_iter().find_map(|name| state.code(name));
        let code = code.map(|code| Sourced::likely(code, role.origin));
        countries.add("office of the speaker", code, &role.value);
    }
    let same = |a: &String, b: &String| a == b || state.lookup.is_continued(a, b);
    countries.settle_strictly(&same, reasons, problems)
}

fn date(
    extracted: &Extracted,
    structure: &Structure,
    head: &Head,
    path: &str,
    filed: Option<i32>,
    reasons: &mut Vec<Reason>,
    problems: &mut Vec<Problem>,
) -> Option<Sourced<Date>> {
    let mut dates = Claims::new("date");
    for value in from_headers(extracted, Key::Date) {
        let date = parse_date(&value.value).map(|date| Sourced::new(date, value.origin));
        if date.is_none() && value.origin <= Origin::FrontMatter {
            problems
                .push(Problem::new(format!("\"{}\" is no date that is understood", value.value)));
        }
        dates.add("header", date, &value.value);
    }
    if let Some(value) = label(structure, "date") {
        let date = parse_date(&value.value).map(|date| Sourced::new(date, value.origin));
        dates.add("line \"Date\"", date, &value.value);
    }
    if let Some(line) = &structure.date {
        let date = dates_in(&line.text).into_iter().next().or_else(|| parse_date(&line.text));
        dates.add("date line", date.map(|date| Sourced::new(date, Origin::Text)), &line.text);
    }
    if let Some((date, words)) = speech::dated_by_formula(&extracted.text, &head.0) {
        dates.add(
            "formula of adoption or signature",
            Some(Sourced::new(date, Origin::Text)),
            &words,
        );
    }
    let named = date_of_name(path).map(|date| Sourced::new(date, Origin::FileName));
    dates.add("file name", named, file_name(path));
    // Two dates fit together when one may be the other, less precisely given.
    let same = |a: &Date, b: &Date| {
        let (a, b) = (a.range(), b.range());
        a.first <= b.last && b.first <= a.last
    };
    let date = dates.settle_strictly(&same, reasons, problems)?;
    if let Some(filed) = filed
        .filter(|filed| (date.value.year() - filed).abs() > 1 && date.origin != Origin::Sidecar)
    {
        problems.push(Problem::new(format!(
            "the date {} does not fit the year {filed} it is filed under; it was not used",
            date.value
        )));
        for reason in reasons.iter_mut().filter(|reason| reason.field == "date") {
            reason.used = false;
        }
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

/// `fr`, `fr-CA`, `FR_fr`, `French`.
fn language_code(text: &str) -> Option<Language> {
    super::language::named(text)
}

/// What the State was called: on the date, or in the year where it was called the same all through.
/// Where its name changed within the year, the one that the text has; it is likely then.
fn state_of(found: &Metadata, text: &str, lookup: &dyn Lookup) -> Option<Sourced<String>> {
    let country = found.country.as_ref()?;
    let name = |date: Date| lookup.state_at(&country.value, date.year(), Some(date));
    let (first, last) = match &found.date {
        Some(date) if date.value.day().is_some() => (name(date.value)?, name(date.value)?),
        Some(date) => {
            bounds(date.value).map(|(first, last)| Some((name(first)?, name(last)?)))??
        }
        None => {
            let year = Date::from_year(found.year.as_ref()?.value)?;
            bounds(year).map(|(first, last)| Some((name(first)?, name(last)?)))??
        }
    };
    if first == last {
        return Some(Sourced { value: first, ..country.clone() });
    }
    // `Republic of China` stands in `People's Republic of China`: the longer one first.
    let (longer, shorter) =
        if first.len() > last.len() { (first, last.clone()) } else { (last.clone(), first) };
    let value = [longer, shorter].into_iter().find(|name| text.contains(name.as_str()));
    Some(Sourced::likely(value.unwrap_or(last), country.origin))
}

/// The first and the last day that an imprecise date may mean.
fn bounds(date: Date) -> Option<(Date, Date)> {
    let day = |ymd: i64| {
        let part = |n: i64| u8::try_from(n % 100).ok();
        Date::from_day(i32::try_from(ymd / 10_000).ok()?, part(ymd / 100)?, part(ymd)?)
    };
    let range = date.range();
    Some((day(range.first)?, day(range.last)?))
}
