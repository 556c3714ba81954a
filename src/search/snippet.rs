//! What to show of a passage: the fragments that say most about why it was found.
//!
//! Scored as Lucene's unified highlighter does, with the weights of the clauses: a fragment with more,
//! rarer and different clauses is better, and an earlier one a little. What the best fragment does not
//! show of the query, up to two more do.

use unicode_segmentation::GraphemeCursor;

use super::marks::relative;
use super::results::{Match, Snippet};
use crate::document::{Passage, Span};

/// Bytes of text that a fragment takes at least, where there are so many, and at most.
const FRAGMENT: usize = 120;
const FRAGMENT_MOST: usize = 240;
/// Sentences of a fragment.
const SENTENCES: usize = 3;
/// Bytes that a further fragment takes at most.
const FURTHER: usize = 130;
/// Fragments of a snippet.
const FRAGMENTS: usize = 3;
/// What is shown of a longer sentence before its match.
const LEAD: usize = 60;

/// Parameters of the highlighter (its constants): saturation, share of the length, average length.
const K1: f32 = 1.2;
const B: f32 = 0.75;
const PIVOT: f32 = 87.0;

/// A match within the passage.
#[derive(Debug, Clone, Copy)]
struct Mark {
    span: Span,
    clause: usize,
    /// Whether it is more than one word.
    phrase: bool,
}

pub(super) fn snippet(
    passage: &Passage,
    text: &str,
    matches: &[Match],
    weights: &[f32],
) -> Snippet {
    let base = passage.span.start;
    let all = Span::new(0, text.len());
    let marks: Vec<Mark> = matches
        .iter()
        .filter(|m| m.span.start >= base && m.span.start < base + text.len())
        .map(|m| Mark {
            span: relative(Span::new(m.span.start, m.span.end.min(base + text.len())), base),
            clause: m.clause,
            phrase: m.form.contains(' '),
        })
        .collect();
    let sentences: Vec<Span> = if passage.sentences.is_empty() {
        vec![all]
    } else {
        passage.sentences.iter().map(|sentence| relative(sentence.span, base)).collect()
    };
    let mut shown: Vec<Span> = Vec::new();
    let mut open: Vec<usize> = marks.iter().map(|mark| mark.clause).collect();
    open.sort_unstable();
    open.dedup();
    let mut candidates = windows(text, &sentences, &marks, FRAGMENT, FRAGMENT_MOST);
    while shown.len() < FRAGMENTS {
        let best = candidates
            .into_iter()
            .filter(|span| shown.iter().all(|other| !span.overlaps(*other)))
            .map(|span| (score(span, &marks, &open, weights), span))
            .filter(|(score, _)| shown.is_empty() || *score > 0.0)
            .max_by(|(a, one), (b, other)| a.total_cmp(b).then(other.start.cmp(&one.start)));
        let Some((_, span)) = best else { break };
        open.retain(|clause| !marks.iter().any(|m| m.clause == *clause && span.contains(m.span)));
        shown.push(span);
        if open.is_empty() {
            break;
        }
        candidates = windows(text, &sentences, &marks, 0, FURTHER);
    }
    shown.sort_unstable();
    let holes: Vec<Span> = passage.holes.iter().map(|hole| relative(*hole, base)).collect();
    render(text, &shown, &holes, &marks)
}

/// What may be shown: sentences side by side, and cuts of long ones around each match.
fn windows(text: &str, sentences: &[Span], marks: &[Mark], least: usize, most: usize) -> Vec<Span> {
    let mut all = Vec::new();
    for (first, sentence) in sentences.iter().enumerate() {
        if sentence.len() > most {
            let inside: Vec<Span> =
                marks.iter().map(|m| m.span).filter(|m| sentence.contains(*m)).collect();
            all.extend(inside.iter().map(|mark| cut(text, *sentence, *mark, most)));
            if inside.is_empty() {
                all.push(cut(text, *sentence, Span::new(sentence.start, sentence.start), most));
            }
            continue;
        }
        let mut span = *sentence;
        for next in sentences.iter().skip(first + 1).take(SENTENCES - 1) {
            let wider = span.cover(*next);
            if span.len() >= least || wider.len() > most {
                break;
            }
            span = wider;
        }
        all.push(whole_signs(text, span));
    }
    all
}

/// Up to `most` bytes of `span` around `mark`, cut at white space where there is some.
fn cut(text: &str, span: Span, mark: Span, most: usize) -> Span {
    let lead = LEAD.min(most.saturating_sub(mark.len()) / 2);
    let mut start = mark.start.saturating_sub(lead).max(span.start);
    let mut end = (start + most).min(span.end);
    if end == span.end {
        // Room that is not needed behind the match is given to what stands before it.
        start = end.saturating_sub(most).max(span.start).min(mark.start);
    }
    if start > span.start {
        start = ceil(text, start);
        let head = text.get(start..mark.start).unwrap_or_default();
        if let Some((at, c)) = head.char_indices().find(|(_, c)| c.is_whitespace()) {
            start += at + c.len_utf8();
        }
    }
    if end < span.end {
        end = floor(text, end);
        let tail = text.get(mark.end.max(start)..end).unwrap_or_default();
        if let Some(at) = tail.rfind(char::is_whitespace) {
            end = mark.end.max(start) + at;
        }
    }
    whole_signs(text, Span::new(start, end))
}

/// The span widened so that no sign is cut from its accents.
fn whole_signs(text: &str, span: Span) -> Span {
    let is_boundary = |at: usize| {
        let at_char = text.is_char_boundary(at);
        at_char && GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true)
    };
    let (mut start, mut end) = (span.start, span.end.min(text.len()));
    while start > 0 && !is_boundary(start) {
        start -= 1;
    }
    while end < text.len() && !is_boundary(end) {
        end += 1;
    }
    Span::new(start, end)
}

fn ceil(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

fn floor(text: &str, mut at: usize) -> usize {
    while at > 0 && !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// How much of the clauses in `open` a fragment shows.
fn score(span: Span, marks: &[Mark], open: &[usize], weights: &[f32]) -> f32 {
    let length = K1 * (1.0 - B + B * span.len() as f32 / PIVOT);
    let mut sum = 0.0;
    let mut n_clauses = 0;
    for clause in open {
        let inside = marks.iter().filter(|m| m.clause == *clause && span.contains(m.span));
        let (mut count, mut phrase) = (0.0_f32, false);
        for mark in inside {
            count += 1.0;
            phrase |= mark.phrase;
        }
        if count == 0.0 {
            continue;
        }
        let weight = weights.get(*clause).copied().unwrap_or(1.0).max(0.01);
        let weight = if phrase { 2.0 * weight } else { weight };
        // Another clause says more than one again.
        let further = if n_clauses > 0 { 0.5 * weight } else { 0.0 };
        sum += weight * count / (count + length) + further;
        n_clauses += 1;
    }
    let norm = 1.0 + 1.0 / (PIVOT + span.start as f32).ln();
    // Without any match the beginning is shown.
    if marks.is_empty() { norm } else { sum * norm }
}

/// The fragments as one text: white space folded, page furniture left out, marks carried along.
fn render(text: &str, fragments: &[Span], holes: &[Span], marks: &[Mark]) -> Snippet {
    let mut writer = Writer::default();
    let is_blank = |from: usize, to: usize| {
        let mut between = text.get(from..to).unwrap_or_default().char_indices();
        let in_hole = |at: usize| holes.iter().any(|hole| hole.start <= at && at < hole.end);
        between.all(|(at, c)| c.is_whitespace() || in_hole(from + at))
    };
    let mut last = None;
    for span in fragments {
        let cut_off = !is_blank(last.unwrap_or(0), span.start);
        writer.space |= last.is_some();
        if cut_off {
            writer.word("…", false);
            writer.space = last.is_some();
        }
        writer.fragment(text, *span, holes, marks);
        last = Some(span.end);
    }
    writer.close();
    if !is_blank(last.unwrap_or(0), text.len()) {
        writer.text.push('…');
    }
    Snippet { text: writer.text, highlights: writer.highlights }
}

#[derive(Default)]
struct Writer {
    text: String,
    n_chars: usize,
    highlights: Vec<(usize, usize)>,
    /// Where the open mark began.
    open: Option<usize>,
    /// Whether white space stands before the next sign.
    space: bool,
}

impl Writer {
    fn close(&mut self) {
        if let Some(start) = self.open.take() {
            self.highlights.push((start, self.n_chars));
        }
    }

    /// Writes signs among which there is no white space.
    fn word(&mut self, word: &str, marked: bool) {
        if !marked {
            self.close();
        }
        if std::mem::take(&mut self.space) && self.n_chars > 0 {
            self.text.push(' ');
            self.n_chars += 1;
        }
        if marked && self.open.is_none() {
            self.open = Some(self.n_chars);
        }
        self.text.push_str(word);
        self.n_chars += word.chars().count();
    }

    /// Writes what is marked as a whole or not at all.
    fn piece(&mut self, text: &str, marked: bool) {
        for (at, word) in text.split(char::is_whitespace).enumerate() {
            if at > 0 {
                // Words that matched apart are marked apart, though they stand side by side.
                if !marked {
                    self.close();
                }
                self.space = true;
            }
            if !word.is_empty() {
                self.word(word, marked);
            }
        }
    }

    fn fragment(&mut self, text: &str, span: Span, holes: &[Span], marks: &[Mark]) {
        let here: Vec<Span> = marks.iter().map(|m| m.span).filter(|m| m.overlaps(span)).collect();
        let holes: Vec<Span> = holes.iter().copied().filter(|h| h.overlaps(span)).collect();
        let borders = here.iter().chain(&holes).flat_map(|inner| [inner.start, inner.end]);
        let mut borders: Vec<usize> =
            borders.filter(|at| span.start < *at && *at < span.end).collect();
        borders.push(span.end);
        borders.sort_unstable();
        let mut from = span.start;
        for to in borders {
            let piece = Span::new(from, to);
            if !holes.iter().any(|hole| hole.start <= from && from < hole.end) {
                let marked = here.iter().any(|mark| mark.start <= from && from < mark.end);
                self.piece(piece.of(text), marked);
            }
            from = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{DocumentId, PassageId, Sentence, Tags};

    fn passage(text: &str) -> Passage {
        let mut spans = Vec::new();
        crate::analysis::sentences::split(text, Span::new(0, text.len()), &[], &mut spans);
        let sentence = |span| Sentence { span, opens_paragraph: false };
        Passage {
            ordinal: 1,
            id: PassageId::new(&DocumentId::of_path("a"), &[], 0, text),
            section: 0,
            kind: crate::document::PassageKind::Text,
            span: Span::new(0, text.len()),
            holes: Vec::new(),
            sentences: spans.into_iter().map(sentence).collect(),
            paragraph: None,
            page: None,
            speaker: None,
            country: None,
            tags: Tags::default(),
        }
    }

    /// The snippet with its marks in brackets; every `words` is a clause.
    fn shown(text: &str, words: &[&str]) -> String {
        let mut matches: Vec<Match> = Vec::new();
        for (clause, word) in words.iter().enumerate() {
            for (at, _) in text.match_indices(word) {
                let span = Span::new(at, at + word.len());
                matches.push(Match { span, clause, whole: span, form: (*word).to_owned() });
            }
        }
        matches.sort_by_key(|m| m.span);
        let made = snippet(&passage(text), text, &matches, &vec![1.0; words.len()]);
        let mut out = String::new();
        for (at, c) in made.text.chars().enumerate() {
            out.extend(made.highlights.iter().filter(|(start, _)| *start == at).map(|_| '['));
            out.push(c);
            out.extend(made.highlights.iter().filter(|(_, end)| *end == at + 1).map(|_| ']'));
        }
        out
    }

    #[test]
    fn matches_far_apart_are_shown_in_several_fragments() {
        let filler = "Nothing of note was said by anyone in the long hours of that day. ".repeat(5);
        let text = format!("The treaty was read. {filler}Peace was near. {filler}The end.");
        let shown = shown(&text, &["treaty", "Peace"]);
        assert!(shown.starts_with("The [treaty] was read."), "{shown}");
        assert!(shown.contains(" … [Peace] was near."), "{shown}");
        assert!(shown.ends_with('…'), "{shown}");
    }

    #[test]
    fn a_long_sentence_is_cut_around_its_match() {
        let text = format!("{}the treaty {}", "word ".repeat(100), "more ".repeat(100));
        let shown = shown(&text, &["treaty"]);
        assert!(shown.contains("word the [treaty] more"), "{shown}");
        assert!(shown.starts_with("…word") && shown.ends_with("more…"), "{shown}");
        assert!(shown.chars().count() <= FRAGMENT_MOST + 4, "{shown}");
    }

    #[test]
    fn no_sign_is_cut_from_its_accents() {
        let text = "e\u{301}".repeat(400);
        let shown = shown(&text, &[]);
        assert!(shown.trim_end_matches('…').ends_with("e\u{301}"), "{shown}");
    }

    #[test]
    fn without_a_match_the_beginning_is_shown() {
        assert_eq!(shown("One. Two. Three.", &[]), "One. Two. Three.");
    }
}
