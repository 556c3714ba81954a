//! Stemmers, one a language. A language without one is not stemmed by another's.

use frostem::{Algorithm, Stemmer};

use crate::document::Language;

/// Languages with a stemmer, by ISO 639-1 code.
const ALGORITHMS: &[(&str, Algorithm)] = &[
    ("ar", Algorithm::Arabic),
    ("ca", Algorithm::Catalan),
    ("cs", Algorithm::Czech),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("en", Algorithm::English),
    ("es", Algorithm::Spanish),
    ("et", Algorithm::Estonian),
    ("eu", Algorithm::Basque),
    ("fa", Algorithm::Persian),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hi", Algorithm::Hindi),
    ("hu", Algorithm::Hungarian),
    ("hy", Algorithm::Armenian),
    ("it", Algorithm::Italian),
    ("lt", Algorithm::Lithuanian),
    ("nl", Algorithm::Dutch),
    ("no", Algorithm::Norwegian),
    ("pl", Algorithm::Polish),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sr", Algorithm::Serbian),
    ("sv", Algorithm::Swedish),
    ("tr", Algorithm::Turkish),
];

/// The stemmer of `language`; `None` when it has none.
pub(super) fn stemmer(language: Language) -> Option<Stemmer> {
    let place = ALGORITHMS.binary_search_by(|(code, _)| (*code).cmp(language.code())).ok()?;
    ALGORITHMS.get(place).map(|(_, algorithm)| Stemmer::new(*algorithm))
}

/// Languages whose stemmers take off prefixes or write another script.
const CHANGE_BEGINNINGS: [&str; 8] = ["ar", "el", "eu", "fa", "hi", "hy", "nl", "sr"];

/// Whether a stem of this language begins with the letter that its forms begin with.
pub fn keeps_first_letter(language: Language) -> bool {
    !CHANGE_BEGINNINGS.contains(&language.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_swahili_has_no_stemmer() {
        assert!(ALGORITHMS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(stemmer(Language::ENGLISH).is_some());
        assert!(stemmer(Language::new("sw").unwrap()).is_none());
    }
}
