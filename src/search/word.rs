//! The places of one word, read from passage to passage.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader, TERMINATED};

use super::bits::Bits;
use super::segment::{Outcome, for_each_block, n_postings};
use super::terms::TermSpec;
use super::work::Work;

/// A word of more forms than this is read into one table, not through a reader a form.
const MAX_READERS: usize = 64;

/// A word of an expression, to be read from passage to passage.
pub(super) struct Word {
    /// The records that hold it.
    pub(super) held: Bits,
    /// How many places it takes at most.
    pub(super) longest: u32,
    cursor: Cursor,
}

/// Reads positions of a word, all of its forms together, moving forward only.
enum Cursor {
    /// A reader a form, and the places that the form takes. Where each reader stands is kept apart: a
    /// word has many forms, most of which are far ahead, and a reader is large.
    Readers { at: Vec<u32>, lists: Vec<(SegmentPostings, u32)>, scratch: Vec<u32> },
    /// Record, first place and number of places, in order; how far it has been read.
    Table { rows: Vec<(u32, u32, u32)>, at: usize },
}

impl Word {
    pub(super) fn open(
        term: &TermSpec,
        index: &InvertedIndexReader,
        len: u32,
        work: &Work,
    ) -> Outcome<Self> {
        let mut held = Bits::empty(len);
        let option = IndexRecordOption::WithFreqsAndPositions;
        let forms = term.expand(index, work)?;
        work.postings(n_postings(&forms))?;
        let longest = forms.iter().map(|(_, form)| form.length).max().unwrap_or(1);
        if forms.len() > MAX_READERS {
            let mut rows = Vec::new();
            let mut scratch = Vec::new();
            for (info, form) in forms {
                work.positions(info.doc_freq as usize)?;
                let mut postings = index.read_postings_from_terminfo(&info, option)?;
                let mut record = postings.doc();
                while record != TERMINATED {
                    held.insert(record);
                    postings.positions(&mut scratch);
                    rows.extend(scratch.iter().map(|&start| (record, start, form.length)));
                    record = postings.advance();
                }
            }
            rows.sort_unstable();
            return Ok(Self { held, longest, cursor: Cursor::Table { rows, at: 0 } });
        }
        let mut lists = Vec::new();
        for (info, form) in forms {
            for_each_block(&info, index, |records, _| held.insert_all(records))?;
            lists.push((index.read_postings_from_terminfo(&info, option)?, form.length));
        }
        let at = lists.iter().map(|(postings, _)| postings.doc()).collect();
        Ok(Self { held, longest, cursor: Cursor::Readers { at, lists, scratch: Vec::new() } })
    }

    /// Appends the places of the word in `record`, whose first word stands at `first`.
    pub(super) fn read(&mut self, record: u32, first: u32, out: &mut Vec<(u32, u32)>) {
        if !self.held.contains(record) {
            return;
        }
        match &mut self.cursor {
            Cursor::Readers { at, lists, scratch } => {
                let from = out.len();
                let mut several = false;
                let reached = at.iter_mut().zip(lists).filter(|(at, _)| **at <= record);
                for (at, (postings, length)) in reached {
                    if *at < record {
                        *at = postings.seek(record);
                    }
                    if *at != record {
                        continue;
                    }
                    several |= out.len() > from;
                    scratch.clear();
                    postings.append_positions_with_offset(first, scratch);
                    out.extend(scratch.iter().map(|&start| (start, start + *length)));
                }
                if several && let Some(fresh) = out.get_mut(from..) {
                    fresh.sort_unstable();
                }
            }
            Cursor::Table { rows, at } => {
                let rest = rows.get(*at..).unwrap_or_default();
                // Records rise from call to call, mostly by little.
                let mut step = 1;
                while rest.get(step).is_some_and(|(of, ..)| *of < record) {
                    step *= 2;
                }
                let near = rest.get(..step.min(rest.len())).unwrap_or_default();
                *at += near.partition_point(|(of, ..)| *of < record);
                let rest = rows.get(*at..).unwrap_or_default();
                let here = rest.iter().take_while(|(of, ..)| *of == record);
                out.extend(here.map(|(_, start, n)| (first + start, first + start + n)));
            }
        }
    }
}
