//! Headings that a reader states: found by their words, whatever the layout says.
//!
//! Comes in: blocks as judged, and anchors. Goes out: blocks in which exactly the anchors are
//! headings, in the order of the outline; anchors whose words stand nowhere are told.

use crate::document::{Problem, Span};
use crate::ingest::sidecar::Anchor;

use super::blocks::{Block, Kind, trimmed};
use super::glyphs::is_blank;

/// The words of a heading take at most so many lines.
const MOST_LINES: usize = 12;

/// Makes headings of the anchors and of nothing else. Returns where each anchor that was found
/// stands, in order, and what was not found.
pub(super) fn obey(
    text: &str,
    blocks: &mut Vec<Block>,
    anchors: &[Anchor],
) -> (Vec<(Span, usize)>, Vec<Problem>) {
    for block in blocks.iter_mut().filter(|b| matches!(b.kind, Kind::Heading | Kind::Turn)) {
        (block.kind, block.marked, block.level) = (Kind::Body, false, 0);
    }
    let lines = Lines::of(text);
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let mut from = 0;
    for (place, anchor) in anchors.iter().enumerate() {
        let Some((span, line)) = lines.find(text, anchor, from) else {
            problems.push(Problem::new(format!(
                "the heading \"{}\" of its outline does not stand in the text{}; it was not used",
                anchor.words,
                if found.is_empty() { "" } else { " behind the one before it" },
            )));
            continue;
        };
        from = span.end;
        found.push((cut_loose(text, blocks, span, line, anchor), place));
    }
    (found, problems)
}

/// The lines of a text that are not blank, with their numbers.
struct Lines {
    starts: Vec<(usize, usize)>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let mut starts = Vec::new();
        let mut at = 0;
        for (number, line) in text.split('\n').enumerate() {
            // A form feed and a lone carriage return part lines too; the words decide.
            let mut inside = at;
            for piece in line.split(['\r', '\u{c}']) {
                if piece.chars().any(|c| !is_blank(c)) {
                    starts.push((inside, number + 1));
                }
                inside += piece.len() + 1;
            }
            at += line.len() + 1;
        }
        Self { starts }
    }

    /// Where the words of an anchor stand behind `from`: the place nearest to the line it names, or
    /// the first.
    fn find(&self, text: &str, anchor: &Anchor, from: usize) -> Option<(Span, usize)> {
        let words: Vec<&str> = anchor.words.split(is_blank).filter(|w| !w.is_empty()).collect();
        let first = self.starts.partition_point(|(start, _)| *start < from);
        let mut best: Option<(usize, Span, usize)> = None;
        for (start, line) in self.starts.get(first..)? {
            let distance = anchor.line.map_or(0, |stated| stated.abs_diff(*line));
            if best.as_ref().is_some_and(|(least, _, _)| *least <= distance) {
                if anchor.line.is_none_or(|stated| *line > stated) {
                    break;
                }
                continue;
            }
            if let Some(span) = stands_at(text, *start, &words, anchor.turn) {
                best = Some((distance, span, *line));
            }
        }
        best.map(|(_, span, line)| (span, line))
    }
}

/// The stretch from `start` that holds exactly `words`: whole lines for a heading, the start of a
/// line for the label of a turn.
fn stands_at(text: &str, start: usize, words: &[&str], turn: bool) -> Option<Span> {
    let is_mark = |c: char| matches!(c, '#' | '*' | '_' | '[' | ']') || is_blank(c);
    let rest = text.get(start..)?;
    let opened = rest.trim_start_matches(is_mark);
    let begin = start + (rest.len() - rest.trim_start_matches(is_blank).len());
    let mut at = start + (rest.len() - opened.len());
    let mut n_lines = 0;
    for (place, word) in words.iter().enumerate() {
        if place > 0 {
            let rest = text.get(at..)?;
            let next = rest.trim_start_matches(is_mark);
            n_lines += rest.get(..rest.len() - next.len())?.matches('\n').count();
            if next.len() == rest.len() || n_lines > MOST_LINES {
                return None;
            }
            at += rest.len() - next.len();
        }
        if !text.get(at..)?.starts_with(word) {
            return None;
        }
        at += word.len();
    }
    let rest = text.get(at..)?;
    if turn {
        // The label's colon, and the marks around it, belong to it.
        let tail = rest.trim_start_matches(['*', '_', ' ']);
        let (tail, colon) = match tail.strip_prefix(':') {
            Some(tail) => (tail.trim_start_matches(['*', '_']), true),
            None => (rest, false),
        };
        let ends = colon || tail.is_empty() || tail.starts_with(|c: char| is_blank(c));
        return ends.then(|| Span::new(begin, at + (rest.len() - tail.len())));
    }
    let line = rest.split(['\n', '\r', '\u{c}']).next().unwrap_or_default();
    let tail = line.trim_end_matches(is_blank);
    tail.chars().all(is_mark).then(|| Span::new(begin, at + tail.len()))
}

/// Puts a heading at `span` in place of what the blocks there were, and says where it stands: marks
/// of Markdown lie outside the blocks of a file that is Markdown.
fn cut_loose(
    text: &str,
    blocks: &mut Vec<Block>,
    span: Span,
    line: usize,
    anchor: &Anchor,
) -> Span {
    let kind = if anchor.turn { Kind::Turn } else { Kind::Heading };
    let first = blocks.partition_point(|block| block.span.end <= span.start);
    let past = blocks.partition_point(|block| block.span.start < span.end).max(first);
    if let Some([block]) = blocks.get_mut(first..past)
        && span.start <= block.span.start
        && block.span.end <= span.end
    {
        (block.kind, block.marked) = (kind, true);
        block.level = if anchor.turn { 0 } else { anchor.level };
        return block.span;
    }
    let source = blocks.get(first).and_then(|block| block.source);
    let blanks = blocks.get(first).map_or(1, |block| block.blanks);
    let mut pieces: Vec<Block> = Vec::new();
    let mut heading = Some(Block {
        kind,
        marked: true,
        level: if anchor.turn { 0 } else { anchor.level },
        source,
        ..Block::new(text, span, line, blanks)
    });
    let taken: Vec<Block> = blocks.drain(first..past).collect();
    for block in taken {
        let before = trimmed(text, Span::new(block.span.start, span.start.max(block.span.start)));
        let behind = trimmed(text, Span::new(span.end.min(block.span.end), block.span.end));
        let piece = |inside: Span, line: usize| {
            let holes: Vec<Span> = block
                .holes
                .iter()
                .filter(|hole| inside.start <= hole.start && hole.end <= inside.end)
                .copied()
                .collect();
            Block {
                kind: block.kind,
                marked: block.marked,
                holes,
                source: block.source,
                ..Block::new(text, inside, line, if inside == before { block.blanks } else { 0 })
            }
        };
        if !before.is_empty() && before.start < span.start {
            pieces.push(piece(before, block.line));
        }
        if let Some(heading) = heading.take() {
            pieces.push(heading);
        }
        if !behind.is_empty() && behind.end > span.end {
            let passed = Span::new(span.start, behind.start).of(text).matches('\n').count();
            pieces.push(piece(behind, line + passed));
        }
    }
    pieces.extend(heading);
    blocks.splice(first..first, pieces);
    span
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::block::Extracted;
    use crate::ingest::structure::{Hint, structure};

    fn outline(text: &str, anchors: &[Anchor]) -> (Vec<(String, usize, u8)>, usize) {
        let extracted = Extracted { text: text.to_owned(), ..Extracted::default() };
        let hint = Hint { headings: Some(anchors), ..Hint::default() };
        let found = structure(&extracted, hint);
        let rows = found
            .sections
            .iter()
            .map(|s| (s.title.clone().unwrap_or_default(), s.line, s.level))
            .collect();
        (rows, found.problems.len())
    }

    fn anchor(words: &str, level: u8) -> Anchor {
        Anchor { words: words.to_owned(), level, ..Anchor::default() }
    }

    const TEXT: &str = "The Harbour Papers\n\nFirst we speak of ships and of all that sails.\n\nsecond\n\
                        part\nThen we speak of ports, and of those who keep them open.\n\n\
                        second part\n\nAnd so on to the end of it.\n";

    #[test]
    fn anchors_are_headings_and_nothing_else_is() {
        let (rows, problems) = outline(TEXT, &[anchor("second part", 1)]);
        assert_eq!(rows, [(String::new(), 3, 0), ("second part".to_owned(), 5, 1)]);
        assert_eq!(problems, 0);
        assert_eq!(outline(TEXT, &[]).0, [(String::new(), 3, 0)]);
    }

    #[test]
    fn the_line_tells_equal_headings_apart() {
        let at = |line| Anchor { line: Some(line), ..anchor("second part", 2) };
        assert_eq!(outline(TEXT, &[at(11)]).0[1].1, 9);
        assert_eq!(outline(TEXT, &[at(6)]).0[1].1, 5);
        let both = [anchor("second part", 1), anchor("second part", 1)];
        let (rows, problems) = outline(TEXT, &both);
        assert_eq!((rows.len(), rows[2].1, problems), (3, 9, 0));
    }

    #[test]
    fn anchors_that_stand_nowhere_are_told() {
        let (rows, problems) = outline(TEXT, &[anchor("third part", 1), anchor("second", 1)]);
        assert_eq!((rows.len(), problems), (2, 1), "{rows:?}");
        let turn = Anchor { turn: true, ..anchor("Then we speak of ports,", 1) };
        let (rows, problems) = outline(TEXT, &[turn]);
        assert_eq!((rows[1].1, problems), (7, 0));
    }
}
