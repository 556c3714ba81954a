//! Counts by field for people: regions as a tree, years in their order, chosen values marked.

use std::collections::BTreeMap;
use std::fmt::Write;

use chancery::search::{Condition, FacetCount, FacetField, Filters};

use super::safe_line;
use super::tables::cell;
use super::text::Style;

/// The counts, `limit` values a field; how many more there are is said.
pub(crate) fn text(
    facets: &[(FacetField, Vec<FacetCount>)],
    filters: &Filters,
    limit: Option<usize>,
    style: &Style,
) -> String {
    let mut out = String::new();
    for (field, counts) in facets {
        let is_chosen = chosen(*field, filters);
        // Writing to a string does not fail.
        let _ = writeln!(out, "\n{}", style.paint("1", field.as_str()));
        if counts.is_empty() {
            let _ = writeln!(out, "  (none)");
            continue;
        }
        let _ = writeln!(out, "  documents  passages");
        let rows = rows(*field, counts);
        let most = limit.unwrap_or(usize::MAX);
        let mut any_chosen = false;
        for (depth, count) in rows.iter().take(most) {
            let is_chosen = is_chosen(&count.value);
            any_chosen |= is_chosen;
            let name = match field {
                FacetField::Region if *depth > 0 => count.value.rsplit('/').next(),
                _ => None,
            };
            let _ = writeln!(
                out,
                "{} {:>9}  {:>8}  {}{}",
                if is_chosen { "*" } else { " " },
                count.documents,
                count.passages,
                "  ".repeat(*depth),
                safe_line(name.unwrap_or(&count.value)),
            );
        }
        if rows.len() > most {
            let _ = writeln!(out, "  … {} more; \"chancery facets\" shows all", rows.len() - most);
        }
        if any_chosen {
            let _ = writeln!(out, "  * chosen; all are counted as if none of them was");
        }
    }
    out
}

/// The values in the order to read them, each with its depth in the tree.
fn rows(field: FacetField, counts: &[FacetCount]) -> Vec<(usize, &FacetCount)> {
    match field {
        FacetField::Region => {
            let mut children: BTreeMap<&str, Vec<&FacetCount>> = BTreeMap::new();
            for count in counts {
                let parent = count.value.rsplit_once('/').map_or("", |(parent, _)| parent);
                children.entry(parent).or_default().push(count);
            }
            let mut rows = Vec::with_capacity(counts.len());
            branch("", 0, &children, &mut rows);
            rows
        }
        FacetField::Year => {
            let mut rows: Vec<_> = counts.iter().map(|count| (0, count)).collect();
            rows.sort_by_key(|(_, count)| count.value.parse::<i32>().unwrap_or(i32::MAX));
            rows
        }
        _ => counts.iter().map(|count| (0, count)).collect(),
    }
}

fn branch<'c>(
    parent: &str,
    depth: usize,
    children: &BTreeMap<&str, Vec<&'c FacetCount>>,
    rows: &mut Vec<(usize, &'c FacetCount)>,
) {
    for count in children.get(parent).into_iter().flatten() {
        rows.push((depth, count));
        branch(&count.value, depth + 1, children, rows);
    }
}

/// Whether a value of a field is one by which the search is narrowed.
fn chosen(field: FacetField, filters: &Filters) -> impl Fn(&str) -> bool {
    let conditions: &[Condition] = match field {
        FacetField::Region => &filters.region,
        FacetField::Topic => &filters.topic,
        FacetField::Country => &filters.country,
        FacetField::Language => &filters.language,
        FacetField::Collection => &filters.collection,
        FacetField::Type => &filters.kind,
        FacetField::Section | FacetField::Speaker | FacetField::Year => &[],
    };
    let years = filters.year.filter(|_| field == FacetField::Year);
    move |value: &str| {
        let in_years = years.is_some_and(|(from, to)| {
            value.parse::<i32>().is_ok_and(|year| {
                from.is_none_or(|from| from <= year) && to.is_none_or(|to| year <= to)
            })
        });
        let mut plain = conditions.iter().filter(|c| !c.negated).flat_map(|c| &c.values);
        in_years || plain.any(|wanted| wanted.eq_ignore_ascii_case(value))
    }
}

/// The counts as a table: a row a value.
pub(crate) fn csv(facets: &[(FacetField, Vec<FacetCount>)], limit: Option<usize>) -> String {
    let mut out = String::from("field,value,passages,documents\r\n");
    for (field, counts) in facets {
        for count in counts.iter().take(limit.unwrap_or(usize::MAX)) {
            let _ = write!(
                out,
                "{},{},{},{}\r\n",
                field.as_str(),
                cell(&count.value),
                count.passages,
                count.documents
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(value: &str, documents: u64) -> FacetCount {
        FacetCount { value: value.to_owned(), passages: documents, documents }
    }

    #[test]
    fn regions_are_a_tree_and_years_a_line() {
        let regions = [count("Asia", 9), count("Europe", 5), count("Asia/Eastern Asia", 3)];
        let read: Vec<(usize, &str)> = rows(FacetField::Region, &regions)
            .iter()
            .map(|(d, c)| (*d, c.value.as_str()))
            .collect();
        assert_eq!(read, [(0, "Asia"), (1, "Asia/Eastern Asia"), (0, "Europe")]);
        let years = [count("1990", 9), count("1970", 5)];
        let read: Vec<&str> =
            rows(FacetField::Year, &years).iter().map(|(_, c)| c.value.as_str()).collect();
        assert_eq!(read, ["1970", "1990"]);
    }
}
