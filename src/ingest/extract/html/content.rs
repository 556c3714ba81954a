//! Which part of a page is its main text.

use super::style::{Size, Style};
use super::tree::Tree;

/// A paragraph shorter than this says nothing of where the text is, in bytes without white space.
const TELLING: usize = 70;

/// Less telling text than this gives no main part.
const LEAST: usize = 200;

/// The part that was found, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Main {
    /// Index of its element.
    pub(super) node: usize,
    /// Whether the page itself marks it; else it was found by its text.
    pub(super) marked: bool,
}

/// The main part: an article or main element, else the element with most of the running text; the
/// root when nothing tells.
pub(super) fn main_part(tree: &Tree, styles: &[Style], sizes: &[Size]) -> Main {
    let good = running_text(tree, styles, sizes);
    let good_of = |at: usize| good.get(at).copied().unwrap_or(0);
    let whole = good_of(0);
    if whole < LEAST {
        return Main { node: 0, marked: false };
    }
    let best = |wanted: &dyn Fn(usize) -> bool| {
        let found = (0..tree.nodes.len()).filter(|at| wanted(*at));
        // The outermost of equals comes first.
        found.rev().max_by_key(|at| good_of(*at))
    };
    let is = |at: usize, name: &str| {
        let node = tree.nodes.get(at);
        let role = if name == "article" { "article" } else { "main" };
        node.is_some_and(|node| &*node.name == name || node.attribute("role") == Some(role))
    };
    let part = best(&|at| is(at, "main")).filter(|at| good_of(*at) * 2 >= whole);
    let article = best(&|at| is(at, "article"));
    let around = part.map_or(whole, good_of);
    if let Some(node) = article.filter(|at| good_of(*at) * 10 >= around * 6) {
        return Main { node, marked: true };
    }
    // The innermost element that still holds nearly all running text; a main element holds lists
    // of links and the like beside the text, too.
    let (mut node, share) = part.map_or((0, 80), |part| (part, 95));
    let whole = good_of(node);
    for (at, inner) in tree.nodes.iter().enumerate().skip(node + 1) {
        if inner.parent == node && !inner.is_text() && good_of(at) * 100 >= whole * share {
            node = at;
        }
    }
    let paragraph = tree.nodes.get(node).is_some_and(|found| matches!(&*found.name, "p" | "td"));
    if paragraph {
        node = tree.nodes.get(node).map_or(0, |found| found.parent);
    }
    Main { node, marked: false }
}

/// How much running text each node holds: text of elements that say much and link little.
fn running_text(tree: &Tree, styles: &[Style], sizes: &[Size]) -> Vec<usize> {
    let mut good = vec![0_usize; tree.nodes.len()];
    let mut direct = vec![Size::default(); tree.nodes.len()];
    for (at, node) in tree.nodes.iter().enumerate().rev() {
        let (Some(style), Some(size)) = (styles.get(at), sizes.get(at)) else { continue };
        if style.zone.is_some() || style.hidden {
            continue;
        }
        // Words of inline elements count for the block around.
        if node.is_text() || !super::tree::is_block(&node.name) && !is_cell(&node.name) {
            let own =
                if node.is_text() { *size } else { direct.get(at).copied().unwrap_or_default() };
            if let Some(around) = direct.get_mut(node.parent) {
                around.all += own.all;
                around.linked += own.linked;
            }
        } else {
            let own = direct.get(at).copied().unwrap_or_default();
            if own.all >= TELLING
                && own.linked * 10 < own.all * 4
                && let Some(own_good) = good.get_mut(at)
            {
                *own_good += own.all - own.linked;
            }
        }
        let inside = good.get(at).copied().unwrap_or(0);
        if let (Some(around), true) = (good.get_mut(node.parent), at != 0) {
            *around += inside;
        }
    }
    good
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th" | "tr" | "tbody" | "#root")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::html::style;

    #[test]
    fn the_text_is_found_by_mark_or_by_density() {
        let long = "All states shall settle their disputes by peaceful means, said he. ".repeat(5);
        for (page, name, marked) in [
            (format!("<main><h1>a</h1><article><p>{long}</article></main>"), "article", true),
            (
                format!("<main><article>x</article><p>{long}</main><article>y</article>"),
                "main",
                false,
            ),
            (
                format!("<div><a>x</a></div><section><p>{long}<p>{long}</section><div>y</div>"),
                "section",
                false,
            ),
            (format!("<table><tr><td><a>x</a><td>{long}<br>{long}</table>"), "tr", false),
            ("<p>a<p>b".to_owned(), "#root", false),
        ] {
            let tree = Tree::parse(&page);
            let styles = style::styles(&tree, false, true);
            let sizes = style::sizes(&tree, &styles);
            let main = main_part(&tree, &styles, &sizes);
            assert_eq!((&*tree.nodes[main.node].name, main.marked), (name, marked));
        }
    }
}
