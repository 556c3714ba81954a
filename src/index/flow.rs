//! How much is on its way to the thread that makes segments.
//!
//! What waits is kept short while that thread takes documents; while it closes a segment, which takes it a second
//! or two, more may wait, so that documents can be read meanwhile.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Bytes of text that may wait while the thread takes documents, and while it takes none. In memory they
/// are about five times as many.
const WHILE_TAKING: usize = 2 << 20;
const WHILE_CLOSING: usize = 4 << 20;
/// One that has taken nothing for so long closes a segment, or is in a long document.
const SILENT: Duration = Duration::from_millis(20);
/// One that has taken nothing for so long may have failed, which it tells when it is given more: it is given
/// one document each time that so much has gone by.
const LOST: Duration = Duration::from_secs(1);

/// What is on its way.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    taken: Condvar,
}

#[derive(Debug)]
struct State {
    /// Bytes of text that wait.
    waiting: usize,
    /// When the thread last took some.
    last: Instant,
}

impl Default for State {
    fn default() -> Self {
        Self { waiting: 0, last: Instant::now() }
    }
}

/// A share of what is on its way, until it is dropped.
#[derive(Debug)]
pub(super) struct Load {
    bytes: usize,
    flow: Arc<Shared>,
}

impl Flow {
    /// Waits until so many bytes of text may set out. What is larger than all that may wait goes alone.
    pub(super) fn load(&self, bytes: usize) -> Load {
        let mut state = self.0.lock();
        let silence = loop {
            let silence = state.last.elapsed();
            if state.may_add(bytes, silence) {
                break silence;
            }
            let waited = self.0.taken.wait_timeout(state, SILENT);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        };
        // It had nothing to take, or is asked what is wrong.
        if state.waiting == 0 || silence >= LOST {
            state.last = Instant::now();
        }
        state.waiting += bytes;
        drop(state);
        Load { bytes, flow: Arc::clone(&self.0) }
    }
}

impl State {
    /// Whether so many bytes more may wait, where the thread has taken nothing for this long.
    fn may_add(&self, bytes: usize, silence: Duration) -> bool {
        let most = if silence < SILENT { WHILE_TAKING } else { WHILE_CLOSING };
        self.waiting == 0 || self.waiting.saturating_add(bytes) <= most || silence >= LOST
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        let mut state = self.flow.lock();
        state.waiting = state.waiting.saturating_sub(self.bytes);
        state.last = Instant::now();
        drop(state);
        self.flow.taken.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn little_may_wait_while_documents_are_taken_and_more_while_they_are_not() {
        let mut state = State { waiting: 0, last: Instant::now() };
        assert!(state.may_add(usize::MAX, Duration::ZERO), "what is large goes alone");
        state.waiting = WHILE_TAKING - 10;
        assert!(state.may_add(10, Duration::ZERO));
        assert!(!state.may_add(11, Duration::ZERO));
        assert!(state.may_add(11, SILENT));
        assert!(state.may_add(WHILE_CLOSING - WHILE_TAKING + 10, SILENT));
        assert!(!state.may_add(WHILE_CLOSING - WHILE_TAKING + 11, SILENT));
        assert!(!state.may_add(usize::MAX, SILENT));
        assert!(state.may_add(usize::MAX, LOST), "it must be asked what is wrong");
    }

    #[test]
    fn what_is_taken_makes_room() {
        let flow = Flow::default();
        let first = flow.load(WHILE_CLOSING);
        let is_free = Arc::new(AtomicBool::new(false));
        let (starts, started) = std::sync::mpsc::channel();
        let other = std::thread::spawn({
            let (flow, is_free) = (flow.clone(), Arc::clone(&is_free));
            move || {
                starts.send(()).unwrap();
                let load = flow.load(1);
                (load, is_free.load(Ordering::SeqCst))
            }
        });
        started.recv().unwrap();
        for _ in 0..1000 {
            // Time for the other one not to wait, were it not made to.
            std::thread::yield_now();
        }
        is_free.store(true, Ordering::SeqCst);
        drop(first);
        let (second, waited) = other.join().unwrap();
        assert!(waited);
        assert_eq!(flow.0.lock().waiting, 1);
        drop(second);
        assert_eq!(flow.0.lock().waiting, 0);
    }
}
