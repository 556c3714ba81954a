//! The terms of a segment that is being made, numbered as they come.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::schema::Field;

/// What a term takes in memory besides its letters, about.
const OVERHEAD: usize = 56;

/// Terms of all fields with their numbers, from 0. All threads that read documents share them.
#[derive(Debug, Default)]
pub(super) struct Terms(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    /// The field's number as a byte, then the term.
    numbers: FxHashMap<Arc<[u8]>, u32>,
    letters: usize,
}

/// A term with its field and number.
#[derive(Debug)]
pub(super) struct Numbered {
    bytes: Arc<[u8]>,
    pub(super) number: u32,
}

impl Numbered {
    pub(super) fn field(&self) -> Field {
        Field::from_field_id(self.bytes.first().copied().map_or(0, u32::from))
    }

    pub(super) fn term(&self) -> &[u8] {
        self.bytes.get(1..).unwrap_or_default()
    }
}

impl Terms {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a term, which gets one where it has none.
    pub(super) fn number(&self, field: Field, term: &[u8]) -> u32 {
        // A schema of ours has few fields.
        let bytes = [&[field.field_id() as u8], term].concat();
        let mut table = self.table();
        if let Some(number) = table.numbers.get(bytes.as_slice()) {
            return *number;
        }
        let number = table.numbers.len() as u32;
        table.letters += bytes.len();
        table.numbers.insert(bytes.into(), number);
        number
    }

    /// Bytes of memory, about.
    pub(super) fn memory(&self) -> usize {
        let table = self.table();
        table.letters + table.numbers.len() * OVERHEAD
    }

    /// All terms in the order of fields and letters.
    pub(super) fn sorted(&self) -> Vec<Numbered> {
        let all = self.all();
        // Most terms differ in the first letters, which are at hand so.
        let head = |bytes: &[u8]| {
            let mut head = [0; 8];
            let n = bytes.len().min(8);
            if let (Some(head), Some(bytes)) = (head.get_mut(..n), bytes.get(..n)) {
                head.copy_from_slice(bytes);
            }
            u64::from_be_bytes(head)
        };
        let mut all: Vec<(u64, Numbered)> =
            all.into_iter().map(|term| (head(&term.bytes), term)).collect();
        all.sort_unstable_by(|(a, one), (b, other)| {
            a.cmp(b).then_with(|| one.bytes.cmp(&other.bytes))
        });
        all.into_iter().map(|(_, term)| term).collect()
    }

    /// All terms by number.
    pub(super) fn by_number(&self) -> Vec<Numbered> {
        let mut all = self.all();
        all.sort_unstable_by_key(|term| term.number);
        all
    }

    fn all(&self) -> Vec<Numbered> {
        let table = self.table();
        let numbered = |(bytes, number): (&Arc<[u8]>, &u32)| Numbered {
            bytes: Arc::clone(bytes),
            number: *number,
        };
        table.numbers.iter().map(numbered).collect()
    }
}

/// The terms of the segment at hand, for all who read documents for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Current(Arc<Mutex<Arc<Terms>>>);

impl Current {
    pub(super) fn get(&self) -> Arc<Terms> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins anew, for the next segment.
    pub(super) fn renew(&self) -> Arc<Terms> {
        let fresh = Arc::new(Terms::default());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_numbered_once_and_sorted_by_field_and_letters() {
        let terms = Terms::default();
        let field = Field::from_field_id;
        let all = [(2, "a"), (1, "stateless"), (1, "state"), (1, "state\u{1}s"), (1, ""), (2, "é")];
        for (number, (id, term)) in (0_u32..).zip(all) {
            assert_eq!(terms.number(field(id), term.as_bytes()), number);
        }
        for (number, (id, term)) in (0_u32..).zip(all) {
            assert_eq!(terms.number(field(id), term.as_bytes()), number);
        }
        let sorted: Vec<(u32, String)> = terms
            .sorted()
            .iter()
            .map(|t| (t.field().field_id(), String::from_utf8(t.term().to_vec()).unwrap()))
            .collect();
        let mut expected = all.map(|(id, term)| (id, term.to_owned())).to_vec();
        expected.sort();
        assert_eq!(sorted, expected);
        let numbers: Vec<u32> = terms.by_number().iter().map(|term| term.number).collect();
        assert_eq!(numbers, (0..6).collect::<Vec<u32>>());
        assert!(terms.memory() > 0);
    }
}
