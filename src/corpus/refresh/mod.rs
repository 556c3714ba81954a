//! Brings an index in line with its folders: what is new, changed, moved, gone.
//!
//! Content decides, times only save reading: a file is read again unless its size and time are those
//! of the last run. Files of the same bytes are indexed once, under the first of their paths, so the
//! result does not depend on the order in which they came. A long run commits from time to time; each
//! commit is a whole state, from which the next run goes on.

#[cfg(test)]
mod fault_tests;
mod hashes;
mod members;
mod plan;
mod roots;
mod work;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::sidecars::Sidecars;
use super::{Error, Project};
use crate::index::{self, Manifest, Reader, Writer};
use plan::{Plan, Seen};
pub(super) use roots::placed;
use roots::{plan_roots, walk_roots};

/// Time after which what is whole is committed: of what was read, no more than this is lost when the
/// machine stops, and the time of the commit itself (about a second).
const COMMIT_EVERY: Duration = Duration::from_secs(20);

/// What to bring in line, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// Roots to add, or parts of roots; none means all roots.
    pub paths: Vec<PathBuf>,
    /// Roots to drop.
    pub forget: Vec<PathBuf>,
    /// Whether a root that has vanished or is empty is meant.
    pub allow_empty: bool,
    /// Threads that read files; `None` for one a core. The index does not depend on it.
    pub threads: Option<usize>,
    /// Time between commits of a long run.
    pub commit_every: Duration,
    /// Set to end the run soon, with all that is whole committed.
    pub stop: Arc<AtomicBool>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            forget: Vec::new(),
            allow_empty: false,
            threads: None,
            commit_every: COMMIT_EVERY,
            stop: Arc::default(),
        }
    }
}

impl Request {
    fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.unwrap_or_else(cores).clamp(1, 256)
    }
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

impl Report {
    /// Files that were added, changed, moved or removed.
    pub fn changes(&self) -> usize {
        self.added + self.changed + self.moved + self.removed
    }
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

/// Tells nobody.
impl Progress for () {
    fn begin(&self, _files: usize, _bytes: u64) {}
    fn advance(&self, _bytes: u64) {}
    fn end(&self) {}
}

/// Brings the index of `project` in line.
pub(super) fn refresh(
    project: &Arc<Project>,
    request: &Request,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    let (mut old, seen_at) = last_commit(project)?;
    if seen_at.is_none() {
        // A first run reads what it finds. The names to look for are made ready while it still looks.
        let project = Arc::clone(project);
        let ready = move || {
            project.vocabulary().gazetteer();
        };
        // Without the thread the first file waits for them.
        let _ = std::thread::Builder::new().spawn(ready);
    }
    let mut plan = make_plan(project, request, &old)?;
    if seen_at.is_some() && !plan.changes {
        index::sweep(project.index());
        return Ok(finish_report(plan.report, plan.target, &plan.sidecars));
    }
    let writer = Writer::open(project.index())?;
    // Another run may have committed between the look and the lock.
    let (now, at) = last_commit(project)?;
    if at != seen_at {
        plan = make_plan(project, request, &now)?;
        old = now;
    }
    let report = plan.report.clone();
    let sidecars = Arc::clone(&plan.sidecars);
    let manifest = work::carry_out(project, writer, plan, old, request, progress)?;
    Ok(finish_report(report, manifest, &sidecars))
}

/// The manifest of the last commit and what tells it from others; `None` without a commit.
fn last_commit(project: &Project) -> Result<(Manifest, Option<String>), Error> {
    match Reader::open(project.index()) {
        Ok(reader) => Ok((reader.manifest()?, Some(reader.summary().manifest_hash.clone()))),
        Err(index::Error::Missing(_)) => Ok((Manifest::default(), None)),
        Err(error) => Err(error.into()),
    }
}

fn make_plan(project: &Project, request: &Request, old: &Manifest) -> Result<Plan, Error> {
    let (roots, mut scope) = plan_roots(project, request, old)?;
    loop {
        let mut found = walk_roots(project, request, old, &roots, &scope)?;
        let placed = placed(project, &roots);
        let sidecars = Sidecars::take(project, &placed, &mut found.files, scope.all);
        let hashes = hashes::hash_files(&found.files, old, request.threads(), &request.stop)
            .ok_or(Error::Interrupted { kept: 0, left: found.files.len() })?;
        let mut seen = Seen {
            roots: roots.clone(),
            reading: project.reading(),
            files: Vec::new(),
            skipped: found.skipped,
            ignored: found.ignored,
        };
        for (file, hash) in found.files.into_iter().zip(hashes) {
            match hash {
                Ok(hash) => seen.files.push((file, hash)),
                Err(reason) => seen.skipped.push((file.path, reason)),
            }
        }
        seen.skipped.sort();
        #[cfg(feature = "pdf")]
        let scans = project.reads_scans();
        #[cfg(not(feature = "pdf"))]
        let scans = false;
        match plan::plan(old, seen, &scope, sidecars, scans) {
            Some(plan) => return Ok(plan),
            None => scope.all = true,
        }
    }
}

fn finish_report(mut report: Report, manifest: Manifest, sidecars: &Sidecars) -> Report {
    report.skipped = manifest.left_out();
    report.ignored = manifest.junk();
    let of_sidecars = sidecars.report(&manifest.files);
    for (path, entry) in manifest.files {
        if let Some(first) = entry.same_as {
            report.duplicates.push((path.clone(), first));
        }
        for document in entry.documents {
            report.documents += 1;
            report.passages += document.passages;
            report.bytes += document.bytes;
            let path = document.path.as_ref().unwrap_or(&path);
            report.warnings.extend(document.warnings.into_iter().map(|w| (path.clone(), w)));
        }
    }
    report.warnings.extend(of_sidecars);
    report
}

fn now_ns() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX))
}
