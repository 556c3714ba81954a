//! What a child process and its parent say to each other: a file one way, its text the other.
//!
//! Each message is its length in 8 bytes, then the bytes. A file is answered by one JSON object.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::{Here, PdfText};
use crate::document::{Origin, Problem, Span};
use crate::ingest::extract::Skip;
use crate::ingest::extract::block::{Block, BlockKind, Extracted, Key, Value};

/// A longer message is none.
const LONGEST: u64 = 1 << 31;

/// The text of a file, or why there is none.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    reason: Option<String>,
    text: String,
    /// Start, end, kind, level, page.
    blocks: Vec<(usize, usize, char, u8, Option<String>)>,
    values: Vec<(char, String)>,
    problems: Vec<String>,
}

impl Answer {
    fn of(read: Result<Extracted, Skip>) -> Self {
        let (extracted, reason) = match read {
            Ok(extracted) => (extracted, None),
            Err(skip) => (Extracted::default(), Some(skip.reason)),
        };
        let blocks = extracted.blocks.into_iter().flatten().map(|block| {
            let (kind, level) = letter(block.kind);
            (block.span.start, block.span.end, kind, level, block.page)
        });
        let values = extracted.values.into_iter().filter_map(|value| {
            let key = match value.key {
                Key::Title => 't',
                Key::Speaker => 's',
                Key::Language => 'l',
                _ => return None,
            };
            Some((key, value.text))
        });
        Self {
            reason,
            blocks: blocks.collect(),
            values: values.collect(),
            problems: extracted.problems.into_iter().map(|problem| problem.message).collect(),
            text: extracted.text,
        }
    }

    pub(super) fn into_read(self) -> Result<Extracted, Skip> {
        if let Some(reason) = self.reason {
            return Err(Skip { reason });
        }
        let blocks = self.blocks.into_iter().map(|(start, end, kind, level, page)| Block {
            span: Span::new(start, end),
            kind: kind_of(kind, level),
            page,
        });
        let values = self.values.into_iter().filter_map(|(key, text)| {
            let key = match key {
                't' => Key::Title,
                's' => Key::Speaker,
                'l' => Key::Language,
                _ => return None,
            };
            Some(Value { key, text, origin: Origin::Header })
        });
        Ok(Extracted {
            blocks: Some(blocks.collect()),
            values: values.collect(),
            problems: self.problems.into_iter().map(Problem::new).collect(),
            text: self.text,
        })
    }
}

/// The kinds that a PDF file has, as letters.
const fn letter(kind: BlockKind) -> (char, u8) {
    match kind {
        BlockKind::Heading(level) => ('h', level),
        BlockKind::ListItem => ('i', 0),
        BlockKind::Quote => ('q', 0),
        BlockKind::Table => ('t', 0),
        BlockKind::Footnote => ('f', 0),
        BlockKind::Page => ('n', 0),
        _ => ('p', 0),
    }
}

const fn kind_of(letter: char, level: u8) -> BlockKind {
    match letter {
        'h' => BlockKind::Heading(level),
        'i' => BlockKind::ListItem,
        'q' => BlockKind::Quote,
        't' => BlockKind::Table,
        'f' => BlockKind::Footnote,
        'n' => BlockKind::Page,
        _ => BlockKind::Paragraph,
    }
}

/// Sends a message.
pub(super) fn send(to: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(&(bytes.len() as u64).to_le_bytes())?;
    to.write_all(bytes)?;
    to.flush()
}

/// Receives a message; `None` when the other side has ended.
pub(super) fn receive(from: &mut dyn Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    if let Err(error) = from.read_exact(&mut length) {
        return if error.kind() == io::ErrorKind::UnexpectedEof { Ok(None) } else { Err(error) };
    }
    let length = u64::from_le_bytes(length);
    if length > LONGEST {
        return Err(io::Error::other("a message that is too long"));
    }
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(Some(bytes)) } else { Ok(None) }
}

/// What the child process does: reads files from `from` and answers on `to`, until there are no more.
/// It takes no more than `memory` bytes.
///
/// # Errors
///
/// When the other side cannot be read or written.
pub fn serve(from: &mut dyn Read, to: &mut dyn Write, memory: u64) -> io::Result<()> {
    #[cfg(unix)]
    rlimit::setrlimit(rlimit::Resource::AS, memory, memory)?;
    #[cfg(not(unix))]
    let _ = memory;
    while let Some(bytes) = receive(from)? {
        let answer = Answer::of(Here.read(bytes));
        send(to, &serde_json::to_vec(&answer)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_back_as_it_was() {
        let mut writer = crate::ingest::extract::writer::Writer::default();
        writer.page = Some("iv".to_owned());
        for kind in [
            BlockKind::Heading(2),
            BlockKind::Paragraph,
            BlockKind::ListItem,
            BlockKind::Quote,
            BlockKind::Table,
            BlockKind::Footnote,
            BlockKind::Page,
        ] {
            writer.push(kind, "words");
        }
        let mut extracted = writer.take();
        extracted.problems.push(Problem::new("one"));
        let value = Value { key: Key::Title, text: "t".to_owned(), origin: Origin::Header };
        extracted.values.push(value);
        assert_eq!(Answer::of(Ok(extracted.clone())).into_read(), Ok(extracted));
        let skip = Skip::new("damaged");
        assert_eq!(Answer::of(Err(skip.clone())).into_read(), Err(skip));
    }
}
