//! What a page says of itself: meta tags, JSON-LD, its title and first heading.
//!
//! Values come in the order of trust: citation tags and Dublin Core before JSON-LD, `OpenGraph` and the
//! like, and the page's own title last.

use serde_json::Value as Json;

use super::content::Main;
use super::style::Style;
use super::tree::Tree;
use crate::document::Origin;
use crate::ingest::extract::block::{BlockKind, Key, Value};

/// How deep JSON-LD is searched.
const DEEPEST: usize = 8;

/// A value with its rank; lower is more trusted.
struct Ranked {
    rank: u8,
    key: Key,
    text: String,
}

/// The values of the page's header, most trusted first.
pub(super) fn values(tree: &Tree, styles: &[Style], main: Main) -> Vec<Value> {
    let mut found = Vec::new();
    let mut site_title = None;
    for (at, node) in tree.nodes.iter().enumerate() {
        match &*node.name {
            "html" => {
                let language = node.attribute("lang").or_else(|| node.attribute("xml:lang"));
                add(&mut found, 6, Key::Language, language.unwrap_or_default());
            }
            "meta" => meta(node.attribute("name"), node.attribute("content"), &mut found)
                .or_else(|| meta(node.attribute("property"), node.attribute("content"), &mut found))
                .or_else(|| meta(node.attribute("itemprop"), node.attribute("content"), &mut found))
                .or_else(|| {
                    meta(node.attribute("http-equiv"), node.attribute("content"), &mut found)
                })
                .unwrap_or_default(),
            "script" if node.attribute("type") == Some("application/ld+json") => {
                if let Ok(json) = serde_json::from_str::<Json>(&tree.words(at)) {
                    linked_data(&json, &mut found);
                }
            }
            "title" if site_title.is_none() => site_title = Some(fold(&tree.words(at))),
            "time" if inside(main, tree, at) => {
                add(&mut found, 8, Key::Date, node.attribute("datetime").unwrap_or_default());
            }
            _ => {}
        }
    }
    let title = site_title.unwrap_or_default();
    if let Some(heading) = first_heading(tree, styles, main, &title) {
        add(&mut found, 2, Key::Title, &heading);
    }
    add(&mut found, 7, Key::Title, &without_site(&title));
    found.sort_by_key(|value| value.rank);
    let mut values: Vec<Value> = Vec::new();
    for Ranked { rank, key, text } in found {
        // Several authors of one sort are one value.
        if key == Key::Speaker
            && rank == 0
            && let Some(first) = values.iter_mut().find(|value| value.key == key)
        {
            first.text = format!("{}; {text}", first.text);
            continue;
        }
        values.push(Value { key, text, origin: Origin::Header });
    }
    values
}

fn add(found: &mut Vec<Ranked>, rank: u8, key: Key, text: &str) {
    let text = fold(text);
    if !text.is_empty() {
        found.push(Ranked { rank, key, text });
    }
}

/// A meta tag; `None` when the name is none of ours.
fn meta(name: Option<&str>, content: Option<&str>, found: &mut Vec<Ranked>) -> Option<()> {
    let name = name?.to_ascii_lowercase();
    let content = content?;
    let (rank, key) = match name.as_str() {
        "citation_title" => (0, Key::Title),
        "citation_author" => (0, Key::Speaker),
        "citation_publication_date" | "citation_date" => (0, Key::Date),
        "citation_language" => (0, Key::Language),
        "citation_technical_report_number" => (0, Key::Symbol),
        "dc.title" | "dcterms.title" => (1, Key::Title),
        "dc.creator" | "dcterms.creator" => (1, Key::Speaker),
        "dc.date" | "dc.date.issued" | "dcterms.issued" | "dcterms.date" | "dc.date.created"
        | "dcterms.created" => (1, Key::Date),
        "dc.language" | "dcterms.language" => (1, Key::Language),
        "dc.type" | "dcterms.type" => (1, Key::Kind),
        "article:published_time" | "datepublished" => (4, Key::Date),
        "og:title" | "twitter:title" => (5, Key::Title),
        "author" | "article:author" => (5, Key::Speaker),
        "date" | "pubdate" | "publish-date" | "publication_date" => (5, Key::Date),
        "content-language" | "language" | "og:locale" => (5, Key::Language),
        _ => return None,
    };
    let address = content.contains("://") || content.starts_with('@');
    if !(key == Key::Speaker && address) {
        add(found, rank, key, content);
    }
    Some(())
}

/// The headline, date and author of a description by schema.org.
fn linked_data(json: &Json, found: &mut Vec<Ranked>) {
    let mut pending = vec![(json, 0)];
    while let Some((json, depth)) = pending.pop() {
        match json {
            Json::Array(items) if depth < DEEPEST => {
                pending.extend(items.iter().rev().map(|item| (item, depth + 1)));
            }
            Json::Object(fields) => {
                let text = |name: &str| fields.get(name).and_then(Json::as_str);
                if let Some(graph) = fields.get("@graph").filter(|_| depth < DEEPEST) {
                    pending.push((graph, depth + 1));
                }
                let is_text =
                    ["Article", "Posting", "Report", "Legislation", "CreativeWork", "Speech"];
                let kind = text("@type").unwrap_or_default();
                if !is_text.iter().any(|part| kind.ends_with(part)) {
                    continue;
                }
                add(found, 3, Key::Title, text("headline").or(text("name")).unwrap_or_default());
                add(found, 3, Key::Date, text("datePublished").unwrap_or_default());
                add(found, 3, Key::Language, text("inLanguage").unwrap_or_default());
                if let Some(author) = fields.get("author") {
                    add(found, 3, Key::Speaker, &names(author));
                }
            }
            _ => {}
        }
    }
}

/// The names of one or several persons; organisations are no authors.
fn names(author: &Json) -> String {
    let one = |person: &Json| match person {
        Json::String(name) if !name.contains("://") => Some(name.clone()),
        Json::Object(fields) if fields.get("@type").is_none_or(|kind| kind == "Person") => {
            fields.get("name").and_then(Json::as_str).map(str::to_owned)
        }
        _ => None,
    };
    match author {
        Json::Array(persons) => persons.iter().filter_map(one).collect::<Vec<_>>().join("; "),
        person => one(person).unwrap_or_default(),
    }
}

fn inside(main: Main, tree: &Tree, at: usize) -> bool {
    tree.nodes.get(main.node).is_some_and(|node| main.node < at && at < node.end)
}

/// The heading that names the page: the only first-level one of the main part, or the one that its
/// title repeats.
fn first_heading(tree: &Tree, styles: &[Style], main: Main, title: &str) -> Option<String> {
    let mut headings = Vec::new();
    for (at, (node, style)) in tree.nodes.iter().zip(styles).enumerate() {
        let top = &*node.name == "h1" && style.kind == BlockKind::Heading(1);
        if top && !style.hidden && style.zone.is_none() {
            headings.push((inside(main, tree, at), fold(&tree.words(at))));
        }
    }
    headings.retain(|(_, heading)| !heading.is_empty());
    let repeated = headings.iter().find(|(_, heading)| {
        heading.chars().count() > 8 && (title.contains(heading) || heading.contains(title))
    });
    let mut in_main = headings.iter().filter(|(inside, _)| *inside);
    let only = in_main.next().filter(|_| in_main.next().is_none());
    repeated.filter(|_| !title.is_empty()).or(only).map(|(_, heading)| heading.clone())
}

/// A page's title without the name of the site behind ` | ` and the like.
fn without_site(title: &str) -> String {
    for sign in [" | ", " » ", " « ", " :: ", " — ", " – ", " - "] {
        if let Some((name, site)) = title.rsplit_once(sign)
            && name.split(' ').count() >= 3
            && name.len() > site.len()
        {
            return name.trim().to_owned();
        }
    }
    title.to_owned()
}

/// The text with single blanks.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::ingest::extract::block::Key;

    fn first(page: &str, key: Key) -> Option<String> {
        let read = super::super::read(page.to_owned());
        read.values.into_iter().find(|value| value.key == key).map(|value| value.text)
    }

    #[test]
    fn the_most_trusted_value_comes_first() {
        for (page, key, expected) in [
            ("<html lang=fr><p>a", Key::Language, "fr"),
            ("<title>A speech on peace | Ministry</title><p>a", Key::Title, "A speech on peace"),
            ("<meta property=og:title content=b><meta name=DC.title content=a>c", Key::Title, "a"),
            ("<title>b</title><h1>The heading</h1><p>c", Key::Title, "The heading"),
            (
                "<meta name=citation_author content=a><meta name=citation_author content=b>c",
                Key::Speaker,
                "a; b",
            ),
            (
                "<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"NewsArticle\",\
                 \"datePublished\":\"1999-05-01\",\"author\":{\"name\":\"X Y\"}}]}</script>c",
                Key::Speaker,
                "X Y",
            ),
            (
                "<meta property='article:published_time' content='2001-02-03T10:00:00Z'>c",
                Key::Date,
                "2001-02-03T10:00:00Z",
            ),
        ] {
            assert_eq!(first(page, key).as_deref(), Some(expected), "{page}");
        }
        assert_eq!(first("<meta name=author content='https://x.y/z'>a", Key::Speaker), None);
    }
}
