//! One segment of the index, as a search sees it.

use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings as _, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, InvertedIndexReader, SegmentReader, Term};

use super::bits::Bits;
use super::error::Error;
use super::spans::Expression;
use super::tally::{Frequencies, Sum, are_many};
use super::terms::TermSpec;
use super::word::n_before;
use super::work::Work;
use crate::analysis::key::Form;
use crate::index::Frame;
pub(super) use crate::index::Frequency;
use crate::index::schema::Fields;

/// What a look at the index gives.
pub(super) type Outcome<T> = Result<T, Error>;

/// More postings than a record in so many has are counted by record.
const SPARSE: usize = 16;
/// Forms of a word whose lists are merged one by one.
const FEW_FORMS: usize = 6;
/// What is read of postings where no places are asked for.
const FREQUENCIES: IndexRecordOption = IndexRecordOption::WithFreqs;

#[derive(Clone, Copy)]
pub(super) struct Segment<'a> {
    pub(super) ord: u32,
    pub(super) reader: &'a SegmentReader,
    pub(super) fields: &'a Fields,
    pub(super) frame: &'a Frame,
    /// What the query may still ask for.
    pub(super) work: &'a Work,
}

impl Segment<'_> {
    pub(super) fn len(&self) -> u32 {
        self.reader.max_doc()
    }

    /// The dictionary and postings of passages.
    pub(super) fn body(&self) -> &InvertedIndexReader {
        &self.frame.body
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
        record.saturating_sub(self.document_of(record))
    }

    /// The document record of the document that `record` belongs to.
    pub(super) fn document_of(&self, record: u32) -> u32 {
        self.documents().get(self.owner_of(record)).copied().unwrap_or(0)
    }

    /// The place of that document among the documents.
    pub(super) fn owner_of(&self, record: u32) -> usize {
        self.frame.owners().get(record as usize).copied().unwrap_or(0) as usize
    }

    /// The record behind the last of that document.
    pub(super) fn end_of(&self, record: u32) -> u32 {
        let next = self.documents().get(self.owner_of(record) + 1);
        next.copied().unwrap_or_else(|| self.len())
    }

    /// All document records, replaced ones included, in order.
    pub(super) fn documents(&self) -> &[u32] {
        &self.frame.documents
    }

    /// The path of a document by its document record.
    pub(super) fn path_of(&self, document: u32) -> Outcome<String> {
        let mut path = String::new();
        if let Some(paths) = &self.frame.paths
            && let Some(ord) = paths.term_ords(document).next()
        {
            paths.ord_to_str(ord, &mut path)?;
        }
        Ok(path)
    }

    /// All passages that are not replaced.
    pub(super) fn passages(&self) -> Bits {
        let mut bits = Bits::full(self.len());
        for record in self.documents() {
            bits.remove(*record);
        }
        self.drop_replaced(&mut bits);
        bits
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
    pub(super) fn passages_of(&self, documents: &Bits) -> Bits {
        let mut bits = Bits::empty(self.len());
        let records = self.documents();
        for (index, record) in records.iter().enumerate() {
            if documents.contains(*record) {
                let end = records.get(index + 1).copied().unwrap_or(self.len());
                bits.insert_range(record + 1, end);
            }
        }
        bits
    }

    /// How often a word stands in each passage of `field`, replaced ones left out.
    pub(super) fn frequencies(&self, term: &TermSpec, field: Field) -> Outcome<Frequencies> {
        let index = if field == self.fields.body {
            Arc::clone(&self.frame.body)
        } else {
            self.reader.inverted_index(field)?
        };
        let forms = term.expand(&index, self.work)?;
        let forms: Vec<TermInfo> = forms.into_iter().map(|(info, _)| info).collect();
        self.together(&forms, &index)
    }

    /// How often a phrase stands in each passage, where the index keeps it as a pair of common words.
    pub(super) fn pair_frequencies(&self, expression: &Expression) -> Outcome<Option<Frequencies>> {
        let Some(pair) = expression.common_pair() else { return Ok(None) };
        let (index, info) = self.pair(&pair)?;
        self.together(info.as_slice(), &index).map(Some)
    }

    /// Where the index keeps a pair of common words, and what of it.
    fn pair(&self, pair: &str) -> Outcome<(Arc<InvertedIndexReader>, Option<TermInfo>)> {
        let index = self.reader.inverted_index(self.fields.pairs)?;
        let info = index.get_term_info(&Term::from_field_text(self.fields.pairs, pair))?;
        Ok((index, info))
    }

    /// How often these terms together stand in each passage, replaced ones left out.
    fn together(&self, terms: &[TermInfo], index: &InvertedIndexReader) -> Outcome<Frequencies> {
        let n = terms.iter().map(|info| info.doc_freq as usize).sum();
        self.work.postings(n)?;
        let found = if are_many(n, self) || terms.len() > 1 && n > self.len() as usize / SPARSE {
            let mut sum = Sum::new(self);
            for (at, info) in terms.iter().enumerate() {
                for_each_block(info, index, FREQUENCIES, |records, counts| {
                    if at == 0 {
                        sum.set_block(records, counts);
                    } else {
                        sum.add_block(records, counts);
                    }
                })?;
            }
            sum.finish()
        } else if terms.len() <= FEW_FORMS {
            let mut lists = Vec::with_capacity(terms.len());
            for info in terms {
                let mut list = Vec::with_capacity(info.doc_freq as usize);
                self::list(info, index, &mut list)?;
                lists.push(list);
            }
            // Mostly one form is much the commonest: the others go into it last, together.
            lists.sort_by_key(Vec::len);
            let lists = lists.into_iter();
            Frequencies::Few(lists.reduce(|few, more| merge(&few, &more)).unwrap_or_default())
        } else {
            let mut list = Vec::with_capacity(n);
            for info in terms {
                self::list(info, index, &mut list)?;
            }
            // The lists of the forms, each in order, one after another: what a stable sort merges.
            list.sort_by_key(|f| f.record);
            list.dedup_by(|next, kept| {
                let same = next.record == kept.record;
                if same {
                    kept.count += next.count;
                }
                same
            });
            Frequencies::Few(list)
        };
        Ok(found.living(self))
    }

    pub(super) fn for_each_pair(
        &self,
        pair: &str,
        visit: impl FnMut(&[u32], &[u32]),
    ) -> Outcome<()> {
        let (index, Some(info)) = self.pair(pair)? else { return Ok(()) };
        self.work.postings(info.doc_freq as usize)?;
        for_each_block(&info, &index, FREQUENCIES, visit)
    }

    /// Where a word stands in each of these passages, which are in order, by words of the passage.
    pub(super) fn places(&self, term: &TermSpec, records: &[u32]) -> Outcome<Vec<Vec<u32>>> {
        let mut all = vec![Vec::new(); records.len()];
        let option = IndexRecordOption::WithFreqsAndPositions;
        let forms = term.expand(&self.frame.body, self.work)?;
        self.work.positions(forms.len().saturating_mul(records.len()))?;
        let several = forms.len() > 1;
        for (info, _) in forms {
            let mut postings = self.frame.body.read_postings_from_terminfo(&info, option)?;
            for (record, places) in records.iter().zip(&mut all) {
                if postings.doc() < *record {
                    postings.seek(*record);
                }
                if postings.doc() == *record {
                    postings.append_positions_with_offset(0, places);
                }
            }
        }
        if several {
            for places in &mut all {
                places.sort_unstable();
            }
        }
        Ok(all)
    }

    /// Passages that hold a term, replaced ones left out: help must not depend on what once was there.
    pub(super) fn n_living(&self, info: &TermInfo) -> Outcome<u32> {
        if !self.reader.has_deletes() {
            return Ok(info.doc_freq);
        }
        let mut n = 0;
        for_each_block(info, &self.frame.body, IndexRecordOption::Basic, |records, _| {
            n += records.iter().filter(|record| !self.reader.is_deleted(**record)).count() as u32;
        })?;
        Ok(n)
    }

    /// The document records of the documents that hold `records`.
    pub(super) fn documents_of(&self, records: &Bits) -> Bits {
        let mut documents = Bits::empty(self.len());
        self.for_each_document(records, |document, _| documents.insert(document));
        documents
    }

    /// How many documents hold `records`.
    pub(super) fn n_documents(&self, records: &Bits) -> u64 {
        let (owners, documents) = (self.frame.owners(), self.documents());
        if records.count() > documents.len() as u64 {
            let ends = documents.iter().skip(1).copied().chain([self.len()]);
            let held =
                documents.iter().zip(ends).filter(|(from, end)| records.holds_any(**from, *end));
            return held.count() as u64;
        }
        let (mut n, mut last) = (0, u32::MAX);
        records.iter().for_each(|record| {
            let owner = owners.get(record as usize).copied().unwrap_or(0);
            n += u64::from(owner != last);
            last = owner;
        });
        n
    }

    /// Calls `visit` for every document that holds some of `records`, in order, with how many.
    pub(super) fn for_each_document(&self, records: &Bits, mut visit: impl FnMut(u32, u64)) {
        let (owners, documents) = (self.frame.owners(), self.documents());
        let mut last: Option<(u32, u64)> = None;
        for record in records.iter() {
            let owner = owners.get(record as usize).copied().unwrap_or(0);
            let document = documents.get(owner as usize).copied().unwrap_or(0);
            match &mut last {
                Some((known, n)) if *known == document => *n += 1,
                _ => {
                    if let Some((document, n)) = last.replace((document, 1)) {
                        visit(document, n);
                    }
                }
            }
        }
        if let Some((document, n)) = last {
            visit(document, n);
        }
    }
}

/// Calls `visit` with the records of a term and, where that is asked for, how often it stands in each,
/// block by block.
pub(super) fn for_each_block(
    info: &TermInfo,
    index: &InvertedIndexReader,
    asked_for: IndexRecordOption,
    mut visit: impl FnMut(&[u32], &[u32]),
) -> Outcome<()> {
    let mut postings = index.read_block_postings_from_terminfo(info, asked_for)?;
    while !postings.docs().is_empty() {
        visit(postings.docs(), postings.freqs());
        postings.advance();
    }
    Ok(())
}

/// Appends how often a term stands in each record that holds it.
fn list(info: &TermInfo, index: &InvertedIndexReader, all: &mut Vec<Frequency>) -> Outcome<()> {
    for_each_block(info, index, FREQUENCIES, |records, counts| {
        let both = records.iter().zip(counts);
        all.extend(both.map(|(&record, &count)| Frequency { record, count }));
    })
}

/// Both lists as one, by record.
pub(super) fn merge<'l>(mut a: &'l [Frequency], mut b: &'l [Frequency]) -> Vec<Frequency> {
    let mut out = Vec::with_capacity(a.len() + b.len());
    // Mostly one of them is short: what lies between its records is copied as it is.
    while let (Some(left), Some(right)) = (a.first(), b.first()) {
        if left.record == right.record {
            out.push(Frequency { record: left.record, count: left.count + right.count });
            (a, b) = (a.get(1..).unwrap_or_default(), b.get(1..).unwrap_or_default());
            continue;
        }
        let (ahead, behind) =
            if left.record < right.record { (&mut a, right) } else { (&mut b, left) };
        let (run, rest) = ahead.split_at(n_before(ahead, |f| f.record < behind.record));
        out.extend_from_slice(run);
        *ahead = rest;
    }
    out.extend_from_slice(a);
    out.extend_from_slice(b);
    out
}

/// How many postings the forms have together.
pub(super) fn n_postings(forms: &[(TermInfo, Form)]) -> usize {
    forms.iter().map(|(info, _)| info.doc_freq as usize).sum()
}
