//! The program: flags in, results out. What it knows of searching is the library's public face.

mod cli;
mod render;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
