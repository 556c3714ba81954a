//! The fuzz targets of `tests/fuzz` under mutations of seeds: some hundred inputs a target in every run,
//! for longer with `CHANCERY_FUZZ_SECONDS`; `cargo fuzz` runs the same targets guided by coverage.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "fuzz/targets.rs"]
mod targets;

/// Pieces that readers and the parser have rules for.
const PIECES: &[&str] = &[
    "\n\n",
    "\r\n",
    "\u{c}",
    "\u{2028}",
    "\u{feff}",
    "\u{0}",
    "# ",
    "## ",
    "---\n",
    "title: x\n",
    "* ",
    "> ",
    "```\n",
    "|a|b|\n|-|-|\n",
    "[x](y)",
    "[^1]: ",
    "<p>",
    "</p>",
    "<div>",
    "<table><tr><td>",
    "<!--",
    "-->",
    "<script>",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE a [<!ENTITY b \"&b;\">]>",
    "&b;",
    "&amp;",
    "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">",
    "<text><body><div><head>",
    "<pb n=\"1\"/>",
    "<note>",
    "{\\rtf1 ",
    "\\par ",
    "\\'e9",
    "\\u8364?",
    "\\bin9 ",
    "{\"text\":\"a\"}\n",
    "[{\"text\":",
    "\\ud800",
    "title,text\n",
    "\"\"",
    "From a@b Mon Jan 1 00:00:00 2001\n",
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
    "=?utf-8?B?4oCu?=",
    "PK\u{3}\u{4}",
    "PK\u{5}\u{6}",
    "Mr. Roe (Norway): ",
    "The President: ",
    "By Jane Roe\n",
    "3 May 1957",
    "Photo: ",
    "Article 1\n",
    "1. ",
    "A/RES/70/1",
    " AND ",
    " OR ",
    " NOT ",
    " NEAR/5 ",
    " BEFORE/2 ",
    " SENT ",
    " PARA ",
    "\"",
    "~2",
    "^3",
    "*",
    "?",
    "/a.*/",
    "(",
    ")",
    "+",
    "-",
    "title:",
    "year:1990..",
    "region:France",
    "topic:",
    "section:=\"",
    "..",
    "\\",
    "=peace",
    "treaty",
    "win-win",
    "the council of",
    "é\u{301}",
    "\u{202e}",
    "नमस्ते",
    "条約",
];

/// Numbers that look as if thrown.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

fn mutated(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let to = (at + dice.below(64)).min(bytes.len());
        match dice.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = dice.below(256) as u8,
            2 => drop(bytes.drain(at..to)),
            3 => {
                let again = bytes[at..to].to_vec();
                bytes.splice(at..at, again);
            }
            4 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                let end = (from + dice.below(400)).min(other.len());
                bytes.splice(at..to, other[from..end].iter().copied());
            }
            5 if dice.below(8) == 0 => bytes.truncate(at),
            _ => drop(bytes.splice(at..at, PIECES[dice.below(PIECES.len())].bytes())),
        }
    }
    bytes
}

/// Runs a target; what breaks it is written down and told.
fn run(name: &str, target: fn(&[u8]), seeds: &[Vec<u8>], at_least: usize) {
    let seconds = std::env::var("CHANCERY_FUZZ_SECONDS").map_or(0, |text| text.parse().unwrap());
    let seed = std::env::var("CHANCERY_FUZZ_SEED").map_or(1, |text| text.parse().unwrap());
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ seed);
    let (start, limit) = (Instant::now(), Duration::from_secs(seconds));
    let mut runs = 0;
    while runs < at_least || start.elapsed() < limit {
        let bytes = mutated(seeds, &mut dice);
        let before = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| target(&bytes))).is_err() {
            let kept = std::env::temp_dir().join(format!("chancery-{name}-{runs}"));
            fs::write(&kept, &bytes).unwrap();
            panic!("{name}: input {runs} of seed {seed} breaks it; kept as {}", kept.display());
        }
        assert!(before.elapsed() < Duration::from_secs(20), "{name}: input {runs} takes too long");
        runs += 1;
    }
    println!("{name}: {runs} inputs in {:.0?}, nothing found", start.elapsed());
}

fn files(folder: &str) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push(fs::read(path).unwrap());
            }
        }
    }
    all.retain(|bytes| bytes.len() < 60_000);
    all
}

/// Each file under each of a few endings: the first byte chooses it.
fn seeds_of_documents() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for (number, file) in
        [files("tests/fixtures/formats"), files("documents")].concat().iter().enumerate()
    {
        for ending in [0, number, number * 7 + 3] {
            all.push([&[ending as u8], file.as_slice()].concat());
        }
    }
    for (ending, text) in [
        (
            9,
            "From: a@b\nSubject: On rivers\nDate: Fri, 3 May 1957 10:00:00 +0000\n\nThe council met.\n",
        ),
        (
            10,
            "From a@b Mon Jan 1 00:00:00 2001\nSubject: a\n\nThe council met.\n\nFrom c@d Mon Jan 1 00:00:00 2001\nSubject: b\n\nPeace.\n",
        ),
        (11, "[{\"title\": \"A\", \"text\": \"The council met.\"}, {\"text\": \"Peace.\"}]"),
        (12, "{\"title\": \"A\", \"text\": \"The council met.\"}\n{\"text\": \"Peace.\"}\n"),
        (13, "title,date,text\nA,1957-05-03,The council met.\nB,,\"Peace, \"\"again\"\".\"\n"),
    ] {
        all.push([&[ending], text.as_bytes()].concat());
    }
    all
}

fn seeds_of_queries() -> Vec<Vec<u8>> {
    let typed = [
        "peace",
        "silk road",
        "\"win-win cooperation\"",
        "peace AND (river OR sea) NOT war",
        "peace NEAR/5 river",
        "(a BEFORE/3 b) SENT treaty",
        "title:peace country:(CHN OR France) year:1990..2000",
        "treat* /organi[sz]ation/ gorbachov~1",
        "+peace -war =nations the^2",
        "\"the \"\"council\"",
        "\"peace of\"~4",
        "section:=\"Four Strategies\" region:Europe",
        "S/RES/1325(2000) U.S. C++ don't",
    ];
    typed
        .iter()
        .flat_map(|text| [0_u8, 1, 2, 28].map(|first| [&[first], text.as_bytes()].concat()))
        .collect()
}

#[test]
fn any_documents_are_read_or_refused() {
    run("documents", targets::documents, &seeds_of_documents(), 300);
}

#[test]
fn any_text_has_a_whole_structure() {
    run("structure", targets::structure, &files("documents"), 150);
}

#[test]
fn any_text_is_a_query_or_an_error_with_a_place() {
    run("query", targets::query, &seeds_of_queries(), 5000);
}

#[test]
fn any_query_marks_what_it_counts() {
    run("highlight", targets::highlight, &seeds_of_queries(), 300);
}
