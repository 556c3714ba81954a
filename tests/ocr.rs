//! Scanned pages with the real programs: a text drawn, made a PDF file of pictures, and read again.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::Desk;

/// Whether the programs are installed; in CI they have to be.
fn programs() -> bool {
    let runs = |program: &str, argument: &str| {
        let mut command = Command::new(program);
        command.arg(argument).stdin(Stdio::null()).output().is_ok()
    };
    if runs("tesseract", "--version") && runs("pdftoppm", "-v") {
        return true;
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "tesseract and pdftoppm are needed in CI"
    );
    println!("skipped: tesseract and pdftoppm (poppler-utils) are not installed");
    false
}

/// The pages of a fixture as pictures: width, height, dots.
fn pictures(fixture: &str) -> Vec<(usize, usize, Vec<u8>)> {
    let path = format!("{}/tests/fixtures/formats/{fixture}", env!("CARGO_MANIFEST_DIR"));
    let drawn = Command::new("pdftoppm").args(["-r", "150", "-gray", &path]).output().unwrap();
    let mut rest = drawn.stdout.as_slice();
    let mut pages = Vec::new();
    while !rest.is_empty() {
        let mut fields = Vec::new();
        while fields.len() < 4 {
            let end = rest.iter().position(u8::is_ascii_whitespace).unwrap();
            fields.push(String::from_utf8(rest[..end].to_vec()).unwrap());
            rest = &rest[end + 1..];
        }
        let (width, height) = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
        let (dots, behind) = rest.split_at(width * height);
        pages.push((width, height, dots.to_vec()));
        rest = behind;
    }
    pages
}

/// A PDF file that shows a picture on each page, and nothing else.
fn scanned(pages: &[(usize, usize, Vec<u8>)]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", 3 + 3 * at)).collect();
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()).into(),
    ];
    for (at, (width, height, dots)) in pages.iter().enumerate() {
        let number = 3 + 3 * at;
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
                 /Resources << /XObject << /Scan {} 0 R >> >> >>",
                number + 1,
                number + 2
            )
            .into(),
        );
        let draw = "595 0 0 842 0 0 cm /Scan Do";
        objects.push(format!("<< /Length {} >>\nstream\n{draw}\nendstream", draw.len()).into());
        let mut image = format!(
            "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray \
             /BitsPerComponent 8 /Length {} >>\nstream\n",
            dots.len()
        )
        .into_bytes();
        image.extend(dots);
        image.extend(b"\nendstream");
        objects.push(image);
    }
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{} 0 obj\n", at + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(table.bytes());
    let trailer = format!("trailer << /Size {} /Root 1 0 R >>", objects.len() + 1);
    file.extend(format!("{trailer}\nstartxref\n{start}\n%%EOF\n").bytes());
    file
}

#[test]
fn scanned_pages_are_read_when_asked_and_stay() {
    if !programs() {
        return;
    }
    let desk = Desk::new();
    let mut pages = pictures("office.pdf");
    let n_pages = pages.len();
    // The same pages twice: those behind show where a hit stands.
    pages.extend_from_within(..);
    let file = scanned(&pages);
    desk.write("documents/scan.pdf", &file);
    desk.write("documents/note.txt", "Nothing here was scanned.\n");
    let first = desk.json(&["index", "--json"]);
    let reason = first["skipped"][0]["reason"].as_str().unwrap();
    let wanted = format!(
        "a PDF file of {} pages without a text layer (scanned?); it needs OCR",
        2 * n_pages
    );
    assert_eq!(reason, wanted);
    // Unchanged, and read all the same, now that it can be.
    let second = desk.json(&["index", "--ocr", "--json"]);
    assert_eq!(second["skipped"], Value::Array(Vec::new()), "{second}");
    let warning = second["warnings"][0]["message"].as_str().unwrap();
    assert!(warning.contains("read by OCR (tesseract"), "{warning}");
    let found = desk.json(&["search", "--json", "\"win-win cooperation\""]);
    assert_eq!(found["documents"], 1);
    let pages: Vec<&Value> =
        found["hits"].as_array().unwrap().iter().map(|hit| &hit["passage"]["page"]).collect();
    assert_eq!(pages, ["1", (n_pages + 1).to_string().as_str()]);
    // Nearly all words of the page are there.
    let shown = desk.run(&["show", "scan.pdf", "--text"]).out;
    let source = include_str!("fixtures/formats/notice.md");
    let is_sign = |sign: char| !sign.is_alphanumeric();
    let words: Vec<&str> = source.split(is_sign).filter(|word| word.len() > 3).collect();
    let read = words.iter().filter(|word| shown.contains(**word)).count();
    assert!(read * 100 >= words.len() * 97, "{read} of {}", words.len());
    // A later run does not ask for OCR: nothing to do, and what was read is there, although the way
    // documents are understood has changed.
    assert_eq!(desk.json(&["index", "--json"])["unchanged"], 2);
    desk.write("chancery.toml", "[collections]\nscans = [\"scan*\"]\n");
    let third = desk.json(&["index", "--json"]);
    assert_eq!(
        (&third["changed"], &third["skipped"]),
        (&Value::from(2), &Value::Array(Vec::new()))
    );
    assert_eq!(desk.json(&["search", "--json", "reservoirs"])["documents"], 1);
    assert_eq!(desk.run(&["check"]).code, 0);
    desk.write("chancery.toml", "[ocr]\nlanguages = \"eng+none\"\n");
    let wrong = desk.run(&["index", "--ocr"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("tesseract has no data for none"), "{}", wrong.err);
}
