//! Word files of the years 1997 to 2003: the text by its table of pieces (MS-DOC 2.4.1), its fields
//! without their instructions, its footnotes apart. Styles are not read; headings are told by layout.

use super::super::Skip;
use super::super::block::{BlockKind, Extracted};
use super::super::writer::{Writer, line_break};
use super::Table;

/// Reads a file.
pub(in crate::ingest::extract) fn read(bytes: &[u8]) -> Result<Extracted, Skip> {
    let damaged = || Skip::new("a damaged Word file (.doc)");
    let compound = Compound::open(bytes).ok_or_else(|| Skip::new("a damaged old Office file"))?;
    let Some(main) = compound.stream("WordDocument") else {
        return Err(Skip::new(if compound.entry("EncryptedPackage").is_some() {
            "an Office file that is encrypted"
        } else {
            "an old Office file that is no Word file (.xls, .ppt, .msg and the like)"
        }));
    };
    let version = half(&main, 2).ok_or_else(damaged)?;
    let flags = half(&main, 10).ok_or_else(damaged)?;
    if half(&main, 0) != Some(0xa5ec) || version < 193 {
        return Err(Skip::new("a Word file older than Word 97"));
    }
    if flags & 0x100 != 0 {
        return Err(Skip::new("a Word file (.doc) that is encrypted"));
    }
    let name = if flags & 0x200 != 0 { "1Table" } else { "0Table" };
    let table = compound.stream(name).ok_or_else(damaged)?;
    let start = word(&main, 0x1a2).ok_or_else(damaged)?;
    let length = word(&main, 0x1a6).ok_or_else(damaged)?;
    let pieces = start.checked_add(length).and_then(|end| table.get(start..end));
    let units = text(&main, pieces.ok_or_else(damaged)?).ok_or_else(damaged)?;
    let body = word(&main, 0x4c).ok_or_else(damaged)?;
    let notes = word(&main, 0x50).ok_or_else(damaged)?;
    let mut writer = Writer::default();
    let part = |from: usize, length: usize| {
        let end = from.saturating_add(length).min(units.len());
        units.get(from.min(end)..end).unwrap_or_default()
    };
    paragraphs(part(0, body), BlockKind::Paragraph, &mut writer);
    paragraphs(part(body, notes), BlockKind::Footnote, &mut writer);
    let extracted = writer.take();
    if extracted.text.is_empty() {
        return Err(Skip::new("a Word file (.doc) without text"));
    }
    Ok(extracted)
}

/// A number of four bytes.
fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
}

/// A number of two bytes.
fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

/// The signs of the text, put together from its pieces.
fn text(main: &[u8], pieces: &[u8]) -> Option<Vec<u16>> {
    let mut rest = pieces;
    while let [1, ..] = rest {
        let length = usize::from(half(rest, 1)?);
        rest = rest.get(3 + length..)?;
    }
    let [2, ..] = rest else { return None };
    let length = word(rest, 1)?;
    let table = rest.get(5..5_usize.checked_add(length)?)?;
    let count = table.len().checked_sub(4)? / 12;
    let mut units = Vec::new();
    for at in 0..count {
        let (from, to) = (word(table, 4 * at)?, word(table, 4 * at + 4)?);
        let place = word(table, 4 * (count + 1) + 8 * at + 2)?;
        let length = to.checked_sub(from)?;
        let bytes = |start: usize, length: usize| main.get(start..start.checked_add(length)?);
        if place & 0x4000_0000 != 0 {
            let bytes = bytes((place & 0x3fff_ffff) / 2, length)?;
            let (decoded, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
            units.extend(decoded.encode_utf16());
        } else {
            let bytes = bytes(place & 0x3fff_ffff, length.checked_mul(2)?)?;
            units.extend(bytes.chunks_exact(2).map(|pair| half(pair, 0).unwrap_or(0)));
        }
        // A text of a billion signs is none.
        if units.len() > main.len().saturating_mul(2) {
            return None;
        }
    }
    Some(units)
}

/// Writes paragraphs; fields give their result, not their instruction.
fn paragraphs(units: &[u16], kind: BlockKind, writer: &mut Writer) {
    let mut line = String::new();
    // For each open field, whether its instruction is being read.
    let mut fields: Vec<bool> = Vec::new();
    // A cell ends with a mark, a row with one more.
    let mut cells: Vec<String> = Vec::new();
    let mut table = Table::default();
    for sign in char::decode_utf16(units.iter().copied()) {
        let sign = sign.unwrap_or('\u{fffd}');
        match sign {
            '\u{13}' => fields.push(true),
            '\u{14}' => {
                if let Some(field) = fields.last_mut() {
                    *field = false;
                }
            }
            '\u{15}' => drop(fields.pop()),
            _ if fields.contains(&true) => {}
            '\u{7}' if line.trim().is_empty() => end_row(&mut cells, &mut table, kind),
            '\u{7}' => cells.push(std::mem::take(&mut line)),
            '\r' | '\u{c}' | '\u{e}' => {
                end_row(&mut cells, &mut table, kind);
                std::mem::take(&mut table).write(&mut |kind, words| writer.push(kind, &words));
                writer.push(kind, &line);
                line.clear();
            }
            '\u{b}' => line_break(&mut line),
            '\u{1e}' => line.push('\u{2011}'),
            '\t' => line.push(' '),
            sign if sign < ' ' => {}
            sign => line.push(sign),
        }
    }
    end_row(&mut cells, &mut table, kind);
    table.write(&mut |kind, words| writer.push(kind, &words));
    writer.push(kind, &line);
}

/// Puts the cells that were read into a row of their own.
fn end_row(cells: &mut Vec<String>, table: &mut Table, kind: BlockKind) {
    if cells.is_empty() {
        return;
    }
    table.row();
    for words in cells.drain(..) {
        table.cell();
        table.paragraph(kind, words.trim().to_owned());
    }
}

/// A compound file (MS-CFB): streams in chains of sectors.
struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    small: usize,
    cutoff: usize,
    chain: Vec<u32>,
    small_chain: Vec<u32>,
    directory: Vec<u8>,
    small_sectors: Vec<u8>,
}

impl<'b> Compound<'b> {
    fn open(bytes: &'b [u8]) -> Option<Self> {
        let shift = half(bytes, 30)?;
        if !matches!(shift, 9 | 12) {
            return None;
        }
        let mut file = Self {
            bytes,
            sector: 1 << shift,
            small: 64,
            cutoff: word(bytes, 56)?,
            chain: Vec::new(),
            small_chain: Vec::new(),
            directory: Vec::new(),
            small_sectors: Vec::new(),
        };
        file.chain = file.allocation()?;
        file.directory = file.read(word(bytes, 48)? as u32, usize::MAX)?;
        let small = file.read(word(bytes, 60)? as u32, usize::MAX).unwrap_or_default();
        file.small_chain = numbers(&small);
        let (start, size) = file.place(0)?;
        file.small_sectors = file.read(start, size).unwrap_or_default();
        Some(file)
    }

    /// The bytes of a sector.
    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The table of chains, from the sectors that the header and its own chain name.
    fn allocation(&self) -> Option<Vec<u32>> {
        let most = self.bytes.len() / self.sector + 1;
        let mut named: Vec<u32> = numbers(self.bytes.get(76..512)?);
        let mut next = word(self.bytes, 68)? as u32;
        let mut seen = 0;
        while next < 0xffff_fffa && seen < most {
            let mut more = numbers(self.sector(next)?);
            next = more.pop()?;
            named.extend(more);
            seen += 1;
        }
        let mut chain = Vec::new();
        for number in named.into_iter().filter(|number| *number < 0xffff_fffa).take(most) {
            chain.extend(numbers(self.sector(number)?));
        }
        Some(chain)
    }

    /// The bytes of a chain of sectors.
    fn read(&self, start: u32, size: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut next = start;
        let most = self.bytes.len() / self.sector + 1;
        let mut count = 0;
        while next < 0xffff_fffa && bytes.len() < size {
            count += 1;
            if count > most {
                return None;
            }
            bytes.extend_from_slice(self.sector(next)?);
            next = *self.chain.get(next as usize)?;
        }
        bytes.truncate(size);
        Some(bytes)
    }

    /// The bytes of a chain of small sectors.
    fn read_small(&self, start: u32, size: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut next = start;
        let mut count = 0;
        while next < 0xffff_fffa && bytes.len() < size {
            count += 1;
            if count > self.small_chain.len() {
                return None;
            }
            let start = (next as usize).checked_mul(self.small)?;
            bytes.extend_from_slice(self.small_sectors.get(start..start + self.small)?);
            next = *self.small_chain.get(next as usize)?;
        }
        bytes.truncate(size);
        Some(bytes)
    }

    /// Start and size of the entry with this number.
    fn place(&self, number: usize) -> Option<(u32, usize)> {
        let entry = number.checked_mul(128)?;
        let start = word(&self.directory, entry + 116)? as u32;
        Some((start, word(&self.directory, entry + 120)?))
    }

    /// The number of the entry of this name.
    fn entry(&self, name: &str) -> Option<usize> {
        let wanted: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.directory.chunks_exact(128).position(|entry| {
            let length = half(entry, 64).map_or(0, usize::from).saturating_sub(2);
            length == wanted.len() && entry.starts_with(&wanted)
        })
    }

    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let (start, size) = self.place(self.entry(name)?)?;
        if size < self.cutoff { self.read_small(start, size) } else { self.read(start, size) }
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    let number = |bytes: &[u8]| bytes.try_into().map_or(u32::MAX, u32::from_le_bytes);
    bytes.chunks_exact(4).map(number).collect()
}
