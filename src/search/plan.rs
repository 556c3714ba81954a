//! A query's tree to what the index is asked: clauses over expressions, with stems and forms worked
//! out for the languages of the index.

use regex_automata::meta::Regex;

use super::error::Error;
use super::options::Condition;
use super::spans::Expression;
use super::terms::{Accept, TermSpec};
use crate::analysis::stopwords::is_stop_word;
use crate::analysis::words::for_each_word;
use crate::analysis::{Analyzer, base_form, variant};
use crate::document::{Language, Span};
use crate::query::{Field, Form, Item, Kind, Node, Query, Value};

/// What to ask the index.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) root: Option<Clause>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) warnings: Vec<String>,
}

/// A clause over leaves, within one passage.
#[derive(Debug)]
pub(super) enum Clause {
    Leaf(usize),
    Bool {
        must: Vec<Clause>,
        should: Vec<Clause>,
        must_not: Vec<Clause>,
    },
    /// Passages in whose title the expression stands.
    Title(Expression),
    Filter(Field, Value),
    All,
}

/// An expression that ranks and is marked.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) expression: Expression,
    pub(super) boost: f32,
    /// Place among the clauses that can match, in the order typed.
    pub(super) clause: usize,
    /// Whether it stands under a NOT: never ranked, never marked.
    pub(super) negated: bool,
}

/// Makes plans for one index.
pub(super) struct Planner<'a> {
    analyzer: &'a mut Analyzer,
    languages: Vec<Option<Language>>,
    plan: Plan,
}

impl<'a> Planner<'a> {
    /// `languages` are those of the index; words are stemmed by each.
    pub(super) fn new(analyzer: &'a mut Analyzer, mut languages: Vec<Option<Language>>) -> Self {
        if !languages.contains(&None) {
            languages.push(None);
        }
        Self { analyzer, languages, plan: Plan::default() }
    }

    pub(super) fn plan(mut self, query: &Query) -> Result<Plan, Error> {
        if let Some(root) = &query.root {
            let clause = self.clause(root, 1.0, false)?;
            self.plan.root = Some(clause);
        }
        // Clauses that can match are counted in the order typed, however the tree sorts them.
        let mut places: Vec<usize> =
            self.plan.leaves.iter().filter(|leaf| !leaf.negated).map(|leaf| leaf.clause).collect();
        places.sort_unstable();
        for leaf in &mut self.plan.leaves {
            leaf.clause = places.partition_point(|place| *place < leaf.clause);
        }
        Ok(self.plan)
    }

    fn clause(&mut self, node: &Node, boost: f32, negated: bool) -> Result<Clause, Error> {
        let boost = boost * node.boost.unwrap_or(1.0);
        match &node.kind {
            Kind::All => Ok(Clause::All),
            Kind::Bool { must, should, must_not } => {
                let dropped = common_words(must, should);
                if !dropped.is_empty() {
                    let words: Vec<String> = dropped.iter().map(|w| format!("\"{w}\"")).collect();
                    self.plan.warnings.push(format!(
                        "{} left out of the ranking as too common; quote or + a word to keep it",
                        words.join(", ")
                    ));
                }
                let mut list = |nodes: &[Node], negated: bool| -> Result<Vec<Clause>, Error> {
                    nodes.iter().map(|node| self.clause(node, boost, negated)).collect()
                };
                let must = list(must, negated)?;
                let kept: Vec<Node> = should
                    .iter()
                    .filter(|node| !plain_word(node).is_some_and(|w| dropped.contains(&w)))
                    .cloned()
                    .collect();
                let should = list(&kept, negated)?;
                let must_not = list(must_not, true)?;
                Ok(Clause::Bool { must, should, must_not })
            }
            Kind::Field { field: Field::Title, value: Value::Text { text, .. } } => {
                let items = self.sequence(text, Form::Exact);
                Ok(Clause::Title(Expression::Sequence { items, slop: 0 }))
            }
            Kind::Field { field, value } => Ok(Clause::Filter(*field, value.clone())),
            _ => {
                let expression = self.expression(node)?;
                let clause = node.span.start;
                self.plan.leaves.push(Leaf { expression, boost, clause, negated });
                Ok(Clause::Leaf(self.plan.leaves.len() - 1))
            }
        }
    }

    fn expression(&mut self, node: &Node) -> Result<Expression, Error> {
        match &node.kind {
            Kind::Word { text, form } => Ok(self.word(text, *form)),
            Kind::Phrase { items, slop, form } => {
                let mut all = Vec::new();
                for item in items {
                    all.extend(self.item(item, *form)?);
                }
                Ok(Expression::Sequence { items: all, slop: *slop })
            }
            Kind::Pattern { text } => Ok(Expression::Term(pattern(text, node.span)?)),
            Kind::Near { ordered, distance, left, right } => Ok(Expression::Near {
                ordered: *ordered,
                distance: *distance,
                left: Box::new(self.expression(left)?),
                right: Box::new(self.expression(right)?),
            }),
            Kind::Bool { must, should, must_not } if must.is_empty() && must_not.is_empty() => {
                let items = should.iter().map(|node| self.expression(node));
                Ok(Expression::Any(items.collect::<Result<_, _>>()?))
            }
            Kind::Regex { .. } | Kind::Fuzzy { .. } | Kind::Within { .. } => {
                Err(Error::unsupported(node.span))
            }
            _ => Err(Error::not_positional(node.span)),
        }
    }

    fn item(&mut self, item: &Item, form: Form) -> Result<Vec<Expression>, Error> {
        if item.pattern {
            return Ok(vec![Expression::Term(pattern(&item.text, item.span)?)]);
        }
        Ok(self.sequence(&item.text, form))
    }

    /// A typed word: one term, or, with a hyphen, its parts side by side or the whole as one.
    fn word(&mut self, text: &str, form: Form) -> Expression {
        let parts = self.sequence(text, form);
        let mut joined = None;
        for_each_word(text, Span::new(0, text.len()), &[], true, &mut |word| {
            if word.length > 1 {
                joined = Some((word.text.to_owned(), word.length as usize));
            }
        });
        match (joined, form) {
            (Some((whole, length)), Form::Stemmed) if length == parts.len() => {
                let whole = Expression::Term(self.term(&whole, form));
                Expression::Any(vec![Expression::Sequence { items: parts, slop: 0 }, whole])
            }
            _ if parts.len() == 1 => {
                parts.into_iter().next().unwrap_or(Expression::Any(Vec::new()))
            }
            _ => Expression::Sequence { items: parts, slop: 0 },
        }
    }

    /// The words in `text`, hyphenated ones in their parts.
    fn sequence(&mut self, text: &str, form: Form) -> Vec<Expression> {
        let mut words = Vec::new();
        for_each_word(text, Span::new(0, text.len()), &[], true, &mut |word| {
            if word.length == 1 {
                words.push(word.text.to_owned());
            }
        });
        words.iter().map(|word| Expression::Term(self.term(word, form))).collect()
    }

    fn term(&mut self, word: &str, form: Form) -> TermSpec {
        let folded = base_form(word);
        let mut stems: Vec<String> = Vec::new();
        for language in self.languages.clone() {
            // The stem of the word as typed and of its folded form: accents may be missing.
            for word in [word, &folded] {
                let stem = self.analyzer.stem(word, language);
                if !stems.contains(&stem) {
                    stems.push(stem);
                }
            }
        }
        let accept = match form {
            Form::Stemmed => Accept::Stems(stems),
            Form::Exact => {
                // A possessive that was typed is meant: `"China's"` is not `China`.
                let asked = variant(word).filter(|v| v.ends_with("'s"));
                Accept::Exact { stems, variant: asked }
            }
            Form::Literal => {
                Accept::Exact { stems, variant: variant(word).filter(|v| !is_capitals(v)) }
            }
        };
        TermSpec { folded, accept }
    }
}

fn is_capitals(variant: &str) -> bool {
    !variant.chars().any(char::is_lowercase)
}

fn plain_word(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Word { text, form: Form::Stemmed } => Some(text),
        _ => None,
    }
}

/// The words of a ranked list that are too common to rank by; none when nothing else is left.
fn common_words<'n>(must: &[Node], should: &'n [Node]) -> Vec<&'n str> {
    if !must.is_empty() {
        return Vec::new();
    }
    let common: Vec<&str> =
        should.iter().filter_map(plain_word).filter(|word| is_stop_word(word)).collect();
    if common.len() == should.len() { Vec::new() } else { common }
}

/// A word with `*` and `?`, matched against whole folded words.
fn pattern(text: &str, span: Span) -> Result<TermSpec, Error> {
    let mut regex = String::from("^(?:");
    let mut letters = String::new();
    let mut first = None;
    for (index, c) in crate::analysis::fold::fold(text).chars().enumerate() {
        match c {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            c => {
                if index == 0 && c.is_ascii_alphanumeric() {
                    first = Some(c);
                }
                letters.push(c);
                if !c.is_alphanumeric() {
                    regex.push('\\');
                }
                regex.push(c);
            }
        }
    }
    regex.push_str(")$");
    if letters.is_empty() {
        return Err(Error::query(span, "a pattern needs at least one letter"));
    }
    let regex =
        Regex::new(&regex).map_err(|_| Error::query(span, "this pattern cannot be read"))?;
    Ok(TermSpec { folded: letters, accept: Accept::Pattern { regex, first } })
}

/// Reads a filter value of a query into a condition.
pub(super) fn condition(text: &str, whole: bool) -> Condition {
    Condition { negated: false, whole, values: vec![text.to_owned()] }
}
