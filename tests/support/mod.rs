//! A folder to try the program in, and the data that some tests need from beside the project.

use std::fs;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A project in a temporary folder.
pub(crate) struct Desk {
    folder: TempDir,
}

/// What a run gave.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A project with these documents, indexed.
    pub(crate) fn with(documents: &[(&str, &str)]) -> Self {
        let desk = Self::new();
        for (path, text) in documents {
            desk.write(&format!("documents/{path}"), text);
        }
        assert_eq!(desk.run(&["index"]).code, 0);
        desk
    }

    /// A project with the sample documents, indexed.
    pub(crate) fn samples() -> Self {
        let desk = Self::new();
        desk.copy(&samples(), "documents");
        assert_eq!(desk.run(&["index"]).code, 0);
        desk
    }

    /// Copies a folder and what lies below it.
    pub(crate) fn copy(&self, from: &Path, to: &str) {
        for entry in fs::read_dir(from).unwrap().flatten() {
            let name = format!("{to}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                self.copy(&entry.path(), &name);
            } else {
                self.write(&name, fs::read(entry.path()).unwrap());
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs the program with a text on its standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let mut source = tempfile::tempfile().unwrap();
        source.write_all(input.as_ref()).unwrap();
        source.rewind().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(arguments)
            .current_dir(self.path())
            .env_remove("CHANCERY_INDEX")
            .stdin(Stdio::from(source))
            .output()
            .unwrap();
        Ran::of(&output)
    }

    /// Runs a command that answers with one JSON object.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(arguments);
        serde_json::from_str(&ran.out)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}{}", ran.out, ran.err))
    }
}

impl Ran {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }
}

/// A file or folder of the data beside the project. Where it is absent the test is skipped with a
/// printed line, except in continuous integration, where it must be there.
pub(crate) fn beside(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("shared").join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{path} must be there in CI");
    println!("skipped: the data \"{path}\" is not beside the project");
    None
}

/// The sample documents of the project.
pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("documents")
}

/// Whether `range` of `bytes` is `text`, byte for byte.
pub(crate) fn is_quoted(bytes: &[u8], start: &Value, end: &Value, text: &Value) -> bool {
    let at = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    bytes.get(at(start)..at(end)) == Some(text.as_str().unwrap().as_bytes())
}

/// A small generator with a fixed seed, so that every run sees the same data.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }
}

/// Files of an index folder that a clean build would not have.
pub(crate) fn leftovers(index: &Path) -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    let segments = index.join("segments");
    let mut kept = Vec::new();
    let mut left = names(index);
    left.retain(|name| match name.as_str() {
        "chancery.json" | "segments" => false,
        _ => match name.split_once('-') {
            // One of a kind.
            Some((kind @ ("manifest" | "copies"), _)) => {
                kept.push(kind.to_owned());
                kept.iter().filter(|known| *known == kind).count() > 1
            }
            _ => true,
        },
    });
    let meta = fs::read_to_string(segments.join("meta.json")).unwrap();
    left.extend(names(&segments).into_iter().filter(|name| {
        let id = name.split('.').next().unwrap();
        let known = [".managed.json", "meta.json"].contains(&name.as_str())
            || name.starts_with(".tantivy-") && name.ends_with(".lock");
        !known && (id.is_empty() || !meta.replace('-', "").contains(id))
    }));
    left
}
