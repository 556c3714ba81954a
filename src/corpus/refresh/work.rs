//! Reads files on several threads and writes their documents in the order of the paths.
//!
//! A thread that hangs in a file cannot be ended; so threads own what they need, and a run that is
//! told to stop commits what is whole and leaves them behind.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::super::sidecars::Informed;
use super::super::{Error, Project};
use super::plan::{Job, Plan};
use super::{Progress, Request};
use crate::analysis::Analyzer;
use crate::index::{self, DocumentEntry, Fields, FileEntry, Manifest, Prepared, Writer};
use crate::ingest;
use crate::ingest::walk::read_file;

/// Documents that may be ready ahead of the one that is written next.
const AHEAD: usize = 64;
/// Bytes of files that may be in work besides the one that is written next.
const BYTES_AHEAD: u64 = 64 << 20;
/// Stack of a reading thread.
const STACK_BYTES: usize = 16 << 20;
/// How often a waiting run looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);

/// What a file gave: its documents, or why it gave none.
struct Read {
    documents: Result<Vec<Prepared>, String>,
    /// Whether the bytes were no longer those that the plan was made for.
    other: bool,
}

/// What the threads share.
struct Shared {
    settings: Informed,
    fields: Fields,
    jobs: Vec<Job>,
    turn: Mutex<Turn>,
    moved_on: Condvar,
    stop: Arc<AtomicBool>,
}

/// Who may go on.
#[derive(Default)]
struct Turn {
    /// The next job to take.
    next: usize,
    /// Jobs written.
    written: usize,
    /// Bytes of files taken and not yet written.
    bytes: u64,
}

impl Shared {
    /// The next job, once it is near enough to what is being written.
    fn take(&self) -> Option<usize> {
        let mut turn = self.turn.lock().ok()?;
        let at = turn.next;
        let size = self.jobs.get(at)?.file.size;
        turn.next += 1;
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            let near = at < turn.written + AHEAD && turn.bytes + size <= BYTES_AHEAD;
            if near || at == turn.written {
                turn.bytes += size;
                return Some(at);
            }
            turn = self.moved_on.wait_timeout(turn, LOOK).ok()?.0;
        }
    }

    fn written(&self, size: u64) {
        if let Ok(mut turn) = self.turn.lock() {
            turn.written += 1;
            turn.bytes = turn.bytes.saturating_sub(size);
        }
        self.moved_on.notify_all();
    }

    fn read(&self, job: &Job, analyzer: &mut Analyzer) -> Read {
        let mut other = false;
        let bytes = match read_file(&job.file) {
            Ok(bytes) => bytes,
            Err(reason) => return Read { documents: Err(reason), other: true },
        };
        let read = catch_unwind(AssertUnwindSafe(|| {
            let document = ingest::read(bytes, &job.file.path, &self.settings)?;
            other = document.content_hash.as_str() != job.hash;
            let mut prepared = index::prepare(&document, &self.fields, analyzer)
                .map_err(|error| error.to_string())?;
            if other {
                prepared.entry.warnings.push("changed while it was being read".to_owned());
            }
            Ok(vec![prepared])
        }));
        let broken = || Err("cannot be read: its reader failed (a fault of chancery)".to_owned());
        Read { documents: read.unwrap_or_else(|_| broken()), other }
    }
}

/// Writes what a plan asks for and commits it; from time to time what is whole so far.
pub(super) fn carry_out(
    project: &Arc<Project>,
    mut writer: Writer,
    plan: Plan,
    old: Manifest,
    request: &Request,
    progress: &dyn Progress,
) -> Result<Manifest, Error> {
    let Plan { mut target, jobs, gone, sidecars, .. } = plan;
    progress.begin(jobs.len(), jobs.iter().map(|job| job.file.size).sum());
    let shared = Arc::new(Shared {
        settings: Informed { project: Arc::clone(project), sidecars },
        fields: writer.fields().clone(),
        jobs,
        turn: Mutex::default(),
        moved_on: Condvar::new(),
        stop: Arc::clone(&request.stop),
    });
    let reads = start(&shared, request.threads())?;
    // Files that were not reached yet are in the index as they were; what they are now is not known.
    let mut so_far = Manifest {
        files: old.files,
        skipped: old.skipped,
        unfinished: true,
        ..target.clone_without_files()
    };
    for job in &shared.jobs {
        if let Some(entry) = so_far.files.get_mut(&job.file.path) {
            entry.stale = true;
        }
    }
    let mut since = Instant::now();
    let mut waiting: BTreeMap<usize, Read> = BTreeMap::new();
    for (at, job) in shared.jobs.iter().enumerate() {
        let read = loop {
            if shared.stop.load(Ordering::Relaxed) {
                break None;
            }
            if let Some(read) = waiting.remove(&at) {
                break Some(read);
            }
            match reads.recv_timeout(LOOK) {
                Ok((index, read)) => drop(waiting.insert(index, read)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) if !shared.stop.load(Ordering::Relaxed) => {
                    return Err(Error::Threads(io::Error::other("a thread ended early")));
                }
                Err(RecvTimeoutError::Disconnected) => {}
            }
        };
        let Some(read) = read else {
            if at > 0 {
                writer.commit(&so_far)?;
            }
            progress.end();
            return Err(Error::Interrupted { kept: at, left: shared.jobs.len() - at });
        };
        let Some(entry) = target.files.get_mut(&job.file.path) else { continue };
        write(&writer, job, read, entry)?;
        so_far.files.insert(job.file.path.clone(), entry.clone());
        shared.written(job.file.size);
        progress.advance(job.file.size);
        if since.elapsed() >= request.commit_every && at + 1 < shared.jobs.len() {
            writer.commit(&so_far)?;
            since = Instant::now();
        }
    }
    let present =
        |entry: &FileEntry| entry.documents.iter().map(|d| d.id.clone()).collect::<Vec<_>>();
    let present: BTreeSet<String> = target.files.values().flat_map(present).collect();
    for id in gone.difference(&present) {
        writer.remove(id);
    }
    writer.commit(&target)?;
    progress.end();
    writer.finish()?;
    Ok(target)
}

/// Hands a file's documents to the engine and notes them in its entry.
fn write(writer: &Writer, job: &Job, read: Read, entry: &mut FileEntry) -> Result<(), Error> {
    entry.stale = read.other;
    let prepared = match read.documents {
        Ok(prepared) => prepared,
        Err(reason) => {
            entry.skipped = Some(reason);
            Vec::new()
        }
    };
    entry.documents = prepared.iter().map(|p| p.entry.clone()).collect::<Vec<DocumentEntry>>();
    writer.replace(&job.before, prepared)?;
    Ok(())
}

/// Starts the reading threads.
fn start(shared: &Arc<Shared>, threads: usize) -> Result<Receiver<(usize, Read)>, Error> {
    let (sender, receiver) = crossbeam_channel::bounded(AHEAD);
    for number in 0..threads.min(shared.jobs.len()) {
        let (sender, shared) = (sender.clone(), Arc::clone(shared));
        let work = move || {
            let mut analyzer = Analyzer::new();
            while let Some(at) = shared.take() {
                let Some(job) = shared.jobs.get(at) else { break };
                let read = shared.read(job, &mut analyzer);
                if sender.send((at, read)).is_err() {
                    break;
                }
            }
        };
        let started = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work);
        // One thread is enough to go on with.
        if let (Err(source), 0) = (started, number) {
            return Err(Error::Threads(source));
        }
    }
    Ok(receiver)
}
