//! The files of an index folder: a header that says who wrote it, the manifest, the engine's segments.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::schema::FORMAT;
use crate::analysis::ANALYZER;

/// Paths within an index folder.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) folder: PathBuf,
}

/// Who wrote the index; the first file that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) format: u32,
    pub(crate) analyzer: String,
    pub(crate) version: String,
}

impl Header {
    pub(crate) fn current() -> Self {
        Self {
            format: FORMAT,
            analyzer: ANALYZER.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Checks that this version can read what the header announces.
    pub(crate) fn check(&self, folder: &Path) -> Result<(), Error> {
        if self.format == FORMAT && self.analyzer == ANALYZER {
            return Ok(());
        }
        Err(Error::Format {
            folder: folder.to_owned(),
            found: format!("{} ({})", self.format, self.analyzer),
            expected: format!("{FORMAT} ({ANALYZER})"),
        })
    }
}

impl Layout {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub(crate) fn header(&self) -> PathBuf {
        self.folder.join("chancery.json")
    }

    pub(crate) fn segments(&self) -> PathBuf {
        self.folder.join("segments")
    }

    pub(crate) fn read_header(&self) -> Result<Header, Error> {
        let path = self.header();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::Missing(self.folder.clone()));
            }
            Err(source) => return Err(Error::Io { doing: "read", path, source }),
        };
        serde_json::from_slice(&bytes)
            .map_err(|_| Error::damaged(&self.folder, "chancery.json is not readable"))
    }

    pub(crate) fn write_header(&self, header: &Header) -> Result<(), Error> {
        let bytes =
            serde_json::to_vec_pretty(header).map_err(|e| Error::damaged(&self.folder, e))?;
        self.write_durably("chancery.json", &bytes)
    }

    /// Writes a file so that after a crash it is there whole or not at all.
    pub(crate) fn write_durably(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.folder.join(name);
        let half = self.folder.join(format!("{name}.new"));
        let failed = |source| Error::Io { doing: "write", path: path.clone(), source };
        let mut file = File::create(&half).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        drop(file);
        fs::rename(&half, &path).map_err(failed)?;
        if let Ok(folder) = File::open(&self.folder) {
            // Some file systems cannot sync a folder; the rename stands without it.
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Removes manifests of earlier commits; one that cannot be removed is only left over.
    pub(crate) fn remove_old_manifests(&self, keep: &str) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("manifest-") && name != keep {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
