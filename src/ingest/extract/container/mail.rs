//! Mail: a message is a document, its attachments are documents in it; a mailbox holds messages.
//!
//! The head of a message stands above its text as labelled lines, as in a cable.

use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders, PartType};

use super::{Content, Names, Opening, shown};
use crate::document::{Origin, Span};
use crate::ingest::extract::block::{Block, BlockKind, Extracted, Key, Value};
use crate::ingest::extract::{Skip, html};

/// Header lines that only mail has.
const OF_MAIL: &[&str] = &[
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "content-type",
    "delivered-to",
    "x-mailer",
    "dkim-signature",
];

/// How far the head of a message is looked at.
const HEAD: usize = 16 * 1024;

/// Whether the bytes open with a header that only mail has.
pub(super) fn is_message(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let (mut lines, mut known) = (0, false);
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if lines > 0 && line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
        let name = line.get(..colon).unwrap_or_default();
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        if name.is_empty() || !name.iter().all(is_name) {
            return false;
        }
        known |= OF_MAIL.iter().any(|of_mail| name.eq_ignore_ascii_case(of_mail.as_bytes()));
        lines += 1;
    }
    known && lines > 1
}

/// Whether the bytes open with the line that parts messages and the header of one.
pub(super) fn is_mailbox(bytes: &[u8]) -> bool {
    bytes.starts_with(b"From ")
        && bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .is_some_and(|end| is_message(bytes.get(end + 1..).unwrap_or_default()))
}

/// Hands on the messages of a mailbox.
pub(super) fn mailbox(bytes: &[u8], path: &str, depth: usize, opening: &mut Opening<'_>) {
    let mut number = 0;
    let mut start = None;
    let mut blank = true;
    let mut at = 0;
    while opening.goes_on && at <= bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
        let line = rest.get(..end).unwrap_or_default();
        let parts = blank && line.starts_with(b"From ");
        if parts || line.is_empty() {
            if let Some(start) = start {
                number += 1;
                let raw = unquoted(bytes.get(start..at).unwrap_or_default());
                let message_path = format!("{path}#{number}");
                let container = Some(path.to_owned());
                if let Err(skip) = message(&raw, &message_path, container.clone(), depth, opening) {
                    opening.give(message_path, container, Err(skip));
                }
            }
            start = Some(at + end);
        }
        if line.is_empty() {
            break;
        }
        blank = line == b"\n" || line == b"\r\n";
        at += end;
    }
}

/// A message without the signs that keep its lines from parting the mailbox: `>From `, `>>From `.
fn unquoted(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.trim_ascii_start();
        let marks = bare.iter().take_while(|byte| **byte == b'>').count();
        let quoted = marks > 0 && bare.get(marks..).is_some_and(|rest| rest.starts_with(b"From "));
        out.extend_from_slice(if quoted { line.get(1..).unwrap_or_default() } else { line });
    }
    out
}

/// Hands on a message and its attachments.
pub(super) fn message(
    bytes: &[u8],
    path: &str,
    container: Option<String>,
    depth: usize,
    opening: &mut Opening<'_>,
) -> Result<(), Skip> {
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| Skip::new("a mail message that cannot be read"))?;
    let content = match read(&message) {
        read if read.text.trim().is_empty() => Err(Skip::new("a mail message without text")),
        read => Ok(Content::Text(Box::new(read))),
    };
    opening.give(path.to_owned(), container, content);
    let mut names = Names::default();
    for (at, part) in message.attachments().enumerate() {
        if !opening.goes_on {
            break;
        }
        opening.count()?;
        let nested = matches!(part.body, PartType::Message(_));
        let name = part.attachment_name().map(shown).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| {
            if nested { format!("{}.eml", at + 1) } else { format!("attachment-{}", at + 1) }
        });
        let member = names.unique(format!("{path}!/{name}"));
        if opening.is_junk(&name, &member, path) {
            continue;
        }
        let contents = match &part.body {
            PartType::Message(inner) => inner.raw_message(),
            _ => part.contents(),
        };
        match opening.unpack(&mut &*contents)? {
            Ok(contents) => opening.member(member, path, contents, depth),
            Err(skip) => opening.give(member, Some(path.to_owned()), Err(skip)),
        }
    }
    Ok(())
}

/// Head and best body of a message.
fn read(message: &Message<'_>) -> Extracted {
    let mut extracted = Extracted::default();
    let mut head = Vec::new();
    let mut line = |label: &str, words: Option<String>| {
        if let Some(words) = words.filter(|words| !words.trim().is_empty()) {
            head.push(format!(
                "{label}: {}",
                words.split_whitespace().collect::<Vec<_>>().join(" ")
            ));
        }
    };
    line("From", message.from().map(|from| people(from, true)));
    line("To", message.to().map(|to| people(to, true)));
    line("Cc", message.cc().map(|cc| people(cc, true)));
    let date =
        message.date().map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day));
    line("Date", date.clone());
    line("Subject", message.subject().map(str::to_owned));
    let mut value = |key, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            extracted.values.push(Value { key, text, origin: Origin::Header });
        }
    };
    value(Key::Title, message.subject().map(str::to_owned));
    value(Key::Speaker, message.from().map(|from| people(from, false)));
    value(Key::Date, date);
    // Its head looks like that of a cable.
    value(Key::Kind, Some("letter".to_owned()));
    if let HeaderValue::Text(language) = message.content_language() {
        value(Key::Language, Some(language.to_string()));
    }
    let (plain, page) = bodies(message);
    // The plain text may only say that there is a page.
    let page_only = !page.is_empty() && plain.trim().len() * 4 < page.len() / 4;
    if !plain.trim().is_empty() && !page_only {
        extracted.text =
            format!("{}\n\n{}", head.join("\n"), plain.trim_start_matches(['\r', '\n']));
    } else if page.is_empty() {
        // A message of a head and attachments alone.
        extracted.text = head.join("\n");
    } else {
        let page = html::read(page);
        let mut blocks = Vec::new();
        for words in &head {
            let start = extracted.text.len();
            extracted.text.push_str(words);
            let span = Span::new(start, extracted.text.len());
            blocks.push(Block { span, kind: BlockKind::Paragraph, page: None });
            extracted.text.push('\n');
        }
        extracted.text.push('\n');
        extracted.blocks = Some(blocks);
        extracted.append(page);
    }
    extracted
}

/// All bodies in plain text, and all that are pages.
fn bodies(message: &Message<'_>) -> (String, String) {
    let (mut plain, mut page) = (String::new(), String::new());
    for part in message.text_bodies() {
        if let PartType::Text(text) = &part.body {
            if !plain.is_empty() {
                plain.push_str("\n\n");
            }
            plain.push_str(text);
        }
    }
    for part in message.html_bodies() {
        if let PartType::Html(text) = &part.body {
            page.push_str(text);
        }
    }
    (plain, page)
}

/// Names of people, with their addresses where asked for.
fn people(address: &Address<'_>, full: bool) -> String {
    let all: Vec<String> = address
        .iter()
        .filter_map(|person| match (person.name(), person.address()) {
            (Some(name), Some(address)) if full => Some(format!("{name} <{address}>")),
            (Some(name), _) => Some(name.to_owned()),
            (None, Some(address)) => Some(address.to_owned()),
            (None, None) => None,
        })
        .collect();
    all.join("; ")
}
