//! How much a block looks like a heading: the sum of hand-set weights, measured on texts whose headings were marked.
//!
//! Comes in: a short block with its neighbours. Goes out: a score in tenths; above 0 is a heading.
//! The weights were set by hand: a logistic regression trained on TEI texts did worse on other
//! collections (F .28 against .56), since encoders disagree about what a heading is.

use super::blocks::Block;
use super::glyphs::{End, Start, is_blank, opens_with_bullet};
use super::words::{AUXILIARIES, DIVISIONS, LINKING, SMALL};
use super::{cues, numbers};

/// What stands around a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbours<'b> {
    /// The whole text.
    pub(super) text: &'b str,
    /// The text block before it, headings included.
    pub(super) before: Option<&'b Block>,
    /// The text block after it.
    pub(super) after: Option<&'b Block>,
    /// Whether a line of `===` or `---` is right below.
    pub(super) underlined: bool,
    /// Whether capitals tell headings from text: in English, as far as is known.
    pub(super) title_case: bool,
}

/// A block with more words is no heading.
pub(super) const MOST_WORDS: u16 = 20;

/// Capitals of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// At least nine letters in ten are capitals.
    Upper,
    /// At least four content words in five open with a capital.
    Title,
    /// Fewer than half do.
    Sentence,
    /// In between, or a script without case.
    Mixed,
}

impl Case {
    /// Reads the capitals of `text`.
    pub(super) fn of(text: &str) -> Self {
        let (mut upper, mut letters, mut caseless) = (0_u32, 0_u32, 0_u32);
        let (mut capital, mut content) = (0_u32, 0_u32);
        for word in text.split(is_blank) {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let Some(first) = bare.chars().next() else { continue };
            for c in bare.chars() {
                if c.is_uppercase() {
                    upper += 1;
                    letters += 1;
                } else if c.is_lowercase() {
                    letters += 1;
                } else if c.is_alphabetic() {
                    caseless += 1;
                }
            }
            if first.is_numeric() || SMALL.contains(&bare) {
                continue;
            }
            content += 1;
            capital += u32::from(first.is_uppercase());
        }
        if caseless > letters || letters == 0 {
            Self::Mixed
        } else if letters >= 2 && upper * 10 >= letters * 9 {
            Self::Upper
        } else if content > 0 && capital * 5 >= content * 4 {
            Self::Title
        } else if capital * 2 < content {
            Self::Sentence
        } else {
            Self::Mixed
        }
    }
}

/// The score of `block`, whose words are `text`, in tenths.
pub(super) fn score(text: &str, block: &Block, around: Neighbours<'_>) -> i32 {
    let mut sum = 0;
    weigh(text, block, around, &mut |_, weight| sum += weight);
    sum
}

/// Tells every feature of `block` with its weight; the score is their sum.
pub(super) fn weigh(
    text: &str,
    block: &Block,
    around: Neighbours<'_>,
    tell: &mut impl FnMut(&'static str, i32),
) {
    let marked = is_marked(text) || around.underlined;
    let bare = text.trim_matches(|c: char| matches!(c, '*' | '_' | '#') || is_blank(c));
    tell("bias", -10);
    match block.words {
        0..=4 => tell("up to 4 words", 10),
        5..=8 => tell("5 to 8 words", 11),
        9..=14 => tell("9 to 14 words", 4),
        15..=MOST_WORDS => tell("15 to 20 words", -12),
        _ => tell("more than 20 words", -60),
    }
    match block.end {
        // Chairs are taken and sources named in short sentences of capitals (UNGDC).
        End::Stop if Case::of(bare) == Case::Upper || is_numbered(bare) => {
            tell("ends in a full stop, in capitals or numbered", -30);
        }
        End::Stop => tell("ends in a full stop", -50),
        End::Soft => tell("ends in a comma or semicolon", -30),
        End::Hyphen => tell("ends in a hyphen", -10),
        End::Colon => tell("ends in a colon", -10),
        // Speeches ask without waiting for an answer; a heading that asks mostly has title case.
        End::Question if Case::of(bare) == Case::Sentence => tell("asks, as a sentence does", -20),
        End::Question => tell("asks", 2),
        End::Open => {}
    }
    own_signs(text, bare, around.title_case, tell);
    if block.start == Start::Lower {
        tell("opens in lower case", -30);
    }
    if marked {
        tell("marked or underlined", 30);
    }
    if block.end == End::Colon && around.after.is_some_and(|after| introduces(around.text, after)) {
        tell("introduces a quotation or list", -20);
    }
    surroundings(around, tell);
}

/// Whether a colon before `after` introduces it: a quotation or a list.
fn introduces(text: &str, after: &Block) -> bool {
    let words = after.of(text);
    words.starts_with(['"', '“', '«', '„', '‘', '(']) || opens_with_bullet(words)
}

/// What the words themselves tell.
fn own_signs(text: &str, bare: &str, title_case: bool, tell: &mut impl FnMut(&'static str, i32)) {
    match Case::of(bare) {
        Case::Upper => tell("capitals", 14),
        Case::Title => tell("title case", 13),
        Case::Sentence if title_case => tell("case of a sentence", -10),
        Case::Sentence | Case::Mixed => {}
    }
    // A numbered line with a full stop is an item of a list or a footnote.
    if is_numbered(bare) && End::of(bare) != End::Stop {
        tell("numbered", 12);
    }
    if opens_with_bullet(text) {
        tell("opens with a bullet", -30);
    }
    if is_mostly_digits(bare) {
        tell("mostly digits", -20);
    }
    if breaks_off(bare) {
        tell("ends in a word that links", -60);
    }
    if is_fragment(bare) {
        tell("piece of a sentence, note or quotation", -60);
    }
    if cues::is_caption(bare) {
        tell("cue of a caption", -40);
    }
    if cues::is_navigation(bare) {
        tell("cue of a link", -40);
    }
    if cues::is_date_line(bare) || cues::labelled(bare).is_some() {
        tell("date line or label", -40);
    }
    if cues::is_salutation(bare) {
        tell("addresses the hearers", if bare.len() <= 60 { -60 } else { -25 });
    }
    if let Some((name, role)) = bare.split_once(',')
        && cues::is_name(name)
        && cues::is_role(role)
    {
        tell("name with an office", -40);
    }
    if bare.starts_with(['"', '“', '«', '„']) && bare.ends_with(['"', '”', '»', '“']) {
        tell("quoted", -8);
    }
    if bare.matches([',', '،', '，', '、']).count() >= 3 {
        tell("three commas or more", -10);
    }
    if bare.split(is_blank).any(|word| AUXILIARIES.contains(&word)) {
        tell("auxiliary verb", -5);
    }
}

/// Whether a text ends in a word that links to another.
pub(super) fn breaks_off(text: &str) -> bool {
    let last = text.rsplit(is_blank).next().unwrap_or_default();
    LINKING.contains(&last.trim_end_matches(':'))
}

/// Whether a text is a piece of something: a letter or two, a note in brackets, a quotation that is
/// not closed, or the end of one sentence with the start of the next.
fn is_fragment(text: &str) -> bool {
    let bracketed = text.starts_with('(') && text.ends_with(')');
    let opened = text.starts_with(['"', '“', '«'])
        && !text.contains(['”', '»'])
        && text.matches('"').count() < 2;
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let cased = text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
    // `15 Roe, Collected Papers, 177`: a footnote whose number has no sign.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let footnote = (1..=2).contains(&digits)
        && text.get(digits..).is_some_and(|rest| rest.starts_with(is_blank))
        && (text.contains(',') || text.ends_with(')'));
    let joined = text.match_indices(". ").any(|(at, _)| {
        let word = text.get(..at).and_then(|head| head.rsplit(is_blank).next()).unwrap_or_default();
        word.len() > 4 && !word.contains('.') && word.starts_with(char::is_lowercase)
    });
    bracketed || opened || footnote || joined || cased && letters < 3
}

/// Whether more than a quarter of the signs are digits, years aside: years stand in many headings
/// of histories.
fn is_mostly_digits(text: &str) -> bool {
    let (mut digits, mut letters, mut run) = (0_usize, 0_usize, 0_usize);
    let mut end_run = |run: &mut usize| {
        if *run != 4 {
            digits += *run;
        }
        *run = 0;
    };
    for c in text.chars() {
        if c.is_numeric() {
            run += 1;
        } else {
            end_run(&mut run);
            letters += usize::from(c.is_alphabetic());
        }
    }
    end_run(&mut run);
    digits * 4 > letters + digits || letters == 0
}

/// What the blocks around tell.
fn surroundings(around: Neighbours<'_>, tell: &mut impl FnMut(&'static str, i32)) {
    match around.after {
        None => tell("nothing follows", -25),
        Some(after) => {
            if after.start == Start::Lower {
                tell("the next block opens in lower case", -15);
            }
            if after.words >= 25 {
                tell("a paragraph follows", 14);
            } else if after.words <= 12 {
                tell("a short block follows", -7);
            }
        }
    }
    match around.before {
        None => tell("nothing before", 5),
        Some(before) => {
            if before.words >= 25 {
                tell("a paragraph before", 5);
            }
            if before.is_body() && matches!(before.end, End::Open | End::Hyphen) {
                tell("the block before has no end", -7);
            }
            // An enumeration or the formula of a preamble goes on.
            if before.end == End::Soft && !cues::is_salutation(before.of(around.text)) {
                tell("an enumeration goes on", -15);
            }
        }
    }
}

/// Whether Markdown marks a text as a heading or as bold.
pub(super) fn is_marked(text: &str) -> bool {
    is_markdown_heading(text) || is_bold(text)
}

/// Whether a line is a heading of Markdown: `#` to `######` and a space.
pub(super) fn is_markdown_heading(text: &str) -> bool {
    let rest = text.trim_start_matches('#');
    (1..=6).contains(&(text.len() - rest.len())) && rest.starts_with(is_blank)
}

/// Whether a text is bold as a whole: `**…**`, `__…__`.
pub(super) fn is_bold(text: &str) -> bool {
    ["**", "__"]
        .iter()
        .any(|mark| text.len() > 2 * mark.len() && text.starts_with(mark) && text.ends_with(mark))
}

/// Whether a heading is numbered: `I.`, `1.1`, `A.`, `Article 3`, `Annex II`.
pub(super) fn is_numbered(text: &str) -> bool {
    numbers::scheme(text).is_some() || is_division(text)
}

/// Whether a text opens with the word of a division and a number.
pub(super) fn is_division(text: &str) -> bool {
    let mut words = text.split(is_blank).filter(|word| !word.is_empty());
    let Some(word) = words.next() else { return false };
    let word = word.to_lowercase();
    DIVISIONS.contains(&word.as_str())
        && words.next().is_some_and(|next| {
            let next = next.trim_end_matches(['.', ':', ',', '-', '–', '—', ')']);
            next.chars().all(|c| numbers::digit(c).is_some()) && !next.is_empty()
                || numbers::roman(next).is_some()
                || next.len() == 1
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Span;

    fn block(text: &str) -> Block {
        Block::new(text, Span::new(0, text.len()), 1, 0)
    }

    fn check(text: &str, before: &str, after: Option<&str>) -> i32 {
        let (before, after) = (block(before), after.map(block));
        let around = Neighbours {
            text: "",
            before: Some(&before),
            after: after.as_ref(),
            underlined: false,
            title_case: true,
        };
        score(text, &block(text), around)
    }

    #[test]
    fn worked_examples_of_the_methods() {
        // five words in title case between long paragraphs; a caption before a
        // short block; a link with nothing behind it.
        let long = format!("A {}end.", "word ".repeat(30));
        assert_eq!(check("The Price of the Peace", &long, Some(&long)), 33);
        assert_eq!(
            check("Jane Roe and John Doe Photo:GettyImages", &long, Some("Five Plans")),
            -28
        );
        assert_eq!(check("Back to List of Papers", &long, None), -46);
    }

    #[test]
    fn capitals() {
        for (text, case) in [
            ("THE HARBOURS IN 1945", Case::Upper),
            ("The Use of the Harbours", Case::Title),
            ("The use of the harbours is free", Case::Sentence),
            ("المادة", Case::Mixed),
        ] {
            assert_eq!(Case::of(text), case, "{text}");
        }
    }
}
