//! Filters to sets of passages.

use globset::{GlobBuilder, GlobMatcher};

use super::bits::Bits;
use super::error::Error;
use super::options::{Condition, Filters};
use super::segment::Segment;
use crate::analysis::fold::fold;
use crate::analysis::words::for_each_word;
use crate::document::Span;
use crate::index::schema::{SEPARATOR, column};

/// The passages of a segment that pass, and how many documents were left out for want of a date.
pub(super) fn passing(
    segment: &Segment<'_>,
    filters: &Filters,
) -> Result<(Option<Bits>, u64), Error> {
    let mut bits: Option<Bits> = None;
    let mut narrow = |more: Bits| match &mut bits {
        Some(bits) => bits.and(&more),
        None => bits = Some(more),
    };
    let on_passages: [(&str, &[Condition], Matching); 2] = [
        (column::SECTION, &filters.section, Matching::Headings),
        (column::REGION, &filters.region, Matching::Tree),
    ];
    for (name, conditions, matching) in on_passages {
        if !conditions.is_empty() {
            narrow(labelled(segment, &[name], conditions, matching, false)?);
        }
    }
    if !filters.topic.is_empty() {
        let columns = topic_columns(filters.likely);
        narrow(labelled(segment, columns, &filters.topic, Matching::Value, false)?);
    }
    let on_documents: [(&str, &[Condition], Matching); 4] = [
        (column::LANGUAGE, &filters.language, Matching::Value),
        (column::COLLECTION, &filters.collection, Matching::Value),
        (column::TYPE, &filters.kind, Matching::Value),
        (column::PATH, &filters.path, Matching::Glob),
    ];
    for (name, conditions, matching) in on_documents {
        if !conditions.is_empty() {
            narrow(labelled(segment, &[name], conditions, matching, true)?);
        }
    }
    if !filters.speaker.is_empty() {
        narrow(by_whom(segment, column::SPEAKER, &filters.speaker, Matching::Words)?);
    }
    if !filters.country.is_empty() {
        narrow(by_whom(segment, column::COUNTRY, &filters.country, Matching::Value)?);
    }
    if let Some((from, to)) = filters.year {
        let years = segment.numbers(column::YEAR)?;
        let mut documents = Bits::empty(segment.len());
        for &record in segment.documents() {
            let year = years.first(record);
            let low = from.is_none_or(|from| year.is_some_and(|y| y >= i64::from(from)));
            let high = to.is_none_or(|to| year.is_some_and(|y| y <= i64::from(to)));
            if low && high {
                documents.insert(record);
            }
        }
        narrow(segment.passages_of(&documents));
    }
    let mut undated = 0;
    if filters.from.is_some() || filters.to.is_some() {
        let first = segment.numbers(column::FIRST_DAY)?;
        let last = segment.numbers(column::LAST_DAY)?;
        let from = filters.from.map_or(i64::MIN, |date| date.range().first);
        let to = filters.to.map_or(i64::MAX, |date| date.range().last);
        let mut documents = Bits::empty(segment.len());
        for &record in segment.documents() {
            match (first.first(record), last.first(record)) {
                (Some(first), Some(last)) if first <= to && last >= from => {
                    documents.insert(record);
                }
                (Some(_), Some(_)) => {}
                _ => undated += u64::from(!segment.reader.is_deleted(record)),
            }
        }
        narrow(segment.passages_of(&documents));
    }
    Ok((bits, undated))
}

/// Where topics stand: the sure ones, or the likely ones too.
pub(super) fn topic_columns(likely: bool) -> &'static [&'static str] {
    if likely { &[column::TOPIC, column::TOPIC_LIKELY] } else { &[column::TOPIC] }
}

/// How a value of the index meets a condition.
#[derive(Clone, Copy)]
pub(super) enum Matching {
    /// Equal, whatever the case and accents.
    Value,
    /// Equal, or below it in the tree.
    Tree,
    /// Some heading of the path holds the words in this order; or, for a whole value, is equal.
    Headings,
    /// The words in this order.
    Words,
    /// A pattern of paths.
    Glob,
}

/// A condition made ready for many values.
pub(super) struct Test {
    negated: bool,
    whole: bool,
    matching: Matching,
    values: Vec<String>,
    words: Vec<Vec<String>>,
    globs: Vec<GlobMatcher>,
}

impl Test {
    pub(super) fn new(condition: &Condition, matching: Matching) -> Result<Self, Error> {
        let mut globs = Vec::new();
        if matches!(matching, Matching::Glob) {
            for value in &condition.values {
                // A plain name means the file or everything below the folder.
                for pattern in [
                    value.clone(),
                    format!("{}/**", value.trim_end_matches('/')),
                    format!("**/{value}"),
                ] {
                    let glob = GlobBuilder::new(&pattern)
                        .literal_separator(true)
                        .build()
                        .map_err(|e| Error::Filter(format!("--path \"{value}\": {}", e.kind())))?;
                    globs.push(glob.compile_matcher());
                }
            }
        }
        Ok(Self {
            negated: condition.negated,
            whole: condition.whole,
            matching,
            values: condition.values.iter().map(|value| fold(value.trim())).collect(),
            words: condition.values.iter().map(|value| folded_words(value)).collect(),
            globs,
        })
    }

    pub(super) fn meets(&self, value: &str) -> bool {
        match self.matching {
            Matching::Value => self.values.contains(&fold(value)),
            Matching::Tree => {
                let folded = fold(value);
                self.values.iter().any(|wanted| {
                    folded.strip_prefix(wanted.as_str()).is_some_and(|rest| {
                        rest.is_empty() || (!self.whole && rest.starts_with('/'))
                    })
                })
            }
            Matching::Headings => value.split(SEPARATOR).any(|heading| self.has_words(heading)),
            Matching::Words => self.has_words(value),
            Matching::Glob => self.globs.iter().any(|glob| glob.is_match(value)),
        }
    }

    fn has_words(&self, value: &str) -> bool {
        if value.starts_with('(') {
            return self.values.iter().any(|wanted| wanted == value);
        }
        let words = folded_words(value);
        self.words.iter().any(|wanted| {
            !wanted.is_empty()
                && if self.whole {
                    words == *wanted
                } else {
                    words.windows(wanted.len()).any(|window| window == wanted.as_slice())
                }
        })
    }
}

pub(super) fn folded_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for_each_word(text, Span::new(0, text.len()), &[], true, &mut |word| {
        if word.length == 1 {
            words.push(fold(word.text));
        }
    });
    words
}

/// The passages whose values in any of the columns meet the conditions: one of the plain ones (if
/// there are any), and none of the negated.
fn labelled(
    segment: &Segment<'_>,
    columns: &[&str],
    conditions: &[Condition],
    matching: Matching,
    of_document: bool,
) -> Result<Bits, Error> {
    let tests: Vec<Test> =
        conditions.iter().map(|c| Test::new(c, matching)).collect::<Result<_, _>>()?;
    let mut wanted = Bits::empty(segment.len());
    let mut unwanted = Bits::empty(segment.len());
    for name in columns {
        let Some(labels) = segment.labels(name)? else { continue };
        let n_values = labels.num_terms();
        let mut is_wanted = Vec::with_capacity(n_values);
        let mut is_unwanted = Vec::with_capacity(n_values);
        let mut value = String::new();
        for ord in 0..n_values as u64 {
            value.clear();
            labels.ord_to_str(ord, &mut value)?;
            is_wanted.push(tests.iter().any(|t| !t.negated && t.meets(&value)));
            is_unwanted.push(tests.iter().any(|t| t.negated && t.meets(&value)));
        }
        let mut look = |record: u32| {
            for ord in labels.term_ords(record) {
                let at = ord as usize;
                if is_wanted.get(at) == Some(&true) {
                    wanted.insert(record);
                }
                if is_unwanted.get(at) == Some(&true) {
                    unwanted.insert(record);
                }
            }
        };
        if of_document {
            segment.documents().iter().for_each(|record| look(*record));
        } else {
            (0..segment.len()).for_each(&mut look);
        }
    }
    if of_document {
        wanted = segment.passages_of(&wanted);
        unwanted = segment.passages_of(&unwanted);
    }
    if tests.iter().all(|test| test.negated) {
        wanted = Bits::full(segment.len());
    }
    wanted.and_not(&unwanted);
    Ok(wanted)
}

/// Passages by their speaker or the country represented: those of the turn, or of the document where
/// a turn names none.
fn by_whom(
    segment: &Segment<'_>,
    name: &str,
    conditions: &[Condition],
    matching: Matching,
) -> Result<Bits, Error> {
    let mut all = Bits::full(segment.len());
    let plain: Vec<Condition> = conditions.iter().filter(|c| !c.negated).cloned().collect();
    let negated: Vec<Condition> = conditions
        .iter()
        .filter(|c| c.negated)
        .map(|c| Condition { negated: false, ..c.clone() })
        .collect();
    for (list, keep) in [(plain, true), (negated, false)] {
        if list.is_empty() {
            continue;
        }
        let own = labelled(segment, &[name], &list, matching, false)?;
        let mut found = segment.passages_of(&own);
        if let Some(labels) = segment.labels(name)? {
            let documents = segment.documents();
            let mut is_document = Bits::empty(segment.len());
            for record in documents {
                is_document.insert(*record);
            }
            for record in 0..segment.len() {
                if !is_document.contains(record) && labels.term_ords(record).next().is_some() {
                    found.remove(record);
                }
            }
        }
        found.or(&own);
        if keep {
            all.and(&found);
        } else {
            all.and_not(&found);
        }
    }
    Ok(all)
}

/// Passages whose value of one field meets a condition typed in the query.
pub(super) fn by_field(
    segment: &Segment<'_>,
    columns: &[&str],
    condition: &Condition,
    matching: Matching,
    of_document: bool,
) -> Result<Bits, Error> {
    if let [name @ (column::SPEAKER | column::COUNTRY)] = columns {
        return by_whom(segment, name, std::slice::from_ref(condition), matching);
    }
    labelled(segment, columns, std::slice::from_ref(condition), matching, of_document)
}
