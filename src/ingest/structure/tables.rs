//! Tables of plain text: columns under a line of dashes, rows between bars, cells in a drawn grid.
//!
//! Only what a rule of signs announces is a table; columns of blanks alone are too often a list of
//! names or a letterhead.

use super::glyphs::is_blank;
use super::lines::Line;

/// Rows that lie above the rule of a table at most: a heading of more lines is none.
const MOST_HEADING: usize = 3;

/// Which lines are rows or rules of a table.
pub(super) fn table_lines(text: &str, lines: &[Line]) -> Vec<bool> {
    let mut found = vec![false; lines.len()];
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rule = Rule::of(line.span.of(text), line.indent);
        let table = rule.and_then(|rule| rule.table(text, lines, at));
        let Some((first, end)) = table else {
            at += 1;
            continue;
        };
        if let Some(rows) = found.get_mut(first..end) {
            rows.fill(true);
        }
        at = end.max(at + 1);
    }
    found
}

/// A line that rules a table.
#[derive(Debug, PartialEq, Eq)]
enum Rule {
    /// Groups of dashes with blanks between: where the columns lie, counted in characters of the line.
    Columns(Vec<(usize, usize)>),
    /// `|---|---|`.
    Bars,
    /// `+---+---+`.
    Grid,
}

impl Rule {
    fn of(line: &str, indent: u16) -> Option<Self> {
        // Most lines are text; their first sign tells.
        if !line.starts_with(['-', '=', '|', '+', ':']) {
            return None;
        }
        let only = |signs: &str| line.chars().all(|sign| signs.contains(sign));
        let has_run = line.contains("---") || line.contains("===");
        if line.starts_with('+') {
            return (line.len() > 2 && line.ends_with('+') && only("+-=:") && has_run)
                .then_some(Self::Grid);
        }
        if line.contains('|') {
            return (only("|-: ") && has_run).then_some(Self::Bars);
        }
        if !only("-= ") {
            return None;
        }
        let mut columns = Vec::new();
        let mut start = None;
        for (place, sign) in line.chars().chain([' ']).enumerate() {
            let place = place + usize::from(indent);
            match (sign, start) {
                (' ', Some(from)) => {
                    columns.push((from, place));
                    start = None;
                }
                (' ', None) | (_, Some(_)) => {}
                (_, None) => start = Some(place),
            }
        }
        let wide = columns.iter().filter(|(from, to)| to - from >= 3).count();
        (columns.len() >= 2 && wide * 2 > columns.len()).then_some(Self::Columns(columns))
    }

    /// The lines of the table that the rule at `at` belongs to: the first, and the one behind the last.
    fn table(&self, text: &str, lines: &[Line], at: usize) -> Option<(usize, usize)> {
        let words = |line: &Line| line.span.of(text).to_owned();
        let rows = |rows: &[Line], is_row: &dyn Fn(&Line) -> bool| {
            rows.iter()
                .take_while(|line| line.blanks == 0 && !line.new_page && is_row(line))
                .count()
        };
        let (above, below) = (lines.get(..at)?, lines.get(at + 1..)?);
        // What stands directly above, nearest first, without a blank line between.
        let joined = |line: usize| lines.get(line).is_some_and(|line| line.blanks == 0);
        match self {
            Self::Grid => {
                let n_rows = rows(below, &|line| words(line).starts_with(['|', '+']));
                (n_rows >= 2).then_some((at, at + 1 + n_rows))
            }
            Self::Bars => {
                let has_bar = |line: &Line| words(line).contains('|');
                let heading = joined(at) && above.last().is_some_and(has_bar);
                let n_rows = rows(below, &has_bar);
                (heading && n_rows >= 1).then(|| (at - 1, at + 1 + n_rows))
            }
            Self::Columns(columns) => {
                let fits = |line: &Line| keeps_to(columns, &words(line), line.indent);
                let mut first = at;
                while first > 0
                    && at - first < MOST_HEADING
                    && joined(first)
                    && lines.get(first - 1).is_some_and(fits)
                {
                    first -= 1;
                }
                let n_rows = rows(below, &fits);
                let headed = first < at;
                let closed = lines.get(at + n_rows).is_some_and(|line| {
                    n_rows >= 2 && Self::of(&words(line), line.indent).is_some()
                });
                (n_rows >= 1 && headed || closed).then_some((first, at + 1 + n_rows))
            }
        }
    }
}

/// Whether the words of a line stand in the columns: no sign lies between two of them.
fn keeps_to(columns: &[(usize, usize)], line: &str, indent: u16) -> bool {
    let signs: Vec<char> = line.chars().collect();
    // Places are counted from the margin; the line begins at its indent.
    let between = |from: usize, to: usize| {
        let place = |at: usize| at.saturating_sub(usize::from(indent)).min(signs.len());
        signs.get(place(from)..place(to)).unwrap_or_default()
    };
    let is_open = |pair: &[(usize, usize)]| match pair {
        // What lies beyond the line's ends is open.
        [(_, from), (to, _)] => {
            let gap = between(*from, *to);
            gap.len() < to - from || gap.iter().any(|sign| is_blank(*sign))
        }
        _ => true,
    };
    columns.windows(2).all(is_open)
        && columns.iter().any(|(from, to)| between(*from, *to).iter().any(|sign| !is_blank(*sign)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::structure::lines::split;

    fn marked(text: &str) -> Vec<String> {
        let lines = split(text);
        let rows = table_lines(text, &lines);
        lines
            .iter()
            .zip(rows)
            .filter(|(_, row)| *row)
            .map(|(line, _)| line.span.of(text).split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn columns_under_dashes_are_a_table() {
        let text = "Words before it.\n\n  Port      Opened   Keeper\n  --------- -------- -------------\n  \
                    Rav       1871     The Ministry\n  Old Quay  1874     Harbour Board\n\nWords behind it.";
        assert_eq!(
            marked(text),
            [
                "Port Opened Keeper",
                "--------- -------- -------------",
                "Rav 1871 The Ministry",
                "Old Quay 1874 Harbour Board"
            ]
        );
        let bare = "----- ------\na     b\nc     d\n----- ------\n\nText.";
        assert_eq!(marked(bare).len(), 4);
    }

    #[test]
    fn bars_and_grids_are_tables() {
        assert_eq!(marked("One\n\na | b\n--|---\n1 | 2\n3 | 4\n\nTwo | three").len(), 4);
        assert_eq!(
            marked("+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+\n\nText").len(),
            5
        );
    }

    #[test]
    fn a_rule_of_a_million_columns_takes_no_longer_than_its_length() {
        let rule = "--- ".repeat(250_000);
        let text = format!("{rule}\n{rule}\n{}\n{rule}", "abc ".repeat(250_000));
        assert_eq!(table_lines(&text, &split(&text)), [true; 4]);
    }

    #[test]
    fn rules_of_text_are_no_tables() {
        for text in [
            "Title\n-----\n\nWords of the text that go on.",
            "Words\n\n--- ---\n\nMore words.",
            "We said so -- and so -- and went on\n-- and on to the end of the day",
            "A line of prose that runs on under\n---- ----\nanother line of prose that runs across both",
            "Yes | No\n\nA vote.",
            "***\n\n* * *\n",
        ] {
            assert_eq!(marked(text), Vec::<String>::new(), "{text}");
        }
    }
}
