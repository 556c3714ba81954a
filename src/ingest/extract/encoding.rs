//! From bytes to text.
//!
//! UTF-8 is handed on byte for byte, a byte-order mark and control characters included. Then come
//! UTF-16 with and without a mark, the encoding that the file declares, and the best guess; a guess
//! and signs that could not be read are told as problems.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

use crate::analysis::bytes::any;
use crate::document::Problem;

/// How many bytes are looked at to tell UTF-16 without a mark.
const SAMPLE: usize = 8 * 1024;

/// How many bytes are looked at to guess a legacy encoding.
const GUESS: usize = 256 * 1024;

/// How far into a page its declared encoding may stand.
const PRESCAN: usize = 4 * 1024;

/// A text and what a reader should know of how it was decoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Decoded {
    /// The text; for UTF-8 the bytes unchanged.
    pub(super) text: String,
    /// A guessed encoding, signs that could not be read.
    pub(super) problems: Vec<Problem>,
}

/// Decodes `bytes`; `html` says whether a `charset` that they declare counts.
pub(super) fn decode(bytes: Vec<u8>, html: bool) -> Decoded {
    if let Some(text) = utf32(&bytes) {
        let damaged = text.contains(char::REPLACEMENT_CHARACTER);
        let told = || Problem::new("some bytes are no UTF-32 and are shown as \u{fffd}");
        return Decoded { text, problems: damaged.then(told).into_iter().collect() };
    }
    if let Some(encoding) = utf16(&bytes) {
        return by(encoding, &bytes, Vec::new());
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Decoded { text, problems: Vec::new() },
        Err(error) => error.into_bytes(),
    };
    if nearly_utf8(&bytes) {
        return by(UTF_8, &bytes, Vec::new());
    }
    let declared = if html { declared(&bytes) } else { None };
    if let Some(encoding) = declared.filter(|encoding| tells(encoding)) {
        return by(encoding, &bytes, Vec::new());
    }
    let sample = bytes.get(..GUESS).unwrap_or(&bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() == bytes.len());
    let guess = detector.guess(None, Utf8Detection::Deny);
    let why = declared.map_or("no encoding is declared", |_| "the declared encoding does not fit");
    let told = format!("{why}; read as {}, the best guess", guess.name());
    by(guess, &bytes, vec![Problem::new(told)])
}

/// Whether an encoding may be what bytes that are neither UTF-8 nor UTF-16 declare. What the standard
/// calls "replacement" decodes to nothing.
fn tells(encoding: &'static Encoding) -> bool {
    ![UTF_8, UTF_16LE, UTF_16BE, REPLACEMENT].contains(&encoding)
}

/// The text of bytes with the mark of UTF-32, which is taken off.
fn utf32(bytes: &[u8]) -> Option<String> {
    let (rest, read): (_, fn([u8; 4]) -> u32) = match bytes {
        [0xFF, 0xFE, 0, 0, rest @ ..] => (rest, u32::from_le_bytes),
        [0, 0, 0xFE, 0xFF, rest @ ..] => (rest, u32::from_be_bytes),
        _ => return None,
    };
    let sign = |four: &[u8]| {
        let four: Option<[u8; 4]> = four.try_into().ok();
        four.and_then(|four| char::from_u32(read(four))).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    Some(rest.chunks(4).map(sign).collect())
}

/// Whether the bytes have the mark of UTF-32.
pub(super) fn is_utf32(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF])
}

/// Whether the bytes are UTF-16, told by their mark or by their zero bytes.
pub(super) fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let (mut even, mut odd) = (0_usize, 0_usize);
    // Most texts have no zero byte at all.
    let pairs = if any(sample, |byte| byte == 0) { sample } else { &[] };
    for pair in pairs.chunks_exact(2) {
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.last() == Some(&0));
    }
    let (encoding, zeros, stray) =
        if odd > even { (UTF_16LE, odd, even) } else { (UTF_16BE, even, odd) };
    // Every text has blanks, and a blank has a zero byte, in any script but those of East Asia.
    let enough = zeros * 50 >= sample.len() && zeros > 1;
    if !enough || stray * 20 > zeros || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let units = sample.chunks_exact(2).map(|pair| match pair {
        [a, b] if encoding == UTF_16LE => u16::from_le_bytes([*a, *b]),
        [a, b] => u16::from_be_bytes([*a, *b]),
        _ => 0,
    });
    let (mut good, mut all) = (0_usize, 0_usize);
    for sign in char::decode_utf16(units) {
        all += 1;
        good += usize::from(sign.is_ok_and(is_text));
    }
    (good * 20 >= all * 19).then_some(encoding)
}

/// Whether a sign is one that texts are made of.
fn is_text(sign: char) -> bool {
    sign.is_alphanumeric()
        || sign.is_whitespace()
        || sign.is_ascii_punctuation()
        || ('\u{a0}'..='\u{bf}').contains(&sign)
        || ('\u{300}'..='\u{36f}').contains(&sign)
        || ('\u{2010}'..='\u{206f}').contains(&sign)
        || ('\u{3000}'..='\u{303f}').contains(&sign)
}

/// Whether the bytes are UTF-8 but for some damage.
fn nearly_utf8(bytes: &[u8]) -> bool {
    let (mut wide, mut damage) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().chars().filter(|sign| !sign.is_ascii()).count();
        damage += usize::from(!chunk.invalid().is_empty());
    }
    wide >= 4 * damage
}

fn by(encoding: &'static Encoding, bytes: &[u8], mut problems: Vec<Problem>) -> Decoded {
    let (text, _, damaged) = encoding.decode(bytes);
    if damaged {
        let name = encoding.name();
        problems.push(Problem::new(format!("some bytes are no {name} and are shown as \u{fffd}")));
    }
    Decoded { text: text.into_owned(), problems }
}

/// The encoding that a page names in its first lines: `charset=…` or `encoding="…"`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..PRESCAN).unwrap_or(bytes).to_ascii_lowercase();
    [b"charset".as_slice(), b"encoding".as_slice()].iter().find_map(|word| {
        let at = head.windows(word.len()).position(|window| window == *word)?;
        let rest = head.get(at + word.len()..)?;
        let rest = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let rest = match rest {
            [b'"' | b'\'', inner @ ..] => inner,
            other => other,
        };
        let stop = |byte: &u8| !byte.is_ascii_alphanumeric() && !b"-_:.".contains(byte);
        let end = rest.iter().position(stop).unwrap_or(rest.len());
        Encoding::for_label(rest.get(..end)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_bytes(text: &str, little: bool) -> Vec<u8> {
        let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf8_stays_as_it_is() {
        for text in ["", "\u{feff}Peace\r\n", "a\u{0}b\u{1b}[0m", "Côte d’Ivoire", "Мир"] {
            let decoded = decode(text.as_bytes().to_vec(), false);
            assert_eq!((decoded.text.as_str(), decoded.problems.len()), (text, 0));
        }
    }

    #[test]
    fn utf16_is_read_with_and_without_a_mark() {
        for text in
            ["The peace of the world.", "Мир и безопасность во всём мире", "Żółć, and so on"]
        {
            for little in [true, false] {
                assert_eq!(decode(utf16_bytes(text, little), false).text, text);
                let marked = utf16_bytes(&format!("\u{feff}{text}"), little);
                assert_eq!(decode(marked, false).text, text);
            }
        }
    }

    #[test]
    fn utf32_is_read_by_its_mark() {
        let text = "Мир and peace 🕊";
        let units = || "\u{feff}".chars().chain(text.chars()).map(u32::from);
        let little: Vec<u8> = units().flat_map(u32::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u32::to_be_bytes).collect();
        for bytes in [little, big] {
            assert_eq!(decode(bytes.clone(), false).text, text);
            let cut = decode(bytes[..bytes.len() - 1].to_vec(), false);
            assert_eq!((cut.text.chars().last(), cut.problems.len()), (Some('\u{fffd}'), 1));
        }
    }

    #[test]
    fn legacy_encodings_are_declared_or_guessed() {
        let latin = b"La R\xe9publique fran\xe7aise \xe0 l'Assembl\xe9e g\xe9n\xe9rale".to_vec();
        let decoded = decode(latin, false);
        assert_eq!(decoded.text, "La République française à l'Assemblée générale");
        assert_eq!(decoded.problems.len(), 1);
        let page = b"<meta charset=utf-16><p>Assembl\xe9e g\xe9n\xe9rale".to_vec();
        assert!(decode(page, true).text.ends_with("Assemblée générale"));
        let page = b"<meta charset='koi8-r'><p>\xed\xc9\xd2".to_vec();
        let decoded = decode(page, true);
        assert!(decoded.text.ends_with("Мир"));
        assert!(decoded.problems.is_empty());
    }

    #[test]
    fn damaged_utf8_stays_utf8() {
        let mut bytes = "Ünïcödé wörds häve mäny sïgns".as_bytes().to_vec();
        bytes.push(0xC3);
        let decoded = decode(bytes, false);
        assert!(decoded.text.starts_with("Ünïcödé"));
        assert_eq!(decoded.problems.len(), 1);
    }
}
