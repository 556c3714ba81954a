//! Tables of text: fields in quotes may hold the separator, quotes (doubled) and line ends.

/// A record and the line it starts on, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) line: usize,
    pub(super) fields: Vec<String>,
}

/// Reads the records of `text`; lines that are blank or open with `#` are none.
///
/// The separator is the one of comma, semicolon and tab that the first record has most of.
///
/// # Errors
///
/// The line of a quotation mark that is never closed.
pub(super) fn read(text: &str) -> Result<Vec<Record>, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .unwrap_or_default();
    let separator = [',', ';', '\t']
        .into_iter()
        .rev()
        .max_by_key(|separator| first.matches(*separator).count())
        .unwrap_or(',');
    let mut records = Vec::new();
    let mut signs = text.chars().peekable();
    let mut line = 1;
    while signs.peek().is_some() {
        let start = line;
        let (mut fields, mut field) = (Vec::new(), String::new());
        let mut quoted = false;
        loop {
            let Some(sign) = signs.next() else {
                if quoted {
                    return Err(start);
                }
                break;
            };
            match sign {
                '"' if quoted => {
                    if signs.next_if_eq(&'"').is_some() {
                        field.push('"');
                    } else {
                        quoted = false;
                    }
                }
                '"' if field.trim().is_empty() => {
                    field.clear();
                    quoted = true;
                }
                '\n' if !quoted => {
                    line += 1;
                    break;
                }
                '\r' if !quoted => {}
                sign if sign == separator && !quoted => fields.push(std::mem::take(&mut field)),
                sign => {
                    line += usize::from(sign == '\n');
                    field.push(sign);
                }
            }
        }
        fields.push(field);
        let fields: Vec<String> = fields.iter().map(|field| field.trim().to_owned()).collect();
        let blank = fields.iter().all(String::is_empty);
        if !blank && !fields.first().is_some_and(|first| first.starts_with('#')) {
            records.push(Record { line: start, fields });
        }
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_in_quotes_hold_anything() {
        let text = "\u{feff}path,title\r\n# a remark\r\n\"a, b.txt\",\"He said \"\"no\"\"\r\nand left\"\r\n\r\nc.txt,\r\n";
        let records = read(text).unwrap();
        let fields: Vec<(usize, Vec<&str>)> = records
            .iter()
            .map(|record| (record.line, record.fields.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            fields,
            [
                (1, vec!["path", "title"]),
                (3, vec!["a, b.txt", "He said \"no\"\r\nand left"]),
                (6, vec!["c.txt", ""]),
            ]
        );
    }

    #[test]
    fn separators_are_those_of_the_first_line() {
        for text in ["path;title\na;b, c\n", "path\ttitle\na\tb, c\n"] {
            assert_eq!(read(text).unwrap()[1].fields, ["a", "b, c"]);
        }
        assert_eq!(read("a,b\n\"c,d\n"), Err(2));
    }
}
