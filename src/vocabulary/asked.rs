//! Places that a question names, without the tables being read.
//!
//! Comes in: `data/asked.tsv`, sorted lines of a name's key and the region paths it stands for, written
//! from the tables by a test of this file. A one-shot search looks up a handful of names; reading all
//! tables for them would take longer than the search.

use super::key;

const TABLE: &str = include_str!("data/asked.tsv");

/// What [`super::Vocabulary::places_asked`] says with the shipped tables.
///
/// ```
/// use chancery::vocabulary::shipped_places_asked;
/// let paths: Vec<&str> = shipped_places_asked("Cote d'Ivoire").collect();
/// assert_eq!(paths, ["Africa/Sub-Saharan Africa/Côte d'Ivoire"]);
/// assert_eq!(shipped_places_asked("mediation").count(), 0);
/// ```
pub fn shipped_places_asked(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    line(&key(name)).into_iter().flat_map(|paths| paths.split('\t'))
}

/// The paths of the line with this key.
fn line(key: &str) -> Option<&'static str> {
    // The key is looked for between these two, which always begin or end a line.
    let (mut low, mut high) = (0, TABLE.len());
    while low < high {
        let start = line_start(low + (high - low) / 2).max(low);
        let rest = TABLE.get(start..)?;
        let end = start + rest.find('\n').unwrap_or(rest.len());
        let (found, paths) = TABLE.get(start..end)?.split_once('\t')?;
        match found.cmp(key) {
            std::cmp::Ordering::Equal => return Some(paths),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

/// Where the line begins that holds this byte.
fn line_start(at: usize) -> usize {
    let before = TABLE.as_bytes().get(..at).unwrap_or_default();
    before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::{env, fs};

    use super::super::Vocabulary;
    use super::*;

    #[test]
    fn the_table_says_what_the_tables_say() {
        let vocabulary = Vocabulary::builtin();
        let mut lines = Vec::new();
        for name in vocabulary.names_asked() {
            let paths = vocabulary.places_asked(&name);
            assert!(!paths.is_empty(), "{name}");
            lines.push(format!("{name}\t{}\n", paths.join("\t")));
        }
        lines.sort();
        lines.dedup();
        let table = lines.concat();
        if env::var_os("CHANCERY_WRITE_TABLES").is_some() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/vocabulary/data");
            fs::write(folder.join("asked.tsv"), &table).unwrap();
            return;
        }
        assert!(
            table == TABLE,
            "asked.tsv is not of these tables; write it anew: CHANCERY_WRITE_TABLES=1 cargo test --lib asked"
        );
    }

    #[test]
    fn every_name_is_found_and_no_other() {
        let vocabulary = Vocabulary::builtin();
        for name in vocabulary.names_asked() {
            let found: Vec<&str> = shipped_places_asked(&name).collect();
            assert_eq!(found, vocabulary.places_asked(&name), "{name}");
        }
        for name in ["", "a", "zzzz", "mediation", "united"] {
            assert_eq!(shipped_places_asked(name).count(), 0, "{name}");
        }
    }
}
