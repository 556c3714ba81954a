//! Which terms of the index a word of the query stands for.

use regex_automata::meta::Regex;
use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;

use crate::analysis::key::{Form, read_key, stem_range};

/// What a term of the index must be to satisfy a word of the query.
#[derive(Debug, Clone)]
pub(super) struct TermSpec {
    /// The word as typed, folded: what counts as its exact form in ranking.
    pub(super) folded: String,
    pub(super) accept: Accept,
}

#[derive(Debug, Clone)]
pub(super) enum Accept {
    /// Any form of these stems (one a language of the index).
    Stems(Vec<String>),
    /// The form itself, looked up under these stems; with the variant where accents, capitals or a
    /// possessive were asked for.
    Exact { stems: Vec<String>, variant: Option<String> },
    /// Forms that match a pattern as a whole; the first letter narrows the look-up.
    Pattern { regex: Regex, first: Option<char> },
}

impl TermSpec {
    /// Whether `form` satisfies the word.
    pub(super) fn accepts(&self, form: &Form) -> bool {
        match &self.accept {
            Accept::Stems(stems) => stems.contains(&form.stem),
            Accept::Exact { variant, .. } => {
                form.folded == self.folded
                    && (form.length == 1 || form.broken)
                    && variant.as_ref().is_none_or(|v| form.variant.as_ref() == Some(v))
            }
            Accept::Pattern { regex, .. } => {
                (form.length == 1 || form.broken) && regex.is_match(form.folded.as_str())
            }
        }
    }

    /// Terms of one segment that satisfy the word, in the order of the dictionary.
    pub(super) fn expand(
        &self,
        index: &InvertedIndexReader,
    ) -> std::io::Result<Vec<(TermInfo, Form)>> {
        let mut found = Vec::new();
        let mut scan = |low: Vec<u8>, high: Option<Vec<u8>>| -> std::io::Result<()> {
            let mut range = index.terms().range().ge(low);
            if let Some(high) = high {
                range = range.lt(high);
            }
            let mut stream = range.into_stream()?;
            while stream.advance() {
                if let Some(form) = read_key(stream.key()).filter(|form| self.accepts(form)) {
                    found.push((stream.value().clone(), form));
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
            // Stems of Latin-script languages keep the first letter of their forms.
            Accept::Pattern { first: Some(first), .. } => {
                let high = char::from_u32(u32::from(*first) + 1).unwrap_or(char::MAX);
                scan(first.to_string().into_bytes(), Some(high.to_string().into_bytes()))?;
            }
            Accept::Pattern { first: None, .. } => scan(Vec::new(), None)?,
        }
        Ok(found)
    }
}
