//! Arrows between the floors of the house point down only.

use std::fs;
use std::path::{Path, PathBuf};

const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("document", &[]),
    ("vocabulary", &["document"]),
    ("analysis", &["document"]),
    ("query", &["document"]),
    ("ingest", &["document", "vocabulary", "analysis"]),
    ("index", &["document", "analysis"]),
    ("search", &["document", "vocabulary", "analysis", "query", "index"]),
    ("corpus", &["document", "vocabulary", "analysis", "query", "index", "ingest", "search"]),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            all.push(path);
        }
    }
    all.sort();
    all
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The code of a file before its tests, without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_floor_imports_from_above() {
    let mut faults = Vec::new();
    for (floor, allowed) in MAY_IMPORT {
        for file in files(&source().join(floor)) {
            for part in code(&file).split("crate::").skip(1) {
                let name: String =
                    part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let is_floor = MAY_IMPORT.iter().any(|(known, _)| *known == name);
                if is_floor && name != *floor && !allowed.contains(&name.as_str()) {
                    faults.push(format!("{} imports {name}", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_engine_is_named_on_three_floors_only() {
    for file in files(&source()) {
        let floor = file.strip_prefix(source()).unwrap().iter().next().unwrap().to_owned();
        let named = code(&file).contains("tantivy::");
        let allowed = ["analysis", "index", "search"].iter().any(|known| floor == *known);
        assert!(!named || allowed, "{} names the engine", file.display());
    }
}
