//! Reads files on several threads and writes their documents in the order of the paths.
//!
//! A thread that hangs in a file cannot be ended; so threads own what they need, and a run that is
//! told to stop commits what is whole and leaves them behind.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::super::sidecars::Informed;
use super::super::{Error, Project};
use super::members::{self, Piece};
use super::plan::{Job, Plan};
use super::{Progress, Request};
use crate::document::ContentHash;
use crate::index::{Manifest, Preparer, Preparing, Writer};
use crate::ingest::walk::read_file;

/// Documents that may be ready ahead of the one that is written next.
const AHEAD: usize = 64;
/// Bytes of files that may be in work besides the one that is written next.
const BYTES_AHEAD: u64 = 64 << 20;
/// Stack of a reading thread.
const STACK_BYTES: usize = 16 << 20;
/// How often a waiting run looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);

/// What the threads share.
pub(super) struct Shared {
    pub(super) settings: Informed,
    pub(super) preparing: Preparing,
    /// Threads that may read at once.
    pub(super) threads: usize,
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

    /// Waits until the job is the one being written; `false` when the run is to stop.
    fn wait_for_turn(&self, at: usize) -> bool {
        let Ok(mut turn) = self.turn.lock() else { return false };
        while turn.written < at {
            if self.stop.load(Ordering::Relaxed) {
                return false;
            }
            match self.moved_on.wait_timeout(turn, LOOK) {
                Ok((next, _)) => turn = next,
                Err(_) => return false,
            }
        }
        true
    }

    /// Reads a file and hands on what it gives.
    fn read(&self, at: usize, job: &Job, preparer: &mut Preparer, send: &Sender<(usize, Piece)>) {
        let mut sent = 0;
        let mut hand_on = |piece: Piece| {
            sent += 1;
            // What a file gives may be more than can wait.
            let goes_on = sent < AHEAD || self.wait_for_turn(at);
            goes_on && !self.stop.load(Ordering::Relaxed) && send.send((at, piece)).is_ok()
        };
        let bytes = match read_file(&job.file) {
            Ok(bytes) => bytes,
            Err(reason) => {
                hand_on(Piece::LeftOut(job.file.path.clone(), reason));
                hand_on(Piece::End { hash: None, other: true });
                return;
            }
        };
        let hash = ContentHash::of(&bytes);
        let other = match &job.hash {
            Some(before) => hash.as_str() != before,
            None => bytes.len() as u64 != job.file.size,
        };
        members::read(self, job, bytes, preparer, &mut hand_on);
        hand_on(Piece::End { hash: Some(hash), other });
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
    let Plan { mut target, jobs, entries, gone, sidecars, .. } = plan;
    progress.begin(jobs.len(), jobs.iter().map(|job| job.file.size).sum());
    let shared = Arc::new(Shared {
        settings: Informed { project: Arc::clone(project), sidecars },
        preparing: writer.preparing(),
        threads: request.threads(),
        jobs,
        turn: Mutex::default(),
        moved_on: Condvar::new(),
        stop: Arc::clone(&request.stop),
    });
    let reads = start(&shared, request.threads())?;
    writer.holds(old.files.values().flat_map(|file| &file.documents).map(|d| d.id.as_str()));
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
    // Files whose documents are all in the last commit.
    let mut kept = 0;
    let mut waiting: BTreeMap<usize, VecDeque<Piece>> = BTreeMap::new();
    for ((at, job), mut entry) in shared.jobs.iter().enumerate().zip(entries) {
        let mut begun = false;
        let other = loop {
            let stopped = shared.stop.load(Ordering::Relaxed);
            if stopped && !begun {
                break None;
            }
            if let Some(piece) = waiting.get_mut(&at).and_then(VecDeque::pop_front) {
                if !std::mem::replace(&mut begun, true) {
                    writer.replace(&job.before, Vec::new())?;
                }
                match piece {
                    Piece::Document(prepared) => {
                        entry.documents.push(prepared.entry.clone());
                        writer.replace(&[], vec![*prepared])?;
                    }
                    Piece::LeftOut(path, reason) if path == job.file.path => {
                        entry.skipped = Some(reason);
                    }
                    Piece::LeftOut(path, reason) => entry.left_out.push((path, reason)),
                    Piece::Junk(path) => entry.junk.push(path),
                    Piece::End { hash, other } => {
                        if let (None, Some(hash)) = (&job.hash, hash) {
                            hash.as_str().clone_into(&mut entry.hash);
                        }
                        break Some(other);
                    }
                }
                continue;
            }
            // A file that is begun is written to its end, if that is here.
            if stopped && reads.is_empty() {
                break None;
            }
            match reads.recv_timeout(LOOK) {
                Ok((index, piece)) => waiting.entry(index).or_default().push_back(piece),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) if !shared.stop.load(Ordering::Relaxed) => {
                    return Err(Error::Threads(io::Error::other("a thread ended early")));
                }
                Err(RecvTimeoutError::Disconnected) => {}
            }
        };
        waiting.remove(&at);
        let Some(other) = other else {
            // The documents of a file come together: of one half written nothing is committed.
            if at > kept && !begun {
                writer.commit(&so_far)?;
                kept = at;
            }
            progress.end();
            return Err(Error::Interrupted { kept, left: shared.jobs.len() - kept });
        };
        entry.stale = other;
        if other {
            let note = "changed while it was being read".to_owned();
            entry.documents.iter_mut().for_each(|document| document.warnings.push(note.clone()));
        }
        entry.documents.shrink_to_fit();
        so_far.files.insert(job.file.path.clone(), entry);
        shared.written(job.file.size);
        progress.advance(job.file.size);
        if since.elapsed() >= request.commit_every && at + 1 < shared.jobs.len() {
            writer.commit(&so_far)?;
            kept = at + 1;
            since = Instant::now();
        }
    }
    so_far.files.retain(|path, _| {
        shared.jobs.binary_search_by(|job| job.file.path.as_str().cmp(path)).is_ok()
    });
    so_far.files.append(&mut target.files);
    target.files = so_far.files;
    let present: BTreeSet<&str> =
        target.files.values().flat_map(|file| &file.documents).map(|d| d.id.as_str()).collect();
    for id in gone.iter().filter(|id| !present.contains(id.as_str())) {
        writer.remove(id)?;
    }
    drop(present);
    writer.commit(&target)?;
    progress.end();
    writer.finish()?;
    Ok(target)
}

/// Starts the reading threads.
fn start(shared: &Arc<Shared>, threads: usize) -> Result<Receiver<(usize, Piece)>, Error> {
    let (sender, receiver) = crossbeam_channel::bounded(AHEAD);
    for number in 0..threads.min(shared.jobs.len()) {
        let (sender, shared) = (sender.clone(), Arc::clone(shared));
        let work = move || {
            let mut preparer = shared.preparing.preparer();
            while let Some(at) = shared.take() {
                let Some(job) = shared.jobs.get(at) else { break };
                shared.read(at, job, &mut preparer, &sender);
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
