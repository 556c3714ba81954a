//! Deletions that spare what was written after them.
//!
//! Segments come to the engine whole (see [`super::making`]). It then may apply to one what was deleted before it
//! came, which is the document in whose place it holds another of the same id: so a deletion says itself to which
//! segments it goes. To one that is merged of others it goes always: before a merge the engine applies to each of them
//! all deletions that were asked for, so that those that come later are meant for all of it.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::index::SegmentId;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, SegmentReader, Term};

/// Segments that came to the engine one after another, each with its number, from 1.
#[derive(Debug, Clone, Default)]
pub(super) struct Came(Arc<Mutex<FxHashMap<SegmentId, usize>>>);

impl Came {
    /// A segment comes.
    pub(super) fn add(&self, id: SegmentId) {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = numbers.len() + 1;
        numbers.insert(id, next);
    }

    /// Deletes what a term stands in, in the segments that have come so far and all that were there before.
    pub(super) fn deletion(&self, term: Term) -> Box<dyn Query> {
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).len();
        Box::new(Deletion { query, came: self.clone(), last })
    }
}

/// A deletion, and the number of the last segment that had come before it.
#[derive(Debug, Clone)]
struct Deletion {
    query: TermQuery,
    came: Came,
    last: usize,
}

impl Query for Deletion {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weight = self.query.weight(scoring)?;
        Ok(Box::new(Earlier { weight, came: self.came.clone(), last: self.last }))
    }
}

struct Earlier {
    weight: Box<dyn Weight>,
    came: Came,
    last: usize,
}

impl Weight for Earlier {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let number = {
            let numbers = self.came.0.lock().unwrap_or_else(PoisonError::into_inner);
            numbers.get(&segment.segment_id()).copied()
        };
        if number.is_some_and(|number| number > self.last) {
            return Ok(Box::new(EmptyScorer));
        }
        self.weight.scorer(segment, boost)
    }

    fn explain(&self, segment: &SegmentReader, record: DocId) -> tantivy::Result<Explanation> {
        self.weight.explain(segment, record)
    }
}
