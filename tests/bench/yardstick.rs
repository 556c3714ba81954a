//! The bare engine over the same texts: passages cut at line ends, one field with an English stemmer and
//! positions, the text stored; two writing threads; its own query parser and its own snippets.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use frostem::{Algorithm, Stemmer};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{Query, QueryParser};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{
    LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, Token, TokenFilter, TokenStream,
    Tokenizer,
};
use tantivy::{Index, Searcher, TantivyDocument, doc};

use crate::corpus::Corpus;

/// Words of a passage, about as many as ours have.
const PASSAGE_WORDS: usize = 120;
/// Bytes that the engine's writer may hold, all threads together.
const WRITER_BYTES: usize = 100_000_000;

/// An index of the bare engine.
pub(crate) struct Engine {
    pub(crate) seconds: f64,
    pub(crate) bytes: u64,
    index: Index,
    text: Field,
}

/// Indexes the corpus with the bare engine.
pub(crate) fn build(corpus: &Corpus, folder: &Path) -> Engine {
    fs::create_dir_all(folder).unwrap();
    let mut builder = Schema::builder();
    let path = builder.add_text_field("path", STRING | STORED);
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("english")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_indexing_options(indexing).set_stored();
    let text = builder.add_text_field("text", options);
    let start = Instant::now();
    let index = Index::create_in_dir(folder, builder.build()).unwrap();
    let analyzer = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(English)
        .build();
    index.tokenizers().register("english", analyzer);
    let mut writer = index.writer_with_num_threads(2, WRITER_BYTES).unwrap();
    for file in &corpus.files {
        let bytes = fs::read(file).unwrap();
        let whole = String::from_utf8_lossy(&bytes);
        let name = file.to_string_lossy();
        let mut passage = String::new();
        for line in whole.lines() {
            passage.push_str(line);
            passage.push('\n');
            if passage.split_whitespace().count() >= PASSAGE_WORDS {
                writer.add_document(doc!(path => name.as_ref(), text => passage.as_str())).unwrap();
                passage.clear();
            }
        }
        if !passage.trim().is_empty() {
            writer.add_document(doc!(path => name.as_ref(), text => passage.as_str())).unwrap();
        }
    }
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
    let seconds = start.elapsed().as_secs_f64();
    Engine { seconds, bytes: crate::ours::size_of(folder), index, text }
}

/// A warm searcher, and the queries that the engine can answer.
pub(crate) struct Warm<'a> {
    searcher: Searcher,
    queries: Vec<(&'a str, Box<dyn Query>)>,
    text: Field,
}

impl<'a> Warm<'a> {
    pub(crate) fn new(engine: &Engine, queries: &[(&'a str, &'a str)]) -> Self {
        let parser = QueryParser::for_index(&engine.index, vec![engine.text]);
        let known = |typed: &str| !typed.contains(['*', '?', '/']) && !typed.contains("NEAR");
        let queries = queries.iter().filter(|(_, typed)| known(typed));
        Self {
            searcher: engine.index.reader().unwrap().searcher(),
            queries: queries
                .filter_map(|(class, typed)| Some((*class, parser.parse_query(typed).ok()?)))
                .collect(),
            text: engine.text,
        }
    }

    /// Asks every query once, and adds the milliseconds to those of its class.
    pub(crate) fn round(&self, times: &mut BTreeMap<String, Vec<f64>>) {
        for (class, query) in &self.queries {
            let start = Instant::now();
            let collector = (TopDocs::with_limit(10).order_by_score(), Count);
            let (top, _count) = self.searcher.search(query, &collector).unwrap();
            let snippets = SnippetGenerator::create(&self.searcher, &**query, self.text).unwrap();
            let mut shown = 0;
            for (_, address) in &top {
                let document: TantivyDocument = self.searcher.doc(*address).unwrap();
                shown += snippets.snippet_from_doc(&document).fragment().len();
            }
            let took = start.elapsed().as_secs_f64() * 1000.0;
            assert!(top.is_empty() || shown > 0 || query.query_terms_is_empty());
            times.entry((*class).to_owned()).or_default().push(took);
        }
    }
}

/// Whether a query has no term; then its snippets may be empty.
trait Terms {
    fn query_terms_is_empty(&self) -> bool;
}

impl Terms for Box<dyn Query> {
    fn query_terms_is_empty(&self) -> bool {
        let mut any = false;
        self.query_terms(&mut |_, _| any = true);
        !any
    }
}

/// The English stemmer as a filter of the engine.
#[derive(Clone)]
struct English;

impl TokenFilter for English {
    type Tokenizer<T: Tokenizer> = EnglishTokenizer<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> EnglishTokenizer<T> {
        EnglishTokenizer { inner: tokenizer }
    }
}

#[derive(Clone)]
struct EnglishTokenizer<T> {
    inner: T,
}

impl<T: Tokenizer> Tokenizer for EnglishTokenizer<T> {
    type TokenStream<'a> = EnglishStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        let stemmer = Stemmer::new(Algorithm::English);
        EnglishStream { tail: self.inner.token_stream(text), stemmer }
    }
}

struct EnglishStream<T> {
    tail: T,
    stemmer: Stemmer,
}

impl<T: TokenStream> TokenStream for EnglishStream<T> {
    fn advance(&mut self) -> bool {
        if !self.tail.advance() {
            return false;
        }
        let token = self.tail.token_mut();
        let stem = self.stemmer.stem(&token.text).into_owned();
        token.text = stem;
        true
    }

    fn token(&self) -> &Token {
        self.tail.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.tail.token_mut()
    }
}
