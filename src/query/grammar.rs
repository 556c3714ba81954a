//! Tokens to tree, by recursive descent. The lexer bounds the depth of groups, so recursion is
//! bounded too. `SYNTAX.md` has the grammar; each rule of it is a function here.

use super::clauses::{Clauses, Occur};
use super::error::{Fault, shown};
use super::lexer::{self, Token, TokenKind};
use super::limits::{MAX_BOOST, MAX_CLAUSES, MAX_DEPTH, MAX_PATTERNS, MIN_BOOST};
use super::value::{self, Written};
use super::warning::{self, Remark};
use super::{ErrorKind, Field, Form, Kind, Node, Warning, term};
use crate::document::Span;

/// Of which field the words are values.
#[derive(Debug, Clone, Copy)]
struct Values {
    field: Field,
    whole: bool,
}

/// Reads tokens from left to right.
pub(super) struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// Index of the next token.
    at: usize,
    form: Form,
    values: Option<Values>,
    clauses: usize,
    warnings: Vec<Warning>,
}

/// A tree and the remarks made while reading it.
type Reading = (Option<Node>, Vec<Warning>);

impl<'a> Parser<'a> {
    pub(super) const fn new(text: &'a str, form: Form) -> Self {
        Self {
            text,
            tokens: Vec::new(),
            at: 0,
            form,
            values: None,
            clauses: 0,
            warnings: Vec::new(),
        }
    }

    /// Reads the text as a query.
    pub(super) fn query(mut self) -> Result<Reading, Fault> {
        self.tokens = lexer::tokens(self.text)?;
        self.warnings = warning::look_alikes(self.text, &self.tokens);
        let root = self.alternatives()?;
        if let Some(close) = self.peek() {
            return Err(Fault::new(ErrorKind::UnopenedGroup, close.span).fix(close.span, ""));
        }
        if let Some(span) = root.as_ref().and_then(deep_pair) {
            return Err(Fault::new(ErrorKind::TooDeep, span));
        }
        match root.as_ref().and_then(pattern_too_many) {
            Some(span) => Err(Fault::new(ErrorKind::TooManyPatterns, span)),
            None => Ok((root, self.warnings)),
        }
    }

    /// Reads the text as if it stood between quotation marks.
    pub(super) fn one_phrase(mut self) -> Result<Reading, Fault> {
        let span = Span::new(0, self.text.len());
        let root = self.phrase(trimmed(self.text, span), span, 0)?;
        match root.as_ref().and_then(pattern_too_many) {
            Some(span) => Err(Fault::new(ErrorKind::TooManyPatterns, span)),
            None => Ok((root, self.warnings)),
        }
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn previous(&self) -> Option<Token> {
        self.tokens.get(self.at.checked_sub(1)?).copied()
    }

    fn take(&mut self, kind: TokenKind) -> Option<Token> {
        let token = self.peek().filter(|token| token.kind == kind)?;
        self.at += 1;
        Some(token)
    }

    /// `conjunction (OR? conjunction)*`, up to the end or a `)`.
    fn alternatives(&mut self) -> Result<Option<Node>, Fault> {
        let mut clauses = Clauses::default();
        let mut after_or = false;
        while self.peek().is_some_and(|token| token.kind != TokenKind::Close) || after_or {
            let start = self.at;
            let (occur, node) = self.conjunction()?;
            let is_negative = occur == Occur::MustNot;
            let span = self.tokens.get(start).map(|token| token.span);
            let before_or = self.take(TokenKind::Or).is_some();
            match node {
                Some(node) if is_negative && (before_or || after_or) => {
                    let span = span.map_or(node.span, |sign| sign.cover(node.span));
                    self.warnings.push(Remark::ExcludedAlternative.at(span));
                    let must_not = Clauses { must_not: vec![node], ..Clauses::default() };
                    clauses.should.extend(must_not.node());
                }
                Some(node) => clauses.push(occur, node),
                None => {}
            }
            after_or = before_or;
        }
        Ok(clauses.node())
    }

    /// `unary (AND unary)*`
    fn conjunction(&mut self) -> Result<(Occur, Option<Node>), Fault> {
        let (occur, node) = self.unary()?;
        if self.peek().is_none_or(|token| token.kind != TokenKind::And) {
            return Ok((occur, node));
        }
        let mut clauses = Clauses::default();
        let mut add = |occur: Occur, node: Option<Node>| {
            let occur = if occur == Occur::MustNot { occur } else { Occur::Must };
            if let Some(node) = node {
                clauses.push(occur, node);
            }
        };
        add(occur, node);
        while self.take(TokenKind::And).is_some() {
            let (occur, node) = self.unary()?;
            add(occur, node);
        }
        Ok((Occur::Should, clauses.node()))
    }

    /// `(NOT | - | +)* pairs`; two negations cancel out.
    fn unary(&mut self) -> Result<(Occur, Option<Node>), Fault> {
        let mut occur = Occur::Should;
        while let Some(token) = self.peek() {
            occur = match (token.kind, occur) {
                (TokenKind::Not | TokenKind::Minus, Occur::MustNot) => Occur::Should,
                (TokenKind::Not | TokenKind::Minus, _) => Occur::MustNot,
                (TokenKind::Plus, Occur::Should) => Occur::Must,
                (TokenKind::Plus, occur) => occur,
                _ => break,
            };
            self.at += 1;
        }
        Ok((occur, self.pairs()?))
    }

    /// `primary ((NEAR | BEFORE | SENT | PARA) primary)*`, from left to right.
    fn pairs(&mut self) -> Result<Option<Node>, Fault> {
        let mut left = self.primary()?;
        let mut links = 0;
        while let Some(operator) = self.peek() {
            if !matches!(operator.kind, TokenKind::Near { .. } | TokenKind::Within(_)) {
                break;
            }
            let written = shown(operator.span.of(self.text));
            if let Some(Values { field, .. }) = self.values {
                let kind = ErrorKind::PairOfValues { operator: written, field };
                return Err(Fault::new(kind, operator.span));
            }
            self.at += 1;
            let sign = self.peek().filter(|token| {
                matches!(token.kind, TokenKind::Not | TokenKind::Minus | TokenKind::Plus)
            });
            if let Some(sign) = sign {
                let kind = ErrorKind::NotPositional { operator: written };
                return Err(Fault::new(kind, sign.span));
            }
            let right = self.primary()?;
            let left_node = left.ok_or_else(|| self.nothing_before(operator))?;
            let right_node = right.ok_or_else(|| self.nothing_after(operator))?;
            left = Some(pair(operator, &written, left_node, right_node)?);
            // The pair nests to the left; stop before the chain gets long.
            links += 1;
            if links > MAX_DEPTH {
                return Err(Fault::new(ErrorKind::TooDeep, operator.span));
            }
        }
        Ok(left)
    }

    /// A word, phrase, group, regular expression, or field with its value; `None` for what holds
    /// no letter and no digit.
    fn primary(&mut self) -> Result<Option<Node>, Fault> {
        let Some(token) = self.peek().filter(|token| token.kind.begins_operand()) else {
            return Err(self.nothing_here());
        };
        self.at += 1;
        match (token.kind, self.values) {
            (TokenKind::Open, _) => self.group(token),
            (TokenKind::Equals, Some(values)) => {
                self.with_values(Values { whole: true, ..values }, Self::primary)
            }
            (TokenKind::Equals, None) => {
                let form = std::mem::replace(&mut self.form, Form::Literal);
                let node = self.primary();
                self.form = form;
                Ok(node?.map(|node| widened(node, token.span)))
            }
            (TokenKind::Field(field), _) => self.field(field, token.span),
            (TokenKind::Quoted { inner }, Some(values)) => {
                let text = term::quoted_value(inner.of(self.text));
                let (tilde, boost) = self.suffix(token.span.end)?;
                refuse_tilde(tilde)?;
                self.value(values, text, token.span, boost)
            }
            (TokenKind::Quoted { inner }, None) => {
                let (slop, boost) = self.suffix(token.span.end)?;
                let slop = slop.map_or(Ok(0), |span| term::slop(self.text, span))?;
                let span = self.up_to_here(token.span);
                Ok(self.phrase(span, inner, slop)?.map(|node| boosted(node, boost)))
            }
            (TokenKind::Regex { inner }, _) => {
                let (tilde, boost) = self.suffix(token.span.end)?;
                refuse_tilde(tilde)?;
                let kind = Kind::Regex { pattern: term::regex(inner.of(self.text)) };
                self.count(1, token.span)?;
                Ok(Some(boosted(Node::new(self.up_to_here(token.span), kind), boost)))
            }
            (TokenKind::Value, Some(values)) => {
                let (text, span, boost) = term::value(self.text, token.span)?;
                self.value(values, text, span, boost)
            }
            (TokenKind::Term | TokenKind::Value, _) => {
                let node = term::word(self.text, token.span, self.form)?;
                self.count(usize::from(node.is_some()), token.span)?;
                Ok(node)
            }
            // Signs have been taken before; nothing else begins an operand.
            _ => Err(self.nothing_here()),
        }
    }

    fn group(&mut self, open: Token) -> Result<Option<Node>, Fault> {
        let node = self.alternatives()?;
        if self.take(TokenKind::Close).is_none() {
            let end = trimmed(self.text, Span::new(0, self.text.len())).end;
            let fault = Fault::new(ErrorKind::UnclosedGroup, open.span);
            return Err(fault.fix(Span::new(end, end), ")"));
        }
        let close = self.up_to_here(open.span).end;
        let (tilde, boost) = self.suffix(close)?;
        refuse_tilde(tilde)?;
        let span = self.up_to_here(open.span);
        Ok(node.map(|node| {
            let is_list = matches!(node.kind, Kind::Bool { .. });
            let node = boosted(node, boost);
            if is_list || boost.is_some() { widened(node, span) } else { node }
        }))
    }

    /// The words of a phrase between quotation marks.
    fn phrase(&mut self, span: Span, inner: Span, slop: u32) -> Result<Option<Node>, Fault> {
        let Some(items) = term::phrase(self.text, inner) else { return Ok(None) };
        self.count(items.len(), span)?;
        let form = if self.form == Form::Literal { Form::Literal } else { Form::Exact };
        Ok(Some(Node::new(span, Kind::Phrase { items, slop, form })))
    }

    fn field(&mut self, field: Field, name: Span) -> Result<Option<Node>, Fault> {
        let whole = self.take(TokenKind::Equals).is_some();
        let end = self.up_to_here(name).end;
        let missing = |span: Span| Fault::new(ErrorKind::MissingValue { field }, span);
        match self.peek() {
            Some(value) if value.span.start == end => {}
            // A space too much: without it there is a value.
            Some(value) if value.kind.begins_operand() => {
                return Err(missing(name).fix(Span::new(end, value.span.start), ""));
            }
            _ => return Err(missing(name)),
        }
        let node = self.with_values(Values { field, whole }, Self::primary)?;
        match node {
            Some(node) => Ok(Some(widened(node, name))),
            None => Err(missing(self.up_to_here(name))),
        }
    }

    fn with_values<T>(&mut self, values: Values, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.values.replace(values);
        let result = read(self);
        self.values = before;
        result
    }

    /// A value of a field that stands at `span`.
    fn value(
        &mut self,
        Values { field, whole }: Values,
        text: String,
        span: Span,
        boost: Option<f32>,
    ) -> Result<Option<Node>, Fault> {
        self.count(1, span)?;
        if text.is_empty() {
            return Ok(None);
        }
        let quoted = !matches!(self.previous(), Some(token) if token.kind == TokenKind::Value);
        if span.of(self.text).starts_with('!') {
            return Err(self.exclamation_mark(field, span));
        }
        let rest = self.text.get(span.start..).unwrap_or_default();
        let value = value::read(field, Written { text, span, rest, whole, quoted })?;
        let node = Node::new(self.up_to_here(span), Kind::Field { field, value });
        Ok(Some(boosted(node, boost)))
    }

    fn exclamation_mark(&self, field: Field, span: Span) -> Fault {
        let fault = Fault::new(ErrorKind::ExclamationMark { field }, span);
        let mark = Span::new(span.start, span.start + 1);
        let name = Span::new(span.start.saturating_sub(field.as_str().len() + 1), span.start);
        if name.of(self.text) != format!("{field}:") {
            return fault.fix(mark, "-");
        }
        if self.text.get(..name.start).is_some_and(|before| before.ends_with(['-', '+'])) {
            return fault;
        }
        fault.fix(name.cover(mark), format!("-{field}:"))
    }

    /// Slop (where it stands) and boost right behind what ends at `end`.
    fn suffix(&mut self, end: usize) -> Result<(Option<Span>, Option<f32>), Fault> {
        let is_here = |token: &Token| token.kind == TokenKind::Suffix && token.span.start == end;
        match self.peek().filter(is_here) {
            None => Ok((None, None)),
            Some(token) => {
                self.at += 1;
                term::suffix(self.text, token.span)
            }
        }
    }

    /// Counts words against the limit.
    fn count(&mut self, words: usize, span: Span) -> Result<(), Fault> {
        self.clauses += words;
        if self.clauses > MAX_CLAUSES {
            return Err(Fault::new(ErrorKind::TooManyClauses, span));
        }
        Ok(())
    }

    /// From `start` to the end of the last token taken.
    fn up_to_here(&self, start: Span) -> Span {
        self.previous().map_or(start, |token| start.cover(token.span))
    }

    /// The fault of a place where something to look for should begin.
    fn nothing_here(&self) -> Fault {
        match (self.previous().filter(|token| token.kind.is_operator()), self.peek()) {
            (Some(operator), _) => self.nothing_after(operator),
            (None, Some(operator)) if operator.kind.is_operator() => self.nothing_before(operator),
            (_, token) => {
                let end = Span::new(self.text.len(), self.text.len());
                let span = token.map_or(end, |token| token.span);
                Fault::new(ErrorKind::MisplacedTilde, span).fix(span, "")
            }
        }
    }

    fn nothing_before(&self, operator: Token) -> Fault {
        let written = operator.span.of(self.text);
        self.without(operator, ErrorKind::NothingBefore { operator: shown(written) })
    }

    fn nothing_after(&self, operator: Token) -> Fault {
        let written = operator.span.of(self.text);
        self.without(operator, ErrorKind::NothingAfter { operator: shown(written) })
    }

    /// Offers the query without the operator, or, where it is all there is, the operator as a word.
    fn without(&self, operator: Token, kind: ErrorKind) -> Fault {
        let fault = Fault::new(kind, operator.span);
        let is_alone = trimmed(self.text, Span::new(0, self.text.len())) == operator.span;
        let word = operator.span.of(self.text).to_lowercase();
        fault.fix(operator.span, if is_alone { word } else { String::new() })
    }
}

fn refuse_tilde(tilde: Option<Span>) -> Result<(), Fault> {
    tilde.map_or(Ok(()), |span| Err(Fault::new(ErrorKind::MisplacedTilde, span).fix(span, "")))
}

fn pair(operator: Token, written: &str, left: Node, right: Node) -> Result<Node, Fault> {
    if let Some(node) = [&left, &right].into_iter().find(|node| !node.is_positional()) {
        let kind = ErrorKind::NotPositional { operator: written.to_owned() };
        return Err(Fault::new(kind, node.span));
    }
    let span = left.span.cover(right.span);
    let (left, right) = (Box::new(left), Box::new(right));
    let kind = match operator.kind {
        TokenKind::Near { ordered, distance } => Kind::Near { ordered, distance, left, right },
        TokenKind::Within(scope) => Kind::Within { scope, left, right },
        // `pairs` asks for these two kinds alone.
        _ => return Err(Fault::new(ErrorKind::MisplacedTilde, operator.span)),
    };
    Ok(Node::new(span, kind))
}

/// The part with a further factor on its score.
fn boosted(mut node: Node, boost: Option<f32>) -> Node {
    if let Some(boost) = boost {
        let product = node.boost.map_or(boost, |before| before * boost);
        node.boost = Some(product.clamp(MIN_BOOST, MAX_BOOST));
    }
    node
}

/// The part with its span widened to hold `span`.
fn widened(mut node: Node, span: Span) -> Node {
    node.span = node.span.cover(span);
    node
}

/// Where pairs stand within more than [`MAX_DEPTH`] pairs: chains of `NEAR` nest to the left
/// without any parenthesis.
fn deep_pair(root: &Node) -> Option<Span> {
    let mut open = vec![(root, 0)];
    while let Some((node, depth)) = open.pop() {
        if depth > MAX_DEPTH {
            return Some(node.span);
        }
        let step = usize::from(matches!(node.kind, Kind::Near { .. } | Kind::Within { .. }));
        open.extend(node.children().map(|child| (child, depth + step)));
    }
    None
}

/// Where a pattern stands that is one more than [`MAX_PATTERNS`].
fn pattern_too_many(root: &Node) -> Option<Span> {
    let mut open = vec![root];
    let mut spans = Vec::new();
    while let Some(node) = open.pop() {
        match &node.kind {
            Kind::Pattern { .. } | Kind::Regex { .. } | Kind::Fuzzy { .. } => spans.push(node.span),
            Kind::Phrase { items, .. } => {
                let patterns = items.iter().filter(|item| item.pattern && item.text != "*");
                spans.extend(patterns.map(|item| item.span));
            }
            _ => open.extend(node.children()),
        }
    }
    spans.sort_unstable();
    spans.get(MAX_PATTERNS).copied()
}

/// The span without white space at its ends.
pub(super) fn trimmed(text: &str, span: Span) -> Span {
    let inside = span.of(text);
    let start = span.start + inside.len() - inside.trim_start().len();
    Span::new(start, start + inside.trim().len())
}
