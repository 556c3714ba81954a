//! Citations: read back by parsers that are not ours, and found again at their place.

use std::collections::BTreeMap;

use biblatex::{Bibliography, ChunksExt};
use serde_json::Value;

use crate::support::Desk;

/// A document whose every value and word is hard to write in some format.
const HARD: &str = "---\n\
    title: \"A {braced} 100% & \\\"quoted\\\" $title$ #1_a ~b ^c \\\\ d\"\n\
    author: \"Ñandú O’Brien & Söhne {Ltd}\"\n\
    date: 1957-02\n\
    language: en\n\
    originallanguage: fr\n\
    country: France\n\
    ---\n\n\
    First we spoke -- plainly --- of 50% {more} trade_a & \"quoted\" words, ``so'' they say, \\today \
    $x^2$ ~tilde #7 in\ntwo lines, of 和平 and السلام, and 🕊️ too. A second sentence stands here.\n\n\
    TY  - not a record. ER  - and no end of one, @misc{no, entry = {at} all}.\n";

const PLAIN: &str = "We speak of peace.\r\n\r\nWe speak of it again, and of rivers.\r\n";

fn desk() -> Desk {
    Desk::with(&[
        ("hard.md", HARD),
        ("plain notes/p.txt", PLAIN),
        ("talks/FJI_72_2017.txt", "We thank the Assembly for its patience with small States.\n"),
    ])
}

/// A strict reader of RIS: every line has a tag, a record begins with `TY` and ends with `ER`.
fn read_ris(text: &str) -> Vec<Vec<(String, String)>> {
    let mut records = Vec::new();
    let mut record: Option<Vec<(String, String)>> = None;
    for line in text.split_inclusive("\r\n") {
        let line = line.strip_suffix("\r\n").unwrap_or_else(|| panic!("no line end: {line:?}"));
        let (tag, rest) = line.split_at(2);
        let tag_chars: Vec<char> = tag.chars().collect();
        assert!(
            tag_chars[0].is_ascii_uppercase() && tag_chars[1].is_ascii_alphanumeric(),
            "{line}"
        );
        let value = rest.strip_prefix("  - ").unwrap_or_else(|| panic!("{line:?}"));
        assert!(!value.contains(char::is_control), "{line:?}");
        match (tag, &mut record) {
            ("TY", None) => {
                let known = ["GEN", "PCOMM", "RPRT", "GOVDOC"];
                assert!(known.contains(&value), "{line}");
                record = Some(vec![(tag.to_owned(), value.to_owned())]);
            }
            ("ER", Some(_)) => records.push(record.take().unwrap()),
            (_, Some(record)) => record.push((tag.to_owned(), value.to_owned())),
            (_, None) => panic!("outside a record: {line}"),
        }
    }
    assert!(record.is_none(), "a record is not closed");
    records
}

fn field<'r>(record: &'r [(String, String)], tag: &str) -> Vec<&'r str> {
    record.iter().filter(|(t, _)| t == tag).map(|(_, value)| value.as_str()).collect()
}

/// Variables of CSL 1.0.2 that an item may have, by the kind of their value.
fn check_csl(item: &Value) {
    let text = [
        "id",
        "title",
        "language",
        "number",
        "collection-title",
        "genre",
        "section",
        "page",
        "note",
        "annote",
    ];
    let types = [
        "article",
        "document",
        "legislation",
        "personal_communication",
        "report",
        "speech",
        "treaty",
    ];
    for (name, value) in item.as_object().unwrap() {
        match name.as_str() {
            "type" => assert!(types.contains(&value.as_str().unwrap()), "{value}"),
            "author" => {
                for name in value.as_array().unwrap() {
                    let keys: Vec<&String> = name.as_object().unwrap().keys().collect();
                    assert_eq!(keys, ["literal"]);
                    assert!(name["literal"].is_string());
                }
            }
            "issued" => {
                let parts = value["date-parts"].as_array().unwrap();
                assert_eq!(parts.len(), 1);
                let parts = parts[0].as_array().unwrap();
                assert!((1..=3).contains(&parts.len()) && parts.iter().all(Value::is_i64));
            }
            "custom" => assert!(value.is_object()),
            name => assert!(text.contains(&name) && value.is_string(), "{name}: {value}"),
        }
    }
    assert!(item.get("id").is_some() && item.get("type").is_some());
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The place that a note tells: `File: path#1, bytes 5 to 9`.
fn place(note: &str) -> (usize, usize) {
    let rest = note.split(", bytes ").nth(1).unwrap();
    let (start, rest) = rest.split_once(" to ").unwrap();
    let end: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (start.parse().unwrap(), end.parse().unwrap())
}

const PLACES: [&[&str]; 7] = [
    &["hard.md#1"],
    &["hard.md", "--query", "\"two lines\""],
    &["hard.md", "--query", "record"],
    &["hard.md#1", "--query", "plainly"],
    &["p.txt#1"],
    &["p.txt", "--query", "rivers"],
    &["talks/FJI_72_2017.txt#1"],
];

fn cite(desk: &Desk, place: &[&str], format: &str) -> String {
    let ran = desk.run(&[&["cite"][..], place, &["--format", format]].concat());
    assert_eq!(ran.code, 0, "{place:?} {format}: {}", ran.err);
    ran.out
}

#[test]
fn every_format_is_read_back_and_its_quotation_found_at_its_place() {
    let desk = desk();
    for place_of in PLACES {
        let path = place_of[0].split('#').next().unwrap();
        let text = desk.run(&["show", path, "--text"]).out;

        let csl: Value = serde_json::from_str(&cite(&desk, place_of, "csl")).unwrap();
        let item = &csl[0];
        check_csl(item);
        let quotation = item["annote"].as_str().unwrap();
        let (start, end) = place(item["note"].as_str().unwrap());
        assert_eq!(&text[start..end], quotation, "{place_of:?}");
        assert_eq!(item["custom"]["start"].as_u64(), Some(start as u64));

        let records = read_ris(&cite(&desk, place_of, "ris"));
        assert_eq!(records.len(), 1);
        let notes = field(&records[0], "N1");
        let words = notes.iter().find_map(|n| n.strip_prefix("Quotation as in file: ")).unwrap();
        assert_eq!(words, folded(quotation), "{place_of:?}");
        let file = notes.iter().find(|note| note.starts_with("File: ")).unwrap();
        assert_eq!(place(file), (start, end));

        let bibtex = cite(&desk, place_of, "bibtex");
        let bibliography = Bibliography::parse(&bibtex).unwrap_or_else(|e| panic!("{e}: {bibtex}"));
        assert_eq!(bibliography.len(), 1, "{bibtex}");
        let entry = bibliography.iter().next().unwrap();
        let words = entry.get("annote").unwrap().format_verbatim();
        assert_eq!(words, folded(quotation), "{bibtex}");
        if let Some(title) = item["title"].as_str() {
            assert_eq!(entry.title().unwrap().format_verbatim(), title);
        }
        let authors = entry.author().unwrap_or_default();
        assert_eq!(authors.first().map(|a| a.name.as_str()), item["author"][0]["literal"].as_str());

        let plain = cite(&desk, place_of, "text");
        assert!(plain.contains(&quotation.replace("\r\n", "\n")), "{plain}");
        assert!(plain.contains(&format!("bytes {start} to {end}")), "{plain}");
    }
}

#[test]
fn dates_are_as_precise_as_known_and_nothing_is_made_up() {
    let desk = desk();
    let item = |name: &str| -> Value {
        serde_json::from_str::<Value>(&cite(&desk, &[name], "csl")).unwrap()[0].clone()
    };
    assert_eq!(item("hard.md#1")["issued"]["date-parts"][0], serde_json::json!([1957, 2]));
    let speech = item("FJI_72_2017.txt#1");
    assert_eq!(speech["issued"]["date-parts"][0], serde_json::json!([2017]));
    assert!(speech.get("author").is_none() && speech.get("title").is_none(), "{speech}");
    assert_eq!(speech["custom"]["country"], "FJI");
    let plain = item("p.txt#1");
    assert!(plain.get("issued").is_none() && plain["custom"]["country"].is_null(), "{plain}");
    let whole: Value = serde_json::from_str(&cite(&desk, &["hard.md"], "csl")).unwrap();
    assert!(whole[0].get("annote").is_none() && whole[0]["custom"]["passage"].is_null());
    let records = read_ris(&cite(&desk, &["hard.md#1"], "ris"));
    assert_eq!(
        (field(&records[0], "PY"), field(&records[0], "DA")),
        (vec!["1957"], vec!["1957/02//"])
    );
    let bibtex = cite(&desk, &["hard.md#1"], "bibtex");
    let bibliography = Bibliography::parse(&bibtex).unwrap();
    let date = bibliography.iter().next().unwrap().date().unwrap();
    assert!(format!("{date:?}").contains("1957"), "{date:?}");
}

#[test]
fn a_pinpoint_is_the_printed_paragraph_or_our_count_marked_as_ours() {
    let desk = Desk::samples();
    let record = "records/summary-1995-women-debt.txt";
    let places: BTreeMap<&str, &str> =
        [("Grameen", "para. 2,"), ("Namibia", "para. 6,"), ("peso", "para. 4,")].into();
    for (query, expected) in places {
        let cited = cite(&desk, &[record, "--query", query], "text");
        assert!(cited.contains(expected), "{cited}");
        assert!(cited.contains("summary record: the words are the record's"), "{cited}");
        assert!(cited.contains("A/SAMPLE/C.3/50/SR.7"), "{cited}");
    }
    let plain = Desk::with(&[("p.txt", PLAIN)]);
    let cited = cite(&plain, &["p.txt#1"], "text");
    assert!(cited.contains("passage 1 [chancery's count]"), "{cited}");
}

#[test]
fn translations_and_garbled_documents_are_told() {
    let desk = Desk::new();
    desk.write("documents/hard.md", HARD);
    desk.write(
        "documents/garbled.txt",
        b"Peace on the river \x81\x8d is \xc3\x28 kept by all of us, said the old men.\n",
    );
    assert_eq!(desk.run(&["index"]).code, 0);
    for format in ["text", "ris", "bibtex", "csl", "markdown", "html"] {
        let cited = cite(&desk, &["hard.md#1"], format);
        assert!(cited.contains("words of a translation"), "{format}: {cited}");
    }
    let cited = cite(&desk, &["garbled.txt#1"], "text");
    assert!(cited.contains("Caution: the document was read with problems"), "{cited}");
}

#[test]
fn markup_shows_the_words_and_no_more() {
    let desk = Desk::with(&[(
        "a.txt",
        "1. We <b>say</b> & \"mean\" *this* [x](y)\u{1b}[31m\u{202e} today.\n",
    )]);
    let html = cite(&desk, &["a.txt#1"], "html");
    assert!(html.contains("&lt;b&gt;say&lt;/b&gt; &amp; &quot;mean&quot;"), "{html}");
    let markdown = cite(&desk, &["a.txt#1"], "markdown");
    assert!(markdown.contains("\\<b\\>") && markdown.contains("\\*this\\*"), "{markdown}");
    for format in ["text", "markdown", "html"] {
        let cited = cite(&desk, &["a.txt#1"], format);
        assert!(!cited.contains(['\u{1b}', '\u{202e}']), "{format}");
    }
}

#[test]
fn what_cannot_be_quoted_is_said() {
    let desk = desk();
    let check = |arguments: &[&str], code: i32, message: &str| {
        let ran = desk.run(&[&["cite"][..], arguments].concat());
        assert!(ran.code == code && ran.err.contains(message), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{}", ran.out);
    };
    check(&["p.txt", "--quote", "5"], 2, "is no stretch of bytes");
    check(&["p.txt", "--quote", "9..5"], 2, "ends before it begins");
    check(&["p.txt", "--quote", "5..99999"], 2, "is no stretch of the text");
    check(&["hard.md", "--quote", "0..3"], 2, "stands in no passage");
    check(&["p.txt", "--query", "volcano"], 1, "does not stand in");
    check(&["nowhere.txt"], 2, "no document is called");
    check(&["p.txt#9"], 2, "no #9");
    let quoted = desk.run(&["cite", "p.txt", "--quote", "3..17"]);
    assert!(quoted.out.contains("\nspeak of peace\n"), "{}", quoted.out);
}

#[test]
fn a_search_is_exported_in_the_same_formats() {
    let desk = desk();
    let shape = |format: &str| desk.run(&["search", "*", "-n", "all", "--format", format]);
    let n = desk.json(&["search", "*", "-n", "all", "--json"])["hits"].as_array().unwrap().len();
    assert!(n > 2);
    let csl: Value = serde_json::from_str(&shape("csl").out).unwrap();
    let items = csl.as_array().unwrap();
    items.iter().for_each(check_csl);
    let mut ids: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((items.len(), ids.len()), (n, n));
    assert_eq!(read_ris(&shape("ris").out).len(), n);
    assert_eq!(Bibliography::parse(&shape("bibtex").out).unwrap().len(), n);
    assert!(shape("markdown").out.contains("February 1957"));
    assert!(shape("html").out.contains("February 1957"));
    let none = desk.run(&["search", "volcano", "--format", "csl"]);
    assert_eq!((none.code, none.out.as_str()), (1, "[]\n"));
}
