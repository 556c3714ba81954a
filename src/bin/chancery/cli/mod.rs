//! Flags, and one file a command.

mod cite;
mod classify;
mod facets;
mod index;
mod inspect;
mod kwic;
mod outline;
mod progress;
mod query;
mod search;
mod show;
mod signals;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use chancery::Project;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::render::text::Style;

/// Full-text search for diplomatic documents.
///
/// Indexes a folder of speeches, treaties, resolutions, cables and articles, and finds ranked
/// passages with highlighted snippets, by words and phrases, section, region, topic and more.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, disable_help_subcommand = true)]
#[command(after_help = "\"chancery help syntax\" explains the query language.")]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Place {
    /// Folder of the project [default: the nearest folder upwards with a chancery.toml, or here]
    #[arg(long, global = true, value_name = "DIR")]
    project: Option<PathBuf>,
    /// Folder of the index [default: "index" in the project]
    #[arg(long, global = true, value_name = "DIR", env = "CHANCERY_INDEX")]
    index: Option<PathBuf>,
    /// Colours
    #[arg(long, global = true, value_enum, default_value_t = When::Auto)]
    color: When,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the index in line with its folders
    Index(index::Arguments),
    /// Find passages
    Search(Box<search::Arguments>),
    /// Read a document
    Show(show::Arguments),
    /// Count by section, region, topic, country, speaker, year, language, collection or type
    Facets(Box<facets::Arguments>),
    /// Every match on a line, with the words around it
    Kwic(Box<kwic::Arguments>),
    /// A place of a document as a citation, with its words
    Cite(Box<cite::Arguments>),
    /// Outline and tags of text that is not indexed
    Classify(classify::Arguments),
    /// The outline of a document, to be edited and saved beside it as NAME.outline.toml
    Outline(outline::Arguments),
    /// What is indexed and what was left out, and why
    Status(inspect::StatusArguments),
    /// Verify the index
    Check(inspect::CheckArguments),
    /// Formats that are read
    Formats(inspect::FormatsArguments),
    /// Help on a command, or "syntax" for the query language
    Help {
        /// A command, or "syntax"
        topic: Option<String>,
    },
    /// Completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The manual page, of the program or of a command
    Man {
        /// A command
        command: Option<String>,
    },
    /// Reads PDF files from standard input, for another run of the program
    #[cfg(feature = "pdf")]
    #[command(hide = true)]
    ReadPdf {
        /// Bytes of memory that may be taken
        memory: u64,
    },
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done; for a search: something was found.
    Done,
    /// Done; nothing was found, something was left out, or damage was found.
    Nothing,
    /// Done in part: a query of a batch failed.
    Failed,
    /// A signal ended it, as was meant.
    #[cfg(feature = "watch")]
    Interrupted,
}

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Clap chooses the stream; a closed one needs no message.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    if let Err(error) = signals::install() {
        note(&format!("note: signals cannot be caught: {error}"));
    }
    match dispatch(cli) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::Failed) => ExitCode::from(2),
        #[cfg(feature = "watch")]
        Ok(Outcome::Interrupted) => ExitCode::from(signals::INTERRUPTED),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) if is_interruption(&error) => {
            report(&error);
            ExitCode::from(signals::INTERRUPTED)
        }
        Err(error) => {
            report(&error);
            ExitCode::from(2)
        }
    }
}

fn report(error: &anyhow::Error) {
    let message: Vec<String> = error.chain().map(ToString::to_string).collect();
    // A message that says the same as its cause is not repeated.
    let mut lines: Vec<&str> = Vec::new();
    for line in &message {
        if !lines.iter().any(|shown| shown.contains(line.as_str())) {
            lines.push(line);
        }
    }
    let _ = writeln!(io::stderr(), "error: {}", crate::render::safe(&lines.join(": ")));
}

fn is_interruption(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<chancery::Error>();
    matches!(cause, Some(chancery::Error::Interrupted { .. }))
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}

fn dispatch(cli: Cli) -> anyhow::Result<Outcome> {
    let Cli { place, command } = cli;
    match command {
        Command::Index(arguments) => index::run(&project_with(&place, arguments.ocr)?, &arguments),
        Command::Search(arguments) => search::run(&project(&place)?, &arguments, place.color),
        Command::Facets(arguments) => facets::run(&project(&place)?, &arguments, place.color),
        Command::Kwic(arguments) => kwic::run(&project(&place)?, &arguments, place.color),
        Command::Cite(arguments) => cite::run(project(&place)?, &arguments),
        Command::Show(arguments) => show::run(project(&place)?, &arguments, place.color),
        Command::Classify(arguments) => classify::run(&*project(&place)?, &arguments),
        Command::Outline(arguments) => outline::run(project(&place)?, &arguments),
        Command::Status(arguments) => inspect::status(project(&place)?, &arguments),
        Command::Check(arguments) => inspect::check(&*project(&place)?, &arguments),
        Command::Formats(arguments) => inspect::formats(&arguments),
        Command::Help { topic } => help(topic.as_deref()),
        Command::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "chancery", &mut out);
            print(&out)
        }
        Command::Man { command } => {
            let mut whole = Cli::command();
            whole.build();
            let page = match command {
                None => whole,
                Some(name) => subcommand(&mut whole, &name)?.clone(),
            };
            let mut out = Vec::new();
            clap_mangen::Man::new(page).render(&mut out)?;
            print(&out)
        }
        #[cfg(feature = "pdf")]
        Command::ReadPdf { memory } => {
            chancery::ingest::extract::pdf::serve(
                &mut io::stdin().lock(),
                &mut io::stdout().lock(),
                memory,
            )?;
            Ok(Outcome::Done)
        }
    }
}

fn project(place: &Place) -> anyhow::Result<Arc<Project>> {
    project_with(place, false)
}

/// The project; with `ocr` one that reads scanned pages.
fn project_with(place: &Place, ocr: bool) -> anyhow::Result<Arc<Project>> {
    let here = std::env::current_dir().context("cannot tell the current folder")?;
    let project = Project::find(&here, place.project.as_deref(), place.index.as_deref())?;
    #[cfg(feature = "pdf")]
    let project = {
        use chancery::ingest::extract::pdf::{Here, Pool, Programs, WithOcr};
        let programs = ocr.then(|| Programs::find(project.ocr_languages())).transpose()?;
        let kept = project.index().join("ocr");
        match std::env::current_exe() {
            // A file that breaks its reader breaks another process then.
            Ok(program) => {
                // The allocator would reserve a gigabyte at a time, in KiB here: more than a child may have.
                let pool = Pool::new(program, &["read-pdf"])
                    .with_variable("MIMALLOC_ARENA_RESERVE", "32768");
                project.with_pdf(WithOcr::new(pool, programs, kept))
            }
            Err(_) => project.with_pdf(WithOcr::new(Here, programs, kept)),
        }
    };
    #[cfg(not(feature = "pdf"))]
    let _ = ocr;
    Ok(Arc::new(project))
}

fn help(topic: Option<&str>) -> anyhow::Result<Outcome> {
    let mut command = Cli::command();
    let text = match topic {
        Some("syntax") => chancery::query::SYNTAX.to_owned(),
        Some(name) => subcommand(&mut command, name)?.render_long_help().to_string(),
        None => command.render_long_help().to_string(),
    };
    print(text.as_bytes())
}

fn subcommand<'c>(
    command: &'c mut clap::Command,
    name: &str,
) -> anyhow::Result<&'c mut clap::Command> {
    let known: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    command.find_subcommand_mut(name).with_context(|| {
        format!("there is no command \"{name}\"\nhint: one of {}", known.join(", "))
    })
}

/// Writes to standard output.
fn print(bytes: &[u8]) -> anyhow::Result<Outcome> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Outcome::Done)
}

fn print_json(value: &serde_json::Value) -> anyhow::Result<Outcome> {
    print(format!("{}\n", crate::render::json_line(value)).as_bytes())
}

/// A remark on standard error.
fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{}", crate::render::safe(text));
}

fn style(color: When, mark: &str) -> Style {
    let terminal = io::stdout().is_terminal();
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let color = match color {
        When::Always => true,
        When::Never => false,
        When::Auto => terminal && wanted,
    };
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let mark = match mark {
        "none" => (String::new(), String::new()),
        pair => match pair.split_once(',') {
            Some((open, close)) => (open.to_owned(), close.to_owned()),
            None => (pair.to_owned(), pair.to_owned()),
        },
    };
    Style { color, width: width.or(terminal.then_some(100)), mark }
}
