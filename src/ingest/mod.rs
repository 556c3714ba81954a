//! A folder to documents: walk, extract, structure, enrich, passages.
//!
//! What comes in: files. What goes out: [`Document`]s, or the reason why a file gave none. It knows
//! nothing of the index or of searching. Only [`walk`] touches the file system; all other stages
//! are functions from values to values.

pub mod enrich;
pub mod extract;
pub mod passages;
pub mod sidecar;
pub mod structure;
pub mod walk;

use crate::document::{
    ContentHash, Date, Document, DocumentId, Metadata, Origin, Sourced, Tags, Ties,
};
use enrich::Reason;
use enrich::metadata::{Found, Lookup};
use sidecar::{Row, Stated};
use structure::{Hint, Judged, structure};

/// What a reader of documents needs to know besides their bytes.
pub trait Settings: Lookup + Sync {
    /// Fills the tags of passages, sections and document.
    fn tag(&self, document: &mut Document);

    /// What an outline beside the document at `path` states.
    fn outline_of(&self, path: &str) -> Option<&Stated> {
        let _ = path;
        None
    }

    /// The row of a table that states something of the document at `path`.
    fn row_of(&self, path: &str, ties: &Ties) -> Option<&Row> {
        let _ = (path, ties);
        None
    }
}

/// Understands one file.
///
/// # Errors
///
/// The reason, in the reader's words, why no document can be made of it.
pub fn read(bytes: Vec<u8>, path: &str, settings: &dyn Settings) -> Result<Document, String> {
    read_dated(bytes, path, None, settings)
}

/// Understands one file whose date the reader knows.
///
/// # Errors
///
/// As [`read`].
pub fn read_dated(
    bytes: Vec<u8>,
    path: &str,
    date: Option<Date>,
    settings: &dyn Settings,
) -> Result<Document, String> {
    Ok(understand(bytes, path, date, settings, false)?.0)
}

/// Why a document is understood as it is; the words behind regions and topics are in its passages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Why {
    /// Blocks that are headings, or could have been, in order.
    pub headings: Vec<Judged>,
    /// What each value was read from, and what was not used.
    pub values: Vec<Reason>,
}

/// Understands one file and tells why.
///
/// # Errors
///
/// As [`read`].
pub fn explain(
    bytes: Vec<u8>,
    path: &str,
    settings: &dyn Settings,
) -> Result<(Document, Why), String> {
    understand(bytes, path, None, settings, true)
}

fn understand(
    bytes: Vec<u8>,
    path: &str,
    date: Option<Date>,
    settings: &dyn Settings,
    explain: bool,
) -> Result<(Document, Why), String> {
    let content_hash = ContentHash::of(&bytes);
    let mut extracted = extract::extract(bytes, path).map_err(|skip| skip.reason)?;
    let mut stated = settings.outline_of(path).cloned().unwrap_or_default();
    extracted.values.splice(0..0, stated.values.iter().cloned());
    let hint = Hint { headings: stated.headings.as_deref(), explain, ..Hint::default() };
    let mut layout = structure(&extracted, hint);
    let mut found = enrich::metadata::metadata(&extracted, &layout, path, settings);
    let mut ties = ties(&found.metadata);
    if let Some(row) = settings.row_of(path, &ties) {
        // The outline, which speaks of this document alone, is more trusted than the table.
        let place = stated.values.len();
        extracted.values.splice(place..place, row.values.iter().cloned());
        found = enrich::metadata::metadata(&extracted, &layout, path, settings);
        stated.add(&row.values, &row.hash);
    }
    ties.stated.clone_from(&stated.hash);
    let Found { mut metadata, problems, reasons } = found;
    let why = Why { headings: std::mem::take(&mut layout.judged), values: reasons };
    if let Some(date) = date {
        metadata.date = Some(Sourced::new(date, Origin::Sidecar));
        metadata.year = Some(Sourced::new(date.year(), Origin::Sidecar));
    }
    let id = DocumentId::of_path(path);
    let mut passages = passages::passages(&extracted.text, &layout, &id);
    if passages.is_empty() {
        return Err("holds no text".to_owned());
    }
    let year = metadata.year.as_ref().map(|year| year.value);
    for passage in &mut passages {
        let section = layout.sections.get(passage.section);
        let whom = section.and_then(|section| section.represents.as_deref());
        passage.country = whom.and_then(|name| settings.country_code(name, year));
    }
    let mut document = Document {
        path: path.to_owned(),
        id,
        container: None,
        content_hash,
        metadata,
        sections: layout.sections,
        furniture: layout.furniture,
        passages,
        tags: Tags::default(),
        problems: [extracted.problems, layout.problems, problems, stated.problems.clone()].concat(),
        text: extracted.text,
        ties,
    };
    settings.tag(&mut document);
    sidecar::apply_tags(&mut document, &stated, &layout.anchors);
    Ok((document, why))
}

/// What a table may be joined by.
fn ties(metadata: &Metadata) -> Ties {
    Ties {
        stated: String::new(),
        country: metadata.country.as_ref().map(|country| country.value.clone()),
        year: metadata.year.as_ref().map(|year| year.value),
        symbol: metadata.symbol.as_ref().map(|symbol| symbol.value.clone()),
    }
}
