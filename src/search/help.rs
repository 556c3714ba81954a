//! Help when a search goes wrong: which part found nothing, what was perhaps meant, which filter to
//! drop. Nothing is changed in silence: these are sentences for the reader.

use std::collections::BTreeMap;

use super::bits::Bits;
use super::error::Error;
use super::filter;
use super::lists::Lists;
use super::options::{Condition, Filters, SearchOptions};
use super::plan::{Leaf, Plan};
use super::segment::{Frequency, Segment};
use super::spans::Expression;
use super::terms::{Accept, TermSpec};
use crate::analysis::key::Form;
use crate::vocabulary::edits;

/// A word is offered when it stands in at least so many passages …
const MIN_PASSAGES: u32 = 3;
/// … and in so many times more than the one that was typed.
const MIN_RATIO: u32 = 10;

/// A search that found nothing.
pub(super) struct Request<'a> {
    pub(super) segments: &'a [Segment<'a>],
    pub(super) plan: &'a Plan,
    pub(super) leaves: &'a [Vec<Vec<Frequency>>],
    pub(super) options: &'a SearchOptions,
}

impl Request<'_> {
    fn held(&self, leaf: usize) -> usize {
        held(self.leaves, leaf)
    }

    /// Passages that the query finds with other filters.
    fn found_with(&self, filters: &Filters) -> Result<u64, Error> {
        let mut n = 0;
        for (segment, leaves) in self.segments.iter().zip(self.leaves) {
            let mut found = match &self.plan.root {
                Some(root) => super::matching(segment, root, leaves, filters.likely)?,
                None => segment.passages()?,
            };
            if let (Some(passing), _) = filter::passing(segment, filters)? {
                found.and(&passing);
            }
            n += found.count();
        }
        Ok(n)
    }
}

fn held(leaves: &[Vec<Vec<Frequency>>], leaf: usize) -> usize {
    leaves.iter().map(|lists| lists.get(leaf).map_or(0, Vec::len)).sum()
}

fn passages(n: u64) -> String {
    format!("{n} passage{}", if n == 1 { "" } else { "s" })
}

/// Contested names side by side, with how often each stands in the index.
pub(super) fn contested(
    segments: &[Segment<'_>],
    names: &[(String, Expression)],
) -> Result<String, Error> {
    let mut counts = Vec::new();
    for (name, expression) in names {
        let mut n = 0;
        for segment in segments {
            let mut records = Bits::empty(segment.len());
            segment.matches(expression, None, &mut |record, _| records.insert(record))?;
            n += records.count();
        }
        counts.push(format!("\"{name}\" ({})", passages(n)));
    }
    let quoted: Vec<String> = names.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    Ok(format!(
        "contested names are never merged: {}; for all of them search {}",
        counts.join(", "),
        quoted.join(" OR ")
    ))
}

/// Why nothing was found, and what would have been found otherwise.
pub(super) fn nothing_found(
    request: &Request<'_>,
    lists: &dyn Lists,
) -> Result<Vec<String>, Error> {
    let mut help = misspelled(request.segments, request.plan, request.leaves)?;
    let wanted: Vec<(usize, &Leaf)> =
        request.plan.leaves.iter().enumerate().filter(|(_, leaf)| !leaf.negated).collect();
    for (index, leaf) in &wanted {
        if request.held(*index) > 0 {
            continue;
        }
        let mut terms = Vec::new();
        leaf.expression.terms(&mut terms);
        let mut all_words_held = terms.len() > 1;
        for term in terms {
            all_words_held &= n_passages(request.segments, term)? > 0;
        }
        help.push(if all_words_held {
            format!(
                "nothing holds {}: its words are there, but never so; try them without quotes or \
                 operators",
                leaf.typed
            )
        } else {
            format!("nothing holds {}", leaf.typed)
        });
    }
    let filters = &request.options.filters;
    if wanted.iter().all(|(index, _)| request.held(*index) > 0) && wanted.len() > 1 {
        let parts: Vec<String> = wanted
            .iter()
            .map(|(index, leaf)| format!("{} in {}", leaf.typed, request.held(*index)))
            .collect();
        if request.found_with(&Filters::default())? == 0 {
            help.push(format!(
                "every part is found, but never together in one passage ({} passages); try OR",
                parts.join(", ")
            ));
        }
    }
    if *filters != Filters::default() {
        let likely = Filters { likely: true, ..filters.clone() };
        let n = if filters.likely { 0 } else { request.found_with(&likely)? };
        if n > 0 {
            help.push(format!("with --likely there are {}", passages(n)));
        }
        for (flag, without) in dropped(filters) {
            let n = request.found_with(&without)?;
            if n > 0 {
                help.push(format!("without {flag} there are {}", passages(n)));
            }
        }
        other_side(request, lists, &mut help)?;
    }
    Ok(help)
}

/// The filters, each left out in turn, by the name of the flag.
fn dropped(filters: &Filters) -> Vec<(&'static str, Filters)> {
    let mut all = Vec::new();
    let mut without = |flag, is_set: bool, change: &dyn Fn(&mut Filters)| {
        if is_set {
            let mut rest = filters.clone();
            change(&mut rest);
            all.push((flag, rest));
        }
    };
    without("--section", !filters.section.is_empty(), &|f| f.section.clear());
    without("--region", !filters.region.is_empty(), &|f| f.region.clear());
    without("--topic", !filters.topic.is_empty(), &|f| f.topic.clear());
    without("--country", !filters.country.is_empty(), &|f| f.country.clear());
    without("--speaker", !filters.speaker.is_empty(), &|f| f.speaker.clear());
    without("--language", !filters.language.is_empty(), &|f| f.language.clear());
    without("--collection", !filters.collection.is_empty(), &|f| f.collection.clear());
    without("--type", !filters.kind.is_empty(), &|f| f.kind.clear());
    without("--path", !filters.path.is_empty(), &|f| f.path.clear());
    without("--year", filters.year.is_some(), &|f| f.year = None);
    without("--from", filters.from.is_some(), &|f| f.from = None);
    without("--to", filters.to.is_some(), &|f| f.to = None);
    all
}

/// Whether the country as a subject would have been found, where it was asked for as a speaker, or
/// the other way round.
fn other_side(
    request: &Request<'_>,
    lists: &dyn Lists,
    help: &mut Vec<String>,
) -> Result<(), Error> {
    let filters = &request.options.filters;
    let plain = |list: &[Condition]| -> Vec<String> {
        list.iter().filter(|c| !c.negated).flat_map(|c| c.values.clone()).collect()
    };
    let condition = |values: Vec<String>| Condition { negated: false, whole: false, values };
    for code in plain(&filters.country) {
        if let Ok(regions) = lists.regions(&code) {
            let mut other = filters.clone();
            other.country.clear();
            other.region.push(condition(regions));
            let n = request.found_with(&other)?;
            if n > 0 {
                help.push(format!(
                    "--region {code} (spoken of) instead of --country: {}",
                    passages(n)
                ));
            }
        }
    }
    for path in plain(&filters.region) {
        let name = path.rsplit('/').next().unwrap_or_default();
        if let Ok(codes) = lists.countries(name) {
            let mut other = filters.clone();
            other.region.clear();
            other.country.push(condition(codes));
            let n = request.found_with(&other)?;
            if n > 0 {
                help.push(format!(
                    "--country \"{name}\" (speaking) instead of --region: {}",
                    passages(n)
                ));
            }
        }
    }
    Ok(())
}

/// Words of the query that hardly any passage holds, each with the word that was perhaps meant.
pub(super) fn misspelled(
    segments: &[Segment<'_>],
    plan: &Plan,
    leaves: &[Vec<Vec<Frequency>>],
) -> Result<Vec<String>, Error> {
    let mut help = Vec::new();
    let wanted: Vec<(usize, &Leaf)> =
        plan.leaves.iter().enumerate().filter(|(_, leaf)| !leaf.negated).collect();
    for (index, leaf) in &wanted {
        let n = held(leaves, *index);
        if n > 2 || n > 0 && wanted.len() > 1 {
            continue;
        }
        let mut terms = Vec::new();
        leaf.expression.terms(&mut terms);
        for term in terms {
            let typed = n_passages(segments, term)?;
            if typed > 2 || matches!(term.accept, Accept::Matching(_)) {
                continue;
            }
            if let Some(word) = nearest(segments, &term.folded, typed)? {
                help.push(format!("did you mean \"{word}\" instead of \"{}\"?", term.folded));
            }
        }
    }
    Ok(help)
}

/// Passages of the index that hold a word, one with several forms once a form; replaced ones left out.
fn n_passages(segments: &[Segment<'_>], term: &TermSpec) -> Result<u32, Error> {
    let mut n = 0;
    for segment in segments {
        for (info, _) in term.expand(segment.body(), segment.work)? {
            n += segment.n_living(&info)?;
        }
    }
    Ok(n)
}

/// The word of the index that is most likely meant by `typed`: near in letters (Damerau 1964),
/// frequent, with the same first letter.
fn nearest(segments: &[Segment<'_>], typed: &str, held: u32) -> Result<Option<String>, Error> {
    let length = typed.chars().count();
    let allowed = match length {
        0..=2 => return Ok(None),
        3..=4 => 1,
        _ => 2,
    };
    if typed.chars().any(char::is_numeric) {
        return Ok(None);
    }
    let letters = super::pattern::letters(typed);
    let mut near: BTreeMap<String, (usize, u32)> = BTreeMap::new();
    let mut form = Form::default();
    for segment in segments {
        let mut stream = segment.body().terms().stream()?;
        while stream.advance() {
            // Cheap tests first: there are some hundred thousand forms.
            if !form.read(stream.key())
                || form.length > 1
                || form.folded.len().abs_diff(typed.len()) > 4 * allowed
                || (super::pattern::letters(&form.folded) ^ letters).count_ones() as usize
                    > 2 * allowed
                || form.folded.chars().count().abs_diff(length) > allowed
            {
                continue;
            }
            let distance = edits(typed, &form.folded);
            if distance > 0 && distance <= allowed {
                let entry = near.entry(form.folded.clone()).or_insert((distance, 0));
                entry.1 += segment.n_living(stream.value())?;
            }
        }
    }
    let value = |word: &str, distance: usize, held: u32| {
        let same_first = word.chars().next() == typed.chars().next();
        f64::from(held).ln() - 4.0 * distance as f64 + f64::from(u8::from(same_first))
    };
    Ok(near
        .into_iter()
        .filter(|(_, (_, n))| *n >= MIN_PASSAGES && *n > MIN_RATIO * held)
        .max_by(|a, b| {
            value(&a.0, a.1.0, a.1.1)
                .total_cmp(&value(&b.0, b.1.0, b.1.1))
                .then_with(|| b.0.cmp(&a.0))
        })
        .map(|(word, _)| word))
}
