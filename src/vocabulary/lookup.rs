//! Names, codes and paths that a reader types, to what they mean.

use std::collections::BTreeMap;

use super::distance::nearest;
use super::{RegionKind, Vocabulary, key};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Country(usize),
    Region(usize),
}

/// Keys of names to what they name.
#[derive(Debug)]
pub(crate) struct Lookup {
    names: BTreeMap<String, Vec<Target>>,
    topics: BTreeMap<String, usize>,
}

impl Lookup {
    pub(crate) fn new(vocabulary: &Vocabulary) -> Self {
        let mut names: BTreeMap<String, Vec<Target>> = BTreeMap::new();
        let mut add = |name: &str, target| {
            let targets = names.entry(key(name)).or_default();
            if !targets.contains(&target) {
                targets.push(target);
            }
        };
        for (at, country) in vocabulary.countries().iter().enumerate() {
            let target = Target::Country(at);
            add(&country.code, target);
            add(&country.name, target);
            let foreign = country.foreign.iter().map(|(_, name)| name);
            let former = country.former.iter().map(|former| &former.name);
            let lists = [&country.also, &country.acronyms, &country.people, &country.lookup_only];
            for name in lists.into_iter().flatten().chain(foreign).chain(former) {
                add(name, target);
            }
            for (_, name) in &country.known_as {
                add(name, target);
            }
        }
        for (at, region) in vocabulary.regions().iter().enumerate() {
            let lists = [&region.also, &region.acronyms, &region.people];
            add(region.name(), Target::Region(at));
            for name in lists.into_iter().flatten() {
                add(name, Target::Region(at));
            }
        }
        for open in &vocabulary.traps().open {
            let at_country =
                |code: &String| vocabulary.countries().iter().position(|c| c.code == *code);
            let at_region =
                |path: &String| vocabulary.regions().iter().position(|r| r.path == *path);
            for name in open.names.iter().chain(&open.people) {
                for at in open.candidates.iter().filter_map(at_country) {
                    add(name, Target::Country(at));
                }
                if let Some(at) = open.region.as_ref().and_then(at_region) {
                    add(name, Target::Region(at));
                }
            }
        }
        // What a State was called once ("Soviet Union" of RUS) yields to the State of that name.
        for targets in names.values_mut() {
            let former = targets.iter().copied().find(|target| match target {
                Target::Country(at) => {
                    vocabulary.countries().get(*at).is_some_and(super::Country::is_former)
                }
                Target::Region(_) => false,
            });
            if let Some(former) = former {
                targets.retain(|target| *target == former || matches!(target, Target::Region(_)));
            }
        }
        let mut topics = BTreeMap::new();
        for (at, topic) in vocabulary.topics().iter().enumerate() {
            for name in [&topic.id, &topic.label].into_iter().chain(&topic.names) {
                topics.entry(key(name)).or_insert(at);
            }
        }
        Self { names, topics }
    }
}

impl Vocabulary {
    /// The countries that a code or name means, by code; several for a name that several States bear.
    /// Case and accents do not matter. A State that kept another's seat brings that one along: `RUS`
    /// means also `SUN`.
    ///
    /// ```
    /// use chancery::vocabulary::Vocabulary;
    /// let vocabulary = Vocabulary::builtin();
    /// assert_eq!(vocabulary.resolve_country("cote d'ivoire"), Some(vec!["CIV"]));
    /// assert_eq!(vocabulary.resolve_country("Russia"), Some(vec!["RUS", "SUN"]));
    /// assert_eq!(vocabulary.resolve_country("EU"), Some(vec!["EU"]));
    /// assert_eq!(vocabulary.resolve_country("Atlantis"), None);
    /// ```
    pub fn resolve_country(&self, value: &str) -> Option<Vec<&str>> {
        let mut codes = Vec::new();
        for target in self.targets(value) {
            match target {
                Target::Country(at) => {
                    let Some(country) = self.countries.get(at) else { continue };
                    codes.push(country.code.as_str());
                    codes.extend(self.continued(&country.code).map(|past| past.code.as_str()));
                }
                Target::Region(at) => {
                    codes.extend(self.regions.get(at).and_then(|region| region.code.as_deref()));
                }
            }
        }
        let mut seen = Vec::new();
        codes.retain(|code| {
            !seen.contains(code) && {
                seen.push(code);
                true
            }
        });
        (!codes.is_empty()).then_some(codes)
    }

    /// The region paths that a filter value means: a path of the tree, or any name or code in it.
    /// A cross-cutting region brings the paths of its countries along, a grouping only itself; the
    /// paths below a path are understood. Empty when the value is unknown.
    ///
    /// ```
    /// use chancery::vocabulary::Vocabulary;
    /// let vocabulary = Vocabulary::builtin();
    /// assert_eq!(vocabulary.resolve_region("eastern asia"), ["Asia/Eastern Asia"]);
    /// assert_eq!(vocabulary.resolve_region("CHN"), ["Asia/Eastern Asia/China"]);
    /// assert_eq!(vocabulary.resolve_region("Middle East/Iraq"), ["Asia/Western Asia/Iraq"]);
    /// assert_eq!(vocabulary.resolve_region("ASEAN"), ["ASEAN"]);
    /// ```
    pub fn resolve_region(&self, value: &str) -> Vec<String> {
        if let Some((above, last)) = value.trim_end_matches('/').rsplit_once('/') {
            let within = self.resolve_region(above);
            let targets = self.lookup().names.get(&key(last)).into_iter().flatten();
            let inside = targets.copied().filter(|target| {
                let path = self.path_of(*target);
                let member = matches!(target, Target::Country(at) if self.is_member(above, *at));
                member || within.iter().any(|wide| is_below(path, wide))
            });
            return self.paths(inside.collect());
        }
        self.paths(self.targets(value))
    }

    /// The region paths of which a question speaks that holds this name: those of
    /// [`Self::resolve_region`], a capital standing for its country, and with a country the former State
    /// that was governed from the same capital. Empty when the name is unknown.
    ///
    /// ```
    /// use chancery::vocabulary::Vocabulary;
    /// let vocabulary = Vocabulary::builtin();
    /// assert_eq!(vocabulary.places_asked("taipei"), ["Asia/Eastern Asia/Taiwan"]);
    /// assert!(vocabulary.places_asked("Serbia").contains(&"Europe/Southern Europe/Yugoslavia".into()));
    /// assert!(vocabulary.places_asked("Croatia").len() == 1);
    /// assert!(vocabulary.places_asked("mediation").is_empty());
    /// ```
    pub fn places_asked(&self, value: &str) -> Vec<String> {
        let mut targets = self.targets(value);
        let wanted = key(value);
        if targets.is_empty() {
            let countries = self.countries.iter().enumerate();
            let of_capital = countries.filter(|(_, country)| {
                country.capitals.iter().any(|capital| key(capital) == wanted)
            });
            targets.extend(of_capital.map(|(at, _)| Target::Country(at)));
        }
        let mut past = Vec::new();
        for target in &targets {
            let Target::Country(at) = target else { continue };
            let Some(country) = self.countries.get(*at) else { continue };
            for (at, former) in self.countries.iter().enumerate() {
                if former.is_former() && seats(former).any(|seat| seats(country).any(|s| s == seat))
                {
                    past.push(Target::Country(at));
                }
            }
        }
        past.retain(|target| !targets.contains(target));
        targets.extend(past);
        self.paths(targets)
    }

    /// The keys of all names that [`Self::places_asked`] knows.
    #[cfg(test)]
    pub(super) fn names_asked(&self) -> std::collections::BTreeSet<String> {
        let capitals = self.countries.iter().flat_map(|country| &country.capitals);
        let capitals = capitals.map(|capital| key(capital));
        self.lookup().names.keys().cloned().chain(capitals).collect()
    }

    /// The topic that a filter value means: an id or label, or another name of it.
    ///
    /// ```
    /// use chancery::vocabulary::Vocabulary;
    /// let vocabulary = Vocabulary::builtin();
    /// assert_eq!(vocabulary.resolve_topic("Human Rights"), Some("human-rights"));
    /// ```
    pub fn resolve_topic(&self, value: &str) -> Option<&str> {
        let at = self.lookup().topics.get(&key(value))?;
        self.topics.get(*at).map(|topic| topic.id.as_str())
    }

    /// The known name nearest to a mistyped region or country, written as in the tables.
    ///
    /// ```
    /// use chancery::vocabulary::Vocabulary;
    /// assert_eq!(Vocabulary::builtin().nearest_region("Soutern Asia"), Some("Southern Asia"));
    /// ```
    pub fn nearest_region(&self, value: &str) -> Option<&str> {
        let last = value.rsplit('/').next().unwrap_or(value);
        nearest(&key(last), self.spelled(true))
    }

    /// The known name or code nearest to a mistyped country, written as in the tables.
    pub fn nearest_country(&self, value: &str) -> Option<&str> {
        nearest(&key(value), self.spelled(false))
    }

    /// The id of the topic nearest to a mistyped one.
    pub fn nearest_topic(&self, value: &str) -> Option<&str> {
        let names = &self.lookup().topics;
        nearest(
            &key(value),
            names
                .iter()
                .filter_map(|(key, &at)| Some((key.as_str(), self.topics.get(at)?.id.as_str()))),
        )
    }

    fn spelled(&self, with_regions: bool) -> impl Iterator<Item = (&str, &str)> {
        self.lookup().names.iter().filter_map(move |(key, targets)| match *targets.first()? {
            Target::Country(at) => Some((key.as_str(), self.countries.get(at)?.name.as_str())),
            Target::Region(at) if with_regions => {
                Some((key.as_str(), self.regions.get(at)?.name()))
            }
            Target::Region(_) => None,
        })
    }

    fn targets(&self, value: &str) -> Vec<Target> {
        self.lookup().names.get(&key(value)).cloned().unwrap_or_default()
    }

    fn path_of(&self, target: Target) -> &str {
        let path = match target {
            Target::Country(at) => self.countries.get(at).map(|country| &country.path),
            Target::Region(at) => self.regions.get(at).map(|region| &region.path),
        };
        path.map_or("", String::as_str)
    }

    fn is_member(&self, region: &str, country: usize) -> bool {
        let Some(code) = self.countries.get(country).map(|country| &country.code) else {
            return false;
        };
        let targets = self.targets(region);
        targets.iter().any(|target| match target {
            Target::Region(at) => self
                .regions
                .get(*at)
                .is_some_and(|region| region.members.iter().any(|(member, _)| member == code)),
            Target::Country(_) => false,
        })
    }

    fn paths(&self, targets: Vec<Target>) -> Vec<String> {
        let mut paths: Vec<String> = Vec::new();
        for target in targets {
            paths.push(self.path_of(target).to_owned());
            match target {
                Target::Country(at) => {
                    let country = self.countries.get(at).into_iter();
                    let past = country.flat_map(|country| self.continued(&country.code));
                    paths.extend(past.map(|past| past.path.clone()));
                }
                Target::Region(at) => {
                    let region = self.regions.get(at).filter(|r| r.kind != RegionKind::Group);
                    let members = region.into_iter().flat_map(|region| region.members_in(None));
                    paths
                        .extend(members.filter_map(|code| self.region_of(code)).map(str::to_owned));
                }
            }
        }
        let mut seen = Vec::with_capacity(paths.len());
        for path in paths {
            if !seen.contains(&path) {
                seen.push(path);
            }
        }
        seen
    }

    fn continued<'v>(&'v self, code: &'v str) -> impl Iterator<Item = &'v super::Country> {
        self.countries.iter().filter(move |past| past.continued_by.as_deref() == Some(code))
    }
}

/// Cities from which a country is governed.
fn seats(country: &super::Country) -> impl Iterator<Item = &String> {
    country.capitals.iter().chain(&country.venues)
}

fn is_below(path: &str, wide: &str) -> bool {
    path.strip_prefix(wide).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_be_a_path_a_name_or_a_code() {
        let vocabulary = Vocabulary::builtin();
        for (value, expected) in [
            ("Asia", "Asia"),
            ("asia/eastern asia/china", "Asia/Eastern Asia/China"),
            ("Asia/China", "Asia/Eastern Asia/China"),
            ("Франция", "Europe/Western Europe/France"),
            ("Czechoslovakia", "Europe/Eastern Europe/Czechoslovakia"),
            ("soviet union", "Europe/Eastern Europe/Union of Soviet Socialist Republics"),
            ("Indian Ocean", "Indian Ocean"),
            ("OAU", "Organization of African Unity"),
            ("latin american", "Americas/Latin America and the Caribbean"),
        ] {
            assert_eq!(vocabulary.resolve_region(value), [expected], "{value}");
        }
    }

    #[test]
    fn a_cross_cutting_region_brings_its_countries() {
        let paths = Vocabulary::builtin().resolve_region("the middle east");
        assert_eq!(paths[0], "Middle East");
        assert!(paths.contains(&"Asia/Western Asia/Iraq".to_owned()));
    }

    #[test]
    fn what_is_unknown_is_empty() {
        let vocabulary = Vocabulary::builtin();
        for value in ["", "Atlantis", "Europe/China", "ASEAN/France", "/", "Asia/"] {
            let expected: &[&str] = if value == "Asia/" { &["Asia"] } else { &[] };
            assert_eq!(vocabulary.resolve_region(value), expected, "{value}");
        }
        assert_eq!(vocabulary.resolve_topic("astrology"), None);
    }

    #[test]
    fn the_nearest_name_is_offered() {
        let vocabulary = Vocabulary::builtin();
        assert_eq!(vocabulary.nearest_country("Portgual"), Some("Portugal"));
        assert_eq!(vocabulary.nearest_topic("human-rigths"), Some("human-rights"));
        assert_eq!(vocabulary.nearest_country("Q"), None);
    }

    #[test]
    fn an_open_name_means_all_it_may() {
        let vocabulary = Vocabulary::builtin();
        assert_eq!(vocabulary.resolve_country("Korea"), Some(vec!["KOR", "PRK"]));
        assert_eq!(vocabulary.resolve_country("Congo"), Some(vec!["COG", "COD"]));
    }
}
