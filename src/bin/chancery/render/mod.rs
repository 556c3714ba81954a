//! Results to a terminal, JSON, CSV, Markdown, HTML: the only place that knows markup and colour.

pub(crate) mod citation;
pub(crate) mod facets;
pub(crate) mod json;
pub(crate) mod kwic;
pub(crate) mod markup;
pub(crate) mod stream;
pub(crate) mod tables;
pub(crate) mod text;
pub(crate) mod why;

use chancery::search::OtherName;

/// Text of a document made safe for people to look at: control, escape and direction characters are
/// shown as `�`, line ends and tabs kept.
pub(crate) fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            c if is_control(c) || is_direction(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The same on one line.
pub(crate) fn safe_line(text: &str) -> String {
    safe(text).replace(['\n', '\t', '\u{2028}', '\u{2029}'], " ")
}

/// Whether it may move a cursor, change colours or ring a bell; line feed and tab may stay.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// Whether it sets or overrides the direction of what follows.
fn is_direction(c: char) -> bool {
    matches!(u32::from(c), 0x200e | 0x200f | 0x061c | 0x202a..=0x202e | 0x2066..=0x2069)
}

/// A JSON value on one line; control and direction characters are escaped, which says the same and
/// does nothing to a terminal.
pub(crate) fn json_line(value: &serde_json::Value) -> String {
    let plain = value.to_string();
    let is_unsafe = |c| is_control(c) || is_direction(c);
    if !plain.chars().any(is_unsafe) {
        return plain;
    }
    let escaped =
        |c: char| if is_unsafe(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    plain.chars().map(escaped).collect()
}

/// `1 match`, `2 matches`.
pub(crate) fn number(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// What was searched besides what was typed, each name with its counts.
pub(crate) fn names(others: &[OtherName]) -> Vec<String> {
    let name = |other: &OtherName| {
        let until = other.until.map_or(String::new(), |year| format!("until {year}; "));
        let passages = number(other.passages, "passage", "passages");
        let matches = number(other.occurrences, "match", "matches");
        format!("{} ({until}{passages}, {matches})", other.name)
    };
    others.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(safe("a\u{1b}[31mb\u{202e}c\n"), "a\u{fffd}[31mb\u{fffd}c\n");
        assert_eq!(safe_line("a\nb"), "a b");
        assert_eq!(safe("a\r\nb\rc"), "a\nb\u{fffd}c");
        let value = serde_json::json!("a\u{202e}b\u{7f}c\nd");
        let line = json_line(&value);
        assert_eq!(line, "\"a\\u202eb\\u007fc\\nd\"");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap(), value);
    }
}
