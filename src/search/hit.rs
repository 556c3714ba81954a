//! A candidate to a hit: its text, what matched in it, what to show of it, its neighbours.

use super::collect::Candidate;
use super::error::Error;
use super::marks::{Marker, Reading};
use super::options::SearchOptions;
use super::results::{Hit, Snippet};
use super::segment::Segment;
use super::snippet::snippet;
use crate::analysis::Analyzer;
use crate::document::{Passage, Span};
use crate::index::{Reader, Shared};

/// What all hits of a search are made with.
pub(super) struct Maker<'a> {
    pub(super) reader: &'a Reader,
    pub(super) marker: Marker<'a>,
    /// Weight of each clause, for the choice of what to show.
    pub(super) weights: Vec<f32>,
    pub(super) options: &'a SearchOptions,
}

impl Maker<'_> {
    pub(super) fn hit(
        &self,
        analyzer: &mut Analyzer,
        segment: &Segment<'_>,
        candidate: Candidate,
        of: Shared,
    ) -> Result<Hit, Error> {
        let ordinal = segment.ordinal_of(candidate.record) as usize;
        let Shared { document, names } = of;
        let place = (candidate.segment, candidate.document);
        let passage = |ordinal: usize| self.reader.passage(&names, place, ordinal);
        let neighbour = |ordinal: usize| -> Result<(Passage, String), Error> {
            let (passage, chunk) = passage(ordinal)?;
            let text = Span::new(0, passage.span.len()).of(&chunk).to_owned();
            Ok((passage, text))
        };
        let (own, chunk) = passage(ordinal)?;
        let mut hit = Hit {
            rank: 0,
            score: candidate.score,
            document,
            text: Span::new(0, own.span.len()).of(&chunk).to_owned(),
            passage: own,
            matches: Vec::new(),
            snippet: Snippet::default(),
            explanation: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
        };
        if !self.options.texts {
            return Ok(hit);
        }
        let total =
            (segment.end_of(candidate.document) - candidate.document).saturating_sub(1) as usize;
        let base = hit.passage.span.start;
        let mut reading = Reading::new(&self.marker, analyzer, &hit.document, base);
        reading.text = chunk;
        reading.passage(&hit.passage);
        let words = reading.position;
        // The text from here on, as far as a match that starts here may reach.
        let mut next = ordinal + 1;
        while next <= total && self.marker.reaches_on(&reading, words) {
            let (further, more) = passage(next)?;
            reading.text.push_str(&more);
            reading.passage(&further);
            next += 1;
        }
        hit.matches = self.marker.matches(reading, words)?;
        hit.snippet = snippet(&hit.passage, &hit.text, &hit.matches, &self.weights);
        for distance in 1..=self.options.context {
            if let Some(before) = ordinal.checked_sub(distance).filter(|o| *o > 0) {
                hit.before.insert(0, neighbour(before)?);
            }
            let after = ordinal + distance;
            if after <= total {
                hit.after.push(neighbour(after)?);
            }
        }
        Ok(hit)
    }
}
