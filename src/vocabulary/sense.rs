//! What a name in text may mean.

use super::Years;
use crate::document::PlaceKind;

/// How a name must be written to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// In any way.
    Any,
    /// With a capital first letter; scripts without capitals always do.
    Capital,
    /// All in capitals, within a text that is not.
    Capitals,
}

/// When a name counts, beyond its writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Wherever it stands.
    Anywhere,
    /// Not after a place preposition, nor in the name of an instrument.
    Venue,
    /// Only before a hyphen.
    Prefix,
}

/// What a name means; numbers are places in the vocabulary's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A country.
    Country(usize),
    /// A region, sea or grouping.
    Region(usize),
    /// Certain countries or a region, by the table of traps.
    Means(usize),
    /// One of several, by the document.
    Open(usize),
    /// No place.
    Nothing,
}

/// A meaning of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    /// What it means.
    pub what: What,
    /// How it names it.
    pub kind: PlaceKind,
    /// How it must be written.
    pub case: Case,
    /// When it counts.
    pub usage: Use,
    /// The years in which it means this, for capitals of the past.
    pub years: Years,
}
