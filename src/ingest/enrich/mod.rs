//! What a document says of itself and speaks of: metadata, regions, topics.

mod claims;
pub mod collection;
pub mod date;
mod garbled;
pub mod kind;
pub mod language;
pub mod metadata;
pub mod regions;
mod salience;
mod speech;
pub mod symbol;
pub mod tags;
pub mod topics;

pub use claims::Reason;
