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
        // A member's hash is its own, so its container is told by the manifest.
        let path = document.container.as_ref().unwrap_or(&document.path);
        let outermost = path.split_once("!/").map_or(path.as_str(), |(file, _)| file);
        let path = if manifest.files.contains_key(path) { path } else { outermost };
        let indexed = manifest.files.get(path).map(|entry| entry.hash.clone());
        let roots = refresh::placed(&self.project, &manifest.roots);
        let Some(file) = roots.iter().find_map(|root| file_of(path, root)) else {
            return Ok(None);
        };
        let Ok(bytes) = read_file(&file) else { return Ok(None) };
        if indexed.as_deref() != Some(ContentHash::of(&bytes).as_str()) {
            return Ok(None);
        }
        let sidecars = Sidecars::take(&self.project, &roots, &mut vec![file], false);
        let informed =
            Informed { project: Arc::clone(&self.project), sidecars: Arc::new(sidecars) };
        Ok(ingest::explain(bytes, path, Some(&document.path), &informed).ok().map(|(_, why)| why))
    }
}

/// The file of a document in a root.
fn file_of(path: &str, (prefix, folder): &Root) -> Option<Found> {
    let inside = path.strip_prefix(prefix.as_str())?;
    let absolute = if folder.is_file() { folder.clone() } else { folder.join(inside) };
    let meta = std::fs::symlink_metadata(&absolute).ok().filter(std::fs::Metadata::is_file)?;
    Some(Found { absolute, path: path.to_owned(), size: meta.len(), modified_ns: 0, changed_ns: 0 })
}
