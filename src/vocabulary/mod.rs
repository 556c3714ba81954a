//! Controlled lists: countries with former names, regions, groupings, topics, months, and their look-up.
//!
//! What comes in: the tables under `data/`, written by hand and readable, and a reader's additions
//! in `chancery.toml`. What goes out: answers to "which places does this name mean", "what was this
//! State called then", and the word tables that the taggers scan text with. This floor knows no
//! documents' text and no index; the tables say what is known, `ingest/enrich` decides what it means
//! in a passage.
//!
//! Nothing is read before it is asked for: [`Vocabulary::builtin`] parses the tables on its first
//! call, the look-up and the scanning tables are built on their first use.
//!
//! ```
//! use chancery::vocabulary::Vocabulary;
//! let vocabulary = Vocabulary::builtin();
//! assert_eq!(vocabulary.region_of("FRA"), Some("Europe/Western Europe/France"));
//! assert_eq!(vocabulary.resolve_region("burma"), ["Asia/South-eastern Asia/Myanmar"]);
//! ```

mod asked;
mod book;
mod country;
mod distance;
mod error;
mod filter;
mod fold;
mod gazetteer;
mod lookup;
mod loose;
pub mod months;
mod place;
mod rarity;
mod region;
mod related;
mod sense;
mod spelling;
mod tables;
mod thesaurus;
mod tokens;
mod topic;
mod words;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

pub use asked::shipped_places_asked;
pub use book::Book;
pub use country::{Country, Years};
pub use error::Error;
pub use fold::key;
pub use gazetteer::{Gazetteer, Role, TermSense};
pub use place::PlaceId;
pub use region::{Kind as RegionKind, Region};
pub use related::{Group, Head, head};
pub use sense::{Case, Sense, Use, What};
pub use tables::{
    CountryEntry, Former, GroupEntry, KnownAs, MeansEntry, OpenEntry, RegionEntry, Tables,
    TermEntry, TopicEntry, Traps,
};
pub use thesaurus::{ContestedEntry, SameEntry, Thesaurus};
pub use tokens::{Gap, Token, Tokens};
pub use topic::{Term, Topic};
pub use words::{Word, Words};

pub(crate) use distance::edits;
use lookup::Lookup;

/// The controlled lists in use: the shipped ones, with a reader's additions if there are any.
#[derive(Debug)]
pub struct Vocabulary {
    countries: Vec<Country>,
    regions: Vec<Region>,
    topics: Vec<Topic>,
    traps: Traps,
    by_code: FxHashMap<String, PlaceId>,
    by_path: FxHashMap<String, PlaceId>,
    homes: Vec<Vec<PlaceId>>,
    theatres: Vec<Option<PlaceId>>,
    rarities: Vec<f64>,
    lookup: OnceLock<Lookup>,
    gazetteer: OnceLock<Gazetteer>,
}

impl Vocabulary {
    /// The shipped lists, read on the first call (about 5 ms) and kept.
    ///
    /// # Panics
    /// Never: a test reads the tables.
    #[expect(clippy::expect_used, reason = "part of the program, and read by a test")]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Vocabulary> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            Self::from_tables(&Tables::builtin()).expect("a test reads the shipped tables")
        })
    }

    /// The shipped lists with the entries of `chancery.toml` laid over them: an entry with a known
    /// code, path or id adds to the lists of the shipped one and replaces its single values.
    ///
    /// # Errors
    /// When an entry is incomplete or names a region, country or topic that nobody defines.
    pub fn with_overrides(overrides: &Tables) -> Result<Self, Error> {
        let mut tables = Tables::builtin();
        tables.overlay(overrides);
        Self::from_tables(&tables)
    }

    fn from_tables(tables: &Tables) -> Result<Self, Error> {
        let mut regions = region::from_tables(tables)?;
        let countries = country::from_tables(tables, &regions)?;
        region::resolve_members(&mut regions, &countries, tables)?;
        let topics = topic::from_tables(tables)?;
        tables.traps.check(&countries)?;
        let mut vocabulary = Self {
            countries,
            regions,
            topics,
            traps: tables.traps.clone(),
            by_code: FxHashMap::default(),
            by_path: FxHashMap::default(),
            homes: Vec::new(),
            theatres: Vec::new(),
            rarities: Vec::new(),
            lookup: OnceLock::new(),
            gazetteer: OnceLock::new(),
        };
        vocabulary.number_places();
        Ok(vocabulary)
    }

    /// All countries and territories, also States of the past; in the order of the tables.
    pub fn countries(&self) -> &[Country] {
        &self.countries
    }

    /// All regions, seas and groupings; in the order of the tables.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// All topics; in the order of the tables.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// What looks like a place and is none; see `data/traps.toml`.
    pub fn traps(&self) -> &Traps {
        &self.traps
    }

    /// The tables that text is scanned with, built on the first call (about 10 ms).
    pub fn gazetteer(&self) -> &Gazetteer {
        self.gazetteer.get_or_init(|| Gazetteer::new(self))
    }

    fn lookup(&self) -> &Lookup {
        self.lookup.get_or_init(|| Lookup::new(self))
    }
}
