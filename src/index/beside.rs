//! What stands beside the passages of a document: title, headings, bylines, captions and their like.
//!
//! They are no passages and no matches, yet a word that stands nowhere else must not be lost.

use std::collections::HashSet;

use crate::document::{Document, FurnitureKind};

/// A walk over what stands beside the passages, in order.
pub(super) struct Beside<'a> {
    document: &'a Document,
    title: Option<&'a str>,
    section: usize,
    furniture: usize,
    /// Pieces that were given; what a document repeats (running heads, labels of turns) is given once.
    seen: HashSet<&'a str>,
}

impl<'a> Beside<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let title = document.metadata.title.as_ref().map(|title| title.value.as_str());
        Self { document, title, section: 0, furniture: 0, seen: HashSet::new() }
    }

    /// What begins before the byte `end` of the text and was not given yet.
    pub(super) fn until(&mut self, end: usize) -> Vec<&'a str> {
        let document = self.document;
        let mut pieces: Vec<&str> = self.title.take().into_iter().collect();
        while let Some(section) = document.sections.get(self.section) {
            if section.heading.is_some_and(|heading| heading.start >= end) {
                break;
            }
            self.section += 1;
            pieces.extend(section.heading.and(section.title.as_deref()));
        }
        while let Some(furniture) = document.furniture.get(self.furniture) {
            if furniture.span.start >= end {
                break;
            }
            self.furniture += 1;
            if furniture.kind != FurnitureKind::Page {
                pieces.push(furniture.span.of(&document.text));
            }
        }
        pieces.retain(|piece| self.seen.insert(piece));
        pieces
    }
}
