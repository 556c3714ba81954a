//! Segments looked at side by side.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tantivy::Executor;

use super::segment::{Outcome, Segment};
use super::work::Work;

/// What `look` gives for each segment, in their order; several are looked at at once where there are threads.
///
/// The one who asks looks too, beginning with the largest, so that nothing waits for a thread to wake up. Each
/// look may use what the query has left, and the sum is taken in the end. Where that is too much, or anything
/// fails, all are looked at again one after another: what is refused, and what is said then, does not depend on
/// the number of threads.
pub(super) fn each_segment<R: Send>(
    executor: &Executor,
    segments: &[Segment<'_>],
    look: impl Fn(&Segment<'_>) -> Outcome<R> + Sync,
) -> Outcome<Vec<R>> {
    if let (Executor::ThreadPool(pool), [first, _, ..]) = (executor, segments) {
        let left = first.work.left();
        let mut parts: Vec<_> = segments
            .iter()
            .map(|&Segment { ord, reader, fields, frame, .. }| (ord, reader, fields, frame))
            .collect();
        parts.sort_by_key(|(_, reader, ..)| Reverse(reader.max_doc()));
        let next = AtomicUsize::new(0);
        let found = Mutex::new(Vec::with_capacity(parts.len()));
        let look_at_some = || {
            while let Some(&(ord, reader, fields, frame)) =
                parts.get(next.fetch_add(1, Ordering::Relaxed))
            {
                let work = Work::with(left);
                let seen = look(&Segment { ord, reader, fields, frame, work: &work });
                let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                found.push((ord, seen.ok(), left - work.left()));
            }
        };
        pool.in_place_scope(|scope| {
            for _ in 0..pool.current_num_threads().min(parts.len() - 1) {
                scope.spawn(|_| look_at_some());
            }
            look_at_some();
        });
        let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.sort_unstable_by_key(|(ord, ..)| *ord);
        let spent = found.iter().map(|(.., spent)| spent).sum();
        let all: Option<Vec<R>> = found.into_iter().map(|(_, seen, _)| seen).collect();
        if let Some(all) = all
            && first.work.take(spent).is_ok()
        {
            return Ok(all);
        }
    }
    segments.iter().map(look).collect()
}
