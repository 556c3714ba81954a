//! The list of files in the index: what a second run compares the folder with.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

/// Everything the index was made from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Folders and files that were named, as written, relative to the project where possible.
    pub roots: Vec<String>,
    /// Hash of what decides, besides their bytes, how documents are understood: settings, version.
    pub reading: String,
    /// When the folder was read, in nanoseconds since 1970; a file changed just before is not trusted.
    #[serde(deserialize_with = "nanoseconds")]
    pub read_at_ns: i64,
    /// Files that are indexed or known duplicates, by document path.
    pub files: BTreeMap<String, FileEntry>,
    /// Files left out, with the reason.
    pub skipped: Vec<(String, String)>,
    /// Files that are junk by rule.
    pub ignored: Vec<String>,
    /// Whether a run was ended, or is still at work, before all was brought in line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unfinished: bool,
}

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    #[serde(deserialize_with = "nanoseconds")]
    pub modified_ns: i64,
    /// Time of the last change of anything about it, in nanoseconds since 1970.
    #[serde(default, deserialize_with = "nanoseconds")]
    pub changed_ns: i64,
    /// Hash of its bytes.
    pub hash: String,
    /// Whether it has to be read again, because a run did not come to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
    /// The file of the same bytes that is indexed instead, when this one is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    /// Why it is left out, when no document could be made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
    /// The documents it gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentEntry>,
    /// What it holds besides and was left out, by path, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<(String, String)>,
    /// Junk that it holds, by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub junk: Vec<String>,
}

/// One document in the index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentEntry {
    /// Its id.
    pub id: String,
    /// Its path, when it lies in a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Its passages.
    pub passages: u64,
    /// Words in its passages.
    pub tokens: u64,
    /// Bytes of its text.
    pub bytes: u64,
    /// Its language, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Its collection, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// What a reader should know about how it was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Hash of what was stated beside it; empty when nothing was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stated: String,
    /// Country as found without a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Year as found without a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// Symbol as found without a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
}

/// A time as an earlier version may have written it: one too far off for 64 bits (before 1677, after 2262) stands for
/// the farthest that they hold, as it does where it is read from a file.
fn nanoseconds<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let time = i128::deserialize(from)?;
    Ok(time.clamp((-i64::MAX).into(), i64::MAX.into()) as i64)
}

/// What a search needs to know of the whole index, and the name of the manifest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// File name of the manifest in the index folder.
    pub manifest: String,
    /// Hash of the manifest's bytes.
    pub manifest_hash: String,
    /// File of the other places of documents; empty where there are none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub copies: String,
    /// Hash of its bytes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub copies_hash: String,
    /// Changes when any document, or the way documents are understood, changes.
    pub fingerprint: String,
    /// Whether a run was ended, or is still at work, before all was brought in line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unfinished: bool,
    /// Documents in the index.
    pub documents: u64,
    /// Passages in the index.
    pub passages: u64,
    /// Words in all passages.
    pub tokens: u64,
    /// Bytes of all texts.
    pub bytes: u64,
    /// Documents by language; `?` where it is not known.
    pub languages: BTreeMap<String, u64>,
    /// Documents by collection; `?` where there is none.
    pub collections: BTreeMap<String, u64>,
}

impl Manifest {
    /// The manifest as it is, with no files in it.
    pub(crate) fn clone_without_files(&self) -> Self {
        Self {
            roots: self.roots.clone(),
            reading: self.reading.clone(),
            read_at_ns: self.read_at_ns,
            files: BTreeMap::new(),
            skipped: self.skipped.clone(),
            ignored: self.ignored.clone(),
            unfinished: self.unfinished,
        }
    }

    /// The other places of each file that has some, by its path.
    pub(crate) fn copies(&self) -> BTreeMap<String, Vec<String>> {
        let mut copies: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, file) in &self.files {
            if let Some(first) = &file.same_as {
                copies.entry(first.clone()).or_default().push(path.clone());
            }
        }
        copies
    }

    /// Every file that is junk by rule, also in containers.
    pub fn junk(&self) -> Vec<String> {
        let inside = self.files.values().flat_map(|file| &file.junk);
        let mut all: Vec<String> = self.ignored.iter().chain(inside).cloned().collect();
        all.sort();
        all
    }

    /// Every file that is left out, once, with the reason; those of the same bytes as one of them too.
    pub fn left_out(&self) -> Vec<(String, String)> {
        let mut all = self.skipped.clone();
        for (path, file) in &self.files {
            let first = file.same_as.as_ref().and_then(|first| self.files.get(first));
            let reason = file.skipped.as_ref().or_else(|| first?.skipped.as_ref());
            all.extend(reason.map(|reason| (path.clone(), reason.clone())));
            all.extend(file.left_out.iter().cloned());
        }
        all.sort();
        all
    }

    /// Sums up the manifest; the names of its file are left empty.
    pub fn summary(&self, analyzer: &str, format: u32) -> Summary {
        let mut summary = Summary::default();
        let mut hasher = blake3::Hasher::new();
        let mut feed = |text: &str| {
            hasher.update(text.as_bytes());
            hasher.update(&[0]);
        };
        feed(analyzer);
        feed(&format.to_string());
        feed(&self.reading);
        if self.unfinished {
            feed("unfinished");
        }
        summary.unfinished = self.unfinished;
        for (path, file) in &self.files {
            feed(path);
            feed(&file.hash);
            feed(file.same_as.as_deref().unwrap_or_default());
            for document in &file.documents {
                feed(&document.id);
                feed(&document.stated);
                summary.documents += 1;
                summary.passages += document.passages;
                summary.tokens += document.tokens;
                summary.bytes += document.bytes;
                let unknown = "?".to_owned();
                let language = document.language.as_ref().unwrap_or(&unknown);
                *summary.languages.entry(language.clone()).or_default() += 1;
                let collection = document.collection.as_ref().unwrap_or(&unknown);
                *summary.collections.entry(collection.clone()).or_default() += 1;
            }
        }
        let hash = hasher.finalize().to_hex();
        summary.fingerprint = hash.as_str().chars().take(32).collect();
        summary
    }
}
