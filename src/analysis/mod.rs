//! Text to tokens and sentences; one analyzer for indexing, querying and highlighting.
//!
//! What comes in: text, a stretch of it, its language. What goes out: tokens with their key in the
//! index, their place in words and in bytes; sentences. It knows nothing of files or queries.

pub(crate) mod bytes;
pub(crate) mod common;
pub mod fold;
pub mod key;
mod known;
pub mod sentences;
mod stem;
pub mod stopwords;
pub mod wordlist;
pub mod words;

use frostem::Stemmer;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use crate::document::{Language, Span};
use known::{Info, Key, Known, Look};
pub use stem::keeps_first_letter;
use words::{Link, Sink, Word};

/// Name and version of the analysis; an index made by another one must be built again.
pub const ANALYZER: &str = "chancery-words-3";

/// Words that a cache of keys holds before it is emptied.
const CACHE_WORDS: usize = 380_000;
/// Compounds whose hyphens a cache knows before it is emptied.
const CACHE_HYPHENS: usize = 20_000;
/// Stems that a cache holds before it is emptied.
const CACHE_STEMS: usize = 20_000;

/// A token and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its term in the index; see [`key`].
    pub key: &'a str,
    /// Place in the stretch, in words from 0.
    pub position: u32,
    /// How many places it takes.
    pub length: u32,
    /// Where it stands, in bytes of the text.
    pub span: Span,
    /// Its sign in pairs of common words, when it is an exact form of one.
    pub(crate) common: Option<char>,
    /// A number of the key: of one analyzer the same number is the same key.
    pub(crate) number: u32,
}

/// Takes tokens.
pub(crate) trait Take {
    /// Whether the key of this number is of no use any more: it may be left empty.
    fn knows(&self, _number: u32) -> bool {
        false
    }

    fn take(&mut self, token: Token<'_>);
}

impl<F: FnMut(Token<'_>) + ?Sized> Take for F {
    fn take(&mut self, token: Token<'_>) {
        self(token);
    }
}

/// A key, the sign of a common word, and a number.
type Found<'a> = (&'a str, Option<char>, u32);

/// The same of a word whose key was not asked for.
const NOT_WANTED: Found<'_> = ("", None, u32::MAX);

/// Turns text into tokens. Keeps the keys of words it has seen, so that a word is folded and
/// stemmed once.
#[derive(Default)]
pub struct Analyzer {
    languages: Vec<LanguageCache>,
    scratch: Scratch,
}

struct LanguageCache {
    language: Option<Language>,
    stemmer: Option<Stemmer>,
    /// Short words, nearly all there are, with what their key is or where it is kept.
    short: Known,
    /// Where the keys of longer ones are kept.
    long: FxHashMap<Box<str>, u32>,
    /// The same of compounds by their surface, those cut at a line end apart.
    joined: [FxHashMap<Box<str>, u32>; 2],
    /// Parts of compounds with what is between them, and whether that was left by layout.
    hyphens: FxHashMap<Box<str>, bool>,
    /// Keys that cannot be written from their words, the sign of a common word, and their number.
    keys: Vec<(Box<str>, Option<char>, u32)>,
    /// Words that these hold at most, and how often they were emptied for it.
    most_words: usize,
    n_emptied: usize,
    /// Stems of words of queries and vocabularies.
    stems: FxHashMap<Box<str>, Box<str>>,
}

/// Writes the key of a word that has no variant and whose stem is its beginning.
fn write_plain_key(word: &str, stem: usize, key: &mut String) {
    key.clear();
    let Some((head, tail)) = word.split_at_checked(stem) else { return };
    key.push_str(head);
    key.push(key::FORM);
    key.push_str(tail);
    key.make_ascii_lowercase();
}

#[derive(Default)]
struct Scratch {
    folded: String,
    stem: String,
    key: String,
    looks: Vec<Look>,
    /// Numbers given to keys so far.
    n_numbers: u32,
}

impl std::fmt::Debug for Analyzer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Analyzer").field("languages", &self.languages.len()).finish_non_exhaustive()
    }
}

impl Analyzer {
    /// Makes an analyzer with empty caches.
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls `sink` for every token of `text` within `span`, less `holes`, in order of position.
    /// Returns how many places the words take.
    pub fn analyze(
        &mut self,
        text: &str,
        span: Span,
        holes: &[Span],
        language: Option<Language>,
        sink: &mut dyn FnMut(Token<'_>),
    ) -> u32 {
        self.scan(text, (span, holes), language, None, sink)
    }

    /// The same, but of words that are not `wanted` the key is not worked out: it is empty.
    pub(crate) fn analyze_some(
        &mut self,
        text: &str,
        span: Span,
        holes: &[Span],
        language: Option<Language>,
        wanted: &dyn Fn(&str) -> bool,
        sink: &mut dyn FnMut(Token<'_>),
    ) -> u32 {
        self.scan(text, (span, holes), language, Some(wanted), sink)
    }

    /// The same as [`Analyzer::analyze`] for one who needs the key of a number once.
    pub(crate) fn analyze_into(
        &mut self,
        text: &str,
        span: Span,
        holes: &[Span],
        language: Option<Language>,
        sink: &mut impl Take,
    ) -> u32 {
        self.scan(text, (span, holes), language, None, sink)
    }

    fn scan<T: Take + ?Sized>(
        &mut self,
        text: &str,
        whole: (Span, &[Span]),
        language: Option<Language>,
        wanted: Option<&dyn Fn(&str) -> bool>,
        sink: &mut T,
    ) -> u32 {
        let index = self.language_index(language);
        let Self { languages, scratch } = self;
        let Some(cache) = languages.get_mut(index) else { return 0 };
        let english = language == Some(Language::ENGLISH);
        words::scan(text, whole, english, true, &mut Keys { text, cache, scratch, wanted, sink })
    }

    /// How many numbers it has given to keys.
    pub(crate) fn n_numbers(&self) -> u32 {
        self.scratch.n_numbers
    }

    /// The folded stem of `word` in `language`: what its forms share in the index.
    pub fn stem(&mut self, word: &str, language: Option<Language>) -> String {
        let index = self.language_index(language);
        let Self { languages, scratch } = self;
        let Some(cache) = languages.get_mut(index) else { return word.to_owned() };
        if let Some(stem) = cache.stems.get(word) {
            return stem.as_ref().to_owned();
        }
        write_word_key(plain(word), cache.stemmer(), scratch);
        if cache.stems.len() > CACHE_STEMS {
            cache.stems.clear();
        }
        cache.stems.insert(word.into(), scratch.stem.as_str().into());
        scratch.stem.clone()
    }

    fn language_index(&mut self, language: Option<Language>) -> usize {
        if let Some(index) = self.languages.iter().position(|cache| cache.language == language) {
            return index;
        }
        let stemmer = language.and_then(stem::stemmer);
        self.languages.push(LanguageCache {
            language,
            stemmer,
            short: Known::default(),
            long: FxHashMap::default(),
            joined: Default::default(),
            hyphens: FxHashMap::default(),
            keys: Vec::new(),
            most_words: CACHE_WORDS,
            n_emptied: 0,
            stems: FxHashMap::default(),
        });
        self.languages.len() - 1
    }
}

/// Finds or makes the keys of words, and hands them on.
struct Keys<'a, T: ?Sized> {
    text: &'a str,
    cache: &'a mut LanguageCache,
    scratch: &'a mut Scratch,
    /// Words that are not wanted get no key.
    wanted: Option<&'a dyn Fn(&str) -> bool>,
    sink: &'a mut T,
}

impl<T: Take + ?Sized> Keys<'_, T> {
    fn wants(&self, word: &str) -> bool {
        self.wanted.is_none_or(|wanted| wanted(word))
    }
}

impl<T: Take + ?Sized> Sink for Keys<'_, T> {
    fn run(&mut self, run: &[Span], position: u32) {
        if let Some(wanted) = self.wanted {
            for (span, position) in run.iter().zip(position..) {
                let word = span.of(self.text);
                let known =
                    if wanted(word) { self.cache.key(word, self.scratch) } else { NOT_WANTED };
                let (key, common, number) = known;
                self.sink.take(Token { key, position, length: 1, span: *span, common, number });
            }
            return;
        }
        let mut looks = std::mem::take(&mut self.scratch.looks);
        looks.clear();
        let short = |span: &Span| known::short_at(self.text, span.start, span.len());
        looks.extend(run.iter().map(|span| Look::new(short(span))));
        self.cache.short.look(&mut looks);
        let n_emptied = self.cache.n_emptied;
        for ((span, look), position) in run.iter().zip(&looks).zip(position..) {
            let word = span.of(self.text);
            // What is known of a word holds until all is emptied.
            let is_known = self.cache.n_emptied == n_emptied;
            let (key, common, number) = match look.info().filter(|_| is_known) {
                Some(info) => {
                    self.cache.short.saw(look, info);
                    if self.sink.knows(info.number) {
                        ("", self.cache.sign(info), info.number)
                    } else {
                        self.cache.read(info, word, self.scratch)
                    }
                }
                None => self.cache.key(word, self.scratch),
            };
            self.sink.take(Token { key, position, length: 1, span: *span, common, number });
        }
        self.scratch.looks = looks;
    }

    fn layout_left(&mut self, left: &str, right: &str, link: Link) -> bool {
        let both = &mut self.scratch.key;
        both.clear();
        both.push_str(left);
        both.push(if link == Link::Break { '\n' } else { '-' });
        both.push_str(right);
        let hyphens = &mut self.cache.hyphens;
        if let Some(known) = hyphens.get(both.as_str()) {
            return *known;
        }
        if hyphens.len() >= CACHE_HYPHENS {
            hyphens.clear();
        }
        let told = words::layout_left(left, right, link);
        hyphens.insert(both.as_str().into(), told);
        told
    }

    fn word(&mut self, word: Word<'_>) {
        let Word { position, length, span, .. } = word;
        let (key, common, number) = if !self.wants(word.text) {
            NOT_WANTED
        } else if length == 1 {
            self.cache.key(word.text, self.scratch)
        } else {
            self.cache.joined_key(word, self.scratch)
        };
        self.sink.take(Token { key, position, length, span, common, number });
    }
}

/// A stemmer, and whether it is to see the accents of a word.
#[derive(Clone, Copy)]
struct Stems<'a> {
    stemmer: &'a Stemmer,
    accents: bool,
}

/// English has no accents: a word that has some is foreign to its stemmer, and would not be found by one
/// who types it without them. The other stemmers want them.
fn stemmer_of(stemmer: Option<&Stemmer>, language: Option<Language>) -> Option<Stems<'_>> {
    stemmer.map(|stemmer| Stems { stemmer, accents: language != Some(Language::ENGLISH) })
}

impl LanguageCache {
    fn stemmer(&self) -> Option<Stems<'_>> {
        stemmer_of(self.stemmer.as_ref(), self.language)
    }

    /// The key of a word, and its sign when it is an exact form of a common one.
    fn key<'k>(&'k mut self, word: &str, scratch: &'k mut Scratch) -> Found<'k> {
        let Some(short) = known::short(word) else {
            let known = self.long.get(word).copied();
            let place = known.unwrap_or_else(|| {
                let place = self.add(plain(word), scratch);
                self.long.insert(word.into(), place);
                place
            });
            return kept(&self.keys, place);
        };
        let info = self.short.get(short).unwrap_or_else(|| {
            let info = self.understand(word, scratch);
            self.short.insert(short, info);
            info
        });
        self.read(info, word, scratch)
    }

    /// The sign of a short word of which this is known, when it is an exact form of a common one.
    fn sign(&self, info: Info) -> Option<char> {
        match info.key() {
            Key::Plain { sign, .. } => (sign > 0).then(|| char::from(sign)),
            Key::Kept(place) => kept(&self.keys, place).1,
        }
    }

    /// The key of a short word of which this is known.
    fn read<'k>(&'k self, info: Info, word: &str, scratch: &'k mut Scratch) -> Found<'k> {
        match info.key() {
            Key::Plain { stem, .. } => {
                write_plain_key(word, usize::from(stem), &mut scratch.key);
                (&scratch.key, self.sign(info), info.number)
            }
            Key::Kept(place) => kept(&self.keys, place),
        }
    }

    /// Works out the key of a short word: it is kept where it cannot be written from the word.
    fn understand(&mut self, word: &str, scratch: &mut Scratch) -> Info {
        let place = self.add(plain(word), scratch);
        let (key, common, number) = kept(&self.keys, place);
        let sign = common.map_or(Ok(0), u8::try_from);
        if let (Some((stem, _)), Ok(sign)) = (key.split_once(key::FORM), sign)
            && let Ok(stem) = u8::try_from(stem.len())
        {
            write_plain_key(word, usize::from(stem), &mut scratch.key);
            if scratch.key == key {
                self.keys.pop();
                return Info::plain(stem, sign, number);
            }
        }
        Info::kept(place, number)
    }

    /// The same of a compound. A hyphenated word is no exact form of the one without, save where the
    /// hyphen is a line's.
    fn joined_key(&mut self, word: Word<'_>, scratch: &mut Scratch) -> Found<'_> {
        let known = |all: &[FxHashMap<Box<str>, u32>; 2]| {
            all.get(usize::from(word.broken)).and_then(|known| known.get(word.surface).copied())
        };
        let place = known(&self.joined).unwrap_or_else(|| {
            let place = self.add(word, scratch);
            if let Some(known) = self.joined.get_mut(usize::from(word.broken)) {
                known.insert(word.surface.into(), place);
            }
            place
        });
        let (key, common, number) = kept(&self.keys, place);
        (key, common.filter(|_| word.broken), number)
    }

    /// Works out a key and keeps it.
    fn add(&mut self, word: Word<'_>, scratch: &mut Scratch) -> u32 {
        if self.keys.len() + self.short.len() > self.most_words {
            self.short.clear();
            self.long.clear();
            self.joined.iter_mut().for_each(FxHashMap::clear);
            self.keys.clear();
            self.n_emptied += 1;
        }
        write_word_key(word, self.stemmer(), scratch);
        let sign = common::sign(&scratch.folded);
        self.keys.push((scratch.key.as_str().into(), sign, scratch.n_numbers));
        scratch.n_numbers += 1;
        self.keys.len() as u32 - 1
    }
}

fn kept(keys: &[(Box<str>, Option<char>, u32)], place: u32) -> Found<'_> {
    let known = keys.get(place as usize);
    known.map_or(NOT_WANTED, |(key, common, number)| (key, *common, *number))
}

fn plain(word: &str) -> Word<'_> {
    Word { text: word, surface: word, span: Span::default(), position: 0, length: 1, broken: false }
}

/// What sets the surface of a word apart from its folded form; `None` when nothing does.
pub(crate) fn variant(word: &str) -> Option<String> {
    let word = word.trim_end_matches(['\u{ad}']);
    if word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return None;
    }
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    if (2..=10).contains(&letters) && !word.chars().any(char::is_lowercase) {
        return word.chars().any(char::is_uppercase).then(|| word.nfc().collect());
    }
    let lower: String = word
        .nfc()
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '\u{2019}' | '\u{2bc}' | '\u{ff07}') { '\'' } else { c })
        .collect();
    (lower != base_form(word)).then_some(lower)
}

/// The folded form of a word, without the English possessive and the commas of thousands.
pub(crate) fn base_form(word: &str) -> String {
    let mut folded = fold::fold(word);
    trim_form(&mut folded);
    folded
}

fn trim_form(folded: &mut String) {
    if folded.ends_with("'s") && folded.len() > 2 {
        folded.truncate(folded.len() - 2);
    }
    if folded.as_bytes().first().is_some_and(u8::is_ascii_digit) && folded.contains(',') {
        folded.retain(|c| c != ',');
    }
}

/// Writes the key of `word` to `scratch.key`, its folded stem to `scratch.stem`.
fn write_word_key(word: Word<'_>, stems: Option<Stems<'_>>, scratch: &mut Scratch) {
    let Scratch { folded, stem, key, .. } = scratch;
    fold::fold_into(word.text, folded);
    trim_form(folded);
    let variant = if word.length > 1 {
        Some(word.surface.nfc().flat_map(char::to_lowercase).collect())
    } else {
        variant(word.text)
    };
    stem.clear();
    match stems {
        Some(Stems { stemmer, accents: false })
            if folded.len() > 2 && !folded.bytes().any(|b| b.is_ascii_digit()) =>
        {
            fold::fold_into(&stemmer.stem(folded), stem);
            if stem.is_empty() {
                stem.push_str(folded);
            }
        }
        Some(Stems { stemmer, .. })
            if folded.len() > 2 && !folded.bytes().any(|b| b.is_ascii_digit()) =>
        {
            // Snowball wants the accents; the stem is folded afterwards.
            let mut lower: String = word.text.nfc().flat_map(char::to_lowercase).collect();
            if !folded.contains('\'')
                && let Some(at) = lower.rfind(['\'', '\u{2019}', '\u{2bc}', '\u{ff07}'])
            {
                lower.truncate(at);
            }
            fold::fold_into(&stemmer.stem(&lower), stem);
            if stem.is_empty() {
                stem.push_str(folded);
            }
        }
        _ => stem.push_str(folded),
    }
    key::write_key(key, stem, folded, variant.as_deref(), word.length, word.broken);
}

#[cfg(test)]
mod tests {
    use super::*;
    use key::read_key;

    fn forms(text: &str, language: &str) -> Vec<String> {
        let mut out = Vec::new();
        let span = Span::new(0, text.len());
        Analyzer::new().analyze(text, span, &[], Language::new(language), &mut |token| {
            let form = read_key(token.key.as_bytes()).unwrap();
            let variant = form.variant.map_or(String::new(), |v| format!("/{v}"));
            out.push(format!("{}>{}{variant}", form.folded, form.stem));
        });
        out
    }

    #[test]
    fn tokens_carry_form_stem_and_variant() {
        assert_eq!(forms("Nations happy", "en"), ["nations>nation", "happy>happi"]);
        assert_eq!(forms("China\u{2019}s US", "en"), ["china>china/china's", "us>us/US"]);
        assert_eq!(forms("déclarations", "fr"), ["declarations>declar/déclarations"]);
        assert_eq!(forms("2,500", "en"), ["2500>2500/2,500"]);
    }

    /// Keys that were kept are those that a new analyzer works out.
    #[test]
    fn what_was_seen_before_changes_no_key() {
        let roots = [
            "happi",
            "Nation",
            "secur",
            "STATE",
            "po",
            "wörter",
            "1,0",
            "co-oper",
            "the",
            "internationalis",
        ];
        let endings =
            ["", "s", "y", "ity", "ed", "'s", "ing", "isation", "00", "\u{ad}al", "ization-based"];
        let mut text = String::new();
        for n in 0..200 {
            for (root, ending) in roots.iter().flat_map(|r| endings.iter().map(move |e| (r, e))) {
                let number = if n % 3 == 0 { String::new() } else { n.to_string() };
                text.extend([*root, *ending, &number, " "]);
            }
        }
        let mut kept = Analyzer::new();
        for language in ["en", "fr", "sw"].map(Language::new) {
            for _ in 0..2 {
                let mut seen = Vec::new();
                kept.analyze(&text, Span::new(0, text.len()), &[], language, &mut |token| {
                    seen.push((token.key.to_owned(), token.common, token.span));
                });
                for (key, common, span) in seen.iter().step_by(7) {
                    let mut alone = Vec::new();
                    Analyzer::new().analyze(&text, *span, &[], language, &mut |token| {
                        alone.push((token.key.to_owned(), token.common));
                    });
                    assert!(alone.contains(&(key.clone(), *common)), "{key:?} {alone:?}");
                }
            }
        }
    }

    #[test]
    fn words_that_are_not_wanted_keep_their_places() {
        let text = "The co-operation of States and the United Nations";
        let read = |wanted: &dyn Fn(&str) -> bool| {
            let mut all = Vec::new();
            let language = Some(Language::ENGLISH);
            let whole = Span::new(0, text.len());
            let n =
                Analyzer::new().analyze_some(text, whole, &[], language, wanted, &mut |token| {
                    all.push((token.key.to_owned(), token.position, token.length, token.span));
                });
            (n, all)
        };
        let (n, all) = read(&|_| true);
        let (n_some, some) = read(&|word| word.starts_with(['S', 'c']));
        assert_eq!((n, all.len()), (n_some, some.len()));
        for (one, other) in all.iter().zip(&some) {
            assert_eq!((one.1, one.2, one.3), (other.1, other.2, other.3));
            assert!(one.0 == other.0 || other.0.is_empty());
        }
        assert!(some.iter().any(|(key, ..)| key.starts_with("state")));
    }

    /// The same, where the caches are emptied in the middle of a run of words.
    #[test]
    fn what_was_forgotten_changes_no_key() {
        let words = ["happy", "Nations", "security", "US", "policies", "internationalisation"];
        let text: String = (0..60).flat_map(|n| [words[n % 6], words[n / 7 % 6], " "]).collect();
        let text = format!("{text} {}", words.join(" ").repeat(9));
        let language = Some(Language::ENGLISH);
        let read = |most_words: usize| {
            let mut analyzer = Analyzer::new();
            let index = analyzer.language_index(language);
            analyzer.languages[index].most_words = most_words;
            let mut seen = Vec::new();
            let mut numbered = std::collections::BTreeMap::new();
            for _ in 0..2 {
                analyzer.analyze(&text, Span::new(0, text.len()), &[], language, &mut |token| {
                    seen.push((token.key.to_owned(), token.common, token.span, token.position));
                    let known =
                        numbered.entry(token.number).or_insert_with(|| token.key.to_owned());
                    assert_eq!(known, token.key);
                });
            }
            (seen, analyzer.languages[index].n_emptied)
        };
        let (all, n_emptied) = read(CACHE_WORDS);
        assert_eq!(n_emptied, 0);
        for most_words in [0, 1, 2, 3, 5, 8] {
            let (seen, n_emptied) = read(most_words);
            assert!(n_emptied > 0 && seen == all, "{most_words}");
        }
    }

    #[test]
    fn a_language_without_a_stemmer_keeps_its_words() {
        assert_eq!(forms("mataifa nations", "sw"), ["mataifa>mataifa", "nations>nations"]);
    }
}
