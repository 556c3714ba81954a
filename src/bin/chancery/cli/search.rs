//! `chancery search`: ranked passages, for one query or many.

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use chancery::query::{Query, explain};
use chancery::search::{Filters, Hit, Listed, Results, SearchOptions, Sort};
use chancery::{Corpus, Project};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::query::{Fresh, Narrow, Reading, amount, count, facet_fields, open, read, remarks};
use super::{Outcome, When, note, print, style};
use crate::render::stream::Shape;
use crate::render::text::{Style, total};
use crate::render::{facets, json as render_json, json_line, safe_line, tables};

/// Neighbouring passages on either side at most.
const MOST_CONTEXT: usize = 100;
/// Values of a facet that stand below the hits; `chancery facets` shows all.
const FACET_ROWS: usize = 20;
/// So many hits are held back until the remarks on the query stand before them.
const HELD_BACK: usize = 1_000;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The query; words after one another are one query
    query: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    narrow: Narrow,
    /// Same as --country
    #[arg(long, value_name = "COUNTRY")]
    by: Vec<String>,
    #[command(flatten)]
    fresh: Fresh,
    /// Hits at most, or "all"
    #[arg(short = 'n', long, default_value = "10", value_name = "N|all")]
    limit: String,
    /// Hits to pass over
    #[arg(long, default_value = "0", value_name = "N")]
    offset: String,
    /// Hits of one document at most
    #[arg(long, value_name = "N")]
    per_document: Option<String>,
    /// One hit a document: its best passage
    #[arg(long, value_enum)]
    group: Option<Group>,
    /// Order
    #[arg(long, value_enum, default_value_t = Order::Relevance)]
    sort: Order,
    /// Neighbouring passages on either side
    #[arg(short = 'C', long, default_value = "0", value_name = "N")]
    context: String,
    /// Paths of documents only
    #[arg(short = 'l', long)]
    files: bool,
    /// Counts only
    #[arg(short = 'c', long, conflicts_with = "files")]
    count: bool,
    /// Count by these fields too
    #[arg(long, value_delimiter = ',', value_name = "FIELD,…")]
    facets: Vec<String>,
    /// Count every match
    #[arg(long)]
    occurrences: bool,
    /// Say how each score comes about
    #[arg(long)]
    explain: bool,
    /// Words of the best passages rank too, and are shown
    #[arg(long)]
    expand: bool,
    /// Say in plain words how the query was read
    #[arg(long)]
    explain_query: bool,
    /// Shape of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Same as --format json
    #[arg(long)]
    json: bool,
    /// What stands around a mark without colours: "OPEN,CLOSE" or "none"
    #[arg(long, default_value = "[[,]]", value_name = "OPEN,CLOSE")]
    mark: String,
    /// Answer many queries: lines of "id TAB query" from a file, or "-"
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    Document,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    Relevance,
    Newest,
    Oldest,
    Path,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Jsonl,
    Csv,
    Markdown,
    Html,
    /// A run for evaluation: the best passage of each document
    Trec,
    /// For citation managers
    Ris,
    /// For LaTeX
    Bibtex,
    /// For citation processors: CSL-JSON
    Csl,
}

pub(super) fn run(
    project: &Arc<Project>,
    arguments: &Arguments,
    color: When,
) -> anyhow::Result<Outcome> {
    let format = if arguments.json { Format::Json } else { arguments.format };
    let mut options = options(arguments, format)?;
    let narrow = arguments.narrow.and_by(&arguments.by);
    options.filters = narrow.filters(project)?;
    let typed = arguments.query.join(" ");
    let is_unfiltered = Filters { likely: false, ..options.filters.clone() } == Filters::default();
    if arguments.queries.is_none() && typed.trim().is_empty() && is_unfiltered {
        bail!("no query was given\nhint: chancery search mutual respect");
    }
    if arguments.explain_query && arguments.queries.is_none() {
        return print(format!("{}\n", explain(&read(&typed, &arguments.reading)?)).as_bytes());
    }
    let search = Search {
        format,
        style: style(color, &arguments.mark),
        options,
        filters: narrow.to_json(),
        listing: if arguments.files {
            Listing::Files
        } else if arguments.count {
            Listing::Count
        } else {
            Listing::Hits
        },
    };
    if let Some(file) = &arguments.queries {
        if format == Format::Html {
            bail!("--format html answers one query\nhint: --format jsonl, csv or csl");
        }
        let mut corpus = open(project, &arguments.fresh, true)?;
        return search.batch(&mut corpus, file, &arguments.reading);
    }
    let query = read(&typed, &arguments.reading)?;
    let mut corpus = open(project, &arguments.fresh, format != Format::Text)?;
    let mut out = io::stdout().lock();
    let results = search.answer(&mut corpus, &query, Id::None, &mut out)?;
    out.flush()?;
    if arguments.files && (results.shown as u64) < results.documents {
        let documents = results.documents;
        note(&format!(
            "note: {} of {documents} documents are listed; -n all lists all",
            results.shown
        ));
    }
    let beyond = search.options.offset > 0 && results.shown == 0 && search.options.limit != Some(0);
    if beyond && results.passages > 0 {
        note(&format!("note: --offset {} passes over all hits", search.options.offset));
    }
    Ok(if results.passages > 0 { Outcome::Done } else { Outcome::Nothing })
}

fn options(arguments: &Arguments, format: Format) -> anyhow::Result<SearchOptions> {
    let a_number = |text: &str, flag| count(text, flag, "a number");
    let limit = amount(&arguments.limit, "--limit")?;
    let mut context = a_number(&arguments.context, "--context")?;
    if context > MOST_CONTEXT {
        note(&format!("note: --context {context} is more than is shown; {MOST_CONTEXT} is taken"));
        context = MOST_CONTEXT;
    }
    let per_document = arguments.per_document.as_deref();
    Ok(SearchOptions {
        filters: Filters::default(),
        limit: if arguments.count { Some(0) } else { limit },
        offset: a_number(&arguments.offset, "--offset")?,
        per_document: per_document.map(|n| a_number(n, "--per-document")).transpose()?,
        group: arguments.group.is_some() || arguments.files || format == Format::Trec,
        sort: match arguments.sort {
            Order::Relevance => Sort::Relevance,
            Order::Newest => Sort::Newest,
            Order::Oldest => Sort::Oldest,
            Order::Path => Sort::Path,
        },
        context,
        facets: facet_fields(&arguments.facets)?,
        occurrences: arguments.occurrences,
        explain: arguments.explain,
        expand: arguments.expand,
        texts: true,
    })
}

/// What of the hits is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listing {
    Hits,
    Files,
    Count,
}

/// Said of a line of a batch that is not UTF-8.
const NOT_TEXT: &str = "the line of this query is not UTF-8";

/// Which query of a batch it is.
#[derive(Debug, Clone, Copy)]
enum Id<'a> {
    None,
    /// The first query of a batch.
    First(&'a str),
    Next(&'a str),
}

impl<'a> Id<'a> {
    fn text(self) -> Option<&'a str> {
        match self {
            Self::None => None,
            Self::First(id) | Self::Next(id) => Some(id),
        }
    }
}

/// What is the same for all queries of a run.
struct Search {
    format: Format,
    style: Style,
    options: SearchOptions,
    filters: Value,
    listing: Listing,
}

impl Search {
    /// Answers a query on `out`; remarks go to standard error.
    fn answer(
        &self,
        corpus: &mut Corpus,
        query: &Query,
        id: Id<'_>,
        out: &mut dyn Write,
    ) -> anyhow::Result<Results> {
        let listed = self.listing == Listing::Files || self.format == Format::Trec;
        if self.format == Format::Json {
            return self.json(corpus, query, id.text(), out);
        }
        if listed || self.listing == Listing::Count {
            return self.list(corpus, query, id, out);
        }
        let shape = match self.format {
            Format::Jsonl => Shape::Jsonl,
            Format::Csv => Shape::Csv,
            Format::Markdown => Shape::Markdown,
            Format::Html => Shape::Html,
            Format::Ris => Shape::Ris,
            Format::Bibtex => Shape::Bibtex,
            Format::Csl => Shape::Csl,
            Format::Text | Format::Json | Format::Trec => Shape::Text(self.style.clone()),
        };
        // For people the remarks stand before the hits, as long as these are not too many.
        let hold = self.format == Format::Text
            && self.options.limit.is_some_and(|limit| limit <= HELD_BACK);
        let mut held = Vec::new();
        let mut is_first = true;
        let mut written = Ok(());
        let head = match id {
            Id::None => shape.head(&query.text, false),
            Id::Next(_) if !shape.is_whole() => String::new(),
            Id::First(_) | Id::Next(_) => shape.head(&query.text, true),
        };
        out.write_all(head.as_bytes())?;
        let results = corpus.search_each(query, &self.options, &mut |hit: Hit| {
            let text = shape.hit(&hit, id.text(), is_first);
            is_first = false;
            let sink: &mut dyn Write = if hold { &mut held } else { &mut *out };
            written = sink.write_all(text.as_bytes());
            written.is_ok()
        })?;
        written?;
        remarks(query, &results, id.text());
        out.write_all(&held)?;
        out.write_all(shape.foot(&results).as_bytes())?;
        if self.format == Format::Text {
            let filters = &self.options.filters;
            let counts = facets::text(&results.facets, filters, Some(FACET_ROWS), &self.style);
            out.write_all(counts.as_bytes())?;
        } else if !results.facets.is_empty() {
            note("note: facets are shown by --format text and json");
        }
        Ok(results)
    }

    /// Paths, runs and counts: nothing is fetched.
    fn list(
        &self,
        corpus: &mut Corpus,
        query: &Query,
        id: Id<'_>,
        out: &mut dyn Write,
    ) -> anyhow::Result<Results> {
        let mut written = Ok(());
        if self.format == Format::Csv
            && self.listing == Listing::Files
            && !matches!(id, Id::Next(_))
        {
            let column = id.text().map(|_| "query_id");
            let row = tables::row(column.into_iter().chain(["rank", "score", "path"]));
            out.write_all(row.as_bytes())?;
        }
        let results = corpus.list_each(query, &self.options, &mut |hit: Listed| {
            let line = match self.format {
                Format::Trec => tables::trec(&hit, id.text().unwrap_or("1")),
                Format::Jsonl => {
                    let mut value = json!({"rank": hit.rank, "score": hit.score, "path": hit.path});
                    if let (Some(object), Some(id)) = (value.as_object_mut(), id.text()) {
                        object.insert("query_id".to_owned(), id.into());
                    }
                    format!("{}\n", json_line(&value))
                }
                Format::Csv => {
                    let cells = [hit.rank.to_string(), format!("{:.4}", hit.score), hit.path];
                    tables::row(id.text().into_iter().chain(cells.iter().map(String::as_str)))
                }
                _ => format!("{}\n", safe_line(&hit.path)),
            };
            written = out.write_all(line.as_bytes());
            written.is_ok()
        })?;
        written?;
        remarks(query, &results, id.text());
        if self.listing == Listing::Count {
            out.write_all(format!("{}\n", total(&results)).as_bytes())?;
            let counts = facets::text(&results.facets, &self.options.filters, None, &self.style);
            out.write_all(counts.as_bytes())?;
        }
        Ok(results)
    }

    /// One object, with everything in it.
    fn json(
        &self,
        corpus: &mut Corpus,
        query: &Query,
        id: Option<&str>,
        out: &mut dyn Write,
    ) -> anyhow::Result<Results> {
        let start = Instant::now();
        let mut files: Vec<Value> = Vec::new();
        let results = if self.listing == Listing::Files {
            corpus.list_each(query, &self.options, &mut |hit| {
                files.push(hit.path.into());
                true
            })?
        } else {
            corpus.search(query, &self.options)?
        };
        let search_ms = start.elapsed().as_secs_f64() * 1000.0;
        let warnings: Vec<String> = query.warnings.iter().map(ToString::to_string).collect();
        let summary = corpus.summary();
        let mut value = render_json::results(
            &results,
            &render_json::Answer {
                query: &query.text,
                query_id: id,
                reading: &explain(query),
                filters: self.filters.clone(),
                search_ms,
                fingerprint: &summary.fingerprint,
                documents: summary.documents,
                warnings: &warnings,
            },
        );
        if let Some(object) = value.as_object_mut()
            && self.listing == Listing::Files
        {
            object.insert("files".to_owned(), files.into());
        }
        out.write_all(format!("{}\n", json_line(&value)).as_bytes())?;
        Ok(results)
    }

    /// Answers the queries of a file in order, each answer flushed before the next line is read.
    fn batch(
        &self,
        corpus: &mut Corpus,
        file: &Path,
        reading: &Reading,
    ) -> anyhow::Result<Outcome> {
        let input: Box<dyn BufRead> = if file.as_os_str() == "-" {
            Box::new(io::stdin().lock())
        } else {
            let opened = std::fs::File::open(file);
            Box::new(io::BufReader::new(
                opened.with_context(|| format!("cannot read \"{}\"", file.display()))?,
            ))
        };
        let mut out = io::stdout().lock();
        let mut failed = false;
        let mut is_first = true;
        for line in input.split(b'\n') {
            let line = line.context("cannot read the queries")?;
            // A line that is no text is a query that fails: the others are answered.
            let is_text = std::str::from_utf8(&line).is_ok();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches('\r');
            let line = if is_first { line.trim_start_matches('\u{feff}') } else { line };
            if line.is_empty() {
                continue;
            }
            let mut columns = line.split('\t');
            let id = columns.next().unwrap_or_default();
            let typed = columns.next().unwrap_or_default();
            let place = if is_first { Id::First(id) } else { Id::Next(id) };
            is_first = false;
            if self.format == Format::Text {
                out.write_all(format!("{}\t{}\n", safe_line(id), safe_line(typed)).as_bytes())?;
            }
            let answered = if is_text { Ok(()) } else { Err(anyhow::anyhow!(NOT_TEXT)) }
                .and_then(|()| read(typed, reading))
                .and_then(|query| self.answer(corpus, &query, place, &mut out).map(|_| ()));
            match answered {
                Ok(()) => {}
                Err(error) if super::is_closed_pipe(&error) => return Err(error),
                Err(error) => {
                    failed = true;
                    let message = format!("{error:#}");
                    if matches!(self.format, Format::Json | Format::Jsonl) {
                        let value = json!({
                            "contract": render_json::CONTRACT, "query_id": id, "query": typed,
                            "error": message, "hits": [],
                        });
                        out.write_all(format!("{}\n", json_line(&value)).as_bytes())?;
                    } else {
                        note(&format!("error: {id}: {message}"));
                    }
                }
            }
            out.flush()?;
        }
        Ok(if failed { Outcome::Failed } else { Outcome::Done })
    }
}
