//! Where sentences begin, counted in words.
//!
//! The writer keeps it in a column, the marks of a hit are found with it again: both count here.

use super::schema::OPENS_PARAGRAPH;
use crate::document::{Sentence, Span};

/// Turns the sentences of a passage into places of words, while its words come by in order.
#[derive(Debug)]
pub(crate) struct Borders<'a> {
    sentences: std::slice::Iter<'a, Sentence>,
    next: Option<&'a Sentence>,
    /// Byte of the document from which the words' spans count.
    base: usize,
    opens: bool,
    waits: bool,
    found: Vec<u64>,
}

impl<'a> Borders<'a> {
    /// `base` is the byte of the document from which the spans of the words will count.
    pub(crate) fn new(sentences: &'a [Sentence], base: usize) -> Self {
        let mut sentences = sentences.iter();
        let next = sentences.next();
        Self { sentences, next, base, opens: false, waits: false, found: Vec::new() }
    }

    /// A word at `position` of the passage.
    pub(crate) fn word(&mut self, span: Span, position: u32) {
        // A sentence without words hands its paragraph on to the next. A word belongs to the sentence
        // in which it starts: one that a hyphen joins over the border to the next does not move it.
        while let Some(sentence) = self.next.filter(|s| s.span.start <= self.base + span.start) {
            self.waits = true;
            self.opens |= sentence.opens_paragraph;
            self.next = self.sentences.next();
        }
        if std::mem::take(&mut self.waits) {
            let opens = std::mem::take(&mut self.opens);
            self.found.push(u64::from(position) * OPENS_PARAGRAPH + u64::from(opens));
        }
    }

    /// Values of the column, in order.
    pub(crate) fn finish(self) -> Vec<u64> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_begins_with_its_first_word() {
        let sentence =
            |start, end, opens_paragraph| Sentence { span: Span::new(start, end), opens_paragraph };
        let sentences =
            [sentence(100, 110, true), sentence(111, 114, true), sentence(115, 130, false)];
        let mut borders = Borders::new(&sentences, 100);
        for (span, position) in [((0, 4), 0), ((5, 9), 1), ((16, 20), 2), ((21, 25), 3)] {
            borders.word(Span::new(span.0, span.1), position);
        }
        assert_eq!(borders.finish(), [1, 5]);
    }

    #[test]
    fn a_word_joined_over_the_border_does_not_move_it() {
        // `Unity-⏎NPT`, the joined form first, then its parts.
        let sentence = |start, end| Sentence { span: Span::new(start, end), opens_paragraph: true };
        let sentences = [sentence(0, 6), sentence(7, 11)];
        let mut borders = Borders::new(&sentences, 0);
        for (span, position) in [((0, 10), 0), ((0, 5), 0), ((7, 10), 1)] {
            borders.word(Span::new(span.0, span.1), position);
        }
        assert_eq!(borders.finish(), [1, 3]);
    }
}
