//! The parts of a group, sorted by how they count.

use super::{Kind, Node};
use crate::document::Span;

/// How a part counts in the group that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occur {
    Must,
    Should,
    MustNot,
}

/// Parts of a group, sorted by how they count.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    pub(super) must: Vec<Node>,
    pub(super) should: Vec<Node>,
    pub(super) must_not: Vec<Node>,
}

impl Clauses {
    pub(super) fn push(&mut self, occur: Occur, node: Node) {
        match occur {
            Occur::Must => self.must.push(node),
            Occur::Should => self.should.push(node),
            Occur::MustNot => self.must_not.push(node),
        }
    }

    /// The group as one part; a group of one part that is not excluded is that part.
    pub(super) fn node(mut self) -> Option<Node> {
        let all = || self.must.iter().chain(&self.should).chain(&self.must_not);
        let span = all().map(|node| node.span).reduce(Span::cover)?;
        if all().count() == 1 && self.must_not.is_empty() {
            return self.must.pop().or_else(|| self.should.pop());
        }
        let Self { must, should, must_not } = self;
        Some(Node::new(span, Kind::Bool { must, should, must_not }))
    }
}
