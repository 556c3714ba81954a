//! How deep headings lie: by markup, by the scheme of their numbers, by capitals.

use super::blocks::{Block, Kind, clean};
use super::numbers::{self, Scheme};
use super::score;

/// What a heading's form tells of its rank, highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// Right above another heading.
    Stacked,
    /// `Part I`, `Title II`.
    Part,
    /// `Chapter 3`.
    Chapter,
    /// `Section 3`.
    Division,
    /// `Article 3`.
    Article,
    /// `I.`, `A.`, `1.`, `(a)`.
    Numbered(Scheme),
    /// No number: of the rank of the headings around.
    Plain,
}

/// Sets the level of every heading, from 1.
///
/// Parts, chapters and articles rank in this order, above numbers; numbers rank by which scheme
/// comes first. Headings without number lie under the numbered one they follow, unless they stand
/// before the first or behind the last. Where the first heading stands right above another of its
/// form, headings in that place are the upper rank (FRUS volumes: chapter above its first section).
pub(super) fn set(text: &str, blocks: &mut [Block]) {
    if blocks.iter().any(|block| block.kind == Kind::Heading && block.level > 0) {
        from_markup(text, blocks);
        return;
    }
    let mut forms: Vec<(usize, Form)> = blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| block.kind == Kind::Heading)
        .map(|(at, block)| (at, form(&clean(block.of(text)))))
        .collect();
    mark_stacked(blocks, &mut forms);
    let mut ranks: Vec<Form> = Vec::new();
    for (_, form) in &forms {
        if *form != Form::Plain && !ranks.contains(form) {
            ranks.push(*form);
        }
    }
    // Only divisions have an order of their own; the sort is stable.
    ranks.sort_by_key(|form| if matches!(form, Form::Numbered(_)) { Form::Plain } else { *form });
    let ranked = |form: &Form| *form != Form::Plain;
    let last_ranked = forms.iter().rposition(|(_, form)| ranked(form)).unwrap_or(0);
    let divided = ranks.first().is_some_and(|first| *first <= Form::Division);
    let mut above = 0;
    for (place, (at, form)) in forms.iter().enumerate() {
        let level = match ranks.iter().position(|rank| rank == form) {
            Some(rank) => {
                above = rank + 1;
                rank + 1
            }
            None if above > 0
                && (place < last_ranked || divided)
                && !ranks.contains(&Form::Article) =>
            {
                above + 1
            }
            None => 1,
        };
        if let Some(block) = blocks.get_mut(*at) {
            block.level = u8::try_from(level).unwrap_or(u8::MAX);
        }
    }
}

/// Where the first heading is plain and stands right above another, gives all that do the upper rank.
fn mark_stacked(blocks: &[Block], forms: &mut [(usize, Form)]) {
    let stacked = |pair: &[(usize, Form)]| match pair {
        [(a, Form::Plain), (b, Form::Plain)] => {
            blocks.get(a + 1..*b).is_some_and(|between| between.iter().all(Block::is_page))
        }
        _ => false,
    };
    let Some(first) = forms.iter().position(|(_, form)| *form == Form::Plain) else { return };
    if !forms.get(first..first + 2).is_some_and(stacked) {
        return;
    }
    let upper: Vec<usize> =
        forms.windows(2).enumerate().filter(|(_, pair)| stacked(pair)).map(|(at, _)| at).collect();
    for at in upper {
        if let Some((_, form)) = forms.get_mut(at) {
            *form = Form::Stacked;
        }
    }
}

/// Levels by markup, moved up so that the highest is 1 and none is left out.
fn from_markup(text: &str, blocks: &mut [Block]) {
    let mut used: Vec<u8> = blocks
        .iter()
        .filter(|block| block.kind == Kind::Heading)
        .map(|block| block.level)
        .collect();
    used.sort_unstable();
    used.dedup();
    debug_assert!(text.len() >= used.len(), "every heading has a sign of its own");
    for block in blocks.iter_mut().filter(|block| block.kind == Kind::Heading) {
        let place = used.iter().position(|level| *level == block.level).unwrap_or(0);
        block.level = u8::try_from(place + 1).unwrap_or(u8::MAX);
    }
}

/// The form of a heading.
fn form(title: &str) -> Form {
    if score::is_division(title) {
        let word = title.split_whitespace().next().unwrap_or_default().to_lowercase();
        return match word.as_str() {
            "part" | "partie" | "parte" | "teil" | "часть" | "title" | "titre" => Form::Part,
            "chapter" | "chapitre" | "capítulo" | "kapitel" | "глава" | "الفصل" => {
                Form::Chapter
            }
            "section" | "sección" => Form::Division,
            "annex" | "annexe" | "anexo" | "приложение" | "appendix" => Form::Part,
            _ => Form::Article,
        };
    }
    numbers::scheme(title).map_or(Form::Plain, |(scheme, _, _)| Form::Numbered(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Span;

    #[test]
    fn numbers_tell_the_depth() {
        let titles = ["I. Aims", "A. Peace", "B. Trade", "II. Means", "Closing"];
        let text = titles.join("\n");
        let mut at = 0;
        let mut blocks: Vec<Block> = titles
            .iter()
            .map(|title| {
                let span = Span::new(at, at + title.len());
                at += title.len() + 1;
                Block { kind: Kind::Heading, ..Block::new(&text, span, 1, 0) }
            })
            .collect();
        set(&text, &mut blocks);
        assert_eq!(blocks.iter().map(|block| block.level).collect::<Vec<_>>(), [1, 2, 2, 1, 1]);
    }
}
