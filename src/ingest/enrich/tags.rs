//! Regions, countries and topics of passages, sections and the whole document.
//!
//! A passage is tagged with all that it names. A section and a document are tagged with what stands
//! out: a place counts by how often it is named and in how many passages, how it is named, and how
//! rare it is in diplomatic speech at large; names in headings and the title count three times.

use super::regions::{self, Context, Mention};
use super::salience::{Tally, shares};
use super::topics::{self, Found};
use crate::document::{Document, PlaceKind, Span, Tags};
use crate::vocabulary::{Tokens, Vocabulary};

/// How much a mention in a heading or title counts.
const HEADING: f64 = 3.0;

/// What is kept of a passage besides its tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Nothing: an index stores no more.
    Tags,
    /// Every place named and the words behind each topic.
    Evidence,
}

/// Fills the tags of all passages, sections and the document.
pub fn tag(document: &mut Document, vocabulary: &Vocabulary, detail: Detail) {
    let mut reader = Reader::new(document, vocabulary);
    let title = document.metadata.title.as_ref().map_or("", |title| title.value.as_str());
    let title = reader.read(title, Span::new(0, title.len()), &[]);
    let headings: Vec<Reading> = document
        .sections
        .iter()
        .map(|section| section.title.as_deref().unwrap_or_default())
        .map(|heading| reader.read(heading, Span::new(0, heading.len()), &[]))
        .collect();
    let readings: Vec<Reading> = document
        .passages
        .iter()
        .map(|passage| reader.read(&document.text, passage.span, &passage.holes))
        .collect();

    let mut whole = Tally::default();
    let mut of_sections = vec![Tally::default(); document.sections.len()];
    let title = reader.count(&title, HEADING);
    whole.add_title(&title);
    for (heading, section) in headings.iter().zip(&mut of_sections) {
        let tally = reader.count(heading, HEADING);
        section.add_title(&tally);
        whole.add_heading(&tally);
    }
    for (at, (passage, reading)) in document.passages.iter_mut().zip(readings).enumerate() {
        let tally = reader.count(&reading, 1.0);
        whole.add(&tally);
        if at == 0 {
            whole.add_lead(&tally);
        }
        if let Some(section) = of_sections.get_mut(passage.section) {
            section.add(&tally);
        }
        passage.tags = reader.tags(&reading, &tally, detail);
    }
    for (section, tally) in document.sections.iter_mut().zip(of_sections) {
        section.tags = tally.salient(vocabulary);
    }
    whole.spread_title(vocabulary);
    document.tags = whole.salient(vocabulary);
}

/// What was found in a stretch of text.
struct Reading {
    mentions: Vec<Mention>,
    found: Vec<Found>,
}

/// Reads the stretches of one document, and learns about it on the way.
struct Reader<'v> {
    vocabulary: &'v Vocabulary,
    places: regions::Tagger<'v>,
    topics: topics::Tagger<'v>,
    tokens: Tokens,
    context: Context,
}

impl<'v> Reader<'v> {
    fn new(document: &Document, vocabulary: &'v Vocabulary) -> Self {
        let date = document.metadata.date.as_ref().map(|date| date.value.year());
        let year = date.or_else(|| document.metadata.year.as_ref().map(|year| year.value));
        let country = document.metadata.country.as_ref().map(|country| country.value.clone());
        Self {
            vocabulary,
            places: regions::Tagger::new(vocabulary),
            topics: topics::Tagger::new(vocabulary),
            tokens: Tokens::new(),
            context: Context { year, country, ..Context::default() },
        }
    }

    fn read(&mut self, text: &str, span: Span, holes: &[Span]) -> Reading {
        self.tokens.read(self.vocabulary.gazetteer().words(), text, span, holes);
        let mut mentions = Vec::new();
        self.places.find(&self.tokens, self.context.year, &mut mentions);
        self.context.learn(self.vocabulary, &mentions);
        Reading { mentions, found: self.topics.find(&self.tokens) }
    }

    /// Counts a stretch, once all are read.
    fn count(&self, reading: &Reading, times: f64) -> Tally {
        let mut tally = Tally::of_stretch();
        for mention in &reading.mentions {
            if let Some(meaning) = self.places.meaning(mention, &self.context) {
                tally.add_place(self.vocabulary, &meaning, times * weight_of(mention.sense.kind));
            }
        }
        for found in &reading.found {
            tally.add_topic(found.topic, times * found.weight, found.tier());
        }
        tally
    }

    fn tags(&self, reading: &Reading, tally: &Tally, detail: Detail) -> Tags {
        let weights = tally.places.iter().map(|(&place, count)| (place, count.mentions)).collect();
        let (regions, countries) = shares(&weights, self.vocabulary);
        let topics = self.topics.tags(&reading.found);
        let mut tags = Tags { regions, countries, topics, ..Tags::default() };
        if detail == Detail::Evidence {
            let resolve = |mention| self.places.resolve(mention, &self.context);
            tags.places = reading.mentions.iter().filter_map(resolve).collect();
            tags.evidence = self.topics.evidence(&reading.found);
        }
        tags
    }
}

/// How much a mention counts by its kind.
fn weight_of(kind: PlaceKind) -> f64 {
    match kind {
        PlaceKind::Name | PlaceKind::Historical | PlaceKind::Group | PlaceKind::Feature => 1.0,
        PlaceKind::Demonym => 0.5,
        PlaceKind::Capital => 0.4,
    }
}
