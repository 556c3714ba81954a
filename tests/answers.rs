//! What a search tells besides its hits, and the many shapes that it tells it in.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::Desk;

fn strings<'v>(answer: &'v Value, key: &str) -> Vec<&'v str> {
    answer[key].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// A corpus of `n` speeches, each with two passages on peace.
fn many(n: usize) -> Desk {
    let desk = Desk::new();
    let filler = "The committee considered the matter with great care and came to no result. ";
    for i in 0..n {
        let text = format!(
            "Peace is what speaker {i} wants. {}\n\nAnd peace again for river {i}. {}\n",
            filler.repeat(8),
            filler.repeat(8)
        );
        desk.write(&format!("documents/{i:04}.txt"), text);
    }
    assert_eq!(desk.run(&["index"]).code, 0);
    desk
}

#[test]
fn the_parts_of_a_score_add_up_to_it() {
    let desk = Desk::samples();
    for query in ["treaty water", "\"mutual respect\" peace^3", "states NEAR/5 parties OR NPT"] {
        let answer = desk.json(&["search", query, "--explain", "--json", "-n", "20"]);
        let hits = answer["hits"].as_array().unwrap();
        assert!(!hits.is_empty(), "{query}");
        for hit in hits {
            let parts = hit["explanation"].as_array().unwrap();
            let sum: f64 = parts.iter().map(|part| part["score"].as_f64().unwrap()).sum();
            assert!((sum - hit["score"].as_f64().unwrap()).abs() < 1e-3, "{query}: {hit}");
            for part in parts {
                assert!(!part["reason"].as_str().unwrap().is_empty());
                assert!(!part["clause"].as_str().unwrap().is_empty());
            }
        }
        let text = desk.run(&["search", query, "--explain", "-n", "1"]).out;
        let score = hits[0]["score"].as_f64().unwrap();
        assert!(text.contains(&format!("score {score:.3}, of which")), "{text}");
    }
    let quiet = desk.json(&["search", "treaty", "--json", "-n", "1"]);
    assert!(quiet["hits"][0].get("explanation").is_none());
}

#[test]
fn a_heading_answers_only_where_no_passage_does_and_is_no_match() {
    let desk = Desk::with(&[
        (
            "a.md",
            "# Report\n\nThe delegates met in the morning and spoke of fish for an hour.\n\n\
             ## Common trade\n\nThe boats came home late and the market was closed by then.\n",
        ),
        ("b.md", "# Letter\n\nA common answer was sent to all of the ports on the coast.\n"),
    ]);
    let paths = |arguments: &[&str]| -> Vec<String> {
        let answer = desk.json(&[&["search", "--json"], arguments].concat());
        let hits = answer["hits"].as_array().unwrap();
        hits.iter().map(|hit| hit["document"]["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(paths(&["common"]), ["b.md"]);
    // A filter only takes away.
    assert_eq!(paths(&["common", "--path", "a.md"]), [""; 0]);
    assert_eq!(paths(&["trade"]), ["a.md"]);
    // What is excluded is excluded in headings too.
    assert_eq!(paths(&["trade NOT common"]), [""; 0]);
    let answer = desk.json(&["search", "boats AND trade", "--json", "--occurrences"]);
    assert_eq!((&answer["passages"], &answer["occurrences"]), (&1.into(), &0.into()));
    assert_eq!(answer["hits"][0]["matches"], serde_json::json!([]));
    assert!(strings(&answer, "warnings").iter().any(|text| text.contains("heading")));
}

#[test]
fn other_names_are_told_with_their_counts_and_can_be_left_out() {
    let desk = Desk::with(&[
        ("a.txt", "The NPT binds its parties.\n"),
        ("b.txt", "The Non-Proliferation Treaty was signed. The Non-Proliferation Treaty holds.\n"),
    ]);
    let answer = desk.json(&["search", "NPT", "--json", "--occurrences"]);
    let others = strings(&answer, "also_searched");
    assert!(others.iter().any(|o| o.ends_with("(1 passage, 2 matches)")), "{others:?}");
    assert_eq!(answer["occurrences"], 3);
    let text = desk.run(&["search", "NPT"]);
    assert!(text.err.contains("also searched: "), "{}", text.err);
    let literal = desk.json(&["search", "NPT", "--json", "--literal", "--occurrences"]);
    assert_eq!((strings(&literal, "also_searched").len(), &literal["occurrences"]), (0, &1.into()));
}

#[test]
fn suggestions_and_warnings_stand_on_stderr_and_in_json() {
    let desk = many(12);
    let ran = desk.run(&["search", "comittee"]);
    assert!(ran.code == 1 && ran.err.contains("did you mean \"committee\""), "{}", ran.err);
    let answer = desk.json(&["search", "comittee", "--json"]);
    assert!(strings(&answer, "suggestions").iter().any(|s| s.contains("committee")));
    let lower = desk.json(&["search", "peace and river", "--json"]);
    assert!(strings(&lower, "warnings").iter().any(|w| w.contains("AND")), "{lower}");
    let flag = desk.run(&["search", "peace -n 5"]);
    assert!(flag.err.contains("\"--\""), "{}", flag.err);
}

#[test]
fn a_value_that_nothing_has_is_told_with_the_nearest() {
    let desk = Desk::samples();
    let check = |flags: [&str; 2], expected: &str| {
        let arguments = ["search", "states", flags[0], flags[1]];
        let ran = desk.run(&arguments);
        assert!(ran.err.contains(expected), "{flags:?}: {}", ran.err);
        let answer = desk.json(&[&arguments[..], &["--json"]].concat());
        assert!(strings(&answer, "warnings").iter().any(|w| w.contains(expected)), "{answer}");
    };
    check(["--section", "Artcle 2"], "did you mean \"Article 2");
    check(["--type", "tready"], "did you mean \"treaty\"?");
    check(["--language", "german"], "--language: nothing in this index has \"german\"");
    check(["--path", "speechs"], "did you mean \"speeches\"?");
    check(["--speaker", "Editers"], "did you mean ");
    check(["--section", "!Artcle 2"], "did you mean \"Article 2");
    let region = desk.run(&["search", "states", "--region", "Frence"]);
    assert!(region.code == 2 && region.err.contains("did you mean \"France\""), "{}", region.err);
    let known = desk.run(&["search", "states", "--type", "treaty"]);
    assert!(known.code == 0 && !known.err.contains("nothing in this index"), "{}", known.err);
}

#[test]
fn all_hits_stream_and_a_closed_pipe_ends_quietly() {
    let desk = many(150);
    for format in ["jsonl", "csv", "text"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["search", "peace", "-n", "all", "--format", format])
            .current_dir(desk.path())
            .env_remove("CHANCERY_INDEX")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(!lines.next().unwrap().unwrap().is_empty());
        // The pipe holds some of the rest; the program finds it closed when it writes on.
        drop(lines);
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{format}: {err}");
        assert!(!err.contains("error") && !err.contains("panic"), "{format}: {err}");
    }
    let all = desk.run(&["search", "peace", "-n", "all", "--format", "jsonl"]).out;
    assert_eq!(all.lines().count(), 300);
    let csv = desk.run(&["search", "peace", "-n", "all", "--format", "csv"]).out;
    assert_eq!(csv.lines().filter(|line| line.contains(".txt,")).count(), 300);
    // Deep pages are the same hits.
    let deep =
        desk.run(&["search", "peace", "-n", "7", "--offset", "290", "--format", "jsonl"]).out;
    let expected: Vec<&str> = all.lines().skip(290).take(7).collect();
    assert_eq!(deep.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn numbers_beyond_reason_are_clamped_with_a_remark() {
    let desk = many(3);
    for flags in [["-n", "99999999999999999999999"], ["--per-document", "18446744073709551616"]] {
        let ran = desk.run(&["search", "peace", flags[0], flags[1]]);
        assert!(ran.code == 0 && ran.err.contains("more than there can be"), "{}", ran.err);
    }
    let ran = desk.run(&["search", "peace", "--offset", "99999999999999999999999"]);
    assert!(ran.code == 0 && ran.err.contains("passes over all hits"), "{}", ran.err);
    let ran = desk.run(&["search", "peace", "-C", "5000"]);
    assert!(ran.code == 0 && ran.err.contains("100 is taken"), "{}", ran.err);
    for wrong in ["-1", "x", "1.5", ""] {
        let ran = desk.run(&["search", "peace", &format!("--limit={wrong}")]);
        assert!(ran.code == 2 && ran.err.contains("--limit"), "{wrong}: {}", ran.err);
    }
}

#[test]
fn paths_alone_in_every_shape() {
    let desk = many(12);
    let text = desk.run(&["search", "peace", "-l", "-n", "all", "--sort", "path"]);
    let expected: Vec<String> = (0..12).map(|i| format!("{i:04}.txt")).collect();
    assert_eq!(text.out.lines().collect::<Vec<_>>(), expected);
    let some = desk.run(&["search", "peace", "-l"]);
    assert!(some.err.contains("10 of 12 documents are listed"), "{}", some.err);
    let json = desk.json(&["search", "peace", "-l", "-n", "all", "--sort", "path", "--json"]);
    assert_eq!(strings(&json, "files"), expected);
    assert_eq!(json["documents"], 12);
    let csv = desk.run(&["search", "peace", "-l", "-n", "all", "--format", "csv"]).out;
    assert!(csv.starts_with("rank,score,path\r\n1,") && csv.lines().count() == 13, "{csv}");
    let counted = desk.json(&["search", "peace", "-c", "--json"]);
    assert_eq!((&counted["passages"], counted["hits"].as_array().unwrap().len()), (&24.into(), 0));
}

#[test]
fn regions_are_counted_as_a_tree_and_chosen_ones_stay_among_the_others() {
    let desk = Desk::with(&[
        ("a.txt", "France and Germany signed.\n"),
        ("b.txt", "France signed again.\n"),
        ("c.txt", "Peru signed too.\n"),
    ]);
    let text = desk.run(&["facets", "signed", "--by", "region", "--region", "France"]).out;
    let line = |value: &str| {
        let found = text.lines().find(|line| line.trim_start_matches(['*', ' ']).ends_with(value));
        found.unwrap_or_else(|| panic!("{value}: {text}"))
    };
    assert!(line(" France").starts_with('*') && line("  Germany").starts_with(' '), "{text}");
    assert!(line(" Peru").contains(" 1 "), "{text}");
    let depth = |value: &str| line(value).rfind("  ").unwrap();
    assert!(
        depth(" Europe") < depth("Western Europe") && depth("Western Europe") < depth("France")
    );
    let json = desk.json(&["facets", "signed", "--by", "region", "--region", "France", "--json"]);
    let rows = json["facets"]["region"].as_array().unwrap();
    let of = |value: &str| rows.iter().find(|row| row["value"] == value).unwrap();
    assert_eq!(of("Europe/Western Europe/France")["documents"], 2);
    assert_eq!(of("Europe")["documents"], 2);
    assert_eq!((&json["passages"], &json["documents"]), (&2.into(), &2.into()));
    let csv = desk.run(&["facets", "signed", "--by", "region", "--format", "csv"]).out;
    assert!(csv.starts_with("field,value,passages,documents\r\nregion,Europe,2,2\r\n"), "{csv}");
    let few = desk.run(&["facets", "--by", "region", "-n", "1"]).out;
    assert!(few.contains("more; "), "{few}");
}

#[test]
fn a_batch_has_one_head_and_names_its_queries() {
    let desk = many(2);
    let run = |format: &str| {
        desk.run_with(&["search", "--queries", "-", "--format", format], "q1\tpeace\nq2\triver\n")
    };
    let csv = run("csv").out;
    assert!(csv.starts_with("query_id,rank,"), "{csv}");
    assert_eq!(csv.matches("query_id").count(), 1);
    assert!(csv.contains("\r\nq1,1,") && csv.contains("\r\nq2,1,"), "{csv}");
    let csl = run("csl").out;
    let lists = serde_json::Deserializer::from_str(&csl).into_iter::<Vec<Value>>();
    let lengths: Vec<usize> = lists.map(|list| list.unwrap().len()).collect();
    assert_eq!(lengths, [4, 2]);
    for line in run("jsonl").out.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        assert!(["q1", "q2"].contains(&value["query_id"].as_str().unwrap()));
    }
    let trec = run("trec").out;
    assert!(trec.lines().all(|line| line.starts_with("q1\tQ0\t") || line.starts_with("q2\tQ0\t")));
    let html = run("html");
    assert!(html.code == 2 && html.err.contains("one query"), "{}", html.err);
}

#[test]
fn control_and_direction_characters_reach_nobody() {
    let desk = Desk::with(&[(
        "a.txt",
        "Peace \u{1b}]0;title\u{7} and \u{9b}31m peace \u{202e}reversed\u{202c} \u{2066}x\u{2069}.\r\nMore peace.\r\n",
    )]);
    let commands: [&[&str]; 7] = [
        &["search", "peace"],
        &["search", "peace", "--format", "markdown"],
        &["search", "peace", "--format", "html"],
        &["search", "peace", "--format", "csv"],
        &["kwic", "peace"],
        &["show", "a.txt"],
        &["cite", "a.txt#1"],
    ];
    for command in commands {
        let out = desk.run(command).out;
        assert!(out.contains("eace"), "{command:?}");
        let bad = |c: char| matches!(c, '\u{1b}' | '\u{7}' | '\u{9b}');
        assert!(!out.contains(bad), "{command:?}: {out:?}");
        let turned = |c: char| matches!(c, '\u{202e}' | '\u{202c}' | '\u{2066}');
        assert!(command.contains(&"csv") || !out.contains(turned), "{command:?}: {out:?}");
    }
    // The line ends of the file are no strange characters.
    assert!(!desk.run(&["show", "a.txt"]).out.contains("\u{fffd}\nMore"));
}

#[test]
fn every_flag_of_a_search_is_known() {
    let help = Desk::new().run(&["search", "--help"]).out;
    for flag in [
        "-s, --section",
        "--region",
        "--about",
        "--topic",
        "--country",
        "--by",
        "--speaker",
        "--language",
        "--collection",
        "--type",
        "-g, --path",
        "--year",
        "--from",
        "--to",
        "-n, --limit",
        "--offset",
        "--per-document",
        "--group",
        "--sort",
        "-C, --context",
        "-l, --files",
        "-c, --count",
        "--facets",
        "--explain",
        "--explain-query",
        "--occurrences",
        "-p, --phrase",
        "--exact",
        "--literal",
        "--syntax",
        "--format",
        "--json",
        "--color",
        "--mark",
        "--queries",
        "--refresh",
        "--no-refresh",
        "--project",
        "--index",
    ] {
        assert!(help.contains(flag), "{flag}");
    }
    for format in
        ["text", "json", "jsonl", "csv", "markdown", "html", "trec", "ris", "bibtex", "csl"]
    {
        let desk = Desk::with(&[("a.txt", "Peace at last.\n")]);
        let ran = desk.run(&["search", "peace", "--format", format]);
        assert!(ran.code == 0 && ran.out.contains("a.txt"), "{format}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn marks_are_as_asked_for() {
    let desk = Desk::with(&[("a.txt", "Peace at last.\n")]);
    let marked = |mark: &str| desk.run(&["search", "peace", "--mark", mark]).out;
    assert!(marked("<b>,</b>").contains("<b>Peace</b> at"));
    assert!(marked("none").contains("    Peace at"));
    let colored = desk.run(&["search", "peace", "--color", "always"]).out;
    assert!(colored.contains("\u{1b}[1;33mPeace\u{1b}[0m"), "{colored:?}");
}

#[test]
fn manual_pages_and_completions_know_the_commands() {
    let desk = Desk::new();
    let page = desk.run(&["man"]).out;
    for command in ["search", "kwic", "cite", "facets", "show"] {
        assert!(page.contains(command), "{command}");
        assert!(desk.run(&["help", command]).out.contains("Usage"), "{command}");
        let own = desk.run(&["man", command]).out;
        assert!(own.contains(".TH") && own.contains(command), "{command}");
    }
    assert!(desk.run(&["man", "kwic"]).out.contains("right1"));
    for shell in ["bash", "zsh", "fish"] {
        let script = desk.run(&["completions", shell]).out;
        assert!(script.contains("kwic") && script.contains("cite"), "{shell}");
    }
    let wrong = desk.run(&["help", "kwik"]);
    assert!(wrong.code == 2 && wrong.err.contains("kwic"), "{}", wrong.err);
}

#[test]
fn a_line_of_a_batch_that_is_no_text_fails_alone() {
    let desk = Desk::samples();
    let input = b"\xef\xbb\xbfq1\tpeace\nq2\tpe\xfface\nq3\triver\n";
    let ran = desk.run_with(&["search", "--queries", "-", "--format", "json", "-n", "1"], input);
    let answers: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["query_id"]).collect();
    assert_eq!(ids, ["q1", "q2", "q3"]);
    assert!(answers[0]["passages"].as_u64() > Some(0) && answers[2]["passages"].as_u64() > Some(0));
    assert!(answers[1]["error"].as_str().unwrap().contains("not UTF-8"));
    assert_eq!(ran.code, 2);
}

/// The first hits are those of the whole list, whatever was let go on the way to them.
#[test]
fn few_hits_are_the_first_of_all() {
    let desk = Desk::new();
    let words = ["peace", "river", "treaty", "border"];
    for i in 0..3_000_usize {
        // Every document has its own share of the words, and its own length.
        let said = |at: usize| {
            let of_each = words.iter().enumerate();
            let repeated =
                of_each.map(|(w, word)| format!("{word} ").repeat(i * (w + 3) % (5 + at)));
            let filler = "The committee met and went on. ".repeat(1 + i * 7 % (4 + at));
            format!("{}{filler}", repeated.collect::<String>())
        };
        let text = format!("Note {i}\n\n{}\n\n{}\n", said(0), said(3).repeat(4));
        desk.write(&format!("documents/{i:04}.txt"), text);
    }
    assert_eq!(desk.run(&["index"]).code, 0);
    for query in [
        "peace",
        "peace river",
        "peace river treaty",
        "peace AND border",
        "peace^3 OR treaty^0.1 OR committee",
        "\"peace river\" OR border",
        "committee",
    ] {
        let hits = |n: &str| {
            let answer = desk.json(&["search", query, "--json", "-n", n]);
            let counts = [&answer["passages"], &answer["documents"]].map(Value::to_string);
            let hits = answer["hits"].as_array().unwrap().iter();
            let told = |hit: &Value| [&hit["passage"]["id"], &hit["score"]].map(Value::to_string);
            (counts, hits.map(told).collect::<Vec<_>>())
        };
        let (counts, all) = hits("100000");
        assert!(all.len() > 2_000, "{query}: {}", all.len());
        for n in [1, 10, 250] {
            let (few_counts, few) = hits(&n.to_string());
            assert_eq!(few_counts, counts, "{query}");
            assert_eq!(few, all[..n], "{query}, {n}");
        }
    }
}

/// Weights within weights come to no end of numbers.
#[test]
fn weights_within_weights_rank() {
    let desk = many(7);
    let mut query = "(peace river)^1000".to_owned();
    for _ in 0..14 {
        query = format!("({query} committee)^1000");
    }
    let answer = desk.json(&["search", &query, "--json", "-n", "3"]);
    let hits = answer["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 3);
    assert!(hits.iter().all(|hit| hit["score"].as_f64().is_some_and(|score| score > 0.0)));
}
