//! Tables of figures, and tables that only lay out a page.

use super::style::Style;
use super::tree::Tree;

/// A cell with more bytes than this holds text; its table is there for the layout.
const LONGEST_CELL: usize = 250;

/// What sort of table a node stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Table {
    /// None.
    #[default]
    None,
    /// One that lays out the page.
    Layout,
    /// One with figures or short texts.
    Data,
}

/// What is known of a table.
#[derive(Debug, Clone, Copy, Default)]
struct Facts {
    cells: usize,
    longest: usize,
    nested: bool,
}

/// The sort of table that each node stands in.
pub(super) fn find(tree: &Tree, styles: &[Style]) -> Vec<Table> {
    // For each node: its innermost table and cell, as index + 1; 0 for none.
    let mut around: Vec<(usize, usize)> = Vec::with_capacity(tree.nodes.len());
    let mut facts = vec![Facts::default(); tree.nodes.len()];
    let mut cells = vec![0_usize; tree.nodes.len()];
    for (at, node) in tree.nodes.iter().enumerate() {
        let (mut table, mut cell) = around.get(node.parent).copied().unwrap_or_default();
        match &*node.name {
            "table" => {
                if let Some(outer) = table.checked_sub(1).and_then(|outer| facts.get_mut(outer)) {
                    outer.nested = true;
                }
                (table, cell) = (at + 1, 0);
            }
            "td" | "th" => {
                cell = at + 1;
                if let Some(facts) = table.checked_sub(1).and_then(|table| facts.get_mut(table)) {
                    facts.cells += 1;
                }
            }
            _ => {}
        }
        around.push((table, cell));
        let shown = styles.get(at).is_some_and(|style| !style.hidden);
        if node.is_text() && shown {
            let length = node.span.of(&tree.text).trim().len();
            if let Some(total) = cell.checked_sub(1).and_then(|cell| cells.get_mut(cell)) {
                *total += length;
                if let Some(facts) = table.checked_sub(1).and_then(|table| facts.get_mut(table)) {
                    facts.longest = facts.longest.max(*total);
                }
            }
        }
    }
    let sort = |(table, _): &(usize, usize)| {
        let facts = table.checked_sub(1).and_then(|table| facts.get(table));
        match facts {
            None => Table::None,
            Some(facts) if facts.cells >= 4 && facts.longest <= LONGEST_CELL && !facts.nested => {
                Table::Data
            }
            Some(_) => Table::Layout,
        }
    };
    around.iter().map(sort).collect()
}
