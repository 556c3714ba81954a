//! Text to tokens: one pass, no allocation per word, only the known words numbered.

use super::fold::{fold_char, is_silent};
use super::words::{Hash, Word, Words};
use crate::document::Span;

/// What stands between two tokens, the loosest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// White space, a line break, a hyphen, an apostrophe, or nothing (Chinese).
    Join,
    /// A full stop, as in `U.S.` and `St. Lucia`.
    Dot,
    /// A comma.
    Comma,
    /// Parentheses, a slash, an ampersand.
    Sign,
    /// Anything else, and blank lines: no name goes over it.
    Break,
}

/// A word of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, in bytes of the text.
    pub span: Span,
    /// Its number, if any name or term uses it.
    pub word: Word,
    /// What stands before it.
    pub gap: Gap,
    /// Whether a hyphen stands directly before it.
    pub after_hyphen: bool,
    /// Whether it begins with a capital or a letter of a script without capitals.
    pub capital: bool,
    /// Whether all of its letters are capitals.
    pub capitals: bool,
}

/// The words of a stretch of text; keeps its memory from one stretch to the next.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    list: Vec<Token>,
    /// The hash of each.
    hashes: Vec<Hash>,
}

impl std::ops::Deref for Tokens {
    type Target = [Token];

    fn deref(&self) -> &[Token] {
        &self.list
    }
}

impl Tokens {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the words of `span` of `text`, but for those in `holes` (in order): a hole counts as
    /// white space. Replaces what was read before.
    pub fn read(&mut self, words: &Words, text: &str, span: Span, holes: &[Span]) {
        self.list.clear();
        self.hashes.clear();
        let mut gap = Pending::START;
        let mut start = span.start;
        for hole in holes.iter().filter(|hole| span.contains(**hole)) {
            self.stretch(words, text, Span::new(start, hole.start), &mut gap);
            start = hole.end;
        }
        self.stretch(words, text, Span::new(start, span.end), &mut gap);
        // All in one go: the processor waits for the memory of many at once.
        for (token, hash) in self.list.iter_mut().zip(&self.hashes) {
            token.word = words.find(*hash);
        }
    }

    fn stretch(&mut self, words: &Words, text: &str, span: Span, gap: &mut Pending) {
        let Some(part) = span.slice(text) else { return };
        let bytes = part.as_bytes();
        self.list.reserve(bytes.len() / 5);
        self.hashes.reserve(bytes.len() / 5);
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if folded(byte) != 0 || byte >= 0x80 {
                let read = read_word(part, at);
                if let Some(mut found) = read {
                    if let Some(longer) = over_line_end(words, part, found) {
                        found = longer;
                    }
                    self.list.push(Token {
                        span: Span::new(at, found.end).shifted(span.start),
                        word: Word::UNKNOWN,
                        gap: gap.gap,
                        after_hyphen: gap.hyphen,
                        capital: found.capital,
                        capitals: found.capitals,
                    });
                    self.hashes.push(found.hash);
                    *gap = Pending::EMPTY;
                    at = found.end;
                    continue;
                }
                let Some(c) = part.get(at..).and_then(|rest| rest.chars().next()) else { return };
                gap.other(c);
                at += c.len_utf8();
            } else {
                gap.ascii(byte);
                at += 1;
            }
        }
    }
}

/// What has been seen since the last word.
#[derive(Debug, Clone, Copy)]
struct Pending {
    gap: Gap,
    hyphen: bool,
    line_ends: u8,
}

impl Pending {
    const EMPTY: Self = Self { gap: Gap::Join, hyphen: false, line_ends: 0 };
    const START: Self = Self { gap: Gap::Break, hyphen: false, line_ends: 0 };

    fn ascii(&mut self, byte: u8) {
        let gap = match byte {
            b'\n' => {
                self.line_ends = self.line_ends.saturating_add(1);
                if self.line_ends > 1 { Gap::Break } else { Gap::Join }
            }
            b' ' | b'\t' | b'\r' | b'\'' => Gap::Join,
            b'-' => {
                self.hyphen = true;
                Gap::Join
            }
            b'.' => Gap::Dot,
            b',' => Gap::Comma,
            b'(' | b')' | b'/' | b'&' | b'[' | b']' | b'+' => Gap::Sign,
            _ => Gap::Break,
        };
        self.gap = self.gap.max(gap);
    }

    fn other(&mut self, c: char) {
        let gap = match c {
            '\u{a0}'
            | '\u{2002}'..='\u{200a}'
            | '\u{202f}'
            | '\u{2019}'
            | '\u{2018}'
            | '\u{2bc}' => Gap::Join,
            '\u{2010}' | '\u{2011}' | '\u{2013}' => {
                self.hyphen = true;
                Gap::Join
            }
            _ if is_silent(c) => Gap::Join,
            _ => Gap::Break,
        };
        self.gap = self.gap.max(gap);
    }
}

#[derive(Clone, Copy)]
struct Read {
    end: usize,
    hash: Hash,
    capital: bool,
    capitals: bool,
}

/// The folded form of a byte, 0 where it belongs to no ASCII word.
fn folded(byte: u8) -> u8 {
    FOLDED.get(usize::from(byte)).copied().unwrap_or(0)
}

/// For every byte its folded form.
#[expect(clippy::indexing_slicing, reason = "worked out by the compiler")]
const FOLDED: [u8; 256] = {
    let mut folded = [0; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        if byte.is_ascii_alphanumeric() {
            folded[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    folded
};

/// Reads the word that begins at byte `at`; `None` when no word begins there.
fn read_word(part: &str, at: usize) -> Option<Read> {
    let bytes = part.as_bytes().get(at..)?;
    let (mut hash, mut length, mut is_lower) = (Hash::START, 0, false);
    for &byte in bytes {
        let folded = folded(byte);
        if folded == 0 {
            break;
        }
        hash.byte(folded);
        is_lower |= byte.is_ascii_lowercase();
        length += 1;
    }
    let capital = length > 0 && bytes.first().is_some_and(|first| !first.is_ascii_lowercase());
    let read = Read { end: at + length, hash, capital, capitals: !is_lower };
    match bytes.get(length) {
        Some(0x80..) => read_beyond_ascii(part, at, read),
        _ => (length > 0).then_some(read),
    }
}

/// Reads on from a letter beyond ASCII.
fn read_beyond_ascii(part: &str, at: usize, mut read: Read) -> Option<Read> {
    for c in part.get(read.end..)?.chars() {
        let first = read.end == at;
        if is_alone(c) {
            // Every sign is a word of its own.
            if first {
                fold_char(c, &mut |plain| read.hash.letter(plain));
                return Some(Read { end: at + c.len_utf8(), capital: true, ..read });
            }
            break;
        }
        if !(c.is_alphanumeric() || (is_silent(c) && !first)) {
            break;
        }
        read.capitals &= !c.is_lowercase();
        read.capital |= first && !c.is_lowercase();
        fold_char(c, &mut |plain| read.hash.letter(plain));
        read.end += c.len_utf8();
    }
    (read.end > at).then_some(read)
}

/// A word cut by a hyphen at the end of a line ("Czecho-⏎slovakia"), if the joined form is known.
fn over_line_end(words: &Words, part: &str, read: Read) -> Option<Read> {
    if part.as_bytes().get(read.end) != Some(&b'-') {
        return None;
    }
    let after = part.get(read.end + 1..)?;
    let next = after.trim_start_matches([' ', '\r', '\n', '\t']);
    let white = after.len() - next.len();
    let cut_at_line_end = after.get(..white)?.contains('\n');
    if !cut_at_line_end || !next.starts_with(char::is_lowercase) {
        return None;
    }
    let second = read_word(part, read.end + 1 + white)?;
    let mut hash = read.hash;
    for c in part.get(read.end + 1 + white..second.end)?.chars() {
        fold_char(c, &mut |plain| hash.letter(plain));
    }
    let joined = Read { end: second.end, hash, ..read };
    words.find(hash).is_known().then_some(joined)
}

/// Scripts written without spaces.
fn is_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
