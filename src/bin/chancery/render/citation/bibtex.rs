//! BibTeX: an entry of the type `misc`, which asks for no field that may be unknown.

use std::fmt::Write;

use chancery::document::Citation;

use super::{folded, key, notes};

/// An entry. Text is UTF-8, as `biber` and the newer engines read it.
pub(crate) fn bibtex(citation: &Citation) -> String {
    let mut fields: Vec<(&str, String)> = Vec::new();
    // Braces around a name or title keep it whole and its capitals as they are.
    let whole = |text: &str| format!("{{{}}}", escaped(text));
    fields.extend(citation.speaker.as_ref().map(|name| ("author", whole(name))));
    fields.extend(citation.title.as_ref().map(|title| ("title", whole(title))));
    match (citation.date, citation.year) {
        (Some(date), _) => {
            fields.push(("date", date.to_string()));
            fields.push(("year", format!("{:04}", date.year())));
        }
        (None, Some(year)) => fields.push(("year", format!("{year:04}"))),
        (None, None) => {}
    }
    let plain = [
        ("number", citation.symbol.clone()),
        ("series", citation.collection.clone()),
        ("type", citation.kind.map(|kind| kind.to_string())),
        ("language", citation.language.clone()),
        ("chapter", (!citation.section.is_empty()).then(|| citation.section.join(" > "))),
        ("pages", citation.pinpoint.as_ref().and_then(|p| p.page.clone())),
        ("howpublished", Some(super::address(citation))),
        ("note", Some(notes(citation).join("; "))),
        ("annote", citation.quotation.as_ref().map(|q| q.text.clone())),
    ];
    fields.extend(plain.into_iter().filter_map(|(name, value)| Some((name, escaped(&value?)))));
    let mut out = format!("@misc{{{},\n", key(citation));
    for (name, value) in fields {
        // Writing to a string does not fail.
        let _ = writeln!(out, "  {name} = {{{value}}},");
    }
    out.push_str("}\n");
    out
}

/// Text that TeX shows as it is, on one line. Braces become commands: BibTeX counts them even behind a
/// backslash.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in folded(text).chars() {
        // Two of these would be set as one other sign.
        let ligature =
            matches!(c, '-' | '`' | '\'') && before == c || c == '`' && matches!(before, '?' | '!');
        if ligature {
            out.push_str("{}");
        }
        before = c;
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '%' | '&' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_tex_are_text() {
        assert_eq!(escaped("50% of R&D_1 #2 $3"), "50\\% of R\\&D\\_1 \\#2 \\$3");
        assert_eq!(
            escaped("a{b}\\c~^"),
            "a\\textbraceleft{}b\\textbraceright{}\\textbackslash{}c\\textasciitilde{}\\textasciicircum{}"
        );
        assert_eq!(escaped("a--b ``c'' ?`"), "a-{}-b `{}`c'{}' ?{}`");
        assert_eq!(escaped("two\n\nlines"), "two lines");
    }
}
