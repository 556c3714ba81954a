//! The places of one word, read many passages at a time.

use std::ops::Range;

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::SegmentComponent;
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{InvertedIndexReader, SegmentReader, TantivyError};

use super::bits::Bits;
use super::segment::{Outcome, for_each_block, n_postings};
use super::terms::TermSpec;
use super::work::Work;

/// A word of more forms than this is read into one table, not through a reader a form.
const MAX_READERS: usize = 64;
/// Records that are passed over at once.
const STRIDE: usize = 8;
/// Positions that are read at once: those of the next records are mostly asked for next.
const AT_ONCE: u64 = 128;

/// Dictionary, postings and positions of one field of a segment.
pub(super) struct Postings<'a> {
    index: &'a InvertedIndexReader,
    positions: FileSlice,
}

impl<'a> Postings<'a> {
    pub(super) fn open(
        segment: &SegmentReader,
        index: &'a InvertedIndexReader,
        field: Field,
    ) -> Outcome<Self> {
        let file = segment.open_read(SegmentComponent::Positions).map_err(TantivyError::from)?;
        let positions = CompositeFile::open(&file)?.open_read(field);
        Ok(Self { index, positions: positions.unwrap_or_else(FileSlice::empty) })
    }

    fn reader(&self, info: &TermInfo) -> Outcome<Reader> {
        let positions = self.positions.read_bytes_slice(info.positions_range.clone())?;
        let blocks =
            self.index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        Ok(Reader::new(blocks, PositionReader::open(positions)?))
    }
}

/// A word of an expression, to be read from passage to passage.
pub(super) struct Word {
    /// The records that hold it.
    pub(super) held: Bits,
    /// How many places it takes at most.
    pub(super) longest: u32,
    cursor: Cursor,
}

/// Reads places of a word, all of its forms together, moving forward only.
enum Cursor {
    Forms(Forms),
    /// Record, first place and number of places, in order; how far it has been read.
    Table {
        rows: Vec<(u32, u32, u32)>,
        at: usize,
    },
}

/// A reader a form, and the places that the form takes; and the next record of each, kept apart: a
/// word has many forms, most of which are far ahead, and a reader is large.
pub(super) struct Forms {
    next: Vec<u32>,
    readers: Vec<(Reader, u32)>,
}

impl Forms {
    /// Goes through what is asked of records, in their order, and calls `visit` for each form and record
    /// that holds it: with what is asked of the record (those of `asked` at these places), with how many
    /// places the form takes, and with where it stands there, each place told from the one before.
    /// Returns how many forms stand anywhere there.
    pub(super) fn each<T>(
        &mut self,
        asked: &[T],
        record_of: impl Fn(&T) -> u32,
        mut visit: impl FnMut(Range<usize>, u32, &[u32]),
    ) -> usize {
        let Some(last) = asked.last().map(&record_of) else { return 0 };
        let mut n_found = 0;
        for (next, (reader, length)) in self.next.iter_mut().zip(&mut self.readers) {
            if *next > last {
                continue;
            }
            let mut is_found = false;
            *next = reader.each(asked, &record_of, |range, steps| {
                is_found = true;
                visit(range, *length, steps);
            });
            n_found += usize::from(is_found);
        }
        n_found
    }
}

/// Reads the places of one term, moving forward only. Positions stand one term behind another without
/// a record's name, so that those of a record lie as far on as all records before it have them.
struct Reader {
    blocks: BlockSegmentPostings,
    /// How far the block has been read, and how many positions stand before.
    at: usize,
    offset: u64,
    positions: Positions,
}

impl Reader {
    fn new(blocks: BlockSegmentPostings, positions: PositionReader) -> Self {
        let end = sum(blocks.freqs());
        let positions = Positions { reader: positions, end, some: Vec::new(), from: 0 };
        Self { blocks, at: 0, offset: 0, positions }
    }

    /// Goes on, where need be, to the next block that holds a record that is not before `record`.
    fn find_block(&mut self, record: u32) -> Option<()> {
        while *self.blocks.docs().last()? < record {
            self.blocks.advance();
            self.at = 0;
            self.offset = self.positions.end;
            self.positions.end += sum(self.blocks.freqs());
        }
        Some(())
    }

    /// Goes through what is asked of records, in their order, and calls `visit` for each record that holds
    /// the term, with the places of `asked` that are of it and with where the term stands there, each place
    /// told from the one before. Returns the record where it stands then, which may be the last of them.
    fn each<T>(
        &mut self,
        asked: &[T],
        record_of: impl Fn(&T) -> u32,
        mut visit: impl FnMut(Range<usize>, &[u32]),
    ) -> u32 {
        let mut next = 0;
        while let Some(wanted) = asked.get(next).map(&record_of) {
            if self.find_block(wanted).is_none() {
                return u32::MAX;
            }
            let (records, counts) = (self.blocks.docs(), self.blocks.freqs());
            let (mut at, mut offset) = (self.at, self.offset);
            while let Some(wanted) = asked.get(next).map(&record_of) {
                while records.get(at + STRIDE - 1).is_some_and(|far| *far < wanted) {
                    let some = counts.get(at..).and_then(<[u32]>::first_chunk::<STRIDE>);
                    offset += some.map_or(0, |some| sum(some));
                    at += STRIDE;
                }
                while records.get(at).is_some_and(|near| *near < wanted) {
                    offset += counts.get(at).copied().map_or(0, u64::from);
                    at += 1;
                }
                let (Some(&found), Some(&count)) = (records.get(at), counts.get(at)) else { break };
                let from = next;
                if found == wanted {
                    next += 1;
                    while asked.get(next).is_some_and(|one| record_of(one) == wanted) {
                        next += 1;
                    }
                    visit(from..next, self.positions.read(offset, count as usize));
                } else {
                    let rest = asked.get(next..).unwrap_or_default();
                    next += n_before(rest, |one| record_of(one) < found);
                }
            }
            (self.at, self.offset) = (at, offset);
        }
        self.blocks.docs().get(self.at).copied().unwrap_or(u32::MAX)
    }

    /// Calls `visit` for every record, with where the term stands there.
    fn all(&mut self, mut visit: impl FnMut(u32, &[u32])) {
        while self.find_block(0).is_some() {
            for (record, count) in self.blocks.docs().iter().zip(self.blocks.freqs()) {
                visit(*record, self.positions.read(self.offset, *count as usize));
                self.offset += u64::from(*count);
            }
            self.blocks.advance();
            self.positions.end += sum(self.blocks.freqs());
        }
    }
}

#[inline]
fn sum(counts: &[u32]) -> u64 {
    u64::from(counts.iter().sum::<u32>())
}

/// Positions of one term, some of them read ahead.
struct Positions {
    reader: PositionReader,
    /// How many stand before the next block of records.
    end: u64,
    some: Vec<u32>,
    /// How many stand before `some`.
    from: u64,
}

impl Positions {
    /// So many of them, of one record, before which `offset` stand.
    #[inline]
    fn read(&mut self, offset: u64, count: usize) -> &[u32] {
        // What stands before `from` is far off too.
        let at = offset.wrapping_sub(self.from) as usize;
        if at.saturating_add(count) <= self.some.len() {
            return self.some.get(at..at + count).unwrap_or_default();
        }
        let n = self.end.saturating_sub(offset).min(AT_ONCE.max(count as u64)) as usize;
        self.some.resize(n, 0);
        self.reader.read(offset, &mut self.some);
        self.from = offset;
        self.some.get(..count).unwrap_or_default()
    }
}

/// How many of a list, whose first so many are before something, these are; quick where they are few.
pub(super) fn n_before<T>(list: &[T], is_before: impl Fn(&T) -> bool) -> usize {
    let mut step = 1;
    while list.get(step).is_some_and(&is_before) {
        step *= 2;
    }
    let from = step / 2;
    let near = list.get(from..(step + 1).min(list.len())).unwrap_or_default();
    from + near.partition_point(is_before)
}

impl Word {
    pub(super) fn open(
        term: &TermSpec,
        postings: &Postings<'_>,
        len: u32,
        work: &Work,
    ) -> Outcome<Self> {
        let mut held = Bits::empty(len);
        let forms = term.expand(postings.index, work)?;
        work.postings(n_postings(&forms))?;
        let longest = forms.iter().map(|(_, form)| form.length).max().unwrap_or(1);
        if forms.len() > MAX_READERS {
            let mut rows = Vec::new();
            for (info, form) in forms {
                work.positions(info.doc_freq as usize)?;
                postings.reader(&info)?.all(|record, steps| {
                    held.insert(record);
                    let mut start = 0;
                    rows.extend(steps.iter().map(|step| {
                        start += step;
                        (record, start, form.length)
                    }));
                });
            }
            rows.sort_unstable();
            return Ok(Self { held, longest, cursor: Cursor::Table { rows, at: 0 } });
        }
        let mut readers = Vec::with_capacity(forms.len());
        for (info, form) in forms {
            for_each_block(&info, postings.index, IndexRecordOption::Basic, |records, _| {
                held.insert_all(records);
            })?;
            readers.push((postings.reader(&info)?, form.length));
        }
        let next = vec![0; readers.len()];
        Ok(Self { held, longest, cursor: Cursor::Forms(Forms { next, readers }) })
    }

    /// The readers of its forms; none where it is read from a table.
    pub(super) fn forms(&mut self) -> Option<&mut Forms> {
        match &mut self.cursor {
            Cursor::Forms(forms) => Some(forms),
            Cursor::Table { .. } => None,
        }
    }

    /// Appends the places of the word in `records`, which are in order and none of which was asked for
    /// before; the first word of each stands at the place that `firsts` gives.
    pub(super) fn read(&mut self, records: &[u32], firsts: &[u32], out: &mut Vec<(u32, u32)>) {
        match &mut self.cursor {
            Cursor::Forms(forms) => {
                let from = out.len();
                let n_read = forms.each(
                    records,
                    |record| *record,
                    |at, length, steps| {
                        let mut start = firsts.get(at.start).copied().unwrap_or(0);
                        out.extend(steps.iter().map(|step| {
                            start += step;
                            (start, start + length)
                        }));
                    },
                );
                // The places of each form are in order: what a stable sort merges.
                if n_read > 1
                    && let Some(fresh) = out.get_mut(from..)
                {
                    fresh.sort_by_key(|place| *place);
                }
            }
            Cursor::Table { rows, at } => {
                for (record, first) in records.iter().zip(firsts) {
                    let rest = rows.get(*at..).unwrap_or_default();
                    *at += n_before(rest, |(of, ..)| of < record);
                    let rest = rows.get(*at..).unwrap_or_default();
                    let here = rest.iter().take_while(|(of, ..)| of == record);
                    out.extend(here.map(|(_, start, n)| (first + start, first + start + n)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn as_many_stand_before_a_number_as_are_less(
            mut list in proptest::collection::vec(0_u32..80, 0..60), number in 0_u32..90,
        ) {
            list.sort_unstable();
            let expected = list.iter().filter(|other| **other < number).count();
            proptest::prop_assert_eq!(n_before(&list, |other| *other < number), expected);
        }
    }
}
