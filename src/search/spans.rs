//! Where an expression stands in a document, counted in words.
//!
//! The same evaluation serves the index (positions from postings) and the text of a hit (positions
//! from its tokens), so what is marked is what was found. Positions count the words of the whole
//! document: passage borders do not matter, ends of documents do, since one document is looked at
//! at a time.

use super::terms::TermSpec;

/// An expression over words.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    /// One word.
    Term(TermSpec),
    /// One after another, with at most `slop` other words between them in all.
    Sequence { items: Vec<Expression>, slop: u32 },
    /// Any of these.
    Any(Vec<Expression>),
    /// Both, at most `distance` words apart.
    Near { ordered: bool, distance: u32, left: Box<Expression>, right: Box<Expression> },
}

/// Where an expression stands: words `start..end`, half-open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stand {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The words that satisfied it, when they are not all of `start..end`.
    pub(super) parts: Vec<(u32, u32)>,
}

impl Stand {
    pub(super) fn whole(start: u32, end: u32) -> Self {
        Self { start, end, parts: Vec::new() }
    }

    pub(super) fn each_part(&self, mut visit: impl FnMut(u32, u32)) {
        if self.parts.is_empty() {
            visit(self.start, self.end);
        }
        for (start, end) in &self.parts {
            visit(*start, *end);
        }
    }

    fn joined(&self, other: &Self, adjacent: bool) -> Self {
        let (start, end) = (self.start.min(other.start), self.end.max(other.end));
        if adjacent && self.parts.is_empty() && other.parts.is_empty() {
            return Self::whole(start, end);
        }
        let mut parts = Vec::new();
        self.each_part(|a, b| parts.push((a, b)));
        other.each_part(|a, b| parts.push((a, b)));
        parts.sort_unstable();
        parts.dedup();
        Self { start, end, parts }
    }
}

impl Expression {
    /// The words of the expression, in order.
    pub(super) fn terms<'a>(&'a self, out: &mut Vec<&'a TermSpec>) {
        match self {
            Self::Term(term) => out.push(term),
            Self::Sequence { items, .. } | Self::Any(items) => {
                for item in items {
                    item.terms(out);
                }
            }
            Self::Near { left, right, .. } => {
                left.terms(out);
                right.terms(out);
            }
        }
    }

    /// How many words a phrase of single words has, with nothing between them.
    fn plain_phrase(&self) -> Option<usize> {
        match self {
            Self::Sequence { items, slop: 0 } => {
                let plain = items.iter().all(|item| matches!(item, Self::Term(_)));
                plain.then_some(items.len())
            }
            _ => None,
        }
    }

    /// How many words a match may reach over, at most.
    pub(super) fn reach(&self) -> u32 {
        match self {
            // A hyphenated word written as one takes at most three places.
            Self::Term(_) => 3,
            Self::Sequence { items, slop } => {
                items.iter().map(Self::reach).sum::<u32>().saturating_add(*slop)
            }
            Self::Any(items) => items.iter().map(Self::reach).max().unwrap_or(0),
            Self::Near { distance, left, right, .. } => {
                left.reach().saturating_add(right.reach()).saturating_add(*distance)
            }
        }
    }

    /// All places where the expression stands, in order, each once. `positions` holds, for each
    /// word in the order of [`Expression::terms`], where it stands: `(start, end)` in order.
    pub(super) fn find(&self, positions: &[Vec<(u32, u32)>]) -> Vec<Stand> {
        let mut next = 0;
        self.find_from(positions, &mut next)
    }

    fn find_from(&self, positions: &[Vec<(u32, u32)>], next: &mut usize) -> Vec<Stand> {
        if let Some(n_words) = self.plain_phrase() {
            let lists = positions.get(*next..*next + n_words).unwrap_or_default();
            *next += n_words;
            return adjacent(lists);
        }
        let mut found = match self {
            Self::Term(_) => {
                let list = positions.get(*next);
                *next += 1;
                list.into_iter().flatten().map(|&(start, end)| Stand::whole(start, end)).collect()
            }
            Self::Any(items) => {
                let mut all = Vec::new();
                for item in items {
                    all.extend(item.find_from(positions, next));
                }
                all
            }
            Self::Sequence { items, slop } => {
                let mut lists = items.iter().map(|item| item.find_from(positions, next));
                let first = lists.next().unwrap_or_default();
                let mut rows: Vec<(Stand, u32)> = first.into_iter().map(|s| (s, 0)).collect();
                // All lists are taken, even when no row is left: each moves `next` on.
                for list in lists {
                    rows = follow(&rows, &list, *slop);
                }
                rows.into_iter().map(|(stand, _)| stand).collect()
            }
            Self::Near { ordered, distance, left, right } => {
                let left = left.find_from(positions, next);
                let right = right.find_from(positions, next);
                near(&left, &right, *ordered, *distance)
            }
        };
        found.sort_unstable();
        found.dedup_by(|b, a| a.start == b.start && a.end == b.end);
        found
    }
}

/// Words that stand one directly after another: the common case of a phrase, without a row a word.
fn adjacent(lists: &[Vec<(u32, u32)>]) -> Vec<Stand> {
    let Some((first, rest)) = lists.split_first() else { return Vec::new() };
    if lists.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let mut rows = first.clone();
    for list in rest {
        let mut at = 0_usize;
        let mut joined = Vec::with_capacity(rows.len().min(list.len()));
        for (start, end) in rows {
            // Ends nearly always rise; a word of several places may make one fall back.
            if list.get(at.saturating_sub(1)).is_some_and(|(s, _)| *s >= end) {
                at = list.partition_point(|(s, _)| *s < end);
            }
            while list.get(at).is_some_and(|(s, _)| *s < end) {
                at += 1;
            }
            let same = list.iter().skip(at).take_while(|(s, _)| *s == end);
            joined.extend(same.map(|(_, end)| (start, *end)));
        }
        rows = joined;
    }
    rows.sort_unstable();
    rows.dedup();
    rows.into_iter().map(|(start, end)| Stand::whole(start, end)).collect()
}

fn follow(rows: &[(Stand, u32)], list: &[Stand], slop: u32) -> Vec<(Stand, u32)> {
    let mut out = Vec::new();
    for (row, used) in rows {
        let from = list.partition_point(|stand| stand.start < row.end);
        for stand in list.iter().skip(from) {
            let used = used + (stand.start - row.end);
            if used > slop {
                break;
            }
            out.push((row.joined(stand, stand.start == row.end), used));
        }
    }
    out
}

/// For each stand on the left its nearest partner on the right (the earlier one when two are equally
/// near): a difference of at most `distance` between the nearest words of both.
fn near(left: &[Stand], right: &[Stand], ordered: bool, distance: u32) -> Vec<Stand> {
    let mut out = Vec::new();
    let longest = right.iter().map(|s| s.end - s.start).max().unwrap_or(0);
    for a in left {
        let low = a.start.saturating_sub(distance.saturating_add(longest));
        let from = right.partition_point(|b| b.start < low);
        let mut best: Option<(u32, &Stand)> = None;
        for b in right.iter().skip(from) {
            if b.start >= a.end.saturating_add(distance) {
                break;
            }
            let gap = if b.start >= a.end {
                b.start - a.end + 1
            } else if b.end <= a.start && !ordered {
                a.start - b.end + 1
            } else {
                continue;
            };
            if gap <= distance && best.is_none_or(|(nearest, _)| gap < nearest) {
                best = Some((gap, b));
            }
        }
        out.extend(best.map(|(_, b)| a.joined(b, false)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::terms::Accept;
    use super::*;

    fn word() -> Expression {
        Expression::Term(TermSpec { folded: String::new(), accept: Accept::Stems(Vec::new()) })
    }

    fn at(places: &[u32]) -> Vec<(u32, u32)> {
        places.iter().map(|p| (*p, p + 1)).collect()
    }

    fn places(expression: &Expression, positions: &[Vec<(u32, u32)>]) -> Vec<(u32, u32)> {
        expression.find(positions).into_iter().map(|s| (s.start, s.end)).collect()
    }

    #[test]
    fn a_sequence_stands_where_its_words_follow() {
        let two = Expression::Sequence { items: vec![word(), word()], slop: 0 };
        assert_eq!(places(&two, &[at(&[1, 5, 9]), at(&[2, 7, 10])]), [(1, 3), (9, 11)]);
        let loose = Expression::Sequence { items: vec![word(), word()], slop: 1 };
        assert_eq!(places(&loose, &[at(&[1, 5]), at(&[2, 7])]), [(1, 3), (5, 8)]);
        assert_eq!(places(&two, &[vec![], at(&[2])]), []);
    }

    #[test]
    fn a_word_of_two_places_is_followed_after_both() {
        let two = Expression::Sequence { items: vec![word(), word()], slop: 0 };
        assert_eq!(places(&two, &[vec![(1, 3)], at(&[2, 3])]), [(1, 4)]);
    }

    proptest::proptest! {
        #[test]
        fn the_quick_way_finds_what_the_general_way_finds(
            lists in proptest::collection::vec(
                proptest::collection::btree_set((0_u32..30, 1_u32..3), 0..12), 1..4),
        ) {
            let lists: Vec<Vec<(u32, u32)>> = lists
                .into_iter()
                .map(|list| list.into_iter().map(|(start, length)| (start, start + length)).collect())
                .collect();
            let mut rows: Vec<(Stand, u32)> =
                lists[0].iter().map(|&(s, e)| (Stand::whole(s, e), 0)).collect();
            for list in &lists[1..] {
                let list: Vec<Stand> = list.iter().map(|&(s, e)| Stand::whole(s, e)).collect();
                rows = follow(&rows, &list, 0);
            }
            let mut general: Vec<Stand> = rows.into_iter().map(|(stand, _)| stand).collect();
            general.sort_unstable();
            general.dedup();
            proptest::prop_assert_eq!(adjacent(&lists), general);
        }
    }

    #[test]
    fn near_takes_the_nearest_partner_and_before_keeps_the_order() {
        let near = |ordered| Expression::Near {
            ordered,
            distance: 3,
            left: Box::new(word()),
            right: Box::new(word()),
        };
        let positions = [at(&[10]), at(&[4, 8, 13, 14])];
        assert_eq!(places(&near(false), &positions), [(8, 11)]);
        assert_eq!(places(&near(true), &positions), [(10, 14)]);
        assert_eq!(near(false).find(&positions)[0].parts, [(8, 9), (10, 11)]);
    }
}
