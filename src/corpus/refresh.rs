//! Brings an index in line with its folders: what is new, changed, moved, gone.
//!
//! Content decides, times only save reading: a file is read again unless its size and time are those
//! of the last run. Files of the same bytes are indexed once, under the first of their paths, so the
//! result does not depend on the order in which they came.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Error, Project};
use crate::analysis::Analyzer;
use crate::document::ContentHash;
use crate::index::{self, FileEntry, Manifest, Prepared, Reader, Writer};
use crate::ingest::walk::{Found, read_file, walk};
use crate::ingest::{self, Settings};

/// A file changed within this time before the last run may have changed again unseen.
const TIME_DOUBT_NS: i128 = 2_000_000_000;
/// Documents that may be ready ahead of the one that is written next.
const AHEAD: usize = 64;

/// What to bring in line.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Roots to add, or parts of roots; none means all roots.
    pub paths: Vec<PathBuf>,
    /// Roots to drop.
    pub forget: Vec<PathBuf>,
    /// Whether a root that has vanished or is empty is meant.
    pub allow_empty: bool,
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that are new.
    pub added: usize,
    /// Files whose bytes (or the way they are understood) changed.
    pub changed: usize,
    /// Files that stand elsewhere with the same bytes.
    pub moved: usize,
    /// Files that are gone.
    pub removed: usize,
    /// Files that stayed as they were.
    pub unchanged: usize,
    /// Junk by rule.
    pub ignored: Vec<String>,
    /// Files of the same bytes as another one.
    pub duplicates: Vec<(String, String)>,
    /// Passages in the index.
    pub passages: u64,
    /// Bytes of all texts in the index.
    pub bytes: u64,
    /// Documents in the index.
    pub documents: u64,
    /// Files left out, each once, with the reason.
    pub skipped: Vec<(String, String)>,
    /// What a reader should know of documents that were read.
    pub warnings: Vec<(String, String)>,
}

/// Is told how far a run is; called from one thread.
pub trait Progress {
    /// So many files are to be read, of so many bytes.
    fn begin(&self, files: usize, bytes: u64);
    /// One more file of so many bytes was read.
    fn advance(&self, bytes: u64);
    /// The last file was read; writing ends.
    fn end(&self);
}

/// Brings the index of `project` in line.
pub(super) fn refresh(
    project: &Project,
    request: &Request,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    let old = match Reader::open(project.index()) {
        Ok(reader) => reader.manifest()?,
        Err(index::Error::Missing(_)) => Manifest::default(),
        Err(error) => return Err(error.into()),
    };
    let fresh = !project.index().join("chancery.json").exists();
    let mut new = Manifest {
        settings: project.settings_hash(),
        read_at_ns: now_ns(),
        roots: old.roots.clone(),
        ..Manifest::default()
    };
    let scope = plan_roots(project, request, &mut new)?;
    let found = walk_roots(project, request, &old, &mut new, &scope)?;
    let hashes = hash_files(&found.files, &old);
    let mut report = Report { ignored: found.ignored, ..Report::default() };
    new.ignored = report.ignored.len();

    let mut current: BTreeMap<String, (Found, String)> = BTreeMap::new();
    for (file, hash) in found.files.into_iter().zip(hashes) {
        match hash {
            Ok(hash) => {
                current.insert(file.path.clone(), (file, hash));
            }
            Err(reason) => new.skipped.push((file.path, reason)),
        }
    }
    // Files outside the part that was asked for stay as they are.
    let kept: BTreeMap<String, FileEntry> = old
        .files
        .iter()
        .filter(|(path, _)| !scope.holds(path))
        .map(|(path, entry)| (path.clone(), entry.clone()))
        .collect();
    let mut first_of: BTreeMap<String, String> = BTreeMap::new();
    let every = current.iter().map(|(path, (_, hash))| (path, hash));
    for (path, hash) in every.chain(kept.iter().map(|(path, entry)| (path, &entry.hash))) {
        let first = first_of.entry(hash.clone()).or_insert_with(|| path.clone());
        if path < first {
            first.clone_from(path);
        }
    }

    let mut jobs: Vec<Job> = Vec::new();
    let mut gone: BTreeSet<String> = BTreeSet::new();
    for (path, (file, hash)) in current {
        let before = old.files.get(&path);
        let first = first_of.get(&hash).filter(|first| **first != path);
        let mut entry = FileEntry {
            size: file.size,
            modified_ns: file.modified_ns,
            hash,
            same_as: first.cloned(),
            skipped: None,
            documents: Vec::new(),
        };
        let same = before.is_some_and(|b| b.hash == entry.hash && old.settings == new.settings);
        match before {
            None => report.added += 1,
            Some(_) if same => report.unchanged += 1,
            Some(_) => report.changed += 1,
        }
        match before {
            Some(before) if same && before.same_as.is_none() && entry.same_as.is_none() => {
                entry.documents.clone_from(&before.documents);
                entry.skipped.clone_from(&before.skipped);
            }
            _ => {
                gone.extend(before.iter().flat_map(|b| b.documents.iter().map(|d| d.id.clone())));
                if entry.same_as.is_none() {
                    jobs.push(Job { file, hash: entry.hash.clone() });
                }
            }
        }
        new.files.insert(path, entry);
    }
    new.files.extend(kept);
    for (path, entry) in &old.files {
        if !new.files.contains_key(path) {
            gone.extend(entry.documents.iter().map(|d| d.id.clone()));
            report.removed += 1;
            let elsewhere = new
                .files
                .iter()
                .any(|(other, now)| now.hash == entry.hash && !old.files.contains_key(other));
            if elsewhere {
                report.moved += 1;
                report.removed -= 1;
                report.added = report.added.saturating_sub(1);
            }
        }
    }

    let changed = fresh || !jobs.is_empty() || !gone.is_empty() || differs(&old, &new);
    if changed {
        let mut writer = Writer::open(project.index())?;
        for id in &gone {
            writer.remove(id);
        }
        progress.begin(jobs.len(), jobs.iter().map(|job| job.file.size).sum());
        index_files(project, &writer, &jobs, &mut new, progress)?;
        writer.commit(&new)?;
        progress.end();
        writer.finish()?;
    }
    finish_report(&mut report, new);
    Ok(report)
}

fn finish_report(report: &mut Report, manifest: Manifest) {
    for (path, entry) in manifest.files {
        if let Some(first) = entry.same_as {
            report.duplicates.push((path.clone(), first));
        }
        if let Some(reason) = entry.skipped {
            report.skipped.push((path.clone(), reason));
        }
        for document in entry.documents {
            report.documents += 1;
            report.passages += document.passages;
            report.bytes += document.bytes;
            report.warnings.extend(document.warnings.into_iter().map(|w| (path.clone(), w)));
        }
    }
    report.skipped.extend(manifest.skipped);
    report.skipped.sort();
}

/// Whether anything but the times of files differs.
fn differs(old: &Manifest, new: &Manifest) -> bool {
    old.roots != new.roots
        || old.settings != new.settings
        || old.ignored != new.ignored
        || old.skipped != new.skipped
        || old.files.len() != new.files.len()
        || old.files.iter().zip(&new.files).any(|((path, a), (other, b))| {
            path != other || a.hash != b.hash || a.same_as != b.same_as
        })
}

fn now_ns() -> i128 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| i128::try_from(time.as_nanos()).unwrap_or(i128::MAX))
}

/// Which paths a run speaks of.
struct Scope {
    /// Prefixes of document paths with the folder to walk; empty prefix for a whole root.
    parts: Vec<(String, PathBuf)>,
    all: bool,
}

impl Scope {
    fn holds(&self, path: &str) -> bool {
        self.all
            || self.parts.iter().any(|(prefix, _)| {
                let prefix = prefix.trim_end_matches('/');
                path == prefix || path.strip_prefix(prefix).is_some_and(|r| r.starts_with('/'))
            })
    }
}

fn plan_roots(project: &Project, request: &Request, new: &mut Manifest) -> Result<Scope, Error> {
    for path in &request.forget {
        let name = project.relative(path);
        let before = new.roots.len();
        new.roots.retain(|root| *root != name);
        if new.roots.len() == before {
            return Err(Error::NoSuchRoot(name));
        }
    }
    let mut parts = Vec::new();
    let mut added = new.roots.is_empty() || !request.forget.is_empty();
    for path in &request.paths {
        let absolute =
            fs::canonicalize(path).map_err(|source| Error::Root { path: path.clone(), source })?;
        let inside = new.roots.iter().find_map(|root| {
            let root_path = fs::canonicalize(project.resolve(root)).ok()?;
            let rest = absolute.strip_prefix(&root_path).ok()?.to_owned();
            Some((root.clone(), rest))
        });
        match inside {
            Some((root, rest)) if !rest.as_os_str().is_empty() => {
                let rest: Vec<String> =
                    rest.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                let prefix = format!("{}{}", prefix_of(&new.roots, &root), rest.join("/"));
                parts.push((prefix, absolute));
            }
            Some(_) => added = true,
            None => {
                new.roots.push(project.relative(path));
                added = true;
            }
        }
    }
    if new.roots.is_empty() && request.forget.is_empty() {
        new.roots.push("documents".to_owned());
    }
    Ok(Scope { all: added || parts.is_empty(), parts })
}

/// What stands before the paths of a root's documents: nothing for a single root, else its name.
fn prefix_of(roots: &[String], root: &str) -> String {
    if roots.len() < 2 {
        return String::new();
    }
    let name = |root: &str| {
        let last = root.trim_end_matches('/').rsplit('/').next().unwrap_or(root);
        if last.is_empty() || last == "." { "root".to_owned() } else { last.to_owned() }
    };
    let own = name(root);
    let twins: Vec<&String> = roots.iter().filter(|other| name(other) == own).collect();
    match twins.iter().position(|other| *other == root) {
        Some(place) if place > 0 => format!("{own}-{}/", place + 1),
        _ => format!("{own}/"),
    }
}

struct FoundFiles {
    files: Vec<Found>,
    ignored: Vec<String>,
}

fn walk_roots(
    project: &Project,
    request: &Request,
    old: &Manifest,
    new: &mut Manifest,
    scope: &Scope,
) -> Result<FoundFiles, Error> {
    let exclude: Vec<PathBuf> = fs::canonicalize(project.index()).into_iter().collect();
    let mut files = Vec::new();
    let mut ignored = Vec::new();
    let mut take = |prefix: &str, folder: &Path, new: &mut Manifest| {
        let found = walk(folder, &exclude);
        let join = |path: &str| format!("{prefix}{path}");
        let n_files = found.files.len();
        files.extend(found.files.into_iter().map(|f| Found { path: join(&f.path), ..f }));
        ignored.extend(found.ignored.iter().map(|path| join(path)));
        new.skipped.extend(found.skipped.iter().map(|(path, reason)| (join(path), reason.clone())));
        n_files
    };
    if scope.all {
        for root in new.roots.clone() {
            let folder = project.resolve(&root);
            let prefix = prefix_of(&new.roots, &root);
            let had =
                old.files.keys().any(|path| path.starts_with(&prefix)) && old.roots.contains(&root);
            if !folder.exists() && !request.allow_empty {
                return Err(Error::RootGone(root));
            }
            let n_files = if folder.exists() { take(&prefix, &folder, new) } else { 0 };
            if n_files == 0 && had && !request.allow_empty {
                return Err(Error::RootEmpty(root));
            }
        }
    } else {
        for (prefix, folder) in &scope.parts {
            let prefix = if folder.is_dir() {
                format!("{prefix}/")
            } else {
                prefix.rsplit_once('/').map_or(String::new(), |(head, _)| format!("{head}/"))
            };
            take(&prefix, folder, new);
        }
        let outside = |path: &String| !scope.holds(path);
        new.skipped.extend(old.skipped.iter().filter(|(path, _)| outside(path)).cloned());
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    new.skipped.sort();
    Ok(FoundFiles { files, ignored })
}

/// The hash of each file, taken from the last run where size and time are the same.
fn hash_files(files: &[Found], old: &Manifest) -> Vec<Result<String, String>> {
    let known = |file: &Found| {
        let entry = old.files.get(&file.path)?;
        let same = entry.size == file.size
            && entry.modified_ns == file.modified_ns
            && file.modified_ns < old.read_at_ns - TIME_DOUBT_NS;
        same.then(|| entry.hash.clone())
    };
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<String, String>)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads() {
            scope.spawn(|| {
                let mut own = Vec::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(at) else { break };
                    let hash = match known(file) {
                        Some(hash) => Ok(hash),
                        None => read_file(file).map(|bytes| ContentHash::of(&bytes).to_string()),
                    };
                    own.push((at, hash));
                }
                if let Ok(mut done) = done.lock() {
                    done.extend(own);
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, hash)| hash).collect()
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

struct Job {
    file: Found,
    hash: String,
}

/// Reads files on several threads and writes their documents in the order of the paths.
fn index_files(
    project: &Project,
    writer: &Writer,
    jobs: &[Job],
    new: &mut Manifest,
    progress: &dyn Progress,
) -> Result<(), Error> {
    type Done = (usize, Result<Result<Prepared, String>, serde_json::Error>);
    let next = AtomicUsize::new(0);
    let written = Mutex::new(0_usize);
    let moved_on = Condvar::new();
    let settings: &dyn Settings = project;
    let fields = writer.fields();
    std::thread::scope(|scope| {
        let (sender, receiver) = crossbeam_channel::bounded::<Done>(AHEAD);
        for _ in 0..threads() {
            let sender = sender.clone();
            let (next, written, moved_on) = (&next, &written, &moved_on);
            scope.spawn(move || {
                let mut analyzer = Analyzer::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(at) else { break };
                    if let Ok(guard) = written.lock() {
                        let wait = moved_on.wait_while(guard, |written| at >= *written + AHEAD);
                        drop(wait);
                    }
                    let read = read_file(&job.file)
                        .and_then(|bytes| ingest::read(bytes, &job.file.path, settings));
                    let done = match read {
                        Ok(document) => {
                            index::prepare(&document, fields, &mut analyzer).map(|mut prepared| {
                                let hash = document.content_hash.as_str();
                                if hash != job.hash {
                                    let note = "changed while it was being read".to_owned();
                                    prepared.entry.warnings.push(note);
                                }
                                Ok(prepared)
                            })
                        }
                        Err(reason) => Ok(Err(reason)),
                    };
                    if sender.send((at, done)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut at = 0;
        let mut failure = None;
        for (index, done) in &receiver {
            waiting.insert(index, done);
            while let Some(done) = waiting.remove(&at) {
                let Some(job) = jobs.get(at) else { break };
                at += 1;
                if let Ok(mut written) = written.lock() {
                    *written = at;
                }
                moved_on.notify_all();
                progress.advance(job.file.size);
                let Some(entry) = new.files.get_mut(&job.file.path) else { continue };
                match done {
                    Ok(Ok(prepared)) => {
                        entry.documents = vec![prepared.entry.clone()];
                        if failure.is_none() {
                            failure = writer.replace(prepared).err();
                        }
                    }
                    Ok(Err(reason)) => entry.skipped = Some(reason),
                    Err(error) => entry.skipped = Some(error.to_string()),
                }
            }
        }
        failure.map_or(Ok(()), |error| Err(error.into()))
    })
}
