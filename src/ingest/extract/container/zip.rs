//! Zip archives: stored and deflated members in the order of the directory.

use std::io::Cursor;

use zip::CompressionMethod;
use zip::result::ZipError;

use super::{Names, Opening, shown, shown_bytes};
use crate::ingest::extract::Skip;

/// Hands on the members.
pub(super) fn each(
    bytes: &[u8],
    path: &str,
    depth: usize,
    opening: &mut Opening<'_>,
) -> Result<(), Skip> {
    let mut archive = ::zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| Skip::new(format!("a damaged zip archive: {error}")))?;
    let mut names = Names::default();
    for at in 0..archive.len() {
        if !opening.goes_on {
            break;
        }
        opening.count()?;
        let (name, method, encrypted) = match archive.by_index_raw(at) {
            Ok(file) if file.is_dir() => continue,
            Ok(file) => (name_of(&file), file.compression(), file.encrypted()),
            Err(error) => {
                let member = names.unique(format!("{path}!/{}", at + 1));
                opening.give(member, Some(path.to_owned()), Err(unreadable(&error)));
                continue;
            }
        };
        let member = names.unique(format!("{path}!/{name}"));
        if opening.is_junk(&name, &member, path) {
            continue;
        }
        let refused = if encrypted {
            Some("is encrypted".to_owned())
        } else if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            Some(format!("is packed by a method that is not read ({method})"))
        } else {
            None
        };
        if let Some(reason) = refused {
            opening.give(member, Some(path.to_owned()), Err(Skip { reason }));
            continue;
        }
        let read = match archive.by_index(at) {
            Ok(mut file) => opening.unpack(&mut file)?,
            Err(error) => Err(unreadable(&error)),
        };
        match read {
            Ok(bytes) => opening.member(member, path, bytes, depth),
            Err(skip) => opening.give(member, Some(path.to_owned()), Err(skip)),
        }
    }
    // Of members of one name the directory keeps the last.
    let lost = listed(bytes).unwrap_or(0).saturating_sub(archive.len());
    if lost > 0 && opening.goes_on {
        let reason = format!("holds members of the same name; {lost} of them are left out");
        return Err(Skip { reason });
    }
    Ok(())
}

/// How many members the end of an archive says it has; `None` where it does not say.
fn listed(bytes: &[u8]) -> Option<usize> {
    /// Longest comment, and the record before it.
    const TAIL: usize = 65_535 + 22;
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..)?;
    let at = tail.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count: [u8; 2] = tail.get(at + 10..at + 12)?.try_into().ok()?;
    // This number stands for more than fit in.
    Some(usize::from(u16::from_le_bytes(count))).filter(|count| *count < usize::from(u16::MAX))
}

/// The name of a member; what is UTF-8 is taken as such, declared or not.
fn name_of<R: std::io::Read>(file: &::zip::read::ZipFile<'_, R>) -> String {
    let declared = file.name().ok().filter(|name| !name.is_empty());
    match (std::str::from_utf8(file.name_raw()), declared) {
        (Ok(name), _) => shown(name),
        (Err(_), Some(name)) => shown(&name),
        (Err(_), None) => shown_bytes(file.name_raw()),
    }
}

fn unreadable(error: &ZipError) -> Skip {
    Skip::new(format!("is damaged: {error}"))
}
