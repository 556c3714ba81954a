//! Passages that are looked at in one go.

/// Passages in order, documents side by side.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Stretch {
    pub(super) passages: Vec<u32>,
    /// Of each, the place of its first word.
    pub(super) firsts: Vec<u32>,
    /// Of each, the record behind the last of its document.
    ends: Vec<u32>,
}

impl Stretch {
    pub(super) fn clear(&mut self) {
        self.passages.clear();
        self.firsts.clear();
        self.ends.clear();
    }

    pub(super) fn push(&mut self, record: u32, first: u32, end: u32) {
        self.passages.push(record);
        self.firsts.push(first);
        self.ends.push(end);
    }

    /// Adds the passages into which a phrase of at most `reach` words may go on that begins at one of
    /// `places`, which are in order and in these passages. `first_of` gives the place of a passage's first
    /// word in its document.
    pub(super) fn go_on(
        &mut self,
        places: &[(u32, u32)],
        reach: u32,
        first_of: &dyn Fn(u32) -> u32,
    ) {
        let before = std::mem::take(self);
        let mut rest = places;
        let each = before.passages.iter().zip(&before.firsts).zip(&before.ends);
        let behind = before.firsts.iter().skip(1).copied().chain([u32::MAX]);
        for (((&record, &first), &end), behind) in each.zip(behind) {
            // It may have been added behind the one before.
            if self.passages.last().is_none_or(|last| *last < record) {
                self.push(record, first, end);
            }
            let mut last = None;
            while let Some(((start, _), others)) = rest.split_first()
                && *start < behind
            {
                last = Some(*start);
                rest = others;
            }
            let Some(last) = last else { continue };
            let until = last.saturating_add(reach);
            let base = first - first_of(record);
            for next in record + 1..end {
                let first = base.saturating_add(first_of(next));
                if first >= until {
                    break;
                }
                if self.passages.last().is_none_or(|last| *last < next) {
                    self.push(next, first, end);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_goes_on_as_far_as_it_reaches_and_not_into_the_next_document() {
        // Records 1 to 4 and 6 to 7 are passages of two documents, of ten words each.
        let first_of = |record: u32| if record < 5 { (record - 1) * 10 } else { (record - 6) * 10 };
        let stretch = |all: &[(u32, u32, u32)]| {
            let mut stretch = Stretch::default();
            for &(record, first, end) in all {
                stretch.push(record, first, end);
            }
            stretch
        };
        let begun = stretch(&[(1, 0, 5), (3, 20, 5), (7, 110, 8)]);
        let go_on = |places: &[(u32, u32)], reach: u32| {
            let mut all = stretch(&[(1, 0, 5), (3, 20, 5), (7, 110, 8)]);
            all.go_on(places, reach, &first_of);
            all
        };
        assert_eq!(go_on(&[], 9), begun);
        // Of each passage the last place counts; one that ends with its passage goes on nowhere.
        assert_eq!(go_on(&[(2, 3), (8, 9), (119, 120)], 2), begun);
        let one = stretch(&[(1, 0, 5), (2, 10, 5), (3, 20, 5), (7, 110, 8)]);
        assert_eq!(go_on(&[(2, 3), (9, 10), (119, 120)], 2), one);
        let all = [(1, 0, 5), (2, 10, 5), (3, 20, 5), (4, 30, 5), (7, 110, 8)];
        assert_eq!(go_on(&[(9, 10)], 40), stretch(&all));
        assert_eq!(go_on(&[(0, 1), (25, 26)], 12), stretch(&all));
    }
}
