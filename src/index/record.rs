//! What is stored, apart from the working types: readers of the index outlive refactorings.
//!
//! Regions, countries and topics are given by number, and so is who speaks in a passage: the names stand once, on
//! the record of the document. Of a passage that takes a seventh of the bytes that it takes as JSON with names.

use rustc_hash::FxHashMap;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::document::{
    Confidence, Document, DocumentType, Furniture, FurnitureKind, Language, Metadata, Origin,
    Passage, PassageKind, Section, SectionKind, SectionRole, Sentence, Sourced, Span, Tags, Tier,
    Ties, TopicTag, Weighted,
};

/// A value with its origin's name, which ends in [`LIKELY`] where the value is not certain.
type Stored<T> = Option<(T, String)>;

/// The stored part of a document record.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(crate) struct DocumentRecord {
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) container: Option<String>,
    pub(crate) hash: String,
    /// Bytes of the text.
    pub(crate) bytes: usize,
    pub(crate) passages: usize,
    pub(crate) meta: MetadataRecord,
    pub(crate) sections: Vec<SectionRecord>,
    pub(crate) furniture: Vec<(String, usize, usize, usize)>,
    pub(crate) tags: TagsRecord,
    pub(crate) problems: Vec<String>,
    names: Names,
}

/// Names that the records of a document and of its passages give by number.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub(crate) struct Names(Vec<String>);

/// The same, to be written: name to number.
#[derive(Debug, Default)]
pub(crate) struct Numbers<'a> {
    list: Vec<&'a str>,
    of: FxHashMap<&'a str, u32>,
}

impl<'a> Numbers<'a> {
    /// The names of a document, in the order in which they come.
    pub(crate) fn of(document: &'a Document) -> Self {
        let mut numbers = Self::default();
        numbers.add_tags(&document.tags);
        for section in &document.sections {
            numbers.add_tags(&section.tags);
        }
        for passage in &document.passages {
            numbers.add_tags(&passage.tags);
            let said_by = [&passage.speaker, &passage.country];
            said_by.into_iter().flatten().for_each(|name| numbers.add(name));
        }
        numbers
    }

    fn add_tags(&mut self, tags: &'a Tags) {
        let places = tags.regions.iter().chain(&tags.countries).map(|tag| &tag.value);
        places.chain(tags.topics.iter().map(|tag| &tag.id)).for_each(|name| self.add(name));
    }

    fn add(&mut self, name: &'a str) {
        let next = self.list.len() as u32;
        if *self.of.entry(name).or_insert(next) == next {
            self.list.push(name);
        }
    }

    /// The number of a name, which is among them.
    fn number(&self, name: &str) -> u32 {
        self.of.get(name).copied().unwrap_or(u32::MAX)
    }

    fn names(&self) -> Names {
        Names(self.list.iter().map(|name| (*name).to_owned()).collect())
    }
}

impl Names {
    fn get(&self, number: u32) -> Option<String> {
        self.0.get(number as usize).cloned()
    }

    /// What may be missing; `None` where it is there and has no name.
    #[expect(clippy::option_option, reason = "a value that is not there is none that is wrong")]
    fn get_some(&self, number: Option<u32>) -> Option<Option<String>> {
        number.map_or(Some(None), |number| self.get(number).map(Some))
    }
}

/// A record as bytes and back.
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// Writes it down in place of what `out` holds.
    ///
    /// # Errors
    ///
    /// When it cannot be written down.
    fn written(&self, mut out: Vec<u8>) -> Result<Vec<u8>, postcard::Error> {
        out.clear();
        postcard::to_extend(self, out)
    }

    /// Reads it; `None` for anything else.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (record, rest) = postcard::take_from_bytes(bytes).ok()?;
        rest.is_empty().then_some(record)
    }
}

impl Record for DocumentRecord {}
impl Record for PassageRecord {}

#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub(crate) struct MetadataRecord {
    title: Stored<String>,
    speaker: Stored<String>,
    role: Stored<String>,
    country: Stored<String>,
    country_as_of: Stored<String>,
    date: Stored<String>,
    year: Stored<i32>,
    language: Stored<String>,
    original_language: Stored<String>,
    collection: Stored<String>,
    kind: Stored<String>,
    symbol: Stored<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(crate) struct SectionRecord {
    title: Option<String>,
    heading: Option<(usize, usize)>,
    path: Vec<String>,
    kind: String,
    role: Option<String>,
    level: u8,
    line: usize,
    span: (usize, usize),
    speaker: Option<String>,
    represents: Option<String>,
    tags: TagsRecord,
}

/// Numbers of names, and weights in ten-thousandths, of regions, countries, sure and likely topics.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub(crate) struct TagsRecord {
    regions: Vec<(u32, u64)>,
    countries: Vec<(u32, u64)>,
    topics: Vec<(u32, u64)>,
    likely_topics: Vec<(u32, u64)>,
}

/// Four digits of a weight tell enough, and cost less than seventeen.
const PARTS: f64 = 10_000.0;

/// The stored part of a passage record.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(crate) struct PassageRecord {
    pub(crate) id: String,
    /// Index of the section, from 0.
    pub(crate) section: usize,
    /// First byte in the document, length in bytes.
    pub(crate) start: usize,
    pub(crate) length: usize,
    /// Holes, relative to `start`.
    pub(crate) holes: Vec<(usize, usize)>,
    /// See [`write_sentences`].
    pub(crate) sentences: Vec<i64>,
    pub(crate) paragraph: Option<String>,
    pub(crate) page: Option<String>,
    pub(crate) speaker: Option<u32>,
    pub(crate) country: Option<u32>,
    /// See [`kind_letter`]; running text has none.
    pub(crate) kind: Option<char>,
    pub(crate) tags: TagsRecord,
}

/// The letter of a kind that is not running text.
const fn kind_letter(kind: PassageKind) -> Option<char> {
    match kind {
        PassageKind::Text => None,
        PassageKind::Table => Some('t'),
        PassageKind::Note => Some('n'),
    }
}

const fn kind_of_letter(letter: Option<char>) -> PassageKind {
    match letter {
        Some('t') => PassageKind::Table,
        Some('n') => PassageKind::Note,
        _ => PassageKind::Text,
    }
}

impl PassageRecord {
    pub(crate) fn of(passage: &Passage, names: &Numbers<'_>) -> Self {
        let base = passage.span.start;
        let relative =
            |span: Span| (span.start.saturating_sub(base), span.end.saturating_sub(base));
        Self {
            id: passage.id.to_string(),
            section: passage.section,
            start: base,
            length: passage.span.len(),
            holes: passage.holes.iter().map(|hole| relative(*hole)).collect(),
            sentences: write_sentences(&passage.sentences, base),
            paragraph: passage.paragraph.clone(),
            page: passage.page.clone(),
            speaker: passage.speaker.as_ref().map(|name| names.number(name)),
            country: passage.country.as_ref().map(|name| names.number(name)),
            kind: kind_letter(passage.kind),
            tags: TagsRecord::of(&passage.tags, names),
        }
    }

    /// The working type; `None` where a name is missing.
    pub(crate) fn into_passage(self, ordinal: usize, names: &Names) -> Option<Passage> {
        let base = self.start;
        let at = |n: usize| base.saturating_add(n);
        Some(Passage {
            ordinal,
            id: crate::document::PassageId::from_printed(self.id),
            section: self.section,
            kind: kind_of_letter(self.kind),
            span: Span::new(base, at(self.length)),
            holes: self.holes.iter().map(|&(a, b)| Span::new(at(a), at(b))).collect(),
            sentences: read_sentences(&self.sentences, base),
            paragraph: self.paragraph,
            page: self.page,
            speaker: names.get_some(self.speaker)?,
            country: names.get_some(self.country)?,
            tags: self.tags.into_tags(names)?,
        })
    }
}

/// One number a sentence: twice its length, and 1 more where it opens a paragraph. A sentence that does not
/// begin one byte behind the last (the first: where the passage does) has a negative number before it,
/// `-2 - d` for `d` bytes further on. Sentences do not overlap, so `d` is at least -1.
fn write_sentences(sentences: &[Sentence], base: usize) -> Vec<i64> {
    // No text is as long as half of what a 64-bit number holds.
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX / 4);
    let mut numbers = Vec::with_capacity(sentences.len());
    let mut expected = base;
    for sentence in sentences {
        let Sentence { span, opens_paragraph } = sentence;
        if span.start != expected {
            numbers.push(-2 - (number(span.start) - number(expected)));
        }
        numbers.push(2 * number(span.len()) + i64::from(*opens_paragraph));
        expected = span.end + 1;
    }
    numbers
}

fn read_sentences(numbers: &[i64], base: usize) -> Vec<Sentence> {
    let mut sentences = Vec::with_capacity(numbers.len());
    let mut start = base;
    for number in numbers {
        match usize::try_from(*number) {
            Ok(number) => {
                let span = Span::new(start, start.saturating_add(number / 2));
                sentences.push(Sentence { span, opens_paragraph: number % 2 == 1 });
                start = span.end.saturating_add(1);
            }
            Err(_) => {
                let distance = isize::try_from(-2 - number).unwrap_or(0);
                start = start.saturating_add_signed(distance);
            }
        }
    }
    sentences
}

impl TagsRecord {
    fn of(tags: &Tags, names: &Numbers<'_>) -> Self {
        #[expect(clippy::cast_sign_loss, reason = "no weight is below 0")]
        let row = |name: &str, weight: f64| (names.number(name), (weight * PARTS).round() as u64);
        let rows = |list: &[Weighted]| list.iter().map(|tag| row(&tag.value, tag.weight)).collect();
        let topics = |tier| {
            let of_tier = tags.topics.iter().filter(|tag| tag.tier == tier);
            of_tier.map(|tag| row(&tag.id, tag.weight)).collect()
        };
        Self {
            regions: rows(&tags.regions),
            countries: rows(&tags.countries),
            topics: topics(Tier::Sure),
            likely_topics: topics(Tier::Likely),
        }
    }

    /// The working type; `None` where a name is missing.
    fn into_tags(self, names: &Names) -> Option<Tags> {
        let row = |(number, weight)| Some((names.get(number)?, weight as f64 / PARTS));
        let rows = |list: Vec<(u32, u64)>| -> Option<Vec<Weighted>> {
            let each = list.into_iter().map(row);
            each.map(|tag| tag.map(|(value, weight)| Weighted { value, weight })).collect()
        };
        let sure = self.topics.into_iter().map(|tag| (tag, Tier::Sure));
        let likely = self.likely_topics.into_iter().map(|tag| (tag, Tier::Likely));
        let topics = sure.chain(likely).map(|(tag, tier)| {
            let (id, weight) = row(tag)?;
            Some(TopicTag { id, weight, tier })
        });
        let mut topics = topics.collect::<Option<Vec<TopicTag>>>()?;
        topics.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        Some(Tags {
            regions: rows(self.regions)?,
            countries: rows(self.countries)?,
            topics,
            ..Tags::default()
        })
    }
}

impl DocumentRecord {
    pub(crate) fn of(document: &Document, names: &Numbers<'_>) -> Self {
        Self {
            path: document.path.clone(),
            id: document.id.to_string(),
            container: document.container.clone(),
            hash: document.content_hash.to_string(),
            bytes: document.text.len(),
            passages: document.passages.len(),
            meta: MetadataRecord::of(&document.metadata),
            sections: document.sections.iter().map(|s| SectionRecord::of(s, names)).collect(),
            furniture: document
                .furniture
                .iter()
                .map(|f| (f.kind.as_str().to_owned(), f.line, f.span.start, f.span.len()))
                .collect(),
            tags: TagsRecord::of(&document.tags, names),
            problems: document.problems.iter().map(|p| p.message.clone()).collect(),
            names: names.names(),
        }
    }

    /// The working type, without text and passages, and the names; `None` where one is missing.
    pub(crate) fn into_document(self) -> Option<(Document, Names)> {
        let names = self.names;
        let document = Document {
            id: crate::document::DocumentId::from_printed(self.id),
            content_hash: crate::document::ContentHash::from_printed(self.hash),
            path: self.path,
            container: self.container,
            also_at: Vec::new(),
            text: String::new(),
            metadata: self.meta.into_metadata(),
            sections: self
                .sections
                .into_iter()
                .enumerate()
                .map(|(index, section)| section.into_section(index + 1, &names))
                .collect::<Option<_>>()?,
            furniture: self
                .furniture
                .into_iter()
                .filter_map(|(kind, line, start, length)| {
                    let kind = furniture_kind(&kind)?;
                    Some(Furniture {
                        kind,
                        line,
                        span: Span::new(start, start.saturating_add(length)),
                    })
                })
                .collect(),
            passages: Vec::new(),
            tags: self.tags.into_tags(&names)?,
            problems: self.problems.into_iter().map(crate::document::Problem::new).collect(),
            ties: Ties::default(),
        };
        Some((document, names))
    }
}

impl SectionRecord {
    fn of(section: &Section, names: &Numbers<'_>) -> Self {
        Self {
            title: section.title.clone(),
            heading: section.heading.map(|span| (span.start, span.end)),
            path: section.path.clone(),
            kind: section.kind.as_str().to_owned(),
            role: section.role.map(|role| role.as_str().to_owned()),
            level: section.level,
            line: section.line,
            span: (section.span.start, section.span.end),
            speaker: section.speaker.clone(),
            represents: section.represents.clone(),
            tags: TagsRecord::of(&section.tags, names),
        }
    }

    fn into_section(self, ordinal: usize, names: &Names) -> Option<Section> {
        Some(Section {
            ordinal,
            title: self.title,
            heading: self.heading.map(|(start, end)| Span::new(start, end)),
            path: self.path,
            kind: section_kind(&self.kind),
            role: self.role.as_deref().and_then(SectionRole::named),
            level: self.level,
            line: self.line,
            span: Span::new(self.span.0, self.span.1),
            speaker: self.speaker,
            represents: self.represents,
            tags: self.tags.into_tags(names)?,
        })
    }
}

impl MetadataRecord {
    fn of(metadata: &Metadata) -> Self {
        fn text<T: ToString>(value: Option<&Sourced<T>>) -> Stored<String> {
            value.map(|v| (v.value.to_string(), print_origin(v)))
        }
        Self {
            title: text(metadata.title.as_ref()),
            speaker: text(metadata.speaker.as_ref()),
            role: text(metadata.role.as_ref()),
            country: text(metadata.country.as_ref()),
            country_as_of: text(metadata.country_as_of.as_ref()),
            date: text(metadata.date.as_ref()),
            year: metadata.year.as_ref().map(|v| (v.value, print_origin(v))),
            language: text(metadata.language.as_ref()),
            original_language: text(metadata.original_language.as_ref()),
            collection: text(metadata.collection.as_ref()),
            kind: text(metadata.kind.as_ref()),
            symbol: text(metadata.symbol.as_ref()),
        }
    }

    fn into_metadata(self) -> Metadata {
        fn back<T>(
            value: Stored<String>,
            parse: impl Fn(String) -> Option<T>,
        ) -> Option<Sourced<T>> {
            let (value, origin) = value?;
            sourced(parse(value)?, &origin)
        }
        Metadata {
            title: back(self.title, Some),
            speaker: back(self.speaker, Some),
            role: back(self.role, Some),
            country: back(self.country, Some),
            country_as_of: back(self.country_as_of, Some),
            date: back(self.date, |text| text.parse().ok()),
            year: self.year.and_then(|(year, origin)| sourced(year, &origin)),
            language: back(self.language, |text| Language::new(&text)),
            original_language: back(self.original_language, |text| Language::new(&text)),
            collection: back(self.collection, Some),
            kind: back(self.kind, |text| {
                DocumentType::ALL.into_iter().find(|kind| kind.as_str() == text)
            }),
            symbol: back(self.symbol, Some),
        }
    }
}

/// Stands behind the origin of a value that is not certain.
const LIKELY: char = '?';

fn print_origin<T>(value: &Sourced<T>) -> String {
    let mut origin = value.origin.as_str().to_owned();
    if value.confidence == Confidence::Likely {
        origin.push(LIKELY);
    }
    origin
}

fn sourced<T>(value: T, printed: &str) -> Option<Sourced<T>> {
    let name = printed.trim_end_matches(LIKELY);
    let origin = Origin::ALL.into_iter().find(|origin| origin.as_str() == name)?;
    Some(if name.len() < printed.len() {
        Sourced::likely(value, origin)
    } else {
        Sourced::new(value, origin)
    })
}

fn section_kind(name: &str) -> SectionKind {
    [SectionKind::Front, SectionKind::Heading, SectionKind::Turn]
        .into_iter()
        .find(|kind| kind.as_str() == name)
        .unwrap_or(SectionKind::None)
}

fn furniture_kind(name: &str) -> Option<FurnitureKind> {
    [
        FurnitureKind::Title,
        FurnitureKind::Byline,
        FurnitureKind::Date,
        FurnitureKind::Caption,
        FurnitureKind::Navigation,
        FurnitureKind::Footer,
        FurnitureKind::Page,
        FurnitureKind::List,
        FurnitureKind::Table,
        FurnitureKind::Footnote,
    ]
    .into_iter()
    .find(|kind| kind.as_str() == name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{ContentHash, DocumentId, PassageId};

    fn tags() -> impl Strategy<Value = Tags> {
        // Weights as they are kept, heaviest first.
        let weight = || (1_u32..40_000).prop_map(|n| f64::from(n) / PARTS);
        let named = (0_u8..30, weight())
            .prop_map(|(n, weight)| Weighted { value: format!("Asia/{n}"), weight });
        let topic = (0_u8..9, weight(), any::<bool>()).prop_map(|(n, weight, sure)| TopicTag {
            id: format!("topic-{n}"),
            weight,
            tier: if sure { Tier::Sure } else { Tier::Likely },
        });
        let places = proptest::collection::vec(named, 0..5);
        (places.clone(), places, proptest::collection::vec(topic, 0..3)).prop_map(
            |(regions, countries, mut topics)| {
                // Of one weight the sure ones come first.
                topics.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.tier.cmp(&b.tier)));
                topics.dedup_by(|a, b| a.weight.total_cmp(&b.weight).is_eq());
                Tags { regions, countries, topics, ..Tags::default() }
            },
        )
    }

    fn passage() -> impl Strategy<Value = Passage> {
        let name = || proptest::option::of("[a-zé]{0,9}");
        let places = (0_usize..9_000, 0_usize..3_000, 0_usize..400);
        let kinds = [PassageKind::Text, PassageKind::Table, PassageKind::Note];
        let kind = proptest::sample::select(kinds.to_vec());
        (places, (name(), name(), name(), name()), kind, tags()).prop_map(
            |((start, length, section), (paragraph, page, speaker, country), kind, tags)| Passage {
                ordinal: 1,
                id: PassageId::from_printed("6mvjncuvcmoukdg6"),
                section,
                kind,
                span: Span::new(start, start + length),
                holes: vec![Span::new(start + length / 2, start + length)],
                sentences: vec![Sentence {
                    span: Span::new(start, start + length / 2),
                    opens_paragraph: section % 2 == 0,
                }],
                paragraph,
                page,
                speaker,
                country,
                tags,
            },
        )
    }

    fn document(passages: Vec<Passage>, tags: Tags, of_section: Tags) -> Document {
        let section = Section {
            ordinal: 1,
            title: Some("I. Peace".to_owned()),
            heading: Some(Span::new(3, 11)),
            path: vec!["I. Peace".to_owned()],
            kind: SectionKind::Heading,
            role: SectionRole::named("introduction"),
            level: 1,
            line: 2,
            span: Span::new(3, 90),
            speaker: None,
            represents: Some("Fiji".to_owned()),
            tags: of_section,
        };
        Document {
            path: "a.txt".to_owned(),
            id: DocumentId::of_path("a.txt"),
            container: None,
            also_at: Vec::new(),
            content_hash: ContentHash::of(b"a"),
            text: String::new(),
            metadata: Metadata {
                title: Some(Sourced::likely("On peace".to_owned(), Origin::ALL[0])),
                year: Some(Sourced::new(-44, Origin::ALL[1])),
                ..Metadata::default()
            },
            sections: vec![section],
            furniture: vec![Furniture {
                kind: FurnitureKind::Page,
                line: 7,
                span: Span::new(40, 42),
            }],
            passages,
            tags,
            problems: vec![crate::document::Problem::new("odd".to_owned())],
            ties: Ties::default(),
        }
    }

    proptest! {
        #[test]
        fn a_document_comes_out_as_it_went_in(
            passages in proptest::collection::vec(passage(), 0..6), tags in tags(), of_section in tags(),
        ) {
            let whole = document(passages, tags, of_section);
            let numbers = Numbers::of(&whole);
            let bytes = DocumentRecord::of(&whole, &numbers).written(vec![7]).unwrap();
            let (mut read, names) = DocumentRecord::read(&bytes).unwrap().into_document().unwrap();
            for passage in &whole.passages {
                let bytes = PassageRecord::of(passage, &numbers).written(vec![7]).unwrap();
                let record = PassageRecord::read(&bytes).unwrap();
                // A part of a record is none, nor is one with something behind it.
                prop_assert!((0..bytes.len()).all(|n| PassageRecord::read(&bytes[..n]).is_none()));
                prop_assert!(PassageRecord::read(&[&bytes[..], b"a"].concat()).is_none());
                // A number without a name is none that is left out.
                let has_names = !record.tags.regions.is_empty() || record.speaker.is_some();
                let unnamed = record.clone().into_passage(1, &Names::default());
                prop_assert!(unnamed.is_none() || !has_names);
                read.passages.push(record.into_passage(1, &names).unwrap());
            }
            prop_assert_eq!(read, whole);
        }
    }

    proptest::proptest! {
        #[test]
        fn sentences_come_out_as_they_went_in(
            base in 0_usize..50,
            rows in proptest::collection::vec((0_usize..4, 0_usize..300, proptest::bool::ANY), 0..9),
        ) {
            let mut end = base;
            let sentences: Vec<Sentence> = rows
                .into_iter()
                .map(|(gap, length, opens_paragraph)| {
                    let start = end + gap;
                    end = start + length;
                    Sentence { span: Span::new(start, end), opens_paragraph }
                })
                .collect();
            let numbers = write_sentences(&sentences, base);
            proptest::prop_assert_eq!(read_sentences(&numbers, base), sentences);
        }
    }
}
