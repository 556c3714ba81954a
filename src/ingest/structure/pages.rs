//! Page furniture among the lines: page numbers, job numbers, running heads, separators.
//!
//! Comes in: the lines of a text. Goes out: which of them are furniture of the page, over which a
//! sentence runs on. UNGDC sessions 49 to 60 break sentences at every page foot.

use std::collections::HashMap;

use super::cues::starts_with;
use super::glyphs::is_blank;
use super::lines::Line;

/// Running heads recur at least so often: twice may be chance.
const RECURRENCES: usize = 3;

/// A symbol within so many lines names the document; further down it heads a page.
const HEAD: usize = 3;

/// Marks the lines that are page furniture: one answer a line.
pub(super) fn page_lines(text: &str, lines: &[Line]) -> Vec<bool> {
    let mut pages: Vec<bool> = lines.iter().map(|line| is_page_line(line.span.of(text))).collect();
    mark_specks(text, lines, &mut pages);
    mark_running_heads(text, lines, &mut pages);
    // A document of nothing but numbers is no furniture: it is all there is.
    if pages.iter().all(|page| *page) {
        pages.fill(false);
    }
    pages
}

/// Whether a line can only be page furniture: `12`, `- 12 -`, `Page 3 of 9`, `05-51659`,
/// `29 10-55128`, `* * *`.
fn is_page_line(line: &str) -> bool {
    if line.len() > 40 {
        return false;
    }
    let bytes = line.as_bytes();
    match bytes.first() {
        Some(
            b'0'..=b'9'
            | b'-'
            | b'*'
            | b'_'
            | b'='
            | b'~'
            | b'/'
            | b'p'
            | b'P'
            | b'.'
            | b'#'
            | b'D',
        ) => {}
        Some(0xe2) => {}
        _ => return false,
    }
    is_separator(line)
        || starts_with(line, "digitized by")
        || is_page_number(line)
        || is_job_number(line)
}

/// A line drawn between parts: `* * *`, `_____`.
pub(super) fn is_separator(line: &str) -> bool {
    let mut signs = 0;
    for c in line.chars() {
        match c {
            '*' | '_' | '=' | '-' | '–' | '—' | '~' | '.' | '#' | '•' => signs += 1,
            _ if is_blank(c) => {}
            _ => return false,
        }
    }
    signs >= 3
}

/// `12`, `- 12 -`, `12/34`, `Page 3`, `Page 3 of 9`, `p. 3`.
///
/// Four digits are a year as well as a page, so they need a dash or a word beside them; a bare
/// number with a full stop is the number of a paragraph.
fn is_page_number(line: &str) -> bool {
    let framed = line.trim_matches(|c: char| matches!(c, '-' | '–' | '—' | '/') || is_blank(c));
    let bare = framed.len() == line.len();
    let lower = |word: &str| ["page", "p."].iter().any(|cue| word.eq_ignore_ascii_case(cue));
    let mut words = framed.split(is_blank).filter(|word| !word.is_empty());
    let mut first = words.next().unwrap_or_default();
    let worded = lower(first);
    if worded {
        first = words.next().unwrap_or_default();
    }
    let number = |word: &str, most: usize| {
        (1..=most).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let most = if bare && !worded { 3 } else { 4 };
    let counted = match first.split_once('/') {
        Some((page, of)) => number(page, 3) && number(of, 3),
        None => number(first, most),
    };
    counted
        && match (words.next(), words.next(), words.next()) {
            (None, _, _) => true,
            (Some("of" | "de" | "/"), Some(all), None) => number(all, 4),
            _ => false,
        }
}

/// The job number of United Nations documents, alone or beside a page number: `05-51659`,
/// `29 10-55128`, `10-55128 29`, `*0551659*`.
fn is_job_number(line: &str) -> bool {
    let job = |word: &str| {
        let word = word.trim_matches('*');
        let digits = |part: &str, least: usize, most: usize| {
            (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        match word.split_once('-') {
            Some((year, number)) => digits(year, 2, 2) && digits(number, 5, 6),
            None => digits(word, 7, 8),
        }
    };
    // `3`, `(E)`, `51/54`.
    let is_page = |word: &str| {
        word.len() <= 7
            && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'(' | b')' | b'E' | b'/'))
    };
    let mut jobs = 0;
    let mut words = 0;
    for word in line.split(is_blank).filter(|word| !word.is_empty()) {
        words += 1;
        if job(word) {
            jobs += 1;
        } else if !is_page(word) {
            return false;
        }
    }
    jobs > 0 && words <= 3
}

/// Whether a line may be a running head: a document symbol, or a short line beside a page break.
fn is_symbol(line: &str) -> bool {
    line.len() <= 40
        && line.contains('/')
        && matches!(line.as_bytes().first(), Some(b'A' | b'S' | b'E' | b'T'))
        && line.as_bytes().get(1) == Some(&b'/')
        && line.bytes().all(|byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"/.()- ".contains(&byte)
        })
}

/// Whether a line is a page number before a few words in capitals: `16 General Assembly - …`.
fn opens_with_page(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3).contains(&digits)
        && line.len() <= 60
        && line.as_bytes().get(digits) == Some(&b' ')
        && line.as_bytes().get(digits + 1).is_some_and(u8::is_ascii_uppercase)
        && !line.ends_with(['.', ',', ';', ':'])
        && line.split(is_blank).count() >= 4
}

/// Running heads that open with rising page numbers and go on with the same words, far apart
/// (UNGDC session 48).
fn rising(numbered: &[(usize, &str)]) -> Vec<usize> {
    /// A page has more lines.
    const PAGE: usize = 20;
    let rest = |line: &str| line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mut found = Vec::new();
    for pair in numbered.windows(2) {
        let [(a, first), (b, second)] = pair else { continue };
        let same =
            first.get(first.len() - rest(first)..) == second.get(second.len() - rest(second)..);
        if same && first != second && b - a >= PAGE {
            found.extend([*a, *b]);
        }
    }
    found
}

/// Whether a line is a symbol beside a date: `29/09/2015 A/70/PV.16` (session 70).
fn is_dated_symbol(line: &str) -> bool {
    let is_date = |word: &str| {
        (8..=10).contains(&word.len())
            && word.bytes().all(|b| b.is_ascii_digit() || b == b'/')
            && word.bytes().filter(|b| *b == b'/').count() == 2
    };
    match line.split_once(is_blank) {
        Some((first, second)) => {
            let second = second.trim_start_matches(is_blank);
            is_date(first) && is_symbol(second) || is_symbol(first) && is_date(second)
        }
        None => false,
    }
}

/// Marks specks: lines of one sign that the scanner saw at a page's edge (sessions 16 to 38). In a
/// document with many such lines they mean something.
fn mark_specks(text: &str, lines: &[Line], pages: &mut [bool]) {
    let is_speck = |line: &Line| {
        line.span.len() <= 2 && line.span.of(text).chars().all(|c| !c.is_numeric()) && {
            line.span.of(text).chars().count() == 1
        }
    };
    let specks: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| is_speck(line)).map(|(at, _)| at).collect();
    if specks.len() * 20 > lines.len() {
        return;
    }
    for at in specks {
        if let Some(page) = pages.get_mut(at) {
            *page = true;
        }
    }
}

/// Marks lines beside a page break that recur, numbers aside, and symbols that recur.
fn mark_running_heads(text: &str, lines: &[Line], pages: &mut [bool]) {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    let mut numbered: Vec<(usize, &str)> = Vec::new();
    let known = pages.to_vec();
    let paged = |at: Option<usize>| at.and_then(|at| known.get(at)).copied().unwrap_or(false);
    for (at, line) in lines.iter().enumerate() {
        let words = line.span.of(text);
        if paged(Some(at)) || words.len() > 80 {
            continue;
        }
        let next_breaks = lines.get(at + 1).is_some_and(|next| next.new_page);
        let beside = at == 0
            || line.new_page
            || next_breaks
            || paged(at.checked_sub(1))
            || paged(Some(at + 1));
        if at >= HEAD && is_symbol(words) || is_dated_symbol(words) {
            if let Some(page) = pages.get_mut(at) {
                *page = true;
            }
        } else if !beside && opens_with_page(words) {
            numbered.push((at, words));
        } else if beside || is_symbol(words) {
            let residue: String = words.chars().filter(|c| !c.is_ascii_digit()).collect();
            if residue.chars().any(char::is_alphabetic) {
                places.entry(residue).or_default().push(at);
            }
        }
    }
    let mut recurring: Vec<usize> =
        places.into_values().filter(|at| at.len() >= RECURRENCES).flatten().collect();
    recurring.extend(rising(&numbered));
    recurring.sort_unstable();
    for at in recurring {
        if let Some(page) = pages.get_mut(at) {
            *page = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_pages_and_jobs() {
        for line in
            ["12", "- 12 -", "Page 3 of 9", "p. 7", "3/14", "05-51659", "29 10-55128", "* * *"]
        {
            assert!(is_page_line(line), "{line}");
        }
        for line in ["1945", "12.", "1-2-3 go", "Peace", "P.", "- a note", "12 men", "1914-1918"] {
            assert!(!is_page_line(line), "{line}");
        }
    }

    #[test]
    fn recurring_lines_beside_page_breaks_are_running_heads() {
        let text = "Report 1\nText of one\u{c}Report 2\nText of two\u{c}Report 3\nText of three";
        let lines = super::super::lines::split(text);
        assert_eq!(page_lines(text, &lines), [true, false, true, false, true, false]);
    }
}
