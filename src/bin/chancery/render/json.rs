//! Results as JSON. The shapes are promised to other programs; keys are added, never renamed.

use chancery::document::{
    Confidence, Document, Metadata, Passage, Section, Sourced, Tags, Tier, Weighted,
};
use chancery::ingest::Why;
use chancery::search::{FacetCount, FacetField, Hit, Results};
use serde_json::{Map, Value, json};

use super::names;

/// Version of the shapes.
pub(crate) const CONTRACT: u32 = 1;

/// What an answer says besides the results.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer<'a> {
    pub(crate) query: &'a str,
    pub(crate) query_id: Option<&'a str>,
    pub(crate) reading: &'a str,
    pub(crate) filters: Value,
    pub(crate) search_ms: f64,
    pub(crate) fingerprint: &'a str,
    pub(crate) documents: u64,
    /// Remarks on how the query was read.
    pub(crate) warnings: &'a [String],
}

/// The whole answer to a query as one object.
pub(crate) fn results(results: &Results, answer: &Answer<'_>) -> Value {
    let hits: Vec<Value> = results.hits.iter().map(hit).collect();
    json!({
        "contract": CONTRACT,
        "query_id": answer.query_id,
        "query": answer.query,
        "reading": answer.reading,
        "filters": answer.filters,
        "passages": results.passages,
        "documents": results.documents,
        "occurrences": results.occurrences,
        "offset": results.offset,
        "timing": {"search_ms": (answer.search_ms * 1000.0).round() / 1000.0},
        "index": {"fingerprint": answer.fingerprint, "documents": answer.documents},
        "also_searched": names(&results.also_searched),
        "ranked_by": results.ranked_by,
        "expanded": results.expanded,
        "suggestions": results.suggestions,
        "warnings": answer.warnings.iter().chain(&results.warnings).collect::<Vec<_>>(),
        "undated_excluded": results.undated_excluded,
        "likely_excluded": results.likely_excluded,
        "hits": hits,
        "facets": facets(&results.facets),
    })
}

/// Counts by field.
pub(crate) fn facets(facets: &[(FacetField, Vec<FacetCount>)]) -> Value {
    let fields: Map<String, Value> = facets
        .iter()
        .map(|(field, counts)| {
            let rows = counts
                .iter()
                .map(
                    |c| json!({"value": c.value, "passages": c.passages, "documents": c.documents}),
                )
                .collect();
            (field.as_str().to_owned(), Value::Array(rows))
        })
        .collect();
    Value::Object(fields)
}

/// One hit.
pub(crate) fn hit(hit: &Hit) -> Value {
    let document = &hit.document;
    let passage = &hit.passage;
    let section = document.sections.get(passage.section);
    let neighbours = |list: &[(Passage, String)]| -> Vec<Value> {
        list.iter().map(|(p, text)| json!({"ordinal": p.ordinal, "text": text})).collect()
    };
    let mut value = json!({
        "rank": hit.rank,
        "score": hit.score,
        "document": document_head(document),
        "section": section.map(section_head),
        "passage": {
            "id": passage.id.as_str(),
            "ordinal": passage.ordinal,
            "kind": passage.kind.as_str(),
            "start": passage.span.start,
            "end": passage.span.end,
            "paragraph": passage.paragraph,
            "page": passage.page,
            "speaker": passage.speaker,
            "text": hit.text,
        },
        "regions": values(&passage.tags.regions),
        "topics": passage.tags.topics_of(Tier::Sure).collect::<Vec<_>>(),
        "topics_likely": passage.tags.topics_of(Tier::Likely).collect::<Vec<_>>(),
        "matches": hit.matches.iter().map(|m| json!({
            "start": m.span.start, "end": m.span.end, "clause": m.clause, "form": m.form,
        })).collect::<Vec<_>>(),
        "snippet": {
            "text": hit.snippet.text,
            "highlights": hit.snippet.highlights.iter().map(|(a, b)| json!([a, b])).collect::<Vec<_>>(),
        },
    });
    if let Some(object) = value.as_object_mut()
        && !hit.explanation.is_empty()
    {
        let parts = hit.explanation.iter();
        let parts: Vec<Value> = parts
            .map(|p| json!({"clause": p.typed, "reason": p.reason, "score": p.score}))
            .collect();
        object.insert("explanation".to_owned(), parts.into());
    }
    if let Some(object) = value.as_object_mut()
        && (!hit.before.is_empty() || !hit.after.is_empty())
    {
        object.insert("before".to_owned(), neighbours(&hit.before).into());
        object.insert("after".to_owned(), neighbours(&hit.after).into());
    }
    value
}

fn values(tags: &[Weighted]) -> Vec<&str> {
    tags.iter().map(|tag| tag.value.as_str()).collect()
}

pub(crate) fn section_head(section: &Section) -> Value {
    json!({
        "title": section.title,
        "path": section.path,
        "kind": section.kind.as_str(),
        "role": section.role.map(chancery::document::SectionRole::as_str),
        "ordinal": section.ordinal,
    })
}

/// What identifies a document; unknown values are null.
pub(crate) fn document_head(document: &Document) -> Value {
    fn text<T: ToString>(value: Option<&Sourced<T>>) -> Option<String> {
        value.map(|v| v.value.to_string())
    }
    let m = &document.metadata;
    json!({
        "id": document.id.as_str(),
        "path": document.path,
        "container": document.container,
        "also_at": document.also_at,
        "title": text(m.title.as_ref()),
        "speaker": text(m.speaker.as_ref()),
        "role": text(m.role.as_ref()),
        "country": text(m.country.as_ref()),
        "country_as_of": text(m.country_as_of.as_ref()),
        "date": text(m.date.as_ref()),
        "year": m.year.as_ref().map(|v| v.value),
        "language": text(m.language.as_ref()),
        "original_language": text(m.original_language.as_ref()),
        "collection": text(m.collection.as_ref()),
        "type": text(m.kind.as_ref()),
        "symbol": text(m.symbol.as_ref()),
        "content_hash": document.content_hash.as_str(),
        "origin": origins(m, &mut |origin, _| Some(origin)),
        "confidence": origins(m, &mut |_, confidence| match confidence {
            Confidence::Certain => None,
            Confidence::Likely => Some(confidence.as_str()),
        }),
    })
}

/// What `tell` says of the origin and confidence of every known value, by the value's name.
fn origins(
    m: &Metadata,
    tell: &mut dyn FnMut(&'static str, Confidence) -> Option<&'static str>,
) -> Value {
    let mut of = |value: Option<(&'static str, Confidence)>| -> Option<&'static str> {
        value.and_then(|(origin, confidence)| tell(origin, confidence))
    };
    let rows = [
        ("title", of(parts(m.title.as_ref()))),
        ("speaker", of(parts(m.speaker.as_ref()))),
        ("role", of(parts(m.role.as_ref()))),
        ("country", of(parts(m.country.as_ref()))),
        ("country_as_of", of(parts(m.country_as_of.as_ref()))),
        ("date", of(parts(m.date.as_ref()))),
        ("year", of(parts(m.year.as_ref()))),
        ("language", of(parts(m.language.as_ref()))),
        ("original_language", of(parts(m.original_language.as_ref()))),
        ("collection", of(parts(m.collection.as_ref()))),
        ("type", of(parts(m.kind.as_ref()))),
        ("symbol", of(parts(m.symbol.as_ref()))),
    ];
    let known: Map<String, Value> = rows
        .into_iter()
        .filter_map(|(name, origin)| Some((name.to_owned(), Value::from(origin?))))
        .collect();
    Value::Object(known)
}

fn parts<T>(value: Option<&Sourced<T>>) -> Option<(&'static str, Confidence)> {
    value.map(|value| (value.origin.as_str(), value.confidence))
}

/// A document with its outline, passages and tags.
pub(crate) fn document(document: &Document) -> Value {
    let line_of = |at: usize| document.text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    let mut head = document_head(document);
    if let Some(object) = head.as_object_mut() {
        for (key, value) in tag_lists(&document.tags) {
            object.insert(key, value);
        }
    }
    let sections: Vec<Value> = document
        .sections
        .iter()
        .map(|s| {
            let mut value = json!({
                "ordinal": s.ordinal,
                "title": s.title,
                "path": s.path,
                "kind": s.kind.as_str(),
                "role": s.role.map(chancery::document::SectionRole::as_str),
                "level": s.level,
                "line": s.line,
                "start": s.span.start,
                "end": s.span.end,
                "speaker": s.speaker,
            });
            if let Some(object) = value.as_object_mut() {
                object.extend(tag_lists(&s.tags));
            }
            value
        })
        .collect();
    let furniture: Vec<Value> = document
        .furniture
        .iter()
        .map(|f| json!({"kind": f.kind.as_str(), "line": f.line, "start": f.span.start, "end": f.span.end}))
        .collect();
    let passages: Vec<Value> = document.passages.iter().map(|p| passage(document, p)).collect();
    let problems: Vec<&str> = document.problems.iter().map(|p| p.message.as_str()).collect();
    json!({
        "contract": CONTRACT,
        "document": head,
        "lines": line_of(document.text.len()),
        "sections": sections,
        "furniture": furniture,
        "passages": passages,
        "problems": problems,
    })
}

/// Why a document is understood as it is. Weights are in tenths; a sum above 0 is a heading unless a
/// rule decides.
pub(crate) fn why(document: &Document, why: &Why) -> Value {
    let headings: Vec<Value> = why
        .headings
        .iter()
        .map(|judged| {
            let features: Vec<Value> = judged
                .features
                .iter()
                .map(|(feature, weight)| json!({"feature": feature, "weight": weight}))
                .collect();
            json!({
                "line": judged.line,
                "start": judged.span.start,
                "end": judged.span.end,
                "text": judged.span.of(&document.text),
                "verdict": judged.verdict,
                "score": judged.score,
                "features": features,
                "rule": judged.rule,
            })
        })
        .collect();
    let values: Vec<Value> = why
        .values
        .iter()
        .map(|reason| {
            json!({
                "field": reason.field,
                "value": reason.value,
                "origin": reason.origin.as_str(),
                "confidence": reason.confidence.as_str(),
                "rule": reason.rule,
                "words": reason.words,
                "used": reason.used,
            })
        })
        .collect();
    json!({"headings": headings, "values": values})
}

fn tag_lists(tags: &Tags) -> [(String, Value); 3] {
    let rows = |list: &[Weighted], key: &str| -> Value {
        let rows = list.iter().map(|tag| {
            let mut row = Map::new();
            row.insert(key.to_owned(), tag.value.clone().into());
            row.insert("weight".to_owned(), json!((tag.weight * 10_000.0).round() / 10_000.0));
            Value::Object(row)
        });
        Value::Array(rows.collect())
    };
    let topics = tags.topics.iter().map(|tag| {
        let weight = (tag.weight * 10_000.0).round() / 10_000.0;
        json!({"id": tag.id, "weight": weight, "tier": tag.tier.as_str()})
    });
    [
        ("regions".to_owned(), rows(&tags.regions, "path")),
        ("countries".to_owned(), rows(&tags.countries, "code")),
        ("topics".to_owned(), topics.collect()),
    ]
}

fn passage(document: &Document, p: &Passage) -> Value {
    let places: Vec<Value> = p
        .tags
        .places
        .iter()
        .map(|place| {
            json!({
                "text": place.span.of(&document.text),
                "start": place.span.start,
                "end": place.span.end,
                "countries": place.countries,
                "region": place.region,
                "kind": place.kind.as_str(),
            })
        })
        .collect();
    let evidence: Vec<Value> =
        p.tags.evidence.iter().map(|e| json!({"topic": e.topic, "terms": e.terms})).collect();
    json!({
        "id": p.id.as_str(),
        "ordinal": p.ordinal,
        "section": p.section + 1,
        "kind": p.kind.as_str(),
        "start": p.span.start,
        "end": p.span.end,
        "paragraph": p.paragraph,
        "page": p.page,
        "speaker": p.speaker,
        "text": p.span.of(&document.text),
        "regions": values(&p.tags.regions),
        "topics": p.tags.topics.iter().map(|tag| tag.id.as_str()).collect::<Vec<_>>(),
        "topics_sure": p.tags.topics_of(Tier::Sure).collect::<Vec<_>>(),
        "places": places,
        "evidence": evidence,
    })
}
