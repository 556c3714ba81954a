use super::*;
use crate::ingest::extract::block::{BlockKind, Key};

fn blocks(read: &Extracted) -> Vec<(BlockKind, &str)> {
    read.blocks.iter().flatten().map(|block| (block.kind, block.span.of(&read.text))).collect()
}

const VOLUME: &str = r#"<?xml version="1.0"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0" xmlns:frus="http://x"><teiHeader><fileDesc><titleStmt>
<title type="complete">Papers, Volume I</title><title type="series">Papers of the Union</title>
</titleStmt></fileDesc></teiHeader><text><body><div type="chapter"><head>Arms</head>
<div type="document" xml:id="d1" n="1" frus:doc-dateTime-min="1969-01-20T00:00:00-05:00"
 frus:doc-dateTime-max="1969-01-20T23:59:59-05:00"><head>1. Note From <persName>Roe</persName><note n="1">Source: Archive.</note></head>
<dateline><placeName>Oslo</placeName>, <date when="1969-01-20">January 20</date></dateline>
<p>We   met<note n="2"><p>In the hall.</p></note> today.</p><list><item>one</item></list></div>
<div type="document" xml:id="d2" n="2"><head>2. Reply</head><dateline><date when="1969-02-03">February 3</date></dateline><p>No.</p>
<div><head>Part</head><p>More.</p></div></div></div></body></text></TEI>"#;

#[test]
fn quotations_have_marks_where_only_the_markup_tells() {
    let read = |body: &str| {
        let text = format!("<TEI><text><body><div>{body}</div></body></text></TEI>");
        let found = tei::single(&text);
        blocks(&found).into_iter().map(|(_, words)| words.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        read("<p>He said <q>yes <q>and no</q></q> to all.</p>"),
        ["He said “yes “and no”” to all."]
    );
    assert_eq!(read("<p>He said “<q>yes</q>” again.</p>"), ["He said “yes” again."]);
    assert_eq!(
        read("<p>A <quote>note<note>Of it.</note> here</quote> is.</p>"),
        ["A “note here” is.", "Of it."]
    );
    // One that goes over blocks has no place in the line that ends it.
    let over = "<p>One <q>two<list><item>three and four and five</item></list>six seven eight</q> nine.</p>";
    assert!(read(over).iter().all(|words| !words.contains(['“', '”'])), "{:?}", read(over));
}

#[test]
fn a_volume_gives_its_documents() {
    use BlockKind::{Date, Footnote, Heading, ListItem, Paragraph};
    assert!(is_volume(VOLUME.as_bytes()));
    let mut found = Vec::new();
    let decoded = Decoded { text: VOLUME.to_owned(), problems: Vec::new() };
    documents(decoded, "v.xml", None, &mut |path, container, read| {
        found.push((path, container, read.unwrap()));
        true
    });
    let paths: Vec<&str> = found.iter().map(|(path, _, _)| path.as_str()).collect();
    assert_eq!(paths, ["v.xml#d1", "v.xml#d2"]);
    assert!(found.iter().all(|(_, container, _)| container.as_deref() == Some("v.xml")));
    assert_eq!(
        blocks(&found[0].2),
        [
            (Heading(1), "1. Note From Roe"),
            (Date, "Oslo, January 20"),
            (Paragraph, "We met today."),
            (ListItem, "one"),
            (Footnote, "Source: Archive."),
            (Footnote, "In the hall."),
        ]
    );
    assert_eq!(
        blocks(&found[1].2),
        [
            (Heading(1), "2. Reply"),
            (Date, "February 3"),
            (Paragraph, "No."),
            (Heading(2), "Part"),
            (Paragraph, "More."),
        ]
    );
    let dates: Vec<&str> = found
        .iter()
        .filter_map(|(_, _, read)| read.values.iter().find(|value| value.key == Key::Date))
        .map(|value| value.text.as_str())
        .collect();
    assert_eq!(dates, ["1969-01-20", "1969-02-03"]);
}

#[test]
fn a_single_file_takes_its_header() {
    let text = VOLUME.replacen("type=\"document\"", "type=\"letter\"", 1);
    assert!(!is_volume(text.as_bytes()));
    let read = read(&text).unwrap();
    let title = read.values.iter().find(|value| value.key == Key::Title).unwrap();
    assert_eq!(title.text, "Papers, Volume I");
    assert!(read.text.starts_with("Arms\n\n1. Note From Roe"));
}

#[test]
fn other_vocabularies_are_text() {
    use BlockKind::{Heading, Paragraph};
    let text = "<a><title>T</title><sec><title>S &amp; R</title><p>One <b>two</b>three&#33;</p><p>Four</p></sec></a>";
    let read = read(text).unwrap();
    assert_eq!(
        blocks(&read),
        [
            (Heading(1), "T"),
            (Heading(2), "S & R"),
            (Paragraph, "One twothree!"),
            (Paragraph, "Four")
        ]
    );
}

#[test]
fn nothing_is_resolved_and_nothing_lost() {
    let text = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a><p>one &x; R&D <![CDATA[<b>]]> two";
    let read = read(text).unwrap();
    assert_eq!(read.text, "one &x; R&D <b> two");
    assert_eq!(read.problems.len(), 1);
    let deep = format!("{}deep{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    assert_eq!(super::read(&deep).unwrap().text, "deep");
}

#[test]
fn roots_are_found_behind_declarations() {
    for (text, name) in [
        (
            "<?xml version='1.0'?><!-- c --><!DOCTYPE x [<!ENTITY a \">\">]>\n<t:TEI a='b'>",
            Some("tei"),
        ),
        ("\u{feff}<a/>", Some("a")),
        ("text", None),
    ] {
        assert_eq!(root(text).as_deref(), name);
    }
}
