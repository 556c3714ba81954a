//! A document's words, read by rules written here a second time.

use std::rc::Rc;

use chancery::analysis::fold::fold;
use chancery::analysis::wordlist::{is_prefix, is_word};
use chancery::document::{Passage, Span};
use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What sets words apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Form {
    pub(crate) folded: String,
    /// The stem in the document's language.
    pub(crate) stem: String,
    /// The parts of a hyphenated word written as one; empty for any other.
    pub(crate) parts: Vec<String>,
    /// Whether the hyphen stands at a line end.
    pub(crate) broken: bool,
    /// The word in capitals, when it is.
    pub(crate) capitals: Option<String>,
    /// Whether it ends in `'s`.
    pub(crate) possessive: bool,
}

/// A word in its place.
pub(crate) struct Token {
    pub(crate) form: Rc<Form>,
    pub(crate) start: u32,
    pub(crate) length: u32,
    /// Its first byte.
    pub(crate) at: usize,
}

/// A document as the evaluation sees it.
pub(crate) struct Page {
    pub(crate) tokens: Vec<Token>,
    /// For each place: passage, sentence and paragraph; `None` between passages.
    pub(crate) places: Vec<Option<(usize, usize, usize)>>,
    pub(crate) n_passages: usize,
}

/// Reads a document whose text, passages and page furniture are known.
pub(crate) fn read(text: &str, passages: &[Passage], pages: &[Span], english: bool) -> Page {
    let mut page = Page { tokens: Vec::new(), places: Vec::new(), n_passages: passages.len() };
    let (mut sentence, mut paragraph, mut read_to) = (0, 0, 0);
    for (index, passage) in passages.iter().enumerate() {
        let gap = words(text, Span::new(read_to, passage.span.start), pages, english);
        let n_gap = gap.iter().filter(|word| word.length == 1).count();
        page.places.extend(std::iter::repeat_n(None, n_gap));
        let first = page.places.len() as u32;
        let mut sentences = passage.sentences.iter().peekable();
        for word in words(text, passage.span, &passage.holes, english) {
            while sentences.peek().is_some_and(|s| s.span.start <= word.at) {
                let opened = sentences.next().unwrap();
                sentence += 1;
                paragraph += usize::from(opened.opens_paragraph);
            }
            if word.length == 1 {
                page.places.push(Some((index, sentence, paragraph)));
            }
            page.tokens.push(Token { start: first + word.start, ..word });
        }
        for rest in sentences {
            sentence += 1;
            paragraph += usize::from(rest.opens_paragraph);
        }
        read_to = passage.span.end;
    }
    page
}

/// The words of a query's text, hyphenated ones as their parts and as a whole.
pub(crate) fn words_of(text: &str) -> Vec<Token> {
    words(text, Span::new(0, text.len()), &[], true)
}

struct Part {
    at: usize,
    end: usize,
    text: String,
}

fn words(text: &str, span: Span, holes: &[Span], english: bool) -> Vec<Token> {
    // Page furniture is white space with a line end.
    let mut chars: Vec<(usize, char)> = Vec::new();
    for (offset, c) in span.of(text).char_indices() {
        let at = span.start + offset;
        if holes.iter().any(|hole| hole.start <= at && at < hole.end) {
            if chars.last().is_none_or(|(_, last)| *last != '\u{c}') {
                chars.push((at, '\u{c}'));
            }
        } else {
            chars.push((at, c));
        }
    }
    let mut scan = Scan { chars, at: 0 };
    let mut tokens = Vec::new();
    let mut position = 0;
    while let Some(part) = scan.part() {
        let mut parts = vec![(part, false)];
        while parts.len() < 8
            && let Some(line_end) = scan.hyphen()
        {
            match scan.part() {
                Some(part) => parts.push((part, line_end)),
                None => break,
            }
        }
        position = compound(parts, position, english, &mut tokens);
    }
    tokens
}

/// Joins what layout has divided; what a hyphen joins is a word as a whole and in its parts.
fn compound(
    parts: Vec<(Part, bool)>,
    mut position: u32,
    english: bool,
    tokens: &mut Vec<Token>,
) -> u32 {
    let stem = |folded: &str| if english { stem(folded) } else { folded.to_owned() };
    let mut whole: Vec<Part> = Vec::new();
    let mut broken = false;
    for (index, (part, line_end)) in parts.into_iter().enumerate() {
        match whole.last_mut().filter(|_| index > 0) {
            Some(left) if english && of_layout(&left.text, &part.text, line_end) => {
                left.text.push_str(&part.text);
                left.end = part.end;
            }
            left => {
                broken |= left.is_some() && line_end;
                whole.push(part);
            }
        }
    }
    if (2..=3).contains(&whole.len()) {
        let texts: Vec<&str> = whole.iter().map(|part| part.text.as_str()).collect();
        let form = Form {
            folded: base(&texts.concat()),
            stem: stem(&base(&texts.concat())),
            parts: texts.iter().map(|part| fold(part)).collect(),
            broken,
            capitals: None,
            possessive: is_possessive(&texts.concat()),
        };
        let length = whole.len() as u32;
        tokens.push(Token { form: Rc::new(form), start: position, length, at: whole[0].at });
    }
    for part in &whole {
        let form = Form {
            folded: base(&part.text),
            stem: stem(&base(&part.text)),
            parts: Vec::new(),
            broken: false,
            capitals: capitals(&part.text),
            possessive: is_possessive(&part.text),
        };
        tokens.push(Token { form: Rc::new(form), start: position, length: 1, at: part.at });
        position += 1;
    }
    position
}

/// Whether a word ends in `'s`, which a quoted word that has it asks for.
fn is_possessive(word: &str) -> bool {
    let form = fold(word);
    form.len() > 2 && form.ends_with("'s")
}

fn capitals(word: &str) -> Option<String> {
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("\u{2019}s")).unwrap_or(word);
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let is = (2..=10).contains(&letters)
        && !word.chars().any(char::is_lowercase)
        && word.chars().any(char::is_uppercase);
    is.then(|| word.nfc().collect())
}

fn of_layout(left: &str, right: &str, line_end: bool) -> bool {
    let plain = |word: &str| word.bytes().all(|b| b.is_ascii_alphabetic());
    if !plain(left) || !plain(right) || !right.starts_with(|c: char| c.is_ascii_lowercase()) {
        return false;
    }
    let (left, right) = (left.to_lowercase(), right.to_lowercase());
    let known = |word: &str| {
        word.len() == 1 || is_word(word) || word.strip_suffix('s').is_some_and(is_word)
    };
    let both = (known(&left) || is_prefix(&left)) && known(&right);
    let joined = is_word(&format!("{left}{right}"));
    if line_end { joined || !both } else { joined && !both && left.len() > 1 && right.len() > 1 }
}

/// The folded word without `'s` and the commas of thousands.
pub(crate) fn base(word: &str) -> String {
    let mut form = fold(word);
    if form.len() > 2 && form.ends_with("'s") {
        form.truncate(form.len() - 2);
    }
    if form.starts_with(|c: char| c.is_ascii_digit()) {
        form.retain(|c| c != ',');
    }
    form
}

/// The English stem of a folded word.
pub(crate) fn stem(folded: &str) -> String {
    thread_local! {
        static STEMMER: Stemmer = Stemmer::new(Algorithm::English);
    }
    if folded.len() <= 2 || folded.bytes().any(|b| b.is_ascii_digit()) {
        return folded.to_owned();
    }
    let stem = STEMMER.with(|stemmer| stemmer.stem(folded).into_owned());
    if stem.is_empty() { folded.to_owned() } else { fold(&stem) }
}

struct Scan {
    chars: Vec<(usize, char)>,
    at: usize,
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || !c.is_ascii() && is_combining_mark(c)
}

/// Signs of scripts that put no space between words.
fn is_unspaced(c: char) -> bool {
    let ranges = [
        ('\u{e00}', '\u{eff}'),
        ('\u{1000}', '\u{109f}'),
        ('\u{1780}', '\u{17ff}'),
        ('\u{3005}', '\u{3007}'),
        ('\u{3040}', '\u{30ff}'),
        ('\u{31f0}', '\u{31ff}'),
        ('\u{3400}', '\u{4dbf}'),
        ('\u{4e00}', '\u{9fff}'),
        ('\u{f900}', '\u{faff}'),
        ('\u{20000}', '\u{3ffff}'),
    ];
    ranges.iter().any(|(low, high)| (*low..=*high).contains(&c))
}

impl Scan {
    fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|(_, c)| *c)
    }

    fn byte(&self, at: usize) -> usize {
        let last = || self.chars.last().map_or(0, |(at, c)| at + c.len_utf8());
        self.chars.get(at).map_or_else(last, |(at, _)| *at)
    }

    fn part(&mut self) -> Option<Part> {
        while !is_letter(self.char(self.at)?) {
            self.at += 1;
        }
        let start = self.at;
        let first = self.char(start)?;
        if is_unspaced(first) {
            self.at += 1;
            while self.char(self.at).is_some_and(is_combining_mark) {
                self.at += 1;
            }
            return Some(self.made(start, self.at, None));
        }
        if let Some(part) = self.abbreviation() {
            return Some(part);
        }
        let mut text = String::new();
        let mut end = start;
        while let Some(c) = self.char(self.at) {
            if self.byte(self.at) - self.byte(start) >= 200 {
                break;
            }
            let next = self.char(self.at + 1);
            let digits = text.chars().rev().take_while(char::is_ascii_digit).count();
            let digit = |at: usize| self.char(at).is_some_and(|c| c.is_ascii_digit());
            if is_letter(c) && !is_unspaced(c) {
                text.push(c);
                self.at += 1;
                end = self.at;
                continue;
            }
            match c {
                '\u{ad}' | '\u{ac}' => {
                    let mut after = self.at + 1;
                    let mut newline = false;
                    while let Some(c) = self.char(after).filter(|c| c.is_whitespace()) {
                        newline |= matches!(c, '\n' | '\r' | '\u{2028}' | '\u{c}');
                        after += 1;
                    }
                    let goes_on = self.char(after).is_some_and(char::is_alphabetic)
                        && (newline || after == self.at + 1);
                    if !goes_on {
                        break;
                    }
                    self.at = after;
                    continue;
                }
                '\'' | '\u{2019}' | '\u{2bc}' | '\u{ff07}'
                    if next.is_some_and(|n| n.is_alphabetic() && !is_unspaced(n)) =>
                {
                    let elided = [
                        "all", "c", "d", "dall", "dell", "j", "jusqu", "l", "lorsqu", "m", "n",
                        "nell", "puisqu", "qu", "quell", "s", "sull", "t",
                    ];
                    let vowel = next.is_some_and(|n| {
                        let plain = fold(&n.to_string());
                        matches!(
                            plain.chars().next(),
                            Some('a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h')
                        )
                    });
                    if vowel && elided.contains(&text.to_ascii_lowercase().as_str()) {
                        break;
                    }
                    text.push('\'');
                }
                '.' if digits > 0 && next.is_some_and(|n| n.is_ascii_digit()) => text.push('.'),
                ',' if (1..=3).contains(&digits)
                    && (1..=3).all(|n| digit(self.at + n))
                    && !digit(self.at + 4) =>
                {
                    text.push(',');
                }
                '\u{200c}' | '\u{200d}' if next.is_some_and(is_letter) => {}
                _ => break,
            }
            self.at += 1;
        }
        Some(self.made(start, end, Some(text)))
    }

    fn made(&self, start: usize, end: usize, text: Option<String>) -> Part {
        let plain = || self.chars[start..end].iter().map(|(_, c)| *c).collect();
        let last = self.chars[end - 1];
        Part {
            at: self.byte(start),
            end: last.0 + last.1.len_utf8(),
            text: text.unwrap_or_else(plain),
        }
    }

    /// `U.S.S.R.`: single letters with full stops, at least two, one of them a capital.
    fn abbreviation(&mut self) -> Option<Part> {
        let (start, mut at, mut end) = (self.at, self.at, self.at);
        let mut letters = String::new();
        while let Some(c) = self.char(at).filter(|c| c.is_alphabetic()) {
            if self.char(at + 1) != Some('.') || letters.len() > 40 {
                break;
            }
            letters.push(c);
            end = at + 1;
            at += 2;
        }
        if let Some(c) = self.char(at).filter(|c| c.is_alphabetic() && !letters.is_empty()) {
            if !self.char(at + 1).is_some_and(is_letter) {
                letters.push(c);
                end = at + 1;
                at += 1;
            } else if letters.chars().count() < 2 {
                return None;
            }
        }
        if letters.chars().count() < 2 || !letters.chars().any(char::is_uppercase) {
            return None;
        }
        self.at = at;
        Some(self.made(start, end, Some(letters)))
    }

    /// Passes a hyphen that joins the word before it to one behind; tells whether a line ends there.
    fn hyphen(&mut self) -> Option<bool> {
        self.char(self.at).filter(|c| matches!(c, '-' | '\u{2010}' | '\u{2011}'))?;
        let mut after = self.at + 1;
        let mut newline = false;
        while let Some(c) = self.char(after).filter(|c| c.is_whitespace()) {
            newline |= matches!(c, '\n' | '\r' | '\u{2028}' | '\u{c}');
            after += 1;
        }
        let next = self.char(after).filter(|c| !is_unspaced(*c))?;
        if after == self.at + 1 {
            is_letter(next).then(|| self.at = after)?;
            return Some(false);
        }
        let before = self.char(self.at.checked_sub(1)?)?;
        (newline && next.is_alphabetic() && before.is_alphabetic()).then(|| self.at = after)?;
        Some(true)
    }
}
