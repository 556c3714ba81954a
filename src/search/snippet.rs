//! A candidate to a hit: its text, what matched in it, and what to show of it.
//!
//! The text is analyzed again, and the same expressions that found the passage are evaluated over its
//! tokens: a mark is a stretch that satisfied its clause, never a word that only looks alike.

use std::sync::Arc;

use super::collect::Candidate;
use super::error::Error;
use super::options::SearchOptions;
use super::plan::Plan;
use super::results::{Hit, Match, Snippet};
use super::segment::Segment;
use super::spans::Ground;
use crate::analysis::Analyzer;
use crate::analysis::key::{Form, read_key};
use crate::document::{Document, FurnitureKind, Language, Passage, Span};
use crate::index::Reader;
use crate::index::borders::Borders;
use crate::index::schema::OPENS_PARAGRAPH;

/// Characters that a snippet aims at, and the most it takes.
const SNIPPET_CHARS: usize = 240;
const SNIPPET_MOST: usize = 420;

/// A token of a hit.
struct Seen {
    form: Form,
    start: u32,
    span: Span,
}

/// The tokens of a passage and of as much text after it as a match may reach into.
struct Tokens {
    seen: Vec<Seen>,
    /// Words of the passage itself.
    words: u32,
    /// First words of sentences and of paragraphs.
    sentences: Vec<u32>,
    paragraphs: Vec<u32>,
}

pub(super) fn hit(
    reader: &Reader,
    analyzer: &mut Analyzer,
    segment: &Segment<'_>,
    plan: &Plan,
    candidate: Candidate,
    document: Arc<Document>,
    options: &SearchOptions,
) -> Result<Hit, Error> {
    let ordinal = segment.ordinal_of(candidate.record) as usize;
    let (record, chunk) = reader.passage(candidate.segment, candidate.record)?;
    let passage = record.into_passage(ordinal);
    let mut hit = Hit {
        rank: 0,
        score: candidate.score,
        document,
        text: Span::new(0, passage.span.len()).of(&chunk).to_owned(),
        passage,
        matches: Vec::new(),
        snippet: Snippet::default(),
        explanation: Vec::new(),
        before: Vec::new(),
        after: Vec::new(),
    };
    if !options.texts {
        return Ok(hit);
    }
    let total = document_passages(segment, candidate.document)?;
    let reach = plan.leaves.iter().map(|leaf| leaf.expression.reach()).max().unwrap_or(0);
    let language = hit.document.metadata.language.as_ref().map(|l| l.value);
    // The text from here on, as far as a match that starts here may reach.
    let mut text = chunk;
    let mut following: Vec<Passage> = Vec::new();
    if reach > 3 {
        let mut words = 0;
        let mut next = ordinal + 1;
        while words < reach && next <= total {
            let at = candidate.document + next as u32;
            let (record, more) = reader.passage(candidate.segment, at)?;
            let passage = record.into_passage(next);
            words += crate::analysis::sentences::count_words(&more) as u32;
            text.push_str(&more);
            following.push(passage);
            next += 1;
        }
    }
    let tokens = tokens(analyzer, &hit, &text, &following, language);
    hit.matches = matches(plan, &tokens, hit.passage.span.start, &text);
    hit.snippet = snippet(&hit.passage, &hit.text, &hit.matches);
    for distance in 1..=options.context {
        if let Some(before) = ordinal.checked_sub(distance).filter(|o| *o > 0) {
            let at = candidate.document + before as u32;
            hit.before.insert(0, neighbour(reader, candidate.segment, at, before)?);
        }
        let after = ordinal + distance;
        if after <= total {
            let at = candidate.document + after as u32;
            hit.after.push(neighbour(reader, candidate.segment, at, after)?);
        }
    }
    Ok(hit)
}

/// Where the clauses of a plan stand in a whole document.
pub(super) fn matches_of_document(
    analyzer: &mut Analyzer,
    plan: &Plan,
    document: &Document,
) -> Vec<Match> {
    let language = document.metadata.language.as_ref().map(|l| l.value);
    let mut reading = Reading::new(analyzer, &document.text, document, language, 0);
    for passage in &document.passages {
        reading.passage(passage);
    }
    matches(plan, &reading.tokens(None), 0, &document.text)
}

fn neighbour(
    reader: &Reader,
    segment: u32,
    record: u32,
    ordinal: usize,
) -> Result<(Passage, String), Error> {
    let (stored, chunk) = reader.passage(segment, record)?;
    let passage = stored.into_passage(ordinal);
    let text = Span::new(0, passage.span.len()).of(&chunk).to_owned();
    Ok((passage, text))
}

/// How many passages the document of this document record has.
fn document_passages(segment: &Segment<'_>, document: u32) -> Result<usize, Error> {
    let documents = segment.documents()?;
    let after = documents.partition_point(|record| *record <= document);
    let end = documents.get(after).copied().unwrap_or(segment.len());
    Ok((end - document).saturating_sub(1) as usize)
}

fn tokens(
    analyzer: &mut Analyzer,
    hit: &Hit,
    text: &str,
    following: &[Passage],
    language: Option<Language>,
) -> Tokens {
    let base = hit.passage.span.start;
    let mut reading = Reading::new(analyzer, text, &hit.document, language, base);
    reading.read_to = base;
    reading.passage(&hit.passage);
    let words = reading.position;
    for passage in following {
        reading.passage(passage);
    }
    reading.tokens(Some(words))
}

/// Reads passages one after another, counting words as the index does.
struct Reading<'a> {
    analyzer: &'a mut Analyzer,
    /// Text of the document from byte `base` on.
    text: &'a str,
    base: usize,
    pages: Vec<Span>,
    language: Option<Language>,
    /// Byte of the document up to which words are counted.
    read_to: usize,
    position: u32,
    seen: Vec<Seen>,
    sentences: Vec<u32>,
    paragraphs: Vec<u32>,
}

impl<'a> Reading<'a> {
    fn new(
        analyzer: &'a mut Analyzer,
        text: &'a str,
        document: &Document,
        language: Option<Language>,
        base: usize,
    ) -> Self {
        let pages = document
            .furniture
            .iter()
            .filter(|f| f.kind == FurnitureKind::Page && f.span.start >= base)
            .map(|f| relative(f.span, base))
            .collect();
        Self {
            analyzer,
            text,
            base,
            pages,
            language,
            read_to: 0,
            position: 0,
            seen: Vec::new(),
            sentences: Vec::new(),
            paragraphs: Vec::new(),
        }
    }

    fn passage(&mut self, passage: &Passage) {
        let Self { analyzer, text, base, pages, language, read_to, position, seen, .. } = self;
        let gap = relative(Span::new(*read_to, passage.span.start), *base);
        *position += analyzer.analyze(text, gap, pages, *language, &mut |_| {});
        let first = *position;
        let span = relative(passage.span, *base);
        let holes: Vec<Span> = passage.holes.iter().map(|hole| relative(*hole, *base)).collect();
        let mut borders = Borders::new(&passage.sentences, *base);
        *position += analyzer.analyze(text, span, &holes, *language, &mut |token| {
            borders.word(token.span, token.position);
            if let Some(form) = read_key(token.key.as_bytes()) {
                seen.push(Seen { form, start: first + token.position, span: token.span });
            }
        });
        *read_to = passage.span.end;
        for border in borders.finish() {
            let at = first + (border / OPENS_PARAGRAPH) as u32;
            self.sentences.push(at);
            if border % OPENS_PARAGRAPH == 1 {
                self.paragraphs.push(at);
            }
        }
    }

    /// What was read; `words` of it are of the passage itself, or all.
    fn tokens(self, words: Option<u32>) -> Tokens {
        let words = words.unwrap_or(self.position);
        let Self { seen, sentences, paragraphs, .. } = self;
        Tokens { seen, words, sentences, paragraphs }
    }
}

/// Every stand of the clauses that rank, of which the first word lies in the passage itself.
fn matches(plan: &Plan, tokens: &Tokens, base: usize, text: &str) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    for leaf in plan.leaves.iter().filter(|leaf| !leaf.negated) {
        let mut terms = Vec::new();
        leaf.expression.terms(&mut terms);
        let words = terms.iter().map(|term| {
            let held = tokens.seen.iter().filter(|seen| term.accepts(&seen.form));
            held.map(|seen| (seen.start, seen.start + seen.form.length)).collect()
        });
        let ground = Ground {
            words: words.collect(),
            sentences: tokens.sentences.clone(),
            paragraphs: tokens.paragraphs.clone(),
        };
        let stands = leaf.expression.find(&ground);
        for stand in stands.iter().filter(|stand| stand.start < tokens.words) {
            let Some(whole) = tokens.span_of(stand.start, stand.end) else { continue };
            stand.each_part(|start, end| {
                if let Some(span) = tokens.span_of(start, end) {
                    found.push(Match {
                        span: span.shifted(base),
                        clause: leaf.clause,
                        whole: whole.shifted(base),
                        form: fold_space(span.of(text)),
                    });
                }
            });
        }
    }
    // A word may stand in several pairs of its clause: the shortest tells the whole.
    found.sort_by_key(|m| (m.span.start, m.span.end, m.clause, m.whole.len(), m.whole.start));
    found.dedup_by(|b, a| a.span == b.span && a.clause == b.clause);
    found
}

impl Tokens {
    /// The stretch of text that the words `start..end` take.
    fn span_of(&self, start: u32, end: u32) -> Option<Span> {
        // Joined forms stand before their parts: a few tokens may begin earlier than they are sorted.
        let low = self.seen.partition_point(|seen| seen.start < start);
        let tail = self.seen.get(low..).unwrap_or_default();
        let inside = tail.iter().take_while(|seen| seen.start < end);
        let whole = inside.filter(|seen| seen.start + seen.form.length <= end);
        whole.map(|seen| seen.span).reduce(Span::cover)
    }
}

fn fold_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The best run of sentences: as many different clauses as possible, then as many matches, then the
/// earliest, within [`SNIPPET_CHARS`].
fn snippet(passage: &Passage, text: &str, matches: &[Match]) -> Snippet {
    let base = passage.span.start;
    let mut sentences: Vec<Span> = passage
        .sentences
        .iter()
        .map(|s| Span::new(s.span.start.saturating_sub(base), s.span.end.saturating_sub(base)))
        .collect();
    if sentences.is_empty() {
        sentences.push(Span::new(0, text.len()));
    }
    let marks: Vec<(Span, usize)> = matches
        .iter()
        .filter(|m| m.span.start >= base)
        .map(|m| {
            let end = (m.span.end - base).min(text.len());
            (Span::new(m.span.start - base, end), m.clause)
        })
        .collect();
    let mut best: Option<((usize, usize, usize), Span)> = None;
    for first in 0..sentences.len() {
        let mut span = sentences.get(first).copied().unwrap_or_default();
        for sentence in sentences.iter().skip(first) {
            let wider = span.cover(*sentence);
            if wider.len() > SNIPPET_CHARS && *sentence != span {
                break;
            }
            span = wider;
        }
        let inside: Vec<&(Span, usize)> = marks.iter().filter(|(m, _)| span.contains(*m)).collect();
        let mut clauses: Vec<usize> = inside.iter().map(|(_, clause)| *clause).collect();
        clauses.sort_unstable();
        clauses.dedup();
        let value = (clauses.len(), inside.len(), usize::from(first == 0));
        if best.as_ref().is_none_or(|(top, _)| value > *top) {
            best = Some((value, span));
        }
    }
    let mut span = best.map_or(Span::new(0, text.len()), |(_, span)| span);
    if span.len() > SNIPPET_MOST {
        span = cut(text, span, &marks);
    }
    render(
        text,
        span,
        &passage.holes.iter().map(|h| relative(*h, base)).collect::<Vec<_>>(),
        &marks,
    )
}

fn relative(span: Span, base: usize) -> Span {
    Span::new(span.start.saturating_sub(base), span.end.saturating_sub(base))
}

/// A long sentence is cut at white space around its first mark.
fn cut(text: &str, span: Span, marks: &[(Span, usize)]) -> Span {
    let center = marks.iter().find(|(m, _)| span.contains(*m)).map_or(span.start, |(m, _)| m.start);
    let low = center.saturating_sub(SNIPPET_CHARS / 2).max(span.start);
    let longest = marks.iter().find(|(m, _)| m.start == center).map_or(0, |(m, _)| m.len());
    let high = (center + longest + SNIPPET_CHARS / 2).min(span.end);
    let start = if low == span.start {
        low
    } else {
        text.char_indices()
            .find(|(at, c)| *at >= low && c.is_whitespace())
            .map_or(span.start, |(at, c)| at + c.len_utf8())
            .min(center)
    };
    let end = text
        .char_indices()
        .find(|(at, c)| *at >= high && c.is_whitespace())
        .map_or(span.end, |(at, _)| at.min(span.end));
    Span::new(start, end)
}

/// Folds white space, leaves out page furniture, and carries the marks along.
fn render(text: &str, span: Span, holes: &[Span], marks: &[(Span, usize)]) -> Snippet {
    let mut out = String::new();
    let mut n_chars = 0;
    let mut highlights: Vec<(usize, usize)> = Vec::new();
    if span.start > 0 && !text.get(..span.start).unwrap_or_default().trim().is_empty() {
        out.push('…');
        n_chars += 1;
    }
    let mut open: Option<usize> = None;
    let mut space = false;
    for (at, c) in text.char_indices() {
        if at < span.start || at >= span.end {
            continue;
        }
        if holes.iter().any(|hole| hole.start <= at && at < hole.end) {
            continue;
        }
        let marked = marks.iter().any(|(m, _)| m.start <= at && at < m.end);
        if c.is_whitespace() {
            // Words that matched apart are marked apart, though they stand side by side.
            if !marked && let Some(start) = open.take() {
                highlights.push((start, n_chars));
            }
            space = true;
            continue;
        }
        if !marked && let Some(start) = open.take() {
            highlights.push((start, n_chars));
        }
        if space && n_chars > 0 && !out.ends_with('…') {
            out.push(' ');
            n_chars += 1;
        }
        space = false;
        if marked && open.is_none() {
            open = Some(n_chars);
        }
        out.push(c);
        n_chars += 1;
    }
    if let Some(start) = open {
        highlights.push((start, n_chars));
    }
    if !text.get(span.end..).unwrap_or_default().trim().is_empty() {
        out.push('…');
    }
    Snippet { text: out, highlights }
}
