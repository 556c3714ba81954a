//! Why a document is understood as it is, as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use chancery::document::Document;
use chancery::ingest::Why;

use super::safe_line;

/// Values with what they were read from, headings with their features, tags with their words.
pub(crate) fn text(document: &Document, why: Option<&Why>) -> String {
    let mut out = format!("{}\n", safe_line(&document.path));
    // Writing to a string does not fail.
    if let Some(why) = why {
        out.push_str("\nvalues\n");
        for reason in &why.values {
            let _ = writeln!(
                out,
                "  {}{}: {} ({}, {}; {}{})",
                if reason.used { "" } else { "not used: " },
                reason.field,
                safe_line(&reason.value),
                reason.origin.as_str(),
                reason.confidence.as_str(),
                reason.rule,
                match reason.words.as_str() {
                    "" => String::new(),
                    words => format!(": \"{}\"", safe_line(&cut(words))),
                },
            );
        }
        out.push_str("\nheadings, and lines that could have been some\n");
        for judged in &why.headings {
            let words = cut(judged.span.of(&document.text));
            let _ =
                write!(out, "  line {}: {}: {}", judged.line, judged.verdict, safe_line(&words));
            if let Some(rule) = judged.rule {
                let _ = write!(out, "\n    rule: {rule}");
            }
            if !judged.features.is_empty() {
                let features: Vec<String> = judged
                    .features
                    .iter()
                    .map(|(feature, weight)| format!("{feature} {}", tenths(*weight)))
                    .collect();
                let _ = write!(out, "\n    {} = {}", tenths(judged.score), features.join(", "));
            }
            out.push('\n');
        }
    }
    let mut places: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut topics: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for passage in &document.passages {
        for place in &passage.tags.places {
            let tag = place.region.clone().unwrap_or_else(|| place.countries.join("/"));
            let words = place.span.of(&document.text);
            *places.entry(tag).or_default().entry(safe_line(words)).or_default() += 1;
        }
        for evidence in &passage.tags.evidence {
            let terms = topics.entry(&evidence.topic).or_default();
            for term in &evidence.terms {
                *terms.entry(term).or_default() += 1;
            }
        }
    }
    out.push_str("\nregions, by the words that name them\n");
    for (tag, words) in &places {
        let list: Vec<String> = words.iter().map(|(word, n)| format!("{word} {n}")).collect();
        let _ = writeln!(out, "  {}: {}", safe_line(tag), list.join(", "));
    }
    out.push_str("\ntopics, by the terms that speak for them, in passages\n");
    for (tag, terms) in &topics {
        let list: Vec<String> = terms.iter().map(|(term, n)| format!("{term} {n}")).collect();
        let _ = writeln!(out, "  {}: {}", safe_line(tag), safe_line(&list.join(", ")));
    }
    out
}

fn cut(words: &str) -> String {
    let folded = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match folded.char_indices().nth(100) {
        Some((at, _)) => format!("{}…", folded.get(..at).unwrap_or_default()),
        None => folded,
    }
}

fn tenths(weight: i32) -> String {
    format!("{:+.1}", f64::from(weight) / 10.0)
}
