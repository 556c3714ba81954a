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
