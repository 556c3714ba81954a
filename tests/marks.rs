//! Over generated queries and documents: every mark satisfies the query, every quotation is true,
//! a filter only removes hits, and counts are those of a plain reading.

use chancery::query::{ParseOptions, Query};
use chancery::search::{Condition, SearchOptions};
use chancery::{Corpus, IndexRequest, Project};

use crate::support::{Desk, Dice, Silent};

const WORDS: [&str; 12] = [
    "peace", "treaty", "river", "council", "border", "trade", "free", "common", "state", "law",
    "sea", "win-win",
];

fn word(dice: &mut Dice) -> &'static str {
    WORDS[dice.below(WORDS.len())]
}

fn text(dice: &mut Dice) -> String {
    let mut text = String::new();
    for _ in 0..1 + dice.below(6) {
        for _ in 0..1 + dice.below(8) {
            let words: Vec<&str> = (0..3 + dice.below(20)).map(|_| word(dice)).collect();
            let mut sentence = words.join(if dice.below(4) == 0 { "\n" } else { " " });
            sentence.replace_range(0..1, &sentence[0..1].to_uppercase());
            text.push_str(&sentence);
            text.push_str(". ");
        }
        text.push_str("\n\n");
    }
    text
}

/// A query and, of each marked clause, the words that a mark of it must be.
fn query(dice: &mut Dice) -> (String, Vec<Vec<String>>, Vec<String>) {
    let mut clauses = Vec::new();
    let mut unwanted = Vec::new();
    let mut typed = Vec::new();
    for index in 0..1 + dice.below(4) {
        match dice.below(5) {
            0 | 1 => {
                let words: Vec<&str> = (0..2 + dice.below(2)).map(|_| word(dice)).collect();
                typed.push(format!("\"{}\"", words.join(" ")));
                clauses.push(parts(&words.join(" ")));
            }
            2 if index > 0 => {
                let word = word(dice);
                typed.push(format!("-{word}"));
                unwanted.push(word.to_owned());
            }
            3 => {
                let word = word(dice);
                typed.push(format!("+{word}"));
                clauses.push(parts(word));
            }
            _ => {
                let word = word(dice);
                typed.push(word.to_owned());
                clauses.push(parts(word));
            }
        }
    }
    (typed.join(" "), clauses, unwanted)
}

fn parts(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[test]
fn every_mark_satisfies_the_query() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let desk = Desk::new();
    let texts: Vec<String> = (0..40).map(|_| text(&mut dice)).collect();
    for (index, text) in texts.iter().enumerate() {
        desk.write(&format!("documents/d{index:02}.txt"), text);
    }
    let project = std::sync::Arc::new(Project::find(desk.path(), None, None).unwrap());
    Corpus::refresh(&project, &IndexRequest::default(), &Silent).unwrap();
    let mut corpus = Corpus::open(project).unwrap();
    let options =
        SearchOptions { limit: None, occurrences: true, texts: true, ..SearchOptions::default() };
    let mut n_marks = 0_usize;
    for _ in 0..2_000 {
        let (typed, clauses, unwanted) = query(&mut dice);
        let query = Query::parse(&typed, &ParseOptions::default()).unwrap();
        let results = corpus.search(&query, &options).unwrap();
        assert_eq!(results.passages, results.hits.len() as u64, "{typed}");
        let mut counted = 0;
        for hit in &results.hits {
            let index: usize = hit.document.path[1..3].parse().unwrap();
            let source = &texts[index];
            assert_eq!(hit.passage.span.of(source), hit.text, "{typed}");
            assert!(!hit.matches.is_empty(), "{typed}: a hit without a match");
            for mark in &hit.matches {
                let marked = parts(mark.span.of(source));
                assert_eq!(marked, clauses[mark.clause], "{typed}");
                counted += 1;
            }
            // Words of a NOT stand nowhere in the passage.
            for word in &unwanted {
                let words = parts(&hit.text);
                let wanted = parts(word);
                let found = words.windows(wanted.len()).any(|window| window == wanted.as_slice());
                assert!(!found, "{typed}: {word} in {}", hit.text);
            }
            // Marks of the snippet are words of some clause.
            let snippet: Vec<char> = hit.snippet.text.chars().collect();
            let mut last = 0;
            for (start, end) in &hit.snippet.highlights {
                assert!(last <= *start && start < end && *end <= snippet.len(), "{typed}");
                let shown = parts(&snippet[*start..*end].iter().collect::<String>());
                assert!(
                    shown.iter().all(|word| clauses.iter().flatten().any(|w| w == word)),
                    "{typed}"
                );
                last = *end;
            }
        }
        assert_eq!(results.occurrences, Some(counted), "{typed}");
        n_marks += usize::try_from(counted).unwrap();

        let narrow = SearchOptions {
            filters: chancery::search::Filters {
                path: vec![Condition::parse("d0*.txt")],
                ..chancery::search::Filters::default()
            },
            ..options.clone()
        };
        let fewer = corpus.search(&query, &narrow).unwrap();
        let all: Vec<_> = results.hits.iter().map(|hit| hit.passage.id.clone()).collect();
        assert!(fewer.hits.iter().all(|hit| all.contains(&hit.passage.id)), "{typed}");
    }
    assert!(n_marks > 100_000, "{n_marks}");
}
