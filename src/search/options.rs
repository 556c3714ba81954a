//! What a search is asked for, besides its words.

use crate::document::Date;

/// Restrictions: different ones are joined by AND, several values of one by OR.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Headings on the path of the passage's section.
    pub section: Vec<Condition>,
    /// What the passage speaks of: paths of the region tree, already resolved.
    pub region: Vec<Condition>,
    /// Topic ids, already resolved.
    pub topic: Vec<Condition>,
    /// Whether a topic, here or in the query, is met by a passage that only likely speaks of it.
    pub likely: bool,
    /// Country codes of the speaker or author, already resolved.
    pub country: Vec<Condition>,
    /// Words of the speaker's name.
    pub speaker: Vec<Condition>,
    /// Language codes.
    pub language: Vec<Condition>,
    /// Collections.
    pub collection: Vec<Condition>,
    /// Types of document.
    pub kind: Vec<Condition>,
    /// Patterns of the document's path.
    pub path: Vec<Condition>,
    /// First and last year, both included.
    pub year: Option<(Option<i32>, Option<i32>)>,
    /// Earliest date.
    pub from: Option<Date>,
    /// Latest date.
    pub to: Option<Date>,
}

/// One value of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Whether what has the value is left out.
    pub negated: bool,
    /// Whether the whole value must be equal (`=value`).
    pub whole: bool,
    /// Any of these; a filter's value may mean several paths or codes.
    pub values: Vec<String>,
}

impl Condition {
    /// Reads `value`, `=value`, `!value` or `!=value`.
    pub fn parse(text: &str) -> Self {
        let (negated, rest) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, rest) = match rest.strip_prefix('=') {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        Self { negated, whole, values: vec![rest.to_owned()] }
    }
}

impl SearchOptions {
    /// Whether hits are wanted, in the order of their scores.
    pub(super) fn ranks(&self) -> bool {
        self.limit != Some(0) && self.sort == Sort::Relevance
    }

    /// How many of the best passages are looked at to choose the hits, where that depends on scores alone.
    pub(super) fn n_best(&self) -> Option<usize> {
        let whole = self.per_document.is_none() && !self.group;
        self.limit.filter(|_| whole).map(|limit| limit.saturating_add(self.offset))
    }
}

/// In which order hits are given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best first.
    #[default]
    Relevance,
    /// Latest date first; undated last.
    Newest,
    /// Earliest date first; undated last.
    Oldest,
    /// By path and place.
    Path,
}

/// Something that is counted for narrowing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FacetField {
    /// Section path.
    Section,
    /// Region path, with its ancestors.
    Region,
    /// Topic.
    Topic,
    /// Country of the speaker or author.
    Country,
    /// Speaker or author.
    Speaker,
    /// Year.
    Year,
    /// Language.
    Language,
    /// Collection.
    Collection,
    /// Type of document.
    Type,
}

impl FacetField {
    /// All fields with their names.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Section, "section"),
        (Self::Region, "region"),
        (Self::Topic, "topic"),
        (Self::Country, "country"),
        (Self::Speaker, "speaker"),
        (Self::Year, "year"),
        (Self::Language, "language"),
        (Self::Collection, "collection"),
        (Self::Type, "type"),
    ];

    /// The name in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(field, _)| *field == self).map_or("", |(_, name)| name)
    }
}

/// How to search and how much to give back.
#[derive(Debug, Clone, Default)]
pub struct SearchOptions {
    /// Restrictions.
    pub filters: Filters,
    /// Hits at most; `None` for all.
    pub limit: Option<usize>,
    /// Hits to pass over.
    pub offset: usize,
    /// Hits of one document at most.
    pub per_document: Option<usize>,
    /// One hit a document: its best passage.
    pub group: bool,
    /// Order.
    pub sort: Sort,
    /// Neighbouring passages on either side.
    pub context: usize,
    /// Whether words of the best passages rank too.
    pub expand: bool,
    /// What to count.
    pub facets: Vec<FacetField>,
    /// Whether to count every match.
    pub occurrences: bool,
    /// Whether to say how each score comes about.
    pub explain: bool,
    /// Whether to fetch texts and mark them; off for counts and lists of files.
    pub texts: bool,
}
