//! Tar archives: the POSIX form, with long names of GNU and of pax.

use super::{Names, Opening, shown_bytes};
use crate::ingest::extract::Skip;

/// Headers and contents come in blocks of this size.
const BLOCK: usize = 512;

/// Whether the bytes open with a tar header.
pub(in crate::ingest::extract) fn is_tar(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..BLOCK) else { return false };
    header.get(257..262) == Some(b"ustar") && sum_fits(header)
}

/// Hands on the regular files.
pub(super) fn each(
    bytes: &[u8],
    path: &str,
    depth: usize,
    opening: &mut Opening<'_>,
) -> Result<(), Skip> {
    let cut = || Skip::new("a tar archive that is cut off; the rest is left out");
    let mut names = Names::default();
    let mut long: Option<Vec<u8>> = None;
    let mut at = 0;
    while opening.goes_on {
        let Some(header) = bytes.get(at..at + BLOCK) else {
            return if bytes.get(at..).is_some_and(|rest| rest.iter().any(|byte| *byte != 0)) {
                Err(cut())
            } else {
                Ok(())
            };
        };
        if header.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        if !sum_fits(header) {
            return Err(Skip::new("a damaged tar archive; the rest is left out"));
        }
        opening.count()?;
        let size = header.get(124..136).and_then(number).ok_or_else(cut)?;
        let start = at + BLOCK;
        let end = start.checked_add(size).ok_or_else(cut)?;
        let content = bytes.get(start..end).ok_or_else(cut)?;
        at = end.checked_next_multiple_of(BLOCK).ok_or_else(cut)?;
        match header.get(156).copied().unwrap_or(0) {
            b'L' => long = Some(text(content).to_vec()),
            b'x' => long = pax_path(content).or(long),
            b'g' | b'K' => {}
            b'0' | 0 | b'7' => {
                let name = long.take().unwrap_or_else(|| short_name(header));
                let name = shown_bytes(&name);
                let member = names.unique(format!("{path}!/{name}"));
                if !opening.is_junk(&name, &member, path) {
                    let read = opening.unpack(&mut &*content)?;
                    match read {
                        Ok(content) => opening.member(member, path, content, depth),
                        Err(skip) => opening.give(member, Some(path.to_owned()), Err(skip)),
                    }
                }
            }
            b'5' => long = None,
            sort => {
                let name = long.take().unwrap_or_else(|| short_name(header));
                let member = names.unique(format!("{path}!/{}", shown_bytes(&name)));
                let reason = match sort {
                    b'1' | b'2' => "is a link; links are not followed",
                    _ => "is no regular file",
                };
                opening.give(member, Some(path.to_owned()), Err(Skip::new(reason)));
            }
        }
    }
    Ok(())
}

/// Prefix and name of the header.
fn short_name(header: &[u8]) -> Vec<u8> {
    let field = |from: usize, to: usize| text(header.get(from..to).unwrap_or_default());
    // Only the POSIX form has a prefix; GNU keeps times there.
    let prefix = if header.get(257..263) == Some(b"ustar\0") { field(345, 500) } else { &[] };
    let name = field(0, 100);
    if prefix.is_empty() { name.to_vec() } else { [prefix, b"/", name].concat() }
}

/// A field up to its first zero byte.
fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// A number in octal digits, or in the binary form of GNU.
fn number(field: &[u8]) -> Option<usize> {
    if let [first, rest @ ..] = field
        && first & 0x80 != 0
    {
        let high = usize::from(first & 0x7f);
        return rest
            .iter()
            .try_fold(high, |sum, byte| sum.checked_mul(256).map(|sum| sum + usize::from(*byte)));
    }
    let digits = text(field).trim_ascii();
    let digits = std::str::from_utf8(digits).ok()?;
    if digits.is_empty() { Some(0) } else { usize::from_str_radix(digits, 8).ok() }
}

/// Whether the check sum of a header fits.
fn sum_fits(header: &[u8]) -> bool {
    let sum: usize = header
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { usize::from(*byte) })
        .sum();
    header.get(148..156).and_then(number) == Some(sum)
}

/// The path in a pax header: lines of `length key=value`.
fn pax_path(content: &[u8]) -> Option<Vec<u8>> {
    let mut rest = content;
    let mut path = None;
    while let Some(blank) = rest.iter().position(|byte| *byte == b' ') {
        let length: usize = std::str::from_utf8(rest.get(..blank)?).ok()?.parse().ok()?;
        let line = rest.get(blank + 1..length)?;
        if let Some(value) = line.strip_prefix(b"path=") {
            path = Some(value.strip_suffix(b"\n").unwrap_or(value).to_vec());
        }
        rest = rest.get(length..)?;
    }
    path
}
