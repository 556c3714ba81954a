//! What a reader states beside the documents, through the front door.

use std::fs;

use serde_json::Value;

use crate::support::{Desk, samples};

const SPEECH: &str = "On Harbours\n\nThe ships come in and the ships go out, as they have done for as long \
as anyone can remember, and nobody counts them any more.\n\nof what is owed\n\nWhoever builds a pier owes \
something to those who built the road to it, and those who use both owe something to each of them.\n";

fn shown(desk: &Desk, document: &str) -> Value {
    desk.json(&["show", document, "--json"])
}

fn titles(shown: &Value) -> Vec<&str> {
    shown["sections"].as_array().unwrap().iter().filter_map(|s| s["title"].as_str()).collect()
}

fn messages(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = report["warnings"].as_array().unwrap().iter();
    rows.map(|row| (text(&row["path"]), text(&row["message"]))).collect()
}

#[test]
fn an_outline_is_obeyed_and_only_its_document_is_read_again() {
    let desk = Desk::with(&[("a.txt", SPEECH), ("b.txt", "The weather was fine all day long.\n")]);
    assert!(titles(&shown(&desk, "a.txt")).is_empty());
    let printed = desk.run(&["outline", "a.txt"]).out;
    let edited = printed.replace("# speaker = \"\"", "speaker = \"Jane Roe\"")
        + "\n[[section]]\nheading = \"of what is owed\"\nlevel = 1\nrole = \"conclusion\"\n";
    desk.write("documents/a.txt.outline.toml", &edited);
    let report = desk.json(&["index", "--json"]);
    assert_eq!((&report["changed"], &report["unchanged"]), (&1.into(), &1.into()), "{report}");
    assert_eq!(report["documents"], 2);
    assert_eq!(messages(&report), []);
    let a = shown(&desk, "a.txt");
    assert_eq!(titles(&a), ["of what is owed"]);
    assert_eq!(a["sections"][1]["role"], "conclusion");
    assert_eq!(a["document"]["speaker"], "Jane Roe");
    assert_eq!(a["document"]["origin"]["speaker"], "sidecar");
    let hits = desk.json(&["search", "--section", "what is owed", "pier", "--json"]);
    assert_eq!(hits["passages"], 1);
    assert_eq!(hits["hits"][0]["document"]["speaker"], "Jane Roe");
    // The same again: nothing to do. Without the outline: as before.
    assert_eq!(desk.json(&["index", "--json"])["unchanged"], 2);
    fs::remove_file(desk.path().join("documents/a.txt.outline.toml")).unwrap();
    let report = desk.json(&["index", "--json"]);
    assert_eq!((&report["changed"], &report["unchanged"]), (&1.into(), &1.into()));
    assert!(titles(&shown(&desk, "a.txt")).is_empty());
}

#[test]
fn an_outline_may_be_indexed_by_name_and_lie_under_the_short_name() {
    let desk = Desk::with(&[("a.txt", SPEECH), ("b.txt", "The weather was fine all day long.\n")]);
    desk.write("documents/a.outline.toml", "[metadata]\ntitle = \"Piers\"\n");
    let report = desk.json(&["index", "documents/a.txt", "--json"]);
    assert_eq!(report["changed"], 1, "{report}");
    assert_eq!(shown(&desk, "a.txt")["document"]["title"], "Piers");
    desk.write("documents/a.txt.outline.toml", "[metadata]\ntitle = \"Roads\"\n");
    let report = desk.json(&["index", "documents/a.txt.outline.toml", "--json"]);
    assert_eq!(shown(&desk, "a.txt")["document"]["title"], "Roads");
    assert!(messages(&report)[0].1.contains("same document"), "{report}");
}

#[test]
fn what_an_outline_says_in_vain_is_told() {
    let desk = Desk::with(&[("a.txt", SPEECH)]);
    desk.write("documents/a.txt.outline.toml", "[[section]]\nheading = \"Of Whales\"\n");
    desk.write("documents/gone.txt.outline.toml", "");
    let told = messages(&desk.json(&["index", "--json"]));
    assert!(told[0].1.contains("\"Of Whales\""), "{told:?}");
    assert!(told[1].0 == "gone.txt.outline.toml" && told[1].1.contains("no document"), "{told:?}");
    desk.write("documents/a.txt.outline.toml", "[[section]\n");
    let told = messages(&desk.json(&["index", "--json"]));
    assert!(told[0].1.contains("line 1") && told[0].1.contains("not used"), "{told:?}");
    assert_eq!(desk.json(&["status", "--json"])["documents"], 1);
}

#[test]
fn tags_are_corrected_in_passages_too() {
    let text = "On Energy\n\nOil and natural gas and electricity come from France and go to Norway. \
                Norway has oil and gas, France has nuclear power and electricity. Norway has no coal.\n";
    let desk = Desk::with(&[("a.txt", text)]);
    assert_eq!(desk.json(&["search", "--region", "Norway", "oil", "--json"])["passages"], 1);
    desk.write(
        "documents/a.txt.outline.toml",
        "[tags]\nregions = [\"Europe/Western Europe/France\", \"Japan\", \"Utopia\"]\n\
         topics = [\"law-of-the-sea-oceans\"]\n",
    );
    let told = messages(&desk.json(&["index", "--json"]));
    assert!(told.len() == 1 && told[0].1.contains("\"Utopia\""), "{told:?}");
    for (flag, value, passages) in [
        ("--region", "Norway", 0),
        ("--region", "France", 1),
        ("--region", "Japan", 1),
        ("--topic", "law-of-the-sea-oceans", 1),
        ("--topic", "energy", 0),
    ] {
        let hits = desk.json(&["search", flag, value, "oil", "--json"]);
        assert_eq!(hits["passages"], passages, "{flag} {value}");
    }
    let topics = &shown(&desk, "a.txt")["document"]["topics"];
    assert_eq!(topics[0]["id"], "law-of-the-sea-oceans");
}

#[test]
fn a_table_states_values_by_path() {
    let desk = Desk::with(&[
        ("a.txt", SPEECH),
        ("b/c.txt", "The weather was fine all day long.\n"),
        ("d.txt", "The weather was bad all day long.\n"),
    ]);
    let table = "path,speaker,date,country\na.txt,Jane Roe,1957-02-03,France\nb/c.txt,John Doe,,\n\
                 gone.txt,Nobody,,\n";
    desk.write("documents/documents.csv", table);
    let report = desk.json(&["index", "--json"]);
    assert_eq!((&report["changed"], &report["unchanged"]), (&2.into(), &1.into()), "{report}");
    assert_eq!((&report["documents"], &report["skipped"]), (&3.into(), &Value::Array(vec![])));
    let told = messages(&report);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|(path, message)| path == "d.txt" && message.contains("no row")));
    let row =
        |(path, message): &(String, String)| path == "documents.csv" && message.contains("gone");
    assert!(told.iter().any(row), "{told:?}");
    let a = &shown(&desk, "a.txt")["document"];
    assert_eq!(a["speaker"], "Jane Roe");
    assert_eq!((&a["date"], &a["country"]), (&"1957-02-03".into(), &"FRA".into()));
    assert_eq!(a["origin"]["date"], "sidecar");
    // Only the document of a row that changed is read again.
    desk.write("documents/documents.csv", table.replace("John Doe", "Johann Doe") + "d.txt,D,,\n");
    let report = desk.json(&["index", "--json"]);
    assert_eq!((&report["changed"], &report["unchanged"]), (&2.into(), &1.into()));
    assert_eq!(shown(&desk, "c.txt")["document"]["speaker"], "Johann Doe");
    // What is stated for one document is more trusted than the table.
    desk.write("documents/a.txt.outline.toml", "[metadata]\nspeaker = \"J. Roe\"\n");
    assert_eq!(desk.json(&["index", "--json"])["changed"], 1);
    let a = &shown(&desk, "a.txt")["document"];
    assert_eq!((&a["speaker"], &a["date"]), (&"J. Roe".into(), &"1957-02-03".into()));
}

#[test]
fn a_table_is_joined_by_country_and_year_or_symbol() {
    let desk = Desk::with(&[
        ("FRA_12_1957.txt", "We speak of peace and of those who keep it for us all.\n"),
        ("FRA_14_1959.txt", "We speak of war and of those who would wage it on us all.\n"),
        ("A_RES_70_1.txt", "A/RES/70/1\n\nThe General Assembly speaks of neither of the two.\n"),
    ]);
    desk.write("documents/documents.csv", "country;year;speaker\nFrance;1957;Jane Roe\n");
    let report = desk.json(&["index", "--json"]);
    assert_eq!((&report["changed"], &report["unchanged"]), (&1.into(), &2.into()), "{report}");
    assert_eq!(shown(&desk, "FRA_12_1957.txt")["document"]["speaker"], "Jane Roe");
    desk.write("documents/documents.csv", "symbol,title\na/res/70/1,The Goals\n");
    let report = desk.json(&["index", "--json"]);
    assert_eq!((&report["changed"], &report["unchanged"]), (&2.into(), &1.into()), "{report}");
    assert_eq!(shown(&desk, "A_RES_70_1.txt")["document"]["title"], "The Goals");
    assert_eq!(shown(&desk, "FRA_12_1957.txt")["document"]["speaker"], Value::Null);
}

#[test]
fn a_table_and_why_reach_the_documents_in_a_container() {
    let line = |title: &str| {
        format!("{{\"title\": \"{title}\", \"text\": \"The weather was fine all day long.\"}}\n")
    };
    let desk = Desk::with(&[("data.jsonl", &(line("One") + &line("Two")))]);
    desk.write("documents/documents.csv", "path,speaker\ndata.jsonl#2,Jane Roe\n");
    let report = desk.json(&["index", "--json"]);
    assert_eq!((&report["changed"], &report["documents"]), (&1.into(), &2.into()), "{report}");
    let told = messages(&report);
    assert!(told.len() == 1 && told[0].0 == "data.jsonl#1", "{told:?}");
    assert_eq!(shown(&desk, "data.jsonl#2")["document"]["speaker"], "Jane Roe");
    assert_eq!(desk.json(&["index", "--json"])["unchanged"], 1);
    let why = desk.json(&["show", "data.jsonl#2", "--why", "--json"]);
    let speaker = why["why"]["values"].as_array().unwrap().iter().find(|v| v["field"] == "speaker");
    assert_eq!(speaker.unwrap()["origin"], "sidecar");
    let title = why["why"]["values"].as_array().unwrap().iter().find(|v| v["field"] == "title");
    assert_eq!(title.unwrap()["value"], "Two");
}

#[test]
fn the_outline_printed_of_any_sample_changes_nothing_when_obeyed() {
    let desk = Desk::new();
    let mut stack = vec![samples()];
    while let Some(folder) = stack.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                stack.push(path);
            } else if path.extension().is_some() {
                let inside = path.strip_prefix(samples()).unwrap().to_str().unwrap().to_owned();
                desk.write(&format!("documents/{inside}"), fs::read(&path).unwrap());
            }
        }
    }
    desk.json(&["index", "--json"]);
    let all = |desk: &Desk| -> Vec<Value> {
        let out = desk.run(&["show", "--all", "--format", "jsonl"]).out;
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    // What lies in a container has no place beside it.
    let alone = |shown: &Value| shown["document"]["container"].is_null();
    let before: Vec<Value> = all(&desk).into_iter().filter(alone).collect();
    assert!(before.len() >= 20);
    for shown in &before {
        let path = shown["document"]["path"].as_str().unwrap();
        let printed = desk.run(&["outline", path]).out;
        desk.write(&format!("documents/{path}.outline.toml"), printed);
    }
    let report = desk.json(&["index", "--json"]);
    assert_eq!(report["changed"], before.len());
    for (before, after) in before.iter().zip(all(&desk).into_iter().filter(alone)) {
        let path = &before["document"]["path"];
        assert_eq!(*path, after["document"]["path"]);
        let name = |key: &str| (before["document"][key].clone(), after["document"][key].clone());
        for key in ["title", "speaker", "country", "date", "year", "language", "type", "symbol"] {
            let (before, after) = name(key);
            assert_eq!(before, after, "{path} {key}");
        }
        let heads = |shown: &Value| -> Vec<Value> {
            let rows = shown["sections"].as_array().unwrap().iter();
            rows.map(|s| {
                let keys = ["title", "path", "kind", "role", "level", "start", "end", "speaker"];
                keys.map(|key| s[key].clone()).into_iter().collect()
            })
            .collect()
        };
        assert_eq!(heads(before), heads(&after), "{path}");
        let tags = |shown: &Value| -> Vec<Value> {
            let passages = shown["passages"].as_array().unwrap().iter();
            passages
                .map(|p| [p["text"].clone(), p["regions"].clone()].into_iter().collect())
                .collect()
        };
        assert_eq!(tags(before), tags(&after), "{path}");
    }
}
