//! What readers state beside their documents: finds and reads outlines and tables, and says which
//! of them no document has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Project;
use crate::document::{Date, Document, Problem, Ties};
use crate::index::{DocumentEntry, FileEntry};
use crate::ingest::enrich::metadata::Lookup;
use crate::ingest::enrich::tags::{Detail, tag};
#[cfg(feature = "pdf")]
use crate::ingest::extract::pdf::PdfText;
use crate::ingest::sidecar::{OUTLINE_ENDING, Outline, Row, Stated, TABLE_NAME, Table};
use crate::ingest::walk::{Found, read_file};
use crate::ingest::{Columns, Settings};

/// The outlines and tables of all roots.
#[derive(Debug, Default)]
pub(super) struct Sidecars {
    /// By the path of the document.
    outlines: BTreeMap<String, Outlined>,
    tables: Vec<PlacedTable>,
    /// What is wrong with them, by the path of the sidecar.
    problems: Vec<(String, String)>,
}

#[derive(Debug)]
struct Outlined {
    path: String,
    stated: Stated,
}

#[derive(Debug)]
struct PlacedTable {
    /// What stands before the paths of its root's documents.
    prefix: String,
    path: String,
    table: Table,
}

/// A root: what stands before the paths of its documents, and its folder.
pub(super) type Root = (String, PathBuf);

impl Sidecars {
    /// Takes the sidecars out of the files that were found. Where only a part of the roots was
    /// walked, those that belong to it are looked for.
    pub(super) fn take(
        project: &Project,
        roots: &[Root],
        files: &mut Vec<Found>,
        whole: bool,
    ) -> Self {
        let mut own = Self::default();
        let tables: Vec<String> =
            roots.iter().map(|(prefix, _)| format!("{prefix}{TABLE_NAME}")).collect();
        let mut outlines = Vec::new();
        let mut found_tables = Vec::new();
        files.retain(|file| {
            if file.path.ends_with(OUTLINE_ENDING) {
                outlines.push(file.clone());
            } else if tables.contains(&file.path) {
                found_tables.push(file.clone());
            } else {
                return true;
            }
            false
        });
        if !whole {
            outlines.extend(files.iter().flat_map(beside));
            outlines.sort_by(|a, b| a.path.cmp(&b.path));
            outlines.dedup_by(|a, b| a.path == b.path);
            found_tables = roots
                .iter()
                .filter_map(|(prefix, folder)| {
                    look(&folder.join(TABLE_NAME), format!("{prefix}{TABLE_NAME}"))
                })
                .collect();
        }
        for file in outlines {
            own.take_outline(&file, files, project);
        }
        for file in found_tables {
            own.take_table(&file, project);
        }
        own
    }

    fn take_outline(&mut self, file: &Found, files: &[Found], project: &Project) {
        let tell =
            |own: &mut Self, message: String| own.problems.push((file.path.clone(), message));
        let name = file.path.strip_suffix(OUTLINE_ENDING).unwrap_or(&file.path);
        let exact = files.iter().find(|other| other.path == name);
        let stem = |path: &str| path.rsplit_once('.').map(|(stem, _)| stem == name);
        let documents: Vec<&Found> = match exact {
            Some(found) => vec![found],
            None => files.iter().filter(|other| stem(&other.path) == Some(true)).collect(),
        };
        let document = match documents.as_slice() {
            [one] => one.path.clone(),
            [] => return tell(self, "no document lies beside this outline".to_owned()),
            [first, ..] => {
                let ending = first.path.rsplit('.').next().unwrap_or_default();
                return tell(
                    self,
                    format!(
                        "several documents have this name; call the outline NAME.{ending}{OUTLINE_ENDING}"
                    ),
                );
            }
        };
        let stated = match read_file(file).and_then(|bytes| Outline::read(&bytes)) {
            Ok(outline) => known_tags(outline.stated, project),
            Err(problem) => return tell(self, format!("{problem}; the outline was not used")),
        };
        // The outline with the whole name of the document comes later in the order of paths only
        // by chance; it is the more exact one.
        if let Some(other) = self.outlines.get(&document)
            && exact.is_none()
        {
            let other = other.path.clone();
            return tell(self, format!("\"{other}\" is of the same document; this was not used"));
        }
        let path = file.path.clone();
        if let Some(other) = self.outlines.insert(document, Outlined { path, stated }) {
            let message = format!("\"{}\" is of the same document; this was not used", file.path);
            self.problems.push((other.path, message));
        }
    }

    fn take_table(&mut self, file: &Found, project: &Project) {
        let prefix = file.path.strip_suffix(TABLE_NAME).unwrap_or_default().to_owned();
        match read_file(file) {
            Ok(bytes) => {
                let table = Table::read(&bytes, &|name| project.country_code(name, None));
                let told = table.problems.iter().map(|p| (file.path.clone(), p.message.clone()));
                self.problems.extend(told);
                self.tables.push(PlacedTable { prefix, path: file.path.clone(), table });
            }
            Err(problem) => self.problems.push((file.path.clone(), problem)),
        }
    }

    /// Whether all that is stated of a file's documents is what was stated when they were indexed.
    pub(super) fn agree(&self, path: &str, entry: &FileEntry) -> bool {
        if entry.documents.is_empty() {
            return true;
        }
        entry.documents.iter().all(|document| {
            let path = document.path.as_deref().unwrap_or(path);
            let mut stated = self.outlines.get(path).map_or_else(Stated::default, |outlined| {
                Stated { hash: outlined.stated.hash.clone(), ..Stated::default() }
            });
            if let Some(row) = self.row(path, &ties(document)) {
                stated.add(&[], &row.hash);
            }
            stated.hash == document.stated
        })
    }

    fn row(&self, path: &str, ties: &Ties) -> Option<&Row> {
        self.tables.iter().find_map(|placed| {
            let inside = path.strip_prefix(&placed.prefix)?;
            placed.table.rows.get(placed.table.place_of(inside, ties)?)
        })
    }

    /// What is wrong with the sidecars, rows that no document has, and documents without a row.
    pub(super) fn report(&self, files: &BTreeMap<String, FileEntry>) -> Vec<(String, String)> {
        let mut told = self.problems.clone();
        for (document, outlined) in &self.outlines {
            let entry = files.get(document);
            if entry.is_none_or(|entry| entry.documents.is_empty()) {
                let message = match entry.and_then(|entry| entry.same_as.as_deref()) {
                    Some(first) => format!("its document is the same as \"{first}\""),
                    None => "its document is not indexed".to_owned(),
                };
                told.push((outlined.path.clone(), message));
            }
        }
        for placed in self.tables.iter().filter(|placed| !placed.table.rows.is_empty()) {
            let mut used = BTreeSet::new();
            for (path, entry) in files {
                for document in &entry.documents {
                    let path = document.path.as_ref().unwrap_or(path);
                    let Some(inside) = path.strip_prefix(&placed.prefix) else { continue };
                    match placed.table.place_of(inside, &ties(document)) {
                        Some(place) => {
                            used.insert(place);
                        }
                        None => told.push((
                            path.clone(),
                            format!(
                                "no row of \"{}\" has its {}",
                                placed.path,
                                placed.table.joined_by()
                            ),
                        )),
                    }
                }
            }
            for (place, row) in placed.table.rows.iter().enumerate() {
                if !used.contains(&place) {
                    told.push((
                        placed.path.clone(),
                        format!(
                            "line {}: no document has the {} \"{}\"",
                            row.line,
                            placed.table.joined_by(),
                            row.joined_by
                        ),
                    ));
                }
            }
        }
        told
    }
}

/// Puts the paths and ids of the vocabulary for regions and topics as a reader writes them; what it
/// does not know is told.
fn known_tags(mut stated: Stated, project: &Project) -> Stated {
    let vocabulary = project.vocabulary();
    let mut problems = Vec::new();
    let mut regions = |list: &mut Option<Vec<String>>| {
        for name in list.iter_mut().flatten() {
            match vocabulary.resolve_region(name).into_iter().next() {
                Some(path) => *name = path,
                None => problems.push(Problem::new(format!(
                    "the outline names the region \"{name}\", which is not known"
                ))),
            }
        }
    };
    regions(&mut stated.regions);
    for anchor in stated.headings.iter_mut().flatten() {
        regions(&mut anchor.regions);
    }
    let mut topics = |list: &mut Option<Vec<String>>| {
        for name in list.iter_mut().flatten() {
            match vocabulary.resolve_topic(name) {
                Some(id) => id.clone_into(name),
                None => problems.push(Problem::new(format!(
                    "the outline names the topic \"{name}\", which is not known"
                ))),
            }
        }
    };
    topics(&mut stated.topics);
    for anchor in stated.headings.iter_mut().flatten() {
        topics(&mut anchor.topics);
    }
    stated.problems.extend(problems);
    stated
}

/// What a table is joined by, of a document in the index.
fn ties(document: &DocumentEntry) -> Ties {
    Ties {
        stated: document.stated.clone(),
        country: document.country.clone(),
        year: document.year,
        symbol: document.symbol.clone(),
    }
}

/// The outlines that lie beside a file.
fn beside(file: &Found) -> Vec<Found> {
    let names = [Some(file.path.as_str()), file.path.rsplit_once('.').map(|(stem, _)| stem)];
    names
        .into_iter()
        .flatten()
        .filter_map(|name| {
            let path = format!("{name}{OUTLINE_ENDING}");
            let last = path.rsplit('/').next()?;
            look(&file.absolute.with_file_name(last), path.clone())
        })
        .collect()
}

fn look(absolute: &Path, path: String) -> Option<Found> {
    let meta = std::fs::symlink_metadata(absolute).ok().filter(std::fs::Metadata::is_file)?;
    Some(Found {
        absolute: absolute.to_owned(),
        path,
        size: meta.len(),
        modified_ns: 0,
        changed_ns: 0,
    })
}

/// The document that a reader means who names a sidecar: the file that an outline lies beside, the
/// folder of a table.
pub(super) fn meant(path: &Path) -> PathBuf {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return path.to_owned();
    };
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if name == TABLE_NAME {
        return folder.unwrap_or(Path::new(".")).to_owned();
    }
    match name.strip_suffix(OUTLINE_ENDING) {
        Some(stem) if path.with_file_name(stem).is_file() => path.with_file_name(stem),
        Some(_) => folder.unwrap_or(Path::new(".")).to_owned(),
        None => path.to_owned(),
    }
}

/// A project with what was stated beside its documents.
#[derive(Debug)]
pub(super) struct Informed {
    pub(super) project: Arc<Project>,
    pub(super) sidecars: Arc<Sidecars>,
}

impl Lookup for Informed {
    fn country_code(&self, name: &str, year: Option<i32>) -> Option<String> {
        self.project.country_code(name, year)
    }

    fn is_continued(&self, a: &str, b: &str) -> bool {
        self.project.is_continued(a, b)
    }

    fn state_at(&self, code: &str, year: i32, date: Option<Date>) -> Option<String> {
        self.project.state_at(code, year, date)
    }

    fn collection(&self, path: &str) -> Option<String> {
        self.project.collection(path)
    }
}

impl Settings for Informed {
    fn tag(&self, document: &mut Document) {
        tag(document, self.project.vocabulary(), Detail::Tags);
    }

    fn columns(&self, path: &str) -> Option<Columns> {
        self.project.columns(path)
    }

    #[cfg(feature = "pdf")]
    fn pdf(&self) -> &dyn PdfText {
        self.project.pdf()
    }

    fn outline_of(&self, path: &str) -> Option<&Stated> {
        self.sidecars.outlines.get(path).map(|outlined| &outlined.stated)
    }

    fn row_of(&self, path: &str, ties: &Ties) -> Option<&Row> {
        self.sidecars.row(path, ties)
    }
}
