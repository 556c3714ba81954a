//! `chancery show`: read a document.

use std::fmt::Write as _;
use std::sync::Arc;

use chancery::document::{Document, SectionKind};
use chancery::query::{ParseOptions, Query};
use chancery::{Corpus, Project};
use clap::{Args, ValueEnum};

use super::{Outcome, When, note, print, print_json, style};
use crate::render::text::{Style, about};
use crate::render::{json, safe_line, why};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A path, a unique ending of one, or an id; "#7" behind it for its 7th passage
    document: Option<String>,
    /// The exact text that offsets count in
    #[arg(long)]
    text: bool,
    /// All documents, one JSON object a line
    #[arg(long)]
    all: bool,
    /// Tell the words and rules behind each heading, value and tag
    #[arg(long, conflicts_with_all = ["text", "all", "query"])]
    why: bool,
    /// Shape of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Same as --format json
    #[arg(long)]
    json: bool,
    /// Highlight what this query matches
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Jsonl,
}

pub(super) fn run(
    project: Arc<Project>,
    arguments: &Arguments,
    color: When,
) -> anyhow::Result<Outcome> {
    let mut corpus = Corpus::open(project)?;
    if arguments.all {
        let mut outcome = Ok(Outcome::Done);
        corpus.each_document(&mut |document| {
            outcome = print_json(&json::document(document));
            outcome.is_ok()
        })?;
        return outcome;
    }
    let Some(name) = &arguments.document else {
        anyhow::bail!("no document was named\nhint: chancery show speeches/a.txt#3");
    };
    let shown = corpus.show(name)?;
    let document = &shown.document;
    if arguments.text {
        let text = match shown.passage.and_then(|at| document.passages.get(at)) {
            Some(passage) => passage.span.of(&document.text),
            None => &document.text,
        };
        return print(text.as_bytes());
    }
    let why = if arguments.why { corpus.why(document)? } else { None };
    if arguments.why && why.is_none() {
        note("its file is not at hand as it was indexed: only the words behind the tags are told");
    }
    if arguments.json || arguments.format != Format::Text {
        let mut value = json::document(document);
        if let (Some(object), Some(why)) = (value.as_object_mut(), &why) {
            object.insert("why".to_owned(), json::why(document, why));
        }
        return print_json(&value);
    }
    if arguments.why {
        return print(why::text(document, why.as_ref()).as_bytes());
    }
    let marks = match &arguments.query {
        Some(query) => {
            let query = Query::parse(query, &ParseOptions::default())
                .map_err(|error| anyhow::anyhow!("{}", error.report()))?;
            let found = corpus.matches(document, &query)?;
            found.iter().map(|m| (m.span.start, m.span.end)).collect()
        }
        None => Vec::new(),
    };
    print(read(document, shown.passage, &marks, &style(color, "[[,]]")).as_bytes())
}

/// The head, the outline, then the text; or one passage with its address.
fn read(
    document: &Document,
    passage: Option<usize>,
    marks: &[(usize, usize)],
    style: &Style,
) -> String {
    let mut out = String::new();
    let title = document.metadata.title.as_ref();
    // Writing to a string does not fail.
    let _ = writeln!(out, "{}", safe_line(&document.path));
    for other in &document.also_at {
        let _ = writeln!(out, "also at {}", safe_line(other));
    }
    if let Some(title) = title {
        let _ = writeln!(out, "{}", safe_line(&title.value));
    }
    let about = about(document, None);
    if !about.is_empty() {
        let _ = writeln!(out, "{about}");
    }
    out.push('\n');
    if passage.is_none() {
        for section in document.sections.iter().filter(|s| s.kind != SectionKind::None) {
            let indent = "  ".repeat(usize::from(section.level.max(1)));
            let name = section.path.last().map(|name| safe_line(name)).unwrap_or_default();
            let _ = writeln!(out, "{indent}{name}");
        }
        out.push('\n');
    }
    let mut section = None;
    for (index, p) in document.passages.iter().enumerate() {
        if passage.is_some_and(|only| only != index) {
            continue;
        }
        if section != Some(p.section) {
            section = Some(p.section);
            if let Some(heading) = document.sections.get(p.section).and_then(|s| s.title.as_ref()) {
                let _ = writeln!(out, "== {} ==\n", safe_line(heading));
            }
        }
        let text = p.span.of(&document.text);
        let inside: Vec<(usize, usize)> = marks
            .iter()
            .filter(|(start, end)| p.span.start <= *start && *end <= p.span.end)
            .filter_map(|(start, end)| {
                let chars = |at: usize| Some(text.get(..at - p.span.start)?.chars().count());
                Some((chars(*start)?, chars(*end)?))
            })
            .collect();
        let _ = writeln!(out, "#{}\n{}\n", p.ordinal, style.marked(text, &inside));
    }
    out
}
