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
mod error;
mod facets;
mod filter;
mod options;
mod plan;
mod rank;
mod results;
mod segment;
mod snippet;
mod spans;
mod terms;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use error::Error;
pub use options::{Condition, FacetField, Filters, SearchOptions, Sort};
pub use results::{FacetCount, Hit, Match, Results, Snippet};

use crate::analysis::Analyzer;
use crate::document::{Date, Document, Language};
use crate::index::Reader;
use crate::index::schema::column;
use crate::query::{Field, Query, Value};
use bits::Bits;
use collect::{Candidate, order};
use filter::Matching;
use plan::{Clause, Plan, Planner};
use rank::Scorer;
use segment::{Frequency, Segment};
use spans::{Expression, Stand};

/// Runs a query against an open index.
///
/// # Errors
///
/// When the query asks for what cannot be done, or the index cannot be read.
pub(crate) fn search(
    reader: &Reader,
    analyzer: &mut Analyzer,
    query: &Query,
    options: &SearchOptions,
) -> Result<Results, Error> {
    let plan = Planner::new(analyzer, languages(reader)).plan(query)?;
    let searcher = reader.searcher();
    let mut segments = Vec::new();
    for (ord, segment) in searcher.segment_readers().iter().enumerate() {
        segments.push(Segment::open(ord as u32, segment, reader.fields())?);
    }

    // How often each clause stands in each passage, in all segments, before anything is scored:
    // the statistics of a clause are those of the whole index.
    let mut leaves: Vec<Vec<Vec<Frequency>>> = Vec::with_capacity(segments.len());
    for segment in &segments {
        leaves.push(leaf_frequencies(segment, &plan)?);
    }
    let mut results = Results { offset: options.offset, ..Results::default() };
    results.warnings.clone_from(&plan.warnings);
    let scorer = Scorer::new(reader.summary(), &plan, &leaves);
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut facets = facets::Counter::new(&options.facets);
    let mut occurrences = 0_u64;
    for (segment, leaves) in segments.iter().zip(&leaves) {
        let mut matched = match &plan.root {
            Some(root) => matching(segment, root, leaves)?,
            None => segment.passages()?,
        };
        let (passing, undated) = filter::passing(segment, &options.filters)?;
        results.undated_excluded += undated;
        if let Some(passing) = passing {
            matched.and(&passing);
        }
        results.passages += matched.count();
        results.documents += segment.documents_of(&matched).count();
        if options.occurrences {
            for (leaf, list) in plan.leaves.iter().zip(leaves).filter(|(leaf, _)| !leaf.negated) {
                let _ = leaf;
                occurrences += list
                    .iter()
                    .filter(|f| matched.contains(f.record))
                    .map(|f| u64::from(f.count))
                    .sum::<u64>();
            }
        }
        facets.count(segment, &matched)?;
        if options.limit != Some(0) {
            let scores = scorer.scores(segment, &plan, leaves, &matched)?;
            candidates.extend(scores.into_iter().map(|(record, score)| Candidate {
                segment: segment.ord,
                record,
                document: segment.document_of(record),
                score,
            }));
        }
    }
    results.occurrences = options.occurrences.then_some(occurrences);
    results.facets = facets.finish();
    let chosen = order(&segments, candidates, options)?;
    results.hits = hits(reader, analyzer, &segments, &plan, &chosen, options)?;
    Ok(results)
}

fn leaf_frequencies(segment: &Segment<'_>, plan: &Plan) -> Result<Vec<Vec<Frequency>>, Error> {
    let mut all = Vec::with_capacity(plan.leaves.len());
    for leaf in &plan.leaves {
        let list = match &leaf.expression {
            Expression::Term(term) => segment.frequencies(term, segment.fields.body)?,
            expression => {
                let mut counts: Vec<Frequency> = Vec::new();
                segment.stands(expression, &mut |record, _| match counts.last_mut() {
                    Some(last) if last.record == record => last.count += 1,
                    _ => counts.push(Frequency { record, count: 1, exact: true }),
                })?;
                // A match is told by the passage in which it starts, so order may be lost by one.
                counts.sort_by_key(|f| f.record);
                counts.dedup_by(|b, a| {
                    let same = a.record == b.record;
                    if same {
                        a.count += b.count;
                    }
                    same
                });
                counts
            }
        };
        all.push(list);
    }
    Ok(all)
}

/// The passages of a segment that satisfy a clause.
fn matching(
    segment: &Segment<'_>,
    clause: &Clause,
    leaves: &[Vec<Frequency>],
) -> Result<Bits, Error> {
    match clause {
        Clause::Leaf(index) => {
            let mut bits = Bits::empty(segment.len());
            for frequency in leaves.get(*index).into_iter().flatten() {
                bits.insert(frequency.record);
            }
            Ok(bits)
        }
        Clause::All => Ok(segment.passages()?),
        Clause::Bool { must, should, must_not } => {
            let mut bits = None;
            for clause in must {
                let more = matching(segment, clause, leaves)?;
                match &mut bits {
                    None => bits = Some(more),
                    Some(bits) => bits.and(&more),
                }
            }
            if bits.is_none() && !should.is_empty() {
                let mut any = Bits::empty(segment.len());
                for clause in should {
                    any.or(&matching(segment, clause, leaves)?);
                }
                bits = Some(any);
            }
            let mut bits = match bits {
                Some(bits) => bits,
                None => segment.passages()?,
            };
            for clause in must_not {
                bits.and_not(&matching(segment, clause, leaves)?);
            }
            Ok(bits)
        }
        Clause::Title(expression) => {
            let mut documents = Bits::empty(segment.len());
            segment.titles(expression, &mut |record| documents.insert(record))?;
            Ok(live(segment, segment.passages_of(&documents)?))
        }
        Clause::Filter(field, value) => Ok(live(segment, by_field(segment, *field, value)?)),
    }
}

fn live(segment: &Segment<'_>, mut bits: Bits) -> Bits {
    segment.drop_replaced(&mut bits);
    bits
}

fn by_field(segment: &Segment<'_>, field: Field, value: &Value) -> Result<Bits, Error> {
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
            by_field(segment, field, &both)
        }
        Value::Text { text, whole, .. } => {
            let condition = plan::condition(text, *whole);
            let (name, matching, of_document) = match field {
                Field::Section => (column::SECTION, Matching::Headings, false),
                Field::Speaker => (column::SPEAKER, Matching::Words, false),
                Field::Country => (column::COUNTRY, Matching::Value, true),
                Field::Region => (column::REGION, Matching::Tree, false),
                Field::Topic => (column::TOPIC, Matching::Value, false),
                Field::Language => (column::LANGUAGE, Matching::Value, true),
                Field::Collection => (column::COLLECTION, Matching::Value, true),
                Field::Type => (column::TYPE, Matching::Value, true),
                _ => (column::PATH, Matching::Glob, true),
            };
            filter::by_field(segment, name, &condition, matching, of_document)
        }
    }
}

fn hits(
    reader: &Reader,
    analyzer: &mut Analyzer,
    segments: &[Segment<'_>],
    plan: &Plan,
    chosen: &[Candidate],
    options: &SearchOptions,
) -> Result<Vec<Hit>, Error> {
    let mut documents: BTreeMap<(u32, u32), Arc<Document>> = BTreeMap::new();
    let mut hits = Vec::with_capacity(chosen.len());
    for (index, candidate) in chosen.iter().enumerate() {
        let key = (candidate.segment, candidate.document);
        let document = match documents.get(&key) {
            Some(document) => Arc::clone(document),
            None => {
                let (record, _) = reader.document(candidate.segment, candidate.document)?;
                let document = Arc::new(record.into_document());
                documents.insert(key, Arc::clone(&document));
                document
            }
        };
        let Some(segment) = segments.get(candidate.segment as usize) else { continue };
        let hit = snippet::hit(reader, analyzer, segment, plan, *candidate, document, options)?;
        hits.push(Hit { rank: options.offset + index + 1, ..hit });
    }
    Ok(hits)
}

/// Where a query's words and phrases stand in a whole document.
pub(crate) fn matches_in(
    reader: &Reader,
    analyzer: &mut Analyzer,
    document: &Document,
    query: &Query,
) -> Result<Vec<Match>, Error> {
    let plan = Planner::new(analyzer, languages(reader)).plan(query)?;
    Ok(snippet::matches_of_document(analyzer, &plan, document))
}

fn languages(reader: &Reader) -> Vec<Option<Language>> {
    reader.summary().languages.keys().map(|code| Language::new(code)).collect()
}

/// Every stand of the plan's clauses that is to be marked, by clause.
fn each_stand(
    plan: &Plan,
    mut positions: impl FnMut(&Expression) -> Vec<Vec<(u32, u32)>>,
    mut visit: impl FnMut(usize, &Stand),
) {
    for leaf in plan.leaves.iter().filter(|leaf| !leaf.negated) {
        for stand in leaf.expression.find(&positions(&leaf.expression)) {
            visit(leaf.clause, &stand);
        }
    }
}
