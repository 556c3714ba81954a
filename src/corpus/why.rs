//! Why a document of the index is understood as it is: its file is read again, if it is the same.

use std::sync::Arc;

use super::sidecars::{Informed, Root, Sidecars};
use super::{Corpus, Error, refresh};
use crate::document::{ContentHash, Document};
use crate::ingest::walk::{Found, read_file};
use crate::ingest::{self, Why};

impl Corpus {
    /// Tells why a document is understood as it is, by reading its file again. `None` when the file
    /// is not at hand, or is not the one that was indexed any more.
    ///
    /// # Errors
    ///
    /// When the manifest cannot be read.
    pub fn why(&self, document: &Document) -> Result<Option<Why>, Error> {
        let manifest = self.manifest()?;
        let roots = refresh::placed(&self.project, &manifest.roots);
        let Some(file) = roots.iter().find_map(|root| file_of(&document.path, root)) else {
            return Ok(None);
        };
        let Ok(bytes) = read_file(&file) else { return Ok(None) };
        if ContentHash::of(&bytes) != document.content_hash {
            return Ok(None);
        }
        let sidecars = Sidecars::take(&self.project, &roots, &mut vec![file], false);
        let informed =
            Informed { project: Arc::clone(&self.project), sidecars: Arc::new(sidecars) };
        Ok(ingest::explain(bytes, &document.path, &informed).ok().map(|(_, why)| why))
    }
}

/// The file of a document in a root.
fn file_of(path: &str, (prefix, folder): &Root) -> Option<Found> {
    let inside = path.strip_prefix(prefix.as_str())?;
    let absolute = if folder.is_file() { folder.clone() } else { folder.join(inside) };
    let meta = std::fs::symlink_metadata(&absolute).ok().filter(std::fs::Metadata::is_file)?;
    Some(Found { absolute, path: path.to_owned(), size: meta.len(), modified_ns: 0, changed_ns: 0 })
}
