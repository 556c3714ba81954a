//! What of a segment stays at hand between searches.

use std::sync::{Arc, OnceLock};

use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::IndexRecordOption;
use tantivy::{InvertedIndexReader, SegmentReader, Term};

use super::schema::{Fields, column};
use crate::analysis::fold::fold;

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
    regions: OnceLock<Vec<Region>>,
}

/// A value of the region column, and where it stands.
pub(crate) struct Region {
    /// Its path, folded.
    pub(crate) path: String,
    /// Records with it, replaced ones included, in order.
    pub(crate) records: Vec<u32>,
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
            regions: OnceLock::new(),
        })
    }

    /// All values of the region column with their records: the column the other way round, worked out
    /// when it is first asked for.
    pub(crate) fn regions(&self, segment: &SegmentReader) -> tantivy::Result<&[Region]> {
        if let Some(regions) = self.regions.get() {
            return Ok(regions);
        }
        let mut regions = Vec::new();
        if let Some(labels) = segment.fast_fields().str(column::REGION)? {
            let mut value = String::new();
            for ord in 0..labels.num_terms() as u64 {
                value.clear();
                labels.ord_to_str(ord, &mut value)?;
                regions.push(Region { path: fold(&value), records: Vec::new() });
            }
            for record in 0..segment.max_doc() {
                for ord in labels.term_ords(record) {
                    if let Some(region) = regions.get_mut(ord as usize)
                        && region.records.last() != Some(&record)
                    {
                        region.records.push(record);
                    }
                }
            }
        }
        Ok(self.regions.get_or_init(|| regions))
    }
}
