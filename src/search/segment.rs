//! One segment of the index, as a search sees it.

use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings as _, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, InvertedIndexReader, SegmentReader, Term};

use super::bits::Bits;
use super::error::Error;
use super::spans::{Expression, Ground, MOST_PLACES, Step};
use super::stretch::Stretch;
use super::terms::TermSpec;
use super::word::{Postings, Word, n_before};
use super::work::Work;
use crate::analysis::key::Form;
pub(super) use crate::index::Frequency;
use crate::index::schema::{Fields, OPENS_PARAGRAPH};
use crate::index::{Frame, Places};
use crate::query::Scope;

/// What a look at the index gives.
pub(super) type Outcome<T> = Result<T, Error>;

/// More postings than a record in so many has are counted by record.
const SPARSE: usize = 16;
/// Passages that are looked at in one go, documents side by side.
const BATCH: usize = 2_048;
/// What is read of postings where no places are asked for.
const FREQUENCIES: IndexRecordOption = IndexRecordOption::WithFreqs;
/// A word of a phrase that stands this far behind its start may be anywhere in the document.
const FAR: u32 = 8;

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
        let documents = self.documents();
        let behind = documents.partition_point(|document| *document <= record);
        behind.checked_sub(1).and_then(|at| documents.get(at)).copied().unwrap_or(0)
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
    pub(super) fn frequencies(&self, term: &TermSpec, field: Field) -> Outcome<Vec<Frequency>> {
        let index = if field == self.fields.body {
            Arc::clone(&self.frame.body)
        } else {
            self.reader.inverted_index(field)?
        };
        let forms = term.expand(&index, self.work)?;
        let n = n_postings(&forms);
        self.work.postings(n)?;
        let mut list = if forms.len() > 1 && n > self.len() as usize / SPARSE {
            self.by_record(&forms, &index)?
        } else {
            let mut list = Vec::with_capacity(n);
            for (info, _) in &forms {
                for_each_block(info, &index, FREQUENCIES, |records, counts| {
                    let both = records.iter().zip(counts);
                    list.extend(both.map(|(&record, &count)| Frequency { record, count }));
                })?;
            }
            if forms.len() > 1 {
                // The lists of the forms, each in order, one after another: what a stable sort merges.
                list.sort_by_key(|f| f.record);
                list.dedup_by(|next, kept| {
                    let same = next.record == kept.record;
                    if same {
                        kept.count += next.count;
                    }
                    same
                });
            }
            list
        };
        if self.reader.has_deletes() {
            list.retain(|f| !self.reader.is_deleted(f.record));
        }
        Ok(list)
    }

    /// How often a phrase stands in each passage, where the index keeps it as a pair of common words.
    pub(super) fn pair_frequencies(
        &self,
        expression: &Expression,
    ) -> Outcome<Option<Vec<Frequency>>> {
        let Some(pair) = expression.common_pair() else { return Ok(None) };
        let mut list = Vec::new();
        self.for_each_pair(&pair, |records, counts| {
            let both = records.iter().zip(counts);
            list.extend(both.map(|(&record, &count)| Frequency { record, count }));
        })?;
        if self.reader.has_deletes() {
            list.retain(|f| !self.reader.is_deleted(f.record));
        }
        Ok(Some(list))
    }

    fn for_each_pair(&self, pair: &str, visit: impl FnMut(&[u32], &[u32])) -> Outcome<()> {
        let index = self.reader.inverted_index(self.fields.pairs)?;
        let info = index.get_term_info(&Term::from_field_text(self.fields.pairs, pair))?;
        let Some(info) = info else { return Ok(()) };
        self.work.postings(info.doc_freq as usize)?;
        for_each_block(&info, &index, FREQUENCIES, visit)
    }

    /// The same where there is much to read: one count a record, rather than list upon list.
    fn by_record(
        &self,
        forms: &[(TermInfo, Form)],
        index: &InvertedIndexReader,
    ) -> Outcome<Vec<Frequency>> {
        let mut sum = Sum::new(self);
        for (info, _) in forms {
            for_each_block(info, index, FREQUENCIES, |records, counts| {
                sum.add_block(records, counts);
            })?;
        }
        Ok(sum.finish())
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

    /// Calls `visit` for every document record in whose title an expression stands.
    pub(super) fn titles(
        &self,
        expression: &Expression,
        visit: &mut dyn FnMut(u32),
    ) -> Outcome<()> {
        self.in_field(self.fields.title, expression, visit)
    }

    /// Calls `visit` for every passage that is not replaced and beside which (in title, headings,
    /// captions) an expression stands.
    pub(super) fn beside(
        &self,
        expression: &Expression,
        visit: &mut dyn FnMut(u32),
    ) -> Outcome<()> {
        self.in_field(self.fields.beside, expression, &mut |record| {
            if !self.reader.is_deleted(record) {
                visit(record);
            }
        })
    }

    fn in_field(
        &self,
        field: Field,
        expression: &Expression,
        visit: &mut dyn FnMut(u32),
    ) -> Outcome<()> {
        let index = self.reader.inverted_index(field)?;
        let Opened { mut words, slots } = self.words(expression, field, &index)?;
        let mut ground =
            Ground { words: vec![Vec::new(); words.len()], slots, ..Ground::default() };
        let mut any = Bits::empty(self.len());
        for word in &words {
            any.or(&word.held);
        }
        for record in any.iter() {
            ground.clear();
            for (word, list) in words.iter_mut().zip(&mut ground.words) {
                word.read(&[record], &[0], list);
            }
            if expression.is_found(&ground, self.work)? {
                visit(record);
            }
        }
        Ok(())
    }

    fn words(
        &self,
        expression: &Expression,
        field: Field,
        index: &InvertedIndexReader,
    ) -> Outcome<Opened> {
        let postings = Postings::open(self.reader, index, field)?;
        let mut terms = Vec::new();
        expression.terms(&mut terms);
        let mut different: Vec<&TermSpec> = Vec::new();
        let mut words = Vec::new();
        let mut slots = Vec::with_capacity(terms.len());
        for term in terms {
            let known = different.iter().position(|other| *other == term);
            if known.is_none() {
                different.push(term);
                words.push(Word::open(term, &postings, self.len(), self.work)?);
            }
            slots.push(known.unwrap_or(different.len() - 1));
        }
        Ok(Opened { words, slots })
    }

    /// Opens the words of an expression over passages.
    pub(super) fn open(&self, expression: &Expression) -> Outcome<Opened> {
        self.words(expression, self.fields.body, &self.frame.body)
    }

    /// Calls `visit` for every match of an expression that counts, in order, with the passage in which
    /// it starts and its name; where `within` is given, of those that lie in these passages.
    pub(super) fn matches(
        &self,
        expression: &Expression,
        opened: Opened,
        within: Option<&Bits>,
        visit: &mut dyn FnMut(u32, u16),
    ) -> Outcome<()> {
        let Opened { mut words, slots } = opened;
        let mut next = slots.iter();
        // Of a plain phrase those passages are read in which it may start, and the next ones only where
        // it may go on there; its first word tells, unless it stands further on in the phrase too.
        let first_word = slots.first().filter(|first| slots.iter().skip(1).all(|s| s != *first));
        let (mut records, begun) = match (expression, first_word) {
            (Expression::Sequence { items, slop }, Some(first))
                if expression.plain_phrase().is_some() =>
            {
                let starts = self.starts(items, *slop, &words, &mut next)?;
                (starts.records, Some((*first, starts.reach)))
            }
            _ => (self.participants(expression, &words, &mut next)?.0, None),
        };
        if let Some(within) = within {
            records.and(within);
        }
        self.drop_replaced(&mut records);
        let starts = self.frame.places(self.reader)?;
        let sentences = expression.needs(Scope::Sentence);
        let paragraphs = expression.needs(Scope::Paragraph);
        // Documents stand behind one another, so far apart that no match reaches from one to the next.
        let together = !sentences && !paragraphs && expression.lists_little();
        let apart = expression.reach().words.saturating_add(2 * MOST_PLACES);
        let mut ground =
            Ground { words: vec![Vec::new(); words.len()], slots, ..Ground::default() };
        let mut documents = Walk::default();
        let mut stretch = Stretch::default();
        let mut all = records.iter().peekable();
        while all.peek().is_some() {
            ground.clear();
            stretch.clear();
            // Whole documents.
            let (mut base, mut end) = (0_u32, 0);
            while let Some(&record) = all.peek() {
                if record >= end {
                    if !stretch.passages.is_empty() {
                        let far = base > u32::MAX / 2;
                        if !together || far || stretch.passages.len() >= BATCH {
                            break;
                        }
                        base =
                            base.saturating_add(self.last_word(starts, end)).saturating_add(apart);
                    }
                    (_, end) = documents.to(self.documents(), record, self.len());
                }
                stretch.push(record, base.saturating_add(starts.first(record)), end);
                all.next();
            }
            if let Some((first, reach)) = begun
                && let (Some(word), Some(list)) =
                    (words.get_mut(first), ground.words.get_mut(first))
            {
                word.read(&stretch.passages, &stretch.firsts, list);
                stretch.go_on(list, reach, &|record| starts.first(record));
            }
            for (index, (word, list)) in words.iter_mut().zip(&mut ground.words).enumerate() {
                if begun.is_none_or(|(first, _)| first != index) {
                    word.read(&stretch.passages, &stretch.firsts, list);
                }
            }
            let passages = &stretch.passages;
            if sentences {
                for (record, first) in passages.iter().zip(&stretch.firsts) {
                    read_sentences(starts, *record, *first, &mut ground);
                }
            }
            if paragraphs && let (Some(first), Some(last)) = (passages.first(), passages.last()) {
                // They also begin in passages that hold none of the words.
                for record in *first..=*last {
                    read_paragraphs(starts, record, &mut ground);
                }
            }
            self.work.positions(passages.len() * words.len())?;
            expression.count(&ground, &stretch.firsts, self.work, &mut |passage, name| {
                if let Some(record) = passages.get(passage) {
                    visit(*record, name);
                }
            })?;
        }
        Ok(())
    }

    /// The place of the last word of the document that ends before the record `end`.
    fn last_word(&self, starts: &Places, end: u32) -> u32 {
        let last = end.saturating_sub(1);
        let words = self.frame.tokens.first(last).unwrap_or(0) as u32;
        starts.first(last).saturating_add(words)
    }

    /// Passages that may hold a part of one of these expressions, whose words are those opened from the
    /// `from`th on.
    pub(super) fn passages_with(
        &self,
        items: &[Expression],
        opened: &Opened,
        from: usize,
    ) -> Outcome<Bits> {
        let mut next = opened.slots.get(from..).unwrap_or_default().iter();
        let mut all = Bits::empty(self.len());
        for item in items {
            all.or(&self.participants(item, &opened.words, &mut next)?.0);
        }
        Ok(all)
    }

    /// Records that may hold a part of a match (none that does is left out), and how many words a
    /// match takes at most.
    fn participants(
        &self,
        expression: &Expression,
        words: &[Word],
        next: &mut std::slice::Iter<'_, usize>,
    ) -> Outcome<(Bits, u32)> {
        match expression {
            Expression::Term(_) => {
                let word = next.next().and_then(|slot| words.get(*slot));
                let none = || (Bits::empty(self.len()), 1);
                Ok(word.map_or_else(none, |word| (word.held.clone(), word.longest)))
            }
            Expression::Any(items) | Expression::Names(items) => {
                let mut all = (Bits::empty(self.len()), 1);
                for item in items {
                    let (bits, reach) = self.participants(item, words, next)?;
                    all.0.or(&bits);
                    all.1 = all.1.max(reach);
                }
                Ok(all)
            }
            Expression::Apart { name, longer } => {
                // A longer name may begin or end in another passage: all its words are read.
                let mut all = self.participants(name, words, next)?;
                for longer in longer {
                    let (bits, reach) = self.participants(longer, words, next)?;
                    all.0.or(&bits);
                    all.1 = all.1.max(reach);
                }
                Ok(all)
            }
            Expression::Sequence { items, slop } => {
                let Starts { mut records, any, reach } = self.starts(items, *slop, words, next)?;
                records.spread_up(reach.saturating_sub(1));
                records.and(&any);
                Ok((records, reach))
            }
            Expression::Near { left, right, distance, .. } => {
                let (left, reach_left) = self.participants(left, words, next)?;
                let (right, reach_right) = self.participants(right, words, next)?;
                let mut documents = self.documents_of(&left);
                documents.and(&self.documents_of(&right));
                let mut all = left;
                all.or(&right);
                all.and(&self.passages_of(&documents));
                let reach = reach_left.saturating_add(reach_right).saturating_add(*distance);
                Ok((all, reach))
            }
            Expression::Within { scope, left, right } => {
                let (left, reach_left) = self.participants(left, words, next)?;
                let (right, reach_right) = self.participants(right, words, next)?;
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
                        all.and(&self.passages_of(&documents));
                        u32::MAX
                    }
                };
                Ok((all, reach))
            }
        }
    }

    /// Where a phrase may start.
    fn starts(
        &self,
        items: &[Step],
        slop: u32,
        words: &[Word],
        next: &mut std::slice::Iter<'_, usize>,
    ) -> Outcome<Starts> {
        // A passage holds at least one word, so a word that stands n words after the start
        // stands at most n passages on.
        let mut starts = Bits::full(self.len());
        let mut any = Bits::empty(self.len());
        let mut documents: Option<Bits> = None;
        let mut known: Vec<&TermSpec> = Vec::new();
        let mut before = 0_u32;
        let mut last: Option<&TermSpec> = None;
        for Step { skip, expression } in items {
            let term = match expression {
                Expression::Term(term) => Some(term),
                _ => None,
            };
            let pair = match (last, term) {
                (Some(last), Some(term)) if *skip == 0 && slop == 0 => last.pair_with(term),
                _ => None,
            };
            if let Some(pair) = pair {
                // The passage of a pair is that of its first word.
                let mut held = Bits::empty(self.len());
                self.for_each_pair(&pair, |records, _| held.insert_all(records))?;
                held.spread_down(before.saturating_sub(1));
                starts.and(&held);
            }
            last = term;
            let (mut bits, reach) = self.participants(expression, words, next)?;
            any.or(&bits);
            before = before.saturating_add(*skip);
            let times = if before == 0 { 0 } else { before.saturating_add(slop) };
            let is_new = match expression {
                Expression::Term(term) => !known.contains(&term),
                _ => true,
            };
            if times > FAR && is_new {
                // So far on, the document says as much as the neighbourhood.
                let more = self.documents_of(&bits);
                match &mut documents {
                    Some(documents) => documents.and(&more),
                    None => documents = Some(more),
                }
                if let Expression::Term(term) = expression {
                    known.push(term);
                }
            }
            bits.spread_down(times);
            starts.and(&bits);
            before = before.saturating_add(reach);
        }
        if let Some(documents) = documents {
            starts.and(&self.passages_of(&documents));
        }
        let reach = before.saturating_add(slop);
        Ok(Starts { records: starts, any, reach })
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
    fn documents_of(&self, records: &Bits) -> Bits {
        let mut documents = Bits::empty(self.len());
        self.for_each_document(records, |document, _| documents.insert(document));
        documents
    }

    /// How many documents hold `records`.
    pub(super) fn n_documents(&self, records: &Bits) -> u64 {
        let mut n = 0;
        self.for_each_document(records, |_, _| n += 1);
        n
    }

    /// Calls `visit` for every document that holds some of `records`, in order, with how many.
    pub(super) fn for_each_document(&self, records: &Bits, mut visit: impl FnMut(u32, u64)) {
        let mut walk = Walk::default();
        let mut last: Option<(u32, u64)> = None;
        for record in records.iter() {
            let (document, _) = walk.to(self.documents(), record, self.len());
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

/// The different words of an expression, and for each of its words which of them it is.
pub(super) struct Opened {
    words: Vec<Word>,
    slots: Vec<usize>,
}

/// Where a phrase may start: none of its matches does elsewhere.
struct Starts {
    records: Bits,
    /// Passages that hold any of its words.
    any: Bits,
    /// How many words it takes at most.
    reach: u32,
}

/// A walk along the document records of a segment, forward only.
#[derive(Default)]
pub(super) struct Walk(usize);

impl Walk {
    /// The document record of `record`, and the next one.
    pub(super) fn to(&mut self, starts: &[u32], record: u32, end: u32) -> (u32, u32) {
        while starts.get(self.0 + 1).is_some_and(|next| *next <= record) {
            self.0 += 1;
        }
        let document = starts.get(self.0).copied().unwrap_or(0);
        (document, starts.get(self.0 + 1).copied().unwrap_or(end))
    }

    /// Which of the documents it has come to.
    pub(super) fn index(&self) -> usize {
        self.0
    }
}

/// Adds where the sentences of `record` begin, whose first word stands at `first`.
fn read_sentences(starts: &Places, record: u32, first: u32, ground: &mut Ground) {
    let values = starts.sentences(record);
    ground.sentences.extend(values.map(|value| first + (value / OPENS_PARAGRAPH) as u32));
}

/// Adds where paragraphs begin in `record`.
fn read_paragraphs(starts: &Places, record: u32, ground: &mut Ground) {
    let first = starts.first(record);
    let opening = starts.sentences(record).filter(|value| value % OPENS_PARAGRAPH == 1);
    ground.paragraphs.extend(opening.map(|value| first + (value / OPENS_PARAGRAPH) as u32));
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

/// Lists of frequencies added up, one count a record.
pub(super) struct Sum<'a> {
    frame: &'a Frame,
    counts: Vec<u32>,
    held: Bits,
}

impl<'a> Sum<'a> {
    pub(super) fn new(segment: &Segment<'a>) -> Self {
        let counts = segment.frame.numbers();
        Self { frame: segment.frame, counts, held: Bits::empty(segment.len()) }
    }

    fn add_block(&mut self, records: &[u32], counts: &[u32]) {
        self.held.insert_all(records);
        for (&record, more) in records.iter().zip(counts) {
            if let Some(count) = self.counts.get_mut(record as usize) {
                *count += more;
            }
        }
    }

    pub(super) fn add(&mut self, list: &[Frequency]) {
        self.held.insert_each(list.iter().map(|f| f.record));
        for f in list {
            if let Some(count) = self.counts.get_mut(f.record as usize) {
                *count += f.count;
            }
        }
    }

    /// The sums, by record.
    pub(super) fn finish(mut self) -> Vec<Frequency> {
        let mut list = Vec::with_capacity(self.held.count() as usize);
        self.held.iter().for_each(|record| {
            let count = self.counts.get_mut(record as usize).map_or(0, std::mem::take);
            list.push(Frequency { record, count });
        });
        self.frame.give_back(self.counts);
        list
    }
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
