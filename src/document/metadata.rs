//! What a document says of itself, each value with where it was found.

use std::fmt;

use super::{Date, Language};

/// Where a value was found, most trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A table or outline that the reader keeps beside the documents.
    Sidecar,
    /// `chancery.toml`.
    Configuration,
    /// The front matter of a Markdown file.
    FrontMatter,
    /// A structured header: HTML meta, TEI, Dublin Core, document properties.
    Header,
    /// The text, mostly its head.
    Text,
    /// The file's name.
    FileName,
    /// The name of a folder above the file.
    Folder,
}

impl Origin {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sidecar => "sidecar",
            Self::Configuration => "configuration",
            Self::FrontMatter => "front-matter",
            Self::Header => "header",
            Self::Text => "text",
            Self::FileName => "file-name",
            Self::Folder => "folder",
        }
    }
}

impl Origin {
    /// All origins, most trusted first.
    pub const ALL: [Self; 7] = [
        Self::Sidecar,
        Self::Configuration,
        Self::FrontMatter,
        Self::Header,
        Self::Text,
        Self::FileName,
        Self::Folder,
    ];
}

/// How sure a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Confidence {
    /// The source says it.
    #[default]
    Certain,
    /// The form of the document suggests it.
    Likely,
}

impl Confidence {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
        }
    }
}

/// A value, where it was found and how sure it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it was found.
    pub origin: Origin,
    /// How sure it is.
    pub confidence: Confidence,
}

impl<T> Sourced<T> {
    /// Joins a value that the source says with its origin.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin, confidence: Confidence::Certain }
    }

    /// Joins a value that the form of the document suggests with its origin.
    pub const fn likely(value: T, origin: Origin) -> Self {
        Self { value, origin, confidence: Confidence::Likely }
    }
}

/// The sort of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentType {
    /// A speech or statement.
    Statement,
    /// A verbatim record with speaker turns.
    Verbatim,
    /// A record told in the third person.
    SummaryRecord,
    /// A resolution.
    Resolution,
    /// A treaty, convention or agreement.
    Treaty,
    /// A joint communiqué or declaration.
    Communique,
    /// A cable or telegram.
    Cable,
    /// A letter or note.
    Letter,
    /// An article or essay.
    Article,
    /// A report or other document with a known form.
    Report,
    /// A press release.
    PressRelease,
}

impl DocumentType {
    /// All types, in the order of their names in the code.
    pub const ALL: [Self; 11] = [
        Self::Statement,
        Self::Verbatim,
        Self::SummaryRecord,
        Self::Resolution,
        Self::Treaty,
        Self::Communique,
        Self::Cable,
        Self::Letter,
        Self::Article,
        Self::Report,
        Self::PressRelease,
    ];

    /// The name in JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Verbatim => "verbatim",
            Self::SummaryRecord => "summary-record",
            Self::Resolution => "resolution",
            Self::Treaty => "treaty",
            Self::Communique => "communique",
            Self::Cable => "cable",
            Self::Letter => "letter",
            Self::Article => "article",
            Self::Report => "report",
            Self::PressRelease => "press-release",
        }
    }
}

impl fmt::Display for DocumentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is known of a document. Unknown stays `None`, never guessed in silence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// Title as the source has it, white space folded.
    pub title: Option<Sourced<String>>,
    /// Speaker or author.
    pub speaker: Option<Sourced<String>>,
    /// Office of the speaker or author.
    pub role: Option<Sourced<String>>,
    /// ISO 3166-1 alpha-3 (or CSK, DDR, YUG, SUN, YMD, EU) of whom the speaker or author represents.
    pub country: Option<Sourced<String>>,
    /// Name of that state as it was at the document's date.
    pub country_as_of: Option<Sourced<String>>,
    /// Date of the document.
    pub date: Option<Sourced<Date>>,
    /// Year the source files the document under, or the year of its date.
    pub year: Option<Sourced<i32>>,
    /// Language of the text.
    pub language: Option<Sourced<Language>>,
    /// Language it was spoken or written in, when the source says so.
    pub original_language: Option<Sourced<Language>>,
    /// Named body of documents it belongs to.
    pub collection: Option<Sourced<String>>,
    /// Sort of document.
    pub kind: Option<Sourced<DocumentType>>,
    /// Document symbol, such as `A/RES/70/1`.
    pub symbol: Option<Sourced<String>>,
}

/// What ties a document to what a reader states beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ties {
    /// Hash of what was stated; empty when nothing was.
    pub stated: String,
    /// Country as found without a table; tables may be joined by it.
    pub country: Option<String>,
    /// Year as found without a table.
    pub year: Option<i32>,
    /// Symbol as found without a table.
    pub symbol: Option<String>,
}
