//! TEI, with the dialect of the Foreign Relations volumes: one file, hundreds of documents.
//!
//! Divisions and their heads become headings, notes become footnotes, names and dates stay text. The
//! header gives title, author and date. In a volume each `div type="document"` is a document with its
//! own date; what lies around them is a document of its own where it has text.

use std::collections::BTreeSet;

use super::walk::{Handler, Tag, walk};
use crate::document::{Origin, Problem};
use crate::ingest::extract::Skip;
use crate::ingest::extract::block::{BlockKind, Extracted, Key, Value};
use crate::ingest::extract::writer::{Writer, fold, line_break};

/// Whether an outermost element of this name (in lower case) opens a TEI file.
pub(super) fn is_root(name: &str) -> bool {
    matches!(name, "tei" | "tei.2" | "teicorpus" | "teicorpus.2")
}

/// How often a file marks a division as a document, counted up to 2.
pub(super) fn count_documents(bytes: &[u8], mark: &[u8]) -> usize {
    let twin: Vec<u8> = mark.iter().map(|b| if *b == b'"' { b'\'' } else { *b }).collect();
    let has = |start: &[u8]| start.starts_with(mark) || start.starts_with(&twin);
    let mut count = 0;
    let mut rest = bytes;
    // Only places that open with a `t` are compared.
    while let Some(at) = rest.iter().position(|byte| *byte == b't') {
        let start = rest.get(at..).unwrap_or_default();
        if has(start) {
            count += 1;
            if count > 1 {
                break;
            }
        }
        rest = start.get(1..).unwrap_or_default();
    }
    count
}

/// Reads a file as one document.
pub(super) fn single(text: &str) -> Extracted {
    let mut reader = Reader::default();
    let wrong = walk(text, &mut reader);
    let mut extracted = reader.writer.take();
    extracted.values = reader.header.values(true);
    extracted.values.extend(reader.dated);
    extracted.problems.extend(wrong.map(Problem::new));
    extracted
}

/// Hands on the documents of a volume.
pub(super) fn volume(
    text: &str,
    problems: Vec<Problem>,
    path: &str,
    container: Option<String>,
    take: &mut dyn FnMut(String, Option<String>, Result<Extracted, Skip>) -> bool,
) {
    let (reader, wrong) = {
        let mut names = BTreeSet::new();
        let mut number = 0;
        let mut each = |id: Option<String>, read: Extracted| {
            number += 1;
            let id = id.filter(|id| !id.is_empty() && !id.contains(['#', '!', '/']));
            let mut name = id.unwrap_or_else(|| number.to_string());
            while !names.insert(name.clone()) {
                name.push_str("~2");
            }
            let member = format!("{path}#{name}");
            if read.text.is_empty() {
                take(member, Some(path.to_owned()), Err(Skip::new("a division without text")))
            } else {
                take(member, Some(path.to_owned()), Ok(read))
            }
        };
        let mut reader = Reader { each: Some(&mut each), goes_on: true, ..Reader::default() };
        let wrong = walk(text, &mut reader);
        let Reader { writer, header, .. } = reader;
        ((writer, header), wrong)
    };
    let (mut writer, header) = reader;
    if writer.has_text() {
        let mut rest = writer.take();
        rest.values = header.values(true);
        rest.problems = problems;
        rest.problems.extend(wrong.map(Problem::new));
        take(path.to_owned(), container, Ok(rest));
    } else if let Some(wrong) = wrong {
        take(path.to_owned(), container, Err(Skip { reason: wrong }));
    }
}

/// What the header says.
#[derive(Debug, Default)]
struct Header {
    /// Titles with their type.
    titles: Vec<(String, String)>,
    series: Option<String>,
    author: Option<String>,
    created: Option<String>,
    printed: Option<String>,
    /// When the file was published, and whether it renders an older source.
    published: Option<String>,
    has_source: bool,
    language: Option<String>,
}

impl Header {
    fn values(&self, whole: bool) -> Vec<Value> {
        let mut values = Vec::new();
        let mut add = |key, text: Option<&String>| {
            if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
                values.push(Value { key, text: text.trim().to_owned(), origin: Origin::Header });
            }
        };
        if whole {
            let best = |wanted: &str| self.titles.iter().find(|(kind, _)| kind == wanted);
            let title = ["complete", "main", ""].iter().find_map(|kind| best(kind));
            add(Key::Title, title.or(self.titles.first()).map(|(_, title)| title));
            add(Key::Speaker, self.author.as_ref());
            // The date of an edition is that of its document only where there is no older source.
            let published = self.published.as_ref().filter(|_| !self.has_source);
            add(Key::Date, self.created.as_ref().or(self.printed.as_ref()).or(published));
        }
        add(Key::Language, self.language.as_ref());
        add(Key::Collection, self.series.as_ref());
        values
    }
}

/// What an open element is to its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Inline,
    Block,
    Division,
    Document,
    Note,
    Cell,
    Quotation,
    Skipped,
    Header,
    Field,
}

/// A document of a volume that is open.
struct Open {
    id: Option<String>,
    /// Divisions around it.
    depth: usize,
    values: Vec<Value>,
    /// The writer of what lies around it.
    around: Writer,
}

type Each<'e> = &'e mut dyn FnMut(Option<String>, Extracted) -> bool;

#[derive(Default)]
struct Reader<'e> {
    writer: Writer,
    header: Header,
    each: Option<Each<'e>>,
    goes_on: bool,
    open: Option<Open>,
    roles: Vec<(Role, bool)>,
    kinds: Vec<BlockKind>,
    names: Vec<String>,
    line: String,
    /// Lines around the notes that are open, and the blocks they stand in.
    notes: Vec<(String, usize)>,
    /// Notes that wait for the end of their block.
    waiting: Vec<String>,
    depth: usize,
    skipped: usize,
    in_header: bool,
    /// The field of the header that is open: key and type.
    field: Option<(&'static str, String)>,
    in_dateline: usize,
    dated: Option<Value>,
    /// Where in the line the quotations that are open began, with the notes around them.
    quotations: Vec<(usize, usize)>,
}

impl Reader<'_> {
    /// Ends the block under construction.
    fn flush(&mut self) {
        if !self.notes.is_empty() {
            line_break(&mut self.line);
            return;
        }
        let line = std::mem::take(&mut self.line);
        // A quotation of several blocks has no place in a line.
        self.quotations.iter_mut().for_each(|(start, _)| *start = usize::MAX);
        let kind = self.kinds.last().copied().unwrap_or(BlockKind::Paragraph);
        self.writer.push(kind, &line);
        for note in std::mem::take(&mut self.waiting) {
            self.writer.note(&note);
        }
    }

    /// Whether a row of a table is open, and no note inside it.
    fn in_row(&self) -> bool {
        self.kinds.last() == Some(&BlockKind::Table)
    }

    /// A blank between words, where none is.
    fn blank(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with([' ', '\n', '\t']) {
            self.line.push(' ');
        }
    }

    /// Puts the marks around a quotation that the markup alone tells.
    fn close_quotation(&mut self) {
        let Some((start, notes)) = self.quotations.pop() else { return };
        if notes != self.notes.len() {
            return;
        }
        let Some((before, inside)) = self.line.split_at_checked(start) else { return };
        let inside = inside.trim_start();
        let start = self.line.len() - inside.len();
        let marked =
            before.trim_end().ends_with(is_quotation_mark) || inside.starts_with(is_quotation_mark);
        if inside.is_empty() || marked {
            return;
        }
        let end = self.line.trim_end().len();
        self.line.insert(end, '”');
        self.line.insert(start, '“');
    }

    fn inside(&self, name: &str) -> bool {
        self.names.iter().any(|open| open == name)
    }

    /// Level of a heading here.
    fn level(&self) -> u8 {
        let around = self.open.as_ref().map_or(0, |open| open.depth);
        u8::try_from(self.depth.saturating_sub(around).clamp(1, 6)).unwrap_or(6)
    }

    /// What the header's element is.
    fn header_role(&mut self, tag: &Tag<'_>) -> Role {
        let when = || tag.attribute("when");
        let kind = tag.attribute("type").unwrap_or_default();
        match tag.name {
            "title" if self.inside("titleStmt") => {
                let series = kind == "series" || tag.attribute("level").as_deref() == Some("s");
                self.field = Some((if series { "series" } else { "title" }, kind));
                self.line.clear();
                return Role::Field;
            }
            "author" if self.inside("titleStmt") => {
                self.field = Some(("author", kind));
                self.line.clear();
                return Role::Field;
            }
            "date" if kind == "created" || self.inside("creation") => {
                let when = when();
                self.header.created = self.header.created.take().or(when);
            }
            "date" if self.inside("sourceDesc") && self.header.printed.is_none() => {
                self.header.printed = when();
            }
            "date" if self.inside("publicationStmt") && self.header.published.is_none() => {
                self.header.published = when();
                if self.header.published.is_none() {
                    self.field = Some(("published", kind));
                    self.line.clear();
                    return Role::Field;
                }
            }
            "bibl" | "biblStruct" | "biblFull" | "msDesc" | "listBibl" | "recordingStmt"
                if self.inside("sourceDesc") =>
            {
                self.header.has_source = true;
            }
            "language" if self.header.language.is_none() => {
                self.header.language = tag.attribute("ident");
            }
            _ => {}
        }
        Role::Inline
    }

    fn close_field(&mut self) {
        let text = std::mem::take(&mut self.line).trim().to_owned();
        let Some((field, kind)) = self.field.take() else { return };
        if text.is_empty() {
            return;
        }
        match field {
            "title" => self.header.titles.push((kind, text)),
            "series" => self.header.series = Some(text),
            "published" => self.header.published = Some(text),
            _ => {
                self.header.author = Some(match self.header.author.take() {
                    Some(first) => format!("{first}; {text}"),
                    None => text,
                });
            }
        }
    }

    /// Opens a document of the volume.
    fn begin_document(&mut self, tag: &Tag<'_>) {
        self.flush();
        let mut values = self.header.values(false);
        let day = |name: &str| tag.attribute(name).filter(|text| text.is_ascii());
        let (first, last) = (day("doc-dateTime-min"), day("doc-dateTime-max"));
        if let (Some(first), Some(last)) = (first, last) {
            values.extend(common(&first, &last).map(|date| dated(date.to_owned())));
        }
        self.dated = None;
        self.open = Some(Open {
            id: tag.attribute("id").or_else(|| tag.attribute("n")),
            depth: self.depth,
            values,
            around: std::mem::take(&mut self.writer),
        });
    }

    fn end_document(&mut self) {
        self.flush();
        let Some(open) = self.open.take() else { return };
        let mut read = self.writer.take();
        self.writer = open.around;
        read.values = open.values;
        if read.values.iter().all(|value| value.key != Key::Date) {
            read.values.extend(self.dated.take());
        }
        if let Some(each) = self.each.as_mut() {
            self.goes_on = each(open.id, read);
        }
    }
}

/// Signs that open or close a quotation.
const fn is_quotation_mark(sign: char) -> bool {
    matches!(
        sign,
        '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | '‚' | '«' | '»' | '‹' | '›' | '「' | '『'
    )
}

fn dated(text: String) -> Value {
    Value { key: Key::Date, text, origin: Origin::Header }
}

/// What two times (`1969-01-20T00:00:00-05:00`) have in common: the day, the month or the year.
fn common<'t>(first: &'t str, last: &str) -> Option<&'t str> {
    [10, 7, 4].iter().find_map(|length| {
        let part = first.get(..*length)?;
        (last.get(..*length) == Some(part)).then_some(part)
    })
}

impl Handler for Reader<'_> {
    fn open(&mut self, tag: &Tag<'_>) {
        self.names.push(tag.name.to_owned());
        if self.skipped > 0 {
            self.skipped += 1;
            self.roles.push((Role::Skipped, false));
            return;
        }
        if self.in_header {
            let role = self.header_role(tag);
            self.roles.push((role, false));
            return;
        }
        let block = |kind| (Role::Block, Some(kind));
        let (role, kind) = match tag.name {
            "teiHeader" => {
                self.in_header = true;
                (Role::Header, None)
            }
            "div" | "div0" | "div1" | "div2" | "div3" | "div4" | "div5" | "div6" | "div7" => {
                let document = tag.attribute("type").as_deref() == Some("document");
                if document && self.each.is_some() && self.open.is_none() {
                    self.begin_document(tag);
                    (Role::Document, None)
                } else {
                    self.flush();
                    (Role::Division, None)
                }
            }
            "head" if self.inside("figure") => block(BlockKind::Caption),
            "head" if self.inside("table") => block(BlockKind::Caption),
            "head" if self.inside("list") => block(BlockKind::Paragraph),
            "head" => block(BlockKind::Heading(self.level())),
            "titlePart" | "docTitle" | "docAuthor" | "docDate" | "imprimatur" => {
                block(BlockKind::Paragraph)
            }
            "byline" => block(BlockKind::Byline),
            "dateline" => {
                self.in_dateline += 1;
                block(BlockKind::Date)
            }
            // A cell may hold paragraphs; they part no row.
            "p" | "ab" | "l" | "list" | "item" | "label" if self.in_row() => {
                self.blank();
                (Role::Inline, None)
            }
            "p" | "ab" | "l" | "lg" | "sp" | "opener" | "closer" | "salute" | "signed"
            | "postscript" | "argument" | "epigraph" | "trailer" | "address" | "addrLine"
            | "label" | "list" | "stage" | "speaker" | "entry" | "bibl" | "listBibl" => {
                block(BlockKind::Paragraph)
            }
            "item" => block(BlockKind::ListItem),
            "quote" if self.kinds.is_empty() => block(BlockKind::Quote),
            "cit" if self.kinds.is_empty() => block(BlockKind::Quote),
            "q" | "quote" | "soCalled" if !self.kinds.is_empty() => {
                self.quotations.push((self.line.len(), self.notes.len()));
                (Role::Quotation, None)
            }
            "row" => block(BlockKind::Table),
            "cell" => (Role::Cell, None),
            "figDesc" => block(BlockKind::Caption),
            "fw" => block(BlockKind::Page),
            "note" => {
                self.notes.push((std::mem::take(&mut self.line), self.kinds.len()));
                (Role::Note, None)
            }
            "lb" => {
                line_break(&mut self.line);
                (Role::Inline, None)
            }
            "pb" => {
                self.writer.page = tag.attribute("n").filter(|n| !n.is_empty());
                (Role::Inline, None)
            }
            // What the scribe struck out, and what an editor put in the place of another reading.
            "del" | "corr" | "reg" | "expan" | "facsimile" | "standOff" => {
                self.skipped = 1;
                (Role::Skipped, None)
            }
            "date" if self.in_dateline > 0 && self.dated.is_none() => {
                let day = tag.attribute("when").or_else(|| {
                    Some(common(&tag.attribute("from")?, &tag.attribute("to")?)?.to_owned())
                });
                self.dated = day.map(|day| match day.get(..10) {
                    // A time of day is more than a date wants.
                    Some(date) => dated(date.to_owned()),
                    None => dated(day),
                });
                (Role::Inline, None)
            }
            _ => (Role::Inline, None),
        };
        if matches!(tag.name, "corr" | "reg" | "expan")
            && self.names.iter().rev().nth(1).is_none_or(|around| around != "choice")
        {
            // Without another reading beside it, it is the text.
            self.skipped = 0;
            self.roles.push((Role::Inline, false));
            return;
        }
        if let Some(kind) = kind {
            self.flush();
            self.kinds.push(kind);
        }
        if matches!(role, Role::Division | Role::Document) {
            self.depth += 1;
        }
        self.roles.push((role, kind.is_some()));
    }

    fn close(&mut self, name: &str) {
        self.names.pop();
        let Some((role, block)) = self.roles.pop() else { return };
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match role {
            Role::Header => {
                self.in_header = false;
                self.line.clear();
            }
            Role::Field => self.close_field(),
            Role::Division => {
                self.flush();
                self.depth = self.depth.saturating_sub(1);
            }
            Role::Document => {
                self.depth = self.depth.saturating_sub(1);
                self.end_document();
            }
            Role::Note => {
                if let Some((around, blocks)) = self.notes.pop() {
                    let note = std::mem::replace(&mut self.line, around);
                    self.kinds.truncate(blocks);
                    self.waiting.push(note);
                    if self.kinds.is_empty() && self.line.trim().is_empty() {
                        self.flush();
                    }
                }
            }
            Role::Quotation => self.close_quotation(),
            Role::Cell => {
                while self.line.ends_with([' ', '\n']) {
                    self.line.pop();
                }
                if !self.line.is_empty() {
                    self.line.push('\t');
                }
            }
            _ => {}
        }
        if name == "dateline" {
            self.in_dateline = self.in_dateline.saturating_sub(1);
        }
        if block {
            self.flush();
            self.kinds.pop();
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped > 0 || self.in_header && self.field.is_none() {
            return;
        }
        let tab = self.line.ends_with('\t');
        if tab && text.trim().is_empty() {
            return;
        }
        fold(&mut self.line, if tab { text.trim_start() } else { text });
    }

    fn goes_on(&self) -> bool {
        self.each.is_none() || self.goes_on
    }
}
