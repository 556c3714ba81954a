//! Rich Text: groups, control words, codepages, Unicode; headings by outline level or style.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::super::Skip;
use super::super::block::{BlockKind, Extracted, Key};
use super::super::writer::{Writer, fold, line_break};
use super::{Table, below_title, borne_out, push_with_notes};
use crate::document::Problem;

/// Groups within groups; what lies deeper is left out.
const DEEPEST: usize = 1_000;

/// Destinations that hold no text of the document.
const SKIPPED: &[&[u8]] = &[
    b"colortbl",
    b"pict",
    b"object",
    b"objdata",
    b"header",
    b"headerl",
    b"headerr",
    b"headerf",
    b"footer",
    b"footerl",
    b"footerr",
    b"footerf",
    b"annotation",
    b"atnid",
    b"atnauthor",
    b"atnref",
    b"atntime",
    b"atndate",
    b"fldinst",
    b"listtable",
    b"listoverridetable",
    b"revtbl",
    b"rsidtbl",
    b"generator",
    b"xmlnstbl",
    b"themedata",
    b"colorschememapping",
    b"latentstyles",
    b"datastore",
    b"template",
    b"filetbl",
    b"pgptbl",
    b"nonshppict",
    b"bkmkstart",
    b"bkmkend",
    b"tc",
    b"xe",
    b"listtext",
    b"pntext",
    b"ftnsep",
    b"ftnsepc",
    b"aftnsep",
    b"aftnsepc",
    b"background",
];

/// Reads a file.
pub(in crate::ingest::extract) fn read(bytes: &[u8]) -> Result<Extracted, Skip> {
    let mut reader = Reader { codepage: WINDOWS_1252, ..Reader::default() };
    reader.run(bytes);
    reader.end_paragraph();
    reader.end_table();
    let Reader { mut writer, title, properties, cut, .. } = reader;
    let mut extracted = writer.take();
    if extracted.text.is_empty() {
        return Err(Skip::new("a Rich Text file without text"));
    }
    if cut {
        extracted.problems.push(Problem::new("is cut off: groups are not closed"));
    }
    below_title(&mut extracted, title.as_deref());
    borne_out(&mut extracted, properties);
    Ok(extracted)
}

/// Where words go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Destination {
    #[default]
    Body,
    Note,
    Fonts,
    Styles,
    Property(Key),
    Information,
    Skipped,
}

/// What a group changes until it ends.
#[derive(Debug, Clone, Default)]
struct State {
    destination: Destination,
    /// Bytes that stand behind a Unicode sign for readers that know none.
    fallback: usize,
    font: i32,
    hidden: bool,
    deleted: bool,
}

struct Reader {
    writer: Writer,
    groups: Vec<State>,
    state: State,
    codepage: &'static Encoding,
    fonts: BTreeMap<i32, &'static Encoding>,
    font_now: i32,
    /// Styles by number: name so far and level of the outline.
    styles: BTreeMap<i32, (String, Option<u8>)>,
    style_now: i32,
    /// Bytes that are not decoded yet.
    pending: Vec<u8>,
    high: Option<u16>,
    skip: usize,
    words: String,
    note: String,
    waiting: Vec<String>,
    property: String,
    properties: Vec<(Key, String)>,
    style: i32,
    outline: Option<u8>,
    list: bool,
    in_table: bool,
    table: Option<Table>,
    title: Option<String>,
    star: bool,
    cut: bool,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            writer: Writer::default(),
            groups: Vec::new(),
            state: State { fallback: 1, ..State::default() },
            codepage: WINDOWS_1252,
            fonts: BTreeMap::new(),
            font_now: 0,
            styles: BTreeMap::new(),
            style_now: 0,
            pending: Vec::new(),
            high: None,
            skip: 0,
            words: String::new(),
            note: String::new(),
            waiting: Vec::new(),
            property: String::new(),
            properties: Vec::new(),
            style: 0,
            outline: None,
            list: false,
            in_table: false,
            table: None,
            title: None,
            star: false,
            cut: false,
        }
    }
}

impl Reader {
    fn run(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        let mut too_deep = 0_usize;
        while let [first, tail @ ..] = rest {
            rest = tail;
            match first {
                b'{' if self.groups.len() >= DEEPEST => too_deep += 1,
                b'}' if too_deep > 0 => too_deep -= 1,
                _ if too_deep > 0 => {}
                b'{' => {
                    self.decode();
                    self.groups.push(self.state.clone());
                    self.skip = 0;
                }
                b'}' => {
                    self.decode();
                    self.skip = 0;
                    let before = self.state.destination;
                    let Some(outer) = self.groups.pop() else { return };
                    self.state = outer;
                    self.leave(before);
                    if self.groups.is_empty() {
                        return;
                    }
                }
                b'\\' => rest = self.control(tail),
                b'\r' | b'\n' => {}
                byte if self.skip > 0 => {
                    let _ = byte;
                    self.skip -= 1;
                }
                byte => self.pending.push(*byte),
            }
        }
        self.decode();
        self.cut = true;
    }

    /// Reads a control word or sign; returns what follows it.
    fn control<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let letters = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters == 0 {
            return self.sign(bytes);
        }
        let (name, rest) = bytes.split_at(letters);
        let minus = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(minus).take_while(|byte| byte.is_ascii_digit()).count();
        let length = if digits > 0 { minus + digits } else { 0 };
        let (number, rest) = rest.split_at(length);
        let number = std::str::from_utf8(number).ok().and_then(|number| number.parse::<i64>().ok());
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        if name == b"bin" {
            let length = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            return rest.get(length..).unwrap_or_default();
        }
        if name != b"u" {
            self.decode();
        }
        let number = number.map(|number| i32::try_from(number).unwrap_or(0));
        self.word(name, number);
        rest
    }

    /// Reads a control sign: an escaped byte, a blank, a hyphen.
    fn sign<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let [first, rest @ ..] = bytes else { return bytes };
        match first {
            b'\'' => {
                let hex = rest.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
                let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
                if self.skip > 0 {
                    self.skip -= 1;
                } else if let Some(byte) = byte {
                    self.pending.push(byte);
                }
                return rest.get(2..).unwrap_or_default();
            }
            b'*' => self.star = true,
            b'~' => self.put("\u{a0}"),
            b'_' => self.put("\u{2011}"),
            b'-' => {}
            b'\r' | b'\n' => self.word(b"par", None),
            b'\\' | b'{' | b'}' => self.pending.push(*first),
            _ => {}
        }
        rest
    }

    /// Obeys a control word.
    fn word(&mut self, name: &[u8], number: Option<i32>) {
        let star = std::mem::take(&mut self.star);
        let on = number != Some(0);
        // What is left out says nothing of the paragraph around it.
        if self.state.destination == Destination::Skipped {
            return;
        }
        if SKIPPED.contains(&name) {
            self.state.destination = Destination::Skipped;
            return;
        }
        let body = matches!(self.state.destination, Destination::Body | Destination::Note);
        match name {
            b"fonttbl" => self.state.destination = Destination::Fonts,
            b"stylesheet" => self.state.destination = Destination::Styles,
            b"info" => self.state.destination = Destination::Information,
            b"title" if self.state.destination == Destination::Information => {
                self.state.destination = Destination::Property(Key::Title);
            }
            b"author" if self.state.destination == Destination::Information => {
                self.state.destination = Destination::Property(Key::Speaker);
            }
            b"footnote" if body => {
                self.state.destination = Destination::Note;
                self.note.clear();
            }
            b"ansicpg" => {
                if let Some(encoding) = number.and_then(codepage) {
                    self.codepage = encoding;
                }
            }
            b"uc" => self.state.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8),
            b"u" => {
                self.decode();
                // Signs above 32767 are written as negative numbers.
                let unit = number.unwrap_or(0) & 0xffff;
                self.unicode(u16::try_from(unit).unwrap_or(0xfffd));
                self.skip = self.state.fallback;
            }
            b"f" if self.state.destination == Destination::Fonts => {
                self.font_now = number.unwrap_or(0);
            }
            b"f" => self.state.font = number.unwrap_or(0),
            b"fcharset" => {
                if let Some(encoding) = number.and_then(charset) {
                    self.fonts.insert(self.font_now, encoding);
                }
            }
            b"v" => self.state.hidden = on,
            b"deleted" => self.state.deleted = on,
            b"plain" => {
                self.state.hidden = false;
                self.state.deleted = false;
            }
            b"s" if self.state.destination == Destination::Styles => {
                self.style_now = number.unwrap_or(0);
                self.styles.entry(self.style_now).or_default();
            }
            b"outlinelevel" => {
                let level = number.and_then(|level| u8::try_from(level).ok());
                let level = level.filter(|level| *level < 9).map(|level| level + 1);
                if self.state.destination == Destination::Styles {
                    self.styles.entry(self.style_now).or_default().1 = level;
                } else {
                    self.outline = level;
                }
            }
            b"s" if body => self.style = number.unwrap_or(0),
            b"pard" => {
                self.style = 0;
                self.outline = None;
                self.list = false;
                self.in_table = false;
            }
            b"ls" if body => self.list = true,
            b"intbl" => self.in_table = true,
            b"par" | b"sect" | b"page" if self.state.destination == Destination::Note => {
                line_break(&mut self.note);
            }
            b"par" | b"sect" | b"page" if body => self.end_paragraph(),
            b"cell" | b"nestcell" if body => {
                self.in_table = true;
                self.end_paragraph();
                self.table.get_or_insert_default().cell();
            }
            b"row" | b"nestrow" if body => {
                let table = self.table.get_or_insert_default();
                table.row();
                self.in_table = true;
            }
            b"trowd" if body && self.table.is_none() => {
                let mut table = Table::default();
                table.cell();
                self.table = Some(table);
            }
            b"line" => self.put("\n"),
            b"tab" => self.put(" "),
            b"emdash" => self.put("\u{2014}"),
            b"endash" => self.put("\u{2013}"),
            b"emspace" | b"enspace" | b"qmspace" => self.put(" "),
            b"bullet" => self.put("\u{2022}"),
            b"lquote" => self.put("\u{2018}"),
            b"rquote" => self.put("\u{2019}"),
            b"ldblquote" => self.put("\u{201c}"),
            b"rdblquote" => self.put("\u{201d}"),
            // A destination that is not known and may be passed over.
            _ if star => self.state.destination = Destination::Skipped,
            _ => {}
        }
    }

    /// A destination ends.
    fn leave(&mut self, before: Destination) {
        let now = self.state.destination;
        match before {
            Destination::Note if now != Destination::Note => {
                self.waiting.push(std::mem::take(&mut self.note).trim().to_owned());
            }
            Destination::Property(key) if now != before => {
                let text = std::mem::take(&mut self.property).trim().to_owned();
                self.properties.push((key, text));
            }
            _ => {}
        }
    }

    /// Adds a unit of UTF-16.
    fn unicode(&mut self, unit: u16) {
        let units: Vec<u16> = self.high.take().into_iter().chain([unit]).collect();
        if (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
            return;
        }
        let text: String =
            char::decode_utf16(units).map(|sign| sign.unwrap_or('\u{fffd}')).collect();
        self.put(&text);
    }

    /// Decodes the bytes that wait.
    fn decode(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let encoding = self.fonts.get(&self.state.font).copied().unwrap_or(self.codepage);
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        if self.state.hidden || self.state.deleted {
            return;
        }
        let line = match self.state.destination {
            Destination::Body => &mut self.words,
            Destination::Note => &mut self.note,
            Destination::Property(_) => &mut self.property,
            Destination::Styles => {
                self.styles.entry(self.style_now).or_default().0.push_str(text);
                return;
            }
            _ => return,
        };
        if text == "\n" {
            line_break(line);
        } else {
            fold(line, text);
        }
    }

    /// Ends the paragraph under construction.
    fn end_paragraph(&mut self) {
        let words = std::mem::take(&mut self.words);
        if !self.in_table {
            self.end_table();
        }
        let (name, level) = self.styles.get(&self.style).cloned().unwrap_or_default();
        let name = name.trim().trim_end_matches(';').to_lowercase();
        let title = name == "title" && self.style != 0;
        let named = name.strip_prefix("heading ").and_then(|level| level.trim().parse::<u8>().ok());
        let level = self.outline.or(level).or(named).filter(|level| *level > 0);
        let kind = match level {
            _ if title => BlockKind::Heading(1),
            Some(level) => BlockKind::Heading(level),
            None if name.starts_with("toc ") => BlockKind::Navigation,
            None if name == "caption" => BlockKind::Caption,
            None if self.list => BlockKind::ListItem,
            None => BlockKind::Paragraph,
        };
        if title && self.title.is_none() && !words.trim().is_empty() {
            self.title = Some(words.trim().to_owned());
        }
        match &mut self.table {
            Some(table) if self.in_table => {
                if !words.trim().is_empty() {
                    table.paragraph(kind, words.trim().to_owned());
                }
            }
            _ => push_with_notes(&mut self.writer, kind, &words, &mut self.waiting),
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else { return };
        let (writer, waiting) = (&mut self.writer, &mut self.waiting);
        table.write(&mut |kind, words| push_with_notes(writer, kind, &words, waiting));
    }
}

/// The encoding of a Windows codepage.
fn codepage(number: i32) -> Option<&'static Encoding> {
    let label = match number {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10000 => "macintosh".to_owned(),
        65001 => "utf-8".to_owned(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes())
}

/// The encoding of a font's character set.
fn charset(number: i32) -> Option<&'static Encoding> {
    codepage(match number {
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}
