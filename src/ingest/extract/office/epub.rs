//! E-books: the pages of the spine in their order, as one document.

use std::collections::BTreeMap;

use super::super::block::{BlockKind, Extracted, Key, Value};
use super::super::xml::{Handler, Tag, walk};
use super::super::{Skip, html};
use super::docx::Core;
use super::package::{Package, resolve};
use crate::document::{Origin, Problem};

/// Reads a file.
pub(in crate::ingest::extract) fn read(bytes: &[u8]) -> Result<Extracted, Skip> {
    let mut package = Package::open(bytes, "e-book (EPUB)")?;
    let lacks = |what: &str| Skip::new(format!("an e-book (EPUB) without its {what}"));
    let text = package.text("META-INF/container.xml")?.ok_or_else(|| lacks("container"))?;
    let mut container = Container::default();
    walk(&text, &mut container);
    let path = container.path.ok_or_else(|| lacks("package file"))?;
    let text = package.text(&path)?.ok_or_else(|| lacks("package file"))?;
    let mut book = Book::default();
    walk(&text, &mut book);
    let mut core = Core::default();
    walk(&text, &mut core);
    let mut extracted = Extracted { blocks: Some(Vec::new()), ..Extracted::default() };
    let mut add = |key, text: String| {
        extracted.values.push(Value { key, text, origin: Origin::Header });
    };
    for (key, text) in core.values {
        add(key, text);
    }
    if let Some(date) = book.published {
        add(Key::Date, date);
    }
    let encrypted =
        package.text("META-INF/encryption.xml")?.is_some_and(|text| text.contains("EncryptedData"));
    let mut missing = 0;
    for id in &book.spine {
        let Some(item) = book.items.get(id) else { continue };
        if !item.is_page {
            continue;
        }
        let Some(page) = package.text(&resolve(&path, &item.path))? else {
            missing += 1;
            continue;
        };
        let mut page = html::read(page);
        // What a page says of itself is said of the page.
        page.values.clear();
        if item.contents {
            for block in page.blocks.iter_mut().flatten() {
                block.kind = BlockKind::Navigation;
            }
        }
        extracted.append(page);
    }
    if missing > 0 {
        extracted.problems.push(Problem::new(format!("{missing} of its pages are missing")));
    }
    if extracted.text.trim().is_empty() {
        return Err(Skip::new(if encrypted {
            "an e-book (EPUB) that is encrypted"
        } else {
            "an e-book (EPUB) without text"
        }));
    }
    Ok(extracted)
}

/// Where the package file is.
#[derive(Default)]
struct Container {
    path: Option<String>,
}

impl Handler for Container {
    fn open(&mut self, tag: &Tag<'_>) {
        if tag.name == "rootfile" && self.path.is_none() {
            self.path = tag.attribute("full-path");
        }
    }
    fn close(&mut self, _name: &str) {}
    fn text(&mut self, _text: &str) {}
}

/// A file of the book.
struct Item {
    path: String,
    is_page: bool,
    /// Whether it is the table of contents.
    contents: bool,
}

/// Files and their order.
#[derive(Default)]
struct Book {
    items: BTreeMap<String, Item>,
    spine: Vec<String>,
    published: Option<String>,
    date: Option<String>,
}

impl Handler for Book {
    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name {
            "item" => {
                let kind = tag.attribute("media-type").unwrap_or_default();
                let properties = tag.attribute("properties").unwrap_or_default();
                let (Some(id), Some(path)) = (tag.attribute("id"), tag.attribute("href")) else {
                    return;
                };
                let item = Item {
                    path: decoded(&path),
                    is_page: kind.contains("html"),
                    contents: properties.split_whitespace().any(|word| word == "nav"),
                };
                self.items.insert(id, item);
            }
            "itemref" => self.spine.extend(tag.attribute("idref")),
            // Only what is said to be the date of the work: the file's own is no value.
            "date" => {
                let event = tag.attribute("event");
                self.date = event.is_some_and(|event| event != "modification").then(String::new);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if name == "date"
            && let Some(date) = self.date.take()
            && !date.trim().is_empty()
        {
            self.published.get_or_insert(date.trim().to_owned());
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(date) = &mut self.date {
            date.push_str(text);
        }
    }
}

/// A path without percent escapes.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).filter(|_| *first == b'%');
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
