//! Counts of values over everything that matches.

use std::collections::{BTreeMap, BTreeSet};

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

/// Counts per document record: how many of its passages match.
fn by_document(segment: &Segment<'_>, matched: &Bits) -> BTreeMap<u32, u64> {
    let mut documents = BTreeMap::new();
    for record in matched.iter() {
        *documents.entry(segment.document_of(record)).or_insert(0) += 1;
    }
    documents
}

fn count_years(segment: &Segment<'_>, matched: &Bits, counts: &mut Counts) -> Result<(), Error> {
    let years = segment.numbers(column::YEAR)?;
    for (record, passages) in by_document(segment, matched) {
        if let Some(year) = years.first(record) {
            let count = counts.entry(year.to_string()).or_default();
            count.0 += passages;
            count.1 += 1;
        }
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
    let mut ords: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    let mut paths: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    if of == Of::Document {
        for (record, passages) in by_document(segment, matched) {
            for ord in labels.term_ords(record) {
                let count = ords.entry(ord).or_default();
                count.0 += passages;
                count.1 += 1;
            }
        }
    } else {
        let mut values: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        let mut document = None;
        let mut in_document: BTreeSet<String> = BTreeSet::new();
        for passage in matched.iter() {
            let whole = segment.document_of(passage);
            if document != Some(whole) {
                for value in std::mem::take(&mut in_document) {
                    paths.entry(value).or_default().1 += 1;
                }
                document = Some(whole);
            }
            let inherits = of == Of::Turn && labels.term_ords(passage).next().is_none();
            let record = if inherits { whole } else { passage };
            let mut in_passage: BTreeSet<&str> = BTreeSet::new();
            for ord in labels.term_ords(record) {
                if let std::collections::btree_map::Entry::Vacant(entry) = values.entry(ord) {
                    let mut value = String::new();
                    labels.ord_to_str(ord, &mut value)?;
                    entry.insert(if tree { with_ancestors(&value) } else { vec![shown(&value)] });
                }
            }
            for ord in labels.term_ords(record) {
                in_passage.extend(values.get(&ord).into_iter().flatten().map(String::as_str));
            }
            for value in in_passage {
                match paths.get_mut(value) {
                    Some(count) => count.0 += 1,
                    None => {
                        paths.insert(value.to_owned(), (1, 0));
                    }
                }
                if !in_document.contains(value) {
                    in_document.insert(value.to_owned());
                }
            }
        }
        for value in in_document {
            paths.entry(value).or_default().1 += 1;
        }
    }
    for (ord, count) in ords {
        let mut value = String::new();
        labels.ord_to_str(ord, &mut value)?;
        paths.insert(value, count);
    }
    for (value, (passages, documents)) in paths {
        let count = counts.entry(value).or_default();
        count.0 += passages;
        count.1 += documents;
    }
    Ok(())
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
