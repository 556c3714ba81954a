//! Text to words: where each begins and ends, what a hyphen or a line end inside it means.
//!
//! What comes in: a stretch of text, the page furniture inside it, a language. What goes out: words
//! with their bytes and their place. It knows nothing of stems or of the index.
//!
//! Rules, each with the text that needs it:
//! * `win-win`: a hyphen joins parts; each part is a word at a place of its own, and the whole,
//!   written without the hyphen, stands at the place of its first part (`cooperation` finds
//!   `co-operation`).
//! * `inter-⏎national`, `opportu-nities`: where the list of English words tells that layout left the
//!   hyphen, the whole is one word. Where it cannot tell (names, other languages) both readings
//!   are kept.
//! * `fright¬ening` and U+00AD: always one word.
//! * `session.Australia` is two words, `U.S.S.R.` is the one word `USSR`, `3.5` and `1,000` are numbers.
//! * `l'auteur`, `d'Ivoire`: an elided article is a word of its own; `don't` is one word.
//! * Scripts without spaces: every sign is a word, so a longer search word is found as a phrase.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

use super::wordlist::{is_prefix, is_word};
use crate::document::Span;

/// More parts than this in one hyphenated word are read as separate words.
const MAX_PARTS: usize = 8;
/// A hyphenated word of more parts than this has no joined form: nobody looks for it.
const MAX_JOINED: usize = 3;
/// A word is cut after so many bytes; longer ones are no words but data.
const MAX_WORD: usize = 200;

/// A word and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word without soft hyphens and dots of abbreviation.
    pub text: &'a str,
    /// The same with the hyphens of a joined form.
    pub surface: &'a str,
    /// Where it stands, what was left out included.
    pub span: Span,
    /// Place in the stretch, counted in words from 0.
    pub position: u32,
    /// How many places it takes: more than 1 for a joined form.
    pub length: u32,
    /// For a joined form: whether the hyphen stands at a line end.
    pub broken: bool,
}

impl<'a> Word<'a> {
    /// A word as it stands in a text.
    pub(super) fn plain(text: &'a str, span: Span, position: u32) -> Self {
        let word = span.of(text);
        Self { text: word, surface: word, span, position, length: 1, broken: false }
    }
}

/// How the parts of a compound are written together: with a hyphen in a line, or with one at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    Hyphen,
    Break,
}

#[derive(Debug, Default)]
struct Part {
    span: Span,
    /// The text, when it differs from the source.
    cleaned: Option<String>,
}

impl Part {
    fn text<'a>(&'a self, source: &'a str) -> &'a str {
        self.cleaned.as_deref().unwrap_or_else(|| self.span.of(source))
    }
}

/// Calls `sink` for every word of `text` within `span`, in order; a joined form comes before its
/// parts. `holes` are skipped. `english` allows the word list to speak. Returns how many places the
/// words take.
pub fn for_each_word(
    text: &str,
    span: Span,
    holes: &[Span],
    english: bool,
    sink: &mut dyn FnMut(Word<'_>),
) -> u32 {
    scan(text, (span, holes), english, true, &mut Each { text, sink })
}

/// Takes the words of a stretch.
pub(super) trait Sink {
    /// Words that follow one another, each at a place of its own, the first at `position`: none of the rules
    /// has a say in them.
    fn run(&mut self, run: &[Span], position: u32);

    /// A word by itself.
    fn word(&mut self, word: Word<'_>);

    /// Whether the hyphen between two parts was left by layout, as [`layout_left`] tells: who takes many words
    /// may keep it.
    fn layout_left(&mut self, left: &str, right: &str, link: Link) -> bool {
        layout_left(left, right, link)
    }
}

struct Each<'a> {
    text: &'a str,
    sink: &'a mut dyn FnMut(Word<'_>),
}

impl Sink for Each<'_> {
    fn run(&mut self, run: &[Span], position: u32) {
        for (span, position) in run.iter().zip(position..) {
            self.word(Word::plain(self.text, *span, position));
        }
    }

    fn word(&mut self, word: Word<'_>) {
        (self.sink)(word);
    }
}

/// Words of a run at most.
const RUN: usize = 32;

/// Hands the words to a sink, those side by side in runs; without `plain` every word is read by all rules.
pub(super) fn scan(
    text: &str,
    (span, holes): (Span, &[Span]),
    english: bool,
    plain: bool,
    sink: &mut impl Sink,
) -> u32 {
    let mut scanner = Scanner { text, at: span.start, end: span.end.min(text.len()), holes };
    let mut position = 0;
    let mut parts: Vec<Part> = Vec::new();
    let mut links: Vec<Link> = Vec::new();
    let mut run: Vec<Span> = Vec::with_capacity(RUN);
    loop {
        while plain && let Some(span) = scanner.plain_word() {
            run.push(span);
            if run.len() == RUN {
                break;
            }
        }
        if !run.is_empty() {
            sink.run(&run, position);
            position += run.len() as u32;
            run.clear();
            continue;
        }
        let Some(part) = scanner.next_part() else { break };
        let Some(mut link) = scanner.link() else {
            sink.word(Word {
                text: part.text(text),
                surface: part.text(text),
                span: part.span,
                position,
                length: 1,
                broken: false,
            });
            position += 1;
            continue;
        };
        parts.clear();
        links.clear();
        parts.push(part);
        while let Some(next) = scanner.next_part() {
            links.push(link);
            parts.push(next);
            if parts.len() == MAX_PARTS {
                break;
            }
            match scanner.link() {
                Some(further) => link = further,
                None => break,
            }
        }
        position = emit_compound(text, &parts, &links, english, position, sink);
    }
    position
}

fn emit_compound(
    text: &str,
    parts: &[Part],
    links: &[Link],
    english: bool,
    mut position: u32,
    sink: &mut impl Sink,
) -> u32 {
    let mut groups: Vec<(Cow<'_, str>, Span)> = Vec::with_capacity(parts.len());
    let mut broken = false;
    for (index, part) in parts.iter().enumerate() {
        let word = part.text(text);
        let link = index.checked_sub(1).and_then(|i| links.get(i)).copied();
        match (link, groups.last_mut()) {
            (Some(link), Some((left, span)))
                if english && may_be_layout(left, word) && sink.layout_left(left, word, link) =>
            {
                left.to_mut().push_str(word);
                *span = span.cover(part.span);
            }
            _ => {
                broken |= link == Some(Link::Break);
                groups.push((Cow::Borrowed(word), part.span));
            }
        }
    }
    if (2..=MAX_JOINED).contains(&groups.len()) {
        let room = groups.iter().map(|(word, _)| word.len() + 1).sum();
        let (mut joined, mut surface) = (String::with_capacity(room), String::with_capacity(room));
        for (word, _) in &groups {
            if !surface.is_empty() {
                surface.push('-');
            }
            joined.push_str(word);
            surface.push_str(word);
        }
        let span = groups.iter().map(|group| group.1).reduce(Span::cover).unwrap_or_default();
        let length = groups.len() as u32;
        sink.word(Word { text: &joined, surface: &surface, span, position, length, broken });
    }
    for (word, span) in &groups {
        sink.word(Word {
            text: word,
            surface: word,
            span: *span,
            position,
            length: 1,
            broken: false,
        });
        position += 1;
    }
    position
}

/// Whether the list of words has a say in the hyphen between two parts: what stands between names and numbers is
/// theirs.
fn may_be_layout(left: &str, right: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    letters(left) && letters(right) && right.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Whether the hyphen between the two parts of an English word was left by layout, where that may be.
pub(super) fn layout_left(left: &str, right: &str, link: Link) -> bool {
    let left_lower = left.to_ascii_lowercase();
    let right_lower = right.to_ascii_lowercase();
    let known = |part: &str| {
        part.len() == 1 || is_word(part) || part.strip_suffix('s').is_some_and(is_word)
    };
    // Each look into the list takes longer than all the rest.
    let both_known = || (known(&left_lower) || is_prefix(&left_lower)) && known(&right_lower);
    let joined_known = || is_word(&[left_lower.as_str(), right_lower.as_str()].concat());
    match link {
        // `vis-a-vis` is no `visa-vis`: a single letter is a part of its own.
        Link::Hyphen => left.len() > 1 && right.len() > 1 && joined_known() && !both_known(),
        Link::Break => joined_known() || !both_known(),
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    holes: &'a [Span],
}

impl Scanner<'_> {
    fn peek(&self, at: usize) -> Option<char> {
        if at >= self.end {
            return None;
        }
        match self.text.as_bytes().get(at) {
            Some(&byte) if byte < 0x80 => Some(char::from(byte)),
            _ => self.text.get(at..self.end).and_then(|rest| rest.chars().next()),
        }
    }

    /// The byte after a hole that begins at `at`.
    fn after_hole(&mut self, at: usize) -> Option<usize> {
        while let Some((first, rest)) = self.holes.split_first() {
            if first.end <= at {
                self.holes = rest;
            } else {
                return (first.start <= at).then_some(first.end);
            }
        }
        None
    }

    /// The next word, where it and what stands before and behind it are such that none of the rules
    /// below has a say: nearly every word of an English text. Else nothing is read.
    fn plain_word(&mut self) -> Option<Span> {
        let bytes = self.text.as_bytes().get(..self.end)?;
        let class = |at: usize| bytes.get(at).map_or(Class::Ends, |byte| Class::of(*byte));
        let mut start = self.at;
        while let Class::Ends | Class::Point = class(start) {
            if start >= self.end {
                return None;
            }
            start += 1;
        }
        let mut end = start;
        while class(end) == Class::Letter && end - start < MAX_WORD {
            end += 1;
        }
        let ends = match class(end) {
            Class::Ends => true,
            // A number may go on, an abbreviation too.
            Class::Point => end > start + 1 && !bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
            Class::Letter | Class::Other => false,
        };
        let clear = self.holes.first().is_none_or(|hole| hole.start > end);
        if !ends || !clear || end == start || end - start >= MAX_WORD {
            return None;
        }
        self.at = end;
        Some(Span::new(start, end))
    }

    /// The next word, without looking at hyphens.
    fn next_part(&mut self) -> Option<Part> {
        loop {
            if let Some(after) = self.after_hole(self.at) {
                self.at = after;
            }
            let c = self.peek(self.at)?;
            if is_letter(c) {
                break;
            }
            self.at += c.len_utf8();
        }
        let start = self.at;
        let first = self.peek(start)?;
        if stands_alone(first) {
            self.at += first.len_utf8();
            while let Some(mark) = self.peek(self.at).filter(|&c| is_combining_mark(c)) {
                self.at += mark.len_utf8();
            }
            return Some(Part { span: Span::new(start, self.at), cleaned: None });
        }
        if let Some(part) = self.abbreviation(start) {
            return Some(part);
        }
        let mut cleaned: Option<String> = None;
        let mut digits_before = 0_usize;
        let mut word_end = start;
        while let Some(c) = self.peek(self.at) {
            if self.at - start >= MAX_WORD {
                break;
            }
            if is_letter(c) && !stands_alone(c) {
                digits_before = if c.is_ascii_digit() { digits_before + 1 } else { 0 };
                if let Some(cleaned) = &mut cleaned {
                    cleaned.push(c);
                }
                self.at += c.len_utf8();
                word_end = self.at;
                continue;
            }
            let after = self.at + c.len_utf8();
            let next = self.peek(after);
            match c {
                '\u{ad}' | '\u{ac}' => {
                    let Some(resume) = self.after_soft_hyphen(after) else { break };
                    let head = Span::new(start, word_end);
                    cleaned.get_or_insert_with(|| head.of(self.text).to_owned());
                    self.at = resume;
                }
                '\'' | '\u{2019}' | '\u{2bc}' | '\u{ff07}'
                    if next.is_some_and(|n| n.is_alphabetic() && !stands_alone(n)) =>
                {
                    let so_far = cleaned
                        .as_deref()
                        .unwrap_or_else(|| Span::new(start, word_end).of(self.text));
                    if is_elided(so_far) && next.is_some_and(is_vowel_or_h) {
                        break;
                    }
                    if let Some(cleaned) = &mut cleaned {
                        cleaned.push('\'');
                    }
                    self.at = after;
                }
                '.' if digits_before > 0 && next.is_some_and(|n| n.is_ascii_digit()) => {
                    if let Some(cleaned) = &mut cleaned {
                        cleaned.push('.');
                    }
                    self.at = after;
                }
                ',' if (1..=3).contains(&digits_before) && self.three_digits(after) => {
                    if let Some(cleaned) = &mut cleaned {
                        cleaned.push(',');
                    }
                    self.at = after;
                    digits_before = 0;
                }
                '\u{200c}' | '\u{200d}' if next.is_some_and(is_letter) => {
                    let head = Span::new(start, word_end);
                    cleaned.get_or_insert_with(|| head.of(self.text).to_owned());
                    self.at = after;
                }
                _ => break,
            }
        }
        Some(Part { span: Span::new(start, word_end), cleaned })
    }

    /// Whether exactly three digits stand at `at`: a group of thousands.
    fn three_digits(&self, at: usize) -> bool {
        (0..3).all(|i| self.peek(at + i).is_some_and(|c| c.is_ascii_digit()))
            && !self.peek(at + 3).is_some_and(|c| c.is_ascii_digit())
    }

    /// `U.S.S.R.`: single letters, each with a full stop, at least two of them.
    fn abbreviation(&mut self, start: usize) -> Option<Part> {
        let mut at = start;
        let mut letters = String::new();
        let mut end = start;
        while let Some(c) = self.peek(at) {
            let after = at + c.len_utf8();
            if !c.is_alphabetic() || self.peek(after) != Some('.') || letters.len() > 40 {
                break;
            }
            letters.push(c);
            end = after;
            at = after + 1;
        }
        // `U.S` at the end of a sentence or `U.N-sponsored`: the last letter may lack its stop.
        if let Some(c) = self.peek(at).filter(|c| c.is_alphabetic() && !letters.is_empty()) {
            let after = at + c.len_utf8();
            if self.peek(after).is_some_and(is_letter) {
                // `e.g.the`, `J.Smith`: a word follows; only whole letters count.
                if letters.chars().count() < 2 {
                    return None;
                }
            } else {
                letters.push(c);
                end = after;
                at = after;
            }
        }
        if letters.chars().count() < 2 || !letters.chars().any(char::is_uppercase) {
            return None;
        }
        self.at = at.min(self.end);
        Some(Part { span: Span::new(start, end), cleaned: Some(letters) })
    }

    /// Where the word goes on after a soft hyphen that ends at `after`; `None` when it does not.
    fn after_soft_hyphen(&mut self, after: usize) -> Option<usize> {
        if self.peek(after).is_some_and(char::is_alphabetic) {
            return Some(after);
        }
        let (resume, newline) = self.skip_space(after);
        (newline && self.peek(resume).is_some_and(char::is_alphabetic)).then_some(resume)
    }

    /// Skips white space and holes; tells whether a line end (or a hole) was among it.
    fn skip_space(&mut self, mut at: usize) -> (usize, bool) {
        let mut newline = false;
        loop {
            if let Some(after) = self.after_hole(at) {
                at = after;
                newline = true;
                continue;
            }
            match self.peek(at) {
                Some(c) if c.is_whitespace() => {
                    newline |= matches!(c, '\n' | '\r' | '\u{2028}' | '\u{c}');
                    at += c.len_utf8();
                }
                _ => return (at, newline),
            }
        }
    }

    /// The hyphen after the word just read, if it binds the word to the next one.
    fn link(&mut self) -> Option<Link> {
        let hyphen = self.peek(self.at).filter(|c| matches!(c, '-' | '\u{2010}' | '\u{2011}'))?;
        let after = self.at + hyphen.len_utf8();
        match self.peek(after) {
            Some(c) if is_letter(c) && !stands_alone(c) => {
                self.at = after;
                Some(Link::Hyphen)
            }
            Some(c) if c.is_whitespace() => {
                let letter_before = self
                    .text
                    .get(..self.at)
                    .and_then(|head| head.chars().next_back())
                    .is_some_and(char::is_alphabetic);
                let (resume, newline) = self.skip_space(after);
                let goes_on =
                    self.peek(resume).is_some_and(|c| c.is_alphabetic() && !stands_alone(c));
                if letter_before && newline && goes_on {
                    self.at = resume;
                    Some(Link::Break)
                } else {
                    None
                }
            }
            _ => None,
        }
    }
}

/// What a byte is to [`Scanner::plain_word`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A letter or digit of ASCII.
    Letter,
    /// No part of any word.
    Ends,
    /// A full stop or comma.
    Point,
    /// Needs a closer look.
    Other,
}

impl Class {
    fn of(byte: u8) -> Self {
        CLASSES.get(usize::from(byte)).copied().unwrap_or(Self::Other)
    }
}

/// For every byte its class.
#[expect(clippy::indexing_slicing, reason = "worked out by the compiler")]
const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        classes[byte as usize] = match byte {
            b'.' | b',' => Class::Point,
            b'-' | b'\'' => Class::Other,
            _ if byte.is_ascii_alphanumeric() => Class::Letter,
            _ => Class::Ends,
        };
        byte += 1;
    }
    classes
};

fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Signs of scripts written without spaces.
fn stands_alone(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0eff          // Thai, Lao
        | 0x1000..=0x109f        // Myanmar
        | 0x1780..=0x17ff        // Khmer
        | 0x3005..=0x3007
        | 0x3040..=0x30ff        // Hiragana, Katakana
        | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0x20000..=0x3ffff) // Han
}

/// Articles and pronouns that French, Italian and Catalan elide before a vowel.
fn is_elided(word: &str) -> bool {
    const ELIDED: &[&str] = &[
        "all", "c", "d", "dall", "dell", "j", "jusqu", "l", "lorsqu", "m", "n", "nell", "puisqu",
        "qu", "quell", "s", "sull", "t",
    ];
    word.len() <= 6 && ELIDED.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

fn is_vowel_or_h(c: char) -> bool {
    matches!(
        c.to_lowercase().next().unwrap_or(c),
        'a' | 'e'
            | 'i'
            | 'o'
            | 'u'
            | 'y'
            | 'h'
            | 'à'
            | 'â'
            | 'á'
            | 'é'
            | 'è'
            | 'ê'
            | 'ë'
            | 'î'
            | 'ï'
            | 'í'
            | 'ó'
            | 'ô'
            | 'ú'
            | 'ù'
            | 'œ'
            | 'æ'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan_each(
        text: &str,
        whole: (Span, &[Span]),
        english: bool,
        plain: bool,
        sink: &mut dyn FnMut(Word<'_>),
    ) -> u32 {
        scan(text, whole, english, plain, &mut Each { text, sink })
    }

    fn words(text: &str) -> String {
        let mut out = Vec::new();
        for_each_word(text, Span::new(0, text.len()), &[], true, &mut |word| {
            let length = if word.length > 1 { format!("+{}", word.length) } else { String::new() };
            out.push(format!("{}@{}{length}", word.text, word.position));
        });
        out.join(" ")
    }

    #[test]
    fn words_of_one_line() {
        let check = |text, expected| assert_eq!(words(text), expected, "{text:?}");
        check("Peace, and security.", "Peace@0 and@1 security@2");
        check("win-win results", "winwin@0+2 win@0 win@1 results@2");
        check("co-operation", "cooperation@0+2 co@0 operation@1");
        check("share opportu-nities now", "share@0 opportunities@1 now@2");
        check("demo-cracy", "democracy@0");
        check("thermo-nuclear", "thermonuclear@0+2 thermo@0 nuclear@1");
        check("vis-a-vis", "visavis@0+3 vis@0 a@1 vis@2");
        check("passers-by", "passersby@0+2 passers@0 by@1");
        check("fright\u{ac}ening so\u{ad}ft", "frightening@0 soft@1");
        check("session.Australia", "session@0 Australia@1");
        check("the U.S.S.R. and U.N. forces", "the@0 USSR@1 and@2 UN@3 forces@4");
        check("3.5 per cent of 1,000,000", "3.5@0 per@1 cent@2 of@3 1,000,000@4");
        check("in 1945,1946", "in@0 1945@1 1946@2");
        check("A/RES/70/1", "A@0 RES@1 70@2 1@3");
        check("don't l'auteur d\u{2019}Ivoire", "don't@0 l@1 auteur@2 d@3 Ivoire@4");
        check("和平 now", "和@0 平@1 now@2");
        check("", "");
        check("---", "");
    }

    #[test]
    fn hyphens_at_line_ends() {
        let check = |text, expected| assert_eq!(words(text), expected, "{text:?}");
        check("inter-\nnational law", "international@0 law@1");
        check("Secretary-\nGeneral", "SecretaryGeneral@0+2 Secretary@0 General@1");
        check("fright\u{ac}\n  ening", "frightening@0");
        check("Katan-\nga", "Katanga@0");
        check("1945-\n1947", "1945@0 1947@1");
    }

    #[test]
    fn page_numbers_inside_a_word_are_skipped() {
        let text = "inter-\n\n12\n\nnational";
        let mut seen = Vec::new();
        for_each_word(text, Span::new(0, text.len()), &[Span::new(8, 10)], true, &mut |word| {
            seen.push((word.text.to_owned(), word.span));
        });
        assert_eq!(seen, [("international".to_owned(), Span::new(0, text.len()))]);
    }

    #[test]
    fn without_a_word_list_both_readings_are_kept() {
        let mut seen = Vec::new();
        let text = "coopé-\nration";
        for_each_word(text, Span::new(0, text.len()), &[], false, &mut |word| {
            seen.push((word.text.to_owned(), word.position, word.length, word.broken));
        });
        let expected =
            [("coopération", 0, 2, true), ("coopé", 0, 1, false), ("ration", 1, 1, false)];
        assert_eq!(seen.len(), 3);
        for (seen, expected) in seen.iter().zip(expected) {
            assert_eq!((seen.0.as_str(), seen.1, seen.2, seen.3), expected);
        }
    }

    /// What stands at borders of words.
    const PIECES: &[&str] = &[
        "the", "A", "U.S.", "S.", "3", "12", "1,000", ".", ",", "-", "'", "\u{2019}", " ", "\n",
        "\u{ad}", "\u{ac}", "é", "\u{301}", "和", "Mr.", "x", "(", "5.", "\u{200d}", "don't", "l'",
        "co-", "\t", "_",
    ];

    proptest::proptest! {
        #[test]
        fn plain_words_are_what_the_rules_make_of_them(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40),
            cuts in proptest::collection::vec(0_usize..100, 0..3),
            english: bool,
        ) {
            let text = pieces.concat();
            let places: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| places[cut % places.len()]).collect();
            cuts.sort_unstable();
            let holes: Vec<Span> = cuts.windows(2).map(|cut| Span::new(cut[0], cut[1])).step_by(2).collect();
            let read = |plain: bool| {
                let mut words = Vec::new();
                let whole = (Span::new(0, text.len()), holes.as_slice());
                let n_words = scan_each(&text, whole, english, plain, &mut |word| {
                    words.push((word.text.to_owned(), word.surface.to_owned(), word.span, word.position, word.length));
                });
                (n_words, words)
            };
            proptest::prop_assert_eq!(read(true), read(false), "{:?}", text);
        }

        #[test]
        fn spans_lie_in_the_text_and_positions_rise(text in "\\PC{0,60}", english: bool) {
            let mut last = 0;
            let total = for_each_word(&text, Span::new(0, text.len()), &[], english, &mut |word| {
                assert!(word.span.slice(&text).is_some_and(|s| !s.is_empty()));
                assert!(!word.text.is_empty());
                assert!(word.position >= last);
                last = word.position;
            });
            assert!(total >= last);
        }
    }
}
