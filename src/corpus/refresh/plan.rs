//! What a run has to do: the difference between the manifest of the last commit and the folders.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::sidecars::Sidecars;
use super::roots::Scope;
use super::{Report, now_ns};
use crate::index::{FileEntry, Manifest};
use crate::ingest::extract::NEEDS_OCR;
use crate::ingest::walk::Found;

/// A file to read and to index.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) file: Found,
    /// Hash of its bytes when they were looked at, if they were.
    pub(super) hash: Option<String>,
    /// The documents it gave before.
    pub(super) before: Vec<String>,
}

/// What a run has to do.
pub(super) struct Plan {
    /// The manifest when all is done, without the files of jobs.
    pub(super) target: Manifest,
    /// In the order of paths.
    pub(super) jobs: Vec<Job>,
    /// The files of the jobs, in their order; they lack their documents, and a hash where it was not needed.
    pub(super) entries: Vec<FileEntry>,
    /// Documents of files that are gone, or that are indexed elsewhere from now on.
    pub(super) gone: BTreeSet<String>,
    /// What is counted before anything is read.
    pub(super) report: Report,
    /// What is stated beside the documents.
    pub(super) sidecars: Arc<Sidecars>,
    /// Whether the last commit differs from the target in anything but times.
    pub(super) changes: bool,
}

/// What was found in the scope, with the hash of each file; `None` where no other can have the same bytes.
pub(super) struct Seen {
    pub(super) roots: Vec<String>,
    pub(super) reading: String,
    pub(super) files: Vec<(Found, Option<String>)>,
    pub(super) skipped: Vec<(String, String)>,
    pub(super) ignored: Vec<String>,
}

/// Compares what was seen with the last commit. `None` when files outside the scope would have to be
/// read: the file whose bytes they share was indexed and is gone.
/// `scans` says that pages which are pictures can be read now.
pub(super) fn plan(
    old: &Manifest,
    seen: Seen,
    scope: &Scope,
    sidecars: Sidecars,
    scans: bool,
) -> Option<Plan> {
    let mut target = Manifest {
        roots: seen.roots,
        reading: seen.reading,
        read_at_ns: now_ns(),
        skipped: seen.skipped,
        ignored: seen.ignored,
        ..Manifest::default()
    };
    let mut report = Report { ignored: target.ignored.clone(), ..Report::default() };
    // Files outside the part that was asked for stay as they are.
    let kept: Vec<(&String, &FileEntry)> =
        old.files.iter().filter(|(path, _)| !scope.holds(path)).collect();
    let mut first_of: BTreeMap<String, String> = BTreeMap::new();
    let every = seen.files.iter().filter_map(|(file, hash)| Some((&file.path, hash.as_ref()?)));
    let others = kept.iter().map(|(path, entry)| (*path, &entry.hash));
    // A file that could not be read has none.
    let others = others.filter(|(_, hash)| !hash.is_empty());
    for (path, hash) in every.chain(others) {
        let first = first_of.entry(hash.clone()).or_insert_with(|| path.clone());
        if path < first {
            first.clone_from(path);
        }
    }
    let same_as = |path: &String, hash: &String| first_of.get(hash).filter(|f| *f != path).cloned();

    let mut jobs: Vec<Job> = Vec::new();
    let mut gone: BTreeSet<String> = BTreeSet::new();
    let ids = |entry: &FileEntry| entry.documents.iter().map(|d| d.id.clone()).collect::<Vec<_>>();
    let understood = old.reading == target.reading;
    for (path, entry) in kept {
        let mut entry = FileEntry { stale: entry.stale || !understood, ..entry.clone() };
        let first = same_as(path, &entry.hash);
        match (&entry.same_as, &first) {
            (Some(_), None) => return None,
            (None, Some(_)) => {
                gone.extend(ids(&entry));
                entry.documents.clear();
                entry.left_out.clear();
                entry.junk.clear();
                entry.skipped = None;
            }
            _ => {}
        }
        entry.same_as = first;
        target.files.insert(path.clone(), entry);
    }
    for (file, hash) in seen.files {
        let before = old.files.get(&file.path);
        let mut entry = FileEntry {
            size: file.size,
            modified_ns: file.modified_ns,
            changed_ns: file.changed_ns,
            same_as: hash.as_ref().and_then(|hash| same_as(&file.path, hash)),
            hash: hash.clone().unwrap_or_default(),
            ..FileEntry::default()
        };
        let same = before.is_some_and(|b| {
            b.hash == entry.hash
                && !b.stale
                && understood
                && sidecars.agree(&file.path, b)
                && !(scans && needs_ocr(b))
        });
        match before {
            None => report.added += 1,
            Some(_) if same => report.unchanged += 1,
            Some(_) => report.changed += 1,
        }
        let path = file.path.clone();
        match before {
            Some(before) if same && before.same_as.is_none() && entry.same_as.is_none() => {
                entry.documents.clone_from(&before.documents);
                entry.skipped.clone_from(&before.skipped);
                entry.left_out.clone_from(&before.left_out);
                entry.junk.clone_from(&before.junk);
            }
            _ if entry.same_as.is_some() => gone.extend(before.iter().flat_map(|b| ids(b))),
            _ => jobs.push(Job { hash, before: before.map(ids).unwrap_or_default(), file }),
        }
        target.files.insert(path, entry);
    }
    count_gone(old, &target, &mut gone, &mut report);
    let changes = old.unfinished || !jobs.is_empty() || !gone.is_empty() || differs(old, &target);
    // Each is held once, as there may be very many.
    let entry = |job: &Job| target.files.remove(&job.file.path).unwrap_or_default();
    let entries = jobs.iter().map(entry).collect();
    Some(Plan { target, jobs, entries, gone, report, sidecars: Arc::new(sidecars), changes })
}

/// Whether a file, or something that it holds, was left out because its pages are pictures.
fn needs_ocr(entry: &FileEntry) -> bool {
    let inside = entry.left_out.iter().map(|(_, reason)| reason);
    entry.skipped.iter().chain(inside).any(|reason| reason.ends_with(NEEDS_OCR))
}

/// Files that are gone, told apart from those that stand elsewhere now.
fn count_gone(old: &Manifest, target: &Manifest, gone: &mut BTreeSet<String>, report: &mut Report) {
    let mut arrived: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, entry) in &target.files {
        if !old.files.contains_key(path) {
            *arrived.entry(&entry.hash).or_default() += 1;
        }
    }
    for (path, entry) in &old.files {
        if target.files.contains_key(path) {
            continue;
        }
        gone.extend(entry.documents.iter().map(|d| d.id.clone()));
        match arrived.get_mut(entry.hash.as_str()).filter(|left| **left > 0) {
            Some(left) => {
                *left -= 1;
                report.moved += 1;
                report.added = report.added.saturating_sub(1);
            }
            None => report.removed += 1,
        }
    }
}

/// Whether anything but the times of files differs.
fn differs(old: &Manifest, new: &Manifest) -> bool {
    old.roots != new.roots
        || old.reading != new.reading
        || old.ignored != new.ignored
        || old.skipped != new.skipped
        || old.files.len() != new.files.len()
        || old.files.iter().zip(&new.files).any(|((path, a), (other, b))| {
            path != other || a.hash != b.hash || a.same_as != b.same_as
        })
}
