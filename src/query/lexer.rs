//! Text to tokens: where words, quotes, groups, operators and fields begin and end.
//!
//! What is special depends on the place. Signs (`+`, `-`) count at the start of the text, behind
//! white space and behind `(` only, so `win-win` and `C++` are words; parentheses that open and
//! close within a word belong to it (`S/RES/1325(2000)`); a colon makes a field only behind the
//! name of one; within the values of a field there are no fields and no regular expressions.

use super::error::{Fault, shown};
use super::limits::{DEFAULT_DISTANCE, MAX_DEPTH, MAX_DISTANCE};
use super::{ErrorKind, Field, Scope};
use crate::document::Span;

/// A piece of the typed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) span: Span,
    pub(super) kind: TokenKind,
}

/// What a piece of the typed text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Plus,
    Minus,
    /// `=`; something follows right behind.
    Equals,
    Near {
        ordered: bool,
        distance: u32,
    },
    Within(Scope),
    /// A quotation; `inner` is what stands between the marks.
    Quoted {
        inner: Span,
    },
    /// `/…/`; `inner` is what stands between the slashes.
    Regex {
        inner: Span,
    },
    /// `~…` or `^…` right behind a quotation, a group or a regular expression.
    Suffix,
    /// `name:`
    Field(Field),
    /// A word, perhaps with wildcards, `~` and `^`.
    Term,
    /// A word in the place of a field's value.
    Value,
}

impl TokenKind {
    /// Whether something to look for may end with it.
    pub(super) const fn ends_operand(self) -> bool {
        use TokenKind::{Close, Quoted, Regex, Suffix, Term, Value};
        matches!(self, Close | Quoted { .. } | Regex { .. } | Suffix | Term | Value)
    }

    /// Whether something to look for may begin with it.
    pub(super) const fn begins_operand(self) -> bool {
        use TokenKind::{Equals, Field, Minus, Open, Plus, Quoted, Regex, Term, Value};
        matches!(
            self,
            Open | Plus | Minus | Equals | Quoted { .. } | Regex { .. } | Field(_) | Term | Value
        )
    }

    /// Whether it is an operator that needs something behind it.
    pub(super) const fn is_operator(self) -> bool {
        use TokenKind::{And, Near, Not, Or, Within};
        matches!(self, And | Or | Not | Near { .. } | Within(_))
    }
}

/// A way to quote.
struct Quotes {
    open: &'static [char],
    close: &'static [char],
    /// Where there is no closing mark, the opening one is text.
    lenient: bool,
    /// The marks are apostrophes too: they open only at the start of a word and close only at the
    /// end of one.
    apostrophe: bool,
}

impl Quotes {
    const fn strict(open: &'static [char], close: &'static [char]) -> Self {
        Self { open, close, lenient: false, apostrophe: false }
    }

    const fn lenient(open: &'static [char], close: &'static [char], apostrophe: bool) -> Self {
        Self { open, close, lenient: true, apostrophe }
    }
}

/// The ways to quote. The double ones mix, as pasted text does (`"…”`).
static QUOTES: [Quotes; 8] = [
    Quotes::strict(&['"', '“', '”', '„', '‟', '＂'], &DOUBLE),
    Quotes::strict(&['«'], &['»']),
    Quotes::strict(&['‹'], &['›']),
    Quotes::strict(&['「'], &['」']),
    Quotes::strict(&['『'], &['』']),
    Quotes::lenient(&['»'], &['«', '»'], false),
    Quotes::lenient(&['›'], &['‹', '›'], false),
    Quotes::lenient(&['‘', '‚'], &['’', '‘'], true),
];

/// Marks that close a double quotation.
pub(super) const DOUBLE: [char; 5] = ['"', '“', '”', '‟', '＂'];

/// Whether the character may open or close a quotation.
pub(super) fn is_quote(c: char) -> bool {
    QUOTES.iter().any(|quotes| quotes.open.contains(&c) || quotes.close.contains(&c))
}

/// Cuts `text` into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut lexer = Lexer {
        text,
        tokens: Vec::new(),
        place: Place::Fresh,
        values: Vec::new(),
        hopeless: [false; QUOTES.len()],
    };
    let mut at = 0;
    while let Some(c) = lexer.char_at(at) {
        if c.is_whitespace() {
            lexer.place = Place::Fresh;
            at += c.len_utf8();
        } else {
            at = lexer.token(at, c)?;
        }
    }
    Ok(lexer.tokens)
}

/// Where the next token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the start, behind white space or behind `(`.
    Fresh,
    /// Right behind a sign.
    Signed,
    /// Right behind `=`.
    Equal,
    /// Right behind `name:`.
    Value,
    /// Right behind `name:=`.
    WholeValue,
    /// Right behind anything else.
    Glued,
}

struct Lexer<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    place: Place,
    /// The open groups, and whether each holds values of a field.
    values: Vec<bool>,
    /// The ways to quote of which no closing mark is left in the text.
    hopeless: [bool; QUOTES.len()],
}

impl Lexer<'_> {
    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn push(&mut self, start: usize, end: usize, kind: TokenKind, place: Place) -> usize {
        self.tokens.push(Token { span: Span::new(start, end), kind });
        self.place = place;
        end
    }

    /// Whether words are values of a field here.
    fn in_values(&self) -> bool {
        let behind_field = matches!(self.place, Place::Value | Place::WholeValue);
        behind_field || self.values.last().copied().unwrap_or(false)
    }

    /// Reads the token at `start`, which begins with `c`; returns its end.
    fn token(&mut self, start: usize, c: char) -> Result<usize, Fault> {
        use Place::{Equal, Fresh, Glued, Signed, Value, WholeValue};
        let after = start + c.len_utf8();
        let next = self.char_at(after).filter(|c| !c.is_whitespace() && *c != ')');
        match (c, self.place) {
            ('(', _) => self.open(start),
            (')', _) => {
                self.values.pop();
                Ok(self.push(start, after, TokenKind::Close, Glued))
            }
            ('~' | '^', Glued) => {
                let end = self.suffix_end(after);
                Ok(self.push(start, end, TokenKind::Suffix, Glued))
            }
            ('+' | '-', Fresh) if next.is_some_and(|c| !matches!(c, '+' | '-')) => {
                let kind = if c == '+' { TokenKind::Plus } else { TokenKind::Minus };
                Ok(self.push(start, after, kind, Signed))
            }
            ('=', Fresh | Signed) if next.is_some() => {
                Ok(self.push(start, after, TokenKind::Equals, Equal))
            }
            ('=', Value) if next.is_some() => {
                Ok(self.push(start, after, TokenKind::Equals, WholeValue))
            }
            ('/', _) if !self.in_values() && self.regex(start).is_some() => {
                let inner = self.regex(start).unwrap_or_default();
                Ok(self.push(start, inner.end + 1, TokenKind::Regex { inner }, Glued))
            }
            _ => match self.quotation(start, self.place != Glued)? {
                Some((inner, end)) => Ok(self.push(start, end, TokenKind::Quoted { inner }, Glued)),
                None => self.term(start),
            },
        }
    }

    fn open(&mut self, start: usize) -> Result<usize, Fault> {
        let span = Span::new(start, start + 1);
        if self.values.len() >= MAX_DEPTH {
            return Err(Fault::new(ErrorKind::TooDeep, span));
        }
        self.values.push(self.in_values());
        Ok(self.push(start, span.end, TokenKind::Open, Place::Fresh))
    }

    /// Reads a word, or the name of a field and its colon.
    fn term(&mut self, start: usize) -> Result<usize, Fault> {
        let may_be_field = !self.in_values() && matches!(self.place, Place::Fresh | Place::Signed);
        let mut first_colon = true;
        let mut at = start;
        while let Some(c) = self.char_at(at) {
            let after = at + c.len_utf8();
            let inside = at > start;
            at = match c {
                ')' => break,
                '\\' => self.escaped_end(after),
                '(' if inside => match self.group_within_word(start, at) {
                    Some(end) => end,
                    None => break,
                },
                ':' if may_be_field && first_colon => {
                    first_colon = false;
                    if let Some(field) = Field::from_name(Span::new(start, at).of(self.text)) {
                        return Ok(self.push(start, after, TokenKind::Field(field), Place::Value));
                    }
                    after
                }
                c if c.is_whitespace() => break,
                _ if inside && self.quotation(at, false)?.is_some() => break,
                _ => after,
            };
        }
        let kind = self.term_kind(Span::new(start, at))?;
        Ok(self.push(start, at, kind, Place::Glued))
    }

    fn term_kind(&self, span: Span) -> Result<TokenKind, Fault> {
        let may_be_operator = matches!(self.place, Place::Fresh | Place::Glued);
        match operator(self.text, span)? {
            Some(operator) if may_be_operator => Ok(operator),
            _ if self.in_values() => Ok(TokenKind::Value),
            _ => Ok(TokenKind::Term),
        }
    }

    /// The end of the group that opens at `open` within the word that starts at `start`, when it
    /// closes within the word too.
    fn group_within_word(&self, start: usize, open: usize) -> Option<usize> {
        if matches!(operator(self.text, Span::new(start, open)), Ok(Some(_))) {
            return None;
        }
        let mut depth = 0_usize;
        let mut at = open;
        while let Some(c) = self.char_at(at) {
            at += c.len_utf8();
            match c {
                '\\' => at = self.escaped_end(at),
                '(' => depth += 1,
                ')' if depth == 1 => return Some(at),
                ')' => depth -= 1,
                c if c.is_whitespace() || DOUBLE.contains(&c) => return None,
                _ => {}
            }
        }
        None
    }

    /// The end of what a backslash before `at` takes with it.
    fn escaped_end(&self, at: usize) -> usize {
        let escaped = self.char_at(at).filter(|c| !c.is_whitespace());
        at + escaped.map_or(0, char::len_utf8)
    }

    fn suffix_end(&self, mut at: usize) -> usize {
        let goes_on = |c: &char| !c.is_whitespace() && !matches!(c, '(' | ')') && !is_quote(*c);
        while let Some(c) = self.char_at(at).filter(goes_on) {
            at += c.len_utf8();
        }
        at
    }

    /// What stands between the slashes of a regular expression that opens at `open`.
    fn regex(&self, open: usize) -> Option<Span> {
        let start = open + 1;
        let mut at = start;
        loop {
            let c = self.char_at(at).filter(|c| !c.is_whitespace())?;
            match c {
                '/' => break,
                '\\' => at = self.escaped_end(at + 1),
                _ => at += c.len_utf8(),
            }
        }
        let ends = match self.char_at(at + 1) {
            None | Some(')' | '^' | '~') => true,
            Some(c) => c.is_whitespace(),
        };
        (ends && at > start).then(|| Span::new(start, at))
    }

    /// The inside and the end of the quotation that opens at `open`, if one does.
    fn quotation(&mut self, open: usize, word_start: bool) -> Result<Option<(Span, usize)>, Fault> {
        let Some(mark) = self.char_at(open) else { return Ok(None) };
        let Some(way) = QUOTES.iter().position(|quotes| quotes.open.contains(&mark)) else {
            return Ok(None);
        };
        let (Some(quotes), Some(hopeless)) = (QUOTES.get(way), self.hopeless.get(way)) else {
            return Ok(None);
        };
        if *hopeless || (quotes.apostrophe && !word_start) {
            return Ok(None);
        }
        let start = open + mark.len_utf8();
        if let Some((close, end)) = self.closing_mark(quotes, start) {
            return Ok(Some((Span::new(start, close), end)));
        }
        if let Some(hopeless) = self.hopeless.get_mut(way).filter(|_| quotes.lenient) {
            *hopeless = true;
            return Ok(None);
        }
        let closing = match mark {
            '“' | '„' => '”',
            _ => *quotes.close.first().unwrap_or(&mark),
        };
        let span = Span::new(open, start);
        let fault = Fault::new(ErrorKind::UnclosedQuote { closing }, span);
        let rest = self.text.get(start..).unwrap_or_default().trim_end();
        if rest.contains(char::is_alphanumeric) && !rest.ends_with('\\') {
            let end = start + rest.len();
            return Err(fault.fix(Span::new(end, end), closing));
        }
        Err(fault.fix(span, ""))
    }

    /// Start and end of the mark that closes a quotation whose inside starts at `start`.
    fn closing_mark(&self, quotes: &Quotes, start: usize) -> Option<(usize, usize)> {
        let mut at = start;
        while let Some(c) = self.char_at(at) {
            let after = at + c.len_utf8();
            let closes = quotes.close.contains(&c)
                && !(quotes.apostrophe && self.char_at(after).is_some_and(char::is_alphanumeric));
            if closes {
                return Some((at, after));
            }
            at = if c == '\\' { self.escaped_end(after) } else { after };
        }
        None
    }
}

/// The operator that a whole word is, if any.
pub(super) fn operator(text: &str, span: Span) -> Result<Option<TokenKind>, Fault> {
    let word = span.of(text);
    let (name, distance) = match word.split_once('/') {
        Some((name, distance)) => (name, Some(distance)),
        None => (word, None),
    };
    let ordered = match (name, distance) {
        ("AND", None) => return Ok(Some(TokenKind::And)),
        ("OR", None) => return Ok(Some(TokenKind::Or)),
        ("NOT", None) => return Ok(Some(TokenKind::Not)),
        ("SENT", None) => return Ok(Some(TokenKind::Within(Scope::Sentence))),
        ("PARA", None) => return Ok(Some(TokenKind::Within(Scope::Paragraph))),
        ("NEAR", _) => false,
        ("BEFORE", _) => true,
        _ => return Ok(None),
    };
    let Some(written) = distance else {
        return Ok(Some(TokenKind::Near { ordered, distance: DEFAULT_DISTANCE }));
    };
    match number(written) {
        Some(distance @ 1..=MAX_DISTANCE) => Ok(Some(TokenKind::Near { ordered, distance })),
        other => {
            let nearest = other.map_or(DEFAULT_DISTANCE, |n| n.clamp(1, MAX_DISTANCE));
            let kind = ErrorKind::BadDistance { written: shown(word) };
            Err(Fault::new(kind, span).fix(span, format!("{name}/{nearest}")))
        }
    }
}

/// The number that a run of digits writes; too great ones become the greatest.
pub(super) fn number(digits: &str) -> Option<u32> {
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    all_digits.then(|| digits.parse().unwrap_or(u32::MAX))
}
