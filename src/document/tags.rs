//! Regions, countries and topics, each with what caused it.

use super::Span;

/// A value and how much of the text speaks of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    /// Region path, country code or topic id.
    pub value: String,
    /// Its weight; of a region or country its share of all mentions (0 to 1), of a topic its score.
    pub weight: f64,
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
    /// Topics by id, heaviest first.
    pub topics: Vec<Weighted>,
    /// Every place named, in order; kept for passages only.
    pub places: Vec<Place>,
    /// The words behind each topic; kept for passages only.
    pub evidence: Vec<Evidence>,
}
