//! Countries, territories and States of the past.

use super::tables::{Former, Tables};
use super::{Error, Region, Vocabulary};
use crate::document::Date;

/// First and last year of something, both included; `None` where there is no end.
pub type Years = (Option<i32>, Option<i32>);

/// A country, territory or State of the past with everything that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-3, or CSK, DDR, SUN, YMD, YUG and a few more for States of the past.
    pub code: String,
    /// English short name of M49.
    pub name: String,
    /// Path in the region tree, down to the country: `Europe/Western Europe/France`.
    pub path: String,
    /// Name to show for a date when it is not `name`.
    pub formal: Option<String>,
    /// Further names.
    pub also: Vec<String>,
    /// Short forms, written in capitals.
    pub acronyms: Vec<String>,
    /// Demonyms and adjectives.
    pub people: Vec<String>,
    /// Adjectives that only stand before a hyphen, such as "Sino".
    pub prefixes: Vec<String>,
    /// Capitals that stand for the government wherever they stand.
    pub capitals: Vec<String>,
    /// Capitals and houses of government that are also meeting places.
    pub venues: Vec<String>,
    /// Capitals of the past.
    pub former_capitals: Vec<Former>,
    /// Names of the past.
    pub former: Vec<Former>,
    /// What it was called before a date, oldest first, as `(first day of the next name, name)`;
    /// days as `yyyymmdd`.
    pub known_as: Vec<(i64, String)>,
    /// Names for filters only.
    pub lookup_only: Vec<String>,
    /// Names in other languages, as `(language, name)`.
    pub foreign: Vec<(String, String)>,
    /// First and last year of a State of the past.
    pub years: Option<(i32, i32)>,
    /// Codes of the States on its territory today.
    pub successors: Vec<String>,
    /// Code of the State that kept its seat.
    pub continued_by: Option<String>,
}

impl Country {
    /// Whether it is a State of the past.
    pub fn is_former(&self) -> bool {
        self.years.is_some()
    }

    /// The name of this State on a day, as the United Nations had it.
    pub fn name_on(&self, date: Date) -> &str {
        let day = date.range().first;
        let then = self.known_as.iter().find(|(until, _)| day < *until);
        match then {
            Some((_, name)) => name,
            None => self.formal.as_deref().unwrap_or(&self.name),
        }
    }
}

impl Vocabulary {
    /// The country with this code, in capitals.
    pub fn country(&self, code: &str) -> Option<&Country> {
        self.country_at(self.place_of_code(code)?)
    }

    /// The path of a country in the region tree.
    pub fn region_of(&self, code: &str) -> Option<&str> {
        self.place_of_code(code).map(|place| self.path_at(place))
    }

    /// What the State with this code was called at a date, by the name under which it sat in the
    /// United Nations: China's seat was Taipei's until 25 October 1971, Russia's the Soviet Union's
    /// until December 1991.
    ///
    /// ```
    /// use chancery::vocabulary::Vocabulary;
    /// let vocabulary = Vocabulary::builtin();
    /// let name = |code, date: &str| vocabulary.country_as_of(code, date.parse().unwrap());
    /// assert_eq!(name("CHN", "1969-09-20"), Some("Republic of China"));
    /// assert_eq!(name("RUS", "1985"), Some("Soviet Union"));
    /// assert_eq!(name("FRA", "1985"), Some("France"));
    /// assert_eq!(name("XXX", "1985"), None);
    /// ```
    pub fn country_as_of(&self, code: &str, date: Date) -> Option<&str> {
        let place = self.place_of_code(code)?;
        match self.country_at(place) {
            Some(country) => Some(country.name_on(date)),
            None => self.region_at(place).map(Region::name),
        }
    }
}

pub(crate) fn from_tables(tables: &Tables, regions: &[Region]) -> Result<Vec<Country>, Error> {
    let mut countries = Vec::with_capacity(tables.country.len());
    for entry in &tables.country {
        let code = entry.code.clone();
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Error::BadCode(code));
        }
        let Some(name) = entry.name.clone() else {
            return Err(Error::Incomplete { code, key: "name" });
        };
        let path = match &entry.region {
            None => name.clone(),
            Some(region) if regions.iter().any(|known| known.path == *region) => {
                format!("{region}/{name}")
            }
            Some(region) => {
                let owner = format!("country \"{code}\"");
                return Err(Error::UnknownRegion { owner, path: region.clone() });
            }
        };
        let mut known_as = Vec::with_capacity(entry.known_as.len());
        for then in &entry.known_as {
            let until: Date = then.until.parse().map_err(|e: crate::document::NotADate| {
                Error::BadDate { code: code.clone(), message: e.to_string() }
            })?;
            known_as.push((until.range().first, then.name.clone()));
        }
        known_as.sort();
        countries.push(Country {
            code,
            name,
            path,
            formal: entry.formal.clone(),
            also: entry.also.clone(),
            acronyms: entry.acronyms.clone(),
            people: entry.people.clone(),
            prefixes: entry.prefixes.clone(),
            capitals: entry.capitals.clone(),
            venues: entry.venues.clone(),
            former_capitals: entry.former_capitals.clone(),
            former: entry.former.clone(),
            known_as,
            lookup_only: entry.lookup_only.clone(),
            foreign: entry.foreign.clone(),
            years: entry.years.map(|[first, last]| (first, last)),
            successors: entry.successors.clone(),
            continued_by: entry.continued_by.clone(),
        });
    }
    for country in &countries {
        for code in country.successors.iter().chain(&country.continued_by) {
            if !countries.iter().any(|known| known.code == *code) {
                let owner = format!("country \"{}\"", country.code);
                return Err(Error::UnknownCountry { owner, code: code.clone() });
            }
        }
    }
    Ok(countries)
}
