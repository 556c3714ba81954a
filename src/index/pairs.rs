//! Neighbours that are both common words, counted passage by passage.

use crate::analysis::Token;

/// A common word that a neighbour may follow.
struct Open {
    sign: char,
    passage: usize,
    start: u64,
    end: u64,
}

/// Counts pairs while the words of a document come by in order. A pair belongs to the passage of its first
/// word; the second may open the next.
#[derive(Default)]
pub(super) struct Pairs {
    open: Vec<Open>,
    /// For each passage the pairs that begin in it, each with its place.
    found: Vec<Vec<(char, char, u64)>>,
}

impl Pairs {
    /// A word of the passage that is the `passage`th, whose first word is the `first`th of the document.
    pub(super) fn word(&mut self, token: &Token<'_>, passage: usize, first: u64) {
        // A hyphenated word is no exact form of the one without, save where the hyphen is a line's.
        let Some(sign) = token.common else { return };
        let start = first + u64::from(token.position);
        self.open.retain(|open| open.end >= start);
        for open in self.open.iter().filter(|open| open.end == start) {
            if self.found.len() <= open.passage {
                self.found.resize_with(open.passage + 1, Vec::new);
            }
            if let Some(list) = self.found.get_mut(open.passage) {
                list.push((open.sign, sign, open.start));
            }
        }
        let end = start + u64::from(token.length);
        self.open.push(Open { sign, passage, start, end });
    }

    /// The pairs of each passage, a pair once a place.
    pub(super) fn finish(self) -> impl Iterator<Item = impl Iterator<Item = (char, char)>> {
        self.found.into_iter().map(|mut list| {
            list.sort_unstable();
            list.dedup();
            list.into_iter().map(|(left, right, _)| (left, right))
        })
    }
}

/// The term of a pair.
pub(crate) fn pair(left: char, right: char) -> String {
    [left, right].iter().collect()
}
