//! Text to tokens and sentences; one analyzer for indexing, querying and highlighting.
//!
//! What comes in: text, a stretch of it, its language. What goes out: tokens with their key in the
//! index, their place in words and in bytes; sentences. It knows nothing of files or queries.

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
    /// Where the key of a word stands in `keys`: an index, so that a word seen before costs one look-up.
    /// Short words, nearly all there are, lie in the table themselves.
    short: FxHashMap<Short, u32>,
    long: FxHashMap<Box<str>, u32>,
    keys: Vec<(Box<str>, Option<char>)>,
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
        let index = self.language_index(language);
        let Self { languages, scratch } = self;
        let Some(cache) = languages.get_mut(index) else { return 0 };
        for_each_word(text, span, holes, language == Some(Language::ENGLISH), &mut |word| {
            let Word { position, length, span, .. } = word;
            if length == 1 {
                let (key, common) = cache.key(word.text, scratch);
                sink(Token { key, position, length, span, common });
            } else {
                let broken = word.broken;
                write_word_key(word, cache.stemmer(), scratch);
                let common = if broken { common::sign(&scratch.folded) } else { None };
                sink(Token { key: &scratch.key, position, length, span, common });
            }
        })
    }

    /// The folded stem of `word` in `language`: what its forms share in the index.
    pub fn stem(&mut self, word: &str, language: Option<Language>) -> String {
        let index = self.language_index(language);
        let Self { languages, scratch } = self;
        let stemmer = languages.get(index).and_then(LanguageCache::stemmer);
        write_word_key(plain(word), stemmer, scratch);
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
            short: FxHashMap::default(),
            long: FxHashMap::default(),
            keys: Vec::new(),
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

    fn key(&mut self, word: &str, scratch: &mut Scratch) -> (&str, Option<char>) {
        let short = short(word);
        let known = match &short {
            Some(short) => self.short.get(short),
            None => self.long.get(word),
        };
        let place = match known {
            Some(place) => *place,
            None => {
                if self.keys.len() > CACHE_WORDS {
                    self.short.clear();
                    self.long.clear();
                    self.keys.clear();
                }
                write_word_key(
                    plain(word),
                    stemmer_of(self.stemmer.as_ref(), self.language),
                    scratch,
                );
                let place = self.keys.len() as u32;
                match short {
                    Some(short) => self.short.insert(short, place),
                    None => self.long.insert(word.into(), place),
                };
                self.keys.push((scratch.key.as_str().into(), common::sign(&scratch.folded)));
                place
            }
        };
        self.keys.get(place as usize).map_or(("", None), |(key, common)| (key, *common))
    }
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
