//! The engine's folder, with a checksum over every byte that is read from it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, WatchCallback, WatchHandle, WritePtr};
use tantivy::index::SegmentComponent;
use tantivy::{Directory, SegmentMeta};

use super::blocks::{GuardedFile, GuardedWriter, Trouble};

/// The list in which the engine notes files that it may have to remove.
pub(super) const MANAGED: &str = ".managed.json";
/// The list of segments of the last commit.
pub(super) const META: &str = "meta.json";

/// Length of the line behind a small file: its BLAKE3 hash in hexadecimal, between line ends.
const SEAL: usize = 66;

/// The files of a segment.
pub(super) fn files_of(segment: &SegmentMeta) -> Vec<PathBuf> {
    let mut components = vec![
        SegmentComponent::Postings,
        SegmentComponent::Positions,
        SegmentComponent::Terms,
        SegmentComponent::Store,
        SegmentComponent::FastFields,
        SegmentComponent::FieldNorms,
    ];
    if segment.has_deletes() {
        components.push(SegmentComponent::Delete);
    }
    components.into_iter().map(|component| segment.relative_path(component)).collect()
}

/// A directory whose files are verified.
#[derive(Debug, Clone)]
pub(super) struct GuardedDirectory {
    inner: Box<dyn Directory>,
    /// Whether it is only read: then no lock is needed where none can be had, and the list of files to
    /// remove is of no interest.
    reads_only: bool,
    /// The folder, where its files are mapped.
    folder: Option<PathBuf>,
    trouble: Trouble,
}

impl GuardedDirectory {
    pub(super) fn new(inner: Box<dyn Directory>, reads_only: bool) -> Self {
        Self { inner, reads_only, folder: None, trouble: Trouble::default() }
    }

    /// The same for the files of a folder that are mapped.
    pub(super) fn mapped(inner: Box<dyn Directory>, folder: PathBuf, reads_only: bool) -> Self {
        Self { folder: Some(folder), ..Self::new(inner, reads_only) }
    }

    /// What went wrong with writing.
    pub(super) fn trouble(&self) -> Trouble {
        self.trouble.clone()
    }

    /// Reads all of a file that the engine wrote in pieces and verifies it.
    pub(super) fn verify(&self, path: &Path) -> Result<(), OpenReadError> {
        let file = self.open(path)?;
        file.verify().map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn open(&self, path: &Path) -> Result<GuardedFile, OpenReadError> {
        let failed = |error| OpenReadError::wrap_io_error(error, path.to_owned());
        let file = self.inner.get_file_handle(path)?;
        let bytes = file.read_bytes(0..file.len()).map_err(failed)?;
        let folder = self.folder.as_ref().filter(|_| self.reads_only);
        // A process may have no handle left for it.
        let mapped = folder.and_then(|folder| File::open(folder.join(path)).ok());
        GuardedFile::new(path, bytes, mapped).map_err(failed)
    }
}

/// A file that one holder at a time has locked; dropped, it is free at once.
///
/// To close it, as the engine does, is not enough: a process that another thread is just starting has
/// the file open too, and with it the lock, until its own program runs.
#[derive(Debug)]
struct LockedFile(File);

impl LockedFile {
    /// Locks a file, which is made where there is none.
    ///
    /// # Errors
    ///
    /// When another has it and we do not wait, or the file system refuses.
    fn take(path: &Path, waits: bool) -> Result<Self, LockError> {
        let failed = |error| LockError::IoError(Arc::new(error));
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed)?;
        if waits {
            file.lock().map_err(failed)?;
        } else {
            file.try_lock().map_err(|error| match error {
                TryLockError::WouldBlock => LockError::LockBusy,
                TryLockError::Error(error) => failed(error),
            })?;
        }
        Ok(Self(file))
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        // Closing follows, which lets it go where this cannot.
        let _ = self.0.unlock();
    }
}

fn seal(path: &Path, bytes: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(path.as_os_str().as_encoded_bytes()).update(&[0]).update(bytes);
    format!("\n{}\n", hasher.finalize().to_hex())
}

impl Directory for GuardedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        Ok(Arc::new(self.open(path)?))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let inner = self.inner.open_write(path).inspect_err(|error| {
            if let OpenWriteError::IoError { io_error, .. } = error {
                let again = io::Error::new(io_error.kind(), io_error.to_string());
                let _ = self.trouble.note::<()>(path, Err(again));
            }
        })?;
        Ok(io::BufWriter::new(Box::new(GuardedWriter::new(path, inner, self.trouble()))))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if self.reads_only && path == Path::new(MANAGED) {
            return Err(OpenReadError::FileDoesNotExist(path.to_owned()));
        }
        let mut bytes = self.inner.atomic_read(path)?;
        let body = bytes.len().saturating_sub(SEAL);
        let (data, end) = bytes.split_at(body);
        if end != seal(path, data).as_bytes() {
            let problem = format!("\"{}\" does not match its checksum", path.display());
            let error = io::Error::new(io::ErrorKind::InvalidData, problem);
            return Err(OpenReadError::wrap_io_error(error, path.to_owned()));
        }
        bytes.truncate(body);
        Ok(bytes)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let written = self.inner.atomic_write(path, &[data, seal(path, data).as_bytes()].concat());
        self.trouble.note(path, written)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.trouble.note(Path::new("."), self.inner.sync_directory())
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let taken = match &self.folder {
            Some(folder) => LockedFile::take(&folder.join(&lock.filepath), lock.is_blocking)
                .map(|locked| DirectoryLock::from(Box::new(locked))),
            None => self.inner.acquire_lock(lock),
        };
        match taken {
            // On a read-only medium nothing changes under a reader.
            Err(LockError::IoError(_)) if self.reads_only => Ok(DirectoryLock::from(Box::new(()))),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LockError, LockedFile};

    #[test]
    fn a_lock_is_free_once_dropped_though_a_process_being_started_has_the_file_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = LockedFile::take(&path, false).unwrap();
        // What a process has of its parent's files until its own program runs.
        let inherited = first.0.try_clone().unwrap();
        assert!(matches!(LockedFile::take(&path, false), Err(LockError::LockBusy)));
        drop(first);
        let second = LockedFile::take(&path, false).unwrap();
        assert!(matches!(LockedFile::take(&path, false), Err(LockError::LockBusy)));
        drop(inherited);
        assert!(matches!(LockedFile::take(&path, false), Err(LockError::LockBusy)));
        drop(second);
        LockedFile::take(&path, true).unwrap();
    }

    #[test]
    fn a_lock_that_cannot_be_had_tells_why() {
        let folder = tempfile::tempdir().unwrap();
        let refused = LockedFile::take(&folder.path().join("none").join("lock"), false);
        assert!(matches!(refused, Err(LockError::IoError(_))), "{refused:?}");
    }
}
