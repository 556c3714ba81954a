//! Formats through the front door: the same text from different programs, and files of several documents.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::Desk;

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    fs::read(folder.join(name)).unwrap()
}

/// Title, headings with their levels, and the words of the passages of a document.
fn outline(desk: &Desk, path: &str) -> (String, Vec<(String, u64)>, Vec<String>) {
    let shown = desk.json(&["show", path, "--json"]);
    let title = shown["document"]["title"].as_str().unwrap_or_default().to_owned();
    let sections = shown["sections"].as_array().unwrap();
    let sections = sections
        .iter()
        .filter(|section| section["title"].as_str().is_some_and(|heading| heading != title))
        .map(|section| {
            let path = section["path"].as_array().unwrap();
            let above = path.iter().filter(|heading| heading.as_str() != Some(&title)).count();
            (section["title"].as_str().unwrap().to_owned(), above as u64)
        })
        .collect();
    let fold = |text: &str| {
        let plain = text.replace(['\u{2018}', '\u{2019}'], "'").replace('\u{2011}', "-");
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let passages = shown["passages"].as_array().unwrap();
    let passages = passages.iter().map(|passage| fold(passage["text"].as_str().unwrap())).collect();
    (title, sections, passages)
}

/// Files that a real program made of the same text. `make.py` beside them makes them again.
const SAME: &[&str] = &[
    "notice.md",
    "notice.html",
    "notice.docx",
    "notice.odt",
    "notice.epub",
    "notice.xml",
    "office.docx",
    "office.odt",
    "office.rtf",
    #[cfg(feature = "pdf")]
    "office.pdf",
    #[cfg(feature = "pdf")]
    "browser.pdf",
    #[cfg(feature = "pdf")]
    "tex.pdf",
];

#[test]
fn the_same_text_gives_the_same_outline_and_hits() {
    let desk = Desk::new();
    for name in SAME.iter().chain(&["notice.txt", "office.doc", "notice.rtf"]) {
        desk.write(&format!("documents/{name}"), fixture(name));
    }
    assert_eq!(desk.run(&["index", "--strict"]).code, 0);
    let (title, sections, passages) = outline(&desk, "notice.md");
    assert_eq!(title, "The River Commission After Twenty Years");
    let headings: Vec<(&str, u64)> =
        sections.iter().map(|(name, level)| (name.as_str(), *level)).collect();
    assert_eq!(
        headings,
        [
            ("A Treaty of Gauges", 1),
            ("The Price of Water", 1),
            ("Storage and Trade", 2),
            ("Disputes", 2),
            ("What Remains", 1),
        ]
    );
    let mut wrong = Vec::new();
    for name in SAME {
        let found = outline(&desk, name);
        if found != (title.clone(), sections.clone(), passages.clone()) {
            wrong.push(format!("{name}: {found:#?}"));
        }
    }
    // Plain text and old Word files have no levels; their headings are told by layout. What pandoc
    // writes as RTF marks headings by outline level alone.
    for name in ["notice.txt", "office.doc", "notice.rtf"] {
        let (found, of_name, words) = outline(&desk, name);
        let names =
            |all: &[(String, u64)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        if found != title || names(&of_name) != names(&sections) || words != passages {
            wrong.push(format!("{name}: {found:?} {of_name:#?} {words:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let hits = desk.json(&["search", "--json", "-n", "all", "\"win-win cooperation\""]);
    assert_eq!(hits["documents"].as_u64().unwrap(), SAME.len() as u64 + 3);
}

#[test]
fn members_are_documents_and_go_with_their_file() {
    let desk = Desk::new();
    let lines: String = (1..=300)
        .map(|n| format!("{{\"title\":\"Note {n}\",\"date\":\"2001-02-03\",\"text\":\"Talks on harbour {n} went on.\"}}\n"))
        .collect();
    desk.write("documents/notes.jsonl", lines);
    desk.write("documents/table.csv", "title,text\nOne,The border is open.\nTwo,\n");
    let run = desk.json(&["index", "--json"]);
    assert_eq!(run["skipped"][0]["path"], "table.csv#2");
    let hits = desk.json(&["search", "--json", "\"harbour 12\""]);
    let document = &hits["hits"][0]["document"];
    assert_eq!(document["path"], "notes.jsonl#12");
    assert_eq!(document["container"], "notes.jsonl");
    assert_eq!(document["title"], "Note 12");
    assert_eq!(document["date"], "2001-02-03");
    assert_eq!(desk.json(&["show", "notes.jsonl#12", "--json"])["document"]["title"], "Note 12");
    assert_eq!(desk.json(&["status", "--json"])["documents"], 301);
    // The documents of a file are replaced together; the others stay.
    desk.write("documents/notes.jsonl", "{\"text\":\"All talks have ended.\"}\n");
    desk.run(&["index"]);
    assert_eq!(desk.json(&["status", "--json"])["documents"], 2);
    assert_eq!(desk.run(&["search", "harbour"]).code, 1);
    let again = desk.json(&["index", "--json"]);
    assert_eq!((&again["unchanged"], &again["skipped"]), (&Value::from(2), &run["skipped"]));
    fs::remove_file(desk.path().join("documents/notes.jsonl")).unwrap();
    desk.run(&["index"]);
    assert_eq!(desk.json(&["status", "--json"])["documents"], 1);
}

#[test]
fn columns_are_named_in_the_settings() {
    let desk = Desk::new();
    desk.write(
        "chancery.toml",
        "[[records]]\nfiles = [\"*.csv\"]\ntext = [\"rede\", \"zusatz\"]\nspeaker = \"redner\"\n",
    );
    desk.write(
        "documents/a.csv",
        "redner;rede;zusatz\nJane Roe;The talks go on.;An annex follows.\n",
    );
    desk.run(&["index"]);
    let hits = desk.json(&["search", "--json", "annex"]);
    assert_eq!(hits["hits"][0]["document"]["speaker"], "Jane Roe");
    desk.write("chancery.toml", "[[records]]\nfiles = [\"*.csv\"]\n");
    assert_eq!(desk.run(&["index"]).code, 2);
}
