//! Which language a text is in.

use crate::document::Language;

/// How much of a text is looked at, in bytes: where the text begins, and again in its middle. The time
/// it takes grows with it, and of each kind of text a sample this long tells the language.
const SAMPLE: usize = 1536;

/// How much is looked at when that is not enough.
const LARGE_SAMPLE: usize = 10 * 1024;

/// A shorter text tells nothing reliable, in letters.
const LEAST: usize = 60;

/// The commonest words of Swahili, which whatlang does not know.
const SWAHILI: [&str; 24] = [
    "na", "ya", "wa", "kwa", "ni", "katika", "za", "la", "hii", "hiyo", "kuwa", "pia", "yetu",
    "haya", "cha", "vya", "nchi", "serikali", "kama", "hayo", "wetu", "yake", "ambayo", "sisi",
];

/// The commonest words of English, in order. Where they are a third of a text it is English, and the
/// letters need not be counted, which takes many times as long.
const ENGLISH: [&str; 27] = [
    "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "has", "have", "in", "is",
    "it", "its", "not", "of", "on", "our", "that", "the", "this", "to", "we", "which", "with",
];

/// The same as numbers, which are told from one another at once.
#[expect(clippy::indexing_slicing, reason = "worked out by the compiler")]
const COMMONEST: [u64; ENGLISH.len()] = {
    let mut all = [0; ENGLISH.len()];
    let mut at = 0;
    while at < all.len() {
        assert!(ENGLISH[at].len() <= LONGEST, "a longer word has no number");
        all[at] = number(ENGLISH[at]);
        at += 1;
    }
    all
};

/// Bytes of the longest of them.
const LONGEST: usize = 5;

/// A word of at most [`LONGEST`] bytes as a number.
const fn number(word: &str) -> u64 {
    let (mut bytes, mut number) = (word.as_bytes(), 0);
    while let [first, rest @ ..] = bytes {
        number = number << 8 | *first as u64;
        bytes = rest;
    }
    number
}

/// The share of [`ENGLISH`], in percent, that no other language has. The least in a speech of the general
/// debate (sessions of even number, both samples of 5,421 speeches) is 22; of eleven other languages of the
/// Universal Declaration German has the most, with 2.
const ENGLISH_SHARE: usize = 20;

/// The language of a text, when it can be told reliably.
pub fn detect(text: &str) -> Option<Language> {
    if text.len() <= 4 * SAMPLE {
        return detect_in(head(text, LARGE_SAMPLE));
    }
    // Past the greeting: a speech may open in another language than it goes on in.
    let middle = text.get(text.floor_char_boundary_within(text.len() / 2)..).unwrap_or(text);
    let (first, second) = (detect_in(head(text, SAMPLE)), detect_in(head(middle, SAMPLE)));
    if first.is_some() && first == second { first } else { detect_in(head(text, LARGE_SAMPLE)) }
}

fn head(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary_within(most)).unwrap_or(text)
}

fn detect_in(sample: &str) -> Option<Language> {
    if sample.chars().filter(|sign| sign.is_alphabetic()).take(LEAST).count() < LEAST {
        return None;
    }
    let all = || sample.split(|sign: char| !sign.is_alphabetic()).filter(|word| !word.is_empty());
    let (mut words, mut english) = (0_usize, 0_usize);
    for word in all() {
        words += 1;
        // The commonest words stand in small letters but for a sentence's first.
        english += usize::from(word.len() <= LONGEST && COMMONEST.contains(&number(word)));
    }
    if words >= 60 && english * 100 >= words * ENGLISH_SHARE {
        return Some(Language::ENGLISH);
    }
    let swahili = all().filter(|word| word.len() <= 8 && SWAHILI.contains(word)).count();
    if words >= 10 && swahili * 100 >= words * 22 {
        return Language::new("sw");
    }
    let info = whatlang::detect(sample).filter(whatlang::Info::is_reliable)?;
    Language::new(short(info.lang().code()))
}

/// The language of a code or name as headers give them: `en-GB`, `fr_FR`, `eng`, `Français`.
pub fn named(text: &str) -> Option<Language> {
    let lower = text.trim().to_lowercase();
    let code = lower.split(['-', '_', ';', ',']).next().unwrap_or_default().trim();
    if (2..=3).contains(&code.len()) {
        return Language::new(short(code));
    }
    let found = NAMES.iter().find(|(_, names)| names.contains(&code));
    found.and_then(|(code, _)| Language::new(code))
}

const NAMES: [(&str, &[&str]); 9] = [
    ("ar", &["arabic", "arabe", "العربية"]),
    ("zh", &["chinese", "chinois", "中文"]),
    ("en", &["english", "anglais", "inglés"]),
    ("fr", &["french", "français", "francais", "francés"]),
    ("ru", &["russian", "russe", "ruso", "русский"]),
    ("es", &["spanish", "espagnol", "español", "espanol"]),
    ("de", &["german", "allemand", "deutsch"]),
    ("pt", &["portuguese", "portugais", "português", "portugues"]),
    ("it", &["italian", "italien", "italiano"]),
];

/// The code of two letters for one of three, where there is one.
fn short(code: &str) -> &str {
    let found = CODES.iter().find(|(long, _)| *long == code);
    found.map_or(code, |(_, short)| short)
}

/// ISO 639-3 and 639-1 of what whatlang tells, and of older codes in headers.
const CODES: [(&str, &str); 80] = [
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
    ("fre", "fr"),
    ("ger", "de"),
    ("chi", "zh"),
    ("zho", "zh"),
    ("dut", "nl"),
    ("gre", "el"),
    ("per", "fa"),
    ("fas", "fa"),
    ("swa", "sw"),
    ("may", "ms"),
];

/// The last boundary between letters at or before a place.
trait Boundary {
    fn floor_char_boundary_within(&self, at: usize) -> usize;
}

impl Boundary for str {
    fn floor_char_boundary_within(&self, at: usize) -> usize {
        let at = at.min(self.len());
        (0..=at).rev().take(4).find(|at| self.is_char_boundary(*at)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_when_sure() {
        let repeated = |text: &str| text.repeat(3);
        for (text, expected) in [
            ("All states shall refrain in their relations from the threat or use of force. ", "en"),
            ("Tous les États doivent régler leurs différends par des moyens pacifiques. ", "fr"),
            ("Все государства разрешают свои международные споры мирными средствами. ", "ru"),
            (
                "Todos los Estados arreglarán sus controversias por medios pacíficos y justos. ",
                "es",
            ),
            (
                "Nchi yetu inaamini katika amani na usalama wa dunia kwa watu wote na serikali za nchi. ",
                "sw",
            ),
            ("所有国家应当以和平方法解决其国际争端，避免危及国际和平与安全以及正义。", "zh"),
        ] {
            let found = detect(&repeated(text));
            assert_eq!(found.map(|language| language.to_string()).as_deref(), Some(expected));
        }
        assert_eq!(detect("Peace."), None);
        assert_eq!(detect(&"1957 ".repeat(100)), None);
    }

    #[test]
    fn codes_and_names_are_understood() {
        for (text, expected) in [
            ("en-US", Some("en")),
            ("fr_FR", Some("fr")),
            ("eng", Some("en")),
            ("Français", Some("fr")),
            ("??", None),
            ("", None),
        ] {
            assert_eq!(named(text).map(|language| language.to_string()).as_deref(), expected);
        }
    }
}
