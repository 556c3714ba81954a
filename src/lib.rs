//! Full-text search for diplomatic documents: a folder is understood, cut into passages and indexed;
//! queries give ranked passages with exact highlights, narrowed by section, region, topic and more.
//!
//! The floors, from the ground up: [`document`] (the nouns), [`vocabulary`] (controlled lists),
//! [`analysis`] (text to tokens), [`query`] (typed words to a tree), [`ingest`] (files to
//! documents), [`index`] (documents to disk), [`search`] (a query to ranked passages), and
//! [`Corpus`], which joins them.

// Nothing that a document or a query holds may end the program.
#![warn(clippy::indexing_slicing, clippy::expect_used, clippy::panic, clippy::unreachable)]

pub mod analysis;
mod corpus;
pub mod document;
pub mod index;
pub mod ingest;
pub mod query;
pub mod search;
pub mod vocabulary;

#[cfg(feature = "watch")]
pub use corpus::Watched;
pub use corpus::{
    Corpus, Error, Progress, Project, Report as IndexReport, Request as IndexRequest, Shown,
};
