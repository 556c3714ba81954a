//! The README's commands work on the sample documents as a reader would type them.

use std::fs;
use std::path::Path;

use crate::support::{Desk, samples};

fn copy(from: &Path, desk: &Desk, to: &str) {
    for entry in fs::read_dir(from).unwrap().flatten() {
        let name = format!("{to}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            copy(&entry.path(), desk, &name);
        } else {
            desk.write(&name, fs::read(entry.path()).unwrap());
        }
    }
}

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

#[test]
fn every_command_of_the_readme_works() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let desk = Desk::new();
    copy(&samples(), &desk, "documents");
    let mut n_commands = 0;
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
        if let Some(command) = command {
            let words = words(command);
            let ran = desk.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(ran.code, 0, "{line}\n{}{}", ran.out, ran.err);
            n_commands += 1;
        }
    }
    assert!(n_commands >= 8, "{n_commands}");
}
