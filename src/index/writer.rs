//! Documents to disk.

use std::collections::BTreeSet;
use std::fs;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

use rustc_hash::{FxBuildHasher, FxHashSet};
use serde::Serialize;
use tantivy::Directory;
use tantivy::directory::INDEX_WRITER_LOCK;
use tantivy::directory::error::LockError;
use tantivy::indexer::UserOperation;
use tantivy::schema::Field;
use tantivy::{Index, IndexSettings, IndexWriter, TantivyDocument, TantivyError, Term};

use super::beside::Beside;
use super::blocks::Trouble;
use super::borders::Borders;
use super::directory::{GuardedDirectory, MANAGED, META};
use super::error::Error;
use super::flow::{Flow, Sent};
use super::layout::{Header, Layout};
use super::manifest::{DocumentEntry, Manifest, Summary};
use super::merging::Merging;
use super::packed::{PACKED, Packed, PackedTokenizer};
use super::pairs::Pairs;
use super::reader::Reader;
use super::record::{DocumentRecord, PassageRecord};
use super::schema::{FORMAT, Fields, SEPARATOR};
use crate::analysis::{ANALYZER, Analyzer};
use crate::document::{Document, FurnitureKind, SectionKind, Span, Tier};

/// Bytes that the engine may fill before it closes a segment. One thread: a document's records must
/// stand side by side, fewer segments make a search quicker, and the other core reads documents.
const ARENA_BYTES: usize = 160_000_000;
/// The least that the engine accepts.
const LEAST_ARENA_BYTES: usize = 15_000_000;

/// The same where memory is limited: a part of what the process may have, since as much again is needed
/// to read documents and to merge.
fn arena_bytes() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let limit = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max address space"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
    limit.map_or(ARENA_BYTES, |limit| (limit / 8).clamp(LEAST_ARENA_BYTES, ARENA_BYTES))
}

/// Writes an index.
pub(crate) struct Writer {
    layout: Layout,
    fields: Fields,
    engine: IndexWriter<Sent>,
    flow: Flow,
    trouble: Trouble,
    /// Hashes of the ids that the index may hold.
    known: FxHashSet<u64>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("layout", &self.layout).finish_non_exhaustive()
    }
}

/// A document turned into records, ready to be written.
pub(crate) struct Prepared {
    records: Vec<TantivyDocument>,
    pub(crate) id: String,
    pub(crate) entry: DocumentEntry,
}

/// Registers our tokenizer; needed after every open.
pub(super) fn register(index: &Index) {
    index.tokenizers().register(PACKED, PackedTokenizer::default());
}

impl Writer {
    /// Opens the index in `folder` for writing, or makes an empty one.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made or written, holds an index of another format, or another run
    /// is writing to it.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let layout = Layout::new(folder);
        let fields = Fields::new();
        let segments = layout.segments();
        let make = |path: &Path| {
            fs::create_dir_all(path)
                .map_err(|source| Error::Unwritable { path: path.to_owned(), source })
        };
        make(&segments)?;
        let directory = layout.directory(false)?;
        let trouble = directory.trouble();
        let busy = |error| match error {
            LockError::LockBusy => Error::Locked(folder.to_owned()),
            LockError::IoError(error) => Error::Unwritable {
                path: segments.join(&INDEX_WRITER_LOCK.filepath),
                source: error
                    .raw_os_error()
                    .map_or_else(|| error.kind().into(), std::io::Error::from_raw_os_error),
            },
        };
        // What a first run makes is made under the lock too: of two runs at once the second could put an empty
        // list of segments in the place of what the first has committed.
        let alone = directory.acquire_lock(&INDEX_WRITER_LOCK).map_err(busy)?;
        if layout.header().exists() {
            layout.read_header()?.check(folder)?;
        } else {
            layout.write_header(&Header::current())?;
        }
        mend_list_of_files(&layout, &directory)?;
        let exists = Index::exists(&directory).map_err(|e| Error::damaged(folder, e))?;
        let index = if exists {
            Index::open(directory)
        } else {
            let settings = IndexSettings {
                docstore_compression: tantivy::store::Compressor::Zstd(
                    tantivy::store::ZstdCompressor { compression_level: Some(3) },
                ),
                docstore_blocksize: 16_384,
                ..IndexSettings::default()
            };
            Index::create(directory, fields.schema.clone(), settings)
        }
        .map_err(|e| failed(&layout, &trouble, e))?;
        register(&index);
        // The engine takes the same lock and then reads the last commit; who comes between is the one that works.
        drop(alone);
        let engine: IndexWriter<Sent> =
            index.writer_with_num_threads(1, arena_bytes()).map_err(|error| match error {
                TantivyError::LockFailure(LockError::LockBusy, _) => {
                    Error::Locked(folder.to_owned())
                }
                other => failed(&layout, &trouble, other),
            })?;
        engine.set_merge_policy(Box::new(Merging::default()));
        let (flow, known) = (Flow::default(), FxHashSet::default());
        let writer = Self { layout, fields, engine, flow, trouble, known };
        writer.sweep()?;
        Ok(writer)
    }

    /// Removes what interrupted runs left. We hold the lock, so nobody is at work on it.
    fn sweep(&self) -> Result<(), Error> {
        let payload = self.engine.index().load_metas().map_err(|e| self.failed(e))?.payload;
        let last = payload.and_then(|payload| serde_json::from_str::<Summary>(&payload).ok());
        let last = last.unwrap_or_default();
        self.layout.remove_leftovers(&[&last.manifest, &last.copies]);
        self.engine.garbage_collect_files().wait().map_err(|e| self.failed(e))?;
        Ok(())
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Tells the ids of documents that the index holds; to be called before any are written, since of those that
    /// it is not told of one stays beside what is written under its id.
    pub(crate) fn holds<'i>(&mut self, ids: impl IntoIterator<Item = &'i str>) {
        self.known.extend(ids.into_iter().map(|id| FxBuildHasher.hash_one(id)));
    }

    /// Puts documents in the place of those that the index holds under the ids `before`, and of
    /// whatever it holds under their own.
    pub(crate) fn replace(&mut self, before: &[String], after: Vec<Prepared>) -> Result<(), Error> {
        let field = self.fields.id;
        let delete = |id: &str| UserOperation::Delete(Term::from_field_text(field, id));
        if !before.is_empty() {
            let gone: Vec<UserOperation<Sent>> = before.iter().map(|id| delete(id)).collect();
            self.engine.run(gone).map_err(|e| self.failed(e))?;
        }
        for prepared in after {
            let mut operations = Vec::with_capacity(prepared.records.len() + 1);
            // The engine keeps a kilobyte and more for each deletion, to the end of the run, and looks it up
            // in every segment at every commit.
            if !self.known.insert(FxBuildHasher.hash_one(prepared.id.as_str())) {
                operations.push(delete(&prepared.id));
            }
            let load = self.flow.load(prepared.entry.bytes as usize);
            let records = prepared.records.into_iter().map(|record| Sent { record, load: None });
            operations.extend(records.map(UserOperation::Add));
            if let Some(UserOperation::Add(last)) = operations.last_mut() {
                last.load = Some(load);
            }
            self.engine.run(operations).map_err(|e| self.failed(e))?;
        }
        Ok(())
    }

    /// Takes a document out.
    pub(crate) fn remove(&self, id: &str) {
        self.engine.delete_term(Term::from_field_text(self.fields.id, id));
    }

    /// Makes everything since the last commit visible and durable, together with the manifest.
    pub(crate) fn commit(&mut self, manifest: &Manifest) -> Result<Summary, Error> {
        let mut summary = manifest.summary(ANALYZER, FORMAT);
        (summary.manifest, summary.manifest_hash) = self.keep("manifest", manifest)?;
        let copies = manifest.copies();
        if !copies.is_empty() {
            (summary.copies, summary.copies_hash) = self.keep("copies", &copies)?;
        }
        drop(copies);
        let payload = serde_json::to_string(&summary).map_err(|e| self.failed(e))?;
        let Self { layout, trouble, engine, .. } = self;
        let mut prepared = engine.prepare_commit().map_err(|e| failed(layout, trouble, e))?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(|e| failed(layout, trouble, e))?;
        self.layout.remove_leftovers(&[&summary.manifest, &summary.copies]);
        Ok(summary)
    }

    /// Writes a file beside the segments under a name made from its hash; both are returned.
    fn keep(&self, kind: &str, what: &impl Serialize) -> Result<(String, String), Error> {
        let bytes = serde_json::to_vec(what).map_err(|e| self.failed(e))?;
        let hash = blake3::hash(&bytes).to_hex();
        let short: String = hash.as_str().chars().take(16).collect();
        let name = format!("{kind}-{short}.json");
        self.layout.write_durably(&name, &bytes)?;
        Ok((name, hash.as_str().to_owned()))
    }

    /// Waits for merges that run in the background, and removes what they replaced: the engine keeps
    /// the files of segments that are still in its hands when the last merge ends.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Self { layout, engine, trouble, .. } = self;
        engine.wait_merging_threads().map_err(|e| failed(&layout, &trouble, e))?;
        sweep(&layout.folder);
        Ok(())
    }

    fn failed(&self, error: impl Into<TantivyError>) -> Error {
        failed(&self.layout, &self.trouble, error)
    }
}

/// What the engine says while it writes: mostly that the file system refused.
fn failed(layout: &Layout, trouble: &Trouble, error: impl Into<TantivyError>) -> Error {
    let error = error.into();
    let damage = match &error {
        TantivyError::DataCorruption(_) | TantivyError::OpenReadError(_) => true,
        TantivyError::IoError(error) => error.kind() == std::io::ErrorKind::InvalidData,
        _ => false,
    };
    match trouble.take() {
        Some((file, source)) => Error::Unwritable { path: layout.segments().join(file), source },
        None if damage => Error::damaged(&layout.folder, error),
        None => Error::Stopped { folder: layout.folder.clone(), problem: error.to_string() },
    }
}

/// Writes the engine's list of files anew when it is lost, damaged or does not name some: all files that are there, so that
/// those of no commit are removed. Answers do not depend on it.
fn mend_list_of_files(layout: &Layout, directory: &GuardedDirectory) -> Result<(), Error> {
    let list = Path::new(MANAGED);
    let segments = layout.segments();
    if !segments.join(META).exists() {
        return Ok(());
    }
    let known = directory.atomic_read(list).ok();
    let known = known.and_then(|bytes| serde_json::from_slice::<BTreeSet<String>>(&bytes).ok());
    let failed = |source| Error::Io { doing: "write", path: segments.join(list), source };
    let entries = fs::read_dir(&segments).map_err(failed)?.flatten();
    let names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name == META || is_of_segment(name))
        .collect();
    // What a sound list names and the folder has not is of no account; the other way it would stay.
    if known.is_some_and(|known| names.iter().all(|name| known.contains(name))) {
        return Ok(());
    }
    let bytes = serde_json::to_vec(&names).map_err(|e| Error::damaged(&layout.folder, e))?;
    directory.atomic_write(list, &bytes).map_err(failed)
}

/// Whether a name is that of a file of a segment: its id, then what it holds.
fn is_of_segment(name: &str) -> bool {
    name.split_once('.')
        .is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Removes what an interrupted run left in an index that needs no other change. Where that cannot be
/// done (another run is at work, the folder is read-only) it waits for a run that writes.
pub(crate) fn sweep(folder: &Path) {
    let layout = Layout::new(folder);
    let Ok(reader) = Reader::open(folder) else { return };
    let Ok(living) = reader.files() else { return };
    let dead = |entry: fs::DirEntry| {
        let name = PathBuf::from(entry.file_name());
        !name.to_string_lossy().starts_with('.') && !living.contains(&name)
    };
    let entries = fs::read_dir(layout.segments()).into_iter().flatten().flatten();
    let leftover =
        !layout.leftovers(&[&reader.summary().manifest, &reader.summary().copies]).is_empty()
            || entries.into_iter().any(dead);
    if leftover {
        let _ = Writer::open(folder);
    }
}

/// Turns a document into records: the costly part, to be called where documents are read.
pub(crate) fn prepare(
    document: &Document,
    fields: &Fields,
    analyzer: &mut Analyzer,
) -> Result<Prepared, serde_json::Error> {
    let language = document.metadata.language.as_ref().map(|l| l.value);
    let text = &document.text;
    let id = document.id.as_str();
    let mut records = Vec::with_capacity(document.passages.len() + 1);
    let pages: Vec<Span> = document
        .furniture
        .iter()
        .filter(|f| f.kind == FurnitureKind::Page)
        .map(|f| f.span)
        .collect();

    let title = document.metadata.title.as_ref().map(|t| t.value.as_str());
    let mut lead = document_record(document, fields)?;
    if let Some(title) = title {
        lead.add_text(fields.title, packed(analyzer, title, language).0);
    }
    records.push(lead);

    let mut position = 0_u64;
    let mut total = 0_u64;
    let mut read_to = 0;
    let mut pairs = Pairs::default();
    let mut beside = Beside::new(document);
    // Words of title and headings above the passages of a section, and which section it is.
    let mut above: Option<(usize, String)> = None;
    for (index, passage) in document.passages.iter().enumerate() {
        // Words between passages (headings, printed numbers) take their places; page furniture none.
        let gap = Span::new(read_to, passage.span.start);
        let none = &|_: &str| false;
        let words = analyzer.analyze_some(text, gap, &pages, language, none, &mut |_| {});
        position += u64::from(words);
        let mut body = Packed::of_text(passage.span.len());
        let mut borders = Borders::new(&passage.sentences, 0);
        let words = analyzer.analyze(text, passage.span, &passage.holes, language, &mut |token| {
            body.push(token.key, token.position);
            borders.word(token.span, token.position);
            pairs.word(&token, index, position);
        });
        read_to = passage.span.end;
        let next = document.passages.get(index + 1).map_or(text.len(), |next| next.span.start);
        let is_last = index + 1 == document.passages.len();
        let beside_it = beside.until(if is_last { usize::MAX } else { passage.span.start });
        let mut record = TantivyDocument::new();
        record.add_text(fields.id, id);
        record.add_text(fields.body, body.into_text());
        record.add_u64(fields.first, position);
        record.add_u64(fields.tokens, u64::from(words));
        for border in borders.finish() {
            record.add_u64(fields.sentences, border);
        }
        record.add_text(fields.text, Span::new(passage.span.start, next).of(text));
        record.add_text(fields.record, serde_json::to_string(&PassageRecord::of(passage))?);
        if let Some(section) = document.sections.get(passage.section) {
            record.add_text(fields.section, section.path.join(&SEPARATOR.to_string()));
            let known = above.take().filter(|(section, _)| *section == passage.section);
            let (_, words) = above.insert(known.unwrap_or_else(|| {
                let headings = section.path.join(" ");
                let words = match (title, section.kind) {
                    (Some(title), SectionKind::Heading) => &format!("{title} {headings}"),
                    (Some(title), _) => title,
                    (None, SectionKind::Heading) => &headings,
                    (None, _) => "",
                };
                (passage.section, packed(analyzer, words, language).0)
            }));
            if !words.is_empty() {
                record.add_text(fields.context, &*words);
            }
        }
        for piece in beside_it {
            let packed = packed(analyzer, piece, language).0;
            if !packed.is_empty() {
                record.add_text(fields.beside, packed);
            }
        }
        for region in &passage.tags.regions {
            record.add_text(fields.region, &region.value);
        }
        for topic in &passage.tags.topics {
            let field = match topic.tier {
                Tier::Sure => fields.topic,
                Tier::Likely => fields.topic_likely,
            };
            record.add_text(field, &topic.id);
        }
        if let Some(speaker) = &passage.speaker {
            record.add_text(fields.speaker, speaker);
        }
        if let Some(country) = &passage.country {
            record.add_text(fields.country, country);
        }
        records.push(record);
        position += u64::from(words);
        total += u64::from(words);
    }
    if let Some(lead) = records.first_mut() {
        lead.add_u64(fields.tokens, total);
    }
    for (record, pairs) in records.iter_mut().skip(1).zip(pairs.finish()) {
        record.add_text(fields.pairs, pairs);
    }
    let metadata = &document.metadata;
    let entry = DocumentEntry {
        id: id.to_owned(),
        path: document.container.as_ref().map(|_| document.path.clone()),
        passages: document.passages.len() as u64,
        tokens: total,
        bytes: text.len() as u64,
        language: metadata.language.as_ref().map(|l| l.value.to_string()),
        collection: metadata.collection.as_ref().map(|c| c.value.clone()),
        warnings: document.problems.iter().map(|p| p.message.clone()).collect(),
        stated: document.ties.stated.clone(),
        country: document.ties.country.clone(),
        year: document.ties.year,
        symbol: document.ties.symbol.clone(),
    };
    Ok(Prepared { records, id: id.to_owned(), entry })
}

fn packed(
    analyzer: &mut Analyzer,
    text: &str,
    language: Option<crate::document::Language>,
) -> (String, u32) {
    let mut packed = Packed::default();
    let words = analyzer.analyze(text, Span::new(0, text.len()), &[], language, &mut |token| {
        packed.push(token.key, token.position);
    });
    (packed.into_text(), words)
}

fn document_record(
    document: &Document,
    fields: &Fields,
) -> Result<TantivyDocument, serde_json::Error> {
    let metadata = &document.metadata;
    let mut record = TantivyDocument::new();
    record.add_text(fields.id, document.id.as_str());
    record.add_text(fields.kind, "d");
    record.add_text(fields.path, &document.path);
    let first = document.passages.first().map_or(document.text.len(), |p| p.span.start);
    record.add_text(fields.text, Span::new(0, first).of(&document.text));
    record.add_text(fields.record, serde_json::to_string(&DocumentRecord::of(document))?);
    let mut label = |field: Field, value: Option<String>| {
        if let Some(value) = value {
            record.add_text(field, value);
        }
    };
    label(fields.speaker, metadata.speaker.as_ref().map(|v| v.value.clone()));
    label(fields.country, metadata.country.as_ref().map(|v| v.value.clone()));
    label(fields.language, metadata.language.as_ref().map(|v| v.value.to_string()));
    label(fields.collection, metadata.collection.as_ref().map(|v| v.value.clone()));
    label(fields.kind_of_document, metadata.kind.as_ref().map(|v| v.value.to_string()));
    if let Some(year) = &metadata.year {
        record.add_i64(fields.year, i64::from(year.value));
    }
    if let Some(date) = &metadata.date {
        let range = date.value.range();
        record.add_i64(fields.first_day, range.first);
        record.add_i64(fields.last_day, range.last);
    }
    Ok(record)
}
