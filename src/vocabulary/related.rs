//! Words that speak of the same matter: they rank, and never match.
//!
//! Comes in: `data/related.txt`. Goes out: its groups, one after another; a search looks at each once,
//! so that nothing is built up front.

use super::tables::rows;

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
