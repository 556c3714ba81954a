//! How the program is linked, and the tables that it would otherwise make at each start.

use std::env::var;
use std::fs;
use std::path::Path;

#[path = "src/vocabulary/fold.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a module of the library, of which little is needed here"
)]
mod fold;
#[path = "src/vocabulary/loose.rs"]
mod loose;

const THESAURUS: &str = "src/vocabulary/data/thesaurus.toml";
/// Opens an entry of names that mean the same, and the lists of names in it; the same of contested names.
const SAME: (&str, &[&str]) = ("[[same]]", &["\nnames = [", "\nacronyms = [", "\ntyped = ["]);
const CONTESTED: (&str, &[&str]) = ("[[contested]]", &["\nnames = ["]);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for file in ["build.rs", "src/vocabulary/fold.rs", "src/vocabulary/loose.rs", THESAURUS] {
        println!("cargo::rerun-if-changed={file}");
    }
    // At a fixed place in memory on Linux: tables in the libraries hold 60,000 addresses, and writing them
    // anew at each start is half of what a start takes. See SECURITY.md. One that is linked with all its
    // libraries in it has a way of its own to be linked.
    let is_static = var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|all| all.contains("crt-static"));
    if var("CARGO_CFG_TARGET_OS")? == "linux" && !is_static {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    let out = var("OUT_DIR")?;
    let thesaurus = fs::read_to_string(THESAURUS)?;
    fs::write(Path::new(&out).join("same.names"), names(&thesaurus, SAME)?)?;
    fs::write(Path::new(&out).join("contested.names"), names(&thesaurus, CONTESTED)?)?;
    Ok(())
}

/// How many entries and names there are; where each entry begins and ends; the hashes of the names in order;
/// the number of the entry of each. Numbers of four bytes, hashes of eight, the least byte first.
fn names(
    table: &str,
    (opening, lists): (&str, &[&str]),
) -> Result<Vec<u8>, std::num::TryFromIntError> {
    let mut entries = Vec::new();
    let mut names: Vec<(u64, u32)> = Vec::new();
    let mut written = String::new();
    for (from, block) in blocks(table).filter(|(_, block)| block.starts_with(opening)) {
        let index = u32::try_from(entries.len())?;
        entries.push((u32::try_from(from)?, u32::try_from(from + block.len())?));
        for list in lists {
            quoted(block, list, |name| {
                loose::loosely(name, |_| None, &mut written);
                names.push((loose::hash(&written), index));
            });
        }
    }
    names.sort_unstable();
    names.dedup();
    let counts = [u32::try_from(entries.len())?, u32::try_from(names.len())?];
    let mut out: Vec<u8> = counts.into_iter().flat_map(u32::to_le_bytes).collect();
    out.extend(entries.into_iter().flat_map(|(from, end)| [from, end]).flat_map(u32::to_le_bytes));
    out.extend(names.iter().flat_map(|(hash, _)| hash.to_le_bytes()));
    out.extend(names.iter().flat_map(|(_, index)| index.to_le_bytes()));
    Ok(out)
}

/// The texts of the entries, each with the place where it begins.
fn blocks(table: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = table.find("\n[[").map_or(table.len(), |at| at + 1);
    std::iter::from_fn(move || {
        let rest = table.get(from..).filter(|rest| !rest.is_empty())?;
        let length = rest.find("\n[[").map_or(rest.len(), |at| at + 1);
        let found = (from, rest.get(..length)?);
        from += length;
        Some(found)
    })
}

/// The strings of a list; the shipped table writes them without escapes, which a test looks after.
fn quoted<'t>(block: &'t str, opening: &str, mut visit: impl FnMut(&'t str)) {
    let Some((_, mut rest)) = block.split_once(opening) else { return };
    while let Some((before, tail)) = rest.split_once('"')
        && !before.contains(']')
        && let Some((name, tail)) = tail.split_once('"')
    {
        visit(name);
        rest = tail;
    }
}
