//! Damage to any file of an index: never a panic, never an answer other than the true one, and
//! `check` finds it.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery::query::{ParseOptions, Query};
use chancery::search::{FacetField, SearchOptions};
use chancery::{Corpus, Project};

use crate::support::Desk;

/// Twelve ways to damage a file; `None` where one changes nothing.
fn mutations(bytes: &[u8]) -> Vec<(String, Option<Vec<u8>>)> {
    let length = bytes.len();
    let mut all = Vec::new();
    let mut add = |name: String, bytes: Vec<u8>| all.push((name, Some(bytes)));
    for (part, bit) in [(0, 0), (1, 3), (2, 7), (3, 5), (4, 1)] {
        if length > 0 {
            let at = (length - 1) * part / 4;
            let mut bytes = bytes.to_vec();
            bytes[at] ^= 1 << bit;
            add(format!("bit {bit} of byte {at}"), bytes);
        }
    }
    for cut in [0, length / 2, length.saturating_sub(1)] {
        add(format!("cut at {cut}"), bytes[..cut].to_vec());
    }
    let mut zeroed = bytes.to_vec();
    zeroed[length / 3..length / 2].fill(0);
    add("zeroes".to_owned(), zeroed);
    let mut swapped = bytes.to_vec();
    let block = 4096.min(length / 3);
    let (head, tail) = swapped.split_at_mut(length - block);
    head[..block].swap_with_slice(tail);
    add("swapped blocks".to_owned(), swapped);
    add("garbage behind".to_owned(), [bytes, b"\0garbage\n"].concat());
    all.retain(|(_, other)| other.as_deref() != Some(bytes));
    all.push(("deleted".to_owned(), None));
    all
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => all.extend(files(&path)),
            path => all.push(path),
        }
    }
    all.sort();
    all
}

const QUERIES: [&str; 7] = [
    "river",
    "\"the council\"",
    "ship* OR treaty",
    "peace NEAR/5 river",
    "title:treaty",
    "france",
    "*",
];

/// Every answer, or the error in its place.
fn answers(project: &Arc<Project>) -> Vec<Result<String, String>> {
    let mut corpus = match Corpus::open(Arc::clone(project)) {
        Ok(corpus) => corpus,
        Err(error) => return vec![Err(error.to_string()); QUERIES.len() + 1],
    };
    let options = SearchOptions {
        facets: FacetField::ALL.iter().map(|(field, _)| *field).collect(),
        occurrences: true,
        texts: true,
        ..SearchOptions::default()
    };
    let mut answers: Vec<_> = QUERIES
        .iter()
        .map(|typed| {
            let query = Query::parse(typed, &ParseOptions::default()).unwrap();
            let found = corpus.search(&query, &options);
            found.map(|results| format!("{results:?}")).map_err(|error| error.to_string())
        })
        .collect();
    let shown = corpus.show("treaty.txt").map(|shown| format!("{:?}", shown.document));
    answers.push(shown.map_err(|error| error.to_string()));
    answers
}

#[test]
fn no_answer_comes_from_a_damaged_byte_and_check_finds_every_damage() {
    let desk = Desk::new();
    let filler = "The ships of both nations sail the river in peace, said the council. ";
    for number in 0..40 {
        let text = format!(
            "Notes {number}\n\n{}\n\nFrance agreed in {}.",
            filler.repeat(20),
            1900 + number
        );
        desk.write(&format!("documents/{number}.txt"), text);
    }
    desk.write(
        "documents/treaty.txt",
        "A Treaty of Rivers\n\nThe council meets in spring in France.\n",
    );
    assert_eq!(desk.run(&["index"]).code, 0);
    // A second segment, and a list of deleted records.
    desk.write(
        "documents/7.txt",
        "Notes 7\n\nThe river froze, and the ships lay still in peace.\n",
    );
    assert_eq!(desk.run(&["index"]).code, 0);
    let project = Arc::new(Project::find(desk.path(), Some(desk.path()), None).unwrap());
    let truth = answers(&project);
    assert!(truth.iter().all(Result::is_ok), "{truth:?}");
    assert_eq!(Corpus::check(&project).unwrap(), Vec::new());

    let (mut tried, mut told) = (0, 0);
    for file in files(&desk.path().join("index")) {
        let name = file.strip_prefix(desk.path()).unwrap().display().to_string();
        let good = fs::read(&file).unwrap();
        for (what, bad) in mutations(&good) {
            // An empty lock file that is not there is made again by the next run.
            if bad.is_none() && good.is_empty() {
                continue;
            }
            match &bad {
                Some(bad) => fs::write(&file, bad).unwrap(),
                None => fs::remove_file(&file).unwrap(),
            }
            let after = catch_unwind(AssertUnwindSafe(|| answers(&project)));
            let after = after.unwrap_or_else(|_| panic!("{name}, {what}: panicked"));
            for (true_one, answer) in truth.iter().zip(&after) {
                match answer {
                    Ok(_) => assert_eq!(answer, true_one, "{name}, {what}"),
                    Err(message) => {
                        told += 1;
                        assert!(message.contains("hint:"), "{name}, {what}: {message}");
                    }
                }
            }
            let checked = catch_unwind(AssertUnwindSafe(|| Corpus::check(&project)));
            let checked = checked.unwrap_or_else(|_| panic!("{name}, {what}: check panicked"));
            assert!(checked.is_err() || !checked.unwrap().is_empty(), "{name}, {what}: not found");
            fs::write(&file, &good).unwrap();
            tried += 1;
        }
    }
    assert_eq!(answers(&project), truth);
    assert!(tried > 150 && told > tried, "{tried} tried, {told} errors told");
}

#[test]
fn a_file_of_an_earlier_commit_is_found() {
    let desk =
        Desk::with(&[("a.txt", "The river treaty holds for all who came to the council.\n")]);
    let segments = desk.path().join("index/segments");
    let read = |name: &str| fs::read(segments.join(name)).unwrap();
    let older = ["meta.json", ".managed.json"].map(|name| (name, read(name)));
    desk.write("documents/b.txt", "Another text about the river and what it means to all.\n");
    assert_eq!(desk.run(&["index"]).code, 0);
    for (name, older) in older {
        let newer = read(name);
        fs::write(segments.join(name), older).unwrap();
        assert_eq!(desk.run(&["check"]).code, 1, "{name}");
        let ran = desk.run(&["search", "--no-refresh", "river"]);
        let said_so = ran.code == 2 && ran.err.contains("is missing");
        // No answer needs the list of files.
        assert_eq!(said_so, name == "meta.json", "{name}: {}", ran.err);
        fs::write(segments.join(name), newer).unwrap();
        assert_eq!(desk.run(&["check"]).code, 0);
    }
}

#[test]
fn a_lost_list_of_files_is_made_again_and_no_answer_needs_it() {
    let desk =
        Desk::with(&[("a.txt", "The river treaty holds for all who came to the council.\n")]);
    let list = desk.path().join("index/segments/.managed.json");
    fs::write(&list, "nonsense").unwrap();
    assert_eq!(desk.run(&["search", "river"]).code, 0);
    assert_eq!(desk.run(&["check"]).code, 1);
    desk.write(
        "documents/b.txt",
        "Another text about the river and the sea, and what they share.\n",
    );
    assert_eq!(desk.run(&["index"]).code, 0);
    assert_eq!(desk.run(&["check"]).code, 0);
}
