//! Help when a search goes wrong: which part found nothing, what was perhaps meant, which filter to
//! drop. Nothing is changed in silence: these are sentences for the reader.

use std::collections::BTreeMap;

use super::bits::Bits;
use super::error::Error;
use super::filter;
use super::lists::Lists;
use super::options::{Condition, Filters, SearchOptions};
use super::plan::{Leaf, Plan};
use super::segment::Segment;
use super::spans::Expression;
use super::tally::Frequencies;
use super::terms::{Accept, TermSpec};
use crate::analysis::key::Form;
use crate::vocabulary::edits;

/// A word is offered when it stands in at least so many passages …
const MIN_PASSAGES: u32 = 3;
/// … and in so many times more than the one that was typed.
const MIN_RATIO: u32 = 10;
/// A query with more words that hardly stand anywhere is no slip of the keys: nothing is proposed.
const MOST_MISSPELLED: usize = 20;

/// A search that found nothing.
pub(super) struct Request<'a> {
    pub(super) segments: &'a [Segment<'a>],
    pub(super) plan: &'a Plan,
    pub(super) leaves: &'a [Vec<Frequencies>],
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
                None => segment.passages(),
            };
            if let (Some(passing), _) = filter::passing(segment, filters)? {
                found.and(&passing);
            }
            n += found.count();
        }
        Ok(n)
    }
}

fn held(leaves: &[Vec<Frequencies>], leaf: usize) -> usize {
    leaves.iter().map(|lists| lists.get(leaf).map_or(0, Frequencies::n_passages)).sum()
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
            let opened = segment.open(expression)?;
            segment.matches(expression, opened, None, &mut |record, _| records.insert(record))?;
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
    leaves: &[Vec<Frequencies>],
) -> Result<Vec<String>, Error> {
    let wanted: Vec<(usize, &Leaf)> =
        plan.leaves.iter().enumerate().filter(|(_, leaf)| !leaf.negated).collect();
    let mut rare: Vec<Rare<'_>> = Vec::new();
    for (index, leaf) in &wanted {
        let n = held(leaves, *index);
        if n > 2 || n > 0 && wanted.len() > 1 {
            continue;
        }
        let mut terms = Vec::new();
        leaf.expression.terms(&mut terms);
        for term in terms {
            if matches!(term.accept, Accept::Matching(_))
                || rare.iter().any(|known| known.typed == term.folded)
            {
                continue;
            }
            let held = n_passages(segments, term)?;
            if held <= 2 {
                rare.extend(Rare::new(&term.folded, held));
            }
        }
        if rare.len() > MOST_MISSPELLED {
            return Ok(Vec::new());
        }
    }
    let nearest = nearest(segments, &rare)?.into_iter().zip(&rare);
    let help = nearest.filter_map(|(word, rare)| {
        word.map(|word| format!("did you mean \"{word}\" instead of \"{}\"?", rare.typed))
    });
    Ok(help.collect())
}

/// A word that hardly any passage holds.
struct Rare<'t> {
    typed: &'t str,
    held: u32,
    length: usize,
    letters: u32,
    /// How many letters may differ.
    allowed: usize,
}

impl<'t> Rare<'t> {
    /// Short words and numbers have neighbours that nobody meant.
    fn new(typed: &'t str, held: u32) -> Option<Self> {
        let length = typed.chars().count();
        let allowed = match length {
            0..=2 => return None,
            3..=4 => 1,
            _ => 2,
        };
        let letters = super::pattern::letters(typed);
        let has_number = typed.chars().any(char::is_numeric);
        (!has_number).then_some(Self { typed, held, length, letters, allowed })
    }

    /// The letters that differ in a word of the index, if they are few.
    fn distance(&self, word: &str, letters: u32, length: usize) -> Option<usize> {
        // Cheap tests first: there are some hundred thousand words.
        if length.abs_diff(self.length) > self.allowed
            || (letters ^ self.letters).count_ones() as usize > 2 * self.allowed
        {
            return None;
        }
        let distance = edits(self.typed, word);
        (distance > 0 && distance <= self.allowed).then_some(distance)
    }

    fn worth(&self, word: &str, distance: usize, held: u32) -> f64 {
        let same_first = word.chars().next() == self.typed.chars().next();
        f64::from(held).ln() - 4.0 * distance as f64 + f64::from(u8::from(same_first))
    }
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

/// For each word the one of the index that is most likely meant: near in letters (Damerau 1964),
/// frequent, with the same first letter. The words of the index are passed once for all of them.
fn nearest(segments: &[Segment<'_>], rare: &[Rare<'_>]) -> Result<Vec<Option<String>>, Error> {
    let mut near: Vec<BTreeMap<String, (usize, u32)>> = vec![BTreeMap::new(); rare.len()];
    let mut form = Form::default();
    for segment in segments.iter().filter(|_| !rare.is_empty()) {
        let mut stream = segment.body().terms().stream()?;
        while stream.advance() {
            if !form.read(stream.key()) || form.length > 1 {
                continue;
            }
            let letters = super::pattern::letters(&form.folded);
            let length = form.folded.chars().count();
            for (rare, near) in rare.iter().zip(&mut near) {
                if let Some(distance) = rare.distance(&form.folded, letters, length) {
                    let entry = near.entry(form.folded.clone()).or_insert((distance, 0));
                    entry.1 += segment.n_living(stream.value())?;
                }
            }
        }
    }
    let best = rare.iter().zip(near).map(|(rare, near)| {
        near.into_iter()
            .filter(|(_, (_, n))| *n >= MIN_PASSAGES && *n > MIN_RATIO * rare.held)
            .max_by(|(a, x), (b, y)| {
                let worths = rare.worth(a, x.0, x.1).total_cmp(&rare.worth(b, y.0, y.1));
                worths.then_with(|| b.cmp(a))
            })
            .map(|(word, _)| word)
    });
    Ok(best.collect())
}
