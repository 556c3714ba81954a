//! Reads everything in an index and says what is wrong with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tantivy::Directory;

use super::directory::{GuardedDirectory, MANAGED, files_of};
use super::error::Error;
use super::layout::Layout;
use super::reader::Reader;

/// Problems by file; none when the index is sound: every block of every file matches its checksum,
/// the manifest and the segments speak of the same documents, and each of these is whole.
pub(crate) fn check(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let mut problems = Vec::new();
    let reader = match Reader::open(folder) {
        Ok(reader) => Some(reader),
        Err(Error::Damaged { problem, .. }) => {
            problems.push((file_of(&problem), problem));
            None
        }
        Err(error) => return Err(error),
    };
    let layout = Layout::new(folder);
    if let Ok(directory) = layout.directory(false) {
        problems.extend(files(&layout, &directory));
    }
    if let Some(reader) = &reader {
        match reader.manifest() {
            Ok(manifest) if problems.is_empty() => {
                let ids = manifest.files.values().flat_map(|file| &file.documents);
                let ids: BTreeSet<&str> = ids.map(|document| document.id.as_str()).collect();
                problems.extend(records(reader, &ids)?);
            }
            Ok(_) => {}
            Err(Error::Damaged { problem, .. }) => {
                problems.push((reader.summary().manifest.clone(), problem));
            }
            Err(error) => return Err(error),
        }
        if let Err(Error::Damaged { problem, .. }) = reader.copies() {
            problems.push((reader.summary().copies.clone(), problem));
        }
    }
    problems.sort();
    problems.dedup_by(|a, b| a.0 == b.0);
    Ok(problems)
}

/// The file that a problem speaks of first.
fn file_of(problem: &str) -> String {
    let named = problem.split('"').nth(1).filter(|name| !name.contains(' '));
    match named {
        Some(name) => format!("segments/{name}"),
        None => problem.split(' ').next().unwrap_or("segments").to_owned(),
    }
}

/// Every file of the engine, to the last block.
fn files(layout: &Layout, directory: &GuardedDirectory) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    let mut report = |name: &str, problem: String| {
        problems.push((format!("segments/{name}"), problem));
    };
    let managed = match directory.atomic_read(Path::new(MANAGED)) {
        Ok(bytes) => serde_json::from_slice::<BTreeSet<String>>(&bytes).unwrap_or_default(),
        Err(error) => {
            report(MANAGED, error.to_string());
            BTreeSet::new()
        }
    };
    let listed = fs::read_dir(layout.segments()).into_iter().flatten().flatten();
    for entry in listed {
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_lock(&name) && entry.metadata().is_ok_and(|meta| meta.len() > 0) {
            report(&name, "a lock file holds nothing, this one does".to_owned());
        }
    }
    // The list of the commit is read without opening the segments: one that is damaged hides none.
    let Ok(index) = tantivy::Index::open(directory.clone()) else { return problems };
    let Ok(metas) = index.searchable_segment_metas() else { return problems };
    for file in metas.iter().flat_map(files_of) {
        if let Err(error) = directory.verify(&file) {
            let name = file.to_string_lossy();
            let missing = !layout.segments().join(&file).exists();
            let problem = if missing { "is missing".to_owned() } else { error.to_string() };
            report(&name, problem);
        }
        // A list of an earlier commit is as sound as this one's, and knows other files.
        if !managed.is_empty() && !managed.contains(&*file.to_string_lossy()) {
            report(MANAGED, format!("does not list \"{}\"", file.display()));
        }
    }
    problems
}

fn is_lock(name: &str) -> bool {
    name.starts_with('.') && Path::new(name).extension().is_some_and(|end| end == "lock")
}

/// Every record, and whether manifest and segments agree.
fn records(reader: &Reader, ids: &BTreeSet<&str>) -> Result<Vec<(String, String)>, Error> {
    let mut problems = Vec::new();
    let mut found = BTreeSet::new();
    for place in reader.documents()? {
        if !ids.contains(place.id.as_str()) {
            problems.push((place.path.clone(), "is not in the manifest".to_owned()));
        }
        if !found.insert(place.id.clone()) {
            problems.push((place.path.clone(), "is there twice".to_owned()));
        }
        if let Err(error) = reader.whole_document(place.segment, place.record) {
            problems.push((place.path, error.to_string()));
        }
    }
    for id in ids.iter().filter(|id| !found.contains(**id)) {
        let problem = format!("document {id} of the manifest is not in the index");
        problems.push((reader.summary().manifest.clone(), problem));
    }
    Ok(problems)
}
