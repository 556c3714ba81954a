//! What a file gives: its document, or the documents in it, one after another.
//!
//! The members of a large file are understood on several threads and handed on in their order.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use super::plan::Job;
use super::work::Shared;
use crate::document::ContentHash;
use crate::index::{Prepared, Preparer};
use crate::ingest::{self, Part};

/// A file of so many bytes is worth more than one thread.
const LARGE: u64 = 256 << 10;
/// Members that may be in work at once.
const IN_WORK: usize = 64;
/// Bytes that they may have together.
const BYTES_IN_WORK: usize = 64 << 20;
/// Stack of a reading thread.
const STACK_BYTES: usize = 16 << 20;

/// Something that a file gave.
pub(super) enum Piece {
    /// A document, ready to be written.
    Document(Box<Prepared>),
    /// What was left out: path and reason.
    LeftOut(String, String),
    /// Junk in a container.
    Junk(String),
    /// The file is done: the hash of its bytes, if they could be read; `other` says whether they were no longer
    /// those that were looked at.
    End { hash: Option<ContentHash>, other: bool },
}

/// Reads a file and hands on all it gives, in order, until `hand_on` returns `false`.
pub(super) fn read(
    shared: &Shared,
    job: &Job,
    bytes: Vec<u8>,
    preparer: &mut Preparer,
    hand_on: &mut dyn FnMut(Piece) -> bool,
) {
    let path = &job.file.path;
    let worth_threads = shared.threads > 1 && bytes.len() as u64 >= LARGE;
    std::thread::scope(|scope| {
        let mut crew: Option<Crew> = None;
        let mut take = |part: Part| {
            if crew.is_none() && worth_threads && part.container.is_some() {
                crew = Crew::start(scope, shared);
            }
            match &mut crew {
                Some(crew) => crew.give(part, hand_on),
                None => hand_on(understand(shared, part, preparer)),
            }
        };
        let opened = catch_unwind(AssertUnwindSafe(|| {
            ingest::parts(bytes, path, &shared.settings, &mut take);
        }));
        if let Some(mut crew) = crew {
            crew.finish(hand_on);
        }
        if opened.is_err() {
            hand_on(Piece::LeftOut(path.clone(), FAULT.to_owned()));
        }
    });
}

const FAULT: &str = "cannot be read: its reader failed (a fault of chancery)";

/// Makes a document of a part.
fn understand(shared: &Shared, part: Part, preparer: &mut Preparer) -> Piece {
    let path = part.path.clone();
    let read = catch_unwind(AssertUnwindSafe(|| {
        let Some(document) = ingest::read_part(part, &shared.settings)? else { return Ok(None) };
        let prepared = preparer.prepare(&document);
        prepared.map(Some).map_err(|error| error.to_string())
    }));
    match read {
        Ok(Ok(Some(prepared))) => Piece::Document(Box::new(prepared)),
        Ok(Ok(None)) => Piece::Junk(path),
        Ok(Err(reason)) => Piece::LeftOut(path, reason),
        Err(_) => Piece::LeftOut(path, FAULT.to_owned()),
    }
}

/// Threads that understand the members of one file.
struct Crew {
    work: Sender<(usize, Part)>,
    done: Receiver<(usize, Piece)>,
    /// Pieces that wait for those before them.
    waiting: BTreeMap<usize, Piece>,
    /// Bytes of each member in work.
    sizes: BTreeMap<usize, usize>,
    given: usize,
    handed_on: usize,
    goes_on: bool,
}

impl Crew {
    /// Starts the threads; `None` when there is none to be had.
    fn start<'s>(scope: &'s std::thread::Scope<'s, '_>, shared: &'s Shared) -> Option<Self> {
        let (work, tasks) = bounded::<(usize, Part)>(IN_WORK);
        let (finished, done) = unbounded();
        for number in 0..shared.threads {
            let (tasks, finished) = (tasks.clone(), finished.clone());
            let run = move || {
                let mut preparer = shared.preparing.preparer();
                for (number, part) in tasks {
                    if finished.send((number, understand(shared, part, &mut preparer))).is_err() {
                        break;
                    }
                }
            };
            let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
            if thread.spawn_scoped(scope, run).is_err() {
                if number == 0 {
                    return None;
                }
                break;
            }
        }
        Some(Self {
            work,
            done,
            waiting: BTreeMap::new(),
            sizes: BTreeMap::new(),
            given: 0,
            handed_on: 0,
            goes_on: true,
        })
    }

    /// Gives out a member, once there is room, and hands on what is done.
    fn give(&mut self, part: Part, hand_on: &mut dyn FnMut(Piece) -> bool) -> bool {
        let full = |crew: &Self| {
            let bytes: usize = crew.sizes.values().sum();
            crew.given - crew.handed_on >= IN_WORK || bytes > BYTES_IN_WORK
        };
        while self.goes_on && full(self) {
            if !self.receive(hand_on) {
                return false;
            }
        }
        self.sizes.insert(self.given, part.size());
        self.given += 1;
        self.goes_on && self.work.send((self.given - 1, part)).is_ok()
    }

    /// Waits for a piece and hands on those whose turn it is.
    fn receive(&mut self, hand_on: &mut dyn FnMut(Piece) -> bool) -> bool {
        let Ok((number, piece)) = self.done.recv() else { return false };
        self.sizes.remove(&number);
        self.waiting.insert(number, piece);
        while let Some(piece) = self.waiting.remove(&self.handed_on) {
            self.handed_on += 1;
            self.goes_on &= self.goes_on && hand_on(piece);
        }
        true
    }

    /// Hands on what is left; the threads end then.
    fn finish(&mut self, hand_on: &mut dyn FnMut(Piece) -> bool) {
        while self.goes_on && self.handed_on < self.given && self.receive(hand_on) {}
        // Closing the channel ends the threads.
        self.work = bounded(0).0;
    }
}
