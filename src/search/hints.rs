//! How often what only ranks stands in each passage.

use std::sync::Arc;

use tantivy::Executor;

use super::bits::Bits;
use super::crew::each_segment;
use super::error::Error;
use super::plan::{Leaf, LeafKind, Plan};
use super::segment::{Frequency, Outcome, Segment};
use super::spans::Expression;
use super::tally::{Frequencies, Sum};
use crate::analysis::fold::fold;
use crate::index::{Kept, KeptCounts};

/// Said where there was too much to look at.
const LEFT_OUT: &str =
    "ranked by the words typed alone: what else speaks of them is too much to look at";

/// Adds the lists of the plan's hints that `lists` (one a segment) does not hold yet. Where they would
/// ask for more than the segments' budget, the hints are left out, with a warning: a query is never
/// refused for them.
pub(super) fn add(
    executor: &Executor,
    segments: &[Segment<'_>],
    plan: &mut Plan,
    lists: &mut [Vec<Frequencies>],
    warnings: &mut Vec<String>,
) -> Outcome<()> {
    let n_known = lists.first().map_or(0, Vec::len);
    let new = plan.hints.get(n_known..).unwrap_or_default();
    match each_segment(executor, segments, |segment| lists_of(segment, new)) {
        Ok(found) => {
            for (lists, mut found) in lists.iter_mut().zip(found) {
                lists.append(&mut found);
            }
        }
        Err(Error::TooMuch) => {
            plan.hints.truncate(n_known);
            warnings.push(LEFT_OUT.to_owned());
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// The hints as a reader is told of them; parts of compounds and feedback are told elsewhere.
pub(super) fn shown(plan: &Plan) -> Vec<String> {
    let shown = plan.hints.iter().filter_map(|hint| match &hint.kind {
        LeafKind::Related(words) => Some(format!("{}: {}", hint.typed, words.join(", "))),
        LeafKind::Place(paths) => {
            Some(format!("{}: passages on {}", hint.typed, paths.first()?.rsplit('/').next()?))
        }
        LeafKind::Clause | LeafKind::Part | LeafKind::Feedback => None,
    });
    shown.collect()
}

fn lists_of(segment: &Segment<'_>, hints: &[Leaf]) -> Outcome<Vec<Frequencies>> {
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
            LeafKind::Place(_) => places.pop().unwrap_or(Frequencies::none()),
            LeafKind::Related(names) => of_group(segment, names, &hint.expression)?,
            _ => super::frequencies_of(segment, &hint.expression, &mut [])?,
        });
    }
    Ok(lists)
}

/// For each place, given by its region paths, the passages that speak of it.
fn speaking_of(segment: &Segment<'_>, places: &[&[String]]) -> Outcome<Vec<Frequencies>> {
    let regions = segment.frame.regions(segment.reader)?;
    let is_below = |value: &str, path: &String| {
        value.strip_prefix(path.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('/'))
    };
    let mut all = Vec::with_capacity(places.len());
    for paths in places {
        let paths: Vec<String> = paths.iter().map(|path| fold(path)).collect();
        let mut found = Bits::empty(segment.len());
        for region in regions {
            if paths.iter().any(|path| is_below(&region.path, path)) {
                found.insert_all(&region.records);
            }
        }
        let alive = found.iter().filter(|record| !segment.reader.is_deleted(*record));
        let list = alive.map(|record| Frequency { record, count: 1 }).collect();
        all.push(Frequencies::Few(list));
    }
    Ok(all)
}

/// How often the words and phrases of a group stand in each passage. A phrase that begins with another
/// word or phrase of the group counts with that.
fn of_group(
    segment: &Segment<'_>,
    names: &[String],
    expression: &Expression,
) -> Outcome<Frequencies> {
    let Expression::Any(items) = expression else { return Ok(Frequencies::none()) };
    let mut sum = Sum::new(segment);
    for (at, (name, item)) in names.iter().zip(items).enumerate() {
        let others = items.iter().enumerate().filter(|(other, _)| *other != at);
        let is_part = |(other_at, other): (usize, &Expression)| {
            item.begins_with(other) && (other_at < at || !other.begins_with(item))
        };
        if !others.clone().any(is_part) {
            sum.add(&*of_member(segment, name, item)?);
        }
    }
    Ok(sum.finish())
}

/// How often a word or phrase of a group stands in each passage. The lists of groups are the same for
/// all queries, so they are kept; what they cost is paid each time, so that a query is answered alike
/// whatever was asked before.
fn of_member(
    segment: &Segment<'_>,
    name: &str,
    expression: &Expression,
) -> Outcome<Arc<KeptCounts>> {
    if let Some(kept) = segment.frame.kept(name) {
        segment.work.take(kept.cost)?;
        return Ok(kept.counts);
    }
    let before = segment.work.left();
    let list = super::frequencies_of(segment, expression, &mut [])?;
    let counts = Arc::new(list.into_kept());
    let kept = Kept { counts, cost: before - segment.work.left() };
    segment.frame.keep(name, &kept);
    Ok(kept.counts)
}
