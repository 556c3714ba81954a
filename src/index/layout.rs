//! The files of an index folder: a header that says who wrote it, the manifest, the engine's segments.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use tantivy::directory::MmapDirectory;
use tantivy::directory::error::OpenDirectoryError;

use super::directory::{GuardedDirectory, META};
use super::error::Error;
use super::schema::FORMAT;
use crate::analysis::ANALYZER;

/// Bytes that are hashed and written at once.
const WRITTEN_AT_ONCE: usize = 64 << 10;

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
    /// Hash of the three above.
    #[serde(default)]
    pub(crate) checksum: String,
}

impl Header {
    pub(crate) fn current() -> Self {
        let mut header = Self {
            format: FORMAT,
            analyzer: ANALYZER.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            checksum: String::new(),
        };
        header.checksum = header.sum();
        header
    }

    fn sum(&self) -> String {
        let text = format!("{}\n{}\n{}", self.format, self.analyzer, self.version);
        blake3::hash(text.as_bytes()).to_hex().as_str().chars().take(32).collect()
    }

    /// Checks that this version can read what the header announces.
    pub(crate) fn check(&self, folder: &Path) -> Result<(), Error> {
        let ours = self.format == FORMAT && self.analyzer == ANALYZER;
        if self.checksum != self.sum() && (ours || !self.checksum.is_empty()) {
            return Err(Error::damaged(folder, "chancery.json does not match its checksum"));
        }
        if ours {
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

    /// The engine's folder.
    pub(super) fn directory(&self, reads_only: bool) -> Result<GuardedDirectory, Error> {
        let segments = self.segments();
        match MmapDirectory::open(&segments) {
            Ok(inner) => {
                #[cfg(test)]
                let inner = super::faults::FaultyDirectory::over(inner, &self.folder);
                Ok(GuardedDirectory::mapped(Box::new(inner), segments, reads_only))
            }
            Err(OpenDirectoryError::DoesNotExist(_)) => Err(self.missing()),
            Err(error) => Err(Error::damaged(&self.folder, error)),
        }
    }

    /// The error when there is no commit: there never was one, or it is lost.
    pub(super) fn missing(&self) -> Error {
        let names = |folder: &Path| -> Vec<String> {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
        };
        let manifest = names(&self.folder).iter().any(|name| is_kept(name));
        if manifest && !self.segments().join(META).exists() {
            return Error::damaged(&self.folder, "segments/meta.json is missing");
        }
        Error::Missing(self.folder.clone())
    }

    pub(crate) fn read_header(&self) -> Result<Header, Error> {
        let path = self.header();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let lost = self.segments().join(META).exists();
                return Err(if lost {
                    Error::damaged(&self.folder, "chancery.json is missing")
                } else {
                    Error::Missing(self.folder.clone())
                });
            }
            Err(source) => return Err(Error::Io { doing: "read", path, source }),
        };
        let damaged = || Error::damaged(&self.folder, "chancery.json does not match its checksum");
        let header: Header = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        let again = serde_json::to_vec_pretty(&header).map_err(|_| damaged())?;
        // Older versions wrote no checksum.
        let whole = header.checksum.is_empty() || again == bytes;
        if whole { Ok(header) } else { Err(damaged()) }
    }

    pub(crate) fn write_header(&self, header: &Header) -> Result<(), Error> {
        let bytes =
            serde_json::to_vec_pretty(header).map_err(|e| Error::damaged(&self.folder, e))?;
        self.write_durably("chancery.json", &bytes)
    }

    /// Writes a file so that after a crash it is there whole or not at all.
    pub(crate) fn write_durably(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let write = &mut |file: &mut dyn Write| file.write_all(bytes);
        self.write_hashed(&format!("{name}.new"), |_| name.to_owned(), write).map(drop)
    }

    /// The same of a file that `write` makes piece by piece, under a name made from its hash; both are returned.
    /// Until it is whole it is called `half`.
    pub(crate) fn write_hashed(
        &self,
        half: &str,
        named: impl Fn(&blake3::Hash) -> String,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(String, String), Error> {
        let whole = self.folder.join(half.trim_end_matches(".new"));
        let half = self.folder.join(half);
        let failed = |source| Error::Unwritable { path: whole.clone(), source };
        #[cfg(test)]
        super::faults::of(&self.folder).call().map_err(failed)?;
        let file = File::create(&half).map_err(failed)?;
        let mut hashed = Hashed { file, hasher: blake3::Hasher::new() };
        let mut file = BufWriter::with_capacity(WRITTEN_AT_ONCE, &mut hashed);
        write(&mut file).and_then(|()| file.flush()).map_err(failed)?;
        drop(file);
        let Hashed { file, hasher } = hashed;
        file.sync_all().map_err(failed)?;
        drop(file);
        let hash = hasher.finalize();
        let name = named(&hash);
        fs::rename(&half, self.folder.join(&name)).map_err(failed)?;
        if let Ok(folder) = File::open(&self.folder) {
            // Some file systems cannot sync a folder; the rename stands without it.
            let _ = folder.sync_all();
        }
        Ok((name, hash.to_hex().to_string()))
    }

    /// Removes what earlier commits and interrupted runs left beside the files of the commit; what
    /// cannot be removed is only left over.
    pub(crate) fn remove_leftovers(&self, keep: &[&str]) {
        for path in self.leftovers(keep) {
            let _ = fs::remove_file(path);
        }
    }

    /// Files that belong to no commit: those of others, and halves of files.
    pub(super) fn leftovers(&self, keep: &[&str]) -> Vec<PathBuf> {
        let list = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
        let beside = list(&self.folder).filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let half = name.strip_suffix(".new").is_some_and(is_ours);
            !keep.contains(&&*name) && (is_kept(&name) || half)
        });
        let halves = list(&self.segments())
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(".tmp"));
        beside.chain(halves).map(|entry| entry.path()).collect()
    }
}

/// A file that is hashed while it is written.
struct Hashed {
    file: File,
    hasher: blake3::Hasher,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.hasher.update(bytes.get(..n).unwrap_or_default());
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Whether a file is of the kind that each commit writes anew.
fn is_kept(name: &str) -> bool {
    let kind = name.starts_with("manifest-") || name.starts_with("copies-");
    kind && Path::new(name).extension().is_some_and(|end| end == "json")
}

fn is_ours(name: &str) -> bool {
    is_kept(name) || name == "chancery.json"
}
