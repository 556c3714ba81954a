//! `chancery search` and `chancery facets`.

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use chancery::document::Date;
use chancery::query::{ParseOptions, Query, Syntax, explain};
use chancery::search::{Condition, FacetField, Filters, Lists, Results, SearchOptions, Sort};
use chancery::{Corpus, IndexRequest, Project};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{Outcome, When, index, note, print, print_json, style};
use crate::render::{json as render_json, safe_line, tables, text};

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
    #[arg(long, default_value_t = 0, value_name = "N")]
    offset: usize,
    /// Hits of one document at most
    #[arg(long, value_name = "N")]
    per_document: Option<usize>,
    /// One hit a document: its best passage
    #[arg(long, value_enum)]
    group: Option<Group>,
    /// Order
    #[arg(long, value_enum, default_value_t = Order::Relevance)]
    sort: Order,
    /// Neighbouring passages on either side
    #[arg(short = 'C', long, default_value_t = 0, value_name = "N")]
    context: usize,
    /// Paths of documents only
    #[arg(short = 'l', long)]
    files: bool,
    /// Counts only
    #[arg(short = 'c', long)]
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

#[derive(Debug, Args)]
struct Reading {
    /// The words are one phrase
    #[arg(short = 'p', long)]
    phrase: bool,
    /// No stemming: words in the form typed
    #[arg(long)]
    exact: bool,
    /// No thesaurus: no other names for what was typed
    #[arg(long)]
    literal: bool,
    /// Accents that were typed count (and words in the form typed)
    #[arg(long)]
    accents: bool,
    /// "plain": every character is text
    #[arg(long, value_enum, default_value_t = SyntaxFlag::Full)]
    syntax: SyntaxFlag,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SyntaxFlag {
    Full,
    Plain,
}

#[derive(Debug, Clone, Args)]
struct Narrow {
    /// Under a heading with these words; "=X" the whole heading, "!X" not
    #[arg(short = 's', long, value_name = "HEADING")]
    section: Vec<String>,
    /// Passages that speak of a region or country
    #[arg(long, visible_alias = "about", value_name = "PLACE")]
    region: Vec<String>,
    /// Passages on a topic
    #[arg(long)]
    topic: Vec<String>,
    /// Take passages that likely speak of the topic too, not only the sure ones
    #[arg(long)]
    likely: bool,
    /// Whom the speaker or author represents
    #[arg(long)]
    country: Vec<String>,
    /// Words of the speaker's or author's name
    #[arg(long, value_name = "NAME")]
    speaker: Vec<String>,
    /// Language by its code
    #[arg(long, value_name = "CODE")]
    language: Vec<String>,
    /// Collection
    #[arg(long, value_name = "NAME")]
    collection: Vec<String>,
    /// Type of document
    #[arg(long = "type", value_name = "TYPE")]
    kind: Vec<String>,
    /// Pattern of the document's path
    #[arg(short = 'g', long, value_name = "GLOB")]
    path: Vec<String>,
    /// A year, or years A..B, both included
    #[arg(long, value_name = "A..B")]
    year: Option<String>,
    /// Not before this date
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Not after this date
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
}

#[derive(Debug, Args)]
struct Fresh {
    /// Bring the index in line first
    #[arg(long, conflicts_with = "no_refresh")]
    refresh: bool,
    /// Never build an index
    #[arg(long)]
    no_refresh: bool,
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
    Trec,
}

#[derive(Debug, Args)]
pub(super) struct FacetArguments {
    /// Count only what matches this query
    query: Vec<String>,
    /// What to count by
    #[arg(long, required = true, value_delimiter = ',', value_name = "FIELD,…")]
    by: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    narrow: Narrow,
    #[command(flatten)]
    fresh: Fresh,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Opens the corpus, building or refreshing its index first where that is asked for.
fn open(project: &Arc<Project>, fresh: &Fresh, quiet: bool) -> anyhow::Result<Corpus> {
    if !fresh.no_refresh && !Corpus::exists(project) {
        note("no index yet: indexing first");
        index::build(project, quiet)?;
    } else if fresh.refresh {
        index::refresh(project, IndexRequest::default())?;
    }
    Ok(Corpus::open(Arc::clone(project))?)
}

pub(super) fn run(
    project: &Arc<Project>,
    arguments: &Arguments,
    color: When,
) -> anyhow::Result<Outcome> {
    let format = if arguments.json { Format::Json } else { arguments.format };
    let mut options = options(arguments, format)?;
    let countries = [arguments.narrow.country.clone(), arguments.by.clone()].concat();
    options.filters = Narrow { country: countries, ..arguments.narrow.clone() }.filters(project)?;
    if let Some(file) = &arguments.queries {
        let mut corpus = open(project, &arguments.fresh, true)?;
        return batch(&mut corpus, file, arguments, &options, format);
    }
    let typed = arguments.query.join(" ");
    let is_unfiltered = Filters { likely: false, ..options.filters.clone() } == Filters::default();
    if typed.trim().is_empty() && is_unfiltered {
        bail!("no query was given\nhint: chancery search mutual respect");
    }
    let query = read(&typed, &arguments.reading)?;
    if arguments.explain_query {
        return print(format!("{}\n", explain(&query)).as_bytes());
    }
    let mut corpus = open(project, &arguments.fresh, format != Format::Text)?;
    let start = Instant::now();
    let results = corpus.search(&query, &options)?;
    let took_ms = start.elapsed().as_secs_f64() * 1000.0;
    for warning in query.warnings.iter().map(ToString::to_string).chain(results.warnings.clone()) {
        note(&format!("note: {warning}"));
    }
    if arguments.files || arguments.count {
        print(listing(&results, arguments).as_bytes())?;
    } else if format == Format::Text {
        let style = style(color, &arguments.mark);
        print(text::results(&results, &style).as_bytes())?;
    } else {
        let answer = answer(&corpus, &query, None, &options, &arguments.narrow, took_ms);
        print(structured(&results, &query, None, format, &answer)?.as_bytes())?;
    }
    Ok(if results.passages > 0 { Outcome::Done } else { Outcome::Nothing })
}

fn listing(results: &Results, arguments: &Arguments) -> String {
    if arguments.count {
        return format!("{}\n", text::total(results));
    }
    results.hits.iter().map(|hit| format!("{}\n", safe_line(&hit.document.path))).collect()
}

/// What the renderers of structured answers are told.
struct AnswerParts {
    reading: String,
    filters: Value,
    fingerprint: String,
    documents: u64,
    search_ms: f64,
}

fn answer(
    corpus: &Corpus,
    query: &Query,
    _id: Option<&str>,
    _options: &SearchOptions,
    narrow: &Narrow,
    search_ms: f64,
) -> AnswerParts {
    AnswerParts {
        reading: explain(query),
        filters: narrow.to_json(),
        fingerprint: corpus.summary().fingerprint.clone(),
        documents: corpus.summary().documents,
        search_ms,
    }
}

fn structured(
    results: &Results,
    query: &Query,
    id: Option<&str>,
    format: Format,
    parts: &AnswerParts,
) -> anyhow::Result<String> {
    Ok(match format {
        Format::Json | Format::Text => {
            let answer = render_json::Answer {
                query: &query.text,
                query_id: id,
                reading: &parts.reading,
                filters: parts.filters.clone(),
                search_ms: parts.search_ms,
                fingerprint: &parts.fingerprint,
                documents: parts.documents,
            };
            let mut value = render_json::results(results, &answer);
            if let Some(object) = value.as_object_mut() {
                let mut warnings: Vec<String> =
                    query.warnings.iter().map(ToString::to_string).collect();
                warnings.extend(results.warnings.clone());
                object.insert("warnings".to_owned(), warnings.into());
            }
            format!("{}\n", crate::render::json_line(&value)?)
        }
        Format::Jsonl => {
            let mut out = String::new();
            for hit in &results.hits {
                let mut value = render_json::hit(hit);
                if let (Some(object), Some(id)) = (value.as_object_mut(), id) {
                    object.insert("query_id".to_owned(), id.into());
                }
                out.push_str(&crate::render::json_line(&value)?);
                out.push('\n');
            }
            out
        }
        Format::Csv => tables::csv(results),
        Format::Markdown => tables::markdown(results),
        Format::Html => tables::html(results, &query.text),
        Format::Trec => tables::trec(results, id.unwrap_or("1")),
    })
}

fn read(typed: &str, reading: &Reading) -> anyhow::Result<Query> {
    let options = ParseOptions {
        phrase: reading.phrase,
        exact: reading.exact,
        literal: reading.literal,
        accents: reading.accents,
        syntax: match reading.syntax {
            SyntaxFlag::Full => Syntax::Full,
            SyntaxFlag::Plain => Syntax::Plain,
        },
    };
    Query::parse(typed, &options).map_err(|error| anyhow::anyhow!("{}", error.report()))
}

fn options(arguments: &Arguments, format: Format) -> anyhow::Result<SearchOptions> {
    let limit = match arguments.limit.as_str() {
        "all" => None,
        number => Some(number.parse::<usize>().ok().with_context(|| {
            format!("--limit \"{}\" is neither a number nor \"all\"", arguments.limit)
        })?),
    };
    let limit = if arguments.count { Some(0) } else { limit };
    Ok(SearchOptions {
        filters: Filters::default(),
        limit,
        offset: arguments.offset,
        per_document: arguments.per_document,
        group: arguments.group.is_some() || arguments.files || format == Format::Trec,
        sort: match arguments.sort {
            Order::Relevance => Sort::Relevance,
            Order::Newest => Sort::Newest,
            Order::Oldest => Sort::Oldest,
            Order::Path => Sort::Path,
        },
        context: arguments.context.min(100),
        facets: facet_fields(&arguments.facets)?,
        occurrences: arguments.occurrences,
        explain: arguments.explain,
        texts: !(arguments.files || arguments.count || format == Format::Trec),
    })
}

fn facet_fields(names: &[String]) -> anyhow::Result<Vec<FacetField>> {
    let field = |name: &String| {
        let found = FacetField::ALL.iter().find(|(_, known)| known == name);
        found.map(|(field, _)| *field).with_context(|| {
            let known: Vec<&str> = FacetField::ALL.iter().map(|(_, known)| *known).collect();
            format!("there is no facet \"{name}\"\nhint: one of {}", known.join(", "))
        })
    };
    names.iter().map(field).collect()
}

impl Narrow {
    fn filters(&self, project: &Project) -> anyhow::Result<Filters> {
        let plain = |list: &[String]| list.iter().map(|text| Condition::parse(text)).collect();
        let date = |text: &Option<String>| -> anyhow::Result<Option<Date>> {
            Ok(text.as_deref().map(str::parse::<Date>).transpose()?)
        };
        let year = match self.year.as_deref() {
            None => None,
            Some(text) => Some(years(text)?),
        };
        Ok(Filters {
            section: plain(&self.section),
            region: resolved(&self.region, "region", |value| project.regions(value))?,
            topic: resolved(&self.topic, "topic", |value| project.topics(value))?,
            likely: self.likely,
            country: resolved(&self.country, "country", |value| project.countries(value))?,
            speaker: plain(&self.speaker),
            language: plain(&self.language),
            collection: plain(&self.collection),
            kind: plain(&self.kind),
            path: plain(&self.path),
            year,
            from: date(&self.from)?,
            to: date(&self.to)?,
        })
    }

    fn to_json(&self) -> Value {
        json!({
            "section": self.section, "region": self.region, "topic": self.topic,
            "likely": self.likely,
            "country": self.country, "speaker": self.speaker, "language": self.language,
            "collection": self.collection, "type": self.kind, "path": self.path,
            "year": self.year, "from": self.from, "to": self.to,
        })
    }
}

fn years(text: &str) -> anyhow::Result<(Option<i32>, Option<i32>)> {
    let year = |part: &str| -> anyhow::Result<Option<i32>> {
        if part.is_empty() {
            return Ok(None);
        }
        let parsed = part.parse().ok();
        parsed.map(Some).with_context(|| {
            format!(
                "--year \"{text}\" is no year or range of years\nhint: write 1990 or 1990..1999"
            )
        })
    };
    match text.split_once("..") {
        Some((from, to)) => Ok((year(from)?, year(to)?)),
        None => Ok((year(text)?, year(text)?)),
    }
}

/// Values of a controlled list: what each means, or the nearest known one.
fn resolved(
    list: &[String],
    flag: &str,
    look_up: impl Fn(&str) -> Result<Vec<String>, Option<String>>,
) -> anyhow::Result<Vec<Condition>> {
    let mut conditions = Vec::new();
    for text in list {
        let mut condition = Condition::parse(text);
        let value = condition.values.first().cloned().unwrap_or_default();
        match look_up(&value) {
            Ok(values) => condition.values = values,
            Err(Some(near)) => {
                bail!("--{flag}: nothing is called \"{value}\"\nhint: did you mean \"{near}\"?")
            }
            Err(None) => bail!("--{flag}: nothing is called \"{value}\""),
        }
        conditions.push(condition);
    }
    Ok(conditions)
}

fn batch(
    corpus: &mut Corpus,
    file: &Path,
    arguments: &Arguments,
    options: &SearchOptions,
    format: Format,
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
    for line in input.lines() {
        let line = line.context("cannot read the queries")?;
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            continue;
        }
        let mut columns = line.split('\t');
        let id = columns.next().unwrap_or_default();
        let typed = columns.next().unwrap_or_default();
        let start = Instant::now();
        let answered = read(typed, &arguments.reading)
            .and_then(|query| Ok((corpus.search(&query, options)?, query)));
        let took_ms = start.elapsed().as_secs_f64() * 1000.0;
        let text = match answered {
            Ok((results, query)) => {
                let parts = answer(corpus, &query, Some(id), options, &arguments.narrow, took_ms);
                match format {
                    Format::Text => format!(
                        "{id}\t{}\n{}",
                        safe_line(typed),
                        text::results(&results, &style(When::Never, &arguments.mark))
                    ),
                    _ => structured(&results, &query, Some(id), format, &parts)?,
                }
            }
            Err(error) => {
                failed = true;
                let message = format!("{error:#}");
                match format {
                    Format::Json | Format::Jsonl => {
                        let value = json!({
                            "contract": render_json::CONTRACT, "query_id": id, "query": typed,
                            "error": message, "hits": [],
                        });
                        format!("{value}\n")
                    }
                    _ => {
                        note(&format!("error: {id}: {message}"));
                        String::new()
                    }
                }
            }
        };
        out.write_all(text.as_bytes())?;
        out.flush()?;
    }
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}

pub(super) fn facets(
    project: &Arc<Project>,
    arguments: &FacetArguments,
) -> anyhow::Result<Outcome> {
    let query = read(&arguments.query.join(" "), &arguments.reading)?;
    let options = SearchOptions {
        filters: arguments.narrow.filters(project)?,
        limit: Some(0),
        facets: facet_fields(&arguments.by)?,
        ..SearchOptions::default()
    };
    let mut corpus = open(project, &arguments.fresh, arguments.json)?;
    let results = corpus.search(&query, &options)?;
    if arguments.json {
        print_json(&json!({
            "contract": render_json::CONTRACT,
            "passages": results.passages,
            "documents": results.documents,
            "facets": render_json::facets(&results.facets),
        }))?;
    } else {
        let style = style(When::Never, "none");
        print(text::results(&results, &style).as_bytes())?;
    }
    Ok(if results.passages > 0 { Outcome::Done } else { Outcome::Nothing })
}
