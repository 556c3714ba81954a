//! Regions, countries and topics of passages, sections and the whole document.
//!
//! A passage is tagged with all that it names. A section and a document are tagged with what stands
//! out: a place counts by how often it is named and in how many passages, how it is named, and how
//! rare it is in diplomatic speech at large; names in headings and the title count three times.

use std::collections::BTreeMap;

use super::regions::{self, Context, Meaning, Mention};
use super::topics::{self, Found};
use crate::document::{Document, PlaceKind, Span, Tags, Weighted};
use crate::vocabulary::{PlaceId, Tokens, Vocabulary};

/// How much a mention in a heading or title counts.
const HEADING: f64 = 3.0;

/// A place is a tag of a document when its salience reaches this share of the most salient one's.
/// Measured on 101 articles of the Office of the Historian (countries an article is about): .25 gives
/// F .91, the share .05 of the whole that was tried first .87.
const SHARE_OF_BEST: f64 = 0.25;

/// It must be named this often too, and in two passages if the document is longer than a few; the
/// title is enough by itself. Thresholds of 1 to 2.5 measured within .005 of each other.
const MIN_MENTIONS: f64 = 2.0;

/// Up to this many passages, one that names a place is enough.
const FEW_PASSAGES: usize = 3;

/// A topic is a tag of a section or document from this share of the best one's sum.
const TOPIC_SHARE_OF_BEST: f64 = 0.3;

/// Fills the tags of all passages, sections and the document.
pub fn tag(document: &mut Document, vocabulary: &Vocabulary) {
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
    whole.in_title = title.places.keys().copied().collect();
    whole.add(&title);
    for (heading, section) in headings.iter().zip(&mut of_sections) {
        let tally = reader.count(heading, HEADING);
        section.in_title = tally.places.keys().copied().collect();
        section.add(&tally);
        whole.add(&tally);
    }
    for (passage, reading) in document.passages.iter_mut().zip(readings) {
        let tally = reader.count(&reading, 1.0);
        whole.add(&tally);
        if let Some(section) = of_sections.get_mut(passage.section) {
            section.add(&tally);
        }
        passage.tags = reader.tags(&reading, &tally);
    }
    for (section, tally) in document.sections.iter_mut().zip(of_sections) {
        section.tags = tally.salient(vocabulary);
    }
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
        let mut tally = Tally { n_passages: 1, ..Tally::default() };
        for mention in &reading.mentions {
            if let Some(meaning) = self.places.meaning(mention, &self.context) {
                tally.add_place(self.vocabulary, &meaning, times * weight_of(mention.sense.kind));
            }
        }
        for found in &reading.found {
            tally.topics.insert(found.topic, times * found.weight);
        }
        tally
    }

    fn tags(&self, reading: &Reading, tally: &Tally) -> Tags {
        let resolve = |mention| self.places.resolve(mention, &self.context);
        let (topics, evidence) = self.topics.describe(&reading.found);
        let weights = tally.places.iter().map(|(&place, count)| (place, count.mentions)).collect();
        let (regions, countries) = weighted(&weights, self.vocabulary);
        let places = reading.mentions.iter().filter_map(resolve).collect();
        Tags { regions, countries, topics, places, evidence }
    }
}

/// How often a place is named.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    mentions: f64,
    passages: usize,
}

/// Mentions counted by place and topic.
#[derive(Debug, Clone, Default)]
struct Tally {
    places: BTreeMap<PlaceId, Count>,
    topics: BTreeMap<usize, f64>,
    in_title: Vec<PlaceId>,
    n_passages: usize,
}

impl Tally {
    fn add_place(&mut self, vocabulary: &Vocabulary, meaning: &Meaning, weight: f64) {
        let part = weight / meaning.countries.len().max(1) as f64;
        for &country in &meaning.countries {
            self.add_mention(country, part);
        }
        let Some(region) = meaning.region else { return };
        if !meaning.countries.contains(&region) {
            self.add_mention(region, weight);
        }
        for &home in vocabulary.homes_at(region) {
            self.add_mention(home, weight);
        }
    }

    fn add_mention(&mut self, place: PlaceId, weight: f64) {
        let count = self.places.entry(place).or_default();
        count.mentions += weight;
        count.passages = 1;
    }

    fn add(&mut self, other: &Self) {
        self.n_passages += other.n_passages;
        for (&place, count) in &other.places {
            let known = self.places.entry(place).or_default();
            known.mentions += count.mentions;
            known.passages += count.passages;
        }
        for (&topic, weight) in &other.topics {
            *self.topics.entry(topic).or_default() += weight;
        }
    }

    /// What stands out.
    fn salient(&self, vocabulary: &Vocabulary) -> Tags {
        let salience = |(&place, count): (&PlaceId, &Count)| {
            let often = (count.mentions * count.passages as f64).sqrt();
            (place, often * vocabulary.rarity_at(place))
        };
        let all: BTreeMap<PlaceId, f64> = self.places.iter().map(salience).collect();
        let (mut regions, mut countries) = weighted(&all, vocabulary);
        let min_passages = if self.n_passages <= FEW_PASSAGES { 1 } else { 2 };
        let stands_out = |place: Option<PlaceId>| {
            let count =
                place.and_then(|place| self.places.get(&place)).copied().unwrap_or_default();
            let in_title = place.is_some_and(|place| self.in_title.contains(&place));
            in_title || (count.mentions >= MIN_MENTIONS && count.passages >= min_passages)
        };
        let best = |tags: &[Weighted]| SHARE_OF_BEST * tags.first().map_or(0.0, |tag| tag.weight);
        let (best_region, best_country) = (best(&regions), best(&countries));
        regions.retain(|tag| {
            tag.weight >= best_region && stands_out(vocabulary.place_of_path(&tag.value))
        });
        countries.retain(|tag| {
            tag.weight >= best_country && stands_out(vocabulary.place_of_code(&tag.value))
        });
        Tags { regions, countries, topics: self.main_topics(vocabulary), ..Tags::default() }
    }

    fn main_topics(&self, vocabulary: &Vocabulary) -> Vec<Weighted> {
        let best = self.topics.values().copied().fold(0.0, f64::max);
        let mut topics: Vec<Weighted> = self
            .topics
            .iter()
            .filter(|(_, weight)| **weight >= TOPIC_SHARE_OF_BEST * best)
            .filter_map(|(&at, weight)| {
                let value = vocabulary.topics().get(at)?.id.clone();
                Some(Weighted { value, weight: weight / self.n_passages.max(1) as f64 })
            })
            .collect();
        sort(&mut topics);
        topics
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

/// Weights as tags, regions and countries, each as its share of the sum.
fn weighted(
    weights: &BTreeMap<PlaceId, f64>,
    vocabulary: &Vocabulary,
) -> (Vec<Weighted>, Vec<Weighted>) {
    let tags = |name: &dyn Fn(PlaceId) -> Option<String>| {
        let named = weights.iter().filter_map(|(&place, &weight)| Some((name(place)?, weight)));
        let mut all: Vec<Weighted> =
            named.map(|(value, weight)| Weighted { value, weight }).collect();
        let sum: f64 = all.iter().map(|tag| tag.weight).sum();
        for tag in &mut all {
            tag.weight /= sum;
        }
        sort(&mut all);
        all
    };
    let regions = tags(&|place| Some(vocabulary.path_at(place).to_owned()));
    let countries = tags(&|place| vocabulary.country_at(place).map(|country| country.code.clone()));
    (regions, countries)
}

/// Heaviest first, equal ones by value.
fn sort(all: &mut [Weighted]) {
    all.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.value.cmp(&b.value)));
}
