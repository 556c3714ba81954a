//! RIS: lines of a tag, two spaces, a hyphen, a space and a value; a record ends with `ER`.

use std::fmt::Write;

use chancery::document::{Citation, DocumentType};

use super::{folded, key, notes};

/// A record.
pub(crate) fn ris(citation: &Citation) -> String {
    let mut out = String::new();
    let mut line = |tag: &str, value: &str| {
        // Writing to a string does not fail.
        let _ = write!(out, "{tag}  - {}\r\n", folded(value));
    };
    line("TY", kind(citation.kind));
    line("ID", &key(citation));
    if let Some(speaker) = &citation.speaker {
        line("AU", speaker);
    }
    if let Some(title) = &citation.title {
        line("TI", title);
    }
    if let Some(year) = citation.year {
        line("PY", &format!("{year:04}"));
    }
    if let Some(date) = citation.date {
        let part = |n: Option<u8>| n.map_or(String::new(), |n| format!("{n:02}"));
        line("DA", &format!("{:04}/{}/{}/", date.year(), part(date.month()), part(date.day())));
    }
    let fields = [
        ("M1", citation.symbol.clone()),
        ("T2", citation.collection.clone()),
        ("M3", citation.kind.map(|kind| kind.to_string())),
        ("LA", citation.language.clone()),
        ("SE", (!citation.section.is_empty()).then(|| citation.section.join(" > "))),
        ("SP", citation.pinpoint.as_ref().and_then(|p| p.page.clone())),
    ];
    for (tag, value) in fields {
        if let Some(value) = value {
            line(tag, &value);
        }
    }
    if let Some(quotation) = &citation.quotation {
        line("N1", &format!("Quotation as in file: {}", quotation.text));
    }
    for note in notes(citation) {
        line("N1", &note);
    }
    out.push_str("ER  - \r\n");
    out
}

fn kind(kind: Option<DocumentType>) -> &'static str {
    match kind {
        Some(DocumentType::Letter | DocumentType::Cable) => "PCOMM",
        Some(DocumentType::Report) => "RPRT",
        Some(DocumentType::Resolution | DocumentType::SummaryRecord | DocumentType::Verbatim) => {
            "GOVDOC"
        }
        _ => "GEN",
    }
}
