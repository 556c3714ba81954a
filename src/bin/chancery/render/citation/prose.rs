//! Citations for people: one line of reference, the words, then what to mind.

use std::fmt::Write as _;

use chancery::document::Citation;

use super::{address, cautions, date_in_words, place, state};
use crate::render::markup::{html, markdown};
use crate::render::{safe, safe_line};

/// `Speaker (role, State), “Title”, statement, 28 September 2015, symbol, collection, place, address`;
/// what is unknown is left out.
pub(crate) fn reference(citation: &Citation) -> String {
    let mut parts = Vec::new();
    let office = [citation.role.clone(), state(citation)];
    let office: Vec<String> = office.into_iter().flatten().collect();
    let office = office.join(", ");
    match &citation.speaker {
        Some(speaker) if office.is_empty() => parts.push(speaker.clone()),
        Some(speaker) => parts.push(format!("{speaker} ({office})")),
        None if !office.is_empty() => parts.push(office),
        None => {}
    }
    parts.extend(citation.title.as_ref().map(|title| format!("\u{201c}{title}\u{201d}")));
    parts.extend(citation.kind.map(|kind| kind.to_string()));
    match (citation.date, citation.year) {
        (Some(date), _) => parts.push(date_in_words(date)),
        (None, Some(year)) => parts.push(year.to_string()),
        (None, None) => {}
    }
    parts.extend(citation.symbol.clone());
    parts.extend(citation.collection.clone());
    if !citation.section.is_empty() {
        parts.push(format!("under \u{201c}{}\u{201d}", citation.section.join(" > ")));
    }
    parts.extend(place(citation));
    parts.push(address(citation));
    safe_line(&parts.join(", "))
}

/// Where the quotation stands in the file.
fn where_in_file(citation: &Citation) -> Option<String> {
    let quotation = citation.quotation.as_ref()?;
    let span = quotation.span;
    Some(format!("As in file, bytes {} to {}", span.start, span.end))
}

/// For a terminal or a plain text.
pub(crate) fn text(citation: &Citation) -> String {
    let mut out = format!("{}\n", reference(citation));
    if let Some(quotation) = &citation.quotation {
        let _ = write!(out, "\n{}\n\n", safe(&quotation.text));
    }
    for line in where_in_file(citation).into_iter().chain(cautions(citation)) {
        out.push_str(&safe_line(&line));
        out.push('\n');
    }
    out
}

/// A quotation of Markdown.
pub(crate) fn as_markdown(citation: &Citation) -> String {
    let mut out = String::new();
    if let Some(quotation) = &citation.quotation {
        for line in markdown(&safe(&quotation.text)).lines() {
            out.push_str(format!("> {line}").trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}", markdown(&reference(citation)));
    for line in where_in_file(citation).into_iter().chain(cautions(citation)) {
        let _ = write!(out, "\n{}\n", markdown(&safe_line(&line)));
    }
    out
}

/// A quotation of HTML.
pub(crate) fn as_html(citation: &Citation) -> String {
    let mut out = String::from("<figure>\n");
    if let Some(quotation) = &citation.quotation {
        let language =
            citation.language.as_ref().map_or(String::new(), |l| format!(" lang=\"{}\"", html(l)));
        let _ = writeln!(
            out,
            "<blockquote{language} dir=\"auto\" style=\"white-space: pre-wrap\">{}</blockquote>",
            html(&safe(&quotation.text))
        );
    }
    let _ = write!(out, "<figcaption>{}", html(&reference(citation)));
    for line in where_in_file(citation).into_iter().chain(cautions(citation)) {
        let _ = write!(out, "<br>\n{}", html(&safe_line(&line)));
    }
    out.push_str("</figcaption>\n</figure>\n");
    out
}
