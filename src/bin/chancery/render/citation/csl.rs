//! CSL-JSON: items for citation processors (schema 1.0.2); what has no variable there stands in `custom`.

use chancery::document::{Citation, DocumentType};
use serde_json::{Map, Value, json};

use super::{address, cautions, key, notes};

/// An item.
pub(crate) fn csl(citation: &Citation) -> Value {
    let mut item = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            item.insert(name.to_owned(), value);
        }
    };
    let text = |value: &Option<String>| value.clone().map(Value::from);
    put("id", Some(key(citation).into()));
    put("type", Some(kind(citation).into()));
    put("title", text(&citation.title));
    // A name is kept whole: which part of it is the family's is not known.
    put("author", citation.speaker.as_ref().map(|name| json!([{"literal": name}])));
    put("issued", issued(citation));
    put("language", text(&citation.language));
    put("number", text(&citation.symbol));
    put("collection-title", text(&citation.collection));
    put("genre", citation.kind.map(|kind| kind.to_string().into()));
    put("section", (!citation.section.is_empty()).then(|| citation.section.join(" > ").into()));
    let pinpoint = citation.pinpoint.as_ref();
    put("page", pinpoint.and_then(|p| p.page.clone()).map(Value::from));
    put("note", Some(notes(citation).join("; ").into()));
    put("annote", citation.quotation.as_ref().map(|q| q.text.clone().into()));
    put(
        "custom",
        Some(json!({
            "address": address(citation),
            "path": citation.path,
            "content_hash": citation.content_hash,
            "role": citation.role,
            "country": citation.country,
            "country_as_of": citation.country_name,
            "paragraph": pinpoint.and_then(|p| p.paragraph.clone()),
            "passage": pinpoint.map(|p| p.passage),
            "start": citation.quotation.as_ref().map(|q| q.span.start),
            "end": citation.quotation.as_ref().map(|q| q.span.end),
            "cautions": cautions(citation),
        })),
    );
    Value::Object(item)
}

fn issued(citation: &Citation) -> Option<Value> {
    let mut parts = vec![citation.date.map_or(citation.year, |date| Some(date.year()))?];
    if let Some(date) = citation.date {
        parts.extend(date.month().map(i32::from));
        parts.extend(date.day().map(i32::from));
    }
    Some(json!({"date-parts": [parts]}))
}

fn kind(citation: &Citation) -> &'static str {
    match citation.kind {
        Some(DocumentType::Statement | DocumentType::Verbatim) => "speech",
        Some(DocumentType::Treaty) => "treaty",
        Some(DocumentType::Resolution) => "legislation",
        Some(DocumentType::Letter | DocumentType::Cable) => "personal_communication",
        Some(DocumentType::Article) => "article",
        Some(DocumentType::Report | DocumentType::SummaryRecord) => "report",
        Some(DocumentType::Communique | DocumentType::PressRelease) | None => "document",
    }
}
