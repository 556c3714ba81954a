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
use tantivy::{Index, IndexWriter, TantivyError, Term};

use super::blocks::Trouble;
use super::deletion::Came;
use super::directory::{GuardedDirectory, MANAGED, META};
use super::error::Error;
use super::flow::Flow;
use super::layout::{Header, Layout};
use super::making::{Maker, Sent};
use super::manifest::{Manifest, Summary};
use super::merging::Merging;
use super::prepare::{Prepared, Preparing};
use super::reader::Reader;
use super::schema::{FORMAT, Fields};
use super::stored;
use super::terms::Current;
use crate::analysis::ANALYZER;

/// Bytes of memory that a segment may take before it is closed. One at a time: a document's records must
/// stand side by side, fewer segments make a search quicker, and the other core reads documents.
const SEGMENT_BYTES: usize = 96_000_000;
/// The least that the engine accepts for segments that it makes itself, which it makes none of.
const LEAST_ARENA_BYTES: usize = 15_000_000;

/// The same where memory is limited: a part of what the process may have, since as much again is needed
/// to read documents and to merge.
fn segment_bytes() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let limit = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max address space"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
    limit.map_or(SEGMENT_BYTES, |limit| (limit / 8).clamp(LEAST_ARENA_BYTES, SEGMENT_BYTES))
}

/// Writes an index.
pub(crate) struct Writer {
    layout: Layout,
    fields: Fields,
    /// Dropped before the engine, which has the lock.
    maker: Maker,
    engine: IndexWriter,
    current: Current,
    came: Came,
    flow: Flow,
    trouble: Trouble,
    /// Hashes of the ids that the index may hold.
    known: FxHashSet<u64>,
    /// Hashes of the ids of documents that may be in no segment yet.
    on_their_way: FxHashSet<u64>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("layout", &self.layout).finish_non_exhaustive()
    }
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
            Index::create(directory, fields.schema.clone(), stored::settings())
        }
        .map_err(|e| failed(&layout, &trouble, e))?;
        // The engine takes the same lock and then reads the last commit; who comes between is the one that works.
        drop(alone);
        let engine: IndexWriter =
            index.writer_with_num_threads(1, LEAST_ARENA_BYTES).map_err(|error| match error {
                TantivyError::LockFailure(LockError::LockBusy, _) => {
                    Error::Locked(folder.to_owned())
                }
                other => failed(&layout, &trouble, other),
            })?;
        engine.set_merge_policy(Box::new(Merging::default()));
        let (flow, current) = (Flow::default(), Current::default());
        let maker = Maker::start(&index, &current, segment_bytes())
            .map_err(|error| failed(&layout, &trouble, error))?;
        let (came, known, on_their_way) = (Came::default(), <_>::default(), <_>::default());
        let writer = Self {
            layout,
            fields,
            maker,
            engine,
            current,
            came,
            flow,
            trouble,
            known,
            on_their_way,
        };
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

    /// What those need who prepare documents for it.
    pub(crate) fn preparing(&self) -> Preparing {
        Preparing::new(self.fields.clone(), self.current.clone())
    }

    /// Tells the ids of documents that the index holds; to be called before any are written, since of those that
    /// it is not told of one stays beside what is written under its id.
    pub(crate) fn holds<'i>(&mut self, ids: impl IntoIterator<Item = &'i str>) {
        self.known.extend(ids.into_iter().map(|id| FxBuildHasher.hash_one(id)));
    }

    /// Puts documents in the place of those that the index holds under the ids `before`, and of
    /// whatever it holds under their own.
    pub(crate) fn replace(&mut self, before: &[String], after: Vec<Prepared>) -> Result<(), Error> {
        for id in before {
            self.remove(id)?;
        }
        for prepared in after {
            let hash = FxBuildHasher.hash_one(prepared.id.as_str());
            // The engine keeps a kilobyte and more for each deletion, to the end of the run, and looks it up
            // in every segment at every commit.
            if !self.known.insert(hash) {
                self.remove(&prepared.id)?;
            }
            self.on_their_way.insert(hash);
            let load = self.flow.load(prepared.entry.bytes as usize);
            let Prepared { records, stored, inverted, terms, .. } = prepared;
            let sent = self.maker.send(Sent { records, stored, inverted, terms, load });
            sent.map_err(|e| self.failed(e))?;
            self.take_segments()?;
        }
        Ok(())
    }

    /// Takes a document out.
    pub(crate) fn remove(&mut self, id: &str) -> Result<(), Error> {
        // A deletion goes to segments that have come before it.
        if self.on_their_way.contains(&FxBuildHasher.hash_one(id)) {
            self.close_segment()?;
        }
        let deletion = self.came.deletion(Term::from_field_text(self.fields.id, id));
        self.engine.delete_query(deletion).map_err(|e| self.failed(e))?;
        Ok(())
    }

    /// Hands the engine all that is on its way.
    fn close_segment(&mut self) -> Result<(), Error> {
        self.maker.close_segment().map_err(|e| self.failed(e))?;
        self.on_their_way.clear();
        self.take_segments()
    }

    fn take_segments(&self) -> Result<(), Error> {
        for segment in self.maker.made() {
            self.came.add(segment.id());
            self.engine.add_segment(segment).map_err(|e| self.failed(e))?;
        }
        Ok(())
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
        self.close_segment()?;
        let Self { layout, trouble, engine, .. } = self;
        let mut prepared = engine.prepare_commit().map_err(|e| failed(layout, trouble, e))?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(|e| failed(layout, trouble, e))?;
        self.layout.remove_leftovers(&[&summary.manifest, &summary.copies]);
        Ok(summary)
    }

    /// Writes a file beside the segments under a name made from its hash; both are returned.
    fn keep(&self, kind: &str, what: &impl Serialize) -> Result<(String, String), Error> {
        let named = |hash: &blake3::Hash| {
            let short: String = hash.to_hex().as_str().chars().take(16).collect();
            format!("{kind}-{short}.json")
        };
        self.layout.write_hashed(&format!("{kind}-.json.new"), named, &mut |file| {
            serde_json::to_writer(file, what).map_err(std::io::Error::from)
        })
    }

    /// Waits for merges that run in the background, and removes what they replaced: the engine keeps
    /// the files of segments that are still in its hands when the last merge ends.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Self { layout, maker, engine, trouble, .. } = self;
        drop(maker);
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
