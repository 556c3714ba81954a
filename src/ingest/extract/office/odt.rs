//! Text files of `OpenDocument`: headings by their level, lists, tables, notes; comments and tracked
//! deletions are left out.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Skip;
use super::super::block::{BlockKind, Extracted};
use super::super::writer::{Writer, fold, line_break};
use super::super::xml::{Handler, Tag, walk};
use super::docx::Core;
use super::package::Package;
use super::{Table, below_title, borne_out, push_with_notes};
use crate::document::Problem;

/// Reads a file.
pub(in crate::ingest::extract) fn read(bytes: &[u8]) -> Result<Extracted, Skip> {
    let mut package = Package::open(bytes, "OpenDocument file")?;
    if let Some(manifest) = package.text("META-INF/manifest.xml")?
        && manifest.contains("encryption-data")
    {
        return Err(Skip::new("an OpenDocument file that is encrypted"));
    }
    let content = package
        .text("content.xml")?
        .ok_or_else(|| Skip::new("an OpenDocument file without its text (content.xml)"))?;
    let mut reader = Reader::default();
    if let Some(styles) = package.text("styles.xml")? {
        walk(&styles, &mut reader.styles);
    }
    walk(&content, &mut reader.styles);
    let wrong = walk(&content, &mut reader);
    reader.put(BlockKind::Paragraph, "");
    let title = reader.title.take();
    let mut extracted = reader.writer.take();
    if extracted.text.is_empty() {
        return Err(Skip::new(match wrong {
            Some(wrong) => format!("an OpenDocument file whose text {wrong}"),
            None => "an OpenDocument file without text".to_owned(),
        }));
    }
    extracted.problems.extend(wrong.map(Problem::new));
    below_title(&mut extracted, title.as_deref());
    if let Some(text) = package.text("meta.xml")? {
        let mut core = Core::default();
        walk(&text, &mut core);
        borne_out(&mut extracted, core.values);
    }
    Ok(extracted)
}

/// Styles of paragraphs and those they are made from.
#[derive(Default)]
struct Styles {
    parents: BTreeMap<String, String>,
}

impl Handler for Styles {
    fn open(&mut self, tag: &Tag<'_>) {
        if tag.name == "style"
            && let (Some(name), Some(parent)) =
                (tag.attribute("name"), tag.attribute("parent-style-name"))
        {
            self.parents.insert(name, parent);
        }
    }
    fn close(&mut self, _name: &str) {}
    fn text(&mut self, _text: &str) {}
}

impl Styles {
    /// Whether a style is, or is made from, the one of this name.
    fn is(&self, style: &str, wanted: &str) -> bool {
        let mut style = style;
        let mut seen = BTreeSet::new();
        while seen.insert(style) {
            if style == wanted {
                return true;
            }
            match self.parents.get(style) {
                Some(parent) => style = parent,
                None => break,
            }
        }
        false
    }
}

/// A paragraph or heading under construction.
struct Open {
    kind: BlockKind,
    title: bool,
    words: String,
}

#[derive(Default)]
struct Reader {
    styles: Styles,
    writer: Writer,
    open: Vec<Open>,
    tables: Vec<Table>,
    lists: usize,
    contents: usize,
    notes: usize,
    note: String,
    waiting: Vec<String>,
    title: Option<String>,
    skipped: usize,
}

impl Reader {
    fn put(&mut self, kind: BlockKind, words: &str) {
        if words.trim().is_empty() && self.waiting.is_empty() {
            return;
        }
        match self.tables.last_mut() {
            Some(table) => table.paragraph(kind, words.trim().to_owned()),
            None => push_with_notes(&mut self.writer, kind, words, &mut self.waiting),
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        let style = tag.attribute("style-name").unwrap_or_default();
        let is = |wanted: &str| self.styles.is(&style, wanted);
        let title = tag.name == "p" && is("Title");
        let kind = if self.contents > 0 {
            BlockKind::Navigation
        } else if tag.name == "h" {
            let level = tag.attribute("outline-level").and_then(|level| level.parse().ok());
            BlockKind::Heading(level.unwrap_or(1).clamp(1, 9))
        } else if title {
            BlockKind::Heading(1)
        } else if is("Caption") {
            BlockKind::Caption
        } else if is("Quotations") {
            BlockKind::Quote
        } else if self.lists > 0 {
            BlockKind::ListItem
        } else {
            BlockKind::Paragraph
        };
        self.open.push(Open { kind, title, words: String::new() });
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if self.notes > 0 {
            line_break(&mut self.note);
            self.note.push_str(open.words.trim());
            return;
        }
        let words = open.words.trim();
        if open.title && self.title.is_none() && !words.is_empty() {
            self.title = Some(words.to_owned());
        }
        self.put(open.kind, &open.words);
    }

    fn words(&mut self) -> Option<&mut String> {
        self.open.last_mut().map(|open| &mut open.words)
    }
}

impl Handler for Reader {
    fn open(&mut self, tag: &Tag<'_>) {
        if self.skipped > 0 {
            self.skipped += 1;
            return;
        }
        match tag.name {
            "annotation" | "tracked-changes" | "note-citation" | "ruby-text" | "forms"
            | "automatic-styles" | "font-face-decls" | "sequence-decls" | "script" => {
                self.skipped = 1;
            }
            "p" | "h" => self.begin(tag),
            "s" => {
                if let Some(words) = self.words() {
                    fold(words, " ");
                }
            }
            "tab" => {
                if let Some(words) = self.words() {
                    fold(words, " ");
                }
            }
            "line-break" => {
                if let Some(words) = self.words() {
                    line_break(words);
                }
            }
            "note-body" => {
                self.notes += 1;
                self.note.clear();
            }
            "list" => self.lists += 1,
            "table-of-content" | "alphabetical-index" | "illustration-index" | "table-index" => {
                self.contents += 1;
            }
            "table" => self.tables.push(Table::default()),
            "table-row" => {
                if let Some(table) = self.tables.last_mut() {
                    table.row();
                }
            }
            "table-cell" | "covered-table-cell" => {
                if let Some(table) = self.tables.last_mut() {
                    table.cell();
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match name {
            "p" | "h" => self.end(),
            "note-body" => {
                self.notes = self.notes.saturating_sub(1);
                self.waiting.push(std::mem::take(&mut self.note));
            }
            "list" => self.lists = self.lists.saturating_sub(1),
            "table-of-content" | "alphabetical-index" | "illustration-index" | "table-index" => {
                self.contents = self.contents.saturating_sub(1);
            }
            "table" => {
                if let Some(table) = self.tables.pop() {
                    let mut blocks = Vec::new();
                    table.write(&mut |kind, words| blocks.push((kind, words)));
                    for (kind, words) in blocks {
                        self.put(kind, &words);
                    }
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped == 0
            && let Some(words) = self.words()
        {
            fold(words, text);
        }
    }
}
