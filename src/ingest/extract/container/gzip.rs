//! Gzip: one file in another; an archive inside is opened under the same path.

use flate2::read::MultiGzDecoder;

use super::{Opening, shown_bytes};
use crate::ingest::extract::Skip;

/// Hands on the file inside. `x.tar.gz` is one archive: `x.tar.gz!/a.txt`.
pub(super) fn each(
    bytes: &[u8],
    path: &str,
    container: Option<&str>,
    depth: usize,
    opening: &mut Opening<'_>,
) -> Result<(), Skip> {
    opening.count()?;
    if let Some(claimed) = claimed(path) {
        return Err(Skip::new(format!("gzip data in a file that is named .{claimed}")));
    }
    let mut decoder = MultiGzDecoder::new(bytes);
    let written = decoder.header().and_then(|header| header.filename()).map(shown_bytes);
    let inner = opening.unpack(&mut decoder)??;
    if super::tar::is_tar(&inner) {
        opening.file(inner, path.to_owned(), container.map(str::to_owned), depth + 1);
        return Ok(());
    }
    let own = path.rsplit('/').next().unwrap_or(path);
    let bare = own
        .get(..own.len().saturating_sub(3))
        .filter(|bare| !bare.is_empty() && own.to_ascii_lowercase().ends_with(".gz"))
        .map(str::to_owned);
    let name = bare.or(written).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "content".to_owned());
    opening.member(format!("{path}!/{name}"), path, inner, depth);
    Ok(())
}

/// The ending of a name that promises a document which is never packed so: whoever opens it by its name
/// finds it broken, and what is inside is not what was filed.
fn claimed(path: &str) -> Option<String> {
    let (_, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    matches!(&*ending, "pdf" | "docx" | "docm" | "doc" | "odt" | "ott" | "epub").then_some(ending)
}
