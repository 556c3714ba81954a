//! Languages.

use std::fmt;

/// A language by its ISO 639-1 code (two letters), or ISO 639-3 (three) where it has none.
///
/// ```
/// use chancery::document::Language;
/// assert_eq!(Language::new("EN").unwrap().code(), "en");
/// assert!(Language::new("e1").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language([u8; 3]);

impl Language {
    /// English.
    pub const ENGLISH: Self = Self(*b"en\0");

    /// The language with this code; `None` when it is not two or three Latin letters.
    pub fn new(code: &str) -> Option<Self> {
        let mut letters = [0_u8; 3];
        if !(2..=3).contains(&code.len()) {
            return None;
        }
        for (place, byte) in letters.iter_mut().zip(code.bytes()) {
            if !byte.is_ascii_alphabetic() {
                return None;
            }
            *place = byte.to_ascii_lowercase();
        }
        Some(Self(letters))
    }

    /// The code, in lower case.
    pub fn code(&self) -> &str {
        let length = if self.0[2] == 0 { 2 } else { 3 };
        self.0.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("un")
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({})", self.code())
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
