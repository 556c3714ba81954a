//! What of a segment stays at hand between searches.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tantivy::columnar::{Column, StrColumn};
use tantivy::directory::{CompositeFile, FileSlice, OwnedBytes};
use tantivy::index::SegmentComponent;
use tantivy::schema::IndexRecordOption;
use tantivy::{InvertedIndexReader, SegmentReader, Term};

use super::schema::{Fields, column};
use crate::analysis::fold::fold;

/// Bytes of counts that stay at hand, together.
const MOST_KEPT: usize = 8 << 20;

/// Lists of counts that stay at hand: as many as a search of several words uses at once.
const MOST_SPARE: usize = 8;

/// How often something stands in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frequency {
    pub(crate) record: u32,
    pub(crate) count: u32,
}

/// How often something stands in each record, kept for further searches.
#[derive(Debug)]
pub(crate) enum KeptCounts {
    /// In those that hold it, in order.
    Few(Vec<Frequency>),
    /// In all, as its owner lays them out.
    Many(Vec<u8>),
}

impl KeptCounts {
    /// Bytes that it takes.
    fn bytes(&self) -> usize {
        match self {
            Self::Few(list) => size_of_val(list.as_slice()),
            Self::Many(counts) => counts.len(),
        }
    }
}

/// Counts, and what they cost to make, in units of the one who made them.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) counts: Arc<KeptCounts>,
    pub(crate) cost: u64,
}

/// Lists of counts that are not in use. To clear one takes a small part of the time that the system takes to find
/// memory for it.
#[derive(Debug, Default)]
pub(crate) struct SpareCounts(Mutex<Vec<Vec<u8>>>);

impl SpareCounts {
    /// A list of so many counts, all of them 0.
    pub(crate) fn take(&self, n: usize) -> Vec<u8> {
        let mut counts = self.lock().pop().unwrap_or_default();
        counts.clear();
        counts.resize(n, 0);
        counts
    }

    /// Takes a list back.
    pub(crate) fn give_back(&self, counts: Vec<u8>) {
        let mut spare = self.lock();
        if spare.len() < MOST_SPARE && counts.capacity() > 0 {
            spare.push(counts);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Columns and lists of one segment, opened once for all searches of a reader.
pub(crate) struct Frame {
    /// Words of a passage, or of all passages of a document.
    pub(crate) tokens: Column<u64>,
    pub(crate) paths: Option<StrColumn>,
    /// Dictionary and postings of passages.
    pub(crate) body: Arc<InvertedIndexReader>,
    /// All document records, replaced ones included, in order.
    pub(crate) documents: Vec<u32>,
    n_records: u32,
    regions: OnceLock<Vec<Region>>,
    lengths: OnceLock<Vec<u32>>,
    lengths_of_passages: OnceLock<OwnedBytes>,
    owners: OnceLock<Vec<u32>>,
    places: OnceLock<Places>,
    spare: Arc<SpareCounts>,
    /// Lists that searches made and may need again, by name.
    kept: Mutex<BTreeMap<String, Kept>>,
}

/// A value of the region column, and where it stands.
pub(crate) struct Region {
    /// Its path, folded.
    pub(crate) path: String,
    /// Records with it, replaced ones included, in order.
    pub(crate) records: Vec<u32>,
}

impl Frame {
    pub(crate) fn open(segment: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
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
            tokens: columns.u64(column::TOKENS)?,
            paths: columns.str(column::PATH)?,
            body: segment.inverted_index(fields.body)?,
            documents,
            n_records: segment.max_doc(),
            regions: OnceLock::new(),
            lengths: OnceLock::new(),
            lengths_of_passages: OnceLock::new(),
            owners: OnceLock::new(),
            places: OnceLock::new(),
            spare: Arc::default(),
            kept: Mutex::default(),
        })
    }

    /// Where passages and their sentences begin, for those who look at places of words.
    pub(crate) fn places(&self, segment: &SegmentReader) -> tantivy::Result<&Places> {
        if let Some(places) = self.places.get() {
            return Ok(places);
        }
        let columns = segment.fast_fields();
        let places = Places {
            first: columns.u64(column::FIRST)?,
            sentences: columns.u64(column::SENTENCES)?,
            firsts: OnceLock::new(),
            n_asked: AtomicU32::new(0),
            n_records: segment.max_doc(),
        };
        Ok(self.places.get_or_init(|| places))
    }

    /// Words of each document, in the order of their records.
    pub(crate) fn lengths(&self) -> &[u32] {
        let length = |record: &u32| self.tokens.first(*record).unwrap_or(0) as u32;
        self.lengths.get_or_init(|| self.documents.iter().map(length).collect())
    }

    /// Of each record the engine's code of how many words it has, as a passage.
    pub(crate) fn lengths_of_passages(
        &self,
        segment: &SegmentReader,
        fields: &Fields,
    ) -> tantivy::Result<&[u8]> {
        if let Some(lengths) = self.lengths_of_passages.get() {
            return Ok(lengths);
        }
        let file = CompositeFile::open(&segment.open_read(SegmentComponent::FieldNorms)?)?;
        let file = file.open_read(fields.body).unwrap_or_else(FileSlice::empty);
        let lengths = file.read_bytes()?;
        Ok(self.lengths_of_passages.get_or_init(|| lengths))
    }

    /// For each record the place of its document among the documents.
    pub(crate) fn owners(&self) -> &[u32] {
        self.owners.get_or_init(|| {
            let n_records = self.n_records as usize;
            let mut owners = Vec::with_capacity(n_records);
            let ends = self.documents.iter().skip(1).map(|next| *next as usize);
            for (place, end) in ends.chain([n_records]).enumerate() {
                owners.resize(end, place as u32);
            }
            owners
        })
    }

    /// Lists of one count a record that searches use and give back.
    pub(crate) const fn spare_counts(&self) -> &Arc<SpareCounts> {
        &self.spare
    }

    /// A list that was kept under a name.
    pub(crate) fn kept(&self, name: &str) -> Option<Kept> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(name).cloned()
    }

    /// Keeps a list, which must not depend on anything but the segment and the name. When there are too
    /// many, all others go.
    pub(crate) fn keep(&self, name: &str, list: &Kept) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let n_bytes: usize = kept.values().map(|kept| kept.counts.bytes()).sum();
        if n_bytes + list.counts.bytes() > MOST_KEPT {
            kept.clear();
        }
        kept.insert(name.to_owned(), list.clone());
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

/// Where passages begin in their documents, and sentences in their passages, in words.
pub(crate) struct Places {
    first: Column<u64>,
    sentences: Column<u64>,
    /// The column `first` unpacked, and how many values were asked for before.
    firsts: OnceLock<Vec<u32>>,
    n_asked: AtomicU32,
    n_records: u32,
}

impl Places {
    /// Place of a passage's first word in its document. Once a quarter as many were asked for as there
    /// are, all stay unpacked: a process that asks once does not pay for that.
    pub(crate) fn first(&self, record: u32) -> u32 {
        let read = |record| self.first.first(record).unwrap_or(0) as u32;
        if let Some(firsts) = self.firsts.get() {
            return firsts.get(record as usize).copied().unwrap_or(0);
        }
        if self.n_asked.fetch_add(1, Ordering::Relaxed) > self.n_records / 4 {
            self.firsts.get_or_init(|| (0..self.n_records).map(read).collect());
        }
        read(record)
    }

    /// Where the sentences of a passage begin; see [`super::schema::OPENS_PARAGRAPH`].
    pub(crate) fn sentences(&self, record: u32) -> impl Iterator<Item = u64> + '_ {
        self.sentences.values_for_doc(record)
    }
}
