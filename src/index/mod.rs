//! Documents to disk and back.
//!
//! What comes in: [`Document`](crate::document::Document)s. What goes out: an index folder, and
//! records, columns and postings read from it. The engine is named here, in `analysis` and in
//! `search` only; no type of it leaves the library.

mod beside;
mod blocks;
pub(crate) mod borders;
mod check;
mod deletion;
mod directory;
mod error;
#[cfg(test)]
pub(crate) mod faults;
mod flow;
mod frame;
mod inverted;
mod laying;
mod layout;
mod lists;
mod making;
mod manifest;
mod merging;
pub(crate) mod pairs;
mod prepare;
mod reader;
mod record;
pub(crate) mod schema;
mod stored;
mod terms;
mod writer;

pub(crate) use check::check;
pub use error::Error;
pub(crate) use frame::{Frame, Frequency, Kept, KeptCounts, Places, SpareCounts};
pub use manifest::{DocumentEntry, FileEntry, Manifest, Summary};
pub(crate) use prepare::{Prepared, Preparer, Preparing};
pub(crate) use reader::{Lead, Reader, Shared};
pub(crate) use writer::{Writer, sweep};

/// Version of the index format that this program writes and reads.
pub const FORMAT: u32 = schema::FORMAT;
