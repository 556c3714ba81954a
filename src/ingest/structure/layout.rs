//! How the lines of a plain text stand for paragraphs: the layout test and the rules of joining.
//!
//! Comes in: lines, and which of them are page furniture. Goes out: for each line, whether it starts
//! a new block. Decided per document, never per year: neighbours of one session
//! differ.

use super::glyphs::{AVERAGE, End, Start, opens_with_bullet, width};
use super::lines::Line;
use super::score::Case;
use super::{cues, numbers, score, turns};

/// How lines relate to paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// A paragraph is set over several lines of at most this printed width.
    Wrapped {
        /// Width of a full line, thousandths of an em.
        column: u32,
        /// Whether blank lines part paragraphs; not in text with a blank line after every line.
        blanks_part: bool,
        /// Whether paragraphs open with an indented line.
        indents: bool,
        /// Whether most paragraphs end without a blank line, so that one sets something off.
        sparse: bool,
    },
    /// A paragraph, or the whole text, is one line.
    LineIsParagraph,
}

/// Fewest lines that can be told to be wrapped.
const LEAST_LINES: usize = 8;
/// Longest 90th percentile of wrapped lines, in characters.
const LONGEST: usize = 110;
/// The same where more than half of the lines start in lower case: two speeches of UNGDC session 24
/// are wrapped at 170.
const WIDEST: usize = 200;
/// Narrowest column, in average characters: the narrowest of UNGDC, session 37, has 46.
const NARROWEST: u32 = 28;

/// The layout test, with conditions that keep lists of short entries
/// (archive guides, participants, bibliographies) from being read as one paragraph: at least half of
/// the lines are about full, a column is not too narrow, and in scripts with case some lines start
/// in lower case.
pub(super) fn layout(text: &str, lines: &[Line], pages: &[bool]) -> Layout {
    let body = || lines.iter().zip(pages).filter(|(_, page)| !**page).map(|(line, _)| line);
    let mut lengths = [0_usize; WIDEST + 2];
    let (mut n_lines, mut lower, mut caseless) = (0_usize, 0_usize, 0_usize);
    let (mut stopped, mut after_blank) = (0_usize, 0_usize);
    let (mut indents, mut indents_stopped) = (0_usize, 0_usize);
    let mut before: Option<(u16, bool)> = None;
    // Length, whether it ends a sentence, whether a blank line stands before it.
    let mut ends: Vec<(usize, bool, bool)> = Vec::with_capacity(lines.len());
    for line in body() {
        let words = line.span.of(text);
        let length = if words.len() > 4 * WIDEST { usize::MAX } else { words.chars().count() };
        if let Some(count) = lengths.get_mut(length.min(WIDEST + 1)) {
            *count += 1;
        }
        n_lines += 1;
        let start = Start::of(words);
        lower += usize::from(start == Start::Lower);
        caseless += usize::from(start == Start::Caseless);
        let stops = End::of(words).terminates();
        stopped += usize::from(stops);
        if let Some((indent, stopped)) = before.filter(|(indent, _)| line.indent > indent + 1) {
            debug_assert!(indent < line.indent, "the line is indented more");
            indents += 1;
            indents_stopped += usize::from(stopped);
        }
        before = Some((line.indent, stops));
        ends.push((length, stops, line.blanks > 0));
        after_blank += usize::from(line.blanks > 0);
    }
    if n_lines < LEAST_LINES {
        return Layout::LineIsParagraph;
    }
    let percentile = |share: usize| {
        let mut seen = 0;
        lengths.iter().position(|count| {
            seen += count;
            seen * 100 >= n_lines * share
        })
    };
    let (p75, p90) = (percentile(75).unwrap_or(0), percentile(90).unwrap_or(0));
    let full: usize = lengths.iter().skip(p75 * 7 / 10).sum();
    let running = lower * 10 > n_lines || caseless * 2 > n_lines;
    let broken = lower * 4 > n_lines || stopped * 100 < n_lines * 45 && running;
    // Where lines were joined by accident (session 38) a tenth is longer than the column.
    let narrow = p90 <= LONGEST
        || lower * 4 > n_lines && p75 <= LONGEST
        || lower * 2 > n_lines && p75 <= WIDEST;
    if !narrow || !broken || full * 2 < n_lines {
        return Layout::LineIsParagraph;
    }
    let mut widths: Vec<u32> = body()
        .map(|line| line.span.of(text))
        .filter(|words| words.len() <= 4 * WIDEST && words.chars().count() * 5 <= p75 * 7)
        .map(width)
        .collect();
    let place = (widths.len() * 95 / 100).min(widths.len().saturating_sub(1));
    if widths.is_empty() {
        return Layout::LineIsParagraph;
    }
    let (_, column, _) = widths.select_nth_unstable(place);
    if *column < NARROWEST * AVERAGE {
        return Layout::LineIsParagraph;
    }
    let indents = indents >= 3 && indents * 40 >= n_lines && indents_stopped * 10 >= indents * 6;
    let (mut with_blank, mut without) = (0_usize, 0_usize);
    for pair in ends.windows(2) {
        if let [(length, true, _), (_, _, blank)] = pair
            && (*blank || *length < p75 * 4 / 5)
        {
            with_blank += usize::from(*blank);
            without += usize::from(!*blank);
        }
    }
    Layout::Wrapped {
        column: *column,
        blanks_part: after_blank * 10 < n_lines * 7,
        indents,
        sparse: without > with_blank,
    }
}

/// Whether each line starts a block; page lines never do.
pub(super) fn block_starts(
    text: &str,
    lines: &[Line],
    pages: &[bool],
    layout: Layout,
) -> Vec<bool> {
    let mut starts = vec![false; lines.len()];
    let mut joiner = Joiner {
        text,
        layout,
        previous: None,
        block_lines: 0,
        apart: true,
        crossed: false,
        blanks: 0,
    };
    let mut following = lines.iter().zip(pages).enumerate().filter(|(_, (_, page))| !**page);
    let mut next = following.next();
    for (at, line) in lines.iter().enumerate() {
        if next.is_some_and(|(place, _)| place == at) {
            next = following.next();
            let view = View::of(text, *line);
            let after = next.map(|(_, (line, _))| View::of(text, *line));
            if let Some(start) = starts.get_mut(at) {
                *start = joiner.starts(view, after);
            }
        } else {
            joiner.crossed = true;
            joiner.blanks = joiner.blanks.max(line.blanks);
        }
    }
    starts
}

/// A line with what the rules ask of it.
#[derive(Debug, Clone, Copy)]
struct View<'t> {
    line: Line,
    text: &'t str,
    start: Start,
    end: End,
}

impl<'t> View<'t> {
    fn of(text: &'t str, line: Line) -> Self {
        let text = line.span.of(text);
        Self { line, text, start: Start::of(text), end: End::of(text) }
    }

    /// Width of the first word.
    fn first_word(&self) -> u32 {
        width(self.text.split_whitespace().next().unwrap_or_default())
    }
}

/// How wrapped text is set: see [`Layout::Wrapped`].
#[derive(Debug, Clone, Copy)]
struct Wrap {
    column: u32,
    blanks_part: bool,
    indents: bool,
    sparse: bool,
}

/// Walks over the lines and remembers what came before.
struct Joiner<'t> {
    text: &'t str,
    layout: Layout,
    previous: Option<View<'t>>,
    /// Lines of the block so far.
    block_lines: usize,
    /// Whether blank lines stand before the block.
    apart: bool,
    /// Whether page furniture stands between the previous line and this one.
    crossed: bool,
    /// Most blank lines around that furniture.
    blanks: u8,
}

impl<'t> Joiner<'t> {
    /// Whether `line`, which `after` follows, starts a block; remembers it.
    fn starts(&mut self, line: View<'t>, after: Option<View<'t>>) -> bool {
        let starts = match (self.previous, self.layout) {
            (None, _) => true,
            (Some(previous), Layout::LineIsParagraph) => !joins(previous, line, self.crossed),
            (Some(previous), Layout::Wrapped { column, blanks_part, indents, sparse }) => {
                let wrap = Wrap { column, blanks_part, indents, sparse };
                self.starts_in_wrapped(previous, line, after, wrap)
            }
        };
        if starts {
            self.apart = self.previous.is_none() || line.line.blanks > 0;
        }
        self.block_lines = if starts { 1 } else { self.block_lines + 1 };
        self.previous = Some(line);
        self.crossed = false;
        self.blanks = 0;
        debug_assert!(line.line.span.end <= self.text.len(), "lines lie in the text");
        starts
    }

    /// Whether a line of wrapped text starts a block: the first rule that fires.
    fn starts_in_wrapped(
        &self,
        previous: View<'t>,
        line: View<'t>,
        after: Option<View<'t>>,
        Wrap { column, blanks_part, indents, sparse }: Wrap,
    ) -> bool {
        let complete = previous.end.terminates();
        let paused = complete || matches!(previous.end, End::Soft | End::Colon);
        let blank = blanks_part && (line.line.blanks > 0 || self.blanks > 0);
        if opens_with_bullet(line.text) || score::is_markdown_heading(line.text) {
            return true;
        }
        if numbers::label(line.text).is_some_and(|label| label.length < line.text.len()) {
            return blank || paused || self.block_lines == 1 && room(previous, line, column);
        }
        // Labels of cables and of speakers stand at the start of a line.
        if line.text.as_bytes().iter().take(140).any(|byte| *byte == b':')
            && (cues::labelled(line.text).is_some() && (paused || self.block_lines == 1 || blank)
                || turns::opens_turn(line.text) && (complete || blank))
        {
            return true;
        }
        // A number alone on its line labels what follows.
        if numbers::label(previous.text).is_some_and(|label| label.length == previous.text.len()) {
            return false;
        }
        if self.crossed {
            // Over a page's foot only a complete sentence with room behind it ends a paragraph.
            return complete
                && line.start != Start::Lower
                && (room(previous, line, column) || indented(previous, line))
                || complete && is_cut_heading(line, after, column);
        }
        if blank {
            // What starts in lower case goes on with a broken sentence; a blank line before anything
            // else parts, also headings and captions, which end in no stop.
            return match line.start {
                Start::Lower => complete || previous.end == End::Colon,
                _ => self.block_lines <= 2 || previous.end != End::Hyphen,
            };
        }
        if indented(previous, line) {
            // Behind a heading of a line or two, which ends in no stop.
            let headed = indents
                && self.block_lines <= 2
                && matches!(previous.end, End::Open | End::Colon | End::Question);
            if complete || headed {
                return true;
            }
        }
        if indents
            && complete
            && line.start != Start::Lower
            && matches!(line.end, End::Open | End::Colon | End::Question)
            && after.is_some_and(|after| indented(line, after) && after.start != Start::Lower)
        {
            return true;
        }
        if line.start == Start::Lower {
            return false;
        }
        if complete {
            return room(previous, line, column) || is_cut_heading(line, after, column);
        }
        // A heading without blank lines is cut loose from the text under it.
        self.block_lines <= 2
            && matches!(previous.end, End::Open | End::Colon | End::Question)
            && room(previous, line, column)
            && stands_out(previous, column, self.apart && blanks_part && sparse)
    }
}

/// Whether the first word of `line` had found room behind `previous` (at .7 of
/// its width), so that the line was broken on purpose.
fn room(previous: View<'_>, line: View<'_>, column: u32) -> bool {
    let left = column.saturating_sub(width(previous.text)).saturating_sub(AVERAGE);
    u64::from(left) * 10 >= u64::from(line.first_word()) * 7 && left > 0
}

/// Whether `line` is indented more than `previous`.
fn indented(previous: View<'_>, line: View<'_>) -> bool {
    line.line.indent > previous.line.indent + 1
}

/// Whether `line` looks like a heading right before `after`, without blank lines.
fn is_cut_heading(line: View<'_>, after: Option<View<'_>>, column: u32) -> bool {
    let Some(after) = after else { return false };
    matches!(line.end, End::Open | End::Colon)
        && line.start != Start::Lower
        && after.start != Start::Lower
        && room(line, after, column)
        && stands_out(line, column, false)
}

/// Whether a line is written as a heading. Without blank lines around, a heading in title case must
/// leave two fifths of the column free: many paragraphs of UNGDC open with a name in capitals that
/// fills most of a ragged line (`The 1999 Oslo Conference on Inland`). Where a block stands `apart`, set
/// off by a blank line, its first line was broken on purpose if there was room.
fn stands_out(line: View<'_>, column: u32, apart: bool) -> bool {
    let filled = u64::from(width(line.text)) * 10;
    let column = u64::from(column);
    if filled > column * 8 && !apart || score::breaks_off(line.text) {
        return false;
    }
    score::is_marked(line.text)
        || score::is_numbered(line.text)
        || line.start == Start::Caseless
        || match Case::of(line.text) {
            Case::Upper => true,
            Case::Title => apart || filled <= column * 6,
            Case::Sentence | Case::Mixed => filled <= column * if apart { 6 } else { 3 },
        }
}

/// Whether a line goes on with `line` where a line is meant to be a paragraph: broken in
/// mid-sentence, before lower case or behind a word that ends nothing.
fn joins(previous: View<'_>, line: View<'_>, crossed: bool) -> bool {
    let open = matches!(previous.end, End::Open | End::Hyphen)
        || previous.end == End::Soft
            && (crossed || line.start == Start::Lower && ends_in_comma(previous.text));
    if !open || opens_with_bullet(line.text) {
        return numbers::label(previous.text)
            .is_some_and(|label| label.length == previous.text.len());
    }
    // Captions and headings are short; a sentence that was broken fills most of a line.
    let long = previous.text.len() > 60;
    if line.start == Start::Lower {
        return long || line.line.blanks == 0;
    }
    long && line.line.blanks == 0 && score::breaks_off(previous.text)
}

/// Whether a text ends in a comma.
fn ends_in_comma(text: &str) -> bool {
    text.ends_with([',', '،', '，'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(text: &str) -> View<'_> {
        let line = Line {
            span: crate::document::Span::new(0, text.len()),
            number: 1,
            indent: 0,
            blanks: 0,
            new_page: false,
        };
        View::of(text, line)
    }

    #[test]
    fn room_rule_asks_whether_the_next_word_had_fitted() {
        // 20 wide; 12.4 leaves room for a word of 6, 16.5 does not.
        let next = view("Precise");
        let column = 20 * AVERAGE;
        let fill = |share: u32| "n".repeat((share * AVERAGE / 5000) as usize);
        assert!(room(view(&fill(124)), next, column));
        assert!(!room(view(&fill(165)), next, column));
    }

    #[test]
    fn headings_are_cut_loose_without_blank_lines() {
        let paragraph = |indent: &str| {
            format!(
                "{indent}The ships come in and the ships go out, as they have done for as long\n\
                 as anyone can remember, and nobody counts them any more, for there are\n\
                 many of them and the days are long and the harbour is wide and open, so\n\
                 that it would take more hands than there are.\n"
            )
        };
        let cut = |gap: &str, indent: &str, heading: &str| {
            let (p, mut text) = (paragraph(indent), String::new());
            for _ in 0..4 {
                text.push_str(&p);
            }
            let text = format!("{text}{gap}{heading}\n{text}");
            let lines = super::super::lines::split(&text);
            let pages = vec![false; lines.len()];
            let starts = block_starts(&text, &lines, &pages, layout(&text, &lines, &pages));
            let words: Vec<&str> = lines.iter().map(|line| line.span.of(&text)).collect();
            let at = words.iter().position(|words| heading.starts_with(words)).unwrap();
            starts[at] && starts[at + heading.lines().count()]
        };
        // Indented paragraphs; a gap before the heading and none behind; neither.
        assert!(cut("", "    ", "What the Owners of the Ships Owe to the Builders of Piers"));
        assert!(cut("", "    ", "What is owed to the builders of the piers"));
        assert!(cut("\n\n", "", "What the Owners of the Ships Owe to the Builders of Piers"));
        assert!(cut("\n\n", "", "What is owed to the builders"));
        assert!(cut("", "", "WHAT IS OWED"));
        assert!(!cut("", "", "What is owed to those who build the piers and to all of"));
    }

    #[test]
    fn a_very_long_line_among_wrapped_ones_is_no_trouble() {
        let wrapped = "the ships come in and the ships go out, as they have done.\n".repeat(40);
        let text = format!("{wrapped}{}.\n{wrapped}", "word ".repeat(2_000));
        let lines = super::super::lines::split(&text);
        let pages = vec![false; lines.len()];
        assert!(matches!(layout(&text, &lines, &pages), Layout::Wrapped { .. }));
    }

    #[test]
    fn lines_broken_in_mid_sentence_are_joined() {
        let long = "The Government of my country has always held the firm view that peace";
        assert!(joins(view(long), view("depends on justice."), false));
        assert!(joins(view(&format!("{long} and the")), view("United Nations."), false));
        assert!(!joins(view("Justice and Peace"), view("The Government"), false));
        assert!(!joins(view(&format!("{long}.")), view("depends"), false));
    }
}
