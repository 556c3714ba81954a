//! The places of one word, read many passages at a time.

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
        Ok(Reader { blocks, at: 0, offset: 0, positions: PositionReader::open(positions)? })
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
    /// A reader a form, and the places that the form takes; and the next record of each, kept apart: a
    /// word has many forms, most of which are far ahead, and a reader is large.
    Readers { next: Vec<u32>, forms: Vec<(Reader, u32)> },
    /// Record, first place and number of places, in order; how far it has been read.
    Table { rows: Vec<(u32, u32, u32)>, at: usize },
}

/// Reads the places of one term, moving forward only. Positions stand one term behind another without
/// a record's name, so that those of a record lie as far on as all records before it have them.
struct Reader {
    blocks: BlockSegmentPostings,
    /// How far the block has been read, and how many positions stand before.
    at: usize,
    offset: u64,
    positions: PositionReader,
}

impl Reader {
    /// The first record, from where it stands, that is not before `record`.
    fn seek(&mut self, record: u32) -> Option<u32> {
        loop {
            let records = self.blocks.docs();
            let is_behind = *records.last()? < record;
            let rest = records.get(self.at..).unwrap_or_default();
            let skipped =
                if is_behind { rest.len() } else { n_before(rest, |other| *other < record) };
            let counts = self.blocks.freqs().get(self.at..self.at + skipped).unwrap_or_default();
            self.offset += counts.iter().map(|count| u64::from(*count)).sum::<u64>();
            self.at += skipped;
            if let Some(found) = records.get(self.at) {
                return Some(*found);
            }
            self.blocks.advance();
            self.at = 0;
        }
    }

    /// Appends the places in the record where it stands, in which a form takes `length` places, counted
    /// from `first`.
    fn read(&mut self, first: u32, length: u32, scratch: &mut Vec<u32>, out: &mut Vec<(u32, u32)>) {
        let count = self.blocks.freqs().get(self.at).copied().unwrap_or(0) as usize;
        if scratch.len() < count {
            scratch.resize(count, 0);
        }
        let Some(steps) = scratch.get_mut(..count) else { return };
        self.positions.read(self.offset, steps);
        let mut start = first;
        out.extend(steps.iter().map(|step| {
            start += step;
            (start, start + length)
        }));
    }

    /// Goes through `records`, which are in order, and calls `visit` at each that holds the term, with its place
    /// among them. Returns the record where it stands then, which may be the last of them.
    fn each(&mut self, records: &[u32], mut visit: impl FnMut(&mut Self, usize)) -> u32 {
        let mut at = 0;
        while let Some(wanted) = records.get(at) {
            let Some(found) = self.seek(*wanted) else { return u32::MAX };
            if found == *wanted {
                visit(self, at);
                at += 1;
            } else {
                let rest = records.get(at..).unwrap_or_default();
                at += n_before(rest, |other| *other < found);
            }
        }
        self.blocks.docs().get(self.at).copied().unwrap_or(u32::MAX)
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
            let (mut scratch, mut places) = (Vec::new(), Vec::new());
            for (info, form) in forms {
                work.positions(info.doc_freq as usize)?;
                let mut reader = postings.reader(&info)?;
                let mut next = 0;
                while let Some(record) = reader.seek(next) {
                    held.insert(record);
                    places.clear();
                    reader.read(0, form.length, &mut scratch, &mut places);
                    rows.extend(places.iter().map(|(start, _)| (record, *start, form.length)));
                    next = record + 1;
                }
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
        Ok(Self { held, longest, cursor: Cursor::Readers { next, forms: readers } })
    }

    /// Appends the places of the word in `records`, which are in order and none of which was asked for
    /// before; the first word of each stands at the place that `firsts` gives.
    pub(super) fn read(&mut self, records: &[u32], firsts: &[u32], out: &mut Vec<(u32, u32)>) {
        let Some(last) = records.last() else { return };
        match &mut self.cursor {
            Cursor::Readers { next, forms } => {
                let from = out.len();
                let mut n_read = 0;
                let mut scratch = Vec::new();
                for (next, (reader, length)) in next.iter_mut().zip(forms) {
                    if *next > *last {
                        continue;
                    }
                    let before = out.len();
                    *next = reader.each(records, |reader, at| {
                        let first = firsts.get(at).copied().unwrap_or(0);
                        reader.read(first, *length, &mut scratch, out);
                    });
                    n_read += usize::from(out.len() > before);
                }
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
