//! What every node of a page is: shown or hidden, text or menu, heading or list.
//!
//! Names of elements decide first, then roles and the words of `class` and `id`. Such a word counts
//! only for a part that holds less than half of the page's words, or that is mostly links.

use super::tree::{Node, Tree};
use crate::ingest::extract::block::BlockKind;

/// What is known of a node, from itself and from what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// In no text: scripts, styles, what the page hides.
    pub(super) hidden: bool,
    /// Inside a link or button.
    pub(super) link: bool,
    /// Inside an article: its header is no banner.
    pub(super) article: bool,
    /// Part of the page's frame.
    pub(super) zone: Option<BlockKind>,
    /// What the markup says of the text.
    pub(super) kind: BlockKind,
    /// White space counts.
    pub(super) pre: bool,
}

const PLAIN: Style = Style {
    hidden: false,
    link: false,
    article: false,
    zone: None,
    kind: BlockKind::Paragraph,
    pre: false,
};

/// Letters inside a node: all, and those inside links; hidden ones not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Bytes that are no white space.
    pub(super) all: usize,
    /// Of these, inside links.
    pub(super) linked: usize,
}

/// The style of every node. `reveal` shows what the page hides, `frame` tells frame from text.
pub(super) fn styles(tree: &Tree, reveal: bool, frame: bool) -> Vec<Style> {
    let mut styles: Vec<Style> = Vec::with_capacity(tree.nodes.len());
    for (at, node) in tree.nodes.iter().enumerate() {
        let around = if at == 0 { None } else { styles.get(node.parent).copied() };
        let mut style = around.unwrap_or(PLAIN);
        if !node.is_text() {
            style.hidden |= is_silent(node)
                || is_note_link(node)
                || is_raised_call(tree, at)
                || (!reveal && is_hidden(node));
            set(&mut style, node);
        }
        styles.push(style);
    }
    if frame {
        let sizes = sizes(tree, &styles);
        zones(tree, &sizes, &mut styles);
    }
    styles
}

/// How much text each node holds.
pub(super) fn sizes(tree: &Tree, styles: &[Style]) -> Vec<Size> {
    let mut sizes = vec![Size::default(); tree.nodes.len()];
    for (at, (node, style)) in tree.nodes.iter().zip(styles).enumerate().rev() {
        if node.is_text() && !style.hidden {
            let text = node.span.of(&tree.text);
            let all = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
            if let Some(size) = sizes.get_mut(at) {
                *size = Size { all, linked: if style.link { all } else { 0 } };
            }
        }
        // Parents stand before their children, so that going backwards sums up.
        let own = sizes.get(at).copied().unwrap_or_default();
        if at != node.parent
            && let Some(parent) = sizes.get_mut(node.parent)
        {
            parent.all += own.all;
            parent.linked += own.linked;
        }
    }
    sizes
}

/// Marks the frame of the page.
fn zones(tree: &Tree, sizes: &[Size], styles: &mut [Style]) {
    let whole = sizes.iter().map(|size| size.all).max().unwrap_or(0);
    for at in 0..tree.nodes.len() {
        let (Some(node), Some(size)) = (tree.nodes.get(at), sizes.get(at)) else { continue };
        let inherited = styles.get(node.parent).and_then(|style| style.zone);
        let Some(style) = styles.get_mut(at) else { continue };
        style.zone = inherited;
        if inherited.is_some() || node.is_text() {
            continue;
        }
        style.zone = zone_of_name(node, style.article).or_else(|| {
            let small = size.all * 2 < whole || size.linked * 2 > size.all;
            zone_of_words(node).filter(|_| small)
        });
    }
}

/// Frame by the name or role of an element.
fn zone_of_name(node: &Node, article: bool) -> Option<BlockKind> {
    match (&*node.name, node.attribute("role")) {
        ("nav" | "aside" | "menu" | "dialog", _) => Some(BlockKind::Navigation),
        ("header", _) if !article => Some(BlockKind::Navigation),
        ("footer", _) => Some(BlockKind::Footer),
        ("html" | "body" | "main" | "article", _) => None,
        (_, Some("contentinfo")) => Some(BlockKind::Footer),
        (_, Some("banner")) if article => None,
        (_, Some("navigation" | "banner" | "search" | "complementary" | "menu" | "dialog")) => {
            Some(BlockKind::Navigation)
        }
        _ => None,
    }
}

/// Frame by the words of `class` and `id`.
fn zone_of_words(node: &Node) -> Option<BlockKind> {
    if matches!(&*node.name, "html" | "body" | "main" | "article" | "h1") {
        return None;
    }
    let words = ["class", "id"].iter().filter_map(|key| node.attribute(key)).flat_map(words);
    for word in words {
        match word.as_str() {
            "nav" | "navbar" | "navigation" | "menu" | "submenu" | "breadcrumb" | "breadcrumbs"
            | "crumbs" | "share" | "sharing" | "social" | "sidebar" | "cookie" | "cookies"
            | "related" | "pagination" | "pager" | "skip" | "skiplink" | "newsletter"
            | "subscribe" | "toolbar" | "banner" | "masthead" | "search" | "login" => {
                return Some(BlockKind::Navigation);
            }
            "footer" | "copyright" | "colophon" | "imprint" => return Some(BlockKind::Footer),
            _ => {}
        }
    }
    None
}

/// The words of a class or id, in lower case: `mainNav-top` gives `main`, `nav`, `top`.
fn words(value: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for sign in value.chars() {
        if !sign.is_alphanumeric() || (lower && sign.is_uppercase()) {
            words.push(String::new());
        }
        lower = sign.is_lowercase();
        if let (true, Some(word)) = (sign.is_alphanumeric(), words.last_mut()) {
            word.extend(sign.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Elements whose inside is never words of the page.
fn is_silent(node: &Node) -> bool {
    matches!(
        &*node.name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "head"
            | "title"
            | "iframe"
            | "object"
            | "canvas"
            | "audio"
            | "video"
            | "select"
            | "textarea"
            | "noembed"
            | "noframes"
            | "datalist"
            | "map"
    )
}

/// Whether the page hides the element.
fn is_hidden(node: &Node) -> bool {
    let style = || {
        let text = node.attribute("style").unwrap_or_default().to_ascii_lowercase();
        text.chars().filter(|sign| !sign.is_whitespace()).collect::<String>()
    };
    node.attribute("hidden").is_some_and(|value| value != "until-found")
        || node.attribute("aria-hidden") == Some("true")
        || node.attribute("style").is_some()
            && ["display:none", "visibility:hidden"].iter().any(|rule| style().contains(rule))
}

/// Classes of links to notes and back: of pandoc, of Markdown processors, of `LibreOffice`.
const NOTE_LINKS: &[&str] = &[
    "footnote-ref",
    "footnote-back",
    "footnote-reference",
    "footnote-backref",
    "fn-backref",
    "sdfootnoteanc",
    "sdfootnotesym",
    "sdendnoteanc",
    "sdendnotesym",
];

/// Whether one of the words of an attribute is wanted.
fn says(node: &Node, key: &str, wanted: &[&str]) -> bool {
    node.attribute(key)
        .is_some_and(|value| value.split_ascii_whitespace().any(|word| wanted.contains(&word)))
}

/// Whether an element only leads to a note or back from one: its number is no word of the text.
fn is_note_link(node: &Node) -> bool {
    let to = |start: &str| node.attribute("href").is_some_and(|target| target.starts_with(start));
    node.name.as_ref() == "a"
        && (says(node, "role", &["doc-noteref", "doc-backlink"])
            || says(node, "epub:type", &["noteref", "backlink"])
            || says(node, "class", NOTE_LINKS)
            // What Word names the notes that it links to.
            || to("#_ftn")
            || to("#_edn"))
}

/// Letters of the number of a note at most, brackets included.
const LONGEST_CALL: usize = 5;

/// Whether the element at `at` is a raised link within the page with nothing but a number or sign in it:
/// it calls for a note.
fn is_raised_call(tree: &Tree, at: usize) -> bool {
    let leads = |link: &Node| {
        link.name.as_ref() == "a"
            && link.attribute("href").is_some_and(|target| target.starts_with('#'))
    };
    let Some(node) = tree.nodes.get(at) else { return false };
    let Some(around) = tree.nodes.get(node.parent) else { return false };
    let raised = leads(node) && around.name.as_ref() == "sup"
        || node.name.as_ref() == "sup" && leads(around);
    let inside = tree.nodes.get(at..node.end).unwrap_or_default();
    let words = inside.iter().filter(|node| node.is_text()).map(|node| node.span.of(&tree.text));
    let mut signs = words.flat_map(str::chars).filter(|sign| !sign.is_whitespace());
    // A word is none, but a letter may count notes.
    raised
        && signs.by_ref().take(LONGEST_CALL).filter(|sign| sign.is_alphabetic()).count() <= 1
        && signs.next().is_none()
}

/// What the element itself says.
fn set(style: &mut Style, node: &Node) {
    match &*node.name {
        "a" | "button" => style.link = true,
        "article" | "main" => style.article = true,
        "pre" | "listing" | "xmp" | "plaintext" => style.pre = true,
        "h1" => style.kind = BlockKind::Heading(1),
        "h2" => style.kind = BlockKind::Heading(2),
        "h3" => style.kind = BlockKind::Heading(3),
        "h4" => style.kind = BlockKind::Heading(4),
        "h5" => style.kind = BlockKind::Heading(5),
        "h6" => style.kind = BlockKind::Heading(6),
        // Notes are often the items of a list.
        "li" | "blockquote" if style.kind == BlockKind::Footnote => {}
        "li" => style.kind = BlockKind::ListItem,
        "blockquote" => style.kind = BlockKind::Quote,
        "figcaption" => style.kind = BlockKind::Caption,
        _ => {}
    }
    if (style.kind == BlockKind::Paragraph || style.kind == BlockKind::ListItem)
        && let Some(kind) = node.attribute("class").and_then(kind_of_class)
    {
        style.kind = kind;
    }
    if is_note(node) {
        style.kind = BlockKind::Footnote;
    }
}

/// Whether an element says that it holds notes.
fn is_note(node: &Node) -> bool {
    says(node, "role", &["doc-footnote", "doc-endnote", "doc-endnotes"])
        || says(
            node,
            "epub:type",
            &["footnote", "footnotes", "endnote", "endnotes", "rearnote", "rearnotes"],
        )
}

/// Words in the classes of notes.
const NOTE_CLASSES: &[&str] =
    &["footnote", "footnotes", "endnote", "endnotes", "sdfootnote", "sdendnote"];

/// Captions, bylines and footnotes by their class.
fn kind_of_class(class: &str) -> Option<BlockKind> {
    let words = words(class);
    let has = |word: &str| words.iter().any(|other| other == word);
    let first = words.first().map(String::as_str);
    if has("caption") && !has("slide") {
        Some(BlockKind::Caption)
    } else if matches!(first, Some("byline" | "author")) && words.len() <= 2 {
        Some(BlockKind::Byline)
    } else if matches!(first, Some("dateline" | "date" | "pubdate")) && words.len() <= 2 {
        Some(BlockKind::Date)
    } else if NOTE_CLASSES.iter().any(|word| has(word)) {
        Some(BlockKind::Footnote)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_and_hidden_parts_are_known() {
        let long = "Words of the text. ".repeat(20);
        let page = format!(
            "<body class=has-nav><header>a</header><div class=mainMenu>b</div>\
             <div class='page nav-open'><article><header>c</header>{long}</article></div>\
             <p style='display: none'>d</p><p aria-hidden=true>e<div id=site_footer>f</div>"
        );
        let tree = Tree::parse(&page);
        let styles = styles(&tree, false, true);
        let of = |word: &str| {
            let at = tree.nodes.iter().position(|node| node.span.of(&tree.text) == word).unwrap();
            (styles[at].zone, styles[at].hidden)
        };
        assert_eq!(of("a"), (Some(BlockKind::Navigation), false));
        assert_eq!(of("b"), (Some(BlockKind::Navigation), false));
        assert_eq!(of("c"), (None, false));
        assert_eq!(of(&long), (None, false));
        assert_eq!(of("d"), (None, true));
        assert_eq!(of("e"), (None, true));
        assert_eq!(of("f"), (Some(BlockKind::Footer), false));
    }
}
