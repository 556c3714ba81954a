//! Word files: paragraphs with their styles, lists, tables, notes; comments and what was struck out
//! are left out.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Skip;
use super::super::block::{BlockKind, Extracted, Key};
use super::super::writer::{Writer, fold, line_break};
use super::super::xml::{Handler, Tag, walk};
use super::package::{Package, resolve};
use super::{Table, below_title, borne_out, push_with_notes};
use crate::document::Problem;

/// Reads a file.
pub(in crate::ingest::extract) fn read(bytes: &[u8]) -> Result<Extracted, Skip> {
    let mut package = Package::open(bytes, "Word file")?;
    let mut main = "word/document.xml".to_owned();
    if let Some(text) = package.text("_rels/.rels")? {
        let mut relations = Relations::default();
        walk(&text, &mut relations);
        main = relations.document.map_or(main, |target| resolve("", &target));
    }
    let document = package
        .text(&main)?
        .ok_or_else(|| Skip::new("a Word file without its main part (word/document.xml)"))?;
    let mut styles = Styles::default();
    if let Some(text) = package.text(&resolve(&main, "styles.xml"))? {
        walk(&text, &mut styles);
    }
    let mut notes = BTreeMap::new();
    for (part, kind) in [("footnotes.xml", 'f'), ("endnotes.xml", 'e')] {
        if let Some(text) = package.text(&resolve(&main, part))? {
            let mut reader = Reader::new(&styles);
            reader.of_notes = Some(kind);
            walk(&text, &mut reader);
            notes.append(&mut reader.notes);
        }
    }
    let mut reader = Reader::new(&styles);
    reader.notes = notes;
    let wrong = walk(&document, &mut reader);
    let title = reader.title.take();
    let mut extracted = reader.finish();
    if extracted.text.is_empty() {
        return Err(Skip::new(match wrong {
            Some(wrong) => format!("a Word file whose main part {wrong}"),
            None => "a Word file without text".to_owned(),
        }));
    }
    extracted.problems.extend(wrong.map(Problem::new));
    below_title(&mut extracted, title.as_deref());
    if let Some(text) = package.text("docProps/core.xml")? {
        let mut core = Core::default();
        walk(&text, &mut core);
        borne_out(&mut extracted, core.values);
    }
    Ok(extracted)
}

/// Where the main part is.
#[derive(Default)]
struct Relations {
    document: Option<String>,
}

impl Handler for Relations {
    fn open(&mut self, tag: &Tag<'_>) {
        let is_main = tag.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument"));
        if tag.name == "Relationship" && is_main {
            self.document = tag.attribute("Target");
        }
    }
    fn close(&mut self, _name: &str) {}
    fn text(&mut self, _text: &str) {}
}

/// Dublin Core properties, as Word, `OpenDocument` and e-books have them.
#[derive(Default)]
pub(super) struct Core {
    pub(super) values: Vec<(Key, String)>,
    key: Option<Key>,
    text: String,
}

impl Handler for Core {
    fn open(&mut self, tag: &Tag<'_>) {
        self.key = match tag.name {
            "title" => Some(Key::Title),
            "creator" => Some(Key::Speaker),
            "language" => Some(Key::Language),
            _ => None,
        };
        self.text.clear();
    }

    fn close(&mut self, _name: &str) {
        if let Some(key) = self.key.take()
            && !self.text.trim().is_empty()
        {
            self.values.push((key, self.text.trim().to_owned()));
        }
    }

    fn text(&mut self, text: &str) {
        fold(&mut self.text, text);
    }
}

/// What a style says of its paragraphs.
#[derive(Debug, Clone, Default)]
struct Style {
    /// Its name as Word keeps it in every language: `heading 1`, `Title`, `toc 2`.
    name: String,
    based_on: Option<String>,
    /// Level from 1 to 9; 0 for text.
    outline: Option<u8>,
    list: bool,
}

#[derive(Default)]
struct Styles {
    styles: BTreeMap<String, Style>,
    open: Option<(String, Style)>,
}

impl Handler for Styles {
    fn open(&mut self, tag: &Tag<'_>) {
        if tag.name == "style" {
            self.open = tag.attribute("styleId").map(|id| (id, Style::default()));
        }
        let Some((_, style)) = &mut self.open else { return };
        match tag.name {
            "name" => style.name = tag.attribute("val").unwrap_or_default().to_lowercase(),
            "basedOn" => style.based_on = tag.attribute("val"),
            "outlineLvl" => style.outline = outline_level(tag),
            "numPr" => style.list = true,
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if name == "style"
            && let Some((id, style)) = self.open.take()
        {
            self.styles.insert(id, style);
        }
    }

    fn text(&mut self, _text: &str) {}
}

/// A level from 1 to 9, or 0 for text.
fn outline_level(tag: &Tag<'_>) -> Option<u8> {
    let level: u8 = tag.attribute("val")?.parse().ok()?;
    Some(if level < 9 { level + 1 } else { 0 })
}

/// What a paragraph is by its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Title,
    Heading(u8),
    Contents,
    Caption,
    Quote,
    List,
    Text,
}

impl Styles {
    fn sort(&self, id: &str) -> Sort {
        let mut id = id.to_owned();
        let mut seen = BTreeSet::new();
        let mut list = false;
        while let Some(style) = self.styles.get(&id).filter(|_| seen.insert(id.clone())) {
            let name = style.name.as_str();
            let level = name.strip_prefix("heading ").and_then(|level| level.trim().parse().ok());
            match (style.outline, level) {
                (Some(level), _) if level > 0 => return Sort::Heading(level),
                (None, Some(level)) => return Sort::Heading(level),
                _ => {}
            }
            match name {
                "title" => return Sort::Title,
                "caption" => return Sort::Caption,
                "quote" | "intense quote" | "block text" => return Sort::Quote,
                _ if name.starts_with("toc ") => return Sort::Contents,
                _ => {}
            }
            if style.outline == Some(0) {
                break;
            }
            list |= style.list;
            match &style.based_on {
                Some(base) => id.clone_from(base),
                None => break,
            }
        }
        if list { Sort::List } else { Sort::Text }
    }
}

/// A paragraph under construction.
#[derive(Default)]
struct Paragraph {
    words: String,
    style: Option<String>,
    outline: Option<u8>,
    list: bool,
}

struct Reader<'s> {
    styles: &'s Styles,
    writer: Writer,
    /// Paragraphs that are open: one may hold a text box with others.
    open: Vec<Paragraph>,
    tables: Vec<Table>,
    /// Notes by their kind and id.
    notes: BTreeMap<(char, String), String>,
    /// Notes that the open paragraph refers to.
    waiting: Vec<String>,
    /// Kind of notes that this part holds, and the one that is open.
    of_notes: Option<char>,
    note: Option<String>,
    note_words: String,
    title: Option<String>,
    /// Depth of elements that are left out.
    skipped: usize,
    in_text: bool,
    in_properties: bool,
}

impl<'s> Reader<'s> {
    fn new(styles: &'s Styles) -> Self {
        Self {
            styles,
            writer: Writer::default(),
            open: Vec::new(),
            tables: Vec::new(),
            notes: BTreeMap::new(),
            waiting: Vec::new(),
            of_notes: None,
            note: None,
            note_words: String::new(),
            title: None,
            skipped: 0,
            in_text: false,
            in_properties: false,
        }
    }

    fn finish(mut self) -> Extracted {
        while let Some(table) = self.tables.pop() {
            self.put_table(table);
        }
        self.put(BlockKind::Paragraph, "");
        self.writer.take()
    }

    fn put(&mut self, kind: BlockKind, words: &str) {
        if words.trim().is_empty() && self.waiting.is_empty() {
            return;
        }
        match self.tables.last_mut() {
            Some(table) => table.paragraph(kind, words.trim().to_owned()),
            None => push_with_notes(&mut self.writer, kind, words, &mut self.waiting),
        }
    }

    fn put_table(&mut self, table: Table) {
        let mut blocks = Vec::new();
        table.write(&mut |kind, words| blocks.push((kind, words)));
        for (kind, words) in blocks {
            self.put(kind, &words);
        }
    }

    fn close_paragraph(&mut self) {
        let Some(paragraph) = self.open.pop() else { return };
        if self.of_notes.is_some() {
            line_break(&mut self.note_words);
            self.note_words.push_str(paragraph.words.trim());
            return;
        }
        let sort = match (paragraph.outline, &paragraph.style) {
            (Some(level), _) if level > 0 => Sort::Heading(level),
            (_, Some(style)) => self.styles.sort(style),
            _ => Sort::Text,
        };
        let kind = match sort {
            Sort::Title => {
                let words = paragraph.words.trim();
                if self.title.is_none() && !words.is_empty() {
                    self.title = Some(words.to_owned());
                }
                BlockKind::Heading(1)
            }
            Sort::Heading(level) => BlockKind::Heading(level),
            Sort::Contents => BlockKind::Navigation,
            Sort::Caption => BlockKind::Caption,
            Sort::Quote => BlockKind::Quote,
            Sort::List => BlockKind::ListItem,
            Sort::Text if paragraph.list => BlockKind::ListItem,
            Sort::Text => BlockKind::Paragraph,
        };
        self.put(kind, &paragraph.words);
    }

    fn words(&mut self) -> Option<&mut String> {
        self.open.last_mut().map(|paragraph| &mut paragraph.words)
    }
}

impl Handler for Reader<'_> {
    fn open(&mut self, tag: &Tag<'_>) {
        if self.skipped > 0 {
            self.skipped += 1;
            return;
        }
        match tag.name {
            // Struck out, moved away, the older form of a drawing, instructions of fields.
            "del" | "moveFrom" | "Fallback" | "instrText" | "delText" | "delInstrText"
            | "rPrChange" | "pPrChange" | "sectPr" | "annotation" => self.skipped = 1,
            "p" => self.open.push(Paragraph::default()),
            "pPr" => self.in_properties = true,
            "pStyle" if self.in_properties => {
                if let Some(paragraph) = self.open.last_mut() {
                    paragraph.style = tag.attribute("val");
                }
            }
            "outlineLvl" if self.in_properties => {
                if let Some(paragraph) = self.open.last_mut() {
                    paragraph.outline = outline_level(tag);
                }
            }
            "numId" if self.in_properties => {
                if let Some(paragraph) = self.open.last_mut() {
                    paragraph.list = tag.attribute("val").is_some_and(|id| id != "0");
                }
            }
            "t" => self.in_text = true,
            "tab" if !self.in_properties => {
                if let Some(words) = self.words() {
                    fold(words, " ");
                }
            }
            "br" | "cr" => {
                if let Some(words) = self.words() {
                    line_break(words);
                }
            }
            "noBreakHyphen" => {
                if let Some(words) = self.words() {
                    words.push('\u{2011}');
                }
            }
            "footnoteReference" | "endnoteReference" => {
                let kind = if tag.name.starts_with('f') { 'f' } else { 'e' };
                if let Some(note) =
                    tag.attribute("id").and_then(|id| self.notes.get(&(kind, id)).cloned())
                {
                    self.waiting.push(note);
                }
            }
            "footnote" | "endnote" if self.of_notes.is_some() => {
                // Separators are drawn, not written.
                let drawn = tag.attribute("type").is_some_and(|kind| kind != "normal");
                self.note = tag.attribute("id").filter(|_| !drawn);
                self.note_words.clear();
            }
            "tbl" => self.tables.push(Table::default()),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.row();
                }
            }
            "tc" => {
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
            "p" => self.close_paragraph(),
            "pPr" => self.in_properties = false,
            "t" => self.in_text = false,
            "tbl" => {
                if let Some(table) = self.tables.pop() {
                    self.put_table(table);
                }
            }
            "footnote" | "endnote" => {
                if let (Some(kind), Some(id)) = (self.of_notes, self.note.take()) {
                    let words = std::mem::take(&mut self.note_words).trim().to_owned();
                    self.notes.insert((kind, id), words);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped == 0
            && self.in_text
            && let Some(words) = self.words()
        {
            fold(words, text);
        }
    }
}
