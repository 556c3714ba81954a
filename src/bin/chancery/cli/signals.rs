//! SIGINT and SIGTERM end a run soon, with what is whole kept; a second one ends it at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Exit code of an interrupted run.
pub(super) const INTERRUPTED: u8 = 130;

/// Whether the next signal ends the program where it stands.
static AT_ONCE: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| Arc::new(AtomicBool::new(true)));
static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// From now on the signals end the program with [`INTERRUPTED`].
pub(super) fn install() -> std::io::Result<()> {
    for signal in [SIGINT, SIGTERM] {
        let status = i32::from(INTERRUPTED);
        flag::register_conditional_shutdown(signal, status, Arc::clone(&AT_ONCE))?;
        flag::register(signal, Arc::clone(&STOP))?;
        flag::register(signal, Arc::clone(&AT_ONCE))?;
    }
    // A file that grows beyond the limit is an error of the write, not the end of the program.
    #[cfg(unix)]
    flag::register(signal_hook::consts::SIGXFSZ, Arc::default())?;
    Ok(())
}

/// While `work` runs, the first signal only sets the flag that it is given.
pub(super) fn held<T>(work: impl FnOnce(Arc<AtomicBool>) -> T) -> T {
    AT_ONCE.store(false, Ordering::SeqCst);
    let done = work(Arc::clone(&STOP));
    AT_ONCE.store(true, Ordering::SeqCst);
    done
}
