//! Lists of terms laid down in a segment's files.

use std::collections::BTreeMap;

use tantivy::fieldnorm::FieldNormReaders;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::{Field, IndexRecordOption, Schema};

use super::lists::{Lists, read_number};
use super::terms::Numbered;

/// Numbers from which a batch is handed on.
const BATCH: usize = 1 << 16;

/// Lists of some terms of one field, unpacked.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Of each term, how many records it has.
    terms: Vec<u32>,
    records: Vec<u32>,
    /// Of each record, how often the term stands there; 0 where that is not counted.
    counts: Vec<u32>,
    /// Of each time the distance from the one before, where the field tells places.
    places: Vec<u32>,
}

fn option_of(schema: &Schema, field: Field) -> IndexRecordOption {
    let option = schema.get_field_entry(field).field_type().get_index_record_option();
    option.unwrap_or(IndexRecordOption::Basic)
}

/// Unpacks lists, batch by batch.
pub(super) struct Unpacking<'a> {
    lists: &'a Lists,
    schema: &'a Schema,
    /// Terms to come, by field and letters.
    terms: &'a [&'a Numbered],
    bytes: Vec<u8>,
}

impl<'a> Unpacking<'a> {
    pub(super) fn new(lists: &'a Lists, schema: &'a Schema, terms: &'a [&'a Numbered]) -> Self {
        Self { lists, schema, terms, bytes: Vec::new() }
    }
}

impl Iterator for Unpacking<'_> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let field = self.terms.first()?.field();
        let option = option_of(self.schema, field);
        let mut batch = Batch::default();
        while let Some((term, others)) = self.terms.split_first()
            && term.field() == field
            && batch.records.len() + batch.places.len() < BATCH
        {
            self.terms = others;
            self.lists.read(term.number, &mut self.bytes);
            batch.terms.push(self.lists.n_records(term.number));
            batch.unpack(option, &self.bytes);
        }
        Some(batch)
    }
}

impl Batch {
    fn unpack(&mut self, option: IndexRecordOption, mut list: &[u8]) {
        let mut record = 0;
        while let Some(step) = read_number(&mut list) {
            record += step;
            let counts = option != IndexRecordOption::Basic;
            let n = if counts { read_number(&mut list).unwrap_or(0) } else { 0 };
            self.records.push(record);
            self.counts.push(n);
            if option == IndexRecordOption::WithFreqsAndPositions {
                self.places.extend((0..n).map_while(|_| read_number(&mut list)));
            }
        }
    }
}

/// Writes the lists of `terms`, which are those that `batches` unpack, in the same order; `totals` are the
/// words of each field.
///
/// # Errors
///
/// When a file cannot be written.
pub(super) fn lay(
    files: &mut InvertedIndexSerializer,
    (schema, norms, totals): (&Schema, &FieldNormReaders, &BTreeMap<Field, u64>),
    terms: &[&Numbered],
    batches: &mut dyn Iterator<Item = Batch>,
) -> tantivy::Result<()> {
    for of_field in terms.chunk_by(|a, b| a.field() == b.field()) {
        let Some(field) = of_field.first().map(|term| term.field()) else { continue };
        let option = option_of(schema, field);
        let counts = option != IndexRecordOption::Basic;
        let total = totals.get(&field).copied().unwrap_or(0);
        let mut out = files.new_field(field, total, norms.get_field(field)?)?;
        let mut terms = of_field.iter();
        while terms.len() > 0
            && let Some(batch) = batches.next()
        {
            let mut records = batch.records.iter().zip(&batch.counts);
            let mut rest = batch.places.as_slice();
            for (&n_records, term) in batch.terms.iter().zip(&mut terms) {
                // The engine does not know how many records there are of a term that it does not count.
                out.new_term(term.term(), if counts { n_records } else { 0 }, counts)?;
                for (&record, &n) in records.by_ref().take(n_records as usize) {
                    let n_places = rest.len().min(n as usize);
                    let (places, others) = rest.split_at(n_places);
                    rest = others;
                    out.write_doc(record, n, places);
                }
                out.close_term()?;
            }
        }
        out.close()?;
    }
    Ok(())
}
