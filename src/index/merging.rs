//! Which segments become one.

use tantivy::SegmentMeta;
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

/// Records of a segment that filled the buffer of the writer, or nearly.
const LARGE: usize = 64_000;
/// How many large ones of about the same size become one.
const OF_LARGE: usize = 16;
/// A segment of which more than this share was replaced is written anew without it.
const REPLACED: f32 = 0.5;

/// Small segments are merged soon, for each costs every search the opening of its files. Large ones late: to
/// write all of them once more takes a quarter of the time of indexing, and side by side they are searched on
/// several cores.
#[derive(Debug)]
pub(super) struct Merging {
    small: LogMergePolicy,
    large: LogMergePolicy,
}

impl Default for Merging {
    fn default() -> Self {
        let mut small = LogMergePolicy::default();
        small.set_del_docs_ratio_before_merge(REPLACED);
        let mut large = small.clone();
        large.set_min_num_segments(OF_LARGE);
        Self { small, large }
    }
}

impl MergePolicy for Merging {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let is_large = |segment: &SegmentMeta| segment.num_docs() as usize >= LARGE;
        let (large, small): (Vec<_>, Vec<_>) = segments.iter().cloned().partition(is_large);
        let mut candidates = self.small.compute_merge_candidates(&small);
        candidates.extend(self.large.compute_merge_candidates(&large));
        candidates
    }
}

#[cfg(test)]
mod tests {
    use tantivy::Index;
    use tantivy::index::SegmentId;
    use tantivy::schema::Schema;

    use super::*;

    /// How many segments each merge takes.
    fn merges(records: &[(u32, u32)]) -> Vec<usize> {
        let index = Index::create_in_ram(Schema::builder().build());
        let segment = |(n, replaced): &(u32, u32)| {
            let meta = index.new_segment_meta(SegmentId::generate_random(), *n);
            if *replaced > 0 { meta.with_delete_meta(*replaced, 1) } else { meta }
        };
        let segments: Vec<SegmentMeta> = records.iter().map(segment).collect();
        let candidates = Merging::default().compute_merge_candidates(&segments);
        candidates.iter().map(|MergeCandidate(ids)| ids.len()).collect()
    }

    #[test]
    fn small_segments_are_merged_soon_and_large_ones_late() {
        assert!(merges(&[(500, 0); 7]).is_empty());
        assert_eq!(merges(&[(500, 0); 8]), [8]);
        assert!(merges(&[(90_000, 0); 15]).is_empty());
        assert_eq!(merges(&[(90_000, 0); 16]), [16]);
        assert_eq!(merges(&[[(500, 0); 8].as_slice(), &[(90_000, 0); 15]].concat()), [8]);
    }

    #[test]
    fn what_is_mostly_replaced_is_written_anew() {
        assert!(merges(&[(1000, 400)]).is_empty());
        assert_eq!(merges(&[(1000, 600)]), [1]);
        assert_eq!(merges(&[(200_000, 120_000)]), [1]);
    }
}
