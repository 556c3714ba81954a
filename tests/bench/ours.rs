//! Chancery over the corpus: the real program for what starts a process, the library for a warm searcher.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chancery::query::{ParseOptions, Query};
use chancery::search::{FacetField, Filters, KwicOptions, SearchOptions};
use chancery::{Corpus as Opened, Project};

use crate::corpus::{Corpus, collect};
use crate::table::{Table, quantiles};
use crate::yardstick::Warm;

/// Starts of the program that are timed.
const STARTS: usize = 30;
/// Time between two looks at the memory of a running program.
const LOOK: Duration = Duration::from_millis(20);
/// Files that are changed for the figure of that name.
const CHANGED: usize = 100;
/// Files that instructions are counted over.
const COUNTED: usize = 90;

/// The program with an index.
pub(crate) struct Program {
    folder: PathBuf,
    documents: PathBuf,
}

/// What a run of the program took.
struct Run {
    seconds: f64,
    peak_mb: f64,
}

impl Program {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        command.args(arguments).current_dir(&self.folder).env_remove("CHANCERY_INDEX");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let start = Instant::now();
        let mut child = self.command(arguments).spawn().unwrap();
        let status = PathBuf::from(format!("/proc/{}/status", child.id()));
        let ended = AtomicBool::new(false);
        let (seconds, peak_kb) = std::thread::scope(|scope| {
            // The system forgets the figure with the process, so it is read while the process runs.
            let peak = scope.spawn(|| {
                let mut peak_kb = 0_u64;
                while !ended.load(Ordering::Relaxed) {
                    let text = fs::read_to_string(&status).unwrap_or_default();
                    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                    let kb = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok());
                    peak_kb = peak_kb.max(kb.unwrap_or(0));
                    std::thread::sleep(LOOK);
                }
                peak_kb
            });
            let status = child.wait();
            let seconds = start.elapsed().as_secs_f64();
            ended.store(true, Ordering::Relaxed);
            assert!(status.unwrap().success(), "{arguments:?}");
            (seconds, peak.join().unwrap())
        });
        Run { seconds, peak_mb: peak_kb as f64 / 1e3 }
    }

    fn documents(&self) -> &str {
        self.documents.to_str().unwrap()
    }
}

/// Bytes of all files below a folder.
pub(crate) fn size_of(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { size_of(&path) } else { path.metadata().unwrap().len() })
        .sum()
}

/// Copies the corpus, so that files of it can be changed.
pub(crate) fn copy(corpus: &Corpus, desk: &Path) -> Program {
    let documents = desk.join("documents");
    for file in &corpus.files {
        let copy = documents.join(file.strip_prefix(&corpus.folder).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(file, copy).unwrap();
    }
    Program { folder: desk.join("ours"), documents }
}

/// Indexes it from cold; seconds and megabytes of memory at the peak.
pub(crate) fn index(program: &Program) -> (f64, f64) {
    if program.folder.exists() {
        fs::remove_dir_all(&program.folder).unwrap();
    }
    fs::create_dir_all(&program.folder).unwrap();
    let run = program.run(&["index", program.documents()]);
    (run.seconds, run.peak_mb)
}

/// Bytes of the index.
pub(crate) fn index_bytes(program: &Program) -> u64 {
    size_of(&program.folder.join("index"))
}

/// A run with nothing to do.
pub(crate) fn second_run(program: &Program, table: &mut Table) {
    // The first one after indexing hashes files whose time is too near to be trusted.
    program.run(&["index"]);
    table.alone("second run, nothing changed", "s", program.run(&["index"]).seconds);
}

/// A run after some files changed.
pub(crate) fn changed_files(program: &Program, corpus: &Corpus, table: &mut Table) {
    let step = (corpus.files.len() / CHANGED).max(1);
    let mut n_files = 0;
    for file in corpus.files.iter().step_by(step).take(CHANGED) {
        let copy = program.documents.join(file.strip_prefix(&corpus.folder).unwrap());
        let mut bytes = fs::read(&copy).unwrap();
        bytes.extend_from_slice(b"\n\nOne more paragraph.\n");
        fs::write(copy, bytes).unwrap();
        n_files += 1;
    }
    table.alone(&format!("{n_files} changed files"), "s", program.run(&["index"]).seconds);
}

/// From the start of the program to its end, the index in the page cache.
pub(crate) fn one_shot(program: &Program, queries: &[(&str, &str)], table: &mut Table) {
    let start_all = |arguments: &[&str], n: usize| -> Vec<f64> {
        let start = |_| {
            let start = Instant::now();
            let _ = program.command(arguments).status().unwrap();
            start.elapsed().as_secs_f64() * 1000.0
        };
        (0..n).map(start).collect()
    };
    let cases: [(&str, &[&str]); 4] = [
        ("one shot, no index read (--version)", &["--version"]),
        ("one shot, word", &["search", "disarmament"]),
        ("one shot, words", &["search", "nuclear", "weapons", "treaty"]),
        ("one shot, phrase of common words", &["search", "\"United Nations\""]),
    ];
    for (name, arguments) in cases {
        table.alone(name, "ms", quantiles(start_all(arguments, STARTS), &[0.5])[0]);
    }
    let all = queries.iter().flat_map(|(_, typed)| start_all(&["search", typed], STARTS / 10));
    table.alone("one shot, all queries of the list", "ms", quantiles(all.collect(), &[0.5])[0]);
}

/// The same with the index no longer in the page cache: read from the disk. GNU `dd` asks the system to drop
/// a file from it.
pub(crate) fn one_shot_cold(program: &Program, queries: &[(&str, &str)], table: &mut Table) {
    let mut files = Vec::new();
    collect(&program.folder.join("index"), &mut files);
    let drop_all = || {
        files.iter().all(|file| {
            let mut dd = Command::new("dd");
            dd.arg(format!("if={}", file.display())).args(["iflag=nocache", "count=0"]);
            dd.stdout(Stdio::null()).stderr(Stdio::null());
            dd.status().is_ok_and(|status| status.success())
        })
    };
    // Only what is on the disk already can be dropped.
    let written = Command::new("sync").status().is_ok_and(|status| status.success());
    if !written || !drop_all() {
        println!(
            "skipped: no dd that can drop files from the page cache, so none is measured without"
        );
        return;
    }
    let start = |arguments: &[&str]| {
        assert!(drop_all());
        let start = Instant::now();
        let _ = program.command(arguments).status().unwrap();
        start.elapsed().as_secs_f64() * 1000.0
    };
    for (name, arguments) in [
        ("one shot, index not in the page cache, word", &["search", "disarmament"][..]),
        (
            "one shot, index not in the page cache, words",
            &["search", "nuclear", "weapons", "treaty"],
        ),
    ] {
        let times = (0..STARTS / 2).map(|_| start(arguments));
        table.alone(name, "ms", quantiles(times.collect(), &[0.5])[0]);
    }
    let all = queries.iter().map(|(_, typed)| start(&["search", typed]));
    let name = "one shot, index not in the page cache, all queries of the list";
    table.alone(name, "ms", quantiles(all.collect(), &[0.5])[0]);
}

/// Queries to a warm searcher, by class, beside the bare engine where it can answer: first the one, then the
/// other, round by round, since the speed of a machine changes within seconds.
pub(crate) fn warm(
    program: &Program,
    queries: &[(&str, &str)],
    rounds: usize,
    bare: &Warm<'_>,
    table: &mut Table,
) {
    let project = Arc::new(Project::find(&program.folder, None, None).unwrap());
    let mut corpus = Opened::open(project).unwrap();
    let plain = SearchOptions { limit: Some(10), texts: true, ..SearchOptions::default() };
    let facets = SearchOptions {
        facets: vec![FacetField::Region, FacetField::Topic, FacetField::Year],
        ..plain.clone()
    };
    let years = Filters { year: Some((Some(1980), Some(1999))), ..Filters::default() };
    let filtered = SearchOptions { filters: years, ..plain.clone() };
    let mut times: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut of_bare = BTreeMap::new();
    for round in 0..=rounds {
        bare.round(&mut of_bare);
        for (class, typed) in queries {
            let mut cases = vec![(*class, &plain)];
            if *class == "or" {
                cases.extend([("filter", &filtered), ("facets", &facets)]);
            }
            for (class, options) in cases {
                let start = Instant::now();
                let query = Query::parse(typed, &ParseOptions::default()).unwrap();
                let _ = corpus.search(&query, options).unwrap();
                let took = start.elapsed().as_secs_f64() * 1000.0;
                times.entry(class.to_owned()).or_default().push(took);
            }
        }
        if round == 0 {
            // The first round fills caches.
            times.clear();
            of_bare.clear();
        }
    }
    let bare = of_bare;
    // Concordances read many documents: by themselves, so that no other query finds less of what stays at hand.
    let lines = KwicOptions { left: 10, right: 10, sort: Vec::new(), limit: Some(100), offset: 0 };
    for round in 0..=rounds {
        for (_, typed) in queries.iter().filter(|(class, _)| *class == "phrase") {
            let start = Instant::now();
            let query = Query::parse(typed, &ParseOptions::default()).unwrap();
            let mut n_lines = 0;
            let each = &mut |_| {
                n_lines += 1;
                true
            };
            let _ = corpus.kwic(&query, &plain, &lines, each).unwrap();
            if round > 0 && n_lines > 0 {
                let took = start.elapsed().as_secs_f64() * 1000.0;
                times.entry("kwic, 100 lines".to_owned()).or_default().push(took);
            }
        }
    }
    let shares = [0.5, 0.99];
    for (class, times) in &times {
        let ours = quantiles(times.clone(), &shares);
        let theirs = bare.get(class).map(|times| quantiles(times.clone(), &shares));
        for (index, name) in ["p50", "p99"].into_iter().enumerate() {
            let row = format!("warm, {class}, {name}");
            match &theirs {
                Some(theirs) => table.beside(&row, "ms", ours[index], theirs[index]),
                None => table.alone(&row, "ms", ours[index]),
            }
        }
    }
    // The mixed list: classes that both can answer.
    let mixed = |all: &BTreeMap<String, Vec<f64>>| -> Vec<f64> {
        let both = all.iter().filter(|(class, _)| bare.contains_key(*class));
        quantiles(both.flat_map(|(_, times)| times.iter().copied()).collect(), &shares)
    };
    let (ours, theirs) = (mixed(&times), mixed(&bare));
    table.beside("warm, all that both answer, p50", "ms", ours[0], theirs[0]);
    table.beside("warm, all that both answer, p99", "ms", ours[1], theirs[1]);
}

/// Instructions under callgrind: the same for the same program and input, whatever else the machine does.
pub(crate) fn instructions(program: &Program, corpus: &Corpus, desk: &Path, table: &mut Table) {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: valgrind is not installed, so no instructions are counted");
        return;
    }
    let few = desk.join("few");
    fs::create_dir_all(&few).unwrap();
    let step = (corpus.files.len() / COUNTED).max(1);
    for file in corpus.files.iter().step_by(step).take(COUNTED) {
        fs::copy(file, few.join(file.file_name().unwrap())).unwrap();
    }
    let index = desk.join("few-index");
    let (few, index) = (few.to_str().unwrap(), index.to_str().unwrap());
    let cases: [(&str, Vec<&str>); 3] = [
        ("instructions, 90 files indexed", vec!["--index", index, "index", few]),
        ("instructions, one shot, word", vec!["search", "disarmament"]),
        ("instructions, one shot, phrase of common words", vec!["search", "\"United Nations\""]),
    ];
    for (name, arguments) in cases {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(env!("CARGO_BIN_EXE_chancery"))
            .args(&arguments)
            .current_dir(&program.folder)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        let counted = errors.lines().find_map(|line| line.split_once("Collected :"));
        let n: Option<f64> = counted.and_then(|(_, n)| n.trim().parse().ok());
        table.alone(name, "million", n.unwrap_or(f64::NAN) / 1e6);
    }
}
