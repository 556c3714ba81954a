//! Concordance: every match of a query on a line of its own, with the words around it.
//!
//! What comes in: what a query found, and how many words to show. What goes out: [`KwicLine`]s, as many
//! as the matches that are counted. Words around a match are those of the document, over borders of
//! passages; page furniture is left out of them.

use std::cmp::Ordering;
use std::sync::Arc;

use tantivy::columnar::Column;

use super::Found;
use super::error::Error;
use super::filter::folded_words;
use super::marks::{Marker, Reading, relative, span_of};
use super::segment::Segment;
use super::spans::{Expression, Ground, Reach, Stand};
use super::work::Work;
use crate::analysis::Analyzer;
use crate::document::{Document, Passage, Span};
use crate::index::{Lead, Reader};

/// Words of a hyphenated whole that a context takes in rather than be cut in its middle.
const MOST_JOINED: usize = 8;

/// How much to show around a match, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KwicOptions {
    /// Words before.
    pub left: usize,
    /// Words after.
    pub right: usize,
    /// By what to sort, the first first; then, or if empty, by path and place.
    pub sort: Vec<KwicKey>,
    /// Lines at most; `None` for all.
    pub limit: Option<usize>,
    /// Lines to pass over.
    pub offset: usize,
}

/// By what lines may be sorted; what is unknown stands last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KwicKey {
    /// The word so many places before the match, from 1.
    Left(usize),
    /// The word so many places after the match, from 1.
    Right(usize),
    /// The words of the match.
    Node,
    /// The year of the document.
    Year,
    /// The date, or else the year.
    Date,
    /// The country of the speaker or author.
    Country,
    /// The speaker or author.
    Speaker,
    /// The title.
    Title,
    /// The collection.
    Collection,
    /// The language.
    Language,
    /// The path.
    Path,
}

impl KwicKey {
    /// Places before and after a match that lines may be sorted by.
    pub const MOST_WORDS: usize = 5;

    /// The names that [`KwicKey::parse`] knows.
    pub fn names() -> Vec<String> {
        let words = (1..=Self::MOST_WORDS).flat_map(|n| [format!("left{n}"), format!("right{n}")]);
        let others = Self::OTHERS.iter().map(|(name, _)| (*name).to_owned());
        words.chain(others).collect()
    }

    const OTHERS: [(&'static str, Self); 9] = [
        ("node", Self::Node),
        ("year", Self::Year),
        ("date", Self::Date),
        ("country", Self::Country),
        ("speaker", Self::Speaker),
        ("title", Self::Title),
        ("collection", Self::Collection),
        ("language", Self::Language),
        ("path", Self::Path),
    ];

    /// Reads `left1` to `left5`, `right1` to `right5`, `node`, `year` and so on.
    pub fn parse(name: &str) -> Option<Self> {
        let place = |rest: &str| {
            let n = rest.parse().ok()?;
            (1..=Self::MOST_WORDS).contains(&n).then_some(n)
        };
        if let Some(rest) = name.strip_prefix("left") {
            return place(rest).map(Self::Left);
        }
        if let Some(rest) = name.strip_prefix("right") {
            return place(rest).map(Self::Right);
        }
        Self::OTHERS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key)
    }
}

/// A match with the words around it.
#[derive(Debug, Clone)]
pub struct KwicLine {
    /// Its document, without text and passages.
    pub document: Arc<Document>,
    /// The passage in which it starts, without tags.
    pub passage: Arc<Passage>,
    /// Where the match stands, in bytes of the document.
    pub span: Span,
    /// What of it satisfied the query, in bytes of the document: the ends of a pair, or all of it.
    pub parts: Vec<Span>,
    /// Which clause of the query it satisfies.
    pub clause: usize,
    /// The words before it, white space folded; what stands between them and the match is kept.
    pub left: String,
    /// The match, as in the document.
    pub node: String,
    /// The words after it.
    pub right: String,
}

impl KwicLine {
    fn key(&self, key: KwicKey) -> Option<String> {
        let metadata = &self.document.metadata;
        let text = |value: Option<&str>| value.map(|v| folded_words(v).join(" "));
        match key {
            KwicKey::Left(n) => folded_words(&self.left).into_iter().rev().nth(n - 1),
            KwicKey::Right(n) => folded_words(&self.right).into_iter().nth(n - 1),
            KwicKey::Node => text(Some(&self.node)),
            KwicKey::Year => metadata.year.as_ref().map(|year| format!("{:05}", year.value)),
            KwicKey::Date => match (&metadata.date, &metadata.year) {
                (Some(date), _) => Some(date.value.to_string()),
                (None, Some(year)) => Some(format!("{:04}", year.value)),
                (None, None) => None,
            },
            KwicKey::Country => {
                let own = self.passage.country.clone();
                own.or_else(|| metadata.country.as_ref().map(|v| v.value.clone()))
            }
            KwicKey::Speaker => {
                let own = self.passage.speaker.as_deref();
                text(own.or(metadata.speaker.as_ref().map(|v| v.value.as_str())))
            }
            KwicKey::Title => text(metadata.title.as_ref().map(|v| v.value.as_str())),
            KwicKey::Collection => metadata.collection.as_ref().map(|v| v.value.clone()),
            KwicKey::Language => metadata.language.as_ref().map(|v| v.value.to_string()),
            KwicKey::Path => Some(self.document.path.clone()),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what was found is used up")]
/// Hands out the lines of what was found, until `visit` returns `false`.
pub(super) fn lines(
    reader: &Reader,
    analyzer: &mut Analyzer,
    found: Found<'_>,
    options: &KwicOptions,
    visit: &mut dyn FnMut(KwicLine) -> bool,
) -> Result<(), Error> {
    let marker = Marker::new(found.plan);
    let mut to_sort: Vec<(Vec<Option<String>>, KwicLine)> = Vec::new();
    let most = options.limit.unwrap_or(usize::MAX);
    let mut n_passed = 0;
    let shown = &mut found.results.shown;
    let mut give = |line: KwicLine| -> bool {
        n_passed += 1;
        if n_passed <= options.offset {
            return true;
        }
        if *shown >= most {
            return false;
        }
        *shown += 1;
        visit(line) && *shown < most
    };
    // Where no clause can match (`*`, `-war`), no text needs to be read.
    if most == 0 || marker.leaves.is_empty() {
        return Ok(());
    }
    for of in found.chosen.chunk_by(|a, b| (a.segment, a.document) == (b.segment, b.document)) {
        let Some(first) = of.first() else { continue };
        let Some(segment) = found.segments.get(first.segment as usize) else { continue };
        let wanted: Vec<usize> = of.iter().map(|c| segment.ordinal_of(c.record) as usize).collect();
        let lines = Concordance { reader, marker: &marker, options }.of_document(
            analyzer,
            segment,
            first.document,
            &wanted,
        )?;
        for line in lines {
            if !options.sort.is_empty() {
                let keys = options.sort.iter().map(|key| line.key(*key)).collect();
                to_sort.push((keys, line));
            } else if !give(line) {
                return Ok(());
            }
        }
    }
    // Equal ones stay in the order of path and place.
    to_sort.sort_by(|(a, _), (b, _)| {
        let by_key = a.iter().zip(b).map(|(a, b)| match (a, b) {
            (Some(a), Some(b)) => a.cmp(b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
        by_key.fold(Ordering::Equal, Ordering::then)
    });
    for (_, line) in to_sort {
        if !give(line) {
            break;
        }
    }
    Ok(())
}

/// Makes the lines of a document.
struct Concordance<'a> {
    reader: &'a Reader,
    marker: &'a Marker<'a>,
    options: &'a KwicOptions,
}

impl Concordance<'_> {
    /// The lines of matches that start in the `wanted` passages, in order.
    fn of_document(
        &self,
        analyzer: &mut Analyzer,
        segment: &Segment<'_>,
        record: u32,
        wanted: &[usize],
    ) -> Result<Vec<KwicLine>, Error> {
        let Lead { document, names, head, n_passages: total, .. } =
            self.reader.document(segment.ord, record)?;
        let document = Arc::new(document);
        let lengths = &segment.frame.tokens;
        let mut lines = Vec::new();
        for (first, last) in self.runs(lengths, record, wanted, total) {
            let mut run: Vec<(Passage, String)> = Vec::with_capacity(last + 1 - first);
            for ordinal in first..=last {
                run.push(self.reader.passage(&names, (segment.ord, record), ordinal)?);
            }
            let head = if first == 1 { head.as_str() } else { "" };
            let of = self.of_run(analyzer, &document, (head, &run), wanted, last == total)?;
            lines.extend(of);
        }
        Ok(lines)
    }

    /// Passages to read together, first and last: the wanted ones, and those before and after that
    /// their matches and the words around reach into.
    fn runs(
        &self,
        lengths: &Column<u64>,
        record: u32,
        wanted: &[usize],
        total: usize,
    ) -> Vec<(usize, usize)> {
        let words = |ordinal: usize| lengths.first(record + ordinal as u32).unwrap_or(0) as usize;
        let reach =
            self.marker.leaves.iter().map(|(_, _, r)| *r).fold(Reach::default(), Reach::max);
        let after = (reach.words as usize).saturating_add(self.options.right + MOST_JOINED);
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for &ordinal in wanted {
            let (mut first, mut n_words) = (ordinal, 0);
            while first > 1 && n_words < self.options.left + MOST_JOINED {
                first -= 1;
                n_words += words(first);
            }
            let (mut last, mut n_words) = (ordinal, 0);
            while last < total && (reach.paragraphs > 0 || n_words < after) {
                last += 1;
                n_words += words(last);
            }
            match runs.last_mut().filter(|(_, end)| first <= *end + 1) {
                Some((_, end)) => *end = last.max(*end),
                None => runs.push((first, last)),
            }
        }
        runs
    }

    fn of_run(
        &self,
        analyzer: &mut Analyzer,
        document: &Arc<Document>,
        (head, run): (&str, &[(Passage, String)]),
        wanted: &[usize],
        is_last: bool,
    ) -> Result<Vec<KwicLine>, Error> {
        let start = run.first().map_or(0, |(passage, _)| passage.span.start);
        let base = start - head.len();
        let mut reading = Reading::new(self.marker, analyzer, document, base);
        reading.text.push_str(head);
        let mut firsts = Vec::with_capacity(run.len());
        for (passage, chunk) in run {
            reading.text.push_str(chunk);
            reading.gap(passage.span.start);
            firsts.push(reading.position);
            reading.passage(passage);
        }
        if is_last {
            reading.gap(base + reading.text.len());
        }
        let mut ground = Ground {
            words: std::mem::take(&mut reading.words),
            slots: Vec::new(),
            sentences: std::mem::take(&mut reading.sentences),
            paragraphs: std::mem::take(&mut reading.paragraphs),
        };
        let mut around = Around::new(&reading, document, base);
        let mut passages: Vec<Option<Arc<Passage>>> = vec![None; run.len()];
        let mut lines: Vec<KwicLine> = Vec::new();
        for (leaf, slots, _) in &self.marker.leaves {
            ground.slots.clone_from(slots);
            let stands =
                stands(&leaf.expression, &ground, &firsts).map_err(|error| error.at(leaf.span))?;
            for (of, stand) in stands {
                let Some((passage, _)) = run.get(of) else { continue };
                if wanted.binary_search(&passage.ordinal).is_err() {
                    continue;
                }
                let Some(span) = span_of(&reading.seen, stand.start, stand.end) else { continue };
                let mut parts = Vec::new();
                stand.each_part(|start, end| {
                    parts.extend(span_of(&reading.seen, start, end).map(|s| s.shifted(base)));
                });
                let Some(place) = passages.get_mut(of) else { continue };
                let passage = place.get_or_insert_with(|| Arc::new(bare(passage)));
                lines.push(KwicLine {
                    document: Arc::clone(document),
                    passage: Arc::clone(passage),
                    span: span.shifted(base),
                    parts,
                    clause: leaf.clause,
                    left: around.before(span, self.options.left),
                    node: span.of(&reading.text).to_owned(),
                    right: around.after(span, self.options.right),
                });
            }
        }
        lines.sort_by_key(|line| (line.span.start, line.clause, line.span.end));
        Ok(lines)
    }
}

/// A passage without what a line does not tell.
fn bare(passage: &Passage) -> Passage {
    let mut passage = passage.clone();
    passage.tags = crate::document::Tags::default();
    passage.sentences = Vec::new();
    passage.holes = Vec::new();
    passage
}

/// The matches that are counted, with the passage (its index in `firsts`) that each starts in.
fn stands(
    expression: &Expression,
    ground: &Ground,
    firsts: &[u32],
) -> Result<Vec<(usize, Stand)>, Error> {
    // Words are counted by their postings, one for each place and length.
    let n_words = match expression {
        Expression::Term(_) => 1,
        Expression::Names(items) if items.iter().all(|i| matches!(i, Expression::Term(_))) => {
            items.len()
        }
        _ => return expression.matches(ground, firsts, &Work::default()),
    };
    let slots = ground.slots.iter().take(n_words);
    let places = slots.filter_map(|slot| ground.words.get(*slot)).flatten();
    Ok(places
        .map(|&(start, end)| {
            let of = firsts.partition_point(|first| *first <= start).saturating_sub(1);
            (of, Stand::whole(start, end))
        })
        .collect())
}

/// The words of a stretch of a document, for what stands around a match.
struct Around<'a> {
    text: &'a str,
    /// Words outside page furniture, in order.
    words: Vec<Span>,
    furniture: Vec<Span>,
}

impl<'a> Around<'a> {
    fn new(reading: &'a Reading<'_>, document: &Document, base: usize) -> Self {
        let end = base + reading.text.len();
        let furniture: Vec<Span> = document
            .furniture
            .iter()
            .filter(|f| f.span.end > base && f.span.start < end)
            .map(|f| relative(f.span, base))
            .collect();
        let seen = reading.seen.iter().filter(|seen| seen.end - seen.start == 1);
        let mut words: Vec<Span> =
            seen.map(|seen| seen.span).chain(reading.between.iter().copied()).collect();
        words.sort_unstable();
        words.dedup();
        words.retain(|word| !furniture.iter().any(|f| f.overlaps(*word)));
        Self { text: &reading.text, words, furniture }
    }

    /// `n` words before `node`, more where they hang together with one more.
    fn before(&mut self, node: Span, n: usize) -> String {
        if n == 0 {
            return String::new();
        }
        let all = self.words.partition_point(|word| word.end <= node.start);
        let mut first = all.saturating_sub(n);
        let least = first.saturating_sub(MOST_JOINED);
        while first > least && first < all && self.are_joined(first - 1) {
            first -= 1;
        }
        let wall = first.checked_sub(1).and_then(|at| self.words.get(at)).map_or(0, |w| w.end);
        let mut start = match self.words.get(first) {
            Some(word) if first < all => word.start,
            _ => node.start,
        };
        // Opening signs belong to the word.
        let head = self.text.get(wall..start).unwrap_or_default();
        for c in head.chars().rev().take_while(|c| !c.is_whitespace()) {
            start -= c.len_utf8();
        }
        self.clean(Span::new(start, node.start)).trim_start().to_owned()
    }

    /// `n` words after `node`, more where they hang together with one more.
    fn after(&mut self, node: Span, n: usize) -> String {
        if n == 0 {
            return String::new();
        }
        let from = self.words.partition_point(|word| word.start < node.end);
        let mut end = (from + n).min(self.words.len());
        let most = (end + MOST_JOINED).min(self.words.len());
        while end > from && end < most && self.are_joined(end - 1) {
            end += 1;
        }
        let wall = self.words.get(end).map_or(self.text.len(), |word| word.start);
        let mut stop = match end.checked_sub(1).and_then(|at| self.words.get(at)) {
            Some(word) if end > from => word.end,
            _ => node.end,
        };
        let tail = self.text.get(stop..wall).unwrap_or_default();
        for c in tail.chars().take_while(|c| !c.is_whitespace()) {
            stop += c.len_utf8();
        }
        self.clean(Span::new(node.end, stop)).trim_end().to_owned()
    }

    /// Whether a sign and no space stands between a word and the next.
    fn are_joined(&self, index: usize) -> bool {
        let (Some(a), Some(b)) = (self.words.get(index), self.words.get(index + 1)) else {
            return false;
        };
        let between = self.text.get(a.end..b.start).unwrap_or_default();
        !between.is_empty() && !between.contains(char::is_whitespace)
    }

    /// A stretch without page furniture, white space folded.
    fn clean(&self, span: Span) -> String {
        let mut out = String::new();
        let mut at = span.start;
        let mut push = |stretch: &str| {
            for c in stretch.chars() {
                if !c.is_whitespace() {
                    out.push(c);
                } else if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
        };
        for furniture in self.furniture.iter().filter(|f| f.overlaps(span)) {
            push(Span::new(at, furniture.start).of(self.text));
            at = at.max(furniture.end);
        }
        push(Span::new(at.min(span.end), span.end).of(self.text));
        out
    }
}
