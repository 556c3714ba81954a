//! Words that speak of the same matter: they rank, and never match.
//!
//! Comes in: `data/related.txt`. Goes out: its groups, one after another, or those that a question may
//! call for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::tables::rows;

/// The first two bytes of a word.
pub type Head = [u8; 2];

/// The head of a word that is long enough to have one.
pub fn head(word: &str) -> Option<Head> {
    word.as_bytes().first_chunk().copied()
}

/// The shipped groups, and which of them hold a caller with a word of each head.
#[derive(Default)]
struct Shipped {
    groups: Vec<Group<'static>>,
    by_head: BTreeMap<Head, Vec<usize>>,
    /// Those with a word too short for a head.
    headless: Vec<usize>,
}

impl Shipped {
    fn get() -> &'static Self {
        static SHIPPED: OnceLock<Shipped> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let mut shipped = Self::default();
            for (at, group) in Group::shipped().enumerate() {
                shipped.groups.push(group);
                for word in group.callers().flat_map(|caller| caller.split([' ', '-'])) {
                    let list = match head(word) {
                        Some(head) => shipped.by_head.entry(head).or_default(),
                        None => &mut shipped.headless,
                    };
                    if list.last() != Some(&at) {
                        list.push(at);
                    }
                }
            }
            shipped
        })
    }
}

/// A group: a question that holds one of the callers is ranked with the other members too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group<'a> {
    callers: &'a str,
    others: &'a str,
}

impl<'a> Group<'a> {
    /// Reads a line: members separated by `;`, of which those before a `>` call for the rest.
    ///
    /// ```
    /// use chancery::vocabulary::Group;
    /// let group = Group::of("piracy; pirates > hijacking of ships");
    /// assert_eq!(group.callers().collect::<Vec<_>>(), ["piracy", "pirates"]);
    /// assert_eq!(group.members().last(), Some("hijacking of ships"));
    /// ```
    pub fn of(line: &'a str) -> Self {
        let (callers, others) = line.split_once('>').unwrap_or((line, ""));
        Self { callers, others }
    }

    /// The groups of the shipped table.
    pub fn shipped() -> impl Iterator<Item = Group<'static>> {
        rows(include_str!("data/related.txt")).map(Group::of)
    }

    /// Those of the shipped groups, in order, with a caller that has a word of one of these heads, and all
    /// with one too short to have any.
    pub fn shipped_with(heads: &BTreeSet<Head>) -> impl Iterator<Item = Group<'static>> {
        let shipped = Shipped::get();
        let lists = heads.iter().filter_map(|head| shipped.by_head.get(head));
        let places: BTreeSet<usize> = lists.chain([&shipped.headless]).flatten().copied().collect();
        places.into_iter().filter_map(|at| shipped.groups.get(at).copied())
    }

    /// Words and phrases of a question that call for the group.
    pub fn callers(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        members(self.callers)
    }

    /// All words and phrases of the group, the callers first.
    pub fn members(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.callers().chain(members(self.others))
    }
}

fn members(list: &str) -> impl Iterator<Item = &str> {
    list.split(';').map(str::trim).filter(|member| !member.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_group_is_found_by_the_heads_of_its_callers() {
        let heads: BTreeSet<Head> = [*b"pi", *b"zz"].into_iter().collect();
        let found: Vec<Group<'_>> = Group::shipped_with(&heads).collect();
        assert!(!found.is_empty() && found.len() < 40);
        let all: Vec<Group<'_>> = Group::shipped().collect();
        for group in &all {
            let mut words = group.callers().flat_map(|caller| caller.split([' ', '-']));
            let wanted = words.any(|word| head(word).is_none_or(|head| heads.contains(&head)));
            assert_eq!(found.contains(group), wanted, "{group:?}");
        }
    }

    #[test]
    fn every_line_is_a_group_of_short_lower_case_members() {
        let mut lines = BTreeSet::new();
        for group in Group::shipped() {
            let members: Vec<&str> = group.members().collect();
            assert!(members.len() >= 2, "{group:?}");
            assert!(group.callers().count() >= 1, "{group:?}");
            for member in &members {
                let n = member.split(' ').count();
                assert!((1..=6).contains(&n), "{member}: {n} words");
                let proper = member.to_lowercase();
                assert_eq!(proper, *member);
            }
            let different: BTreeSet<&&str> = members.iter().collect();
            assert_eq!(different.len(), members.len(), "{group:?} holds a word twice");
            assert!(lines.insert((group.callers, group.others)), "{group:?} stands twice");
        }
        assert!(lines.len() > 400);
    }
}
