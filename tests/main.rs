//! The program through its front door, and the invariants that cut across its floors.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]
#![expect(clippy::string_slice, reason = "generated texts are ASCII where they are cut")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]
#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::format_push_string,
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    reason = "tests are read, not fast"
)]
#![expect(clippy::range_plus_one, reason = "1 + below(n) reads as the dice do")]

mod answers;
mod cite;
mod commands;
mod corpus;
mod crash;
mod damage;
mod expressions;
mod formats;
mod fuzzing;
mod golden;
mod hostile;
mod incremental;
mod kwic;
mod layers;
mod marks;
#[cfg(feature = "pdf")]
mod ocr;
mod readme;
mod relevance;
mod resources;
mod seed;
mod sidecars;
mod support;
mod tags;
mod understanding;
mod watch;
