//! Every command: what it prints, where, and how it ends.

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use serde_json::Value;

use crate::support::{Desk, is_quoted};

const TREATY: &str = "A Treaty of the Two Rivers\n\nThe parties agree on mutual respect and on free \
    navigation of both rivers for the ships of all nations that border them.\n\nArticle 1\n\nNavigation \
    is free for ships of commerce. The river council settles every dispute within one year.\n\n\
    Article 2\n\nThe council meets in spring. It reports on fisheries and on the water of France.\n";
const SPEECH: &str = "Mr. President, we thank the Assembly for its patience. Mutual respect is the \
    ground on which small States stand, and the navigation of the sea must remain free for all.\n";

fn desk() -> Desk {
    Desk::with(&[("treaty.txt", TREATY), ("talks/FJI_72_2017.txt", SPEECH)])
}

fn hits(answer: &Value) -> Vec<String> {
    let address = |hit: &Value| {
        format!("{}#{}", hit["document"]["path"].as_str().unwrap(), hit["passage"]["ordinal"])
    };
    answer["hits"].as_array().unwrap().iter().map(address).collect()
}

#[test]
fn a_first_search_builds_the_index() {
    let desk = Desk::new();
    desk.write("documents/a.txt", SPEECH);
    let ran = desk.run(&["search", "mutual", "respect"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("[[Mutual]] [[respect]]"), "{}", ran.out);
    assert!(ran.err.contains("indexing first"));
    assert!(!ran.out.contains('\u{1b}'));
}

#[test]
fn without_an_index_and_without_building_it_ends_with_two() {
    let desk = Desk::new();
    desk.write("documents/a.txt", SPEECH);
    let ran = desk.run(&["search", "--no-refresh", "peace"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no index") && ran.err.contains("hint:"), "{}", ran.err);
}

#[test]
fn exit_codes_of_a_search() {
    let desk = desk();
    assert_eq!(desk.run(&["search", "navigation"]).code, 0);
    assert_eq!(desk.run(&["search", "volcano"]).code, 1);
    let wrong = desk.run(&["search", "(navigation"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("parenthesis") && wrong.out.is_empty(), "{}", wrong.err);
}

#[test]
fn the_json_of_a_search_keeps_its_promise() {
    let desk = desk();
    let answer =
        desk.json(&["search", "navigation", "--json", "--occurrences", "--facets", "country"]);
    for key in [
        "contract",
        "query_id",
        "query",
        "reading",
        "filters",
        "passages",
        "documents",
        "occurrences",
        "offset",
        "timing",
        "index",
        "also_searched",
        "suggestions",
        "warnings",
        "undated_excluded",
        "hits",
        "facets",
    ] {
        assert!(answer.get(key).is_some(), "{key}");
    }
    assert_eq!((answer["contract"].as_u64(), answer["documents"].as_u64()), (Some(1), Some(2)));
    assert_eq!(answer["occurrences"], 3);
    for hit in answer["hits"].as_array().unwrap() {
        let path = hit["document"]["path"].as_str().unwrap();
        let bytes = fs::read(desk.path().join("documents").join(path)).unwrap();
        let passage = &hit["passage"];
        assert!(is_quoted(&bytes, &passage["start"], &passage["end"], &passage["text"]));
        for mark in hit["matches"].as_array().unwrap() {
            assert!(is_quoted(&bytes, &mark["start"], &mark["end"], &mark["form"]));
        }
    }
    let fiji =
        answer["hits"].as_array().unwrap().iter().find(|h| h["document"]["country"] == "FJI");
    let fiji = &fiji.unwrap()["document"];
    assert_eq!((&fiji["year"], &fiji["collection"]), (&2017.into(), &"ungdc".into()));
    assert!(fiji["date"].is_null() && fiji["title"].is_null());
    assert_eq!(answer["facets"]["country"][0]["value"], "FJI");
}

#[test]
fn offsets_count_the_byte_order_mark() {
    let text =
        "\u{feff}The first line speaks of peace.\r\n\r\nThe second speaks of peace again.\r\n";
    let desk = Desk::with(&[("bom.txt", text)]);
    let answer = desk.json(&["search", "peace", "--json"]);
    let passage = &answer["hits"][0]["passage"];
    assert!(is_quoted(text.as_bytes(), &passage["start"], &passage["end"], &passage["text"]));
    assert_eq!(desk.run(&["show", "bom.txt", "--text"]).out, text);
}

#[test]
fn filters_narrow_and_can_be_turned_round() {
    let desk = desk();
    let check = |flags: &[&str], expected: &[&str]| {
        let arguments = [&["search", "navigation", "--json", "--sort", "path"], flags].concat();
        assert_eq!(hits(&desk.json(&arguments)), expected, "{flags:?}");
    };
    let all = ["talks/FJI_72_2017.txt#1", "treaty.txt#1", "treaty.txt#2"];
    check(&[], &all);
    check(&["-s", "article"], &["treaty.txt#2"]);
    check(&["-s", "=article"], &[]);
    check(&["-s", "=Article 1"], &["treaty.txt#2"]);
    check(&["-s", "!article 1"], &["talks/FJI_72_2017.txt#1", "treaty.txt#1"]);
    check(&["-s", "(none)"], &["talks/FJI_72_2017.txt#1"]);
    check(&["--country", "Fiji"], &["talks/FJI_72_2017.txt#1"]);
    check(&["--country", "!FJI"], &["treaty.txt#1", "treaty.txt#2"]);
    check(&["--year", "2010..2020"], &["talks/FJI_72_2017.txt#1"]);
    check(&["--path", "talks"], &["talks/FJI_72_2017.txt#1"]);
    check(&["--path", "*.txt"], &all);
    check(&["--collection", "ungdc"], &["talks/FJI_72_2017.txt#1"]);
    let france = desk.json(&["search", "fisheries", "--region", "Western Europe", "--json"]);
    assert_eq!(hits(&france), ["treaty.txt#3"]);
    let dated = desk.json(&["search", "navigation", "--from", "2000", "--json"]);
    assert_eq!(
        (dated["passages"].as_u64(), dated["undated_excluded"].as_u64()),
        (Some(0), Some(2))
    );
}

#[test]
fn a_mistyped_filter_offers_the_nearest_name() {
    let ran = desk().run(&["search", "navigation", "--region", "Frence"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean \"France\""), "{}", ran.err);
}

#[test]
fn paging_grouping_and_order() {
    let desk = desk();
    let all = hits(&desk.json(&["search", "navigation", "--json"]));
    let paged: Vec<String> = ["0", "1", "2"]
        .iter()
        .flat_map(|o| {
            hits(&desk.json(&["search", "navigation", "-n", "1", "--offset", o, "--json"]))
        })
        .collect();
    assert_eq!(paged, all);
    assert_eq!(
        hits(&desk.json(&["search", "navigation", "--group", "document", "--json"])).len(),
        2
    );
    let files = desk.run(&["search", "navigation", "-l", "--sort", "path"]);
    assert_eq!(files.out, "talks/FJI_72_2017.txt\ntreaty.txt\n");
    let count = desk.run(&["search", "navigation", "-c"]);
    assert_eq!(count.out, "3 passages in 2 documents\n");
}

#[test]
fn phrases_reach_over_passage_borders_and_are_counted_once() {
    let filler = "The committee considered the matter with great care and came to no result. ";
    let text = format!(
        "{}They praised the common\n\nheritage of mankind. {}\n",
        filler.repeat(9),
        filler.repeat(9)
    );
    let desk = Desk::with(&[("long.txt", &text)]);
    let answer =
        desk.json(&["search", "\"common heritage of mankind\"", "--occurrences", "--json"]);
    assert_eq!((answer["passages"].as_u64(), answer["occurrences"].as_u64()), (Some(1), Some(1)));
    let none = desk.run(&["search", "\"heritage mankind\""]);
    assert_eq!(none.code, 1);
}

#[test]
fn quoted_words_are_exact_and_unquoted_ones_are_not() {
    let desk = Desk::with(&[(
        "a.txt",
        "The nation and the nations were united in the hall. China’s offer stood for all who came there.\n",
    )]);
    let count = |query: &str| {
        desk.json(&["search", query, "--occurrences", "--json"])["occurrences"].as_u64().unwrap()
    };
    assert_eq!((count("nation"), count("\"nation\""), count("=nations")), (2, 1, 1));
    assert_eq!((count("\"China\""), count("\"China's\"")), (1, 1));
    assert_eq!(desk.run(&["search", "nation AND NOT china"]).code, 1);
    assert_eq!(desk.run(&["search", "nation -volcano"]).code, 0);
}

#[test]
fn a_batch_answers_each_query_and_goes_on() {
    let desk = desk();
    let ran = desk.run_with(
        &["search", "--queries", "-", "--format", "json"],
        "q1\tnavigation\nq2\t(broken\nq3\tfisheries\tmore\n",
    );
    assert_eq!(ran.code, 2);
    let answers: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&str> = answers.iter().map(|a| a["query_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["q1", "q2", "q3"]);
    assert!(answers[1]["error"].as_str().is_some() && answers[2]["passages"] == 1);
}

#[test]
fn other_shapes_of_an_answer() {
    let desk =
        Desk::with(&[("a.txt", "=cmd|evil <b>peace</b> & \"war\"\u{1b}[31m and peace at last.\n")]);
    let shape = |format: &str| desk.run(&["search", "peace", "--format", format]).out;
    assert!(shape("html").contains("&lt;b&gt;<mark>peace</mark>&lt;/b&gt; &amp;"));
    assert!(shape("csv").contains("\"'=cmd|evil"));
    assert!(shape("markdown").contains("**peace**"));
    assert!(shape("trec").starts_with("1\tQ0\ta.txt\t1\t"));
    assert!(serde_json::from_str::<Value>(shape("jsonl").trim()).is_ok());
    for format in ["text", "csv", "html", "markdown"] {
        assert!(!shape(format).contains('\u{1b}'), "{format}");
    }
}

#[test]
fn show_finds_a_document_by_a_unique_ending_and_a_passage_by_its_number() {
    let desk = desk();
    assert!(desk.run(&["show", "FJI_72_2017.txt"]).out.contains("small States"));
    let third = desk.run(&["show", "treaty.txt#3"]);
    assert!(third.out.contains("fisheries") && !third.out.contains("free navigation"));
    let unknown = desk.run(&["show", "nothing.txt"]);
    assert!(unknown.code == 2 && unknown.err.contains("no document is called"));
    let beyond = desk.run(&["show", "treaty.txt#99"]);
    assert!(beyond.code == 2 && beyond.err.contains("no #99"), "{}", beyond.err);
    let marked = desk.run(&["show", "treaty.txt", "--query", "\"mutual respect\""]);
    assert!(marked.out.contains("[[mutual respect]]"), "{}", marked.out);
}

fn state(desk: &Desk) -> BTreeMap<String, SystemTime> {
    let mut state = BTreeMap::new();
    for folder in ["index", "index/segments"] {
        for entry in fs::read_dir(desk.path().join(folder)).unwrap().flatten() {
            let modified = entry.metadata().unwrap().modified().unwrap();
            if entry.path().is_file() {
                state.insert(entry.path().display().to_string(), modified);
            }
        }
    }
    state
}

#[test]
fn a_second_run_writes_nothing_and_a_changed_file_is_read_alone() {
    let desk = desk();
    let before = state(&desk);
    let again = desk.json(&["index", "--json"]);
    assert_eq!((again["unchanged"].as_u64(), again["added"].as_u64()), (Some(2), Some(0)));
    assert_eq!(state(&desk), before);

    desk.write("documents/treaty.txt", TREATY.replace("fisheries", "forestry"));
    let changed = desk.json(&["index", "--json"]);
    assert_eq!((changed["changed"].as_u64(), changed["unchanged"].as_u64()), (Some(1), Some(1)));
    assert_eq!(desk.run(&["search", "fisheries"]).code, 1);
    assert_eq!(desk.run(&["search", "forestry"]).code, 0);
}

#[test]
fn moved_removed_and_equal_files_are_told_apart() {
    let desk = desk();
    let documents = desk.path().join("documents");
    fs::rename(documents.join("treaty.txt"), documents.join("pact.txt")).unwrap();
    desk.write("documents/copy.txt", SPEECH);
    desk.write("documents/._junk.txt", "junk");
    desk.write("documents/scan.pdf", b"%PDF-1.7 and so on");
    let report = desk.json(&["index", "--json"]);
    assert_eq!((report["moved"].as_u64(), report["duplicates"].as_u64()), (Some(1), Some(1)));
    assert_eq!(report["ignored"], 1);
    assert_eq!(report["skipped"][0]["path"], "scan.pdf");
    assert_eq!(desk.run(&["index", "--strict"]).code, 1);
    fs::remove_file(documents.join("pact.txt")).unwrap();
    assert_eq!(desk.json(&["index", "--json"])["removed"], 1);
    assert_eq!(desk.run(&["search", "fisheries"]).code, 1);

    // The same documents give the same fingerprint, whatever happened before.
    let other = Desk::new();
    for file in ["talks/FJI_72_2017.txt", "copy.txt", "scan.pdf", "._junk.txt"] {
        other.write(&format!("documents/{file}"), fs::read(documents.join(file)).unwrap());
    }
    other.run(&["index"]);
    let print = |desk: &Desk| desk.json(&["status", "--json"])["fingerprint"].clone();
    assert_eq!(print(&desk), print(&other));
}

#[test]
fn a_vanished_folder_leaves_the_index_as_it_was() {
    let desk = desk();
    fs::rename(desk.path().join("documents"), desk.path().join("elsewhere")).unwrap();
    let ran = desk.run(&["index"]);
    assert!(ran.code == 2 && ran.err.contains("vanished"), "{}", ran.err);
    assert_eq!(desk.run(&["search", "navigation"]).code, 0);
    fs::create_dir(desk.path().join("documents")).unwrap();
    assert!(desk.run(&["index"]).err.contains("suddenly empty"));
    assert_eq!(desk.run(&["index", "--allow-empty"]).code, 0);
    assert_eq!(desk.run(&["search", "navigation"]).code, 1);
}

#[test]
fn status_and_check_speak_of_the_index() {
    let desk = desk();
    let status = desk.json(&["status", "--json"]);
    for key in [
        "roots",
        "documents",
        "passages",
        "bytes",
        "by_collection",
        "by_language",
        "skipped",
        "ignored",
        "format",
        "analyzer",
        "version",
        "fingerprint",
    ] {
        assert!(status.get(key).is_some(), "{key}");
    }
    assert_eq!(status["documents"], 2);
    assert_eq!(desk.run(&["check"]).code, 0);
    let segments = desk.path().join("index/segments");
    let store = fs::read_dir(segments).unwrap().flatten().map(|e| e.path());
    let store = store.into_iter().find(|p| p.extension().is_some_and(|e| e == "store")).unwrap();
    let mut bytes = fs::read(&store).unwrap();
    bytes[3] ^= 0x40;
    fs::write(&store, bytes).unwrap();
    let checked = desk.json(&["check", "--json"]);
    assert_eq!(checked["sound"], false);
}

#[test]
fn an_index_of_another_format_says_how_to_mend_it() {
    let desk = desk();
    desk.write("index/chancery.json", r#"{"format":99,"analyzer":"x","version":"9.9.9"}"#);
    let ran = desk.run(&["search", "navigation"]);
    assert!(
        ran.code == 2 && ran.err.contains("format 99") && ran.err.contains("hint:"),
        "{}",
        ran.err
    );
}

#[test]
fn facets_count_passages_and_documents() {
    let facets = desk().json(&["facets", "navigation", "--by", "section,country", "--json"]);
    assert_eq!(facets["facets"]["country"][0]["documents"], 1);
    let sections = facets["facets"]["section"].as_array().unwrap();
    assert!(sections.iter().any(|row| row["value"] == "Article 1" && row["passages"] == 1));
}

#[test]
fn classify_reads_a_file_standard_input_and_batches() {
    let desk = Desk::new();
    desk.write("treaty.txt", TREATY);
    let of_file = desk.json(&["classify", "treaty.txt"]);
    assert_eq!(of_file["document"]["title"], "A Treaty of the Two Rivers");
    let of_input = desk.run_with(&["classify", "-"], TREATY);
    assert!(of_input.out.contains("Article 2"));
    let lines = "{\"id\":7,\"text\":\"The fishermen of France met in Peru.\"}\nnonsense\n";
    let batch = desk.run_with(&["classify", "--batch", "-"], lines);
    let first: Value = serde_json::from_str(batch.out.lines().next().unwrap()).unwrap();
    assert_eq!((batch.code, &first["id"]), (2, &7.into()));
    let places = first["passages"][0]["places"].as_array().unwrap();
    let codes: Vec<&str> =
        places.iter().map(|place| place["countries"][0].as_str().unwrap()).collect();
    assert_eq!(codes, ["FRA", "PER"]);
}

#[test]
fn a_project_names_collections_and_adds_to_the_vocabulary() {
    let desk = Desk::new();
    desk.write("documents/gazette/a.txt", SPEECH);
    desk.write("chancery.toml", "[collections]\ngazette = [\"gazette/**\"]\n");
    let found = desk.json(&["search", "mutual", "--collection", "gazette", "--json"]);
    assert_eq!(found["documents"], 1);
    assert_eq!(found["hits"][0]["document"]["origin"]["collection"], "configuration");
    desk.write("chancery.toml", "[colections]\n");
    let wrong = desk.run(&["search", "mutual"]);
    assert!(wrong.code == 2 && wrong.err.contains("chancery.toml"), "{}", wrong.err);
}

#[test]
fn help_formats_completions_and_manual() {
    let desk = Desk::new();
    assert!(desk.run(&["help", "syntax"]).out.contains("NEAR"));
    assert!(desk.run(&["--help"]).out.contains("search"));
    assert!(desk.run(&["formats"]).out.contains("Markdown"));
    assert!(desk.run(&["completions", "bash"]).out.contains("chancery"));
    assert!(desk.run(&["man"]).out.contains(".TH"));
    assert_eq!(desk.run(&["nonsense"]).code, 2);
}
