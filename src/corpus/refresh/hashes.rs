//! The hash of each file, read only where size and time do not vouch for it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::index::Manifest;
use crate::ingest::walk::{Found, hash_file, look_into};

/// A file changed within this time before the last run may have changed again unseen.
const TIME_DOUBT_NS: i64 = 2_000_000_000;

/// The hash of a file, if it is needed, or why it cannot be read.
type Looked = Result<Option<String>, String>;

/// The hash of each file in order, or why it cannot be read; `None` when the run was told to stop.
/// Taken from the last run where size and time are the same. The hash of a file is `None` where nothing
/// can have the same bytes, as in a first run no file of a size of its own: so that a folder is read once.
pub(super) fn hash_files(
    files: &[Found],
    old: &Manifest,
    threads: usize,
    stop: &AtomicBool,
) -> Option<Vec<Looked>> {
    let known = |file: &Found| {
        let entry = old.files.get(&file.path)?;
        let same = entry.size == file.size
            && entry.modified_ns == file.modified_ns
            && entry.changed_ns == file.changed_ns
            && !entry.stale
            && file.modified_ns.max(file.changed_ns) < old.read_at_ns.saturating_sub(TIME_DOUBT_NS);
        same.then(|| entry.hash.clone())
    };
    let mut of_size: BTreeMap<u64, usize> = BTreeMap::new();
    for file in files {
        *of_size.entry(file.size).or_default() += 1;
    }
    let is_unlike = |file: &Found| old.files.is_empty() && of_size.get(&file.size) == Some(&1);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Looked)>> = Mutex::new(Vec::new());
    let work = || {
        let mut own = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(at) else { break };
            let hash = match known(file) {
                Some(hash) => Ok(Some(hash)),
                None if is_unlike(file) => look_into(file).map(|()| None),
                None => hash_file(file).map(|hash| Some(hash.to_string())),
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    use super::super::{Project, Request};
    use crate::Corpus;
    use crate::document::ContentHash;
    use crate::index::{FileEntry, Reader};

    /// Indexes the documents of a folder; the report's counts and the entries of the manifest.
    fn index(folder: &Path) -> (Vec<usize>, Vec<(String, FileEntry)>) {
        let project = Arc::new(Project::find(folder, Some(folder), None).unwrap());
        let request = Request { paths: vec![folder.join("documents")], ..Request::default() };
        let report = Corpus::refresh(&project, &request, &()).unwrap();
        let manifest = Reader::open(project.index()).unwrap().manifest().unwrap();
        let counts = vec![report.added, report.changed, report.moved, report.duplicates.len()];
        (counts, manifest.files.into_iter().collect())
    }

    /// A first run reads a file of a size of its own once. Its hash is in the manifest all the same, and
    /// copies are found among files of one size.
    #[test]
    fn every_file_has_its_hash_after_the_first_run() {
        let folder = tempfile::tempdir().unwrap();
        let documents = folder.path().join("documents");
        fs::create_dir_all(&documents).unwrap();
        let texts = ["The river.", "The treaty.", "The river.", "The rivet.", "", "A longer one."];
        for (number, text) in texts.iter().enumerate() {
            fs::write(documents.join(format!("{number}.txt")), text).unwrap();
        }
        let (counts, files) = index(folder.path());
        assert_eq!(counts, [6, 0, 0, 1]);
        for (text, (path, entry)) in texts.iter().zip(&files) {
            assert_eq!(entry.hash, ContentHash::of(text.as_bytes()).as_str(), "{path}");
            let first = (path == "2.txt").then(|| "0.txt".to_owned());
            assert_eq!((&entry.same_as, entry.stale), (&first, false), "{path}");
        }
        // What a later run makes of it rests on those hashes.
        fs::rename(documents.join("1.txt"), documents.join("7.txt")).unwrap();
        fs::write(documents.join("8.txt"), "A longer one.").unwrap();
        let (counts, files) = index(folder.path());
        assert_eq!(counts, [1, 0, 1, 2]);
        assert_eq!(files.last().unwrap().1.same_as.as_deref(), Some("5.txt"));
    }
}
