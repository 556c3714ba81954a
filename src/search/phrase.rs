//! Where phrases of single words stand, one directly behind another.
//!
//! A phrase is followed word by word: each that has begun knows the spot of its next word, and stays where the
//! word stands there. Spots count within their passage, so that nothing of a passage but the places of the words
//! is read; only where the next word may stand in the passage behind it is asked how long the passage is.

use super::bits::Bits;
use super::segment::{Outcome, Segment};
use super::spans::Step;
use super::standing::Opened;
use super::word::{Forms, Word};
use crate::index::Places;

/// Passages in which phrases begin that are looked at in one go: what has begun in them stays near at hand.
const BATCH: usize = if cfg!(test) { 5 } else { 4_096 };

/// A word of a passage: the record, and which word of it; in order as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spot(u64);

impl Spot {
    const fn new(record: u32, place: u32) -> Self {
        Self((record as u64) << 32 | place as u64)
    }

    const fn record(self) -> u32 {
        (self.0 >> 32) as u32
    }

    const fn place(self) -> u32 {
        self.0 as u32
    }

    /// So many words on.
    const fn on(self, n: u32) -> Self {
        Self(self.0 + n as u64)
    }
}

/// A phrase of which some words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Begun {
    start: Spot,
    /// Where its next word is to stand.
    next: Spot,
}

impl Segment<'_> {
    /// Calls `visit` as [`Segment::matches`] does, for a phrase of different single words that are all read form by
    /// form.
    pub(super) fn phrase(
        &self,
        items: &[Step],
        opened: Opened,
        within: Option<&Bits>,
        visit: &mut dyn FnMut(u32, u16),
    ) -> Outcome<()> {
        let mut records = self.starts(items, 0, &opened.words, &mut opened.slots.iter())?.records;
        if let Some(within) = within {
            records.and(within);
        }
        self.drop_replaced(&mut records);
        let records: Vec<u32> = records.iter().collect();
        let Opened { mut words, .. } = opened;
        self.work.positions(records.len() * words.len())?;
        let borders = Borders {
            segment: self,
            lengths: self.frame.lengths_of_passages(self.reader, self.fields)?,
            places: self.frame.places(self.reader)?,
        };
        let mut rest = records.as_slice();
        while let Some(last) = rest.get(BATCH - 1).or(rest.last()) {
            // Whole documents: words are read forward only, and no phrase goes on in the next one.
            let end = self.end_of(*last);
            let (batch, behind) = rest.split_at(rest.partition_point(|record| *record < end));
            for begun in follow(batch, &mut words, &borders) {
                visit(begun.start.record(), 0);
            }
            rest = behind;
        }
        Ok(())
    }
}

/// The phrases that begin in these passages, which are whole documents as far as they hold any, in order and of
/// each start one.
fn follow(records: &[u32], words: &mut [Word], borders: &Borders<'_>) -> Vec<Begun> {
    let mut begun = Vec::with_capacity(2 * records.len());
    let Some((first, others)) = words.split_first_mut() else { return begun };
    if let Some(forms) = first.forms() {
        begin(records, forms, &mut begun);
    }
    for word in others {
        sort_by(&mut begun, |begun| (begun.next, begun.start));
        // Forms of a word may lead from one place to the same.
        begun.dedup();
        borders.cross(&mut begun, &word.held);
        if let Some(forms) = word.forms() {
            begun = go_on(&begun, forms);
        }
    }
    sort_by(&mut begun, |begun| (begun.start, begun.next));
    begun.dedup_by_key(|begun| begun.start);
    begun
}

/// Puts in order what mostly is; else it is the lists of some forms one behind another, which a stable sort merges.
fn sort_by<K: Ord>(begun: &mut [Begun], key: impl Fn(&Begun) -> K) {
    if !begun.is_sorted_by_key(&key) {
        begun.sort_by_key(key);
    }
}

/// Adds a phrase for each place of its first word.
fn begin(records: &[u32], forms: &mut Forms, begun: &mut Vec<Begun>) {
    forms.each(
        records,
        |record| *record,
        |at, length, steps| {
            let Some(record) = records.get(at.start) else { return };
            let mut start = Spot::new(*record, 0);
            begun.extend(steps.iter().map(|step| {
                start = start.on(*step);
                Begun { start, next: start.on(length) }
            }));
        },
    );
}

/// Those whose next word stands where it is to.
fn go_on(begun: &[Begun], forms: &mut Forms) -> Vec<Begun> {
    let mut gone_on = Vec::with_capacity(begun.len());
    forms.each(
        begun,
        |begun| begun.next.record(),
        |at, length, steps| {
            let mut rest = begun.get(at).unwrap_or_default();
            let Some(first) = rest.first() else { return };
            let mut spot = Spot::new(first.next.record(), 0);
            for step in steps {
                spot = spot.on(*step);
                while let Some((one, others)) = rest.split_first()
                    && one.next <= spot
                {
                    if one.next == spot {
                        gone_on.push(Begun { start: one.start, next: spot.on(length) });
                    }
                    rest = others;
                }
            }
        },
    );
    gone_on
}

/// Where passages end.
struct Borders<'a> {
    segment: &'a Segment<'a>,
    /// The engine's codes of how many words passages have; 0 for none.
    lengths: &'a [u8],
    places: &'a Places,
}

impl Borders<'_> {
    /// Moves those that have come to the end of their passage to the beginning of the next one, where that
    /// holds the next word.
    fn cross(&self, begun: &mut [Begun], held: &Bits) {
        for same in begun.chunk_by_mut(|a, b| a.next.record() == b.next.record()) {
            let Some(record) = same.first().map(|begun| begun.next.record()) else { continue };
            let Some(behind) = self.behind(record).filter(|behind| held.contains(*behind)) else {
                continue;
            };
            let first = |record| self.places.first(record);
            let length = first(behind).saturating_sub(first(record));
            for begun in same.iter_mut().rev().take_while(|begun| begun.next.place() >= length) {
                begun.next = Spot::new(behind, begun.next.place() - length);
            }
        }
    }

    /// The next passage of the document that holds words.
    fn behind(&self, record: u32) -> Option<u32> {
        let holds_words = |record: &u32| self.lengths.get(*record as usize).is_some_and(|n| *n > 0);
        let next = record + 1;
        if holds_words(&next) {
            // It is of the same document: between two stands the record of the second, without words.
            return Some(next);
        }
        (next..self.segment.end_of(record)).find(holds_words)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::indexer::NoMergePolicy;
    use tantivy::schema::OwnedValue;
    use tantivy::tokenizer::{PreTokenizedString, SimpleTokenizer, Token};
    use tantivy::{Index, IndexWriter, TantivyDocument, Term};

    use super::super::spans::Expression;
    use super::super::terms::{Accept, TermSpec};
    use super::super::work::Work;
    use super::*;
    use crate::analysis::key::write_key;
    use crate::index::Frame;
    use crate::index::schema::{Fields, TOKENIZER};

    /// Words that stand between a passage and the one before, and its words: each a stem, which form of it
    /// it is, and how many places it takes.
    type Passage = (u32, Vec<(usize, usize, u32)>);

    const STEMS: [&str; 3] = ["nation", "peace", "very"];

    /// The words of a passage as the index keeps them: one of several places with those that it is made of.
    fn tokens(words: &[(usize, usize, u32)]) -> (Vec<Token>, u32) {
        let mut all = Vec::new();
        let mut place = 0;
        for &(stem, form, length) in words {
            let stem = STEMS[stem];
            let mut add = |place, form: usize, length| {
                let folded = format!("{stem}{}", ["", "s", "ful"][form]);
                let mut text = String::new();
                write_key(&mut text, stem, &folded, None, length, false);
                all.push(Token { position: place as usize, text, ..Token::default() });
            };
            if length > 1 {
                add(place, form, length);
            }
            for part in place..place + length {
                add(part, 0, 1);
            }
            if length == 1 && form > 0 {
                add(place, form, 1);
            }
            place += length;
        }
        (all, place)
    }

    fn index(fields: &Fields, documents: &[(Vec<Passage>, bool)]) -> Index {
        let index = Index::create_in_ram(fields.schema.clone());
        index.tokenizers().register(TOKENIZER, SimpleTokenizer::default());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for (id, (passages, _)) in documents.iter().enumerate() {
            let mut lead = TantivyDocument::new();
            lead.add_text(fields.id, id.to_string());
            lead.add_text(fields.kind, "d");
            writer.add_document(lead).unwrap();
            let mut first = 0;
            for (gap, words) in passages {
                let (tokens, n_words) = tokens(words);
                let mut record = TantivyDocument::new();
                record.add_text(fields.id, id.to_string());
                record.add_u64(fields.first, u64::from(first + gap));
                let words = PreTokenizedString { text: String::new(), tokens };
                record.add_field_value(fields.body, &OwnedValue::PreTokStr(words));
                writer.add_document(record).unwrap();
                first += gap + n_words;
            }
        }
        writer.commit().unwrap();
        for (id, _) in documents.iter().enumerate().filter(|(_, (_, is_replaced))| *is_replaced) {
            writer.delete_term(Term::from_field_text(fields.id, &id.to_string()));
        }
        writer.commit().unwrap();
        index
    }

    fn phrase(words: &[(usize, bool)]) -> Expression {
        let word = |&(stem, all_forms): &(usize, bool)| {
            let stems = vec![STEMS[stem].to_owned()];
            let accept = if all_forms {
                Accept::Stems(stems)
            } else {
                Accept::Exact { stems, variant: None }
            };
            Step::from(Expression::Term(TermSpec { folded: STEMS[stem].to_owned(), accept }))
        };
        Expression::Sequence { items: words.iter().map(word).collect(), slop: 0 }
    }

    /// Mostly of several passages without anything between them, some without a word.
    fn documents() -> impl Strategy<Value = Vec<(Vec<Passage>, bool)>> {
        let length = prop_oneof![9 => Just(1_u32), 1 => 2..4_u32];
        let form = prop_oneof![3 => Just(0_usize), 1 => 0..3_usize];
        let words = proptest::collection::vec((0..STEMS.len(), form, length), 0..9);
        let gap = prop_oneof![4 => Just(0_u32), 1 => 1..3_u32];
        let passages = proptest::collection::vec((gap, words), 0..7);
        proptest::collection::vec((passages, proptest::bool::weighted(0.1)), 1..60)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn phrases_stand_where_the_general_way_finds_them(
            documents in documents(),
            phrases in proptest::collection::vec(
                proptest::collection::vec((0..STEMS.len(), proptest::bool::ANY), 2..5), 6),
            left_out in proptest::option::of(0..60_usize),
        ) {
            let fields = Fields::new();
            let index = index(&fields, &documents);
            let searcher = index.reader().unwrap().searcher();
            for reader in searcher.segment_readers() {
                let frame = Frame::open(reader, &fields).unwrap();
                let work = Work::default();
                let segment = Segment { ord: 0, reader, fields: &fields, frame: &frame, work: &work };
                let within = left_out.map(|left_out| {
                    let mut within = Bits::full(segment.len());
                    let document = segment.documents().get(left_out).copied().unwrap_or(0);
                    (document..segment.end_of(document)).for_each(|record| within.remove(record));
                    within
                });
                for words in &phrases {
                    let expression = phrase(words);
                    let open = || segment.open(&expression).unwrap();
                    let (mut found, mut expected) = (Vec::new(), Vec::new());
                    let mut visit = |record, name| found.push((record, name));
                    segment.matches(&expression, open(), within.as_ref(), &mut visit).unwrap();
                    let mut visit = |record, name| expected.push((record, name));
                    segment.matches_of_any(&expression, open(), within.as_ref(), &mut visit).unwrap();
                    prop_assert_eq!(found, expected, "{:?}", words);
                }
            }
        }
    }
}
