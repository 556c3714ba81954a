//! How often places are named in diplomatic speech at large: the table behind salience.

use std::collections::BTreeMap;

use super::tables::rows;

/// Documents that the table was counted in.
const N_DOCUMENTS: f64 = 5421.0;

/// Documents that name a place which the table lacks: a place of a reader's own is taken to be rare.
const UNLISTED: f64 = 50.0;

/// Number of documents that name a place, by code or path.
pub(crate) fn counts() -> BTreeMap<&'static str, f64> {
    rows(include_str!("data/frequency.tsv"))
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(place, count)| Some((place, count.parse().ok()?)))
        .collect()
}

/// Inverse document frequency `ln(1 + N/df)`.
pub(crate) fn of(count: Option<&f64>) -> f64 {
    (1.0 + N_DOCUMENTS / count.copied().unwrap_or(UNLISTED)).ln()
}
