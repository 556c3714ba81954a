use std::io::Write;

use super::*;
use crate::ingest::extract::block::Key;

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, ::zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn blocks(read: &Extracted) -> Vec<(BlockKind, &str)> {
    read.blocks.iter().flatten().map(|block| (block.kind, block.span.of(&read.text))).collect()
}

const STYLES: &str = r#"<w:styles xmlns:w="x"><w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:styleId="Own"><w:name w:val="Our Head"/><w:basedOn w:val="berschrift1"/></w:style></w:styles>"#;

fn docx(body: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w=\"x\"><w:body>{body}</w:body></w:document>");
    let notes = "<w:footnotes xmlns:w=\"x\"><w:footnote w:type=\"separator\" w:id=\"0\"><w:p><w:r><w:t>--</w:t></w:r></w:p></w:footnote>\
        <w:footnote w:id=\"2\"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let core = "<cp:coreProperties xmlns:dc=\"d\"><dc:title>the Title</dc:title><dc:creator>admin</dc:creator></cp:coreProperties>";
    zipped(&[
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", &document),
        ("word/styles.xml", STYLES),
        ("word/footnotes.xml", notes),
        ("docProps/core.xml", core),
    ])
}

#[test]
fn word_files_keep_their_structure() {
    use BlockKind::{Footnote, Heading, ListItem, Paragraph, Table};
    let paragraph = |style: &str, runs: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>")
    };
    let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph("", &run(text)));
    let body = [
        paragraph("Titel", &run("The Title")),
        paragraph("berschrift1", &run("One")),
        paragraph(
            "x",
            &format!(
                "{}<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins>{}</w:ins><w:r><w:footnoteReference w:id=\"2\"/></w:r>",
                run("Peace &amp; "),
                run("trade.")
            ),
        ),
        format!(
            "<w:p><w:pPr><w:numPr><w:numId w:val=\"3\"/></w:numPr></w:pPr>{}</w:p>",
            run("item")
        ),
        paragraph("Own", &run("Two")),
        format!(
            "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
            cell("a"),
            cell("b"),
            cell("1"),
            cell("2")
        ),
    ];
    let read = read_docx(&docx(&body.concat())).unwrap();
    assert_eq!(
        blocks(&read),
        [
            (Heading(1), "The Title"),
            (Heading(2), "One"),
            (Paragraph, "Peace & trade."),
            (ListItem, "item"),
            // A note stands at the end of its section.
            (Footnote, "A note."),
            (Heading(2), "Two"),
            (Table, "a\tb"),
            (Table, "1\t2"),
        ]
    );
    // A title that the text bears out is a value, a typist's name is none.
    let values: Vec<_> = read.values.iter().map(|value| (value.key, value.text.as_str())).collect();
    assert_eq!(values, [(Key::Title, "the Title")]);
}

#[test]
fn damaged_word_files_say_what_is_wrong() {
    for (bytes, part) in [
        (b"PK\x03\x04 cut".to_vec(), "damaged"),
        (zipped(&[("[Content_Types].xml", "x")]), "without its main part"),
        (zipped(&[("word/document.xml", "no xml <<<<")]), "without text"),
    ] {
        let reason = read_docx(&bytes).unwrap_err().reason;
        assert!(reason.contains(part) || reason.contains("well-formed"), "{reason}");
    }
    let deep = "<w:tbl><w:tr><w:tc>".repeat(5_000);
    let read = read_docx(&docx(&format!("{deep}<w:p><w:r><w:t>deep</w:t></w:r></w:p>"))).unwrap();
    assert_eq!(read.text, "deep");
}

#[test]
fn open_document_keeps_its_structure() {
    use BlockKind::{Footnote, Heading, ListItem, Paragraph};
    let content = r#"<office:document-content xmlns:office="o" xmlns:text="t" xmlns:style="s">
<office:automatic-styles><style:style style:name="P1" style:parent-style-name="Title"/></office:automatic-styles>
<office:body><office:text><text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion></text:tracked-changes>
<text:p text:style-name="P1">The Title</text:p><text:h text:outline-level="1">One</text:h>
<text:p>Peace<text:s/>and<office:annotation><text:p>remark</text:p></office:annotation> trade.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body></text:note></text:p>
<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list></office:text></office:body></office:document-content>"#;
    let bytes = zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", content),
    ]);
    let read = read_odt(&bytes).unwrap();
    assert_eq!(
        blocks(&read),
        [
            (Heading(1), "The Title"),
            (Heading(2), "One"),
            (Paragraph, "Peace and trade."),
            (ListItem, "item"),
            (Footnote, "A note."),
        ]
    );
}

#[test]
fn rich_text_is_decoded() {
    use BlockKind::{Footnote, Heading, Paragraph};
    let rtf = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}{\stylesheet{\s1 heading 1;}{\s15 Title;}}
{\info{\title The Title}}{\*\unknown skipped}{\header head}
\pard\s15 The Title\par\pard\s1 One\par\pard Caf\'e9 \u1052?\u1080\'3f\u1088? {\f1\'cc\'e8\'f0}{\footnote A note.} {\v hidden}\ldblquote x\rdblquote\par}";
    let read = read_rtf(rtf).unwrap();
    assert_eq!(
        blocks(&read),
        [
            (Heading(1), "The Title"),
            (Heading(2), "One"),
            (Paragraph, "Café Мир Мир “x”"),
            (Footnote, "A note."),
        ]
    );
    let deep = [b"{\\rtf1 a".to_vec(), vec![b'{'; 200_000]].concat();
    assert_eq!(read_rtf(&deep).unwrap().text, "a");
}

#[test]
fn books_follow_their_spine() {
    let page =
        |text: &str| format!("<html><head><title>x</title></head><body>{text}</body></html>");
    let bytes = zipped(&[
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", "<c><rootfile full-path=\"O/a.opf\"/></c>"),
        (
            "O/a.opf",
            "<package xmlns:dc=\"d\"><metadata><dc:title>Book</dc:title><dc:date>2020-01-01</dc:date></metadata><manifest>\
             <item id=\"b\" href=\"b%20b.xhtml\" media-type=\"application/xhtml+xml\"/><item id=\"a\" href=\"a.xhtml\" media-type=\"application/xhtml+xml\"/>\
             </manifest><spine><itemref idref=\"a\"/><itemref idref=\"b\"/></spine></package>",
        ),
        ("O/b b.xhtml", &page("<h1>Two</h1><p>The second.</p>")),
        ("O/a.xhtml", &page("<h1>One</h1><p>The first.</p>")),
    ]);
    let read = read_epub(&bytes).unwrap();
    assert_eq!(read.text, "One\n\nThe first.\n\nTwo\n\nThe second.");
    assert_eq!(read.values.iter().filter(|value| value.key == Key::Title).count(), 1);
    assert!(read.values.iter().all(|value| value.key != Key::Date));
}

#[test]
fn damaged_compound_files_are_refused() {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(2048, 0xff);
    assert!(read_doc(&bytes).is_err());
    bytes[30] = 9;
    bytes[31] = 0;
    assert!(read_doc(&bytes).is_err());
}
