//! One segment of the index, as a search sees it.

use std::cell::OnceCell;
use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, InvertedIndexReader, SegmentReader, TERMINATED, Term};

use super::bits::Bits;
use super::error::Error;
use super::spans::{Expression, Ground, Stand, Step, counted};
use super::terms::TermSpec;
use crate::index::schema::{Fields, OPENS_PARAGRAPH, column};
use crate::query::Scope;

/// What a look at the index gives.
pub(super) type Outcome<T> = Result<T, Error>;

/// Lists of frequencies that are merged one by one; more forms are counted by record.
const MAX_MERGED: usize = 8;
/// A word of more forms than this is read into one table, not through a reader a form.
const MAX_READERS: usize = 64;

/// How often a clause stands in a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frequency {
    pub(super) record: u32,
    pub(super) count: u32,
    /// Whether the very form that was typed is among them.
    pub(super) exact: bool,
}

pub(super) struct Segment<'a> {
    pub(super) ord: u32,
    pub(super) reader: &'a SegmentReader,
    pub(super) fields: &'a Fields,
    body: Arc<InvertedIndexReader>,
    pub(super) ordinal: Column<u64>,
    first: Column<u64>,
    borders: Column<u64>,
    documents: OnceCell<Vec<u32>>,
}

impl<'a> Segment<'a> {
    pub(super) fn open(ord: u32, reader: &'a SegmentReader, fields: &'a Fields) -> Outcome<Self> {
        Ok(Self {
            ord,
            reader,
            fields,
            body: reader.inverted_index(fields.body)?,
            ordinal: reader.fast_fields().u64(column::ORDINAL)?,
            first: reader.fast_fields().u64(column::FIRST)?,
            borders: reader.fast_fields().u64(column::SENTENCES)?,
            documents: OnceCell::new(),
        })
    }

    pub(super) fn len(&self) -> u32 {
        self.reader.max_doc()
    }

    /// The dictionary and postings of passages.
    pub(super) fn body(&self) -> &InvertedIndexReader {
        &self.body
    }

    pub(super) fn norms(&self, field: Field) -> Outcome<FieldNormReader> {
        Ok(self.reader.get_fieldnorms_reader(field)?)
    }

    pub(super) fn labels(&self, name: &str) -> Outcome<Option<StrColumn>> {
        Ok(self.reader.fast_fields().str(name)?)
    }

    pub(super) fn numbers(&self, name: &str) -> Outcome<Column<i64>> {
        Ok(self.reader.fast_fields().i64(name)?)
    }

    /// Place of a passage in its document, from 1; 0 for a document record.
    pub(super) fn ordinal_of(&self, record: u32) -> u32 {
        self.ordinal.first(record).unwrap_or(0) as u32
    }

    /// The document record of the document that `record` belongs to.
    pub(super) fn document_of(&self, record: u32) -> u32 {
        record.saturating_sub(self.ordinal_of(record))
    }

    fn first_position(&self, record: u32) -> u32 {
        self.first.first(record).unwrap_or(0) as u32
    }

    /// All document records, replaced ones included, in order.
    pub(super) fn documents(&self) -> Outcome<&[u32]> {
        if let Some(documents) = self.documents.get() {
            return Ok(documents);
        }
        let index = self.reader.inverted_index(self.fields.kind)?;
        let term = Term::from_field_text(self.fields.kind, "d");
        let mut documents = Vec::new();
        if let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? {
            let mut record = postings.doc();
            while record != TERMINATED {
                documents.push(record);
                record = postings.advance();
            }
        }
        Ok(self.documents.get_or_init(|| documents))
    }

    /// All passages that are not replaced.
    pub(super) fn passages(&self) -> Outcome<Bits> {
        let mut bits = Bits::full(self.len());
        for record in self.documents()? {
            bits.remove(*record);
        }
        self.drop_replaced(&mut bits);
        Ok(bits)
    }

    pub(super) fn drop_replaced(&self, bits: &mut Bits) {
        if self.reader.has_deletes() {
            let replaced: Vec<u32> =
                bits.iter().filter(|record| self.reader.is_deleted(*record)).collect();
            for record in replaced {
                bits.remove(record);
            }
        }
    }

    /// The passages of the documents in `documents` (a set of document records).
    pub(super) fn passages_of(&self, documents: &Bits) -> Outcome<Bits> {
        let mut bits = Bits::empty(self.len());
        let records = self.documents()?;
        for (index, record) in records.iter().enumerate() {
            if documents.contains(*record) {
                let end = records.get(index + 1).copied().unwrap_or(self.len());
                bits.insert_range(record + 1, end);
            }
        }
        Ok(bits)
    }

    /// How often a word stands in each passage of `field`, replaced ones left out.
    pub(super) fn frequencies(&self, term: &TermSpec, field: Field) -> Outcome<Vec<Frequency>> {
        let index = if field == self.fields.body {
            Arc::clone(&self.body)
        } else {
            self.reader.inverted_index(field)?
        };
        let forms = term.expand(&index)?;
        let mut all: Vec<Frequency> = Vec::new();
        if forms.len() <= MAX_MERGED {
            for (info, form) in forms {
                let postings =
                    index.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
                let list = self.read_frequencies(postings, form.folded == term.folded);
                all = if all.is_empty() { list } else { merge(&all, &list) };
            }
            return Ok(all);
        }
        // Many forms: one count a record, rather than list upon list.
        let mut counts = vec![0_u32; self.len() as usize];
        let mut records = Bits::empty(self.len());
        for (info, _) in forms {
            let mut postings =
                index.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
            let mut record = postings.doc();
            while record != TERMINATED {
                records.insert(record);
                if let Some(count) = counts.get_mut(record as usize) {
                    *count += postings.term_freq();
                }
                record = postings.advance();
            }
        }
        self.drop_replaced(&mut records);
        all.extend(records.iter().map(|record| {
            let count = counts.get(record as usize).copied().unwrap_or(0);
            Frequency { record, count, exact: false }
        }));
        Ok(all)
    }

    fn read_frequencies(&self, mut postings: SegmentPostings, exact: bool) -> Vec<Frequency> {
        let mut list = Vec::with_capacity(postings.size_hint() as usize);
        let deletes = self.reader.has_deletes();
        let mut record = postings.doc();
        while record != TERMINATED {
            if !(deletes && self.reader.is_deleted(record)) {
                list.push(Frequency { record, count: postings.term_freq(), exact });
            }
            record = postings.advance();
        }
        list
    }

    /// Calls `visit` for every document record in whose title an expression stands.
    pub(super) fn titles(
        &self,
        expression: &Expression,
        visit: &mut dyn FnMut(u32),
    ) -> Outcome<()> {
        let index = self.reader.inverted_index(self.fields.title)?;
        let mut terms = Vec::new();
        expression.terms(&mut terms);
        let mut cursors = Vec::with_capacity(terms.len());
        for term in terms {
            cursors.push(Cursor::open(term, &index, self.len())?);
        }
        let mut ground = Ground { words: vec![Vec::new(); cursors.len()], ..Ground::default() };
        for &record in self.documents()? {
            ground.clear();
            for ((cursor, bits, _), list) in cursors.iter_mut().zip(&mut ground.words) {
                if bits.contains(record) {
                    cursor.read(record, 0, list);
                }
            }
            if !expression.find(&ground).is_empty() {
                visit(record);
            }
        }
        Ok(())
    }

    /// Calls `visit` for every stand of an expression that counts, with the passage in which it
    /// starts.
    pub(super) fn stands(
        &self,
        expression: &Expression,
        visit: &mut dyn FnMut(u32, &Stand),
    ) -> Outcome<()> {
        let mut terms = Vec::new();
        expression.terms(&mut terms);
        let mut cursors = Vec::with_capacity(terms.len());
        let mut held = Vec::with_capacity(terms.len());
        for term in terms {
            let (cursor, bits, longest) = Cursor::open(term, &self.body, self.len())?;
            cursors.push(cursor);
            held.push((bits, longest));
        }
        let mut next = 0;
        let (mut records, _) = self.participants(expression, &held, &mut next)?;
        self.drop_replaced(&mut records);
        let borders = expression.needs_borders();
        if borders {
            // Paragraphs also begin in passages that hold none of the words.
            records = self.passages_of(&self.documents_of(&records))?;
        }
        let mut ground = Ground { words: vec![Vec::new(); cursors.len()], ..Ground::default() };
        let mut group: Vec<(u32, u32)> = Vec::new();
        let mut document = None;
        let mut flush = |group: &mut Vec<(u32, u32)>, ground: &mut Ground| {
            for stand in counted(expression.find(ground)) {
                let after = group.partition_point(|(first, _)| *first <= stand.start);
                if let Some((_, record)) = after.checked_sub(1).and_then(|at| group.get(at)) {
                    visit(*record, &stand);
                }
            }
            group.clear();
            ground.clear();
        };
        for record in records.iter() {
            let of = self.document_of(record);
            if document != Some(of) {
                flush(&mut group, &mut ground);
                document = Some(of);
            }
            let first = self.first_position(record);
            group.push((first, record));
            if borders {
                self.read_borders(record, first, &mut ground);
            }
            for ((cursor, (bits, _)), list) in cursors.iter_mut().zip(&held).zip(&mut ground.words)
            {
                if bits.contains(record) {
                    cursor.read(record, first, list);
                }
            }
        }
        flush(&mut group, &mut ground);
        Ok(())
    }

    /// Adds where the sentences and paragraphs of `record` begin, whose first word stands at `first`.
    fn read_borders(&self, record: u32, first: u32, ground: &mut Ground) {
        for value in self.borders.values_for_doc(record) {
            let at = first + (value / OPENS_PARAGRAPH) as u32;
            ground.sentences.push(at);
            if value % OPENS_PARAGRAPH == 1 {
                ground.paragraphs.push(at);
            }
        }
    }

    /// Records that may hold a part of a match (none that does is left out), and how many words a
    /// match takes at most.
    fn participants(
        &self,
        expression: &Expression,
        held: &[(Bits, u32)],
        next: &mut usize,
    ) -> Outcome<(Bits, u32)> {
        match expression {
            Expression::Term(_) => {
                let found = held.get(*next).cloned();
                *next += 1;
                Ok(found.unwrap_or_else(|| (Bits::empty(self.len()), 1)))
            }
            Expression::Any(items) | Expression::Names(items) => {
                let mut all = (Bits::empty(self.len()), 1);
                for item in items {
                    let (bits, reach) = self.participants(item, held, next)?;
                    all.0.or(&bits);
                    all.1 = all.1.max(reach);
                }
                Ok(all)
            }
            Expression::Sequence { items, slop } => {
                // A passage holds at least one word, so a word that stands n words after the start
                // stands at most n passages on.
                let mut starts = Bits::full(self.len());
                let mut any = Bits::empty(self.len());
                let mut before = 0_u32;
                for Step { skip, expression } in items {
                    let (bits, reach) = self.participants(expression, held, next)?;
                    any.or(&bits);
                    before = before.saturating_add(*skip);
                    let times = if before == 0 { 0 } else { before.saturating_add(*slop) };
                    starts.and(&spread(bits, times, Bits::shifted_down));
                    before = before.saturating_add(reach);
                }
                let reach = before.saturating_add(*slop);
                let mut all = spread(starts, reach.saturating_sub(1), Bits::shifted_up);
                all.and(&any);
                Ok((all, reach))
            }
            Expression::Near { left, right, distance, .. } => {
                let (left, reach_left) = self.participants(left, held, next)?;
                let (right, reach_right) = self.participants(right, held, next)?;
                let mut documents = self.documents_of(&left);
                documents.and(&self.documents_of(&right));
                let mut all = left;
                all.or(&right);
                all.and(&self.passages_of(&documents)?);
                let reach = reach_left.saturating_add(reach_right).saturating_add(*distance);
                Ok((all, reach))
            }
            Expression::Within { scope, left, right } => {
                let (left, reach_left) = self.participants(left, held, next)?;
                let (right, reach_right) = self.participants(right, held, next)?;
                let mut all = left;
                let reach = match scope {
                    // A sentence lies in one passage.
                    Scope::Sentence => {
                        all.and(&right);
                        reach_left.saturating_add(reach_right)
                    }
                    Scope::Paragraph => {
                        let mut documents = self.documents_of(&all);
                        documents.and(&self.documents_of(&right));
                        all.or(&right);
                        all.and(&self.passages_of(&documents)?);
                        u32::MAX
                    }
                };
                Ok((all, reach))
            }
        }
    }

    pub(super) fn documents_of(&self, records: &Bits) -> Bits {
        let mut documents = Bits::empty(self.len());
        for record in records.iter() {
            documents.insert(self.document_of(record));
        }
        documents
    }
}

/// The union of `bits` shifted 0 to `times` times.
fn spread(bits: Bits, times: u32, shift: impl Fn(&Bits) -> Bits) -> Bits {
    let mut all = bits.clone();
    let mut shifted = bits;
    for _ in 0..times {
        shifted = shift(&shifted);
        if shifted.is_empty() {
            break;
        }
        all.or(&shifted);
    }
    all
}

/// Both lists as one, by record.
pub(super) fn merge(a: &[Frequency], b: &[Frequency]) -> Vec<Frequency> {
    let mut out = Vec::with_capacity(a.len() + b.len());
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    loop {
        match (left.peek(), right.peek()) {
            (Some(x), Some(y)) if x.record == y.record => {
                out.push(Frequency {
                    record: x.record,
                    count: x.count + y.count,
                    exact: x.exact || y.exact,
                });
                left.next();
                right.next();
            }
            (Some(x), Some(y)) if x.record > y.record => out.extend(right.next().copied()),
            (Some(_), _) => out.extend(left.next().copied()),
            (None, Some(_)) => out.extend(right.next().copied()),
            (None, None) => return out,
        }
    }
}

/// Reads positions of a word, all of its forms together, moving forward only.
enum Cursor {
    /// A reader a form, and the places that the form takes.
    Readers { lists: Vec<(SegmentPostings, u32)>, scratch: Vec<u32> },
    /// Record, first place and number of places, in order; how far it has been read.
    Table { rows: Vec<(u32, u32, u32)>, at: usize },
}

impl Cursor {
    fn open(term: &TermSpec, index: &InvertedIndexReader, len: u32) -> Outcome<(Self, Bits, u32)> {
        let mut bits = Bits::empty(len);
        let mut longest = 1;
        let option = IndexRecordOption::WithFreqsAndPositions;
        let forms = term.expand(index)?;
        if forms.len() > MAX_READERS {
            let mut rows = Vec::new();
            let mut scratch = Vec::new();
            for (info, form) in forms {
                longest = longest.max(form.length);
                let mut postings = index.read_postings_from_terminfo(&info, option)?;
                let mut record = postings.doc();
                while record != TERMINATED {
                    bits.insert(record);
                    postings.positions(&mut scratch);
                    rows.extend(scratch.iter().map(|&start| (record, start, form.length)));
                    record = postings.advance();
                }
            }
            rows.sort_unstable();
            return Ok((Self::Table { rows, at: 0 }, bits, longest));
        }
        let mut lists = Vec::new();
        for (info, form) in forms {
            let mut docs = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            let mut record = docs.doc();
            while record != TERMINATED {
                bits.insert(record);
                record = docs.advance();
            }
            longest = longest.max(form.length);
            lists.push((index.read_postings_from_terminfo(&info, option)?, form.length));
        }
        Ok((Self::Readers { lists, scratch: Vec::new() }, bits, longest))
    }

    /// Appends the places of the word in `record`, whose first word stands at `first`.
    fn read(&mut self, record: u32, first: u32, out: &mut Vec<(u32, u32)>) {
        match self {
            Self::Readers { lists, scratch } => {
                let from = out.len();
                let mut several = false;
                for (postings, length) in lists {
                    if postings.doc() < record {
                        postings.seek(record);
                    }
                    if postings.doc() != record {
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
            Self::Table { rows, at } => {
                let rest = rows.get(*at..).unwrap_or_default();
                *at += rest.partition_point(|(of, ..)| *of < record);
                let rest = rows.get(*at..).unwrap_or_default();
                let here = rest.iter().take_while(|(of, ..)| *of == record);
                out.extend(here.map(|(_, start, n)| (first + start, first + start + n)));
            }
        }
    }
}
