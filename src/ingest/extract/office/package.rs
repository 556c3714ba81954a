//! The zip archive that an Office file is: its parts, each read with a bound.

use std::io::{Cursor, Read};

use super::super::{Skip, encoding};

/// Bytes that a part may have.
const PART: u64 = 256 << 20;
/// Bytes that all parts that are read may have.
const TOTAL: u64 = 512 << 20;
/// A part may grow this much beyond a first bound when it is unpacked.
const GROWTH: u64 = 200;
/// Growth is not judged below so many bytes.
const GROWTH_FROM: u64 = 32 << 20;

/// An Office file.
pub(super) struct Package<'a> {
    archive: ::zip::ZipArchive<Cursor<&'a [u8]>>,
    packed: u64,
    unpacked: u64,
}

impl<'a> Package<'a> {
    /// Opens it.
    pub(super) fn open(bytes: &'a [u8], what: &str) -> Result<Self, Skip> {
        let archive = ::zip::ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| Skip::new(format!("a damaged {what}: {error}")))?;
        Ok(Self { archive, packed: bytes.len() as u64, unpacked: 0 })
    }

    /// The text of a part; `None` when there is none of this name.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Skip> {
        Ok(self.bytes(name)?.map(|bytes| encoding::decode(bytes, true).text))
    }

    /// The bytes of a part.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, Skip> {
        let damaged = |error: &dyn std::fmt::Display| {
            Skip::new(format!("is damaged: its part \"{name}\" cannot be read: {error}"))
        };
        let Some(at) = self.archive.index_for_name(name.trim_start_matches('/')) else {
            return Ok(None);
        };
        let file = self.archive.by_index(at).map_err(|error| damaged(&error))?;
        let growth = self.packed.saturating_mul(GROWTH).max(GROWTH_FROM);
        let room = PART.min(growth).min(TOTAL.saturating_sub(self.unpacked));
        let mut bytes = Vec::new();
        file.take(room + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        self.unpacked += bytes.len() as u64;
        if bytes.len() as u64 > room {
            return Err(Skip::new(format!(
                "its part \"{name}\" unpacks to more than {} MiB or {GROWTH} times the file",
                PART >> 20
            )));
        }
        Ok(Some(bytes))
    }
}

/// The path of a part that `base` refers to as `target`.
pub(super) fn resolve(base: &str, target: &str) -> String {
    let mut parts: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        base.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect())
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
