//! What else ranks where a question is asked: words that speak of the same matter, and passages that
//! speak of the places named.
//!
//! Neither matches nor is marked. What lifts a passage is said in the explanation of its score and in
//! [`super::super::results::Results::ranked_by`].

use super::{Expression, Leaf, LeafKind, Planner, plain_word};
use crate::analysis::base_form;
use crate::analysis::stopwords::is_stop_word;
use crate::analysis::words::for_each_word;
use crate::document::{Language, Span};
use crate::query::{Form, Node};
use crate::vocabulary::head;

/// Words that make a question; fewer are looked for as they are.
const FEWEST: usize = 3;
/// Words of a query, at most, for which others are looked up; longer ones say enough themselves.
const MOST: usize = 32;
/// Weight of a group of words beside the word that called for it, in a query of so many words; in
/// longer ones it sinks with their number.
const RELATED: f32 = 0.7;
const FULL_UP_TO: f32 = 6.0;
/// Weight of a passage that speaks of a place, beside its name.
const PLACE: f32 = 1.0;
/// Words of a place's name at most.
const LONGEST_NAME: usize = 6;
/// Shorter names are codes and acronyms, and are taken in capitals only.
const SHORTEST_NAME: usize = 4;

/// A word of the question.
struct Asked<'n> {
    text: &'n str,
    span: Span,
    /// Its place among the words and clauses of the query.
    place: usize,
    /// Stems of its parts.
    stems: Vec<String>,
}

impl Planner<'_> {
    /// Adds to the hints what else a question of several words speaks of.
    pub(super) fn relate(&mut self, nodes: &[Node], boost: f32) {
        if self.names.are_off() {
            return;
        }
        let words = nodes.iter().enumerate();
        let words: Vec<(usize, &str, Span)> =
            words.filter_map(|(at, node)| Some((at, plain_word(node)?, node.span))).collect();
        if !(FEWEST..=MOST).contains(&words.len()) {
            return;
        }
        let asked: Vec<Asked<'_>> = words
            .into_iter()
            .map(|(place, text, span)| Asked { text, span, place, stems: self.stems(text) })
            .collect();
        if self.languages.contains(&Some(Language::ENGLISH)) {
            let weight = RELATED * (FULL_UP_TO / asked.len() as f32).min(1.0);
            self.related_words(&asked, boost * weight);
        }
        self.places(&asked, boost * PLACE);
    }

    fn related_words(&mut self, asked: &[Asked<'_>], boost: f32) {
        let lists = self.lists;
        let heads =
            asked.iter().flat_map(|asked| &asked.stems).filter_map(|stem| head(stem)).collect();
        lists.related(&heads, &mut |group| {
            let mut span: Option<Span> = None;
            for caller in group.callers().filter(|caller| may_stand(caller, asked)) {
                let stems = self.stems(caller);
                let found = standing(&stems, asked);
                span = found.map(|found| span.map_or(found, |span| span.cover(found))).or(span);
            }
            let Some(span) = span else { return };
            let mut others = Vec::new();
            let mut names = Vec::new();
            for member in group.members() {
                if may_stand(member, asked) && standing(&self.stems(member), asked).is_some() {
                    continue;
                }
                let mut items = self.sequence(member, Form::Stemmed);
                names.push(member.to_owned());
                others.push(match (items.len(), items.pop()) {
                    (1, Some(only)) => only.expression,
                    (_, last) => {
                        items.extend(last);
                        Expression::Sequence { items, slop: 0 }
                    }
                });
            }
            if !others.is_empty() {
                let kind = LeafKind::Related(names);
                self.hint(kind, Expression::Any(others), boost, span);
            }
        });
    }

    fn places(&mut self, asked: &[Asked<'_>], boost: f32) {
        let mut at = 0;
        while at < asked.len() {
            let mut n_words = 1;
            for n in (1..=LONGEST_NAME.min(asked.len() - at)).rev() {
                let Some(words) = asked.get(at..at + n).filter(|words| are_neighbours(words))
                else {
                    continue;
                };
                let name = words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ");
                if name.chars().count() < SHORTEST_NAME && name.chars().any(char::is_lowercase) {
                    continue;
                }
                let paths = self.lists.places_asked(&name);
                if !paths.is_empty() {
                    let span = words.iter().map(|word| word.span).reduce(Span::cover);
                    let nothing = Expression::Any(Vec::new());
                    self.hint(LeafKind::Place(paths), nothing, boost, span.unwrap_or_default());
                    n_words = n;
                    break;
                }
            }
            at += n_words;
        }
    }

    /// English stems of the parts of a word or phrase, without stop words.
    fn stems(&mut self, text: &str) -> Vec<String> {
        let mut parts = Vec::new();
        for_each_word(text, Span::new(0, text.len()), &[], true, &mut |word| {
            if word.length == 1 && !is_stop_word(word.text) {
                parts.push(base_form(word.text));
            }
        });
        parts.iter().map(|part| self.analyzer.stem(part, Some(Language::ENGLISH))).collect()
    }

    pub(super) fn hint(&mut self, kind: LeafKind, expression: Expression, boost: f32, span: Span) {
        self.plan.hints.push(Leaf {
            expression,
            boost,
            clause: span.start,
            negated: false,
            kind,
            typed: span.of(self.text).to_owned(),
            span,
            others: Vec::new(),
        });
    }
}

/// Whether the stems stand in the question one after another, and where first.
fn standing(stems: &[String], asked: &[Asked<'_>]) -> Option<Span> {
    if stems.is_empty() {
        return None;
    }
    (0..asked.len()).find_map(|at| {
        let mut left = stems;
        let mut n = 0;
        while !left.is_empty() {
            left = left.strip_prefix(asked.get(at + n)?.stems.as_slice())?;
            n += 1;
        }
        let words = asked.get(at..at + n).filter(|words| are_neighbours(words))?;
        words.iter().map(|word| word.span).reduce(Span::cover)
    })
}

/// Whether nothing but words left out as too common stands between them.
fn are_neighbours(words: &[Asked<'_>]) -> bool {
    words.windows(2).all(|pair| match pair {
        [left, right] => left.place + 1 == right.place,
        _ => true,
    })
}

/// Whether the first word of a phrase may be one of the question; `false` is certain, and costs no
/// stemming: English stems keep the first three letters, or all of a shorter word.
fn may_stand(phrase: &str, asked: &[Asked<'_>]) -> bool {
    phrase.split([' ', '-']).any(|word| {
        let head = word.as_bytes().get(..3).unwrap_or(word.as_bytes());
        let begins = |stem: &String| {
            let n = head.len().min(stem.len());
            stem.as_bytes().get(..n) == head.get(..n)
        };
        asked.iter().any(|asked| asked.stems.iter().any(begins))
    })
}
