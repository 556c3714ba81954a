//! `chancery cite`: a place of a document, ready to be quoted.

use std::sync::Arc;

use anyhow::{Context, bail};
use chancery::document::{Citation, Document, Span};
use chancery::query::Query;
use chancery::search::Match;
use chancery::{Corpus, Project};
use clap::{Args, ValueEnum};

use super::query::{Reading, read};
use super::{Outcome, print};
use crate::render::citation::{bibtex, csl, prose, ris};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A path, a unique ending of one, or an id; "#7" behind it for its 7th passage
    document: String,
    /// The words at these bytes of the document's text: START..END, half-open, as JSON gives them
    #[arg(long, value_name = "START..END", conflicts_with = "query")]
    quote: Option<String>,
    /// The sentences that hold the first match of this query
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
    #[command(flatten)]
    reading: Reading,
    /// Shape of the citation
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Ris,
    Bibtex,
    Csl,
    Markdown,
    Html,
}

pub(super) fn run(project: Arc<Project>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let query = arguments.query.as_deref().map(|q| read(q, &arguments.reading)).transpose()?;
    let quote = arguments.quote.as_deref().map(stretch).transpose()?;
    let mut corpus = Corpus::open(project)?;
    let shown = corpus.show(&arguments.document)?;
    let document = &shown.document;
    let passage = shown.passage.and_then(|at| document.passages.get(at));
    let span = match (quote, &query, passage) {
        (Some(span), _, passage) => {
            if let Some(p) = passage.filter(|p| !(p.span.start..p.span.end).contains(&span.start)) {
                bail!(
                    "--quote {}..{} does not begin in {}, which is at {}..{}\n\
                     hint: leave out \"#{}\" to quote by bytes alone",
                    span.start,
                    span.end,
                    arguments.document,
                    p.span.start,
                    p.span.end,
                    p.ordinal
                );
            }
            Some(span)
        }
        (None, Some(query), passage) => {
            let within = passage.map(|p| p.span);
            match first_match(&mut corpus, document, query, within)? {
                Some(found) => Some(sentences(document, found.whole)),
                None => {
                    super::note(&format!(
                        "\"{}\" does not stand in {}",
                        query.text, arguments.document
                    ));
                    return Ok(Outcome::Nothing);
                }
            }
        }
        (None, None, passage) => passage.map(|p| p.span),
    };
    let citation = match span {
        Some(span) => Citation::of_span(document, span)
            .with_context(|| format!("cannot quote \"{}\"", document.path))?,
        None => Citation::of_document(document),
    };
    let text = match arguments.format {
        Format::Text => prose::text(&citation),
        Format::Markdown => prose::as_markdown(&citation),
        Format::Html => prose::as_html(&citation),
        Format::Ris => ris::ris(&citation),
        Format::Bibtex => bibtex::bibtex(&citation),
        Format::Csl => format!("{}\n", serde_json::Value::from(vec![csl::csl(&citation)])),
    };
    print(text.as_bytes())
}

/// `1250..1269`.
fn stretch(text: &str) -> anyhow::Result<Span> {
    let parts = text.split_once("..");
    let number = |part: &str| part.parse::<usize>().ok();
    match parts.and_then(|(start, end)| Some((number(start)?, number(end)?))) {
        Some((start, end)) if start < end => Ok(Span::new(start, end)),
        Some(_) => bail!("--quote \"{text}\" ends before it begins\nhint: as in 1250..1269"),
        None => bail!("--quote \"{text}\" is no stretch of bytes\nhint: as in 1250..1269"),
    }
}

fn first_match(
    corpus: &mut Corpus,
    document: &Document,
    query: &Query,
    within: Option<Span>,
) -> anyhow::Result<Option<Match>> {
    let found = corpus.matches(document, query)?;
    Ok(found.into_iter().find(|m| {
        within.is_none_or(|span| span.start <= m.whole.start && m.whole.start < span.end)
    }))
}

/// The whole sentences that a match touches.
fn sentences(document: &Document, span: Span) -> Span {
    let all = document.passages.iter().flat_map(|passage| &passage.sentences);
    all.map(|sentence| sentence.span)
        .filter(|sentence| sentence.overlaps(span))
        .fold(span, Span::cover)
}
