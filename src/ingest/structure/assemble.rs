//! From judged blocks to the finished [`Structure`].

use crate::document::{
    Furniture, FurnitureKind, Paragraph, PassageKind, Section, SectionKind, Span, Tags,
};
use crate::ingest::extract::block::Block as Marked;

use super::blocks::{Block, Kind, clean};
use super::head::Head;
use super::outline::{Found, Structure};
use super::{cues, numbers, roles, turns};

/// Builds the structure. `marked` are the blocks of the markup, for the pages they stand on.
pub(super) fn assemble(text: &str, blocks: Vec<Block>, head: Head, marked: &[Marked]) -> Structure {
    let mut structure = Structure {
        title: head.title,
        author: head.author,
        role: head.role,
        date: head.date,
        labels: head.labels,
        ..Structure::default()
    };
    let sectioned = blocks.iter().any(|block| matches!(block.kind, Kind::Heading | Kind::Turn));
    let mut outline = Outline { sectioned, ..Outline::default() };
    for block in blocks {
        match block.kind {
            Kind::Furniture(kind) => {
                structure.furniture.push(Furniture { kind, line: block.line, span: block.span });
                if let Some(kind) = searched(kind)
                    && block.of(text).chars().any(char::is_alphanumeric)
                {
                    let section = outline.current(&block);
                    let beside = Paragraph { kind, ..paragraph(text, block, section, marked) };
                    structure.paragraphs.push(beside);
                }
            }
            Kind::Heading | Kind::Turn => {
                for hole in &block.holes {
                    structure.furniture.push(page(*hole, block.line));
                }
                outline.open(text, &block);
            }
            Kind::Body => {
                for hole in &block.holes {
                    structure.furniture.push(page(*hole, block.line));
                }
                let section = outline.current(&block);
                structure.paragraphs.push(paragraph(text, block, section, marked));
            }
        }
    }
    structure.sections = outline.close(text.len());
    roles::set(text, &mut structure);
    if structure.represents.is_none() {
        structure.represents = represents(text, &structure);
    }
    structure
}

/// What is found although it is no running text.
const fn searched(kind: FurnitureKind) -> Option<PassageKind> {
    match kind {
        FurnitureKind::Table => Some(PassageKind::Table),
        FurnitureKind::Footnote => Some(PassageKind::Note),
        _ => None,
    }
}

/// Page furniture inside a block; its line is that of the block.
fn page(span: Span, line: usize) -> Furniture {
    Furniture { kind: FurnitureKind::Page, line, span }
}

/// Whom the byline says its speaker represents.
fn represents(text: &str, structure: &Structure) -> Option<Found> {
    let byline =
        structure.furniture.iter().find(|furniture| furniture.kind == FurnitureKind::Byline)?;
    let words = byline.span.of(text);
    if !words.trim_end_matches(['*', '_']).ends_with([':', ')']) {
        return None;
    }
    let country = turns::speaker(words).represents?;
    if cues::is_role(&country) {
        return None;
    }
    Some(Found { text: country, span: byline.span })
}

/// A paragraph of a body block; a printed number stays outside.
fn paragraph(text: &str, block: Block, section: usize, marked: &[Marked]) -> Paragraph {
    let label = usize::from(block.label);
    let number = (label > 0)
        .then(|| numbers::label(block.of(text)))
        .flatten()
        .and_then(|label| block.of(text).get(..label.digits))
        .map(str::to_owned);
    let page =
        block.source.and_then(|source| marked.get(source)).and_then(|marked| marked.page.clone());
    Paragraph {
        span: Span::new(block.span.start + label, block.span.end),
        holes: block.holes,
        section,
        number,
        kind: PassageKind::Text,
        line: block.line,
        page,
    }
}

/// Sections under construction.
#[derive(Debug, Default)]
struct Outline {
    sections: Vec<Section>,
    /// Headings that are open, outermost first.
    path: Vec<(u8, String)>,
    /// Whether the document has headings or turns.
    sectioned: bool,
}

impl Outline {
    /// Opens the section of a heading or turn.
    fn open(&mut self, text: &str, block: &Block) {
        let words = block.of(text);
        let title = clean(words);
        let turn = block.kind == Kind::Turn;
        // A turn lies under the heading before it, not under the turn before it.
        let level = if turn {
            self.path.retain(|(level, _)| *level < TURN);
            TURN
        } else {
            let level = block.level.clamp(1, TURN - 1);
            self.path.retain(|(open, _)| *open < level);
            level
        };
        let title = if turn { title.trim_end_matches([':', ' ', '*']).to_owned() } else { title };
        let depth = u8::try_from(self.path.len() + 1).unwrap_or(u8::MAX);
        self.path.push((level, title.clone()));
        let speaker = turn.then(|| turns::speaker(words));
        let section = Section {
            ordinal: self.sections.len() + 1,
            title: Some(title),
            heading: Some(block.span),
            path: self.path.iter().map(|(_, title)| title.clone()).collect(),
            kind: if turn { SectionKind::Turn } else { SectionKind::Heading },
            role: None,
            level: depth,
            line: block.line,
            span: block.span,
            speaker: speaker.as_ref().map(|speaker| speaker.name.clone()),
            represents: speaker.and_then(|speaker| speaker.represents),
            tags: Tags::default(),
        };
        self.sections.push(section);
    }

    /// Index of the section that `block` lies in; makes the one without a heading.
    fn current(&mut self, block: &Block) -> usize {
        if self.sections.is_empty() {
            let (kind, name) = if self.sectioned {
                (SectionKind::Front, "(front)")
            } else {
                (SectionKind::None, "(none)")
            };
            self.sections.push(Section {
                ordinal: 1,
                title: None,
                heading: None,
                path: vec![name.to_owned()],
                kind,
                role: None,
                level: 0,
                line: block.line,
                span: Span::new(0, block.span.end),
                speaker: None,
                represents: None,
                tags: Tags::default(),
            });
        }
        self.sections.len() - 1
    }

    /// Ends every section where the next begins.
    fn close(mut self, end: usize) -> Vec<Section> {
        let mut next = end;
        for section in self.sections.iter_mut().rev() {
            section.span = Span::new(section.span.start, next);
            next = section.span.start;
        }
        self.sections
    }
}

/// Turns lie below every level of headings.
const TURN: u8 = 100;
