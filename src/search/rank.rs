//! Scores of passages.
//!
//! BM25 (Robertson and Zaragoza 2009) over the words of a passage, with live statistics: how many
//! passages hold a clause is counted, not taken from dictionaries that still know replaced ones. The
//! forms of a stem count as one term. Title and headings above a passage add a little.

use tantivy::fieldnorm::FieldNormReader;

use super::bits::Bits;
use super::plan::{Leaf, Plan};
use super::results::ScorePart;
use super::segment::{Frequency, Outcome, Segment};
use super::spans::Expression;
use super::terms::TermSpec;
use crate::index::Summary;

const K1: f32 = 1.2;
const B: f32 = 0.75;
/// A passage that holds the very form that was typed, not only another form of its stem.
const EXACT_BONUS: f32 = 0.1;
/// Share of a term's weight that a title or heading above the passage adds.
const CONTEXT: f32 = 0.35;

pub(super) struct Scorer {
    /// Weight of each leaf, 0 for those that do not rank.
    weights: Vec<f32>,
    /// Length part of the denominator, by the engine's code of lengths.
    norms: Vec<f32>,
}

impl Scorer {
    pub(super) fn new(summary: &Summary, plan: &Plan, leaves: &[Vec<Vec<Frequency>>]) -> Self {
        let passages = summary.passages.max(1) as f64;
        let average = (summary.tokens as f64 / passages).max(1.0);
        let weights = plan
            .leaves
            .iter()
            .enumerate()
            .map(|(index, leaf)| {
                if leaf.negated {
                    return 0.0;
                }
                let held: usize =
                    leaves.iter().map(|lists| lists.get(index).map_or(0, Vec::len)).sum();
                let held = held as f64;
                let idf = (1.0 + (passages - held + 0.5).max(0.0) / (held + 0.5)).ln();
                idf as f32 * leaf.boost * evidence(leaf)
            })
            .collect();
        let norms = (0..=255_u8)
            .map(|code| {
                let length = FieldNormReader::id_to_fieldnorm(code);
                K1 * (1.0 - B + B * (f64::from(length) / average) as f32)
            })
            .collect();
        Self { weights, norms }
    }

    /// Weight of each clause, in the order typed.
    pub(super) fn clause_weights(&self, plan: &Plan) -> Vec<f32> {
        let mut weights = Vec::new();
        for (leaf, weight) in plan.leaves.iter().zip(&self.weights).filter(|(l, _)| !l.negated) {
            if weights.len() <= leaf.clause {
                weights.resize(leaf.clause + 1, 0.0);
            }
            if let Some(most) = weights.get_mut(leaf.clause) {
                *most = weight.max(*most);
            }
        }
        weights
    }

    /// The passages of `matched` in order, each with its score.
    pub(super) fn scores(
        &self,
        segment: &Segment<'_>,
        plan: &Plan,
        leaves: &[Vec<Frequency>],
        matched: &Bits,
    ) -> Outcome<Vec<(u32, f32)>> {
        let mut scores = vec![0.0_f32; segment.len() as usize];
        let lengths = segment.norms(segment.fields.body)?;
        for ((leaf, list), weight) in plan.leaves.iter().zip(leaves).zip(&self.weights) {
            if *weight == 0.0 {
                continue;
            }
            for frequency in list.iter().filter(|f| matched.contains(f.record)) {
                let code = lengths.fieldnorm_id(frequency.record);
                if let Some(sum) = scores.get_mut(frequency.record as usize) {
                    *sum += self.held(*weight, frequency, code);
                }
            }
            if let Some(term) = own_term(leaf) {
                for frequency in segment.frequencies(term, segment.fields.context)? {
                    if let Some(sum) = scores
                        .get_mut(frequency.record as usize)
                        .filter(|_| matched.contains(frequency.record))
                    {
                        *sum += CONTEXT * weight;
                    }
                }
            }
        }
        Ok(matched
            .iter()
            .map(|record| (record, scores.get(record as usize).copied().unwrap_or(0.0)))
            .collect())
    }

    fn held(&self, weight: f32, frequency: &Frequency, length: u8) -> f32 {
        let norm = self.norms.get(usize::from(length)).copied().unwrap_or(K1);
        let count = frequency.count as f32;
        let bonus = if frequency.exact { 1.0 + EXACT_BONUS } else { 1.0 };
        weight * bonus * count * (K1 + 1.0) / (count + norm)
    }

    /// The parts of the score of one passage, in words.
    pub(super) fn explain(
        &self,
        segment: &Segment<'_>,
        plan: &Plan,
        leaves: &[Vec<Frequency>],
        record: u32,
    ) -> Outcome<Vec<ScorePart>> {
        let mut parts = Vec::new();
        let length = segment.norms(segment.fields.body)?.fieldnorm_id(record);
        for ((leaf, list), weight) in plan.leaves.iter().zip(leaves).zip(&self.weights) {
            if *weight == 0.0 {
                continue;
            }
            let boost = if leaf.boost == 1.0 {
                String::new()
            } else {
                format!(", which includes the factor {}", leaf.boost)
            };
            if let Ok(at) = list.binary_search_by_key(&record, |f| f.record)
                && let Some(frequency) = list.get(at)
            {
                let times = frequency.count;
                let form = if frequency.exact { ", in the form typed" } else { ", in other forms" };
                parts.push(ScorePart {
                    typed: leaf.typed.clone(),
                    reason: format!(
                        "stands {times} time{} in this passage{form}; weight {weight:.3} for its \
                         rarity{boost}; the passage counts as {} words long",
                        if times == 1 { "" } else { "s" },
                        FieldNormReader::id_to_fieldnorm(length),
                    ),
                    score: self.held(*weight, frequency, length),
                });
            }
            if let Some(term) = own_term(leaf)
                && segment
                    .frequencies(term, segment.fields.context)?
                    .binary_search_by_key(&record, |f| f.record)
                    .is_ok()
            {
                parts.push(ScorePart {
                    typed: leaf.typed.clone(),
                    reason: format!(
                        "stands in the title or a heading above: {CONTEXT} of its weight"
                    ),
                    score: CONTEXT * weight,
                });
            }
        }
        Ok(parts)
    }
}

/// The word of a leaf that title and headings are asked for.
fn own_term(leaf: &Leaf) -> Option<&TermSpec> {
    let first = match &leaf.expression {
        Expression::Names(items) => items.first()?,
        other => other,
    };
    match first {
        Expression::Term(term) => Some(term),
        _ => None,
    }
}

/// A phrase is better evidence than one word of the same rarity; its rarity already says most of it.
fn evidence(leaf: &Leaf) -> f32 {
    let first = match &leaf.expression {
        Expression::Names(items) => items.first(),
        other => Some(other),
    };
    match first {
        Some(Expression::Sequence { .. } | Expression::Near { .. } | Expression::Within { .. }) => {
            1.2
        }
        _ => 1.0,
    }
}
