//! Documents to disk and back.
//!
//! What comes in: [`Document`](crate::document::Document)s. What goes out: an index folder, and
//! records, columns and postings read from it. The engine is named here, in `analysis` and in
//! `search` only; no type of it leaves the library.

mod beside;
mod blocks;
pub(crate) mod borders;
mod check;
mod directory;
mod error;
#[cfg(test)]
pub(crate) mod faults;
mod flow;
mod frame;
mod layout;
mod manifest;
mod merging;
mod packed;
pub(crate) mod pairs;
mod reader;
mod record;
pub(crate) mod schema;
mod writer;

pub(crate) use check::check;
pub use error::Error;
pub(crate) use frame::{Frame, Frequency, Kept, Places};
pub use manifest::{DocumentEntry, FileEntry, Manifest, Summary};
pub(crate) use reader::Reader;
pub(crate) use schema::Fields;
pub(crate) use writer::{Prepared, Writer, prepare, sweep};

/// Version of the index format that this program writes and reads.
pub const FORMAT: u32 = schema::FORMAT;
