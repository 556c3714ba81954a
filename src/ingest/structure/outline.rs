//! The result of `structure`.

use crate::document::{Furniture, Paragraph, Problem, Section, Span};

/// How a document is laid out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Structure {
    /// Title, white space folded, and its place (also among the furniture).
    pub title: Option<Found>,
    /// Author or speaker that a byline or speaker line names.
    pub author: Option<Found>,
    /// Office that the byline names.
    pub role: Option<Found>,
    /// Country that a speaker line names, as written: `China` of `Mr. X (China):`.
    pub represents: Option<Found>,
    /// A date line at the head, as written.
    pub date: Option<Found>,
    /// Labelled lines of a cable or memo (FROM, TO, SUBJECT, REF, DATE …), as written, in order.
    pub labels: Vec<(String, Found)>,
    /// Sections in order, at least one when there is a paragraph; tags are empty.
    pub sections: Vec<Section>,
    /// Furniture in order of place.
    pub furniture: Vec<Furniture>,
    /// Body paragraphs in order, not overlapping.
    pub paragraphs: Vec<Paragraph>,
    /// For each section, which stated heading it is of; empty where none were stated.
    pub anchors: Vec<Option<usize>>,
    /// Why blocks are headings or not, in order; only when that is asked for.
    pub judged: Vec<Judged>,
    /// What a reader should know.
    pub problems: Vec<Problem>,
}

/// Why a short block is a heading or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Where it stands.
    pub span: Span,
    /// Line it starts on, from 1.
    pub line: usize,
    /// What it turned out to be: `heading`, `turn`, `text`, or a kind of furniture.
    pub verdict: &'static str,
    /// The sum of the features, in tenths; above 0 is a heading unless a rule decides.
    pub score: i32,
    /// Signs in and around it with their weights, in tenths.
    pub features: Vec<(&'static str, i32)>,
    /// The rule that decided whatever the score: markup, a cue, a rule over the whole document, or what
    /// a reader stated.
    pub rule: Option<&'static str>,
}

/// A stretch of text and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it says, white space folded, markup removed.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}
