//! What the file names of known collections and of folders tell.

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

#[cfg(test)]
mod tests {
    use super::*;

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
