//! Regions, countries and topics, each with what caused it.

use super::Span;

/// A value and how much of the text speaks of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    /// Region path or country code.
    pub value: String,
    /// Its share of all mentions (0 to 1).
    pub weight: f64,
}

/// How far a topic may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// What a filter takes by default: precision first.
    Sure,
    /// What a filter takes when it is told to be generous.
    Likely,
}

impl Tier {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Likely => "likely",
        }
    }
}

/// A topic that a text speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicTag {
    /// Its id.
    pub id: String,
    /// Its score, in units of the topic's threshold.
    pub weight: f64,
    /// How far it may be trusted.
    pub tier: Tier,
}

/// How a place is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// Its name.
    Name,
    /// A former name, or a state of the past.
    Historical,
    /// Its people or adjective.
    Demonym,
    /// Its capital, for its government.
    Capital,
    /// A group of states.
    Group,
    /// A sea, river, mountain or region.
    Feature,
}

impl PlaceKind {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Historical => "historical",
            Self::Demonym => "demonym",
            Self::Capital => "capital",
            Self::Group => "group",
            Self::Feature => "feature",
        }
    }
}

/// A place that the text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where the name stands.
    pub span: Span,
    /// ISO 3166-1 alpha-3 codes it may mean: one, or several where the name is underdetermined or
    /// a former state has successors; none for groups and seas.
    pub countries: Vec<String>,
    /// Path of the region in the tree, such as `Europe/Western Europe/France`.
    pub region: Option<String>,
    /// How it is named.
    pub kind: PlaceKind,
}

/// The words behind a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The topic's id.
    pub topic: String,
    /// The terms of the lexicon that were found, in the order of their weight.
    pub terms: Vec<String>,
}

/// What a stretch of text speaks of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tags {
    /// Paths of regions, heaviest first, equal ones by path.
    pub regions: Vec<Weighted>,
    /// Countries by code, heaviest first.
    pub countries: Vec<Weighted>,
    /// Topics, heaviest first.
    pub topics: Vec<TopicTag>,
    /// Every place named, in order; kept for passages only.
    pub places: Vec<Place>,
    /// The words behind each topic; kept for passages only.
    pub evidence: Vec<Evidence>,
}

impl Tags {
    /// Ids of the topics of one tier, heaviest first.
    pub fn topics_of(&self, tier: Tier) -> impl Iterator<Item = &str> {
        self.topics.iter().filter(move |tag| tag.tier == tier).map(|tag| tag.id.as_str())
    }
}
