//! Checksums of the engine's files, block by block, verified when a block is first read.
//!
//! A file is what the engine wrote, then a CRC-32 of each block of [`BLOCK`] bytes, then an end that
//! says how long all this is and is checked itself, together with the file's name: so a file is found
//! out when a byte of it is other than written, when it is longer or shorter, or stands in for another.

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tantivy::HasLen;
use tantivy::directory::{AntiCallToken, FileHandle, OwnedBytes, TerminatingWrite, WritePtr};

/// Bytes that one checksum stands for. Smaller ones cost room, larger ones time for a single record:
/// a stored text of 16 KiB lies in one block or two.
const BLOCK: usize = 16 << 10;
/// Blocks that are read from the disk in one go, at most.
const BLOCKS_AT_ONCE: usize = 4;
/// Bytes at the end of a file that are read in one go when it is opened: the sums of 100 MB.
const TAIL: usize = 32 << 10;
/// Bytes of the end: length, checksum of the checksums, mark.
const END: usize = 20;
const MARK: &[u8; 8] = b"chancrc1";

/// A file that is verified as it is read.
pub(super) struct GuardedFile {
    path: PathBuf,
    bytes: OwnedBytes,
    /// The file that `bytes` maps, where it may lie on the disk alone: what is wanted of it is asked for before
    /// it is touched, since the system reads megabytes around each byte that is touched.
    file: Option<File>,
    /// Length of what the engine wrote.
    body: usize,
    /// A bit a block, set once it was verified.
    seen: Vec<AtomicU64>,
}

impl std::fmt::Debug for GuardedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GuardedFile").field("path", &self.path).finish_non_exhaustive()
    }
}

fn damaged(path: &Path, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("\"{}\" {what}", path.display()))
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().unwrap_or([0; N])
}

/// The checksum over name, table and length.
fn sum_of_sums(path: &Path, table: &[u8], length: [u8; 8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(path.as_os_str().as_encoded_bytes());
    hasher.update(&[0]);
    hasher.update(table);
    hasher.update(&length);
    hasher.finalize()
}

impl GuardedFile {
    /// Takes the bytes of a file, and the file itself where it is to be read before they are touched, and
    /// looks at its end.
    pub(super) fn new(path: &Path, bytes: OwnedBytes, file: Option<File>) -> io::Result<Self> {
        let torn = || damaged(path, "is cut off, or is not the file that was written");
        if let Some(file) = &file {
            fetch(file, bytes.len().saturating_sub(TAIL)..bytes.len());
        }
        let end = bytes.len().checked_sub(END).ok_or_else(torn)?;
        let (rest, end) = bytes.split_at(end);
        let (length, end) = end.split_at(8);
        let (sum, mark) = end.split_at(4);
        let length: [u8; 8] = array(length);
        let body = usize::try_from(u64::from_le_bytes(length)).map_err(|_| torn())?;
        let whole = body.div_ceil(BLOCK).checked_mul(4).and_then(|table| table.checked_add(body));
        if mark != MARK || whole != Some(rest.len()) {
            return Err(torn());
        }
        let (_, table) = rest.split_at(body);
        if sum_of_sums(path, table, length) != u32::from_le_bytes(array(sum)) {
            return Err(torn());
        }
        let words = body.div_ceil(BLOCK).div_ceil(64);
        let seen = std::iter::repeat_with(AtomicU64::default).take(words).collect();
        Ok(Self { path: path.to_owned(), bytes, file, body, seen })
    }

    /// Verifies every block; the first that is damaged is the error.
    pub(super) fn verify(&self) -> io::Result<()> {
        self.verify_range(&(0..self.body))
    }

    fn verify_range(&self, range: &Range<usize>) -> io::Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        let bit = |block: usize| 1_u64 << (block % 64);
        let is_seen = |block: &usize| {
            let seen = self.seen.get(block / 64);
            seen.is_some_and(|seen| seen.load(Ordering::Relaxed) & bit(*block) != 0)
        };
        let mut fetched = 0;
        let blocks = range.start / BLOCK..(range.end - 1) / BLOCK + 1;
        for block in blocks.clone().filter(|block| !is_seen(block)) {
            if let Some(file) = &self.file
                && block >= fetched
            {
                let new = (block..blocks.end).take(BLOCKS_AT_ONCE).take_while(|b| !is_seen(b));
                fetched = block + new.count();
                fetch(file, block * BLOCK..self.body.min(fetched * BLOCK));
            }
            let start = block * BLOCK;
            let data = self.bytes.get(start..self.body.min(start + BLOCK)).unwrap_or_default();
            let sum = self.bytes.get(self.body + 4 * block..self.body + 4 * block + 4);
            if crc32fast::hash(data) != u32::from_le_bytes(array(sum.unwrap_or_default())) {
                let what = format!("does not match its checksum at byte {start} or behind");
                return Err(damaged(&self.path, &what));
            }
            if let Some(seen) = self.seen.get(block / 64) {
                seen.fetch_or(bit(block), Ordering::Relaxed);
            }
        }
        Ok(())
    }
}

/// Has the system begin to read bytes of a file, and does not wait for them.
#[cfg(target_os = "linux")]
fn fetch(file: &File, range: Range<usize>) {
    let length = std::num::NonZeroU64::new(range.len() as u64);
    // Where that fails they are read when they are touched.
    let _ = rustix::fs::fadvise(file, range.start as u64, length, rustix::fs::Advice::WillNeed);
}

/// The same where there is no such request: they are read, and left to the page cache.
#[cfg(all(unix, not(target_os = "linux")))]
fn fetch(file: &File, range: Range<usize>) {
    let mut buffer = vec![0; range.len()];
    let _ = std::os::unix::fs::FileExt::read_exact_at(file, &mut buffer, range.start as u64);
}

/// Elsewhere they are read when they are touched.
#[cfg(not(unix))]
fn fetch(_file: &File, _range: Range<usize>) {}

impl HasLen for GuardedFile {
    fn len(&self) -> usize {
        self.body
    }
}

impl FileHandle for GuardedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.body {
            return Err(damaged(&self.path, "is asked for bytes that it does not have"));
        }
        self.verify_range(&range)?;
        Ok(self.bytes.slice(range))
    }
}

/// The first thing that went wrong with writing. The engine writes on threads of its own and often
/// says no more than that one of them has ended.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble(Arc<Mutex<Option<(PathBuf, io::Error)>>>);

impl Trouble {
    /// Hands a result on and remembers the first error.
    pub(super) fn note<T>(&self, path: &Path, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && error.kind() != io::ErrorKind::Interrupted
            && let Ok(mut first) = self.0.lock()
            && first.is_none()
        {
            let again = match error.raw_os_error() {
                Some(code) => io::Error::from_raw_os_error(code),
                None => io::Error::new(error.kind(), error.to_string()),
            };
            *first = Some((path.to_owned(), again));
        }
        result
    }

    pub(super) fn take(&self) -> Option<(PathBuf, io::Error)> {
        self.0.lock().ok()?.take()
    }
}

/// Sums up what is written and puts the checksums behind it.
pub(super) struct GuardedWriter {
    path: PathBuf,
    inner: Option<WritePtr>,
    trouble: Trouble,
    hasher: crc32fast::Hasher,
    /// Bytes in the block that is being filled.
    filled: usize,
    length: u64,
    table: Vec<u8>,
}

impl GuardedWriter {
    pub(super) fn new(path: &Path, inner: WritePtr, trouble: Trouble) -> Self {
        Self {
            path: path.to_owned(),
            inner: Some(inner),
            trouble,
            hasher: crc32fast::Hasher::new(),
            filled: 0,
            length: 0,
            table: Vec::new(),
        }
    }

    fn end_block(&mut self) {
        let hasher = std::mem::take(&mut self.hasher);
        self.table.extend_from_slice(&hasher.finalize().to_le_bytes());
        self.filled = 0;
    }

    fn inner(&mut self) -> io::Result<&mut WritePtr> {
        self.inner.as_mut().ok_or_else(|| io::Error::other("the file is closed"))
    }
}

impl Write for GuardedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner()?.write(bytes);
        let count = self.trouble.note(&self.path, written)?;
        let mut rest = bytes.get(..count).unwrap_or_default();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(BLOCK - self.filled));
            self.hasher.update(now);
            self.filled += now.len();
            if self.filled == BLOCK {
                self.end_block();
            }
            rest = later;
        }
        self.length += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.inner()?.flush();
        self.trouble.note(&self.path, flushed)
    }
}

impl TerminatingWrite for GuardedWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        if self.filled > 0 {
            self.end_block();
        }
        let length = self.length.to_le_bytes();
        let sum = sum_of_sums(&self.path, &self.table, length).to_le_bytes();
        let table = std::mem::take(&mut self.table);
        let end = [table.as_slice(), &length, &sum, MARK].concat();
        let written = self.inner()?.write_all(&end);
        self.trouble.note(&self.path, written)?;
        let ended = self.inner.take().map_or(Ok(()), TerminatingWrite::terminate);
        self.trouble.note(&self.path, ended)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::Directory;
    use tantivy::directory::RamDirectory;

    use super::*;

    fn written(name: &str, bytes: &[u8]) -> Vec<u8> {
        let directory = RamDirectory::create();
        let inner = directory.open_write(Path::new(name)).unwrap();
        let mut writer = GuardedWriter::new(Path::new(name), inner, Trouble::default());
        for chunk in bytes.chunks(1000) {
            writer.write_all(chunk).unwrap();
        }
        writer.terminate().unwrap();
        let file: Arc<dyn FileHandle> = directory.get_file_handle(Path::new(name)).unwrap();
        file.read_bytes(0..file.len()).unwrap().to_vec()
    }

    fn open(name: &str, bytes: &[u8]) -> io::Result<GuardedFile> {
        GuardedFile::new(Path::new(name), OwnedBytes::new(bytes.to_vec()), None)
    }

    #[test]
    fn what_was_written_is_read() {
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let bytes: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let file = open("a", &written("a", &bytes)).unwrap();
            assert_eq!(file.len(), length);
            file.verify().unwrap();
            assert_eq!(file.read_bytes(0..length).unwrap().as_slice(), bytes);
        }
    }

    #[test]
    fn a_file_on_disk_is_read_alike() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.store");
        let bytes: Vec<u8> = (0..9 * BLOCK + 77).map(|i| (i % 251) as u8).collect();
        let mut whole = written("a.store", &bytes);
        let open = |whole: &[u8]| {
            std::fs::write(&path, whole).unwrap();
            let file = Some(File::open(&path).unwrap());
            GuardedFile::new(Path::new("a.store"), OwnedBytes::new(whole.to_vec()), file).unwrap()
        };
        let file = open(&whole);
        for range in [3 * BLOCK + 5..3 * BLOCK + 9, 0..9 * BLOCK + 77, 8 * BLOCK..9 * BLOCK + 1] {
            assert_eq!(file.read_bytes(range.clone()).unwrap().as_slice(), &bytes[range]);
        }
        whole[5 * BLOCK] ^= 1;
        let file = open(&whole);
        assert!(
            file.read_bytes(0..5 * BLOCK).is_ok() && file.read_bytes(6 * BLOCK..7 * BLOCK).is_ok()
        );
        assert!(file.read_bytes(4 * BLOCK..6 * BLOCK).is_err() && file.verify().is_err());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_found() {
        let bytes: Vec<u8> = (0..2 * BLOCK + 77).map(|i| (i % 241) as u8).collect();
        let good = written("a", &bytes);
        for at in (0..good.len()).step_by(997).chain(good.len() - 40..good.len()) {
            let mut bad = good.clone();
            bad[at] ^= 1 << (at % 8);
            assert!(open("a", &bad).and_then(|file| file.verify()).is_err(), "byte {at}");
            assert!(open("a", &good[..at]).and_then(|file| file.verify()).is_err(), "cut at {at}");
        }
        let longer = [good.as_slice(), b"x"].concat();
        assert!(open("a", &longer).is_err());
        assert!(open("b", &good).is_err(), "another file in its place");
    }

    #[test]
    fn only_blocks_that_are_read_are_verified() {
        let mut bytes = written("a", &vec![7; 3 * BLOCK]);
        bytes[2 * BLOCK + 5] ^= 1;
        let file = open("a", &bytes).unwrap();
        assert!(file.read_bytes(0..2 * BLOCK).is_ok());
        let error = file.read_bytes(BLOCK..2 * BLOCK + 1).unwrap_err();
        assert!(error.to_string().contains("checksum"), "{error}");
        assert!(file.read_bytes(0..usize::MAX).is_err());
    }
}
