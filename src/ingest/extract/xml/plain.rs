//! XML of any vocabulary: elements with text of their own are paragraphs, elements within text are
//! words, elements called title or head are headings.

use super::walk::{Handler, Tag, walk};
use crate::document::Problem;
use crate::ingest::extract::Skip;
use crate::ingest::extract::block::{BlockKind, Extracted};
use crate::ingest::extract::writer::{Writer, fold};

/// Reads a file.
pub(super) fn read(text: &str) -> Result<Extracted, Skip> {
    let mut reader = Reader::default();
    let wrong = walk(text, &mut reader);
    reader.flush();
    let mut extracted = reader.writer.take();
    if extracted.text.is_empty() {
        return Err(Skip::new(match wrong {
            Some(wrong) => format!("an XML file that {wrong}"),
            None => "an XML file without text".to_owned(),
        }));
    }
    extracted.problems.extend(wrong.map(Problem::new));
    Ok(extracted)
}

/// An open element.
struct Element {
    /// Whether it stands within a line of words.
    inline: bool,
    heading: bool,
    /// Whether words stand in it directly.
    words: bool,
    /// Whether it has a heading, so that headings within are one level lower.
    headed: bool,
}

#[derive(Default)]
struct Reader {
    writer: Writer,
    open: Vec<Element>,
    line: String,
}

impl Reader {
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        let heading = self.open.iter().rev().find(|open| !open.inline).is_some_and(|o| o.heading);
        let kind = if heading && !line.trim().is_empty() {
            let level = self.open.iter().filter(|open| open.headed).count() + 1;
            if let Some(around) = self.open.iter_mut().rev().find(|open| !open.heading) {
                around.headed = true;
            }
            BlockKind::Heading(u8::try_from(level.clamp(1, 6)).unwrap_or(6))
        } else {
            BlockKind::Paragraph
        };
        self.writer.push(kind, &line);
    }
}

impl Handler for Reader {
    fn open(&mut self, tag: &Tag<'_>) {
        let inline =
            !self.line.trim().is_empty() && self.open.last().is_some_and(|open| open.words);
        if !inline {
            self.flush();
        }
        let name = tag.name.to_ascii_lowercase();
        let heading = matches!(name.as_str(), "title" | "head" | "heading" | "headline");
        self.open.push(Element {
            inline,
            heading: heading && !inline,
            words: inline,
            headed: false,
        });
    }

    fn close(&mut self, _name: &str) {
        let inline = self.open.last().is_some_and(|open| open.inline);
        if !inline {
            self.flush();
        }
        self.open.pop();
    }

    fn text(&mut self, text: &str) {
        if !text.trim().is_empty()
            && let Some(open) = self.open.last_mut()
        {
            open.words = true;
        }
        fold(&mut self.line, text);
    }
}
