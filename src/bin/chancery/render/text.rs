//! Results for people: a heading line a hit with its address, then the marked snippet.

use std::fmt::Write;

use chancery::document::{Document, Passage, SectionKind};
use chancery::search::{Hit, Results, Snippet};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{number, safe, safe_line};

/// How to write for people.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// Escape sequences for headings and marks.
    pub(crate) color: bool,
    /// Columns to wrap at; `None` for no wrapping.
    pub(crate) width: Option<usize>,
    /// What stands around a mark where there is no colour.
    pub(crate) mark: (String, String),
}

impl Style {
    pub(crate) fn paint(&self, code: &str, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// Text with marks: ranges in characters.
    pub(crate) fn marked(&self, text: &str, marks: &[(usize, usize)]) -> String {
        let (open, close) = if self.color {
            ("\u{1b}[1;33m".to_owned(), "\u{1b}[0m".to_owned())
        } else {
            self.mark.clone()
        };
        let mut out = String::new();
        for (index, c) in safe(text).chars().enumerate() {
            if marks.iter().any(|(start, _)| *start == index) {
                out.push_str(&open);
            }
            out.push(c);
            if marks.iter().any(|(_, end)| *end == index + 1) {
                out.push_str(&close);
            }
        }
        out
    }

    /// Wraps at spaces; escape sequences take no width.
    pub(crate) fn wrap(&self, text: &str, indent: &str) -> String {
        let Some(width) = self.width else { return format!("{indent}{text}") };
        let room = width.saturating_sub(indent.width()).max(20);
        let mut out = String::new();
        let mut used = 0;
        for word in text.split(' ') {
            let wide = shown_width(word);
            if used == 0 {
                out.push_str(indent);
            } else if used + 1 + wide > room {
                out.push('\n');
                out.push_str(indent);
                used = 0;
            } else {
                out.push(' ');
                used += 1;
            }
            out.push_str(word);
            used += wide;
        }
        out
    }
}

pub(crate) fn shown_width(text: &str) -> usize {
    let mut width = 0;
    let mut escape = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => escape = true,
            'm' if escape => escape = false,
            _ if escape => {}
            c => width += c.width().unwrap_or(0),
        }
    }
    width
}

/// A hit, with its neighbours and the account of its score where asked for.
pub(crate) fn hit(hit: &Hit, style: &Style) -> String {
    let mut out = format!("{}\n", heading(hit, style));
    // Writing to a string does not fail.
    for (passage, text) in &hit.before {
        let _ = writeln!(out, "{}", neighbour(passage, text, style));
    }
    let Snippet { text, highlights } = &hit.snippet;
    let _ = writeln!(out, "{}", style.wrap(&style.marked(text, highlights), "    "));
    for (passage, text) in &hit.after {
        let _ = writeln!(out, "{}", neighbour(passage, text, style));
    }
    if !hit.explanation.is_empty() {
        let _ = writeln!(out, "    score {:.3}, of which", hit.score);
    }
    for part in &hit.explanation {
        let line = format!("{:>8.3}  {}: {}", part.score, safe_line(&part.typed), part.reason);
        let _ = writeln!(out, "{}", style.wrap(&line, "    "));
    }
    out.push('\n');
    out
}

fn neighbour(passage: &Passage, text: &str, style: &Style) -> String {
    let line = safe_line(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    style.paint("2", &style.wrap(&format!("#{} {line}", passage.ordinal), "    "))
}

/// `12 passages in 3 documents`, and which of them are shown.
pub(crate) fn total(results: &Results) -> String {
    let documents = number(results.documents, "document", "documents");
    let mut line = format!("{} in {documents}", number(results.passages, "passage", "passages"));
    if let Some(occurrences) = results.occurrences {
        let _ = write!(line, ", {}", number(occurrences, "match", "matches"));
    }
    let shown = results.shown;
    if (shown as u64) < results.passages && shown > 0 {
        let first = results.offset + 1;
        let _ = write!(line, "; shown {first} to {}", results.offset + shown);
    }
    if results.undated_excluded > 0 {
        let _ = write!(
            line,
            "; {} left out for want of a date",
            number(results.undated_excluded, "document", "documents")
        );
    }
    if results.likely_excluded > 0 {
        let _ = write!(
            line,
            "; {} likely on the topic left out (--likely)",
            number(results.likely_excluded, "passage", "passages")
        );
    }
    line
}

fn heading(hit: &Hit, style: &Style) -> String {
    let document = &hit.document;
    let address = format!("{}#{}", safe_line(&document.path), hit.passage.ordinal);
    let mut line = format!("{:>2}  {}", hit.rank, style.paint("1;36", &address));
    let about = about(document, hit.passage.speaker.as_deref());
    if !about.is_empty() {
        let _ = write!(line, "  {}", style.paint("2", &about));
    }
    let title = document.metadata.title.as_ref().map(|title| safe_line(&title.value));
    let section = document
        .sections
        .get(hit.passage.section)
        .filter(|s| matches!(s.kind, SectionKind::Heading | SectionKind::Turn))
        .map(|s| safe_line(&s.path.join(" > ")));
    let under: Vec<String> = title.into_iter().chain(section).collect();
    if !under.is_empty() {
        let _ = write!(line, "\n{}", style.wrap(&under.join(" > "), "    "));
    }
    line
}

/// Speaker, country, date and language in one line; what is unknown is left out.
pub(crate) fn about(document: &Document, speaker: Option<&str>) -> String {
    let metadata = &document.metadata;
    let mut parts = Vec::new();
    let speaker = speaker
        .map(ToOwned::to_owned)
        .or_else(|| metadata.speaker.as_ref().map(|value| value.value.clone()));
    parts.extend(speaker);
    parts.extend(metadata.country.as_ref().map(|value| value.value.clone()));
    match (&metadata.date, &metadata.year) {
        (Some(date), _) => parts.push(date.value.to_string()),
        (None, Some(year)) => parts.push(year.value.to_string()),
        (None, None) => {}
    }
    parts.extend(metadata.language.as_ref().map(|value| value.value.to_string()));
    safe_line(&parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(width: Option<usize>) -> Style {
        Style { color: false, width, mark: ("[[".to_owned(), "]]".to_owned()) }
    }

    #[test]
    fn marks_stand_around_what_matched() {
        assert_eq!(plain(None).marked("a win-win b", &[(2, 9)]), "a [[win-win]] b");
    }

    #[test]
    fn long_lines_wrap_at_spaces() {
        let wrapped = plain(Some(26)).wrap("one two three four five six seven", "  ");
        assert_eq!(wrapped, "  one two three four five\n  six seven");
    }
}
