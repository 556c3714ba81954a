//! Concordance lines: aligned for a terminal, as rows, as JSON.

use std::fmt::Write as _;

use chancery::search::{KwicLine, KwicOptions, Results};
use serde_json::{Value, json};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::text::Style;
use super::{json as render_json, number, safe_line, tables};

/// A context is cut to no fewer columns than this.
const LEAST_CONTEXT: usize = 12;

/// How many matches there are, and which of them are shown.
pub(crate) fn total(results: &Results, lines: &KwicOptions) -> String {
    let matches = results.occurrences.unwrap_or(0);
    let mut line = format!(
        "{} in {} of {}",
        number(matches, "match", "matches"),
        number(results.passages, "passage", "passages"),
        number(results.documents, "document", "documents"),
    );
    if (results.shown as u64) < matches {
        // Writing to a string does not fail.
        let _ = match results.shown {
            0 => write!(line, "; none shown"),
            shown => {
                let (first, last) = (lines.offset + 1, lines.offset + shown);
                write!(line, "; shown {first} to {last}; -n all shows all")
            }
        };
    }
    line
}

/// Lines with the matches one below the other. Widths are those of the terminal's columns.
pub(crate) fn text(lines: &[KwicLine], style: &Style) -> String {
    let rows: Vec<Row> = lines.iter().map(Row::new).collect();
    let widest = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).width()).max().unwrap_or(0);
    let mut left = widest(|row| &row.left);
    let mut right = widest(|row| &row.right);
    let node = widest(|row| &row.node);
    if let Some(width) = style.width {
        // The address is never cut.
        let fixed = node + widest(|row| &row.address) + 8;
        let room = (width.saturating_sub(fixed) / 2).max(LEAST_CONTEXT);
        left = left.min(room);
        right = right.min(room);
    }
    let mut out = String::new();
    for row in &rows {
        let before = cut_front(&row.left, left);
        let after = cut_back(&row.right, right);
        let pad = |n: usize| " ".repeat(n);
        out.push_str(&pad(left - before.width().min(left)));
        out.push_str(&isolated(&before));
        let whole = (0, row.node.chars().count());
        out.push_str(&isolated(&style.marked(&row.node, &[whole])));
        out.push_str(&isolated(&after));
        let used = row.node.width() + after.width();
        out.push_str(&pad((node + right).saturating_sub(used) + 2));
        out.push_str(&style.paint("2", &row.address));
        out.push('\n');
    }
    out
}

/// What is shown of a line, each part safe and on one line.
struct Row {
    left: String,
    node: String,
    right: String,
    address: String,
}

impl Row {
    fn new(line: &KwicLine) -> Self {
        let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            left: safe_line(&line.left),
            node: safe_line(&fold(&line.node)),
            right: safe_line(&line.right),
            address: address(line),
        }
    }
}

/// Columns of a list of characters kept from one end; marks without width go with their letters.
fn fitting(chars: impl Iterator<Item = char>, columns: usize) -> (Vec<char>, bool) {
    let mut kept = Vec::new();
    let mut used = 0;
    for c in chars {
        used += c.width().unwrap_or(0);
        if used > columns {
            return (kept, true);
        }
        kept.push(c);
    }
    (kept, false)
}

fn cut_front(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let (mut kept, _) = fitting(text.chars().rev(), columns.saturating_sub(1));
    // A mark must not stand without the letter that it belongs to.
    while kept.last().is_some_and(|c| c.width() == Some(0)) {
        kept.pop();
    }
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}

fn cut_back(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let (kept, _) = fitting(text.chars(), columns.saturating_sub(1));
    kept.into_iter().chain(std::iter::once('…')).collect()
}

/// Right-to-left text stays in its column: it is set apart by isolates (UAX 9) of our own.
fn isolated(text: &str) -> String {
    if text.chars().any(is_right_to_left) {
        format!("\u{2068}{text}\u{2069}")
    } else {
        text.to_owned()
    }
}

/// Letters of the blocks that UAX 9 sets from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff
    )
}

fn address(line: &KwicLine) -> String {
    safe_line(&format!("{}#{}", line.document.path, line.passage.ordinal))
}

/// Names of the columns.
pub(crate) fn csv_head() -> String {
    tables::row([
        "rank",
        "left",
        "node",
        "right",
        "path",
        "passage",
        "start",
        "end",
        "paragraph",
        "page",
        "title",
        "speaker",
        "country",
        "date",
        "year",
        "language",
        "collection",
        "type",
        "section",
    ])
}

/// A line as a row.
pub(crate) fn csv(line: &KwicLine, rank: usize) -> String {
    let m = &line.document.metadata;
    let own = |own: &Option<String>, whole: Option<&String>| {
        own.as_ref().or(whole).cloned().unwrap_or_default()
    };
    let section = line.document.sections.get(line.passage.section);
    let cells = [
        rank.to_string(),
        line.left.clone(),
        line.node.clone(),
        line.right.clone(),
        line.document.path.clone(),
        line.passage.ordinal.to_string(),
        line.span.start.to_string(),
        line.span.end.to_string(),
        line.passage.paragraph.clone().unwrap_or_default(),
        line.passage.page.clone().unwrap_or_default(),
        m.title.as_ref().map(|v| v.value.clone()).unwrap_or_default(),
        own(&line.passage.speaker, m.speaker.as_ref().map(|v| &v.value)),
        own(&line.passage.country, m.country.as_ref().map(|v| &v.value)),
        m.date.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
        m.year.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
        m.language.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
        m.collection.as_ref().map(|v| v.value.clone()).unwrap_or_default(),
        m.kind.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
        section.map(|s| s.path.join(" > ")).unwrap_or_default(),
    ];
    tables::row(cells.iter().map(String::as_str))
}

/// A line as an object.
pub(crate) fn json(line: &KwicLine, rank: usize) -> Value {
    let passage = &line.passage;
    let section = line.document.sections.get(passage.section);
    json!({
        "rank": rank,
        "left": line.left,
        "node": line.node,
        "right": line.right,
        "start": line.span.start,
        "end": line.span.end,
        "matches": line.parts.iter().map(|s| json!({"start": s.start, "end": s.end}))
            .collect::<Vec<_>>(),
        "clause": line.clause,
        "address": format!("{}#{}", line.document.path, passage.ordinal),
        "document": render_json::document_head(&line.document),
        "section": section.map(render_json::section_head),
        "passage": {
            "id": passage.id.as_str(),
            "ordinal": passage.ordinal,
            "start": passage.span.start,
            "end": passage.span.end,
            "paragraph": passage.paragraph,
            "page": passage.page,
            "speaker": passage.speaker,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_are_cut_by_columns_and_not_within_letters() {
        assert_eq!(cut_front("of mutual respect", 8), "…respect");
        assert_eq!(cut_back("respect for all", 8), "respect…");
        assert_eq!(cut_front("互相尊重", 5), "…尊重");
        assert_eq!(cut_back("互相尊重", 4), "互…");
        assert_eq!(cut_back("cafe\u{301} noir", 5), "cafe\u{301}…");
        assert_eq!(cut_front("cafe\u{301} noir", 6), "… noir");
    }

    #[test]
    fn right_to_left_text_is_set_apart() {
        assert_eq!(isolated("سلام"), "\u{2068}سلام\u{2069}");
        assert_eq!(isolated("peace"), "peace");
    }
}
