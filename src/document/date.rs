//! Dates as precise as the source gives them.

use std::fmt;

/// A date of the proleptic Gregorian calendar, as precise as known: a year, a month or a day.
///
/// Written as ISO 8601: `1957`, `1957-02`, `1957-02-03`.
///
/// ```
/// use chancery::document::Date;
/// let date: Date = "1957-02".parse().unwrap();
/// assert_eq!((date.year(), date.month(), date.day()), (1957, Some(2), None));
/// assert_eq!(date.to_string(), "1957-02");
/// assert!("1957-13".parse::<Date>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: Option<u8>,
    day: Option<u8>,
}

/// The days from `first` to `last`, both included, each as `yyyymmdd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    /// First day, `yyyymmdd`.
    pub first: i64,
    /// Last day, `yyyymmdd`.
    pub last: i64,
}

/// The text is not a date of the form `yyyy`, `yyyy-mm` or `yyyy-mm-dd`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a date; write it as 1957, 1957-02 or 1957-02-03")]
pub struct NotADate(String);

impl Date {
    /// A year alone; years 1 to 9999.
    pub fn from_year(year: i32) -> Option<Self> {
        (1..=9999).contains(&year).then_some(Self { year, month: None, day: None })
    }

    /// A month of a year.
    pub fn from_month(year: i32, month: u8) -> Option<Self> {
        let date = Self::from_year(year)?;
        (1..=12).contains(&month).then_some(Self { month: Some(month), ..date })
    }

    /// A day; `None` when the calendar has no such day.
    pub fn from_day(year: i32, month: u8, day: u8) -> Option<Self> {
        let date = Self::from_month(year, month)?;
        (1..=days_in_month(year, month)).contains(&day).then_some(Self { day: Some(day), ..date })
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12, when known.
    pub const fn month(self) -> Option<u8> {
        self.month
    }

    /// The day of the month, from 1, when known.
    pub const fn day(self) -> Option<u8> {
        self.day
    }

    /// All days that the date may mean.
    pub fn range(self) -> DateRange {
        let day = |m: u8, d: u8| i64::from(self.year) * 10_000 + i64::from(m) * 100 + i64::from(d);
        match (self.month, self.day) {
            (None, _) => DateRange { first: day(1, 1), last: day(12, 31) },
            (Some(m), None) => {
                DateRange { first: day(m, 1), last: day(m, days_in_month(self.year, m)) }
            }
            (Some(m), Some(d)) => DateRange { first: day(m, d), last: day(m, d) },
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}

impl std::str::FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let mut parts = text.trim().split('-');
        let mut number = |width: usize| -> Option<Option<i32>> {
            match parts.next() {
                None => Some(None),
                Some(part) if part.len() == width && part.bytes().all(|b| b.is_ascii_digit()) => {
                    part.parse().ok().map(Some)
                }
                Some(_) => None,
            }
        };
        let (year, month, day) = (number(4), number(2), number(2));
        let small = |n: i32| u8::try_from(n).unwrap_or(0);
        let date = match (year, month, day) {
            (Some(Some(y)), Some(None), _) => Date::from_year(y),
            (Some(Some(y)), Some(Some(m)), Some(None)) => Date::from_month(y, small(m)),
            (Some(Some(y)), Some(Some(m)), Some(Some(d))) => Date::from_day(y, small(m), small(d)),
            _ => None,
        };
        match date {
            Some(date) if text.trim().len() <= 10 => Ok(date),
            _ => Err(NotADate(text.to_owned())),
        }
    }
}

fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_then_parsing_gives_the_same_date() {
        for text in ["1957", "1957-02", "1957-02-03", "2000-02-29"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        for text in
            ["", "57", "1957-2", "1957-02-30", "1900-02-29", "1957-02-03-04", "0000", "1957-"]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_imprecise_date_covers_all_its_days() {
        let range = "2015-02".parse::<Date>().unwrap().range();
        assert_eq!((range.first, range.last), (20_150_201, 20_150_228));
    }
}
