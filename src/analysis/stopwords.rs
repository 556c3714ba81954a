//! Words too common to rank by.
//!
//! They are in the index and in phrases; only a ranked list of words passes over them. English, and
//! the commonest of French and Spanish that are no English words.

const STOP_WORDS: &[&str] = &[
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "aux", "be",
    "because", "been", "before", "being", "between", "both", "but", "by", "can", "could", "cuales",
    "del", "des", "did", "do", "does", "during", "each", "el", "et", "for", "from", "had", "has",
    "have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its", "la", "las",
    "le", "les", "los", "may", "more", "most", "my", "no", "nor", "not", "of", "on", "or", "other",
    "our", "out", "over", "por", "qui", "que", "shall", "she", "should", "so", "some", "such",
    "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those",
    "through", "to", "un", "una", "une", "under", "up", "upon", "was", "we", "were", "what",
    "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "would",
    "you", "your",
];

/// Whether `word` is too common to rank by.
pub fn is_stop_word(word: &str) -> bool {
    word.len() <= 8 && STOP_WORDS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_known_in_any_case() {
        assert!(is_stop_word("The") && is_stop_word("of"));
        assert!(!is_stop_word("treaty") && !is_stop_word(""));
    }
}
