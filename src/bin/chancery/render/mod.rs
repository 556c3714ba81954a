//! Results to a terminal, JSON, CSV, Markdown, HTML: the only place that knows markup and colour.

pub(crate) mod json;
pub(crate) mod tables;
pub(crate) mod text;
pub(crate) mod why;

/// Text of a document made safe for a terminal: control, escape and direction characters are shown
/// as `�`, line ends and tabs kept.
pub(crate) fn safe(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect()
}

/// The same on one line.
pub(crate) fn safe_line(text: &str) -> String {
    safe(text).replace(['\n', '\r', '\t', '\u{2028}', '\u{2029}'], " ")
}

/// A JSON value on one line; control and direction characters are escaped, which says the same and
/// does nothing to a terminal.
pub(crate) fn json_line(value: &serde_json::Value) -> serde_json::Result<String> {
    let plain = serde_json::to_string(value)?;
    if !plain.chars().any(is_unsafe) {
        return Ok(plain);
    }
    let escaped = |c: char| {
        if is_unsafe(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }
    };
    Ok(plain.chars().map(escaped).collect())
}

fn is_unsafe(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(u32::from(c), 0x200e | 0x200f | 0x061c | 0x202a..=0x202e | 0x2066..=0x2069)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(safe("a\u{1b}[31mb\u{202e}c\n"), "a\u{fffd}[31mb\u{fffd}c\n");
        assert_eq!(safe_line("a\nb"), "a b");
        let value = serde_json::json!("a\u{202e}b\u{7f}c\nd");
        let line = json_line(&value).unwrap();
        assert_eq!(line, "\"a\\u202eb\\u007fc\\nd\"");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap(), value);
    }
}
