//! A thread that makes segments of documents.
//!
//! The engine can make them by itself: it looks up every word in one large table, which takes longer than all
//! else it does. Here documents come turned over, their terms numbered already where they were read, so that a
//! term of a document costs one look, however often it stands there. What is written is what the engine would
//! write of the same records in the same order.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tantivy::directory::{Directory, FileSlice, RamDirectory, TerminatingWrite, WritePtr};
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::Field;
use tantivy::{Index, Segment, SegmentMeta, TantivyDocument, TantivyError};

use super::flow::Load;
use super::inverted::Inverted;
use super::laying::{Unpacking, lay};
use super::lists::Lists;
use super::stored::{Store, Stored};
use super::terms::{Current, Numbered, Terms};

/// A document on its way.
pub(super) struct Sent {
    /// What goes into columns of each record.
    pub(super) records: Vec<TantivyDocument>,
    pub(super) stored: Stored,
    pub(super) inverted: Inverted,
    /// The terms whose numbers it has.
    pub(super) terms: Arc<Terms>,
    pub(super) load: Load,
}

enum Message {
    Document(Box<Sent>),
    /// Close the segment, and say so.
    Close(Sender<()>),
}

/// The thread, from outside.
#[derive(Debug)]
pub(super) struct Maker {
    messages: Option<SyncSender<Message>>,
    thread: Option<JoinHandle<tantivy::Result<()>>>,
    /// Set when nobody will ask for what is still on its way.
    stop: Arc<AtomicBool>,
    made: Receiver<SegmentMeta>,
}

/// Lists whose ends are fetched together.
const FETCHED: usize = 32;
/// Batches of unpacked lists that may wait.
const BATCHES: usize = 3;
/// Messages that may wait; how much text they may have together is another's business.
const WAITING: usize = 16_384;

impl Maker {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// When there is no thread to be had.
    pub(super) fn start(index: &Index, current: &Current, bytes: usize) -> std::io::Result<Self> {
        let (messages, receiver) = sync_channel(WAITING);
        let (give, made) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let (index, current, stopped) = (index.clone(), current.clone(), Arc::clone(&stop));
        let work = move || {
            let terms = current.get();
            let mut making = Making {
                index,
                current,
                terms,
                bytes,
                lists: Lists::default(),
                open: None,
                old: None,
                give,
                stop: stopped,
            };
            making.work(&receiver)
        };
        let thread = std::thread::Builder::new().name("segments".to_owned()).spawn(work)?;
        Ok(Self { messages: Some(messages), thread: Some(thread), stop, made })
    }

    /// Gives it a document.
    ///
    /// # Errors
    ///
    /// When the thread has failed, with its reason.
    pub(super) fn send(&mut self, document: Sent) -> tantivy::Result<()> {
        self.message(Message::Document(Box::new(document)))
    }

    /// Waits until all that was given is in segments.
    ///
    /// # Errors
    ///
    /// When the thread has failed, with its reason.
    pub(super) fn close_segment(&mut self) -> tantivy::Result<()> {
        let (reply, replied) = channel();
        self.message(Message::Close(reply))?;
        // It answers, or is gone.
        if replied.recv().is_err() { self.failed() } else { Ok(()) }
    }

    /// Segments that are whole and were not taken yet.
    pub(super) fn made(&self) -> impl Iterator<Item = SegmentMeta> + '_ {
        self.made.try_iter()
    }

    fn message(&mut self, message: Message) -> tantivy::Result<()> {
        let sent = self.messages.as_ref().is_some_and(|messages| messages.send(message).is_ok());
        if sent { Ok(()) } else { self.failed() }
    }

    /// What the thread ended with.
    fn failed(&mut self) -> tantivy::Result<()> {
        self.messages = None;
        let ended = self.thread.take().map(JoinHandle::join);
        match ended {
            Some(Ok(Err(error))) => Err(error),
            _ => Err(fault()),
        }
    }
}

impl Drop for Maker {
    fn drop(&mut self) {
        // The lock of the folder must not be let go before the last file is closed.
        self.stop.store(true, Ordering::Relaxed);
        self.messages = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Of a thread that ended by a fault of ours.
fn fault() -> TantivyError {
    TantivyError::ErrorInThread("a thread that makes segments ended".to_owned())
}

/// The thread, from inside.
struct Making {
    index: Index,
    current: Current,
    terms: Arc<Terms>,
    /// Bytes of memory from which a segment is closed.
    bytes: usize,
    lists: Lists,
    open: Option<Open>,
    /// Terms of the segment before, by number, for documents that were read for it.
    old: Option<(Arc<Terms>, Vec<Numbered>)>,
    give: Sender<SegmentMeta>,
    stop: Arc<AtomicBool>,
}

/// A segment that is being filled.
struct Open {
    segment: Segment,
    store: Store,
    columns: FastFieldsWriter,
    columns_file: WritePtr,
    lengths: FieldNormsWriter,
    n_records: u32,
    totals: BTreeMap<Field, u64>,
}

impl Open {
    fn new(index: &Index) -> tantivy::Result<Self> {
        let segment = index.new_segment();
        let store = Store::start(segment.open_write(SegmentComponent::Store)?)?;
        let schema = index.schema();
        let tokenizers = index.fast_field_tokenizer().clone();
        Ok(Self {
            store,
            columns: FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, tokenizers)?,
            columns_file: segment.open_write(SegmentComponent::FastFields)?,
            lengths: FieldNormsWriter::for_schema(&schema),
            n_records: 0,
            totals: BTreeMap::new(),
            segment,
        })
    }

    fn memory(&self) -> usize {
        self.store.memory() + self.columns.mem_usage() + self.lengths.mem_usage()
    }
}

impl Making {
    fn work(&mut self, messages: &Receiver<Message>) -> tantivy::Result<()> {
        let worked = messages.iter().try_for_each(|message| {
            match message {
                // What nobody will ask for is not made.
                Message::Document(_) if self.stop.load(Ordering::Relaxed) => {}
                Message::Document(document) => self.add(*document)?,
                Message::Close(reply) => {
                    self.close()?;
                    let _ = reply.send(());
                }
            }
            Ok(())
        });
        // Its texts are written by a thread of its own, which is waited for.
        self.open = None;
        worked
    }

    fn add(&mut self, document: Sent) -> tantivy::Result<()> {
        let Sent { records, stored, inverted, terms, load } = document;
        drop(load);
        let open = match &mut self.open {
            Some(open) => open,
            open => open.insert(Open::new(&self.index)?),
        };
        let first = open.n_records;
        for record in &records {
            open.columns.add_document(record)?;
        }
        open.store.add(&stored)?;
        open.n_records += records.len() as u32;
        for (field, record, n) in inverted.lengths {
            open.lengths.record(first + record, field, n);
        }
        for (field, n) in inverted.totals {
            *open.totals.entry(field).or_default() += n;
        }
        let is_current = Arc::ptr_eq(&terms, &self.terms);
        let mut begin = 0;
        for some in inverted.runs.chunks(FETCHED) {
            if is_current {
                self.lists.fetch(some.iter().map(|run| run.term));
            }
            for run in some {
                let end = run.end as usize;
                let bytes = inverted.bytes.get(begin..end).ok_or_else(fault)?;
                let number = if is_current { run.term } else { self.renumber(&terms, run.term)? };
                let records = (first + run.first, first + run.last, run.n_records);
                self.lists.add(number, records, bytes);
                begin = end;
            }
        }
        let memory = self.open.as_ref().map_or(0, Open::memory);
        if memory + self.lists.memory() + self.terms.memory() >= self.bytes {
            self.close()?;
        }
        Ok(())
    }

    /// The number here of a term that has another number elsewhere.
    fn renumber(&mut self, terms: &Arc<Terms>, number: u32) -> tantivy::Result<u32> {
        let known = self.old.take_if(|(old, by_number)| {
            Arc::ptr_eq(old, terms) && by_number.len() > number as usize
        });
        let (old, by_number) = known.unwrap_or_else(|| (Arc::clone(terms), terms.by_number()));
        let term = by_number.get(number as usize).ok_or_else(fault)?;
        let number = self.terms.number(term.field(), term.term());
        self.old = Some((old, by_number));
        Ok(number)
    }

    /// Writes the segment at hand and begins anew.
    fn close(&mut self) -> tantivy::Result<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let terms = std::mem::replace(&mut self.terms, self.current.renew());
        let lists = std::mem::take(&mut self.lists);
        self.old = None;
        let Open { segment, mut store, columns, columns_file, mut lengths, n_records, totals } =
            open;
        // To make a file waits for the disk, which has little to do until texts are ended.
        let lengths_file = segment.open_write(SegmentComponent::FieldNorms)?;
        let mut files = InvertedIndexSerializer::open(&segment)?;
        // The disk takes its time for them, and the processor has enough to do.
        store.end()?;
        lengths.fill_up_to_max_doc(n_records);
        let lengths = written(&lengths)?;
        let norms = FieldNormReaders::open(lengths.clone())?;
        let schema = segment.schema();
        let beside = Mutex::new(Some((columns, columns_file, lengths_file)));
        // What has nothing to do with lists is written beside them.
        let write_beside = || -> tantivy::Result<()> {
            let beside = beside.lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some((mut columns, mut columns_file, mut lengths_file)) = beside else {
                return Ok(());
            };
            lengths_file.write_all(&lengths.read_bytes()?)?;
            lengths_file.terminate()?;
            columns.serialize(&mut columns_file, None)?;
            columns_file.terminate()?;
            Ok(())
        };
        std::thread::scope(|scope| -> tantivy::Result<()> {
            let thread = std::thread::Builder::new().spawn_scoped(scope, write_beside);
            let sorted = terms.sorted();
            let held: Vec<&Numbered> =
                sorted.iter().filter(|term| lists.n_records(term.number) > 0).collect();
            let about = (&schema, &norms, &totals);
            std::thread::scope(|scope| {
                let unpacking = || Unpacking::new(&lists, &schema, &held);
                let (give, batches) = sync_channel(BATCHES);
                let from_thread = unpacking();
                let unpack = move || {
                    let mut all = from_thread;
                    while let Some(batch) = all.next()
                        && give.send(batch).is_ok()
                    {}
                };
                match std::thread::Builder::new().spawn_scoped(scope, unpack) {
                    Ok(_) => lay(&mut files, about, &held, &mut batches.into_iter()),
                    Err(_) => lay(&mut files, about, &held, &mut unpacking()),
                }
            })?;
            files.close()?;
            thread.map_or(Ok(()), |thread| thread.join().unwrap_or_else(|_| Err(fault())))
        })?;
        // Where there was no thread to be had.
        write_beside()?;
        drop((terms, lists));
        store.close()?;
        let meta = segment.with_max_doc(n_records).meta().clone();
        meta.untrack_temp_docstore();
        let _ = self.give.send(meta);
        Ok(())
    }
}

/// The lengths of records as their file holds them, in memory: lists are laid down with them, and the disk takes
/// its time.
fn written(lengths: &FieldNormsWriter) -> tantivy::Result<FileSlice> {
    let (directory, path) = (RamDirectory::create(), Path::new("lengths"));
    let file = directory.open_write(path).map_err(TantivyError::from)?;
    lengths.serialize(FieldNormsSerializer::from_write(file)?, None)?;
    directory.open_read(path).map_err(TantivyError::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::indexer::LogMergePolicy;
    use tantivy::schema::OwnedValue;
    use tantivy::tokenizer::{PreTokenizedString, SimpleTokenizer, Token};
    use tantivy::{IndexWriter, Term};

    use super::super::deletion::Came;
    use super::super::flow::Flow;
    use super::super::inverted::Inverter;
    use super::super::schema::{Fields, TOKENIZER, column};
    use super::super::stored::{Value, settings};
    use super::*;

    /// Words of each field of words, each with its place.
    type Record = [Vec<(u8, u32)>; 5];

    fn fields_of_words(fields: &Fields) -> [Field; 5] {
        [fields.body, fields.pairs, fields.context, fields.title, fields.beside]
    }

    fn index(fields: &Fields) -> Index {
        let builder = Index::builder().schema(fields.schema.clone()).settings(settings());
        let index = builder.create_in_ram().unwrap();
        index.tokenizers().register(TOKENIZER, SimpleTokenizer::default());
        index
    }

    /// Words of several lengths, some of which begin alike.
    fn word(n: u8) -> String {
        let stem = ["", "a", "nation", "nations", "peaceful coexistence", "é"][usize::from(n) % 6];
        format!("{stem}{}", n / 6)
    }

    fn id(document: usize) -> String {
        format!("document {document}")
    }

    fn text(at: usize) -> String {
        format!("text {at}")
    }

    /// What of a record goes into columns: both write it alike.
    fn columns(fields: &Fields, document: usize, at: usize) -> TantivyDocument {
        let mut record = TantivyDocument::new();
        record.add_u64(fields.first, document as u64);
        if at == 0 {
            record.add_text(fields.path, id(document));
        }
        record
    }

    /// The segment that the engine makes.
    fn by_engine(fields: &Fields, documents: &[Vec<Record>]) -> Segment {
        let index = index(fields);
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for (number, records) in documents.iter().enumerate() {
            for (at, words) in records.iter().enumerate() {
                let mut record = columns(fields, number, at);
                record.add_text(fields.text, text(at));
                record.add_text(fields.id, id(number));
                if at == 0 {
                    record.add_text(fields.kind, "d");
                }
                for (field, words) in fields_of_words(fields).into_iter().zip(words) {
                    let token = |&(n, place): &(u8, u32)| Token {
                        position: place as usize,
                        text: word(n),
                        ..Token::default()
                    };
                    let tokens = words.iter().map(token).collect();
                    let words = PreTokenizedString { text: String::new(), tokens };
                    record.add_field_value(field, &OwnedValue::PreTokStr(words));
                }
                writer.add_document(record).unwrap();
            }
        }
        writer.commit().unwrap();
        let metas = index.searchable_segment_metas().unwrap();
        assert_eq!(metas.len(), 1);
        index.segment(metas[0].clone())
    }

    fn sent(fields: &Fields, terms: &Arc<Terms>, number: usize, all: &[Record]) -> Sent {
        let mut inverter = Inverter::new(&fields.schema);
        let (mut records, mut stored) = (Vec::new(), Stored::default());
        let number_of = |field, term: &str| terms.number(field, term.as_bytes());
        for (at, words) in all.iter().enumerate() {
            let record = at as u32;
            inverter.add(fields.id, number_of(fields.id, &id(number)), record, 0);
            if at == 0 {
                inverter.add(fields.kind, number_of(fields.kind, "d"), record, 0);
                inverter.add(fields.path, number_of(fields.path, &id(number)), record, 0);
            }
            for (field, words) in fields_of_words(fields).into_iter().zip(words) {
                for (n, place) in words {
                    inverter.add(field, number_of(field, &word(*n)), record, *place);
                }
            }
            records.push(columns(fields, number, at));
            stored.add(&[(fields.text, Value::Text(&text(at)))]);
        }
        let (terms, load) = (Arc::clone(terms), Flow::default().load(1));
        Sent { records, stored, inverted: inverter.finish(), terms, load }
    }

    fn bytes(segment: &Segment) -> Vec<Vec<u8>> {
        let all = [
            SegmentComponent::Terms,
            SegmentComponent::Postings,
            SegmentComponent::Positions,
            SegmentComponent::FieldNorms,
            SegmentComponent::FastFields,
            SegmentComponent::Store,
        ];
        let read = |component| segment.open_read(component).unwrap().read_bytes().unwrap();
        all.into_iter().map(|component| read(component).as_slice().to_vec()).collect()
    }

    fn documents() -> impl Strategy<Value = Vec<Vec<Record>>> {
        let words = |most| {
            proptest::collection::vec((0_u8..40, 0_u32..3), 0..most).prop_map(|steps| {
                let mut place = 0;
                let next = |(n, step): (u8, u32)| {
                    place += step;
                    (n, place)
                };
                steps.into_iter().map(next).collect::<Vec<_>>()
            })
        };
        let record = [words(30), words(9), words(9), words(4), words(4)];
        proptest::collection::vec(proptest::collection::vec(record, 1..6), 1..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_segment_is_what_the_engine_makes(documents in documents(), late in 0_usize..12) {
            let fields = Fields::new();
            let index = index(&fields);
            let current = Current::default();
            let mut maker = Maker::start(&index, &current, usize::MAX).unwrap();
            // A segment before, during which some documents of the next one were read already.
            let before = current.get();
            maker.send(sent(&fields, &before, 0, &documents[0])).unwrap();
            let early: Vec<Sent> = (0..documents.len())
                .filter(|number| *number < late)
                .map(|number| sent(&fields, &before, number, &documents[number]))
                .collect();
            maker.close_segment().unwrap();
            prop_assert_eq!(maker.made().count(), 1);
            prop_assert!(!Arc::ptr_eq(&before, &current.get()));
            let n_early = early.len();
            for document in early {
                maker.send(document).unwrap();
            }
            for (number, document) in documents.iter().enumerate().skip(n_early) {
                maker.send(sent(&fields, &current.get(), number, document)).unwrap();
            }
            maker.close_segment().unwrap();
            let made: Vec<SegmentMeta> = maker.made().collect();
            prop_assert_eq!(made.len(), 1);
            let ours = index.segment(made[0].clone());
            let theirs = by_engine(&fields, &documents);
            prop_assert_eq!(ours.meta().max_doc(), theirs.meta().max_doc());
            prop_assert_eq!(bytes(&ours), bytes(&theirs));
        }
    }

    #[test]
    fn a_segment_is_closed_when_it_is_full_and_none_is_made_of_nothing() {
        let fields = Fields::new();
        let index = index(&fields);
        let current = Current::default();
        let mut maker = Maker::start(&index, &current, 1).unwrap();
        let document = [Record::default()];
        for number in 0..3 {
            maker.send(sent(&fields, &current.get(), number, &document)).unwrap();
        }
        maker.close_segment().unwrap();
        assert_eq!(maker.made().map(|segment| segment.max_doc()).collect::<Vec<_>>(), [1, 1, 1]);
        maker.close_segment().unwrap();
        assert_eq!(maker.made().count(), 0);
    }

    /// Documents replaced again and again, with segments merged at any time: of each the last is there.
    #[test]
    fn a_deletion_goes_to_what_came_before_it() {
        for merges in [false, true] {
            let fields = Fields::new();
            let index = index(&fields);
            let (current, came) = (Current::default(), Came::default());
            let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
            let mut policy = LogMergePolicy::default();
            policy.set_min_num_segments(if merges { 2 } else { 1_000 });
            writer.set_merge_policy(Box::new(policy));
            let mut maker = Maker::start(&index, &current, usize::MAX).unwrap();
            let mut rounds_of = [0, 0, 0];
            for round in 1..=24_usize {
                let which = round * 7 % 3;
                rounds_of[which] = round as u64;
                let term = Term::from_field_text(fields.id, &id(which));
                writer.delete_query(came.deletion(term)).unwrap();
                let mut document =
                    sent(&fields, &current.get(), which, &vec![Record::default(); 2]);
                for record in &mut document.records {
                    record.add_u64(fields.tokens, round as u64);
                }
                maker.send(document).unwrap();
                maker.close_segment().unwrap();
                for segment in maker.made() {
                    came.add(segment.id());
                    writer.add_segment(segment).unwrap();
                }
                if round % 4 == 0 {
                    writer.commit().unwrap();
                    let mut found = Vec::new();
                    for segment in index.reader().unwrap().searcher().segment_readers() {
                        let rounds = segment.fast_fields().u64(column::TOKENS).unwrap();
                        found.extend(segment.doc_ids_alive().filter_map(|r| rounds.first(r)));
                    }
                    found.sort_unstable();
                    let mut expected = [rounds_of, rounds_of].concat();
                    expected.sort_unstable();
                    assert_eq!(found, expected, "round {round}, merges {merges}");
                }
            }
            writer.wait_merging_threads().unwrap();
            let searcher = index.reader().unwrap().searcher();
            assert_eq!(searcher.num_docs(), 6);
            let n_segments = searcher.segment_readers().len();
            assert_eq!(merges, n_segments < 3, "{n_segments}");
        }
    }
}
