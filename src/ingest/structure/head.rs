//! The head of a document: title, byline, date line, the labels of a cable.
//!
//! Comes in: blocks with cues applied. Goes out: the same with the head's kinds set, and what the
//! lines say.

use crate::document::{FurnitureKind, Span};

use super::blocks::{Block, Kind, clean};
use super::glyphs::{End, Start, is_blank, opens_with_bullet};
use super::outline::Found;
use super::score::{self, Case};
use super::words::{DELEGATES, SECTION_NAMES, SPEAKER_LABELS};
use super::{captions, cues, numbers};

/// What the head says.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) title: Option<Found>,
    pub(super) author: Option<Found>,
    pub(super) role: Option<Found>,
    pub(super) date: Option<Found>,
    pub(super) labels: Vec<(String, Found)>,
}

/// The head lies within so many blocks.
const HEAD: usize = 16;
/// A title has at most so many words.
const TITLE_WORDS: u16 = 40;

/// Reads the head and marks its blocks.
pub(super) fn read(text: &str, blocks: &mut [Block]) -> Head {
    let mut head = Head::default();
    labels(text, blocks, &mut head);
    title(text, blocks, &mut head);
    let after_title = head.title.as_ref().map_or(0, |title| title.span.end);
    let zone: Vec<usize> = (0..blocks.len())
        .filter(|at| {
            blocks.get(*at).is_some_and(|block| block.span.start >= after_title && !block.is_page())
        })
        .take(HEAD)
        .collect();
    let mut under_author = false;
    for (place, at) in zone.iter().enumerate() {
        let Some(block) = blocks.get(*at) else { break };
        let words = block.of(text);
        let next = zone.get(place + 1).and_then(|next| blocks.get(*next));
        let kind = match block.kind {
            Kind::Furniture(FurnitureKind::Byline) => {
                byline(words, block.span, &mut head);
                continue;
            }
            Kind::Furniture(FurnitureKind::Date) => {
                head.date.get_or_insert_with(|| found(words, block.span));
                continue;
            }
            Kind::Body => {
                let opened = zone.first().and_then(|first| blocks.get(*first));
                let below_title = head.title.is_some()
                    || place == 1
                        && opened.is_some_and(|first| first.words <= 12 && first.end == End::Open);
                if cues::is_date_line(words) {
                    head.date.get_or_insert_with(|| found(words, block.span));
                    FurnitureKind::Date
                } else if below_title && head.author.is_none() && is_byline(text, block, next) {
                    byline(words, block.span, &mut head);
                    under_author = true;
                    FurnitureKind::Byline
                } else if std::mem::take(&mut under_author)
                    && head.role.is_none()
                    && is_office(text, block)
                {
                    head.role = Some(found(words, block.span));
                    FurnitureKind::Byline
                } else if block.words >= 25 || block.words >= 8 && block.end.terminates() {
                    break;
                } else {
                    continue;
                }
            }
            _ => continue,
        };
        if let Some(block) = blocks.get_mut(*at) {
            block.kind = Kind::Furniture(kind);
        }
    }
    head
}

/// A stretch with its words folded.
pub(super) fn found(words: &str, span: Span) -> Found {
    Found { text: clean(words), span }
}

/// Reads the labelled lines of a cable or memorandum; its SUBJECT is the title.
fn labels(text: &str, blocks: &mut [Block], head: &mut Head) {
    let lines: Vec<(usize, &str, usize)> = blocks
        .iter()
        .enumerate()
        .take(2 * HEAD)
        .filter(|(_, block)| block.is_body() && block.words < 40)
        .filter_map(|(at, block)| {
            cues::labelled(block.of(text)).map(|(label, value)| (at, label, value))
        })
        .collect();
    // One label alone may be the start of any sentence.
    if lines.len() < 2 {
        return;
    }
    for (at, label, value) in lines {
        let Some(block) = blocks.get_mut(at) else { continue };
        let span =
            super::blocks::trimmed(text, Span::new(block.span.start + value, block.span.end));
        let value = found(span.of(text), span);
        let subject =
            ["subject", "subj", "re"].iter().any(|known| label.eq_ignore_ascii_case(known));
        if subject && head.title.is_none() && !value.text.is_empty() {
            head.title = Some(value.clone());
            block.kind = Kind::Furniture(FurnitureKind::Title);
        } else if label.eq_ignore_ascii_case("date") && cues::is_date_line(&value.text) {
            head.date.get_or_insert_with(|| value.clone());
        }
        head.labels.push((label.to_owned(), value));
    }
}

/// Finds the title: the first block that can be one, with only links and dates before it.
fn title(text: &str, blocks: &mut [Block], head: &mut Head) {
    if head.title.is_some() {
        return;
    }
    let is_text = |block: &Block| match block.kind {
        Kind::Body => {
            let words = block.of(text);
            block.words > 12 || !(cues::is_letterhead(words) || cues::is_date_line(words))
        }
        Kind::Heading | Kind::Turn => true,
        Kind::Furniture(_) => false,
    };
    let texts: Vec<usize> =
        (0..blocks.len()).filter(|at| blocks.get(*at).is_some_and(is_text)).take(2).collect();
    let Some(first) = texts.first().copied() else { return };
    let next = texts.get(1).and_then(|next| blocks.get(*next));
    let marked_levels =
        blocks.iter().filter(|block| block.kind == Kind::Heading && block.level == 1).count();
    let Some(block) = blocks.get(first) else { return };
    let is_title = match block.kind {
        Kind::Heading => block.level == 1 && marked_levels == 1 && next.is_some(),
        Kind::Body => can_be_title(text, block, next) && !is_one_of_divisions(text, blocks, block),
        _ => false,
    };
    if is_title {
        head.title = Some(found(block.of(text), block.span));
        if let Some(block) = blocks.get_mut(first) {
            block.kind = Kind::Furniture(FurnitureKind::Title);
        }
    }
}

/// Whether the first block of a text is its title, whatever its score as a heading.
fn can_be_title(text: &str, block: &Block, next: Option<&Block>) -> bool {
    let words = block.of(text);
    let Some(next) = next else { return false };
    let ends_openly = matches!(block.end, End::Open | End::Question)
        || block.end == End::Stop && words.ends_with(['”', '"', '!']) && block.words <= 12;
    let site = words.contains("://") || words.contains("www.") || words.contains('@');
    let list = opens_with_bullet(words) || numbers::label(words).is_some();
    block.words <= TITLE_WORDS
        && ends_openly
        && !site
        && !list
        && !matches!(block.start, Start::Lower)
        && next.start != Start::Lower
        && !cues::is_salutation(words)
        && !cues::is_date_line(words)
        && cues::labelled(words).is_none()
        && !cues::is_named(words, SECTION_NAMES)
        && numbers::scheme(words).is_none()
        && words.chars().any(char::is_alphabetic)
        && !score::breaks_off(words)
        && !addresses(words, block.words)
}

/// Whether a longer text speaks as a person to others: the first lines of a speech, broken early.
fn addresses(words: &str, n_words: u16) -> bool {
    const PERSONS: &[&str] = &[
        "I", "me", "my", "My", "we", "We", "us", "our", "Our", "you", "your", "Your", "je", "nous",
        "nosotros", "мы", "я",
    ];
    n_words >= 8
        && Case::of(words) == Case::Sentence
        && words.split(is_blank).any(|word| PERSONS.contains(&word.trim_end_matches([',', '.'])))
}

/// Whether a block is one of several chapters, or has no words beside its number: then it is a
/// heading. The only chapter of a file (FRUS monograph) is its title.
fn is_one_of_divisions(text: &str, blocks: &[Block], block: &Block) -> bool {
    let words = block.of(text);
    if !score::is_division(words) {
        return false;
    }
    let first = |words: &str| words.split(is_blank).next().map(str::to_lowercase);
    let others = blocks.iter().filter(|other| {
        other.words <= TITLE_WORDS
            && score::is_division(other.of(text))
            && first(other.of(text)) == first(words)
    });
    block.words < 4 || others.count() > 1
}

/// Whether a block below the title says who wrote or spoke the text.
fn is_byline(text: &str, block: &Block, next: Option<&Block>) -> bool {
    let words = block.of(text).trim_matches(|c: char| matches!(c, '*' | '_') || is_blank(c));
    if let Some(name) = after_by(words) {
        let named = without_article(name).chars().next().is_some_and(char::is_uppercase);
        return block.words <= 30 && named;
    }
    if let Some(name) = after_label(words) {
        return block.words <= 30 && name.chars().next().is_some_and(char::is_uppercase);
    }
    if holder(words).is_some() {
        return block.words < super::blocks::MOST_WORDS;
    }
    if score::is_numbered(words) {
        return false;
    }
    if block.words > 14 || block.end.terminates() && !words.ends_with("Jr.") {
        return false;
    }
    if delegate(words).is_some() {
        return true;
    }
    if let Some((name, role)) = words.split_once([',', '\n', '('])
        && cues::is_name(name)
        && cues::is_role(role)
    {
        return true;
    }
    // A bare name is a byline when it has an initial, or no text follows it directly: a heading of
    // two capitalised words looks the same.
    let initial = words.split(is_blank).any(|word| {
        word.len() == 2 && word.ends_with('.') && word.starts_with(|c: char| c.is_ascii_uppercase())
    });
    let above = |next: &Block| cues::is_date_line(next.of(text)) || is_office(text, next);
    // `The Editors of the Review` above a date line signs for a body; a subtitle would not.
    let body = without_article(words);
    if body.len() < words.len()
        && ["Editors ", "Delegation ", "Secretariat "].iter().any(|office| body.starts_with(office))
        && next.is_some_and(|next| cues::is_date_line(next.of(text)))
    {
        return true;
    }
    cues::are_names(words) && (initial || captions::is_given(words) || next.is_some_and(above))
}

/// Whether a block is an office and no more: `Minister for Foreign Affairs`.
fn is_office(text: &str, block: &Block) -> bool {
    block.is_body()
        && block.words <= 12
        && block.end == End::Open
        && block.start == Start::Upper
        && cues::is_role(block.of(text))
}

/// A name without the article before it: bodies sign too, as in `By the Editors of …`.
fn without_article(name: &str) -> &str {
    ["the ", "The ", "la ", "La ", "le ", "Le ", "les ", "los ", "el ", "El "]
        .iter()
        .find_map(|article| name.strip_prefix(article))
        .unwrap_or(name)
}

/// What follows `By ` in a byline.
fn after_by(words: &str) -> Option<&str> {
    ["By ", "by ", "BY ", "By: ", "Par ", "Por ", "Von "]
        .iter()
        .find_map(|by| words.strip_prefix(by))
}

/// What follows `Speaker:` or another label of who speaks.
fn after_label(words: &str) -> Option<&str> {
    // Longer ones than any label is are not looked at whole.
    let head: String = words.chars().take(20).flat_map(char::to_lowercase).collect();
    let label = SPEAKER_LABELS.iter().find(|label| head.starts_with(**label))?;
    words.get(label.len()..).map(str::trim_start)
}

/// The office in `The Representative (Norway)`, whom nobody named.
fn delegate(words: &str) -> Option<&str> {
    let (office, country) = words.strip_suffix(')')?.split_once('(')?;
    let office = without_article(office.trim_end());
    let is_country = country.starts_with(char::is_uppercase)
        && country.split(is_blank).count() <= 8
        && !country.contains(|c: char| c.is_ascii_digit() || c == '(');
    let is_office = DELEGATES.iter().any(|known| office.to_lowercase() == *known);
    (is_office && is_country).then_some(office)
}

/// Name and role of `X is ROLE of Y…`, with where the role starts and ends.
fn holder(words: &str) -> Option<(&str, Span)> {
    let (at, verb) = [
        " is the ",
        " is a ",
        " is an ",
        " is ",
        " was the ",
        " was ",
        " serves as ",
        " served as ",
    ]
    .iter()
    .filter_map(|verb| words.find(verb).map(|at| (at, *verb)))
    .min_by_key(|(at, verb)| (*at, usize::MAX - verb.len()))?;
    let name = words.get(..at)?;
    let start = at + verb.len();
    let rest = words.get(start..)?;
    if !cues::is_name(name.split(',').next().unwrap_or_default()) || !cues::is_role(rest) {
        return None;
    }
    Some((name, Span::new(start, start + role_end(rest))))
}

/// Where the words of an office end: at a comma before more about the person, or the full stop.
fn role_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let behind = rest.get(at + 1..).unwrap_or_default();
        let ends = match byte {
            b'.' => {
                behind.is_empty() || behind.starts_with(is_blank) && !ends_in_abbreviation(rest, at)
            }
            b';' => true,
            b',' => [
                " having",
                " who",
                " and ",
                " where",
                " previously",
                " he ",
                " she ",
                " the author",
                " author",
            ]
            .iter()
            .any(|word| behind.starts_with(word)),
            _ => false,
        };
        if ends {
            return at;
        }
    }
    rest.len()
}

/// Whether the full stop at `at` belongs to a short word.
fn ends_in_abbreviation(text: &str, at: usize) -> bool {
    let word = text.get(..at).and_then(|head| head.rsplit(is_blank).next()).unwrap_or_default();
    word.len() <= 3 && word.starts_with(|c: char| c.is_uppercase())
}

/// Reads author and role from a byline; from the label of a turn, who speaks.
fn byline(words: &str, span: Span, head: &mut Head) {
    if head.author.is_some() {
        return;
    }
    let lead = words.len()
        - words.trim_start_matches(|c: char| matches!(c, '*' | '_') || is_blank(c)).len();
    let part = |start: usize, end: usize| {
        let inside = Span::new(start, end);
        let inside = super::blocks::trimmed(words, inside);
        Found { text: clean(inside.of(words)), span: inside.shifted(span.start) }
    };
    let bare = words.get(lead..).unwrap_or_default();
    let labelled = after_label(bare);
    let named = labelled.unwrap_or(bare);
    if let Some(office) = delegate(named) {
        let start = words.len() - named.len() + named.find(office).unwrap_or(0);
        head.role.get_or_insert_with(|| part(start, start + office.len()));
    } else if let Some(rest) = labelled {
        let start = words.len() - rest.len();
        let end = rest.find([',', '\n', '(', '|', '•', '·']).unwrap_or(rest.len());
        head.author = Some(part(start, start + end));
        if end < rest.len() && cues::is_role(rest.get(end..).unwrap_or_default()) {
            head.role = Some(part(start + end + 1, words.trim_end_matches(')').len()));
        }
    } else if let Some(rest) = after_by(bare) {
        let start = words.len() - rest.len();
        let end = rest.find([',', '\n', '|', '•', '·']).unwrap_or(rest.len());
        head.author = Some(part(start, start + end));
        if end < rest.len() && cues::is_role(rest.get(end..).unwrap_or_default()) {
            head.role = Some(part(start + end + 1, words.len()));
        }
    } else if let Some((name, role)) = holder(bare) {
        head.author = Some(part(lead, lead + name.len()));
        head.role = Some(part(lead + role.start, lead + role.end));
    } else if words.trim_end_matches(['*', '_']).ends_with(':') {
        let name = super::turns::speaker(words).name;
        head.author =
            Some(Found { span: Span::new(span.start, span.start + words.len()), text: name });
    } else if let Some(end) = words.find([',', '\n', '(']) {
        head.author = Some(part(lead, end));
        head.role = Some(part(end + 1, words.trim_end_matches(')').len()));
    } else {
        head.author = Some(part(lead, words.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &str) -> (Option<String>, Option<String>) {
        let mut head = Head::default();
        byline(words, Span::new(0, words.len()), &mut head);
        (head.author.map(|found| found.text), head.role.map(|found| found.text))
    }

    #[test]
    fn bylines_name_author_and_role() {
        for (words, author, role) in [
            ("By Jane Roe", "Jane Roe", None),
            ("By Jane Roe, Minister of Trade", "Jane Roe", Some("Minister of Trade")),
            (
                "Jane Roe is Foreign Minister of the Republic of Utopia, having led its embassy before.",
                "Jane Roe",
                Some("Foreign Minister of the Republic of Utopia"),
            ),
            ("Jane Roe, Ambassador to Utopia", "Jane Roe", Some("Ambassador to Utopia")),
            ("Mr. Roe (Norway):", "Mr. Roe", None),
            ("Speaker: Jane Roe (Norway)", "Jane Roe", None),
            (
                "Orateur : Jeanne Roe, Ministre du commerce",
                "Jeanne Roe",
                Some("Ministre du commerce"),
            ),
        ] {
            let (found_author, found_role) = check(words);
            assert_eq!(found_author.as_deref(), Some(author), "{words}");
            assert_eq!(found_role.as_deref(), role, "{words}");
        }
        for words in ["The Representative (Norway)", "Speaker: The Representative (Norway)"] {
            assert_eq!(check(words), (None, Some("Representative".to_owned())), "{words}");
        }
    }

    #[test]
    fn a_delegate_without_a_name_is_told_by_office_and_country() {
        for words in ["The Representative (Norway)", "Le représentant (Côte d'Ivoire)"] {
            assert!(delegate(words).is_some(), "{words}");
        }
        for words in [
            "The Representative",
            "The Hall (Norway)",
            "The Representative (see page 4)",
            "Delegates (Norway)",
        ] {
            assert!(delegate(words).is_none(), "{words}");
        }
    }
}
