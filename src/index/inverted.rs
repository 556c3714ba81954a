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
    /// Of each term one.
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
    /// By the number of the term, its place in `terms`; [`NONE`] for most.
    places_of: Vec<u32>,
    /// The different terms of the document, as they first came.
    terms: Vec<Term>,
    /// All of them, as they came.
    tokens: Vec<Token>,
    /// The records and places of all terms, those of one term together.
    sorted: Vec<(u32, u32)>,
}

/// Of a term that the document does not hold.
const NONE: u32 = u32::MAX;

/// A term of the document.
#[derive(Debug, Clone, Copy)]
struct Term {
    number: u32,
    kind: Kind,
    /// How often it stands in the document; later, where its part of `sorted` ends.
    n: u32,
}

#[derive(Debug, Clone, Copy)]
struct Token {
    /// Place in `terms`.
    term: u32,
    record: u32,
    place: u32,
}

/// What a field tells of a term: the records, how often it stands there, or where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Records,
    Counts,
    Places,
}

/// How a field is kept, and what was counted of it.
#[derive(Debug)]
struct Kept {
    kind: Kind,
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
                None | Some(IndexRecordOption::Basic) => Kind::Records,
                Some(IndexRecordOption::WithFreqs) => Kind::Counts,
                Some(IndexRecordOption::WithFreqsAndPositions) => Kind::Places,
            },
            has_length: entry.has_fieldnorms(),
            lengths: Vec::new(),
        };
        Self {
            fields: schema.fields().map(kept).collect(),
            places_of: Vec::new(),
            terms: Vec::new(),
            tokens: Vec::new(),
            sorted: Vec::new(),
        }
    }

    /// Adds a term of a field, by its number, at a place of a record; of each field in the order of records
    /// and places.
    pub(super) fn add(&mut self, field: Field, number: u32, record: u32, place: u32) {
        let Some(kept) = self.fields.get_mut(field.field_id() as usize) else { return };
        match kept.lengths.last_mut().filter(|(last, _)| *last == record) {
            Some((_, n)) => *n += 1,
            None => kept.lengths.push((record, 1)),
        }
        let kind = kept.kind;
        let known = self.places_of.get(number as usize).copied().unwrap_or(NONE);
        let term = if known == NONE { self.begin(number, kind) } else { known };
        if let Some(term) = self.terms.get_mut(term as usize) {
            term.n += 1;
        }
        self.tokens.push(Token { term, record, place });
    }

    /// Takes a term that the document did not hold so far.
    fn begin(&mut self, number: u32, kind: Kind) -> u32 {
        let (at, place) = (number as usize, self.terms.len() as u32);
        if self.places_of.len() <= at {
            self.places_of.resize(at + 1, NONE);
        }
        if let Some(known) = self.places_of.get_mut(at) {
            *known = place;
        }
        self.terms.push(Term { number, kind, n: 0 });
        place
    }

    /// Forgets what was collected.
    pub(super) fn clear(&mut self) {
        for term in self.terms.drain(..) {
            if let Some(known) = self.places_of.get_mut(term.number as usize) {
                *known = NONE;
            }
        }
        self.tokens.clear();
        self.fields.iter_mut().for_each(|kept| kept.lengths.clear());
    }

    /// What was collected; it is empty then.
    pub(super) fn finish(&mut self) -> Inverted {
        let Self { fields, terms, tokens, sorted, .. } = self;
        let mut inverted = Inverted {
            runs: Vec::with_capacity(terms.len()),
            bytes: Vec::with_capacity(3 * tokens.len()),
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
        }
        // Each term has a part of `sorted`, where its tokens are put in the order in which they came.
        let mut end = 0;
        for term in &mut *terms {
            (term.n, end) = (end, end + term.n);
        }
        sorted.clear();
        sorted.resize(tokens.len(), (0, 0));
        for Token { term, record, place } in &*tokens {
            let Some(term) = terms.get_mut(*term as usize) else { continue };
            if let Some(to) = sorted.get_mut(term.n as usize) {
                *to = (*record, *place);
            }
            term.n += 1;
        }
        let mut begin = 0;
        for term in &*terms {
            let end = term.n as usize;
            inverted.run(term.kind, term.number, sorted.get(begin..end).unwrap_or_default());
            begin = end;
        }
        self.clear();
        inverted
    }
}

impl Inverted {
    fn run(&mut self, kind: Kind, term: u32, places: &[(u32, u32)]) {
        let mut run = Run { term, first: 0, last: 0, n_records: 0, end: 0 };
        for here in places.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(record, _)) = here.first() else { continue };
            if run.n_records == 0 {
                run.first = record;
            } else {
                write_number(record - run.last, &mut self.bytes);
            }
            run.last = record;
            run.n_records += 1;
            if kind >= Kind::Counts {
                write_number(here.len() as u32, &mut self.bytes);
            }
            if kind >= Kind::Places {
                let mut before = 0;
                for (_, place) in here {
                    write_number(place - before, &mut self.bytes);
                    before = *place;
                }
            }
        }
        run.end = self.bytes.len() as u32;
        self.runs.push(run);
    }
}
