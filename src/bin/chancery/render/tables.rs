//! Results as CSV, Markdown, HTML and TREC runs.

use std::fmt::Write;

use chancery::search::{Hit, Results};

use super::{safe, safe_line};

/// One row a hit; a cell that a spreadsheet would take for a formula gets an apostrophe in front.
pub(crate) fn csv(results: &Results) -> String {
    let mut out = String::from(
        "rank,score,path,passage,title,speaker,country,date,year,section,start,end,text\r\n",
    );
    for hit in &results.hits {
        let metadata = &hit.document.metadata;
        let section = hit.document.sections.get(hit.passage.section);
        let cells = [
            hit.rank.to_string(),
            format!("{:.4}", hit.score),
            hit.document.path.clone(),
            hit.passage.ordinal.to_string(),
            metadata.title.as_ref().map(|v| v.value.clone()).unwrap_or_default(),
            metadata.speaker.as_ref().map(|v| v.value.clone()).unwrap_or_default(),
            metadata.country.as_ref().map(|v| v.value.clone()).unwrap_or_default(),
            metadata.date.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
            metadata.year.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
            section.map(|s| s.path.join(" > ")).unwrap_or_default(),
            hit.passage.span.start.to_string(),
            hit.passage.span.end.to_string(),
            hit.text.clone(),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

fn csv_cell(cell: &str) -> String {
    let cell = safe(cell);
    let formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    let cell = if formula { format!("'{cell}") } else { cell };
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

/// A list of quotations with their addresses.
pub(crate) fn markdown(results: &Results) -> String {
    let mut out = String::new();
    for hit in &results.hits {
        let address = format!("{}#{}", hit.document.path, hit.passage.ordinal);
        // Writing to a string does not fail.
        let _ = writeln!(out, "{}. **{}**", hit.rank, escape_markdown(&safe_line(&address)));
        if let Some(title) = &hit.document.metadata.title {
            let _ = writeln!(out, "   {}", escape_markdown(&safe_line(&title.value)));
        }
        let _ = writeln!(out, "\n   > {}\n", marked(hit, escape_markdown, "**", "**"));
    }
    out
}

/// A page of its own.
pub(crate) fn html(results: &Results, query: &str) -> String {
    let query = escape_html(&safe_line(query));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{query}</title>\n<h1>{query}</h1>\n<ol>\n"
    );
    for hit in &results.hits {
        let address =
            escape_html(&safe_line(&format!("{}#{}", hit.document.path, hit.passage.ordinal)));
        let title = hit.document.metadata.title.as_ref();
        let title =
            title.map_or(String::new(), |t| format!("<br>{}", escape_html(&safe_line(&t.value))));
        let text = marked(hit, escape_html, "<mark>", "</mark>");
        let _ = writeln!(
            out,
            "<li value=\"{}\"><p><b>{address}</b>{title}</p><blockquote>{text}</blockquote></li>",
            hit.rank
        );
    }
    out.push_str("</ol>\n</html>\n");
    out
}

/// `query_id Q0 path rank score chancery`, one line a document.
pub(crate) fn trec(results: &Results, query_id: &str) -> String {
    let mut out = String::new();
    for hit in &results.hits {
        let path = percent_encoded(&hit.document.path);
        let _ = writeln!(out, "{query_id}\tQ0\t{path}\t{}\t{:.6}\tchancery", hit.rank, hit.score);
    }
    out
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

fn marked(hit: &Hit, escape: fn(&str) -> String, open: &str, close: &str) -> String {
    let mut out = String::new();
    for (index, c) in safe(&hit.snippet.text).chars().enumerate() {
        if hit.snippet.highlights.iter().any(|(start, _)| *start == index) {
            out.push_str(open);
        }
        out.push_str(&escape(&c.to_string()));
        if hit.snippet.highlights.iter().any(|(_, end)| *end == index + 1) {
            out.push_str(close);
        }
    }
    out
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn escape_markdown(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '*' | '_' | '`' | '[' | ']' | '<' | '>' | '\\' | '#' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas() {
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("-1.5"), "-1.5");
        assert_eq!(csv_cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape_html("<script>&\""), "&lt;script&gt;&amp;&quot;");
        assert_eq!(percent_encoded("Session 1/a b.txt"), "Session%201/a%20b.txt");
    }
}
