//! `chancery classify`: outline and tags of text that is not indexed.

use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;

use anyhow::Context;
use chancery::{Project, ingest};
use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::{Outcome, print_json};
use crate::render::json as render_json;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A file, or "-" for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Lines of {"id","text","date"}; an answer a line
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// Tell the words and rules behind each heading and value, as "why"
    #[arg(long)]
    explain: bool,
    /// Answer as JSON (the only shape so far)
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Deserialize)]
struct Line {
    id: serde_json::Value,
    text: String,
    #[serde(default)]
    date: Option<String>,
}

pub(super) fn run(project: &Project, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let _ = arguments.json;
    if let Some(file) = &arguments.batch {
        return batch(project, file);
    }
    let (bytes, name) = if arguments.file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
        (bytes, "text.txt".to_owned())
    } else {
        let file = &arguments.file;
        let bytes =
            std::fs::read(file).with_context(|| format!("cannot read \"{}\"", file.display()))?;
        (bytes, file.to_string_lossy().into_owned())
    };
    match ingest::explain(bytes, &name, None, project) {
        Ok((document, why)) => {
            let mut value = render_json::document(&document);
            if let Some(object) = value.as_object_mut().filter(|_| arguments.explain) {
                object.insert("why".to_owned(), render_json::why(&document, &why));
            }
            print_json(&value)
        }
        Err(reason) => anyhow::bail!("\"{name}\" {reason}"),
    }
}

fn batch(project: &Project, file: &std::path::Path) -> anyhow::Result<Outcome> {
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
        let line = line.context("cannot read the texts")?;
        if line.trim().is_empty() {
            continue;
        }
        let value = match serde_json::from_str::<Line>(&line) {
            Ok(item) => {
                let date = item.date.as_deref().and_then(|date| date.parse().ok());
                match ingest::read_dated(item.text.into_bytes(), "text.txt", date, project) {
                    Ok(document) => {
                        let mut value = render_json::document(&document);
                        if let Some(object) = value.as_object_mut() {
                            object.insert("id".to_owned(), item.id);
                        }
                        value
                    }
                    Err(reason) => {
                        failed = true;
                        json!({"contract": render_json::CONTRACT, "id": item.id, "error": reason})
                    }
                }
            }
            Err(error) => {
                failed = true;
                json!({"contract": render_json::CONTRACT, "id": null, "error": error.to_string()})
            }
        };
        writeln!(out, "{value}")?;
        out.flush()?;
    }
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}
