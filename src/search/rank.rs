//! Scores of passages.
//!
//! BM25 (Robertson and Zaragoza 2009) over the words of a passage, with live statistics: how many
//! passages hold a clause is counted, not taken from dictionaries that still know replaced ones. The
//! forms of a stem count as one term. Title and headings above a passage add a little.

use super::bits::Bits;
use super::plan::{Leaf, Plan};
use super::segment::{Frequency, Outcome, Segment};
use super::spans::Expression;
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
                let length = tantivy::fieldnorm::FieldNormReader::id_to_fieldnorm(code);
                K1 * (1.0 - B + B * (f64::from(length) / average) as f32)
            })
            .collect();
        Self { weights, norms }
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
                let norm = self.norms.get(usize::from(code)).copied().unwrap_or(K1);
                let count = frequency.count as f32;
                let bonus = if frequency.exact { 1.0 + EXACT_BONUS } else { 1.0 };
                let score = weight * bonus * count * (K1 + 1.0) / (count + norm);
                if let Some(sum) = scores.get_mut(frequency.record as usize) {
                    *sum += score;
                }
            }
            if let Expression::Term(term) = &leaf.expression {
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
}

/// A phrase is better evidence than one word of the same rarity; its rarity already says most of it.
fn evidence(leaf: &Leaf) -> f32 {
    match leaf.expression {
        Expression::Term(_) | Expression::Any(_) => 1.0,
        Expression::Sequence { .. } | Expression::Near { .. } => 1.2,
    }
}
