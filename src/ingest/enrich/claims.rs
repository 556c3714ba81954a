//! What several sources claim of one value: the most trusted is used, a contradiction is told.

use std::fmt::Display;

use crate::document::{Confidence, Origin, Problem, Sourced};

/// Why a value is what it is, or what was not used: for readers who ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Name of the value in JSON.
    pub field: &'static str,
    /// The value that was read.
    pub value: String,
    /// Where it was found.
    pub origin: Origin,
    /// How sure it is.
    pub confidence: Confidence,
    /// The rule that read it.
    pub rule: &'static str,
    /// The words that it was read from.
    pub words: String,
    /// Whether it was used.
    pub used: bool,
}

/// One source's value.
#[derive(Debug, Clone)]
pub(super) struct Claim<T> {
    value: Sourced<T>,
    rule: &'static str,
    words: String,
}

/// All claims on one value, the most trusted first.
#[derive(Debug, Clone)]
pub(super) struct Claims<T> {
    field: &'static str,
    all: Vec<Claim<T>>,
}

impl<T: Clone + PartialEq + Display> Claims<T> {
    pub(super) const fn new(field: &'static str) -> Self {
        Self { field, all: Vec::new() }
    }

    /// Adds a less trusted claim, if there is one.
    pub(super) fn add(&mut self, rule: &'static str, value: Option<Sourced<T>>, words: &str) {
        if let Some(value) = value {
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            self.all.push(Claim { value, rule, words });
        }
    }

    /// The most trusted claim so far.
    pub(super) fn best(&self) -> Option<&Sourced<T>> {
        self.all.first().map(|claim| &claim.value)
    }

    /// Ends the matter: the value, and the reasons for and against it.
    pub(super) fn settle(self, reasons: &mut Vec<Reason>) -> Option<Sourced<T>> {
        let best = self.all.first().map(|claim| claim.value.clone());
        for (place, claim) in self.all.into_iter().enumerate() {
            reasons.push(Reason {
                field: self.field,
                value: claim.value.value.to_string(),
                origin: claim.value.origin,
                confidence: claim.value.confidence,
                rule: claim.rule,
                words: claim.words,
                used: place == 0,
            });
        }
        best
    }

    /// As [`Claims::settle`]; a certain claim that is not the `same` as the one used is told.
    pub(super) fn settle_strictly(
        self,
        same: &dyn Fn(&T, &T) -> bool,
        reasons: &mut Vec<Reason>,
        problems: &mut Vec<Problem>,
    ) -> Option<Sourced<T>> {
        if let Some(used) = self.all.first() {
            // What a reader states is meant to differ.
            let stated = used.value.origin == Origin::Sidecar;
            let against = self.all.iter().skip(1).find(|claim| {
                claim.value.confidence == Confidence::Certain
                    && claim.value.origin != used.value.origin
                    && !same(&claim.value.value, &used.value.value)
            });
            if let Some(other) = against.filter(|_| !stated) {
                problems.push(Problem::new(format!(
                    "the {} is \"{}\" by {} and \"{}\" by {}; the first was used",
                    self.field.replace('_', " "),
                    used.value.value,
                    source(used.value.origin),
                    other.value.value,
                    source(other.value.origin),
                )));
            }
        }
        self.settle(reasons)
    }
}

/// An origin in a sentence.
const fn source(origin: Origin) -> &'static str {
    match origin {
        Origin::Sidecar => "what is stated beside it",
        Origin::Configuration => "the settings",
        Origin::FrontMatter => "its front matter",
        Origin::Header => "its header",
        Origin::Text => "its text",
        Origin::FileName => "its file name",
        Origin::Folder => "its folder",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_are_told_once() {
        let claims = |origins: &[(Origin, &str)]| {
            let mut claims = Claims::new("country");
            for (origin, value) in origins {
                claims.add("rule", Some(Sourced::new((*value).to_owned(), *origin)), "words");
            }
            let (mut reasons, mut problems) = (Vec::new(), Vec::new());
            let used = claims.settle_strictly(&|a, b| a == b, &mut reasons, &mut problems);
            (used.map(|used| used.value), reasons.len(), problems)
        };
        let (used, reasons, problems) =
            claims(&[(Origin::Text, "FRA"), (Origin::FileName, "ITA"), (Origin::Folder, "ESP")]);
        assert_eq!((used.as_deref(), reasons, problems.len()), (Some("FRA"), 3, 1));
        let message = &problems[0].message;
        assert!(message.contains("\"FRA\" by its text and \"ITA\" by its file name"), "{message}");
        assert_eq!(claims(&[(Origin::Text, "FRA"), (Origin::FileName, "FRA")]).2, []);
        assert_eq!(claims(&[(Origin::Sidecar, "FRA"), (Origin::FileName, "ITA")]).2, []);
        assert_eq!(claims(&[]).0, None);
    }
}
