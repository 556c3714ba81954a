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

pub use extract::container::{Columns, Part};

use extract::container::Content;

/// What a reader of documents needs to know besides their bytes.
pub trait Settings: Lookup + Sync {
    /// Fills the tags of passages, sections and document.
    fn tag(&self, document: &mut Document);

    /// Which columns of the table at `path` hold what, where the reader has said so.
    fn columns(&self, _path: &str) -> Option<Columns> {
        None
    }

    /// What reads PDF files.
    #[cfg(feature = "pdf")]
    fn pdf(&self) -> &dyn extract::pdf::PdfText {
        &extract::pdf::Here
    }

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

/// Whether a file holds several documents.
pub fn is_container(bytes: &[u8], path: &str) -> bool {
    extract::container::is_container(bytes, path)
}

/// Hands the documents in a file, and what was left out, to `take` one after another until it returns
/// `false`; [`read_part`] understands them. A file that is one document is its own only part.
pub fn parts(
    bytes: Vec<u8>,
    path: &str,
    settings: &dyn Settings,
    take: &mut dyn FnMut(Part) -> bool,
) {
    extract::container::parts(bytes, path, &|path| settings.columns(path), take);
}

/// Understands a part of a file; `None` for junk.
///
/// # Errors
///
/// The reason, in the reader's words, why no document can be made of it.
pub fn read_part(part: Part, settings: &dyn Settings) -> Result<Option<Document>, String> {
    Ok(understand_part(part, settings, false)?.map(|(document, _)| document))
}

/// Bytes of the text of one document at most. It is understood and handed to the index whole, so that readers never
/// see half of it, and takes ten times its text then: 0.7 GB at this size.
pub const MOST_TEXT: usize = 64 << 20;

fn too_long() -> String {
    format!("one document of more than {} MiB: split it", MOST_TEXT >> 20)
}

fn understand_part(
    part: Part,
    settings: &dyn Settings,
    explain: bool,
) -> Result<Option<(Document, Why)>, String> {
    let Part { path, container, content } = part;
    let (hash, extracted) = match content.map_err(|skip| skip.reason)? {
        Content::Junk => return Ok(None),
        Content::Text(extracted) => (ContentHash::of(extracted.text.as_bytes()), *extracted),
        Content::File(bytes, sniffed) => {
            // Of markup a tree is made before its text is known.
            let is_markup = matches!(sniffed, extract::Sniffed::Html | extract::Sniffed::Xml);
            if is_markup && bytes.len() > MOST_TEXT {
                return Err(too_long());
            }
            let hash = ContentHash::of(&bytes);
            let read = match sniffed {
                #[cfg(feature = "pdf")]
                extract::Sniffed::Pdf => settings.pdf().read(bytes),
                _ => extract::extract_sniffed(bytes, &path, sniffed),
            };
            (hash, read.map_err(|skip| skip.reason)?)
        }
    };
    let (mut document, why) = understand(extracted, hash, &path, None, settings, explain)?;
    document.container = container;
    Ok(Some((document, why)))
}

/// Understands one file; of a file that holds several documents, the first.
///
/// # Errors
///
/// The reason, in the reader's words, why no document can be made of it.
pub fn read(bytes: Vec<u8>, path: &str, settings: &dyn Settings) -> Result<Document, String> {
    let mut first = Err("holds no text".to_owned());
    parts(bytes, path, settings, &mut |part| match read_part(part, settings) {
        Ok(Some(document)) => {
            first = Ok(document);
            false
        }
        Ok(None) => true,
        Err(reason) => {
            first = Err(reason);
            true
        }
    });
    first
}

/// Understands one text whose date the reader knows.
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
    let hash = ContentHash::of(&bytes);
    let extracted = extract::extract(bytes, path).map_err(|skip| skip.reason)?;
    Ok(understand(extracted, hash, path, date, settings, false)?.0)
}

/// Why a document is understood as it is; the words behind regions and topics are in its passages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Why {
    /// Blocks that are headings, or could have been, in order.
    pub headings: Vec<Judged>,
    /// What each value was read from, and what was not used.
    pub values: Vec<Reason>,
}

/// Understands one file, or the document at `wanted` in it, and tells why.
///
/// # Errors
///
/// As [`read`].
pub fn explain(
    bytes: Vec<u8>,
    path: &str,
    wanted: Option<&str>,
    settings: &dyn Settings,
) -> Result<(Document, Why), String> {
    let mut first = Err("holds no text".to_owned());
    parts(bytes, path, settings, &mut |part| {
        if wanted.is_some_and(|wanted| wanted != part.path) {
            return true;
        }
        match understand_part(part, settings, true) {
            Ok(Some(found)) => {
                first = Ok(found);
                false
            }
            Ok(None) => true,
            Err(reason) => {
                first = Err(reason);
                true
            }
        }
    });
    first
}

/// Finds structure, metadata, passages and tags of an extracted text, and why where that is asked for.
fn understand(
    mut extracted: extract::block::Extracted,
    content_hash: ContentHash,
    path: &str,
    date: Option<Date>,
    settings: &dyn Settings,
    explain: bool,
) -> Result<(Document, Why), String> {
    if extracted.text.len() > MOST_TEXT {
        return Err(too_long());
    }
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
        also_at: Vec::new(),
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
