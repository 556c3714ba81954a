//! The program: flags in, results out. What it knows of searching is the library's public face.

// Nothing that a document or a query holds may end the program.
#![warn(clippy::indexing_slicing, clippy::expect_used, clippy::panic, clippy::unreachable)]

mod cli;
mod render;

use std::process::ExitCode;

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // A large page is cleared whole before the first byte of it is used, and most of it never is. The programs that
    // this one starts have small pages too.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    cli::run()
}
