//! One word of a query: its letters, wildcards, and what `~` and `^` behind it mean.

use super::error::{Fault, shown};
use super::lexer::number;
use super::limits::{MAX_BOOST, MAX_DISTANCE, MAX_EDITS, MIN_BOOST};
use super::{ErrorKind, Form, Item, Kind, Node};
use crate::document::Span;

/// Up to so many letters, `word~` allows one fault, else two.
const SHORT_WORD: usize = 4;
/// The pattern of a phrase that stands for any one word.
const ANY_WORD: &str = "*";

/// A character of a word and where it stands; a backslash before it is left out.
#[derive(Debug, Clone, Copy)]
struct Letter {
    at: usize,
    c: char,
    escaped: bool,
}

impl Letter {
    fn is(self, c: char) -> bool {
        self.c == c && !self.escaped
    }
}

/// A boost, and where its `^` stands.
type Boost = (f32, usize);

/// What the letters of a word make.
#[derive(Debug, PartialEq, Eq)]
enum Shape {
    /// No letter and no digit: nothing to look for.
    Silent,
    Word(String),
    Pattern(String),
    /// Nothing but wildcards.
    Any,
}

/// Reads the word at `span`; `None` when there is nothing to look for in it.
pub(super) fn word(text: &str, span: Span, form: Form) -> Result<Option<Node>, Fault> {
    let letters = letters(span.of(text), span.start);
    let (body, boost) = split_boost(text, span, &letters)?;
    let (body, tilde) = split_tilde(body);
    let tilde = tilde.map(|at| Span::new(at, boost.as_ref().map_or(span.end, |(_, at)| *at)));
    let kind = match (shape(body), tilde) {
        (Shape::Silent, _) => return Ok(None),
        (Shape::Word(text), None) => Kind::Word { text, form },
        (Shape::Word(word), Some(tilde)) => fuzzy(text, word, tilde)?,
        (Shape::Pattern(text), None) => Kind::Pattern { text },
        (Shape::Any, None) => Kind::All,
        (Shape::Pattern(_) | Shape::Any, Some(tilde)) => {
            return Err(Fault::new(ErrorKind::MisplacedTilde, tilde).fix(tilde, ""));
        }
    };
    Ok(Some(Node { span, boost: boost.map(|(boost, _)| boost), kind }))
}

/// Reads the words of a phrase that stand at `span`; `None` when there is nothing to look for.
pub(super) fn phrase(text: &str, span: Span) -> Option<Vec<Item>> {
    let item = |span: Span| {
        let (text, pattern) = match shape(&letters_in_quotes(span.of(text), span.start)) {
            Shape::Silent => return None,
            Shape::Word(text) => (text, false),
            Shape::Pattern(text) => (text, true),
            Shape::Any => (ANY_WORD.to_owned(), true),
        };
        Some(Item { span, text, pattern })
    };
    let items: Vec<Item> = pieces(text, span).filter_map(item).collect();
    items.iter().any(|item| item.text != ANY_WORD).then_some(items)
}

/// The text of a quoted value: without backslashes, white space folded.
pub(super) fn quoted_value(text: &str) -> String {
    let words = text.split_whitespace().map(|word| text_of(&letters_in_quotes(word, 0)));
    words.collect::<Vec<_>>().join(" ")
}

/// The text of an unquoted value and its boost.
pub(super) fn value(text: &str, span: Span) -> Result<(String, Span, Option<f32>), Fault> {
    let letters = letters(span.of(text), span.start);
    let (body, boost) = split_boost(text, span, &letters)?;
    let end = boost.as_ref().map_or(span.end, |(_, at)| *at);
    Ok((text_of(body), Span::new(span.start, end), boost.map(|(boost, _)| boost)))
}

/// The text of a regular expression, its slashes unescaped.
pub(super) fn regex(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('/') => text.push('/'),
            next => text.extend(std::iter::once('\\').chain(next)),
        }
    }
    text
}

/// The stretches between white space within `span`.
pub(super) fn pieces(text: &str, span: Span) -> impl Iterator<Item = Span> {
    let mut at = span.start;
    span.of(text).split(char::is_whitespace).filter_map(move |piece| {
        let piece_span = Span::new(at, at + piece.len());
        // One further for the white space, whose width the next piece's address tells.
        let rest = text.get(piece_span.end..).and_then(|rest| rest.chars().next());
        at = piece_span.end + rest.map_or(0, char::len_utf8);
        (!piece.is_empty()).then_some(piece_span)
    })
}

/// Reads what stands behind a quotation, a group or a regular expression: slop and boost.
pub(super) fn suffix(text: &str, span: Span) -> Result<(Option<Span>, Option<f32>), Fault> {
    let written = span.of(text);
    let caret = written.find('^').map(|at| span.start + at);
    let tilde = Span::new(span.start, caret.unwrap_or(span.end));
    let boost = caret.map(|at| boost(text, Span::new(at, span.end))).transpose()?;
    Ok(((!tilde.is_empty()).then_some(tilde), boost))
}

/// The number behind the tilde at `span`.
pub(super) fn slop(text: &str, span: Span) -> Result<u32, Fault> {
    let written = span.of(text);
    match written.strip_prefix('~').and_then(number) {
        Some(slop @ 0..=MAX_DISTANCE) => Ok(slop),
        other => {
            let nearest = other.map_or(String::new(), |_| format!("~{MAX_DISTANCE}"));
            let kind = ErrorKind::BadSlop { written: shown(written) };
            Err(Fault::new(kind, span).fix(span, nearest))
        }
    }
}

/// The number behind the caret at `span`.
fn boost(text: &str, span: Span) -> Result<f32, Fault> {
    let written = span.of(text);
    let digits = written.strip_prefix('^').unwrap_or_default();
    let is_plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match digits.parse() {
        Ok(boost) if is_plain && (MIN_BOOST..=MAX_BOOST).contains(&boost) => Ok(boost),
        _ => {
            let kind = ErrorKind::BadBoost { written: shown(written) };
            Err(Fault::new(kind, span).fix(span, ""))
        }
    }
}

fn fuzzy(text: &str, word: String, tilde: Span) -> Result<Kind, Fault> {
    let written = tilde.of(text);
    let digits = written.strip_prefix('~').unwrap_or_default();
    let distance = match number(digits) {
        None if digits.is_empty() && word.chars().count() <= SHORT_WORD => Some(1),
        None if digits.is_empty() => Some(MAX_EDITS),
        edits => edits.and_then(|edits| u8::try_from(edits).ok()),
    };
    match distance {
        Some(distance @ 1..=MAX_EDITS) => Ok(Kind::Fuzzy { text: word, distance }),
        other => {
            let nearest = if other == Some(0) { String::new() } else { format!("~{MAX_EDITS}") };
            let kind = ErrorKind::BadEdits { written: shown(written) };
            Err(Fault::new(kind, tilde).fix(tilde, nearest))
        }
    }
}

/// Cuts `^2.5` off; what follows the last caret counts when it begins like a number, or is missing.
fn split_boost<'a>(
    text: &str,
    span: Span,
    letters: &'a [Letter],
) -> Result<(&'a [Letter], Option<Boost>), Fault> {
    let Some(caret) = letters.iter().rposition(|letter| letter.is('^')) else {
        return Ok((letters, None));
    };
    let (body, rest) = letters.split_at(caret);
    let begins_like_number = |letter: &Letter| matches!(letter.c, '0'..='9' | '.' | '+' | '-');
    let at = rest.first().map_or(span.end, |letter| letter.at);
    if body.is_empty() || !rest.get(1).is_none_or(begins_like_number) {
        return Ok((letters, None));
    }
    let boost = boost(text, Span::new(at, span.end))?;
    Ok((body, Some((boost, at))))
}

/// Cuts `~2` off; what follows the last tilde counts when it is made of digits and dots.
fn split_tilde(letters: &[Letter]) -> (&[Letter], Option<usize>) {
    let Some(tilde) = letters.iter().rposition(|letter| letter.is('~')) else {
        return (letters, None);
    };
    let (body, rest) = letters.split_at(tilde);
    let is_number = rest.iter().skip(1).all(|letter| matches!(letter.c, '0'..='9' | '.'));
    if body.is_empty() || !is_number {
        return (letters, None);
    }
    (body, rest.first().map(|letter| letter.at))
}

/// The characters of an unquoted word: a backslash takes the meaning from a sign, and at the start
/// from anything (`\AND`).
fn letters(word: &str, start: usize) -> Vec<Letter> {
    unescape(word, start, true)
}

/// The characters of a quoted word: a backslash takes the meaning from a sign.
fn letters_in_quotes(word: &str, start: usize) -> Vec<Letter> {
    unescape(word, start, false)
}

fn unescape(word: &str, start: usize, anything_at_start: bool) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(word.len());
    let mut chars = word.char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        let at = start + offset;
        let at_start = anything_at_start && offset == 0;
        let escapes = |next: &(usize, char)| at_start || !next.1.is_alphanumeric();
        match chars.next_if(|next| c == '\\' && escapes(next)) {
            Some((_, escaped)) => letters.push(Letter { at, c: escaped, escaped: true }),
            None => letters.push(Letter { at, c, escaped: false }),
        }
    }
    letters
}

fn text_of(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.c).collect()
}

/// What the letters make. A `?` with no letter, digit or `*` behind it is a question mark, so that
/// a question may be typed as it is.
fn shape(letters: &[Letter]) -> Shape {
    let is_star = |letter: &Letter| letter.is('*');
    let after_last =
        |is: &dyn Fn(&Letter) -> bool| letters.iter().rposition(is).map_or(0, |at| at + 1);
    let spoken = after_last(&|letter: &Letter| letter.c.is_alphanumeric() || is_star(letter));
    let (spoken, rest) = letters.split_at(spoken);
    let is_wildcard = |letter: &Letter| is_star(letter) || letter.is('?');
    let has_word = spoken.iter().any(|letter| letter.c.is_alphanumeric());
    if !spoken.iter().any(is_wildcard) {
        return if has_word { Shape::Word(text_of(letters)) } else { Shape::Silent };
    }
    if has_word {
        let is_literal = |letter: &&Letter| !matches!(letter.c, '*' | '?');
        let kept = |letter: &&Letter| is_wildcard(letter) || is_literal(letter);
        let pattern = spoken.iter().filter(kept).chain(rest.iter().filter(is_literal));
        return Shape::Pattern(pattern.map(|letter| letter.c).collect());
    }
    let only_wildcards = spoken.iter().all(is_wildcard) && rest.iter().all(|letter| letter.is('?'));
    if only_wildcards { Shape::Any } else { Shape::Silent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_words() {
        let word = |text: &str| Shape::Word(text.to_owned());
        let pattern = |text: &str| Shape::Pattern(text.to_owned());
        let cases = [
            ("treaty", word("treaty")),
            ("don't", word("don't")),
            ("treaty?", word("treaty?")),
            ("treaty?!", word("treaty?!")),
            ("\\AND", word("AND")),
            ("\\*x\\?", word("*x?")),
            ("C:\\temp", word("C:\\temp")),
            ("x\\", word("x\\")),
            ("treat*", pattern("treat*")),
            ("tre?ty?", pattern("tre?ty")),
            ("?*a", pattern("?*a")),
            ("a\\*b*", pattern("ab*")),
            ("win-win*,", pattern("win-win*,")),
            ("*", Shape::Any),
            ("*?", Shape::Any),
            ("???", Shape::Silent),
            ("*,", Shape::Silent),
            ("\\*", Shape::Silent),
            ("--", Shape::Silent),
        ];
        for (text, expected) in cases {
            assert_eq!(shape(&letters(text, 0)), expected, "{text}");
        }
    }

    #[test]
    fn pieces_stand_between_white_space() {
        let text = "«  état\u{3000}de\tdroit »";
        let span = Span::new(2, text.len() - 2);
        let found: Vec<&str> = pieces(text, span).map(|span| span.of(text)).collect();
        assert_eq!(found, ["état", "de", "droit"]);
    }

    #[test]
    fn only_slashes_are_unescaped_in_regular_expressions() {
        assert_eq!(regex(r"a\/b\.c\\"), r"a/b\.c\\");
    }
}
