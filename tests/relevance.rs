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
