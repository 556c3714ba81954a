//! A project: a folder with an index in it, and `chancery.toml` if there is one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use super::Error;
use crate::document::{Date, Document};
use crate::ingest::enrich::metadata::Lookup;
use crate::ingest::enrich::tags::{Detail, tag};
use crate::ingest::extract::block::Key;
#[cfg(feature = "pdf")]
use crate::ingest::extract::pdf::{Here, PdfText};
use crate::ingest::{Columns, Settings};
use crate::search::Lists;
use crate::vocabulary::{
    self, ContestedEntry, Group, Head, SameEntry, Tables, Thesaurus, Vocabulary,
};

/// Name of the settings file.
pub(super) const SETTINGS_FILE: &str = "chancery.toml";

/// Where everything is, and how documents are to be understood.
#[derive(Debug)]
pub struct Project {
    folder: PathBuf,
    index: PathBuf,
    settings_text: String,
    collections: Vec<(String, GlobSet)>,
    records: Vec<(GlobSet, Columns)>,
    own_vocabulary: Option<Vocabulary>,
    own_names: (Vec<SameEntry>, Vec<ContestedEntry>),
    own_related: Vec<String>,
    thesaurus: OnceLock<Thesaurus>,
    #[cfg(feature = "pdf")]
    pdf: Box<dyn PdfText>,
    ocr_languages: Option<String>,
}

/// `chancery.toml`. Anything that is not understood is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SettingsFile {
    /// Collections by name, each with patterns of paths.
    collections: BTreeMap<String, Vec<String>>,
    /// Columns of tables and records, for files whose paths fit patterns.
    records: Vec<RecordsEntry>,
    /// Additions to the vocabulary.
    vocabulary: Option<Tables>,
    /// How scanned pages are read.
    ocr: OcrEntry,
}

/// `[ocr]` of `chancery.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct OcrEntry {
    /// Languages of the pages, as tesseract names them: `eng+fra`.
    languages: Option<String>,
}

/// One `[[records]]` of `chancery.toml`: which columns of some tables hold what.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RecordsEntry {
    /// Patterns of paths.
    files: Vec<String>,
    /// Columns whose words are the text.
    text: OneOrMore,
    title: OneOrMore,
    date: OneOrMore,
    speaker: OneOrMore,
    role: OneOrMore,
    country: OneOrMore,
    language: OneOrMore,
    original_language: OneOrMore,
    collection: OneOrMore,
    #[serde(rename = "type")]
    kind: OneOrMore,
    symbol: OneOrMore,
}

/// The name of a column, or several in the order of trust.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl OneOrMore {
    fn names(self) -> Vec<String> {
        match self {
            Self::One(name) => vec![name],
            Self::More(names) => names,
        }
    }
}

impl RecordsEntry {
    fn columns(self) -> Columns {
        let keys = [
            (Key::Title, self.title),
            (Key::Date, self.date),
            (Key::Speaker, self.speaker),
            (Key::Role, self.role),
            (Key::Country, self.country),
            (Key::Language, self.language),
            (Key::OriginalLanguage, self.original_language),
            (Key::Collection, self.collection),
            (Key::Kind, self.kind),
            (Key::Symbol, self.symbol),
        ];
        let values = keys
            .into_iter()
            .flat_map(|(key, names)| names.names().into_iter().map(move |name| (key, name)));
        Columns { values: values.collect(), text: self.text.names() }
    }
}

impl Project {
    /// Finds the project that `start` lies in: the nearest folder upwards with a `chancery.toml`,
    /// else `start` itself. `folder` and `index` name other places.
    ///
    /// # Errors
    ///
    /// When the settings file cannot be read or understood.
    pub fn find(start: &Path, folder: Option<&Path>, index: Option<&Path>) -> Result<Self, Error> {
        let folder = match folder {
            Some(folder) => folder.to_owned(),
            None => start
                .ancestors()
                .find(|above| above.join(SETTINGS_FILE).is_file())
                .unwrap_or(start)
                .to_owned(),
        };
        let index = index.map_or_else(|| folder.join("index"), Path::to_owned);
        let path = folder.join(SETTINGS_FILE);
        let failed = |problem: String| Error::Settings { path: path.clone(), problem };
        let settings_text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(failed(error.to_string())),
        };
        let file: SettingsFile =
            toml::from_str(&settings_text).map_err(|e| failed(e.to_string()))?;
        let globs = |patterns: &[String]| {
            let mut set = GlobSetBuilder::new();
            for pattern in patterns {
                set.add(Glob::new(pattern).map_err(|e| failed(e.to_string()))?);
            }
            set.build().map_err(|e| failed(e.to_string()))
        };
        let mut collections = Vec::new();
        for (name, patterns) in &file.collections {
            collections.push((name.clone(), globs(patterns)?));
        }
        let mut records = Vec::new();
        for entry in file.records {
            let set = globs(&entry.files)?;
            let columns = entry.columns();
            if columns.text.is_empty() || set.is_empty() {
                return Err(failed("[[records]] needs \"files\" and \"text\"".to_owned()));
            }
            records.push((set, columns));
        }
        let own_vocabulary = match &file.vocabulary {
            Some(overrides) => {
                Some(Vocabulary::with_overrides(overrides).map_err(|e| failed(e.to_string()))?)
            }
            None => None,
        };
        let own = file.vocabulary.unwrap_or_default();
        let (own_names, own_related) = ((own.same, own.contested), own.related);
        let thesaurus = OnceLock::new();
        Ok(Self {
            folder,
            index,
            settings_text,
            collections,
            records,
            own_vocabulary,
            own_names,
            own_related,
            thesaurus,
            #[cfg(feature = "pdf")]
            pdf: Box::new(Here),
            ocr_languages: file.ocr.languages,
        })
    }

    /// Reads PDF files with `pdf`, instead of in this process.
    #[cfg(feature = "pdf")]
    #[must_use]
    pub fn with_pdf(self, pdf: impl PdfText + 'static) -> Self {
        Self { pdf: Box::new(pdf), ..self }
    }

    /// Languages of scanned pages, as tesseract names them, where the settings say.
    pub fn ocr_languages(&self) -> Option<&str> {
        self.ocr_languages.as_deref()
    }

    /// Whether pages that are pictures are read.
    #[cfg(feature = "pdf")]
    pub(crate) fn reads_scans(&self) -> bool {
        self.pdf.reads_scans()
    }

    /// The project's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The index folder.
    pub fn index(&self) -> &Path {
        &self.index
    }

    /// The controlled lists, with the project's own entries.
    pub fn vocabulary(&self) -> &Vocabulary {
        self.own_vocabulary.as_ref().unwrap_or_else(|| Vocabulary::builtin())
    }

    /// Hash of what decides, besides their bytes, how documents are understood.
    pub(super) fn reading(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(env!("CARGO_PKG_VERSION").as_bytes()).update(&[0]);
        hasher.update(self.settings_text.as_bytes());
        hasher.finalize().to_hex().as_str().chars().take(16).collect()
    }

    /// A path as it is kept in the index: relative to the project where it lies inside.
    pub(super) fn relative(&self, path: &Path) -> String {
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let (path, folder) = (real(path), real(&self.folder));
        match path.strip_prefix(&folder) {
            Ok(rest) if rest.as_os_str().is_empty() => ".".to_owned(),
            Ok(rest) => rest.to_string_lossy().into_owned(),
            Err(_) => path.to_string_lossy().into_owned(),
        }
    }

    pub(super) fn resolve(&self, root: &str) -> PathBuf {
        self.folder.join(root)
    }
}

impl Lists for Project {
    fn regions(&self, value: &str) -> Result<Vec<String>, Option<String>> {
        let found = self.vocabulary().resolve_region(value);
        let near = || self.vocabulary().nearest_region(value).map(ToOwned::to_owned);
        if found.is_empty() { Err(near()) } else { Ok(found) }
    }

    fn countries(&self, value: &str) -> Result<Vec<String>, Option<String>> {
        match self.vocabulary().resolve_country(value) {
            Some(codes) => Ok(codes.into_iter().map(ToOwned::to_owned).collect()),
            None => Err(self.vocabulary().nearest_country(value).map(ToOwned::to_owned)),
        }
    }

    fn topics(&self, value: &str) -> Result<Vec<String>, Option<String>> {
        match self.vocabulary().resolve_topic(value) {
            Some(id) => Ok(vec![id.to_owned()]),
            None => Err(self.vocabulary().nearest_topic(value).map(ToOwned::to_owned)),
        }
    }

    fn places_asked(&self, name: &str) -> Vec<String> {
        match &self.own_vocabulary {
            Some(own) => own.places_asked(name),
            None => vocabulary::shipped_places_asked(name).map(ToOwned::to_owned).collect(),
        }
    }

    fn related(&self, heads: &BTreeSet<Head>, visit: &mut dyn FnMut(Group<'_>)) {
        Group::shipped_with(heads).for_each(&mut *visit);
        self.own_related.iter().map(|line| Group::of(line)).for_each(visit);
    }

    fn thesaurus(&self) -> &Thesaurus {
        self.thesaurus.get_or_init(|| Thesaurus::new(&self.own_names.0, &self.own_names.1))
    }
}

impl Lookup for Project {
    fn country_code(&self, name: &str, year: Option<i32>) -> Option<String> {
        let codes = self.vocabulary().resolve_country(name)?;
        if let [code] = codes.as_slice() {
            return Some((*code).to_owned());
        }
        // Of a State and those whose seat it kept, the one of the year; without a year, the State of
        // today. A name that still several share says none.
        let lives = |code: &&str| {
            let years = self.vocabulary().country(code).and_then(|country| country.years);
            match (years, year) {
                (Some((first, last)), Some(year)) => (first..=last).contains(&year),
                (Some(_), None) => false,
                (None, _) => true,
            }
        };
        match codes.iter().copied().filter(lives).collect::<Vec<_>>().as_slice() {
            [code] => Some((*code).to_owned()),
            [code, others @ ..] if others.iter().all(|other| self.is_continued(code, other)) => {
                Some((*code).to_owned())
            }
            _ => None,
        }
    }

    fn is_continued(&self, a: &str, b: &str) -> bool {
        let keeps = |past: &str, code: &str| {
            let country = self.vocabulary().country(past);
            country.is_some_and(|country| country.continued_by.as_deref() == Some(code))
        };
        keeps(a, b) || keeps(b, a)
    }

    fn state_at(&self, code: &str, year: i32, date: Option<Date>) -> Option<String> {
        let date = date.or_else(|| Date::from_year(year))?;
        self.vocabulary().country_as_of(code, date).map(ToOwned::to_owned)
    }

    fn collection(&self, path: &str) -> Option<String> {
        let found = self.collections.iter().find(|(_, globs)| globs.is_match(path));
        found.map(|(name, _)| name.clone())
    }
}

impl Settings for Project {
    fn tag(&self, document: &mut Document) {
        tag(document, self.vocabulary(), Detail::Evidence);
    }

    #[cfg(feature = "pdf")]
    fn pdf(&self) -> &dyn PdfText {
        &*self.pdf
    }

    fn columns(&self, path: &str) -> Option<Columns> {
        let found = self.records.iter().find(|(globs, _)| globs.is_match(path));
        found.map(|(_, columns)| columns.clone())
    }
}
