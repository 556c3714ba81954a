//! Words seen before, and what is known of each.
//!
//! Most words of a text were seen before, and to find one again takes longer to wait for memory than to
//! compute: so those of a stretch are looked for together, and the processor waits for many at once.

/// The bytes of a word of at most 15 bytes, and its length.
pub(super) type Short = (u64, u64);

/// Bytes of a [`Short`] and its length.
const SHORT: usize = 16;

/// A word as a [`Short`], unless it is longer.
pub(super) fn short(word: &str) -> Option<Short> {
    let bytes = word.as_bytes();
    let mut all = [0_u8; SHORT];
    all.get_mut(..bytes.len()).filter(|_| bytes.len() < SHORT)?.copy_from_slice(bytes);
    Some(with_length(u128::from_le_bytes(all), bytes.len()))
}

/// The same of the `length` bytes of a text from `start` on.
pub(super) fn short_at(text: &str, start: usize, length: usize) -> Option<Short> {
    let Some((sixteen, _)) = text.as_bytes().get(start..).and_then(<[u8]>::split_first_chunk)
    else {
        return short(text.get(start..start + length)?);
    };
    let own = 1_u128.checked_shl(8 * length as u32)? - 1;
    (length < SHORT).then(|| with_length(u128::from_le_bytes(*sixteen) & own, length))
}

/// The length stands behind the fifteenth byte.
fn with_length(bytes: u128, length: usize) -> Short {
    (bytes as u64, (bytes >> 64) as u64 | (length as u64) << 56)
}

/// What is known of a word: how its key is written, or where it is kept; and the word's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Info {
    key: u32,
    pub(super) number: u32,
}

/// An [`Info`], read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// The word itself in small letters, parted behind its stem of so many bytes; and the sign of a common
    /// word, or 0.
    Plain { stem: u8, sign: u8 },
    /// The so manieth of those kept.
    Kept(u32),
}

impl Info {
    const PLAIN: u32 = 1 << 31;
    /// Of a word that was not found.
    const NONE: Self = Self { key: u32::MAX, number: 0 };

    pub(super) fn plain(stem: u8, sign: u8, number: u32) -> Self {
        Self { key: Self::PLAIN | u32::from(sign) << 8 | u32::from(stem), number }
    }

    /// `place` is below 2³¹.
    pub(super) fn kept(place: u32, number: u32) -> Self {
        Self { key: place & !Self::PLAIN, number }
    }

    pub(super) fn key(self) -> Key {
        let [stem, sign, ..] = self.key.to_le_bytes();
        if self.key & Self::PLAIN == 0 { Key::Kept(self.key) } else { Key::Plain { stem, sign } }
    }
}

/// A word of a stretch that is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    short: Option<Short>,
    info: Info,
    /// Whether it was among those seen lately.
    lately: bool,
}

impl Look {
    pub(super) fn new(short: Option<Short>) -> Self {
        Self { short, info: Info::NONE, lately: false }
    }

    pub(super) fn info(&self) -> Option<Info> {
        Some(self.info).filter(|info| *info != Info::NONE)
    }
}

/// A place of a table; one of no word has the short of none, which no word has.
type Slot = (Short, Info);

const FREE: Slot = ((0, 0), Info::NONE);

/// Short words with what is known of them.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// All of them: each as near behind the place that its letters give it as there is room.
    slots: Vec<Slot>,
    n_words: usize,
    /// Those seen lately. Each lies in the one place that its letters give it, so that the common ones stay
    /// in the processor's second cache, of which all would take many times as much.
    lately: Vec<Slot>,
    /// Words put among those seen lately since there was more room for them.
    n_new: usize,
}

/// Places for words seen lately at first and at most.
const LATELY: (usize, usize) = (1 << 8, 1 << 13);
/// Places for all words at first.
const FEWEST: usize = 1 << 10;

/// The place of a word in a table of so many places, which are a power of two.
fn place((low, high): Short, n_places: usize) -> usize {
    let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 40) as usize & n_places.saturating_sub(1)
}

impl Known {
    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.n_words
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is known of a word.
    pub(super) fn get(&self, short: Short) -> Option<Info> {
        let (behind, from) = self.slots.split_at_checked(place(short, self.slots.len()))?;
        let mut slots = from.iter().chain(behind);
        let slot = slots.find(|slot| slot.0 == short || **slot == FREE)?;
        Some(slot.1).filter(|info| *info != Info::NONE)
    }

    /// Adds a word that is not there.
    pub(super) fn insert(&mut self, short: Short, info: Info) {
        // A quarter stays free.
        if self.n_words >= self.slots.len() / 4 * 3 {
            let n_slots = (2 * self.slots.len()).max(FEWEST);
            for slot in std::mem::replace(&mut self.slots, vec![FREE; n_slots]) {
                if slot != FREE {
                    self.put(slot);
                }
            }
        }
        self.put((short, info));
        self.n_words += 1;
    }

    fn put(&mut self, slot: Slot) {
        let first = place(slot.0, self.slots.len());
        let (behind, from) = self.slots.split_at_mut_checked(first).unwrap_or_default();
        if let Some(free) = from.iter_mut().chain(behind).find(|slot| **slot == FREE) {
            *free = slot;
        }
    }

    /// Looks for words together; what of one is not found then may still be there.
    pub(super) fn look(&self, words: &mut [Look]) {
        let at = |slots: &[Slot], short: Short| -> Info {
            let slot = slots.get(place(short, slots.len())).copied().unwrap_or(FREE);
            if slot.0 == short { slot.1 } else { Info::NONE }
        };
        for word in words.iter_mut() {
            word.info = at(&self.lately, word.short.unwrap_or_default());
            word.lately = word.info != Info::NONE;
        }
        for word in words.iter_mut().filter(|word| !word.lately) {
            word.info = at(&self.slots, word.short.unwrap_or_default());
        }
    }

    /// Takes a word that was looked for and is known as `info` among those seen lately, in the place of
    /// another.
    pub(super) fn saw(&mut self, look: &Look, info: Info) {
        let Some(short) = look.short.filter(|_| !look.lately) else { return };
        let (least, most) = LATELY;
        self.n_new += 1;
        let n_places = self.lately.len();
        if n_places == 0 || self.n_new > 2 * n_places && n_places < most {
            self.lately = vec![FREE; (4 * n_places).clamp(least, most)];
            self.n_new = 0;
        }
        let place = place(short, self.lately.len());
        if let Some(slot) = self.lately.get_mut(place) {
            *slot = (short, info);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn short_words_are_told_apart() {
        let words = ["", "a", "a\0", "ab", "abcdefghijklmno", "abcdefghijklmn", "abcdefghijklmn\0"];
        let all: std::collections::BTreeSet<Option<Short>> =
            words.iter().map(|w| short(w)).collect();
        assert_eq!(all.len(), words.len());
        assert_eq!(short("abcdefghijklmnop"), None);
    }

    #[test]
    fn what_is_known_is_read_as_it_was_written() {
        for (stem, sign) in [(0, 0), (7, 0), (15, 255), (255, 1)] {
            assert_eq!(Info::plain(stem, sign, 7).key(), Key::Plain { stem, sign });
        }
        for place in [0, 1, 400_000] {
            assert_eq!(Info::kept(place, 7).key(), Key::Kept(place));
        }
    }

    proptest::proptest! {
        #[test]
        fn a_word_inside_a_text_is_the_word_alone(text in "[a-zA-Z]{0,40}", start in 0_usize..40, n in 0_usize..40) {
            if let Some(word) = text.get(start..start + n) {
                proptest::prop_assert_eq!(short_at(&text, start, n), short(word));
            }
        }

        /// All words are found by themselves, and together none is taken for another.
        #[test]
        fn words_are_found_as_in_a_map(words in proptest::collection::vec("[a-d]{1,7}", 1..3_000)) {
            let mut map = BTreeMap::new();
            let mut known = Known::default();
            for (words, round) in words.chunks(16).zip(1_u32..) {
                let mut looks: Vec<Look> = words.iter().map(|word| Look::new(short(word))).collect();
                known.look(&mut looks);
                for (at, (word, look)) in words.iter().zip(&looks).enumerate() {
                    let short = short(word).unwrap();
                    let expected = map.get(word).copied();
                    if look.info().is_some() {
                        proptest::prop_assert_eq!(look.info(), expected);
                    }
                    proptest::prop_assert_eq!(known.get(short), expected);
                    let info = Info::kept(100 * round + at as u32, round);
                    if expected.is_none() {
                        map.insert(word.clone(), info);
                        known.insert(short, info);
                    }
                    known.saw(look, map[word]);
                }
            }
            proptest::prop_assert_eq!(known.len(), map.len());
        }
    }
}
