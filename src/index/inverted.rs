//! A document turned over: for each of its terms, where it stands.

use tantivy::schema::{Field, IndexRecordOption, Schema};

use super::lists::write_number;

/// What a document adds to the list of one of its terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) term: u32,
    /// First and last record, counted from the document's, and how many.
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) n_records: u32,
    /// Where its bytes end; they begin where those before end.
    pub(super) end: u32,
}

/// A document as the index takes it.
///
/// The bytes of a run say of each record: how far it is behind the one before (of the first nothing, which is
/// known later), how often the term stands there where its field counts that, and where, each place as its
/// distance from the one before, where its field tells places.
#[derive(Debug, Default)]
pub(super) struct Inverted {
    /// By term.
    pub(super) runs: Vec<Run>,
    pub(super) bytes: Vec<u8>,
    /// Field, record, and how many words it has there; of fields whose lengths are of account.
    pub(super) lengths: Vec<(Field, u32, u32)>,
    /// Words of each field.
    pub(super) totals: Vec<(Field, u64)>,
}

/// Collects what stands in a document.
#[derive(Debug)]
pub(super) struct Inverter {
    /// By the number of the field.
    fields: Vec<Kept>,
    /// For each kind of field its tokens: the number of the term above, the place in `places` below.
    tokens: [Vec<u64>; 3],
    /// Record, and place in it.
    places: Vec<(u32, u32)>,
}

/// How a field is kept, and what was counted of it.
#[derive(Debug)]
struct Kept {
    /// Which of the kinds of fields: that tell records only, how often a term stands there, or where.
    kind: usize,
    /// Whether the number of its words in a record is of account.
    has_length: bool,
    /// Records with how many words each has, in order.
    lengths: Vec<(u32, u32)>,
}

impl Inverter {
    /// One for documents with the fields of a schema.
    pub(super) fn new(schema: &Schema) -> Self {
        let kept = |(_, entry): (Field, &tantivy::schema::FieldEntry)| Kept {
            kind: match entry.field_type().get_index_record_option() {
                None | Some(IndexRecordOption::Basic) => 0,
                Some(IndexRecordOption::WithFreqs) => 1,
                Some(IndexRecordOption::WithFreqsAndPositions) => 2,
            },
            has_length: entry.has_fieldnorms(),
            lengths: Vec::new(),
        };
        let fields = schema.fields().map(kept).collect();
        Self { fields, tokens: Default::default(), places: Vec::new() }
    }

    /// Adds a term of a field, by its number, at a place of a record; of each field in the order of records
    /// and places.
    pub(super) fn add(&mut self, field: Field, term: u32, record: u32, place: u32) {
        let Some(kept) = self.fields.get_mut(field.field_id() as usize) else { return };
        match kept.lengths.last_mut().filter(|(last, _)| *last == record) {
            Some((_, n)) => *n += 1,
            None => kept.lengths.push((record, 1)),
        }
        let at = self.places.len() as u64;
        self.places.push((record, place));
        if let Some(tokens) = self.tokens.get_mut(kept.kind) {
            tokens.push(u64::from(term) << 32 | at);
        }
    }

    /// Forgets what was collected.
    pub(super) fn clear(&mut self) {
        self.tokens.iter_mut().for_each(Vec::clear);
        self.places.clear();
        self.fields.iter_mut().for_each(|kept| kept.lengths.clear());
    }

    /// What was collected; it is empty then.
    pub(super) fn finish(&mut self) -> Inverted {
        let Self { fields, tokens, places } = self;
        let n_tokens: usize = tokens.iter().map(Vec::len).sum();
        let mut inverted = Inverted {
            runs: Vec::with_capacity(n_tokens / 3),
            bytes: Vec::with_capacity(3 * n_tokens),
            ..Inverted::default()
        };
        for (id, kept) in (0..).zip(fields) {
            let field = Field::from_field_id(id);
            let total: u64 = kept.lengths.iter().map(|(_, n)| u64::from(*n)).sum();
            if total > 0 {
                inverted.totals.push((field, total));
            }
            if kept.has_length {
                let lengths = kept.lengths.iter().map(|(record, n)| (field, *record, *n));
                inverted.lengths.extend(lengths);
            }
            kept.lengths.clear();
        }
        for (kind, tokens) in tokens.iter_mut().enumerate() {
            // The terms together, each in the order in which it came.
            tokens.sort_unstable();
            let mut rest = tokens.as_slice();
            while let Some(first) = rest.first() {
                let term = first >> 32;
                let n = rest.iter().position(|token| token >> 32 != term).unwrap_or(rest.len());
                let (here, others) = rest.split_at(n);
                let here = here.iter().filter_map(|token| places.get(*token as u32 as usize));
                inverted.run(kind, term as u32, here.copied());
                rest = others;
            }
            tokens.clear();
        }
        places.clear();
        inverted
    }
}

impl Inverted {
    fn run(&mut self, kind: usize, term: u32, places: impl Iterator<Item = (u32, u32)> + Clone) {
        let mut places = places.peekable();
        let mut run = Run { term, first: 0, last: 0, n_records: 0, end: 0 };
        while let Some(&(record, _)) = places.peek() {
            if run.n_records == 0 {
                run.first = record;
            } else {
                write_number(record - run.last, &mut self.bytes);
            }
            run.last = record;
            run.n_records += 1;
            let here = places.clone().take_while(|(of, _)| *of == record);
            if kind > 0 {
                write_number(here.clone().count() as u32, &mut self.bytes);
            }
            let mut before = 0;
            for (_, place) in here {
                if kind > 1 {
                    write_number(place - before, &mut self.bytes);
                    before = place;
                }
                places.next();
            }
        }
        run.end = self.bytes.len() as u32;
        self.runs.push(run);
    }
}
