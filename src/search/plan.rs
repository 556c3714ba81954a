//! A query's tree to what the index is asked: clauses over expressions, with stems and forms worked
//! out for the languages of the index.

mod relate;

use super::error::Error;
use super::lists::Lists;
use super::names::{self, Names, Other, bare, phrase_text};
use super::options::Condition;
use super::pattern::Matcher;
use super::spans::{Expression, Step};
use super::terms::{Accept, TermSpec};
use crate::analysis::stopwords::is_stop_word;
use crate::analysis::wordlist::is_word;
use crate::analysis::words::for_each_word;
use crate::analysis::{Analyzer, base_form, keeps_first_letter, variant};
use crate::document::{Language, Span};
use crate::query::{Field, Form, Item, Kind, Node, Query, Value};

/// Weight of a passage that holds another name of what was typed.
const OTHER_NAMES: f32 = 0.8;
/// Weight of a part of a compound beside the compound.
const COMPOUND_PARTS: f32 = 0.4;
/// Weights within weights multiply, up to and down to these, so that scores stay numbers.
const MOST_BOOST: f32 = 1e9;
const LEAST_BOOST: f32 = 1e-9;

/// What to ask the index.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) root: Option<Clause>,
    pub(super) leaves: Vec<Leaf>,
    /// What ranks and never matches: see [`LeafKind`].
    pub(super) hints: Vec<Leaf>,
    pub(super) warnings: Vec<String>,
    /// Contested names of which the query holds one, each with how to look for it.
    pub(super) contested: Vec<Vec<(String, Expression)>>,
    /// Other names within clauses that are more than names (`NEAR`), each with how to look for it.
    pub(super) inside: Vec<(Other, Expression)>,
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
    /// Passages with a value; the condition is ready where the value is of a controlled list.
    Filter(Field, Value, Option<Condition>),
    All,
}

impl Clause {
    /// Whether a topic is asked for anywhere in it.
    pub(super) fn asks_for_topic(&self) -> bool {
        match self {
            Self::Filter(field, ..) => *field == Field::Topic,
            Self::Bool { must, should, must_not } => {
                [must, should, must_not].into_iter().flatten().any(Self::asks_for_topic)
            }
            Self::Leaf(_) | Self::Title(_) | Self::All => false,
        }
    }
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
    pub(super) kind: LeafKind,
    /// As typed.
    pub(super) typed: String,
    /// Where, in bytes of the typed text.
    pub(super) span: Span,
    /// Other names that the expression looks for too, in the order of [`Expression::Names`] after
    /// the one that was typed.
    pub(super) others: Vec<Other>,
}

/// What a leaf is for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum LeafKind {
    /// A clause of the query, which matches and is marked. All others only rank.
    Clause,
    /// A part of a compound.
    Part,
    /// Words and phrases that speak of the same matter, in the order of the expression.
    Related(Vec<String>),
    /// A place that the query names: region paths of which a passage may speak.
    Place(Vec<String>),
    /// A word of the best passages.
    Feedback,
}

impl Leaf {
    pub(super) fn is_hint(&self) -> bool {
        self.kind != LeafKind::Clause
    }

    /// Whether it looks for what was typed, and not for its other names alone.
    pub(super) fn is_typed(&self) -> bool {
        let others_only = match &self.expression {
            Expression::Names(items) => {
                matches!(items.first(), Some(Expression::Any(any)) if any.is_empty())
            }
            _ => false,
        };
        !self.is_hint() && !others_only
    }
}

/// Makes plans for one index.
pub(super) struct Planner<'a> {
    analyzer: &'a mut Analyzer,
    languages: Vec<Option<Language>>,
    /// Whether the stems of all of them begin as their forms do.
    keeps_first_letter: bool,
    lists: &'a dyn Lists,
    text: &'a str,
    accents: bool,
    names: Names<'a>,
    /// Other names of the leaf in the making, each with how to look for it.
    others: Vec<(Other, Expression)>,
    /// Where words begin that are mere parts of a longer name.
    parts: Vec<usize>,
    plan: Plan,
}

impl<'a> Planner<'a> {
    /// Plans `query`; `languages` are those of the index, by each of which words are stemmed.
    pub(super) fn plan(
        analyzer: &'a mut Analyzer,
        mut languages: Vec<Option<Language>>,
        lists: &'a dyn Lists,
        query: &'a Query,
    ) -> Result<Plan, Error> {
        if !languages.contains(&None) {
            languages.push(None);
        }
        let options = query.options;
        let thesaurus = (!options.literal && !options.accents && query.root.is_some())
            .then(|| lists.thesaurus());
        let planner = Self {
            analyzer,
            keeps_first_letter: languages.iter().flatten().copied().all(keeps_first_letter),
            languages,
            lists,
            text: &query.text,
            accents: options.accents,
            names: Names::new(thesaurus, query.root.as_ref()),
            others: Vec::new(),
            parts: Vec::new(),
            plan: Plan::default(),
        };
        planner.run(query)
    }

    fn run(mut self, query: &Query) -> Result<Plan, Error> {
        if let Some(root) = &query.root {
            let clause = self.clause(root, 1.0, false)?;
            self.plan.root = Some(clause);
        }
        // Clauses that can match are counted in the order typed, however the tree sorts them.
        let mut places: Vec<usize> =
            self.plan.leaves.iter().filter(|leaf| !leaf.negated).map(|leaf| leaf.clause).collect();
        places.sort_unstable();
        places.dedup();
        for leaf in &mut self.plan.leaves {
            leaf.clause = places.partition_point(|place| *place < leaf.clause);
        }
        for entry in std::mem::take(&mut self.names.contested) {
            let names = names::contested(entry).into_iter();
            let names = names.map(|other| (other.name.clone(), self.name(&other)));
            let names = names.collect();
            self.plan.contested.push(names);
        }
        Ok(self.plan)
    }

    fn clause(&mut self, node: &Node, boost: f32, negated: bool) -> Result<Clause, Error> {
        let boost = (boost * node.boost.unwrap_or(1.0)).clamp(LEAST_BOOST, MOST_BOOST);
        match &node.kind {
            Kind::All => Ok(Clause::All),
            Kind::Bool { must, should, must_not } => {
                self.clauses(must, should, must_not, boost, negated)
            }
            Kind::Field { field: Field::Title, value: Value::Text { text, .. } } => {
                let items = self.sequence(text, Form::Literal);
                Ok(Clause::Title(Expression::Sequence { items, slop: 0 }))
            }
            Kind::Field { field, value } => {
                let condition = self.condition(*field, value, node.span)?;
                Ok(Clause::Filter(*field, value.clone(), condition))
            }
            _ => {
                let expression = self.expression(node, negated)?;
                if let Kind::Word { text, form: Form::Stemmed } = &node.kind
                    && !negated
                {
                    self.hints_of(text, node.span, boost);
                }
                Ok(self.leaf(expression, node.span, boost, negated))
            }
        }
    }

    fn leaf(&mut self, expression: Expression, span: Span, boost: f32, negated: bool) -> Clause {
        let others = std::mem::take(&mut self.others);
        // Only a leaf that is names at its top counts them one by one.
        let is_names = matches!(expression, Expression::Names(_));
        let others = if is_names {
            others.into_iter().map(|(other, _)| other).collect()
        } else {
            self.plan.inside.extend(others);
            Vec::new()
        };
        self.plan.leaves.push(Leaf {
            expression,
            boost,
            clause: span.start,
            negated,
            kind: LeafKind::Clause,
            typed: span.of(self.text).to_owned(),
            span,
            others,
        });
        Clause::Leaf(self.plan.leaves.len() - 1)
    }

    fn clauses(
        &mut self,
        must: &[Node],
        should: &[Node],
        must_not: &[Node],
        boost: f32,
        negated: bool,
    ) -> Result<Clause, Error> {
        let mut dropped = common_words(must, should);
        dropped.retain(|word| !self.names.is_acronym_not_word(word));
        if !dropped.is_empty() {
            let words: Vec<String> = dropped.iter().map(|w| format!("\"{w}\"")).collect();
            self.plan.warnings.push(format!(
                "{} left out of the ranking as too common; quote or + a word to keep it",
                words.join(", ")
            ));
        }
        let kept: Vec<Node> = should
            .iter()
            .filter(|node| !plain_word(node).is_some_and(|w| dropped.contains(&w)))
            .cloned()
            .collect();
        let parts = self.names.parts_of_names(should);
        let starts = should.iter().map(|node| node.span.start).zip(parts);
        self.parts.extend(starts.filter(|(_, is_part)| *is_part).map(|(start, _)| start));
        let must = self.list(must, boost, negated)?;
        let mut alternatives = self.list(&kept, boost, negated)?;
        if !negated {
            alternatives.extend(self.runs(should, boost));
        }
        if !negated {
            self.relate(&kept, boost);
        }
        let must_not = self.list(must_not, boost, true)?;
        Ok(Clause::Bool { must, should: alternatives, must_not })
    }

    fn list(&mut self, nodes: &[Node], boost: f32, negated: bool) -> Result<Vec<Clause>, Error> {
        nodes.iter().map(|node| self.clause(node, boost, negated)).collect()
    }

    /// Other names of whole names that were typed without quotes.
    fn runs(&mut self, nodes: &[Node], boost: f32) -> Vec<Clause> {
        let mut clauses = Vec::new();
        let mut at = 0;
        while at < nodes.len() {
            let words: Vec<&str> = nodes.iter().skip(at).map_while(names::plain_word).collect();
            let Some(n) = self.names.run(&words) else {
                at += 1;
                continue;
            };
            let text = words.get(..n).unwrap_or_default().join(" ");
            let text = bare(&text);
            let span = nodes
                .get(at..at + n)
                .into_iter()
                .flatten()
                .map(|node| node.span)
                .reduce(Span::cover)
                .unwrap_or_default();
            let others = self.names.others(text);
            if !others.is_empty() {
                // Its words are clauses of their own: only the other names are added.
                let names = self.with_names(Expression::Any(Vec::new()), others);
                let weight = boost * OTHER_NAMES;
                clauses.push(self.leaf(names, span, weight, false));
            }
            at += n;
        }
        clauses
    }

    /// A condition of a controlled list.
    fn condition(
        &self,
        field: Field,
        value: &Value,
        span: Span,
    ) -> Result<Option<Condition>, Error> {
        let Value::Text { text, whole, .. } = value else { return Ok(None) };
        let found = match field {
            Field::Country => self.lists.countries(text),
            Field::Region => self.lists.regions(text),
            Field::Topic => self.lists.topics(text),
            _ => return Ok(Some(condition(vec![text.clone()], *whole))),
        };
        match found {
            Ok(values) => Ok(Some(condition(values, *whole))),
            Err(nearest) => {
                let hint = nearest.map_or(String::new(), |near| {
                    format!("\nhint: did you mean {field}:\"{near}\"?")
                });
                Err(Error::query(span, format!("no {field} is called \"{text}\"{hint}")))
            }
        }
    }

    fn expression(&mut self, node: &Node, negated: bool) -> Result<Expression, Error> {
        let mut pair = |left: &Node, right: &Node| -> Result<_, Error> {
            let left = Box::new(self.expression(left, negated)?);
            Ok((left, Box::new(self.expression(right, negated)?)))
        };
        match &node.kind {
            Kind::Near { ordered, distance, left, right } => {
                let (left, right) = pair(left, right)?;
                Ok(Expression::Near { ordered: *ordered, distance: *distance, left, right })
            }
            Kind::Within { scope, left, right } => {
                let (left, right) = pair(left, right)?;
                Ok(Expression::Within { scope: *scope, left, right })
            }
            Kind::Word { text, form } => {
                Ok(self.word_or_names(text, *form, node.span.start, negated))
            }
            Kind::Phrase { items, slop, form } => {
                let phrase = self.phrase(items, *slop, *form)?;
                let name = phrase_text(items);
                if negated || *slop > 0 || *form == Form::Literal || name.is_empty() {
                    return Ok(phrase);
                }
                Ok(self.with_others(phrase, &name))
            }
            Kind::Pattern { text } => self.pattern(text, node.span),
            Kind::Regex { pattern } => {
                let matcher = Matcher::expression(pattern, node.span, self.keeps_first_letter)?;
                Ok(matching(matcher))
            }
            Kind::Fuzzy { text, distance } => {
                Ok(matching(Matcher::fuzzy(text, *distance, node.span)))
            }
            Kind::Bool { must, should, must_not } if must.is_empty() && must_not.is_empty() => {
                let items = should.iter().map(|node| self.expression(node, negated));
                Ok(Expression::Any(items.collect::<Result<_, _>>()?))
            }
            _ => Err(Error::not_positional(node.span)),
        }
    }

    fn word_or_names(&mut self, text: &str, form: Form, at: usize, negated: bool) -> Expression {
        if form == Form::Literal || self.accents {
            return self.word(text, form);
        }
        let name = if form == Form::Stemmed { bare(text) } else { text };
        let is_part = self.parts.contains(&at);
        if !is_part && self.names.is_acronym_not_word(name) {
            self.plan.warnings.push(format!(
                "\"{name}\" in capitals is read as a name; write \"{}\" for the word",
                name.to_lowercase()
            ));
            let acronym = self.spelled(name, true);
            return if negated { acronym } else { self.with_others(acronym, name) };
        }
        let word = self.word(text, form);
        if negated {
            return word;
        }
        let with_others = if is_part && self.names.is_acronym(name) {
            word
        } else {
            self.with_others(word, name)
        };
        match (with_others, form) {
            (Expression::Term(term), Form::Stemmed) => self.with_spelling(text, term),
            (expression, _) => expression,
        }
    }

    fn with_others(&mut self, typed: Expression, name: &str) -> Expression {
        let others = self.names.others(name);
        if others.is_empty() { typed } else { self.with_names(typed, others) }
    }

    fn with_names(&mut self, typed: Expression, others: Vec<Other>) -> Expression {
        let mut items = vec![typed];
        for other in others {
            let expression = self.name(&other);
            items.push(expression.clone());
            self.others.push((other, expression));
        }
        Expression::Names(items)
    }

    fn with_spelling(&mut self, text: &str, term: TermSpec) -> Expression {
        let english = Some(Language::ENGLISH);
        if !self.languages.contains(&english) {
            return Expression::Term(term);
        }
        let Self { names, analyzer, .. } = self;
        let other = names.spelling(&term.folded, |word| analyzer.stem(word, english));
        let Some(word) = other else { return Expression::Term(term) };
        let other = Other { typed: text.to_owned(), name: word.to_owned(), ..Other::default() };
        let expression = Expression::Term(self.term(word, Form::Stemmed));
        self.others.push((other, expression.clone()));
        Expression::Names(vec![Expression::Term(term), expression])
    }

    /// How to look for another name.
    fn name(&mut self, other: &Other) -> Expression {
        let name = self.spelled(&other.name, other.capitals);
        if other.apart.is_empty() {
            return name;
        }
        let longer = other.apart.iter().map(|longer| self.spelled(longer, false)).collect();
        Expression::Apart { name: Box::new(name), longer }
    }

    /// A name: its words in this form and in either spelling, hyphenated or not; of an acronym the
    /// words in capitals in capitals.
    fn spelled(&mut self, name: &str, capitals: bool) -> Expression {
        let mut steps: Vec<Step> = Vec::new();
        for word in name.split_whitespace() {
            let mut parts = Vec::new();
            for_each_word(word, Span::new(0, word.len()), &[], false, &mut |word| {
                if word.length == 1 {
                    parts.push(word.text.to_owned());
                }
            });
            let joined =
                (word.contains('-') && parts.len() > 1 && !capitals).then(|| parts.concat());
            let mut parts: Vec<Step> =
                parts.iter().map(|part| self.in_any_spelling(part, capitals).into()).collect();
            match joined {
                None => steps.append(&mut parts),
                Some(joined) => {
                    let apart = Expression::Sequence { items: parts, slop: 0 };
                    let joined = Expression::Term(self.term(&joined, Form::Exact));
                    steps.push(Expression::Any(vec![apart, joined]).into());
                }
            }
        }
        match (steps.len(), steps.pop()) {
            (1, Some(only)) => only.expression,
            (_, last) => {
                steps.extend(last);
                Expression::Sequence { items: steps, slop: 0 }
            }
        }
    }

    fn in_any_spelling(&mut self, word: &str, capitals: bool) -> Expression {
        let mut term = self.term(word, Form::Exact);
        let in_capitals = |term: &mut TermSpec, wanted: String| {
            if let Accept::Exact { variant, .. } = &mut term.accept {
                *variant = Some(wanted);
            }
        };
        // Only of words of several letters are the capitals kept in the index.
        let other = if capitals && variant(word).as_deref() == Some(word) && is_capitals(word) {
            // A possessive hides capitals: `NATO's` is one, `WHO's` may be no name.
            let lower = word.to_lowercase();
            let mut possessive = term.clone();
            in_capitals(&mut term, word.to_owned());
            in_capitals(&mut possessive, format!("{lower}'s"));
            (!is_word(&lower)).then_some(possessive)
        } else {
            self.names.other_spelling(&term.folded).map(|other| self.term(&other, Form::Exact))
        };
        match other {
            Some(other) => Expression::Any(vec![Expression::Term(term), Expression::Term(other)]),
            None => Expression::Term(term),
        }
    }

    fn phrase(&mut self, items: &[Item], slop: u32, form: Form) -> Result<Expression, Error> {
        let mut steps: Vec<Step> = Vec::new();
        let mut skip = 0;
        for item in items {
            if item.pattern && item.text.chars().all(|c| c == '*') {
                // Any one word; at the ends of a phrase there always is one or it does not matter.
                skip += u32::from(!steps.is_empty());
                continue;
            }
            let mut new = if item.pattern {
                match self.pattern(&item.text, item.span)? {
                    Expression::Sequence { items, .. } => items,
                    other => vec![other.into()],
                }
            } else {
                self.sequence(&item.text, form)
            };
            if let Some(first) = new.first_mut() {
                first.skip += std::mem::take(&mut skip);
            }
            steps.extend(new);
        }
        Ok(Expression::Sequence { items: steps, slop })
    }

    /// A word with `*` and `?`; where other signs divide it, its parts side by side.
    fn pattern(&mut self, text: &str, span: Span) -> Result<Expression, Error> {
        // The wildcards stand in as letters while the text is cut into words.
        let masked = text.replace('*', MANY).replace('?', ONE);
        let mut words = Vec::new();
        for_each_word(&masked, Span::new(0, masked.len()), &[], false, &mut |word| {
            words.push((word.surface.replace(MANY, "*").replace(ONE, "?"), word.length));
        });
        let longest = words.iter().map(|(_, length)| *length).max().unwrap_or(0);
        let n_places = words.iter().filter(|(_, length)| *length == 1).count();
        // A hyphenated word is looked for as one, as it was written.
        if longest > 1 {
            words.retain(|(_, length)| *length == longest || longest as usize != n_places);
            words.retain(|(_, length)| *length == 1 || longest as usize == n_places);
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut skip = 0;
        for (word, _) in words {
            if word.chars().all(|c| c == '*') {
                skip += u32::from(!steps.is_empty());
                continue;
            }
            let expression = if word.contains(['*', '?']) {
                matching(Matcher::wildcard(&word, span, self.keeps_first_letter)?)
            } else {
                Expression::Term(self.term(&word, Form::Exact))
            };
            steps.push(Step { skip: std::mem::take(&mut skip), expression });
        }
        match (steps.len(), steps.pop()) {
            (_, None) => Err(Error::query(span, "a pattern needs at least one letter or digit")),
            (1, Some(only)) => Ok(only.expression),
            (_, Some(last)) => {
                steps.push(last);
                Ok(Expression::Sequence { items: steps, slop: 0 })
            }
        }
    }

    /// A typed word: one term, or, with a hyphen, its parts side by side or the whole as one.
    fn word(&mut self, text: &str, form: Form) -> Expression {
        let mut parts = self.sequence(text, form);
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
                parts.pop().map_or(Expression::Any(Vec::new()), |part| part.expression)
            }
            _ => Expression::Sequence { items: parts, slop: 0 },
        }
    }

    /// The parts of a compound, for ranking: who types "boundary-layer" is also served by a passage on
    /// the layer at the boundary.
    fn hints_of(&mut self, text: &str, span: Span, boost: f32) {
        let mut parts = Vec::new();
        for_each_word(text, Span::new(0, text.len()), &[], true, &mut |word| {
            if word.length == 1 {
                parts.push(word.text.to_owned());
            }
        });
        if parts.len() < 2 {
            return;
        }
        for part in parts.iter().filter(|part| !is_stop_word(part)) {
            let term = self.term(part, Form::Stemmed);
            let weight = boost * COMPOUND_PARTS;
            self.hint(LeafKind::Part, Expression::Term(term), weight, span);
            if let Some(hint) = self.plan.hints.last_mut() {
                hint.typed.clone_from(part);
            }
        }
    }

    /// The words in `text`, hyphenated ones in their parts.
    fn sequence(&mut self, text: &str, form: Form) -> Vec<Step> {
        let mut words = Vec::new();
        for_each_word(text, Span::new(0, text.len()), &[], true, &mut |word| {
            if word.length == 1 {
                words.push(word.text.to_owned());
            }
        });
        words.iter().map(|word| Expression::Term(self.term(word, form)).into()).collect()
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
            _ if self.accents => {
                Accept::Exact { stems, variant: variant(word).filter(|v| !is_capitals(v)) }
            }
            Form::Exact | Form::Literal => {
                // A possessive that was typed is meant: `"China's"` is not `China`.
                let asked = variant(word).filter(|v| v.ends_with("'s"));
                Accept::Exact { stems, variant: asked }
            }
        };
        TermSpec { folded, accept }
    }
}

/// Runes that stand for `*` and `?` while a pattern is cut into words: letters without case that no
/// document of today has.
const MANY: &str = "\u{16a0}";
const ONE: &str = "\u{16a1}";

fn matching(matcher: Matcher) -> Expression {
    Expression::Term(TermSpec { folded: String::new(), accept: Accept::Matching(matcher) })
}

fn condition(values: Vec<String>, whole: bool) -> Condition {
    Condition { negated: false, whole, values }
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
