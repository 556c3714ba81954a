//! A set of hashes that may be asked in the processor's first cache: "no" is certain.

/// Bits of a filter: 16 kB.
const BITS: u64 = 1 << 17;

/// What it holds it always finds; of what it does not hold it finds a part, the more the fuller it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter(Vec<u64>);

impl Filter {
    /// A filter with these hashes. Their lower bits should differ.
    pub(super) fn of(hashes: impl Iterator<Item = u64>) -> Self {
        let mut bits = vec![0; (BITS / 64) as usize];
        for hash in hashes {
            let (at, bit) = place(hash);
            if let Some(word) = bits.get_mut(at) {
                *word |= 1_u64 << bit;
            }
        }
        Self(bits)
    }

    /// Whether it may hold a hash.
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let (at, bit) = place(hash);
        self.0.get(at).is_some_and(|word| word >> bit & 1 == 1)
    }
}

fn place(hash: u64) -> (usize, u64) {
    let bit = hash % BITS;
    ((bit / 64) as usize, bit % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_holds_is_found_and_most_else_is_not() {
        let hash = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let filter = Filter::of((0..1000).map(hash));
        assert!((0..1000).all(|n| filter.may_hold(hash(n))));
        let n_mistaken = (1000..11_000).filter(|n| filter.may_hold(hash(*n))).count();
        assert!(n_mistaken < 200, "{n_mistaken}");
        assert!(!Filter::default().may_hold(0));
    }
}
