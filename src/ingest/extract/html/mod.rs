//! HTML: the words of a page, its main text told from its frame, and what its header says.
//!
//! `tree` builds the tree, `style` tells frame and hidden parts, `content` finds the main text,
//! `render` writes the text with its blocks, `header` reads the values. All that is shown is kept:
//! the frame becomes blocks of navigation and footer.

mod bounded;
mod content;
mod header;
mod render;
mod style;
mod tables;
mod tree;

use super::block::Extracted;
use crate::document::Problem;
use content::Main;
use render::Rendered;
use style::Style;
use tree::Tree;

/// Reads a page.
pub(super) fn read(page: String) -> Extracted {
    let tree = Tree::parse(&page);
    drop(page);
    let mut styles = style::styles(&tree, false, true);
    let (mut rendered, mut main) = with(&tree, &styles);
    if !rendered.has_text() {
        // All was taken for frame, or the page hides its text: everything is text then.
        let shown = style::styles(&tree, false, false);
        let second = with(&tree, &shown);
        if second.0.has_text() {
            (rendered, main) = second;
            styles = shown;
        } else {
            let revealed = style::styles(&tree, true, false);
            let third = with(&tree, &revealed);
            if third.0.has_text() {
                (rendered, main) = third;
                styles = revealed;
            }
        }
    }
    let values = header::values(&tree, &styles, main);
    let problems = if tree.flattened {
        vec![Problem::new("has more elements than are read; the rest was taken as plain text")]
    } else {
        Vec::new()
    };
    Extracted { text: rendered.text, blocks: Some(rendered.blocks), values, problems }
}

fn with(tree: &Tree, styles: &[Style]) -> (Rendered, Main) {
    let sizes = style::sizes(tree, styles);
    let main = content::main_part(tree, styles, &sizes);
    (render::render(tree, styles, main), main)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::block::BlockKind::{
        self, Caption, Footer, Footnote, Heading, ListItem, Navigation, Paragraph, Table,
    };

    fn blocks(page: &str) -> Vec<(BlockKind, String)> {
        let read = read(page.to_owned());
        let text = &read.text;
        read.blocks.iter().flatten().map(|b| (b.kind, b.span.of(text).to_owned())).collect()
    }

    #[test]
    fn blocks_have_kinds() {
        for (page, expected) in [
            ("<h1>A</h1><p>b <b>c</b>d\n e", vec![(Heading(1), "A"), (Paragraph, "b cd e")]),
            ("a<br>b<br><br>c", vec![(Paragraph, "a\nb"), (Paragraph, "c")]),
            ("<ul><li>a<li>b<p>c</ul>", vec![(ListItem, "a"), (ListItem, "b"), (ListItem, "c")]),
            // The number that calls for a note is no word; a raised link with words is text.
            (
                "<p>a<sup><a href='#n1'>1</a></sup> b<a href='#n2'><sup>[2]</sup></a> c<sup><a href='#x'>see x</a></sup></p>\
                 <section role=doc-endnotes><ol><li>d</ol></section>",
                vec![(Paragraph, "a b csee x"), (Footnote, "d")],
            ),
            ("<pre>a\n  b\n\nc</pre>", vec![(Paragraph, "a\n  b"), (Paragraph, "c")]),
            (
                "<table><tr><th>a<th>b<tr><td>1<td>2</table>c",
                vec![(Table, "a\tb"), (Table, "1\t2"), (Paragraph, "c")],
            ),
            (
                "<nav>n</nav>a<figure><img><figcaption>c</figcaption></figure><footer>f",
                vec![(Navigation, "n"), (Paragraph, "a"), (Caption, "c"), (Footer, "f")],
            ),
            ("a<script>x</script><style>y</style><!-- z -->b", vec![(Paragraph, "ab")]),
            ("<nav>all is menu</nav>", vec![(Paragraph, "all is menu")]),
            ("<p hidden>all is hidden</p>", vec![(Paragraph, "all is hidden")]),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|(kind, text)| (kind, text.to_owned())).collect();
            assert_eq!(blocks(page), expected, "{page}");
        }
    }
}
