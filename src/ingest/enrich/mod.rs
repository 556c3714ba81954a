//! What a document says of itself and speaks of: metadata, regions, topics.

pub mod collection;
pub mod date;
pub mod kind;
pub mod language;
pub mod metadata;
pub mod regions;
mod salience;
pub mod symbol;
pub mod tags;
pub mod topics;
