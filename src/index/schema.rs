//! The fields of the index.
//!
//! Every document is a run of records that stand side by side in one segment: first a *document
//! record* (metadata, outline, title), then one *passage record* a passage, in order. Document records
//! have a term of their own (`kind`): their list leads from any record to its document's. What belongs
//! to the document is stored once, on its document record.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

/// Name in the schema of what makes the tokens of words. The engine has none of that name: its terms are made
/// where documents are read.
pub(crate) const TOKENIZER: &str = "packed";

/// Version of everything that is written: fields, keys, stored records, manifest.
pub(crate) const FORMAT: u32 = 6;

/// Names of the columns.
pub(crate) mod column {
    pub(crate) const FIRST: &str = "first";
    pub(crate) const TOKENS: &str = "tokens";
    pub(crate) const SENTENCES: &str = "sentences";
    pub(crate) const SECTION: &str = "section";
    pub(crate) const REGION: &str = "region";
    pub(crate) const TOPIC: &str = "topic";
    pub(crate) const TOPIC_LIKELY: &str = "topic_likely";
    pub(crate) const SPEAKER: &str = "speaker";
    pub(crate) const PATH: &str = "path";
    pub(crate) const COUNTRY: &str = "country";
    pub(crate) const LANGUAGE: &str = "language";
    pub(crate) const COLLECTION: &str = "collection";
    pub(crate) const TYPE: &str = "type";
    pub(crate) const YEAR: &str = "year";
    pub(crate) const FIRST_DAY: &str = "first_day";
    pub(crate) const LAST_DAY: &str = "last_day";
}

/// Parts of a section path and of other lists in one column value stand apart by this sign.
pub(crate) const SEPARATOR: char = '\u{1f}';

/// Factor of a value of the column `sentences`: above it the sentence's first word in the passage,
/// below it 1 where a paragraph begins with the sentence.
pub(crate) const OPENS_PARAGRAPH: u64 = 2;

/// The fields by name.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    /// Words of a passage, with positions.
    pub(crate) body: Field,
    /// Neighbours in a passage that are both common words; see [`super::pairs`].
    pub(crate) pairs: Field,
    /// Words of title and headings above a passage: evidence for ranking, never a match.
    pub(crate) context: Field,
    /// Words of the title, with positions; on document records.
    pub(crate) title: Field,
    /// Id of the document; on all of its records, to replace them together.
    pub(crate) id: Field,
    /// `d` on document records.
    pub(crate) kind: Field,
    /// Place of a passage's first word in the document's words.
    pub(crate) first: Field,
    /// Words in a passage; on document records those of all passages.
    pub(crate) tokens: Field,
    /// Where sentences begin in a passage, in words; see [`OPENS_PARAGRAPH`].
    pub(crate) sentences: Field,
    pub(crate) section: Field,
    pub(crate) region: Field,
    /// Topics that a passage surely speaks of.
    pub(crate) topic: Field,
    /// Topics that it likely speaks of; none of the sure ones.
    pub(crate) topic_likely: Field,
    /// On passages the speaker of the turn, on document records the document's.
    pub(crate) speaker: Field,
    pub(crate) path: Field,
    /// On passages the country of the turn's speaker, on document records the document's.
    pub(crate) country: Field,
    pub(crate) language: Field,
    pub(crate) collection: Field,
    pub(crate) kind_of_document: Field,
    pub(crate) year: Field,
    pub(crate) first_day: Field,
    pub(crate) last_day: Field,
    /// Stored: a passage's text up to the next passage; on document records the text before the first.
    pub(crate) text: Field,
    /// Stored: what else is known of it; see `record.rs`.
    pub(crate) record: Field,
    /// Words beside the passages, with positions, on the passage that follows them: title, headings,
    /// bylines, captions and their like. Asked only where no passage holds what is looked for.
    pub(crate) beside: Field,
}

impl Fields {
    pub(crate) fn new() -> Self {
        let mut builder = Schema::builder();
        let words = |option: IndexRecordOption, norms: bool| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(TOKENIZER)
                    .set_index_option(option)
                    .set_fieldnorms(norms),
            )
        };
        let label = || TextOptions::default().set_fast("raw");
        Self {
            body: builder
                .add_text_field("body", words(IndexRecordOption::WithFreqsAndPositions, true)),
            pairs: builder.add_text_field("pairs", words(IndexRecordOption::WithFreqs, false)),
            context: builder.add_text_field("context", words(IndexRecordOption::WithFreqs, true)),
            title: builder
                .add_text_field("title", words(IndexRecordOption::WithFreqsAndPositions, false)),
            id: builder.add_text_field("id", STRING),
            kind: builder.add_text_field("kind", STRING),
            first: builder.add_u64_field(column::FIRST, FAST),
            tokens: builder.add_u64_field(column::TOKENS, FAST),
            sentences: builder.add_u64_field(column::SENTENCES, FAST),
            section: builder.add_text_field(column::SECTION, label()),
            region: builder.add_text_field(column::REGION, label()),
            topic: builder.add_text_field(column::TOPIC, label()),
            topic_likely: builder.add_text_field(column::TOPIC_LIKELY, label()),
            speaker: builder.add_text_field(column::SPEAKER, label()),
            path: builder.add_text_field(column::PATH, STRING | FAST),
            country: builder.add_text_field(column::COUNTRY, label()),
            language: builder.add_text_field(column::LANGUAGE, label()),
            collection: builder.add_text_field(column::COLLECTION, label()),
            kind_of_document: builder.add_text_field(column::TYPE, label()),
            year: builder.add_i64_field(column::YEAR, FAST),
            first_day: builder.add_i64_field(column::FIRST_DAY, FAST),
            last_day: builder.add_i64_field(column::LAST_DAY, FAST),
            text: builder.add_text_field("text", TextOptions::default().set_stored()),
            record: builder.add_bytes_field("record", STORED),
            beside: builder
                .add_text_field("beside", words(IndexRecordOption::WithFreqsAndPositions, false)),
            schema: builder.build(),
        }
    }
}
