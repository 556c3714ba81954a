//! How often places are named in diplomatic speech at large: the table behind salience.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::Vocabulary;
use super::tables::rows;

/// Documents that the table was counted in.
const N_DOCUMENTS: f64 = 5421.0;

/// Documents that name a place which the table lacks: a place of a reader's own is taken to be rare.
const UNLISTED: f64 = 50.0;

impl Vocabulary {
    /// Inverse document frequency `ln(1 + N/df)` of a country (by code) or region (by path), from a
    /// table that ships with the program: tags must not depend on what else is in the index.
    pub fn rarity(&self, code_or_path: &str) -> f64 {
        static COUNTS: OnceLock<BTreeMap<&'static str, f64>> = OnceLock::new();
        let counts = COUNTS.get_or_init(|| {
            rows(include_str!("data/frequency.tsv"))
                .filter_map(|line| line.split_once('\t'))
                .filter_map(|(place, count)| Some((place, count.parse().ok()?)))
                .collect()
        });
        let count = counts.get(code_or_path).copied().unwrap_or(UNLISTED);
        (1.0 + N_DOCUMENTS / count).ln()
    }
}
