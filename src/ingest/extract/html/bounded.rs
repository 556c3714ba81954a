//! Tags with absurdly many attributes, cut before the tokenizer sees them.
//!
//! html5ever compares each attribute of a tag with all before it, which takes minutes for a tag with
//! a million of them. Pages made by people never come near the limit; for them this is one quick
//! pass without a copy.

use std::borrow::Cow;

/// A tag keeps so many attributes; the longest lists on real pages have some dozens.
const MOST_ATTRIBUTES: usize = 256;

/// The page with the attributes beyond [`MOST_ATTRIBUTES`] of each tag left out.
pub(super) fn bounded(page: &str) -> Cow<'_, str> {
    let mut cuts = Vec::new();
    let mut rest = page;
    while let Some((_, tag)) = rest.split_once('<') {
        rest = after(tag, &mut |from, to| {
            cuts.push((page.len() - from.len(), page.len() - to.len()));
        });
    }
    if cuts.is_empty() {
        return Cow::Borrowed(page);
    }
    let mut out = String::with_capacity(page.len());
    let mut at = 0;
    for (from, to) in cuts {
        out.push_str(page.get(at..from).unwrap_or_default());
        out.push(' ');
        at = to;
    }
    out.push_str(page.get(at..).unwrap_or_default());
    Cow::Owned(out)
}

/// What follows the markup that starts with `tag` (its `<` taken off). `cut` is told of attributes to
/// leave out, as the text that starts with them and the text behind them.
fn after<'a>(tag: &'a str, cut: &mut dyn FnMut(&'a str, &'a str)) -> &'a str {
    let past = |text: &'a str, end: &str| text.split_once(end).map_or("", |(_, rest)| rest);
    if let Some(comment) = tag.strip_prefix("!--") {
        // `<!-->` is a whole comment, too.
        return past(comment.strip_prefix('>').map_or(comment, |_| "-->"), "-->");
    }
    // End tags may have attributes, too.
    let (tag, opens) = tag.strip_prefix('/').map_or((tag, true), |tag| (tag, false));
    if !tag.starts_with(|sign: char| sign.is_ascii_alphabetic()) {
        return tag;
    }
    let name = tag.split(|sign: char| !sign.is_ascii_alphanumeric()).next().unwrap_or_default();
    let mut rest = tag.get(name.len()..).unwrap_or_default();
    let mut cut_from = None;
    for n_attributes in 0.. {
        rest = rest.trim_start_matches(|sign: char| sign.is_ascii_whitespace() || sign == '/');
        if rest.is_empty() || rest.starts_with(['>', '<']) {
            break;
        }
        if n_attributes == MOST_ATTRIBUTES {
            cut_from = Some(rest);
        }
        rest = past_attribute(rest);
    }
    if let Some(from) = cut_from {
        cut(from, rest);
    }
    match rest.strip_prefix('>') {
        Some(inside) if opens && super::tree::is_raw(name) => past_end_tag(inside, name),
        Some(inside) => inside,
        None => rest,
    }
}

/// The text behind the attribute that `text` starts with.
fn past_attribute(text: &str) -> &str {
    let ends = |sign: char| sign.is_ascii_whitespace() || matches!(sign, '>' | '/' | '=');
    // A sign of equality may open a name.
    let name_end = text.char_indices().skip(1).find(|(_, sign)| ends(*sign));
    let Some(rest) = name_end.and_then(|(at, _)| text.get(at..)) else { return "" };
    let Some(value) = rest.trim_ascii_start().strip_prefix('=') else { return rest };
    let value = value.trim_ascii_start();
    for quote in ['"', '\''] {
        if let Some(inside) = value.strip_prefix(quote) {
            return inside.split_once(quote).map_or("", |(_, rest)| rest);
        }
    }
    let end = value.find(|sign: char| sign.is_ascii_whitespace() || sign == '>');
    end.and_then(|at| value.get(at..)).unwrap_or_default()
}

/// The text from the tag on that ends a raw element, such as a script.
fn past_end_tag<'a>(inside: &'a str, name: &str) -> &'a str {
    let mut rest = inside;
    while let Some((_, tag)) = rest.split_once("</") {
        if tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return tag;
        }
        rest = tag;
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(n: usize) -> String {
        (0..n).map(|n| format!("a{n}='>' ")).collect()
    }

    #[test]
    fn ordinary_pages_stay_as_they_are() {
        for page in [
            "",
            "<",
            "a < b",
            "<p",
            "<p class=x>a</p>",
            "<p a=\"",
            "<!--",
            "<!-->a<b c>",
            "<script>if(a<b)</script><p a>",
            "<p =a b= c>",
            "<é a>",
        ] {
            assert_eq!(bounded(page), page);
        }
        let code = format!("<script>a<b {} </script>c", "word ".repeat(1_000));
        assert_eq!(bounded(&code), code);
    }

    #[test]
    fn attributes_beyond_the_limit_are_cut() {
        for (before, after) in
            [("<p ", ">text</p>"), ("x</p\n", "<b>"), ("<img ", ">y"), ("<a ", "")]
        {
            let page = format!("{before}{}{after}", many(MOST_ATTRIBUTES + 500));
            let cut = bounded(&page);
            assert!(cut.len() < page.len() * 2 / 3 && cut.ends_with(after), "{after}");
            assert_eq!(cut.matches("='>'").count(), MOST_ATTRIBUTES);
        }
    }
}
