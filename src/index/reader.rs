//! An index opened for reading.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::schema::Value;
use tantivy::{DocAddress, Executor, Index, IndexReader, ReloadPolicy, Searcher, TantivyDocument};

use super::directory::{META, files_of};
use super::error::Error;
use super::frame::Frame;
use super::layout::Layout;
use super::manifest::{Manifest, Summary};
use super::record::{DocumentRecord, Names, PassageRecord, Record};
use super::schema::{Fields, column};
use crate::document::{Document, DocumentId, Passage};

/// Blocks of stored text (of 16 KiB) that stay unpacked between hits.
const STORE_BLOCKS: usize = 512;
/// How often an index is opened anew when another run commits meanwhile.
const RETRIES: usize = 5;
/// Document records that stay read between hits.
const DOCUMENTS: usize = 256;

/// A segment of so many records is worth a thread of its own, and how many threads there are at most.
const LARGE: u32 = 50_000;
const MOST_THREADS: usize = 8;

/// An index opened at its last commit.
pub(crate) struct Reader {
    layout: Layout,
    fields: Fields,
    summary: Summary,
    searcher: Searcher,
    /// A frame a segment, once it was asked for.
    frames: Vec<OnceLock<Frame>>,
    executor: OnceLock<Executor>,
    /// Document records read lately, by segment and record.
    documents: Mutex<BTreeMap<(u32, u32), Shared>>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("layout", &self.layout).finish_non_exhaustive()
    }
}

impl Reader {
    /// Opens the index in `folder`.
    ///
    /// # Errors
    ///
    /// When there is none, it has another format, or it is damaged.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let mut reader = Self::open_once(folder)?;
        // The files of a commit go when the next one is whole: then there is another list to read.
        for _ in 0..RETRIES {
            if reader.missing().is_none() {
                return Ok(reader);
            }
            reader = Self::open_once(folder)?;
        }
        match reader.missing() {
            None => Ok(reader),
            Some(name) => Err(Error::damaged(folder, format!("{name} is missing"))),
        }
    }

    /// A file beside the segments that the commit names and that is not there: the list of segments
    /// may be sound and yet be that of an earlier commit.
    fn missing(&self) -> Option<&str> {
        let named = [self.summary.manifest.as_str(), self.summary.copies.as_str()];
        let absent = |name: &&str| !name.is_empty() && !self.layout.folder.join(name).exists();
        named.into_iter().find(absent)
    }

    fn open_once(folder: &Path) -> Result<Self, Error> {
        let layout = Layout::new(folder);
        layout.read_header()?.check(folder)?;
        let damaged = |e: tantivy::TantivyError| Error::damaged(folder, e);
        let directory = layout.directory(true)?;
        if !Index::exists(&directory).map_err(|e| Error::damaged(folder, e))? {
            return Err(layout.missing());
        }
        let index = Index::open(directory).map_err(damaged)?;
        let payload = index.load_metas().map_err(damaged)?.payload;
        let Some(payload) = payload else { return Err(Error::Missing(folder.to_owned())) };
        let summary = serde_json::from_str(&payload)
            .map_err(|_| Error::damaged(folder, "the last commit has no readable summary"))?;
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(STORE_BLOCKS)
            .try_into()
            .map_err(damaged)?;
        let searcher = reader.searcher();
        let frames = searcher.segment_readers().iter().map(|_| OnceLock::new()).collect();
        let documents = Mutex::default();
        let executor = OnceLock::new();
        Ok(Self { layout, fields: Fields::new(), summary, searcher, frames, executor, documents })
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(crate) fn summary(&self) -> &Summary {
        &self.summary
    }

    pub(crate) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// Looks at segments side by side, where several are large; started when it is first asked for.
    pub(crate) fn executor(&self) -> &Executor {
        self.executor.get_or_init(|| {
            let segments = self.searcher.segment_readers().iter();
            let n_large = segments.filter(|segment| segment.max_doc() >= LARGE).count();
            let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            let n_threads = n_large.min(cores).min(MOST_THREADS);
            // Who asks looks too.
            let started = (n_threads > 1).then(|| Executor::multi_thread(n_threads - 1, "search-"));
            // What has no threads to be had goes on without.
            started.and_then(Result::ok).unwrap_or_else(Executor::single_thread)
        })
    }

    /// The same reader with so many threads, however large its segments are.
    #[cfg(test)]
    pub(crate) fn with_threads(self, n_threads: usize) -> Self {
        let executor = OnceLock::from(Executor::multi_thread(n_threads - 1, "search-").unwrap());
        Self { executor, ..self }
    }

    /// What of a segment stays at hand.
    ///
    /// # Errors
    ///
    /// When a column of the segment cannot be read.
    pub(crate) fn frame(&self, segment: u32) -> tantivy::Result<&Frame> {
        let missing = || tantivy::TantivyError::InvalidArgument(format!("no segment {segment}"));
        let frame = self.frames.get(segment as usize).ok_or_else(missing)?;
        if let Some(frame) = frame.get() {
            return Ok(frame);
        }
        let opened = Frame::open(self.searcher.segment_reader(segment), &self.fields)?;
        Ok(frame.get_or_init(|| opened))
    }

    /// A document without text and passages.
    ///
    /// # Errors
    ///
    /// When its record cannot be read.
    pub(crate) fn shared_document(&self, segment: u32, record: u32) -> Result<Shared, Error> {
        let kept = || self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = kept().get(&(segment, record)) {
            return Ok(shared.clone());
        }
        let Lead { document, names, .. } = self.document(segment, record)?;
        let shared = Shared { document: Arc::new(document), names: Arc::new(names) };
        let mut kept = kept();
        if kept.len() >= DOCUMENTS {
            kept.clear();
        }
        kept.insert((segment, record), shared.clone());
        Ok(shared)
    }

    /// The folder, for messages.
    pub(crate) fn folder(&self) -> &Path {
        &self.layout.folder
    }

    /// Files of the last commit in the engine's folder.
    pub(super) fn files(&self) -> Result<BTreeSet<PathBuf>, Error> {
        let metas = self
            .searcher
            .index()
            .searchable_segment_metas()
            .map_err(|e| Error::damaged(self.folder(), e))?;
        let mut files: BTreeSet<PathBuf> = metas.iter().flat_map(files_of).collect();
        files.insert(PathBuf::from(META));
        Ok(files)
    }

    /// Reads the manifest of the last commit.
    pub(crate) fn manifest(&self) -> Result<Manifest, Error> {
        self.beside(&self.summary.manifest, &self.summary.manifest_hash)
    }

    /// The other places of files that have some, by path.
    pub(crate) fn copies(&self) -> Result<BTreeMap<String, Vec<String>>, Error> {
        if self.summary.copies.is_empty() {
            return Ok(BTreeMap::new());
        }
        self.beside(&self.summary.copies, &self.summary.copies_hash)
    }

    /// Reads a file that the commit names, with its hash.
    fn beside<T: serde::de::DeserializeOwned>(&self, name: &str, hash: &str) -> Result<T, Error> {
        let path = self.layout.folder.join(name);
        let damaged = |what| Error::damaged(self.folder(), format!("{name} {what}"));
        let bytes = fs::read(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => damaged("is missing"),
            _ => Error::Io { doing: "read", path, source },
        })?;
        if blake3::hash(&bytes).to_hex().as_str() != hash {
            return Err(damaged("does not match its checksum"));
        }
        serde_json::from_slice(&bytes).map_err(|_| damaged("cannot be understood"))
    }

    /// The stored text of a record, and what else is known of it.
    fn stored(&self, segment: u32, record: u32) -> Result<(String, Vec<u8>), Error> {
        let stored: TantivyDocument = self
            .searcher
            .doc(DocAddress::new(segment, record))
            .map_err(|e| Error::damaged(self.folder(), e))?;
        let (mut text, mut about) = (String::new(), Vec::new());
        for (field, value) in stored.field_values() {
            if let Some(value) = value.as_str().filter(|_| field == self.fields.text) {
                value.clone_into(&mut text);
            } else if let Some(value) = value.as_bytes().filter(|_| field == self.fields.record) {
                value.clone_into(&mut about);
            }
        }
        Ok((text, about))
    }

    /// A document without text and passages.
    ///
    /// # Errors
    ///
    /// When its record cannot be read.
    pub(crate) fn document(&self, segment: u32, record: u32) -> Result<Lead, Error> {
        let (head, about) = self.stored(segment, record)?;
        let read = DocumentRecord::read(&about).and_then(|read| {
            let (n_passages, n_bytes) = (read.passages, read.bytes);
            let (document, names) = read.into_document()?;
            Some(Lead { document, names, head, n_passages, n_bytes })
        });
        read.ok_or_else(|| self.unreadable())
    }

    /// The so manieth passage of a document that has these names, with its text up to the next passage.
    ///
    /// # Errors
    ///
    /// When its record cannot be read.
    pub(crate) fn passage(
        &self,
        names: &Names,
        (segment, document): (u32, u32),
        ordinal: usize,
    ) -> Result<(Passage, String), Error> {
        // They stand behind the record of the document, in order.
        let (text, about) = self.stored(segment, document.saturating_add(ordinal as u32))?;
        let passage = PassageRecord::read(&about)
            .and_then(|read| read.into_passage(ordinal, names))
            .ok_or_else(|| self.unreadable())?;
        Ok((passage, text))
    }

    fn unreadable(&self) -> Error {
        Error::damaged(self.folder(), "what is stored of a document cannot be read")
    }
}

/// A document without text and passages, as its record gives it.
pub(crate) struct Lead {
    pub(crate) document: Document,
    /// What the records of its passages name by number.
    pub(crate) names: Names,
    /// The text before the first passage.
    pub(crate) head: String,
    pub(crate) n_passages: usize,
    /// Bytes of the text.
    n_bytes: usize,
}

/// A document without text and passages, held by several.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) document: Arc<Document>,
    /// What the records of its passages name by number.
    pub(crate) names: Arc<Names>,
}

/// Where a document is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) segment: u32,
    pub(crate) record: u32,
    pub(crate) path: String,
    pub(crate) id: String,
}

impl Reader {
    /// All documents that are not replaced.
    pub(crate) fn documents(&self) -> Result<Vec<Place>, Error> {
        let damaged = |e: tantivy::TantivyError| Error::damaged(self.folder(), e);
        let broken = |e: std::io::Error| Error::damaged(self.folder(), e);
        let mut places = Vec::new();
        for (ord, segment) in self.searcher.segment_readers().iter().enumerate() {
            let Some(paths) = segment.fast_fields().str(column::PATH).map_err(damaged)? else {
                continue;
            };
            for record in segment.doc_ids_alive() {
                let Some(term) = paths.term_ords(record).next() else { continue };
                let mut path = String::new();
                paths.ord_to_str(term, &mut path).map_err(broken)?;
                let id = DocumentId::of_path(&path).to_string();
                places.push(Place { segment: ord as u32, record, path, id });
            }
        }
        Ok(places)
    }

    /// A document with its text and passages, put together from its records.
    pub(crate) fn whole_document(&self, segment: u32, record: u32) -> Result<Document, Error> {
        let Lead { mut document, names, head: mut text, n_passages, n_bytes } =
            self.document(segment, record)?;
        for ordinal in 1..=n_passages {
            let (passage, chunk) = self.passage(&names, (segment, record), ordinal)?;
            if passage.span.start != text.len() {
                return Err(Error::damaged(self.folder(), "passages do not join"));
            }
            text.push_str(&chunk);
            document.passages.push(passage);
        }
        if text.len() != n_bytes {
            return Err(Error::damaged(self.folder(), "a document is not whole"));
        }
        document.text = text;
        Ok(document)
    }
}
