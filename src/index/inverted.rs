//! A document turned over: for each of its terms, where it stands.

use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::MAX_TOKEN_LEN;

use super::lists::write_number;
use super::terms::Terms;

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
#[derive(Debug, Default)]
pub(super) struct Inverter {
    /// For each kind of field its tokens: the number of the term above, the place in `places` below.
    tokens: [Vec<u64>; 3],
    /// Record, and place in it.
    places: Vec<(u32, u32)>,
    lengths: Vec<(Field, u32, u32)>,
    totals: Vec<(Field, u64)>,
}

/// Which of the kinds of fields: that tell records only, how often a term stands there, or where.
fn kind(option: IndexRecordOption) -> usize {
    match option {
        IndexRecordOption::Basic => 0,
        IndexRecordOption::WithFreqs => 1,
        IndexRecordOption::WithFreqsAndPositions => 2,
    }
}

impl Inverter {
    /// Adds a term, by its number, at a place of a record; of each field in the order of records and places.
    pub(super) fn add(&mut self, option: IndexRecordOption, term: u32, record: u32, place: u32) {
        let at = self.places.len() as u64;
        self.places.push((record, place));
        if let Some(tokens) = self.tokens.get_mut(kind(option)) {
            tokens.push(u64::from(term) << 32 | at);
        }
    }

    /// Adds the one term of a field in a record; nothing where it is too long for one.
    pub(super) fn add_whole(&mut self, terms: &Terms, field: Field, term: &str, record: u32) {
        let n = u32::from(term.len() <= MAX_TOKEN_LEN);
        if n > 0 {
            let number = terms.number(field, term.as_bytes());
            self.add(IndexRecordOption::Basic, number, record, 0);
        }
        self.count(field, record, n, true);
    }

    /// Says how many words a field has in a record, and whether that is of account.
    pub(super) fn count(&mut self, field: Field, record: u32, n: u32, has_length: bool) {
        if has_length {
            self.lengths.push((field, record, n));
        }
        match self.totals.iter_mut().find(|(known, _)| *known == field) {
            Some((_, total)) => *total += u64::from(n),
            None if n > 0 => self.totals.push((field, u64::from(n))),
            None => {}
        }
    }

    /// Forgets what was collected.
    pub(super) fn clear(&mut self) {
        self.tokens.iter_mut().for_each(Vec::clear);
        self.places.clear();
        self.lengths.clear();
        self.totals.clear();
    }

    /// What was collected; it is empty then.
    pub(super) fn finish(&mut self) -> Inverted {
        let Self { tokens, places, lengths, totals } = self;
        let n_tokens: usize = tokens.iter().map(Vec::len).sum();
        let mut inverted = Inverted {
            runs: Vec::with_capacity(n_tokens / 3),
            bytes: Vec::with_capacity(3 * n_tokens),
            lengths: std::mem::take(lengths),
            totals: std::mem::take(totals),
        };
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
