//! Over ten thousand generated queries of every kind: what is marked is what satisfies its clause, all of
//! it and nothing else, in the document and in the snippet; a query that is printed is read as itself;
//! a filter only removes hits; counts are those of a plain reading.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chancery::query::{ParseOptions, Query, explain, print};
use chancery::search::{Condition, Filters, Hit, SearchOptions};
use chancery::{Corpus, IndexRequest, Project};

use crate::expressions::generate::made_up;
use crate::expressions::tree::{Places, Table};
use crate::expressions::words::Page;
use crate::expressions::{Accepting, NAMES, choice, each_page, lists, ready, with_names};
use crate::support::{Desk, Dice};

const N_QUERIES: usize = 10_000;

/// Every way in which a clause is satisfied: first word, the one behind the last, the words.
type Ways = Vec<(u32, u32, BTreeSet<u32>)>;

/// A document as a query finds it.
struct Read {
    passages: BTreeSet<usize>,
    /// Of each clause.
    ways: Vec<Ways>,
}

/// Whether the hit's marks are the words of its clauses, and how many there are.
fn check_marks(ways: &[Ways], hit: &Hit, page: &Page) -> Result<usize, String> {
    let words: BTreeMap<u32, usize> =
        page.tokens.iter().filter(|t| t.length == 1).map(|t| (t.start, t.at)).collect();
    let this = hit.passage.ordinal - 1;
    let of = |at: u32| page.places[at as usize].map(|(passage, ..)| passage);
    let mut n_marked = 0;
    for (clause, ways) in ways.iter().enumerate() {
        let here = ways.iter().filter(|(start, ..)| of(*start) == Some(this));
        let expected: BTreeSet<u32> = here
            .flat_map(|(_, _, words)| words.iter().copied())
            .filter(|at| words.contains_key(at))
            .collect();
        let mut marked = BTreeSet::new();
        for mark in hit.matches.iter().filter(|mark| mark.clause == clause) {
            let inside =
                words.iter().filter(|(_, at)| mark.span.start <= **at && **at < mark.span.end);
            let inside: Vec<(&u32, &usize)> = inside.collect();
            if inside.first().is_none_or(|(_, at)| **at != mark.span.start) {
                return Err(format!("a mark begins where no word does: {mark:?}"));
            }
            marked.extend(inside.into_iter().map(|(place, _)| *place));
        }
        if marked != expected {
            return Err(format!("clause {clause}: marked {marked:?}, satisfied {expected:?}"));
        }
        n_marked += marked.len();
    }
    match hit.matches.iter().find(|mark| mark.clause >= ways.len()) {
        Some(mark) => Err(format!("a mark of no clause: {mark:?}")),
        None => Ok(n_marked),
    }
}

/// Whether in each fragment that is shown the letters marked are those of the matches; how many fragments
/// could be told apart.
fn check_snippet(hit: &Hit) -> Result<usize, String> {
    let base = hit.passage.span.start;
    // The passage with white space folded, and which of its letters are marked.
    let mut folded: Vec<(char, bool)> = Vec::new();
    for (at, c) in hit.text.char_indices() {
        let at = base + at;
        let is_marked = hit.matches.iter().any(|m| m.span.start <= at && at < m.span.end);
        match c {
            c if !c.is_whitespace() => folded.push((c, is_marked)),
            _ if folded.last().is_some_and(|(last, _)| *last == ' ') => {}
            _ => folded.push((' ', false)),
        }
    }
    let shown: Vec<(char, bool)> = hit
        .snippet
        .text
        .chars()
        .enumerate()
        .map(|(at, c)| (c, hit.snippet.highlights.iter().any(|(a, b)| *a <= at && at < *b)))
        .collect();
    let mut n_found = 0;
    for fragment in shown.split(|(c, _)| *c == '…') {
        let blank = |(c, _): &&(char, bool)| *c == ' ';
        let from = fragment.iter().take_while(blank).count();
        let to = fragment.len() - fragment.iter().rev().take_while(blank).count();
        let Some(fragment) = fragment.get(from..to).filter(|f| !f.is_empty()) else { continue };
        let letters = |(a, b): (&(char, bool), &(char, bool))| a.0 == b.0;
        let mut at = folded
            .windows(fragment.len())
            .filter(|window| window.iter().zip(fragment).all(letters));
        let Some(first) = at.next() else {
            return Err(format!("not in the passage: {}", hit.snippet.text));
        };
        if at.next().is_some() {
            continue;
        }
        n_found += 1;
        let differs = first.iter().zip(fragment).any(|(a, b)| a.0 != ' ' && a.1 != b.1);
        if differs {
            return Err(format!("{} {:?}", hit.snippet.text, hit.snippet.highlights));
        }
    }
    Ok(n_found)
}

#[test]
fn what_is_marked_is_what_satisfies_the_query() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let desk = Desk::new();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for index in 0..16 {
        let path = format!("d{index:02}.txt");
        let text = made_up(&mut dice);
        desk.write(&format!("documents/{path}"), &text);
        texts.insert(path, text);
    }
    let project = Arc::new(Project::find(desk.path(), None, None).unwrap());
    Corpus::refresh(&project, &IndexRequest::default(), &()).unwrap();
    let mut corpus = Corpus::open(project).unwrap();
    let text = |path: &str| texts[path].clone();
    let mut choice = choice(&mut corpus, &text, 1);
    let mut pages: BTreeMap<String, Page> = BTreeMap::new();
    each_page(&mut corpus, &text, &mut |path, page| {
        pages.insert(path.to_owned(), page);
    });

    let literal = ParseOptions { literal: true, ..ParseOptions::default() };
    let mut queries: Vec<_> =
        (0..N_QUERIES).map(|kind| (choice.query(kind, &mut dice), literal)).collect();
    let names = NAMES.iter().filter_map(|name| with_names(&mut corpus, name));
    queries.extend(names.map(|query| (query, ParseOptions::default())));
    assert!(queries.len() > N_QUERIES);

    let options = SearchOptions { limit: None, texts: true, ..SearchOptions::default() };
    let narrow = Filters { path: vec![Condition::parse("d0*.txt")], ..Filters::default() };
    let narrow = SearchOptions { filters: narrow, texts: false, ..options.clone() };
    let (mut n_marked, mut n_hits, mut n_fragments, mut n_narrow) = (0, 0, 0, 0);
    for (query, parse) in queries {
        let typed = query.to_string();
        let mut tests = BTreeMap::new();
        let ready = ready(query, &mut tests);
        let table = Table::new(&tests);
        let mut accepting = Accepting::new();
        let query = Query::parse(&typed, &parse).unwrap_or_else(|e| panic!("{typed}: {e}"));
        let printed = print(query.root.as_ref().unwrap());
        let again = Query::parse(&printed, &parse).unwrap_or_else(|e| panic!("{printed}: {e}"));
        assert_eq!(print(again.root.as_ref().unwrap()), printed, "{typed}");
        assert_eq!(explain(&again), explain(&query), "{typed}");

        let results = corpus.search(&query, &options).unwrap_or_else(|e| panic!("{typed}: {e}"));
        assert_eq!(results.passages, results.hits.len() as u64, "{typed}");
        let mut found: BTreeMap<&str, Read> = BTreeMap::new();
        for (path, page) in &pages {
            let lists = lists(page, &table, tests.len(), &mut accepting);
            let places = Places { page, lists: &lists };
            let passages = ready.found(&places).0;
            if !passages.is_empty() {
                let clauses = ready.clauses().into_iter();
                let ways = clauses.map(|clause| ready.ways(clause, &places)).collect();
                found.insert(path, Read { passages, ways });
            }
        }
        if found.is_empty() && !results.hits.is_empty() {
            // It stands in headings only: passages behind them are shown, and that is said.
            assert!(!results.warnings.is_empty(), "{typed}");
            assert!(results.hits.iter().all(|hit| hit.matches.is_empty()), "{typed}");
            continue;
        }
        let n: usize = found.values().map(|read| read.passages.len()).sum();
        assert_eq!(results.hits.len(), n, "{typed}");
        for hit in &results.hits {
            let path = hit.document.path.as_str();
            let page = &pages[path];
            let read = found.get(path).unwrap_or_else(|| panic!("{typed}: {path}"));
            assert!(read.passages.contains(&(hit.passage.ordinal - 1)), "{typed}: {path}");
            let source = &texts[path];
            assert_eq!(hit.passage.span.of(source), hit.text, "{typed}");
            let n = check_marks(&read.ways, hit, page)
                .unwrap_or_else(|fault| panic!("{typed} in {path}: {fault}"));
            assert!(n > 0, "{typed}: a hit without a match");
            n_marked += n;
            n_fragments +=
                check_snippet(hit).unwrap_or_else(|fault| panic!("{typed} in {path}: {fault}"));
            n_hits += 1;
        }
        let fewer = corpus.search(&query, &narrow).unwrap();
        let all: BTreeSet<&str> = results.hits.iter().map(|hit| hit.passage.id.as_str()).collect();
        let within = results.hits.iter().filter(|hit| hit.document.path.starts_with("d0")).count();
        assert_eq!(fewer.hits.len(), within, "{typed}");
        assert!(fewer.hits.iter().all(|hit| all.contains(hit.passage.id.as_str())), "{typed}");
        n_narrow += fewer.hits.len();
    }
    println!(
        "{n_hits} hits, {n_marked} words marked, {n_fragments} fragments, {n_narrow} filtered"
    );
    assert!(n_hits > 100_000 && n_marked > 100_000 && n_fragments > 50_000 && n_narrow > 10_000);
}
