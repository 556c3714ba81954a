//! Names that stay: of a document, of a passage, of the bytes of a file.

use std::fmt;

/// Hash of a document's path: 80 bits in base 32.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(String);

/// Hash of a passage's document, section, occurrence and text: 80 bits in base 32.
///
/// Unchanged text keeps its id when something earlier in the file changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PassageId(String);

/// BLAKE3 hash of a file's bytes, the first 128 bits in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(String);

impl DocumentId {
    /// The id of the document at `path`.
    pub fn of_path(path: &str) -> Self {
        Self(base32(&[path.as_bytes()]))
    }
}

impl PassageId {
    /// The id of a passage. `occurrence` counts, from 0, the passages of the same document and
    /// section path with the same `normal` text (white space folded, lower case).
    pub fn new(document: &DocumentId, section: &[String], occurrence: usize, normal: &str) -> Self {
        let section = section.join("\u{1f}");
        let occurrence = (occurrence as u64).to_le_bytes();
        Self(base32(&[document.0.as_bytes(), section.as_bytes(), &occurrence, normal.as_bytes()]))
    }
}

impl ContentHash {
    /// The hash of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_hash(blake3::hash(bytes))
    }

    /// The hash of all bytes of a reader.
    ///
    /// # Errors
    ///
    /// When the bytes cannot be read.
    pub fn of_reader(reader: impl std::io::Read) -> std::io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(reader)?;
        Ok(Self::from_hash(hasher.finalize()))
    }

    fn from_hash(hash: blake3::Hash) -> Self {
        Self(hash.to_hex().as_str().chars().take(32).collect())
    }
}

macro_rules! text_identity {
    ($($name:ident),*) => { $(
        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Takes an id that was printed before.
            pub fn from_printed(text: impl Into<String>) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )* };
}
text_identity!(DocumentId, PassageId, ContentHash);

/// 80 bits of the hash of `parts` (each closed by its length), in lower-case base 32 of RFC 4648.
fn base32(parts: &[&[u8]]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
        hasher.update(&(part.len() as u64).to_le_bytes());
    }
    let hash = hasher.finalize();
    let mut bits: u128 = 0;
    for byte in hash.as_bytes().iter().take(10) {
        bits = (bits << 8) | u128::from(*byte);
    }
    (0..16)
        .rev()
        .map(|i| char::from(LETTERS.get((bits >> (5 * i)) as usize & 31).copied().unwrap_or(b'a')))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_passages_differ_by_their_occurrence() {
        let document = DocumentId::of_path("a.txt");
        let section = ["One".to_owned()];
        let first = PassageId::new(&document, &section, 0, "peace");
        assert_eq!(first, PassageId::new(&document, &section, 0, "peace"));
        assert_ne!(first, PassageId::new(&document, &section, 1, "peace"));
        assert_eq!(first.as_str().len(), 16);
    }
}
