//! How often something stands in each passage of a segment.
//!
//! Where few passages hold it that is a list. Where many do it is one number a record: smaller than the list, and
//! what is asked of many passages at once (which hold it, how often the passages of a document do, how often those
//! beside each) is then worked out for some records side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bits::Bits;
use super::segment::Segment;
use crate::index::{Frequency, KeptCounts, SpareCounts};

/// Kept as one number a record where at least one record in so many holds it.
const MANY: usize = 8;
/// Counts that the processor adds up at once; there are as many behind the last record, so that so many can be
/// read from any on.
const BEHIND: usize = 32;
/// From the n-th but [`BEHIND`] on this lets the first n counts through and no others.
const MASKS: [[u8; BEHIND]; 2] = [[u8::MAX; BEHIND], [0; BEHIND]];
/// Stands for a count that one byte cannot hold.
const LARGER: u8 = u8::MAX;

/// How often something stands in each passage of a segment.
#[derive(Debug)]
pub(super) enum Frequencies {
    /// Of those that hold it, in order.
    Few(Vec<Frequency>),
    /// Of all.
    Many(Tally),
}

/// One count a record.
#[derive(Debug)]
pub(super) struct Tally {
    /// That of record n at n + 1; the first one and those behind the last record are 0.
    counts: Vec<u8>,
    n_records: usize,
    n_held: usize,
    spare: Arc<SpareCounts>,
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.spare.give_back(std::mem::take(&mut self.counts));
    }
}

impl Tally {
    fn empty(segment: &Segment<'_>) -> Self {
        let spare = segment.frame.spare_counts();
        let n_records = segment.len() as usize;
        let counts = spare.take(Self::room(n_records));
        Self { counts, n_records, n_held: 0, spare: Arc::clone(spare) }
    }

    /// Of so many records: whole words of bits, one before and some behind.
    const fn room(n_records: usize) -> usize {
        n_records.next_multiple_of(64) + 1 + BEHIND
    }

    /// That of a list, for tests.
    #[cfg(test)]
    pub(super) fn of(list: &[Frequency], len: u32) -> Self {
        let mut counts = vec![0; Self::room(len as usize)];
        for f in list {
            counts[f.record as usize + 1] = f.count as u8;
        }
        Self { counts, n_records: len as usize, n_held: list.len(), spare: Arc::default() }
    }

    /// The counts of the records from `from` on, `n` at most, with one before and one behind.
    pub(super) fn around(&self, from: u32, n: u32) -> &[u8] {
        let end = (from as usize + n as usize + 2).min(self.counts.len());
        self.counts.get(from as usize..end).unwrap_or_default()
    }

    fn at(&self, record: u32) -> u32 {
        self.counts.get(record as usize + 1).copied().map_or(0, u32::from)
    }

    /// Those of 64 records each, and more behind the last.
    fn each(&self) -> &[[u8; 64]] {
        self.counts.get(1..).unwrap_or_default().as_chunks().0
    }

    fn for_each(&self, mut visit: impl FnMut(Frequency)) {
        for (some, base) in self.each().iter().zip((0_u32..).step_by(64)) {
            let mut held = nonzero(some);
            while held != 0 {
                let at = held.trailing_zeros();
                held &= held - 1;
                let count = some.get(at as usize).copied().map_or(0, u32::from);
                visit(Frequency { record: base + at, count });
            }
        }
    }

    /// The sum of the counts of the records in `from..to`, of which there are few.
    fn sum(&self, from: u32, to: u32) -> u32 {
        let counts = self.counts.get(from as usize + 1..).unwrap_or_default();
        let (some, _) = counts.as_chunks::<BEHIND>();
        let n = to.saturating_sub(from) as usize;
        let (whole, rest) = (n / BEHIND, n % BEHIND);
        let mut sum = 0;
        for counts in some.get(..whole).unwrap_or_default() {
            sum += masked_sum(counts, &[u8::MAX; BEHIND]);
        }
        let masks = MASKS.as_flattened().get(BEHIND - rest..);
        let masks = masks.and_then(|masks| masks.first_chunk());
        if let (Some(counts), Some(masks)) = (some.get(whole), masks) {
            sum += masked_sum(counts, masks);
        }
        sum
    }
}

/// The sum of those counts that a mask lets through.
fn masked_sum(counts: &[u8; BEHIND], masks: &[u8; BEHIND]) -> u32 {
    /// Every other byte, and a factor that adds up what stands there.
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    const ONES: u64 = 0x0001_0001_0001_0001;
    let eights = counts.as_chunks().0.iter().zip(masks.as_chunks().0);
    let four = eights.fold(0, |four, (counts, masks)| {
        let counts = u64::from_le_bytes(*counts) & u64::from_le_bytes(*masks);
        four + (counts & EVEN) + (counts >> 8 & EVEN)
    });
    (four.wrapping_mul(ONES) >> 48) as u32
}

impl Frequencies {
    /// Nothing.
    pub(super) const fn none() -> Self {
        Self::Few(Vec::new())
    }

    /// How many passages hold it.
    pub(super) fn n_passages(&self) -> usize {
        match self {
            Self::Few(list) => list.len(),
            Self::Many(tally) => tally.n_held,
        }
    }

    /// How often it stands in all of them.
    pub(super) fn n_matches(&self) -> u64 {
        match self {
            Self::Few(list) => list.iter().map(|f| u64::from(f.count)).sum(),
            Self::Many(tally) => tally.counts.iter().map(|count| u64::from(*count)).sum(),
        }
    }

    /// How often it stands in a passage.
    pub(super) fn at(&self, record: u32) -> u32 {
        match self {
            Self::Few(list) => {
                let at = list.binary_search_by_key(&record, |f| f.record);
                at.ok().and_then(|at| list.get(at)).map_or(0, |f| f.count)
            }
            Self::Many(tally) => tally.at(record),
        }
    }

    /// Calls `visit` for each passage that holds it, in order.
    pub(super) fn for_each(&self, visit: impl FnMut(Frequency)) {
        match self {
            Self::Few(list) => list.iter().copied().for_each(visit),
            Self::Many(tally) => tally.for_each(visit),
        }
    }

    /// The passages that hold it.
    pub(super) fn passages(&self, segment: &Segment<'_>) -> Bits {
        match self {
            Self::Few(list) => {
                let mut bits = Bits::empty(segment.len());
                bits.insert_each(list.iter().map(|f| f.record));
                bits
            }
            Self::Many(tally) => Bits::of_words(tally.each().iter().map(nonzero), segment.len()),
        }
    }

    /// How often it stands in the passages of each document that holds it, by place among the documents.
    pub(super) fn by_document(&self, segment: &Segment<'_>) -> Vec<(u32, f32)> {
        let mut documents = Vec::new();
        let mut add = |owner: u32, sum: u32| {
            if sum > 0 {
                documents.push((owner, sum as f32));
            }
        };
        match self {
            Self::Few(list) => {
                let owners = segment.frame.owners();
                let (mut last, mut sum) = (0, 0);
                for f in list {
                    let owner = owners.get(f.record as usize).copied().unwrap_or(0);
                    if owner != last {
                        add(last, std::mem::take(&mut sum));
                    }
                    last = owner;
                    sum += f.count;
                }
                add(last, sum);
            }
            Self::Many(tally) => {
                for (owner, two) in (0..).zip(segment.documents().windows(2)) {
                    if let [from, end] = two {
                        add(owner, tally.sum(*from, *end));
                    }
                }
                if let Some((last, others)) = segment.documents().split_last() {
                    add(others.len() as u32, tally.sum(*last, segment.len()));
                }
            }
        }
        documents
    }

    /// All passages that hold it, in order.
    pub(super) fn into_list(self) -> Vec<Frequency> {
        match self {
            Self::Few(list) => list,
            Self::Many(_) => self.to_list(),
        }
    }

    /// The same.
    pub(super) fn to_list(&self) -> Vec<Frequency> {
        let mut list = Vec::with_capacity(self.n_passages());
        self.for_each(|f| list.push(f));
        list
    }

    /// To be kept, and added to others of the same segment.
    pub(super) fn into_kept(self) -> KeptCounts {
        match self {
            Self::Few(mut list) => {
                list.shrink_to_fit();
                KeptCounts::Few(list)
            }
            Self::Many(mut tally) => KeptCounts::Many(std::mem::take(&mut tally.counts)),
        }
    }

    /// Both together.
    pub(super) fn merged(self, other: Self, segment: &Segment<'_>) -> Self {
        match (self, other) {
            (one, other) if other.n_passages() == 0 => one,
            (one, other) if one.n_passages() == 0 => other,
            (Self::Few(a), Self::Few(b)) => Self::Few(super::segment::merge(&a, &b)),
            (one, other) => {
                let mut sum = Sum::new(segment);
                sum.add(&one.into_kept());
                sum.add(&other.into_kept());
                sum.finish()
            }
        }
    }

    /// Without what is replaced.
    pub(super) fn living(self, segment: &Segment<'_>) -> Self {
        if !segment.reader.has_deletes() {
            return self;
        }
        match self {
            Self::Few(mut list) => {
                list.retain(|f| !segment.reader.is_deleted(f.record));
                Self::Few(list)
            }
            Self::Many(mut tally) => {
                for (record, count) in (0..segment.len()).zip(tally.counts.iter_mut().skip(1)) {
                    if *count > 0 && segment.reader.is_deleted(record) {
                        *count = 0;
                    }
                }
                Sum { tally, larger: BTreeMap::new() }.finish()
            }
        }
    }
}

/// Whether a segment's records that hold something are many.
pub(super) fn are_many(n: usize, segment: &Segment<'_>) -> bool {
    n > segment.len() as usize / MANY
}

/// Counts that are added up.
pub(super) struct Sum {
    tally: Tally,
    /// Those of [`LARGER`].
    larger: BTreeMap<u32, u32>,
}

impl Sum {
    pub(super) fn new(segment: &Segment<'_>) -> Self {
        Self { tally: Tally::empty(segment), larger: BTreeMap::new() }
    }

    /// Adds how often something stands in each of these records.
    pub(super) fn add_block(&mut self, records: &[u32], counts: &[u32]) {
        for (record, count) in records.iter().zip(counts) {
            self.add_one(*record, *count);
        }
    }

    /// The same of the first term, where nothing has been added yet: no record comes twice.
    pub(super) fn set_block(&mut self, records: &[u32], counts: &[u32]) {
        let mut most = 0;
        for (&record, &count) in records.iter().zip(counts) {
            if let Some(place) = self.tally.counts.get_mut(record as usize + 1) {
                *place = count as u8;
            }
            most = most.max(count);
        }
        if most >= u32::from(LARGER) {
            for (&record, &count) in records.iter().zip(counts) {
                if let Some(place) = self.tally.counts.get_mut(record as usize + 1) {
                    *place = 0;
                }
                self.add_one(record, count);
            }
        }
    }

    /// Adds what was kept of the same segment.
    pub(super) fn add(&mut self, counts: &KeptCounts) {
        match counts {
            KeptCounts::Few(list) => list.iter().for_each(|f| self.add_one(f.record, f.count)),
            KeptCounts::Many(counts) => self.add_many(counts),
        }
    }

    /// Adds the counts of a tally, many at once.
    fn add_many(&mut self, counts: &[u8]) {
        // Where none reaches what is kept beside.
        let mut reached = Vec::new();
        let ours = self.tally.counts.chunks_mut(64).zip(counts.chunks(64));
        for ((ours, more), from) in ours.zip((0_u32..).step_by(64)) {
            let sums = ours.iter().zip(more).map(|(count, more)| count.saturating_add(*more));
            if sums.fold(0, u8::max) == LARGER {
                reached.push((from, more));
                continue;
            }
            for (count, more) in ours.iter_mut().zip(more) {
                *count += more;
            }
        }
        for (from, more) in reached {
            for (place, more) in (from..).zip(more).filter(|(_, more)| **more > 0) {
                self.add_one(place.saturating_sub(1), u32::from(*more));
            }
        }
    }

    fn add_one(&mut self, record: u32, more: u32) {
        let Some(count) = self.tally.counts.get_mut(record as usize + 1) else { return };
        let sum = u64::from(*count) + u64::from(more);
        if sum < u64::from(LARGER) {
            *count = sum as u8;
        } else {
            let before = std::mem::replace(count, LARGER);
            self.add_larger(record, before, more);
        }
    }

    #[cold]
    fn add_larger(&mut self, record: u32, before: u8, more: u32) {
        // That of one marked so is here.
        let before = if before == LARGER { 0 } else { u32::from(before) };
        *self.larger.entry(record).or_insert(0) += before + more;
    }

    /// The sums.
    pub(super) fn finish(mut self) -> Frequencies {
        // So few at a time that a byte holds how many.
        let some = self.tally.counts.chunks(128);
        let held = some.map(|some| some.iter().map(|count| u8::from(*count > 0)).sum::<u8>());
        let n_held = held.map(usize::from).sum();
        self.tally.n_held = n_held;
        if self.larger.is_empty() && n_held > self.tally.n_records / MANY {
            return Frequencies::Many(self.tally);
        }
        let mut list = Vec::with_capacity(n_held);
        self.tally.for_each(|f| {
            let count = self.larger.get(&f.record).copied().unwrap_or(f.count);
            list.push(Frequency { record: f.record, count });
        });
        Frequencies::Few(list)
    }
}

/// Which of 64 counts are more than 0, one bit each.
fn nonzero(counts: &[u8; 64]) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    packed(counts, |eight| ((((eight & LOW) + LOW) | eight) & !LOW) >> 7)
}

/// Which of 64 numbers, each 0 or 1, are 1, one bit each.
pub(super) fn ones(numbers: &[u8; 64]) -> u64 {
    packed(numbers, |eight| eight)
}

/// One bit a byte; `ones` gives 0 or 1 for each of eight bytes.
fn packed(bytes: &[u8; 64], ones: impl Fn(u64) -> u64) -> u64 {
    let (eights, _) = bytes.as_chunks::<8>();
    let bits = |eight: &[u8; 8]| {
        ones(u64::from_le_bytes(*eight)).wrapping_mul(0x0102_0408_1020_4080) >> 56
    };
    eights.iter().rev().fold(0, |all, eight| all << 8 | bits(eight))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn counts_are_added_up(
            list in proptest::collection::btree_map(0_u32..300, 1_u32..255, 0..300),
            (from, to) in (0_u32..300, 0_u32..=300),
        ) {
            let list: Vec<Frequency> =
                list.into_iter().map(|(record, count)| Frequency { record, count }).collect();
            let within = list.iter().filter(|f| (from..to).contains(&f.record));
            let expected: u32 = within.map(|f| f.count).sum();
            proptest::prop_assert_eq!(Tally::of(&list, 300).sum(from, to), expected);
        }

        #[test]
        fn a_bit_is_set_for_each_count(counts in proptest::collection::vec(
            proptest::prop_oneof![proptest::strategy::Just(0_u8), 0_u8..=255], 64,
        )) {
            let expected =
                counts.iter().zip(0..).fold(0, |all, (count, at)| all | u64::from(*count > 0) << at);
            proptest::prop_assert_eq!(nonzero(counts.first_chunk().unwrap()), expected);
            let zero_or_one: Vec<u8> = counts.iter().map(|count| u8::from(*count > 0)).collect();
            proptest::prop_assert_eq!(ones(zero_or_one.first_chunk().unwrap()), expected);
        }

        /// However counts come, and however large they are.
        #[test]
        fn sums_are_those_of_a_map(
            rows in proptest::collection::vec((0_u32..90, 1_u32..140), 0..260),
            first in proptest::collection::btree_map(0_u32..90, 1_u32..260, 0..90),
            more in proptest::collection::btree_map(0_u32..90, 1_u32..255, 0..90),
        ) {
            let spare = Arc::new(SpareCounts::default());
            for _ in 0..2 {
                let counts = spare.take(Tally::room(90));
                let spare = Arc::clone(&spare);
                let tally = Tally { counts, n_records: 90, n_held: 0, spare };
                let mut sum = Sum { tally, larger: BTreeMap::new() };
                let mut expected = first.clone();
                let (records, counts): (Vec<u32>, Vec<u32>) = first.iter().unzip();
                sum.set_block(&records, &counts);
                for (record, count) in &rows {
                    sum.add_one(*record, *count);
                    *expected.entry(*record).or_default() += count;
                }
                let list: Vec<Frequency> =
                    more.iter().map(|(&record, &count)| Frequency { record, count }).collect();
                sum.add(&Frequencies::Many(Tally::of(&list, 90)).into_kept());
                sum.add(&KeptCounts::Few(list));
                for (record, count) in &more {
                    *expected.entry(*record).or_default() += 2 * count;
                }
                let all = sum.finish();
                let n_matches: u32 = expected.values().sum();
                proptest::prop_assert_eq!(all.n_passages(), expected.len());
                proptest::prop_assert_eq!(all.n_matches(), u64::from(n_matches));
                for record in 0..90 {
                    let count = expected.get(&record).copied().unwrap_or(0);
                    proptest::prop_assert_eq!(all.at(record), count);
                }
                let list: Vec<(u32, u32)> =
                    all.into_list().iter().map(|f| (f.record, f.count)).collect();
                proptest::prop_assert_eq!(list, expected.into_iter().collect::<Vec<_>>());
            }
        }
    }
}
