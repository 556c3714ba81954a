//! What stands out in a section or document, from what its passages name.
//!
//! What comes in: mentions of places and topics, counted by passage. What goes out: the places that the
//! text is about, and its topics. A place counts by how often it is named and in how many passages, how
//! it is named, and how rare it is in diplomatic speech at large. Passages, not this, decide what a
//! filter finds.

use std::collections::BTreeMap;

use super::regions::Meaning;
use crate::document::{Tags, Tier, TopicTag, Weighted};
use crate::vocabulary::{PlaceId, Vocabulary};

/// How much more a mention in the first passage of a document counts.
const LEAD: f64 = 2.0;

/// Salience is `mentions^(1 - SPREAD) * passages^SPREAD * ln(1 + N/df)`: a place named in many passages
/// is more of a subject than one named often in a few. Of 5,421 speeches the own country leads in
/// 90.5 % at .5, 91.0 % at .6, 91.4 % at .7 (by all mentions); the F of what 101 articles are about falls
/// slowly from .5 on.
const SPREAD: f64 = 0.6;

/// A place is a tag when its salience reaches this share of the most salient one's. F of the countries
/// of the articles .951 at .3, .943 at .25.
const SHARE_OF_BEST: f64 = 0.3;

/// The same for a place that the title or the first passage names. On the articles .15 and .25 are the
/// top of a flat hill: a step of .05 costs .002 to .008 of F.
const SHARE_OF_BEST_IN_LEAD: f64 = 0.15;

/// Its sub-region must reach this share of the most salient sub-region's: a text is about its theatre,
/// and Powers from elsewhere are named in passing. F of the countries of the articles .951 with it, .927
/// without; of their sub-regions .962 and .927; the same from .58 to .65.
const THEATRE_SHARE: f64 = 0.6;

/// From this share of the most salient place's on a place stands out wherever it lies.
const SHARE_ANYWHERE: f64 = 0.8;

/// A place must be named this often too, and in two passages if the text is longer than a few; the
/// title is enough by itself.
const MIN_MENTIONS: f64 = 2.5;

/// Up to this many passages, one that names a place is enough.
const FEW_PASSAGES: usize = 3;

/// A region in the title with up to this many countries speaks of each of them that the text names.
const MAX_IN_TITLE: usize = 10;

/// A text that names so many countries of one region, and it with such a share of all its salience, is
/// an overview of the region, unless more than two countries stand out: its own side and another.
const OVERVIEW_COUNTRIES: usize = 5;
const OVERVIEW_SHARE: f64 = 0.2;
const OVERVIEW_SALIENT: usize = 2;

/// A topic is a tag of a section or document from this share of the best one's sum.
const TOPIC_SHARE_OF_BEST: f64 = 0.3;

/// How often a place is named.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    /// Mentions by their weight.
    pub(super) mentions: f64,
    /// Passages with one.
    passages: usize,
}

impl Count {
    fn one(weight: f64) -> Self {
        Self { mentions: weight, passages: 1 }
    }

    fn add(&mut self, other: Self) {
        self.mentions += other.mentions;
        self.passages += other.passages;
    }

    fn salience(self) -> f64 {
        self.mentions.powf(1.0 - SPREAD) * (self.passages as f64).powf(SPREAD)
    }
}

/// Mentions counted by place and topic.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) places: BTreeMap<PlaceId, Count>,
    /// Sub-regions, by the places in them; mentions weighted with the places' rarity.
    theatres: BTreeMap<PlaceId, Count>,
    /// Sum of the weights, and the surest tier of any stretch.
    topics: BTreeMap<usize, (f64, Tier)>,
    in_title: Vec<PlaceId>,
    in_lead: Vec<PlaceId>,
    n_passages: usize,
}

impl Tally {
    /// Of one stretch of text: a passage or a heading.
    pub(super) fn of_stretch() -> Self {
        Self { n_passages: 1, ..Self::default() }
    }

    pub(super) fn add_place(&mut self, vocabulary: &Vocabulary, meaning: &Meaning, weight: f64) {
        let part = weight / meaning.countries.len().max(1) as f64;
        for &country in &meaning.countries {
            self.add_mention(country, part);
            let rarity = vocabulary.rarity_at(country);
            self.add_theatre(vocabulary.theatre_at(country), part * rarity);
        }
        let Some(region) = meaning.region else { return };
        if !meaning.countries.contains(&region) {
            self.add_mention(region, weight);
        }
        if meaning.countries.is_empty() {
            self.add_theatre(vocabulary.theatre_at(region), weight);
        }
        for &home in vocabulary.homes_at(region) {
            self.add_mention(home, weight);
            self.add_theatre(vocabulary.theatre_at(home), weight);
        }
    }

    fn add_mention(&mut self, place: PlaceId, weight: f64) {
        let count = self.places.entry(place).or_insert(Count::one(0.0));
        count.mentions += weight;
    }

    fn add_theatre(&mut self, theatre: Option<PlaceId>, weight: f64) {
        if let Some(theatre) = theatre {
            let count = self.theatres.entry(theatre).or_insert(Count::one(0.0));
            count.mentions += weight;
        }
    }

    pub(super) fn add_topic(&mut self, topic: usize, weight: f64, tier: Tier) {
        let known = self.topics.entry(topic).or_insert((0.0, Tier::Likely));
        known.0 += weight;
        known.1 = known.1.min(tier);
    }

    /// Adds what a title or heading names.
    pub(super) fn add_title(&mut self, title: &Self) {
        self.in_title.extend(title.places.keys());
        self.in_lead.extend(title.places.keys());
        self.add_heading(title);
    }

    /// Adds what a heading further down names: it is no passage.
    pub(super) fn add_heading(&mut self, heading: &Self) {
        let n_passages = self.n_passages;
        self.add(heading);
        self.n_passages = n_passages;
    }

    /// Adds a passage.
    pub(super) fn add(&mut self, other: &Self) {
        self.n_passages += other.n_passages;
        for (&place, &count) in &other.places {
            self.places.entry(place).or_default().add(count);
        }
        for (&theatre, &count) in &other.theatres {
            self.theatres.entry(theatre).or_default().add(count);
        }
        for (&topic, &(weight, tier)) in &other.topics {
            self.add_topic(topic, weight, tier);
        }
    }

    /// Lets the first passage, added before, count for more.
    pub(super) fn add_lead(&mut self, first: &Self) {
        self.in_lead.extend(first.places.keys());
        let more = |count: &Count| Count { mentions: (LEAD - 1.0) * count.mentions, passages: 0 };
        for (place, count) in &first.places {
            self.places.entry(*place).or_default().add(more(count));
        }
        for (theatre, count) in &first.theatres {
            self.theatres.entry(*theatre).or_default().add(more(count));
        }
    }

    /// A small region in the title speaks of its countries: one more mention for those that are named.
    pub(super) fn spread_title(&mut self, vocabulary: &Vocabulary) {
        for region in self.in_title.clone() {
            if vocabulary.country_at(region).is_some() {
                continue;
            }
            let inside = vocabulary.countries_in(region);
            if inside.len() <= MAX_IN_TITLE {
                for country in inside {
                    if let Some(count) = self.places.get_mut(&country) {
                        count.add(Count::one(1.0));
                    }
                }
            }
        }
    }

    /// What stands out.
    pub(super) fn salient(&self, vocabulary: &Vocabulary) -> Tags {
        let topics = self.main_topics(vocabulary);
        let counts = self.merged(vocabulary);
        let all: BTreeMap<PlaceId, f64> = counts
            .iter()
            .map(|(&place, count)| (place, count.salience() * vocabulary.rarity_at(place)))
            .collect();
        if self.n_passages <= 1 {
            let (regions, countries) = shares(&all, vocabulary);
            return Tags { regions, countries, topics, ..Tags::default() };
        }
        let best_theatre = self.theatres.values().map(|count| count.salience()).fold(0.0, f64::max);
        let is_theatre = |place: PlaceId| {
            vocabulary.theatre_at(place).is_none_or(|theatre| {
                let count = self.theatres.get(&theatre).copied().unwrap_or_default();
                count.salience() >= THEATRE_SHARE * best_theatre
            })
        };
        // A State and the one on its ground before it are one theatre, wherever the tree has them.
        let best_place = all.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
        let shares_ground = |place: PlaceId| {
            best_place.is_some_and(|(best, _)| vocabulary.share_ground(*best, place))
        };
        let min_passages = if self.n_passages <= FEW_PASSAGES { 1 } else { 2 };
        let stands_out = |place: PlaceId, share: f64| {
            let Some(count) = counts.get(&place) else { return false };
            if self.in_title.contains(&place) {
                return share >= SHARE_OF_BEST_IN_LEAD;
            }
            let is_in_lead = self.in_lead.contains(&place);
            let least = if is_in_lead { SHARE_OF_BEST_IN_LEAD } else { SHARE_OF_BEST };
            let is_named_enough = count.mentions >= MIN_MENTIONS && count.passages >= min_passages;
            is_named_enough
                && share >= least
                && (is_theatre(place) || shares_ground(place) || share >= SHARE_ANYWHERE)
        };
        let (mut regions, mut countries) = shares(&all, vocabulary);
        let keep = |tags: &mut Vec<Weighted>, place_of: &dyn Fn(&str) -> Option<PlaceId>| {
            let best = tags.first().map_or(0.0, |tag| tag.weight);
            let first = tags.first().cloned();
            tags.retain(|tag| {
                place_of(&tag.value).is_some_and(|place| stands_out(place, tag.weight / best))
            });
            // Where nothing is named enough, the text is about what it names most.
            if tags.is_empty() {
                tags.extend(first);
            }
        };
        keep(&mut countries, &|code| vocabulary.place_of_code(code));
        keep(&mut regions, &|path| vocabulary.place_of_path(path));
        let n_salient = countries.len();
        let wide =
            if n_salient > OVERVIEW_SALIENT { Vec::new() } else { overview(&all, vocabulary) };
        for wide in wide {
            let is_below =
                |tag: &Weighted| tag.value.split('/').next() == Some(wide.value.as_str());
            if !regions.iter().any(is_below) {
                regions.push(wide);
            }
        }
        sort(&mut regions);
        Tags { regions, countries, topics, ..Tags::default() }
    }

    /// The places, with a State of the past and the one that goes on in its place counted as one, under
    /// the name that is used more.
    fn merged(&self, vocabulary: &Vocabulary) -> BTreeMap<PlaceId, Count> {
        let mut places = self.places.clone();
        for (&past, &count) in &self.places {
            let Some(present) = vocabulary.continuation_at(past) else { continue };
            let Some(&other) = self.places.get(&present) else { continue };
            let both = Count {
                mentions: count.mentions + other.mentions,
                passages: count.passages.max(other.passages),
            };
            let (kept, gone) =
                if count.mentions > other.mentions { (past, present) } else { (present, past) };
            places.insert(kept, both);
            places.remove(&gone);
        }
        places
    }

    fn main_topics(&self, vocabulary: &Vocabulary) -> Vec<TopicTag> {
        let best = self.topics.values().map(|(weight, _)| *weight).fold(0.0, f64::max);
        let mut topics: Vec<TopicTag> = self
            .topics
            .iter()
            .filter(|(_, (weight, _))| *weight >= TOPIC_SHARE_OF_BEST * best)
            .filter_map(|(&at, &(weight, tier))| {
                let id = vocabulary.topics().get(at)?.id.clone();
                Some(TopicTag { id, weight: weight / self.n_passages.max(1) as f64, tier })
            })
            .collect();
        topics.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.id.cmp(&b.id)));
        topics
    }
}

/// The regions of which a text names many countries, each with the mean share of those: an overview.
fn overview(all: &BTreeMap<PlaceId, f64>, vocabulary: &Vocabulary) -> Vec<Weighted> {
    let mut regions: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for (&place, &salience) in
        all.iter().filter(|(place, _)| vocabulary.country_at(**place).is_some())
    {
        let region = vocabulary.path_at(place).split('/').next().unwrap_or_default();
        let sum = regions.entry(region).or_default();
        sum.0 += salience;
        sum.1 += 1;
    }
    let total: f64 = regions.values().map(|(sum, _)| sum).sum();
    let is_overview = |(_, (sum, n)): &(&str, (f64, usize))| {
        *n >= OVERVIEW_COUNTRIES && *sum >= OVERVIEW_SHARE * total
    };
    regions
        .into_iter()
        .filter(is_overview)
        .map(|(region, (sum, n))| Weighted {
            value: region.to_owned(),
            weight: sum / n as f64 / total,
        })
        .collect()
}

/// Weights as tags, regions and countries, each as its share of the sum.
pub(super) fn shares(
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
