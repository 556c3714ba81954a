//! Which files there are, in which order, and which of them are junk.
//!
//! What comes in: a root. What goes out: the files in the order of their paths, those left out with
//! the reason, and the junk. This is the only part of `ingest` that touches the file system. Links
//! are never followed, special files never opened.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::document::ContentHash;

/// Bytes that one file may have.
pub const MAX_FILE_BYTES: u64 = 256 << 20;

/// What a root holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walk {
    /// Files to read, by path.
    pub files: Vec<Found>,
    /// Files and folders left out, with the reason.
    pub skipped: Vec<(String, String)>,
    /// Junk by rule.
    pub ignored: Vec<String>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub absolute: PathBuf,
    /// Path relative to the root, `/` between parts; bytes that are no UTF-8 are percent-encoded.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// Time of the last change of anything about it, where the system keeps one: a file put in the place
    /// of another with the same size and time shows by it.
    pub changed_ns: i64,
}

/// Lists the files below `root`; folders in `exclude` (absolute, without links) are not entered.
pub fn walk(root: &Path, exclude: &[PathBuf]) -> Walk {
    let mut walk = Walk::default();
    // The root itself may be a link: the reader named it.
    match fs::metadata(root) {
        Ok(meta) if meta.is_dir() => walk.folder(root, exclude),
        Ok(meta) => {
            let name = root.file_name().map(shown_name).unwrap_or_default();
            let absolute = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
            walk.entry(absolute, name, &meta);
        }
        Err(error) => walk.skip(root.display().to_string(), format!("cannot be read: {error}")),
    }
    walk.files.sort_by(|a, b| (&a.path, &a.absolute).cmp(&(&b.path, &b.absolute)));
    walk.part_twins();
    walk.skipped.sort();
    walk.ignored.sort();
    walk
}

/// A folder to enter.
struct Folder {
    absolute: PathBuf,
    /// Its path from the root; empty for the root.
    path: String,
    /// Whether it is junk, or lies in such a folder.
    junk: bool,
}

impl Walk {
    /// Lists a folder and all in it. The stack is our own, so that depth costs no call frames; it
    /// ends where the system's longest path ends.
    fn folder(&mut self, root: &Path, exclude: &[PathBuf]) {
        let mut stack =
            vec![Folder { absolute: root.to_owned(), path: String::new(), junk: false }];
        while let Some(folder) = stack.pop() {
            let unreadable = |error: std::io::Error| {
                let path = &folder.path;
                let shown = if path.is_empty() { root.display().to_string() } else { path.clone() };
                (shown, format!("folder cannot be read: {error}"))
            };
            let entries = match fs::read_dir(&folder.absolute) {
                Ok(entries) => entries,
                Err(error) => {
                    self.skipped.push(unreadable(error));
                    continue;
                }
            };
            for item in entries {
                let item = match item {
                    Ok(item) => item,
                    Err(error) => {
                        self.skipped.push(unreadable(error));
                        break;
                    }
                };
                let name = shown_name(&item.file_name());
                let junk = folder.junk || is_junk(&name);
                let path = match folder.path.as_str() {
                    "" => name,
                    above => format!("{above}/{name}"),
                };
                let meta = match item.metadata() {
                    Ok(meta) => meta,
                    Err(error) => {
                        self.skip(path, format!("cannot be read: {error}"));
                        continue;
                    }
                };
                if meta.is_dir() {
                    let excluded = !exclude.is_empty()
                        && fs::canonicalize(item.path()).is_ok_and(|real| exclude.contains(&real));
                    if !excluded {
                        stack.push(Folder { absolute: item.path(), path, junk });
                    }
                } else if junk {
                    self.ignored.push(path);
                } else {
                    self.entry(item.path(), path, &meta);
                }
            }
        }
    }

    fn entry(&mut self, absolute: PathBuf, path: String, meta: &fs::Metadata) {
        if !meta.is_file() {
            self.skip(path, sort_of(meta.file_type()).to_owned());
        } else if meta.len() > MAX_FILE_BYTES {
            self.skip(path, too_large());
        } else {
            let modified_ns = meta.modified().map(since_1970).unwrap_or_default();
            let changed_ns = changed_ns(meta).unwrap_or(modified_ns);
            self.files.push(Found { absolute, path, size: meta.len(), modified_ns, changed_ns });
        }
    }

    fn skip(&mut self, path: String, reason: String) {
        self.skipped.push((path, reason));
    }

    /// Leaves out what is shown by a path that another file has, too: one named with the byte `FF`
    /// and one named with the signs `%FF`.
    fn part_twins(&mut self) {
        let files = std::mem::take(&mut self.files);
        for file in files {
            if self.files.last().is_some_and(|last| last.path == file.path) {
                self.skip(file.path, "is shown by the same path as another file".to_owned());
            } else {
                self.files.push(file);
            }
        }
    }
}

/// What a thing is that is no regular file, as a reason to leave it out.
fn sort_of(file_type: fs::FileType) -> &'static str {
    if file_type.is_symlink() {
        return "is a link; links are not followed";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if file_type.is_fifo() {
            return "is a pipe, not a file";
        }
        if file_type.is_socket() {
            return "is a socket, not a file";
        }
        if file_type.is_block_device() || file_type.is_char_device() {
            return "is a device, not a file";
        }
    }
    "is no regular file"
}

fn too_large() -> String {
    format!("is larger than {} MiB", MAX_FILE_BYTES >> 20)
}

/// Nanoseconds; what is farther off than 64 bits hold (before 1677, after 2262) as the farthest that they do.
fn since_1970(time: SystemTime) -> i64 {
    let nanos = |duration: Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
    time.duration_since(UNIX_EPOCH).map_or_else(|before| -nanos(before.duration()), nanos)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems do not know it")]
fn changed_ns(meta: &fs::Metadata) -> Option<i64> {
    use std::os::unix::fs::MetadataExt;
    let time = meta.ctime().saturating_mul(1_000_000_000).saturating_add(meta.ctime_nsec());
    Some(time.max(-i64::MAX))
}

#[cfg(not(unix))]
fn changed_ns(_meta: &fs::Metadata) -> Option<i64> {
    None
}

/// Reads a file that [`walk`] found.
///
/// # Errors
///
/// The reason in the reader's words: it cannot be read, is no regular file any more, or is too large.
pub fn read_file(found: &Found) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(found.size.min(MAX_FILE_BYTES) as usize);
    open(found)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(cannot_be_read)?;
    if bytes.len() as u64 > MAX_FILE_BYTES { Err(too_large()) } else { Ok(bytes) }
}

#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn cannot_be_read(error: std::io::Error) -> String {
    format!("cannot be read: {error}")
}

fn open(found: &Found) -> Result<fs::File, String> {
    let seen = fs::symlink_metadata(&found.absolute).map_err(cannot_be_read)?;
    if !seen.is_file() {
        return Err("is no regular file any more".to_owned());
    }
    let file = fs::File::open(&found.absolute).map_err(cannot_be_read)?;
    let opened = file.metadata().map_err(cannot_be_read)?;
    if !opened.is_file() || !is_same(&seen, &opened) {
        return Err("was replaced while it was being read".to_owned());
    }
    Ok(file)
}

/// The hash of a file that [`walk`] found, a piece of it in memory at a time.
///
/// # Errors
///
/// As [`read_file`].
pub fn hash_file(found: &Found) -> Result<ContentHash, String> {
    let file = open(found)?;
    ContentHash::of_reader(file.take(MAX_FILE_BYTES)).map_err(cannot_be_read)
}

/// Whether a file that [`walk`] found can be opened.
///
/// # Errors
///
/// As [`read_file`], but that what stands in it is not looked at.
pub fn look_into(found: &Found) -> Result<(), String> {
    open(found).map(|_| ())
}

/// Whether what was opened is what was looked at: no link was put in its place between the two.
#[cfg(unix)]
fn is_same(seen: &fs::Metadata, opened: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (seen.dev(), seen.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn is_same(_seen: &fs::Metadata, _opened: &fs::Metadata) -> bool {
    true
}

/// Junk by rule: what systems and programs leave behind. The rules stand in the README.
pub fn is_junk(name: &str) -> bool {
    let ends = |ending: &str| {
        name.len() >= ending.len()
            && name
                .get(name.len() - ending.len()..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
    };
    name.starts_with('.')
        || name.starts_with("~$")
        || name == "__MACOSX"
        || name.eq_ignore_ascii_case("thumbs.db")
        || name.eq_ignore_ascii_case("desktop.ini")
        || [".part", ".tmp", "~"].iter().any(|ending| ends(ending))
}

/// A file name as text; bytes that are no UTF-8 are percent-encoded.
#[cfg(unix)]
fn shown_name(name: &std::ffi::OsStr) -> String {
    use std::fmt::Write;
    use std::os::unix::ffi::OsStrExt;
    let mut shown = String::new();
    for chunk in name.as_bytes().utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string does not fail.
            let _ = write!(shown, "%{byte:02X}");
        }
    }
    shown
}

#[cfg(not(unix))]
fn shown_name(name: &std::ffi::OsStr) -> String {
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junk_is_told_by_its_name() {
        for name in [
            ".git",
            "._a.txt",
            "Thumbs.db",
            "DESKTOP.INI",
            "~$a.docx",
            "a.part",
            "a.TMP",
            "a~",
            "__MACOSX",
        ] {
            assert!(is_junk(name), "{name}");
        }
        for name in ["a.txt", "tmp", "part", "a.tmpl", "Ω.txt"] {
            assert!(!is_junk(name), "{name}");
        }
    }

    #[test]
    fn files_come_sorted_and_junk_apart() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("b/.hidden")).unwrap();
        fs::create_dir_all(root.join("index")).unwrap();
        for path in ["b/2.txt", "a.txt", "b/.hidden/x.txt", "._a.txt", "b/1.txt", "index/meta.json"]
        {
            fs::write(root.join(path), "text").unwrap();
        }
        let walk = walk(root, &[fs::canonicalize(root.join("index")).unwrap()]);
        let paths: Vec<&str> = walk.files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["a.txt", "b/1.txt", "b/2.txt"]);
        assert_eq!(walk.ignored, ["._a.txt", "b/.hidden/x.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_named_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "text").unwrap();
        std::os::unix::fs::symlink("a.txt", folder.path().join("b.txt")).unwrap();
        std::os::unix::fs::symlink(".", folder.path().join("loop")).unwrap();
        std::os::unix::net::UnixListener::bind(folder.path().join("s")).unwrap();
        let walked = walk(folder.path(), &[]);
        assert_eq!(walked.files.len(), 1);
        let skipped: Vec<&str> = walked.skipped.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(skipped, ["b.txt", "loop", "s"]);
        // A root that the reader names may be a link.
        let named = walk(&folder.path().join("b.txt"), &[]);
        assert_eq!(named.files.first().map(|file| file.path.as_str()), Some("b.txt"));
        assert_eq!(read_file(&named.files[0]).unwrap(), b"text");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_put_in_place_of_a_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "text").unwrap();
        fs::write(folder.path().join("secret"), "secret").unwrap();
        let walked = walk(folder.path(), &[]);
        fs::remove_file(folder.path().join("a.txt")).unwrap();
        std::os::unix::fs::symlink("secret", folder.path().join("a.txt")).unwrap();
        assert_eq!(read_file(&walked.files[0]).unwrap_err(), "is no regular file any more");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_no_text_are_shown_and_never_lost() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        for name in [b"b%FF".as_slice(), b"b\xFF", b"a\xE9.txt"] {
            fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), "text").unwrap();
        }
        let walk = walk(folder.path(), &[]);
        let paths: Vec<&str> = walk.files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["a%E9.txt", "b%FF"]);
        assert_eq!(walk.skipped.len(), 1);
    }

    #[test]
    fn folders_may_lie_deep() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("d/".repeat(300));
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("a.txt"), "text").unwrap();
        let walk = walk(folder.path(), &[]);
        assert_eq!((walk.files.len(), walk.skipped.len()), (1, 0));
    }

    #[test]
    fn what_is_not_there_is_named() {
        let walk = walk(Path::new("no such folder"), &[]);
        assert!(walk.skipped[0].0.contains("no such folder"));
    }
}
