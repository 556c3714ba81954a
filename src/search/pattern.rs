//! Words by their shape: wildcards, regular expressions, misspellings.

use std::collections::BTreeSet;

use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};
use regex_syntax::hir::{Class, Hir, HirKind};

use super::error::Error;
use crate::analysis::fold::fold;
use crate::analysis::key::Form;
use crate::document::Span;
use crate::vocabulary::edits;

/// Memory of a compiled expression, in bytes; what needs more is refused.
const MAX_EXPRESSION: usize = 1 << 20;
/// A class of more characters than this does not name the hyphen, though it holds it (`.`).
const MAX_NAMED: u32 = 200;

/// Says which forms match.
#[derive(Debug, Clone)]
pub(super) struct Matcher {
    shape: Shape,
    /// Letters and digits of ASCII, in order, with one of which all matching words, and their stems, begin;
    /// none where they may begin with any sign.
    firsts: Vec<char>,
    /// Letters and digits of ASCII that every matching word holds, one bit each.
    letters: u128,
    /// Whether hyphenated words are looked at as one: only where the hyphen was typed.
    hyphens: bool,
    span: Span,
    typed: String,
}

#[derive(Debug, Clone)]
enum Shape {
    Expression(Regex),
    Near { word: String, length: usize, distance: usize },
}

/// Matchers are alike when they were typed alike.
impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        self.typed == other.typed && self.firsts == other.firsts
    }
}

impl Matcher {
    /// A word with `*` and `?`; `prefixes` tells whether stems keep first letters.
    ///
    /// # Errors
    ///
    /// When it holds no letter and no digit.
    pub(super) fn wildcard(text: &str, span: Span, prefixes: bool) -> Result<Self, Error> {
        let mut expression = String::new();
        let mut n_letters = 0;
        let mut first = None;
        let folded = fold(text);
        let letters = letters_of(folded.as_bytes());
        for (index, c) in folded.chars().enumerate() {
            match c {
                '*' => expression.push_str(".*"),
                '?' => expression.push('.'),
                c => {
                    if index == 0 && c.is_ascii_alphanumeric() {
                        first = Some(c);
                    }
                    n_letters += usize::from(c.is_alphanumeric());
                    if !c.is_alphanumeric() {
                        expression.push('\\');
                    }
                    expression.push(c);
                }
            }
        }
        if n_letters == 0 {
            return Err(Error::query(span, "a pattern needs at least one letter or digit"));
        }
        Ok(Self {
            shape: Shape::Expression(compile(&expression, span)?),
            firsts: first.filter(|_| prefixes).into_iter().collect(),
            letters,
            hyphens: folded.contains('-'),
            span,
            typed: text.to_owned(),
        })
    }

    /// A regular expression over whole folded words.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is too large.
    pub(super) fn expression(text: &str, span: Span, prefixes: bool) -> Result<Self, Error> {
        let folded = without_accents(text);
        let hir = regex_syntax::Parser::new().parse(&folded).map_err(|error| {
            let what = match &error {
                regex_syntax::Error::Parse(error) => error.kind().to_string(),
                regex_syntax::Error::Translate(error) => error.kind().to_string(),
                _ => "it has a fault".to_owned(),
            };
            Error::query(span, format!("this regular expression cannot be read: {what}"))
        })?;
        let firsts =
            first_letters(&hir).filter(|all| prefixes && is_plain(all)).unwrap_or_default();
        Ok(Self {
            shape: Shape::Expression(compile(&folded, span)?),
            firsts: firsts.into_iter().collect(),
            letters: 0,
            hyphens: names_hyphen(&hir),
            span,
            typed: format!("/{text}/"),
        })
    }

    /// Words that `distance` insertions, deletions, replacements or swaps make of `text`.
    pub(super) fn fuzzy(text: &str, distance: u8, span: Span) -> Self {
        let word = crate::analysis::base_form(text);
        let length = word.chars().count();
        Self {
            shape: Shape::Near { word, length, distance: usize::from(distance) },
            firsts: Vec::new(),
            letters: 0,
            hyphens: false,
            span,
            typed: format!("{text}~{distance}"),
        }
    }

    /// See the field.
    pub(super) fn firsts(&self) -> &[char] {
        &self.firsts
    }

    /// Whether the form of this key may match; `false` is certain, and costs no reading: a key holds all letters
    /// of its folded form.
    pub(super) fn may_accept(&self, key: &[u8]) -> bool {
        self.letters == 0 || letters_of(key) & self.letters == self.letters
    }

    pub(super) fn accepts(&self, form: &Form) -> bool {
        if form.length == 1 {
            return self.is_match(&form.folded);
        }
        if !(form.broken || self.hyphens) {
            return false;
        }
        let surface = form.variant.as_deref().map(fold).unwrap_or_default();
        // Where a part matches by itself, the place is found already.
        (form.broken && self.is_match(&form.folded) || self.hyphens && self.is_match(&surface))
            && !surface.split('-').any(|part| self.is_match(part))
    }

    fn is_match(&self, word: &str) -> bool {
        match &self.shape {
            Shape::Expression(regex) => regex.is_match(Input::new(word).anchored(Anchored::Yes)),
            Shape::Near { word: wanted, length, distance } => {
                // Cheap tests first; every fault changes at most two letters.
                word.len().abs_diff(wanted.len()) <= 4 * distance
                    && (letters(word) ^ letters(wanted)).count_ones() as usize <= 2 * distance
                    && word.chars().count().abs_diff(*length) <= *distance
                    && edits(wanted, word) <= *distance
            }
        }
    }

    pub(super) fn too_many(&self, found: usize, allowed: usize) -> Error {
        Error::query(
            self.span,
            format!(
                "\"{}\" stands for {found} different words of this index, and no more than \
                 {allowed} can be looked for at once; nothing was searched\n\
                 hint: give it more letters",
                self.typed
            ),
        )
    }
}

/// Which letters a word has, as bits.
pub(super) fn letters(word: &str) -> u32 {
    word.chars().fold(0, |bits, c| bits | 1 << (u32::from(c) % 32))
}

fn compile(expression: &str, span: Span) -> Result<Regex, Error> {
    let config = Config::new()
        .nfa_size_limit(Some(MAX_EXPRESSION))
        .onepass_size_limit(Some(MAX_EXPRESSION))
        .hybrid_cache_capacity(MAX_EXPRESSION)
        .which_captures(regex_automata::nfa::thompson::WhichCaptures::Implicit);
    Regex::builder()
        .configure(config)
        .syntax(syntax::Config::new().case_insensitive(true).nest_limit(50))
        .build(&format!(r"\A(?:{expression})\z"))
        .map_err(|error| {
            let what = if error.size_limit().is_some() {
                "this pattern is too large".to_owned()
            } else {
                "this pattern cannot be read".to_owned()
            };
            Error::query(span, what)
        })
}

/// Letters with accents as the index has them.
fn without_accents(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() || !c.is_alphabetic() {
            out.push(c);
            continue;
        }
        let folded = fold(c.encode_utf8(&mut [0; 4]));
        if folded.chars().count() == 1 {
            out.push_str(&folded);
        } else {
            out.push_str("(?:");
            out.push_str(&folded);
            out.push(')');
        }
    }
    out
}

/// The letters with one of which all that matches begins, in small letters, where that is told.
fn first_letters(hir: &Hir) -> Option<BTreeSet<char>> {
    let small = |c: char| c.to_ascii_lowercase();
    match hir.kind() {
        HirKind::Literal(literal) => {
            Some(BTreeSet::from([small(std::str::from_utf8(&literal.0).ok()?.chars().next()?)]))
        }
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges().iter().map(|range| range.start()..=range.end());
            let few = ranges.clone().all(|range| range.end().is_ascii());
            few.then(|| ranges.flatten().map(small).collect())
        }
        HirKind::Concat(parts) => {
            first_letters(parts.iter().find(|part| !matches!(part.kind(), HirKind::Look(_)))?)
        }
        HirKind::Alternation(parts) => {
            let mut all = BTreeSet::new();
            for part in parts {
                all.extend(first_letters(part)?);
            }
            Some(all)
        }
        HirKind::Capture(capture) => first_letters(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => first_letters(&repetition.sub),
        _ => None,
    }
}

/// Whether all of them are letters and digits of ASCII.
fn is_plain(firsts: &BTreeSet<char>) -> bool {
    firsts.iter().all(char::is_ascii_alphanumeric)
}

/// Whether the hyphen was typed: alone or in a small class, not merely as one of `.`.
fn names_hyphen(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.contains(&b'-'),
        HirKind::Class(Class::Unicode(class)) => {
            let size: u32 =
                class.ranges().iter().map(|r| u32::from(r.end()) - u32::from(r.start()) + 1).sum();
            size <= MAX_NAMED && class.ranges().iter().any(|r| r.start() <= '-' && '-' <= r.end())
        }
        HirKind::Repetition(repetition) => names_hyphen(&repetition.sub),
        HirKind::Capture(capture) => names_hyphen(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(names_hyphen),
        _ => false,
    }
}

/// The letters and digits of ASCII among some bytes, one bit each.
fn letters_of(bytes: &[u8]) -> u128 {
    let bit = |byte: &u8| if byte.is_ascii_alphanumeric() { 1_u128 << byte } else { 0 };
    bytes.iter().fold(0, |all, byte| all | bit(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(folded: &str) -> Form {
        Form { stem: folded.to_owned(), folded: folded.to_owned(), length: 1, ..Form::default() }
    }

    fn hyphenated(surface: &str) -> Form {
        let folded = surface.replace('-', "");
        Form { length: 2, variant: Some(surface.to_owned()), ..word(&folded) }
    }

    fn regex(text: &str) -> Matcher {
        Matcher::expression(text, Span::default(), true).unwrap()
    }

    #[test]
    fn a_wildcard_matches_whole_words_whatever_their_accents() {
        let matcher = Matcher::wildcard("Déclar*n", Span::default(), true).unwrap();
        assert_eq!(matcher.firsts(), ['d']);
        assert!(matcher.accepts(&word("declaration")));
        assert!(!matcher.accepts(&word("declarations")));
        assert!(Matcher::wildcard("*?", Span::default(), true).is_err());
        // The key of what matches may be told from others by its letters, wherever its stem ends.
        for (stem, form) in [("declar", "declaration"), ("dclaratn", "declaration")] {
            let mut key = String::new();
            crate::analysis::key::write_key(&mut key, stem, form, None, 1, false);
            assert!(matcher.may_accept(key.as_bytes()), "{key:?}");
        }
        assert!(!matcher.may_accept(b"declare\x01d"));
        assert!(regex(".*x").may_accept(b"declare\x01d"));
    }

    #[test]
    fn hyphenated_words_are_looked_at_as_one_where_the_hyphen_was_typed() {
        let joint = hyphenated("self-determination");
        assert!(regex("self-?determin.*").accepts(&joint));
        assert!(regex("self-?determin.*").accepts(&word("selfdetermination")));
        assert!(!regex("self.*").accepts(&joint));
        assert!(regex("(self|co)[-x]determination").accepts(&joint));
        assert!(Matcher::wildcard("*-determ*", Span::default(), true).unwrap().accepts(&joint));
        assert!(!Matcher::wildcard("*determ*", Span::default(), true).unwrap().accepts(&joint));
        // The hyphen at a line end may be the layout's; but no place counts twice.
        let broken = Form { broken: true, ..hyphenated("secretary-general") };
        assert!(regex("secretaryg.*").accepts(&broken));
        assert!(!regex("secretary.*").accepts(&broken));
    }

    #[test]
    fn first_letters_are_told_only_where_all_are_known() {
        let firsts = |text: &str| regex(text).firsts().iter().collect::<String>();
        assert_eq!(firsts("self-?x"), "s");
        assert_eq!(firsts("(Ab|ac)"), "a");
        assert_eq!(firsts("(de|re|De)coloni[sz]ation"), "dr");
        assert_eq!(firsts("[c-eC]+x"), "cde");
        assert_eq!(firsts("(a|(b|[19])x)y"), "19ab");
        assert_eq!(firsts("[aé]x|Ö.*"), "aeo");
        for any in [".*x", "x?y", "(a|b?)c", "(a|.)c", "[^a]x", "[aд]x", "(a|Д)x", "(|a)b", "-a"]
        {
            assert_eq!(firsts(any), "", "{any}");
        }
        assert!(Matcher::expression("ab", Span::default(), false).unwrap().firsts().is_empty());
        assert!(regex("ÉTAT").accepts(&word("etat")));
    }

    #[test]
    fn what_is_too_large_or_broken_is_refused() {
        for text in ["(a{1000}){1000}", "(", "[z-a]", "\\p{Nothing}"] {
            assert!(Matcher::expression(text, Span::default(), true).is_err(), "{text}");
        }
    }

    #[test]
    fn fuzzy_counts_letters() {
        let near = |text, distance| Matcher::fuzzy(text, distance, Span::default());
        assert!(near("gorbachov", 1).accepts(&word("gorbachev")));
        assert!(!near("treaty", 1).accepts(&word("treaties")));
        assert!(near("traety", 1).accepts(&word("treaty")));
    }
}
