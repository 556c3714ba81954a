//! `chancery kwic`: every match on a line, with the words around it.

use std::io::{self, Write};
use std::sync::Arc;

use anyhow::{Context, bail};
use chancery::Project;
use chancery::query::explain;
use chancery::search::{Filters, KwicKey, KwicLine, KwicOptions, SearchOptions};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::query::{Fresh, Narrow, Reading, amount, count, open, read, remarks};
use super::{Outcome, When, note, print, style};
use crate::render::{json as render_json, json_line, kwic, names};

/// Words on either side at most.
const MOST_WORDS: usize = 1_000;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The query; words after one another are one query
    query: Vec<String>,
    /// Words before the match
    #[arg(long, default_value = "8", value_name = "N")]
    left: String,
    /// Words after the match
    #[arg(long, default_value = "8", value_name = "N")]
    right: String,
    /// Order: left1 to left5, right1 to right5, node, year, date, country, speaker, title,
    /// collection, language, path; several one after another [default: path and place]
    #[arg(long, value_delimiter = ',', value_name = "KEY,…")]
    sort: Vec<String>,
    /// Lines at most, or "all"
    #[arg(short = 'n', long, default_value = "100", value_name = "N|all")]
    limit: String,
    /// Lines to pass over
    #[arg(long, default_value = "0", value_name = "N")]
    offset: String,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    narrow: Narrow,
    /// Same as --country
    #[arg(long, value_name = "COUNTRY")]
    by: Vec<String>,
    #[command(flatten)]
    fresh: Fresh,
    /// Shape of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Same as --format json
    #[arg(long)]
    json: bool,
    /// What stands around a match without colours: "OPEN,CLOSE" or "none"
    #[arg(long, default_value = "[[,]]", value_name = "OPEN,CLOSE")]
    mark: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Csv,
    Json,
    Jsonl,
}

pub(super) fn run(
    project: &Arc<Project>,
    arguments: &Arguments,
    color: When,
) -> anyhow::Result<Outcome> {
    let format = if arguments.json { Format::Json } else { arguments.format };
    let narrow = arguments.narrow.and_by(&arguments.by);
    let options = SearchOptions { filters: narrow.filters(project)?, ..SearchOptions::default() };
    let typed = arguments.query.join(" ");
    if typed.trim().is_empty() {
        let hint = if options.filters == Filters::default() { "" } else { " beside the filters" };
        bail!("no query was given{hint}\nhint: chancery kwic mutual respect");
    }
    let lines = lines(arguments)?;
    let query = read(&typed, &arguments.reading)?;
    let mut corpus = open(project, &arguments.fresh, format != Format::Text)?;
    let mut out = io::stdout().lock();
    let mut kept: Vec<KwicLine> = Vec::new();
    let mut rank = lines.offset;
    let mut written = Ok(());
    if format == Format::Csv {
        out.write_all(kwic::csv_head().as_bytes())?;
    }
    let results = corpus.kwic(&query, &options, &lines, &mut |line| {
        rank += 1;
        match format {
            Format::Text | Format::Json => kept.push(line),
            Format::Jsonl => {
                let value = kwic::json(&line, rank);
                written = out.write_all(format!("{}\n", json_line(&value)).as_bytes());
            }
            Format::Csv => written = out.write_all(kwic::csv(&line, rank).as_bytes()),
        }
        written.is_ok()
    })?;
    written?;
    let matches = results.occurrences.unwrap_or(0);
    match format {
        Format::Json => {
            let warnings = query.warnings.iter().map(ToString::to_string);
            let warnings: Vec<String> = warnings.chain(results.warnings.clone()).collect();
            let first = lines.offset + 1;
            let rows: Vec<Value> =
                kept.iter().zip(first..).map(|(line, rank)| kwic::json(line, rank)).collect();
            let value = json!({
                "contract": render_json::CONTRACT,
                "query": query.text,
                "reading": explain(&query),
                "filters": narrow.to_json(),
                "matches": matches,
                "passages": results.passages,
                "documents": results.documents,
                "offset": lines.offset,
                "undated_excluded": results.undated_excluded,
                "also_searched": names(&results.also_searched),
                "suggestions": results.suggestions,
                "warnings": warnings,
                "lines": rows,
            });
            out.write_all(format!("{}\n", json_line(&value)).as_bytes())?;
        }
        Format::Text => {
            remarks(&query, &results, None);
            let style = style(color, &arguments.mark);
            out.write_all(kwic::text(&kept, &style).as_bytes())?;
            out.write_all(format!("{}\n", kwic::total(&results, &lines)).as_bytes())?;
        }
        Format::Csv | Format::Jsonl => {
            remarks(&query, &results, None);
            if (results.shown as u64) < matches {
                note(&format!("note: {}", kwic::total(&results, &lines)));
            }
        }
    }
    drop(out);
    print(b"")?;
    Ok(if matches > 0 { Outcome::Done } else { Outcome::Nothing })
}

fn lines(arguments: &Arguments) -> anyhow::Result<KwicOptions> {
    let words = |text: &str, flag: &str| -> anyhow::Result<usize> {
        let n = count(text, flag, "a number of words")?;
        if n > MOST_WORDS {
            note(&format!("note: {flag} {n} is more than is shown; {MOST_WORDS} is taken"));
        }
        Ok(n.min(MOST_WORDS))
    };
    let key = |name: &String| {
        KwicKey::parse(name).with_context(|| {
            let known = KwicKey::names().join(", ");
            format!("--sort \"{name}\" is nothing to sort by\nhint: one of {known}")
        })
    };
    Ok(KwicOptions {
        left: words(&arguments.left, "--left")?,
        right: words(&arguments.right, "--right")?,
        sort: arguments.sort.iter().map(key).collect::<anyhow::Result<_>>()?,
        limit: amount(&arguments.limit, "--limit")?,
        offset: count(&arguments.offset, "--offset", "a number")?,
    })
}
