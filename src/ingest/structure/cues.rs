//! Words that give a block away: captions, navigation, footers, salutations, dates, labels.
//!
//! The rules are tables; a new cue is a new row. All comparisons ignore the case of ASCII letters.

use super::blocks::{clean, without_closers};
use super::glyphs::is_blank;
use super::words::{
    CAPTION_HOLDS, CAPTION_STARTS, CREDITS, LABELS, LETTERHEAD_STARTS, LETTERHEADS, MONTHS,
    NAVIGATION, NAVIGATION_STARTS, ROLES, SALUTATIONS,
};

/// Whether `text` starts with `prefix`, ASCII case aside.
pub(super) fn starts_with(text: &str, prefix: &str) -> bool {
    text.as_bytes()
        .get(..prefix.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Whether `text` holds `part`, ASCII case aside.
pub(super) fn holds(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

fn starts_with_any(text: &str, cues: &[&str]) -> bool {
    cues.iter().any(|cue| starts_with(text, cue))
}

/// Whether a short block has a cue of a caption. `(left)` and the like count anywhere in it, the
/// names of agencies only as words of their own.
pub(super) fn is_caption(text: &str) -> bool {
    if starts_with_any(text, CAPTION_STARTS) {
        // `Table`, `Map` and the like need a number: "Table of contents" is none.
        let numbered = ["figure ", "fig. ", "table ", "chart ", "map ", "abbildung "];
        let Some(cue) = numbered.iter().find(|cue| starts_with(text, cue)) else { return true };
        let rest = text.get(cue.len()..).unwrap_or_default();
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return true;
        }
    }
    holds_caption_word(text) || credit(text).is_some_and(is_credit)
}

/// Whether a word of the text, or the sign before it, begins a cue.
fn holds_caption_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut before = b' ';
    for (at, byte) in bytes.iter().enumerate() {
        let opens = !before.is_ascii_alphanumeric() && before < 0x80;
        before = *byte;
        if !opens || !matches!(byte, 0xc2 | b'(') && !byte.is_ascii_alphabetic() {
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let holds = |cue: &&str| {
            rest.get(..cue.len()).is_some_and(|head| head.eq_ignore_ascii_case(cue.as_bytes()))
        };
        if CAPTION_HOLDS.iter().any(holds) {
            return true;
        }
    }
    false
}

/// The words in brackets that `text` ends with.
pub(super) fn credit(text: &str) -> Option<&str> {
    let inner = text
        .strip_suffix(')')
        .or_else(|| text.strip_suffix(")."))
        .or_else(|| text.strip_suffix(']'))?;
    let at = inner.rfind(['(', '['])?;
    inner.get(at + 1..).filter(|words| !words.is_empty())
}

/// Whether bracketed words name who owns a picture.
fn is_credit(words: &str) -> bool {
    let last = words.rsplit([',', '/', ';']).next().unwrap_or_default().trim();
    CREDITS.iter().any(|cue| {
        last.len() >= cue.len()
            && last
                .as_bytes()
                .get(last.len() - cue.len()..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case(cue.as_bytes()))
    })
}

/// Whether a short block is a link or menu: `Back to Top`, `Home > Archive`, `Print | Email | Share`.
pub(super) fn is_navigation(text: &str) -> bool {
    if starts_with_any(text, NAVIGATION_STARTS) {
        return true;
    }
    let bare = without_closers(text);
    if NAVIGATION.iter().any(|cue| bare.eq_ignore_ascii_case(cue)) {
        return true;
    }
    // A chain of links: every part short, at least one of them known.
    let parts = || text.split(['|', '»', '›']).map(str::trim);
    parts().count() >= 2
        && parts().all(|part| part.len() <= 40)
        && parts().any(|part| NAVIGATION.iter().any(|cue| part.eq_ignore_ascii_case(cue)))
}

/// Whether a link stands where an imprint does.
pub(super) fn is_footer(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "back to ",
        "return to ",
        "copyright",
        "© ",
        "all rights reserved",
        "last updated",
        "last modified",
        "last reviewed",
        "privacy policy",
        "page last",
        "contact us",
    ];
    starts_with_any(text, STARTS) || holds(text, "all rights reserved")
}

/// Whether a short block addresses the hearers.
pub(super) fn is_salutation(text: &str) -> bool {
    let bare = text.trim_start_matches(|c: char| {
        matches!(c, '*' | '_' | '[' | '(' | '"' | '“') || is_blank(c)
    });
    starts_with_any(bare, SALUTATIONS)
}

/// Whether a short line belongs to a letterhead: an issuing body, a symbol, a classification.
pub(super) fn is_letterhead(text: &str) -> bool {
    let symbol = ["A/", "S/", "E/", "T/"].iter().any(|body| text.starts_with(body));
    symbol && !text.contains(is_blank)
        || LETTERHEADS.iter().any(|cue| text.trim_end_matches(':').eq_ignore_ascii_case(cue))
        || LETTERHEAD_STARTS.iter().any(|cue| starts_with(text, cue))
}

/// Whether a block is a date and little else: `3 February 1957`, `Geneva, 3 May 2001`, `2001-05-03`.
pub(super) fn is_date_line(text: &str) -> bool {
    let text = text.trim_matches(|c: char| {
        matches!(c, '(' | ')' | '[' | ']' | '*' | '_' | '.') || is_blank(c)
    });
    if text.len() > 60 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let (mut year, mut month, mut others, mut numbers) = (false, false, 0, 0);
    for word in text.split(|c: char| is_blank(c) || matches!(c, ',' | '/' | '.' | '-' | '–' | '—'))
    {
        if word.is_empty() {
            continue;
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 4 && digits == word.len() {
            year = matches!(word.as_bytes().first(), Some(b'1' | b'2'));
        } else if (1..=2).contains(&digits) && word.len() - digits <= 2 {
            numbers += 1;
        } else if MONTHS.contains(&word.to_lowercase().as_str()) {
            month = true;
        } else if !matches!(word, "de" | "of" | "the" | "le" | "г" | "года" | "on") {
            others += 1;
        }
    }
    year && others <= 2 && (month || numbers >= 2) && (month || others == 0)
}

/// A labelled line of a cable or memorandum: the label and where its value starts.
pub(super) fn labelled(text: &str) -> Option<(&str, usize)> {
    let colon = text.bytes().take(24).position(|byte| byte == b':')?;
    let label = text.get(..colon)?.trim_matches(|c: char| matches!(c, '*' | '_') || is_blank(c));
    LABELS.iter().any(|known| label.eq_ignore_ascii_case(known)).then_some((label, colon + 1))
}

/// Whether a word says what office someone holds.
pub(super) fn is_role(text: &str) -> bool {
    text.split(|c: char| is_blank(c) || matches!(c, ',' | ';' | '/'))
        .filter(|word| !word.is_empty())
        .take(4)
        .any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            ROLES.iter().any(|role| word.eq_ignore_ascii_case(role))
        })
}

/// Whether the words look like a personal name: two to five, each a capital and small letters, an
/// initial, or a particle.
pub(super) fn is_name(text: &str) -> bool {
    const PARTICLES: [&str; 18] = [
        "de", "da", "del", "della", "van", "von", "der", "bin", "ibn", "al", "el", "la", "le",
        "di", "dos", "y", "and", "ul",
    ];
    let mut capitals = 0;
    let mut words = 0;
    if starts_with(text, "the ") {
        return false;
    }
    for word in text.split(is_blank).filter(|word| !word.is_empty()) {
        words += 1;
        let bare = word.trim_end_matches([',', '.']);
        if PARTICLES.contains(&bare) {
            continue;
        }
        let mut letters = bare.chars();
        let opens = letters.next().is_some_and(char::is_uppercase);
        let rest = letters.all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '’' | '\''));
        if !opens || !rest {
            return false;
        }
        capitals += 1;
    }
    (2..=5).contains(&words) && capitals >= 2
}

/// Whether the words are one or several personal names: `Jane Roe and John Doe`.
pub(super) fn are_names(text: &str) -> bool {
    text.split(" and ").flat_map(|part| part.split(", ")).all(|part| is_name(part.trim()))
}

/// Whether a heading's words, cleaned, are one of `names`.
pub(super) fn is_named(title: &str, names: &[&str]) -> bool {
    let title = clean(title);
    let bare = title.trim_end_matches([':', '.']);
    names.contains(&bare.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_and_links_have_cues() {
        for text in [
            "Jane Roe and John Doe Photo:GettyImages",
            "Photo: the hall",
            "The Hall (National Archives)",
        ] {
            assert!(is_caption(text), "{text}");
        }
        for text in ["Table of Obligations", "Peace in Our Time", "The Security Council (1990)"] {
            assert!(!is_caption(text), "{text}");
        }
        for text in
            ["Back to Table of Contents", "Print | Email | Share", "Home > Papers > X", "Search"]
        {
            assert!(is_navigation(text), "{text}");
        }
        assert!(!is_navigation("The Search for Peace"));
    }

    #[test]
    fn dates_stand_alone() {
        for text in [
            "3 February 1957",
            "March 21st, 1957",
            "Geneva, 3 May 2001",
            "2001-05-03",
            "3 мая 2001 г.",
        ] {
            assert!(is_date_line(text), "{text}");
        }
        for text in
            ["1957", "The Treaty of 3 May 2001 and after", "In May 2001 we met again", "Article 12"]
        {
            assert!(!is_date_line(text), "{text}");
        }
    }

    #[test]
    fn labels_and_names() {
        assert_eq!(labelled("SUBJECT: Talks").map(|(label, _)| label), Some("SUBJECT"));
        assert_eq!(labelled("We note: peace"), None);
        assert!(is_name("Jane van der Roe"));
        assert!(!is_name("The use of the harbours"));
    }
}
