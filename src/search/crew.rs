//! Segments looked at side by side.

use tantivy::Executor;

use super::segment::{Outcome, Segment};
use super::work::Work;

/// What `look` gives for each segment, in their order; several are looked at at once where there are threads.
///
/// Each look may use what the query has left, and the sum is taken in the end. Where that is too much, or
/// anything fails, all are looked at again one after another: what is refused, and what is said then, does
/// not depend on the number of threads.
pub(super) fn each_segment<R: Send>(
    executor: &Executor,
    segments: &[Segment<'_>],
    look: impl Fn(&Segment<'_>) -> Outcome<R> + Sync,
) -> Outcome<Vec<R>> {
    if let (Executor::ThreadPool(_), [first, _, ..]) = (executor, segments) {
        let left = first.work.left();
        let parts = segments
            .iter()
            .map(|&Segment { ord, reader, fields, frame, .. }| (ord, reader, fields, frame));
        let run = |(ord, reader, fields, frame)| {
            let work = Work::with(left);
            let found = look(&Segment { ord, reader, fields, frame, work: &work });
            Ok((found.ok(), left - work.left()))
        };
        let (found, spent): (Vec<Option<R>>, Vec<u64>) =
            executor.map(run, parts)?.into_iter().unzip();
        let all: Option<Vec<R>> = found.into_iter().collect();
        if let Some(all) = all
            && first.work.take(spent.iter().sum()).is_ok()
        {
            return Ok(all);
        }
    }
    segments.iter().map(look).collect()
}
