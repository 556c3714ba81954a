//! What a reader feels: time to index, time to search, memory, size; beside the bare engine.
//!
//! `cargo bench --bench bench` measures on the UN General Debate where it lies beside the project, else on a
//! generated corpus; with `-- --scale 4` on a generated corpus of four times the size, `-- --corpus DIR` on a
//! folder of one's own, `-- --instructions` counts instructions too (needs valgrind), `-- --queries N` runs
//! each query N times (20). The yardstick is tantivy alone, with an English stemmer, positions, stored
//! text and two threads, over the same texts, in the same run: quote ratios, since machines differ.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::ref_option,
    clippy::cast_sign_loss,
    clippy::items_after_statements,
    clippy::format_push_string,
    reason = "a program for developers: it prints, and ends where it cannot go on"
)]

mod corpus;
mod ours;
mod table;
mod yardstick;

use std::path::PathBuf;
use std::process::ExitCode;

use table::Table;

/// That of the program, for both.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Class and query, one a line.
const QUERIES: &str = include_str!("queries.tsv");

/// What was asked for.
struct Options {
    corpus: Option<PathBuf>,
    scale: Option<usize>,
    instructions: bool,
    rounds: usize,
}

fn options() -> Option<Options> {
    let mut options = Options { corpus: None, scale: None, instructions: false, rounds: 20 };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo passes it on.
            "--bench" => {}
            "--corpus" => options.corpus = Some(arguments.next()?.into()),
            "--scale" => options.scale = Some(arguments.next()?.parse().ok()?),
            "--queries" => options.rounds = arguments.next()?.parse().ok()?,
            "--instructions" => options.instructions = true,
            _ => return None,
        }
    }
    Some(options)
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        println!("usage: cargo bench -- [--corpus DIR | --scale N] [--queries N] [--instructions]");
        return ExitCode::from(2);
    };
    let desk = tempfile::tempdir().unwrap();
    let corpus = corpus::Corpus::get(&options.corpus, options.scale, desk.path());
    println!(
        "{}: {} files, {:.1} MB; {} threads",
        corpus.name,
        corpus.files.len(),
        corpus.bytes as f64 / 1e6,
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
    );
    let queries: Vec<(&str, &str)> = QUERIES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let mut table = Table::default();
    let program = ours::copy(&corpus, desk.path());
    // In turns, the quickest of three runs each.
    let mut engine = yardstick::build(&corpus, &desk.path().join("bare"));
    let (mut seconds, mut peak) = ours::index(&program);
    for turn in ["bare-again", "bare-once-more"] {
        let again = yardstick::build(&corpus, &desk.path().join(turn));
        engine.seconds = engine.seconds.min(again.seconds);
        let again = ours::index(&program);
        (seconds, peak) = (seconds.min(again.0), peak.max(again.1));
    }
    let text = corpus.bytes as f64;
    let shares = (ours::index_bytes(&program) as f64 / text, engine.bytes as f64 / text);
    table.beside("index from cold", "s", seconds, engine.seconds);
    table.alone("peak memory of indexing", "MB", peak);
    table.beside("index, share of the text", "", shares.0, shares.1);
    ours::second_run(&program, &mut table);
    ours::changed_files(&program, &corpus, &mut table);
    ours::one_shot(&program, &queries, &mut table);
    ours::one_shot_cold(&program, &queries, &mut table);
    let bare = yardstick::Warm::new(&engine, &queries);
    ours::warm(&program, &queries, options.rounds, &bare, &mut table);
    if options.instructions {
        ours::instructions(&program, &corpus, desk.path(), &mut table);
    }
    println!("\n{}", table.text());
    ExitCode::SUCCESS
}
