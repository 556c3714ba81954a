//! Places and topics through the program: what a filter takes, what a text is found to be about.

use serde_json::{Value, json};

use crate::support::Desk;

const SURE: &str = "The law of the sea must protect fisheries. Fish stocks fall where fishing vessels \
    from far away empty the exclusive economic zone, and the coral reefs die with them.\n";
const LIKELY: &str = "The report names many things that were done in the past year, among them the work \
    on fisheries, and it thanks all those who took part in it with patience.\n";
const NEITHER: &str = "The delegates thanked the interpreters and the guides for their patience.\n";

fn desk() -> Desk {
    Desk::with(&[("a.txt", SURE), ("b.txt", LIKELY), ("c.txt", NEITHER)])
}

fn paths(answer: &Value) -> Vec<&str> {
    let hits = answer["hits"].as_array().unwrap().iter();
    hits.map(|hit| hit["document"]["path"].as_str().unwrap()).collect()
}

#[test]
fn a_filter_takes_sure_topics_and_counts_the_likely_ones() {
    let desk = desk();
    for request in [&["--topic", "oceans"][..], &["topic:oceans"]] {
        let ask = |more: &[&str]| desk.json(&[&["search", "--json"], request, more].concat());
        let answer = ask(&[]);
        assert_eq!((paths(&answer), &answer["likely_excluded"]), (vec!["a.txt"], &json!(1)));
        let answer = ask(&["--likely"]);
        assert_eq!(paths(&answer), ["a.txt", "b.txt"], "{request:?}");
        assert_eq!(answer["likely_excluded"], 0);
        let ran = desk.run(&[&["search"], request].concat());
        assert!(
            ran.out.contains("1 passage likely on the topic left out (--likely)"),
            "{}",
            ran.out
        );
    }
    let answer = desk.json(&["search", "--json", "patience"]);
    assert_eq!(answer["likely_excluded"], 0, "no topic was asked for");
}

#[test]
fn leaving_a_topic_out_leaves_out_the_sure_ones() {
    let desk = desk();
    let answer = desk.json(&["search", "--json", "--sort", "path", "--topic", "!oceans"]);
    assert_eq!(paths(&answer), ["b.txt", "c.txt"]);
    let answer = desk.json(&["search", "--json", "--topic", "!oceans", "--likely"]);
    assert_eq!(paths(&answer), ["c.txt"]);
}

#[test]
fn where_only_likely_ones_are_it_says_so() {
    let desk = Desk::with(&[("b.txt", LIKELY)]);
    let answer = desk.json(&["search", "--json", "--topic", "oceans"]);
    assert_eq!((&answer["passages"], &answer["likely_excluded"]), (&json!(0), &json!(1)));
    assert_eq!(answer["suggestions"][0], "with --likely there are 1 passage");
}

#[test]
fn tiers_show_in_every_answer() {
    let desk = desk();
    let tiers = |path: &str| {
        let shown = desk.json(&["show", path, "--json"]);
        let row = shown["document"]["topics"][0].clone();
        let passage = &shown["passages"][0];
        (row["tier"].clone(), passage["topics"].clone(), passage["topics_sure"].clone())
    };
    let oceans = json!(["law-of-the-sea-oceans"]);
    assert_eq!(tiers("a.txt"), (json!("sure"), oceans.clone(), oceans.clone()));
    assert_eq!(tiers("b.txt"), (json!("likely"), oceans.clone(), json!([])));
    let hit = &desk.json(&["search", "--json", "report"])["hits"][0];
    assert_eq!((&hit["topics"], &hit["topics_likely"]), (&json!([]), &oceans));
}

/// The countries that a text is found to be about, the most salient first.
fn about(text: &str) -> Vec<String> {
    let shown = Desk::new().run_with(&["classify", "-"], text);
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    let rows = shown["document"]["countries"].as_array().unwrap().iter();
    rows.map(|row| row["code"].as_str().unwrap().to_owned()).collect()
}

/// Paragraphs that are passages of their own: each is filled up with sentences that name no place.
fn paragraphs(parts: &[&str]) -> String {
    let filler = "The talks went on for days, and nobody could say how they would end. ".repeat(7);
    parts.iter().map(|part| format!("{part} {filler}\n\n")).collect()
}

#[test]
fn a_text_is_about_its_theatre() {
    let text = paragraphs(&[
        "Ethiopia and Somalia fought over the Ogaden, and Somalia lost.",
        "Somalia turned to others. The Soviet Union sent arms to Ethiopia.",
        "Kenya watched Somalia. Ethiopia won, with help from the Soviet Union.",
        "Somalia and Ethiopia made peace; Kenya and the Soviet Union were content.",
        "In the end Kenya helped Ethiopia and Somalia to draw the line.",
    ]);
    let mut found = about(&text);
    found.sort();
    assert_eq!(found, ["ETH", "KEN", "SOM"]);
}

#[test]
fn a_text_that_names_a_country_once_is_about_it() {
    let text = paragraphs(&["The archives of Bhutan are open.", "One writes first.", "One waits."]);
    assert_eq!(about(&text), ["BTN"]);
}

#[test]
fn a_state_of_the_past_and_the_one_that_goes_on_count_as_one() {
    let text = paragraphs(&[
        "Russia and Ukraine met.",
        "Russia was the Soviet Union once; Ukraine remembers the Soviet Union.",
        "Ukraine and Russia signed.",
        "Russia kept the treaty, and so did Ukraine.",
    ]);
    let mut found = about(&text);
    found.sort();
    assert_eq!(found, ["RUS", "UKR"]);
}

#[test]
fn a_region_in_the_title_speaks_of_its_countries() {
    let body = paragraphs(&[
        "Nicaragua held elections, and Nicaragua had waited long for them.",
        "In Nicaragua all parties took part. Honduras sent guests.",
        "Nicaragua counted the votes. Honduras was content with Nicaragua.",
        "Honduras and Nicaragua opened the road.",
    ]);
    assert!(about(&format!("Central America at Peace\n\n{body}")).contains(&"HND".to_owned()));
}

/// Codes and region paths that a document is about.
fn subjects(desk: &Desk, path: &str) -> (Vec<String>, Vec<String>) {
    let shown = desk.json(&["show", path, "--json"]);
    let list = |key: &str, name: &str| {
        let rows = shown["document"][key].as_array().unwrap().iter();
        rows.map(|row| row[name].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    (list("countries", "code"), list("regions", "path"))
}

/// A text of so many paragraphs, each a passage, that go round the sentences given.
fn going_round(sentences: &[&str], n: usize) -> String {
    let filler =
        "The talks went on for many days, and those who took part in them wrote long letters \
                  home about the weather, the meals and the slow progress of the drafting. "
            .repeat(3);
    let lines = (0..n).map(|at| format!("{} {filler}\n\n", sentences[at % sentences.len()]));
    lines.collect()
}

#[test]
fn two_states_that_stood_side_by_side_are_not_one() {
    let text = going_round(
        &[
            "The workers of East Germany rose, and East Germany sent for help.",
            "In West Germany, or the Federal Republic of Germany, East Germans found shelter.",
        ],
        6,
    );
    let desk = Desk::with(&[("a.txt", text.as_str())]);
    let (mut countries, _) = subjects(&desk, "a.txt");
    countries.sort();
    assert_eq!(countries, ["DDR", "DEU"]);
    // One that kept the other's seat is the same State under its later name.
    let text = going_round(&["The Soviet Union signed.", "Russia signed for the Soviet Union."], 6);
    let desk = Desk::with(&[("a.txt", text.as_str())]);
    assert_eq!(subjects(&desk, "a.txt").0, ["SUN"]);
}

#[test]
fn an_overview_of_many_countries_is_about_their_region() {
    let many = going_round(
        &[
            "France and Canada spoke first, and France spoke again.",
            "France was heard, and so was Japan.",
            "France was heard, then Lebanon.",
            "France was heard, then Iran.",
            "France was heard, then Afghanistan.",
            "France was heard, then China.",
        ],
        6,
    );
    let few = going_round(&["France spoke, and Japan.", "France was heard, and so was Iran."], 6);
    let desk = Desk::with(&[("many.txt", many.as_str()), ("few.txt", few.as_str())]);
    let (countries, regions) = subjects(&desk, "many.txt");
    assert_eq!(countries, ["FRA"]);
    assert!(regions.contains(&"Asia".to_owned()), "{regions:?}");
    assert!(!subjects(&desk, "few.txt").1.contains(&"Asia".to_owned()));
}
