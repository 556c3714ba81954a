//! The README's commands work on the sample documents as a reader would type them.

use std::fs;
use std::path::Path;

use crate::support::{Desk, samples};

/// Words of a command line: spaces part them, quotes keep them together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, ' ') => words.push(String::new()),
            (_, c) => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A command of the README, and the answer that stands below it, if one does.
struct Shown<'r> {
    line: &'r str,
    command: &'r str,
    answer: String,
}

fn shown(readme: &str) -> Vec<Shown<'_>> {
    let mut all: Vec<Shown<'_>> = Vec::new();
    let mut console = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            console = line == "```console";
            continue;
        }
        let command = line
            .strip_prefix("$ chancery ")
            .or_else(|| line.strip_prefix("$ cargo run --release -- "))
            .filter(|command| console && !command.contains(['|', '<', '>']));
        match (command, all.last_mut()) {
            (Some(command), _) => all.push(Shown { line, command, answer: String::new() }),
            (None, Some(last)) if console => {
                last.answer.push_str(line);
                last.answer.push('\n');
            }
            _ => {}
        }
    }
    all
}

/// Each command works, and where an answer is shown it is the one that is given. After a change of
/// ranking or rendering, `README_UPDATE=1 cargo test readme` writes the answers anew.
#[test]
fn every_command_of_the_readme_works() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let update = std::env::var_os("README_UPDATE").is_some();
    let mut updated = readme.clone();
    let desk = Desk::new();
    desk.copy(&samples(), "documents");
    let all = shown(&readme);
    for Shown { line, command, answer } in &all {
        let words = words(command);
        let ran = desk.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ran.code, 0, "{line}\n{}{}", ran.out, ran.err);
        if answer.trim().is_empty() {
            continue;
        }
        if update {
            updated = updated.replace(
                &format!("{line}\n{}\n", answer.trim_end()),
                &format!("{line}\n{}\n", ran.out.trim_end()),
            );
        } else {
            assert_eq!(ran.out.trim_end(), answer.trim_end(), "{line}");
        }
    }
    if updated != readme {
        fs::write(&path, updated).unwrap();
    }
    assert!(all.len() >= 20, "{}", all.len());
}
