//! What a reader of a format hands to `structure`.

use crate::document::{Origin, Problem, Span};

/// A file's content as text, with whatever its format says of layout and metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extracted {
    /// The text that all offsets count in. For UTF-8 plain text and Markdown it is the file itself,
    /// a byte-order mark included.
    pub text: String,
    /// Blocks in order, where the format marks them; `None` where only the layout of the lines
    /// tells (plain text). Text between blocks is white space or markup.
    pub blocks: Option<Vec<Block>>,
    /// What the format's own header says, in the order found.
    pub values: Vec<Value>,
    /// What a reader should know about how it was read.
    pub problems: Vec<Problem>,
}

#[cfg(any(feature = "office", feature = "mail"))]
impl Extracted {
    /// Adds another text below, with a blank line between; values that are known already stay.
    pub(super) fn append(&mut self, other: Self) {
        let Self { text, blocks, values, problems } = other;
        while !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        let by = self.text.len();
        self.text.push_str(&text);
        let moved = blocks.into_iter().flatten();
        let moved = moved.map(|block| Block { span: block.span.shifted(by), ..block });
        self.blocks.get_or_insert_default().extend(moved);
        for value in values {
            if self.values.iter().all(|known| known.key != value.key) {
                self.values.push(value);
            }
        }
        self.problems.extend(problems);
    }
}

/// A piece of layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Where it stands in the text, without markup around it where that can be told.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
    /// Page it starts on, as printed.
    pub page: Option<String>,
}

/// What the markup says a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading of this level, from 1.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// An item of a list (text).
    ListItem,
    /// A quotation set apart (text).
    Quote,
    /// A cell or row of a table.
    Table,
    /// Words under a picture.
    Caption,
    /// Menus, links, buttons.
    Navigation,
    /// Imprint and the like.
    Footer,
    /// Byline as marked.
    Byline,
    /// Date line as marked.
    Date,
    /// A footnote.
    Footnote,
    /// Page number, running head.
    Page,
}

/// One value that a format's header gives, such as an HTML meta tag or a line of front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What it is.
    pub key: Key,
    /// As written, trimmed.
    pub text: String,
    /// How far to trust it.
    pub origin: Origin,
}

/// The values that headers give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// Title.
    Title,
    /// Author or speaker.
    Speaker,
    /// Office of the author or speaker.
    Role,
    /// Country, by code or name.
    Country,
    /// Date.
    Date,
    /// Year that the source files the document under.
    Year,
    /// Language code.
    Language,
    /// Language of the original.
    OriginalLanguage,
    /// Collection.
    Collection,
    /// Type.
    Kind,
    /// Document symbol.
    Symbol,
}
