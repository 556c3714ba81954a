//! Which files there are, in which order, and which of them are junk.
//!
//! What comes in: a root. What goes out: the files in the order of their paths, those left out with
//! the reason, and the junk. This is the only part of `ingest` that touches the file system. Links
//! are never followed, special files never opened.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Bytes that one file may have.
pub const MAX_FILE_BYTES: u64 = 256 << 20;
/// Folders within one another that are entered.
const MAX_DEPTH: usize = 200;

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
    pub modified_ns: i128,
}

/// Lists the files below `root`; folders in `exclude` (absolute, without links) are not entered.
pub fn walk(root: &Path, exclude: &[PathBuf]) -> Walk {
    let mut walk = Walk::default();
    match fs::symlink_metadata(root) {
        // The root itself may be a link: the reader named it.
        Ok(_) => match fs::metadata(root) {
            Ok(meta) if meta.is_dir() => folder(root, exclude, &mut walk),
            Ok(meta) => {
                let name = root.file_name().map(shown_name).unwrap_or_default();
                entry(root.to_owned(), name, &meta, &mut walk);
            }
            Err(error) => walk.skipped.push((String::new(), format!("cannot be read: {error}"))),
        },
        Err(error) => walk.skipped.push((String::new(), format!("cannot be read: {error}"))),
    }
    walk.files.sort_by(|a, b| a.path.cmp(&b.path));
    walk.skipped.sort();
    walk.ignored.sort();
    walk
}

fn folder(root: &Path, exclude: &[PathBuf], walk: &mut Walk) {
    let mut stack = vec![(root.to_owned(), String::new(), false, 0_usize)];
    while let Some((folder, prefix, junk, depth)) = stack.pop() {
        if depth > MAX_DEPTH {
            walk.skipped.push((prefix, format!("more than {MAX_DEPTH} folders deep")));
            continue;
        }
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                walk.skipped.push((prefix, format!("folder cannot be read: {error}")));
                continue;
            }
        };
        for item in entries {
            let item = match item {
                Ok(item) => item,
                Err(error) => {
                    let path = prefix.trim_end_matches('/').to_owned();
                    walk.skipped.push((path, format!("folder cannot be read: {error}")));
                    continue;
                }
            };
            let name = shown_name(&item.file_name());
            let path = format!("{prefix}{name}");
            let junk = junk || is_junk(&name);
            let meta = match item.path().symlink_metadata() {
                Ok(meta) => meta,
                Err(error) => {
                    walk.skipped.push((path, format!("cannot be read: {error}")));
                    continue;
                }
            };
            if meta.is_dir() {
                let excluded = !exclude.is_empty()
                    && fs::canonicalize(item.path()).is_ok_and(|real| exclude.contains(&real));
                if !excluded {
                    stack.push((item.path(), format!("{path}/"), junk, depth + 1));
                }
            } else if junk {
                walk.ignored.push(path);
            } else {
                entry(item.path(), path, &meta, walk);
            }
        }
    }
}

fn entry(absolute: PathBuf, path: String, meta: &fs::Metadata, walk: &mut Walk) {
    if meta.is_symlink() {
        walk.skipped.push((path, "is a link; links are not followed".to_owned()));
    } else if !meta.is_file() {
        walk.skipped.push((path, "is no regular file".to_owned()));
    } else if meta.len() > MAX_FILE_BYTES {
        let most = MAX_FILE_BYTES >> 20;
        walk.skipped.push((path, format!("is larger than {most} MiB")));
    } else {
        let modified_ns = meta
            .modified()
            .ok()
            .map(|time| match time.duration_since(UNIX_EPOCH) {
                Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
                Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
            })
            .unwrap_or_default();
        walk.files.push(Found { absolute, path, size: meta.len(), modified_ns });
    }
}

/// Reads a file that [`walk`] found.
///
/// # Errors
///
/// The reason in the reader's words: it cannot be read, has become a link, or is too large.
pub fn read_file(found: &Found) -> Result<Vec<u8>, String> {
    let failed = |error: std::io::Error| format!("cannot be read: {error}");
    let meta = fs::symlink_metadata(&found.absolute).map_err(failed)?;
    if !meta.is_file() {
        return Err("is no regular file any more".to_owned());
    }
    let file = fs::File::open(&found.absolute).map_err(failed)?;
    let mut bytes = Vec::with_capacity(meta.len().min(MAX_FILE_BYTES) as usize);
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("is larger than {} MiB", MAX_FILE_BYTES >> 20));
    }
    Ok(bytes)
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
        let walk = walk(folder.path(), &[]);
        assert_eq!(walk.files.len(), 1);
        let skipped: Vec<&str> = walk.skipped.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(skipped, ["b.txt", "loop"]);
    }
}
