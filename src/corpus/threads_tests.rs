//! An index of several segments answers alike with one thread and with several.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::{Corpus, Project, Request};
use crate::query::{ParseOptions, Query};
use crate::search::{FacetField, Filters, SearchOptions};

fn project(folder: &Path) -> Arc<Project> {
    Arc::new(Project::find(folder, Some(folder), None).unwrap())
}

/// Four runs, each of which adds texts and changes some of the run before: as many segments.
fn make(folder: &Path) {
    let documents = folder.join("documents");
    fs::create_dir_all(&documents).unwrap();
    let kinds = [
        "The river treaty of the United Nations holds.",
        "Small islands ask the UN for help against the rising sea.",
        "Nuclear weapons and their tests end; peace in the world begins.",
    ];
    for run in 0..4_usize {
        for number in (run * 5).saturating_sub(2)..run * 5 + 5 {
            let sentences = (0..40).map(|n| kinds[(n * number + run) % 3].to_owned() + "\n\n");
            let text = format!("Text {number} of run {run}\n\n{}", sentences.collect::<String>());
            fs::write(documents.join(format!("{number}.txt")), text).unwrap();
        }
        if run == 2 {
            fs::write(documents.join("pairs.txt"), "alpha beta ".repeat(3000)).unwrap();
        }
        let request = Request { paths: vec![documents.clone()], ..Request::default() };
        Corpus::refresh(&project(folder), &request, &()).unwrap();
    }
}

#[test]
fn answers_and_refusals_do_not_depend_on_threads() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let open = || Corpus::open(project(folder.path())).unwrap();
    let (mut one, mut several) = (open(), open());
    several.reader = several.reader.with_threads(3);
    assert!(several.reader.searcher().segment_readers().len() > 2);
    let plain = SearchOptions { texts: true, occurrences: true, ..SearchOptions::default() };
    let all = [
        plain.clone(),
        SearchOptions { limit: Some(3), expand: true, explain: true, ..plain.clone() },
        SearchOptions { facets: vec![FacetField::Topic, FacetField::Region], ..plain.clone() },
        SearchOptions {
            filters: Filters { year: Some((Some(1900), None)), ..Filters::default() },
            ..plain
        },
    ];
    let queries = [
        "river",
        "\"United Nations\"",
        "\"in the world\"",
        "islands AND help",
        "peace NEAR/5 world",
        "*ing",
        "small islands nuclear weapons treaty",
        "islands NOT sea",
        "nothing",
        "(alpha NEAR/900 beta) NEAR/900 (alpha NEAR/900 beta)",
    ];
    let mut n_refused = 0;
    for typed in queries {
        let query = Query::parse(typed, &ParseOptions::default()).unwrap();
        for options in &all {
            let answer = |corpus: &mut Corpus| match corpus.search(&query, options) {
                Ok(results) => format!("{results:?}"),
                Err(error) => format!("refused: {error}"),
            };
            let (alone, together) = (answer(&mut one), answer(&mut several));
            assert_eq!(alone, together, "{typed}");
            n_refused += usize::from(alone.starts_with("refused"));
        }
    }
    assert_eq!(n_refused, all.len());
}
