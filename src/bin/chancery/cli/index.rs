//! `chancery index`: bring the index in line.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chancery::{Corpus, IndexReport, IndexRequest, Project};
use clap::Args;
use serde_json::json;

use super::progress::Bar;
use super::{Outcome, note, print, print_json, signals};
use crate::render::json::CONTRACT;
use crate::render::safe_line;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folders or files to add, or parts of folders to bring in line [default: all known ones]
    paths: Vec<PathBuf>,
    /// Drop a folder from the index
    #[arg(long, value_name = "PATH")]
    forget: Vec<PathBuf>,
    /// A folder that has vanished or is empty is meant
    #[arg(long)]
    allow_empty: bool,
    /// Exit with 1 if a document was left out
    #[arg(long)]
    strict: bool,
    /// List junk and duplicates too
    #[arg(long, short)]
    verbose: bool,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    /// Read scanned PDF files too, with the programs tesseract and pdftoppm
    #[cfg_attr(feature = "pdf", arg(long))]
    #[cfg_attr(not(feature = "pdf"), arg(skip))]
    pub(super) ocr: bool,
    /// Keep the index in line with every change, until interrupted
    #[cfg(feature = "watch")]
    #[arg(long)]
    watch: bool,
    /// Threads that read files [default: one a core]; the index does not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Milliseconds between the commits of a long run
    #[arg(long, value_name = "MS", hide = true)]
    commit_every: Option<u64>,
}

pub(super) fn run(project: &Arc<Project>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let defaults = IndexRequest::default();
    let request = IndexRequest {
        paths: arguments.paths.clone(),
        forget: arguments.forget.clone(),
        allow_empty: arguments.allow_empty,
        threads: arguments.threads,
        commit_every: arguments.commit_every.map_or(defaults.commit_every, Duration::from_millis),
        ..defaults
    };
    #[cfg(feature = "watch")]
    if arguments.watch {
        return watch(project, &request, arguments);
    }
    let start = Instant::now();
    let report = refresh(project, request)?;
    show(&report, start.elapsed(), arguments)?;
    let strict = arguments.strict && !report.skipped.is_empty();
    Ok(if strict { Outcome::Nothing } else { Outcome::Done })
}

fn show(report: &IndexReport, took: Duration, arguments: &Arguments) -> anyhow::Result<Outcome> {
    if arguments.json {
        print_json(&report_json(report, took.as_millis()))
    } else {
        print(text(report, took.as_secs_f64(), arguments.verbose).as_bytes())
    }
}

/// Keeps the index in line until a signal ends it; each run that changed something is reported.
#[cfg(feature = "watch")]
fn watch(
    project: &Arc<Project>,
    request: &IndexRequest,
    arguments: &Arguments,
) -> anyhow::Result<Outcome> {
    let mut start = Instant::now();
    let mut closed = None;
    signals::held(|stop| {
        let request = IndexRequest { stop: Arc::clone(&stop), ..request.clone() };
        Corpus::watch(project, &request, &Bar::default(), &mut |told| {
            let shown = match told {
                chancery::Watched::Ran(report) => {
                    show(&report, start.elapsed(), arguments).map(drop)
                }
                chancery::Watched::Ready(folders) => {
                    let names: Vec<String> =
                        folders.iter().map(|folder| folder.display().to_string()).collect();
                    note(&format!("watching {}", names.join(", ")));
                    Ok(())
                }
                chancery::Watched::Failed(error) => {
                    note(&format!("error: {error}"));
                    Ok(())
                }
            };
            // Nobody reads what is told: the watch ends.
            if let Err(error) = shown {
                closed = Some(error);
                stop.store(true, std::sync::atomic::Ordering::SeqCst);
            }
            start = Instant::now();
        })
    })?;
    match closed {
        Some(error) => Err(error),
        None => {
            note("stopped watching");
            Ok(Outcome::Interrupted)
        }
    }
}

/// Brings the index in line; a signal ends it soon, with what is whole kept.
pub(super) fn refresh(
    project: &Arc<Project>,
    request: IndexRequest,
) -> anyhow::Result<IndexReport> {
    let work = |stop| Corpus::refresh(project, &IndexRequest { stop, ..request }, &Bar::default());
    Ok(signals::held(work)?)
}

/// Builds an index that a search needs; remarks go to standard error.
pub(super) fn build(project: &Arc<Project>, quiet: bool) -> anyhow::Result<()> {
    let start = Instant::now();
    let report = refresh(project, IndexRequest::default())?;
    if !quiet {
        note(text(&report, start.elapsed().as_secs_f64(), false).trim_end());
    }
    Ok(())
}

fn report_json(report: &IndexReport, took_ms: u128) -> serde_json::Value {
    let rows = |list: &[(String, String)], key: &str| -> Vec<serde_json::Value> {
        list.iter().map(|(path, text)| json!({"path": path, key: text})).collect()
    };
    json!({
        "contract": CONTRACT,
        "added": report.added,
        "changed": report.changed,
        "moved": report.moved,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "ignored": report.ignored.len(),
        "duplicates": report.duplicates.len(),
        "documents": report.documents,
        "passages": report.passages,
        "bytes": report.bytes,
        "took_ms": took_ms,
        "skipped": rows(&report.skipped, "reason"),
        "warnings": rows(&report.warnings, "message"),
    })
}

fn text(report: &IndexReport, seconds: f64, verbose: bool) -> String {
    let mut lines = Vec::new();
    for (path, reason) in &report.skipped {
        lines.push(format!("left out: {}: {}", safe_line(path), safe_line(reason)));
    }
    if verbose {
        for (path, message) in &report.warnings {
            lines.push(format!("note: {}: {}", safe_line(path), safe_line(message)));
        }
        for path in &report.ignored {
            lines.push(format!("junk: {}", safe_line(path)));
        }
        for (path, first) in &report.duplicates {
            lines.push(format!("same as {}: {}", safe_line(first), safe_line(path)));
        }
    }
    let mut counts = Vec::new();
    for (count, what) in [
        (report.added, "added"),
        (report.changed, "changed"),
        (report.moved, "moved"),
        (report.removed, "removed"),
        (report.unchanged, "unchanged"),
        (report.duplicates.len(), "duplicates"),
        (report.ignored.len(), "junk files ignored"),
        (report.skipped.len(), "left out"),
    ] {
        if count > 0 {
            counts.push(format!("{count} {what}"));
        }
    }
    if counts.is_empty() {
        counts.push("nothing to index".to_owned());
    }
    if !report.warnings.is_empty() && !verbose {
        counts.push(format!("{} notes (--verbose lists them)", report.warnings.len()));
    }
    lines.push(format!(
        "{} document{}, {} passages: {} in {seconds:.1} s",
        report.documents,
        if report.documents == 1 { "" } else { "s" },
        report.passages,
        counts.join(", ")
    ));
    lines.push(String::new());
    lines.join("\n")
}
