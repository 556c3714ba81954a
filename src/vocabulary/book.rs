//! Phrases to meanings: a trie over numbered words.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::filter::Filter;
use super::tokens::{Gap, Token, Tokens};
use super::words::{Builder, Word, Words};
use crate::document::Span;

/// Phrases with what they mean; the longest one that holds at a place wins.
#[derive(Debug, Clone)]
pub struct Book<T> {
    /// A bit a word: whether it begins a phrase. Most do not, and these are in the processor's first cache.
    begins: Vec<u64>,
    /// First word to node, 0 for words that begin no phrase, and where the node's meanings are: most words
    /// begin phrases that do not go on.
    roots: Vec<(u32, Range)>,
    edges: FxHashMap<(u32, Word, Gap), u32>,
    /// Where most looks for an edge that is not there stop.
    filter: Filter,
    /// Node to where its meanings are.
    nodes: Vec<Range>,
    meanings: Vec<T>,
}

/// Where meanings begin and end.
type Range = (u32, u32);

/// The hash of an edge.
fn hash(&(node, word, gap): &(u32, Word, Gap)) -> u64 {
    let edge = u64::from(node) << 35 ^ u64::from(word.0) << 3 ^ gap as u64;
    edge.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40
}

impl<T> Book<T> {
    fn next(&self, node: u32, token: &Token) -> u32 {
        let edge = (node, token.word, token.gap);
        if !self.filter.may_hold(hash(&edge)) {
            return 0;
        }
        self.edges.get(&edge).copied().unwrap_or(0)
    }

    /// Whether some phrase begins with a word.
    fn begins_with(&self, word: Word) -> bool {
        let bits = self.begins.get(word.0 as usize / 64).copied().unwrap_or(0);
        bits >> (word.0 % 64) & 1 == 1
    }

    /// The longest phrase that begins with token `at` and has a meaning that `holds`, given the number
    /// of its tokens: all of its meanings, in the order in which they were added, and that number.
    #[inline]
    pub fn longest(
        &self,
        tokens: &[Token],
        at: usize,
        holds: impl FnMut(&T, usize) -> bool,
    ) -> Option<(&[T], usize)> {
        let first = tokens.get(at)?.word;
        if !self.begins_with(first) {
            return None;
        }
        self.longest_from(first, tokens, at, holds)
    }

    fn longest_from(
        &self,
        first: Word,
        tokens: &[Token],
        at: usize,
        mut holds: impl FnMut(&T, usize) -> bool,
    ) -> Option<(&[T], usize)> {
        let (mut node, (mut from, mut to)) =
            self.roots.get(first.0 as usize).copied().unwrap_or_default();
        let mut best = None;
        let mut length = 1;
        while node != 0 {
            let here = self.meanings.get(from as usize..to as usize).unwrap_or_default();
            if here.iter().any(|meaning| holds(meaning, length)) {
                best = Some((here, length));
            }
            let Some(next) = tokens.get(at + length).filter(|next| next.word.is_known()) else {
                break;
            };
            node = self.next(node, next);
            (from, to) = self.nodes.get(node as usize).copied().unwrap_or_default();
            length += 1;
        }
        best
    }
}

/// Collects phrases.
#[derive(Debug)]
pub(crate) struct BookBuilder<T> {
    roots: BTreeMap<Word, u32>,
    edges: FxHashMap<(u32, Word, Gap), u32>,
    meanings: Vec<Vec<T>>,
    scratch: Tokens,
}

impl<T: PartialEq + Clone> BookBuilder<T> {
    pub(crate) fn new() -> Self {
        Self {
            roots: BTreeMap::new(),
            edges: FxHashMap::default(),
            meanings: vec![Vec::new()],
            scratch: Tokens::new(),
        }
    }

    /// Adds a phrase. A full stop in it may be missing in the text ("St Lucia").
    pub(crate) fn add(&mut self, words: &mut Builder, phrase: &str, meaning: &T) {
        self.scratch.read(&Words::default(), phrase, Span::new(0, phrase.len()), &[]);
        let mut folded = String::new();
        let mut steps: Vec<(Word, Gap)> = Vec::new();
        for token in self.scratch.iter() {
            folded.clear();
            for c in token.span.of(phrase).chars() {
                super::fold::fold_char(c, &mut |plain| folded.push(plain));
            }
            steps.push((words.intern(&folded), token.gap));
        }
        self.insert(&steps, meaning);
        let is_abbreviation = steps.len() > 1
            && steps.iter().skip(1).any(|(_, gap)| *gap == Gap::Dot)
            && self.scratch.iter().any(|token| token.span.len() > 1);
        if is_abbreviation {
            for (_, gap) in steps.iter_mut().skip(1).filter(|(_, gap)| *gap == Gap::Dot) {
                *gap = Gap::Join;
            }
            self.insert(&steps, meaning);
        }
    }

    fn insert(&mut self, steps: &[(Word, Gap)], meaning: &T) {
        let Some(((first, _), rest)) = steps.split_first() else { return };
        let mut node = self.roots.get(first).copied().unwrap_or_else(|| {
            let node = self.meanings.len() as u32;
            self.meanings.push(Vec::new());
            self.roots.insert(*first, node);
            node
        });
        for &(word, gap) in rest {
            node = *self.edges.entry((node, word, gap)).or_insert_with(|| {
                self.meanings.push(Vec::new());
                self.meanings.len() as u32 - 1
            });
        }
        if let Some(meanings) = self.meanings.get_mut(node as usize)
            && !meanings.contains(meaning)
        {
            meanings.push(meaning.clone());
        }
    }

    pub(crate) fn finish(self) -> Book<T> {
        let n_words = self.roots.keys().map(|word| word.0 as usize + 1).max().unwrap_or(0);
        let filter = Filter::of(self.edges.keys().map(hash));
        let mut meanings = Vec::new();
        let nodes = self.meanings.into_iter().map(|of| {
            let from = meanings.len() as u32;
            meanings.extend(of);
            (from, meanings.len() as u32)
        });
        let nodes: Vec<Range> = nodes.collect();
        let mut roots = vec![(0, (0, 0)); n_words];
        let mut begins = vec![0; n_words.div_ceil(64)];
        for (word, node) in self.roots {
            if let Some(bits) = begins.get_mut(word.0 as usize / 64) {
                *bits |= 1_u64 << (word.0 % 64);
            }
            if let Some(root) = roots.get_mut(word.0 as usize) {
                *root = (node, nodes.get(node as usize).copied().unwrap_or_default());
            }
        }
        Book { begins, roots, edges: self.edges, filter, nodes, meanings }
    }
}
