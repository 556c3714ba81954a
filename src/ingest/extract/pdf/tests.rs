use std::fmt::Write as _;

use super::*;
use crate::ingest::extract::block::BlockKind;

/// Kind, page and words of each block.
pub(super) fn blocks(read: &Extracted) -> Vec<(BlockKind, &str, &str)> {
    let blocks = read.blocks.iter().flatten();
    blocks
        .map(|block| (block.kind, block.page.as_deref().unwrap(), block.span.of(&read.text)))
        .collect()
}

/// A PDF file of these pages; each line has size, height and words.
fn pdf(pages: &[&[(u32, u32, &str)]]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", 4 + 2 * at)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
    ];
    for (at, lines) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F 3 0 R >> >> >>",
            5 + 2 * at
        ));
        let text: String = lines
            .iter()
            .map(|(size, y, words)| format!("BT /F {size} Tf 72 {y} Td ({words}) Tj ET\n"))
            .collect();
        objects.push(format!("<< /Length {} >>\nstream\n{text}endstream", text.len()));
    }
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        write!(out, "{} 0 obj\n{object}\nendobj\n", at + 1).unwrap();
    }
    let start = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    out.extend(places.iter().map(|place| format!("{place:010} 00000 n \n")));
    write!(out, "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF", objects.len() + 1)
        .unwrap();
    out.into_bytes()
}

#[test]
fn pages_become_one_text() {
    use BlockKind::{Footnote, Heading, Page, Paragraph};
    let file = pdf(&[
        &[
            (24, 780, "The Title"),
            (12, 740, "The first line of a paragraph that is long enough to be the run-"),
            (12, 726, "ning text of this page and to go on over the line that ends here and"),
            (8, 60, "1 A note at the foot of the page."),
            (10, 30, "1"),
        ],
        &[
            (
                12,
                780,
                "goes on over the page and fills the lines that it finds there until it has no",
            ),
            (
                12,
                766,
                "more words to say and ends with a stop that stands well inside its last line and",
            ),
            (12, 752, "is followed by white space."),
            (
                12,
                712,
                "Another paragraph stands here and has some lines of its own so that the space",
            ),
            (12, 698, "between lines can be told from that between paragraphs."),
            (10, 30, "2"),
        ],
    ]);
    let read = Here.read(file).unwrap();
    assert_eq!(
        blocks(&read),
        [
            (Heading(1), "1", "The Title"),
            (
                Paragraph,
                "1",
                "The first line of a paragraph that is long enough to be the running text of this page and to go on over the line that ends here and goes on over the page and fills the lines that it finds there until it has no more words to say and ends with a stop that stands well inside its last line and is followed by white space."
            ),
            (Page, "1", "1"),
            (
                Paragraph,
                "2",
                "Another paragraph stands here and has some lines of its own so that the space between lines can be told from that between paragraphs."
            ),
            (Page, "2", "2"),
            (Footnote, "1", "1 A note at the foot of the page."),
        ]
    );
}

#[test]
fn pages_that_are_pictures_are_named() {
    // Between the words of a line, a picture that covers the page.
    let picture = ") Tj ET q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q BT (";
    let words = (12, 700, "Words of a page that has some.");
    let read = Here.read(pdf(&[&[words], &[(12, 700, picture)], &[words]])).unwrap();
    let problems: Vec<_> = read.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(problems, ["1 of its 3 pages are pictures without text and were not read: 2"]);
    let all = Here.read(pdf(&[&[(12, 700, picture)]])).unwrap_err();
    assert!(all.reason.ends_with(NEEDS_OCR), "{all}");
    // An empty page is no picture.
    assert_eq!(Here.read(pdf(&[&[words], &[]])).unwrap().problems, []);
}

#[test]
fn what_cannot_be_read_says_why() {
    for (file, part) in [
        (b"%PDF-1.7\nnoise".to_vec(), "damaged"),
        (pdf(&[&[]]), "needs OCR"),
        (pdf(&[]), "without pages"),
    ] {
        let reason = Here.read(file).unwrap_err().reason;
        assert!(reason.contains(part), "{reason}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_hangs_or_breaks_is_told() {
    use std::time::Duration;
    let shell = |script: &str| {
        Pool::new("/bin/sh".into(), &["-c", script]).with_time(Duration::from_millis(300))
    };
    let hangs = shell("sleep 60").read(b"%PDF".to_vec()).unwrap_err();
    assert!(hangs.reason.contains("takes more than"), "{hangs}");
    let breaks = shell("exit 3").read(b"%PDF".to_vec()).unwrap_err();
    assert!(breaks.reason.contains("breaks its reader"), "{breaks}");
    let missing = Pool::new("/no such program".into(), &[]).read(Vec::new()).unwrap_err();
    assert!(missing.reason.contains("cannot be started"), "{missing}");
}
