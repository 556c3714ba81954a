//! Queries as trees of our own, written as text for the program and evaluated word by word.
//!
//! The meaning is that of `SYNTAX.md`; pairs are listed one by one, nothing is skipped.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Display};

use chancery::analysis::wordlist::is_word;

use super::words::{Form, Page, base, stem, words_of};

/// How a word of the text is recognised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Test {
    /// Any form of one of these stems.
    Stems(Vec<String>),
    Exact(String),
    /// The form with its `'s`.
    Possessive(String),
    /// The form in capitals.
    Capitals(String),
    /// `*` and `?`.
    Wild(String),
    Regex(String),
    Fuzzy(String, usize),
}

impl Test {
    pub(crate) fn stemmed(word: &str) -> Self {
        let folded = base(word);
        Self::Stems(vec![stem(&folded), folded])
    }

    pub(crate) fn accepts(&self, form: &Form) -> bool {
        let whole = form.parts.is_empty() || form.broken;
        match self {
            Self::Stems(stems) => stems.contains(&form.stem),
            Self::Exact(word) => whole && form.folded == *word,
            Self::Possessive(word) => whole && form.folded == *word && form.possessive,
            // `NATO's` is one, `WHO's` may be no name.
            Self::Capitals(word) => {
                form.capitals.as_ref() == Some(word)
                    && !(form.possessive && is_word(&word.to_lowercase()))
            }
            Self::Wild(_) | Self::Regex(_) | Self::Fuzzy(..) => {
                let hyphenated = form.parts.join("-");
                let fits = whole && self.fits(&form.folded)
                    || !form.parts.is_empty() && self.has_hyphen() && self.fits(&hyphenated);
                fits && !form.parts.iter().any(|part| self.fits(part))
            }
        }
    }

    fn has_hyphen(&self) -> bool {
        match self {
            Self::Wild(text) | Self::Regex(text) => text.contains('-'),
            _ => false,
        }
    }

    fn fits(&self, word: &str) -> bool {
        let chars: Vec<char> = word.chars().collect();
        match self {
            Self::Wild(text) => {
                let regex: String = text
                    .chars()
                    .map(|c| match c {
                        '*' => ".*".to_owned(),
                        '?' => ".".to_owned(),
                        c => c.to_string(),
                    })
                    .collect();
                fits_regex(&regex, &chars)
            }
            Self::Regex(text) => fits_regex(text, &chars),
            Self::Fuzzy(wanted, most) => {
                let wanted: Vec<char> = wanted.chars().collect();
                wanted.len().abs_diff(chars.len()) <= *most && faults(&wanted, &chars) <= *most
            }
            _ => false,
        }
    }
}

/// All tests, so that a word is held against those alone that may accept it.
pub(crate) struct Table<'t> {
    by_stem: HashMap<&'t str, Vec<(&'t Test, usize)>>,
    by_word: HashMap<&'t str, Vec<(&'t Test, usize)>>,
    patterns: Vec<(&'t Test, usize)>,
}

impl<'t> Table<'t> {
    pub(crate) fn new(tests: &'t BTreeMap<Test, usize>) -> Self {
        let (mut by_stem, mut by_word) = (HashMap::new(), HashMap::new());
        let mut patterns = Vec::new();
        for (test, number) in tests {
            match test {
                Test::Stems(stems) => {
                    let stems: BTreeSet<&str> = stems.iter().map(String::as_str).collect();
                    for stem in stems {
                        by_stem.entry(stem).or_insert_with(Vec::new).push((test, *number));
                    }
                }
                Test::Exact(word) | Test::Possessive(word) | Test::Capitals(word) => {
                    by_word.entry(word.as_str()).or_insert_with(Vec::new).push((test, *number));
                }
                _ => patterns.push((test, *number)),
            }
        }
        Self { by_stem, by_word, patterns }
    }

    pub(crate) fn accepting(&self, form: &Form) -> Vec<usize> {
        let capitals = form.capitals.as_deref().and_then(|word| self.by_word.get(word));
        let words = self.by_word.get(form.folded.as_str());
        let stems = self.by_stem.get(form.stem.as_str());
        let all = [capitals, words, stems, Some(&self.patterns)].into_iter().flatten().flatten();
        all.filter(|(test, _)| test.accepts(form)).map(|(_, number)| *number).collect()
    }
}

/// Whether a small regular expression (letters, `.`, `[…]`, groups with `|`, then `*`, `+` or `?`)
/// fits the whole word: the ends that each piece can reach, piece by piece.
fn fits_regex(regex: &str, word: &[char]) -> bool {
    let regex: Vec<char> = regex.chars().collect();
    // Two letters at either end must be the word's, where no sign makes something else of them.
    let letter = |c: Option<&char>| c.copied().filter(char::is_ascii_lowercase);
    let ends = [(letter(regex.first()), word.first()), (letter(regex.last()), word.last())];
    let is_plain = !regex.contains(&'|');
    let may_vary = regex.get(1).is_some_and(|c| "*+?".contains(*c));
    if is_plain && !may_vary && ends.iter().any(|(c, has)| c.is_some() && c.as_ref() != *has) {
        return false;
    }
    alternatives(&regex, word, &BTreeSet::from([0])).contains(&word.len())
}

fn alternatives(regex: &[char], word: &[char], starts: &BTreeSet<usize>) -> BTreeSet<usize> {
    let (mut depth, mut from) = (0, 0);
    let mut ends = BTreeSet::new();
    for (at, c) in regex.iter().enumerate() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '|' if depth == 0 => {
                ends.extend(series(&regex[from..at], word, starts.clone()));
                from = at + 1;
            }
            _ => {}
        }
    }
    ends.extend(series(&regex[from..], word, starts.clone()));
    ends
}

fn series(mut regex: &[char], word: &[char], mut reached: BTreeSet<usize>) -> BTreeSet<usize> {
    while let Some(first) = regex.first() {
        let close = |sign: char| regex.iter().position(|c| *c == sign).unwrap();
        let end = match first {
            '[' => close(']') + 1,
            '(' => {
                let mut depth = 0;
                let closing = regex.iter().position(|c| {
                    depth += i32::from(*c == '(') - i32::from(*c == ')');
                    depth == 0
                });
                closing.unwrap() + 1
            }
            _ => 1,
        };
        let piece = &regex[..end];
        let step = |from: &BTreeSet<usize>| -> BTreeSet<usize> {
            match piece[0] {
                '(' => alternatives(&piece[1..end - 1], word, from),
                sign => {
                    let fits = |c: &char| match sign {
                        '.' => true,
                        '[' => piece[1..end - 1].contains(c),
                        sign => sign == *c,
                    };
                    from.iter()
                        .filter(|at| word.get(**at).is_some_and(fits))
                        .map(|at| at + 1)
                        .collect()
                }
            }
        };
        let mut rest = &regex[end..];
        let again = rest.first().copied().filter(|c| matches!(c, '*' | '+' | '?'));
        if again.is_some() {
            rest = &rest[1..];
        }
        let once = step(&reached);
        match again {
            None => reached = once,
            Some('?') => reached.extend(once),
            Some(sign) => {
                let mut all = if sign == '*' { reached } else { BTreeSet::new() };
                let mut new = once;
                while !new.is_subset(&all) {
                    all.extend(new.iter().copied());
                    new = step(&new);
                }
                reached = all;
            }
        }
        regex = rest;
    }
    reached
}

/// Letters to put in, take out, replace or swap with a neighbour.
fn faults(a: &[char], b: &[char]) -> usize {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = match (i, j) {
                (0, n) | (n, 0) => n,
                _ => {
                    let same = usize::from(a[i - 1] != b[j - 1]);
                    let mut best = (table[i - 1][j] + 1)
                        .min(table[i][j - 1] + 1)
                        .min(table[i - 1][j - 1] + same);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(table[i - 2][j - 2] + 1);
                    }
                    best
                }
            };
        }
    }
    table[a.len()][b.len()]
}

/// What has places in the text.
#[derive(Debug, Clone)]
pub(crate) enum Spot {
    /// As typed without quotes; in its parts or as one when it has a hyphen.
    Word(String),
    /// `=word`
    Literal(String),
    /// Words, `*` or patterns between quotation marks, and how many others may stand between.
    Phrase(Vec<String>, u32),
    Pattern(Test),
    Near(Box<Spot>, u32, Box<Spot>),
    Before(Box<Spot>, u32, Box<Spot>),
    Sent(Box<Spot>, Box<Spot>),
    Para(Box<Spot>, Box<Spot>),
    Any(Vec<Spot>),
    /// A name as typed, and what else is searched for it, by its test or as a phrase.
    Names(Box<Spot>, Vec<Spot>),
}

/// A whole query.
#[derive(Debug, Clone)]
pub(crate) enum Query {
    Spot(Spot),
    And(Vec<Query>),
    Or(Vec<Query>),
    /// The first without the others.
    Without(Box<Query>, Vec<Query>),
    /// The first must be there; the others only count.
    Must(Box<Query>, Vec<Query>),
}

impl Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pair = |f: &mut fmt::Formatter<'_>, a: &Spot, sign: &str, b: &Spot| {
            let inner = |spot: &Spot| match spot {
                Spot::Near(..) | Spot::Before(..) | Spot::Sent(..) | Spot::Para(..) => {
                    format!("({spot})")
                }
                _ => spot.to_string(),
            };
            write!(f, "{} {sign} {}", inner(a), inner(b))
        };
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Literal(word) => write!(f, "={word}"),
            Self::Phrase(words, 0) => write!(f, "\"{}\"", words.join(" ")),
            Self::Phrase(words, slop) => write!(f, "\"{}\"~{slop}", words.join(" ")),
            Self::Pattern(Test::Wild(text)) => f.write_str(text),
            Self::Pattern(Test::Regex(text)) => write!(f, "/{text}/"),
            Self::Pattern(Test::Fuzzy(word, n)) => write!(f, "{word}~{n}"),
            Self::Pattern(test) => write!(f, "{test:?}"),
            Self::Near(a, n, b) => pair(f, a, &format!("NEAR/{n}"), b),
            Self::Before(a, n, b) => pair(f, a, &format!("BEFORE/{n}"), b),
            Self::Sent(a, b) => pair(f, a, "SENT", b),
            Self::Para(a, b) => pair(f, a, "PARA", b),
            Self::Any(spots) => {
                let list: Vec<String> = spots.iter().map(ToString::to_string).collect();
                write!(f, "({})", list.join(" OR "))
            }
            Self::Names(typed, _) => typed.fmt(f),
        }
    }
}

impl Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |query: &Query| match query {
            Query::Spot(spot) => spot.to_string(),
            _ => format!("({query})"),
        };
        let list =
            |queries: &[Query], sign: &str| queries.iter().map(part).collect::<Vec<_>>().join(sign);
        match self {
            Self::Spot(spot) => spot.fmt(f),
            Self::And(queries) => f.write_str(&list(queries, " AND ")),
            Self::Or(queries) => f.write_str(&list(queries, " OR ")),
            Self::Without(query, others) => {
                write!(f, "{} NOT {}", part(query), list(others, " NOT "))
            }
            Self::Must(query, others) => write!(f, "+{} {}", part(query), list(others, " ")),
        }
    }
}

/// Where something stands: its words `start..end`, and where its leftmost operand begins.
type Stand = (u32, u32, u32);

/// Where the words of each test stand in a document.
pub(crate) struct Places<'a> {
    pub(crate) page: &'a Page,
    /// In the order in which [`Query::tests`] gives them.
    pub(crate) lists: &'a [Vec<(u32, u32)>],
}

/// A query with its tests numbered.
pub(crate) struct Ready {
    pub(crate) query: Query,
    pub(crate) tests: Vec<(Test, usize)>,
}

impl Ready {
    fn list<'a>(&self, test: &Test, places: &Places<'a>) -> &'a [(u32, u32)] {
        let number = self.tests.iter().find(|(known, _)| known == test).unwrap().1;
        &places.lists[number]
    }

    /// The passages found, and how often the query's clauses stand in them.
    pub(crate) fn found(&self, places: &Places<'_>) -> (BTreeSet<usize>, u64) {
        let mut counts: Vec<Vec<u64>> = Vec::new();
        let passages = self.passages(&self.query, places, true, &mut counts);
        let sum = counts.iter().map(|count| passages.iter().map(|p| count[*p]).sum::<u64>()).sum();
        (passages, sum)
    }

    fn passages(
        &self,
        query: &Query,
        places: &Places<'_>,
        counted: bool,
        counts: &mut Vec<Vec<u64>>,
    ) -> BTreeSet<usize> {
        match query {
            Query::Spot(spot) => {
                let mut shortest: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
                for (start, end, anchor) in self.stands(spot, places) {
                    let best = shortest.entry(anchor).or_insert((end - start, start));
                    *best = (end - start, start).min(*best);
                }
                let passage = |start: u32| places.page.places[start as usize].unwrap().0;
                let matches: Vec<usize> =
                    shortest.values().map(|(_, start)| passage(*start)).collect();
                let mut count = vec![0; places.page.n_passages];
                for passage in &matches {
                    count[*passage] += 1;
                }
                if counted {
                    counts.push(count);
                }
                matches.into_iter().collect()
            }
            Query::And(queries) => {
                let sets = queries.iter().map(|q| self.passages(q, places, counted, counts));
                sets.reduce(|a, b| a.intersection(&b).copied().collect()).unwrap()
            }
            Query::Or(queries) => {
                queries.iter().flat_map(|q| self.passages(q, places, counted, counts)).collect()
            }
            Query::Without(query, others) => {
                let mut set = self.passages(query, places, counted, counts);
                for other in others {
                    let gone = self.passages(other, places, false, counts);
                    set.retain(|passage| !gone.contains(passage));
                }
                set
            }
            Query::Must(query, others) => {
                let set = self.passages(query, places, counted, counts);
                for other in others {
                    self.passages(other, places, counted, counts);
                }
                set
            }
        }
    }

    fn stands(&self, spot: &Spot, places: &Places<'_>) -> Vec<Stand> {
        let plain = |list: &[(u32, u32)]| -> Vec<Stand> {
            list.iter().map(|(start, end)| (*start, *end, *start)).collect()
        };
        let mut found: Vec<Stand> = match spot {
            Spot::Word(word) => {
                let (parts, whole) = split(word);
                let tests: Vec<Test> = parts.iter().map(|part| Test::stemmed(part)).collect();
                let mut found = self.in_a_row(&tests, places);
                if let Some(whole) = whole {
                    found.extend(plain(self.list(&Test::stemmed(&whole), places)));
                }
                found
            }
            Spot::Literal(word) => {
                let tests = exactly(word);
                self.in_a_row(&tests, places)
            }
            Spot::Pattern(test) => plain(self.list(test, places)),
            Spot::Phrase(words, slop) => self.phrase(words, *slop, places),
            Spot::Any(spots) => spots.iter().flat_map(|spot| self.stands(spot, places)).collect(),
            Spot::Names(typed, others) => {
                let mut all = self.stands(typed, places);
                all.extend(others.iter().flat_map(|spot| self.stands(spot, places)));
                let inside = |one: &Stand, other: &Stand| {
                    other.0 <= one.0 && one.1 <= other.1 && other.1 - other.0 > one.1 - one.0
                };
                all.iter().filter(|s| !all.iter().any(|o| inside(s, o))).copied().collect()
            }
            Spot::Near(a, n, b) => self.pairs(a, b, places, |a, b| {
                let apart = if a.1 <= b.0 { b.0 - a.1 + 1 } else { a.0 - b.1 + 1 };
                apart <= *n
            }),
            Spot::Before(a, n, b) => self.pairs(a, b, places, |a, b| a.1 <= b.0 && b.0 - a.1 < *n),
            Spot::Sent(a, b) => {
                let unit = |at: u32| places.page.places[at as usize].map(|(_, s, _)| s);
                self.pairs(a, b, places, |a, b| in_one(unit, &[a.0, a.1 - 1, b.0, b.1 - 1]))
            }
            Spot::Para(a, b) => {
                let unit = |at: u32| places.page.places[at as usize].map(|(_, _, p)| p);
                self.pairs(a, b, places, |a, b| in_one(unit, &[a.0, a.1 - 1, b.0, b.1 - 1]))
            }
        };
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The clauses that can match, in the order typed.
    pub(crate) fn clauses(&self) -> Vec<&Spot> {
        fn add<'q>(query: &'q Query, out: &mut Vec<&'q Spot>) {
            match query {
                Query::Spot(spot) => out.push(spot),
                Query::And(queries) | Query::Or(queries) => {
                    for query in queries {
                        add(query, out);
                    }
                }
                Query::Without(query, _) => add(query, out),
                Query::Must(query, others) => {
                    add(query, out);
                    for query in others {
                        add(query, out);
                    }
                }
            }
        }
        let mut out = Vec::new();
        add(&self.query, &mut out);
        out
    }

    /// Every way in which a clause is satisfied: its first word, the one behind its last, and the
    /// words that satisfy it.
    pub(crate) fn ways(&self, spot: &Spot, places: &Places<'_>) -> Vec<(u32, u32, BTreeSet<u32>)> {
        let mut ways: Vec<(u32, u32, BTreeSet<u32>)> = match spot {
            Spot::Near(left, ..)
            | Spot::Before(left, ..)
            | Spot::Sent(left, _)
            | Spot::Para(left, _) => {
                let (Spot::Near(_, _, right)
                | Spot::Before(_, _, right)
                | Spot::Sent(_, right)
                | Spot::Para(_, right)) = spot
                else {
                    unreachable!()
                };
                let (left, right) = (self.ways(left, places), self.ways(right, places));
                let whole: BTreeSet<(u32, u32)> =
                    self.stands(spot, places).iter().map(|s| (s.0, s.1)).collect();
                let unit = |at: u32| match (spot, places.page.places[at as usize]) {
                    (Spot::Sent(..), Some((_, sentence, _))) => Some(sentence),
                    (Spot::Para(..), Some((_, _, paragraph))) => Some(paragraph),
                    _ => None,
                };
                let mut found = Vec::new();
                for a in &left {
                    for b in &right {
                        let (first, second) = if a.1 <= b.0 { (a, b) } else { (b, a) };
                        let are = first.1 <= second.0
                            && match spot {
                                Spot::Near(_, n, _) => second.0 - first.1 < *n,
                                Spot::Before(_, n, _) => a.1 <= b.0 && b.0 - a.1 < *n,
                                _ => in_one(unit, &[a.0, a.1 - 1, b.0, b.1 - 1]),
                            };
                        if are {
                            let (start, end) = (first.0, second.1);
                            assert!(whole.contains(&(start, end)));
                            found.push((start, end, a.2.union(&b.2).copied().collect()));
                        }
                    }
                }
                found
            }
            Spot::Any(spots) => spots.iter().flat_map(|spot| self.ways(spot, places)).collect(),
            Spot::Phrase(words, slop) if *slop > 0 => {
                let tests: Vec<Test> = words.iter().flat_map(|word| phrase_tests(word)).collect();
                let mut rows = vec![(u32::MAX, 0, BTreeSet::new(), 0)];
                for test in tests {
                    let list = self.list(&test, places);
                    let mut next = Vec::new();
                    for (start, end, words, used) in &rows {
                        for (s, e) in list {
                            let is_first = *start == u32::MAX;
                            let gap = if is_first { Some(0) } else { s.checked_sub(*end) };
                            if let Some(gap) = gap.filter(|gap| used + gap <= *slop) {
                                let words: BTreeSet<u32> =
                                    words.iter().copied().chain(*s..*e).collect();
                                next.push(((*start).min(*s), *e, words, used + gap));
                            }
                        }
                    }
                    rows = next;
                }
                rows.into_iter().map(|(start, end, words, _)| (start, end, words)).collect()
            }
            _ => {
                let whole = |s: &Stand| (s.0, s.1, (s.0..s.1).collect());
                self.stands(spot, places).iter().map(whole).collect()
            }
        };
        ways.sort_unstable();
        ways.dedup();
        ways
    }

    /// Every two that do not overlap and are as asked for.
    fn pairs(
        &self,
        left: &Spot,
        right: &Spot,
        places: &Places<'_>,
        are: impl Fn(&Stand, &Stand) -> bool,
    ) -> Vec<Stand> {
        let (left, right) = (self.stands(left, places), self.stands(right, places));
        let mut found = Vec::new();
        for a in &left {
            for b in &right {
                if (a.1 <= b.0 || b.1 <= a.0) && are(a, b) {
                    found.push((a.0.min(b.0), a.1.max(b.1), a.2));
                }
            }
        }
        found
    }

    fn in_a_row(&self, tests: &[Test], places: &Places<'_>) -> Vec<Stand> {
        let mut rows: Vec<Stand> = Vec::new();
        for (index, test) in tests.iter().enumerate() {
            let list = self.list(test, places);
            rows = if index == 0 {
                list.iter().map(|(start, end)| (*start, *end, *start)).collect()
            } else {
                let follows = |row: &Stand| {
                    let row = *row;
                    let next = list.iter().filter(move |(start, _)| *start == row.1);
                    next.map(move |(_, end)| (row.0, *end, row.2))
                };
                rows.iter().flat_map(follows).collect()
            };
        }
        rows
    }

    /// Rows of the words with so many others between them at most.
    fn phrase(&self, words: &[String], slop: u32, places: &Places<'_>) -> Vec<Stand> {
        let mut rows: Option<Vec<(u32, u32, u32)>> = None;
        let mut skip = 0;
        for word in words {
            if word == "*" {
                skip += u32::from(rows.is_some());
                continue;
            }
            for test in phrase_tests(word) {
                let list = self.list(&test, places);
                rows = Some(match rows {
                    None => list.iter().map(|(start, end)| (*start, *end, 0)).collect(),
                    Some(rows) => {
                        let mut next: Vec<(u32, u32, u32)> = Vec::new();
                        for (start, end, used) in rows {
                            let from = end + skip;
                            for (s, e) in list {
                                if *s >= from && used + s - from <= slop {
                                    next.push((start, *e, used + s - from));
                                }
                            }
                        }
                        next.sort_unstable();
                        next.dedup();
                        next
                    }
                });
                skip = 0;
            }
        }
        rows.unwrap_or_default().into_iter().map(|(start, end, _)| (start, end, start)).collect()
    }
}

fn in_one(unit: impl Fn(u32) -> Option<usize>, places: &[u32]) -> bool {
    let first = unit(places[0]);
    first.is_some() && places.iter().all(|place| unit(*place) == first)
}

/// The parts of a typed word, and the whole when it has a hyphen.
fn split(word: &str) -> (Vec<String>, Option<String>) {
    let tokens = words_of(word);
    let parts: Vec<String> =
        tokens.iter().filter(|t| t.length == 1).map(|t| t.form.folded.clone()).collect();
    let whole = tokens.iter().find(|t| t.length > 1 && t.length as usize == parts.len());
    (parts, whole.map(|token| token.form.folded.clone()))
}

/// The parts of a typed word in the form typed; a possessive that was typed is meant.
fn exactly(word: &str) -> Vec<Test> {
    let tokens = words_of(word);
    let parts = tokens.iter().filter(|t| t.length == 1).map(|t| &t.form);
    let test = |form: &std::rc::Rc<Form>| {
        let word = form.folded.clone();
        if form.possessive { Test::Possessive(word) } else { Test::Exact(word) }
    };
    parts.map(test).collect()
}

fn phrase_tests(word: &str) -> Vec<Test> {
    if word.contains(['*', '?']) {
        return vec![Test::Wild(word.to_owned())];
    }
    exactly(word)
}

impl Spot {
    pub(crate) fn tests(&self, out: &mut Vec<Test>) {
        match self {
            Self::Word(word) => {
                let (parts, whole) = split(word);
                out.extend(parts.iter().chain(&whole).map(|part| Test::stemmed(part)));
            }
            Self::Literal(word) => out.extend(exactly(word)),
            Self::Phrase(words, _) => {
                out.extend(words.iter().filter(|w| *w != "*").flat_map(|w| phrase_tests(w)));
            }
            Self::Pattern(test) => out.push(test.clone()),
            Self::Near(a, _, b) | Self::Before(a, _, b) | Self::Sent(a, b) | Self::Para(a, b) => {
                a.tests(out);
                b.tests(out);
            }
            Self::Any(spots) => spots.iter().for_each(|spot| spot.tests(out)),
            Self::Names(typed, others) => {
                typed.tests(out);
                for spot in others {
                    spot.tests(out);
                }
            }
        }
    }
}

impl Query {
    pub(crate) fn tests(&self, out: &mut Vec<Test>) {
        match self {
            Self::Spot(spot) => spot.tests(out),
            Self::And(queries) | Self::Or(queries) => queries.iter().for_each(|q| q.tests(out)),
            Self::Without(query, others) | Self::Must(query, others) => {
                query.tests(out);
                for q in others {
                    q.tests(out);
                }
            }
        }
    }
}
