//! How a token is written in the index: one term that serves stemmed, exact and accent-exact search.
//!
//! A key is `stem · form · variant · joint`:
//!
//! | part | written | example `Nations'` → `nations` |
//! |---|---|---|
//! | stem, folded | as it is | `nation` |
//! | folded form | U+0001, then what follows the stem, or U+0006 and the whole form | `⟨1⟩s` |
//! | variant | U+0004 and the surface, when accents, capitals, hyphens or a possessive set it apart | |
//! | joint | U+0002 (hyphen) or U+0003 (hyphen at a line end) and how many places it takes | |
//!
//! The term dictionary is sorted, so all forms of a stem stand side by side: a stemmed word is a short
//! range of the dictionary, an exact form a filter on that range, and one set of postings serves all.

/// Opens the form.
pub(super) const FORM: char = '\u{1}';
const JOINT: char = '\u{2}';
const BROKEN_JOINT: char = '\u{3}';
const VARIANT: char = '\u{4}';
const WHOLE: char = '\u{6}';

/// What a key says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// Stem, folded.
    pub stem: String,
    /// The word, folded.
    pub folded: String,
    /// The word in lower case with its accents, or in capitals, or with its possessive ending, when
    /// that differs from `folded`; a hyphenated word written as one always, with its hyphens.
    pub variant: Option<String>,
    /// How many places it takes: more than 1 for a hyphenated word written as one.
    pub length: u32,
    /// Whether the hyphen stands at a line end.
    pub broken: bool,
}

/// Writes the key into `out` (cleared first).
pub fn write_key(
    out: &mut String,
    stem: &str,
    folded: &str,
    variant: Option<&str>,
    length: u32,
    broken: bool,
) {
    out.clear();
    out.push_str(stem);
    out.push(FORM);
    match folded.strip_prefix(stem) {
        Some(rest) => out.push_str(rest),
        None => {
            out.push(WHOLE);
            out.push_str(folded);
        }
    }
    if let Some(variant) = variant {
        out.push(VARIANT);
        out.push_str(variant);
    }
    if length > 1 {
        out.push(if broken { BROKEN_JOINT } else { JOINT });
        out.push(char::from_digit(length.min(9), 10).unwrap_or('9'));
    }
}

/// Reads a key; `None` when it is none.
pub fn read_key(key: &[u8]) -> Option<Form> {
    let mut form = Form::default();
    form.read(key).then_some(form)
}

impl Form {
    /// Reads a key into this form and says whether it was one; what was there before is gone. Keeps
    /// its memory, for walks through a whole dictionary.
    pub fn read(&mut self, key: &[u8]) -> bool {
        self.parse(key).is_some()
    }

    fn parse(&mut self, key: &[u8]) -> Option<()> {
        let key = std::str::from_utf8(key).ok()?;
        let (stem, rest) = key.split_once(FORM)?;
        let (rest, length, broken) = match rest.rsplit_once([JOINT, BROKEN_JOINT]) {
            Some((head, length)) => (head, length.parse().ok()?, rest.contains(BROKEN_JOINT)),
            None => (rest, 1, false),
        };
        let (form, variant) = match rest.split_once(VARIANT) {
            Some((form, variant)) => (form, Some(variant)),
            None => (rest, None),
        };
        self.stem.clear();
        self.stem.push_str(stem);
        self.folded.clear();
        match form.strip_prefix(WHOLE) {
            Some(whole) => self.folded.push_str(whole),
            None => {
                self.folded.push_str(stem);
                self.folded.push_str(form);
            }
        }
        match (variant, &mut self.variant) {
            (Some(variant), Some(kept)) => variant.clone_into(kept),
            (variant, kept) => *kept = variant.map(ToOwned::to_owned),
        }
        (self.length, self.broken) = (length, broken);
        Some(())
    }
}

/// Whether a key is of a form of `stem`.
pub fn has_stem(key: &str, stem: &str) -> bool {
    key.strip_prefix(stem).is_some_and(|rest| rest.starts_with(FORM))
}

/// The range of the dictionary, first included and last excluded, that holds all forms of `stem`.
pub fn stem_range(stem: &str) -> (Vec<u8>, Vec<u8>) {
    let mut low = stem.as_bytes().to_vec();
    low.push(FORM as u8);
    let mut high = stem.as_bytes().to_vec();
    high.push(FORM as u8 + 1);
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn reading_gives_what_was_written(
            stem in "[a-zé]{1,6}", rest in "[a-z]{0,4}", whole: bool, variant in proptest::option::of("[A-Zé']{1,5}"),
            length in 1_u32..4, broken: bool,
        ) {
            let folded = if whole { format!("x{rest}") } else { format!("{stem}{rest}") };
            let mut key = String::new();
            write_key(&mut key, &stem, &folded, variant.as_deref(), length, broken);
            let (low, high) = stem_range(&stem);
            proptest::prop_assert!(key.as_bytes() >= low.as_slice() && key.as_bytes() < high.as_slice());
            let form = Form { stem, folded, variant, length, broken: broken && length > 1 };
            proptest::prop_assert_eq!(read_key(key.as_bytes()), Some(form));
        }
    }
}
