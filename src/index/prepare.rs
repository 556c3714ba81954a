//! Documents turned into what the index takes: the costly part, done where documents are read.

use std::sync::Arc;

use tantivy::TantivyDocument;
use tantivy::schema::Field;
use tantivy::tokenizer::MAX_TOKEN_LEN;

use super::beside::Beside;
use super::borders::Borders;
use super::inverted::{Inverted, Inverter};
use super::manifest::DocumentEntry;
use super::pairs::{Pairs, pair};
use super::record::{DocumentRecord, Numbers, PassageRecord, Record};
use super::schema::{Fields, SEPARATOR};
use super::stored::{Stored, Value};
use super::terms::{Current, Terms};
use crate::analysis::{Analyzer, Take, Token};
use crate::document::{Document, FurnitureKind, SectionKind, Span, Tier};

/// Numbers of keys from which an analyzer is made anew: it may have been given much that is no words.
const MOST_NUMBERS: u32 = 1_000_000;
/// Bytes that what is stored of a passage takes besides its text, mostly.
const ROOM_BESIDE_TEXT: usize = 96;
/// Places that are given to pieces of one field besides their words: no match goes over them.
const BETWEEN_PIECES: u32 = 1;

/// A document turned into records, ready to be written.
pub(crate) struct Prepared {
    pub(super) records: Vec<TantivyDocument>,
    pub(super) stored: Stored,
    pub(super) inverted: Inverted,
    pub(super) terms: Arc<Terms>,
    pub(crate) id: String,
    pub(crate) entry: DocumentEntry,
}

/// What those share who prepare documents for one writer.
#[derive(Debug, Clone)]
pub(crate) struct Preparing {
    fields: Fields,
    current: Current,
}

impl Preparing {
    pub(super) fn new(fields: Fields, current: Current) -> Self {
        Self { fields, current }
    }

    /// One who prepares documents; each thread has its own.
    pub(crate) fn preparer(&self) -> Preparer {
        Preparer {
            fields: self.fields.clone(),
            current: self.current.clone(),
            analyzer: Analyzer::new(),
            words: Words::new(self.current.get()),
            inverter: Inverter::new(&self.fields.schema),
        }
    }
}

/// Prepares documents. Keeps what it knows of words from one to the next.
pub(crate) struct Preparer {
    fields: Fields,
    current: Current,
    analyzer: Analyzer,
    words: Words,
    inverter: Inverter,
}

/// Numbers of terms.
struct Words {
    terms: Arc<Terms>,
    /// By the number of the field, then by that which the analyzer gave to the key.
    of_fields: Vec<Vec<u32>>,
    /// By the signs of both words, which are bytes.
    pairs: Vec<u32>,
}

/// Of a key that has no number yet.
const NONE: u32 = u32::MAX;

impl Words {
    fn new(terms: Arc<Terms>) -> Self {
        Self { terms, of_fields: Vec::new(), pairs: vec![NONE; 1 << 16] }
    }

    /// The number of a key in a field, where it is known by that which the analyzer gave to it.
    fn known(&self, field: Field, number: u32) -> Option<u32> {
        let known = self.of_fields.get(field.field_id() as usize)?.get(number as usize)?;
        (*known != NONE).then_some(*known)
    }

    /// The number of a token's key in a field.
    fn number(&mut self, field: Field, token: &Token<'_>) -> u32 {
        if let Some(number) = self.known(field, token.number) {
            return number;
        }
        let (of, at) = (field.field_id() as usize, token.number as usize);
        let number = self.terms.number(field, token.key.as_bytes());
        if self.of_fields.len() <= of {
            self.of_fields.resize_with(of + 1, Vec::new);
        }
        if let Some(known) = self.of_fields.get_mut(of).filter(|_| token.number != NONE) {
            if known.len() <= at {
                known.resize(at + 1, NONE);
            }
            if let Some(known) = known.get_mut(at) {
                *known = number;
            }
        }
        number
    }

    /// The number of the one term of a field; none where it is longer than the engine takes.
    fn whole(&self, field: Field, term: &str) -> Option<u32> {
        (term.len() <= MAX_TOKEN_LEN).then(|| self.terms.number(field, term.as_bytes()))
    }

    fn pair(&mut self, field: Field, left: char, right: char) -> u32 {
        let new = || self.terms.number(field, pair(left, right).as_bytes());
        let (Ok(high), Ok(low)) = (u8::try_from(left), u8::try_from(right)) else { return new() };
        let at = usize::from(high) << 8 | usize::from(low);
        if let Some(number) = self.pairs.get(at).filter(|number| **number != NONE) {
            return *number;
        }
        let number = new();
        if let Some(known) = self.pairs.get_mut(at) {
            *known = number;
        }
        number
    }
}

/// Takes the words of a passage.
struct Body<'a> {
    field: Field,
    /// The record.
    at: u32,
    /// Place of its first word in the document.
    first: u64,
    known: &'a mut Words,
    inverter: &'a mut Inverter,
    borders: Borders<'a>,
    pairs: &'a mut Pairs,
}

impl Take for Body<'_> {
    fn knows(&self, number: u32) -> bool {
        self.known.known(self.field, number).is_some()
    }

    fn take(&mut self, token: Token<'_>) {
        let term = self.known.number(self.field, &token);
        self.inverter.add(self.field, term, self.at, token.position);
        self.borders.word(token.span, token.position);
        self.pairs.word(&token, self.at as usize - 1, self.first);
    }
}

impl Preparer {
    /// Prepares a document.
    ///
    /// # Errors
    ///
    /// When what is stored of it cannot be written down.
    pub(crate) fn prepare(&mut self, document: &Document) -> Result<Prepared, postcard::Error> {
        let terms = self.current.get();
        let is_full = self.analyzer.n_numbers() > MOST_NUMBERS;
        if is_full {
            self.analyzer = Analyzer::new();
        }
        if is_full || !Arc::ptr_eq(&terms, &self.words.terms) {
            self.words = Words::new(Arc::clone(&terms));
        }
        // What a document that failed left.
        self.inverter.clear();
        let Self { fields, analyzer, words: known, inverter, .. } = self;
        let language = document.metadata.language.as_ref().map(|l| l.value);
        let text = &document.text;
        let id = document.id.as_str();
        let mut records = Vec::with_capacity(document.passages.len() + 1);
        let pages: Vec<Span> = document
            .furniture
            .iter()
            .filter(|f| f.kind == FurnitureKind::Page)
            .map(|f| f.span)
            .collect();

        let title = document.metadata.title.as_ref().map(|t| t.value.as_str());
        let mut stored =
            Stored::with_room(text.len() + (document.passages.len() + 2) * ROOM_BESIDE_TEXT);
        let first = document.passages.first().map_or(text.len(), |p| p.span.start);
        let names = Numbers::of(document);
        let mut about = DocumentRecord::of(document, &names).written(Vec::new())?;
        let head = Value::Text(Span::new(0, first).of(text));
        stored.add(&[(fields.text, head), (fields.record, Value::Bytes(&about))]);
        let lead = document_record(document, fields);
        let own = known.whole(fields.id, id);
        let wholes = [
            (fields.id, own),
            (fields.kind, known.whole(fields.kind, "d")),
            (fields.path, known.whole(fields.path, &document.path)),
        ];
        for (field, term) in wholes {
            if let Some(term) = term {
                inverter.add(field, term, 0, 0);
            }
        }
        if let Some(title) = title {
            let whole = Span::new(0, title.len());
            analyzer.analyze(title, whole, &[], language, &mut |token| {
                let term = known.number(fields.title, &token);
                inverter.add(fields.title, term, 0, token.position);
            });
        }
        records.push(lead);

        let mut position = 0_u64;
        let mut total = 0_u64;
        let mut read_to = 0;
        let mut pairs = Pairs::default();
        let mut beside = Beside::new(document);
        // Words of title and headings above the passages of a section, and which section it is.
        let mut above: Option<(usize, Vec<u32>)> = None;
        for (index, passage) in document.passages.iter().enumerate() {
            let at = index as u32 + 1;
            // Words between passages (headings, printed numbers) take their places; page furniture none.
            let gap = Span::new(read_to, passage.span.start);
            let none = &|_: &str| false;
            let words = analyzer.analyze_some(text, gap, &pages, language, none, &mut |_| {});
            position += u64::from(words);
            let mut body = Body {
                field: fields.body,
                at,
                first: position,
                known: &mut *known,
                inverter: &mut *inverter,
                borders: Borders::new(&passage.sentences, 0),
                pairs: &mut pairs,
            };
            let (span, holes) = (passage.span, &passage.holes);
            let words = analyzer.analyze_into(text, span, holes, language, &mut body);
            let borders = body.borders.finish();
            read_to = passage.span.end;
            let next = document.passages.get(index + 1).map_or(text.len(), |next| next.span.start);
            let is_last = index + 1 == document.passages.len();
            let beside_it = beside.until(if is_last { usize::MAX } else { passage.span.start });
            let chunk = Span::new(passage.span.start, next).of(text);
            about = PassageRecord::of(passage, &names).written(about)?;
            let chunk = Value::Text(chunk);
            stored.add(&[(fields.text, chunk), (fields.record, Value::Bytes(&about))]);
            let mut record = TantivyDocument::new();
            if let Some(own) = own {
                inverter.add(fields.id, own, at, 0);
            }
            record.add_u64(fields.first, position);
            record.add_u64(fields.tokens, u64::from(words));
            for border in borders {
                record.add_u64(fields.sentences, border);
            }
            if let Some(section) = document.sections.get(passage.section) {
                record.add_text(fields.section, section.path.join(&SEPARATOR.to_string()));
                let same = above.take().filter(|(section, _)| *section == passage.section);
                let (_, words) = above.insert(same.unwrap_or_else(|| {
                    let headings = section.path.join(" ");
                    let words = match (title, section.kind) {
                        (Some(title), SectionKind::Heading) => &format!("{title} {headings}"),
                        (Some(title), _) => title,
                        (None, SectionKind::Heading) => &headings,
                        (None, _) => "",
                    };
                    let mut all = Vec::new();
                    let whole = Span::new(0, words.len());
                    analyzer.analyze(words, whole, &[], language, &mut |token| {
                        all.push(known.number(fields.context, &token));
                    });
                    (passage.section, all)
                }));
                for term in &*words {
                    inverter.add(fields.context, *term, at, 0);
                }
            }
            let mut first = 0;
            for piece in beside_it {
                let mut end = None;
                let whole = Span::new(0, piece.len());
                analyzer.analyze(piece, whole, &[], language, &mut |token| {
                    let term = known.number(fields.beside, &token);
                    inverter.add(fields.beside, term, at, first + token.position);
                    end = Some(token.position + 1);
                });
                first += end.map_or(0, |end| end + BETWEEN_PIECES);
            }
            for region in &passage.tags.regions {
                record.add_text(fields.region, &region.value);
            }
            for topic in &passage.tags.topics {
                let field = match topic.tier {
                    Tier::Sure => fields.topic,
                    Tier::Likely => fields.topic_likely,
                };
                record.add_text(field, &topic.id);
            }
            if let Some(speaker) = &passage.speaker {
                record.add_text(fields.speaker, speaker);
            }
            if let Some(country) = &passage.country {
                record.add_text(fields.country, country);
            }
            records.push(record);
            position += u64::from(words);
            total += u64::from(words);
        }
        if let Some(lead) = records.first_mut() {
            lead.add_u64(fields.tokens, total);
        }
        for (at, pairs) in (1..).zip(pairs.finish()) {
            for (left, right) in pairs {
                let term = known.pair(fields.pairs, left, right);
                inverter.add(fields.pairs, term, at, 0);
            }
        }
        let metadata = &document.metadata;
        let entry = DocumentEntry {
            id: id.to_owned(),
            path: document.container.as_ref().map(|_| document.path.clone()),
            passages: document.passages.len() as u64,
            tokens: total,
            bytes: text.len() as u64,
            language: metadata.language.as_ref().map(|l| l.value.to_string()),
            collection: metadata.collection.as_ref().map(|c| c.value.clone()),
            warnings: document.problems.iter().map(|p| p.message.clone()).collect(),
            stated: document.ties.stated.clone(),
            country: document.ties.country.clone(),
            year: document.ties.year,
            symbol: document.ties.symbol.clone(),
        };
        stored.trim();
        let inverted = inverter.finish();
        Ok(Prepared { records, stored, inverted, terms, id: id.to_owned(), entry })
    }
}

fn document_record(document: &Document, fields: &Fields) -> TantivyDocument {
    let metadata = &document.metadata;
    let mut record = TantivyDocument::new();
    record.add_text(fields.path, &document.path);
    let mut label = |field: Field, value: Option<String>| {
        if let Some(value) = value {
            record.add_text(field, value);
        }
    };
    label(fields.speaker, metadata.speaker.as_ref().map(|v| v.value.clone()));
    label(fields.country, metadata.country.as_ref().map(|v| v.value.clone()));
    label(fields.language, metadata.language.as_ref().map(|v| v.value.to_string()));
    label(fields.collection, metadata.collection.as_ref().map(|v| v.value.clone()));
    label(fields.kind_of_document, metadata.kind.as_ref().map(|v| v.value.to_string()));
    if let Some(year) = &metadata.year {
        record.add_i64(fields.year, i64::from(year.value));
    }
    if let Some(date) = &metadata.date {
        let range = date.value.range();
        record.add_i64(fields.first_day, range.first);
        record.add_i64(fields.last_day, range.last);
    }
    record
}
