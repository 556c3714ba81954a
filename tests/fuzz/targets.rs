//! What must hold for any bytes: the fuzz targets, shared by `cargo fuzz` and by `tests/fuzzing.rs`.

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use chancery::document::{Document, Span};
use chancery::ingest::{parts, read_part};
use chancery::query::{ParseOptions, Query, Syntax};
use chancery::search::{FacetField, KwicOptions, SearchOptions};
use chancery::{Corpus, IndexRequest, Project};

/// Endings that files are given, chosen by the first byte.
const ENDINGS: &[&str] = &[
    "txt", "md", "html", "xml", "docx", "odt", "epub", "rtf", "doc", "eml", "mbox", "json",
    "jsonl", "csv", "tsv", "zip", "tar", "gz",
];
/// Documents that a target looks at; a container may hold any number.
const MOST: usize = 200;

static PROJECT: LazyLock<Project> = LazyLock::new(|| {
    let folder = std::env::temp_dir();
    Project::find(&folder, Some(&folder), None).unwrap()
});

/// The samples of the project, indexed, and the place that they lie in.
static CORPUS: LazyLock<Mutex<(Corpus, tempfile::TempDir)>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let project = Arc::new(Project::find(folder.path(), Some(folder.path()), None).unwrap());
    // Both packages lie in the repository.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let samples = here.ancestors().map(|at| at.join("documents")).find(|at| at.is_dir()).unwrap();
    let request = IndexRequest { paths: vec![samples], ..IndexRequest::default() };
    Corpus::refresh(&project, &request, &()).unwrap();
    Mutex::new((Corpus::open(project).unwrap(), folder))
});

/// The decoders and readers of all formats but PDF, which is read in a child process.
pub(crate) fn documents(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    if rest.windows(5).any(|window| window == b"%PDF-") {
        return;
    }
    let ending = ENDINGS[usize::from(*first) % ENDINGS.len()];
    read(rest.to_vec(), &format!("file.{ending}"));
}

/// The structure of plain text and Markdown.
pub(crate) fn structure(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    for path in ["a.txt", "a.md"] {
        read(text.clone().into_bytes(), path);
    }
}

fn read(bytes: Vec<u8>, path: &str) {
    let mut seen = 0;
    parts(bytes, path, &*PROJECT, &mut |part| {
        match read_part(part, &*PROJECT) {
            Ok(Some(document)) => is_whole(&document),
            Ok(None) => {}
            Err(reason) => assert!(!reason.is_empty()),
        }
        seen += 1;
        seen < MOST
    });
}

/// All spans lie in the text, between letters, in order; passages do not overlap.
fn is_whole(document: &Document) {
    let text = document.text.as_str();
    let inside = |span: Span| {
        assert!(span.start <= span.end && text.get(span.start..span.end).is_some(), "{span:?}");
    };
    let mut end = 0;
    for (index, passage) in document.passages.iter().enumerate() {
        inside(passage.span);
        assert!(passage.span.start >= end && passage.span.start < passage.span.end);
        assert_eq!(passage.ordinal, index + 1);
        assert!(passage.section < document.sections.len());
        end = passage.span.end;
        let mut last = passage.span.start;
        for sentence in &passage.sentences {
            inside(sentence.span);
            assert!(sentence.span.start >= last && sentence.span.end <= end);
            last = sentence.span.end;
        }
    }
    let mut last = 0;
    for section in &document.sections {
        inside(section.span);
        section.heading.into_iter().for_each(inside);
        assert!(section.span.start >= last);
        assert!(!section.path.is_empty());
        last = section.span.start;
    }
    document.furniture.iter().for_each(|furniture| inside(furniture.span));
}

/// Options of parsing, chosen by the first byte.
fn parsed(bytes: &[u8]) -> Option<(String, Result<Query, chancery::query::Error>)> {
    let (first, rest) = bytes.split_first()?;
    let text = String::from_utf8_lossy(rest).into_owned();
    let bit = |n: u8| first & (1 << n) != 0;
    let options = ParseOptions {
        syntax: if bit(0) { Syntax::Plain } else { Syntax::Full },
        phrase: bit(1),
        exact: bit(2),
        literal: bit(3),
        accents: bit(4),
    };
    let query = Query::parse(&text, &options);
    Some((text, query))
}

/// The query parser: an error names a place in the text, and what it suggests is a query.
pub(crate) fn query(bytes: &[u8]) {
    let Some((text, query)) = parsed(bytes) else { return };
    if let Err(error) = query {
        assert!(text.get(error.span.start..error.span.end).is_some(), "{text:?}: {error:?}");
        assert!(!error.report().is_empty());
        if let Some(suggestion) = error.suggestion {
            let again = Query::parse(&suggestion, &ParseOptions::default());
            assert!(again.is_ok(), "{text:?}: {suggestion:?}");
        }
    }
}

/// What is found and marked: in the text, in order, as often as it was counted.
pub(crate) fn highlight(bytes: &[u8]) {
    let Some((text, Ok(query))) = parsed(bytes) else { return };
    let Ok(mut corpus) = CORPUS.lock() else { return };
    let options = SearchOptions {
        facets: FacetField::ALL.iter().map(|(field, _)| *field).collect(),
        occurrences: true,
        texts: true,
        limit: None,
        ..SearchOptions::default()
    };
    // A query that asks for too much is refused.
    let Ok(results) = corpus.0.search(&query, &options) else { return };
    assert_eq!(results.hits.len() as u64, results.passages, "{text:?}");
    for hit in &results.hits {
        let span = hit.passage.span;
        assert!(hit.score.is_finite(), "{text:?}");
        let mut last = span.start;
        for found in &hit.matches {
            assert!(found.span.start >= last && found.span.start < found.span.end, "{text:?}");
            assert!(found.whole.start <= found.span.start && found.span.end <= found.whole.end);
            last = found.span.start;
        }
        let length = hit.snippet.text.chars().count();
        let mut last = 0;
        for (start, end) in &hit.snippet.highlights {
            assert!(last <= *start && start < end && *end <= length, "{text:?}");
            last = *end;
        }
    }
    let lines = KwicOptions { left: 5, right: 5, sort: Vec::new(), limit: None, offset: 0 };
    let mut n = 0;
    let counted = corpus.0.kwic(&query, &options, &lines, &mut |_| {
        n += 1;
        true
    });
    if let Ok(counted) = counted {
        assert_eq!(Some(n), counted.occurrences, "{text:?}");
    }
}
