//! The façade: one documents folder, one index folder; refresh, search, show, check.

mod project;
mod refresh;
mod sidecars;
#[cfg(test)]
mod threads_tests;
#[cfg(feature = "watch")]
mod watch;
mod why;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

pub use project::Project;
pub use refresh::{Progress, Report, Request};
#[cfg(feature = "watch")]
pub use watch::Watched;

use crate::analysis::Analyzer;
use crate::document::{Document, Tags};
use crate::index::{self, Manifest, Reader, Summary};
use crate::ingest::Settings;
use crate::query::Query;
use crate::search::{self, Hit, KwicLine, KwicOptions, Listed, Results, SearchOptions};

/// Something with a corpus could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The index.
    #[error(transparent)]
    Index(#[from] index::Error),
    /// The search.
    #[error(transparent)]
    Search(#[from] search::Error),
    /// `chancery.toml` cannot be used.
    #[error("cannot use \"{}\": {problem}", .path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A folder or file that was named does not exist.
    #[error("cannot index \"{}\": {source}\nhint: name a folder of documents", .path.display())]
    Root {
        /// As named.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A root of the index has vanished.
    #[error(
        "the documents in \"{0}\" have vanished; the index was left as it was\n\
         hint: bring them back, or use --forget \"{0}\", or --allow-empty if that is meant"
    )]
    RootGone(String),
    /// A root of the index is suddenly empty.
    #[error(
        "the folder \"{0}\" is suddenly empty; the index was left as it was\n\
         hint: use --allow-empty if that is meant"
    )]
    RootEmpty(String),
    /// The run was told to stop.
    #[error(
        "interrupted: {kept} files of this run were kept, {left} are still to be read\n\
         hint: run \"chancery index\" again to go on"
    )]
    Interrupted {
        /// Files of this run that are in the index.
        kept: usize,
        /// Files that are not.
        left: usize,
    },
    /// A thread could not be started.
    #[error("cannot start a thread: {0}\nhint: allow more memory, or use --threads 1")]
    Threads(std::io::Error),
    /// The folders cannot be watched.
    #[error(
        "cannot watch the folders: {0}\n\
         hint: run \"chancery index\" from time to time; on Linux fs.inotify.max_user_watches is the bound"
    )]
    Watch(String),
    /// A root to drop that the index does not have.
    #[error("\"{0}\" is none of the folders of this index\nhint: \"chancery status\" lists them")]
    NoSuchRoot(String),
    /// No document has this name.
    #[error("no document is called \"{name}\"{}", hint(.nearest))]
    NoSuchDocument {
        /// As typed.
        name: String,
        /// Names that come near it.
        nearest: Vec<String>,
    },
    /// Several documents have this ending.
    #[error("several documents are called \"{name}\"\nhint: one of {}", .all.join(", "))]
    Ambiguous {
        /// As typed.
        name: String,
        /// The first of them.
        all: Vec<String>,
    },
    /// The document has no such passage.
    #[error("\"{path}\" has {has} passages, so there is no #{ordinal}")]
    NoSuchPassage {
        /// The document.
        path: String,
        /// How many it has.
        has: usize,
        /// As typed.
        ordinal: usize,
    },
}

fn hint(nearest: &[String]) -> String {
    if nearest.is_empty() {
        "\nhint: \"chancery search -l\" lists documents that hold a word".to_owned()
    } else {
        format!("\nhint: {} come near", nearest.join(", "))
    }
}

/// An index opened for reading.
#[derive(Debug)]
pub struct Corpus {
    project: Arc<Project>,
    reader: Reader,
    analyzer: Analyzer,
    /// Read when first needed.
    copies: OnceLock<Arc<Copies>>,
}

/// Other places of files, by path.
type Copies = BTreeMap<String, Vec<String>>;

/// Notes where else the bytes of a document stand.
fn also_at(document: &mut Document, copies: &Copies) {
    let file = document.container.as_ref().unwrap_or(&document.path);
    document.also_at = copies.get(file).cloned().unwrap_or_default();
}

/// A document found by name, and the passage that was named with it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The document with its text, passages and tags with their evidence.
    pub document: Document,
    /// Index into its passages.
    pub passage: Option<usize>,
}

impl Corpus {
    /// Opens the index of a project.
    ///
    /// # Errors
    ///
    /// When there is none, it has another format, or it is damaged.
    pub fn open(project: Arc<Project>) -> Result<Self, Error> {
        let reader = Reader::open(project.index())?;
        Ok(Self { project, reader, analyzer: Analyzer::new(), copies: OnceLock::new() })
    }

    fn copies(&self) -> Result<Arc<Copies>, Error> {
        if let Some(copies) = self.copies.get() {
            return Ok(Arc::clone(copies));
        }
        let copies = Arc::new(self.reader.copies()?);
        Ok(Arc::clone(self.copies.get_or_init(|| copies)))
    }

    /// Whether the project has an index.
    pub fn exists(project: &Project) -> bool {
        !matches!(Reader::open(project.index()), Err(index::Error::Missing(_)))
    }

    /// Brings the index of a project in line with its folders; makes it when there is none.
    ///
    /// # Errors
    ///
    /// When a root is missing or suddenly empty, or the index cannot be written. The last commit
    /// stays as it was.
    pub fn refresh(
        project: &Arc<Project>,
        request: &Request,
        progress: &dyn Progress,
    ) -> Result<Report, Error> {
        refresh::refresh(project, request, progress)
    }

    /// Brings the index in line, then again after every change, until `request.stop` is set.
    ///
    /// # Errors
    ///
    /// When the first run fails, a run is told to stop, or the folders cannot be watched. Later runs
    /// that fail are told and tried again.
    #[cfg(feature = "watch")]
    pub fn watch(
        project: &Arc<Project>,
        request: &Request,
        progress: &dyn Progress,
        tell: &mut dyn FnMut(Watched),
    ) -> Result<(), Error> {
        watch::watch(project, request, progress, tell)
    }

    /// Numbers of the index, and its fingerprint.
    pub fn summary(&self) -> &Summary {
        self.reader.summary()
    }

    /// The files of the index.
    ///
    /// # Errors
    ///
    /// When the manifest cannot be read.
    pub fn manifest(&self) -> Result<Manifest, Error> {
        Ok(self.reader.manifest()?)
    }

    /// Runs a query.
    ///
    /// # Errors
    ///
    /// When the query asks for what cannot be done, or the index cannot be read.
    pub fn search(&mut self, query: &Query, options: &SearchOptions) -> Result<Results, Error> {
        let mut hits = Vec::new();
        let results = self.search_each(query, options, &mut |hit| {
            hits.push(hit);
            true
        })?;
        Ok(Results { hits, ..results })
    }

    /// Runs a query and hands its hits, in order, to `visit` until it returns `false`; one is in
    /// memory at a time. What is returned holds everything but the hits.
    ///
    /// # Errors
    ///
    /// When the query asks for what cannot be done, or the index cannot be read.
    pub fn search_each(
        &mut self,
        query: &Query,
        options: &SearchOptions,
        visit: &mut dyn FnMut(Hit) -> bool,
    ) -> Result<Results, Error> {
        let copies = self.copies()?;
        let Self { project, reader, analyzer, .. } = self;
        let mut with_copies = |mut hit: Hit| {
            if !copies.is_empty() {
                also_at(Arc::make_mut(&mut hit.document), &copies);
            }
            visit(hit)
        };
        let mut results =
            search::search(reader, analyzer, project.as_ref(), query, options, &mut with_copies)?;
        if reader.summary().unfinished {
            let warning = "the index is not complete yet: a run is at work or was interrupted \
                           (\"chancery index\" goes on)";
            results.warnings.push(warning.to_owned());
        }
        Ok(results)
    }

    /// Runs a query like [`Corpus::search_each`] and hands out the paths of its hits only: no text is
    /// fetched.
    ///
    /// # Errors
    ///
    /// When the query asks for what cannot be done, or the index cannot be read.
    pub fn list_each(
        &mut self,
        query: &Query,
        options: &SearchOptions,
        visit: &mut dyn FnMut(Listed) -> bool,
    ) -> Result<Results, Error> {
        let Self { project, reader, analyzer, .. } = self;
        Ok(search::list(reader, analyzer, project.as_ref(), query, options, visit)?)
    }

    /// Hands every match of a query, with the words around it, to `visit` until it returns `false`;
    /// unsorted lines one by one, in order of path and place. Of `options` the filters and facets
    /// count. What is returned holds the number of matches, and everything else but the lines.
    ///
    /// # Errors
    ///
    /// When the query asks for what cannot be done, or the index cannot be read.
    pub fn kwic(
        &mut self,
        query: &Query,
        options: &SearchOptions,
        lines: &KwicOptions,
        visit: &mut dyn FnMut(KwicLine) -> bool,
    ) -> Result<Results, Error> {
        let Self { project, reader, analyzer, .. } = self;
        Ok(search::kwic(reader, analyzer, project.as_ref(), query, (options, lines), visit)?)
    }

    /// Finds a document by its path, a unique ending of it, or its id; `#7` behind it names a
    /// passage.
    ///
    /// # Errors
    ///
    /// When there is none, or several, or no such passage.
    pub fn show(&self, name: &str) -> Result<Shown, Error> {
        let places = self.reader.documents()?;
        let exact =
            |wanted: &str| places.iter().find(|place| place.path == wanted || place.id == wanted);
        let split = name
            .rsplit_once('#')
            .and_then(|(head, number)| Some((head, number.parse::<usize>().ok()?)));
        let (wanted, ordinal) = match (exact(name), split) {
            (None, Some((head, number))) => (head, Some(number)),
            _ => (name, None),
        };
        let place = match exact(wanted) {
            Some(place) => place,
            None => {
                let ending: Vec<_> = places
                    .iter()
                    .filter(|place| place.path.ends_with(wanted) && !wanted.is_empty())
                    .collect();
                let by_part: Vec<_> = ending
                    .iter()
                    .filter(|place| place.path.ends_with(&format!("/{wanted}")))
                    .copied()
                    .collect();
                match (by_part.as_slice(), ending.as_slice()) {
                    ([one], _) | ([], [one]) => *one,
                    ([], []) => {
                        let wanted_lower = wanted.to_lowercase();
                        let nearest = places
                            .iter()
                            .filter(|p| p.path.to_lowercase().contains(&wanted_lower))
                            .map(|p| p.path.clone())
                            .take(3)
                            .collect();
                        return Err(Error::NoSuchDocument { name: wanted.to_owned(), nearest });
                    }
                    _ => {
                        let all = ending.iter().map(|p| p.path.clone()).take(5).collect();
                        return Err(Error::Ambiguous { name: wanted.to_owned(), all });
                    }
                }
            }
        };
        let mut document = self.reader.whole_document(place.segment, place.record)?;
        let passage = match ordinal {
            None => None,
            Some(ordinal) => {
                let has = document.passages.len();
                let index = ordinal.checked_sub(1).filter(|index| *index < has);
                Some(index.ok_or_else(|| Error::NoSuchPassage {
                    path: document.path.clone(),
                    has,
                    ordinal,
                })?)
            }
        };
        self.add_evidence(&mut document);
        also_at(&mut document, &*self.copies()?);
        Ok(Shown { document, passage })
    }

    /// Adds the places and terms behind the tags, which are not stored. The tags stay those of the
    /// index: a reader may have corrected them.
    fn add_evidence(&self, document: &mut Document) {
        let tags = |document: &mut Document| -> Vec<Tags> {
            let sections = document.sections.iter().map(|section| &section.tags);
            let passages = document.passages.iter().map(|passage| &passage.tags);
            std::iter::once(&document.tags).chain(sections).chain(passages).cloned().collect()
        };
        let stored = tags(document);
        self.project.tag(document);
        let sections = document.sections.iter_mut().map(|section| &mut section.tags);
        let passages = document.passages.iter_mut().map(|passage| &mut passage.tags);
        let all = std::iter::once(&mut document.tags).chain(sections).chain(passages);
        for (tags, stored) in all.zip(stored) {
            tags.regions = stored.regions;
            tags.countries = stored.countries;
            tags.topics = stored.topics;
        }
    }

    /// Where a query's words and phrases stand in a document, in bytes of its text, in order.
    ///
    /// # Errors
    ///
    /// When the query asks for what cannot be done.
    pub fn matches(
        &mut self,
        document: &Document,
        query: &Query,
    ) -> Result<Vec<search::Match>, Error> {
        let Self { project, reader, analyzer, .. } = self;
        Ok(search::matches_in(reader, analyzer, project.as_ref(), document, query)?)
    }

    /// Calls `visit` for every document in the order of paths, one in memory at a time, until it
    /// returns `false`.
    ///
    /// # Errors
    ///
    /// When the index cannot be read.
    pub fn each_document(&self, visit: &mut dyn FnMut(&Document) -> bool) -> Result<(), Error> {
        let mut places = self.reader.documents()?;
        places.sort_by(|a, b| a.path.cmp(&b.path));
        let copies = self.copies()?;
        for place in places {
            let mut document = self.reader.whole_document(place.segment, place.record)?;
            self.add_evidence(&mut document);
            also_at(&mut document, &copies);
            if !visit(&document) {
                break;
            }
        }
        Ok(())
    }

    /// Reads everything in an index and reports what is wrong with it: file and problem.
    ///
    /// # Errors
    ///
    /// When there is no index or it has another format.
    pub fn check(project: &Project) -> Result<Vec<(String, String)>, Error> {
        Ok(index::check(project.index())?)
    }
}
