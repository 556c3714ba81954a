//! Pieces of text on their pages, put right before lines are made of them.
//!
//! The parser sorts what stands on a line by its place alone. Marks that a font draws above or below
//! a letter have a place of their own, often behind the next letter; the numbers of footnotes stand
//! in the middle of sentences.

use std::collections::{BTreeMap, BTreeSet};

use pdfboss_core::{Document, Page, Result, StructureTree};
use pdfboss_output::{LayoutOptions, PageLayout, document_layout_opts, retain_rulings_on_page};
use pdfboss_output::{page_layout_opts, retain_spans_on_page};
use pdfboss_text::{FontCache, ReadingOrder, Ruling, TextSpan};
use unicode_normalization::char::is_combining_mark;

use super::fonts::Mended;
use super::layout::NOTE_SIZE;
use crate::document::Problem;

/// What stands on a page, and the order it stands in.
type Content = (Vec<TextSpan>, Vec<Ruling>, ReadingOrder);

/// A page is a scan when pictures cover this share of it.
const SCAN_SHARE: f64 = 0.3;
/// Scanned pages that a warning names.
const MOST_NAMED: usize = 20;
/// A mark stands no farther from its letter than this share of the size.
const REACH: f32 = 0.6;
/// Bytes of a piece that marks are still joined to; words are shorter.
const MOST_MARKED: usize = 512;
/// Blank pieces between the number of a note and its words at most.
const MOST_BLANK: usize = 3;
/// The number that calls for a note is smaller than the text by this share at least.
const CALL_SIZE: f32 = 0.85;

/// The pages of a file, and which could not be read.
pub(super) fn pages(document: &Document) -> (Vec<PageLayout>, Vec<Problem>) {
    let order = if document.structure_tree().is_some() {
        ReadingOrder::StructureTree
    } else {
        ReadingOrder::Content
    };
    let fonts = FontCache::default();
    let contents = document.oc_state();
    let tree = pdfboss_text::structure_for(document, order);
    let read = pdfboss_core::map_pages_forking(
        document,
        || tree.clone(),
        |tree: &Option<StructureTree>,
         document: &Document,
         page: &Page|
         -> Result<(Content, bool)> {
            let (mut spans, mut rulings, report) = pdfboss_core::source::block_on(
                pdfboss_text::extract_spans_and_rulings_reporting_cached_with(
                    Mended(document),
                    page,
                    &fonts,
                    contents.as_ref(),
                    tree.as_ref(),
                    order,
                ),
            )?;
            retain_spans_on_page(&mut spans, page);
            retain_rulings_on_page(&mut rulings, page);
            let scanned = spans.iter().all(|span| span.text.trim().is_empty())
                && is_picture(document, page, &fonts);
            Ok(((with_marks(spans), rulings, report.order), scanned))
        },
    );
    let (mut problems, mut scans) = (Vec::new(), Vec::new());
    let n_pages = read.len();
    let mut contents: Vec<Content> = Vec::with_capacity(n_pages);
    // One page may be damaged; the others are read all the same.
    for (number, page) in read.into_iter().enumerate() {
        match page {
            Ok((content, scanned)) => {
                contents.push(content);
                scans.extend(scanned.then_some(number + 1));
            }
            Err(error) => {
                contents.push((Vec::new(), Vec::new(), order));
                problems.push(Problem::new(format!("page {} is damaged: {error}", number + 1)));
            }
        }
    }
    problems.extend(some_are_scans(&scans, n_pages));
    let mut behind = BTreeSet::new();
    for (spans, _, _) in contents.iter_mut().rev() {
        let notes = notes(spans);
        without_calls(spans, &notes, &behind);
        behind.extend(notes.into_keys());
    }
    let options = LayoutOptions::default();
    let pages = match contents.as_slice() {
        [(spans, rulings, order)] => vec![page_layout_opts(spans, rulings, *order, &options)],
        _ => document_layout_opts(&contents, &options),
    };
    (pages, problems)
}

/// What to say where some pages, not all, are pictures.
fn some_are_scans(scans: &[usize], n_pages: usize) -> Option<Problem> {
    if scans.is_empty() || scans.len() == n_pages {
        return None;
    }
    let named: Vec<String> = scans.iter().take(MOST_NAMED).map(usize::to_string).collect();
    let more = if scans.len() > MOST_NAMED { " and others" } else { "" };
    Some(Problem::new(format!(
        "{} of its {n_pages} pages are pictures without text and were not read: {}{more}",
        scans.len(),
        named.join(", ")
    )))
}

/// Whether pictures cover a good part of a page.
fn is_picture(document: &Document, page: &Page, fonts: &FontCache) -> bool {
    let area = |part: pdfboss_core::Rect| (part.x1 - part.x0).abs() * (part.y1 - part.y0).abs();
    pdfboss_text::placed_images_reporting_cached(document, page, fonts).is_ok_and(|(images, _)| {
        let covered: f64 = images.iter().map(|image| f64::from(area(image.bbox))).sum();
        covered > f64::from(area(page.media_box)) * SCAN_SHARE
    })
}

/// Whether all letters are marks that stand on the letter before them.
fn is_marks(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_combining_mark)
}

/// Whether a letter is of a script that is written from right to left, which the parser puts in order
/// by the place of each mark.
fn is_from_the_right(sign: char) -> bool {
    matches!(u32::from(sign), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff)
}

/// Whether two pieces stand on the same line.
fn on_one_line(one: &TextSpan, other: &TextSpan) -> bool {
    one.rotate == other.rotate
        && (one.y - other.y).abs() < one.size.max(other.size) * REACH
        && !one.vertical
        && !other.vertical
}

/// Pieces that are nothing but marks joined to the letter they were drawn after.
fn with_marks(spans: Vec<TextSpan>) -> Vec<TextSpan> {
    let mut all: Vec<TextSpan> = Vec::with_capacity(spans.len());
    for span in spans {
        if is_marks(&span.text)
            && let Some(before) = all.last_mut()
            && before.text.len() <= MOST_MARKED
            && before.text.chars().next_back().is_some_and(|letter| !letter.is_whitespace())
            && !before.text.chars().any(is_from_the_right)
            && on_one_line(before, &span)
            && span.x > before.x - span.size * REACH
            && span.x < before.end_x + span.size * REACH
        {
            let letters = before.text.chars().count();
            let mut places = std::mem::take(&mut before.glyph_x).into_vec();
            places.resize(letters, before.x);
            // At the place of its letter, a mark stays behind it.
            let place = places.last().copied().unwrap_or(before.x);
            places.resize(letters + span.text.chars().count(), place);
            before.glyph_x = places.into_boxed_slice();
            before.text.push_str(&span.text);
            before.end_x = before.end_x.max(span.end_x);
            continue;
        }
        all.push(span);
    }
    all
}

/// Leaves out the raised numbers that call for a note, where the note stands below on the same page or
/// is one of those on the pages `behind`; a note's number is parted from its words.
fn without_calls(
    spans: &mut Vec<TextSpan>,
    notes: &BTreeMap<String, usize>,
    behind: &BTreeSet<String>,
) {
    let mut gone = vec![false; spans.len()];
    let mut at = 0;
    while at < spans.len() {
        let Some((label, end)) = called(spans, at) else {
            at += 1;
            continue;
        };
        let place = |at: usize| spans.get(at).map(|span| (span.y, span.size));
        let note = notes.get(&label).and_then(|note| Some((*note, place(*note)?, place(at)?)));
        let note = note.filter(|(_, (note, _), (y, size))| *note < y - size);
        if let Some((note, (y, size), _)) = note {
            let text_size = at.checked_sub(1).and_then(place).map_or(0.0, |(_, size)| size);
            let mut behind_it = spans.iter().skip(note + 1).take(1 + MOST_BLANK);
            let words = behind_it.find(|next| !next.text.trim().is_empty()).filter(|next| {
                let opens = |sign: char| sign.is_alphabetic() || "“\"«„‘(".contains(sign);
                next.text.trim_start().starts_with(opens)
            });
            // A small or raised number before words opens a note, whatever the size of its text.
            let opens = words.is_some_and(|words| {
                size < text_size * NOTE_SIZE
                    || size < words.size * CALL_SIZE && y > words.y + words.size * 0.1
            });
            if let Some(note) = spans.get_mut(note)
                && opens
                && note.text.trim() == label
            {
                note.text = format!("{NOTE_MARK}{label} ");
            }
        }
        if note.is_some() || behind.contains(&label) {
            gone.iter_mut().take(end).skip(at).for_each(|gone| *gone = true);
        }
        at = end;
    }
    let mut gone = gone.into_iter();
    spans.retain(|_| !gone.next().unwrap_or_default());
}

/// Whether a piece goes on where the one before it ends.
fn touches(before: &TextSpan, span: &TextSpan) -> bool {
    on_one_line(before, span) && (span.x - before.end_x).abs() < before.size * 0.1
}

/// The number or sign that calls for a note at `at`, and where it ends: raised, small, directly behind
/// a word or a sign of the sentence. `km²` is none: units have one letter or two.
fn called(spans: &[TextSpan], at: usize) -> Option<(String, usize)> {
    let span = spans.get(at)?;
    if !is_label(&span.text) {
        return None;
    }
    let before = spans.get(at.checked_sub(1)?)?;
    let raised = on_one_line(before, span)
        && span.size < before.size * CALL_SIZE
        && span.y > before.y + before.size * 0.1
        && (span.x - before.end_x).abs() < before.size * REACH;
    if !raised {
        return None;
    }
    // Some programs place every letter by itself.
    let mut word = String::new();
    let mut right = span;
    for left in spans.get(..at)?.iter().rev().take(3) {
        if !touches(left, right) && !std::ptr::eq(right, span) {
            break;
        }
        word.insert_str(0, &left.text);
        right = left;
    }
    let last = word.rsplit(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
    let is_number = word.ends_with(|sign: char| sign.is_whitespace() || sign.is_ascii_digit());
    if is_number || (1..=2).contains(&last.chars().count()) {
        return None;
    }
    let (label, end) = joined_label(spans, at);
    is_label(&label).then_some((label, end))
}

/// The touching pieces of a number from `at` on, and where they end.
fn joined_label(spans: &[TextSpan], at: usize) -> (String, usize) {
    let mut label = String::new();
    let mut end = at;
    while let Some(span) = spans.get(end) {
        let goes_on = end == at
            || spans
                .get(end - 1)
                .is_some_and(|left| touches(left, span) && (left.size - span.size).abs() < 0.1)
                && is_label(&span.text);
        if !goes_on || label.len() > 3 {
            break;
        }
        label.push_str(span.text.trim());
        end += 1;
    }
    (label, end)
}

/// The notes that a page opens, by their number or sign: where the first piece of each stands.
fn notes(spans: &[TextSpan]) -> BTreeMap<String, usize> {
    let mut notes = BTreeMap::new();
    for (at, span) in spans.iter().enumerate() {
        let left = at.checked_sub(1).and_then(|left| spans.get(left));
        if left.is_some_and(|left| on_one_line(left, span) && left.x <= span.x) {
            continue;
        }
        let text = span.text.trim_start();
        let words =
            text.trim_start_matches(|sign: char| sign.is_ascii_digit() || SIGNS.contains(sign));
        let (label, end) = if words.is_empty() {
            joined_label(spans, at)
        } else {
            (text.strip_suffix(words).unwrap_or_default().to_owned(), at + 1)
        };
        // The number of a page stands alone.
        let alone = words.is_empty() && spans.get(end).is_none_or(|next| !on_one_line(span, next));
        if is_label(&label) && !alone {
            // The last of them is the lowest.
            notes.insert(label, at);
        }
    }
    notes
}

/// Stands before the number of a note that was called for; no letter of any text.
pub(super) const NOTE_MARK: char = '\u{fdd0}';

/// Signs that call for notes.
const SIGNS: &str = "*†‡§";

/// Whether a text is the number or sign of a note.
fn is_label(text: &str) -> bool {
    let bare = text.trim();
    let is_number = bare.len() <= 3 && bare.bytes().all(|byte| byte.is_ascii_digit());
    let is_sign = bare.chars().count() <= 2 && bare.chars().all(|sign| SIGNS.contains(sign));
    !bare.is_empty() && (is_number || is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, x: f32, end_x: f32, y: f32, size: f32) -> TextSpan {
        TextSpan {
            text: text.to_owned(),
            logical: false,
            x,
            y,
            end_x,
            end_y: y,
            rotate: 0,
            glyph_x: if pdfboss_text::keeps_glyph_x(text) {
                text.chars().map(|_| x).collect()
            } else {
                Box::default()
            },
            size,
            font: String::new(),
            font_name: String::new(),
            page: 0,
            bbox: pdfboss_core::Rect { x0: x, y0: y, x1: end_x, y1: y + size },
            ascent: size,
            descent: 0.0,
            bold: false,
            italic: false,
            monospace: false,
            serif: false,
            font_family: String::new(),
            font_stretch: None,
            font_weight: None,
            rise: 0.0,
            vertical: false,
            invisible: false,
            color: None,
            underline: false,
            strikethrough: false,
            highlight: false,
            highlight_color: None,
            artifact: None,
            structure: None,
            alt: None,
            lang: None,
            expansion: None,
        }
    }

    fn texts(spans: &[TextSpan]) -> Vec<&str> {
        spans.iter().map(|span| span.text.as_str()).collect()
    }

    #[test]
    fn a_mark_follows_the_letter_it_was_drawn_after() {
        let line = vec![
            span("ร", 225.1, 234.2, 10.0, 18.0),
            span("\u{e31}", 234.9, 234.9, 10.0, 18.0),
            span("\u{e49}", 234.9, 234.9, 10.0, 18.0),
            span("ง", 234.2, 243.6, 10.0, 18.0),
        ];
        assert_eq!(texts(&with_marks(line)), ["ร\u{e31}\u{e49}", "ง"]);
        // Not to the line before, and not in scripts that have their own order.
        let far = vec![span("द", 1.0, 9.0, 40.0, 10.0), span("\u{942}", 2.0, 2.0, 10.0, 10.0)];
        assert_eq!(with_marks(far).len(), 2);
        let hebrew = vec![span("א", 1.0, 9.0, 10.0, 10.0), span("\u{5b8}", 2.0, 2.0, 10.0, 10.0)];
        assert_eq!(with_marks(hebrew).len(), 2);
    }

    #[test]
    fn the_number_of_a_note_leaves_the_sentence_only_when_the_note_is_there() {
        let call = |note: bool, behind: &BTreeSet<String>| {
            let mut page = vec![
                span("was flooded.", 10.0, 80.0, 700.0, 10.0),
                span("1", 80.0, 84.0, 703.6, 7.0),
                span(" Historians", 84.0, 140.0, 700.0, 10.0),
            ];
            if note {
                page.push(span("1", 20.0, 23.0, 63.0, 6.0));
                page.push(span("The depot was rebuilt.", 24.0, 120.0, 60.0, 8.0));
            }
            let notes = notes(&page);
            without_calls(&mut page, &notes, behind);
            page.iter().map(|span| span.text.clone()).collect::<Vec<_>>()
        };
        let none = BTreeSet::new();
        let without = ["was flooded.", " Historians"];
        assert_eq!(
            call(true, &none),
            [&without[..], &["\u{fdd0}1 ", "The depot was rebuilt."]].concat()
        );
        assert_eq!(call(false, &none).len(), 3);
        assert_eq!(call(false, &BTreeSet::from(["1".to_owned()])), without);
        // A power is no call, whatever stands below.
        for unit in ["10", "20 km"] {
            let mut power = vec![
                span(unit, 10.0, 20.0, 700.0, 10.0),
                span("1", 20.0, 24.0, 703.6, 7.0),
                span("1", 20.0, 23.0, 63.0, 6.0),
                span("See above.", 24.0, 90.0, 60.0, 8.0),
            ];
            let notes = notes(&power);
            assert!(notes.contains_key("1"));
            without_calls(&mut power, &notes, &none);
            assert_eq!(power.len(), 4);
        }
    }

    #[test]
    fn letters_that_stand_alone_make_words_and_numbers() {
        let mut page = vec![
            span("l", 10.0, 13.0, 700.0, 10.0),
            span("a", 13.0, 18.0, 700.0, 10.0),
            span("w", 18.0, 25.0, 700.0, 10.0),
            span("1", 25.0, 28.0, 703.6, 7.0),
            span("2", 28.0, 31.0, 703.6, 7.0),
            span("1", 20.0, 23.0, 60.0, 8.0),
            span("2", 23.0, 26.0, 60.0, 8.0),
            span(". See above.", 26.0, 90.0, 60.0, 8.0),
        ];
        let notes = notes(&page);
        assert_eq!(notes.keys().collect::<Vec<_>>(), ["12"]);
        without_calls(&mut page, &notes, &BTreeSet::new());
        assert_eq!(texts(&page), ["l", "a", "w", "1", "2", ". See above."]);
    }
}
