//! What is understood of every sample document: read each change of these files as carefully as code.

use std::fmt::Write;

use serde_json::Value;

use crate::support::{Desk, samples};

fn outline(shown: &Value) -> String {
    let mut out = String::new();
    let document = &shown["document"];
    for key in [
        "title",
        "speaker",
        "role",
        "country",
        "country_as_of",
        "date",
        "year",
        "language",
        "original_language",
        "collection",
        "type",
        "symbol",
    ] {
        let value = &document[key];
        if !value.is_null() {
            let origin = document["origin"][key].as_str().unwrap_or("?");
            let sure = document["confidence"][key].as_str();
            let sure = sure.map_or(String::new(), |sure| format!(", {sure}"));
            writeln!(out, "{key}: {value} ({origin}{sure})").unwrap();
        }
    }
    let tags = |value: &Value, name: &str| -> String {
        let rows = value.as_array().unwrap().iter().take(6);
        rows.map(|row| row[name].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(", ")
    };
    writeln!(out, "regions: {}", tags(&document["regions"], "path")).unwrap();
    writeln!(out, "topics: {}", tags(&document["topics"], "id")).unwrap();
    for section in shown["sections"].as_array().unwrap() {
        let (line, kind, level) =
            (&section["line"], section["kind"].as_str().unwrap(), &section["level"]);
        let path: Vec<&str> =
            section["path"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
        let role = section["role"].as_str().map_or(String::new(), |role| format!(" [{role}]"));
        writeln!(out, "{line}: {kind} {level} {}{role}", path.join(" > ")).unwrap();
    }
    for piece in shown["furniture"].as_array().unwrap() {
        writeln!(out, "{}: {}", piece["line"], piece["kind"].as_str().unwrap()).unwrap();
    }
    writeln!(out, "passages: {}", shown["passages"].as_array().unwrap().len()).unwrap();
    for problem in shown["problems"].as_array().unwrap() {
        writeln!(out, "problem: {problem}").unwrap();
    }
    out
}

#[test]
fn outlines_of_the_samples() {
    let desk = Desk::new();
    let report = desk.json(&["index", samples().to_str().unwrap(), "--json"]);
    assert_eq!(report["skipped"], Value::Array(Vec::new()));
    assert!(report["documents"].as_u64().unwrap() >= 20);
    let all = desk.run(&["show", "--all", "--format", "jsonl"]);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for line in all.out.lines() {
            let shown: Value = serde_json::from_str(line).unwrap();
            let path = shown["document"]["path"].as_str().unwrap();
            insta::assert_snapshot!(path.replace('/', "-"), outline(&shown));
        }
    });
}
