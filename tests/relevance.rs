//! Where the documents stand that questions about the samples are meant for: a change of the ranking
//! shows as a change of these places.

use std::fmt::Write;

use serde_json::Value;

use crate::support::{Desk, samples};

/// A question, and the sample that answers it.
const QUESTIONS: &[(&str, &str)] = &[
    ("who owns the moon", "pages/space-treaty-explainer.html"),
    ("prohibition of nuclear weapons in Latin America", "pages/tlatelolco.html"),
    ("debt crisis rescheduling", "notes/memo-1982-debt-crisis.txt"),
    ("eradication of smallpox", "notes/smallpox-health-for-all.md"),
    ("sanctions against apartheid", "records/verbatim-1985-apartheid-debate.txt"),
    ("climate change small island", "speeches/FJI_72_2017.txt"),
    ("hunger and food reserves", "speeches/world-food-conference-1974.txt"),
    ("sécheresse au Sahel", "speeches/declaration-sahel-1992-fr.txt"),
    ("earthquake relief", "pages/press-release-earthquake-2010.txt"),
    ("fall of the Berlin wall", "articles/wall-and-ballot-1999.txt"),
    ("partition plan", "articles/partition-1947-wrapped.txt"),
    ("river basin commission", "treaties/friendship-river-basin-1978.txt"),
    ("boat people resettlement", "communiques/refugees-geneva-1979.txt"),
    ("oil embargo port call", "cables/1973-oil-and-port-call.txt"),
    ("independence of colonial peoples", "letters/1960-declaration-on-independence.txt"),
    ("cyber-crime and drugs", "notes/research-note-drugs-cyber-2019.txt"),
    ("peace-keeping mission mandate", "resolutions/S-SAMPLE-12-2001.txt"),
    ("acuerdos de paz", "articles/acuerdos-de-paz-2007-es.txt"),
];

#[test]
fn places_of_the_samples() {
    let desk = Desk::new();
    desk.json(&["index", samples().to_str().unwrap(), "--json"]);
    let mut report = String::new();
    let mut sum = 0.0;
    for (question, wanted) in QUESTIONS {
        let answer = desk.json(&["search", question, "--group", "document", "-n", "20", "--json"]);
        let hits = answer["hits"].as_array().unwrap();
        let place = hits.iter().position(|hit| hit["document"]["path"] == *wanted);
        sum += place.map_or(0.0, |place| 1.0 / (place + 1) as f64);
        let place = place.map_or("-".to_owned(), |place| (place + 1).to_string());
        writeln!(report, "{place:>2}  {question}  {wanted}").unwrap();
    }
    writeln!(report, "mean reciprocal rank {:.3}", sum / QUESTIONS.len() as f64).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("places", report));
}

#[test]
fn the_parts_of_a_score_sum_to_it() {
    let desk = Desk::new();
    desk.json(&["index", samples().to_str().unwrap(), "--json"]);
    let mut n_parts = 0;
    for (question, _) in QUESTIONS {
        for group in [&[][..], &["--group", "document"]] {
            let base = ["search", question, "-n", "20", "--explain", "--json"];
            let answer = desk.json(&[&base[..], group].concat());
            for hit in answer["hits"].as_array().unwrap() {
                let parts = hit["explanation"].as_array().unwrap();
                n_parts += parts.len();
                let sum: f64 = parts.iter().map(|part| part["score"].as_f64().unwrap()).sum();
                let score = hit["score"].as_f64().unwrap();
                assert!((sum - score).abs() < 1e-4 * score.max(1.0), "{question}: {hit}");
            }
        }
    }
    assert!(n_parts > 200);
}

#[test]
fn parts_of_a_compound_rank_and_do_not_match() {
    let desk = Desk::with(&[
        ("a.txt", "The boundary-layer grows along the plate, as was measured last year.\n"),
        ("b.txt", "The boundary-layer grows, and a layer at the boundary of it is thin here.\n"),
        ("c.txt", "A layer of paint, and the boundary of the field, are described in this.\n"),
    ]);
    let answer = desk.json(&["search", "boundary-layer", "--json"]);
    assert_eq!(answer["passages"], 2);
    assert_eq!(answer["hits"][0]["document"]["path"], "b.txt");
    let forms: Vec<&Value> = answer["hits"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|hit| hit["matches"].as_array().unwrap())
        .map(|found| &found["form"])
        .collect();
    assert_eq!(forms, ["boundary-layer", "boundary-layer"]);
}

/// Documents of which some speak of a matter in other words than the question.
fn in_other_words() -> Desk {
    Desk::with(&[
        (
            "answer.txt",
            "The emigration of physicians and medical staff from developing countries is a loss.\n",
        ),
        (
            "same.txt",
            "Our countries are many, and so are the ports in which their flags are seen.\n",
        ),
        (
            "words.txt",
            "Two doctors were heard by the committee on the matter of the flags of ships.\n",
        ),
        (
            "other.txt",
            "Medical staff were heard by the committee on a wholly different matter then.\n",
        ),
        (
            "ghana.txt",
            "In Accra the ministers of all countries spoke at length on roads and harbours.\n",
        ),
    ])
}

fn paths(answer: &Value) -> Vec<&str> {
    let hits = answer["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["document"]["path"].as_str().unwrap()).collect()
}

#[test]
fn words_of_the_same_matter_rank_and_do_not_match() {
    let desk = in_other_words();
    let question = ["search", "doctors leaving poor countries", "--json", "--explain"];
    let answer = desk.json(&question);
    let plain = desk.json(&[&question[..], &["--literal"]].concat());
    // The same passages are found, and the same words of them are marked.
    let sorted = |answer: &Value| {
        let mut found: Vec<String> = answer["hits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| format!("{} {}", hit["document"]["path"], hit["matches"]))
            .collect();
        found.sort();
        found
    };
    assert_eq!(sorted(&answer), sorted(&plain));
    assert_eq!(answer["passages"], 4);
    assert!(!paths(&answer).contains(&"other.txt"));
    // But what speaks of the matter goes first, and it is said why.
    assert_eq!(paths(&answer)[0], "answer.txt");
    assert_ne!(paths(&plain)[0], "answer.txt");
    let told = answer["ranked_by"].to_string();
    assert!(told.contains("doctors: physicians, nurses, medical staff"), "{told}");
    assert!(answer["hits"][0]["explanation"].to_string().contains("as words of the same matter"));
    assert_eq!(plain["ranked_by"], serde_json::json!([]));
    // What is asked for in its exact form is asked for alone.
    let exact = desk.json(&[&question[..], &["--exact"]].concat());
    assert_eq!(exact["ranked_by"], serde_json::json!([]));
    // Two words are no question.
    let short = desk.json(&["search", "doctors countries", "--json"]);
    assert_eq!(short["ranked_by"], serde_json::json!([]));
}

#[test]
fn passages_on_a_place_go_before_others() {
    let desk = in_other_words();
    let answer = desk.json(&["search", "Ghana roads countries ports", "--json", "--explain"]);
    assert_eq!(paths(&answer)[0], "ghana.txt");
    assert!(answer["ranked_by"].to_string().contains("Ghana: passages on Ghana"));
    let why = answer["hits"][0]["explanation"].to_string();
    assert!(!why.contains("Ghana: stands"), "the word itself is not there: {why}");
    let parts = answer["hits"][0]["explanation"].as_array().unwrap();
    let sum: f64 = parts.iter().map(|part| part["score"].as_f64().unwrap()).sum();
    assert!((sum - answer["hits"][0]["score"].as_f64().unwrap()).abs() < 1e-4);
}

#[test]
fn groups_of_words_can_be_added() {
    let desk = in_other_words();
    let question = ["search", "flags wombat quokka", "--json"];
    assert_eq!(desk.json(&question)["ranked_by"], serde_json::json!([]));
    desk.write("chancery.toml", "[vocabulary]\nrelated = [\"wombat; marsupial > ports\"]\n");
    let answer = desk.json(&question);
    assert_eq!(answer["ranked_by"], serde_json::json!(["wombat: marsupial, ports"]));
    assert_eq!(answer["passages"], 2);
}

#[test]
fn a_passage_that_holds_all_clauses_counts_a_tenth_more() {
    let desk = Desk::with(&[
        (
            "all.txt",
            "In the harbour a crane stood at the quay, of which little else is to be said.\n",
        ),
        (
            "two.txt",
            "In the harbour a flag flew over the quay, of which little else is to be said.\n",
        ),
    ]);
    let answer = desk.json(&["search", "harbour quay crane", "--json", "--explain"]);
    assert_eq!(paths(&answer), ["all.txt", "two.txt"]);
    let parts = answer["hits"][0]["explanation"].as_array().unwrap();
    let is_bonus = |part: &&Value| part["reason"].to_string().contains("holds all 3 clauses");
    let score = |part: &Value| part["score"].as_f64().unwrap();
    let bonus: f64 = parts.iter().filter(is_bonus).map(score).sum();
    let close = |part: &&Value| part["reason"].to_string().contains("close together");
    let proximity: f64 = parts.iter().filter(close).map(score).sum();
    let whole = score(&answer["hits"][0]);
    assert!((bonus * 11.0 - (whole - proximity)).abs() < 1e-4, "{parts:?}");
    let others = answer["hits"][1]["explanation"].as_array().unwrap();
    assert_eq!(others.iter().filter(is_bonus).count(), 0);
}

#[test]
fn expansion_shows_the_words_and_changes_no_match() {
    let desk = Desk::new();
    desk.json(&["index", samples().to_str().unwrap(), "--json"]);
    let mut moved = 0;
    for (question, _) in QUESTIONS {
        let base = ["search", question, "-n", "50", "--explain", "--json"];
        let plain = desk.json(&base);
        let expanded = desk.json(&[&base[..], &["--expand"]].concat());
        assert_eq!(plain["expanded"], serde_json::json!([]));
        assert_eq!(plain["passages"], expanded["passages"], "{question}");
        let words = expanded["expanded"].as_array().unwrap();
        assert!(words.len() <= 20, "{question}: {words:?}");
        moved += usize::from(paths(&plain) != paths(&expanded));
        for hit in expanded["hits"].as_array().unwrap() {
            let parts = hit["explanation"].as_array().unwrap();
            let sum: f64 = parts.iter().map(|part| part["score"].as_f64().unwrap()).sum();
            let score = hit["score"].as_f64().unwrap();
            assert!((sum - score).abs() < 1e-4 * score.max(1.0), "{question}: {hit}");
        }
        assert_eq!(expanded["hits"], desk.json(&[&base[..], &["--expand"]].concat())["hits"]);
    }
    assert!(moved > QUESTIONS.len() / 3, "{moved}");
    let text = desk.run(&["search", "river basin commission", "--expand"]);
    assert!(text.err.contains("also ranked by: "), "{}", text.err);
}
