//! Words so common that a phrase of two of them is costly to look for word by word.
//!
//! "United Nations" stands in every third passage of the General Debate, each of its words in every
//! second one: to find the phrase, the places of both would be read in most passages. The index keeps
//! pairs of such neighbours as terms of their own instead, without places (the nextword index of
//! Williams, Zobel and Bahle 2004, for common words only). Which words these are changes no answer,
//! only its time: a phrase of others is looked for by the places of its words.
//!
//! English function words and the commonest nouns of diplomatic texts, and the commonest words of French
//! and Spanish. A pair of the last of them, at a tenth of the passages each, costs a hundredth of the room
//! that a pair of the first does, and saves little; so there are few.

/// The words, folded. Their places in the list are in the index: a change needs a new version of it.
const COMMON_WORDS: [&str; 65] = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "that",
    "is",
    "for",
    "we",
    "on",
    "it",
    "this",
    "be",
    "by",
    "with",
    "which",
    "as",
    "are",
    "have",
    "our",
    "has",
    "all",
    "its",
    "will",
    "an",
    "not",
    "at",
    "their",
    "from",
    "united",
    "nations",
    "international",
    "world",
    "peace",
    "countries",
    "states",
    "security",
    "general",
    "people",
    "development",
    "economic",
    "assembly",
    "community",
    "council",
    "rights",
    "human",
    "government",
    "de",
    "la",
    "le",
    "les",
    "des",
    "et",
    "du",
    "que",
    "los",
    "el",
    "en",
    "unies",
    "naciones",
    "unidas",
    "y",
    "se",
    "par",
];

/// The sign of the first word; the others follow. All are printable and end no token.
const FIRST: u8 = b'!';

/// The sign by which pairs name a common word; `None` of other words.
pub(crate) fn sign(folded: &str) -> Option<char> {
    if folded.len() > 13 {
        return None;
    }
    let place = COMMON_WORDS.iter().position(|word| *word == folded)?;
    Some(char::from(FIRST + u8::try_from(place).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::base_form;
    use std::collections::BTreeSet;

    #[test]
    fn every_common_word_has_a_sign_of_its_own() {
        let signs: BTreeSet<char> = COMMON_WORDS.iter().filter_map(|word| sign(word)).collect();
        assert_eq!(signs.len(), COMMON_WORDS.len());
        assert!(signs.iter().all(char::is_ascii_graphic));
        assert_eq!(sign("treaty"), None);
        assert!(COMMON_WORDS.iter().all(|word| base_form(word) == *word && word.len() <= 13));
    }
}
