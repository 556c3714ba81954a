//! What the parts of a tree can tell about themselves.

use std::fmt;

use super::{Field, Kind, Node};
use crate::document::Span;

impl Node {
    /// Makes a part without boost.
    pub const fn new(span: Span, kind: Kind) -> Self {
        Self { span, boost: None, kind }
    }

    /// Whether it has places in the text, so that it may stand beside `NEAR`, `BEFORE`, `SENT` and
    /// `PARA`: words, phrases, patterns, alternatives of them, and such pairs themselves.
    pub fn is_positional(&self) -> bool {
        match &self.kind {
            Kind::Field { .. } | Kind::All => false,
            Kind::Bool { must, must_not, .. } if !must.is_empty() || !must_not.is_empty() => false,
            Kind::Bool { .. } | Kind::Near { .. } | Kind::Within { .. } => {
                self.children().all(Self::is_positional)
            }
            Kind::Word { .. }
            | Kind::Phrase { .. }
            | Kind::Pattern { .. }
            | Kind::Regex { .. }
            | Kind::Fuzzy { .. } => true,
        }
    }

    /// The parts of this part: those of a [`Kind::Bool`], the two of a [`Kind::Near`] or
    /// [`Kind::Within`], none of any other.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        let (pair, lists): ([Option<&Self>; 2], [&[Self]; 3]) = match &self.kind {
            Kind::Near { left, right, .. } | Kind::Within { left, right, .. } => {
                ([Some(left.as_ref()), Some(right.as_ref())], [&[], &[], &[]])
            }
            Kind::Bool { must, should, must_not } => {
                ([None, None], [must.as_slice(), should.as_slice(), must_not.as_slice()])
            }
            _ => ([None, None], [&[], &[], &[]]),
        };
        pair.into_iter().flatten().chain(lists.into_iter().flatten())
    }
}

impl Field {
    /// All fields, in the order of their help.
    pub const ALL: [Self; 12] = [
        Self::Title,
        Self::Section,
        Self::Speaker,
        Self::Country,
        Self::Region,
        Self::Topic,
        Self::Language,
        Self::Collection,
        Self::Type,
        Self::Date,
        Self::Year,
        Self::Path,
    ];

    /// The name before the colon.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Section => "section",
            Self::Speaker => "speaker",
            Self::Country => "country",
            Self::Region => "region",
            Self::Topic => "topic",
            Self::Language => "language",
            Self::Collection => "collection",
            Self::Type => "type",
            Self::Date => "date",
            Self::Year => "year",
            Self::Path => "path",
        }
    }

    /// The field of that name, in small letters only.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
