//! The table `documents.csv`: a row states values of the documents that it is joined to.
//!
//! Comes in: the table's text. Goes out: rows by the path, the symbol, or country and year of
//! documents. A row's hash changes when what it states changes, and not when the row moves.

use std::collections::HashMap;

use super::{csv, hash_of, key};
use crate::document::{Origin, Problem, Ties};
use crate::ingest::extract::block::{Key, Value};

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Its rows, in order.
    pub rows: Vec<Row>,
    /// What a reader should know of it.
    pub problems: Vec<Problem>,
    by: Vec<Join>,
    index: HashMap<Vec<String>, usize>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the table, from 1.
    pub line: usize,
    /// What it is joined by, as written.
    pub joined_by: String,
    /// What it states.
    pub values: Vec<Value>,
    /// Changes when what it states does.
    pub hash: String,
}

/// What a table is joined by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    Path,
    File,
    Symbol,
    Country,
    Year,
}

impl Join {
    const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::File => "file",
            Self::Symbol => "symbol",
            Self::Country => "country",
            Self::Year => "year",
        }
    }

    /// A key as it is compared.
    fn normal(self, text: &str) -> String {
        match self {
            Self::Path => text.replace('\\', "/").trim_start_matches("./").to_owned(),
            Self::File | Self::Year => text.to_owned(),
            Self::Symbol => text.split_whitespace().collect::<String>().to_uppercase(),
            Self::Country => text.to_uppercase(),
        }
    }

    fn of(self, path: &str, ties: &Ties) -> Option<String> {
        let found = match self {
            Self::Path => Some(path.to_owned()),
            Self::File => path.rsplit('/').next().map(str::to_owned),
            Self::Symbol => ties.symbol.clone(),
            Self::Country => ties.country.clone(),
            Self::Year => ties.year.map(|year| year.to_string()),
        };
        found.map(|text| self.normal(&text))
    }
}

impl Table {
    /// Reads a table. `code` tells the code of a country by its name.
    ///
    /// The first row names the columns. A table is joined by `path` where it has that column, else
    /// by `file`, else by `symbol`, else by `country` and `year` together; the others state values.
    pub fn read(bytes: &[u8], code: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut table = Self::default();
        let Ok(text) = std::str::from_utf8(bytes) else {
            table.tell("is not in UTF-8; it was not used".to_owned());
            return table;
        };
        let records = match csv::read(text) {
            Ok(records) => records,
            Err(line) => {
                table.tell(format!(
                    "line {line} opens a quotation that is never closed; the table was not used"
                ));
                return table;
            }
        };
        let mut records = records.into_iter();
        let Some(head) = records.next() else {
            table.tell("has no rows".to_owned());
            return table;
        };
        let names: Vec<String> =
            head.fields.iter().map(|name| name.trim().to_lowercase()).collect();
        let place = |join: Join| names.iter().position(|name| name == join.name());
        let choices: [&[Join]; 4] =
            [&[Join::Path], &[Join::File], &[Join::Symbol], &[Join::Country, Join::Year]];
        let by = choices.into_iter().find(|by| by.iter().all(|join| place(*join).is_some()));
        let Some(by) = by else {
            table.tell(
                "has no column \"path\", \"file\" or \"symbol\", nor both \"country\" and \"year\"; \
                 it was not used"
                    .to_owned(),
            );
            return table;
        };
        table.by = by.to_vec();
        let joined: Vec<(Join, usize)> =
            by.iter().filter_map(|join| Some((*join, place(*join)?))).collect();
        let is_joined = |column: usize| joined.iter().any(|(_, place)| *place == column);
        let mut keys: Vec<Option<Key>> = Vec::new();
        for (column, name) in names.iter().enumerate() {
            let known = key(name).filter(|_| !is_joined(column));
            if known.is_none() && !is_joined(column) {
                table.tell(format!("its column \"{name}\" is none that is known; it was not used"));
            }
            keys.push(known);
        }
        for record in records {
            let field = |place: usize| record.fields.get(place).map_or("", String::as_str);
            if record.fields.len() != names.len() {
                table.tell(format!(
                    "line {} has {} fields, not {}",
                    record.line,
                    record.fields.len(),
                    names.len()
                ));
            }
            let written: Vec<&str> = joined.iter().map(|(_, place)| field(*place)).collect();
            if written.iter().any(|part| part.is_empty()) {
                table.tell(format!("line {} names no document; it was not used", record.line));
                continue;
            }
            let normal: Vec<String> = joined
                .iter()
                .zip(&written)
                .map(|((join, _), text)| match join {
                    Join::Country => code(text).unwrap_or_else(|| join.normal(text)),
                    _ => join.normal(text),
                })
                .collect();
            let values: Vec<Value> = keys
                .iter()
                .enumerate()
                .filter_map(|(column, key)| {
                    let text = field(column);
                    // An empty field says nothing; `-` says that there is none.
                    let text =
                        if text == "-" { "" } else { Some(text).filter(|t| !t.is_empty())? };
                    Some(Value { key: (*key)?, text: text.to_owned(), origin: Origin::Sidecar })
                })
                .collect();
            let stated = values.iter().flat_map(|value| [key_name(value.key), &value.text]);
            let row = Row {
                line: record.line,
                joined_by: written.join(", "),
                hash: hash_of(stated),
                values,
            };
            if let Some(first) = table.index.get(&normal).and_then(|at| table.rows.get(*at)) {
                let first = first.line;
                table.tell(format!(
                    "line {} is of the same document as line {first}; it was not used",
                    row.line
                ));
                continue;
            }
            table.index.insert(normal, table.rows.len());
            table.rows.push(row);
        }
        table
    }

    fn tell(&mut self, message: String) {
        self.problems.push(Problem::new(message));
    }

    /// Which row states something of the document at `path`, which counts from the table's folder.
    pub fn place_of(&self, path: &str, ties: &Ties) -> Option<usize> {
        let keys: Option<Vec<String>> = self.by.iter().map(|join| join.of(path, ties)).collect();
        self.index.get(&keys?).copied().filter(|_| !self.by.is_empty())
    }

    /// What the columns are that it is joined by, in words.
    pub fn joined_by(&self) -> String {
        self.by.iter().map(|join| join.name()).collect::<Vec<_>>().join(" and ")
    }
}

/// Tells values apart in a hash.
const fn key_name(key: Key) -> &'static str {
    match key {
        Key::Title => "title",
        Key::Speaker => "speaker",
        Key::Role => "role",
        Key::Country => "country",
        Key::Date => "date",
        Key::Year => "year",
        Key::Language => "language",
        Key::OriginalLanguage => "original_language",
        Key::Collection => "collection",
        Key::Kind => "type",
        Key::Symbol => "symbol",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        Table::read(text.as_bytes(), &|name| (name == "France").then(|| "FRA".to_owned()))
    }

    #[test]
    fn rows_are_joined_by_path_symbol_or_country_and_year() {
        let ties = Ties {
            country: Some("FRA".to_owned()),
            year: Some(1957),
            symbol: Some("A/RES/1(I)".to_owned()),
            ..Ties::default()
        };
        for (text, by) in [
            ("path,title\nb.txt,No\n./a\\x.txt,Yes\n", "path"),
            ("title,file\nYes,x.txt\n", "file"),
            ("symbol,title\na/res/1 (I),Yes\n", "symbol"),
            ("country,year,title\nFrance,1957,Yes\nFRA,1958,No\n", "country and year"),
        ] {
            let table = table(text);
            assert_eq!(table.joined_by(), by);
            let row = table.place_of("a/x.txt", &ties).and_then(|at| table.rows.get(at)).unwrap();
            let values: Vec<&str> = row.values.iter().map(|value| value.text.as_str()).collect();
            assert_eq!(values, ["Yes"], "{text}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        for (text, message) in [
            ("title\nx\n", "has no column"),
            ("path,mood\nx,y\n", "\"mood\""),
            ("path,title\nx,y\nx,z\n", "same document as line 2"),
            ("path,title\nx\n", "has 1 fields, not 2"),
            ("path,title\n,y\n", "names no document"),
            ("path,title\n\"x,y\n", "never closed"),
            ("", "no rows"),
        ] {
            let problems = table(text).problems;
            assert!(problems.iter().any(|p| p.message.contains(message)), "{text}: {problems:?}");
        }
    }

    #[test]
    fn a_row_that_moves_stays_the_same() {
        let (a, b) = (table("path,title\nx,y\nv,w\n"), table("path,title\nv,w\n\nx,y\n"));
        assert_eq!(a.rows[0].hash, b.rows[1].hash);
        assert_ne!(a.rows[0].hash, a.rows[1].hash);
        assert_ne!(table("path,title\nx,z\n").rows[0].hash, a.rows[0].hash);
    }
}
