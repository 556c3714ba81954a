#![doc = include_str!("SYNTAX.md")]
//!
//! # The module
//!
//! What comes in: the text that a reader typed. What goes out: a [`Query`], whose parts know where
//! they stand in that text, or an [`Error`] that marks the place and offers a query that works. It
//! knows no index: whether a word occurs, a regular expression is sound or a country exists is for
//! the search to say.
//!
//! Any text gets an answer: the reader never panics, recursion is bounded, and so is the work; see
//! [`limits`].

mod clauses;
mod error;
mod explain;
mod grammar;
mod lexer;
pub mod limits;
mod node;
mod parse;
mod print;
mod term;
#[cfg(test)]
mod tests;
mod tree;
mod value;
mod warning;

pub use error::{Error, ErrorKind};
pub use explain::explain;
pub use parse::{ParseOptions, Syntax};
pub use print::print;
pub use tree::{Field, Form, Item, Kind, Node, Query, Scope, Value, Warning};

/// The description of the query language, in Markdown: what `chancery help syntax` prints.
pub const SYNTAX: &str = include_str!("SYNTAX.md");
