//! The article the project began with, read from beside the project.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Desk, beside, is_quoted};

const HEADINGS: [&str; 6] = [
    "The Call of the Times",
    "Four Strategies",
    "Win-win Cooperation",
    "Reviving the Silk Road",
    "China’s Positive Role",
    "Solid Steps Forward",
];

#[test]
fn the_first_article_is_understood() {
    let Some(folder) = beside("seed") else { return };
    let file = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let bytes = fs::read(&file).unwrap();
    let desk = Desk::new();
    desk.write("documents/article.txt", &bytes);
    desk.run(&["index"]);

    let shown = desk.json(&["show", "article.txt", "--json"]);
    assert!(shown["document"]["title"].as_str().unwrap().starts_with("A New Type of"));
    assert_eq!(shown["document"]["speaker"], "Yang Jiechi");
    assert!(shown["document"]["role"].as_str().unwrap().starts_with("State Councillor"));
    let sections = shown["sections"].as_array().unwrap();
    let headings: Vec<&str> = sections.iter().filter_map(|s| s["title"].as_str()).collect();
    assert_eq!(headings, HEADINGS);
    for passage in shown["passages"].as_array().unwrap() {
        let text = passage["text"].as_str().unwrap();
        assert!(!text.contains("GettyImages") && !text.contains("Back to Table"));
        assert!(is_quoted(&bytes, &passage["start"], &passage["end"], &passage["text"]));
    }

    let found = desk.json(&["search", "win-win", "-n", "all", "--json"]);
    let mut by_section: BTreeMap<&str, usize> = BTreeMap::new();
    for hit in found["hits"].as_array().unwrap() {
        let section = hit["section"]["title"].as_str().unwrap_or("(front)");
        *by_section.entry(section).or_default() += hit["matches"].as_array().unwrap().len();
        assert!(!hit["snippet"]["text"].as_str().unwrap().contains("GettyImages"));
    }
    let expected = [
        ("Reviving the Silk Road", 2),
        ("Solid Steps Forward", 1),
        ("The Call of the Times", 3),
        ("Win-win Cooperation", 5),
    ];
    assert_eq!(by_section, BTreeMap::from(expected));

    let phrase = ["search", "-p", "belt", "and", "road", "-s", "Reviving the Silk Road", "--json"];
    assert!(desk.json(&phrase)["passages"].as_u64().unwrap() >= 2);
    for (word, form) in [("democracy", "demo-cracy"), ("opportunities", "opportu-nities")] {
        let found = desk.json(&["search", word, "-n", "all", "--json"]);
        let forms = found["hits"].as_array().unwrap().iter().flat_map(|hit| {
            hit["matches"].as_array().unwrap().iter().map(|m| m["form"].as_str().unwrap())
        });
        assert!(forms.into_iter().any(|found| found == form), "{form}");
    }
}
