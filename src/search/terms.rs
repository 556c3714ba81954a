//! Which terms of the index a word of the query stands for.

use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;

use super::error::Error;
use super::pattern::Matcher;
use super::work::Work;
use crate::analysis::common;
use crate::analysis::key::{Form, has_stem, stem_range};
use crate::index::pairs::pair;

/// Forms of one segment that a pattern may stand for. More are an error that says how many: a part
/// of them would be a wrong answer.
const MAX_FORMS: usize = 20_000;

/// What a term of the index must be to satisfy a word of the query.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TermSpec {
    /// The word as typed, folded: what counts as its exact form in ranking.
    pub(super) folded: String,
    pub(super) accept: Accept,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Accept {
    /// Any form of these stems (one a language of the index).
    Stems(Vec<String>),
    /// The form itself, looked up under these stems; with the variant where accents, capitals or a
    /// possessive were asked for.
    Exact { stems: Vec<String>, variant: Option<String> },
    /// Forms that match as a whole.
    Matching(Matcher),
}

impl TermSpec {
    /// Whether a token with this key may satisfy the word; `false` is certain, and costs no reading.
    pub(super) fn may_accept(&self, key: &str) -> bool {
        match &self.accept {
            Accept::Stems(stems) | Accept::Exact { stems, .. } => {
                stems.iter().any(|stem| has_stem(key, stem))
            }
            Accept::Matching(matcher) => {
                matcher.firsts().is_empty() || key.starts_with(matcher.firsts())
            }
        }
    }

    /// The same for a pattern and a key of the dictionary.
    fn may_accept_key(&self, key: &[u8]) -> bool {
        match &self.accept {
            Accept::Matching(matcher) => matcher.may_accept(key),
            Accept::Stems(_) | Accept::Exact { .. } => true,
        }
    }

    /// The letters of ASCII that the stems of what may satisfy the word begin with, one bit each; nothing
    /// where they may begin with any.
    pub(super) fn letters(&self) -> Option<u128> {
        let bit = |first: char| if first.is_ascii() { 1_u128 << u32::from(first) } else { 0 };
        match &self.accept {
            Accept::Stems(stems) | Accept::Exact { stems, .. } => {
                stems.iter().try_fold(0, |all, stem| Some(all | bit(stem.chars().next()?)))
            }
            Accept::Matching(matcher) => {
                let all = matcher.firsts().iter().map(|first| bit(*first));
                all.reduce(|all, more| all | more)
            }
        }
    }

    /// Whether `form` satisfies the word.
    pub(super) fn accepts(&self, form: &Form) -> bool {
        match &self.accept {
            Accept::Stems(stems) => stems.contains(&form.stem),
            Accept::Exact { variant, .. } => {
                form.folded == self.folded
                    && (form.length == 1 || form.broken)
                    && variant.as_ref().is_none_or(|wanted| is_variant(form, wanted))
            }
            Accept::Matching(matcher) => matcher.accepts(form),
        }
    }

    /// Its sign in pairs of common words, when it is asked for in its exact form and is one.
    fn sign(&self) -> Option<char> {
        match self.accept {
            Accept::Exact { variant: None, .. } => common::sign(&self.folded),
            _ => None,
        }
    }

    /// The term under which the index keeps this word with `next` right behind it, if it does.
    pub(super) fn pair_with(&self, next: &Self) -> Option<String> {
        Some(pair(self.sign()?, next.sign()?))
    }

    /// Terms of one segment that satisfy the word, in the order of the dictionary.
    pub(super) fn expand(
        &self,
        index: &InvertedIndexReader,
        work: &Work,
    ) -> Result<Vec<(TermInfo, Form)>, Error> {
        let mut found = Vec::new();
        let mut n_found = 0_usize;
        let mut n_seen = 0_usize;
        let mut form = Form::default();
        let mut scan = |low: Vec<u8>, high: Option<Vec<u8>>| -> std::io::Result<()> {
            let mut range = index.terms().range().ge(low);
            if let Some(high) = high {
                range = range.lt(high);
            }
            let mut stream = range.into_stream()?;
            while stream.advance() {
                n_seen += 1;
                if self.may_accept_key(stream.key())
                    && form.read(stream.key())
                    && self.accepts(&form)
                {
                    n_found += 1;
                    if n_found <= MAX_FORMS {
                        found.push((stream.value().clone(), form.clone()));
                    }
                }
            }
            Ok(())
        };
        match &self.accept {
            Accept::Stems(stems) | Accept::Exact { stems, .. } => {
                for stem in stems {
                    let (low, high) = stem_range(stem);
                    scan(low, Some(high))?;
                }
            }
            Accept::Matching(matcher) if matcher.firsts().is_empty() => scan(Vec::new(), None)?,
            Accept::Matching(matcher) => {
                for &first in matcher.firsts() {
                    let high = char::from_u32(u32::from(first) + 1).unwrap_or(char::MAX);
                    scan(first.to_string().into_bytes(), Some(high.to_string().into_bytes()))?;
                }
            }
        }
        if matches!(self.accept, Accept::Matching(_)) {
            work.terms(n_seen)?;
        }
        match &self.accept {
            Accept::Matching(matcher) if n_found > MAX_FORMS => {
                Err(matcher.too_many(n_found, MAX_FORMS))
            }
            _ => Ok(found),
        }
    }
}

/// Whether the surface of `form` is `wanted`; a hyphen at a line end is none.
fn is_variant(form: &Form, wanted: &str) -> bool {
    match &form.variant {
        Some(variant) if form.length > 1 => variant.replace('-', "") == wanted,
        variant => variant.as_deref() == Some(wanted),
    }
}
