//! Scores of many passages at once.
//!
//! Some thousand records are scored at a time, by one ranker after another. Where many of them match, all are
//! scored, without a look which: the processor takes several side by side. Where few do, those alone are, and of
//! these what can no longer come among the best is left out before the next ranker. Both ways add the same
//! numbers in the same order.

use super::bits::Bits;
use super::collect::{Best, Candidate};
use super::rank::{ALL, CONTEXT, FEWEST_OF_ALL, NEIGHBOUR, Scorer, saturated};
use super::segment::{Frequency, Outcome, Segment};
use super::tally::{Frequencies, Tally, ones};
use super::word::n_before;

/// What is to be scored is little where a list has more than so many times as many entries.
const FEW: usize = 4;
/// Records that are scored together: what is noted of them stays in the processor's first cache.
const TOGETHER: u32 = 4_096;
/// All of them are scored where at least one in so many matches.
const MANY: u32 = 4;
/// Those of one word are all looked at where at least one in so many matches.
const MANY_OF_ONE: u32 = 16;

impl Scorer<'_> {
    /// The passages of `matched` that `best` keeps, each with its score, without proximity.
    pub(super) fn candidates(
        &self,
        segment: &Segment<'_>,
        matched: &Bits,
        best: Best,
    ) -> Outcome<Vec<Candidate>> {
        let lengths = segment.frame.lengths_of_passages(segment.reader, segment.fields)?;
        let norm = |record: u32| self.norm(lengths.get(record as usize).copied().unwrap_or(0));
        let owners = segment.frame.owners();
        let owner_of = |record: u32| owners.get(record as usize).copied().unwrap_or(0);
        let of_documents = self.of_documents(segment);
        let of_document = |owner: u32| of_documents.get(owner as usize).copied().unwrap_or(0.0);
        let n_typed = self.n_typed();
        let n_all = if n_typed < FEWEST_OF_ALL { u32::MAX } else { n_typed as u32 };
        let mut walks = self.walks(segment.ord);
        // What rounding can make of a sum of so many, of the sum.
        let rounding = f32::EPSILON * (walks.len() + 40) as f32;
        let mut taking = Taking { segment, best, n_all, rounding };
        let (mut rows, mut all) = (Rows::default(), All::default());
        let mut counts_of_list = Counts::new();
        for from in (0..segment.len()).step_by(TOGETHER as usize) {
            let end = (from + TOGETHER).min(segment.len());
            let words = matched.words_within(from, from + TOGETHER);
            let n: u32 = words.iter().map(|word| word.count_ones()).sum();
            if n == 0 {
                continue;
            }
            let are_many = n >= TOGETHER / MANY;
            // One word alone comes among the best only where it stands often.
            let alone = match (walks.as_slice(), taking.lowest()) {
                ([walk], Some(lowest)) if n >= TOGETHER / MANY_OF_ONE => {
                    walk.counts_alone(from).map(|counts| (counts, walk.weight, lowest))
                }
                _ => None,
            };
            let here = lengths.get(from as usize..end as usize).unwrap_or_default();
            if are_many && alone.is_none() {
                all.start(here.iter().map(|length| self.norm(*length)));
                let owner = owner_of(from);
                let behind = segment.documents().get(owner as usize + 1..).unwrap_or_default();
                for (owner, next) in (owner..).zip(behind.iter().copied().chain([end])) {
                    let n = next.min(end) - from;
                    all.scores.resize(n as usize, of_document(owner));
                    if next >= end {
                        break;
                    }
                }
                for walk in &mut walks {
                    all.add(walk, from, n_all < u32::MAX);
                }
                taking.take(&all, from, words);
                continue;
            }
            rows.start(|records| match alone {
                None => matched.extend_within(from, from + TOGETHER, records),
                Some((counts, weight, lowest)) => {
                    let needed = |from: u32, length: u8| {
                        let last = (from + 63).min(end - 1);
                        let owners = owner_of(from) as usize..=owner_of(last) as usize;
                        let documents = of_documents.get(owners).unwrap_or_default();
                        let most = documents.iter().copied().fold(0.0, f32::max);
                        fifths_needed(lowest - most, weight, self.norm(length))
                    };
                    with_a_chance(counts, here, (from, words), needed, records);
                }
            });
            rows.norms.extend(rows.records.iter().map(|record| norm(*record)));
            let owners = rows.records.iter().map(|record| owner_of(*record));
            rows.scores.extend(owners.map(of_document));
            for walk in &mut walks {
                if rows.records.is_empty() {
                    break;
                }
                rows.add(walk, from, &mut counts_of_list);
                if let Some(lowest) = taking.lowest()
                    && walk.to_come > 0.0
                {
                    let less = walk.to_come * (1.0 + rounding);
                    rows.keep(lowest - less);
                }
            }
            taking.take_rows(&rows);
        }
        Ok(taking.best.finish())
    }

    /// The ways along what the rankers know of a segment.
    fn walks(&self, segment: u32) -> Vec<Walk<'_>> {
        let mut walks: Vec<Walk<'_>> = Vec::with_capacity(self.rankers.len());
        let mut to_come = 0.0;
        for ranker in self.rankers.iter().rev().filter(|ranker| ranker.weight > 0.0) {
            let Some(evidence) = ranker.evidence.get(segment as usize) else { continue };
            let passages = Along::new(evidence.passages);
            let above = Along::new(&evidence.context);
            let typed = u32::from(ranker.leaf.is_typed());
            let weight = self.weight_of_passage(ranker);
            walks.push(Walk { weight, typed, passages, above, to_come });
            to_come += self.most_of_passage(ranker);
        }
        walks.reverse();
        walks
    }
}

/// A word that stands in a passage counts five fifths, one in a neighbour [`NEIGHBOUR`] of that. What is more
/// than a byte holds counts as much as that.
fn fifths(before: u8, here: u8, behind: u8) -> u8 {
    let two = here.saturating_add(here);
    let beside = before.saturating_add(behind);
    let all = two.saturating_add(two).saturating_add(here);
    all.saturating_add(beside).saturating_add(beside)
}

/// The least frequency, in fifths, at which a ranker may add `rest` to a score; nothing where it never does.
#[expect(
    clippy::cast_sign_loss,
    reason = "`rest` is above 0; what a byte does not hold becomes 255"
)]
fn fifths_needed(rest: f32, weight: f32, norm: f32) -> Option<u8> {
    let most = saturated(weight, 1.0, 0.0);
    if rest <= 0.0 {
        return Some(0);
    }
    // Less a little, since the sums are rounded.
    (rest < most).then(|| (5.0 * rest * norm / (most - rest) * (1.0 - 1e-4)) as u8)
}

/// Appends those of the records from `from` on that are in the set of `words` and in which, and beside which,
/// something stands as often as is needed in a passage of its length.
fn with_a_chance(
    counts: &[u8],
    lengths: &[u8],
    (from, words): (u32, &[u64]),
    needed: impl Fn(u32, u8) -> Option<u8>,
    records: &mut Vec<u32>,
) {
    let from_nth = |n: usize| counts.get(n..).unwrap_or_default().as_chunks::<64>().0.iter();
    let three = from_nth(0).zip(from_nth(1)).zip(from_nth(2));
    let some = three.zip(lengths.chunks(64)).zip(words.iter().zip((from..).step_by(64)));
    for ((((before, here), behind), lengths), (word, base)) in some {
        // In a shorter one less is needed.
        let shortest = lengths.iter().fold(u8::MAX, |least, length| least.min(*length));
        let Some(needed) = needed(base, shortest) else { continue };
        let mut often = [0; 64];
        let three = before.iter().zip(here).zip(behind);
        for (often, ((before, here), behind)) in often.iter_mut().zip(three) {
            *often = u8::from(fifths(*before, *here, *behind) >= needed);
        }
        let mut rest = ones(&often) & word;
        while rest != 0 {
            records.push(base + rest.trailing_zeros());
            rest &= rest - 1;
        }
    }
}

/// Takes what comes among the best of a segment.
struct Taking<'a> {
    segment: &'a Segment<'a>,
    best: Best,
    /// A passage that holds so many clauses holds all, which adds to its score.
    n_all: u32,
    /// What rounding can make of a score, of the score.
    rounding: f32,
}

impl Taking<'_> {
    /// What is below it, before anything is added for all clauses, is of no account.
    fn lowest(&self) -> Option<f32> {
        let all = if self.n_all < u32::MAX { 1.0 + ALL } else { 1.0 };
        self.best.lowest().map(|lowest| lowest / all - lowest.abs() * self.rounding)
    }

    fn add(&mut self, record: u32, score: f32, n_held: u32) {
        let score = if n_held == self.n_all { score * (1.0 + ALL) } else { score };
        if self.best.has_a_chance(score) {
            let document = self.segment.document_of(record);
            self.best.add(Candidate { segment: self.segment.ord, record, document, score });
        }
    }

    fn take_rows(&mut self, rows: &Rows) {
        let found = rows.records.iter().zip(&rows.scores).zip(&rows.n_held);
        found.for_each(|((record, score), n_held)| self.add(*record, *score, *n_held));
    }

    /// Adds those of the records from `from` on that are in the set of these words.
    fn take(&mut self, all: &All, from: u32, words: &[u64]) {
        let mut n_held = all.n_held.chunks(64);
        for ((scores, word), base) in all.scores.chunks(64).zip(words).zip((from..).step_by(64)) {
            let n_held = n_held.next().unwrap_or_default();
            let lowest = self.lowest().unwrap_or(f32::NEG_INFINITY);
            let n: u32 = scores.iter().map(|score| u32::from(*score >= lowest)).sum();
            if n == 0 {
                continue;
            }
            let mut rest = *word;
            while rest != 0 {
                let at = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                if let Some(score) = scores.get(at).filter(|score| **score >= lowest) {
                    self.add(
                        base + at as u32,
                        *score,
                        n_held.get(at).copied().map_or(0, u32::from),
                    );
                }
            }
        }
    }
}

/// Records that follow one another and are all scored.
#[derive(Default)]
struct All {
    /// Length part of the denominator.
    norms: Vec<f32>,
    scores: Vec<f32>,
    /// Clauses that each holds, where that is of account.
    n_held: Vec<u16>,
    /// What the ranker at work says.
    frequencies: Vec<f32>,
}

impl All {
    fn start(&mut self, norms: impl Iterator<Item = f32>) {
        self.norms.clear();
        self.scores.clear();
        self.n_held.clear();
        self.norms.extend(norms);
    }

    /// Adds what one ranker says of the records from `from` on; with `counted` also which clauses they hold.
    fn add(&mut self, walk: &mut Walk<'_>, from: u32, counted: bool) {
        let n = self.scores.len();
        let Self { norms, scores, n_held, frequencies } = self;
        let counted = counted && walk.typed > 0;
        if counted {
            n_held.resize(n, 0);
        }
        frequencies.resize(n, 0.0);
        match walk.passages.within(from, 1) {
            Within::Counts(before) => {
                let here = before.get(1..).unwrap_or_default();
                let behind = before.get(2..).unwrap_or_default();
                let three = before.iter().zip(here).zip(behind);
                for (frequency, ((before, here), behind)) in frequencies.iter_mut().zip(three) {
                    *frequency = weighed(u32::from(*before), u32::from(*here), u32::from(*behind));
                }
                if counted {
                    for (n, count) in n_held.iter_mut().zip(here) {
                        *n += u16::from(*count > 0);
                    }
                }
            }
            Within::List(list) => {
                frequencies.fill(0.0);
                for f in list {
                    // Of the record before the first, and of that behind the last, only one place is here.
                    let at = (f.record as usize).wrapping_sub(from as usize);
                    let mut add = |at: usize, more: f32| {
                        if let Some(frequency) = frequencies.get_mut(at) {
                            *frequency += more;
                        }
                    };
                    add(at.wrapping_sub(1), f.count as f32 * NEIGHBOUR);
                    add(at, f.count as f32);
                    add(at.wrapping_add(1), f.count as f32 * NEIGHBOUR);
                    if let Some(n) = n_held.get_mut(at).filter(|_| counted) {
                        *n += 1;
                    }
                }
            }
        }
        match walk.above.within(from, 0) {
            Within::Counts(counts) => {
                let here = counts.get(1..).unwrap_or_default();
                for (frequency, count) in frequencies.iter_mut().zip(here) {
                    *frequency += CONTEXT * f32::from(*count);
                }
            }
            Within::List(list) => {
                for f in list {
                    if let Some(frequency) = frequencies.get_mut((f.record - from) as usize) {
                        *frequency += CONTEXT * f.count as f32;
                    }
                }
            }
        }
        for ((score, &frequency), &norm) in scores.iter_mut().zip(&*frequencies).zip(&*norms) {
            *score += saturated(walk.weight, frequency, norm);
        }
    }
}

/// Passages that are scored together, a list for each thing known of them.
#[derive(Default)]
struct Rows {
    records: Vec<u32>,
    /// Length part of the denominator.
    norms: Vec<f32>,
    scores: Vec<f32>,
    /// Clauses that each holds.
    n_held: Vec<u32>,
    /// What the ranker at work says.
    frequencies: Vec<f32>,
}

impl Rows {
    /// Starts with other records, of which nothing is known yet.
    fn start(&mut self, fill: impl FnOnce(&mut Vec<u32>)) {
        self.records.clear();
        self.norms.clear();
        self.scores.clear();
        self.n_held.clear();
        fill(&mut self.records);
        self.n_held.resize(self.records.len(), 0);
    }

    /// Adds what one ranker says of these records, which are among [`TOGETHER`] from `from` on.
    fn add(&mut self, walk: &mut Walk<'_>, from: u32, counts: &mut Counts) {
        let Self { records, norms, scores, n_held, frequencies } = self;
        let typed = walk.typed;
        frequencies.clear();
        let each = records.iter().zip(n_held);
        let weighed = |n_held: &mut u32, (before, here, behind): (u32, u32, u32)| {
            *n_held += typed & u32::from(here > 0);
            weighed(before, here, behind)
        };
        match walk.passages.within(from, 1) {
            Within::Counts(tally) => frequencies.extend(each.map(|(record, n_held)| {
                let at = (record - from) as usize;
                let three = match tally.get(at..at + 3) {
                    Some(&[before, here, behind]) => (before.into(), here.into(), behind.into()),
                    _ => (0, 0, 0),
                };
                weighed(n_held, three)
            })),
            Within::List(list) if list.len() / FEW > records.len() => {
                let mut near = Near(list);
                frequencies.extend(each.map(|(record, n_held)| weighed(n_held, near.at(*record))));
            }
            Within::List(list) => {
                counts.set(from, list);
                frequencies
                    .extend(each.map(|(record, n_held)| weighed(n_held, counts.near(*record))));
                counts.clear(list);
            }
        }
        match walk.above.within(from, 0) {
            Within::Counts(tally) => {
                for (frequency, record) in frequencies.iter_mut().zip(&*records) {
                    let count = tally.get((record - from) as usize + 1).copied().unwrap_or(0);
                    *frequency += CONTEXT * f32::from(count);
                }
            }
            Within::List([]) => {}
            Within::List(list) => {
                counts.set(from, list);
                for (frequency, record) in frequencies.iter_mut().zip(&*records) {
                    *frequency += CONTEXT * counts.at(*record) as f32;
                }
                counts.clear(list);
            }
        }
        for ((score, &frequency), &norm) in scores.iter_mut().zip(&*frequencies).zip(&*norms) {
            *score += saturated(walk.weight, frequency, norm);
        }
    }

    /// Leaves out those with a lower score, where these are most.
    fn keep(&mut self, lowest: f32) {
        let n = self.scores.iter().map(|score| u32::from(*score >= lowest)).sum::<u32>() as usize;
        if n > self.records.len() / 2 {
            return;
        }
        let Self { records, norms, scores, n_held, .. } = self;
        retain(records, scores, lowest);
        retain(norms, scores, lowest);
        retain(n_held, scores, lowest);
        scores.retain(|score| *score >= lowest);
    }
}

/// Keeps what has no lower score.
fn retain<T>(list: &mut Vec<T>, scores: &[f32], lowest: f32) {
    let mut scores = scores.iter();
    list.retain(|_| scores.next().is_some_and(|score| *score >= lowest));
}

/// A way along what one ranker knows of a segment, forward only.
struct Walk<'a> {
    weight: f32,
    /// 1 for what was typed.
    typed: u32,
    passages: Along<'a>,
    /// Title and headings above each passage.
    above: Along<'a>,
    /// What the rankers behind this one can add to a passage at most.
    to_come: f32,
}

impl<'a> Walk<'a> {
    /// How often it stands in [`TOGETHER`] records from `from` on, the one before and the one behind, where that is
    /// a tally, and all that it knows.
    fn counts_alone(&self, from: u32) -> Option<&'a [u8]> {
        match (&self.passages, &self.above) {
            (Along::Tally(tally), Along::List([])) => Some(tally.around(from, TOGETHER)),
            _ => None,
        }
    }
}

/// A way along how often something stands in the records of a segment.
enum Along<'a> {
    /// From the first that is still of account.
    List(&'a [Frequency]),
    Tally(&'a Tally),
}

/// How often something stands in some records that follow one another.
enum Within<'a> {
    /// In those that hold it.
    List(&'a [Frequency]),
    /// In all, with the one before and the one behind.
    Counts(&'a [u8]),
}

impl<'a> Along<'a> {
    fn new(all: &'a Frequencies) -> Self {
        match all {
            Frequencies::Few(list) => Self::List(list),
            Frequencies::Many(tally) => Self::Tally(tally),
        }
    }

    /// How often it stands in [`TOGETHER`] records from `from` on, where it is a list also in so many before and
    /// behind. What is before them is left behind.
    fn within(&mut self, from: u32, beside: u32) -> Within<'a> {
        match self {
            Self::Tally(tally) => Within::Counts(tally.around(from, TOGETHER)),
            Self::List(list) => {
                let all = *list;
                let rest = all.get(n_before(all, |f| f.record + beside < from)..);
                let rest = rest.unwrap_or_default();
                *list = rest;
                let n = n_before(rest, |f| f.record < from + TOGETHER + beside);
                Within::List(rest.get(..n).unwrap_or_default())
            }
        }
    }
}

/// How often a word stands in each of [`TOGETHER`] records from one on, one place a record, so that those
/// beside one are at hand. The first record has a place before it, the last one behind it.
struct Counts {
    counts: Vec<u32>,
    from: u32,
}

impl Counts {
    fn new() -> Self {
        Self { counts: vec![0; TOGETHER as usize + 2], from: 0 }
    }

    /// Takes the records from `from` on, and one before it, of which nothing is known yet.
    fn set(&mut self, from: u32, list: &[Frequency]) {
        self.from = from;
        for f in list {
            if let Some(count) = self.counts.get_mut((f.record + 1 - from) as usize) {
                *count = f.count;
            }
        }
    }

    fn clear(&mut self, list: &[Frequency]) {
        for f in list {
            if let Some(count) = self.counts.get_mut((f.record + 1 - self.from) as usize) {
                *count = 0;
            }
        }
    }

    /// How often the word stands in a passage.
    fn at(&self, record: u32) -> u32 {
        self.counts.get((record + 1 - self.from) as usize).copied().unwrap_or(0)
    }

    /// How often the word stands in the passage before, in this one and in the next. Of two records side by
    /// side that hold words of passages, both are of one document: a document record, which holds none, stands
    /// before each.
    fn near(&self, record: u32) -> (u32, u32, u32) {
        let at = (record - self.from) as usize;
        match self.counts.get(at..at + 3) {
            Some(&[before, here, behind]) => (before, here, behind),
            _ => (0, 0, 0),
        }
    }
}

/// The same of few passages: a walk along those that hold the word, forward only, from the first that is
/// still of account.
struct Near<'l>(&'l [Frequency]);

impl Near<'_> {
    /// See [`Counts::near`].
    fn at(&mut self, record: u32) -> (u32, u32, u32) {
        let is_before = |f: &Frequency| f.record + 1 < record;
        if self.0.first().is_some_and(is_before) {
            self.0 = self.0.get(n_before(self.0, is_before)..).unwrap_or_default();
        }
        let count = |record: u32| {
            let mut three = self.0.iter().take(3);
            three.find(|f| f.record == record).map_or(0, |f| f.count)
        };
        (count(record.wrapping_sub(1)), count(record), count(record + 1))
    }
}

/// A word's counts in a passage and in those beside it as one frequency.
fn weighed(before: u32, here: u32, behind: u32) -> f32 {
    let beside = |count: u32| count as f32 * NEIGHBOUR;
    beside(before) + here as f32 + beside(behind)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn list_of(all: &BTreeMap<u32, u32>) -> Vec<Frequency> {
        all.iter().map(|(&record, &count)| Frequency { record, count }).collect()
    }

    #[test]
    fn words_of_neighbours_count_less_and_lists_leave_nothing_behind() {
        let list = [(0, 2), (1, 1), (5, 3)].map(|(record, count)| Frequency { record, count });
        let mut counts = Counts::new();
        counts.set(0, &list);
        let found: Vec<(u32, u32, u32)> = (0..6).map(|record| counts.near(record)).collect();
        let expected = [(0, 2, 1), (2, 1, 0), (1, 0, 0), (0, 0, 0), (0, 0, 3), (0, 3, 0)];
        assert_eq!(found, expected);
        assert!((weighed(2, 1, 3) - (1.0 + 5.0 * NEIGHBOUR)).abs() < 1e-6);
        counts.clear(&list);
        assert!(counts.counts.iter().all(|count| *count == 0));
    }

    /// What is left out for standing too seldom could not have had the score.
    #[test]
    fn what_a_score_needs_is_no_more_than_what_gives_it() {
        assert!((5.0 * NEIGHBOUR - 2.0).abs() < f32::EPSILON);
        assert_eq!((fifths(1, 2, 3), fifths(90, 90, 90), fifths(0, 51, 0)), (18, 255, 255));
        for (before, here, behind) in [(0, 1, 0), (1, 1, 0), (2, 3, 1), (0, 40, 9), (200, 200, 200)]
        {
            for norm in [0.3, 0.6, 1.2, 4.0] {
                for weight in [0.01, 1.0, 7.5] {
                    let frequency = weighed(before, here, behind);
                    let score = saturated(weight, frequency, norm);
                    let [before, here, behind] = [before, here, behind].map(|count| count as u8);
                    let needed = fifths_needed(score, weight, norm).unwrap();
                    assert!(fifths(before, here, behind) >= needed);
                    // Nor is it much less.
                    let other = fifths_needed(score * 1.1, weight, norm);
                    assert!(other.is_none_or(|other| other > needed || needed == 255));
                }
            }
        }
        assert_eq!(fifths_needed(-1.0, 1.0, 1.0), Some(0));
        assert_eq!(fifths_needed(2.3, 1.0, 1.0), None);
    }

    /// Of each its weight, and 1 where it was typed.
    fn walks<'a>(lists: &'a [[Frequencies; 2]], about: &[(f32, u32)]) -> Vec<Walk<'a>> {
        let each = lists.iter().zip(about);
        each.map(|([passages, above], &(weight, typed))| Walk {
            weight,
            typed,
            passages: Along::new(passages),
            above: Along::new(above),
            to_come: 0.0,
        })
        .collect()
    }

    /// A query may have a thousand.
    #[test]
    fn many_clauses_are_counted_either_way() {
        const N: usize = 700;
        let list = vec![Frequency { record: 7, count: 1 }];
        let lists: Vec<[Frequencies; 2]> = (0..N)
            .map(|at| match at % 2 {
                0 => [Frequencies::Few(list.clone()), Frequencies::none()],
                _ => [Frequencies::Many(Tally::of(&list, 64)), Frequencies::none()],
            })
            .collect();
        let mut rows = Rows::default();
        rows.start(|records| records.push(7));
        rows.norms.push(1.0);
        rows.scores.push(0.0);
        let mut all = All::default();
        all.start(std::iter::repeat_n(1.0, 64));
        all.scores.resize(64, 0.0);
        let (about, mut counts) = (vec![(0.5, 1); N], Counts::new());
        for walk in &mut walks(&lists, &about) {
            rows.add(walk, 0, &mut counts);
        }
        for walk in &mut walks(&lists, &about) {
            all.add(walk, 0, true);
        }
        assert_eq!((rows.n_held[0], all.n_held[7], all.n_held[8]), (700, 700, 0));
    }

    proptest::proptest! {
        #[test]
        fn a_chance_have_those_in_which_it_stands_often(
            counts in proptest::collection::vec(0_u8..6, 322),
            lengths in proptest::collection::vec(1_u8..9, 298),
            matched in proptest::collection::btree_set(0_u32..298, 0..200),
            each in 0_u8..9,
        ) {
            let mut bits = Bits::empty(298);
            bits.insert_each(matched.iter().copied());
            let mut found = Vec::new();
            let needed = |_: u32, length: u8| (length < 8).then_some(each * length);
            with_a_chance(&counts, &lengths, (0, bits.words_within(0, 320)), needed, &mut found);
            for record in matched {
                let at = record as usize;
                let often = fifths(counts[at], counts[at + 1], counts[at + 2]);
                let wanted = needed(0, lengths[at]).is_some_and(|needed| often >= needed);
                proptest::prop_assert!(!wanted || found.contains(&record));
            }
            proptest::prop_assert!(found.iter().all(|record| bits.contains(*record)));
            proptest::prop_assert!(found.is_sorted());
        }

        #[test]
        fn a_walk_finds_what_a_list_of_all_records_says(
            list in proptest::collection::btree_map(1_u32..200, 1_u32..9, 0..60),
            records in proptest::collection::btree_set(1_u32..199, 0..60),
        ) {
            let list = list_of(&list);
            let mut counts = Counts::new();
            counts.set(1, &list);
            let mut near = Near(&list);
            for record in records {
                proptest::prop_assert_eq!(near.at(record), counts.near(record));
            }
        }

        /// Records scored all together, one by one, from lists or from tallies have the very same scores.
        #[test]
        fn every_way_gives_the_same_score(
            words in proptest::collection::vec(
                (
                    proptest::collection::btree_map(0_u32..9_000, 1_u32..9, 0..900),
                    proptest::collection::btree_map(0_u32..9_000, 1_u32..3, 0..90),
                    0.1_f32..4.0,
                    0_u32..2,
                ),
                1..4,
            ),
            codes in proptest::collection::vec(0.5_f32..3.0, 30),
            matched in proptest::collection::btree_set(0_u32..9_000, 1..300),
        ) {
            const N: u32 = 9_000;
            let lists: Vec<[Frequencies; 2]> = words
                .iter()
                .map(|(passages, above, ..)| [passages, above].map(|l| Frequencies::Few(list_of(l))))
                .collect();
            let tallies: Vec<[Frequencies; 2]> = words
                .iter()
                .map(|(passages, above, ..)| {
                    [passages, above].map(|l| Frequencies::Many(Tally::of(&list_of(l), N)))
                })
                .collect();
            let about: Vec<(f32, u32)> = words.iter().map(|(.., w, typed)| (*w, *typed)).collect();
            let norm = |record: u32| codes.get(record as usize % 30).copied().unwrap_or(1.0);
            let mut counts = Counts::new();
            let mut found: Vec<Vec<(u32, u32, u32)>> = Vec::new();
            for kind in [&lists, &tallies] {
                let (mut one_by_one, mut together) =
                    (walks(kind, &about), walks(kind, &about));
                let (mut few, mut many) = (Vec::new(), Vec::new());
                for from in (0..N).step_by(TOGETHER as usize) {
                    let end = (from + TOGETHER).min(N);
                    let mut rows = Rows::default();
                    rows.start(|records| records.extend(matched.range(from..end)));
                    rows.norms.extend(rows.records.iter().map(|record| norm(*record)));
                    rows.scores.extend(rows.records.iter().map(|_| 0.25));
                    let mut all = All::default();
                    all.start((from..end).map(norm));
                    all.scores.resize((end - from) as usize, 0.25);
                    for walk in &mut one_by_one {
                        rows.add(walk, from, &mut counts);
                    }
                    for walk in &mut together {
                        all.add(walk, from, true);
                    }
                    let each = rows.records.iter().zip(&rows.scores).zip(&rows.n_held);
                    few.extend(each.map(|((record, score), n)| (*record, score.to_bits(), *n)));
                    let n_held = |at: usize| all.n_held.get(at).map_or(0, |n| u32::from(*n));
                    many.extend(matched.range(from..end).map(|record| {
                        let at = (record - from) as usize;
                        (*record, all.scores[at].to_bits(), n_held(at))
                    }));
                }
                found.extend([few, many]);
            }
            for other in &found {
                proptest::prop_assert_eq!(&found[0], other);
            }
        }
    }
}
