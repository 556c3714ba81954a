//! How a document is laid out: sections, paragraphs, passages, furniture.

use super::{PassageId, Span, Tags};

/// What makes a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionKind {
    /// What stands before the first heading of a document with headings.
    Front,
    /// What stands under a heading.
    Heading,
    /// A speaker's turn.
    Turn,
    /// The whole of a document without headings.
    None,
}

impl SectionKind {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Heading => "heading",
            Self::Turn => "turn",
            Self::None => "none",
        }
    }
}

/// What part a section plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionRole {
    /// Preamble of a treaty or resolution.
    Preamble,
    /// Opening of an article or report.
    Introduction,
    /// Salutation and congratulations.
    Greeting,
    /// Closing.
    Conclusion,
    /// Annex or appendix.
    Annex,
    /// Signatures.
    Signature,
    /// Questions and answers.
    Questions,
    /// Notes and references.
    Notes,
    /// Table of contents.
    Contents,
}

impl SectionRole {
    /// All roles, in the order of their names in the code.
    pub const ALL: [Self; 9] = [
        Self::Preamble,
        Self::Introduction,
        Self::Greeting,
        Self::Conclusion,
        Self::Annex,
        Self::Signature,
        Self::Questions,
        Self::Notes,
        Self::Contents,
    ];

    /// The role of a name in JSON.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preamble => "preamble",
            Self::Introduction => "introduction",
            Self::Greeting => "greeting",
            Self::Conclusion => "conclusion",
            Self::Annex => "annex",
            Self::Signature => "signature",
            Self::Questions => "questions",
            Self::Notes => "notes",
            Self::Contents => "contents",
        }
    }
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Place in the document, from 1.
    pub ordinal: usize,
    /// Heading, white space folded, without markup; the label of a turn; `None` for front and none.
    pub title: Option<String>,
    /// Where the heading stands; `None` for front and none.
    pub heading: Option<Span>,
    /// Headings from the outermost to this one; `["(front)"]` or `["(none)"]` without one.
    pub path: Vec<String>,
    /// What makes it a section.
    pub kind: SectionKind,
    /// What part it plays, when known.
    pub role: Option<SectionRole>,
    /// Depth, from 1; 0 for front and none.
    pub level: u8,
    /// Line of the heading (or of the first paragraph), from 1.
    pub line: usize,
    /// From the heading's first byte to the next heading of any level, or the end.
    pub span: Span,
    /// Who speaks in a turn.
    pub speaker: Option<String>,
    /// Whom that speaker represents, as the label says it.
    pub represents: Option<String>,
    /// Regions, countries and topics of the section.
    pub tags: Tags,
}

/// What a piece of furniture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FurnitureKind {
    /// Title of the document.
    Title,
    /// Who wrote or spoke it.
    Byline,
    /// A line with the date.
    Date,
    /// Words under a picture.
    Caption,
    /// Menus, links to other pages, share buttons.
    Navigation,
    /// What closes every page: imprint, "back to contents".
    Footer,
    /// Page numbers, job numbers, running heads.
    Page,
    /// A list that is no text: contents, participants.
    List,
    /// A table of figures.
    Table,
    /// A footnote.
    Footnote,
}

impl FurnitureKind {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Byline => "byline",
            Self::Date => "date",
            Self::Caption => "caption",
            Self::Navigation => "navigation",
            Self::Footer => "footer",
            Self::Page => "page",
            Self::List => "list",
            Self::Table => "table",
            Self::Footnote => "footnote",
        }
    }
}

/// Text that is not running text, kept with its place.
///
/// Rows of tables and notes are passages of their own kind ([`PassageKind`]); all other furniture is in
/// no passage. [`FurnitureKind::Page`] is transparent: a sentence and its word positions run on over it.
/// All other kinds end a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Furniture {
    /// What it is.
    pub kind: FurnitureKind,
    /// Line it starts on, from 1.
    pub line: usize,
    /// Where it stands.
    pub span: Span,
}

/// What a passage is: running text, or what stands beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PassageKind {
    /// Running text.
    #[default]
    Text,
    /// Rows of a table.
    Table,
    /// Footnotes and endnotes.
    Note,
}

impl PassageKind {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Table => "table",
            Self::Note => "note",
        }
    }
}

/// A paragraph of body text. Lines are not paragraphs: layout decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// From its first letter to its last sign, without the white space around.
    pub span: Span,
    /// Page furniture inside, in order.
    pub holes: Vec<Span>,
    /// Index into the document's sections.
    pub section: usize,
    /// Number printed before it, without its sign: `12` of `12.`; the number itself lies outside
    /// `span` when it is a label of the layout.
    pub number: Option<String>,
    /// Running text, a row of a table or a note.
    pub kind: PassageKind,
    /// Line it starts on, from 1.
    pub line: usize,
    /// Page it starts on, as printed, for formats with pages.
    pub page: Option<String>,
}

/// The unit that is indexed, ranked and returned: whole sentences within one section.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Place in the document, from 1.
    pub ordinal: usize,
    /// Stays when something earlier in the file changes.
    pub id: PassageId,
    /// Index into the document's sections.
    pub section: usize,
    /// Running text, rows of a table or notes; one passage holds one kind.
    pub kind: PassageKind,
    /// Where it stands.
    pub span: Span,
    /// Page furniture inside, in order: in no sentence, snippet or token.
    pub holes: Vec<Span>,
    /// Sentences in order; the last may end before the passage does only by white space. A sentence
    /// that starts a paragraph is marked.
    pub sentences: Vec<Sentence>,
    /// Printed number of its first paragraph.
    pub paragraph: Option<String>,
    /// Page it starts on, as printed.
    pub page: Option<String>,
    /// Who speaks, when it differs from the document's speaker.
    pub speaker: Option<String>,
    /// Code of the country whom that speaker represents, where the turn names one.
    pub country: Option<String>,
    /// Regions, countries and topics.
    pub tags: Tags,
}

/// A sentence of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands.
    pub span: Span,
    /// Whether a paragraph starts with it.
    pub opens_paragraph: bool,
}
