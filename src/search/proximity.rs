//! Words that follow one another in the query and stand close together in a passage.
//!
//! For each pair of neighbours in the query, places at most [`WINDOW`] words apart add the inverse of
//! their distance, half of it in the other order; the sum saturates and is weighed by the commoner
//! word (after Rasolofo and Savoy 2003). Only the best passages are looked at: positions are costly,
//! and what proximity adds is little beside what the words themselves do.

use std::collections::BTreeMap;

use super::collect::{Candidate, Chance, lowest_of_chance, nth_best};
use super::rank::{Ranker, Scorer, own_term};
use super::segment::{Outcome, Segment};
use super::terms::TermSpec;

/// Weight of a pair beside that of its commoner word.
const WEIGHT: f32 = 0.2;
/// Words apart at most.
const WINDOW: u32 = 8;
/// What a pair in the other order counts of one in the order typed.
const REVERSED: f32 = 0.5;
/// How many of the best passages are looked at.
const BEST: usize = 200;
/// Passages that share the last score looked at; more are all left alone.
const MOST_EQUAL: usize = 2_000;

impl Scorer<'_> {
    /// Adds to the scores of the best candidates what the closeness of words is worth. Which are the
    /// best depends on scores alone: of equal ones all are looked at, or none. Where only the first `wanted`
    /// are asked for, those that could not come among them are left as they are.
    pub(super) fn add_proximity(
        &mut self,
        segments: &[Segment<'_>],
        candidates: &mut [Candidate],
        wanted: Option<usize>,
    ) -> Outcome<()> {
        let words = self.in_order_typed();
        if words.len() < 2 {
            return Ok(());
        }
        let chance = wanted.and_then(|wanted| lowest_of_chance(candidates, wanted, most(&words)));
        let lowest = lowest_of_best(candidates).max(chance.unwrap_or(f32::NEG_INFINITY));
        let mut best: Vec<&mut Candidate> =
            candidates.iter_mut().filter(|candidate| candidate.score >= lowest).collect();
        best.sort_by_key(|candidate| (candidate.segment, candidate.record));
        let mut found = BTreeMap::new();
        for group in best.chunk_by_mut(|a, b| a.segment == b.segment) {
            let ord = group.first().map_or(0, |candidate| candidate.segment);
            let Some(segment) = segments.get(ord as usize) else { continue };
            let records: Vec<u32> = group.iter().map(|candidate| candidate.record).collect();
            let mut places = Vec::with_capacity(words.len());
            for (_, term) in &words {
                places.push(segment.places(term, &records)?);
            }
            for (index, candidate) in group.iter_mut().enumerate() {
                let mut sum = 0.0;
                for (pair, places) in words.windows(2).zip(places.windows(2)) {
                    let [left_at, right_at] = places else { continue };
                    let (Some(left_at), Some(right_at)) = (left_at.get(index), right_at.get(index))
                    else {
                        continue;
                    };
                    let close = closeness(left_at, right_at);
                    sum += commoner(pair) * close / (close + 1.0);
                }
                candidate.score += WEIGHT * sum;
                found.insert((candidate.segment, candidate.record), WEIGHT * sum);
            }
        }
        self.proximity = found;
        Ok(())
    }

    /// Which candidates have a chance, when only the first `wanted` are asked for.
    pub(super) fn chance(&self, wanted: usize) -> Chance {
        let words = self.in_order_typed();
        let raised = if words.len() < 2 { 0 } else { BEST };
        Chance { wanted, raised, most: most(&words) }
    }

    /// The words that closeness is told of, in the order typed.
    fn in_order_typed(&self) -> Vec<(&Ranker<'_>, &TermSpec)> {
        let rankers = self.rankers.iter().filter(|ranker| ranker.weight > 0.0);
        let mut words: Vec<(&Ranker<'_>, &TermSpec)> =
            rankers.filter_map(|ranker| Some((ranker, own_term(ranker.leaf)?))).collect();
        words.sort_by_key(|(ranker, _)| ranker.leaf.span.start);
        words
    }
}

/// The most that closeness adds to a score.
fn most(words: &[(&Ranker<'_>, &TermSpec)]) -> f32 {
    words.windows(2).map(|pair| WEIGHT * commoner(pair)).sum()
}

/// The weight of the commoner word of a pair: more than what their closeness is worth before [`WEIGHT`].
fn commoner(pair: &[(&Ranker<'_>, &TermSpec)]) -> f32 {
    pair.iter().map(|(ranker, _)| ranker.weight).fold(f32::INFINITY, f32::min)
}

/// The lowest score that is looked at.
fn lowest_of_best(candidates: &[Candidate]) -> f32 {
    if candidates.len() <= BEST {
        return f32::NEG_INFINITY;
    }
    let last = nth_best(candidates, BEST).unwrap_or(f32::NEG_INFINITY);
    let is_last = |candidate: &&Candidate| candidate.score.total_cmp(&last).is_eq();
    let equal = candidates.iter().filter(is_last).count();
    if equal > MOST_EQUAL { last.next_up() } else { last }
}

/// The inverse distances of all close pairs, added up; both lists are in order.
fn closeness(left: &[u32], right: &[u32]) -> f32 {
    let mut sum = 0.0;
    for &at in left {
        let from = right.partition_point(|other| other.saturating_add(WINDOW) < at);
        for &other in right.iter().skip(from).take_while(|other| **other <= at + WINDOW) {
            if other > at {
                sum += 1.0 / (other - at) as f32;
            } else if other < at {
                sum += REVERSED / (at - other) as f32;
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether two numbers are the very same.
    fn is(a: f32, b: f32) -> bool {
        a.total_cmp(&b).is_eq()
    }

    #[test]
    fn close_pairs_count_by_their_distance_and_order() {
        assert!(is(closeness(&[10], &[11]), 1.0));
        assert!(is(closeness(&[10], &[14]), 0.25));
        assert!(is(closeness(&[10], &[9]), 0.5));
        assert!(is(closeness(&[10], &[10, 19, 1]), 0.0));
        assert!(is(closeness(&[10, 30], &[11, 31]), 2.0));
    }

    proptest::proptest! {
        /// Whatever is gained, up to the most, by those that are looked at: the first ones are the same as if all
        /// were, with the same scores.
        #[test]
        fn who_is_left_out_could_not_come_among_the_first(
            rows in proptest::collection::vec((0_u16..400, 0_u16..=100), 1..120),
            wanted in 1_usize..30,
            most in 0_u16..90,
        ) {
            let most = f32::from(most) / 7.0;
            let candidate = |score: f32| Candidate { segment: 0, record: 0, document: 0, score };
            let before: Vec<Candidate> =
                rows.iter().map(|(score, _)| candidate(f32::from(*score) / 7.0)).collect();
            let lowest = lowest_of_chance(&before, wanted, most).unwrap_or(f32::NEG_INFINITY);
            let gained = |from: f32| -> Vec<u32> {
                let of_all = before.iter().zip(&rows).map(|(candidate, (_, gain))| {
                    let looked_at = candidate.score >= from;
                    let gain = most * f32::from(*gain) / 100.0;
                    candidate.score + if looked_at { gain } else { 0.0 }
                });
                let mut scores: Vec<f32> = of_all.collect();
                scores.sort_by(|a, b| b.total_cmp(a));
                scores.into_iter().take(wanted).map(f32::to_bits).collect()
            };
            proptest::prop_assert_eq!(gained(lowest), gained(f32::NEG_INFINITY));
        }
    }

    #[test]
    fn of_equal_scores_all_are_looked_at_or_none() {
        let candidate = |score: f32| Candidate { segment: 0, record: 0, document: 0, score };
        let few = vec![candidate(1.0); 5];
        assert!(is(lowest_of_best(&few), f32::NEG_INFINITY));
        let mut many = vec![candidate(1.0); MOST_EQUAL + 1];
        many.extend(vec![candidate(2.0); 10]);
        let lowest = lowest_of_best(&many);
        assert!(lowest > 1.0 && lowest < 2.0);
        let some = vec![candidate(1.0); MOST_EQUAL];
        assert!(is(lowest_of_best(&some), 1.0));
    }
}
