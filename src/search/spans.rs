//! Where an expression stands in a document, counted in words.
//!
//! The same evaluation serves the index (positions from postings) and the text of a hit (positions
//! from its tokens), so what is marked is what was found. Positions count the words of the whole
//! document: passage borders do not matter, ends of documents do, since one document is looked at
//! at a time.
//!
//! Pairs (`NEAR`, `BEFORE`, `SENT`, `PARA`) of frequent words are many: `the NEAR/50 of` has millions
//! over a large corpus. At the top of an expression they are never listed: [`Expression::count`] asks
//! for each place of the left operand whether there is a partner, [`Expression::marks`] joins each
//! place to its nearest partner only, so that every place that has one is in some pair. Pairs within
//! pairs are listed, and [`Work`] bounds how many.

use super::error::Error;
use super::terms::TermSpec;
use super::work::Work;
use crate::query::Scope;

/// Places that a hyphenated word written as one takes at most, as the index writes it.
pub(super) const MOST_PLACES: u32 = 9;

/// An expression over words.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    /// One word.
    Term(TermSpec),
    /// One after another, with at most `slop` other words between them in all.
    Sequence { items: Vec<Step>, slop: u32 },
    /// Any of these.
    Any(Vec<Expression>),
    /// Names of one thing: any of these; a name inside a longer one counts with the longer.
    Names(Vec<Expression>),
    /// A name where it is no part of a longer one, which means something else.
    Apart { name: Box<Expression>, longer: Vec<Expression> },
    /// Both, at most `distance` words apart.
    Near { ordered: bool, distance: u32, left: Box<Expression>, right: Box<Expression> },
    /// Both in one sentence or paragraph.
    Within { scope: Scope, left: Box<Expression>, right: Box<Expression> },
}

/// A part of a sequence.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Words of any kind right before it.
    pub(super) skip: u32,
    pub(super) expression: Expression,
}

impl From<Expression> for Step {
    fn from(expression: Expression) -> Self {
        Self { skip: 0, expression }
    }
}

/// What is known of a document, in words of it.
#[derive(Debug, Default)]
pub(super) struct Ground {
    /// Where each of the different words of the expression stands: `(start, end)` in order.
    pub(super) words: Vec<Vec<(u32, u32)>>,
    /// For each word of the expression, in the order of [`Expression::terms`], its list in `words`.
    pub(super) slots: Vec<usize>,
    /// First words of sentences, in order; read only where an expression asks for sentences or
    /// paragraphs.
    pub(super) sentences: Vec<u32>,
    /// First words of paragraphs, in order.
    pub(super) paragraphs: Vec<u32>,
}

impl Ground {
    pub(super) fn clear(&mut self) {
        self.words.iter_mut().for_each(Vec::clear);
        self.sentences.clear();
        self.paragraphs.clear();
    }

    /// Where the word stands that is the `index`th of the expression.
    pub(super) fn word(&self, index: usize) -> &[(u32, u32)] {
        let list = self.slots.get(index).and_then(|slot| self.words.get(*slot));
        list.map_or(&[], Vec::as_slice)
    }

    fn borders(&self, scope: Scope) -> &[u32] {
        match scope {
            Scope::Sentence => &self.sentences,
            Scope::Paragraph => &self.paragraphs,
        }
    }
}

/// Where an expression stands: words `start..end`, half-open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stand {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Where its leftmost operand begins; a match counts once for each of these.
    pub(super) anchor: u32,
    /// Which of the names it is, for [`Expression::Names`].
    pub(super) name: u16,
    /// What of it matched, when not all of it: the ends of a pair, the words of a loose phrase.
    pub(super) parts: Vec<(u32, u32)>,
}

impl Stand {
    pub(super) const fn whole(start: u32, end: u32) -> Self {
        Self { start, end, anchor: start, name: 0, parts: Vec::new() }
    }

    pub(super) fn each_part(&self, mut visit: impl FnMut(u32, u32)) {
        if self.parts.is_empty() {
            visit(self.start, self.end);
        }
        for (start, end) in &self.parts {
            visit(*start, *end);
        }
    }

    /// Both as one, without parts.
    fn covering(&self, other: &Self) -> Self {
        let (start, end) = (self.start.min(other.start), self.end.max(other.end));
        Self { start, end, anchor: self.anchor, name: self.name, parts: Vec::new() }
    }

    /// A pair of operands: each is marked for itself.
    fn paired(&self, other: &Self) -> Self {
        let mut joined = self.covering(other);
        self.each_part(|start, end| joined.parts.push((start, end)));
        other.each_part(|start, end| joined.parts.push((start, end)));
        joined.parts.sort_unstable();
        joined.parts.dedup();
        joined
    }

    /// A word of a phrase behind those before it: what stands side by side is marked as one.
    fn followed(&self, other: &Self, adjacent: bool) -> Self {
        let mut joined = self.covering(other);
        self.each_part(|start, end| joined.parts.push((start, end)));
        let n_left = joined.parts.len();
        other.each_part(|start, end| joined.parts.push((start, end)));
        if adjacent
            && let Some(&(_, end)) = joined.parts.get(n_left)
            && let Some(last) = joined.parts.get_mut(n_left - 1)
        {
            last.1 = end;
            joined.parts.remove(n_left);
        }
        joined.without_idle_parts()
    }

    fn without_idle_parts(mut self) -> Self {
        if self.parts.as_slice() == [(self.start, self.end)] {
            self.parts.clear();
        }
        self
    }

    /// Takes in what matched of another stand of the same stretch.
    fn absorb(&mut self, other: &Self) {
        if self.parts.is_empty() || other.parts.is_empty() {
            self.parts.clear();
            return;
        }
        self.parts.extend_from_slice(&other.parts);
        self.parts.sort_unstable();
        self.parts.dedup_by(|b, a| {
            let overlap = b.0 < a.1;
            if overlap {
                a.1 = a.1.max(b.1);
            }
            overlap
        });
    }
}

/// How far behind its start a match may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reach {
    /// Words that a match takes at most, up to ends of paragraphs left out.
    pub(super) words: u32,
    /// How often a match may besides reach to the end of a paragraph.
    pub(super) paragraphs: u32,
}

impl Reach {
    fn plus(self, other: Self) -> Self {
        Self {
            words: self.words.saturating_add(other.words),
            paragraphs: self.paragraphs.saturating_add(other.paragraphs),
        }
    }

    pub(super) fn max(self, other: Self) -> Self {
        Self {
            words: self.words.max(other.words),
            paragraphs: self.paragraphs.max(other.paragraphs),
        }
    }
}

impl Expression {
    /// The words of the expression, in order.
    pub(super) fn terms<'a>(&'a self, out: &mut Vec<&'a TermSpec>) {
        match self {
            Self::Term(term) => out.push(term),
            Self::Sequence { items, .. } => {
                for item in items {
                    item.expression.terms(out);
                }
            }
            Self::Any(items) | Self::Names(items) => {
                for item in items {
                    item.terms(out);
                }
            }
            Self::Apart { name, longer } => {
                name.terms(out);
                for longer in longer {
                    longer.terms(out);
                }
            }
            Self::Near { left, right, .. } | Self::Within { left, right, .. } => {
                left.terms(out);
                right.terms(out);
            }
        }
    }

    /// How many words it has.
    pub(super) fn n_words(&self) -> usize {
        let mut words = Vec::new();
        self.terms(&mut words);
        words.len()
    }

    /// Whether it must know where sentences or paragraphs begin.
    pub(super) fn needs(&self, wanted: Scope) -> bool {
        match self {
            Self::Term(_) => false,
            Self::Sequence { items, .. } => items.iter().any(|i| i.expression.needs(wanted)),
            Self::Any(items) | Self::Names(items) => items.iter().any(|item| item.needs(wanted)),
            Self::Apart { name, .. } => name.needs(wanted),
            Self::Near { left, right, .. } => left.needs(wanted) || right.needs(wanted),
            Self::Within { scope, left, right } => {
                *scope == wanted || left.needs(wanted) || right.needs(wanted)
            }
        }
    }

    /// The pair of common words that a phrase is, if it is one.
    pub(super) fn common_pair(&self) -> Option<String> {
        match self {
            Self::Sequence { items, slop: 0 } => match items.as_slice() {
                [
                    Step { expression: Self::Term(left), .. },
                    Step { skip: 0, expression: Self::Term(right) },
                ] => left.pair_with(right),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is the words of `other`, or a phrase of single words that begins with them.
    pub(super) fn begins_with(&self, other: &Self) -> bool {
        fn words(expression: &Expression) -> Vec<&TermSpec> {
            let mut words = Vec::new();
            if matches!(expression, Expression::Term(_)) || expression.plain_phrase().is_some() {
                expression.terms(&mut words);
            }
            words
        }
        let (words, others) = (words(self), words(other));
        let same = |(a, b): (&&TermSpec, &&TermSpec)| a.accept == b.accept;
        !others.is_empty() && words.len() >= others.len() && words.iter().zip(&others).all(same)
    }

    /// How many words a phrase of single words has, with nothing between them.
    pub(super) fn plain_phrase(&self) -> Option<usize> {
        match self {
            Self::Sequence { items, slop: 0 } => {
                let plain = items
                    .iter()
                    .all(|item| item.skip == 0 && matches!(item.expression, Self::Term(_)));
                plain.then_some(items.len())
            }
            _ => None,
        }
    }

    /// Whether no pairs within pairs and no loose phrases are listed: then the work grows with the places
    /// alone, and many documents may be looked at in one go.
    pub(super) fn lists_little(&self) -> bool {
        match self {
            Self::Near { left, right, .. } => left.is_plain() && right.is_plain(),
            _ => self.is_plain(),
        }
    }

    fn is_plain(&self) -> bool {
        match self {
            Self::Term(_) => true,
            Self::Sequence { items, slop } => {
                *slop == 0 && items.iter().all(|item| item.expression.is_plain())
            }
            Self::Any(items) | Self::Names(items) => items.iter().all(Self::is_plain),
            Self::Apart { name, longer } => name.is_plain() && longer.iter().all(Self::is_plain),
            Self::Near { .. } | Self::Within { .. } => false,
        }
    }

    /// How far a match may reach.
    pub(super) fn reach(&self) -> Reach {
        let words = |words| Reach { words, paragraphs: 0 };
        match self {
            // A hyphenated word written as one takes at most three places.
            Self::Term(_) => words(3),
            Self::Sequence { items, slop } => items.iter().fold(words(*slop), |sum, item| {
                sum.plus(words(item.skip)).plus(item.expression.reach())
            }),
            Self::Apart { name, longer } => {
                longer.iter().map(Self::reach).fold(name.reach(), Reach::max)
            }
            Self::Any(items) | Self::Names(items) => {
                items.iter().map(Self::reach).fold(Reach::default(), Reach::max)
            }
            Self::Near { distance, left, right, .. } => {
                left.reach().plus(right.reach()).plus(words(*distance))
            }
            Self::Within { scope, left, right } => {
                // A sentence lies in one passage; what it is joined with may not.
                let ends = u32::from(*scope == Scope::Paragraph);
                left.reach().plus(right.reach()).plus(Reach { words: 0, paragraphs: ends })
            }
        }
    }

    /// Whether it stands anywhere.
    pub(super) fn is_found(&self, ground: &Ground, work: &Work) -> Result<bool, Error> {
        let mut found = false;
        self.count(ground, &[0], work, &mut |_, _| found = true)?;
        Ok(found)
    }

    /// Calls `visit` once for every match, in order of the passages, with the passage in which it
    /// starts (its index in `firsts`, the places of the passages' first words) and its name.
    pub(super) fn count(
        &self,
        ground: &Ground,
        firsts: &[u32],
        work: &Work,
        visit: &mut dyn FnMut(usize, u16),
    ) -> Result<(), Error> {
        if let Some(n_words) = self.plain_phrase() {
            let lists: Vec<&[(u32, u32)]> = (0..n_words).map(|word| ground.word(word)).collect();
            let mut rows = adjacent(&lists);
            rows.dedup_by_key(|(start, _)| *start);
            let mut at = 0;
            for (start, _) in rows {
                while firsts.get(at + 1).is_some_and(|first| *first <= start) {
                    at += 1;
                }
                visit(at, 0);
            }
            return Ok(());
        }
        let mut finder = Finder { ground, next: 0, parts: false, work };
        let mut found: Vec<Counted> = Vec::new();
        match finder.pair(self)? {
            Some((rule, left, right)) => rule.count(&left, &right, work, &mut found)?,
            None => found.extend(finder.stands(self)?.iter().map(Counted::of)),
        }
        // Of the ways to make a match from one place, the shortest.
        found.sort_unstable();
        found.dedup_by_key(|counted| counted.anchor);
        found.sort_unstable_by_key(|counted| counted.start);
        let mut at = 0;
        for counted in found {
            while firsts.get(at + 1).is_some_and(|first| *first <= counted.start) {
                at += 1;
            }
            visit(at, counted.name);
        }
        Ok(())
    }

    /// The matches that [`Expression::count`] counts, each as its shortest stretch.
    pub(super) fn matches(
        &self,
        ground: &Ground,
        firsts: &[u32],
        work: &Work,
    ) -> Result<Vec<(usize, Stand)>, Error> {
        let mut finder = Finder { ground, next: 0, parts: true, work };
        let mut found: Vec<(usize, Stand)> = Vec::new();
        match finder.pair(self)? {
            Some((rule, left, right)) => rule.pairs(&left, &right, firsts, work, &mut found)?,
            None => {
                let stands = finder.stands(self)?.into_iter();
                found.extend(stands.map(|stand| (passage(firsts, stand.start), stand)));
            }
        }
        found.sort_by(|(p, a), (q, b)| {
            let length = |stand: &Stand| stand.end - stand.start;
            (p, a.anchor, length(a)).cmp(&(q, b.anchor, length(b))).then_with(|| a.cmp(b))
        });
        found.dedup_by(|(p, b), (q, a)| (*p, b.anchor) == (*q, a.anchor));
        Ok(found)
    }

    /// Matches that start in the words `from..to`: enough of them that every word that takes part in
    /// one is in one.
    pub(super) fn marks(
        &self,
        ground: &Ground,
        from: u32,
        to: u32,
        work: &Work,
    ) -> Result<Vec<Stand>, Error> {
        let mut finder = Finder { ground, next: 0, parts: true, work };
        if let Some((rule, left, right)) = finder.pair(self)? {
            let mut found = rule.nearest(&left, &right, from, to, work)?;
            if !rule.ordered {
                found.extend(rule.nearest(&right, &left, from, to, work)?);
            }
            return Ok(merged(found));
        }
        let mut found = match self {
            Self::Sequence { items, slop } if self.plain_phrase().is_none() => {
                finder.sequence(items, *slop, (from, to))?
            }
            _ => finder.stands(self)?,
        };
        found.retain(|stand| from <= stand.start && stand.start < to);
        Ok(found)
    }
}

/// A match that may count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Counted {
    anchor: u32,
    length: u32,
    start: u32,
    name: u16,
}

impl Counted {
    const fn of(stand: &Stand) -> Self {
        let Stand { start, end, anchor, name, .. } = *stand;
        Self { anchor, length: end - start, start, name }
    }
}

/// The shorter of two, or the one there is.
trait Shorter {
    fn min_by_shorter(self, other: Counted) -> Self;
}

impl Shorter for Option<Counted> {
    fn min_by_shorter(self, other: Counted) -> Self {
        Some(self.map_or(other, |one| one.min(other)))
    }
}

/// Index of the first stand that starts at `start` or later, looked for from `at` on.
fn advance(stands: &[Stand], at: usize, start: u32) -> usize {
    let is_before = |at: usize| stands.get(at).is_some_and(|stand| stand.start < start);
    if at > 0 && !is_before(at - 1) {
        return stands.partition_point(|stand| stand.start < start);
    }
    let mut at = at;
    while is_before(at) {
        at += 1;
    }
    at
}

/// Which of the passages holds the word at `start`.
fn passage(firsts: &[u32], start: u32) -> usize {
    firsts.partition_point(|first| *first <= start).saturating_sub(1)
}

/// Evaluates an expression over one document.
struct Finder<'a> {
    ground: &'a Ground,
    /// Index of the next word, in the order of [`Expression::terms`].
    next: usize,
    /// Whether it is to be told what of a stand matched.
    parts: bool,
    work: &'a Work,
}

impl<'a> Finder<'a> {
    fn take(&mut self) -> &'a [(u32, u32)] {
        let list = self.ground.word(self.next);
        self.next += 1;
        list
    }

    /// The operands of a pair.
    #[expect(clippy::type_complexity, reason = "named by the one place that takes it apart")]
    fn pair(
        &mut self,
        expression: &Expression,
    ) -> Result<Option<(Rule<'a>, Vec<Stand>, Vec<Stand>)>, Error> {
        let (rule, left, right) = match expression {
            Expression::Near { ordered, distance, left, right } => {
                (Rule { ordered: *ordered, distance: Some(*distance), borders: &[] }, left, right)
            }
            Expression::Within { scope, left, right } => {
                let borders = self.ground.borders(*scope);
                (Rule { ordered: false, distance: None, borders }, left, right)
            }
            _ => return Ok(None),
        };
        let left = self.stands(left)?;
        Ok(Some((rule, left, self.stands(right)?)))
    }

    /// All stands in order, those of the same stretch and anchor as one.
    fn stands(&mut self, expression: &Expression) -> Result<Vec<Stand>, Error> {
        if let Some(n_words) = expression.plain_phrase() {
            let lists: Vec<&[(u32, u32)]> = (0..n_words).map(|_| self.take()).collect();
            let rows = adjacent(&lists).into_iter();
            return Ok(rows.map(|(start, end)| Stand::whole(start, end)).collect());
        }
        if let Some((rule, left, right)) = self.pair(expression)? {
            return Ok(merged(rule.all(&left, &right, self.parts, self.work)?));
        }
        match expression {
            Expression::Term(_) => {
                Ok(self.take().iter().map(|&(start, end)| Stand::whole(start, end)).collect())
            }
            Expression::Names(items) => {
                let mut all = Vec::new();
                for (name, item) in items.iter().enumerate() {
                    let found = self.stands(item)?.into_iter();
                    all.extend(found.map(|stand| Stand { name: name as u16, ..stand }));
                }
                Ok(longest_only(all))
            }
            Expression::Apart { name, longer } => {
                let mut found = self.stands(name)?;
                // All are taken, even when nothing is left: each moves `next` on.
                for longer in longer {
                    let around = self.stands(longer)?;
                    let most = around.iter().map(|outer| outer.end - outer.start).max();
                    found.retain(|stand| {
                        let low = stand.end.saturating_sub(most.unwrap_or(0));
                        let from = around.partition_point(|outer| outer.start < low);
                        let near = around.iter().skip(from);
                        let mut near = near.take_while(|outer| outer.start <= stand.start);
                        !near.any(|outer| stand.end <= outer.end)
                    });
                }
                Ok(found)
            }
            Expression::Sequence { items, slop } => self.sequence(items, *slop, (0, u32::MAX)),
            Expression::Any(items) => {
                let mut all = Vec::new();
                for item in items {
                    all.append(&mut self.stands(item)?);
                }
                Ok(merged(all))
            }
            Expression::Near { .. } | Expression::Within { .. } => Ok(Vec::new()),
        }
    }

    /// Stands of a phrase that start in the words `starts`.
    fn sequence(
        &mut self,
        items: &[Step],
        slop: u32,
        starts: (u32, u32),
    ) -> Result<Vec<Stand>, Error> {
        let mut rows: Option<Vec<(Stand, u32)>> = None;
        // All lists are taken, even when no row is left: each moves `next` on.
        for item in items {
            let list = self.stands(&item.expression)?;
            rows = Some(match rows {
                None => list
                    .into_iter()
                    .filter(|stand| starts.0 <= stand.start && stand.start < starts.1)
                    .map(|stand| (Stand { anchor: stand.start, name: 0, ..stand }, 0))
                    .collect(),
                Some(rows) => self.follow(&rows, &list, item.skip, slop)?,
            });
        }
        Ok(merged(rows.unwrap_or_default().into_iter().map(|(stand, _)| stand).collect()))
    }

    /// Rows with a further word, and how many other words each holds.
    fn follow(
        &self,
        rows: &[(Stand, u32)],
        list: &[Stand],
        skip: u32,
        slop: u32,
    ) -> Result<Vec<(Stand, u32)>, Error> {
        let mut out: Vec<(Stand, u32)> = Vec::new();
        for (row, used) in rows {
            let first = row.end.saturating_add(skip);
            let last = first.saturating_add(slop - used);
            let fitting = from(list, first).iter().take_while(|stand| stand.start <= last);
            let before = out.len();
            for stand in fitting {
                let used = used + (stand.start - first);
                let joined = if self.parts {
                    row.followed(stand, stand.start == first)
                } else {
                    row.covering(stand)
                };
                out.push((joined, used));
            }
            self.work.list(out.len() - before, out.len())?;
        }
        // What goes on from a row depends on its end and on the words used up.
        out.sort_unstable_by(|(a, m), (b, n)| {
            (a.start, a.end, m).cmp(&(b.start, b.end, n)).then_with(|| a.parts.cmp(&b.parts))
        });
        out.dedup_by(|(b, n), (a, m)| {
            let same = (a.start, a.end, *m) == (b.start, b.end, *n);
            if same && self.parts {
                a.absorb(b);
            }
            same
        });
        Ok(out)
    }
}

/// When two stands make a pair.
struct Rule<'g> {
    /// Whether the left operand must come first.
    ordered: bool,
    /// Words apart at most; `None` where the two stand in one unit of the text.
    distance: Option<u32>,
    /// First words of those units.
    borders: &'g [u32],
}

impl Rule<'_> {
    /// The words among which a partner of `stand` lies; `None` when it crosses a border itself.
    fn unit(&self, stand: &Stand) -> Option<(u32, u32)> {
        if self.distance.is_some() {
            return Some((0, u32::MAX));
        }
        let at = self.borders.partition_point(|border| *border <= stand.start);
        let start = at.checked_sub(1).and_then(|at| self.borders.get(at)).copied().unwrap_or(0);
        let end = self.borders.get(at).copied().unwrap_or(u32::MAX);
        (stand.end <= end).then_some((start, end))
    }

    /// Before which word a partner behind `first` starts.
    fn limit(&self, first: &Stand, unit: (u32, u32)) -> u32 {
        self.distance.map_or(unit.1, |distance| first.end.saturating_add(distance))
    }

    /// From which word on a partner before `second` may start.
    fn low(&self, second: &Stand, unit: (u32, u32), longest: u32) -> u32 {
        self.distance.map_or(unit.0, |distance| {
            second.start.saturating_sub(distance.saturating_add(longest))
        })
    }

    /// Whether `first`, which starts where [`Rule::low`] says or later, and then `second` are a pair.
    fn precedes(&self, first: &Stand, second: &Stand) -> bool {
        first.end <= second.start
            && self.distance.is_none_or(|distance| second.start - first.end < distance)
    }

    /// For each place of the left operand its shortest pair, the earlier of equal ones.
    fn count(
        &self,
        left: &[Stand],
        right: &[Stand],
        work: &Work,
        found: &mut Vec<Counted>,
    ) -> Result<(), Error> {
        let longest = longest(right);
        let mut behind = 0;
        let mut before = 0;
        for a in left {
            let Some(unit) = self.unit(a) else { continue };
            let mut best: Option<Counted> = None;
            let mut looked = 1;
            // Ends and starts of the left operand mostly rise: what lies behind is seldom far away.
            behind = advance(right, behind, a.end);
            let mut limit = self.limit(a, unit);
            for b in right.iter().skip(behind) {
                if b.start >= limit {
                    break;
                }
                looked += 1;
                if b.end <= unit.1 {
                    best = best.min_by_shorter(Counted::of(&a.covering(b)));
                    // A shorter one ends before this one does.
                    limit = limit.min(b.end.saturating_sub(1));
                }
            }
            if !self.ordered {
                before = advance(right, before, a.start);
                let low = self.low(a, unit, longest);
                let near = right.get(..before).unwrap_or_default().iter().rev();
                for b in near.take_while(|b| b.start >= low) {
                    looked += 1;
                    if self.precedes(b, a) {
                        best = best.min_by_shorter(Counted::of(&a.covering(b)));
                        break;
                    }
                }
            }
            found.extend(best);
            work.spend(looked)?;
        }
        Ok(())
    }

    /// The pairs that [`Rule::count`] counts.
    fn pairs(
        &self,
        left: &[Stand],
        right: &[Stand],
        firsts: &[u32],
        work: &Work,
        found: &mut Vec<(usize, Stand)>,
    ) -> Result<(), Error> {
        let longest = longest(right);
        for a in left {
            let Some(unit) = self.unit(a) else { continue };
            let limit = self.limit(a, unit);
            let mut looked = 1;
            for b in from(right, a.end).iter().take_while(|b| b.start < limit) {
                looked += 1;
                if b.end <= unit.1 {
                    found.push((passage(firsts, a.start), a.paired(b)));
                    break;
                }
            }
            // Of those before it in one passage the last stands nearest.
            let before = if self.ordered { &[] } else { from(right, self.low(a, unit, longest)) };
            let n_found = found.len();
            for b in before.iter().take_while(|b| b.start < a.start) {
                looked += 1;
                if self.precedes(b, a) {
                    let of = passage(firsts, b.start);
                    if found.len() > n_found && found.last().is_some_and(|(last, _)| *last == of) {
                        found.pop();
                    }
                    found.push((of, a.paired(b)));
                }
            }
            work.spend(looked)?;
        }
        Ok(())
    }

    /// Every pair.
    fn all(
        &self,
        left: &[Stand],
        right: &[Stand],
        parts: bool,
        work: &Work,
    ) -> Result<Vec<Stand>, Error> {
        let mut out = Vec::new();
        let longest = longest(right);
        for a in left {
            let Some(unit) = self.unit(a) else { continue };
            let low = if self.ordered { a.end } else { self.low(a, unit, longest) };
            let limit = self.limit(a, unit);
            let mut looked = 1;
            let before = out.len();
            for b in from(right, low).iter().take_while(|b| b.start < limit) {
                looked += 1;
                let behind = b.start >= a.end && b.end <= unit.1;
                if behind || !self.ordered && self.precedes(b, a) {
                    out.push(if parts { a.paired(b) } else { a.covering(b) });
                }
            }
            work.spend(looked)?;
            work.list(out.len() - before, out.len())?;
        }
        Ok(out)
    }

    /// Pairs of which `first` comes first and starts in the words `starts.0..starts.1`: each stand
    /// that is in one, with its nearest partner.
    fn nearest(
        &self,
        first: &[Stand],
        second: &[Stand],
        start: u32,
        end: u32,
        work: &Work,
    ) -> Result<Vec<Stand>, Error> {
        let mut out = Vec::new();
        let inside = from(first, start);
        let inside = inside.get(..inside.partition_point(|a| a.start < end)).unwrap_or_default();
        for a in inside {
            let Some(unit) = self.unit(a) else { continue };
            let limit = self.limit(a, unit);
            let mut looked = 1;
            for b in from(second, a.end).iter().take_while(|b| b.start < limit) {
                looked += 1;
                if b.end <= unit.1 {
                    out.push(a.paired(b));
                    break;
                }
            }
            work.spend(looked)?;
        }
        let longest = longest(first);
        for b in from(second, start) {
            let Some(unit) = self.unit(b) else { continue };
            let low = self.low(b, unit, longest).max(start);
            let mut looked = 1;
            let before = inside.get(..inside.partition_point(|a| a.start < b.start));
            let near = before.unwrap_or_default().iter().rev().take_while(|a| a.start >= low);
            for a in near {
                looked += 1;
                if self.precedes(a, b) {
                    out.push(a.paired(b));
                    break;
                }
            }
            work.spend(looked)?;
        }
        work.list(out.len(), out.len())?;
        Ok(out)
    }
}

/// Those that start at `start` or later.
fn from(stands: &[Stand], start: u32) -> &[Stand] {
    stands.get(stands.partition_point(|stand| stand.start < start)..).unwrap_or_default()
}

fn longest(stands: &[Stand]) -> u32 {
    stands.iter().map(|stand| stand.end - stand.start).max().unwrap_or(0)
}

/// In order, those of one stretch and anchor as one, with all that matched of them.
fn merged(mut stands: Vec<Stand>) -> Vec<Stand> {
    // The stable sort is the one that merges what lies in order already.
    stands.sort();
    stands.dedup_by(|b, a| {
        let same = (a.start, a.end, a.anchor) == (b.start, b.end, b.anchor);
        if same {
            a.absorb(b);
        }
        same
    });
    stands
}

/// Without those that lie inside a longer one.
fn longest_only(mut stands: Vec<Stand>) -> Vec<Stand> {
    stands.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)).then(a.cmp(b)));
    let mut end = 0;
    stands.retain(|stand| {
        let is_new = stand.end > end;
        end = end.max(stand.end);
        is_new
    });
    stands
}

/// Words that stand one directly after another: the common case of a phrase, without a row a word.
fn adjacent(lists: &[&[(u32, u32)]]) -> Vec<(u32, u32)> {
    let Some((first, rest)) = lists.split_first() else { return Vec::new() };
    if lists.iter().any(|list| list.is_empty()) {
        return Vec::new();
    }
    let mut rows = first.to_vec();
    for list in rest {
        let mut at = 0_usize;
        let mut joined = Vec::with_capacity(rows.len().min(list.len()));
        for (start, end) in rows {
            // Ends nearly always rise; a word of several places may make one fall back.
            if list.get(at.saturating_sub(1)).is_some_and(|(s, _)| *s >= end) {
                at = list.partition_point(|(s, _)| *s < end);
            }
            while list.get(at).is_some_and(|(s, _)| *s < end) {
                at += 1;
            }
            let mut next = at;
            while let Some((s, behind)) = list.get(next)
                && *s == end
            {
                joined.push((start, *behind));
                next += 1;
            }
        }
        rows = joined;
    }
    if !rows.is_sorted() {
        rows.sort_unstable();
    }
    rows.dedup();
    rows
}

#[cfg(test)]
mod tests {
    use super::super::terms::Accept;
    use super::*;

    fn word() -> Expression {
        Expression::Term(TermSpec { folded: String::new(), accept: Accept::Stems(Vec::new()) })
    }

    fn at(places: &[u32]) -> Vec<(u32, u32)> {
        places.iter().map(|p| (*p, p + 1)).collect()
    }

    fn ground(words: &[Vec<(u32, u32)>]) -> Ground {
        Ground { words: words.to_vec(), slots: (0..words.len()).collect(), ..Ground::default() }
    }

    fn marks(expression: &Expression, ground: &Ground) -> Vec<Stand> {
        expression.marks(ground, 0, u32::MAX, &Work::default()).unwrap()
    }

    fn places(expression: &Expression, words: &[Vec<(u32, u32)>]) -> Vec<(u32, u32)> {
        marks(expression, &ground(words)).into_iter().map(|s| (s.start, s.end)).collect()
    }

    fn count(expression: &Expression, words: &[Vec<(u32, u32)>], firsts: &[u32]) -> Vec<usize> {
        let mut found = Vec::new();
        let work = Work::default();
        let mut visit = |passage, _| found.push(passage);
        expression.count(&ground(words), firsts, &work, &mut visit).unwrap();
        found
    }

    fn sequence(items: Vec<Expression>, slop: u32) -> Expression {
        Expression::Sequence { items: items.into_iter().map(Step::from).collect(), slop }
    }

    #[test]
    fn a_sequence_stands_where_its_words_follow() {
        let two = sequence(vec![word(), word()], 0);
        assert_eq!(places(&two, &[at(&[1, 5, 9]), at(&[2, 7, 10])]), [(1, 3), (9, 11)]);
        let loose = sequence(vec![word(), word()], 1);
        assert_eq!(places(&loose, &[at(&[1, 5]), at(&[2, 7])]), [(1, 3), (5, 8)]);
        assert_eq!(places(&two, &[vec![], at(&[2])]), []);
    }

    #[test]
    fn a_word_of_two_places_is_followed_after_both() {
        let two = sequence(vec![word(), word()], 0);
        assert_eq!(places(&two, &[vec![(1, 3)], at(&[2, 3])]), [(1, 4)]);
    }

    #[test]
    fn a_phrase_begins_with_its_first_words() {
        let word = |stem: &str| {
            let accept = Accept::Stems(vec![stem.to_owned()]);
            Expression::Term(TermSpec { folded: format!("{stem}s"), accept })
        };
        let phrase = |stems: &[&str], slop| {
            let items = stems.iter().map(|stem| word(stem).into()).collect();
            Expression::Sequence { items, slop }
        };
        let long = phrase(&["armed", "conflict", "zone"], 0);
        assert!(long.begins_with(&phrase(&["armed", "conflict"], 0)));
        assert!(long.begins_with(&word("armed")) && long.begins_with(&long));
        assert!(!long.begins_with(&word("conflict")));
        assert!(!word("armed").begins_with(&long));
        assert!(!long.begins_with(&phrase(&["armed", "conflict"], 2)));
        assert!(!long.begins_with(&Expression::Any(Vec::new())));
    }

    #[test]
    fn a_loose_phrase_counts_once_a_first_word_and_marks_all_its_words() {
        let loose = sequence(vec![word(), word()], 3);
        let words = [at(&[1]), at(&[2, 4, 9])];
        assert_eq!(count(&loose, &words, &[0]), [0]);
        let found = marks(&loose, &ground(&words));
        assert_eq!(found[0].parts, []);
        assert_eq!(
            (found[1].start, found[1].end, found[1].parts.as_slice()),
            (1, 5, &[(1, 2), (4, 5)][..])
        );
    }

    proptest::proptest! {
        #[test]
        fn the_quick_way_finds_what_the_general_way_finds(
            lists in proptest::collection::vec(
                proptest::collection::btree_set((0_u32..30, 1_u32..3), 0..12), 1..4),
        ) {
            let lists: Vec<Vec<(u32, u32)>> = lists
                .into_iter()
                .map(|list| list.into_iter().map(|(start, length)| (start, start + length)).collect())
                .collect();
            let ground = ground(&lists);
            let items: Vec<Step> = lists.iter().map(|_| Step::from(word())).collect();
            let mut finder = Finder { ground: &ground, next: 0, parts: true, work: &Work::default() };
            let general = finder.sequence(&items, 0, (0, u32::MAX)).unwrap();
            let lists: Vec<&[(u32, u32)]> = lists.iter().map(Vec::as_slice).collect();
            let quick: Vec<Stand> =
                adjacent(&lists).into_iter().map(|(start, end)| Stand::whole(start, end)).collect();
            proptest::prop_assert_eq!(quick, general);
        }

        /// Counting and marking never list the pairs; what listing them gives is the measure.
        #[test]
        fn pairs_are_counted_and_marked_as_if_they_were_listed(
            left in proptest::collection::btree_set((0_u32..40, 1_u32..3), 0..10),
            right in proptest::collection::btree_set((0_u32..40, 1_u32..3), 0..10),
            distance in 0_u32..12,
            ordered: bool,
            from in 0_u32..20,
            length in 1_u32..20,
        ) {
            let list = |set: &std::collections::BTreeSet<(u32, u32)>| -> Vec<(u32, u32)> {
                set.iter().map(|(start, length)| (*start, start + length)).collect()
            };
            let words = [list(&left), list(&right)];
            let (left, right) = (Box::new(word()), Box::new(word()));
            // No distance stands for a pair in one sentence of seven words.
            let expression = if distance > 0 {
                Expression::Near { ordered, distance, left, right }
            } else {
                Expression::Within { scope: Scope::Sentence, left, right }
            };
            let mut ground = ground(&words);
            ground.sentences = vec![0, 7, 14, 21, 28, 35];
            let sentence = |(start, end): (u32, u32)| (start / 7 == (end - 1) / 7 || start >= 35).then_some((start / 7).min(5));
            let mut pairs = Vec::new();
            for &a in &words[0] {
                for &b in &words[1] {
                    let (first, second) = if a <= b { (a, b) } else { (b, a) };
                    let apart = first.1 <= second.0;
                    let near = if distance > 0 {
                        second.0.wrapping_sub(first.1) < distance && (!ordered || first == a)
                    } else {
                        sentence(a).is_some() && sentence(a) == sentence(b)
                    };
                    if apart && near {
                        pairs.push((a, b));
                    }
                }
            }
            let firsts = [0, 10, 11, 25];
            let mut shortest: std::collections::BTreeMap<u32, (u32, u32)> =
                std::collections::BTreeMap::new();
            for (a, b) in &pairs {
                let start = a.0.min(b.0);
                let pair = (a.1.max(b.1) - start, start);
                let best = shortest.entry(a.0).or_insert(pair);
                *best = pair.min(*best);
            }
            let mut expected: Vec<usize> =
                shortest.values().map(|(_, start)| passage(&firsts, *start)).collect();
            expected.sort_unstable();
            let mut found = Vec::new();
            expression.count(&ground, &firsts, &Work::default(), &mut |p, _| found.push(p)).unwrap();
            proptest::prop_assert_eq!(&found, &expected);

            let to = from + length;
            let positions = |places: Vec<(u32, u32)>| -> std::collections::BTreeSet<u32> {
                places.into_iter().flat_map(|(start, end)| start..end).collect()
            };
            let inside = pairs.iter().filter(|(a, b)| (from..to).contains(&a.0.min(b.0)));
            let expected = positions(inside.flat_map(|(a, b)| [*a, *b]).collect());
            let stands = expression.marks(&ground, from, to, &Work::default()).unwrap();
            let mut marked: Vec<(u32, u32)> = Vec::new();
            for stand in &stands {
                proptest::prop_assert!((from..to).contains(&stand.start));
                stand.each_part(|start, end| marked.push((start, end)));
            }
            let marked = positions(marked);
            proptest::prop_assert_eq!(marked, expected);
        }
    }

    fn pair(ordered: bool) -> Expression {
        Expression::Near { ordered, distance: 3, left: Box::new(word()), right: Box::new(word()) }
    }

    #[test]
    fn near_marks_every_place_and_counts_each_of_the_left_operand_once() {
        let words = [at(&[10]), at(&[4, 8, 13, 14])];
        assert_eq!(places(&pair(false), &words), [(8, 11), (10, 14)]);
        assert_eq!(places(&pair(true), &words), [(10, 14)]);
        assert_eq!(marks(&pair(false), &ground(&words))[0].parts, [(8, 9), (10, 11)]);
        assert_eq!(count(&pair(false), &words, &[0]), [0]);
        assert_eq!(count(&pair(false), &words, &[0, 9]), [0]);
    }

    #[test]
    fn any_word_may_stand_where_a_star_does() {
        let items = vec![Step::from(word()), Step { skip: 1, expression: word() }];
        let star = Expression::Sequence { items, slop: 0 };
        assert_eq!(places(&star, &[at(&[1, 5]), at(&[2, 3, 8])]), [(1, 4)]);
    }

    #[test]
    fn a_sentence_holds_both_operands_whole() {
        let one =
            |scope| Expression::Within { scope, left: Box::new(word()), right: Box::new(word()) };
        let ground = Ground {
            sentences: vec![0, 5, 10],
            paragraphs: vec![0, 10],
            ..ground(&[at(&[3, 12]), at(&[1, 7, 12, 19])])
        };
        let places = |scope| -> Vec<(u32, u32)> {
            marks(&one(scope), &ground).iter().map(|s| (s.start, s.end)).collect()
        };
        assert_eq!(places(Scope::Sentence), [(1, 4), (12, 20)]);
        assert_eq!(places(Scope::Paragraph), [(1, 4), (3, 8), (12, 20)]);
    }

    #[test]
    fn a_name_is_not_looked_for_in_a_longer_one_of_something_else() {
        let name = Box::new(sequence(vec![word(), word()], 0));
        let longer = vec![sequence(vec![word(), word(), word()], 0)];
        let apart = Expression::Apart { name, longer };
        let pair = [at(&[2, 6]), at(&[3, 7])];
        let longer = [at(&[1]), at(&[2]), at(&[3])];
        let words = [&pair[..], &longer[..]].concat();
        assert_eq!(places(&apart, &words), [(6, 8)]);
        let words = [&pair[..], &[at(&[9]), at(&[2]), at(&[3])]].concat();
        assert_eq!(places(&apart, &words), [(2, 4), (6, 8)]);
    }

    #[test]
    fn a_name_inside_a_longer_one_counts_with_it() {
        let names = Expression::Names(vec![word(), sequence(vec![word(), word()], 0)]);
        assert_eq!(places(&names, &[at(&[2, 6]), at(&[1, 9]), at(&[2])]), [(1, 3), (6, 7)]);
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let many: Vec<u32> = (0..3_000).collect();
        let mut nested = word();
        for _ in 0..3 {
            let (left, right) = (Box::new(nested), Box::new(word()));
            nested = Expression::Near { ordered: false, distance: 1_000, left, right };
        }
        let words = [at(&many), at(&many), at(&many), at(&many)];
        let counted = nested.count(&ground(&words), &[0], &Work::default(), &mut |_, _| {});
        assert!(matches!(counted, Err(Error::TooMuch)));
    }
}
