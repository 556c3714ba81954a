//! What is stored, apart from the working types: readers of the index outlive refactorings.

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) container: Option<String>,
    pub(crate) hash: String,
    /// Bytes of the text.
    pub(crate) bytes: usize,
    pub(crate) passages: usize,
    #[serde(default)]
    pub(crate) meta: MetadataRecord,
    pub(crate) sections: Vec<SectionRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) furniture: Vec<(String, usize, usize, usize)>,
    #[serde(default)]
    pub(crate) tags: TagsRecord,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) problems: Vec<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct MetadataRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Stored<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Stored<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Stored<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Stored<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country_as_of: Stored<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Stored<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Stored<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Stored<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_language: Stored<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collection: Stored<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Stored<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    symbol: Stored<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(crate) struct SectionRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heading: Option<(usize, usize)>,
    path: Vec<String>,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    level: u8,
    line: usize,
    span: (usize, usize),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    speaker: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    represents: Option<String>,
    #[serde(default)]
    tags: TagsRecord,
}

/// Names and weights of regions, countries, sure and likely topics.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct TagsRecord {
    #[serde(rename = "r", skip_serializing_if = "Vec::is_empty")]
    regions: Vec<(String, f64)>,
    #[serde(rename = "c", skip_serializing_if = "Vec::is_empty")]
    countries: Vec<(String, f64)>,
    #[serde(rename = "t", skip_serializing_if = "Vec::is_empty")]
    topics: Vec<(String, f64)>,
    #[serde(rename = "l", skip_serializing_if = "Vec::is_empty")]
    likely_topics: Vec<(String, f64)>,
}

/// The stored part of a passage record.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(crate) struct PassageRecord {
    pub(crate) id: String,
    /// Index of the section, from 0.
    #[serde(rename = "s")]
    pub(crate) section: usize,
    /// First byte in the document, length in bytes.
    #[serde(rename = "a")]
    pub(crate) start: usize,
    #[serde(rename = "n")]
    pub(crate) length: usize,
    /// Holes, relative to `start`.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) holes: Vec<(usize, usize)>,
    /// See [`write_sentences`].
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sentences: Vec<i64>,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub(crate) paragraph: Option<String>,
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<String>,
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub(crate) speaker: Option<String>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub(crate) country: Option<String>,
    /// See [`kind_letter`]; running text has none.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<char>,
    #[serde(rename = "t", default)]
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
    pub(crate) fn of(passage: &Passage) -> Self {
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
            speaker: passage.speaker.clone(),
            country: passage.country.clone(),
            kind: kind_letter(passage.kind),
            tags: TagsRecord::of(&passage.tags),
        }
    }

    pub(crate) fn into_passage(self, ordinal: usize) -> Passage {
        let base = self.start;
        Passage {
            ordinal,
            id: crate::document::PassageId::from_printed(self.id),
            section: self.section,
            kind: kind_of_letter(self.kind),
            span: Span::new(base, base + self.length),
            holes: self.holes.iter().map(|&(a, b)| Span::new(base + a, base + b)).collect(),
            sentences: read_sentences(&self.sentences, base),
            paragraph: self.paragraph,
            page: self.page,
            speaker: self.speaker,
            country: self.country,
            tags: self.tags.into_tags(),
        }
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
    fn of(tags: &Tags) -> Self {
        // Four digits tell enough, and cost less than seventeen.
        let short = |weight: f64| (weight * 10_000.0).round() / 10_000.0;
        let rows = |list: &[Weighted]| {
            list.iter().map(|tag| (tag.value.clone(), short(tag.weight))).collect()
        };
        let topics = |tier| {
            let of_tier = tags.topics.iter().filter(|tag| tag.tier == tier);
            of_tier.map(|tag| (tag.id.clone(), short(tag.weight))).collect()
        };
        Self {
            regions: rows(&tags.regions),
            countries: rows(&tags.countries),
            topics: topics(Tier::Sure),
            likely_topics: topics(Tier::Likely),
        }
    }

    fn into_tags(self) -> Tags {
        let rows = |list: Vec<(String, f64)>| {
            list.into_iter().map(|(value, weight)| Weighted { value, weight }).collect()
        };
        let sure = self.topics.into_iter().map(|row| (row, Tier::Sure));
        let likely = self.likely_topics.into_iter().map(|row| (row, Tier::Likely));
        let mut topics: Vec<TopicTag> =
            sure.chain(likely).map(|((id, weight), tier)| TopicTag { id, weight, tier }).collect();
        topics.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        Tags {
            regions: rows(self.regions),
            countries: rows(self.countries),
            topics,
            ..Tags::default()
        }
    }
}

impl DocumentRecord {
    pub(crate) fn of(document: &Document) -> Self {
        Self {
            path: document.path.clone(),
            id: document.id.to_string(),
            container: document.container.clone(),
            hash: document.content_hash.to_string(),
            bytes: document.text.len(),
            passages: document.passages.len(),
            meta: MetadataRecord::of(&document.metadata),
            sections: document.sections.iter().map(SectionRecord::of).collect(),
            furniture: document
                .furniture
                .iter()
                .map(|f| (f.kind.as_str().to_owned(), f.line, f.span.start, f.span.len()))
                .collect(),
            tags: TagsRecord::of(&document.tags),
            problems: document.problems.iter().map(|p| p.message.clone()).collect(),
        }
    }

    /// The working type, without text and passages.
    pub(crate) fn into_document(self) -> Document {
        Document {
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
                .map(|(index, section)| section.into_section(index + 1))
                .collect(),
            furniture: self
                .furniture
                .into_iter()
                .filter_map(|(kind, line, start, length)| {
                    let kind = furniture_kind(&kind)?;
                    Some(Furniture { kind, line, span: Span::new(start, start + length) })
                })
                .collect(),
            passages: Vec::new(),
            tags: self.tags.into_tags(),
            problems: self.problems.into_iter().map(crate::document::Problem::new).collect(),
            ties: Ties::default(),
        }
    }
}

impl SectionRecord {
    fn of(section: &Section) -> Self {
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
            tags: TagsRecord::of(&section.tags),
        }
    }

    fn into_section(self, ordinal: usize) -> Section {
        Section {
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
            tags: self.tags.into_tags(),
        }
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
    use super::*;

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
