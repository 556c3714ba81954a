//! How far apart two words are, for "did you mean".

/// Number of insertions, deletions, replacements and swaps of neighbours that make `a` into `b`
/// (optimal string alignment; Damerau 1964), counted in characters.
pub(crate) fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut x_before = None;
    for (i, &x) in a.iter().enumerate() {
        let mut left = i + 1;
        let mut row = vec![left];
        let mut y_before = None;
        for (j, (&y, pair)) in b.iter().zip(above.windows(2)).enumerate() {
            let &[diagonal, up] = pair else { continue };
            let mut best = (diagonal + usize::from(x != y)).min(up + 1).min(left + 1);
            if y_before == Some(x)
                && x_before == Some(y)
                && let Some(swapped) = j.checked_sub(1).and_then(|at| before.get(at))
            {
                best = best.min(swapped + 1);
            }
            row.push(best);
            left = best;
            y_before = Some(y);
        }
        x_before = Some(x);
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

/// The value whose key is nearest to `typed`: within two edits, one for up to four letters, and
/// nothing for two. Equal distances: the earlier in `values`.
pub(crate) fn nearest<'v>(
    typed: &str,
    values: impl Iterator<Item = (&'v str, &'v str)>,
) -> Option<&'v str> {
    let length = typed.chars().count();
    let allowed = match length {
        0..=2 => return None,
        3..=4 => 1,
        _ => 2,
    };
    let mut best: Option<(usize, &str)> = None;
    for (key, value) in values {
        if key.chars().count().abs_diff(length) > allowed {
            continue;
        }
        let distance = edits(typed, key);
        if distance <= allowed && best.is_none_or(|(found, _)| distance < found) {
            best = Some((distance, value));
        }
    }
    best.map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_is_one_edit() {
        for (a, b, expected) in
            [("france", "frnace", 1), ("chad", "chad", 0), ("", "abc", 3), ("iran", "iraq", 1)]
        {
            assert_eq!(edits(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn nothing_near_is_nothing() {
        let values = [("france", "France"), ("greece", "Greece")];
        assert_eq!(nearest("frnce", values.into_iter()), Some("France"));
        assert_eq!(nearest("xx", values.into_iter()), None);
        assert_eq!(nearest("atlantis", values.into_iter()), None);
    }
}
