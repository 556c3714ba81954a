//! Symbols of documents: `A/RES/70/1`, `S/PV.7432`, `S/RES/1325(2000)`.

/// The first symbol in `text`, without blanks. Callers give it the head of a document only: further
/// on, a text speaks of other documents.
pub fn first_symbol(text: &str) -> Option<String> {
    text.lines().find_map(in_line)
}

/// The symbol that a file's name spells with `_` or `-` for `/`: `A_RES_70_1.txt`.
pub fn in_name(path: &str) -> Option<String> {
    let name = path.rsplit('/').next()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut parts = stem.split(['_', '-', ' ']);
    let organ = parts.next().filter(|part| matches!(*part, "A" | "S" | "E" | "T"))?;
    let series = parts.next()?;
    let known = ["RES", "PV", "PRST", "DEC", "SR"];
    let series_name = series.split('.').next().unwrap_or(series);
    let rest: Vec<&str> = parts.collect();
    let valid = |part: &&str| !part.is_empty() && part.bytes().all(is_sign);
    let numbered =
        rest.iter().chain([&series]).any(|part| part.bytes().any(|b| b.is_ascii_digit()));
    if !known.contains(&series_name) || !numbered || !rest.iter().all(valid) {
        return None;
    }
    let parts: Vec<&str> = [organ, series].into_iter().chain(rest).collect();
    Some(parts.join("/"))
}

/// The first symbol of a line.
fn in_line(line: &str) -> Option<String> {
    let mut before = None;
    for (at, sign) in line.char_indices() {
        let opens =
            !before.is_some_and(|sign: char| sign.is_alphanumeric() || "/.:".contains(sign));
        if opens
            && matches!(sign, 'A' | 'S' | 'E' | 'T')
            && let Some(symbol) = line.get(at..).and_then(at_start)
        {
            return Some(symbol);
        }
        before = Some(sign);
    }
    None
}

/// The symbol that `text` starts with.
fn at_start(text: &str) -> Option<String> {
    let end = text.bytes().position(|byte| byte != b'/' && !is_sign(byte)).unwrap_or(text.len());
    let (symbol, rest) = text.split_at_checked(end)?;
    let symbol = symbol.trim_end_matches(['.', '-', '/', '(']);
    let (_, numbers) = symbol.split_once('/').filter(|(organ, _)| organ.len() == 1)?;
    let whole = !numbers.is_empty() && numbers.split('/').all(|part| !part.is_empty());
    if !whole || !numbers.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // The year of a resolution stands behind a blank: `S/RES/1325 (2000)`.
    let year = rest.strip_prefix(" (").and_then(|rest| rest.split_once(')')).map(|(year, _)| year);
    match year.filter(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(year) if !symbol.contains('(') => Some(format!("{symbol}({year})")),
        _ => Some(symbol.to_owned()),
    }
}

fn is_sign(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || b".()-".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_stand_in_the_head() {
        for (text, expected) in [
            ("United Nations A/RES/70/1\nText", Some("A/RES/70/1")),
            ("S/RES/1325 (2000)", Some("S/RES/1325(2000)")),
            ("a\nS/PV.7432.", Some("S/PV.7432")),
            ("A/49/287-S/1994/894", Some("A/49/287-S/1994/894")),
            ("USA/12, A/C, http://x/A/1", None),
        ] {
            assert_eq!(first_symbol(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn symbols_stand_in_names() {
        for (path, expected) in [
            ("x/A_RES_70_1.txt", Some("A/RES/70/1")),
            ("S-PV.7432.html", Some("S/PV.7432")),
            ("A_day_in_1957.txt", None),
            ("TUR_12_1957.txt", None),
            ("A_RES.txt", None),
        ] {
            assert_eq!(in_name(path).as_deref(), expected, "{path}");
        }
    }
}
