//! Stored texts of a segment, packed as the engine packs them.
//!
//! The engine begins each block of 16 KiB with a packer of its own, whose tables are asked of the system and
//! cleared; here one packer serves all blocks of a segment. Records come written down already, from where
//! documents are read. What is written is the same.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use tantivy::IndexSettings;
use tantivy::directory::{TerminatingWrite, WritePtr};
use tantivy::schema::Field;
use tantivy::store::{Compressor, ZstdCompressor};
use zstd::bulk;

/// Level at which texts are packed: two levels above it packing takes half as long again for 4 % fewer bytes.
const LEVEL: i32 = 1;
/// Bytes of a block before it is packed; a hit unpacks one or two.
const BLOCK: usize = 16_384;
/// Bytes for a record in the list of a block's records.
const PLACE: usize = size_of::<usize>();
/// Blocks that may wait to be packed.
const WAITING: usize = 3;
/// Entries of the list of blocks for which the list above has one.
const PERIOD: usize = 8;
/// The engine's numbers for kinds of values.
const TEXT: u8 = 0;
const BYTES: u8 = 4;
/// The engine's version of stored texts, its number for how they are packed, and bytes for later use.
const VERSION: u32 = 2;
const ZSTD: u8 = 4;
const RESERVED: [u8; 15] = [0; 15];

/// How the engine is to pack what it writes itself, such as merged segments.
pub(super) fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(LEVEL) }),
        docstore_blocksize: BLOCK,
        ..IndexSettings::default()
    }
}

/// A value to be stored.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// What is stored of some records, written down.
#[derive(Debug, Default)]
pub(super) struct Stored {
    bytes: Vec<u8>,
    /// Where each record ends.
    ends: Vec<usize>,
}

impl Stored {
    /// With room for so many bytes.
    pub(super) fn with_room(n_bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(n_bytes), ends: Vec::new() }
    }

    /// Adds a record with the values of some fields, in their order.
    pub(super) fn add(&mut self, values: &[(Field, Value<'_>)]) {
        write_number(values.len(), &mut self.bytes);
        for (field, value) in values {
            let (kind, bytes) = match value {
                Value::Text(text) => (TEXT, text.as_bytes()),
                Value::Bytes(bytes) => (BYTES, *bytes),
            };
            self.bytes.extend_from_slice(&field.field_id().to_le_bytes());
            self.bytes.push(kind);
            write_number(bytes.len(), &mut self.bytes);
            self.bytes.extend_from_slice(bytes);
        }
        self.ends.push(self.bytes.len());
    }

    /// Gives back room that was not needed, where it is much: what is stored may wait to be written.
    pub(super) fn trim(&mut self) {
        if self.bytes.capacity() > self.bytes.len() / 8 * 9 {
            self.bytes.shrink_to_fit();
        }
    }

    fn records(&self) -> impl Iterator<Item = &[u8]> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).filter_map(|(begin, end)| self.bytes.get(begin..*end))
    }
}

/// A number in groups of seven bits, the last of which bears a mark.
fn write_number(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 & 0x7f);
        number >>= 7;
    }
    out.push(number as u8 | 0x80);
}

/// Bytes of some records, and how many these are.
type Block = (Vec<u8>, u32);

/// Writes the stored texts of a segment; a thread of its own packs them.
#[derive(Debug)]
pub(super) struct Store {
    block: Vec<u8>,
    /// Where each record of the block begins.
    begins: Vec<u32>,
    blocks: Option<SyncSender<Block>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Store {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// When there is no thread to be had.
    pub(super) fn start(file: WritePtr) -> io::Result<Self> {
        let (blocks, receiver) = sync_channel(WAITING);
        let work = move || pack(&receiver, file);
        let thread = std::thread::Builder::new().name("texts".to_owned()).spawn(work)?;
        let (blocks, thread) = (Some(blocks), Some(thread));
        Ok(Self { block: Vec::with_capacity(2 * BLOCK), begins: Vec::new(), blocks, thread })
    }

    /// Bytes of memory.
    pub(super) fn memory(&self) -> usize {
        self.block.capacity() + self.begins.capacity() * size_of::<u32>()
    }

    /// Adds records behind those that are there.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub(super) fn add(&mut self, stored: &Stored) -> io::Result<()> {
        for record in stored.records() {
            self.begins.push(self.block.len() as u32);
            self.block.extend_from_slice(record);
            if self.block.len() + self.begins.len() * PLACE > BLOCK {
                self.close_block()?;
            }
        }
        Ok(())
    }

    fn close_block(&mut self) -> io::Result<()> {
        let n_records = self.begins.len() as u32;
        if n_records == 0 {
            return Ok(());
        }
        for place in self.begins.drain(..).chain([n_records]) {
            self.block.extend_from_slice(&place.to_le_bytes());
        }
        let block = std::mem::replace(&mut self.block, Vec::with_capacity(2 * BLOCK));
        match self.blocks.as_ref().map(|blocks| blocks.send((block, n_records))) {
            Some(Ok(())) => Ok(()),
            // Who takes no more has failed, and says how.
            _ => self.join().and_then(|()| Err(failed())),
        }
    }

    /// Says that there are no more records: what is left is written while others go on.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.close_block()?;
        self.blocks = None;
        Ok(())
    }

    /// Waits until the file is whole.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub(super) fn close(mut self) -> io::Result<()> {
        self.end()?;
        self.join()
    }

    fn join(&mut self) -> io::Result<()> {
        self.blocks = None;
        let thread = self.thread.take().ok_or_else(failed)?;
        thread.join().unwrap_or_else(|_| Err(failed()))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Nobody waits for a file that is given up, but its thread must not go on writing.
        let _ = self.join();
    }
}

/// Of a thread that ended by a fault of ours, or whose error was told before.
fn failed() -> io::Error {
    io::Error::other("a thread that writes stored texts ended")
}

/// Packs blocks into a file as they come; behind them stands where each of them is.
fn pack(blocks: &Receiver<Block>, mut file: WritePtr) -> io::Result<()> {
    let mut packer = bulk::Compressor::new(LEVEL)?;
    let mut packed = Vec::new();
    let mut list = List::default();
    for (block, n_records) in blocks {
        packed.clear();
        packed.extend_from_slice(&(block.len() as u32).to_le_bytes());
        packed.extend_from_slice(&packer.compress(&block)?);
        file.write_all(&packed)?;
        list.add(n_records, packed.len());
    }
    file.write_all(&list.written())?;
    file.write_all(&VERSION.to_le_bytes())?;
    file.write_all(&(list.n_bytes as u64).to_le_bytes())?;
    file.write_all(&[ZSTD])?;
    file.write_all(&RESERVED)?;
    file.terminate()
}

/// A block, or an entry of the list above it: its records, and its bytes in the file or in the list below.
#[derive(Debug, Clone)]
struct Entry {
    records: Range<u32>,
    bytes: Range<usize>,
}

/// Where blocks are: a list of all, one with an entry for every [`PERIOD`] entries of that, and so on.
#[derive(Debug, Default)]
struct List {
    layers: Vec<Layer>,
    n_records: u32,
    n_bytes: usize,
}

/// What is written of a list, and the entries that are not.
#[derive(Debug, Default)]
struct Layer {
    written: Vec<u8>,
    entries: Vec<Entry>,
}

impl Layer {
    /// Writes the entries down; one for all of them.
    fn close(&mut self) -> Option<Entry> {
        let (first, last) = (self.entries.first()?.clone(), self.entries.last()?.clone());
        let begin = self.written.len();
        write_number(self.entries.len(), &mut self.written);
        write_number(first.records.start as usize, &mut self.written);
        write_number(first.bytes.start, &mut self.written);
        for Entry { records, bytes } in self.entries.drain(..) {
            write_number(records.len(), &mut self.written);
            write_number(bytes.len(), &mut self.written);
        }
        let records = first.records.start..last.records.end;
        Some(Entry { records, bytes: begin..self.written.len() })
    }
}

impl List {
    /// Adds a block behind the last.
    fn add(&mut self, n_records: u32, n_bytes: usize) {
        let (record, byte) = (self.n_records, self.n_bytes);
        (self.n_records, self.n_bytes) = (record + n_records, byte + n_bytes);
        let mut entry = Entry { records: record..self.n_records, bytes: byte..self.n_bytes };
        let mut layers = self.layers.iter_mut();
        loop {
            let Some(layer) = layers.next() else {
                self.layers.push(Layer { entries: vec![entry], ..Layer::default() });
                return;
            };
            layer.entries.push(entry);
            if layer.entries.len() < PERIOD {
                return;
            }
            let Some(closed) = layer.close() else { return };
            entry = closed;
        }
    }

    /// All lists, the shortest first.
    fn written(&mut self) -> Vec<u8> {
        let mut above = None;
        for layer in &mut self.layers {
            layer.entries.extend(above);
            above = layer.close();
        }
        let layers = self.layers.iter().rev();
        let mut out = Vec::new();
        write_number(self.layers.len(), &mut out);
        let mut end = 0;
        for layer in layers.clone() {
            end += layer.written.len();
            write_number(end, &mut out);
        }
        layers.for_each(|layer| out.extend_from_slice(&layer.written));
        out
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tantivy::directory::RamDirectory;
    use tantivy::schema::{STORED, Schema, TextOptions};
    use tantivy::store::StoreWriter;
    use tantivy::{Directory, TantivyDocument};

    use super::*;

    fn read(directory: &RamDirectory, name: &str) -> Vec<u8> {
        directory.open_read(Path::new(name)).unwrap().read_bytes().unwrap().as_slice().to_vec()
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
        /// Texts of many lengths, so many that there are lists of lists.
        #[test]
        fn a_file_is_what_the_engine_writes(
            lengths in proptest::collection::vec(0_usize..40_000, 0..40),
            times in 1_usize..30,
            each in 1_usize..9,
        ) {
            let mut builder = Schema::builder();
            let fields = [
                builder.add_text_field("text", TextOptions::default().set_stored()),
                builder.add_bytes_field("record", STORED),
            ];
            let schema = builder.build();
            let directory = RamDirectory::create();
            let open = |name| directory.open_write(Path::new(name)).unwrap();
            let settings = settings();
            let mut theirs = StoreWriter::new(
                open("theirs"),
                settings.docstore_compression,
                settings.docstore_blocksize,
                false,
            )
            .unwrap();
            let mut ours = Store::start(open("ours")).unwrap();
            let text: String = (0..9_000).map(|n| format!("{} ", n * n % 1_009)).collect();
            let all: Vec<&usize> = std::iter::repeat_n(&lengths, times).flatten().collect();
            for document in all.chunks(each) {
                let mut stored = Stored::default();
                for (at, length) in document.iter().enumerate() {
                    let from = (*length * 7 + at) % 1_000;
                    let (before, after) = text.split_at(from);
                    let texts = [after, before].map(|text| text.get(..**length).unwrap_or(text));
                    let mut record = TantivyDocument::new();
                    record.add_text(fields[0], texts[0]);
                    record.add_bytes(fields[1], texts[1].as_bytes());
                    theirs.store(&record, &schema).unwrap();
                    stored.add(&[
                        (fields[0], Value::Text(texts[0])),
                        (fields[1], Value::Bytes(texts[1].as_bytes())),
                    ]);
                }
                stored.trim();
                ours.add(&stored).unwrap();
            }
            theirs.close().unwrap();
            ours.close().unwrap();
            proptest::prop_assert!(read(&directory, "ours") == read(&directory, "theirs"));
        }
    }
}
