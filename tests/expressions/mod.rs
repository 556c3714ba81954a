//! The meaning of queries, evaluated a second time: own words, own patterns, every pair listed. Over a
//! thousand and forty expressions of every kind, passages, documents and occurrences must be equal;
//! on a small corpus made here always, on the UN General Debate where it lies beside the project.

pub(crate) mod generate;
mod hand;
pub(crate) mod tree;
pub(crate) mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use chancery::document::{FurnitureKind, Language, Passage, Span};
use chancery::query::{ParseOptions, Query as Typed};
use chancery::search::{SearchOptions, Sort};
use chancery::{Corpus, IndexRequest, Project};

use crate::support::{Desk, Dice};
use generate::{Choice, made_up};
use tree::{Places, Query, Ready, Spot, Table, Test};
use words::{Form, Page, read};

/// Calls `visit` with every document of the corpus, read by our own rules; `text` gives what the
/// document with that path says.
pub(crate) fn each_page(
    corpus: &mut Corpus,
    text: &dyn Fn(&str) -> String,
    visit: &mut dyn FnMut(&str, Page),
) {
    let options = SearchOptions { limit: None, sort: Sort::Path, ..SearchOptions::default() };
    let all = Typed::parse("*", &ParseOptions::default()).unwrap();
    let mut passages: Vec<Passage> = Vec::new();
    let mut open: Option<(String, Vec<Span>, bool)> = None;
    let mut flush = |open: &Option<(String, Vec<Span>, bool)>, passages: &mut Vec<Passage>| {
        if let Some((path, pages, english)) = open {
            visit(path, read(&text(path), passages, pages, *english));
        }
        passages.clear();
    };
    corpus
        .search_each(&all, &options, &mut |hit| {
            let document = &hit.document;
            if open.as_ref().is_none_or(|(path, ..)| *path != document.path) {
                flush(&open, &mut passages);
                let pages = document.furniture.iter().filter(|f| f.kind == FurnitureKind::Page);
                let pages = pages.map(|f| f.span).collect();
                let language = document.metadata.language.as_ref().map(|l| l.value);
                let english = language == Some(Language::ENGLISH);
                open = Some((document.path.clone(), pages, english));
            }
            passages.push(hit.passage);
            true
        })
        .unwrap();
    flush(&open, &mut passages);
}

/// What a query finds: passages, documents, occurrences.
type Counts = (u64, u64, u64);

/// Which tests accept a word.
pub(crate) type Accepting = HashMap<Rc<Form>, Vec<usize>>;

/// Where the words of each test stand.
pub(crate) fn lists(
    page: &Page,
    table: &Table<'_>,
    n_tests: usize,
    accepting: &mut Accepting,
) -> Vec<Vec<(u32, u32)>> {
    let mut lists: Vec<Vec<(u32, u32)>> = vec![Vec::new(); n_tests];
    for token in &page.tokens {
        if !accepting.contains_key(&token.form) {
            accepting.insert(Rc::clone(&token.form), table.accepting(&token.form));
        }
        for number in &accepting[&token.form] {
            lists[*number].push((token.start, token.start + token.length));
        }
    }
    lists
}

/// Numbers the tests of a query, in `tests` and beside it.
pub(crate) fn ready(query: Query, tests: &mut BTreeMap<Test, usize>) -> Ready {
    let mut own = Vec::new();
    query.tests(&mut own);
    let number = |test: Test| {
        let next = tests.len();
        (test.clone(), *tests.entry(test).or_insert(next))
    };
    Ready { query, tests: own.into_iter().map(number).collect() }
}

/// Evaluates the queries over all documents.
fn evaluate(
    queries: Vec<Query>,
    corpus: &mut Corpus,
    text: &dyn Fn(&str) -> String,
) -> Vec<Counts> {
    let mut tests: BTreeMap<Test, usize> = BTreeMap::new();
    let ready: Vec<Ready> = queries.into_iter().map(|query| ready(query, &mut tests)).collect();
    let table = Table::new(&tests);
    let mut accepting = Accepting::new();
    let mut counts = vec![(0, 0, 0); ready.len()];
    each_page(corpus, text, &mut |_, page| {
        let lists = lists(&page, &table, tests.len(), &mut accepting);
        let places = Places { page: &page, lists: &lists };
        for (ready, counts) in ready.iter().zip(&mut counts) {
            if ready.tests.iter().all(|(_, number)| lists[*number].is_empty()) {
                continue;
            }
            let (passages, occurrences) = ready.found(&places);
            counts.0 += passages.len() as u64;
            counts.1 += u64::from(!passages.is_empty());
            counts.2 += occurrences;
        }
    });
    counts
}

fn found(corpus: &mut Corpus, text: &str, options: &ParseOptions) -> Counts {
    let options_of_search =
        SearchOptions { limit: Some(0), occurrences: true, ..SearchOptions::default() };
    let query = Typed::parse(text, options).unwrap_or_else(|e| panic!("{text}: {e}"));
    let results =
        corpus.search(&query, &options_of_search).unwrap_or_else(|e| panic!("{text}: {e}"));
    (results.passages, results.documents, results.occurrences.unwrap())
}

/// Compares the program with the evaluation; the thesaurus is off.
fn compare(queries: Vec<Query>, corpus: &mut Corpus, text: &dyn Fn(&str) -> String) {
    let expected = evaluate(queries.clone(), corpus, text);
    let literal = ParseOptions { literal: true, ..ParseOptions::default() };
    let mut faults = Vec::new();
    let mut n_found = 0;
    for (query, expected) in queries.iter().zip(expected) {
        let typed = query.to_string();
        let found = found(corpus, &typed, &literal);
        n_found += usize::from(found.0 > 0);
        if found != expected {
            faults.push(format!("{typed}: {found:?}, read {expected:?}"));
        }
    }
    assert!(faults.is_empty(), "{} of {}: {faults:#?}", faults.len(), queries.len());
    assert!(n_found * 10 > queries.len() * 7, "only {n_found} of {} find anything", queries.len());
}

/// Draws words and runs of words to make queries of.
pub(crate) fn choice(corpus: &mut Corpus, text: &dyn Fn(&str) -> String, every: usize) -> Choice {
    let mut choice = Choice::default();
    let mut n_pages = 0;
    each_page(corpus, text, &mut |_, page| {
        if n_pages % every == 0 {
            choice.take(&page);
        }
        n_pages += 1;
    });
    choice
}

/// Names of which the texts are full, and words with another spelling.
pub(crate) const NAMES: [&str; 20] = [
    "\"Viet Nam\"",
    "\"Ivory Coast\"",
    "Burma",
    "Zaire",
    "\"Upper Volta\"",
    "\"International Atomic Energy Agency\"",
    "IAEA",
    "\"Treaty on the Non-Proliferation of Nuclear Weapons\"",
    "NPT",
    "\"World Health Organization\"",
    "WHO",
    "\"Belt and Road Initiative\"",
    "\"Organization of African Unity\"",
    "Kampuchea",
    "organise",
    "organize",
    "programme",
    "harbour",
    "colour",
    "defence",
];

/// Every way to spell a name: with a hyphen or as one word, as the British or the Americans do.
fn spellings(name: &str) -> Vec<String> {
    let name = name.trim_end_matches(" (spelled otherwise)");
    let mut all = vec![String::new()];
    for word in name.split(' ') {
        let mut forms = vec![word.to_owned(), word.replace('-', "")];
        for (british, american) in [("isation", "ization"), ("efence", "efense"), ("abour", "abor")]
        {
            forms.push(word.replace(british, american));
            forms.push(word.replace(american, british));
        }
        forms.sort_unstable();
        forms.dedup();
        let longer = |head: &String| -> Vec<String> {
            forms.iter().map(|form| format!("{head} {form}").trim_start().to_owned()).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// A name with the other names that the program says it searched too.
pub(crate) fn with_names(corpus: &mut Corpus, text: &str) -> Option<Query> {
    let query = Typed::parse(text, &ParseOptions::default()).unwrap();
    let options = SearchOptions { limit: Some(0), ..SearchOptions::default() };
    let results = corpus.search(&query, &options).unwrap();
    let phrase = |name: &str| Spot::Phrase(name.split(' ').map(ToOwned::to_owned).collect(), 0);
    let is_acronym = |name: &str| name.len() > 1 && !name.contains(char::is_lowercase);
    let typed = match text.strip_prefix('"') {
        Some(rest) => phrase(rest.trim_end_matches('"')),
        // An acronym that is a word in small letters is looked for in capitals.
        None if is_acronym(text) && results.warnings.iter().any(|w| w.contains("in capitals")) => {
            Spot::Pattern(Test::Capitals(text.to_owned()))
        }
        None => Spot::Word(text.to_owned()),
    };
    let others = results.also_searched.iter().flat_map(|other| match &other.name {
        name if is_acronym(name) => vec![Spot::Pattern(Test::Capitals(name.clone()))],
        // The other spelling of a word is meant in all its forms.
        name if text.starts_with(char::is_lowercase) => vec![Spot::Word(name.clone())],
        name => spellings(name).iter().map(|name| phrase(name)).collect(),
    });
    let others: Vec<Spot> = others.collect();
    (!others.is_empty()).then(|| Query::Spot(Spot::Names(Box::new(typed), others)))
}

/// With the thesaurus a name finds its other names too, and each place once.
fn compare_names(corpus: &mut Corpus, text: &dyn Fn(&str) -> String) -> usize {
    let (typed, queries): (Vec<&str>, Vec<Query>) =
        NAMES.iter().filter_map(|name| Some((*name, with_names(corpus, name)?))).unzip();
    let expected = evaluate(queries.clone(), corpus, text);
    let mut faults = Vec::new();
    for ((typed, query), expected) in typed.iter().zip(queries).zip(expected) {
        let found = found(corpus, typed, &ParseOptions::default());
        if found != expected {
            faults.push(format!("{query:?}: {found:?}, read {expected:?}"));
        }
    }
    assert!(faults.is_empty(), "{} of {}: {faults:#?}", faults.len(), typed.len());
    typed.len()
}

fn open(folder: &Path, index: Option<&Path>) -> Corpus {
    Corpus::open(Arc::new(Project::find(folder, None, index).unwrap())).unwrap()
}

#[test]
fn a_small_corpus_is_searched_as_it_is_read() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let desk = Desk::new();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for index in 0..60 {
        let path = format!("d{index:02}.txt");
        let text = made_up(&mut dice);
        desk.write(&format!("documents/{path}"), &text);
        texts.insert(path, text);
    }
    let project = Arc::new(Project::find(desk.path(), None, None).unwrap());
    Corpus::refresh(&project, &IndexRequest::default(), &()).unwrap();
    let mut corpus = open(desk.path(), None);
    let text = |path: &str| texts[path].clone();
    let mut choice = choice(&mut corpus, &text, 1);
    let queries: Vec<Query> = (0..1_000).map(|kind| choice.query(kind, &mut dice)).collect();
    compare(queries, &mut corpus, &text);
    compare_names(&mut corpus, &text);
}

#[test]
fn the_general_debate_is_searched_as_it_is_read() {
    let Some(debate) = crate::corpus::debate() else { return };
    let mut corpus = open(debate.desk.path(), None);
    let text =
        |path: &str| String::from_utf8(std::fs::read(debate.files.join(path)).unwrap()).unwrap();
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut choice = choice(&mut corpus, &text, 40);
    let mut queries: Vec<Query> = (0..1_000).map(|kind| choice.query(kind, &mut dice)).collect();
    queries.extend(hand::queries());
    compare(queries, &mut corpus, &text);
    let n_names = compare_names(&mut corpus, &text);
    println!("{n_names} names and spellings compared");
}

/// The kinds of queries that are generated; a test of the tests.
#[test]
fn queries_of_every_kind_are_read_as_they_are_meant() {
    let queries = hand::queries();
    assert!(queries.len() >= 40, "{}", queries.len());
    let texts: BTreeSet<String> = queries.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), queries.len());
    for text in texts {
        assert!(Typed::parse(&text, &ParseOptions::default()).is_ok(), "{text}");
    }
}
