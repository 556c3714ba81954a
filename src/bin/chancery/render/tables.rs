//! Results as CSV and TREC runs.
//!
//! A cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a
//! carriage return, and is no number) gets an apostrophe in front.

use std::fmt::Write;

use chancery::search::{Hit, Listed};

use super::safe;

/// Names of the columns of hits.
pub(crate) const COLUMNS: [&str; 16] = [
    "rank",
    "score",
    "path",
    "passage",
    "title",
    "speaker",
    "country",
    "date",
    "year",
    "language",
    "collection",
    "type",
    "section",
    "start",
    "end",
    "text",
];

/// A row of cells.
pub(crate) fn row<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let mut out = String::new();
    for (index, text) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&cell(text));
    }
    out.push_str("\r\n");
    out
}

/// One row a hit.
pub(crate) fn hit(hit: &Hit, query_id: Option<&str>) -> String {
    let document = &hit.document;
    let metadata = &document.metadata;
    let section = document.sections.get(hit.passage.section);
    let speaker = hit.passage.speaker.as_ref();
    let country = hit.passage.country.as_ref();
    let cells = [
        hit.rank.to_string(),
        format!("{:.4}", hit.score),
        document.path.clone(),
        hit.passage.ordinal.to_string(),
        metadata.title.as_ref().map(|v| v.value.clone()).unwrap_or_default(),
        speaker.or(metadata.speaker.as_ref().map(|v| &v.value)).cloned().unwrap_or_default(),
        country.or(metadata.country.as_ref().map(|v| &v.value)).cloned().unwrap_or_default(),
        metadata.date.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
        metadata.year.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
        metadata.language.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
        metadata.collection.as_ref().map(|v| v.value.clone()).unwrap_or_default(),
        metadata.kind.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
        section.map(|s| s.path.join(" > ")).unwrap_or_default(),
        hit.passage.span.start.to_string(),
        hit.passage.span.end.to_string(),
        hit.text.clone(),
    ];
    row(query_id.into_iter().chain(cells.iter().map(String::as_str)))
}

/// A cell: no formula, no control or direction characters but line ends and tabs, quoted where it must
/// be.
pub(crate) fn cell(text: &str) -> String {
    let text = safe(text);
    let formula = text.starts_with(['=', '+', '-', '@', '\t']) && text.parse::<f64>().is_err();
    let text = if formula { format!("'{text}") } else { text };
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// `query_id Q0 path rank score chancery`: a line of a run.
pub(crate) fn trec(hit: &Listed, query_id: &str) -> String {
    let path = percent_encoded(&hit.path);
    format!("{query_id}\tQ0\t{path}\t{}\t{:.6}\tchancery\n", hit.rank, hit.score)
}

fn percent_encoded(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!#".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(cell("\t=1"), "'\t=1");
        assert_eq!(cell("\r=1"), "\u{fffd}=1");
        assert_eq!(cell("=\u{202e}1"), "'=\u{fffd}1");
        assert_eq!(cell("+A1"), "'+A1");
        assert_eq!(cell("-1.5"), "-1.5");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("a\u{1b}[31m"), "a\u{fffd}[31m");
    }

    #[test]
    fn paths_of_runs_have_no_spaces() {
        assert_eq!(percent_encoded("Session 1/a b.txt"), "Session%201/a%20b.txt");
    }
}
