//! `chancery status`, `check` and `formats`.

use std::fmt::Write as _;
use std::sync::Arc;

use chancery::{Corpus, Project, analysis, index, ingest};
use clap::Args;
use serde_json::json;

use super::{Outcome, print, print_json};
use crate::render::json::CONTRACT;
use crate::render::safe_line;

#[derive(Debug, Args)]
pub(super) struct StatusArguments {
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct FormatsArguments {
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn status(
    project: Arc<Project>,
    arguments: &StatusArguments,
) -> anyhow::Result<Outcome> {
    let corpus = Corpus::open(project)?;
    let manifest = corpus.manifest()?;
    let summary = corpus.summary();
    let skipped = manifest.left_out();
    if arguments.json {
        let skipped: Vec<_> =
            skipped.iter().map(|(path, reason)| json!({"path": path, "reason": reason})).collect();
        return print_json(&json!({
            "contract": CONTRACT,
            "roots": manifest.roots,
            "documents": summary.documents,
            "passages": summary.passages,
            "bytes": summary.bytes,
            "by_collection": summary.collections,
            "by_language": summary.languages,
            "skipped": skipped,
            "ignored": manifest.junk().len(),
            "format": index::FORMAT,
            "analyzer": analysis::ANALYZER,
            "version": env!("CARGO_PKG_VERSION"),
            "fingerprint": summary.fingerprint,
        }));
    }
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(out, "folders      {}", safe_line(&manifest.roots.join(", ")));
    let _ = writeln!(out, "documents    {}", summary.documents);
    let _ = writeln!(out, "passages     {}", summary.passages);
    let _ = writeln!(out, "bytes        {}", summary.bytes);
    for (name, counts) in [("collections", &summary.collections), ("languages", &summary.languages)]
    {
        let list: Vec<String> =
            counts.iter().map(|(value, n)| format!("{} {n}", safe_line(value))).collect();
        let _ = writeln!(out, "{name:<12} {}", list.join(", "));
    }
    let _ = writeln!(out, "junk         {}", manifest.junk().len());
    let _ = writeln!(out, "left out     {}", skipped.len());
    for (path, reason) in &skipped {
        let _ = writeln!(out, "             {}: {}", safe_line(path), safe_line(reason));
    }
    let _ = writeln!(out, "format       {} ({})", index::FORMAT, analysis::ANALYZER);
    let _ = writeln!(out, "fingerprint  {}", summary.fingerprint);
    print(out.as_bytes())
}

pub(super) fn check(project: &Project, arguments: &CheckArguments) -> anyhow::Result<Outcome> {
    let problems = Corpus::check(project)?;
    let sound = problems.is_empty();
    if arguments.json {
        let rows: Vec<_> = problems
            .iter()
            .map(|(file, problem)| json!({"file": file, "problem": problem}))
            .collect();
        print_json(&json!({"contract": CONTRACT, "sound": sound, "problems": rows}))?;
    } else if sound {
        print(b"the index is sound\n")?;
    } else {
        let lines: String = problems
            .iter()
            .map(|(file, problem)| format!("{}: {}\n", safe_line(file), safe_line(problem)))
            .collect();
        print(lines.as_bytes())?;
    }
    Ok(if sound { Outcome::Done } else { Outcome::Nothing })
}

pub(super) fn formats(arguments: &FormatsArguments) -> anyhow::Result<Outcome> {
    let formats = ingest::extract::formats();
    if arguments.json {
        let rows: Vec<_> = formats
            .iter()
            .map(|f| {
                json!({"name": f.name, "extensions": f.extensions, "note": f.note, "present": f.present})
            })
            .collect();
        return print_json(&json!({"contract": CONTRACT, "formats": rows, "ocr": ocr().ok()}));
    }
    let mut out = String::new();
    for format in formats {
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "{:<14} {:<20} {}{}",
            format.name,
            format.extensions.join(" "),
            if format.present { "" } else { "(not in this build) " },
            format.note
        );
    }
    let line = match ocr() {
        Ok(programs) => format!("index --ocr reads them with {programs}"),
        Err(reason) => format!("not read: {reason}"),
    };
    let _ = writeln!(out, "{:<14} {:<20} {line}", "scanned pages", "pdf");
    print(out.as_bytes())
}

/// What reads scanned pages here, or why nothing does.
fn ocr() -> Result<String, String> {
    #[cfg(feature = "pdf")]
    return match ingest::extract::pdf::Programs::find(None) {
        Ok(programs) => Ok(programs.describe()),
        Err(error) => Err(error.to_string()),
    };
    #[cfg(not(feature = "pdf"))]
    Err("not in this build".to_owned())
}
