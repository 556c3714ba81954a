//! Documents of office programs and e-books: DOCX, ODT, EPUB, RTF, DOC.

mod doc;
mod docx;
mod epub;
mod odt;
mod package;
mod rtf;

pub(super) use doc::read as read_doc;
pub(super) use docx::read as read_docx;
pub(super) use epub::read as read_epub;
pub(super) use odt::read as read_odt;
pub(super) use rtf::read as read_rtf;

use super::block::{BlockKind, Extracted};
use super::borne_out::borne_out;
use super::writer::Writer;

/// A cell with more bytes than this holds text; its table is there for the layout.
const LONGEST_CELL: usize = 250;

/// A table under construction.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Rows of cells; a cell is a list of paragraphs.
    rows: Vec<Vec<Vec<(BlockKind, String)>>>,
}

impl Table {
    fn row(&mut self) {
        self.rows.push(Vec::new());
    }

    fn cell(&mut self) {
        if self.rows.is_empty() {
            self.row();
        }
        if let Some(row) = self.rows.last_mut() {
            row.push(Vec::new());
        }
    }

    fn paragraph(&mut self, kind: BlockKind, words: String) {
        if self.rows.last().is_none_or(Vec::is_empty) {
            self.cell();
        }
        if let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut()) {
            cell.push((kind, words));
        }
    }

    /// Writes the table: rows of figures and short texts as such, else the text that it lays out.
    fn write(self, out: &mut dyn FnMut(BlockKind, String)) {
        let cells = self.rows.iter().flatten();
        let length =
            |cell: &Vec<(BlockKind, String)>| cell.iter().map(|(_, w)| w.len()).sum::<usize>();
        let longest = cells.clone().map(length).max().unwrap_or(0);
        let structured = cells.clone().flatten().any(|(kind, _)| *kind != BlockKind::Paragraph);
        let data = cells.count() >= 4 && longest <= LONGEST_CELL && !structured;
        for row in self.rows {
            if data {
                let cells = row.into_iter().map(|cell| {
                    cell.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join(" ")
                });
                out(BlockKind::Table, cells.collect::<Vec<_>>().join("\t"));
            } else {
                row.into_iter().flatten().for_each(|(kind, words)| out(kind, words));
            }
        }
    }
}

/// Lowers all headings by one level where a title stands above them.
fn below_title(extracted: &mut Extracted, title: Option<&str>) {
    let Some(title) = title else { return };
    let Extracted { text, blocks, .. } = extracted;
    let mut seen = false;
    for block in blocks.iter_mut().flatten() {
        if let BlockKind::Heading(level) = &mut block.kind {
            if !seen && block.span.of(text) == title {
                seen = true;
                *level = 1;
            } else {
                *level = (*level + 1).min(9);
            }
        }
    }
}

/// Writes a block and hands on the notes that it calls for.
fn push_with_notes(writer: &mut Writer, kind: BlockKind, words: &str, notes: &mut Vec<String>) {
    writer.push(kind, words);
    for note in std::mem::take(notes) {
        writer.note(&note);
    }
}

#[cfg(test)]
mod tests;
