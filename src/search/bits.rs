//! Sets of records of one segment.

/// Of numbers that lie less than this apart several go into a word of the set at once.
const DENSE: usize = 16;

/// A set of numbers below a bound, one bit each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    pub(super) fn empty(len: u32) -> Self {
        Self { words: vec![0; (len as usize).div_ceil(64)], len }
    }

    pub(super) fn full(len: u32) -> Self {
        let mut bits = Self { words: vec![u64::MAX; (len as usize).div_ceil(64)], len };
        bits.trim();
        bits
    }

    /// The set whose words, 64 numbers each, are these.
    pub(super) fn of_words(words: impl Iterator<Item = u64>, len: u32) -> Self {
        let mut bits = Self { words: words.collect(), len };
        bits.words.resize((len as usize).div_ceil(64), 0);
        bits.trim();
        bits
    }

    fn trim(&mut self) {
        let used = self.len % 64;
        if let Some(last) = self.words.last_mut().filter(|_| used != 0) {
            *last &= (1 << used) - 1;
        }
    }

    pub(super) fn insert(&mut self, n: u32) {
        if let Some(word) = self.words.get_mut(n as usize / 64) {
            *word |= 1 << (n % 64);
        }
    }

    /// Adds numbers that are in order.
    pub(super) fn insert_all(&mut self, all: &[u32]) {
        let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
        if (last - first) as usize / DENSE < all.len() {
            self.insert_each(all.iter().copied());
        } else {
            for n in all {
                self.insert(*n);
            }
        }
    }

    /// Adds numbers of which mostly many that follow one another lie in one word of the set.
    pub(super) fn insert_each(&mut self, all: impl Iterator<Item = u32>) {
        let (mut at, mut bits) = (0, 0_u64);
        let mut flush = |at: usize, bits: u64| {
            if let Some(word) = self.words.get_mut(at) {
                *word |= bits;
            }
        };
        for n in all {
            let place = n as usize / 64;
            if place != at {
                flush(at, bits);
                (at, bits) = (place, 0);
            }
            bits |= 1 << (n % 64);
        }
        flush(at, bits);
    }

    pub(super) fn remove(&mut self, n: u32) {
        if let Some(word) = self.words.get_mut(n as usize / 64) {
            *word &= !(1 << (n % 64));
        }
    }

    pub(super) fn contains(&self, n: u32) -> bool {
        self.words.get(n as usize / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    /// Adds `first..end`.
    pub(super) fn insert_range(&mut self, first: u32, end: u32) {
        let mut at = first;
        while at < end && !at.is_multiple_of(64) {
            self.insert(at);
            at += 1;
        }
        while at + 64 <= end {
            if let Some(word) = self.words.get_mut(at as usize / 64) {
                *word = u64::MAX;
            }
            at += 64;
        }
        while at < end {
            self.insert(at);
            at += 1;
        }
    }

    pub(super) fn and(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    pub(super) fn or(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    pub(super) fn and_not(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Adds the numbers that are less than one of the set by up to `times`.
    pub(super) fn spread_down(&mut self, times: u32) {
        self.spread(times, Self::shifted_down);
    }

    /// Adds the numbers that are more than one of the set by up to `times`.
    pub(super) fn spread_up(&mut self, times: u32) {
        self.spread(times, Self::shifted_up);
        self.trim();
    }

    /// Doubles the stretch until it is long enough.
    fn spread(&mut self, times: u32, shifted: impl Fn(&Self, u32) -> Vec<u64>) {
        let times = times.min(self.len);
        let mut done = 0;
        while done < times {
            let step = (done + 1).min(times - done);
            let more = shifted(self, step);
            for (word, more) in self.words.iter_mut().zip(more) {
                *word |= more;
            }
            done += step;
        }
    }

    fn shifted_down(&self, by: u32) -> Vec<u64> {
        let (skipped, bits) = (by as usize / 64, by % 64);
        let word = |at: usize| self.words.get(at).copied().unwrap_or(0);
        let moved = |at: usize| {
            let (low, high) = (word(at + skipped), word(at + skipped + 1));
            if bits == 0 { low } else { low >> bits | high << (64 - bits) }
        };
        (0..self.words.len()).map(moved).collect()
    }

    fn shifted_up(&self, by: u32) -> Vec<u64> {
        let (skipped, bits) = (by as usize / 64, by % 64);
        let word = |at: usize, less: usize| {
            at.checked_sub(less).and_then(|at| self.words.get(at)).copied().unwrap_or(0)
        };
        let moved = |at: usize| {
            let (high, low) = (word(at, skipped), word(at, skipped + 1));
            if bits == 0 { high } else { high << bits | low >> (64 - bits) }
        };
        (0..self.words.len()).map(moved).collect()
    }

    pub(super) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The words of the set that hold `from..to`, which are at the border of a word.
    pub(super) fn words_within(&self, from: u32, to: u32) -> &[u64] {
        let (first, end) = (from as usize / 64, (to as usize / 64).min(self.words.len()));
        self.words.get(first..end).unwrap_or_default()
    }

    /// Whether any of `from..to` is in the set.
    pub(super) fn holds_any(&self, from: u32, to: u32) -> bool {
        if from >= to {
            return false;
        }
        let word = |at: u32| self.words.get(at as usize).copied().unwrap_or(0);
        let (first, last) = (from / 64, (to - 1) / 64);
        let (low, high) = (u64::MAX << (from % 64), u64::MAX >> (63 - (to - 1) % 64));
        if first == last {
            return word(first) & low & high != 0;
        }
        word(first) & low != 0
            || word(last) & high != 0
            || (first + 1..last).any(|at| word(at) != 0)
    }

    /// Appends the numbers of the set in `from..to`, in order; both are at the border of a word.
    pub(super) fn extend_within(&self, from: u32, to: u32, all: &mut Vec<u32>) {
        for (word, base) in self.words_within(from, to).iter().zip((from..).step_by(64)) {
            let mut rest = *word;
            if rest == 0 {
                continue;
            }
            all.extend((0..rest.count_ones()).map(|_| {
                let n = base + rest.trailing_zeros();
                rest &= rest - 1;
                n
            }));
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let base = index as u32 * 64;
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                Some(base + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    proptest::proptest! {
        #[test]
        fn bits_behave_like_a_set(
            a in proptest::collection::btree_set(0_u32..300, 0..40),
            b in proptest::collection::btree_set(0_u32..300, 0..40),
            range in (0_u32..300, 0_u32..300),
            times in 0_u32..200,
        ) {
            let make = |set: &BTreeSet<u32>| {
                let mut bits = Bits::empty(300);
                for n in set {
                    bits.insert(*n);
                }
                bits
            };
            let list = |bits: &Bits| bits.iter().collect::<BTreeSet<u32>>();
            for (from, to) in [(0, 320), (64, 192), (256, 512), (320, 384)] {
                let mut within = Vec::new();
                make(&a).extend_within(from, to, &mut within);
                proptest::prop_assert_eq!(within, a.range(from..to).copied().collect::<Vec<_>>());
            }
            let (x, y) = (make(&a), make(&b));
            proptest::prop_assert_eq!(&list(&x), &a);
            proptest::prop_assert_eq!(&Bits::of_words(x.words.iter().copied(), 300), &x);
            let any = a.iter().any(|n| (range.0..range.1).contains(n));
            proptest::prop_assert_eq!(x.holds_any(range.0, range.1), any);
            let mut all = Bits::empty(300);
            all.insert_each(a.iter().copied());
            proptest::prop_assert_eq!(&all, &x);
            let mut all = Bits::empty(300);
            all.insert_all(&a.iter().copied().collect::<Vec<_>>());
            proptest::prop_assert_eq!(&all, &x);
            let mut z = x.clone();
            z.and_not(&y);
            proptest::prop_assert_eq!(list(&z), a.difference(&b).copied().collect::<BTreeSet<_>>());
            let near = |down: u32, up: u32| {
                (0..300)
                    .filter(|n| a.iter().any(|m| n.max(m) - n.min(m) <= if n < m { down } else { up }))
                    .collect::<BTreeSet<_>>()
            };
            let mut spread = x.clone();
            spread.spread_down(times);
            proptest::prop_assert_eq!(list(&spread), near(times, 0));
            let mut spread = x;
            spread.spread_up(times);
            proptest::prop_assert_eq!(list(&spread), near(0, times));
            let mut r = Bits::empty(300);
            r.insert_range(range.0, range.1);
            proptest::prop_assert_eq!(list(&r), (range.0..range.1).collect::<BTreeSet<_>>());
            proptest::prop_assert_eq!(Bits::full(300).count(), 300);
        }
    }
}
