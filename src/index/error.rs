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

impl Error {
    /// What the engine says while it writes: mostly that the file system refused.
    pub(crate) fn engine(folder: &std::path::Path, error: tantivy::TantivyError) -> Self {
        use tantivy::directory::error::OpenWriteError;
        let refused = match &error {
            tantivy::TantivyError::IoError(io) => Some(io),
            tantivy::TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => {
                Some(io_error)
            }
            _ => None,
        };
        match refused {
            Some(io) if io.kind() != std::io::ErrorKind::InvalidData => Self::Io {
                doing: "write the index in",
                path: folder.to_owned(),
                source: std::io::Error::new(io.kind(), io.to_string()),
            },
            _ => Self::damaged(folder, error),
        }
    }

    pub(crate) fn damaged(folder: &std::path::Path, problem: impl std::fmt::Display) -> Self {
        Self::Damaged { folder: folder.to_owned(), problem: problem.to_string() }
    }
}
