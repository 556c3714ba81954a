//! Words of the best passages, to rank with: relevance feedback without a judge.
//!
//! RM3 (Lavrenko and Croft 2001; Abdul-Jaleel and others 2004): how likely a word is in the best
//! passages, each weighed by its score, is a model of what the reader is after; the likeliest words are
//! mixed with the query. It helps broad questions and harms narrow ones, so it is asked for (`--expand`)
//! and the words are shown.

use std::collections::BTreeMap;

use super::collect::Candidate;
use super::error::Error;
use super::plan::{Leaf, LeafKind, Plan};
use super::segment::Segment;
use super::spans::Expression;
use super::terms::{Accept, TermSpec};
use crate::analysis::stopwords::is_stop_word;
use crate::analysis::words::for_each_word;
use crate::analysis::{Analyzer, base_form};
use crate::document::{Language, Span};
use crate::index::{Reader, Shared};

/// Passages whose words are taken, and how many words.
pub(super) const PASSAGES: usize = 10;
const WORDS: usize = 20;
/// The share of the words in the mixture.
const SHARE: f32 = 0.2;
/// A word in more of all passages says too little, one in fewer is a chance.
const COMMONEST: f64 = 0.1;
const FEWEST: usize = 2;
const SHORTEST: usize = 3;

/// A word of the best passages.
#[derive(Default)]
struct Found {
    /// How likely it is.
    likely: f32,
    /// Its forms, each with how often it stands; the commonest is shown.
    forms: BTreeMap<String, u32>,
}

/// The words that rank too, likeliest first.
pub(super) fn words(
    reader: &Reader,
    analyzer: &mut Analyzer,
    segments: &[Segment<'_>],
    languages: &[Option<Language>],
    plan: &Plan,
    best: &[Candidate],
) -> Result<Vec<Leaf>, Error> {
    let sum: f32 = best.iter().map(|candidate| candidate.score).sum();
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for candidate in best.iter().filter(|candidate| candidate.score > 0.0) {
        let Candidate { segment, record, document: lead, .. } = *candidate;
        let Shared { document, names } = reader.shared_document(segment, lead)?;
        let language = document.metadata.language.as_ref().map(|language| language.value);
        let (passage, chunk) = reader.passage(&names, (segment, lead), (record - lead) as usize)?;
        let text = Span::new(0, passage.span.len()).of(&chunk);
        let mut words = Vec::new();
        for_each_word(text, Span::new(0, text.len()), &[], true, &mut |word| {
            if word.length == 1 {
                words.push(base_form(word.text));
            }
        });
        let part = candidate.score / sum / words.len().max(1) as f32;
        for word in words {
            let says = word.chars().count() >= SHORTEST && word.chars().all(char::is_alphabetic);
            if says && !is_stop_word(&word) {
                let found = found.entry(analyzer.stem(&word, language)).or_default();
                found.likely += part;
                *found.forms.entry(word).or_default() += 1;
            }
        }
    }
    let mut likeliest: Vec<(f32, String)> = Vec::new();
    for found in found.into_values() {
        // Of equally common forms the first in the alphabet.
        let form = found.forms.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
        likeliest.extend(form.map(|(form, _)| (found.likely, form)));
    }
    likeliest.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let passages = reader.summary().passages as f64;
    let mut chosen: Vec<(f32, String, TermSpec)> = Vec::new();
    for (likely, word) in likeliest {
        let mut stems: Vec<String> = Vec::new();
        for language in languages {
            let stem = analyzer.stem(&word, *language);
            if !stems.contains(&stem) {
                stems.push(stem);
            }
        }
        let term = TermSpec { folded: word.clone(), accept: Accept::Stems(stems) };
        let mut held = 0;
        for segment in segments {
            held += segment.frequencies(&term, segment.fields.body)?.n_passages();
        }
        if held >= FEWEST && held as f64 <= passages * COMMONEST {
            chosen.push((likely, word, term));
        }
        if chosen.len() == WORDS {
            break;
        }
    }
    let total: f32 = chosen.iter().map(|(likely, ..)| likely).sum();
    let n_clauses = plan.leaves.iter().filter(|leaf| !leaf.negated).count() as f32;
    let all = plan.leaves.iter().map(|leaf| leaf.span).reduce(Span::cover).unwrap_or_default();
    let hint = |(likely, word, term): (f32, String, TermSpec)| Leaf {
        expression: Expression::Term(term),
        boost: SHARE / (1.0 - SHARE) * n_clauses * likely / total,
        clause: all.start,
        negated: false,
        kind: LeafKind::Feedback,
        typed: word,
        span: all,
        others: Vec::new(),
    };
    Ok(chosen.into_iter().map(hint).collect())
}
