//! Progress on a terminal: how many documents, how fast, how long still.

use std::io::IsTerminal;
use std::sync::Mutex;

use chancery::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Draws a line on standard error, if that is a terminal.
#[derive(Debug, Default)]
pub(crate) struct Bar(Mutex<Option<ProgressBar>>);

impl Progress for Bar {
    fn begin(&self, files: usize, _bytes: u64) {
        if !std::io::stderr().is_terminal() || files == 0 {
            return;
        }
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
        let template = "indexing {pos} of {len} documents, {per_sec}, {eta} left {wide_bar}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        if let Ok(mut place) = self.0.lock() {
            *place = Some(bar);
        }
    }

    fn advance(&self, _bytes: u64) {
        if let Ok(place) = self.0.lock()
            && let Some(bar) = place.as_ref()
        {
            bar.inc(1);
        }
    }

    fn end(&self) {
        if let Ok(mut place) = self.0.lock()
            && let Some(bar) = place.take()
        {
            bar.finish_and_clear();
        }
    }
}
