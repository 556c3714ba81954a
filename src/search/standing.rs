//! Where expressions stand in a segment.

use tantivy::InvertedIndexReader;
use tantivy::schema::Field;

use super::bits::Bits;
use super::segment::{Outcome, Segment};
use super::spans::{Expression, Ground, MOST_PLACES, Step};
use super::stretch::Stretch;
use super::terms::TermSpec;
use super::word::{Postings, Word};
use crate::index::Places;
use crate::index::schema::OPENS_PARAGRAPH;
use crate::query::Scope;

/// Passages that are looked at in one go, documents side by side.
const BATCH: usize = 2_048;
/// A word of a phrase that stands this far behind its start may be anywhere in the document.
const FAR: u32 = 8;

/// The different words of an expression, and for each of its words which of them it is.
pub(super) struct Opened {
    pub(super) words: Vec<Word>,
    pub(super) slots: Vec<usize>,
}

/// Where a phrase may start: none of its matches does elsewhere.
pub(super) struct Starts {
    pub(super) records: Bits,
    /// Passages that hold any of its words.
    any: Bits,
    /// How many words it takes at most.
    reach: u32,
}

impl Segment<'_> {
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

    /// Whether an expression may stand in a passage, told by the dictionary alone: where a word of it stands
    /// nowhere it does not.
    pub(super) fn may_hold(&self, expression: &Expression) -> Outcome<bool> {
        match expression {
            Expression::Term(term) => Ok(!term.expand(&self.frame.body, self.work)?.is_empty()),
            Expression::Any(items) | Expression::Names(items) => {
                for item in items {
                    if self.may_hold(item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Expression::Apart { name, .. } => self.may_hold(name),
            Expression::Sequence { items, .. } => {
                for Step { expression, .. } in items {
                    if !self.may_hold(expression)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Expression::Near { left, right, .. } | Expression::Within { left, right, .. } => {
                Ok(self.may_hold(left)? && self.may_hold(right)?)
            }
        }
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
        mut opened: Opened,
        within: Option<&Bits>,
        visit: &mut dyn FnMut(u32, u16),
    ) -> Outcome<()> {
        if let (Expression::Sequence { items, .. }, Some(_)) =
            (expression, expression.plain_phrase())
            // Each of them is read once, in order, and no word comes again.
            && opened.words.len() == opened.slots.len()
            && opened.words.iter_mut().all(|word| word.forms().is_some())
        {
            return self.phrase(items, opened, within, visit);
        }
        self.matches_of_any(expression, opened, within, visit)
    }

    /// The same for expressions of any kind.
    pub(super) fn matches_of_any(
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
        let longest = self.frame.tokens.max_value() as u32;
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
                        // The last passage ends so far behind its first word, or before.
                        let last = starts.first(end.saturating_sub(1)).saturating_add(longest);
                        base = base.saturating_add(last).saturating_add(apart);
                    }
                    end = self.end_of(record);
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
    pub(super) fn starts(
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
