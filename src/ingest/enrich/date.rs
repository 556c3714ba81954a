//! Dates as people write them.
//!
//! Months in English, French, Spanish, Portuguese, German, Italian and Russian; the precision of the
//! source is kept.

use crate::document::Date;

/// No date is looked for beyond this many words.
const WORDS: usize = 60;

/// Months by their names in lower case.
const MONTHS: [(u8, &[&str]); 12] = [
    (
        1,
        &[
            "january",
            "janvier",
            "enero",
            "janeiro",
            "januar",
            "jänner",
            "gennaio",
            "января",
            "январь",
        ],
    ),
    (
        2,
        &[
            "february",
            "février",
            "fevrier",
            "febrero",
            "fevereiro",
            "februar",
            "febbraio",
            "февраля",
            "февраль",
        ],
    ),
    (3, &["march", "mars", "marzo", "março", "marco", "märz", "maerz", "марта", "март"]),
    (4, &["april", "avril", "abril", "aprile", "апреля", "апрель"]),
    (5, &["may", "mai", "mayo", "maio", "maggio", "мая", "май"]),
    (6, &["june", "juin", "junio", "junho", "juni", "giugno", "июня", "июнь"]),
    (7, &["july", "juillet", "julio", "julho", "juli", "luglio", "июля", "июль"]),
    (8, &["august", "août", "aout", "agosto", "августа", "август"]),
    (
        9,
        &[
            "september",
            "septembre",
            "septiembre",
            "setiembre",
            "setembro",
            "settembre",
            "сентября",
            "сентябрь",
        ],
    ),
    (10, &["october", "octobre", "octubre", "outubro", "oktober", "ottobre", "октября", "октябрь"]),
    (11, &["november", "novembre", "noviembre", "novembro", "ноября", "ноябрь"]),
    (
        12,
        &[
            "december",
            "décembre",
            "decembre",
            "diciembre",
            "dezembro",
            "dezember",
            "dicembre",
            "декабря",
            "декабрь",
        ],
    ),
];

/// Short forms that are no start of a name, or too short for the rule of starts.
const SHORT: [(&str, u8); 14] = [
    ("jan", 1),
    ("feb", 2),
    ("fev", 2),
    ("mar", 3),
    ("apr", 4),
    ("avr", 4),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
];

/// The first date that `text` writes out, as precise as it is: `3 February 1957`, `March 21st, 1957`,
/// `21.3.1957`, `Sept. 2015`, `2015-09-28T10:00`. A year alone counts only when it is all of `text`.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Some(year) = year(text) {
        return Date::from_year(year);
    }
    dates_in(text).into_iter().next()
}

/// The dates that the first words of `text` write out, in order; years alone are none.
pub fn dates_in(text: &str) -> Vec<Date> {
    let words: Vec<&str> = text
        .split(|sign: char| {
            sign.is_whitespace() || matches!(sign, ',' | '(' | ')' | '[' | ']' | ';' | '°')
        })
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .collect();
    let mut dates = Vec::new();
    let mut at = 0;
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        let found = at_start(rest);
        // The words of a whole date are no start of another.
        at += found.map_or(1, |(_, length)| length.max(1));
        dates.extend(found.map(|(date, _)| date));
    }
    dates
}

/// A date that the words start with, and how many words it takes at least.
fn at_start(words: &[&str]) -> Option<(Date, usize)> {
    let first = *words.first()?;
    if let Some(date) = numeric(first) {
        return Some((date, 1));
    }
    // Little words of other languages: `3 de febrero de 1957`, `le 1er mars 1957`, `3rd of May 1957`.
    let mut rest = words.iter().skip(1).filter(|word| {
        !matches!(
            word.to_lowercase().as_str(),
            "de" | "del" | "of" | "the" | "do" | "di" | "d’" | "d'"
        )
    });
    if let Some(month) = month(first) {
        let second = *rest.next()?;
        if let Some(year) = year(second) {
            return Some((Date::from_month(year, month)?, 2));
        }
        let day = day(second)?;
        return Some((Date::from_day(year(rest.next()?)?, month, day)?, 3));
    }
    let day = day(first)?;
    let month = month(rest.next()?)?;
    Some((Date::from_day(year(rest.next()?)?, month, day)?, 3))
}

/// `2015-09-28`, `2015-09`, `2015/9/28`, `21.3.1957`, `3/21/1957`, with a time behind.
fn numeric(word: &str) -> Option<Date> {
    let word = word
        .split_once(['T', 't'])
        .map_or(word, |(date, _)| date)
        .trim_end_matches(['.', 'Z', ':']);
    let sign = ['-', '.', '/'].into_iter().find(|sign| word.contains(*sign))?;
    let parts: Option<Vec<(u32, usize)>> = word
        .split(sign)
        .map(|part| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit()) && part.len() <= 4;
            let number = part.parse().ok().filter(|_| digits)?;
            Some((number, part.len()))
        })
        .collect();
    let small = |number: u32| u8::try_from(number).ok();
    let full = |number: u32| i32::try_from(number).ok().filter(|year| (1000..=2999).contains(year));
    match parts?.as_slice() {
        [(year, 4), (month, 2)] if sign == '-' => Date::from_month(full(*year)?, small(*month)?),
        [(year, 4), (month, 1 | 2), (day, 1 | 2)] => {
            Date::from_day(full(*year)?, small(*month)?, small(*day)?)
        }
        [(day, 1 | 2), (month, 1 | 2), (year, 4)] => {
            // The day first, unless only the other order makes a date.
            let (day, month) = if *month > 12 { (month, day) } else { (day, month) };
            Date::from_day(full(*year)?, small(*month)?, small(*day)?)
        }
        _ => None,
    }
}

/// A year of four digits, 1000 to 2999.
pub(super) fn year(word: &str) -> Option<i32> {
    let word = word.trim_end_matches(['.', ':', 'г', '年']);
    let digits = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|year| digits && (1000..=2999).contains(year))
}

/// `3`, `3rd`, `3.`, `1er`, `1º`.
fn day(word: &str) -> Option<u8> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, tail) = word.split_at_checked(digits)?;
    let tail = tail.to_lowercase();
    let plain =
        matches!(tail.as_str(), "" | "." | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª" | "-го");
    number.parse().ok().filter(|day| plain && (1..=31).contains(day))
}

/// The month of a name, whole or cut by a full stop after at least three letters.
fn month(word: &str) -> Option<u8> {
    let lower = word.to_lowercase();
    let name = lower.trim_start_matches("d’").trim_start_matches("d'");
    let stem = name.trim_end_matches('.');
    if stem.chars().count() < 3 {
        return None;
    }
    let whole = MONTHS.iter().find(|(_, names)| names.contains(&stem)).map(|(month, _)| *month);
    let short = || SHORT.iter().find(|(short, _)| *short == stem).map(|(_, month)| *month);
    let start = || {
        let cut = name.ends_with('.') || stem.chars().count() >= 4;
        let starts = |names: &&[&str]| names.iter().any(|full| full.starts_with(stem));
        MONTHS.iter().find(|(_, names)| cut && starts(names)).map(|(month, _)| *month)
    };
    whole.or_else(short).or_else(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_kinds_are_read() {
        for (text, expected) in [
            ("1957", "1957"),
            ("1957-02-03", "1957-02-03"),
            ("2015-09", "2015-09"),
            ("2015-09-28T10:00:00Z", "2015-09-28"),
            ("3 February 1957", "1957-02-03"),
            ("March 21st, 1957", "1957-03-21"),
            ("Thursday, 22 September 1960, at 10.30 a.m.", "1960-09-22"),
            ("21.3.1957", "1957-03-21"),
            ("3/21/1957", "1957-03-21"),
            ("4/5/1957", "1957-05-04"),
            ("Sept. 2015", "2015-09"),
            ("New York, September 2015", "2015-09"),
            ("le 1er août 1984", "1984-08-01"),
            ("3 de febrero de 1957", "1957-02-03"),
            ("15 de março de 1999", "1999-03-15"),
            ("3. März 1957", "1957-03-03"),
            ("2 giugno 1946", "1946-06-02"),
            ("9 мая 1945 г.", "1945-05-09"),
            ("December 27, 1979", "1979-12-27"),
        ] {
            assert_eq!(
                parse_date(text).map(|date| date.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn other_numbers_are_no_dates() {
        for text in
            ["", "in 1957 we said", "12345", "21.3.57", "chapter 3 may 12", "3.14", "1945–1947"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
