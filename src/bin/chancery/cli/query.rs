//! What commands that take a query share: how it is read, what narrows it, which index it is put to.

use std::sync::Arc;

use anyhow::{Context, bail};
use chancery::document::Date;
use chancery::query::{ParseOptions, Query, Syntax};
use chancery::search::{Condition, FacetField, Filters, Lists, Results};
use chancery::{Corpus, IndexRequest, Project};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{index, note};
use crate::render::names;

#[derive(Debug, Args)]
pub(super) struct Reading {
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
pub(super) enum SyntaxFlag {
    Full,
    Plain,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Narrow {
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
    /// Pattern of the document's path, or a folder
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
pub(super) struct Fresh {
    /// Bring the index in line first
    #[arg(long, conflicts_with = "no_refresh")]
    refresh: bool,
    /// Never build an index
    #[arg(long)]
    no_refresh: bool,
}

/// Opens the corpus, building or refreshing its index first where that is asked for.
pub(super) fn open(project: &Arc<Project>, fresh: &Fresh, quiet: bool) -> anyhow::Result<Corpus> {
    if !fresh.no_refresh && !Corpus::exists(project) {
        note("no index yet: indexing first");
        index::build(project, quiet)?;
    } else if fresh.refresh {
        index::refresh(project, IndexRequest::default())?;
    }
    Ok(Corpus::open(Arc::clone(project))?)
}

pub(super) fn read(typed: &str, reading: &Reading) -> anyhow::Result<Query> {
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

pub(super) fn facet_fields(names: &[String]) -> anyhow::Result<Vec<FacetField>> {
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
    pub(super) fn filters(&self, project: &Project) -> anyhow::Result<Filters> {
        let plain = |list: &[String]| list.iter().map(|text| Condition::parse(text)).collect();
        let date = |text: &Option<String>, flag: &str| -> anyhow::Result<Option<Date>> {
            let parsed = text.as_deref().map(str::parse::<Date>).transpose();
            parsed.map_err(|error| anyhow::anyhow!("{flag}: {error}"))
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
            from: date(&self.from, "--from")?,
            to: date(&self.to, "--to")?,
        })
    }

    /// With more countries.
    pub(super) fn and_by(&self, countries: &[String]) -> Self {
        let mut all = self.clone();
        all.country.extend_from_slice(countries);
        all
    }

    pub(super) fn to_json(&self) -> Value {
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

/// A number of hits or lines, or all of them; a number beyond reason is taken as the most there is.
pub(super) fn amount(text: &str, flag: &str) -> anyhow::Result<Option<usize>> {
    if text == "all" {
        return Ok(None);
    }
    count(text, flag, "a number or \"all\"").map(Some)
}

/// A number; one beyond reason is taken as the most there is, with a remark.
pub(super) fn count(text: &str, flag: &str, what: &str) -> anyhow::Result<usize> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        bail!("{flag} \"{text}\" is not {what}");
    }
    let most = u32::MAX as usize;
    match text.parse::<usize>().ok().filter(|n| *n <= most) {
        Some(n) => Ok(n),
        None => {
            note(&format!("note: {flag} {text} is more than there can be; {most} is taken"));
            Ok(most)
        }
    }
}

/// Remarks on standard error: how the query was read, what else was searched, what else is worth a try.
/// In a batch each begins with the id of its query.
pub(super) fn remarks(query: &Query, results: &Results, id: Option<&str>) {
    let id = id.map_or(String::new(), |id| format!("{id}: "));
    let warnings = query.warnings.iter().map(ToString::to_string);
    for warning in warnings.chain(results.warnings.iter().cloned()) {
        note(&format!("{id}note: {warning}"));
    }
    if !results.also_searched.is_empty() {
        note(&format!("{id}also searched: {}", names(&results.also_searched).join(", ")));
    }
    if !results.expanded.is_empty() {
        note(&format!("{id}also ranked by: {}", results.expanded.join(", ")));
    }
    for suggestion in &results.suggestions {
        note(&format!("{id}hint: {suggestion}"));
    }
}
