//! Fonts that say too little: bitmaps of TeX, whose letters have no names and whose widths are in units
//! of their own.
//!
//! Stands between the parser and a file: every object passes through, fonts of Type 3 come out with
//! widths in thousandths of the size (which the parser takes for granted) and, where their letters are
//! only numbered, with the names that TeX's encodings give to the numbers.

use pdfboss_core::source::{AsyncObjectSource, BoxFuture, block_on};
use pdfboss_core::{Dict, Document, Immediate, Name, ObjRef, Object, Result, Stream};

/// TeX's T1 (Cork) encoding: codes 0 to 31 and 127 to 255; those between are ASCII but for the two quotes.
/// Source: the encoding agreed at Cork in 1990, as described in "LaTeX font encodings" (encguide).
const T1_LOW: &str = "`´ˆ˜¨˝˚ˇ˘¯˙¸˛‚‹›“”„«»–—\u{200b}‰ıȷ\u{fb00}\u{fb01}\u{fb02}\u{fb03}\u{fb04}";
const T1_HIGH: &str = "-ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£\
                       ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖŒØÙÚÛÜÝÞẞàáâãäåæçèéêëìíîïðñòóôõöœøùúûüýþß";
/// TeX's older OT1 encoding: codes 0 to 31. Above them, [`ot1`] tells what is not ASCII. Same source.
const OT1_LOW: &str = "ΓΔΘΛΞΠΣΥΦΨΩ\u{fb00}\u{fb01}\u{fb02}\u{fb03}\u{fb04}ıȷ`´ˇ˘¯˚¸ßæœøÆŒØ";

/// The objects of a file, with fonts mended.
#[derive(Clone, Copy)]
pub(super) struct Mended<'d>(pub(super) &'d Document);

impl Mended<'_> {
    fn mend(self, object: Object) -> Object {
        match object {
            Object::Dict(dict) if is_type_3(&dict) => Object::Dict(self.mend_font(dict)),
            other => other,
        }
    }

    fn plain(self, object: &Object) -> Option<Object> {
        block_on(Immediate(self.0).resolve(object)).ok()
    }

    /// A font with widths in thousandths and letters with names.
    fn mend_font(self, mut font: Dict) -> Dict {
        let scale = font
            .get("FontMatrix")
            .and_then(|matrix| self.plain(matrix))
            .and_then(|matrix| matrix.as_array()?.first()?.as_f64())
            .map_or(1.0, |unit| unit.abs() * 1000.0);
        let widths = font.get("Widths").and_then(|widths| self.plain(widths));
        if let Some(Object::Array(widths)) = widths
            && scale.is_finite()
            && scale > 0.0
            && (scale - 1.0).abs() > 1e-3
        {
            let scaled = widths.iter().map(|width| {
                let width = self.plain(width).and_then(|width| width.as_f64()).unwrap_or(0.0);
                Object::Real(width * scale)
            });
            let scaled = Object::Array(scaled.collect());
            font.insert(Name("Widths".to_owned()), scaled);
        }
        if font.get("ToUnicode").is_none()
            && let Some(Object::Dict(encoding)) =
                font.get("Encoding").and_then(|encoding| self.plain(encoding))
            && let Some(codes) = self.numbered(&encoding)
        {
            let mut named = vec![];
            for code in &codes {
                let letter = if is_t1(&codes) { t1(*code) } else { ot1(*code) };
                named.push(Object::Int(i64::from(*code)));
                named.push(Object::Name(Name(format!("uni{:04X}", u32::from(letter)))));
            }
            let mut encoding = Dict::new();
            encoding.insert(Name("Differences".to_owned()), Object::Array(named));
            font.insert(Name("Encoding".to_owned()), Object::Dict(encoding));
        }
        font
    }

    /// The codes of an encoding that names each letter by nothing but its code (`/a233`).
    fn numbered(self, encoding: &Dict) -> Option<Vec<u8>> {
        let differences = encoding.get("Differences").and_then(|list| self.plain(list))?;
        let mut codes = Vec::new();
        let mut code: i64 = 0;
        for entry in differences.as_array()? {
            match self.plain(entry)? {
                Object::Int(at) => code = at,
                Object::Name(name) => {
                    if name.0 != ".notdef" {
                        let digits =
                            name.0.trim_start_matches(|sign: char| sign.is_ascii_alphabetic());
                        let prefix = name.0.len() - digits.len();
                        if prefix != 1 || digits.parse() != Ok(code) {
                            return None;
                        }
                        codes.push(u8::try_from(code).ok()?);
                    }
                    code += 1;
                }
                _ => return None,
            }
        }
        (!codes.is_empty()).then_some(codes)
    }
}

impl AsyncObjectSource for Mended<'_> {
    fn get(&self, reference: ObjRef) -> BoxFuture<'_, Result<Object>> {
        let object = block_on(Immediate(self.0).get(reference)).map(|object| self.mend(object));
        Box::pin(std::future::ready(object))
    }

    fn stream_data<'a>(&'a self, stream: &'a Stream) -> BoxFuture<'a, Result<Vec<u8>>> {
        let data = block_on(Immediate(self.0).stream_data(stream));
        Box::pin(std::future::ready(data))
    }

    fn resolve<'a>(&'a self, object: &'a Object) -> BoxFuture<'a, Result<Object>> {
        let object = block_on(Immediate(self.0).resolve(object)).map(|object| self.mend(object));
        Box::pin(std::future::ready(object))
    }
}

fn is_type_3(dict: &Dict) -> bool {
    dict.get_name("Subtype").is_some_and(|name| name.0 == "Type3")
}

/// Whether the codes that a font uses are those of T1 rather than OT1: letters above 127, or the
/// ligatures at 27 to 31 with none at 11 to 15.
fn is_t1(codes: &[u8]) -> bool {
    let has = |range: std::ops::RangeInclusive<u8>| codes.iter().any(|code| range.contains(code));
    has(128..=255) || has(27..=31) && !has(11..=15)
}

/// The letter of a code in T1.
fn t1(code: u8) -> char {
    let letter = match code {
        0..32 => T1_LOW.chars().nth(usize::from(code)),
        39 => Some('’'),
        96 => Some('‘'),
        32 => Some(' '),
        33..127 => Some(char::from(code)),
        127.. => T1_HIGH.chars().nth(usize::from(code) - 127),
    };
    letter.unwrap_or('\u{fffd}')
}

/// The letter of a code in OT1.
fn ot1(code: u8) -> char {
    let letter = match code {
        0..32 => OT1_LOW.chars().nth(usize::from(code)),
        34 => Some('”'),
        39 => Some('’'),
        60 => Some('¡'),
        62 => Some('¿'),
        92 => Some('“'),
        94 => Some('ˆ'),
        95 => Some('˙'),
        96 => Some('‘'),
        123 => Some('–'),
        124 => Some('—'),
        125 => Some('˝'),
        126 => Some('˜'),
        127 => Some('¨'),
        32..127 => Some(char::from(code)),
        128.. => None,
    };
    letter.unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_letters_of_the_encodings() {
        // Sizes first: a letter too few would shift all that follow.
        assert_eq!((T1_LOW.chars().count(), T1_HIGH.chars().count()), (32, 129));
        assert_eq!(OT1_LOW.chars().count(), 32);
        let read = |codes: &[u8]| codes.iter().map(|code| t1(*code)).collect::<String>();
        assert_eq!(
            read(&[0x13, 0x45, 0xe9, 0xf7, 0xdf, 0xff, 0x15, 0x1e, 0x14]),
            "«Eéœẞß–\u{fb03}»"
        );
        assert_eq!(read(&[0x8a, 0x9b, 0xa1, 0xbf]), "ŁŻą£");
        let read = |codes: &[u8]| codes.iter().map(|code| ot1(*code)).collect::<String>();
        assert_eq!(read(&[0x5c, 0x61, 0x22, 0x0c, 0x7b, 0x1b]), "“a”\u{fb01}–œ");
    }

    #[test]
    fn ligatures_tell_the_encoding() {
        assert!(is_t1(&[28, 97]) && is_t1(&[11, 97, 233]));
        assert!(!is_t1(&[12, 97]) && !is_t1(&[97]));
    }
}
