//! Text to tokens and sentences; one analyzer for indexing, querying and highlighting.
//!
//! What comes in: text, a stretch of it, its language. What goes out: tokens with their key in the
//! index, their place in words and in bytes; sentences. It knows nothing of files or queries.

pub(crate) mod bytes;
pub(crate) mod common;
pub mod fold;
pub mod key;
pub mod sentences;
mod stem;
pub mod stopwords;
pub mod wordlist;
pub mod words;

use frostem::Stemmer;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use crate::document::{Language, Span};
pub use stem::keeps_first_letter;
use words::{Word, for_each_word};

/// Name and version of the analysis; an index made by another one must be built again.
pub const ANALYZER: &str = "chancery-words-3";

/// Words that a cache of keys holds before it is emptied.
const CACHE_WORDS: usize = 400_000;
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
}

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
    hot: Hot,
    /// Where the key of a word stands in `keys`: an index, so that a word seen before costs one look-up.
    /// Short words, nearly all there are, lie in the table themselves.
    short: FxHashMap<Short, u32>,
    long: FxHashMap<Box<str>, u32>,
    /// The same of compounds by their surface, those cut at a line end apart.
    joined: [FxHashMap<Box<str>, u32>; 2],
    keys: Vec<(Box<str>, Option<char>)>,
    /// Stems of words of queries and vocabularies.
    stems: FxHashMap<Box<str>, Box<str>>,
}

/// Short words seen lately whose key is the word itself in small letters, parted behind its stem, as it
/// is of most. Each lies in the one place that its letters give it, so that the common ones stay in the
/// processor's second cache, of which the tables behind would take many times as much.
#[derive(Default)]
struct Hot {
    words: Vec<Short>,
    /// Bytes of the stem, and the sign of a common word or 0.
    keys: Vec<(u8, u8)>,
    /// Words put in since it grew.
    n_new: usize,
}

/// Places of [`Hot`] at first and at most.
const HOT_WORDS: (usize, usize) = (1 << 8, 1 << 13);

impl Hot {
    /// The place of a word.
    fn place(&self, (low, high): Short) -> usize {
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 40) as usize & self.words.len().saturating_sub(1)
    }

    /// Writes the key of a word and returns its sign or 0, when the word is there.
    fn key(&self, word: &str, short: Short, key: &mut String) -> Option<u8> {
        let at = self.place(short);
        self.words.get(at).filter(|hot| **hot == short)?;
        let (stem, sign) = self.keys.get(at)?;
        write_plain_key(word, usize::from(*stem), key);
        Some(*sign)
    }

    /// Puts a word in the place of another, where its key can be written from it.
    fn put(
        &mut self,
        word: &str,
        short: Short,
        (key, common): (&str, Option<char>),
        scratch: &mut String,
    ) {
        // Signs that are looked for among so few bytes are found sooner one by one.
        let Some(stem) = key.bytes().position(|byte| byte == key::FORM as u8) else { return };
        write_plain_key(word, stem, scratch);
        let sign = common.map_or(Ok(0), u8::try_from);
        let (Ok(stem), Ok(sign), true) = (u8::try_from(stem), sign, scratch == key) else { return };
        let (least, most) = HOT_WORDS;
        self.n_new += 1;
        if self.words.is_empty() || self.n_new > 2 * self.words.len() && self.words.len() < most {
            let n_words = (4 * self.words.len()).clamp(least, most);
            self.words = vec![(0, 0); n_words];
            self.keys = vec![(0, 0); n_words];
            self.n_new = 0;
        }
        let at = self.place(short);
        if let (Some(hot), Some(of)) = (self.words.get_mut(at), self.keys.get_mut(at)) {
            (*hot, *of) = (short, (stem, sign));
        }
    }
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

/// The bytes of a word of at most 15 bytes, and its length.
type Short = (u64, u64);

fn short(word: &str) -> Option<Short> {
    let bytes = word.as_bytes();
    let mut all = [0_u8; 16];
    all.get_mut(..bytes.len()).filter(|_| bytes.len() < 16)?.copy_from_slice(bytes);
    let all = u128::from_le_bytes(all);
    // The length stands behind the fifteenth byte.
    Some((all as u64, (all >> 64) as u64 | (bytes.len() as u64) << 56))
}

#[derive(Default)]
struct Scratch {
    folded: String,
    stem: String,
    key: String,
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
        self.analyze_some(text, span, holes, language, &|_| true, sink)
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
        let index = self.language_index(language);
        let Self { languages, scratch } = self;
        let Some(cache) = languages.get_mut(index) else { return 0 };
        for_each_word(text, span, holes, language == Some(Language::ENGLISH), &mut |word| {
            let Word { position, length, span, .. } = word;
            let (key, common) = if !wanted(word.text) {
                ("", None)
            } else if length == 1 {
                cache.key(word.text, scratch)
            } else {
                cache.joined_key(word, scratch)
            };
            sink(Token { key, position, length, span, common });
        })
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
            hot: Hot::default(),
            short: FxHashMap::default(),
            long: FxHashMap::default(),
            joined: Default::default(),
            keys: Vec::new(),
            stems: FxHashMap::default(),
        });
        self.languages.len() - 1
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
    fn key<'k>(&'k mut self, word: &str, scratch: &'k mut Scratch) -> (&'k str, Option<char>) {
        let short = short(word);
        if let Some(short) = short
            && let Some(sign) = self.hot.key(word, short, &mut scratch.key)
        {
            return (&scratch.key, (sign > 0).then(|| char::from(sign)));
        }
        let known = match &short {
            Some(short) => self.short.get(short),
            None => self.long.get(word),
        };
        let place = known.copied().unwrap_or_else(|| {
            let place = self.add(plain(word), scratch);
            match short {
                Some(short) => self.short.insert(short, place),
                None => self.long.insert(word.into(), place),
            };
            place
        });
        let (key, common) = kept(&self.keys, place);
        if let Some(short) = short {
            self.hot.put(word, short, (key, common), &mut scratch.key);
        }
        (key, common)
    }

    /// The same of a compound. A hyphenated word is no exact form of the one without, save where the
    /// hyphen is a line's.
    fn joined_key(&mut self, word: Word<'_>, scratch: &mut Scratch) -> (&str, Option<char>) {
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
        let (key, common) = kept(&self.keys, place);
        (key, common.filter(|_| word.broken))
    }

    /// Works out a key and keeps it.
    fn add(&mut self, word: Word<'_>, scratch: &mut Scratch) -> u32 {
        if self.keys.len() > CACHE_WORDS {
            self.short.clear();
            self.long.clear();
            self.joined.iter_mut().for_each(FxHashMap::clear);
            self.keys.clear();
        }
        write_word_key(word, self.stemmer(), scratch);
        self.keys.push((scratch.key.as_str().into(), common::sign(&scratch.folded)));
        self.keys.len() as u32 - 1
    }
}

fn kept(keys: &[(Box<str>, Option<char>)], place: u32) -> (&str, Option<char>) {
    keys.get(place as usize).map_or(("", None), |(key, common)| (key, *common))
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
    let Scratch { folded, stem, key } = scratch;
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

    #[test]
    fn short_words_are_told_apart() {
        let words = ["", "a", "a\0", "ab", "abcdefghijklmno", "abcdefghijklmn", "abcdefghijklmn\0"];
        let all: std::collections::BTreeSet<Option<Short>> =
            words.iter().map(|w| short(w)).collect();
        assert_eq!(all.len(), words.len());
        assert_eq!(short("abcdefghijklmnop"), None);
    }

    #[test]
    fn a_language_without_a_stemmer_keeps_its_words() {
        assert_eq!(forms("mataifa nations", "sw"), ["mataifa>mataifa", "nations>nations"]);
    }
}
