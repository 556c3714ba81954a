//! What the file names of known collections and of folders tell.

use crate::document::Date;

/// What a name tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FromName {
    /// Country code as the collection writes it.
    pub country: Option<String>,
    /// Year that the source files the document under.
    pub year: Option<i32>,
    /// The collection.
    pub collection: Option<&'static str>,
}

/// Reads a file name of the UN General Debate Corpus: `CHN_70_2015.txt` is country, session, year.
/// The source is Jankin, Baturo and Dasandi's corpus; `EU_*` has two letters there.
pub fn from_file_name(path: &str) -> FromName {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let mut parts = stem.split('_');
    let (Some(country), Some(session), Some(year)) = (parts.next(), parts.next(), parts.next())
    else {
        return FromName::default();
    };
    let letters =
        (2..=3).contains(&country.len()) && country.bytes().all(|b| b.is_ascii_uppercase());
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !letters || !digits(session) || session.len() > 3 || !digits(year) || year.len() != 4 {
        return FromName::default();
    }
    FromName {
        country: Some(country.to_owned()),
        year: year.parse().ok(),
        collection: Some("ungdc"),
    }
}

/// The year that the nearest folder names: `Session 24 - 1969`, `1969`.
pub fn year_of_folder(path: &str) -> Option<i32> {
    path.rsplit('/').skip(1).find_map(|folder| {
        let mut years = folder
            .split(|c: char| !c.is_ascii_digit())
            .filter(|number| number.len() == 4)
            .filter_map(|number| number.parse::<i32>().ok())
            .filter(|year| (1000..=2999).contains(year));
        let year = years.next();
        // Two years (`1945-1947`) say no single one.
        if years.next().is_some() { None } else { year }
    })
}

/// The date that a file's name gives: `1958-11-03-roe-to-doe.xml`, `19581103.txt`. A year alone may be
/// what the text is about.
pub fn date_of_name(path: &str) -> Option<Date> {
    let name = path.rsplit('/').next()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let parts: Vec<&str> = stem.split(['-', '_', '.', ' ']).collect();
    let number = |part: &str, length: usize| {
        let whole = part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| whole)
    };
    let small = |n: u32| u8::try_from(n).ok();
    let year = |n: u32| i32::try_from(n).ok().filter(|year| (1500..=2199).contains(year));
    for (at, part) in parts.iter().enumerate() {
        if let Some(whole) = number(part, 8)
            && let Some(year) = year(whole / 10_000)
            && let Some(date) = Date::from_day(year, small(whole / 100 % 100)?, small(whole % 100)?)
        {
            return Some(date);
        }
        let day = (|| {
            let year = year(number(part, 4)?)?;
            let month = small(number(parts.get(at + 1)?, 2)?)?;
            Date::from_day(year, month, small(number(parts.get(at + 2)?, 2)?)?)
        })();
        if day.is_some() {
            return day;
        }
    }
    None
}

/// The year in which the session of a symbol opens, or the year that the symbol names: 2015 of
/// `A/70/PV.13`, `A/RES/70/1`; 2000 of `S/RES/1325(2000)`. Session *s* of the General Assembly opens in
/// September of 1945 + *s*; until the thirtieth, resolutions carried theirs in Roman numerals.
pub fn session_year(symbol: &str) -> Option<i32> {
    if let Some((_, rest)) = symbol.split_once('(')
        && let Some((inner, _)) = rest.split_once(')')
    {
        let year = inner.parse::<i32>().ok().filter(|year| (1946..=2199).contains(year));
        return year.or_else(|| Some(1945 + i32::try_from(roman(inner)?).ok()?));
    }
    let mut parts = symbol.split('/');
    if parts.next() != Some("A") {
        return None;
    }
    let session = parts
        .take(2)
        .find_map(|part| part.parse::<i32>().ok().filter(|session| (1..=150).contains(session)))?;
    Some(1945 + session)
}

/// A Roman number below a hundred.
fn roman(text: &str) -> Option<u32> {
    let value = |sign: u8| match sign {
        b'I' => Some(1_u32),
        b'V' => Some(5),
        b'X' => Some(10),
        b'L' => Some(50),
        _ => None,
    };
    let signs: Vec<u32> = text.bytes().map(value).collect::<Option<_>>()?;
    let mut sum = 0;
    for (at, sign) in signs.iter().enumerate().rev() {
        // A smaller sign before a greater one is taken off.
        let smaller = signs.get(at + 1).is_some_and(|next| next > sign);
        sum = if smaller { sum - sign } else { sum + sign };
    }
    (sum > 0).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_names() {
        for (path, expected) in [
            ("a/1958-11-03-roe-to-doe.xml", Some("1958-11-03")),
            ("speech_19581103.txt", Some("1958-11-03")),
            ("S-PV.7432.html", None),
            ("partition-1947.txt", None),
            ("CHN_70_2015.txt", None),
            ("12345678.txt", None),
        ] {
            assert_eq!(
                date_of_name(path).map(|date| date.to_string()).as_deref(),
                expected,
                "{path}"
            );
        }
    }

    #[test]
    fn years_of_sessions() {
        for (symbol, expected) in [
            ("A/RES/70/1", Some(2015)),
            ("A/70/PV.13", Some(2015)),
            ("S/RES/1325(2000)", Some(2000)),
            ("A/RES/1514(XV)", Some(1960)),
            ("A/RES/3379(XXX)", Some(1975)),
            ("A/RES/2758(XXVI)", Some(1971)),
            ("A/RES/377(IV)", Some(1949)),
            ("S/PV.7432", None),
            ("E/CN.4/12", None),
        ] {
            assert_eq!(session_year(symbol), expected, "{symbol}");
        }
    }

    #[test]
    fn names_of_the_general_debate() {
        let found = from_file_name("Session 70 - 2015/CHN_70_2015.txt");
        assert_eq!((found.country.as_deref(), found.year), (Some("CHN"), Some(2015)));
        assert_eq!(from_file_name("EU_66_2011.txt").country.as_deref(), Some("EU"));
        for name in ["notes.txt", "a_1_2000.txt", "CHN_70.txt", "CHNX_70_2015.txt"] {
            assert_eq!(from_file_name(name), FromName::default(), "{name}");
        }
    }

    #[test]
    fn years_of_folders() {
        assert_eq!(year_of_folder("Session 24 - 1969/x.txt"), Some(1969));
        assert_eq!(year_of_folder("1945-1947/x.txt"), None);
        assert_eq!(year_of_folder("x_1969.txt"), None);
    }
}
