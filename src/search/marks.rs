//! What of a text satisfies a query.
//!
//! The text is analyzed again, and the same expressions that found the passage are evaluated over its
//! tokens: a mark is a stretch that satisfied its clause, never a word that only looks alike.

use super::error::Error;
use super::plan::{Leaf, Plan};
use super::results::Match;
use super::spans::{Ground, Reach};
use super::terms::TermSpec;
use super::work::Work;
use crate::analysis::key::Form;
use crate::analysis::{Analyzer, keeps_first_letter};
use crate::document::{Document, FurnitureKind, Language, Passage, Span};
use crate::index::borders::Borders;
use crate::index::schema::OPENS_PARAGRAPH;

/// Marks what the clauses of a plan find; made once for all of its hits.
pub(super) struct Marker<'p> {
    /// The different words of all clauses.
    terms: Vec<&'p TermSpec>,
    /// Letters of ASCII that their stems begin with; nothing where one may begin with any.
    letters: Option<u128>,
    /// The clauses that can match, each with its words as indices into `terms`.
    pub(super) leaves: Vec<(&'p Leaf, Vec<usize>, Reach)>,
}

impl<'p> Marker<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let mut marker = Self { terms: Vec::new(), letters: None, leaves: Vec::new() };
        for leaf in plan.leaves.iter().filter(|leaf| !leaf.negated) {
            let mut terms = Vec::new();
            leaf.expression.terms(&mut terms);
            let slots = terms.into_iter().map(|term| marker.slot(term)).collect();
            marker.leaves.push((leaf, slots, leaf.expression.reach()));
        }
        marker.letters = marker.terms.iter().try_fold(0, |all, term| Some(all | term.letters()?));
        marker
    }

    fn slot(&mut self, term: &'p TermSpec) -> usize {
        if let Some(slot) = self.terms.iter().position(|known| *known == term) {
            return slot;
        }
        self.terms.push(term);
        self.terms.len() - 1
    }

    /// Whether a match that starts in the words before `words` may reach behind what was read.
    pub(super) fn reaches_on(&self, reading: &Reading<'_>, words: u32) -> bool {
        self.leaves.iter().any(|(_, slots, reach)| {
            let is_one_word = reach.words <= 3 && reach.paragraphs == 0;
            let lists = slots.iter().filter_map(|slot| reading.words.get(*slot));
            let last =
                lists.flatten().map(|(start, _)| *start).filter(|start| *start < words).max();
            !is_one_word && last.is_some_and(|last| reading.may_go_on(last, *reach))
        })
    }

    /// Every match that starts in the first `words` words of what was read.
    pub(super) fn matches(&self, reading: Reading<'_>, words: u32) -> Result<Vec<Match>, Error> {
        let Reading { text, base, seen, words: lists, sentences, paragraphs, .. } = reading;
        let mut ground = Ground { words: lists, slots: Vec::new(), sentences, paragraphs };
        let mut found: Vec<Match> = Vec::new();
        for (leaf, slots, _) in &self.leaves {
            ground.slots.clone_from(slots);
            let stands = leaf
                .expression
                .marks(&ground, 0, words, &Work::default())
                .map_err(|error| error.at(leaf.span))?;
            for stand in &stands {
                let Some(whole) = span_of(&seen, stand.start, stand.end) else { continue };
                stand.each_part(|start, end| {
                    if let Some(span) = span_of(&seen, start, end) {
                        found.push(Match {
                            span: span.shifted(base),
                            clause: leaf.clause,
                            whole: whole.shifted(base),
                            form: fold_space(span.of(&text)),
                        });
                    }
                });
            }
        }
        // A word may stand in several pairs of its clause: the shortest tells the whole.
        found.sort_by_key(|m| (m.span.start, m.span.end, m.clause, m.whole.len(), m.whole.start));
        found.dedup_by(|b, a| a.span == b.span && a.clause == b.clause);
        Ok(found)
    }

    /// Where the clauses stand in a whole document.
    pub(super) fn matches_of_document(
        &self,
        analyzer: &mut Analyzer,
        document: &Document,
    ) -> Result<Vec<Match>, Error> {
        let mut reading = Reading::new(self, analyzer, document, 0);
        reading.text.clone_from(&document.text);
        for passage in &document.passages {
            reading.passage(passage);
        }
        self.matches(reading, u32::MAX)
    }
}

/// A word that was read.
pub(super) struct Seen {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) span: Span,
}

/// Reads passages one after another, counting words as the index does.
pub(super) struct Reading<'a> {
    terms: &'a [&'a TermSpec],
    analyzer: &'a mut Analyzer,
    /// Text of the document from byte `base` on, as far as there is any.
    pub(super) text: String,
    base: usize,
    pages: Vec<Span>,
    language: Option<Language>,
    /// Letters that the words looked for begin with, where that is known: the keys of other words are
    /// of no use.
    letters: Option<u128>,
    /// Byte of the document up to which words are counted.
    read_to: usize,
    /// Words read so far.
    pub(super) position: u32,
    pub(super) seen: Vec<Seen>,
    /// Words between passages.
    pub(super) between: Vec<Span>,
    /// Where each of the marker's words stands.
    pub(super) words: Vec<Vec<(u32, u32)>>,
    pub(super) sentences: Vec<u32>,
    pub(super) paragraphs: Vec<u32>,
}

impl<'a> Reading<'a> {
    /// Begins at byte `base` of the document.
    pub(super) fn new(
        marker: &'a Marker<'_>,
        analyzer: &'a mut Analyzer,
        document: &Document,
        base: usize,
    ) -> Self {
        let pages = document
            .furniture
            .iter()
            .filter(|f| f.kind == FurnitureKind::Page && f.span.start >= base)
            .map(|f| relative(f.span, base))
            .collect();
        let language = document.metadata.language.as_ref().map(|l| l.value);
        Self {
            terms: &marker.terms,
            analyzer,
            text: String::new(),
            base,
            pages,
            language,
            letters: marker.letters.filter(|_| language.is_none_or(keeps_first_letter)),
            read_to: base,
            position: 0,
            seen: Vec::new(),
            between: Vec::new(),
            words: vec![Vec::new(); marker.terms.len()],
            sentences: Vec::new(),
            paragraphs: Vec::new(),
        }
    }

    /// Reads on to the end of `passage`; its text is there already.
    pub(super) fn passage(&mut self, passage: &Passage) {
        self.gap(passage.span.start);
        let Self { terms, analyzer, text, base, language, letters, position, seen, words, .. } =
            self;
        let wanted = |word: &str| {
            letters.is_none_or(|letters| match word.as_bytes().first() {
                Some(first) if first.is_ascii() => letters >> first.to_ascii_lowercase() & 1 == 1,
                _ => true,
            })
        };
        let first = *position;
        let span = relative(passage.span, *base);
        let holes: Vec<Span> = passage.holes.iter().map(|hole| relative(*hole, *base)).collect();
        let mut borders = Borders::new(&passage.sentences, *base);
        let mut form = Form::default();
        // A word and what stands behind it have six bytes or more.
        seen.reserve(span.len() / 6);
        *position += analyzer.analyze_some(text, span, &holes, *language, &wanted, &mut |token| {
            borders.word(token.span, token.position);
            let start = first + token.position;
            let end = start + token.length;
            seen.push(Seen { start, end, span: token.span });
            // Of a word that is none of those looked for no key was worked out.
            if !token.key.is_empty()
                && terms.iter().any(|term| term.may_accept(token.key))
                && form.read(token.key.as_bytes())
            {
                for (term, list) in terms.iter().zip(words.iter_mut()) {
                    if term.accepts(&form) {
                        list.push((start, start + form.length));
                    }
                }
            }
        });
        self.read_to = passage.span.end;
        for border in borders.finish() {
            let at = first + (border / OPENS_PARAGRAPH) as u32;
            self.sentences.push(at);
            if border % OPENS_PARAGRAPH == 1 {
                self.paragraphs.push(at);
            }
        }
    }

    /// Reads on to byte `end` of the document, between passages.
    pub(super) fn gap(&mut self, end: usize) {
        let Self { analyzer, text, base, pages, language, position, between, .. } = self;
        let gap = relative(Span::new(self.read_to, end), *base);
        *position += analyzer.analyze_some(text, gap, pages, *language, &|_| false, &mut |token| {
            if token.length == 1 {
                between.push(token.span);
            }
        });
        self.read_to = end;
    }

    /// Whether what begins at `start` and reaches so far may end behind what was read.
    fn may_go_on(&self, start: u32, reach: Reach) -> bool {
        let mut end = start.saturating_add(reach.words);
        for _ in 0..reach.paragraphs {
            let next = self.paragraphs.partition_point(|paragraph| *paragraph <= end);
            match self.paragraphs.get(next) {
                Some(paragraph) => end = paragraph.saturating_add(reach.words),
                None => return true,
            }
        }
        end > self.position
    }
}

/// The stretch of text that the words `start..end` take.
pub(super) fn span_of(seen: &[Seen], start: u32, end: u32) -> Option<Span> {
    let low = seen.partition_point(|seen| seen.start < start);
    let tail = seen.get(low..).unwrap_or_default();
    // A joined form stands before its parts and has the ends of the outer two.
    let first = tail.iter().take_while(|seen| seen.start == start).find(|seen| seen.end <= end)?;
    let inside = tail.get(..tail.partition_point(|seen| seen.start < end))?;
    let last = inside.iter().rev().find(|seen| seen.end <= end)?;
    Some(first.span.cover(last.span))
}

fn fold_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn relative(span: Span, base: usize) -> Span {
    Span::new(span.start.saturating_sub(base), span.end.saturating_sub(base))
}
