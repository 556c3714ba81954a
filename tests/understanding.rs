//! What is known of documents, how sure it is, and why; through the front door.

use serde_json::Value;

use crate::support::Desk;

const TEXT: &str = "We have come here to speak of the harbours and of all who depend on them for bread and for \
                    work, in every season of the year, and we shall not leave before that is done.\n";

/// What is known of a document with this path and text.
fn known(path: &str, text: &str) -> Value {
    let desk = Desk::with(&[(path, text)]);
    desk.json(&["show", path, "--json"])
}

#[test]
fn states_are_called_what_they_were_called() {
    for (path, country, state) in [
        ("CHN_15_1960.txt", "CHN", "Republic of China"),
        ("CHN_70_2015.txt", "CHN", "People's Republic of China"),
        ("RUS_15_1960.txt", "RUS", "Soviet Union"),
        ("DEU_30_1975.txt", "DEU", "Federal Republic of Germany"),
        ("DDR_30_1975.txt", "DDR", "German Democratic Republic"),
        ("COD_30_1975.txt", "COD", "Zaire"),
        ("MMR_30_1975.txt", "MMR", "Burma"),
        ("BFA_30_1975.txt", "BFA", "Upper Volta"),
        ("EGY_15_1960.txt", "EGY", "United Arab Republic"),
    ] {
        let shown = known(path, TEXT);
        let document = &shown["document"];
        assert_eq!(document["country"], country, "{path}");
        assert_eq!(document["country_as_of"], state, "{path}");
        assert_eq!(document["confidence"], serde_json::json!({}), "{path}");
    }
}

#[test]
fn a_name_that_changed_within_the_year_is_that_of_the_text() {
    for (more, state) in [
        ("The Republic of China will not yield.", "Republic of China"),
        ("The People's Republic of China will not yield.", "People's Republic of China"),
    ] {
        let shown = known("CHN_26_1971.txt", &format!("{TEXT}{more}\n"));
        assert_eq!(shown["document"]["country_as_of"], state);
        assert_eq!(shown["document"]["confidence"]["country_as_of"], "likely");
    }
}

#[test]
fn contradictions_and_damage_are_told() {
    let text = format!("---\ncountry: France\n---\n{TEXT}");
    let shown = known("ITA_15_1960.md", &text);
    assert_eq!(shown["document"]["country"], "FRA");
    let problems = shown["problems"].to_string();
    assert!(
        problems.contains("by its front matter") && problems.contains("by its file name"),
        "{problems}"
    );
    let shown = known("a.txt", &format!("{TEXT}Our есоsystem is at risk.\n"));
    assert!(shown["problems"].to_string().contains("look alike"), "{shown}");
    let sound = known("FRA_15_1960.txt", TEXT);
    assert_eq!(sound["problems"], Value::Array(vec![]));
}

#[test]
fn turns_have_a_speaker_and_a_country_of_their_own() {
    let text = format!(
        "A/15/PV.12\n\nThe President: I give the floor to the representative of Norway.\n\n\
         Mr. Roe (Norway): {TEXT}\n\nMr. Doe (Russian Federation) (spoke in Russian): {TEXT}\n\n\
         Mr. Roy (Germany): {TEXT}\n"
    );
    let desk = Desk::with(&[("1960/pv12.txt", &text)]);
    let shown = desk.json(&["show", "pv12.txt", "--json"]);
    assert_eq!(shown["document"]["type"], "verbatim");
    assert_eq!(
        (&shown["document"]["symbol"], &shown["document"]["year"]),
        (&"A/15/PV.12".into(), &1960.into())
    );
    for (country, passages) in [("NOR", 1), ("Norway", 1), ("RUS", 1), ("DEU", 1), ("FRA", 0)] {
        let hits = desk.json(&["search", "--country", country, "harbours", "--json"]);
        assert_eq!(hits["passages"], passages, "{country}");
    }
    let hits = desk.json(&["search", "--speaker", "doe", "harbours", "--json"]);
    assert_eq!(hits["hits"][0]["passage"]["speaker"], "Mr. Doe");
    assert_eq!(hits["hits"][0]["section"]["kind"], "turn");
}

#[test]
fn the_chair_behind_a_speech_speaks_in_a_turn_of_its_own() {
    let tail = "The Acting President: On behalf of the Assembly, I thank the Minister for the statement just made.";
    let shown = known("NPL_62_2007.txt", &format!("{TEXT}\n{TEXT}\n{tail}\n"));
    let kinds: Vec<&str> =
        shown["sections"].as_array().unwrap().iter().map(|s| s["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["front", "turn"]);
    assert_eq!(shown["document"]["type"], "statement");
    let last = shown["passages"].as_array().unwrap().last().unwrap();
    assert_eq!(last["speaker"], "The Acting President");
}

#[test]
fn every_heading_value_and_tag_can_be_asked_why() {
    let text = format!(
        "On Harbours\n\nBy Jane Roe\n\n3 February 1957\n\n{TEXT}\nThe Price of Piers\n\n{TEXT} It costs France dearly.\n\nWhat Is Owed\n\n{TEXT}"
    );
    let desk = Desk::with(&[("a.txt", &text)]);
    desk.write("b.txt", &text);
    let classified = desk.json(&["classify", "b.txt", "--explain"]);
    let shown = desk.json(&["show", "a.txt", "--why", "--json"]);
    for why in [&classified["why"], &shown["why"]] {
        let heading =
            why["headings"].as_array().unwrap().iter().find(|h| h["text"] == "The Price of Piers");
        let heading = heading.unwrap();
        assert_eq!(heading["verdict"], "heading");
        let sum: i64 = heading["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["weight"].as_i64().unwrap())
            .sum();
        assert_eq!(heading["score"], sum);
        assert!(sum > 0 && heading["features"].to_string().contains("title case"));
        let date = why["values"].as_array().unwrap().iter().find(|v| v["field"] == "date").unwrap();
        assert_eq!((&date["value"], &date["rule"]), (&"1957-02-03".into(), &"date line".into()));
        assert_eq!((&date["words"], &date["used"]), (&"3 February 1957".into(), &true.into()));
    }
    assert!(desk.json(&["classify", "b.txt"])["why"].is_null());
    let told = desk.run(&["show", "a.txt", "--why"]).out;
    for words in ["date: 1957-02-03 (text, certain; date line", "title case +1.3", "France 1"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    // Without its file only the words behind the tags can be told.
    std::fs::remove_file(desk.path().join("documents/a.txt")).unwrap();
    let ran = desk.run(&["show", "a.txt", "--why"]);
    assert!(ran.code == 0 && ran.err.contains("not at hand") && ran.out.contains("France 1"));
}
