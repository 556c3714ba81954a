//! Results as Markdown and HTML. Everything of a document is escaped first, marks are set afterwards.

use std::fmt::Write;

use chancery::search::Hit;

use super::citation::prose::reference;
use super::stream::cited;
use super::{safe, safe_line};

/// A hit as a quotation with its address.
pub(crate) fn markdown_hit(hit: &Hit) -> String {
    let address = format!("{}#{}", hit.document.path, hit.passage.ordinal);
    let reference = markdown(&reference(&cited(hit)));
    let mut out =
        format!("{}. **{}**  \n   {reference}\n", hit.rank, markdown(&safe_line(&address)));
    // Writing to a string does not fail.
    let _ = writeln!(out, "\n   > {}\n", marked(hit, &markdown, "**", "**"));
    out
}

/// What comes before the hits of a page.
pub(crate) fn html_head(title: &str) -> String {
    let title = html(&safe_line(title));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <h1>{title}</h1>\n<ol>\n"
    )
}

/// What comes after them.
pub(crate) fn html_foot(total: &str) -> String {
    format!("</ol>\n<p>{}</p>\n</html>\n", html(total))
}

/// A hit as an item of the page's list.
pub(crate) fn html_hit(hit: &Hit) -> String {
    let document = &hit.document;
    let address = html(&safe_line(&format!("{}#{}", document.path, hit.passage.ordinal)));
    let reference = html(&reference(&cited(hit)));
    let language = document.metadata.language.as_ref();
    let language = language.map_or(String::new(), |l| format!(" lang=\"{}\"", l.value));
    let text = marked(hit, &html, "<mark>", "</mark>");
    format!(
        "<li value=\"{}\"><p><b>{address}</b><br>{reference}</p>\
         <blockquote{language} dir=\"auto\">{text}</blockquote></li>\n",
        hit.rank
    )
}

fn marked(hit: &Hit, escape: &dyn Fn(&str) -> String, open: &str, close: &str) -> String {
    let text: Vec<char> = safe(&hit.snippet.text).chars().collect();
    let stretch = |from: usize, to: usize| -> String {
        escape(&text.get(from..to).unwrap_or_default().iter().collect::<String>())
    };
    let mut out = String::new();
    let mut at = 0;
    for &(start, end) in &hit.snippet.highlights {
        out.push_str(&stretch(at, start));
        out.push_str(open);
        out.push_str(&stretch(start, end));
        out.push_str(close);
        at = end;
    }
    out.push_str(&stretch(at, text.len()));
    out
}

/// Text that HTML shows as it is.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Text that Markdown shows as it is: every sign that may begin markup is escaped.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut line_start = true;
    let mut digits_only = false;
    for c in text.chars() {
        let special = matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '<'
                | '>'
                | '#'
                | '|'
                | '~'
                | '&'
                | '!'
                | '$'
                | '^'
        );
        // Lists begin with a sign, or a number and a sign, at the start of a line.
        let list =
            line_start && matches!(c, '-' | '+' | '=') || digits_only && matches!(c, '.' | ')');
        if special || list {
            out.push('\\');
        }
        out.push(c);
        digits_only = (line_start || digits_only) && c.is_ascii_digit();
        line_start = c == '\n' || line_start && c == ' ';
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(html("<script>&\"'"), "&lt;script&gt;&amp;&quot;&#39;");
        assert_eq!(markdown("a *b* <i> [x](y)"), "a \\*b\\* \\<i\\> \\[x\\](y)");
        assert_eq!(markdown("12. We"), "12\\. We");
        assert_eq!(markdown("- We, 12. and - so\n+ on"), "\\- We, 12. and - so\n\\+ on");
        assert_eq!(markdown("&copy;"), "\\&copy;");
    }
}
