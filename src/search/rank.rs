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

use super::crew::each_segment;
use super::plan::{Leaf, LeafKind, Plan};
use super::results::ScorePart;
use super::segment::{Frequency, Outcome, Segment};
use super::spans::Expression;
use super::tally::Frequencies;
use super::terms::TermSpec;
use crate::document::Span;
use crate::index::Reader;

/// Saturation and length of passages: all are about as long, so that length says little.
const K1: f32 = 1.2;
const B: f32 = 0.5;
/// The same of documents, whose lengths differ and whose frequencies are higher.
const DOCUMENT_K1: f32 = 1.6;
const DOCUMENT_B: f32 = 0.75;
/// What a word of a neighbouring passage counts of one of the passage itself.
pub(super) const NEIGHBOUR: f32 = 0.4;
/// What a word of title and headings counts in a passage, and one of the title in its document.
pub(super) const CONTEXT: f32 = 0.35;
const TITLE: f32 = 2.0;
/// What is added to the score of a passage that holds all clauses, of that score; and how many clauses
/// there must be.
pub(super) const ALL: f32 = 0.1;
pub(super) const FEWEST_OF_ALL: usize = 3;
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
    pub(super) evidence: Vec<Evidence<'a>>,
}

/// Of a ranker that stands nowhere.
static NOTHING: Frequencies = Frequencies::none();

/// A clause or hint that ranks, with the lists of all such, one a segment, and its place in them.
type Ranking<'a> = (&'a Leaf, &'a [Vec<Frequencies>], usize);

/// How often a ranker stands in one segment.
pub(super) struct Evidence<'a> {
    pub(super) passages: &'a Frequencies,
    /// In title and headings above.
    pub(super) context: Frequencies,
    /// By place among the documents: in passages, and title words at their weight.
    documents: Vec<(u32, f32)>,
}

pub(super) struct Scorer<'a> {
    pub(super) rankers: Vec<Ranker<'a>>,
    /// Length part of the denominator, by the engine's code of lengths.
    norms: [f32; 256],
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
        leaves: &'a [Vec<Frequencies>],
        hints: &'a [Vec<Frequencies>],
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
                Evidence::new(segment, leaf, list.unwrap_or(&NOTHING))
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
            let mut weight = factor * rarity(passages, held(&|e| e.passages.n_passages()));
            let mut document_weight = factor * rarity(documents, held(&|e| e.documents.len()));
            if leaf.is_hint() {
                let most = strongest_within(&rankers, leaf.span);
                weight = weight.min(leaf.boost * most.0);
                document_weight = document_weight.min(leaf.boost * most.1);
            }
            rankers.push(Ranker { leaf, weight, document_weight, evidence });
        }
        let norms = std::array::from_fn(|code| {
            let length = f64::from(FieldNormReader::id_to_fieldnorm(code as u8));
            K1 * (1.0 - B + B * (length / average) as f32)
        });
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

    /// What each document adds to the scores of its passages, by place among the documents.
    pub(super) fn of_documents(&self, segment: &Segment<'_>) -> Vec<f32> {
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
    pub(super) fn most_of_passage(&self, ranker: &Ranker<'_>) -> f32 {
        self.weight_of_passage(ranker) * (K1 + 1.0)
    }

    /// How many clauses look for what was typed.
    pub(super) fn n_typed(&self) -> usize {
        let typed = |ranker: &&Ranker<'_>| ranker.weight > 0.0 && ranker.leaf.is_typed();
        self.rankers.iter().filter(typed).count()
    }

    /// The length part of the denominator, by the engine's code of a length.
    pub(super) fn norm(&self, length: u8) -> f32 {
        self.norms.get(usize::from(length)).copied().unwrap_or(K1)
    }

    /// The weight of a ranker's passages in the score.
    pub(super) fn weight_of_passage(&self, ranker: &Ranker<'_>) -> f32 {
        (1.0 - self.share) * ranker.weight
    }

    fn of_passage(&self, ranker: &Ranker<'_>, frequency: f32, length: u8) -> f32 {
        saturated(self.weight_of_passage(ranker), frequency, self.norm(length))
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
            let here = evidence.passages.at(record);
            n_held += usize::from(here > 0 && ranker.leaf.is_typed());
            let mut beside = 0;
            if record > document + 1 {
                beside += evidence.passages.at(record - 1);
            }
            if record + 1 < segment.len() && segment.ordinal_of(record + 1) > 0 {
                beside += evidence.passages.at(record + 1);
            }
            let above = evidence.context.at(record);
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
    fn new(segment: &Segment<'_>, leaf: &Leaf, passages: &'a Frequencies) -> Outcome<Self> {
        let mut documents = passages.by_document(segment);
        let mut context = Frequencies::none();
        if let Some(term) = own_term(leaf) {
            context = segment.frequencies(term, segment.fields.context)?;
            let titles = segment.frequencies(term, segment.fields.title)?.into_list();
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

/// Words in all passages of a document.
fn words_of(segment: &Segment<'_>, document: u32) -> f32 {
    segment.frame.tokens.first(document).unwrap_or(0) as f32
}

/// What a frequency is worth: less and less, the more there is of it.
pub(super) fn saturated(weight: f32, frequency: f32, norm: f32) -> f32 {
    weight * frequency * (K1 + 1.0) / (frequency + norm)
}

fn rarity(all: f64, held: f64) -> f32 {
    (1.0 + (all - held + 0.5).max(0.0) / (held + 0.5)).ln() as f32
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
