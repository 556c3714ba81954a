//! Tree to plain words, for a reader who wants to know how a query was understood.

use std::fmt::Write as _;

use super::error::visible;
use super::{Field, Form, Item, Kind, Node, Query, Scope, Value};

/// Says in plain words what a query asks for. Control characters are shown as `�`.
///
/// ```
/// use chancery::query::{ParseOptions, Query, explain};
/// let query = Query::parse("\"win-win cooperation\" AND treat* AND NOT war", &ParseOptions::default())?;
/// assert_eq!(
///     explain(&query),
///     "passages with the phrase \"win-win cooperation\" and words in \"treat*\", without war",
/// );
/// # Ok::<(), chancery::query::Error>(())
/// ```
pub fn explain(query: &Query) -> String {
    let Some(root) = &query.root else {
        return "nothing: there is no word to look for".to_owned();
    };
    let text = match &root.kind {
        Kind::All => "all passages".to_owned(),
        Kind::Bool { must, should, must_not } if must.is_empty() && should.is_empty() => {
            format!("all passages without {}{}", list(must_not, "or"), weight(root))
        }
        _ => format!("passages with {}", part(root, Place::Whole)),
    };
    text.chars().map(visible).collect()
}

/// Whether a list needs parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Whole,
    Part,
}

fn part(node: &Node, place: Place) -> String {
    let text = match &node.kind {
        Kind::Word { text, form: Form::Stemmed } => text.clone(),
        Kind::Word { text, .. } => format!("exactly \"{text}\""),
        Kind::Phrase { items, slop, form } => {
            let only = if *form == Form::Literal && items.len() > 1 { "only " } else { "" };
            format!("{only}{}", phrase(items, *slop))
        }
        Kind::Pattern { text } => format!("words in \"{text}\""),
        Kind::Regex { pattern } => format!("words that match /{pattern}/"),
        Kind::Fuzzy { text, distance: 1 } => format!("\"{text}\" give or take a letter"),
        Kind::Fuzzy { text, distance } => format!("\"{text}\" give or take {distance} letters"),
        Kind::Near { ordered, distance, left, right } => {
            let side = if *ordered { "before" } else { "of" };
            let plural = if *distance == 1 { "" } else { "s" };
            let (left, right) = (part(left, Place::Part), part(right, Place::Part));
            grouped(format!("{left} within {distance} word{plural} {side} {right}"), place)
        }
        Kind::Within { scope, left, right } => {
            let scope = match scope {
                Scope::Sentence => "sentence",
                Scope::Paragraph => "paragraph",
            };
            let (left, right) = (part(left, Place::Part), part(right, Place::Part));
            grouped(format!("{left} in one {scope} with {right}"), place)
        }
        Kind::Bool { must, should, must_not } => {
            let is_list = must.len() + should.len() + must_not.len() > 1 || node.boost.is_some();
            let place = if is_list { place } else { Place::Whole };
            grouped(clauses(must, should, must_not), place)
        }
        Kind::Field { field, value } => property(*field, value),
        Kind::All => "anything".to_owned(),
    };
    text + &weight(node)
}

fn grouped(text: String, place: Place) -> String {
    if place == Place::Part { format!("({text})") } else { text }
}

fn weight(node: &Node) -> String {
    node.boost.map_or(String::new(), |boost| format!(" [weight {boost}]"))
}

fn clauses(must: &[Node], should: &[Node], must_not: &[Node]) -> String {
    let mut text = list(must, "and");
    let optional = match (must, should) {
        (_, []) => String::new(),
        ([], _) => list(should, "or"),
        _ => format!(", better with {}", list(should, "or")),
    };
    text.push_str(&optional);
    if !must_not.is_empty() {
        let comma = if text.is_empty() { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{comma}without {}", list(must_not, "or"));
    }
    text
}

/// `a, b and c`
fn list(nodes: &[Node], last: &str) -> String {
    let mut text = String::new();
    for (index, node) in nodes.iter().enumerate() {
        let separator = match index {
            0 => String::new(),
            index if index + 1 == nodes.len() => format!(" {last} "),
            _ => ", ".to_owned(),
        };
        text.push_str(&separator);
        text.push_str(&part(node, Place::Part));
    }
    text
}

fn phrase(items: &[Item], slop: u32) -> String {
    let words = items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join(" ");
    let name = if items.len() == 1 { "exactly" } else { "the phrase" };
    match slop {
        0 => format!("{name} \"{words}\""),
        1 => format!("{name} \"{words}\" with at most one other word in between"),
        _ => format!("{name} \"{words}\" with at most {slop} other words in between"),
    }
}

fn property(field: Field, value: &Value) -> String {
    match value {
        Value::Text { text, whole: false, .. } => format!("{field} \"{text}\""),
        Value::Text { text, whole: true, .. } => format!("the whole {field} \"{text}\""),
        Value::Range { from, to } => match (from, to) {
            (Some(from), Some(to)) if from == to => format!("{field} {from}"),
            (Some(from), Some(to)) => format!("{field} from {from} to {to}"),
            (Some(from), None) => format!("{field} from {from} on"),
            (None, Some(to)) => format!("{field} up to {to}"),
            (None, None) => format!("any {field}"),
        },
    }
}
