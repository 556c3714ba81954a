//! The values that stand before a text: YAML between `---`, TOML between `+++`.
//!
//! Lines of a name and a plain value are read, and lists of plain values; nothing else of the two
//! languages is. What cannot be used is told as a problem, never guessed.

use super::block::{Key, Value};
use crate::document::{Origin, Problem, Span};

/// A value is no longer than this, in bytes; what is longer is text in the wrong place.
const LONGEST: usize = 2_000;

/// Front matter as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// Its place in the text, with its fences.
    pub(super) span: Span,
    /// Its values, in order.
    pub(super) values: Vec<Value>,
    /// What was not used, and why.
    pub(super) problems: Vec<Problem>,
}

/// The front matter at the start of a text, behind a byte-order mark.
pub(super) fn read(text: &str) -> Option<FrontMatter> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.len() - body.len();
    let mut lines = body.split_inclusive('\n');
    let fence = lines.next()?;
    let mut at = start + fence.len();
    let fence = fence.trim_end();
    let sign = match fence {
        "---" => ':',
        "+++" => '=',
        _ => return None,
    };
    let mut fields: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        at += line.len();
        let line = line.trim_end();
        if line == fence || (sign == ':' && line == "...") {
            let end = start + text.get(start..at)?.trim_end().len();
            let mut found = FrontMatter {
                span: Span::new(start, end),
                values: Vec::new(),
                problems: Vec::new(),
            };
            for (name, parts) in fields {
                found.take(&name, &parts);
            }
            return Some(found);
        }
        let inner = line.trim_start();
        if inner.is_empty() || inner.starts_with('#') || (sign == '=' && inner.starts_with('[')) {
            continue;
        }
        let item = inner.strip_prefix('-').or_else(|| (inner != line).then_some(inner));
        match (item, fields.last_mut()) {
            (Some(item), Some((_, values))) => values.push(item.trim().to_owned()),
            (None, _) => {
                let (name, rest) = inner.split_once(sign)?;
                fields.push((name.trim().to_owned(), vec![rest.trim().to_owned()]));
            }
            (Some(_), None) => return None,
        }
    }
    None
}

/// The key that a name of front matter or a header stands for.
pub(super) fn key(name: &str) -> Option<Key> {
    let name: String = name
        .trim_matches(['"', '\''])
        .chars()
        .filter(|sign| sign.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    Some(match name.as_str() {
        "title" | "headline" => Key::Title,
        "author" | "authors" | "speaker" | "byline" | "from" | "by" => Key::Speaker,
        "role" | "office" | "position" | "post" => Key::Role,
        "country" | "represents" | "state" | "nation" => Key::Country,
        "date" | "published" | "publishdate" | "pubdate" | "created" | "year" => Key::Date,
        "lang" | "language" => Key::Language,
        "originallanguage" | "originallang" => Key::OriginalLanguage,
        "collection" | "series" => Key::Collection,
        "type" | "kind" | "documenttype" | "doctype" => Key::Kind,
        "symbol" | "documentsymbol" => Key::Symbol,
        _ => return None,
    })
}

impl FrontMatter {
    /// Takes a field as a value, when its name is one of ours and it has a text.
    fn take(&mut self, name: &str, parts: &[String]) {
        let Some(key) = key(name) else {
            if let Some(why) = unused(name, parts) {
                self.tell(why);
            }
            return;
        };
        if parts.iter().any(|part| !is_plain(part)) {
            self.tell(format!(
                "the \"{name}\" of the front matter is no plain value; it was not used"
            ));
            return;
        }
        let parts = parts.iter().flat_map(|part| list(part)).map(unquote);
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        let text = parts.join("; ");
        if text.len() > LONGEST {
            self.tell(format!("the \"{name}\" of the front matter is too long; it was not used"));
        } else if !text.is_empty() {
            self.values.push(Value { key, text, origin: Origin::FrontMatter });
        }
    }

    fn tell(&mut self, problem: String) {
        let problem = Problem::new(problem);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

/// Why a field that is none of ours may surprise by not being used.
fn unused(name: &str, parts: &[String]) -> Option<String> {
    if matches!(name, "topic" | "topics" | "region" | "regions" | "section" | "sections") {
        Some(format!("the \"{name}\" of the front matter was not used; it is found in the text"))
    } else if parts.iter().any(|part| part.starts_with(['&', '*'])) {
        Some("the front matter has anchors, which are not read".to_owned())
    } else {
        None
    }
}

/// Whether a part is a plain value or a list of such.
fn is_plain(part: &str) -> bool {
    let inner = part.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(part);
    !inner.trim_start().starts_with(['&', '*', '[', '{'])
        && (inner == part || !inner.contains(['[', '{']))
}

/// The parts of `[a, "b"]`, or the whole.
fn list(text: &str) -> Vec<&str> {
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.split(',').collect(),
        None => vec![text],
    }
}

fn unquote(text: &str) -> &str {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).map_or(inner, |(inside, _)| inside);
        }
    }
    match text {
        ">" | "|" | ">-" | "|-" | "null" | "~" => "",
        _ => text.split_once(" #").map_or(text, |(value, _)| value.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_and_toml_give_values() {
        for (text, expected) in [
            ("---\ntitle: \"On peace\" # x\ndate: 1957-02-03\n---\nText", "On peace|1957-02-03"),
            ("\u{feff}---\r\nauthor:\r\n  - A B\r\n  - C D\r\n---\r\n", "A B; C D"),
            (
                "+++\ntitle = 'On peace'\nauthors = [\"A\", \"B\"]\n[extra]\nx = 1\n+++\n",
                "On peace|A; B",
            ),
            ("---\ntitle: >\n  folded\n...\n", "folded"),
        ] {
            let found = read(text).unwrap();
            let values: Vec<&str> = found.values.iter().map(|value| value.text.as_str()).collect();
            assert_eq!(values.join("|"), expected);
            assert!(found.span.of(text).ends_with(['-', '+', '.']));
        }
    }

    #[test]
    fn what_is_not_used_is_told() {
        for (text, n_values, n_problems) in [
            ("---\ntitle: [1, {a: b}]\ndate: {}\nauthor: A\n---\n", 1, 2),
            ("---\na: &a [x]\nb: &b [*a]\n---\n", 0, 1),
            ("---\ntopic: [a, b]\nlayout: post\n---\n", 0, 1),
            ("---\nyear: 1957\nrole: [Envoy]\n---\n", 2, 0),
        ] {
            let found = read(text).unwrap();
            assert_eq!(
                (found.values.len(), found.problems.len()),
                (n_values, n_problems),
                "{text}"
            );
        }
        let long = format!("---\ntitle: {}\n---\n", "word ".repeat(LONGEST));
        assert_eq!(read(&long).unwrap().problems.len(), 1);
    }

    #[test]
    fn a_rule_is_no_front_matter() {
        for text in
            ["---\nA sentence\n---\n", "---\ntitle: x\n", "text\n---\na: b\n---", "--- \n- a\n---"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
