//! What the properties of a file are worth.

use super::block::{Extracted, Key, Value};
use crate::document::Origin;

/// How far into a text a property is looked for, in bytes.
const HEAD: usize = 4_000;

/// Keeps of a file's properties what the head of its text bears out: titles such as `Document1` and
/// the names of typists are no values.
pub(super) fn borne_out(extracted: &mut Extracted, properties: Vec<(Key, String)>) {
    let mut end = extracted.text.len().min(HEAD);
    while !extracted.text.is_char_boundary(end) {
        end -= 1;
    }
    let fold = |text: &str| {
        let words =
            text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    };
    let head = fold(extracted.text.get(..end).unwrap_or_default());
    for (key, text) in properties {
        let words = fold(&text);
        let stated = matches!(key, Key::Language)
            || !words.is_empty() && format!(" {head} ").contains(&format!(" {words} "));
        if stated && extracted.values.iter().all(|value| value.key != key) {
            extracted.values.push(Value { key, text, origin: Origin::Header });
        }
    }
}
