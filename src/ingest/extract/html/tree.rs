//! The tree of a page, in one pass and without recursion.
//!
//! html5ever cuts the page into tags and text by the standard's rules. The tree built of them is
//! simpler than a browser's: nodes stand in the order of the page and never move, so that a part of
//! the tree is a range of nodes; formatting tags misnested need no repair, since only words count.
//! Nesting is capped, which keeps the time linear for any input.

use std::cell::RefCell;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};
use html5ever::{Attribute, LocalName};

use super::bounded::bounded;
use crate::document::Span;

/// Elements deeper than this are taken as part of the one around them.
const DEEPEST: usize = 256;

/// Beyond so many nodes a page is read as text without markup; the specification of HTML, on one
/// page of 13 MB, has some 700,000.
const MOST_NODES: usize = 1 << 20;

/// Signs that are handed to the tokenizer in one go.
const PIECE: usize = 32 * 1024;

/// Bytes of an attribute that are kept; only descriptions in `content` are read whole.
const LONGEST_ATTRIBUTE: usize = 16 * 1024;

/// A page.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Whether it had more elements than are kept.
    pub(super) flattened: bool,
    /// Elements and stretches of text in the order of the page; a node stands before what it holds.
    /// The first is the root, which holds all others.
    pub(super) nodes: Vec<Node>,
    /// All text, character references resolved.
    pub(super) text: String,
}

/// An element or a stretch of text.
#[derive(Debug)]
pub(super) struct Node {
    /// Name of the element, in lower case; empty for text.
    pub(super) name: LocalName,
    /// Attributes that are asked for somewhere.
    pub(super) attributes: Vec<(LocalName, String)>,
    /// Place in [`Tree::text`], of text.
    pub(super) span: Span,
    /// Index of the element around; of the root itself, 0.
    pub(super) parent: usize,
    /// One past the index of the last node inside.
    pub(super) end: usize,
}

impl Node {
    /// Whether it is text.
    pub(super) fn is_text(&self) -> bool {
        self.name.is_empty()
    }

    /// An attribute, trimmed; `None` when missing.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| &**key == name);
        found.map(|(_, value)| value.trim())
    }
}

impl Tree {
    /// Builds the tree of a page.
    pub(super) fn parse(page: &str) -> Self {
        let mut builder = Builder::default();
        let root = builder.add(LocalName::from("#root"), Vec::new(), Span::default());
        builder.open.push(root);
        let tokenizer = Tokenizer::new(Sink(RefCell::new(builder)), TokenizerOpts::default());
        // Pieces, so that no single buffer is searched again and again, and only one is copied.
        let page = bounded(page);
        let mut rest = &*page;
        while !rest.is_empty() {
            let cut = rest.char_indices().nth(PIECE).map_or(rest.len(), |(at, _)| at);
            let (piece, after) = rest.split_at(cut);
            let input = BufferQueue::default();
            input.push_back(piece.into());
            // The sink never asks for a script to be run, so that each call takes all.
            let _ = tokenizer.feed(&input);
            rest = after;
        }
        tokenizer.end();
        tokenizer.sink.0.into_inner().finish()
    }

    /// The text inside the node, white space as it stands.
    pub(super) fn words(&self, at: usize) -> String {
        let Some(node) = self.nodes.get(at) else { return String::new() };
        let inside = self.nodes.get(at..node.end).unwrap_or_default();
        inside.iter().filter(|node| node.is_text()).map(|node| node.span.of(&self.text)).collect()
    }
}

#[derive(Debug)]
struct Sink(RefCell<Builder>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut builder = self.0.borrow_mut();
        match token {
            TagToken(tag) if tag.kind == StartTag => return builder.start(&tag),
            TagToken(tag) => builder.end(&tag.name),
            Token::CharacterTokens(text) => builder.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[derive(Debug, Default)]
struct Builder {
    tree: Tree,
    /// Open elements, outermost first.
    open: Vec<usize>,
    /// Elements opened beyond [`DEEPEST`].
    beyond: usize,
    /// Inside a script or the like beyond [`MOST_NODES`].
    skipping: bool,
}

impl Builder {
    fn name(&self, node: usize) -> &str {
        self.tree.nodes.get(node).map_or("", |node| &*node.name)
    }

    fn top(&self) -> &str {
        self.open.last().map_or("", |node| self.name(*node))
    }

    fn add(&mut self, name: LocalName, attributes: Vec<(LocalName, String)>, span: Span) -> usize {
        let at = self.tree.nodes.len();
        let parent = self.open.last().copied().unwrap_or(0);
        self.tree.nodes.push(Node { name, attributes, span, parent, end: at + 1 });
        at
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if self.tree.nodes.len() >= MOST_NODES {
            return self.flat(name);
        }
        let once = matches!(name, "html" | "body");
        if once && self.tree.nodes.iter().take(64).any(|node| node.name == tag.name) {
            return TokenSinkResult::Continue;
        }
        self.make_room(name);
        if is_wordless(name) {
            return TokenSinkResult::Continue;
        }
        let raw = raw(name);
        if raw.is_none() && !is_void(name) && self.open.len() >= DEEPEST {
            self.beyond += 1;
            return TokenSinkResult::Continue;
        }
        let at = self.add(tag.name.clone(), kept(&tag.attrs), Span::default());
        let foreign = tag.self_closing
            && self.open.iter().any(|node| matches!(self.name(*node), "svg" | "math"));
        if !is_void(name) && !foreign {
            self.open.push(at);
        }
        match raw {
            Some(kind) => TokenSinkResult::RawData(kind),
            None if name == "plaintext" => TokenSinkResult::Plaintext,
            None => TokenSinkResult::Continue,
        }
    }

    /// A start tag beyond [`MOST_NODES`]: it only parts words; what it holds raw is left out.
    fn flat(&mut self, name: &str) -> TokenSinkResult<()> {
        self.tree.flattened = true;
        if is_block(name) || is_cell(name) || name == "br" {
            self.text("\n");
        }
        let raw = raw(name);
        self.skipping = raw.is_some();
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    fn end(&mut self, name: &LocalName) {
        let is_raw = raw(name).is_some();
        if self.tree.flattened {
            self.skipping &= !is_raw;
            if is_block(name) {
                self.text("\n");
            }
            return;
        }
        if self.beyond > 0 && !is_raw {
            self.beyond -= usize::from(!is_void(name));
            return;
        }
        if matches!(&**name, "html" | "body") {
            return;
        }
        let table = is_table(name);
        self.close(|open| open == &**name, |open| !table && is_cell(open) || open == "template");
    }

    fn text(&mut self, text: &str) {
        if self.top() == "head" && !text.trim().is_empty() {
            self.pop();
        }
        if self.skipping {
            return;
        }
        let start = self.tree.text.len();
        self.tree.text.push_str(text);
        let span = Span::new(start, start + text.len());
        let parent = self.open.last().copied().unwrap_or(0);
        if let Some(last) = self.tree.nodes.last_mut()
            && last.is_text()
            && last.parent == parent
            && last.span.end == start
        {
            last.span.end = span.end;
            return;
        }
        self.add(LocalName::default(), Vec::new(), span);
    }

    /// Closes what an element of this name closes by opening.
    fn make_room(&mut self, name: &str) {
        const HEAD: [&str; 8] =
            ["title", "meta", "link", "script", "style", "base", "noscript", "template"];
        if self.top() == "head" && !HEAD.contains(&name) {
            self.pop();
        }
        match name {
            "li" => self.close(|open| open == "li", |open| matches!(open, "ul" | "ol" | "menu")),
            "dt" | "dd" => self.close(|open| matches!(open, "dt" | "dd"), |open| open == "dl"),
            "option" => self.close(|open| open == "option", |open| open == "select"),
            "td" | "th" => self.close(is_cell, |open| matches!(open, "table" | "tr")),
            "tr" => self.close(|open| open == "tr", |open| open == "table"),
            "thead" | "tbody" | "tfoot" => {
                self.close(
                    |open| matches!(open, "thead" | "tbody" | "tfoot"),
                    |open| open == "table",
                );
            }
            _ => {}
        }
        if is_block(name) {
            self.close(|open| open == "p", |open| is_cell(open) || open == "template");
        }
    }

    /// Closes the innermost open element that `wanted` names, with all inside it, unless one that
    /// `barrier` names lies inside.
    fn close(&mut self, wanted: impl Fn(&str) -> bool, barrier: impl Fn(&str) -> bool) {
        for (place, node) in self.open.iter().enumerate().rev() {
            let name = self.name(*node);
            if wanted(name) {
                while self.open.len() > place {
                    self.pop();
                }
                return;
            }
            if barrier(name) {
                return;
            }
        }
    }

    fn pop(&mut self) {
        let end = self.tree.nodes.len();
        if let Some(node) = self.open.pop().and_then(|at| self.tree.nodes.get_mut(at)) {
            node.end = end;
        }
    }

    fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.pop();
        }
        self.tree
    }
}

/// The attributes that are asked for somewhere.
fn kept(attributes: &[Attribute]) -> Vec<(LocalName, String)> {
    let wanted = |attribute: &&Attribute| {
        matches!(
            &*attribute.name.local,
            "id" | "class"
                | "role"
                | "name"
                | "property"
                | "content"
                | "lang"
                | "xml:lang"
                | "hidden"
                | "style"
                | "aria-hidden"
                | "itemprop"
                | "datetime"
                | "type"
                | "http-equiv"
                | "epub:type"
        ) || &*attribute.name.local == "href" && attribute.value.starts_with('#')
    };
    let pair = |attribute: &Attribute| {
        let value = &*attribute.value;
        let end = (value.len() > LONGEST_ATTRIBUTE)
            .then(|| (0..LONGEST_ATTRIBUTE).rev().find(|end| value.is_char_boundary(*end)));
        let kept = end.flatten().and_then(|end| value.get(..end)).unwrap_or(value);
        (attribute.name.local.clone(), kept.to_owned())
    };
    attributes.iter().filter(wanted).map(pair).collect()
}

/// How the inside of an element is read that holds no tags.
fn raw(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

/// Whether an element of this name holds no tags; names of any case.
pub(super) fn is_raw(name: &str) -> bool {
    raw(&name.to_ascii_lowercase()).is_some()
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Whether an element of this name holds nothing and parts no words; it is not kept.
fn is_wordless(name: &str) -> bool {
    is_void(name) && !matches!(name, "br" | "hr" | "meta")
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th" | "caption")
}

fn is_table(name: &str) -> bool {
    matches!(name, "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "caption")
}

/// Whether an element of this name stands on lines of its own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "title"
            | "ul"
            | "plaintext"
            | "xmp"
            | "listing"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as brackets.
    fn shape(page: &str) -> String {
        let tree = Tree::parse(page);
        let (mut out, mut open) = (String::new(), Vec::new());
        for (at, node) in tree.nodes.iter().enumerate().skip(1) {
            while open.last().is_some_and(|end| *end <= at) {
                open.pop();
                out.push(')');
            }
            if node.is_text() {
                out.push_str(node.span.of(&tree.text));
            } else {
                out.push_str(&node.name);
                out.push('(');
                open.push(node.end);
            }
        }
        out + &")".repeat(open.len())
    }

    #[test]
    fn open_elements_close_where_they_must() {
        for (page, expected) in [
            ("<p>a<p>b", "p(a)p(b)"),
            ("<ul><li>a<li>b<ul><li>c</ul>d</ul>", "ul(li(a)li(bul(li(c))d))"),
            ("<table><tr><td>a<td>b<tr><td>c</table>d", "table(tr(td(a)td(b))tr(td(c)))d"),
            ("<div><p>a</div>b", "div(p(a))b"),
            ("<b><p>a</b>b", "b(p(a))b"),
            ("<td><p>a</div>b</td>", "td(p(ab))"),
            ("<script><p></script>a&amp;b", "script(<p>)a&b"),
            ("<svg><path/><path/></svg>a<br/>b", "svg(path()path())abr()b"),
            ("<head><title>a</title>b", "head(title(a))b"),
        ] {
            assert_eq!(shape(page), expected, "{page}");
        }
    }

    #[test]
    fn too_many_elements_become_text() {
        let page = format!("{}x<script>y</script><p>z</p>w", "<p></p>".repeat(MOST_NODES));
        let tree = Tree::parse(&page);
        assert!(tree.flattened && tree.nodes.len() <= MOST_NODES + 2);
        assert_eq!(tree.text.split_whitespace().collect::<Vec<_>>(), ["x", "z", "w"]);
    }

    #[test]
    fn deep_nesting_takes_linear_time() {
        let depth = 200_000;
        let page = format!("{}a{}b", "<div><p>".repeat(depth), "</div>".repeat(depth));
        let tree = Tree::parse(&page);
        assert!(tree.nodes.len() < 1000);
        assert_eq!(tree.text, "ab");
    }
}
