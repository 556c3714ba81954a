//! What can go wrong with an index.

use std::path::PathBuf;

/// An index could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no index in the folder.
    #[error("there is no index in \"{}\"\nhint: run \"chancery index\" to build it", .0.display())]
    Missing(PathBuf),
    /// It was written by another version.
    #[error(
        "cannot open the index in \"{}\": it has format {found}, this version reads format {expected}\n\
         hint: remove the folder and run \"chancery index\" to build it again", .folder.display()
    )]
    Format {
        /// The index folder.
        folder: PathBuf,
        /// What it says.
        found: String,
        /// What this version reads.
        expected: String,
    },
    /// Another program is writing to it.
    #[error(
        "the index in \"{}\" is being written by another run\nhint: wait until it has ended and try again",
        .0.display()
    )]
    Locked(PathBuf),
    /// Something in it cannot be read.
    #[error(
        "the index in \"{}\" is damaged: {problem}\nhint: run \"chancery check\" to see what, or remove \
         the folder and run \"chancery index\" to build it again", .folder.display()
    )]
    Damaged {
        /// The index folder.
        folder: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The engine ended while it was writing.
    #[error(
        "cannot write the index in \"{}\": {problem}\nhint: the last commit is as it was; memory or \
         threads may have run out (try --threads 1)", .folder.display()
    )]
    Stopped {
        /// The index folder.
        folder: PathBuf,
        /// What it said last.
        problem: String,
    },
    /// The file system refused to write.
    #[error(
        "cannot write \"{}\": {source}\nhint: the last commit is as it was; {}",
        .path.display(), mend(.source)
    )]
    Unwritable {
        /// Where.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file system refused.
    #[error("cannot {doing} \"{}\": {source}", .path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// What to do about a file system that refuses to write.
fn mend(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space and run it again",
        ErrorKind::FileTooLarge => "raise the limit on the size of files and run it again",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "allow writing there, or name another place with --index"
        }
        _ => "run it again when the cause is mended",
    }
}

impl Error {
    pub(crate) fn damaged(folder: &std::path::Path, problem: impl std::fmt::Display) -> Self {
        Self::Damaged { folder: folder.to_owned(), problem: problem.to_string() }
    }
}
