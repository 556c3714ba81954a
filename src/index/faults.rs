//! A folder that fails: from the n-th call on, every write ends with an error of the system.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, FileHandle, MmapDirectory, TerminatingWrite, WatchCallback, WatchHandle,
    WritePtr,
};

/// When the writes of a folder begin to fail, and how.
#[derive(Debug)]
pub(crate) struct Faults {
    /// Calls that still succeed.
    left: AtomicI64,
    code: i32,
}

static FOLDERS: LazyLock<Mutex<BTreeMap<PathBuf, Arc<Faults>>>> = LazyLock::new(Mutex::default);

/// From now on, writes below the index folder fail with this error of the system after `calls` of them.
pub(crate) fn set(folder: &Path, calls: i64, code: i32) {
    let faults = Arc::new(Faults { left: AtomicI64::new(calls), code });
    FOLDERS.lock().unwrap().insert(folder.to_owned(), faults);
}

/// Ends the faults of a folder; says whether they had begun.
pub(crate) fn clear(folder: &Path) -> bool {
    let faults = FOLDERS.lock().unwrap().remove(folder);
    faults.is_some_and(|faults| faults.left.load(Ordering::SeqCst) < 0)
}

pub(crate) fn of(folder: &Path) -> Arc<Faults> {
    let known = FOLDERS.lock().unwrap().get(folder).cloned();
    known.unwrap_or_else(|| Arc::new(Faults { left: AtomicI64::new(i64::MAX), code: 0 }))
}

impl Faults {
    /// A call that may fail.
    pub(crate) fn call(&self) -> io::Result<()> {
        if self.left.fetch_sub(1, Ordering::SeqCst) > 0 {
            Ok(())
        } else {
            Err(io::Error::from_raw_os_error(self.code))
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct FaultyDirectory {
    inner: MmapDirectory,
    faults: Arc<Faults>,
}

impl FaultyDirectory {
    pub(super) fn over(inner: MmapDirectory, folder: &Path) -> Self {
        Self { inner, faults: of(folder) }
    }
}

struct FaultyWriter {
    inner: Option<WritePtr>,
    faults: Arc<Faults>,
}

impl Write for FaultyWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.faults.call()?;
        // As a disk does that has little room left: a part is taken.
        let part = bytes.len().min(4096);
        self.inner.as_mut().unwrap().write(&bytes[..part])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.as_mut().unwrap().flush()
    }
}

impl TerminatingWrite for FaultyWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.faults.call()?;
        self.inner.take().unwrap().terminate()
    }
}

impl Directory for FaultyDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.faults
            .call()
            .map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        let inner = Some(self.inner.open_write(path)?);
        let faults = Arc::clone(&self.faults);
        Ok(io::BufWriter::new(Box::new(FaultyWriter { inner, faults })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.faults.call()?;
        self.inner.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.faults.call()?;
        self.inner.sync_directory()
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}
