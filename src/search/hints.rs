//! How often what only ranks stands in each passage.

use super::bits::Bits;
use super::error::Error;
use super::plan::{Leaf, LeafKind, Plan};
use super::segment::{Frequency, Outcome, Segment};
use super::work::Work;
use crate::analysis::fold::fold;
use crate::index::schema::column;

/// Said where there was too much to look at.
const LEFT_OUT: &str =
    "ranked by the words typed alone: what else speaks of them is too much to look at";

/// Adds the lists of the plan's hints that `lists` (one a segment) does not hold yet. Where they would
/// ask for too much, the hints are left out, with a warning: a query is never refused for them.
pub(super) fn add(
    segments: &[Segment<'_>],
    plan: &mut Plan,
    lists: &mut [Vec<Vec<Frequency>>],
    spare: &Work,
    warnings: &mut Vec<String>,
) -> Outcome<()> {
    let n_known = lists.first().map_or(0, Vec::len);
    let new = plan.hints.get(n_known..).unwrap_or_default();
    for (segment, lists) in segments.iter().zip(lists) {
        let segment = Segment { work: spare, ..*segment };
        match lists_of(&segment, new) {
            Ok(mut found) => lists.append(&mut found),
            Err(Error::TooMuch) => {
                plan.hints.truncate(n_known);
                warnings.push(LEFT_OUT.to_owned());
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The hints as a reader is told of them; parts of compounds and feedback are told elsewhere.
pub(super) fn shown(plan: &Plan) -> Vec<String> {
    let shown = plan.hints.iter().filter_map(|hint| match &hint.kind {
        LeafKind::Related(words) => Some(format!("{}: {words}", hint.typed)),
        LeafKind::Place(paths) => {
            Some(format!("{}: passages on {}", hint.typed, paths.first()?.rsplit('/').next()?))
        }
        LeafKind::Clause | LeafKind::Part | LeafKind::Feedback => None,
    });
    shown.collect()
}

fn lists_of(segment: &Segment<'_>, hints: &[Leaf]) -> Outcome<Vec<Vec<Frequency>>> {
    let places: Vec<&[String]> = hints
        .iter()
        .filter_map(|hint| match &hint.kind {
            LeafKind::Place(paths) => Some(paths.as_slice()),
            _ => None,
        })
        .collect();
    let mut places = if places.is_empty() { Vec::new() } else { speaking_of(segment, &places)? };
    places.reverse();
    let mut lists = Vec::with_capacity(hints.len());
    for hint in hints {
        lists.push(match &hint.kind {
            LeafKind::Place(_) => places.pop().unwrap_or_default(),
            _ => super::frequencies(segment, hint, &mut [])?,
        });
    }
    Ok(lists)
}

/// For each place, given by its region paths, the passages that speak of it, in one look at all.
fn speaking_of(segment: &Segment<'_>, places: &[&[String]]) -> Outcome<Vec<Vec<Frequency>>> {
    let mut found = vec![Bits::empty(segment.len()); places.len()];
    if let Some(labels) = segment.labels(column::REGION)? {
        let wanted: Vec<Vec<String>> =
            places.iter().map(|paths| paths.iter().map(|path| fold(path)).collect()).collect();
        let is_below = |value: &str, path: &String| {
            value.strip_prefix(path.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('/'))
        };
        // For each value of the column, the places it lies in.
        let mut lies_in: Vec<Vec<usize>> = Vec::with_capacity(labels.num_terms());
        let mut value = String::new();
        for ord in 0..labels.num_terms() as u64 {
            value.clear();
            labels.ord_to_str(ord, &mut value)?;
            let value = fold(&value);
            let holds =
                |(_, paths): &(usize, &Vec<String>)| paths.iter().any(|p| is_below(&value, p));
            lies_in.push(wanted.iter().enumerate().filter(holds).map(|(at, _)| at).collect());
        }
        for record in 0..segment.len() {
            for ord in labels.term_ords(record) {
                for place in lies_in.get(ord as usize).into_iter().flatten() {
                    if let Some(bits) = found.get_mut(*place) {
                        bits.insert(record);
                    }
                }
            }
        }
    }
    let alive = |record: &u32| !segment.reader.is_deleted(*record);
    let listed = |bits: Bits| {
        let records = bits.iter().filter(alive);
        records.map(|record| Frequency { record, count: 1 }).collect()
    };
    Ok(found.into_iter().map(listed).collect())
}
