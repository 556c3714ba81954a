//! The hash of each file, read only where size and time do not vouch for it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::index::Manifest;
use crate::ingest::walk::{Found, hash_file};

/// A file changed within this time before the last run may have changed again unseen.
const TIME_DOUBT_NS: i128 = 2_000_000_000;

/// The hash of each file in order, or why it cannot be read; `None` when the run was told to stop.
/// Taken from the last run where size and time are the same.
pub(super) fn hash_files(
    files: &[Found],
    old: &Manifest,
    threads: usize,
    stop: &AtomicBool,
) -> Option<Vec<Result<String, String>>> {
    let known = |file: &Found| {
        let entry = old.files.get(&file.path)?;
        let same = entry.size == file.size
            && entry.modified_ns == file.modified_ns
            && entry.changed_ns == file.changed_ns
            && !entry.stale
            && file.modified_ns.max(file.changed_ns) < old.read_at_ns - TIME_DOUBT_NS;
        same.then(|| entry.hash.clone())
    };
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<String, String>)>> = Mutex::new(Vec::new());
    let work = || {
        let mut own = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(at) else { break };
            let hash = match known(file) {
                Some(hash) => Ok(hash),
                None => hash_file(file).map(|hash| hash.to_string()),
            };
            own.push((at, hash));
        }
        if let Ok(mut done) = done.lock() {
            done.extend(own);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // Without a second thread the first does all.
            if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    (done.len() == files.len()).then(|| done.into_iter().map(|(_, hash)| hash).collect())
}
