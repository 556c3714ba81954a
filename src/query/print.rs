//! Tree to text: the query that reads as this tree.

use std::fmt::{self, Display, Write as _};

use super::lexer::{DOUBLE, is_quote, operator};
use super::{Field, Form, Item, Kind, Node, Scope, Value};
use crate::document::Span;

/// Writes the query that [`Query::parse`](super::Query::parse) reads as `node`, spans aside, when
/// the parts are as [`Kind`] describes them. A word in [`Form::Exact`] has no sign; it comes back with
/// the same [`ParseOptions`](super::ParseOptions).
///
/// ```
/// use chancery::query::{ParseOptions, Query, print};
/// let query = Query::parse("-war  peace AND (treaty)", &ParseOptions::default())?;
/// assert_eq!(print(&query.root.unwrap()), "(peace AND treaty) -war");
/// # Ok::<(), chancery::query::Error>(())
/// ```
pub fn print(node: &Node) -> String {
    Printed(node, Place::Whole).to_string()
}

/// Where a part stands, and so when it needs parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is the query.
    Whole,
    /// In a list or behind a sign: lists need them.
    Part,
    /// To the left of `NEAR` and its like: lists need them.
    Left,
    /// To the right of it: pairs need them too.
    Right,
}

struct Printed<'a>(&'a Node, Place);

impl Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(node, place) = self;
        let grouped = match node.kind {
            Kind::Bool { .. } => *place != Place::Whole || node.boost.is_some(),
            Kind::Near { .. } | Kind::Within { .. } => {
                *place == Place::Right || node.boost.is_some()
            }
            _ => false,
        };
        if grouped {
            write!(f, "({})", Bare(&node.kind))?;
        } else {
            Bare(&node.kind).fmt(f)?;
        }
        node.boost.map_or(Ok(()), |boost| write!(f, "^{boost}"))
    }
}

/// A part without its parentheses and boost.
struct Bare<'a>(&'a Kind);

impl Display for Bare<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Word { text, form } => {
                f.write_str(if *form == Form::Literal { "=" } else { "" })?;
                f.write_str(&escaped(text, true))
            }
            Kind::Phrase { items, slop, form } => {
                f.write_str(if *form == Form::Literal { "=" } else { "" })?;
                phrase(f, items)?;
                if *slop > 0 { write!(f, "~{slop}") } else { Ok(()) }
            }
            Kind::Pattern { text } => f.write_str(&escaped(text, false)),
            Kind::Regex { pattern } => regex(f, pattern),
            Kind::Fuzzy { text, distance } => write!(f, "{}~{distance}", escaped(text, true)),
            Kind::Near { ordered, distance, left, right } => {
                let operator = if *ordered { "BEFORE" } else { "NEAR" };
                let (left, right) = (Printed(left, Place::Left), Printed(right, Place::Right));
                write!(f, "{left} {operator}/{distance} {right}")
            }
            Kind::Within { scope, left, right } => {
                let operator = match scope {
                    Scope::Sentence => "SENT",
                    Scope::Paragraph => "PARA",
                };
                let (left, right) = (Printed(left, Place::Left), Printed(right, Place::Right));
                write!(f, "{left} {operator} {right}")
            }
            Kind::Bool { must, should, must_not } if should.is_empty() && !must.is_empty() => {
                let mut list = List { f, separator: " AND ", first: true };
                list.write("", must)?;
                list.write("NOT ", must_not)
            }
            Kind::Bool { must, should, must_not } => {
                let mut list = List { f, separator: " ", first: true };
                list.write("+", must)?;
                list.write_joined("", should, " OR ")?;
                list.write("-", must_not)
            }
            Kind::Field { field, value } => write_field(f, *field, value),
            Kind::All => f.write_str("*"),
        }
    }
}

/// Parts one after another.
struct List<'a, 'b> {
    f: &'a mut fmt::Formatter<'b>,
    separator: &'static str,
    first: bool,
}

impl List<'_, '_> {
    fn write(&mut self, sign: &str, nodes: &[Node]) -> fmt::Result {
        self.write_joined(sign, nodes, self.separator)
    }

    fn write_joined(&mut self, sign: &str, nodes: &[Node], inner: &str) -> fmt::Result {
        for (index, node) in nodes.iter().enumerate() {
            let separator = if index > 0 { inner } else { self.separator };
            let separator = if self.first { "" } else { separator };
            write!(self.f, "{separator}{sign}{}", Printed(node, Place::Part))?;
            self.first = false;
        }
        Ok(())
    }
}

fn phrase(f: &mut fmt::Formatter<'_>, items: &[Item]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        f.write_str(if index == 0 { "\"" } else { " " })?;
        f.write_str(&quoted(&item.text, !item.pattern))?;
    }
    f.write_char('"')
}

fn regex(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('/')?;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '/' => f.write_str("\\/")?,
            '\\' => {
                f.write_char(c)?;
                chars.next().map_or(Ok(()), |next| f.write_char(next))?;
            }
            _ => f.write_char(c)?,
        }
    }
    f.write_char('/')
}

fn write_field(f: &mut fmt::Formatter<'_>, field: Field, value: &Value) -> fmt::Result {
    match value {
        Value::Text { text, whole, phrase } => {
            let equals = if *whole { "=" } else { "" };
            if *phrase {
                write!(f, "{field}:{equals}\"{}\"", quoted(text, false))
            } else {
                let mark = if text.starts_with('!') { "\\" } else { "" };
                write!(f, "{field}:{equals}{mark}{}", escaped(text, false))
            }
        }
        Value::Range { from: Some(from), to: Some(to) } if from == to => {
            write!(f, "{field}:{from}")
        }
        Value::Range { from, to } => {
            let [from, to] = [from, to].map(|date| date.as_deref().unwrap_or_default());
            write!(f, "{field}:{from}..{to}")
        }
    }
}

/// A word with a backslash before each sign that would not be text; wildcards stay as they are
/// unless `wildcards` are to be text too.
fn escaped(text: &str, wildcards: bool) -> String {
    let mut written = String::with_capacity(text.len());
    let is_operator = !matches!(operator(text, Span::new(0, text.len())), Ok(None));
    let names_field =
        text.split_once(':').is_some_and(|(name, _)| Field::from_name(name).is_some());
    if is_operator {
        written.push('\\');
    }
    for (at, c) in text.char_indices() {
        let special = match c {
            '\\' | '(' | ')' | '~' | '^' => true,
            '*' | '?' => wildcards,
            '+' | '-' | '=' | '/' => at == 0,
            ':' => names_field,
            '’' => false,
            c => is_quote(c),
        };
        if special {
            written.push('\\');
        }
        written.push(c);
    }
    written
}

/// The same for a word between quotation marks.
fn quoted(text: &str, wildcards: bool) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\\' || DOUBLE.contains(&c) || (wildcards && matches!(c, '*' | '?')) {
            written.push('\\');
        }
        written.push(c);
    }
    written
}
