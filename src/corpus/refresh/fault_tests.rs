//! Runs on a disk that is full or broken from the n-th call on, for every n: the cause is told, the
//! last commit answers as before, and a run after it gives what a clean build gives.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Request;
use crate::corpus::{Corpus, Error, Project};
use crate::index::{self, faults};
use crate::query::{ParseOptions, Query};
use crate::search::SearchOptions;

fn project(folder: &Path) -> Arc<Project> {
    Arc::new(Project::find(folder, Some(folder), None).unwrap())
}

/// Two states of a folder: made, then changed in every way.
fn write(folder: &Path, state: usize) {
    let documents = folder.join("documents");
    fs::create_dir_all(&documents).unwrap();
    let text = |number: usize, state: usize| {
        format!("Text {number} of state {state}: the river treaty holds.\n").repeat(20)
    };
    for number in 0..6 {
        let path = documents.join(format!("{number}.txt"));
        match (state, number) {
            (1, 0) => fs::remove_file(path).unwrap(),
            (1, 1) => fs::rename(path, documents.join("moved.txt")).unwrap(),
            (1, 2 | 3) => fs::write(path, text(number, 1)).unwrap(),
            (1, _) => {}
            _ => fs::write(path, text(number, 0)).unwrap(),
        }
    }
}

/// What a search sees, or that there is no index.
fn seen(folder: &Path) -> Option<String> {
    let mut corpus = match Corpus::open(project(folder)) {
        Ok(corpus) => corpus,
        Err(Error::Index(index::Error::Missing(_))) => return None,
        Err(error) => panic!("{error}"),
    };
    let query = Query::parse("river", &ParseOptions::default()).unwrap();
    let options = SearchOptions { texts: true, ..SearchOptions::default() };
    let results = corpus.search(&query, &options).unwrap();
    Some(format!("{} {results:?}", corpus.summary().fingerprint))
}

fn run(folder: &Path) -> Result<(), Error> {
    let request = Request { commit_every: Duration::from_secs(600), ..Request::default() };
    super::refresh(&project(folder), &request, &()).map(drop)
}

/// Fails every call in turn; `step` keeps the number of runs down.
fn fail_everywhere(state: usize, code: i32, step: usize) {
    let expected = {
        let clean = tempfile::tempdir().unwrap();
        write(clean.path(), 0);
        if state == 1 {
            write(clean.path(), 1);
        }
        run(clean.path()).unwrap();
        seen(clean.path())
    };
    let mut failures = 0;
    for calls in (0..).step_by(step) {
        let place = tempfile::tempdir().unwrap();
        let index = place.path().join("index");
        write(place.path(), 0);
        if state == 1 {
            run(place.path()).unwrap();
            write(place.path(), 1);
        }
        let before = seen(place.path());
        faults::set(&index, calls, code);
        let ran = run(place.path());
        let failed = faults::clear(&index);
        if !failed {
            ran.unwrap();
            assert_eq!(seen(place.path()), expected);
            break;
        }
        failures += 1;
        match ran {
            // Work after the commit, such as merging, may fail without harm.
            Ok(()) => assert_eq!(seen(place.path()), expected, "after {calls} calls"),
            Err(error) => {
                let message = error.to_string();
                let cause = std::io::Error::from_raw_os_error(code).to_string();
                assert!(
                    message.contains(&cause) && message.contains("hint:"),
                    "{calls}: {message}"
                );
                let now = seen(place.path());
                assert!(now == before || now == expected, "after {calls} calls");
            }
        }
        run(place.path()).unwrap();
        assert_eq!(seen(place.path()), expected, "mended after {calls} calls");
        assert_eq!(Corpus::check(&project(place.path())).unwrap(), Vec::new());
    }
    assert!(failures > 10, "{failures} failures");
}

/// Numbers of errors on the systems that Rust calls unix.
#[cfg(unix)]
const NO_SPACE: i32 = 28;
#[cfg(unix)]
const BROKEN_DISK: i32 = 5;

#[cfg(unix)]
#[test]
fn a_full_disk_stops_a_first_run_at_any_call_and_harms_nothing() {
    fail_everywhere(0, NO_SPACE, 1);
}

#[cfg(unix)]
#[test]
fn a_full_disk_stops_an_update_at_any_call_and_harms_nothing() {
    fail_everywhere(1, NO_SPACE, 1);
}

#[cfg(unix)]
#[test]
fn a_broken_disk_stops_an_update_at_any_call_and_harms_nothing() {
    fail_everywhere(1, BROKEN_DISK, 3);
}
