//! Counts of values over everything that matches.

use std::collections::BTreeMap;

use super::bits::Bits;
use super::error::Error;
use super::filter;
use super::options::{FacetField, Filters};
use super::results::FacetCount;
use super::segment::Segment;
use crate::index::schema::{SEPARATOR, column};

/// Whose value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Passage,
    /// The passage's, or, where it has none, the document's.
    Turn,
    Document,
}

/// The filters without those on `field`.
fn without(field: FacetField, filters: &Filters) -> Filters {
    let mut rest = filters.clone();
    match field {
        FacetField::Section => rest.section.clear(),
        FacetField::Region => rest.region.clear(),
        FacetField::Topic => rest.topic.clear(),
        FacetField::Country => rest.country.clear(),
        FacetField::Speaker => rest.speaker.clear(),
        FacetField::Year => rest.year = None,
        FacetField::Language => rest.language.clear(),
        FacetField::Collection => rest.collection.clear(),
        FacetField::Type => rest.kind.clear(),
    }
    rest
}

type Counts = BTreeMap<String, (u64, u64)>;

pub(super) struct Counter {
    fields: Vec<(FacetField, Counts)>,
}

impl Counter {
    pub(super) fn new(fields: &[FacetField]) -> Self {
        Self { fields: fields.iter().map(|field| (*field, Counts::new())).collect() }
    }

    /// Counts what `matched` holds. A field by which the search is filtered is counted as if it were
    /// not, out of all that was `found`: the other choices stay in sight.
    pub(super) fn count(
        &mut self,
        segment: &Segment<'_>,
        found: &Bits,
        matched: &Bits,
        filters: &Filters,
    ) -> Result<(), Error> {
        for (field, counts) in &mut self.fields {
            let others = without(*field, filters);
            let mut wider = None;
            if others != *filters {
                let mut bits = found.clone();
                if let (Some(passing), _) = filter::passing(segment, &others)? {
                    bits.and(&passing);
                }
                wider = Some(bits);
            }
            let matched = wider.as_ref().unwrap_or(matched);
            let (name, of) = match field {
                FacetField::Year => {
                    count_years(segment, matched, counts)?;
                    continue;
                }
                FacetField::Section => (column::SECTION, Of::Passage),
                FacetField::Region => (column::REGION, Of::Passage),
                FacetField::Topic => (column::TOPIC, Of::Passage),
                FacetField::Country => (column::COUNTRY, Of::Turn),
                FacetField::Speaker => (column::SPEAKER, Of::Turn),
                FacetField::Language => (column::LANGUAGE, Of::Document),
                FacetField::Collection => (column::COLLECTION, Of::Document),
                FacetField::Type => (column::TYPE, Of::Document),
            };
            by_label(segment, matched, name, of, counts)?;
        }
        Ok(())
    }

    /// The counts, most documents first, equal ones by value.
    pub(super) fn finish(self) -> Vec<(FacetField, Vec<FacetCount>)> {
        self.fields
            .into_iter()
            .map(|(field, counts)| {
                let mut list: Vec<FacetCount> = counts
                    .into_iter()
                    .map(|(value, (passages, documents))| FacetCount { value, passages, documents })
                    .collect();
                list.sort_by(|a, b| {
                    b.documents
                        .cmp(&a.documents)
                        .then(b.passages.cmp(&a.passages))
                        .then_with(|| a.value.cmp(&b.value))
                });
                (field, list)
            })
            .collect()
    }
}

fn count_years(segment: &Segment<'_>, matched: &Bits, counts: &mut Counts) -> Result<(), Error> {
    let years = segment.numbers(column::YEAR)?;
    let mut found: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    segment.for_each_document(matched, |document, passages| {
        if let Some(year) = years.first(document) {
            let count = found.entry(year).or_default();
            count.0 += passages;
            count.1 += 1;
        }
    });
    for (year, (passages, documents)) in found {
        let count = counts.entry(year.to_string()).or_default();
        count.0 += passages;
        count.1 += documents;
    }
    Ok(())
}

fn by_label(
    segment: &Segment<'_>,
    matched: &Bits,
    name: &str,
    of: Of,
    counts: &mut Counts,
) -> Result<(), Error> {
    let Some(labels) = segment.labels(name)? else { return Ok(()) };
    let tree = name == column::REGION;
    let mut tally = Tally::default();
    // What a value of the column counts for, once it was met.
    let mut of_ord: Vec<Option<Vec<usize>>> = vec![None; labels.num_terms()];
    for passage in matched.iter() {
        let document = segment.document_of(passage);
        let own = of == Of::Passage || of == Of::Turn && labels.term_ords(passage).next().is_some();
        for ord in labels.term_ords(if own { passage } else { document }) {
            let Some(values) = of_ord.get_mut(ord as usize) else { continue };
            if values.is_none() {
                let mut label = String::new();
                labels.ord_to_str(ord, &mut label)?;
                let all = if tree { with_ancestors(&label) } else { vec![shown(&label)] };
                *values = Some(all.into_iter().map(|value| tally.place(value)).collect());
            }
            for value in values.iter().flatten() {
                tally.add(*value, passage, document);
            }
        }
    }
    for (value, place) in tally.places {
        let Some(row) = tally.rows.get(place) else { continue };
        let count = counts.entry(value).or_default();
        count.0 += row.passages;
        count.1 += row.documents;
    }
    Ok(())
}

/// Counts of values, each passage and document once a value.
#[derive(Default)]
struct Tally {
    places: BTreeMap<String, usize>,
    rows: Vec<Row>,
}

#[derive(Default)]
struct Row {
    passages: u64,
    documents: u64,
    /// The passage and the document that were counted last.
    last: Option<(u32, u32)>,
}

impl Tally {
    fn place(&mut self, value: String) -> usize {
        let next = self.rows.len();
        let place = *self.places.entry(value).or_insert(next);
        if place == next {
            self.rows.push(Row::default());
        }
        place
    }

    fn add(&mut self, place: usize, passage: u32, document: u32) {
        let Some(row) = self.rows.get_mut(place) else { return };
        let last = row.last.replace((passage, document));
        row.passages += u64::from(last.is_none_or(|(known, _)| known != passage));
        row.documents += u64::from(last.is_none_or(|(_, known)| known != document));
    }
}

/// A section path as a reader sees it.
fn shown(value: &str) -> String {
    value.replace(SEPARATOR, " > ")
}

/// `Europe/Western Europe/France`, `Europe/Western Europe`, `Europe`.
fn with_ancestors(path: &str) -> Vec<String> {
    let mut all = vec![path.to_owned()];
    let mut rest = path;
    while let Some((head, _)) = rest.rsplit_once('/') {
        all.push(head.to_owned());
        rest = head;
    }
    all
}
