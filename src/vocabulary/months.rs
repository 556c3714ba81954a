//! Month names in many languages, for reading dates.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::key;
use super::tables::rows;

/// A name of a month and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// ISO 639-1 code of a language that has the name.
    pub language: &'static str,
    /// The name as written in the table.
    pub name: &'static str,
    /// 1 to 12.
    pub number: u8,
}

/// All names, language by language in the order of the table.
pub fn all() -> impl Iterator<Item = Month> {
    rows(include_str!("data/months.tsv")).flat_map(|line| {
        let mut fields = line.split('\t');
        let language = fields.next().unwrap_or_default();
        fields.zip(1..).flat_map(move |(names, number)| {
            names.split('|').map(move |name| Month { language, name, number })
        })
    })
}

/// The month that a name means in any language, 1 to 12; case, accents and a final full stop do not
/// matter.
///
/// ```
/// use chancery::vocabulary::months::month_of;
/// assert_eq!(month_of("Février"), Some(2));
/// assert_eq!(month_of("Sept."), Some(9));
/// assert_eq!(month_of("сентября"), Some(9));
/// assert_eq!(month_of("Monday"), None);
/// ```
pub fn month_of(name: &str) -> Option<u8> {
    static MONTHS: OnceLock<BTreeMap<String, u8>> = OnceLock::new();
    let months = MONTHS.get_or_init(|| {
        // The first language that has a name wins: "listopad" is October in Croatian, not listed.
        let mut months = BTreeMap::new();
        for month in all() {
            months.entry(key(month.name)).or_insert(month.number);
        }
        months
    });
    months.get(&key(name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_twelve_months() {
        for language in ["en", "fr", "es", "pt", "it", "de", "nl", "ru", "pl", "tr", "ar", "zh"] {
            for number in 1..=12 {
                let found = all().any(|m| m.language == language && m.number == number);
                assert!(found, "{language} {number}");
            }
        }
    }

    #[test]
    fn a_name_never_means_two_months() {
        for month in all() {
            let other = all().find(|m| key(m.name) == key(month.name) && m.number != month.number);
            // "mart" is March in Turkish and in no other language another month; so with all.
            assert_eq!(other, None, "{} {}", month.language, month.name);
        }
    }
}
