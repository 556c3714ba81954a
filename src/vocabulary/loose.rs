//! How names of the thesaurus are noted, however they are written.
//!
//! `build.rs` notes the shipped ones by this too: it may ask for nothing but `fold`.

use super::fold::{fold_char, is_silent};

/// A name without what may be written otherwise: folded, its words written together, each as `respelled`
/// has it, where that has it otherwise.
pub(crate) fn loosely(name: &str, respelled: impl Fn(&str) -> Option<String>, out: &mut String) {
    out.clear();
    let mut start = 0;
    let mut end_word = |out: &mut String| {
        let word = out.get(start..).unwrap_or_default();
        if out.len() == 3 && word == "the" {
            out.clear();
        } else if let Some(other) = respelled(word) {
            out.truncate(start);
            out.push_str(&other);
        }
        start = out.len();
    };
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() || is_silent(c) {
            fold_char(c, &mut |plain| out.push(plain));
        } else {
            end_word(out);
        }
    }
    end_word(out);
}

/// What a name is noted by (FNV-1a, the same on every machine).
pub(crate) fn hash(loose: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    loose.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
