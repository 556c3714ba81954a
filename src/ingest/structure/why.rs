//! Why blocks are headings or not: for readers who ask.
//!
//! Comes in: judged blocks. Goes out: [`Judged`], one for every short block and every one that markup,
//! a cue or a reader decided.

use crate::document::Span;
use crate::ingest::sidecar::Anchor;

use super::blocks::{Block, Kind};
use super::outline::Judged;
use super::rules::Candidate;

/// Tells of all blocks that could have been headings.
pub(super) fn of(blocks: &[Block], candidates: Vec<Candidate>) -> Vec<Judged> {
    let mut candidates = candidates.into_iter().peekable();
    let mut judged = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        let candidate = candidates.next_if(|candidate| candidate.block == at);
        let verdict = match block.kind {
            Kind::Body => "text",
            Kind::Heading => "heading",
            Kind::Turn => "turn",
            Kind::Furniture(kind) => kind.as_str(),
        };
        let (score, features, by_rule) = match candidate {
            Some(candidate) if candidate.short => {
                // A rule leaves its mark in the score; the features tell what it was before.
                let score = candidate.features.iter().map(|(_, weight)| weight).sum();
                (score, candidate.features, candidate.rule)
            }
            _ => (0, Vec::new(), None),
        };
        let rule = by_rule.or(match block.kind {
            Kind::Heading if features.is_empty() => Some("markup"),
            Kind::Turn => Some("label of a speaker"),
            Kind::Furniture(_) if block.marked => Some("markup or page layout"),
            Kind::Furniture(_) => Some("cue or place at the head"),
            _ => None,
        });
        if !features.is_empty() || rule.is_some() {
            let (span, line) = (block.span, block.line);
            judged.push(Judged { span, line, verdict, score, features, rule });
        }
    }
    judged
}

/// Tells which headings a reader stated.
pub(super) fn add_stated(judged: &mut Vec<Judged>, anchors: &[Anchor], found: &[(Span, usize)]) {
    for judged in judged.iter_mut().filter(|j| matches!(j.verdict, "heading" | "turn")) {
        judged.verdict = "text";
        judged.rule = Some("the outline beside the document");
    }
    for (span, place) in found {
        let verdict =
            if anchors.get(*place).is_some_and(|anchor| anchor.turn) { "turn" } else { "heading" };
        let rule = Some("the outline beside the document");
        match judged.iter_mut().find(|judged| judged.span == *span) {
            Some(judged) => (judged.verdict, judged.rule) = (verdict, rule),
            None => judged.push(Judged {
                span: *span,
                line: 0,
                verdict,
                score: 0,
                features: Vec::new(),
                rule,
            }),
        }
    }
    judged.sort_by_key(|judged| judged.span.start);
}
