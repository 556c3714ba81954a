//! What can be wrong with an entry of a table.

/// An entry of `chancery.toml` (or of a shipped table) that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no TOML, or has a key that no table knows.
    #[error("cannot read {table}: {message}")]
    Unreadable {
        /// File or part of it.
        table: String,
        /// What the parser says.
        message: String,
    },
    /// A new country without its name or region.
    #[error("country \"{code}\" is new and has no {key}; add {key} = \"…\"")]
    Incomplete {
        /// The country's code.
        code: String,
        /// The missing key.
        key: &'static str,
    },
    /// A code that is not three capital letters.
    #[error("\"{0}\" is not a country code; write three capital letters, such as \"FRA\"")]
    BadCode(String),
    /// A region path that no table defines.
    #[error(
        "{owner} lies in \"{path}\", which is no region; known ones look like \"Europe/Western Europe\""
    )]
    UnknownRegion {
        /// The entry that names it.
        owner: String,
        /// The unknown path.
        path: String,
    },
    /// A country code that no table defines.
    #[error("{owner} names the country \"{code}\", which no table has")]
    UnknownCountry {
        /// The entry that names it.
        owner: String,
        /// The unknown code.
        code: String,
    },
    /// A list of members with years that cannot be read.
    #[error(
        "{owner}: cannot read the member \"{member}\"; write \"CODE\", \"CODE 1973-\" or \"CODE 1973-2020\""
    )]
    BadMember {
        /// The entry that names it.
        owner: String,
        /// The member as written.
        member: String,
    },
    /// A date that is not written as ISO 8601.
    #[error("country \"{code}\": {message}")]
    BadDate {
        /// The country's code.
        code: String,
        /// What is wrong.
        message: String,
    },
    /// A new topic without its label.
    #[error("topic \"{0}\" is new and has no label; add label = \"…\"")]
    NoLabel(String),
    /// A parent that no table defines.
    #[error("topic \"{topic}\" has the parent \"{parent}\", which is no topic")]
    UnknownParent {
        /// The topic.
        topic: String,
        /// Its unknown parent.
        parent: String,
    },
    /// A threshold or a weight that is no usable number.
    #[error("topic \"{topic}\": {value} is no usable {what}")]
    BadNumber {
        /// The topic.
        topic: String,
        /// The number.
        value: String,
        /// "threshold" or "weight".
        what: &'static str,
    },
}
