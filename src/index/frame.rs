//! What of a segment stays at hand between searches.

use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::IndexRecordOption;
use tantivy::{InvertedIndexReader, SegmentReader, Term};

use super::schema::{Fields, column};

/// Columns and lists of one segment, opened once for all searches of a reader.
pub(crate) struct Frame {
    /// Where a passage stands in its document, from 1; 0 for a document record.
    pub(crate) ordinal: Column<u64>,
    /// Place of a passage's first word in its document.
    pub(crate) first: Column<u64>,
    /// Where sentences begin; see [`super::schema::OPENS_PARAGRAPH`].
    pub(crate) sentences: Column<u64>,
    /// Words of a passage, or of all passages of a document.
    pub(crate) tokens: Column<u64>,
    pub(crate) paths: Option<StrColumn>,
    /// Dictionary and postings of passages.
    pub(crate) body: Arc<InvertedIndexReader>,
    /// All document records, replaced ones included, in order.
    pub(crate) documents: Vec<u32>,
}

impl Frame {
    pub(super) fn open(segment: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let kinds = segment.inverted_index(fields.kind)?;
        let term = Term::from_field_text(fields.kind, "d");
        let mut documents = Vec::new();
        if let Some(mut postings) = kinds.read_block_postings(&term, IndexRecordOption::Basic)? {
            while !postings.docs().is_empty() {
                documents.extend_from_slice(postings.docs());
                postings.advance();
            }
        }
        Ok(Self {
            ordinal: columns.u64(column::ORDINAL)?,
            first: columns.u64(column::FIRST)?,
            sentences: columns.u64(column::SENTENCES)?,
            tokens: columns.u64(column::TOKENS)?,
            paths: columns.str(column::PATH)?,
            body: segment.inverted_index(fields.body)?,
            documents,
        })
    }
}
