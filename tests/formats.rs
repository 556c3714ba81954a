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

/// What is compared of a text with an author, a date, a list, a table and a footnote.
#[derive(Debug, PartialEq)]
struct Whole {
    title: Value,
    speaker: Value,
    date: Value,
    /// Headings with the number of headings above.
    sections: Vec<(String, usize)>,
    /// Words of each passage of running text, of the rows of tables and of notes.
    text: Vec<String>,
    tables: Vec<String>,
    notes: Vec<String>,
}

/// A passage that starts at `at` without the numbers of pages that lie in it.
fn without_pages(text: &str, at: u64, furniture: &Value) -> String {
    let mut rest = text.as_bytes().to_vec();
    for piece in furniture.as_array().unwrap().iter().filter(|piece| piece["kind"] == "page") {
        let place = |key: &str| piece[key].as_u64().unwrap().checked_sub(at);
        if let (Some(start), Some(end)) = (place("start"), place("end"))
            && let Some(hole) = rest.get_mut(start as usize..end as usize)
        {
            hole.fill(b' ');
        }
    }
    String::from_utf8(rest).unwrap()
}

/// Reads a document. Only words are compared: the signs before the items of a list and between the
/// cells of a row are the format's own. So are the numbers that call for a note where the text of the
/// document is its source (`[^1]` in Markdown, `[1]` in plain text), and the number before a note.
fn whole(desk: &Desk, path: &str) -> Whole {
    let shown = desk.json(&["show", path, "--json"]);
    let document = &shown["document"];
    let title = document["title"].as_str().unwrap_or_default();
    let sections = shown["sections"].as_array().unwrap().iter();
    let sections = sections
        .filter_map(|section| Some((section["title"].as_str()?, &section["path"])))
        .filter(|(heading, _)| *heading != title)
        .map(|(heading, path)| {
            let above = path.as_array().unwrap().iter().filter(|above| *above != title);
            (heading.to_owned(), above.count())
        })
        .collect();
    let words = |text: &str| {
        let text = text.replace("[^1]", "").replace("[1]", "");
        let parted = text.split(|sign: char| !sign.is_alphanumeric());
        parted.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let of = |kind: &str| -> Vec<String> {
        let passages = shown["passages"].as_array().unwrap().iter();
        passages
            .filter(|passage| passage["kind"] == kind)
            .map(|passage| {
                let at = passage["start"].as_u64().unwrap();
                let text = passage["text"].as_str().unwrap();
                words(&without_pages(text, at, &shown["furniture"]))
            })
            .collect()
    };
    let without_number = |note: String| note.strip_prefix("1 ").map(str::to_owned).unwrap_or(note);
    Whole {
        title: document["title"].clone(),
        speaker: document["speaker"].clone(),
        date: document["date"].clone(),
        sections,
        text: of("text"),
        tables: of("table"),
        notes: of("note").into_iter().map(without_number).collect(),
    }
}

#[test]
fn a_text_with_all_parts_is_the_same_in_every_format() {
    let desk = Desk::new();
    let mut names = vec![
        "signals.md",
        "signals.html",
        "signals.docx",
        "signals.odt",
        "signals.epub",
        "signals.rtf",
        "signals.xml",
        "signals.txt",
        "signals-office.docx",
        "signals-office.odt",
        "signals-office.rtf",
        "signals-office.doc",
    ];
    if cfg!(feature = "pdf") {
        names.extend([
            "signals-office.pdf",
            "signals-browser.pdf",
            "signals-tex.pdf",
            "signals-narrow.pdf",
        ]);
    }
    for name in &names {
        desk.write(&format!("documents/{name}"), fixture(name));
    }
    assert_eq!(desk.run(&["index", "--strict"]).code, 0);
    let source = whole(&desk, "signals.md");
    assert_eq!(
        (&source.title, &source.speaker, &source.date),
        (
            &Value::from("The Convention on Coastal Signals"),
            &Value::from("Amélie Torsten"),
            &Value::from("1983-03-14")
        )
    );
    let sections: Vec<(&str, usize)> =
        source.sections.iter().map(|(heading, above)| (heading.as_str(), *above)).collect();
    assert_eq!(
        sections,
        [
            ("Signals and Stations", 1),
            ("The Register", 2),
            ("Fees and Exemptions", 1),
            ("Disputed Lights", 2),
            ("After the Convention", 1),
        ]
    );
    assert_eq!((source.text.len(), source.tables.len(), source.notes.len()), (6, 1, 1));
    let mut wrong = Vec::new();
    for name in &names {
        let mut found = whole(&desk, name);
        match *name {
            // Plain text and old Word files have no levels and mark no notes: the note is the last
            // paragraph, and in plain text its number stands in brackets.
            "signals.txt" | "signals-office.doc" => {
                for (_, above) in &mut found.sections {
                    *above = 0;
                }
                let flat = source.sections.iter().map(|(heading, _)| (heading.clone(), 0));
                if flat.collect::<Vec<_>>() == found.sections {
                    found.sections.clone_from(&source.sections);
                }
            }
            _ => {}
        }
        // A browser prints notes as a numbered list at the end, and plain text as a last paragraph.
        if let ("signals.txt" | "signals-browser.pdf", Some(last)) = (*name, found.text.last_mut())
            && let Some(text) = last.strip_suffix(source.notes[0].as_str())
        {
            *last = text.trim_end_matches([' ', '1']).to_owned();
            found.notes.clone_from(&source.notes);
        }
        if found != source {
            wrong.push(format!("{name}: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let everywhere = |query: &str| {
        let hits = desk.json(&["search", "--json", "-n", "all", "--literal", query]);
        hits["documents"].as_u64().unwrap() == names.len() as u64
    };
    for query in [
        "rapporteur",
        "Saint-Éloi",
        "\"Harbour Board\"",
        "\"Ministry of Marine\"",
        "Ravnholm",
        "\"register is kept in ink\"",
        "\"rebuilt on higher ground\"",
        "\"every harbour spoke its own language\"",
        "Køge",
        "\"contributions by tonnage\"",
        "misunderstandings",
        "\"whose rock it was\"",
    ] {
        assert!(everywhere(query), "{query}");
    }
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

/// A volume of a hundred documents, each with its date and a part of its own.
fn volume() -> String {
    let divisions: String = (1..=100)
        .map(|n| {
            let day = format!("19{:02}-0{}-1{}", n % 100, 1 + n % 9, n % 10);
            format!(
                "<div type=\"document\" xml:id=\"d{n}\" n=\"{n}\"><head>{n}. Telegram {n}</head><opener><dateline>\
                 <placeName>Oslo</placeName>, <date when=\"{day}\">the day</date></dateline></opener>\
                 <p>The harbour of station {n} is open<note n=\"1\">Not printed: keeper {n}.</note> again.</p>\
                 <div type=\"section\"><head>Annex of {n}</head><p>Lamps were lit at berth {n}.</p></div></div>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><fileDesc><titleStmt>\
         <title>Harbours</title></titleStmt></fileDesc></teiHeader><text><body><div type=\"compilation\">\
         <head>Papers</head>{divisions}</div></body></text></TEI>"
    )
}

#[test]
fn a_volume_gives_a_hundred_documents() {
    let desk = Desk::new();
    desk.write("documents/volume.xml", volume());
    assert_eq!(desk.run(&["index", "--strict"]).code, 0);
    assert_eq!(desk.json(&["status", "--json"])["documents"], 100);
    let all = desk.run(&["show", "--all", "--format", "jsonl"]).out;
    for line in all.lines() {
        let shown: Value = serde_json::from_str(line).unwrap();
        let document = &shown["document"];
        let path = document["path"].as_str().unwrap();
        let n: usize = path.strip_prefix("volume.xml#d").unwrap().parse().unwrap();
        let day = format!("19{:02}-0{}-1{}", n % 100, 1 + n % 9, n % 10);
        assert_eq!(
            (&document["date"], &document["container"]),
            (&day.into(), &"volume.xml".into())
        );
        assert_eq!(document["title"], format!("{n}. Telegram {n}"));
        let headings: Vec<&Value> =
            shown["sections"].as_array().unwrap().iter().map(|section| &section["title"]).collect();
        assert!(headings.contains(&&Value::from(format!("Annex of {n}"))), "{headings:?}");
    }
    assert_eq!(all.lines().count(), 100);
    // A sentence goes on over its note, and the note is found by itself.
    let found = desk.json(&["search", "--json", "\"station 7 is open again\""]);
    assert_eq!(
        (&found["documents"], &found["hits"][0]["passage"]["kind"]),
        (&1.into(), &"text".into())
    );
    let found = desk.json(&["search", "--json", "\"keeper 7\""]);
    assert_eq!(
        (&found["documents"], &found["hits"][0]["passage"]["kind"]),
        (&1.into(), &"note".into())
    );
}

#[test]
fn ten_thousand_records_are_ten_thousand_documents() {
    let desk = Desk::new();
    let lines: String = (1..=10_000)
        .map(|n| format!("{{\"title\":\"Note {n}\",\"date\":\"19{:02}-03-04\",\"text\":\"Talks on berth {n} went on.\"}}\n", n % 100))
        .collect();
    desk.write("documents/notes.jsonl", lines);
    assert_eq!(desk.run(&["index", "--strict"]).code, 0);
    assert_eq!(desk.json(&["status", "--json"])["documents"], 10_000);
    for n in [1, 77, 9_999, 10_000] {
        let found = desk.json(&["search", "--json", &format!("\"berth {n}\"")]);
        let document = &found["hits"][0]["document"];
        assert_eq!(found["documents"], 1);
        assert_eq!(document["path"], format!("notes.jsonl#{n}"));
        assert_eq!(document["date"], format!("19{:02}-03-04", n % 100));
        assert_eq!(document["container"], "notes.jsonl");
    }
}

#[test]
fn archives_within_archives_and_attachments_are_documents() {
    use std::io::Write;
    let zipped = |members: &[(&str, &[u8])]| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in members {
            let options = zip::write::SimpleFileOptions::default();
            archive.start_file(*name, options).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    };
    let desk = Desk::new();
    let inner = zipped(&[
        ("a/one.txt", b"The quay was closed.\n"),
        ("two.md", b"# Two\n\nThe quay was open.\n"),
    ]);
    desk.write(
        "documents/box.zip",
        zipped(&[("inner.zip", &inner), ("three.txt", b"No ships came.\n")]),
    );
    #[cfg(feature = "mail")]
    {
        let message = |n: usize| {
            format!(
                "From desk@example.org Mon Feb  1 10:00:00 1999\nFrom: Jane Roe <desk@example.org>\nSubject: Report {n}\n\
                 Date: Mon, 01 Feb 1999 10:00:00 +0000\nMIME-Version: 1.0\n\
                 Content-Type: multipart/mixed; boundary=\"x\"\n\n--x\nContent-Type: text/plain\n\n\
                 The pilot reports on buoy {n}.\n--x\nContent-Type: text/plain; name=\"annex.txt\"\n\
                 Content-Disposition: attachment; filename=\"annex.txt\"\n\nSoundings at buoy {n}.\n--x--\n\n"
            )
        };
        desk.write("documents/box.mbox", (1..=50).map(message).collect::<String>());
    }
    assert_eq!(desk.run(&["index", "--strict"]).code, 0);
    let document = |query: &str| {
        let found = desk.json(&["search", "--json", "-n", "all", query]);
        let paths = found["hits"].as_array().unwrap().iter().map(|hit| {
            let document = &hit["document"];
            format!(
                "{} in {}",
                document["path"].as_str().unwrap(),
                document["container"].as_str().unwrap()
            )
        });
        let mut paths: Vec<String> = paths.collect();
        paths.sort();
        paths
    };
    assert_eq!(
        document("\"quay was closed\""),
        ["box.zip!/inner.zip!/a/one.txt in box.zip!/inner.zip"]
    );
    assert_eq!(document("\"quay was open\""), ["box.zip!/inner.zip!/two.md in box.zip!/inner.zip"]);
    assert_eq!(document("\"no ships came\""), ["box.zip!/three.txt in box.zip"]);
    #[cfg(feature = "mail")]
    {
        assert_eq!(document("\"reports on buoy 33\""), ["box.mbox#33 in box.mbox"]);
        let annex = document("\"soundings at buoy 33\"");
        assert_eq!(annex.len(), 1);
        assert!(
            annex[0].starts_with("box.mbox#33!/") && annex[0].ends_with("annex.txt in box.mbox#33"),
            "{annex:?}"
        );
        assert_eq!(desk.json(&["status", "--json"])["documents"], 103);
    }
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
