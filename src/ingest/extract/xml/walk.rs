//! A walk through XML: elements open and close, text lies between.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements within elements; what lies deeper is read as if its tags were not there.
const DEEPEST: usize = 200_000;
/// Attributes of an element that are looked at.
const MOST_ATTRIBUTES: usize = 256;

/// An element that opens.
pub(in crate::ingest::extract) struct Tag<'a> {
    /// Its name without prefix.
    pub(in crate::ingest::extract) name: &'a str,
    start: &'a BytesStart<'a>,
}

impl Tag<'_> {
    /// The value of an attribute by its name without prefix.
    pub(in crate::ingest::extract) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        attributes.with_checks(false);
        attributes.take(MOST_ATTRIBUTES).filter_map(Result::ok).find_map(|attribute| {
            if attribute.key.local_name().into_inner() != name {
                return None;
            }
            let raw: &str = &attribute.value;
            Some(quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), Cow::into_owned))
        })
    }
}

/// What is told of a walk.
pub(in crate::ingest::extract) trait Handler {
    /// An element opens.
    fn open(&mut self, tag: &Tag<'_>);
    /// The element of this name closes.
    fn close(&mut self, name: &str);
    /// Text, with its entities resolved.
    fn text(&mut self, text: &str);
    /// Whether the walk goes on.
    fn goes_on(&self) -> bool {
        true
    }
}

/// Walks through `text` as far as it is well-formed; then says what is wrong with the rest.
/// Every element that opens closes, also where its end is missing.
pub(in crate::ingest::extract) fn walk(text: &str, handler: &mut dyn Handler) -> Option<String> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    let mut open: Vec<String> = Vec::new();
    let mut unknown = false;
    let mut wrong = None;
    while handler.goes_on() {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = start.local_name();
                let name = name.into_inner();
                if open.len() < DEEPEST {
                    handler.open(&Tag { name, start: &start });
                }
                open.push(name.to_owned());
            }
            Ok(Event::Empty(start)) => {
                if open.len() < DEEPEST {
                    let name = start.local_name();
                    let name = name.into_inner();
                    handler.open(&Tag { name, start: &start });
                    handler.close(name);
                }
            }
            Ok(Event::End(end)) => {
                let name = end.local_name();
                let name = name.into_inner();
                // An end without a start is passed over; one that closes more than its own closes all.
                let near = open.len().saturating_sub(64);
                let found = open.iter().skip(near).rposition(|other| other == name);
                if let Some(at) = found.map(|at| at + near) {
                    while open.len() > at {
                        let Some(name) = open.pop() else { break };
                        if open.len() < DEEPEST {
                            handler.close(&name);
                        }
                    }
                }
            }
            Ok(Event::Text(words)) => handler.text(&words.xml10_content()),
            Ok(Event::CData(words)) => handler.text(&words.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let name: &str = &reference;
                match reference.resolve_char_ref() {
                    Ok(Some(sign)) => handler.text(sign.encode_utf8(&mut [0; 4])),
                    Ok(None) => match quick_xml::escape::resolve_predefined_entity(name) {
                        Some(sign) => handler.text(sign),
                        None => {
                            unknown = true;
                            handler.text(&format!("&{name};"));
                        }
                    },
                    Err(_) => handler.text("\u{fffd}"),
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                wrong = Some(format!(
                    "is no well-formed XML behind byte {}: {error}",
                    reader.error_position()
                ));
                break;
            }
        }
    }
    let cut = !open.is_empty() && wrong.is_none() && handler.goes_on();
    while let Some(name) = open.pop() {
        if open.len() < DEEPEST {
            handler.close(&name);
        }
    }
    if cut {
        wrong = Some("is cut off: elements are not closed".to_owned());
    }
    wrong.or_else(|| {
        unknown.then(|| "has entities that are not known; they stand as written".to_owned())
    })
}
