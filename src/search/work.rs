//! How much a query may ask for.
//!
//! A number and no clock: a query is answered or refused alike on every machine. A unit is about half
//! the time of looking at one pair of places, 3 ns; what takes longer costs more of them.

use std::cell::Cell;

use super::error::Error;
use crate::document::Span;

/// Units that a query may use over the whole index: so many, or this times its passages. They took 0.3
/// to 0.9 s on one core of 2.5 GHz.
const MAX_WORK: u64 = 200_000_000;
const MAX_WORK_A_PASSAGE: u64 = 1_500;
/// Stands of pairs or phrases within others that one document may have.
const MAX_LISTED: usize = 1_000_000;

/// Units of a pair of places within others.
const PAIR: u64 = 2;
/// Units of a listed stand.
const LISTED: u64 = 40;
/// Units of a posting that is read.
const POSTING: u64 = 10;
/// Units of a record whose positions are read.
const POSITIONS: u64 = 16;
/// Units of a term of the dictionary that is held against a pattern.
const TERM: u64 = 160;

/// What a query may still ask for.
#[derive(Debug)]
pub(super) struct Work(Cell<u64>);

impl Default for Work {
    fn default() -> Self {
        Self(Cell::new(MAX_WORK))
    }
}

impl Work {
    /// What a query may ask of an index of so many passages.
    pub(super) fn of(passages: u64) -> Self {
        Self(Cell::new(MAX_WORK.max(passages.saturating_mul(MAX_WORK_A_PASSAGE))))
    }

    /// What has so many units.
    pub(super) fn with(units: u64) -> Self {
        Self(Cell::new(units))
    }

    /// Looks at so many pairs of places.
    pub(super) fn spend(&self, pairs: usize) -> Result<(), Error> {
        self.take(pairs as u64 * PAIR)
    }

    /// Adds stands to a list that then has `length` of them.
    pub(super) fn list(&self, stands: usize, length: usize) -> Result<(), Error> {
        if length > MAX_LISTED {
            return Err(Error::TooMuch);
        }
        self.take(stands as u64 * LISTED)
    }

    /// Reads so many postings.
    pub(super) fn postings(&self, n: usize) -> Result<(), Error> {
        self.take(n as u64 * POSTING)
    }

    /// Reads the positions of words in so many records.
    pub(super) fn positions(&self, n: usize) -> Result<(), Error> {
        self.take(n as u64 * POSITIONS)
    }

    /// Holds so many terms of the dictionary against a pattern.
    pub(super) fn terms(&self, n: usize) -> Result<(), Error> {
        self.take(n as u64 * TERM)
    }

    /// Units that are left.
    pub(super) fn left(&self) -> u64 {
        self.0.get()
    }

    /// Uses so many units.
    pub(super) fn take(&self, units: u64) -> Result<(), Error> {
        match self.0.get().checked_sub(units) {
            Some(left) => {
                self.0.set(left);
                Ok(())
            }
            None => Err(Error::TooMuch),
        }
    }
}

impl Error {
    /// Says at which clause of the query it became too much.
    pub(super) fn at(self, span: Span) -> Self {
        match self {
            Self::TooMuch => Self::query(span, Self::TooMuch.to_string()),
            other => other,
        }
    }
}
