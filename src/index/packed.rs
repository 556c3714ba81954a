//! Hands tokens that were made before to the engine: our keys in, the same keys out.
//!
//! `analysis` runs once, where a document is read; the engine's own thread only splits the result.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Name under which the engine knows [`PackedTokenizer`].
pub(crate) const PACKED: &str = "packed";

/// Tokens written one after another, each behind a sign that says how many bytes it has, and whether it stands
/// at the next place or at that of the last one.
#[derive(Debug, Default)]
pub(crate) struct Packed {
    text: String,
    position: Option<u32>,
}

impl Packed {
    /// An empty list with room for the words of so many bytes of text.
    pub(crate) fn of_text(bytes: usize) -> Self {
        // A key is half as long again as its word, and a few words have two.
        Self { text: String::with_capacity(bytes + bytes / 2), position: None }
    }

    /// Adds a token; positions rise by 0 or 1, and the first is 0.
    pub(crate) fn push(&mut self, key: &str, position: u32) {
        let is_next = u32::from(self.position != Some(position));
        self.position = Some(position);
        // No key is so long that there is no such sign: words are cut.
        let Some(head) = char::from_u32(2 * key.len() as u32 + is_next) else { return };
        self.text.push(head);
        self.text.push_str(key);
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// Splits what [`Packed`] wrote.
#[derive(Debug, Clone, Default)]
pub(crate) struct PackedTokenizer {
    token: Token,
}

#[derive(Debug)]
pub(crate) struct PackedStream<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for PackedTokenizer {
    type TokenStream<'a> = PackedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PackedStream<'a> {
        self.token.reset();
        PackedStream { rest: text, token: &mut self.token }
    }
}

impl TokenStream for PackedStream<'_> {
    fn advance(&mut self) -> bool {
        let mut rest = self.rest.chars();
        let head = rest.next().map_or(0, u32::from);
        let Some((key, rest)) = rest.as_str().split_at_checked(head as usize / 2) else {
            return false;
        };
        if head == 0 {
            return false;
        }
        self.rest = rest;
        self.token.position = self.token.position.wrapping_add(head as usize % 2);
        self.token.text.clear();
        self.token.text.push_str(key);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again() {
        let mut packed = Packed::default();
        let long = "é".repeat(3_000);
        let keys = [("a", 0_u32), ("b", 0), ("c", 1), ("d", 2), (long.as_str(), 2), ("e", 3)];
        for (key, position) in keys {
            packed.push(key, position);
        }
        let text = packed.into_text();
        let mut tokenizer = PackedTokenizer::default();
        let mut seen = Vec::new();
        tokenizer.token_stream(&text).process(&mut |token| {
            seen.push((token.text.clone(), token.position));
        });
        let expected = keys.map(|(key, position)| (key.to_owned(), position as usize));
        assert_eq!(seen, expected);
        assert!(!tokenizer.token_stream("").advance());
    }
}
