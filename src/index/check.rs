//! Reads everything in an index and says what is wrong with it.

use std::path::Path;

use super::error::Error;
use super::reader::Reader;

/// Problems by file; none when the index is sound. A first form: the engine's checksums of every
/// segment file, the manifest's checksum, and that every record can be read.
pub(crate) fn check(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let mut problems = Vec::new();
    let reader = match Reader::open(folder) {
        Ok(reader) => reader,
        Err(Error::Damaged { problem, .. }) => {
            return Ok(vec![("segments".to_owned(), problem)]);
        }
        Err(error) => return Err(error),
    };
    if let Err(error) = reader.manifest() {
        problems.push((reader.summary().manifest.clone(), error.to_string()));
    }
    match reader.searcher().index().validate_checksum() {
        Ok(damaged) => {
            let damaged: std::collections::BTreeSet<_> = damaged.into_iter().collect();
            for file in damaged {
                let name = format!("segments/{}", file.display());
                problems.push((name, "does not match its checksum".to_owned()));
            }
        }
        Err(error) => problems.push(("segments".to_owned(), error.to_string())),
    }
    if problems.is_empty() {
        for place in reader.documents()? {
            if let Err(error) = reader.whole_document(place.segment, place.record) {
                problems.push((place.path, error.to_string()));
            }
        }
    }
    problems.sort();
    Ok(problems)
}
