//! Hands tokens that were made before to the engine: our keys in, the same keys out.
//!
//! `analysis` runs once, where a document is read; the engine's own thread only splits the result.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Name under which the engine knows [`PackedTokenizer`].
pub(crate) const PACKED: &str = "packed";

/// Ends a token; the next one stands at the next place.
const NEXT: char = '\u{1e}';
/// Ends a token; the next one stands at the same place.
const SAME: char = '\u{1d}';

/// Tokens written one after another.
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

    /// Adds a token; positions rise by 0 or 1.
    pub(crate) fn push(&mut self, key: &str, position: u32) {
        if let Some(last) = self.position {
            self.text.push(if position == last { SAME } else { NEXT });
        }
        self.position = Some(position);
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
    rest: Option<&'a str>,
    token: &'a mut Token,
    step: usize,
}

impl Tokenizer for PackedTokenizer {
    type TokenStream<'a> = PackedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PackedStream<'a> {
        self.token.reset();
        let rest = (!text.is_empty()).then_some(text);
        PackedStream { rest, token: &mut self.token, step: 1 }
    }
}

impl TokenStream for PackedStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(rest) = self.rest else { return false };
        self.token.position = self.token.position.wrapping_add(self.step);
        self.token.text.clear();
        let end = rest.bytes().position(|b| b == NEXT as u8 || b == SAME as u8);
        match end.and_then(|at| Some((rest.get(..at)?, rest.get(at + 1..)?, at))) {
            Some((key, after, at)) => {
                self.token.text.push_str(key);
                self.step = usize::from(rest.as_bytes().get(at) == Some(&(NEXT as u8)));
                self.rest = Some(after);
            }
            None => {
                self.token.text.push_str(rest);
                self.rest = None;
            }
        }
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
        for (key, position) in [("a", 0), ("b", 0), ("c", 1), ("d", 2)] {
            packed.push(key, position);
        }
        let text = packed.into_text();
        let mut tokenizer = PackedTokenizer::default();
        let mut seen = Vec::new();
        tokenizer.token_stream(&text).process(&mut |token| {
            seen.push((token.text.clone(), token.position));
        });
        let expected = [("a", 0), ("b", 0), ("c", 1), ("d", 2)];
        assert_eq!(seen, expected.map(|(key, position)| (key.to_owned(), position)));
        assert!(!tokenizer.token_stream("").advance());
    }
}
