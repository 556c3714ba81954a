//! One number for every country and region, for counting.

use super::{Country, Region, RegionKind, Vocabulary};

/// A country or region of the lists, by number: countries first, then regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(u32);

impl Vocabulary {
    /// The country or grouping with this code, in capitals.
    pub fn place_of_code(&self, code: &str) -> Option<PlaceId> {
        self.by_code.get(code).copied()
    }

    /// The country or region with this path.
    pub fn place_of_path(&self, path: &str) -> Option<PlaceId> {
        self.by_path.get(path).copied()
    }

    /// The country with this number in [`Vocabulary::countries`].
    pub fn place_of_country(&self, at: usize) -> PlaceId {
        PlaceId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The region with this number in [`Vocabulary::regions`].
    pub fn place_of_region(&self, at: usize) -> PlaceId {
        self.place_of_country(self.countries.len() + at)
    }

    /// The country, if the place is one.
    pub fn country_at(&self, place: PlaceId) -> Option<&Country> {
        self.countries.get(place.0 as usize)
    }

    /// The region, if the place is one.
    pub fn region_at(&self, place: PlaceId) -> Option<&Region> {
        (place.0 as usize).checked_sub(self.countries.len()).and_then(|at| self.regions.get(at))
    }

    /// The path of a place in the region tree.
    pub fn path_at(&self, place: PlaceId) -> &str {
        match (self.country_at(place), self.region_at(place)) {
            (Some(country), _) => &country.path,
            (None, Some(region)) => &region.path,
            (None, None) => "",
        }
    }

    /// The code of a country, or of a grouping that has one.
    pub fn code_at(&self, place: PlaceId) -> Option<&str> {
        match self.country_at(place) {
            Some(country) => Some(&country.code),
            None => self.region_at(place).and_then(|region| region.code.as_deref()),
        }
    }

    /// The M49 regions to tag along with a place.
    pub fn homes_at(&self, place: PlaceId) -> &[PlaceId] {
        self.homes.get(place.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The M49 sub-region that a place is or lies in; none for what cuts across.
    pub fn theatre_at(&self, place: PlaceId) -> Option<PlaceId> {
        self.theatres.get(place.0 as usize).copied().flatten()
    }

    /// The countries in a region, now and in the past, by number.
    pub fn countries_in(&self, region: PlaceId) -> Vec<PlaceId> {
        let path = self.path_at(region);
        let members = self.region_at(region).into_iter().flat_map(|known| known.members_in(None));
        let mut inside: Vec<PlaceId> =
            members.filter_map(|code| self.place_of_code(code)).collect();
        if inside.is_empty() && self.theatre_at(region).is_some() {
            let places = (0..self.countries.len()).map(|at| self.place_of_country(at));
            inside.extend(places.filter(|place| self.path_at(*place).starts_with(path)));
        }
        inside
    }

    /// The State that kept the seat of a State of the past. A mere successor may have stood beside it,
    /// as the two German States did.
    pub fn continuation_at(&self, place: PlaceId) -> Option<PlaceId> {
        self.place_of_code(self.country_at(place)?.continued_by.as_ref()?)
    }

    /// Whether one is a State of the past and the other lies on its ground.
    pub fn share_ground(&self, a: PlaceId, b: PlaceId) -> bool {
        let holds = |past: PlaceId, place: PlaceId| {
            let (Some(past), Some(code)) = (self.country_at(past), self.code_at(place)) else {
                return false;
            };
            past.successors.iter().any(|successor| successor == code)
        };
        holds(a, b) || holds(b, a)
    }

    /// Inverse document frequency `ln(1 + N/df)` of a place in diplomatic speech at large, from a table
    /// that ships with the program: tags must not depend on what else is in the index.
    pub fn rarity_at(&self, place: PlaceId) -> f64 {
        self.rarities.get(place.0 as usize).copied().unwrap_or(0.0)
    }

    /// Fills the indexes by code, path and number.
    pub(crate) fn number_places(&mut self) {
        let counts = super::rarity::counts();
        for (at, country) in self.countries.iter().enumerate() {
            let place = self.place_of_country(at);
            self.by_code.insert(country.code.clone(), place);
            self.by_path.insert(country.path.clone(), place);
            self.rarities.push(super::rarity::of(counts.get(country.code.as_str())));
        }
        for (at, region) in self.regions.iter().enumerate() {
            let place = self.place_of_region(at);
            if let Some(code) = &region.code {
                self.by_code.insert(code.clone(), place);
            }
            self.by_path.insert(region.path.clone(), place);
            self.rarities.push(super::rarity::of(counts.get(region.path.as_str())));
        }
        self.homes = vec![Vec::new(); self.countries.len()];
        for region in &self.regions {
            let homes = region.home.iter().filter_map(|path| self.place_of_path(path));
            self.homes.push(homes.collect());
        }
        let n_places = self.countries.len() + self.regions.len();
        let theatre = |at| {
            let steps = Self::ancestors(self.path_at(self.place_of_country(at)));
            let place = self.place_of_path(steps.skip(1).take(1).next()?)?;
            let known = self.region_at(place)?;
            (known.kind == RegionKind::Geographical).then_some(place)
        };
        self.theatres = (0..n_places).map(theatre).collect();
    }
}
