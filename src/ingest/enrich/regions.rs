//! Places that a text names.
//!
//! What comes in: the words of a passage and what is known of its document. What goes out: every
//! place named, in order, each with the countries it may mean. The longest name wins ("Papua New
//! Guinea" is not Guinea, the Indian Ocean not India); names that several States bear are decided by
//! the document, or stay open; a name that is none ("Washington Irving") is passed over. What is not
//! named is not tagged: "my country" and the members of a grouping are not.

use std::collections::BTreeSet;

use crate::document::{Place, PlaceKind, Span};
use crate::vocabulary::{
    Case, Gap, Gazetteer, OpenEntry, PlaceId, Role, Sense, Token, Tokens, Use, Vocabulary, What,
};

/// What is known of a document when its passages are read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    /// Year of the document.
    pub year: Option<i32>,
    /// Code of the country whom its speaker or author represents.
    pub country: Option<String>,
    /// The countries that it names without doubt anywhere.
    pub named: BTreeSet<PlaceId>,
}

impl Context {
    /// Adds the countries that `mentions` name without doubt.
    pub fn learn(&mut self, vocabulary: &Vocabulary, mentions: &[Mention]) {
        for mention in mentions {
            if let What::Country(at) = mention.sense.what {
                self.named.insert(vocabulary.place_of_country(at));
            }
        }
    }
}

/// A name found in text, before the document decides what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands.
    pub span: Span,
    /// What it may mean.
    pub sense: Sense,
    /// Whether it counts as a mention; a venue ("in Vienna") does not, but tells about the document.
    pub counts: bool,
}

/// What a mention means, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The countries it may mean; none for seas, regions and groupings.
    pub countries: Vec<PlaceId>,
    /// The place in the tree: the country itself when there is one.
    pub region: Option<PlaceId>,
}

impl Meaning {
    fn country(country: PlaceId) -> Self {
        Self { countries: vec![country], region: Some(country) }
    }

    fn region(region: PlaceId) -> Self {
        Self { countries: Vec::new(), region: Some(region) }
    }
}

/// Finds places in text.
#[derive(Debug, Clone, Copy)]
pub struct Tagger<'v> {
    vocabulary: &'v Vocabulary,
    gazetteer: &'v Gazetteer,
}

impl<'v> Tagger<'v> {
    /// A tagger for these lists; making one costs nothing after the first.
    pub fn new(vocabulary: &'v Vocabulary) -> Self {
        Self { vocabulary, gazetteer: vocabulary.gazetteer() }
    }

    /// The places that `span` of `text` names, in order; `holes` are left out.
    pub fn tag_places(
        &self,
        text: &str,
        span: Span,
        holes: &[Span],
        context: &Context,
    ) -> Vec<Place> {
        let mut tokens = Tokens::new();
        tokens.read(self.gazetteer.words(), text, span, holes);
        let mut mentions = Vec::new();
        self.find(&tokens, context.year, &mut mentions);
        mentions.iter().filter_map(|mention| self.resolve(mention, context)).collect()
    }

    /// Adds the names among `tokens` to `mentions`, in order and without overlap.
    pub fn find(&self, tokens: &[Token], year: Option<i32>, mentions: &mut Vec<Mention>) {
        let places = self.gazetteer.places();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if !token.word.is_known() {
                at += 1;
                continue;
            }
            let holds = |sense: &Sense, length| {
                is_written_as(sense, tokens, at, length) && is_of_its_time(sense, year)
            };
            let Some((senses, length)) = places.longest(tokens, at, holds) else {
                at += 1;
                continue;
            };
            let mut fitting = senses.iter().filter(|sense| holds(sense, length));
            let first = fitting.next().copied();
            // A meaning bound to the years of the document is nearer than one without years.
            let dated = fitting.find(|sense| sense.years.0.is_some()).copied();
            if let Some(sense) = dated.or(first)
                && sense.what != What::Nothing
                && !self.is_person(tokens, at, length, sense)
                && !self.is_language(tokens, at, length, sense)
            {
                let last = tokens.get(at + length - 1).unwrap_or(token);
                let span = token.span.cover(last.span);
                let counts = sense.usage != Use::Venue || !self.is_venue(tokens, at, length);
                mentions.push(Mention { span, sense, counts });
            }
            at += length;
        }
    }

    /// A mention as a place of this document; `None` for venues and what stays open.
    pub fn resolve(&self, mention: &Mention, context: &Context) -> Option<Place> {
        let meant = self.meaning(mention, context)?;
        let codes = meant.countries.iter().filter_map(|&country| self.vocabulary.code_at(country));
        Some(Place {
            span: mention.span,
            countries: codes.map(str::to_owned).collect(),
            region: meant.region.map(|region| self.vocabulary.path_at(region).to_owned()),
            kind: mention.sense.kind,
        })
    }

    /// What a mention means in this document, by number; `None` for venues and what stays open.
    pub fn meaning(&self, mention: &Mention, context: &Context) -> Option<Meaning> {
        if !mention.counts {
            return None;
        }
        let vocabulary = self.vocabulary;
        match mention.sense.what {
            What::Nothing => None,
            What::Country(at) => Some(Meaning::country(vocabulary.place_of_country(at))),
            What::Region(at) => Some(Meaning::region(vocabulary.place_of_region(at))),
            What::Means(at) => {
                let entry = vocabulary.traps().means.get(at)?;
                let countries = self.places(entry.country.iter().chain(&entry.countries));
                let region =
                    entry.region.as_deref().and_then(|path| vocabulary.place_of_path(path));
                let region = region.or_else(|| self.common(&countries));
                Some(Meaning { countries, region })
            }
            What::Open(at) => {
                let meaning = self.decide(vocabulary.traps().open.get(at)?, context);
                (!meaning.countries.is_empty() || meaning.region.is_some()).then_some(meaning)
            }
        }
    }

    fn places<'c>(&self, codes: impl IntoIterator<Item = &'c String>) -> Vec<PlaceId> {
        codes.into_iter().filter_map(|code| self.vocabulary.place_of_code(code)).collect()
    }

    /// Decides an open name by the document: its own country, its years, what else it names.
    fn decide(&self, entry: &OpenEntry, context: &Context) -> Meaning {
        let region = entry.region.as_deref().and_then(|path| self.vocabulary.place_of_path(path));
        if entry.candidates.is_empty() {
            let (from, to) = (entry.from.unwrap_or(i32::MAX), entry.to.unwrap_or(i32::MIN));
            let in_years = context.year.is_some_and(|year| from <= year && year <= to);
            let is_cued = self.places(&entry.cues).iter().any(|cue| context.named.contains(cue));
            return Meaning {
                countries: Vec::new(),
                region: region.filter(|_| in_years || is_cued),
            };
        }
        if let (Some(until), Some(year)) = (entry.until, context.year)
            && year <= until
        {
            let before = self.places(&entry.before);
            return Meaning { region: self.common(&before).or(region), countries: before };
        }
        let countries = self.decided(entry, context);
        let region = match countries.as_slice() {
            [one] => Some(*one),
            [] => region,
            several => region.or_else(|| self.common(several)),
        };
        Meaning { countries, region }
    }

    fn decided(&self, entry: &OpenEntry, context: &Context) -> Vec<PlaceId> {
        let is_open = entry.open_years.is_none_or(|[first, last]| {
            context.year.is_some_and(|year| first <= year && year <= last)
        });
        let otherwise = self.places(&entry.otherwise);
        if !is_open {
            return otherwise;
        }
        let candidates = self.places(&entry.candidates);
        let own = context.country.as_deref().and_then(|code| self.vocabulary.place_of_code(code));
        if let Some(own) = own.filter(|own| candidates.contains(own)) {
            return vec![own];
        }
        let named: Vec<PlaceId> =
            candidates.iter().copied().filter(|place| context.named.contains(place)).collect();
        let is_one_of_several = candidates.len() > 1 && named.len() == 1;
        if is_one_of_several && !entry.own_only && !entry.venue {
            return named;
        }
        if !otherwise.is_empty() {
            return otherwise;
        }
        // A single candidate with a region beside it (Micronesia) must be named in full somewhere.
        if candidates.len() == 1 && entry.region.is_some() {
            return named;
        }
        candidates
    }

    /// The deepest place above all of these.
    fn common(&self, places: &[PlaceId]) -> Option<PlaceId> {
        let (first, rest) = places.split_first()?;
        let is_shared = |path: &&str| {
            rest.iter().all(|other| {
                Vocabulary::ancestors(self.vocabulary.path_at(*other)).any(|above| above == *path)
            })
        };
        let path =
            Vocabulary::ancestors(self.vocabulary.path_at(*first)).filter(is_shared).last()?;
        self.vocabulary.place_of_path(path)
    }

    /// Whether the name belongs to a person: "George Washington", "Israel Epstein".
    fn is_person(&self, tokens: &[Token], at: usize, length: usize, sense: Sense) -> bool {
        if length != 1 || !matches!(sense.kind, PlaceKind::Name | PlaceKind::Capital) {
            return false;
        }
        let is = |token: &Token, role| self.gazetteer.is(token.word, role);
        let Some(token) = tokens.get(at) else { return false };
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        if token.gap == Gap::Join
            && before.is_some_and(|before| before.capital && is(before, Role::GivenName))
        {
            return true;
        }
        let follows = tokens.get(at + 1);
        is(token, Role::AlsoGivenName)
            && !token.capitals
            && follows.is_some_and(|next| {
                let is_surname = next.capital && !next.capitals && !next.word.is_known();
                is_surname && next.gap == Gap::Join && !next.after_hyphen
            })
    }

    /// Whether an adjective names a language: "spoke in French", "Portuguese-speaking".
    fn is_language(&self, tokens: &[Token], at: usize, length: usize, sense: Sense) -> bool {
        if sense.kind != PlaceKind::Demonym {
            return false;
        }
        let is = |at: Option<usize>, role| {
            at.and_then(|at| tokens.get(at))
                .is_some_and(|token| self.gazetteer.is(token.word, role))
        };
        let spoken = is(at.checked_sub(1), Role::Preposition) && is(at.checked_sub(2), Role::Spoke);
        spoken || is(Some(at + length), Role::Speaking)
    }

    /// Whether a city is only where something happens ("in Vienna") or part of the name of an
    /// instrument or meeting ("Vienna Convention", "Treaty of Rome", "Paris Peace Conference").
    fn is_venue(&self, tokens: &[Token], at: usize, length: usize) -> bool {
        let is = |token: &Token, role| self.gazetteer.is(token.word, role);
        let Some(token) = tokens.get(at) else { return false };
        let before = |n: usize| at.checked_sub(n).and_then(|at| tokens.get(at));
        if token.gap == Gap::Join
            && let Some(previous) = before(1)
        {
            if is(previous, Role::Preposition) {
                return true;
            }
            if is(previous, Role::Of) && before(2).is_some_and(|token| is(token, Role::Instrument))
            {
                return true;
            }
        }
        tokens
            .iter()
            .skip(at + length)
            .take(3)
            .take_while(|next| next.gap == Gap::Join && next.capital)
            .any(|next| is(next, Role::Instrument))
    }
}

fn is_of_its_time(sense: &Sense, year: Option<i32>) -> bool {
    match (sense.years, year) {
        // Without a date a State of the past does not claim a capital that another has today.
        ((Some(_), _), None) => false,
        ((first, last), Some(year)) => {
            first.is_none_or(|first| first <= year) && last.is_none_or(|last| year <= last)
        }
        ((None, _), None) => true,
    }
}

fn is_written_as(sense: &Sense, tokens: &[Token], at: usize, length: usize) -> bool {
    let Some(token) = tokens.get(at) else { return false };
    let next = tokens.get(at + length);
    if sense.usage == Use::Prefix && !next.is_some_and(|next| next.after_hyphen) {
        return false;
    }
    match sense.case {
        Case::Any => true,
        Case::Capital => token.capital,
        Case::Capitals => {
            let name = tokens.get(at..at + length).unwrap_or_default();
            let is_short = name.iter().map(|token| token.span.len()).sum::<usize>() <= 2;
            name.iter().all(|token| token.capitals)
                && !(is_short && is_in_capitals(tokens, at, length))
        }
    }
}

/// Whether the words around are all in capitals too, so that `US` may be "us".
fn is_in_capitals(tokens: &[Token], at: usize, length: usize) -> bool {
    let is_loud = |token: &Token| token.capitals && token.span.len() > 1;
    let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(is_loud);
    let after = tokens.get(at + length).map(is_loud);
    matches!((before, after), (Some(true), Some(true) | None) | (None, Some(true)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn places(text: &str, year: Option<i32>, country: Option<&str>) -> Vec<Place> {
        let vocabulary = Vocabulary::builtin();
        let tagger = Tagger::new(vocabulary);
        let span = Span::new(0, text.len());
        let mut context =
            Context { year, country: country.map(str::to_owned), ..Context::default() };
        let mut tokens = Tokens::new();
        tokens.read(vocabulary.gazetteer().words(), text, span, &[]);
        let mut mentions = Vec::new();
        tagger.find(&tokens, year, &mut mentions);
        context.learn(vocabulary, &mentions);
        tagger.tag_places(text, span, &[], &context)
    }

    fn check_in(year: Option<i32>, country: Option<&str>, text: &str, expected: &[&str]) {
        let mut codes: Vec<String> =
            places(text, year, country).into_iter().flat_map(|place| place.countries).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes, expected, "{text}");
    }

    fn check(text: &str, expected: &[&str]) {
        check_in(None, None, text, expected);
    }

    fn check_regions(text: &str, expected: &[&str]) {
        let found = places(text, None, None);
        let paths: Vec<&str> = found.iter().filter_map(|place| place.region.as_deref()).collect();
        assert_eq!(paths, expected, "{text}");
    }

    #[test]
    fn the_longest_name_wins() {
        check("Guinea-Bissau left early", &["GNB"]);
        check("Papua New Guinea and Equatorial Guinea", &["GNQ", "PNG"]);
        check("the Democratic People's Republic of Korea", &["PRK"]);
        check("ships in the Indian Ocean and the South China Sea", &[]);
        check("Northern Ireland and Ireland", &["GBR", "IRL"]);
        check_regions(
            "the Gulf of Guinea, Guinea-Bissau and the Latin American States",
            &[
                "Gulf of Guinea",
                "Africa/Sub-Saharan Africa/Guinea-Bissau",
                "Americas/Latin America and the Caribbean",
            ],
        );
    }

    #[test]
    fn a_plural_that_is_a_name_of_its_own_is_no_other_name() {
        check("the Summit of the Americas", &[]);
        check("America and the American people", &["USA"]);
        check("the two Koreas and both Viet-Nams", &["KOR", "PRK", "VNM"]);
        check("the two German States", &["DDR", "DEU"]);
        check("New Mexican farmers", &[]);
        check_regions("the newly independent States of Africa", &["Africa"]);
        check_in(Some(1956), None, "Aden protested", &["YEM"]);
        check_in(Some(1975), None, "Aden protested", &["YMD"]);
    }

    #[test]
    fn a_possessive_or_a_line_end_is_no_obstacle() {
        check("Israel's neighbours; Malta’s harbour", &["ISR", "MLT"]);
        check("Timor-\nLeste and Viet- Nam", &["TLS", "VNM"]);
        check("the Czecho-\nslovak proposal", &["CSK"]);
        check("ST LUCIA AND ST. LUCIA", &["LCA"]);
    }

    #[test]
    fn us_is_not_the_united_states() {
        check("Let us turn to turkey and china cups", &[]);
        check("The US and the U.S. Congress", &["USA"]);
        check("LET US UNITE", &[]);
    }

    #[test]
    fn a_person_is_no_place() {
        check("George Washington met Israel Epstein", &[]);
        check("King Hussein of Jordan", &["JOR"]);
    }

    #[test]
    fn a_capital_speaks_for_its_government_unless_it_is_a_venue() {
        check("Paris protested", &["FRA"]);
        check("They met in Paris on the Paris Agreement and the Treaty of Rome", &[]);
        check_in(Some(1968), None, "Prague refused", &["CSK"]);
        check_in(Some(1998), None, "Prague refused", &["CZE"]);
    }

    #[test]
    fn a_language_is_no_people() {
        check("(spoke in French; interpretation from Russian)", &[]);
        check("Portuguese-speaking members", &[]);
    }

    #[test]
    fn the_document_decides_open_names() {
        check("the Congo", &["COD", "COG"]);
        check("the Congo: Kinshasa answered", &["COD"]);
        check_in(None, Some("COG"), "the Congo", &["COG"]);
        check_in(Some(1961), None, "the Republic of China", &["TWN"]);
        check_in(Some(1945), None, "the Republic of China", &["CHN"]);
        check("the People's Republic of China", &["CHN"]);
        check_regions("the Korean war", &["Korean Peninsula"]);
        check_regions("peace in the Gulf", &[]);
    }

    #[test]
    fn other_languages_are_known_by_name() {
        check("la Côte d’Ivoire et l’Allemagne", &["CIV", "DEU"]);
        check("делегация России и Франции", &["FRA", "RUS"]);
        check("وفد الأردن ومصر", &["EGY", "JOR"]);
        check("中国和法国", &["CHN", "FRA"]);
    }

    #[test]
    fn holes_are_read_over() {
        let text = "South 17 Africa";
        let tagger = Tagger::new(Vocabulary::builtin());
        let hole = Span::new(6, 8);
        let found = tagger.tag_places(text, Span::new(0, text.len()), &[hole], &Context::default());
        assert_eq!(
            found.first().map(|place| place.countries.clone()),
            Some(vec!["ZAF".to_owned()])
        );
    }

    proptest! {
        #[test]
        fn places_lie_in_order_on_letter_boundaries(text in "([a-zA-Zé中م .,'-]|Chad|Mali |US)*") {
            let mut end = 0;
            for place in places(&text, Some(1990), None) {
                prop_assert!(place.span.slice(&text).is_some());
                prop_assert!(place.span.start >= end);
                end = place.span.end;
            }
        }
    }
}
