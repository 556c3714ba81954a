//! Candidates to the hits asked for, in an order that does not depend on segments.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::error::Error;
use super::options::{SearchOptions, Sort};
use super::segment::Segment;
use crate::index::schema::column;

/// Candidates that are kept at least before some are let go; so many times as many as are looked at, where these
/// are more.
const ROOM: usize = 64;
const TIMES: usize = 2;

/// A passage that matches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub(super) segment: u32,
    pub(super) record: u32,
    /// Its document record.
    pub(super) document: u32,
    pub(super) score: f32,
}

/// Candidates that are kept: all, or those that can still come among the hits.
pub(super) struct Best {
    chance: Option<Chance>,
    kept: Vec<Candidate>,
    /// What is below it is not kept.
    lowest: Option<f32>,
    /// How many are kept before some are let go, at least and now.
    least: usize,
    room: usize,
}

/// Which candidates can still come among the hits, when something may yet be added to the scores of the best.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chance {
    /// How many of the first are asked for.
    pub(super) wanted: usize,
    /// To how many of the best something is added, equal ones besides.
    pub(super) raised: usize,
    /// How much at most.
    pub(super) most: f32,
}

impl Chance {
    /// The lowest score from which a candidate can come among the first.
    fn lowest(self, candidates: &[Candidate]) -> Option<f32> {
        let last = lowest_of_chance(candidates, self.wanted, self.most);
        let raised = nth_best(candidates, self.raised.max(self.wanted));
        last.into_iter().chain(raised).reduce(f32::max)
    }
}

impl Best {
    /// Keeps all, or those with a chance.
    pub(super) fn new(chance: Option<Chance>) -> Self {
        let chance = chance.filter(|chance| chance.wanted > 0);
        let least = chance.map_or(0, |chance| chance.wanted.max(chance.raised));
        let least = least.saturating_mul(TIMES).max(ROOM);
        Self { chance, kept: Vec::new(), lowest: None, least, room: least }
    }

    /// What is below it is of no account, where that is known.
    pub(super) fn lowest(&self) -> Option<f32> {
        self.lowest
    }

    /// Whether a candidate with this score may be kept.
    pub(super) fn has_a_chance(&self, score: f32) -> bool {
        self.lowest.is_none_or(|lowest| score >= lowest)
    }

    pub(super) fn add(&mut self, candidate: Candidate) {
        if !self.has_a_chance(candidate.score) {
            return;
        }
        self.kept.push(candidate);
        if self.kept.len() >= self.room && self.chance.is_some() {
            self.let_go();
            self.room = self.least.max(self.kept.len().saturating_mul(2));
        }
    }

    fn let_go(&mut self) {
        let lowest = self.chance.and_then(|chance| chance.lowest(&self.kept));
        if let Some(lowest) = lowest {
            self.kept.retain(|candidate| candidate.score >= lowest);
            self.lowest = Some(lowest);
        }
    }

    /// What was kept, in the order in which it was added.
    pub(super) fn finish(mut self) -> Vec<Candidate> {
        self.let_go();
        self.kept
    }
}

/// The lowest score from which a candidate can come among the first `wanted`, when none gains more than `most`:
/// the last of them now is no worse then. Nothing where there are not so many.
pub(super) fn lowest_of_chance(candidates: &[Candidate], wanted: usize, most: f32) -> Option<f32> {
    // Less a little, since sums are rounded.
    nth_best(candidates, wanted).map(|last| last - most - (last.abs() + most) * 1e-5)
}

/// The hits asked for: best first or by date or path; equal ones by path, then by place.
pub(super) fn order(
    segments: &[Segment<'_>],
    candidates: Vec<Candidate>,
    options: &SearchOptions,
) -> Result<Vec<Candidate>, Error> {
    let mut candidates = match options.per_document.or(options.group.then_some(1)) {
        Some(most) => best_of_documents(&candidates, most),
        None => candidates,
    };
    let wanted = options.limit.map(|limit| limit.saturating_add(options.offset));
    let dates = match options.sort {
        Sort::Newest | Sort::Oldest => Some(dates(segments)?),
        Sort::Relevance | Sort::Path => None,
    };
    let key = |candidate: &Candidate| -> i64 {
        let date = dates
            .as_ref()
            .and_then(|dates| dates.get(&(candidate.segment, candidate.document)).copied());
        match options.sort {
            Sort::Newest => date.map_or(i64::MAX, |date| -date),
            Sort::Oldest => date.unwrap_or(i64::MAX),
            Sort::Relevance | Sort::Path => 0,
        }
    };
    let primary = |a: &Candidate, b: &Candidate| match options.sort {
        Sort::Relevance => b.score.total_cmp(&a.score),
        Sort::Path => Ordering::Equal,
        Sort::Newest | Sort::Oldest => key(a).cmp(&key(b)),
    };
    // Paths are costly to compare: only what may be among the hits, ties at the end included.
    if let Some(wanted) = wanted.filter(|wanted| *wanted > 0 && *wanted < candidates.len())
        && options.sort == Sort::Relevance
    {
        let last = nth_best(&candidates, wanted);
        candidates
            .retain(|candidate| last.is_none_or(|last| candidate.score.total_cmp(&last).is_ge()));
    }
    if let Some(wanted) = wanted.filter(|wanted| *wanted > 0 && *wanted < candidates.len()) {
        let (_, last, _) = candidates.select_nth_unstable_by(wanted - 1, primary);
        let last = *last;
        candidates.retain(|candidate| primary(candidate, &last) != Ordering::Greater);
    }
    candidates.sort_by(primary);
    for equal in candidates.chunk_by_mut(|a, b| primary(a, b) == Ordering::Equal) {
        by_path(segments, equal)?;
    }
    let end = wanted.unwrap_or(candidates.len()).min(candidates.len());
    candidates.truncate(end);
    candidates.drain(..options.offset.min(end));
    Ok(candidates)
}

/// Sorts candidates by path, then by place. What stands in one document needs no path, which takes as long
/// to look up as a hundred scores to compare.
fn by_path(segments: &[Segment<'_>], candidates: &mut [Candidate]) -> Result<(), Error> {
    let document = |candidate: &Candidate| (candidate.segment, candidate.document);
    let mut paths: BTreeMap<(u32, u32), String> = BTreeMap::new();
    if candidates.windows(2).any(|two| matches!(two, [a, b] if document(a) != document(b))) {
        for candidate in &*candidates {
            if let Entry::Vacant(entry) = paths.entry(document(candidate))
                && let Some(segment) = segments.get(candidate.segment as usize)
            {
                entry.insert(segment.path_of(candidate.document)?);
            }
        }
    }
    candidates.sort_by(|a, b| {
        let order = paths.get(&document(a)).cmp(&paths.get(&document(b)));
        order.then_with(|| a.record.cmp(&b.record))
    });
    Ok(())
}

/// The score of the `n`th best candidate, where there are so many. Looks at each once and keeps few.
pub(super) fn nth_best(candidates: &[Candidate], n: usize) -> Option<f32> {
    if n == 0 || n > candidates.len() {
        return None;
    }
    let room = n.max(32).saturating_mul(2);
    let mut best: Vec<f32> = Vec::with_capacity(room.min(candidates.len()));
    let mut lowest: Option<f32> = None;
    let select = |best: &mut Vec<f32>| -> Option<f32> {
        let (_, last, _) = best.get_mut(..)?.select_nth_unstable_by(n - 1, |a, b| b.total_cmp(a));
        let last = *last;
        best.truncate(n);
        Some(last)
    };
    for Candidate { score, .. } in candidates {
        if lowest.is_none_or(|lowest| score.total_cmp(&lowest).is_gt()) {
            best.push(*score);
            if best.len() == room {
                lowest = select(&mut best);
            }
        }
    }
    select(&mut best)
}

/// The best passages of each document, `most` of them; candidates stand in the order of records.
fn best_of_documents(candidates: &[Candidate], most: usize) -> Vec<Candidate> {
    let mut kept = Vec::new();
    for group in candidates.chunk_by(|a, b| a.segment == b.segment && a.document == b.document) {
        let mut group = group.to_vec();
        group.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.record.cmp(&b.record)));
        group.truncate(most);
        kept.extend(group);
    }
    kept
}

fn dates(segments: &[Segment<'_>]) -> Result<BTreeMap<(u32, u32), i64>, Error> {
    let mut dates = BTreeMap::new();
    for segment in segments {
        let days = segment.numbers(column::FIRST_DAY)?;
        let years = segment.numbers(column::YEAR)?;
        for &record in segment.documents() {
            // A year without a date stands at its beginning.
            let date = days.first(record).or_else(|| years.first(record).map(|y| y * 10_000));
            if let Some(date) = date {
                dates.insert((segment.ord, record), date);
            }
        }
    }
    Ok(dates)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_nth_best_is_that_of_the_sorted_list(
            scores in proptest::collection::vec(0_u8..60, 0..400), n in 1_usize..90,
        ) {
            let candidate = |score: &u8| Candidate {
                segment: 0,
                record: 0,
                document: 0,
                score: f32::from(*score) / 7.0,
            };
            let candidates: Vec<Candidate> = scores.iter().map(candidate).collect();
            let mut sorted: Vec<f32> = candidates.iter().map(|candidate| candidate.score).collect();
            sorted.sort_by(|a, b| b.total_cmp(a));
            proptest::prop_assert_eq!(nth_best(&candidates, n), sorted.get(n - 1).copied());
        }

        /// What is let go could not have been looked at again, nor come among the first.
        #[test]
        fn of_many_those_with_a_chance_are_kept(
            scores in proptest::collection::vec(0_u16..900, 0..3_000),
            wanted in 1_usize..40, raised in 0_usize..300, most in 0_u8..90,
        ) {
            let candidate = |(record, score): (u32, &u16)| Candidate {
                segment: 0,
                record,
                document: 0,
                score: f32::from(*score) / 7.0,
            };
            let candidates: Vec<Candidate> = (0..).zip(&scores).map(candidate).collect();
            let chance = Chance { wanted, raised, most: f32::from(most) / 7.0 };
            let mut best = Best::new(Some(chance));
            for candidate in &candidates {
                best.add(*candidate);
            }
            let mut sorted: Vec<f32> = candidates.iter().map(|candidate| candidate.score).collect();
            sorted.sort_by(|a, b| b.total_cmp(a));
            let at = |n: usize| sorted.get(n - 1).copied().unwrap_or(f32::NEG_INFINITY);
            let last = at(wanted);
            let chance = last - chance.most - (last.abs() + chance.most) * 1e-5;
            let lowest = chance.max(at(raised.max(wanted)));
            let expected: Vec<Candidate> =
                candidates.iter().copied().filter(|candidate| candidate.score >= lowest).collect();
            proptest::prop_assert_eq!(best.finish(), expected);
        }
    }
}
