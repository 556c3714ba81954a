//! Whatever happens to a folder, and however runs end: the index becomes what a clean build gives.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use chancery::query::{ParseOptions, Query};
use chancery::search::{FacetField, SearchOptions};
use chancery::{Corpus, Error, IndexRequest, Progress, Project};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::leftovers;

/// Places; some share folders, some are of formats that are not read, two are junk.
const PATHS: [&str; 16] = [
    "a.txt",
    "A.txt",
    "rows.jsonl",
    "mail.eml",
    "b.txt",
    "d/a.txt",
    "d/deep/c.md",
    "d/FJI_72_2017.txt",
    "e/a.txt",
    "e/page.html",
    "e/scan.pdf",
    "Z.txt",
    "._junk.txt",
    "d/.hidden/x.txt",
    "é ü.txt",
    // As a member of the archive below would be called.
    "box.zip!/b.txt",
];
/// Texts, each as long as the next, so that sizes tell nothing.
const TEXTS: [&str; 6] = [
    "The river treaty of 1978 was signed by France and Peru in peace.\n\nPeace holds here.",
    "The ocean treaty of 1978 was signed by France and Mali in peace.\n\nPeace holds here.",
    "# Water\n\nThe council met twice; nations of the river agreed on a just peace for all.",
    "%PDF-1.7 a scan without words that no reader of this program can take for a text now",
    "                                                                                   ",
    "In 2001 the council of the sea met in Geneva; nations agreed on one treaty for all it",
];

/// Files beside the documents: an outline, a table.
const STATED: [(&str, &str); 5] = [
    ("", ""),
    ("[metadata]\ntitle = \"Waters\"\nspeaker = \"Jane Roe\"\n", ""),
    ("", "path,title,date\na.txt,Rivers,1957-02-03\nd/a.txt,Seas,1960\nbox.zip!/b.txt,Box,1970\n"),
    ("[metadata\n", "path,title\n\"a.txt,Rivers\n"),
    ("[metadata]\ntitle = \"Seas\"\n", "path,country\nb.txt,France\ngone.txt,Peru\n"),
];

#[derive(Debug, Clone)]
enum Step {
    Write(usize, usize),
    /// Other bytes, same size, same time of change.
    Replace(usize, usize),
    Remove(usize),
    Move(usize, usize),
    MoveFolder(&'static str, &'static str),
    Touch(usize),
    Settings(bool),
    SecondRoot(bool),
    /// A file becomes a folder that holds a file, or the other way round.
    Swap(usize),
    /// An archive of these members, each of a text; without any it is deleted.
    Archive(Vec<(usize, usize)>),
    /// What is stated beside the documents: an outline, a table, a broken table, nothing.
    Stated(usize),
    Index,
    Part(&'static str),
    /// A run that is told to stop after so many files, with a commit after each.
    Interrupt(usize),
}

fn step() -> impl Strategy<Value = Step> {
    // The last one is for a history of its own.
    let path = || 0..PATHS.len() - 1;
    let text = || 0..TEXTS.len();
    prop_oneof![
        6 => (path(), text()).prop_map(|(path, text)| Step::Write(path, text)),
        2 => (path(), text()).prop_map(|(path, text)| Step::Replace(path, text)),
        3 => path().prop_map(Step::Remove),
        3 => (path(), path()).prop_map(|(from, to)| Step::Move(from, to)),
        1 => Just(Step::MoveFolder("d", "f")),
        1 => Just(Step::MoveFolder("f", "d")),
        1 => path().prop_map(Step::Touch),
        1 => any::<bool>().prop_map(Step::Settings),
        1 => any::<bool>().prop_map(Step::SecondRoot),
        1 => path().prop_map(Step::Swap),
        2 => prop::collection::vec((path(), text()), 0..4).prop_map(Step::Archive),
        2 => (0..STATED.len()).prop_map(Step::Stated),
        3 => Just(Step::Index),
        2 => prop_oneof![Just("d"), Just("e"), Just("a.txt")].prop_map(Step::Part),
        3 => (0..4_usize).prop_map(Step::Interrupt),
    ]
}

/// Stops a run after some files.
struct Brake {
    left: AtomicUsize,
    stop: Arc<AtomicBool>,
}

impl Progress for Brake {
    fn begin(&self, _files: usize, _bytes: u64) {
        if self.left.load(Ordering::SeqCst) == 0 {
            self.stop.store(true, Ordering::SeqCst);
        }
    }
    fn advance(&self, _bytes: u64) {
        if self.left.fetch_sub(1, Ordering::SeqCst) <= 1 {
            self.stop.store(true, Ordering::SeqCst);
        }
    }
    fn end(&self) {}
}

struct Place {
    folder: TempDir,
    second: bool,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("documents")).unwrap();
        fs::create_dir(folder.path().join("more")).unwrap();
        fs::write(folder.path().join("more/a.txt"), TEXTS[0]).unwrap();
        fs::write(folder.path().join("more/own.txt"), "A text of the second root on peace.")
            .unwrap();
        Self { folder, second: false }
    }

    fn project(&self) -> Arc<Project> {
        Arc::new(Project::find(self.folder.path(), Some(self.folder.path()), None).unwrap())
    }

    fn document(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join("documents").join(path)
    }

    fn request(&self) -> IndexRequest {
        let second = self.folder.path().join("more");
        let mut request = IndexRequest { allow_empty: true, ..IndexRequest::default() };
        let roots = match Corpus::open(self.project()) {
            Ok(corpus) => corpus.manifest().unwrap().roots,
            Err(_) => Vec::new(),
        };
        if roots.is_empty() {
            request.paths.push(self.folder.path().join("documents"));
        }
        let has = roots.iter().any(|root| root == "more");
        if self.second && !has {
            request.paths.push(second);
        } else if has && !self.second {
            request.forget.push(second);
        }
        request
    }

    fn index(&self) {
        Corpus::refresh(&self.project(), &self.request(), &()).unwrap();
    }

    fn take(&mut self, step: &Step) {
        let write = |path: &Path, text: &str| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        match step {
            Step::Write(path, text) if self.document(PATHS[*path]).is_dir() => {
                write(&self.document(PATHS[*path]).join("b.txt"), TEXTS[*text]);
            }
            Step::Write(path, text) => write(&self.document(PATHS[*path]), TEXTS[*text]),
            Step::Replace(path, text) => {
                let path = self.document(PATHS[*path]);
                let Ok(before) = fs::metadata(&path) else { return };
                if before.is_dir() {
                    return;
                }
                write(&path, TEXTS[*text]);
                let file = fs::File::options().write(true).open(&path).unwrap();
                file.set_modified(before.modified().unwrap()).unwrap();
            }
            Step::Remove(path) => drop(fs::remove_file(self.document(PATHS[*path]))),
            Step::Move(from, to) => {
                let to = self.document(PATHS[*to]);
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                let _ = fs::rename(self.document(PATHS[*from]), to);
            }
            Step::MoveFolder(from, to) => {
                let _ = fs::rename(self.document(from), self.document(to));
            }
            Step::Touch(path) => {
                if let Ok(file) = fs::File::options().write(true).open(self.document(PATHS[*path]))
                {
                    file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
                }
            }
            Step::Settings(own) => {
                let text = if *own { "[collections]\nown = [\"**/a.txt\"]\n" } else { "" };
                fs::write(self.folder.path().join("chancery.toml"), text).unwrap();
            }
            Step::SecondRoot(second) => self.second = *second,
            Step::Swap(path) => {
                let path = self.document(PATHS[*path]);
                if path.is_dir() {
                    fs::remove_dir_all(&path).unwrap();
                    write(&path, TEXTS[1]);
                } else if path.exists() {
                    fs::remove_file(&path).unwrap();
                    write(&path.join("a.txt"), TEXTS[5]);
                }
            }
            Step::Archive(members) => {
                let path = self.document("box.zip");
                if members.is_empty() {
                    let _ = fs::remove_file(&path);
                } else {
                    fs::write(path, zipped(members)).unwrap();
                }
            }
            Step::Stated(which) => {
                let (outline, table) = STATED[*which];
                for (name, text) in [("a.txt.outline.toml", outline), ("documents.csv", table)] {
                    let path = self.document(name);
                    if text.is_empty() {
                        let _ = fs::remove_file(path);
                    } else {
                        fs::write(path, text).unwrap();
                    }
                }
            }
            Step::Index => self.index(),
            Step::Part(part) => {
                let part = self.document(part);
                if part.exists() && Corpus::exists(&self.project()) {
                    let request = IndexRequest { paths: vec![part], ..self.request() };
                    // Roots that changed are brought in line first.
                    if self.request().paths.is_empty() {
                        Corpus::refresh(&self.project(), &request, &()).unwrap();
                    }
                }
            }
            Step::Interrupt(files) => {
                let request = IndexRequest { commit_every: Duration::ZERO, ..self.request() };
                let left = AtomicUsize::new(*files);
                let brake = Brake { left, stop: Arc::clone(&request.stop) };
                match Corpus::refresh(&self.project(), &request, &brake) {
                    Ok(_) | Err(Error::Interrupted { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }

    /// All that a reader can see of the index.
    fn seen(&self) -> String {
        let mut corpus = Corpus::open(self.project()).unwrap();
        let manifest = corpus.manifest().unwrap();
        let summary = corpus.summary().clone();
        assert!(!summary.unfinished);
        let mut seen = format!("{} {}\n", summary.fingerprint, summary.documents);
        seen += &format!("{:?} {:?}\n", manifest.left_out(), manifest.ignored);
        for (path, file) in &manifest.files {
            seen += &format!("{path} {} {:?} {:?}\n", file.hash, file.same_as, file.documents);
        }
        let options = SearchOptions {
            facets: FacetField::ALL.iter().map(|(field, _)| *field).collect(),
            occurrences: true,
            texts: true,
            ..SearchOptions::default()
        };
        for typed in ["peace", "river treaty", "\"signed by\"", "treaty OR council", "nation*", "*"]
        {
            let query = Query::parse(typed, &ParseOptions::default()).unwrap();
            let results = corpus.search(&query, &options).unwrap();
            seen += &format!("{typed}: {results:?}\n");
        }
        corpus
            .each_document(&mut |document| {
                seen += &format!("{document:?}\n");
                true
            })
            .unwrap();
        seen
    }
}

/// A zip archive of members, each under its path with its text.
fn zipped(members: &[(usize, usize)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, text) in members {
        // Two of one name cannot be in one archive.
        if writer.start_file(PATHS[*path], zip::write::SimpleFileOptions::default()).is_ok() {
            writer.write_all(TEXTS[*text].as_bytes()).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_file_takes_the_place_of_a_member_of_its_path() {
    let (box_of_two, none) = (Step::Archive(vec![(0, 0), (4, 1)]), Step::Archive(Vec::new()));
    let (seen, clean) =
        with_history_and_clean(&[box_of_two, Step::Index, none, Step::Write(15, 2)]);
    assert_eq!(seen, clean);
}

/// Histories to try: few, because each is many runs; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 24 }
}

/// What a folder with this history gives, and what a clean build of its end gives.
fn with_history_and_clean(steps: &[Step]) -> (String, String) {
    let mut place = Place::new();
    for step in steps {
        place.take(step);
    }
    place.index();
    let clean = Place { second: place.second, ..Place::new() };
    for part in ["documents", "chancery.toml"] {
        let from = place.folder.path().join(part);
        if from.exists() {
            copy(&from, &clean.folder.path().join(part));
        }
    }
    if clean.second {
        // The first root was there first.
        let roots = vec![clean.document(""), clean.folder.path().join("more")];
        let request = IndexRequest { paths: roots, allow_empty: true, ..IndexRequest::default() };
        Corpus::refresh(&clean.project(), &request, &()).unwrap();
    } else {
        clean.index();
    }
    assert_eq!(Corpus::check(&place.project()).unwrap(), Vec::new());
    assert_eq!(leftovers(&place.folder.path().join("index")), Vec::<String>::new());
    (place.seen(), clean.seen())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn any_history_gives_what_a_clean_build_gives(steps in prop::collection::vec(step(), 1..16)) {
        let (history, clean) = with_history_and_clean(&steps);
        prop_assert_eq!(history, clean);
    }
}

#[test]
fn help_does_not_speak_of_words_that_were_replaced() {
    let steps = [Step::Write(1, 5), Step::Write(0, 0), Step::Index, Step::Write(0, 2)];
    let (history, clean) = with_history_and_clean(&steps);
    assert_eq!(history, clean);
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().flatten() {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

#[test]
fn the_index_does_not_depend_on_the_number_of_threads() {
    let seen: Vec<String> = [1, 2, 7]
        .into_iter()
        .map(|threads| {
            let place = Place::new();
            for number in 0..40 {
                let text = format!("Text {number} speaks of the river. {}", TEXTS[number % 3]);
                fs::write(place.document(&format!("{number}.txt")), text).unwrap();
            }
            let request = IndexRequest { threads: Some(threads), ..place.request() };
            Corpus::refresh(&place.project(), &request, &()).unwrap();
            place.seen()
        })
        .collect();
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}
