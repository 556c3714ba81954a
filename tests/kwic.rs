//! Concordance lines: as many as there are matches, each true to the file, in the order asked for.

use serde_json::Value;

use crate::support::{Desk, is_quoted};

fn lines(desk: &Desk, arguments: &[&str]) -> Vec<Value> {
    let answer = desk.json(&[&["kwic", "--json", "-n", "all"], arguments].concat());
    answer["lines"].as_array().unwrap().clone()
}

fn texts<'v>(lines: &'v [Value], key: &str) -> Vec<&'v str> {
    lines.iter().map(|line| line[key].as_str().unwrap()).collect()
}

/// Queries of every kind, on the sample documents.
const QUERIES: [&str; 22] = [
    "treaty",
    "treaty peace water",
    "\"mutual respect\"",
    "\"United Nations\"",
    "nations",
    "=nations",
    "treat*",
    "nation*",
    "*nation*",
    "/organi[sz]ation(al)?/",
    "cooperation~1",
    "co-operation",
    "non-proliferation",
    "NPT",
    "\"peace * security\"",
    "\"united peace\"~6",
    "states NEAR/5 parties",
    "parties NEAR/8 (states OR peace)",
    "states BEFORE/5 parties",
    "water SENT states",
    "peace PARA states",
    "peace -war",
];

#[test]
fn there_are_as_many_lines_as_matches_and_each_is_as_in_the_file() {
    let desk = Desk::samples();
    let mut n_lines = 0;
    for query in QUERIES {
        let counted = desk.json(&["search", query, "--occurrences", "--json", "-n", "0"]);
        let lines = lines(&desk, &[query]);
        assert_eq!(counted["occurrences"].as_u64(), Some(lines.len() as u64), "{query}");
        n_lines += lines.len();
        for line in &lines {
            let path = line["document"]["path"].as_str().unwrap();
            let text = desk.run(&["show", path, "--text"]).out;
            let text = text.as_bytes();
            assert!(is_quoted(text, &line["start"], &line["end"], &line["node"]), "{query} {line}");
            for part in line["matches"].as_array().unwrap() {
                assert!(line["start"].as_u64() <= part["start"].as_u64());
                assert!(part["end"].as_u64() <= line["end"].as_u64());
            }
            let passage = &line["passage"];
            assert!(passage["start"].as_u64() <= line["start"].as_u64());
            assert!(line["start"].as_u64() < passage["end"].as_u64());
            // All inside the passage: every line's document is read, not every line alone.
            if n_lines > 400 {
                break;
            }
        }
    }
    assert!(n_lines > 200, "{n_lines}");
}

#[test]
fn what_a_filter_leaves_has_as_many_lines_too() {
    let desk = Desk::samples();
    for flags in [["--type", "treaty"], ["--year", "1970..1990"], ["--path", "speeches"]] {
        let arguments = [&["states", "-n", "all", "--json"][..], &flags].concat();
        let counted = desk.json(&[&["search", "--occurrences"][..], &arguments].concat());
        let lines = desk.json(&[&["kwic"][..], &arguments].concat());
        assert_eq!(counted["occurrences"], lines["matches"], "{flags:?}");
        assert_eq!(
            lines["matches"].as_u64(),
            Some(lines["lines"].as_array().unwrap().len() as u64)
        );
    }
}

#[test]
fn contexts_reach_over_passages_and_leave_out_page_furniture_and_end_with_the_document() {
    let filler = "The committee considered the matter with great care and came to no result. ";
    let text = format!(
        "{}They praised the common\n\n- 12 -\n\nheritage of all mankind. {}At last the win-win sphinx spoke.\n",
        filler.repeat(9),
        filler.repeat(9)
    );
    let desk = Desk::with(&[("a.txt", &text), ("b.txt", "Another sphinx slept all day long.\n")]);
    let heritage = lines(&desk, &["heritage", "--left", "4", "--right", "3"]);
    assert_eq!(heritage.len(), 1);
    let left = heritage[0]["left"].as_str().unwrap().trim().replace("- 12 - ", "");
    assert_eq!(left, "They praised the common");
    assert_eq!(heritage[0]["right"], " of all mankind.");
    let sphinx = lines(&desk, &["sphinx", "--left", "1", "--right", "30"]);
    assert_eq!(texts(&sphinx, "right"), [" spoke.", " slept all day long."]);
    // A hyphenated word is not cut in its middle.
    assert_eq!(texts(&sphinx, "left"), ["win-win ", "Another "]);
    let none = lines(&desk, &["sphinx", "--left", "0", "--right", "0"]);
    assert_eq!((texts(&none, "left"), texts(&none, "right")), (vec!["", ""], vec!["", ""]));
}

#[test]
fn lines_are_sorted_by_words_and_by_the_document() {
    let desk = Desk::with(&[
        ("FJI_72_2017.txt", "We want peace Zealously today.\n"),
        ("FRA_70_2015.txt", "They make peace always here. You lost peace boldly there.\n"),
    ]);
    let check = |sort: &str, expected: &[&str]| {
        let sorted = lines(&desk, &["peace", "--sort", sort]);
        let rights: Vec<&str> = texts(&sorted, "right")
            .iter()
            .map(|right| right.split_whitespace().next().unwrap())
            .collect();
        assert_eq!(rights, expected, "{sort}");
    };
    check("path", &["Zealously", "always", "boldly"]);
    check("right1", &["always", "boldly", "Zealously"]);
    check("left1", &["boldly", "always", "Zealously"]);
    check("left2", &["always", "Zealously", "boldly"]);
    check("year,right1", &["always", "boldly", "Zealously"]);
    check("year,left1", &["boldly", "always", "Zealously"]);
    check("country", &["Zealously", "always", "boldly"]);
    check("node,right2", &["always", "boldly", "Zealously"]);
    let wrong = desk.run(&["kwic", "peace", "--sort", "rigth1"]);
    assert!(wrong.code == 2 && wrong.err.contains("right1"), "{}", wrong.err);
}

#[test]
fn text_is_aligned_by_columns_and_safe() {
    let desk = Desk::with(&[
        ("a.txt", "A long way before peace came.\n"),
        ("b.txt", "和平 peace 和平\u{1b}[31m x\u{202e}y\n"),
        ("c.txt", "قال peace السلام هنا\n"),
    ]);
    let ran = desk.run(&["kwic", "peace"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{202e}'), "{:?}", ran.out);
    let rows: Vec<&str> = ran.out.lines().filter(|line| line.contains("[[peace]]")).collect();
    assert_eq!(rows.len(), 3, "{}", ran.out);
    let columns: Vec<usize> =
        rows.iter().map(|row| unicode_width(row.split("[[").next().unwrap())).collect();
    assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{columns:?}\n{}", ran.out);
    assert!(rows[0].ends_with("a.txt#1"));
    let arabic = rows.iter().find(|row| row.contains("c.txt")).unwrap();
    assert_eq!(arabic.matches('\u{2068}').count(), arabic.matches('\u{2069}').count());
    assert!(arabic.contains('\u{2068}'));
    assert!(ran.out.ends_with("3 matches in 3 passages of 3 documents\n"), "{}", ran.out);
}

/// Columns of the characters that stand in these tests.
fn unicode_width(text: &str) -> usize {
    let columns = |c: char| match c {
        '\u{2068}' | '\u{2069}' => 0,
        c if ('\u{4e00}'..='\u{9fff}').contains(&c) => 2,
        _ => 1,
    };
    text.chars().map(columns).sum()
}

#[test]
fn limits_pages_and_other_shapes() {
    let desk = Desk::with(&[("a.txt", &"War and peace. ".repeat(30))]);
    let all = lines(&desk, &["peace"]);
    assert_eq!(all.len(), 30);
    let page = desk.json(&["kwic", "peace", "--json", "-n", "5", "--offset", "7"]);
    assert_eq!(page["lines"].as_array().unwrap()[..], all[7..12]);
    assert_eq!((page["matches"].as_u64(), page["offset"].as_u64()), (Some(30), Some(7)));
    let text = desk.run(&["kwic", "peace", "-n", "5"]).out;
    assert!(text.contains("30 matches") && text.contains("shown 1 to 5"), "{text}");
    let jsonl = desk.run(&["kwic", "peace", "--format", "jsonl", "-n", "all"]).out;
    let read: Vec<Value> = jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read, all);
    let csv = desk.run(&["kwic", "peace", "--format", "csv", "-n", "all"]).out;
    assert_eq!(csv.matches("\r\n").count(), 31);
    assert!(csv.starts_with("rank,left,node,right,path,passage,start,end,"), "{csv}");
    assert_eq!(desk.run(&["kwic", "volcano"]).code, 1);
    assert_eq!(desk.run(&["kwic"]).code, 2);
    let cut = desk.run(&["kwic", "peace", "--format", "csv", "-n", "2"]);
    assert!(cut.err.contains("30 matches"), "{}", cut.err);
}

#[test]
fn cells_of_contexts_are_no_formulas() {
    let desk = Desk::with(&[("a.txt", "=HYPERLINK(peace) and +peace and @peace, \"quoted\".\n")]);
    let csv = desk.run(&["kwic", "peace", "--format", "csv", "--left", "1"]).out;
    assert!(csv.contains(",'=HYPERLINK(,peace,"), "{csv}");
    for row in csv.lines().skip(1) {
        for cell in row.split(',') {
            let cell = cell.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{row}");
        }
    }
}
