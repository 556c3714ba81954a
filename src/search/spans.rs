//! Where an expression stands in a document, counted in words.
//!
//! The same evaluation serves the index (positions from postings) and the text of a hit (positions
//! from its tokens), so what is marked is what was found. Positions count the words of the whole
//! document: passage borders do not matter, ends of documents do, since one document is looked at
//! at a time.

use super::terms::TermSpec;
use crate::query::Scope;

/// An expression over words.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    /// One word.
    Term(TermSpec),
    /// One after another, with at most `slop` other words between them in all.
    Sequence { items: Vec<Step>, slop: u32 },
    /// Any of these.
    Any(Vec<Expression>),
    /// Names of one thing: any of these; a name inside a longer one counts with the longer.
    Names(Vec<Expression>),
    /// Both, at most `distance` words apart.
    Near { ordered: bool, distance: u32, left: Box<Expression>, right: Box<Expression> },
    /// Both in one sentence or paragraph.
    Within { scope: Scope, left: Box<Expression>, right: Box<Expression> },
}

/// A part of a sequence.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Words of any kind right before it.
    pub(super) skip: u32,
    pub(super) expression: Expression,
}

impl From<Expression> for Step {
    fn from(expression: Expression) -> Self {
        Self { skip: 0, expression }
    }
}

/// What is known of a document, in words of it.
#[derive(Debug, Default)]
pub(super) struct Ground {
    /// For each word of the expression, in the order of [`Expression::terms`], where it stands:
    /// `(start, end)` in order.
    pub(super) words: Vec<Vec<(u32, u32)>>,
    /// First words of sentences, in order; read only where an expression asks for sentences or
    /// paragraphs.
    pub(super) sentences: Vec<u32>,
    /// First words of paragraphs, in order.
    pub(super) paragraphs: Vec<u32>,
}

impl Ground {
    pub(super) fn clear(&mut self) {
        self.words.iter_mut().for_each(Vec::clear);
        self.sentences.clear();
        self.paragraphs.clear();
    }

    fn borders(&self, scope: Scope) -> &[u32] {
        match scope {
            Scope::Sentence => &self.sentences,
            Scope::Paragraph => &self.paragraphs,
        }
    }
}

/// Where an expression stands: words `start..end`, half-open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stand {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Its first operand's place; a match counts once for each of these.
    pub(super) anchor: (u32, u32),
    /// Which of several names it is, in their order; 0 for the one that was typed.
    pub(super) name: u16,
    /// The words that satisfied it, when they are not all of `start..end`.
    pub(super) parts: Vec<(u32, u32)>,
}

impl Stand {
    pub(super) fn whole(start: u32, end: u32) -> Self {
        Self { start, end, anchor: (start, end), name: 0, parts: Vec::new() }
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
        Self { start, end, anchor: self.anchor, name: self.name, parts }
    }
}

impl Expression {
    /// The words of the expression, in order.
    pub(super) fn terms<'a>(&'a self, out: &mut Vec<&'a TermSpec>) {
        match self {
            Self::Term(term) => out.push(term),
            Self::Sequence { items, .. } => {
                for item in items {
                    item.expression.terms(out);
                }
            }
            Self::Any(items) | Self::Names(items) => {
                for item in items {
                    item.terms(out);
                }
            }
            Self::Near { left, right, .. } | Self::Within { left, right, .. } => {
                left.terms(out);
                right.terms(out);
            }
        }
    }

    /// Whether it must know where sentences and paragraphs begin.
    pub(super) fn needs_borders(&self) -> bool {
        match self {
            Self::Term(_) => false,
            Self::Sequence { items, .. } => items.iter().any(|i| i.expression.needs_borders()),
            Self::Any(items) | Self::Names(items) => items.iter().any(Self::needs_borders),
            Self::Near { left, right, .. } => left.needs_borders() || right.needs_borders(),
            Self::Within { .. } => true,
        }
    }

    /// How many words a phrase of single words has, with nothing between them.
    fn plain_phrase(&self) -> Option<usize> {
        match self {
            Self::Sequence { items, slop: 0 } => {
                let plain = items
                    .iter()
                    .all(|item| item.skip == 0 && matches!(item.expression, Self::Term(_)));
                plain.then_some(items.len())
            }
            _ => None,
        }
    }

    /// How many words a match may reach over, at most; [`u32::MAX`] when only the document bounds
    /// it.
    pub(super) fn reach(&self) -> u32 {
        match self {
            // A hyphenated word written as one takes at most three places.
            Self::Term(_) => 3,
            Self::Sequence { items, slop } => items.iter().fold(*slop, |sum, item| {
                sum.saturating_add(item.skip).saturating_add(item.expression.reach())
            }),
            Self::Any(items) | Self::Names(items) => {
                items.iter().map(Self::reach).max().unwrap_or(0)
            }
            Self::Near { distance, left, right, .. } => {
                left.reach().saturating_add(right.reach()).saturating_add(*distance)
            }
            Self::Within { scope: Scope::Paragraph, .. } => u32::MAX,
            // A sentence lies in one passage; what it is joined with may not.
            Self::Within { scope: Scope::Sentence, left, right } => {
                left.reach().saturating_add(right.reach())
            }
        }
    }

    /// All places where the expression stands, in order. The same words may be joined in several
    /// ways; see [`counted`].
    pub(super) fn find(&self, ground: &Ground) -> Vec<Stand> {
        let mut next = 0;
        self.find_from(ground, &mut next)
    }

    fn find_from(&self, ground: &Ground, next: &mut usize) -> Vec<Stand> {
        if let Some(n_words) = self.plain_phrase() {
            let lists = ground.words.get(*next..*next + n_words).unwrap_or_default();
            *next += n_words;
            return adjacent(lists);
        }
        let mut found = match self {
            Self::Term(_) => {
                let list = ground.words.get(*next);
                *next += 1;
                list.into_iter().flatten().map(|&(start, end)| Stand::whole(start, end)).collect()
            }
            Self::Any(items) => items.iter().flat_map(|i| i.find_from(ground, next)).collect(),
            Self::Names(items) => {
                let mut all = Vec::new();
                for (name, item) in items.iter().enumerate() {
                    let found = item.find_from(ground, next).into_iter();
                    all.extend(found.map(|stand| Stand { name: name as u16, ..stand }));
                }
                longest(all)
            }
            Self::Sequence { items, slop } => {
                let mut rows: Option<Vec<(Stand, u32)>> = None;
                // All lists are taken, even when no row is left: each moves `next` on.
                for item in items {
                    let list = item.expression.find_from(ground, next);
                    rows = Some(match rows {
                        None => list.into_iter().map(|stand| (stand, 0)).collect(),
                        Some(rows) => follow(&rows, &list, item.skip, *slop),
                    });
                }
                rows.unwrap_or_default().into_iter().map(|(stand, _)| stand).collect()
            }
            Self::Near { ordered, distance, left, right } => {
                let left = left.find_from(ground, next);
                let right = right.find_from(ground, next);
                near(&left, &right, *ordered, *distance)
            }
            Self::Within { scope, left, right } => {
                let left = left.find_from(ground, next);
                let right = right.find_from(ground, next);
                within(&left, &right, ground.borders(*scope))
            }
        };
        found.sort_unstable();
        found.dedup_by(|b, a| (a.start, a.end, &a.parts) == (b.start, b.end, &b.parts));
        found
    }
}

/// One stand for each place of the first operand: the shortest, the earlier of equally short ones.
pub(super) fn counted(mut stands: Vec<Stand>) -> Vec<Stand> {
    stands.sort_by(|a, b| {
        a.anchor.cmp(&b.anchor).then((a.end - a.start).cmp(&(b.end - b.start))).then(a.cmp(b))
    });
    stands.dedup_by(|b, a| a.anchor == b.anchor);
    stands.sort_unstable();
    stands
}

/// Without those that lie inside a longer one.
fn longest(mut stands: Vec<Stand>) -> Vec<Stand> {
    stands.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)).then(a.cmp(b)));
    let mut end = 0;
    stands.retain(|stand| {
        let is_new = stand.end > end;
        end = end.max(stand.end);
        is_new
    });
    stands
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

fn follow(rows: &[(Stand, u32)], list: &[Stand], skip: u32, slop: u32) -> Vec<(Stand, u32)> {
    let mut out = Vec::new();
    for (row, used) in rows {
        let first = row.end.saturating_add(skip);
        let from = list.partition_point(|stand| stand.start < first);
        for stand in list.iter().skip(from) {
            let used = used + (stand.start - first);
            if used > slop {
                break;
            }
            out.push((row.joined(stand, stand.start == first), used));
        }
    }
    // A word of a sequence is a part of it, never an operand: it counts as one.
    for (stand, _) in &mut out {
        stand.anchor = (stand.start, stand.end);
    }
    out
}

/// Every pair whose facing ends differ by at most `distance` words.
fn near(left: &[Stand], right: &[Stand], ordered: bool, distance: u32) -> Vec<Stand> {
    let mut out = Vec::new();
    let longest = right.iter().map(|s| s.end - s.start).max().unwrap_or(0);
    for a in left {
        let low =
            if ordered { a.end } else { a.start.saturating_sub(distance.saturating_add(longest)) };
        let from = right.partition_point(|b| b.start < low);
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
            if gap <= distance {
                out.push(a.joined(b, false));
            }
        }
    }
    out
}

/// Every pair that stands, whole and apart, between two of `borders`.
fn within(left: &[Stand], right: &[Stand], borders: &[u32]) -> Vec<Stand> {
    let unit = |position: u32| borders.partition_point(|border| *border <= position);
    let units = |stand: &Stand| {
        let of = unit(stand.start);
        (unit(stand.end.saturating_sub(1)) == of).then_some(of)
    };
    let mut out = Vec::new();
    for a in left {
        let Some(of) = units(a) else { continue };
        // Those of the same unit stand side by side in the order of their starts.
        let low = of.checked_sub(1).and_then(|at| borders.get(at)).copied().unwrap_or(0);
        let high = borders.get(of).copied().unwrap_or(u32::MAX);
        let from = right.partition_point(|b| b.start < low);
        for b in right.iter().skip(from).take_while(|b| b.start < high) {
            if b.end <= high && (b.end <= a.start || b.start >= a.end) {
                out.push(a.joined(b, false));
            }
        }
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

    fn ground(words: &[Vec<(u32, u32)>]) -> Ground {
        Ground { words: words.to_vec(), ..Ground::default() }
    }

    fn places(expression: &Expression, words: &[Vec<(u32, u32)>]) -> Vec<(u32, u32)> {
        expression.find(&ground(words)).into_iter().map(|s| (s.start, s.end)).collect()
    }

    fn sequence(items: Vec<Expression>, slop: u32) -> Expression {
        Expression::Sequence { items: items.into_iter().map(Step::from).collect(), slop }
    }

    #[test]
    fn a_sequence_stands_where_its_words_follow() {
        let two = sequence(vec![word(), word()], 0);
        assert_eq!(places(&two, &[at(&[1, 5, 9]), at(&[2, 7, 10])]), [(1, 3), (9, 11)]);
        let loose = sequence(vec![word(), word()], 1);
        assert_eq!(places(&loose, &[at(&[1, 5]), at(&[2, 7])]), [(1, 3), (5, 8)]);
        assert_eq!(places(&two, &[vec![], at(&[2])]), []);
    }

    #[test]
    fn a_word_of_two_places_is_followed_after_both() {
        let two = sequence(vec![word(), word()], 0);
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
                rows = follow(&rows, &list, 0, 0);
            }
            let mut general: Vec<Stand> = rows.into_iter().map(|(stand, _)| stand).collect();
            general.sort_unstable();
            general.dedup();
            proptest::prop_assert_eq!(adjacent(&lists), general);
        }
    }

    fn pair(ordered: bool) -> Expression {
        Expression::Near { ordered, distance: 3, left: Box::new(word()), right: Box::new(word()) }
    }

    #[test]
    fn near_joins_every_pair_and_counts_each_first_operand_once() {
        let words = [at(&[10]), at(&[4, 8, 13, 14])];
        assert_eq!(places(&pair(false), &words), [(8, 11), (10, 14)]);
        assert_eq!(places(&pair(true), &words), [(10, 14)]);
        let all = pair(false).find(&ground(&words));
        assert_eq!(all[0].parts, [(8, 9), (10, 11)]);
        let once: Vec<(u32, u32)> = counted(all).iter().map(|s| (s.start, s.end)).collect();
        assert_eq!(once, [(8, 11)]);
    }

    #[test]
    fn any_word_may_stand_where_a_star_does() {
        let items = vec![Step::from(word()), Step { skip: 1, expression: word() }];
        let star = Expression::Sequence { items, slop: 0 };
        assert_eq!(places(&star, &[at(&[1, 5]), at(&[2, 3, 8])]), [(1, 4)]);
    }

    #[test]
    fn a_sentence_holds_both_operands_whole() {
        let one =
            |scope| Expression::Within { scope, left: Box::new(word()), right: Box::new(word()) };
        let ground = Ground {
            words: vec![at(&[3, 12]), at(&[1, 7, 12, 19])],
            sentences: vec![0, 5, 10],
            paragraphs: vec![0, 10],
        };
        let places = |scope| -> Vec<(u32, u32)> {
            one(scope).find(&ground).iter().map(|s| (s.start, s.end)).collect()
        };
        assert_eq!(places(Scope::Sentence), [(1, 4), (12, 20)]);
        assert_eq!(places(Scope::Paragraph), [(1, 4), (3, 8), (12, 20)]);
    }

    #[test]
    fn a_name_inside_a_longer_one_counts_with_it() {
        let names = Expression::Names(vec![word(), sequence(vec![word(), word()], 0)]);
        assert_eq!(places(&names, &[at(&[2, 6]), at(&[1, 9]), at(&[2])]), [(1, 3), (6, 7)]);
    }
}
