//! Regions, countries and topics of passages, sections and the whole document.
//!
//! A passage is tagged with all that it names. A section and a document are tagged with what stands
//! out: a place counts by how often it is named, how it is named, and how rare it is in diplomatic
//! speech at large; names in headings and the title count three times.

use std::collections::BTreeMap;

use super::regions::{self, Context, Mention};
use super::topics::{self, Found};
use crate::document::{Document, Place, PlaceKind, Span, Tags, Weighted};
use crate::vocabulary::{Tokens, Vocabulary};

/// How much a mention in a heading or title counts.
const HEADING: f64 = 3.0;

/// A place is a tag of a document from this many weighted mentions, unless its title names it.
const MIN_MENTIONS: f64 = 2.0;

/// A place is a tag of a section or document from this share of the whole salience.
const MIN_SHARE: f64 = 0.05;

/// Fills the tags of all passages, sections and the document.
pub fn tag(document: &mut Document, vocabulary: &Vocabulary) {
    let tagger = regions::Tagger::new(vocabulary);
    let mut topics = topics::Tagger::new(vocabulary);
    let mut reader = Reader { vocabulary, tagger, tokens: Tokens::new() };
    let mut context = Context {
        year: year_of(document),
        country: document.metadata.country.as_ref().map(|country| country.value.clone()),
        named: Vec::new(),
    };

    let title = document.metadata.title.as_ref().map_or("", |title| title.value.as_str());
    let title = Heading::read(title, &mut reader, &mut topics, &mut context);
    let mut headings = Vec::with_capacity(document.sections.len());
    for section in &document.sections {
        let text = section.title.as_deref().unwrap_or_default();
        headings.push(Heading::read(text, &mut reader, &mut topics, &mut context));
    }
    let mut mentions: Vec<Vec<Mention>> = Vec::with_capacity(document.passages.len());
    let mut found: Vec<Vec<Found>> = Vec::with_capacity(document.passages.len());
    for passage in &document.passages {
        mentions.push(reader.read(&document.text, passage.span, &passage.holes, &mut context));
        found.push(topics.find(&reader.tokens));
    }

    let mut whole = Tally::default();
    let mut of_sections = vec![Tally::default(); document.sections.len()];
    let title_places = title.places(&tagger, &context);
    whole.add_places(&title_places, HEADING, vocabulary);
    whole.add_topics(&title.found, HEADING);
    for (heading, tally) in headings.iter().zip(&mut of_sections) {
        let places = heading.places(&tagger, &context);
        for tally in [tally, &mut whole] {
            tally.add_places(&places, HEADING, vocabulary);
            tally.add_topics(&heading.found, HEADING);
        }
    }
    for ((passage, mentions), found) in document.passages.iter_mut().zip(mentions).zip(found) {
        let places: Vec<Place> =
            mentions.iter().filter_map(|mention| tagger.resolve(mention, &context)).collect();
        let (tags, evidence) = topics.describe(&found);
        let mut tally = Tally::default();
        tally.add_places(&places, 1.0, vocabulary);
        for tally in of_sections.get_mut(passage.section).into_iter().chain([&mut whole]) {
            tally.add_places(&places, 1.0, vocabulary);
            tally.add_topics(&found, 1.0);
            tally.n_passages += 1;
        }
        let (regions, countries) = tally.all_places();
        passage.tags = Tags { regions, countries, topics: tags, places, evidence };
    }
    for (section, tally) in document.sections.iter_mut().zip(of_sections) {
        section.tags = tally.salient(vocabulary, 1.0);
    }
    document.tags = whole.salient(vocabulary, MIN_MENTIONS);
}

fn year_of(document: &Document) -> Option<i32> {
    let date = document.metadata.date.as_ref().map(|date| date.value.year());
    date.or_else(|| document.metadata.year.as_ref().map(|year| year.value))
}

struct Reader<'v> {
    vocabulary: &'v Vocabulary,
    tagger: regions::Tagger<'v>,
    tokens: Tokens,
}

impl Reader<'_> {
    fn read(&mut self, text: &str, span: Span, holes: &[Span], context: &mut Context) -> Vec<Mention> {
        self.tokens.read(self.vocabulary.gazetteer().words(), text, span, holes);
        let mut mentions = Vec::new();
        self.tagger.find(&self.tokens, context.year, &mut mentions);
        context.learn(self.vocabulary, &mentions);
        mentions
    }
}

/// What a heading or title names and speaks of.
struct Heading {
    mentions: Vec<Mention>,
    found: Vec<Found>,
}

impl Heading {
    fn read(text: &str, reader: &mut Reader<'_>, topics: &mut topics::Tagger<'_>, context: &mut Context) -> Self {
        let mentions = reader.read(text, Span::new(0, text.len()), &[], context);
        Self { mentions, found: topics.find(&reader.tokens) }
    }

    fn places(&self, tagger: &regions::Tagger<'_>, context: &Context) -> Vec<Place> {
        self.mentions.iter().filter_map(|mention| tagger.resolve(mention, context)).collect()
    }
}

/// Mentions counted by country, region and topic.
#[derive(Debug, Clone, Default)]
struct Tally {
    countries: BTreeMap<String, f64>,
    regions: BTreeMap<String, f64>,
    topics: BTreeMap<usize, f64>,
    n_passages: usize,
}

impl Tally {
    fn add_places(&mut self, places: &[Place], times: f64, vocabulary: &Vocabulary) {
        for place in places {
            let weight = times * weight_of(place.kind);
            let part = weight / (place.countries.len().max(1)) as f64;
            for code in &place.countries {
                *self.countries.entry(code.clone()).or_default() += part;
                if let Some(path) = vocabulary.region_of(code) {
                    *self.regions.entry(path.to_owned()).or_default() += part;
                }
            }
            let Some(path) = &place.region else { continue };
            let is_country = place.countries.len() == 1;
            if !is_country {
                *self.regions.entry(path.clone()).or_default() += weight;
            }
            for home in vocabulary.region(path).map(|region| &region.home).into_iter().flatten() {
                *self.regions.entry(home.clone()).or_default() += weight;
            }
        }
    }

    fn add_topics(&mut self, found: &[Found], times: f64) {
        for one in found {
            *self.topics.entry(one.topic).or_default() += times * one.weight;
        }
    }

    /// Everything named, with its share.
    fn all_places(self) -> (Vec<Weighted>, Vec<Weighted>) {
        (shares(self.regions), shares(self.countries))
    }

    /// What stands out: salient places, and the topics of the passages.
    fn salient(self, vocabulary: &Vocabulary, min_mentions: f64) -> Tags {
        let salient = |counts: BTreeMap<String, f64>| {
            let weighed: BTreeMap<String, f64> = counts
                .iter()
                .map(|(place, count)| (place.clone(), count * vocabulary.rarity(place)))
                .collect();
            let mut all = shares(weighed);
            all.retain(|place| {
                let mentions = counts.get(&place.value).copied().unwrap_or(0.0);
                place.weight >= MIN_SHARE && mentions >= min_mentions
            });
            all
        };
        let best = self.topics.values().copied().fold(0.0, f64::max);
        let mut topics: Vec<Weighted> = self
            .topics
            .iter()
            .filter(|(_, score)| **score >= 0.2 * best)
            .filter_map(|(&at, &score)| {
                let topic = vocabulary.topics().get(at)?;
                let weight = score / self.n_passages.max(1) as f64;
                Some(Weighted { value: topic.id.clone(), weight })
            })
            .collect();
        sort(&mut topics);
        Tags {
            regions: salient(self.regions),
            countries: salient(self.countries),
            topics,
            places: Vec::new(),
            evidence: Vec::new(),
        }
    }
}

/// How much a mention counts by its kind; from METHODS, "Salience".
fn weight_of(kind: PlaceKind) -> f64 {
    match kind {
        PlaceKind::Name | PlaceKind::Historical | PlaceKind::Group | PlaceKind::Feature => 1.0,
        PlaceKind::Demonym => 0.5,
        PlaceKind::Capital => 0.4,
    }
}

fn shares(counts: BTreeMap<String, f64>) -> Vec<Weighted> {
    let sum: f64 = counts.values().sum();
    let mut all: Vec<Weighted> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0.0)
        .map(|(value, count)| Weighted { value, weight: count / sum })
        .collect();
    sort(&mut all);
    all
}

/// Heaviest first, equal ones by value.
fn sort(all: &mut [Weighted]) {
    all.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.value.cmp(&b.value)));
}
