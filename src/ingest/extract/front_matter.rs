//! The values that stand before a text: YAML between `---`, TOML between `+++`.

use super::block::{Key, Value};
use crate::document::{Origin, Span};

/// Front matter as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// Its place in the text, with its fences.
    pub(super) span: Span,
    /// Its values, in order.
    pub(super) values: Vec<Value>,
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
            let values = fields.into_iter().filter_map(value).collect();
            return (at > start).then_some(FrontMatter { span: Span::new(start, end), values });
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

/// A field as a value, when its name is one of ours and it has a text.
fn value((name, parts): (String, Vec<String>)) -> Option<Value> {
    let key = key(&name)?;
    let parts = parts.iter().flat_map(|part| list(part)).map(unquote);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let text = parts.join("; ");
    (!text.is_empty()).then_some(Value { key, text, origin: Origin::FrontMatter })
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
    fn a_rule_is_no_front_matter() {
        for text in
            ["---\nA sentence\n---\n", "---\ntitle: x\n", "text\n---\na: b\n---", "--- \n- a\n---"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
