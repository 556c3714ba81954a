//! `chancery facets`: how often each value of a field occurs.

use std::sync::Arc;

use chancery::Project;
use chancery::search::SearchOptions;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::query::{Fresh, Narrow, Reading, amount, facet_fields, open, read, remarks};
use super::{Outcome, When, print, print_json, style};
use crate::render::{facets, json as render_json, text};

#[derive(Debug, Args)]
pub(super) struct Arguments {
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
    /// Values of each field at most, or "all"; the rest is counted
    #[arg(short = 'n', long, default_value = "all", value_name = "N|all")]
    limit: String,
    /// Shape of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Same as --format json
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

pub(super) fn run(
    project: &Arc<Project>,
    arguments: &Arguments,
    color: When,
) -> anyhow::Result<Outcome> {
    let query = read(&arguments.query.join(" "), &arguments.reading)?;
    let options = SearchOptions {
        filters: arguments.narrow.filters(project)?,
        limit: Some(0),
        facets: facet_fields(&arguments.by)?,
        ..SearchOptions::default()
    };
    let limit = amount(&arguments.limit, "--limit")?;
    let format = if arguments.json { Format::Json } else { arguments.format };
    let mut corpus = open(project, &arguments.fresh, format != Format::Text)?;
    let mut results = corpus.search(&query, &options)?;
    match format {
        Format::Json => {
            for (_, counts) in &mut results.facets {
                counts.truncate(limit.unwrap_or(usize::MAX));
            }
            print_json(&json!({
                "contract": render_json::CONTRACT,
                "passages": results.passages,
                "documents": results.documents,
                "facets": render_json::facets(&results.facets),
            }))?;
        }
        Format::Csv => {
            remarks(&query, &results, None);
            print(facets::csv(&results.facets, limit).as_bytes())?;
        }
        Format::Text => {
            remarks(&query, &results, None);
            let style = style(color, "none");
            let counts = facets::text(&results.facets, &options.filters, limit, &style);
            print(format!("{}\n{counts}", text::total(&results)).as_bytes())?;
        }
    }
    Ok(if results.passages > 0 { Outcome::Done } else { Outcome::Nothing })
}
