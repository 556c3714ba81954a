//! Scores of passages.
//!
//! BM25 (Robertson and Zaragoza 2009) with live statistics: how many passages and documents hold a
//! clause is counted, not taken from dictionaries that still know replaced ones. The forms of a stem
//! count as one term.
//!
//! A passage is judged by its own words, a share of those of its neighbours (a passage border is
//! nobody's intention) and of the title and headings above it, all in one frequency, so that they
//! saturate together; and by its document as a whole, whose part is larger where documents are asked
//! for. Hints (see [`Plan::hints`]) rank and never match, none above the clause that called for it. A
//! passage that holds all words of a longer query goes before one that holds some of them often. What
//! stands close together adds a little; see [`super::proximity`]. The measured gains are in ARCHITECTURE.

use std::collections::BTreeMap;

use tantivy::fieldnorm::FieldNormReader;

use super::bits::Bits;
use super::collect::{Best, Candidate};
use super::crew::each_segment;
use super::plan::{Leaf, LeafKind, Plan};
use super::results::ScorePart;
use super::segment::{Frequency, Outcome, Segment};
use super::spans::Expression;
use super::terms::TermSpec;
use super::word::n_before;
use crate::document::Span;
use crate::index::Reader;

/// Saturation and length of passages: all are about as long, so that length says little.
const K1: f32 = 1.2;
const B: f32 = 0.5;
/// The same of documents, whose lengths differ and whose frequencies are higher.
const DOCUMENT_K1: f32 = 1.6;
const DOCUMENT_B: f32 = 0.75;
/// What a word of a neighbouring passage counts of one of the passage itself.
const NEIGHBOUR: f32 = 0.4;
/// What a word of title and headings counts in a passage, and one of the title in its document.
const CONTEXT: f32 = 0.35;
const TITLE: f32 = 2.0;
/// What is added to the score of a passage that holds all clauses, of that score; and how many clauses
/// there must be.
const ALL: f32 = 0.1;
const FEWEST_OF_ALL: usize = 3;
/// What is to be scored is little where a list has more than so many times as many entries.
const FEW: usize = 4;
/// Records that are scored together: what is noted of them stays in the processor's first cache.
const TOGETHER: u32 = 4_096;
/// The document's part of a score: where passages are asked for, and where documents are.
const OF_PASSAGES: f32 = 0.2;
const OF_DOCUMENTS: f32 = 0.8;

/// What ranks: a clause of the query, or a hint.
pub(super) struct Ranker<'a> {
    pub(super) leaf: &'a Leaf,
    /// Weight in passages and in documents: rarity, times the factor of the query.
    pub(super) weight: f32,
    document_weight: f32,
    /// How often it stands, a list a segment.
    evidence: Vec<Evidence<'a>>,
}

/// A clause or hint that ranks, with the lists of all such, one a segment, and its place in them.
type Ranking<'a> = (&'a Leaf, &'a [Vec<Vec<Frequency>>], usize);

/// How often a ranker stands in one segment.
struct Evidence<'a> {
    passages: &'a [Frequency],
    context: Vec<Frequency>,
    /// By place among the documents: in passages, and title words at their weight.
    documents: Vec<(u32, f32)>,
}

pub(super) struct Scorer<'a> {
    pub(super) rankers: Vec<Ranker<'a>>,
    /// Length part of the denominator, by the engine's code of lengths.
    norms: Vec<f32>,
    average_document: f32,
    /// The document's part of a score.
    share: f32,
    /// What proximity added to which record of which segment.
    pub(super) proximity: BTreeMap<(u32, u32), f32>,
}

impl<'a> Scorer<'a> {
    /// `leaves` and `hints`: for each segment, for each clause or hint, how often it stands where.
    pub(super) fn new(
        reader: &Reader,
        plan: &'a Plan,
        segments: &[Segment<'_>],
        leaves: &'a [Vec<Vec<Frequency>>],
        hints: &'a [Vec<Vec<Frequency>>],
        documents_wanted: bool,
    ) -> Outcome<Self> {
        let summary = reader.summary();
        let passages = summary.passages.max(1) as f64;
        let documents = summary.documents.max(1) as f64;
        let average = (summary.tokens as f64 / passages).max(1.0);
        let of_clauses = plan.leaves.iter().enumerate().map(|(at, leaf)| (leaf, leaves, at));
        let of_hints = plan.hints.iter().enumerate().map(|(at, leaf)| (leaf, hints, at));
        let ranking: Vec<Ranking<'_>> =
            of_clauses.filter(|(leaf, ..)| !leaf.negated).chain(of_hints).collect();
        let found = each_segment(reader.executor(), segments, |segment| {
            let evidence = |(leaf, lists, at): &Ranking<'a>| {
                let list = lists.get(segment.ord as usize).and_then(|lists| lists.get(*at));
                Evidence::new(segment, leaf, list.map_or(&[][..], Vec::as_slice))
            };
            ranking.iter().map(evidence).collect::<Outcome<Vec<_>>>()
        })?;
        let mut found: Vec<_> = found.into_iter().map(Vec::into_iter).collect();
        let mut rankers: Vec<Ranker<'_>> = Vec::new();
        for (leaf, ..) in &ranking {
            let evidence: Vec<Evidence<'_>> = found.iter_mut().filter_map(Iterator::next).collect();
            let factor = leaf.boost * firmness(leaf);
            let held = |count: &dyn Fn(&Evidence<'_>) -> usize| -> f64 {
                evidence.iter().map(count).sum::<usize>() as f64
            };
            let mut weight = factor * rarity(passages, held(&|e| e.passages.len()));
            let mut document_weight = factor * rarity(documents, held(&|e| e.documents.len()));
            if leaf.is_hint() {
                let most = strongest_within(&rankers, leaf.span);
                weight = weight.min(leaf.boost * most.0);
                document_weight = document_weight.min(leaf.boost * most.1);
            }
            rankers.push(Ranker { leaf, weight, document_weight, evidence });
        }
        let norms = (0..=255_u8)
            .map(|code| {
                let length = f64::from(FieldNormReader::id_to_fieldnorm(code));
                K1 * (1.0 - B + B * (length / average) as f32)
            })
            .collect();
        Ok(Self {
            rankers,
            norms,
            average_document: (summary.tokens as f64 / documents).max(1.0) as f32,
            share: if documents_wanted { OF_DOCUMENTS } else { OF_PASSAGES },
            proximity: BTreeMap::new(),
        })
    }

    /// Weight of each clause, in the order typed.
    pub(super) fn clause_weights(&self, plan: &Plan) -> Vec<f32> {
        let mut weights = Vec::new();
        let leaves = plan.leaves.iter().filter(|leaf| !leaf.negated);
        for (leaf, ranker) in leaves.zip(&self.rankers) {
            if weights.len() <= leaf.clause {
                weights.resize(leaf.clause + 1, 0.0);
            }
            if let Some(most) = weights.get_mut(leaf.clause) {
                *most = ranker.weight.max(*most);
            }
        }
        weights
    }

    /// The passages of `matched` that `best` keeps, each with its score, without proximity; and how many
    /// documents they all are of.
    ///
    /// Some thousand records are scored at a time, by one ranker after another, and of these what can no
    /// longer come among the best is left out before the next ranker.
    pub(super) fn candidates(
        &self,
        segment: &Segment<'_>,
        matched: &Bits,
        mut best: Best,
    ) -> Outcome<(Vec<Candidate>, u64)> {
        let lengths = segment.norms(segment.fields.body)?;
        let (owners, documents) = (segment.frame.owners(), segment.documents());
        let of_documents = self.of_documents(segment);
        let n_typed = self.n_typed();
        let all = if n_typed < FEWEST_OF_ALL { 1.0 } else { 1.0 + ALL };
        let mut walks = self.walks(segment.ord);
        // What rounding can make of a sum of so many, of the sum.
        let rounding = f32::EPSILON * (walks.len() + 40) as f32;
        let (mut rows, mut counts) = (Rows::default(), Counts::new());
        let (mut n_documents, mut last) = (0, u32::MAX);
        let owner_of = |record: u32| owners.get(record as usize).copied().unwrap_or(0);
        for from in (0..segment.len()).step_by(TOGETHER as usize) {
            rows.start(|records| matched.extend_within(from, from + TOGETHER, records));
            rows.norms.extend(rows.records.iter().map(|record| {
                let length = usize::from(lengths.fieldnorm_id(*record));
                self.norms.get(length).copied().unwrap_or(K1)
            }));
            rows.scores.extend(rows.records.iter().map(|record| {
                let owner = owner_of(*record);
                n_documents += u64::from(owner != last);
                last = owner;
                of_documents.get(owner as usize).copied().unwrap_or(0.0)
            }));
            for walk in &mut walks {
                if rows.records.is_empty() {
                    break;
                }
                self.add(walk, from, &mut rows, &mut counts);
                if let Some(lowest) = best.lowest()
                    && walk.to_come > 0.0
                {
                    let less = (lowest.abs() + walk.to_come) * rounding;
                    rows.keep(lowest / all - walk.to_come - less);
                }
            }
            for ((&record, &score), &n_held) in
                rows.records.iter().zip(&rows.scores).zip(&rows.n_held)
            {
                let holds_all = n_typed >= FEWEST_OF_ALL && n_held as usize == n_typed;
                let score = if holds_all { score * all } else { score };
                if best.has_a_chance(score) {
                    let document = documents.get(owner_of(record) as usize).copied().unwrap_or(0);
                    best.add(Candidate { segment: segment.ord, record, document, score });
                }
            }
        }
        Ok((best.finish(), n_documents))
    }

    /// The ways along what the rankers know of a segment.
    fn walks(&self, segment: u32) -> Vec<Walk<'_>> {
        let mut walks: Vec<Walk<'_>> = Vec::with_capacity(self.rankers.len());
        let mut to_come = 0.0;
        for ranker in self.rankers.iter().rev().filter(|ranker| ranker.weight > 0.0) {
            let Some(evidence) = ranker.evidence.get(segment as usize) else { continue };
            let (passages, context) = (evidence.passages, evidence.context.as_slice());
            walks.push(Walk { ranker, passages, context, to_come });
            to_come += self.most_of_passage(ranker);
        }
        walks.reverse();
        walks
    }

    /// Adds to the scores of `rows`, which are of [`TOGETHER`] records from `from` on, what one ranker says.
    fn add(&self, walk: &mut Walk<'_>, from: u32, rows: &mut Rows, counts: &mut Counts) {
        let list = walk.passages(from);
        let typed = u32::from(walk.ranker.leaf.is_typed());
        let Rows { records, norms, scores, n_held, frequencies } = rows;
        frequencies.clear();
        let found = records.iter().zip(n_held);
        if list.len() / FEW > records.len() {
            let mut near = Near(list);
            frequencies.extend(found.map(|(record, n_held)| {
                let (frequency, holds) = near.at(*record);
                *n_held += typed & u32::from(holds);
                frequency
            }));
        } else {
            counts.set(from, list);
            frequencies.extend(found.map(|(record, n_held)| {
                let (frequency, holds) = counts.near(*record);
                *n_held += typed & u32::from(holds);
                frequency
            }));
            counts.clear(list);
        }
        let above = walk.above(from);
        if !above.is_empty() {
            counts.set(from, above);
            for (frequency, record) in frequencies.iter_mut().zip(&*records) {
                *frequency += CONTEXT * counts.at(*record) as f32;
            }
            counts.clear(above);
        }
        let weight = (1.0 - self.share) * walk.ranker.weight;
        for ((score, &frequency), &norm) in scores.iter_mut().zip(&*frequencies).zip(&*norms) {
            *score += saturated(weight, frequency, norm);
        }
    }

    /// What each document adds to the scores of its passages, by place among the documents.
    fn of_documents(&self, segment: &Segment<'_>) -> Vec<f32> {
        let words_of_documents = segment.frame.lengths();
        let mut scores = vec![0.0_f32; segment.documents().len()];
        for ranker in self.rankers.iter().filter(|ranker| ranker.weight > 0.0) {
            let evidence = ranker.evidence.get(segment.ord as usize);
            for (document, frequency) in evidence.iter().flat_map(|e| &e.documents) {
                let index = *document as usize;
                if let (Some(score), Some(words)) =
                    (scores.get_mut(index), words_of_documents.get(index))
                {
                    *score += self.of_document(ranker, *frequency, *words as f32);
                }
            }
        }
        scores
    }

    /// More than a ranker adds to any passage: what it adds where a word stands without end.
    fn most_of_passage(&self, ranker: &Ranker<'_>) -> f32 {
        (1.0 - self.share) * ranker.weight * (K1 + 1.0)
    }

    /// How many clauses look for what was typed.
    fn n_typed(&self) -> usize {
        let typed = |ranker: &&Ranker<'_>| ranker.weight > 0.0 && ranker.leaf.is_typed();
        self.rankers.iter().filter(typed).count()
    }

    fn of_passage(&self, ranker: &Ranker<'_>, frequency: f32, length: u8) -> f32 {
        let norm = self.norms.get(usize::from(length)).copied().unwrap_or(K1);
        saturated((1.0 - self.share) * ranker.weight, frequency, norm)
    }

    fn of_document(&self, ranker: &Ranker<'_>, frequency: f32, words: f32) -> f32 {
        let length = words / self.average_document;
        let norm = DOCUMENT_K1 * (1.0 - DOCUMENT_B + DOCUMENT_B * length);
        let weight = self.share * ranker.document_weight;
        weight * frequency * (DOCUMENT_K1 + 1.0) / (frequency + norm)
    }

    /// The parts of the score of one passage, in words.
    pub(super) fn explain(&self, segment: &Segment<'_>, record: u32) -> Outcome<Vec<ScorePart>> {
        let mut parts = Vec::new();
        let ord = segment.ord;
        let length = segment.norms(segment.fields.body)?.fieldnorm_id(record);
        let document = segment.document_of(record);
        let words = words_of(segment, document);
        let index = segment.owner_of(record) as u32;
        let mut n_held = 0;
        for ranker in self.rankers.iter().filter(|ranker| ranker.weight > 0.0) {
            let Some(evidence) = ranker.evidence.get(ord as usize) else { continue };
            let here = count_at(evidence.passages, record);
            n_held += usize::from(here > 0 && ranker.leaf.is_typed());
            let mut beside = 0;
            if record > document + 1 {
                beside += count_at(evidence.passages, record - 1);
            }
            if record + 1 < segment.len() && segment.ordinal_of(record + 1) > 0 {
                beside += count_at(evidence.passages, record + 1);
            }
            let above = count_at(&evidence.context, record);
            let typed = &ranker.leaf.typed;
            let mut push = |reason: String, score: f32| {
                parts.push(ScorePart { typed: typed.clone(), reason, score });
            };
            let frequency = here as f32 + NEIGHBOUR * beside as f32 + CONTEXT * above as f32;
            if frequency > 0.0 {
                let places = [
                    (here, "in this passage", String::new()),
                    (beside, "in those beside it", format!(" (each counts {NEIGHBOUR})")),
                    (above, "in title and headings above", format!(" (each counts {CONTEXT})")),
                ];
                let places: Vec<String> = places
                    .iter()
                    .filter(|(n, ..)| *n > 0)
                    .map(|(n, place, note)| match ranker.leaf.kind {
                        LeafKind::Place(_) => format!("speaks of it {place}{note}"),
                        _ => format!("stands {} {place}{note}", times(f64::from(*n))),
                    })
                    .collect();
                push(
                    format!(
                        "{}{}; weight {:.3} for its rarity{}; the passage counts as {} words long",
                        hinted(ranker.leaf),
                        places.join(", "),
                        ranker.weight,
                        factor(ranker.leaf),
                        FieldNormReader::id_to_fieldnorm(length),
                    ),
                    self.of_passage(ranker, frequency, length),
                );
            }
            let at = evidence.documents.binary_search_by_key(&index, |(document, _)| *document);
            if let Some((_, frequency)) = at.ok().and_then(|at| evidence.documents.get(at)) {
                push(
                    format!(
                        "{}{} in the whole document{}; weight {:.3} for its rarity among \
                         documents{}; the document has {words} words; all of it counts {}",
                        hinted(ranker.leaf),
                        match ranker.leaf.kind {
                            LeafKind::Place(_) => format!("{frequency} passages speak of it"),
                            _ => format!("stands {}", times(f64::from(*frequency))),
                        },
                        match ranker.leaf.kind {
                            LeafKind::Place(_) | LeafKind::Related(_) => String::new(),
                            _ => format!(", each time in the title counted as {TITLE}"),
                        },
                        ranker.document_weight,
                        factor(ranker.leaf),
                        self.share,
                    ),
                    self.of_document(ranker, *frequency, words),
                );
            }
        }
        if n_held >= FEWEST_OF_ALL && n_held == self.n_typed() {
            let score = ALL * parts.iter().map(|part| part.score).sum::<f32>();
            let reason = format!("the passage holds all {n_held} clauses: {ALL} of the above more");
            parts.push(ScorePart { typed: self.typed(), reason, score });
        }
        if let Some(score) = self.proximity.get(&(ord, record)).filter(|score| **score > 0.0) {
            let reason = "words that follow one another in the query stand close together".into();
            parts.push(ScorePart { typed: self.typed(), reason, score: *score });
        }
        Ok(parts)
    }

    /// All clauses as typed.
    fn typed(&self) -> String {
        let clauses = self.rankers.iter().filter(|ranker| ranker.leaf.is_typed());
        let mut typed: Vec<&str> = clauses.map(|ranker| ranker.leaf.typed.as_str()).collect();
        typed.dedup();
        typed.join(" ")
    }
}

impl<'a> Evidence<'a> {
    fn new(segment: &Segment<'_>, leaf: &Leaf, passages: &'a [Frequency]) -> Outcome<Self> {
        let mut documents = by_document(segment, passages);
        let mut context = Vec::new();
        if let Some(term) = own_term(leaf) {
            context = segment.frequencies(term, segment.fields.context)?;
            let titles = segment.frequencies(term, segment.fields.title)?;
            if !titles.is_empty() {
                let place = |f: &Frequency| segment.owner_of(f.record) as u32;
                documents.extend(titles.iter().map(|f| (place(f), TITLE * f.count as f32)));
                documents.sort_by_key(|(document, _)| *document);
                documents.dedup_by(|next, kept| {
                    let same = next.0 == kept.0;
                    if same {
                        kept.1 += next.1;
                    }
                    same
                });
            }
        }
        Ok(Self { passages, context, documents })
    }
}

/// How often a word stands in the passages of each document that holds it, by place among the documents.
fn by_document(segment: &Segment<'_>, passages: &[Frequency]) -> Vec<(u32, f32)> {
    let owners = segment.frame.owners();
    let mut documents = Vec::new();
    let (mut last, mut sum) = (0, 0);
    for f in passages {
        let owner = owners.get(f.record as usize).copied().unwrap_or(0);
        if owner != last && sum > 0 {
            documents.push((last, sum as f32));
            sum = 0;
        }
        last = owner;
        sum += f.count;
    }
    if sum > 0 {
        documents.push((last, sum as f32));
    }
    documents
}

/// Passages that are scored together, a list for each thing known of them.
#[derive(Default)]
struct Rows {
    records: Vec<u32>,
    /// Length part of the denominator.
    norms: Vec<f32>,
    scores: Vec<f32>,
    /// Clauses that each holds.
    n_held: Vec<u32>,
    /// What the ranker at work says.
    frequencies: Vec<f32>,
}

impl Rows {
    /// Starts with other records, of which nothing is known yet.
    fn start(&mut self, fill: impl FnOnce(&mut Vec<u32>)) {
        self.records.clear();
        self.norms.clear();
        self.scores.clear();
        self.n_held.clear();
        fill(&mut self.records);
        self.n_held.resize(self.records.len(), 0);
    }

    /// Leaves out those with a lower score, where these are most.
    fn keep(&mut self, lowest: f32) {
        let n = self.scores.iter().map(|score| u32::from(*score >= lowest)).sum::<u32>() as usize;
        if n > self.records.len() / 2 {
            return;
        }
        let Self { records, norms, scores, n_held, .. } = self;
        retain(records, scores, lowest);
        retain(norms, scores, lowest);
        retain(n_held, scores, lowest);
        scores.retain(|score| *score >= lowest);
    }
}

/// Keeps what has no lower score.
fn retain<T>(list: &mut Vec<T>, scores: &[f32], lowest: f32) {
    let mut scores = scores.iter();
    list.retain(|_| scores.next().is_some_and(|score| *score >= lowest));
}

/// A way along what one ranker knows of a segment, forward only.
struct Walk<'a> {
    ranker: &'a Ranker<'a>,
    /// From the first that is still of account.
    passages: &'a [Frequency],
    context: &'a [Frequency],
    /// What the rankers behind this one can add to a passage at most.
    to_come: f32,
}

impl<'a> Walk<'a> {
    /// How often it stands in [`TOGETHER`] records from `from` on, the one before and the one behind.
    fn passages(&mut self, from: u32) -> &'a [Frequency] {
        within(&mut self.passages, from, 1)
    }

    /// How often it stands in title and headings above [`TOGETHER`] records from `from` on.
    fn above(&mut self, from: u32) -> &'a [Frequency] {
        within(&mut self.context, from, 0)
    }
}

/// What a list says of [`TOGETHER`] records from `from` on, and so many before and behind; what is before
/// them is left behind.
fn within<'a>(list: &mut &'a [Frequency], from: u32, beside: u32) -> &'a [Frequency] {
    let all = *list;
    let rest = all.get(n_before(all, |f| f.record + beside < from)..).unwrap_or_default();
    *list = rest;
    rest.get(..n_before(rest, |f| f.record < from + TOGETHER + beside)).unwrap_or_default()
}

/// How often a word stands in each of [`TOGETHER`] records from one on, one place a record, so that those
/// beside one are at hand. The first record has a place before it, the last one behind it.
struct Counts {
    counts: Vec<u32>,
    from: u32,
}

impl Counts {
    fn new() -> Self {
        Self { counts: vec![0; TOGETHER as usize + 2], from: 0 }
    }

    /// Takes the records from `from` on, and one before it, of which nothing is known yet.
    fn set(&mut self, from: u32, list: &[Frequency]) {
        self.from = from;
        for f in list {
            if let Some(count) = self.counts.get_mut((f.record + 1 - from) as usize) {
                *count = f.count;
            }
        }
    }

    fn clear(&mut self, list: &[Frequency]) {
        for f in list {
            if let Some(count) = self.counts.get_mut((f.record + 1 - self.from) as usize) {
                *count = 0;
            }
        }
    }

    /// How often the word stands in a passage.
    fn at(&self, record: u32) -> u32 {
        self.counts.get((record + 1 - self.from) as usize).copied().unwrap_or(0)
    }

    /// How often the word stands in a passage and, at their weight, in those beside it; and whether it
    /// stands in the passage itself. Of two records side by side that hold words of passages, both are of
    /// one document: a document record, which holds none, stands before each.
    fn near(&self, record: u32) -> (f32, bool) {
        let at = (record - self.from) as usize;
        match self.counts.get(at..at + 3) {
            Some([before, here, behind]) => weighed(*before, *here, *behind),
            _ => (0.0, false),
        }
    }
}

/// The same of few passages: a walk along those that hold the word, forward only, from the first that is
/// still of account.
struct Near<'l>(&'l [Frequency]);

impl Near<'_> {
    /// See [`Counts::near`].
    fn at(&mut self, record: u32) -> (f32, bool) {
        let is_before = |f: &Frequency| f.record + 1 < record;
        if self.0.first().is_some_and(is_before) {
            self.0 = self.0.get(n_before(self.0, is_before)..).unwrap_or_default();
        }
        let count = |record: u32| {
            let mut three = self.0.iter().take(3);
            three.find(|f| f.record == record).map_or(0, |f| f.count)
        };
        weighed(count(record.wrapping_sub(1)), count(record), count(record + 1))
    }
}

/// A word's counts in a passage and in those beside it as one frequency, and whether the passage itself holds it.
fn weighed(before: u32, here: u32, behind: u32) -> (f32, bool) {
    let beside = |count: u32| count as f32 * NEIGHBOUR;
    (beside(before) + here as f32 + beside(behind), here > 0)
}

/// Words in all passages of a document.
fn words_of(segment: &Segment<'_>, document: u32) -> f32 {
    segment.frame.tokens.first(document).unwrap_or(0) as f32
}

/// What a frequency is worth: less and less, the more there is of it.
fn saturated(weight: f32, frequency: f32, norm: f32) -> f32 {
    weight * frequency * (K1 + 1.0) / (frequency + norm)
}

fn rarity(all: f64, held: f64) -> f32 {
    (1.0 + (all - held + 0.5).max(0.0) / (held + 0.5)).ln() as f32
}

fn count_at(list: &[Frequency], record: u32) -> u32 {
    let at = list.binary_search_by_key(&record, |f| f.record);
    at.ok().and_then(|at| list.get(at)).map_or(0, |f| f.count)
}

fn times(n: f64) -> String {
    format!("{n} time{}", if n.total_cmp(&1.0).is_eq() { "" } else { "s" })
}

fn factor(leaf: &Leaf) -> String {
    let factor = leaf.boost * firmness(leaf);
    if factor.total_cmp(&1.0).is_eq() { String::new() } else { format!(" (times {factor})") }
}

fn hinted(leaf: &Leaf) -> String {
    match &leaf.kind {
        LeafKind::Clause => String::new(),
        LeafKind::Part | LeafKind::Place(_) => "only ranks: ".to_owned(),
        LeafKind::Related(words) => {
            format!("only ranks, as words of the same matter: {}: ", words.join(", "))
        }
        LeafKind::Feedback => "only ranks, as a word of the best passages: ".to_owned(),
    }
}

/// The greatest weights of clauses inside a part of the query: in passages, and in documents.
fn strongest_within(rankers: &[Ranker<'_>], span: Span) -> (f32, f32) {
    let clauses = rankers.iter().filter(|ranker| ranker.leaf.is_typed());
    let within = clauses
        .filter(|ranker| span.start <= ranker.leaf.span.start && ranker.leaf.span.end <= span.end);
    within.fold((0.0, 0.0), |most, ranker| {
        (most.0.max(ranker.weight), most.1.max(ranker.document_weight))
    })
}

/// The word of a leaf that title and headings are asked for.
pub(super) fn own_term(leaf: &Leaf) -> Option<&TermSpec> {
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
fn firmness(leaf: &Leaf) -> f32 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_neighbours_count_less_and_lists_leave_nothing_behind() {
        let list = [(0, 2), (1, 1), (5, 3)].map(|(record, count)| Frequency { record, count });
        let mut counts = Counts::new();
        counts.set(0, &list);
        let found: Vec<(f32, bool)> = (0..6).map(|record| counts.near(record)).collect();
        let expected = [
            (2.0 + NEIGHBOUR, true),
            (2.0 * NEIGHBOUR + 1.0, true),
            (NEIGHBOUR, false),
            (0.0, false),
            (3.0 * NEIGHBOUR, false),
            (3.0, true),
        ];
        let same = |(a, b): (&(f32, bool), &(f32, bool))| a.0.total_cmp(&b.0).is_eq() && a.1 == b.1;
        assert!(found.iter().zip(&expected).all(same), "{found:?}");
        counts.clear(&list);
        assert!(counts.counts.iter().all(|count| *count == 0));
    }

    proptest::proptest! {
        #[test]
        fn a_walk_finds_what_a_list_of_all_records_says(
            list in proptest::collection::btree_map(1_u32..200, 1_u32..9, 0..60),
            records in proptest::collection::btree_set(1_u32..199, 0..60),
        ) {
            let list: Vec<Frequency> =
                list.iter().map(|(&record, &count)| Frequency { record, count }).collect();
            let mut counts = Counts::new();
            counts.set(1, &list);
            let mut near = Near(&list);
            for record in records {
                let (found, expected) = (near.at(record), counts.near(record));
                proptest::prop_assert_eq!(found.0.to_bits(), expected.0.to_bits());
                proptest::prop_assert_eq!(found.1, expected.1);
            }
        }
    }
}
