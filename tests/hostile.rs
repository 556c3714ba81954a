//! Documents that must not hurt: each is found, or named with a reason; none is lost, none crashes a
//! run, nothing of it reaches a terminal, a page or a spreadsheet as more than text.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::Desk;

const PROSE: &str = "The council of the river met in peace and agreed on a treaty of navigation. ";

struct Case {
    path: String,
    bytes: Vec<u8>,
    /// Words that must be found.
    found: Vec<String>,
    /// Words that must not be.
    hidden: Vec<String>,
    /// Whether it must be named among the files left out.
    named: bool,
}

#[derive(Default)]
struct Cases {
    all: Vec<Case>,
    words: usize,
}

impl Cases {
    fn word(&mut self) -> String {
        self.words += 1;
        format!("qvz{:04}", self.words)
    }

    /// A text that must be found by the word in the place of `@`, and not by the one of `~`.
    fn read(&mut self, path: &str, text: impl AsRef<[u8]>) {
        let (found, hidden) = (self.word(), self.word());
        let mut bytes = Vec::new();
        let (mut has_found, mut has_hidden) = (false, false);
        for byte in text.as_ref() {
            match byte {
                b'@' => {
                    has_found = true;
                    bytes.extend(found.bytes());
                }
                b'~' => {
                    has_hidden = true;
                    bytes.extend(hidden.bytes());
                }
                other => bytes.push(*other),
            }
        }
        assert!(has_found, "{path} has a word to find");
        let hidden = if has_hidden { vec![hidden] } else { Vec::new() };
        self.all.push(Case {
            path: path.to_owned(),
            bytes,
            found: vec![found],
            hidden,
            named: false,
        });
    }

    /// Bytes that are no document: the file must be named.
    fn unread(&mut self, path: &str, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref().to_vec();
        let (found, hidden) = (Vec::new(), Vec::new());
        self.all.push(Case { path: path.to_owned(), bytes, found, hidden, named: true });
    }
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let unit = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect()
}

fn cases() -> Cases {
    let mut cases = Cases::default();
    let many = |text: &str, count: usize| text.repeat(count);
    // Nothing, or nothing to read.
    for (path, bytes) in
        [("zero.txt", ""), ("zero.md", ""), ("blank.txt", " \n\t \r\n"), ("bom.txt", "\u{feff}")]
    {
        cases.unread(&format!("empty/{path}"), bytes);
    }
    cases.unread(
        "binary/noise.txt",
        (0..9000_u32).map(|i| (i * 7919 % 256) as u8).collect::<Vec<_>>(),
    );
    cases.unread("binary/cut.pdf", "%PDF-1.4\n1 0 obj <<");
    cases.unread("binary/cut.docx", "PK\u{3}\u{4}\u{14}\0");
    cases.unread("binary/elf", "\u{7f}ELF\u{2}\u{1}\u{1}\0\0\0\0");
    // Encodings.
    let speech = format!("A speech of @ on peace. {PROSE}");
    cases.read("encoding/bom.txt", format!("\u{feff}{speech}"));
    for (name, big) in [("le", false), ("be", true)] {
        let word = cases.word();
        let bytes = utf16(&format!("Discours sur {word}. {PROSE}"), big);
        let path = format!("encoding/utf16{name}.txt");
        cases.all.push(Case { path, bytes, found: vec![word], hidden: Vec::new(), named: false });
    }
    cases.read(
        "encoding/latin1.txt",
        [b"Les \xe9tats de l'Am\xe9rique, @, r\xe9unis. ".as_slice(), many(PROSE, 3).as_bytes()]
            .concat(),
    );
    cases.read(
        "encoding/broken.txt",
        [b"Broken \xff\xfe\xc3 bytes and @ after. ".as_slice(), many(PROSE, 3).as_bytes()].concat(),
    );
    cases.read(
        "encoding/overlong.txt",
        [b"Overlong \xc0\xaf\xe0\x80\xaf and @. ".as_slice(), many(PROSE, 3).as_bytes()].concat(),
    );
    // Signs that do something elsewhere.
    cases.read(
        "signs/escape.txt",
        format!("Colour \u{1b}[31m and title \u{1b}]0;owned\u{7} and @ \u{9b}2J. {PROSE}"),
    );
    cases.read("signs/bidi.txt", format!("Turned \u{202e}gnp.exe\u{2066} and @ \u{2069}. {PROSE}"));
    cases.read("signs/nul.txt", format!("{}Nul \0 and bell \u{7} and @. {PROSE}", many(PROSE, 3)));
    cases.read("signs/return.txt", format!("Overwritten\rby @ at the start. {PROSE}"));
    cases.read("signs/formula.txt", format!("=HYPERLINK(\"http://x\",\"y\") and @. {PROSE}"));
    cases.read("signs/plus.md", format!("+1+cmd|' /C calc'!A0 and @. {PROSE}"));
    cases.read(
        "signs/markup.txt",
        format!("<script>alert(1)</script><img src=x onerror=alert(2)> and @. {PROSE}"),
    );
    cases.read("signs/zalgo.txt", format!("Z{} and @. {PROSE}", many("\u{301}\u{30d}", 2000)));
    cases.read(
        "signs/lone.txt",
        format!("\u{301}\u{200d}\u{fe0f}\u{ffff}\u{10ffff} and @. {PROSE}"),
    );
    // Sizes and depths.
    cases.read("size/line.txt", format!("{}@ at the end.", many(PROSE, 20_000)));
    cases.read("size/lines.txt", format!("{}@ at the end.\n", many("a\n", 100_000)));
    cases.read("size/word.txt", format!("A word of {} and @. {PROSE}", many("x", 300_000)));
    cases
        .read("size/headings.md", format!("{}@ at the end. {PROSE}\n", many("# A\n\nB\n\n", 5000)));
    cases.read("size/quotes.md", format!("{} deep\n\n@ at the end. {PROSE}\n", many("> ", 20_000)));
    cases
        .read("size/brackets.md", format!("{} deep\n\n@ at the end. {PROSE}\n", many("[", 50_000)));
    cases.read(
        "size/emphasis.md",
        format!("{} deep\n\n@ at the end. {PROSE}\n", many("*a **b", 10_000)),
    );
    cases.read(
        "size/lists.md",
        format!(
            "{}\n\n@ at the end. {PROSE}\n",
            (0..400).map(|n| format!("{}- x\n", " ".repeat(2 * n))).collect::<String>()
        ),
    );
    cases.read("size/nested.html", format!("{}<p>@ within. {PROSE}</p>", many("<div>", 50_000)));
    cases.read(
        "size/tables.html",
        format!("<p>@ before. {PROSE}</p>{}", many("<table><tr><td>", 5000)),
    );
    cases
        .read("size/attributes.html", format!("<p {}>@ within. {PROSE}</p>", many("a=b ", 50_000)));
    // Words that stand in no passage.
    cases.read("beside/title.md", format!("# A @ <img src=x>\n\n{PROSE}\n"));
    cases.read("beside/heading.md", format!("# A\n\n{PROSE}\n\n## Of @\n\n{PROSE}\n"));
    cases.read("beside/last.md", format!("# A\n\n{PROSE}\n\n## Of @\n"));
    cases.read("beside/front.md", format!("---\ntitle: The @ papers\n---\n\n{PROSE}\n"));
    cases.read("beside/alone.md", "# Nothing but @\n");
    cases.read("beside/byline.txt", format!("On Rivers\n\nBy @ Smith\n\n{PROSE}\n"));
    cases.read("size/sections.md", format!("{}@ at the end.\n", many("# A\n\n", 120_000)));
    cases.read("size/blank.txt", format!("{}@ at the end. {PROSE}", many("\n", 300_000)));
    // Pages.
    cases.read("page/hidden.html", format!("<!doctype html><title>T</title><script>~</script><style>.~{{}}</style><!-- ~ --><p>@ seen. {PROSE}</p>"));
    cases.read(
        "page/open.html",
        format!("<p>@ seen. {PROSE}<b><i></p></div></section><!-- never closed"),
    );
    cases.read(
        "page/entities.html",
        format!(
            "<p>&lt;script&gt;alert(1)&lt;/script&gt; &#0; &#x110000; &#xd800; @ seen. {PROSE}</p>"
        ),
    );
    cases.read(
        "page/front.md",
        format!("---\ntitle: [broken\n date: {{\n---\n\n@ below. {PROSE}\n"),
    );
    cases.read("page/open-front.md", format!("---\ntitle: never closed\n\n@ below. {PROSE}\n"));
    cases.read(
        "page/dates.md",
        format!("---\ndate: 2020-13-45\nyear: 99999999999999999999\n---\n\n@ below. {PROSE}\n"),
    );
    // Not read as what they are named, or not yet; whatever becomes of them, they are not lost.
    cases.read(
        "wrong/page.txt",
        format!("<!DOCTYPE html><html><body><p>@ in a page. {PROSE}</p></body></html>"),
    );
    cases.read("wrong/text.html", format!("No tags, only @ and text. {PROSE}"));
    cases.read("wrong/no-ending", format!("A file without an ending, @. {PROSE}"));
    cases
}

fn names(cases: &mut Cases) {
    let long = "n".repeat(240);
    for name in [
        "-rf",
        "--help",
        "a b",
        "tab\there",
        "line\nbreak",
        "\u{202e}txt.exe",
        "<b>&\"'",
        "~x",
        "#7",
        "a!b",
        "é",
        "e\u{301}",
        "CON",
        "*?[",
        long.as_str(),
    ] {
        cases.read(&format!("names/{name}.txt"), format!("A name of its own, @. {PROSE}"));
    }
}

#[test]
fn hostile_documents_are_found_or_named() {
    let desk = Desk::new();
    let mut cases = cases();
    if cfg!(unix) {
        names(&mut cases);
    }
    for case in &cases.all {
        desk.write(&format!("documents/{}", case.path), &case.bytes);
    }
    desk.write("outside/secret.txt", format!("secretword stays outside. {PROSE}"));
    desk.write("documents/junk/._a.txt", "junkword");
    desk.write("documents/junk/~$b.docx", "junkword");
    #[cfg(unix)]
    for (target, link) in
        [("../../outside/secret.txt", "out.txt"), (".", "loop"), ("nowhere", "dead")]
    {
        fs::create_dir_all(desk.path().join("documents/links")).unwrap();
        std::os::unix::fs::symlink(target, desk.path().join("documents/links").join(link)).unwrap();
    }
    let start = Instant::now();
    let ran = desk.run(&["index", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for row in report["skipped"].as_array().unwrap() {
        assert!(!row["reason"].as_str().unwrap().is_empty());
        *named.entry(row["path"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert!(named.values().all(|times| *times == 1), "{named:?}");
    if cfg!(unix) {
        for link in ["links/out.txt", "links/loop", "links/dead"] {
            assert!(named.contains_key(link), "{link}");
        }
    }
    let queries: String = cases
        .all
        .iter()
        .flat_map(|case| case.found.iter().chain(&case.hidden))
        .map(|word| format!("{word}\t{word}\n"))
        .chain(["secretword", "junkword"].map(|word| format!("{word}\t{word}\n")))
        .collect();
    let answers = desk.run_with(&["search", "--queries", "-", "--json"], &queries);
    let mut hits: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in answers.out.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let paths = answer["hits"].as_array().unwrap().iter();
        let paths = paths.map(|hit| hit["document"]["path"].as_str().unwrap().to_owned()).collect();
        hits.insert(answer["query_id"].as_str().unwrap().to_owned(), paths);
    }
    for word in ["secretword", "junkword"] {
        assert!(hits[word].is_empty(), "{word}");
    }
    for case in &cases.all {
        assert_eq!(named.contains_key(&case.path), case.named, "{:?} is named", case.path);
        for word in &case.found {
            assert!(hits[word].contains(&case.path), "{:?} is found", case.path);
        }
        for word in &case.hidden {
            assert!(hits[word].is_empty(), "{:?} hides a word", case.path);
        }
        let now = fs::read(desk.path().join("documents").join(&case.path)).unwrap();
        assert!(now == case.bytes, "{:?} is as it was", case.path);
    }
    outputs_do_nothing(&desk);
}

/// Signs that do something to a terminal.
fn does_something(c: char) -> bool {
    (c.is_control() && !"\n\t".contains(c))
        || matches!(u32::from(c), 0x200e | 0x200f | 0x061c | 0x202a..=0x202e | 0x2066..=0x2069)
}

fn outputs_do_nothing(desk: &Desk) {
    let formats: [&[&str]; 8] = [
        &[],
        &["--format", "json"],
        &["--format", "jsonl"],
        &["--format", "csv"],
        &["--format", "markdown"],
        &["--format", "html"],
        &["--format", "trec"],
        &["-l"],
    ];
    for flags in formats {
        let arguments = [&["search", "treaty", "-n", "all"], flags].concat();
        let ran = desk.run(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        // Lines of CSV end as its standard says.
        let text = ran.out.replace("\r\n", "\n");
        let bad: Vec<char> = text.chars().filter(|c| does_something(*c)).collect();
        assert!(bad.is_empty(), "{flags:?}: {bad:?}");
        if flags.contains(&"html") {
            for live in ["<script", "<img", "onerror=alert(2)>"] {
                assert!(!ran.out.contains(live), "{live}");
            }
        }
        if flags.contains(&"csv") {
            let mut cells = text.split(['\n', ',']).map(|cell| cell.trim_start_matches('"'));
            assert!(
                !cells.any(|cell| cell.starts_with("=HYPERLINK") || cell.starts_with("+1+cmd"))
            );
        }
    }
    for arguments in [["index", "--verbose"].as_slice(), &["status"], &["show", "signs/escape.txt"]]
    {
        let ran = desk.run(arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let bad: Vec<char> =
            [ran.out, ran.err].concat().chars().filter(|c| does_something(*c)).collect();
        assert!(bad.is_empty(), "{arguments:?}: {bad:?}");
    }
}
