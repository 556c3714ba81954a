//! A query against the index to ranked passages, facets and snippets.
//!
//! What comes in: a [`Query`] and [`SearchOptions`]. What goes out: [`Results`] whose matches are
//! spans of the documents. It reads no files but the index and paints no colours.
//!
//! Every clause is read whole: counts are exact, statistics count live passages only, and equal
//! scores are ordered by path and place, so that the same documents give the same answer whatever
//! the history of the index.

mod bits;
mod collect;
mod crew;
mod error;
mod facets;
mod feedback;
mod filter;
mod help;
mod hints;
mod hit;
mod known;
mod kwic;
mod lists;
mod marks;
mod names;
mod options;
mod pattern;
mod phrase;
mod plan;
mod proximity;
mod rank;
mod results;
mod scoring;
mod segment;
mod snippet;
mod spans;
mod standing;
mod stretch;
mod tally;
mod terms;
mod word;
mod work;

pub use error::Error;
pub use kwic::{KwicKey, KwicLine, KwicOptions};
pub use lists::Lists;
pub use options::{Condition, FacetField, Filters, SearchOptions, Sort};
pub use results::{FacetCount, Hit, Listed, Match, OtherName, Results, ScorePart, Snippet};

use tantivy::Executor;

use crate::analysis::Analyzer;
use crate::document::{Date, Document, Language};
use crate::index::Reader;
use crate::index::schema::column;
use crate::query::{Field, Query, Value};
use bits::Bits;
use collect::{Best, Candidate, order};
use crew::each_segment;
use filter::Matching;
use marks::Marker;
use plan::{Clause, Plan, Planner};
use rank::Scorer;
use segment::{Frequency, Segment};
use spans::Expression;
use tally::Frequencies;
use work::Work;

/// Runs a query against an open index and hands its hits, in order, to `visit` until it returns
/// `false`; one is in memory at a time. What is returned holds everything but the hits.
///
/// # Errors
///
/// When the query asks for what cannot be done, or the index cannot be read.
pub(crate) fn search(
    reader: &Reader,
    analyzer: &mut Analyzer,
    lists: &dyn Lists,
    query: &Query,
    options: &SearchOptions,
    visit: &mut dyn FnMut(Hit) -> bool,
) -> Result<Results, Error> {
    answer(reader, analyzer, lists, query, (options, true), &mut |analyzer, found| {
        let Found { plan, segments, scorer, chosen, only_beside, results } = found;
        let unmarked = Plan::default();
        let marked = if only_beside { &unmarked } else { plan };
        let weights = scorer.clause_weights(plan);
        let maker = hit::Maker { reader, marker: Marker::new(marked), weights, options };
        for (candidate, rank) in chosen.into_iter().zip(options.offset + 1..) {
            let Some(segment) = segments.get(candidate.segment as usize) else { continue };
            let of = reader.shared_document(candidate.segment, candidate.document)?;
            let mut hit = maker.hit(analyzer, segment, candidate, of)?;
            hit.rank = rank;
            if options.explain {
                hit.explanation = scorer.explain(segment, candidate.record)?;
            }
            results.shown += 1;
            if !visit(hit) {
                break;
            }
        }
        Ok(())
    })
}

/// Runs a query like [`search`], but hands out the paths of its hits only: no text is fetched.
///
/// # Errors
///
/// When the query asks for what cannot be done, or the index cannot be read.
pub(crate) fn list(
    reader: &Reader,
    analyzer: &mut Analyzer,
    lists: &dyn Lists,
    query: &Query,
    options: &SearchOptions,
    visit: &mut dyn FnMut(Listed) -> bool,
) -> Result<Results, Error> {
    answer(reader, analyzer, lists, query, (options, true), &mut |_, found| {
        for (candidate, rank) in found.chosen.into_iter().zip(options.offset + 1..) {
            let Some(segment) = found.segments.get(candidate.segment as usize) else { continue };
            let path = segment.path_of(candidate.document)?;
            let passage = segment.ordinal_of(candidate.record) as usize;
            found.results.shown += 1;
            if !visit(Listed { rank, score: candidate.score, path, passage }) {
                break;
            }
        }
        Ok(())
    })
}

/// Runs a query and hands out its matches one by one, each with the words around it.
///
/// # Errors
///
/// When the query asks for what cannot be done, or the index cannot be read.
pub(crate) fn kwic(
    reader: &Reader,
    analyzer: &mut Analyzer,
    lists: &dyn Lists,
    query: &Query,
    options: (&SearchOptions, &KwicOptions),
    visit: &mut dyn FnMut(KwicLine) -> bool,
) -> Result<Results, Error> {
    let (options, lines) = options;
    let whole = SearchOptions {
        limit: None,
        offset: 0,
        per_document: None,
        group: false,
        sort: Sort::Path,
        occurrences: true,
        explain: false,
        ..options.clone()
    };
    answer(reader, analyzer, lists, query, (&whole, false), &mut |analyzer, found| {
        kwic::lines(reader, analyzer, found, lines, visit)
    })
}

/// What a query found, before anything of it is fetched.
struct Found<'a> {
    plan: &'a Plan,
    segments: &'a [Segment<'a>],
    scorer: &'a Scorer<'a>,
    /// The hits asked for, in order.
    chosen: Vec<Candidate>,
    /// Whether the hits are those beside which it stands: nothing in them is a match.
    only_beside: bool,
    results: &'a mut Results,
}

/// Runs a query and has `give` hand out what was found. With `wants_hits` passages are taken beside
/// which it stands, where there are no others.
fn answer(
    reader: &Reader,
    analyzer: &mut Analyzer,
    lists: &dyn Lists,
    query: &Query,
    (options, wants_hits): (&SearchOptions, bool),
    give: &mut dyn FnMut(&mut Analyzer, Found<'_>) -> Result<(), Error>,
) -> Result<Results, Error> {
    let languages = languages(reader);
    let mut plan = Planner::plan(analyzer, languages.clone(), lists, query)?;
    let work = Work::of(reader.summary().passages);
    let searcher = reader.searcher();
    let mut segments = Vec::new();
    for (ord, segment) in searcher.segment_readers().iter().enumerate() {
        let frame = reader.frame(ord as u32)?;
        segments.push(Segment {
            ord: ord as u32,
            reader: segment,
            fields: reader.fields(),
            frame,
            work: &work,
        });
    }

    // How often each clause stands in each passage, in all segments, before anything is scored:
    // the statistics of a clause are those of the whole index.
    let executor = reader.executor();
    let mut also = AlsoSearched::new(&plan);
    let found = each_segment(executor, &segments, |segment| leaf_frequencies(segment, &plan))?;
    let mut leaves: Vec<Vec<Frequencies>> = Vec::with_capacity(segments.len());
    for (lists, counts) in found {
        leaves.push(lists);
        also.add(&counts);
    }
    let mut results = Results { offset: options.offset, ..Results::default() };
    results.warnings.clone_from(&plan.warnings);
    results.warnings.extend(known::unknown_values(&segments, &options.filters)?);
    results.also_searched = also.finish(&plan, &segments)?;
    // What only ranks has a budget of its own: a query is never refused for it.
    let spare = Work::of(reader.summary().passages);
    let ranked: Vec<Segment<'_>> =
        segments.iter().map(|segment| Segment { work: &spare, ..*segment }).collect();
    let mut hints: Vec<Vec<Frequencies>> = segments.iter().map(|_| Vec::new()).collect();
    if options.ranks() {
        hints::add(executor, &ranked, &mut plan, &mut hints, &mut results.warnings)?;
        if options.expand {
            let best = {
                let options = SearchOptions { facets: Vec::new(), ..options.clone() };
                let options =
                    SearchOptions { limit: Some(feedback::PASSAGES), offset: 0, ..options };
                let mut scorer = Scorer::new(reader, &plan, &segments, &leaves, &hints, false)?;
                let ignored = &mut Results::default();
                let taken = take(executor, &segments, &plan, &leaves, &scorer, &options, ignored)?;
                let (mut best, _) = taken;
                scorer.add_proximity(&segments, &mut best, options.n_best())?;
                order(&segments, best, &options)?
            };
            let words = feedback::words(reader, analyzer, &segments, &languages, &plan, &best)?;
            results.expanded = words.iter().map(|hint| hint.typed.clone()).collect();
            plan.hints.extend(words);
            hints::add(executor, &ranked, &mut plan, &mut hints, &mut results.warnings)?;
        }
        results.ranked_by = hints::shown(&plan);
    }
    let mut scorer = Scorer::new(reader, &plan, &segments, &leaves, &hints, options.group)?;
    let (mut candidates, n_found) =
        take(executor, &segments, &plan, &leaves, &scorer, options, &mut results)?;
    let mut only_beside = false;
    // Filters have no say in it: what they leave out is no reason to look beside passages.
    if n_found == 0
        && wants_hits
        && let Some(wider) = leaves_beside(&segments, &plan, &leaves)?
    {
        (candidates, _) = take(executor, &segments, &plan, &wider, &scorer, options, &mut results)?;
        only_beside = true;
        // No place in a passage is a match.
        results.occurrences = options.occurrences.then_some(0);
        if results.passages > 0 {
            results.warnings.push(ONLY_BESIDE.to_owned());
        }
    }
    for names in &plan.contested {
        results.suggestions.push(help::contested(&segments, names)?);
    }
    if results.passages == 0 {
        let request = help::Request { segments: &segments, plan: &plan, leaves: &leaves, options };
        results.suggestions.extend(help::nothing_found(&request, lists)?);
    } else {
        results.suggestions.extend(help::misspelled(&segments, &plan, &leaves)?);
    }
    if options.sort == Sort::Relevance {
        scorer.add_proximity(&segments, &mut candidates, options.n_best())?;
    }
    let chosen = order(&segments, candidates, options)?;
    let found = Found {
        plan: &plan,
        segments: &segments,
        scorer: &scorer,
        chosen,
        only_beside,
        results: &mut results,
    };
    give(analyzer, found)?;
    Ok(results)
}

/// Said where only what stands beside passages holds what was looked for.
const ONLY_BESIDE: &str = "no passage holds this; it stands in a title, heading, byline, caption or \
                           such, and the passages that follow are shown";

/// Takes what matches: counts it, and returns the passages with their scores, and how many there were
/// before filters.
fn take(
    executor: &Executor,
    segments: &[Segment<'_>],
    plan: &Plan,
    leaves: &[Vec<Frequencies>],
    scorer: &Scorer<'_>,
    options: &SearchOptions,
    results: &mut Results,
) -> Result<(Vec<Candidate>, u64), Error> {
    let asks_for_topic =
        !options.filters.topic.is_empty() || plan.root.as_ref().is_some_and(Clause::asks_for_topic);
    let all = each_segment(executor, segments, |segment| {
        let leaves = leaves.get(segment.ord as usize).map_or(&[][..], Vec::as_slice);
        let found = match &plan.root {
            Some(root) => matching(segment, root, leaves, options.filters.likely)?,
            None => segment.passages(),
        };
        let (passing, undated) = filter::passing(segment, &options.filters)?;
        let mut taken = Taken { matched: found.clone(), found, undated, ..Taken::default() };
        if let Some(passing) = passing {
            taken.matched.and(&passing);
        }
        if asks_for_topic && !options.filters.likely {
            taken.likely = n_likely(segment, plan, leaves, options, &taken.matched)?;
        }
        if options.occurrences {
            taken.occurrences = count_matches(plan, leaves, &taken.matched);
        }
        taken.documents = segment.n_documents(&taken.matched);
        if options.limit != Some(0) {
            let wanted = options.n_best().filter(|_| options.sort == Sort::Relevance);
            let best = Best::new(wanted.map(|wanted| scorer.chance(wanted)));
            taken.candidates = scorer.candidates(segment, &taken.matched, best)?;
        }
        Ok(taken)
    })?;
    let mut n_found = 0;
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut facets = facets::Counter::new(&options.facets);
    let mut occurrences = 0_u64;
    (results.undated_excluded, results.likely_excluded) = (0, 0);
    (results.passages, results.documents) = (0, 0);
    for (segment, mut taken) in segments.iter().zip(all) {
        n_found += taken.found.count();
        results.undated_excluded += taken.undated;
        results.likely_excluded += taken.likely;
        results.passages += taken.matched.count();
        results.documents += taken.documents;
        occurrences += taken.occurrences;
        facets.count(segment, &taken.found, &taken.matched, &options.filters)?;
        if candidates.is_empty() {
            candidates = taken.candidates;
        } else {
            candidates.append(&mut taken.candidates);
        }
    }
    results.occurrences = options.occurrences.then_some(occurrences);
    results.facets = facets.finish();
    Ok((candidates, n_found))
}

/// What matches in one segment.
#[derive(Default)]
struct Taken {
    /// Passages before filters, and after.
    found: Bits,
    matched: Bits,
    /// Passages that a filter by date leaves out for want of one.
    undated: u64,
    /// Passages that would match with likely topics.
    likely: u64,
    occurrences: u64,
    documents: u64,
    candidates: Vec<Candidate>,
}

/// The passages of every clause together with those beside which it stands; nothing where no clause
/// stands beside any.
fn leaves_beside(
    segments: &[Segment<'_>],
    plan: &Plan,
    leaves: &[Vec<Frequencies>],
) -> Result<Option<Vec<Vec<Frequencies>>>, Error> {
    let mut any = false;
    let mut wider = Vec::with_capacity(leaves.len());
    for (segment, lists) in segments.iter().zip(leaves) {
        let mut of_segment = Vec::with_capacity(lists.len());
        // What is excluded is excluded beside passages too.
        for (leaf, list) in plan.leaves.iter().zip(lists) {
            let mut more = Vec::new();
            segment
                .beside(&leaf.expression, &mut |record| more.push(Frequency { record, count: 1 }))
                .map_err(|error| error.at(leaf.span))?;
            any |= !leaf.negated && !more.is_empty();
            of_segment.push(Frequencies::Few(segment::merge(&list.to_list(), &more)));
        }
        wider.push(of_segment);
    }
    Ok(any.then_some(wider))
}

/// Matches in `matched`, all clauses together.
fn count_matches(plan: &Plan, leaves: &[Frequencies], matched: &Bits) -> u64 {
    let mut n = 0;
    for (_, found) in plan.leaves.iter().zip(leaves).filter(|(leaf, _)| !leaf.negated) {
        found.for_each(|f| n += u64::from(if matched.contains(f.record) { f.count } else { 0 }));
    }
    n
}

/// Counts of the names that were searched besides the typed ones.
struct AlsoSearched {
    /// For each leaf, for each name: passages and matches.
    counts: Vec<Vec<(u64, u64)>>,
}

impl AlsoSearched {
    fn new(plan: &Plan) -> Self {
        let counts = plan.leaves.iter().map(|leaf| vec![(0, 0); leaf.others.len() + 1]).collect();
        Self { counts }
    }

    fn add(&mut self, more: &[Vec<(u64, u64)>]) {
        for (all, more) in self.counts.iter_mut().flatten().zip(more.iter().flatten()) {
            *all = (all.0 + more.0, all.1 + more.1);
        }
    }

    /// The names with their counts; those within larger clauses, such as `NEAR`, are counted here.
    fn finish(self, plan: &Plan, segments: &[Segment<'_>]) -> Result<Vec<OtherName>, Error> {
        let name = |other: &names::Other, (passages, occurrences): (u64, u64)| OtherName {
            typed: other.typed.clone(),
            name: other.label(),
            until: other.until,
            passages,
            occurrences,
        };
        let mut all = Vec::new();
        for (leaf, counts) in plan.leaves.iter().zip(self.counts) {
            let counted = leaf.others.iter().zip(counts.into_iter().skip(1));
            all.extend(counted.map(|(other, counts)| name(other, counts)));
        }
        for (other, expression) in &plan.inside {
            let mut counts = (0, 0);
            for segment in segments {
                let mut last = None;
                let opened = segment.open(expression)?;
                segment.matches(expression, opened, None, &mut |record, _| {
                    counts.0 += u64::from(last.replace(record) != Some(record));
                    counts.1 += 1;
                })?;
            }
            all.push(name(other, counts));
        }
        Ok(all)
    }
}

/// How often each clause stands in each passage; and of each clause, for each of its names, in how many
/// passages and how often.
type OfClauses = (Vec<Frequencies>, Vec<Vec<(u64, u64)>>);

fn leaf_frequencies(segment: &Segment<'_>, plan: &Plan) -> Result<OfClauses, Error> {
    let mut all = Vec::with_capacity(plan.leaves.len());
    let mut counts = AlsoSearched::new(plan).counts;
    for (leaf, names) in plan.leaves.iter().zip(&mut counts) {
        let found = frequencies_of(segment, &leaf.expression, names);
        all.push(found.map_err(|error| error.at(leaf.span))?);
    }
    Ok((all, counts))
}

/// How often an expression stands in each passage; adds to `names` in how many passages and how often
/// each of its names does.
fn frequencies_of(
    segment: &Segment<'_>,
    expression: &Expression,
    names: &mut [(u64, u64)],
) -> Result<Frequencies, Error> {
    match expression {
        Expression::Term(term) => Ok(segment.frequencies(term, segment.fields.body)?),
        Expression::Names(items) if items.iter().all(|i| matches!(i, Expression::Term(_))) => {
            let mut all = Frequencies::none();
            for (name, item) in items.iter().enumerate() {
                let Expression::Term(term) = item else { continue };
                let found = segment.frequencies(term, segment.fields.body)?;
                if let Some(count) = names.get_mut(name) {
                    count.0 += found.n_passages() as u64;
                    count.1 += found.n_matches();
                }
                all = all.merged(found, segment);
            }
            Ok(all)
        }
        expression => {
            if let Some(found) = segment.pair_frequencies(expression)? {
                return Ok(found);
            }
            // Where none of the other names stands, a pair of common words is counted without a look
            // at places. A pair reaches no further than the next passage, so that it can only be a part
            // of another name of which some word stands in its own passage or one beside it.
            let mut near = None;
            let mut plain: Vec<Frequency> = Vec::new();
            let mut opened = None;
            if let Expression::Names(items) = expression
                && let Some((typed, others)) = items.split_first()
                && let Some(found) = segment.pair_frequencies(typed)?
            {
                let mut any = false;
                for other in others {
                    any = any || segment.may_hold(other)?;
                }
                if !any {
                    return Ok(found);
                }
                let words = segment.open(expression)?;
                let mut beside = segment.passages_with(others, &words, typed.n_words())?;
                beside.spread_up(1);
                beside.spread_down(1);
                plain = found.into_list();
                plain.retain(|f| !beside.contains(f.record));
                near = Some(beside);
                opened = Some(words);
            }
            let opened = match opened {
                Some(opened) => opened,
                None => segment.open(expression)?,
            };
            // A pair that begins near may go on in the passage behind.
            let within = near.clone().map(|mut within| {
                within.spread_up(1);
                within
            });
            let mut list: Vec<Frequency> = Vec::new();
            // The last passage in which each name stood.
            let mut last: Vec<Option<u32>> = vec![None; names.len()];
            segment.matches(expression, opened, within.as_ref(), &mut |record, name| {
                if near.as_ref().is_some_and(|near| !near.contains(record)) {
                    return;
                }
                match list.last_mut().filter(|f| f.record == record) {
                    Some(f) => f.count += 1,
                    None => list.push(Frequency { record, count: 1 }),
                }
                let name = usize::from(name);
                if let (Some(count), Some(last)) = (names.get_mut(name), last.get_mut(name)) {
                    count.0 += u64::from(last.replace(record) != Some(record));
                    count.1 += 1;
                }
            })?;
            if !plain.is_empty() {
                list = segment::merge(&plain, &list);
            }
            Ok(Frequencies::Few(list))
        }
    }
}

/// The passages that match when likely topics are taken too, less those that match anyway.
fn n_likely(
    segment: &Segment<'_>,
    plan: &Plan,
    leaves: &[Frequencies],
    options: &SearchOptions,
    matched: &Bits,
) -> Result<u64, Error> {
    let mut wider = match &plan.root {
        Some(root) => matching(segment, root, leaves, true)?,
        None => segment.passages(),
    };
    let filters = Filters { likely: true, ..options.filters.clone() };
    if let (Some(passing), _) = filter::passing(segment, &filters)? {
        wider.and(&passing);
    }
    wider.and_not(matched);
    Ok(wider.count())
}

/// The passages of a segment that satisfy a clause; likely topics count as topics if `likely`.
fn matching(
    segment: &Segment<'_>,
    clause: &Clause,
    leaves: &[Frequencies],
    likely: bool,
) -> Result<Bits, Error> {
    match clause {
        Clause::Leaf(index) => {
            let found = leaves.get(*index).map(|found| found.passages(segment));
            Ok(found.unwrap_or_else(|| Bits::empty(segment.len())))
        }
        Clause::All => Ok(segment.passages()),
        Clause::Bool { must, should, must_not } => {
            let mut bits = None;
            for clause in must {
                let more = matching(segment, clause, leaves, likely)?;
                match &mut bits {
                    None => bits = Some(more),
                    Some(bits) => bits.and(&more),
                }
            }
            if bits.is_none() && !should.is_empty() {
                let mut any = Bits::empty(segment.len());
                for clause in should {
                    any.or(&matching(segment, clause, leaves, likely)?);
                }
                bits = Some(any);
            }
            let mut bits = match bits {
                Some(bits) => bits,
                None => segment.passages(),
            };
            for clause in must_not {
                bits.and_not(&matching(segment, clause, leaves, likely)?);
            }
            Ok(bits)
        }
        Clause::Title(expression) => {
            let mut documents = Bits::empty(segment.len());
            segment.titles(expression, &mut |record| documents.insert(record))?;
            Ok(live(segment, segment.passages_of(&documents)))
        }
        Clause::Filter(field, value, condition) => {
            Ok(live(segment, by_field(segment, *field, value, condition.as_ref(), likely)?))
        }
    }
}

fn live(segment: &Segment<'_>, mut bits: Bits) -> Bits {
    segment.drop_replaced(&mut bits);
    bits
}

fn by_field(
    segment: &Segment<'_>,
    field: Field,
    value: &Value,
    condition: Option<&Condition>,
    likely: bool,
) -> Result<Bits, Error> {
    match value {
        Value::Range { from, to } => {
            let mut filters = Filters::default();
            let date = |text: &Option<String>| -> Result<Option<Date>, Error> {
                let parsed = text.as_deref().map(str::parse).transpose();
                parsed.map_err(|e: crate::document::NotADate| Error::Filter(e.to_string()))
            };
            if field == Field::Year {
                let year = |text: &Option<String>| text.as_deref().and_then(|t| t.parse().ok());
                filters.year = Some((year(from), year(to)));
            } else {
                filters.from = date(from)?;
                filters.to = date(to)?;
            }
            let (bits, _) = filter::passing(segment, &filters)?;
            Ok(bits.unwrap_or_else(|| Bits::empty(segment.len())))
        }
        Value::Text { text, .. } if matches!(field, Field::Year | Field::Date) => {
            let both = Value::Range { from: Some(text.clone()), to: Some(text.clone()) };
            by_field(segment, field, &both, None, likely)
        }
        Value::Text { .. } => {
            let Some(condition) = condition else { return Ok(Bits::empty(segment.len())) };
            let (columns, matching, of_document): (&[&str], _, _) = match field {
                Field::Section => (&[column::SECTION], Matching::Headings, false),
                Field::Speaker => (&[column::SPEAKER], Matching::Words, false),
                Field::Country => (&[column::COUNTRY], Matching::Value, true),
                Field::Region => (&[column::REGION], Matching::Tree, false),
                Field::Topic => (filter::topic_columns(likely), Matching::Value, false),
                Field::Language => (&[column::LANGUAGE], Matching::Value, true),
                Field::Collection => (&[column::COLLECTION], Matching::Value, true),
                Field::Type => (&[column::TYPE], Matching::Value, true),
                _ => (&[column::PATH], Matching::Glob, true),
            };
            filter::by_field(segment, columns, condition, matching, of_document)
        }
    }
}

/// Where a query's words and phrases stand in a whole document.
pub(crate) fn matches_in(
    reader: &Reader,
    analyzer: &mut Analyzer,
    lists: &dyn Lists,
    document: &Document,
    query: &Query,
) -> Result<Vec<Match>, Error> {
    let plan = Planner::plan(analyzer, languages(reader), lists, query)?;
    Marker::new(&plan).matches_of_document(analyzer, document)
}

fn languages(reader: &Reader) -> Vec<Option<Language>> {
    reader.summary().languages.keys().map(|code| Language::new(code)).collect()
}
