//! Values of filters that nothing in the index has, each with the nearest that something has.

use std::collections::BTreeMap;

use super::error::Error;
use super::filter::{Matching, Test, folded_words};
use super::options::{Condition, Filters};
use super::segment::Segment;
use crate::analysis::fold::fold;
use crate::index::schema::{SEPARATOR, column};
use crate::vocabulary::edits;

/// So few values are named rather than the nearest of them.
const FEW: usize = 8;

/// For each value of an open filter that nothing in the index has: a sentence that says so.
pub(super) fn unknown_values(
    segments: &[Segment<'_>],
    filters: &Filters,
) -> Result<Vec<String>, Error> {
    let fields: [(&str, &str, &[Condition], Matching); 6] = [
        ("section", column::SECTION, &filters.section, Matching::Headings),
        ("speaker", column::SPEAKER, &filters.speaker, Matching::Words),
        ("language", column::LANGUAGE, &filters.language, Matching::Value),
        ("collection", column::COLLECTION, &filters.collection, Matching::Value),
        ("type", column::TYPE, &filters.kind, Matching::Value),
        ("path", column::PATH, &filters.path, Matching::Glob),
    ];
    let mut sentences = Vec::new();
    for (flag, name, conditions, matching) in fields {
        for condition in conditions {
            let Some(typed) = condition.values.first() else { continue };
            let test = Test::new(condition, matching)?;
            let Some(known) = unmet(segments, name, &test)? else { continue };
            let offer = offer(typed, &known, matching);
            sentences.push(format!("--{flag}: nothing in this index has \"{typed}\"{offer}"));
        }
    }
    Ok(sentences)
}

/// The values of a column, when none of them meets the test; with how many segments have each.
fn unmet(
    segments: &[Segment<'_>],
    name: &str,
    test: &Test,
) -> Result<Option<BTreeMap<String, usize>>, Error> {
    let mut known = BTreeMap::new();
    for segment in segments {
        let Some(labels) = segment.labels(name)? else { continue };
        let mut value = String::new();
        for ord in 0..labels.num_terms() as u64 {
            value.clear();
            labels.ord_to_str(ord, &mut value)?;
            if test.meets(&value) {
                return Ok(None);
            }
            *known.entry(value.clone()).or_insert(0) += 1;
        }
    }
    Ok(Some(known))
}

fn offer(typed: &str, known: &BTreeMap<String, usize>, matching: Matching) -> String {
    if let Some(near) = nearest(typed, known, matching) {
        return format!("; did you mean \"{near}\"?");
    }
    if matches!(matching, Matching::Value) && !known.is_empty() && known.len() <= FEW {
        let all: Vec<&str> = known.keys().map(String::as_str).collect();
        return format!("; it has {}", all.join(", "));
    }
    String::new()
}

/// The known value nearest to what was typed, within two edits (one for up to four letters).
fn nearest(typed: &str, known: &BTreeMap<String, usize>, matching: Matching) -> Option<String> {
    let wanted = match matching {
        Matching::Headings | Matching::Words => folded_words(typed).join(" "),
        _ => fold(typed.trim()),
    };
    let length = wanted.chars().count();
    let allowed = match length {
        0..=2 => return None,
        3..=4 => 1,
        _ => 2,
    };
    let n_words = wanted.split(' ').count();
    let mut best: Option<(usize, String)> = None;
    let mut look = |form: &str, value: &str| {
        if form.chars().count().abs_diff(length) > allowed {
            return;
        }
        let distance = edits(&wanted, form);
        if distance <= allowed && best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, value.to_owned()));
        }
    };
    for value in known.keys() {
        match matching {
            Matching::Headings => {
                for heading in value.split(SEPARATOR) {
                    for window in folded_words(heading).windows(n_words) {
                        look(&window.join(" "), heading);
                    }
                }
            }
            Matching::Words => {
                for window in folded_words(value).windows(n_words) {
                    look(&window.join(" "), value);
                }
            }
            Matching::Glob => {
                look(&fold(value), value);
                // Folders above it, and its own name.
                for (at, _) in value.match_indices('/') {
                    let folder = value.get(..at).unwrap_or_default();
                    look(&fold(folder), folder);
                }
                let name = value.rsplit('/').next().unwrap_or_default();
                look(&fold(name), name);
            }
            Matching::Value | Matching::Tree => look(&fold(value), value),
        }
    }
    best.map(|(_, value)| value)
}
