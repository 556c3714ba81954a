//! Regions, seas and groupings: the tree and what lies in it.

use super::tables::Tables;
use super::{Country, Error, Vocabulary, Years};

/// What sort of place a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A geographical region of M49, part of the main tree.
    Geographical,
    /// A region that cuts across the main tree, or lies within a part of it: Sahel, Kashmir.
    Crossing,
    /// A sea, gulf, strait, canal or river.
    Sea,
    /// A grouping of States.
    Group,
}

/// A region, sea or grouping with everything that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Path in the tree.
    pub path: String,
    /// What sort of place it is.
    pub kind: Kind,
    /// Code, of the few groupings that speak in their own name: `EU`.
    pub code: Option<String>,
    /// Further names.
    pub also: Vec<String>,
    /// Short forms, written in capitals.
    pub acronyms: Vec<String>,
    /// Adjectives and inhabitants.
    pub people: Vec<String>,
    /// Adjectives that only stand before a hyphen, such as "Afro".
    pub prefixes: Vec<String>,
    /// M49 regions it lies in, tagged along with it.
    pub home: Vec<String>,
    /// Countries in it, with the years of their membership.
    pub members: Vec<(String, Years)>,
    /// First and last year of a grouping.
    pub years: Years,
}

impl Region {
    /// The last step of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Codes of the members in a year; all that ever were for `None`.
    pub fn members_in(&self, year: Option<i32>) -> impl Iterator<Item = &str> {
        self.members
            .iter()
            .filter(move |(_, years)| year.is_none_or(|year| holds(*years, year)))
            .map(|(code, _)| code.as_str())
    }
}

pub(crate) fn holds((first, last): Years, year: i32) -> bool {
    first.is_none_or(|first| first <= year) && last.is_none_or(|last| year <= last)
}

impl Vocabulary {
    /// The region, sea or grouping with this path.
    pub fn region(&self, path: &str) -> Option<&Region> {
        self.region_at(self.place_of_path(path)?)
    }

    /// The path itself and all above it, the widest first.
    ///
    /// ```
    /// use chancery::vocabulary::Vocabulary;
    /// let steps: Vec<_> = Vocabulary::ancestors("Asia/Eastern Asia/China").collect();
    /// assert_eq!(steps, ["Asia", "Asia/Eastern Asia", "Asia/Eastern Asia/China"]);
    /// ```
    pub fn ancestors(path: &str) -> impl Iterator<Item = &str> {
        let cuts = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        cuts.filter_map(move |at| path.get(..at))
    }

    /// The members of a grouping (or the countries of a region) in a year, by code; all that ever
    /// were members for `None`.
    pub fn members(&self, path: &str, year: Option<i32>) -> Vec<&str> {
        self.region(path).map(|region| region.members_in(year).collect()).unwrap_or_default()
    }
}

pub(crate) fn from_tables(tables: &Tables) -> Result<Vec<Region>, Error> {
    let mut regions = Vec::with_capacity(tables.region.len() + tables.group.len());
    let geographical = ["Africa", "Americas", "Asia", "Europe", "Oceania"];
    for entry in &tables.region {
        let top = entry.path.split('/').next().unwrap_or_default();
        let kind = match entry.kind.as_deref() {
            Some("sea") => Kind::Sea,
            _ if geographical.contains(&top) => Kind::Geographical,
            _ => Kind::Crossing,
        };
        regions.push(Region {
            path: entry.path.clone(),
            kind,
            code: None,
            also: entry.also.clone(),
            acronyms: Vec::new(),
            people: entry.people.clone(),
            prefixes: entry.prefixes.clone(),
            home: entry.home.clone(),
            members: Vec::new(),
            years: (None, None),
        });
    }
    for entry in &tables.group {
        regions.push(Region {
            path: entry.path.clone(),
            kind: Kind::Group,
            code: entry.code.clone(),
            also: entry.also.clone(),
            acronyms: entry.acronyms.clone(),
            people: entry.people.clone(),
            prefixes: Vec::new(),
            home: entry.home.clone(),
            members: Vec::new(),
            years: (entry.years.first().copied(), entry.years.get(1).copied()),
        });
    }
    for region in &regions {
        let parents = Vocabulary::ancestors(&region.path).filter(|path| *path != region.path);
        for path in parents.chain(region.home.iter().map(String::as_str)) {
            if !regions.iter().any(|known| known.path == path) {
                let owner = format!("region \"{}\"", region.path);
                return Err(Error::UnknownRegion { owner, path: path.to_owned() });
            }
        }
    }
    Ok(regions)
}

/// Reads the lists of members, once the countries are known.
pub(crate) fn resolve_members(
    regions: &mut [Region],
    countries: &[Country],
    tables: &Tables,
) -> Result<(), Error> {
    let of_regions = tables.region.iter().map(|entry| (&entry.path, &entry.members));
    let of_groups = tables.group.iter().map(|entry| (&entry.path, &entry.members));
    for (region, (path, members)) in regions.iter_mut().zip(of_regions.chain(of_groups)) {
        let owner = || format!("\"{path}\"");
        for member in members {
            let parsed = parse_member(member);
            let Some((code, years)) = parsed else {
                return Err(Error::BadMember { owner: owner(), member: member.clone() });
            };
            if !countries.iter().any(|country| country.code == code) {
                return Err(Error::UnknownCountry { owner: owner(), code: code.to_owned() });
            }
            let years = if years == (None, None) { region.years } else { years };
            region.members.push((code.to_owned(), years));
        }
    }
    Ok(())
}

fn parse_member(member: &str) -> Option<(&str, Years)> {
    let Some((code, years)) = member.split_once(' ') else {
        return Some((member, (None, None)));
    };
    let (first, last) = years.split_once('-')?;
    let last = if last.is_empty() { None } else { Some(last.parse().ok()?) };
    Some((code, (Some(first.parse().ok()?), last)))
}
