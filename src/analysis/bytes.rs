//! Looks at many bytes at once. A text is gone through a dozen times before it is indexed, so that these
//! passes count.
//!
//! The compiler makes one comparison of sixteen bytes where it sees how many there are, and where a kind is
//! told without branches: by two or three comparisons, by [`is_one_of`], by `|` and `&` in the place of `||` and
//! `&&`; of `matches!` with many alternatives it makes branches.

/// Bytes that are looked at together.
const STRIDE: usize = 32;
/// So many are counted place by place, a byte a place, before the places are added up.
const MOST: usize = 255;

/// Whether a byte is one of these.
#[inline]
pub(crate) fn is_one_of<const N: usize>(byte: u8, these: [u8; N]) -> bool {
    let mut found = 0;
    for one in these {
        found |= u8::from(byte == one);
    }
    found > 0
}

/// Whether a byte is of the kind.
pub(crate) fn any(bytes: &[u8], is: impl Fn(u8) -> bool + Copy) -> bool {
    let (strides, rest) = bytes.as_chunks();
    strides.iter().any(|stride| any_of(stride, is)) || rest.iter().any(|byte| is(*byte))
}

#[inline]
fn any_of(stride: &[u8; STRIDE], is: impl Fn(u8) -> bool + Copy) -> bool {
    let mut found = 0;
    for byte in stride {
        found |= u8::from(is(*byte));
    }
    found > 0
}

/// How many bytes are of the kind.
pub(crate) fn count(bytes: &[u8], is: impl Fn(u8) -> bool + Copy) -> usize {
    let (strides, rest) = bytes.as_chunks::<STRIDE>();
    let mut found = rest.iter().filter(|byte| is(**byte)).count();
    for some in strides.chunks(MOST) {
        let mut lanes = [0; STRIDE];
        for stride in some {
            for (lane, byte) in lanes.iter_mut().zip(stride) {
                *lane += u8::from(is(*byte));
            }
        }
        found += lanes.into_iter().map(usize::from).sum::<usize>();
    }
    found
}

/// How many bytes are of the kind, told by the byte before them too; the first is not asked for.
pub(crate) fn count_pairs(bytes: &[u8], is: impl Fn(u8, u8) -> bool + Copy) -> usize {
    let after = bytes.get(1..).unwrap_or_default();
    let (strides, rest) = after.as_chunks::<STRIDE>();
    let before_rest = bytes.get(after.len() - rest.len()..).unwrap_or_default();
    let pairs = before_rest.iter().zip(rest);
    let mut found = pairs.filter(|(before, byte)| is(**before, **byte)).count();
    for (stride, before) in strides.iter().zip(bytes.as_chunks::<STRIDE>().0) {
        let mut some = 0;
        for (before, byte) in before.iter().zip(stride) {
            some += u8::from(is(*before, *byte));
        }
        found += usize::from(some);
    }
    found
}

/// Where the first byte of the kind stands.
pub(crate) fn place(bytes: &[u8], is: impl Fn(u8) -> bool + Copy) -> Option<usize> {
    let (strides, _) = bytes.as_chunks();
    let without = strides.iter().position(|stride| any_of(stride, is)).unwrap_or(strides.len());
    let without = without * STRIDE;
    bytes.get(without..)?.iter().position(|byte| is(*byte)).map(|at| without + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{any as has, count, count_pairs, place};

    proptest! {
        /// Each says what the plain way says, over the ends of its steps too.
        #[test]
        fn they_agree_with_the_plain_way(bytes in prop::collection::vec(0_u8..4, 0..700)) {
            let is = |byte: u8| byte == 3;
            prop_assert_eq!(has(&bytes, is), bytes.iter().any(|byte| is(*byte)));
            prop_assert_eq!(count(&bytes, is), bytes.iter().filter(|byte| is(**byte)).count());
            let pair = |a: u8, b: u8| a == 1 && b == 2;
            let pairs = bytes.windows(2).filter(|two| pair(two[0], two[1])).count();
            prop_assert_eq!(count_pairs(&bytes, pair), pairs);
            for from in (0..bytes.len()).step_by(29) {
                let rest = &bytes[from..];
                let rare = |byte: u8| byte == 3 && rest.len() % 3 == 0;
                let plain = rest.iter().position(|byte| rare(*byte));
                prop_assert_eq!(place(rest, rare), plain);
            }
        }

        #[test]
        fn a_late_byte_is_found(before in 0_usize..300, after in 0_usize..300) {
            let mut bytes = vec![b'a'; before];
            bytes.push(b'\n');
            bytes.resize(before + 1 + after, b'b');
            prop_assert_eq!(place(&bytes, |byte| byte < b' '), Some(before));
            prop_assert_eq!(count(&bytes, |byte| byte > b' '), before + after);
        }
    }
}
