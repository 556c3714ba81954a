//! A folder to documents: walk, extract, structure, enrich, passages.
//!
//! What comes in: files. What goes out: [`Document`]s, or the reason why a file gave none. It knows
//! nothing of the index or of searching. Only [`walk`] touches the file system; all other stages
//! are functions from values to values.

pub mod enrich;
pub mod extract;
pub mod passages;
pub mod structure;
pub mod walk;

use crate::document::{ContentHash, Date, Document, DocumentId, Origin, Sourced, Tags};
use enrich::metadata::{Lookup, metadata};
use structure::{Hint, structure};

/// What a reader of documents needs to know besides their bytes.
pub trait Settings: Lookup + Sync {
    /// Fills the tags of passages, sections and document.
    fn tag(&self, document: &mut Document);
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
    let content_hash = ContentHash::of(&bytes);
    let extracted = extract::extract(bytes, path).map_err(|skip| skip.reason)?;
    let layout = structure(&extracted, Hint::default());
    let (mut metadata, problems) = metadata(&extracted, &layout, path, settings);
    if let Some(date) = date {
        metadata.date = Some(Sourced::new(date, Origin::Sidecar));
        metadata.year = Some(Sourced::new(date.year(), Origin::Sidecar));
    }
    let id = DocumentId::of_path(path);
    let mut passages = passages::passages(&extracted.text, &layout, &id);
    if passages.is_empty() {
        return Err("holds no text".to_owned());
    }
    for passage in &mut passages {
        let section = layout.sections.get(passage.section);
        let whom = section.and_then(|section| section.represents.as_deref());
        passage.country = whom.and_then(|name| settings.country_code(name));
    }
    let mut document = Document {
        path: path.to_owned(),
        id,
        container: None,
        also_at: Vec::new(),
        content_hash,
        metadata,
        sections: layout.sections,
        furniture: layout.furniture,
        passages,
        tags: Tags::default(),
        problems: [extracted.problems, layout.problems, problems].concat(),
        text: extracted.text,
    };
    settings.tag(&mut document);
    Ok(document)
}
