//! What a search must know of controlled lists.

use std::collections::BTreeSet;

use crate::vocabulary::{Group, Head, Thesaurus};

/// Controlled lists as a project has them. The look-ups give what a value means, or else the nearest
/// known value.
pub trait Lists {
    /// Paths of the region tree that a region's value means.
    ///
    /// # Errors
    ///
    /// The nearest known name, when nothing has that one.
    fn regions(&self, value: &str) -> Result<Vec<String>, Option<String>>;

    /// Codes that a country's value means.
    ///
    /// # Errors
    ///
    /// The nearest known name, when nothing has that one.
    fn countries(&self, value: &str) -> Result<Vec<String>, Option<String>>;

    /// Ids that a topic's value means.
    ///
    /// # Errors
    ///
    /// The nearest known name, when nothing has that one.
    fn topics(&self, value: &str) -> Result<Vec<String>, Option<String>>;

    /// Paths of the region tree of which a question speaks that holds this name; none when nothing has it.
    fn places_asked(&self, name: &str) -> Vec<String>;

    /// Hands out the groups of words that speak of the same matter, but for those of which no caller has
    /// a word of one of these heads.
    fn related(&self, heads: &BTreeSet<Head>, visit: &mut dyn FnMut(Group<'_>));

    /// Other names and spellings.
    fn thesaurus(&self) -> &Thesaurus;
}
