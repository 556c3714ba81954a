//! Keeps an index in line while files come and go.
//!
//! What the system tells of changes only says that it is time for a run: each run looks at all roots, so
//! nothing is lost with an event that was. Bursts end in one run once they have calmed down.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use notify_debouncer_full::notify::{self, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::refresh::{Progress, Report, Request};
use super::{Corpus, Error, Project, refresh};

/// Events are held this long, so that a burst of them is one.
const CALM: Duration = Duration::from_millis(300);
/// How often a waiting watch looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);
/// Time to the next attempt after a run that failed.
const AGAIN: Duration = Duration::from_secs(2);

/// What a watch tells.
#[derive(Debug)]
pub enum Watched {
    /// From now on changes are seen; the folders that are watched.
    Ready(Vec<PathBuf>),
    /// The index was brought in line.
    Ran(Report),
    /// A run failed; there will be another one.
    Failed(Error),
}

/// Brings the index in line, then again after every change, until `request.stop` is set.
pub(super) fn watch(
    project: &Arc<Project>,
    request: &Request,
    progress: &dyn Progress,
    tell: &mut dyn FnMut(Watched),
) -> Result<(), Error> {
    let (sender, events) = bounded(1);
    let mut watcher = Watcher::new(project, sender)?;
    tell(Watched::Ran(refresh::refresh(project, request, progress)?));
    // What was named the first time is a root now. What changed before the watch began is found by a
    // run after it.
    let request = Request { paths: Vec::new(), forget: Vec::new(), ..request.clone() };
    let mut pending = true;
    let mut ready = false;
    loop {
        if pending {
            // Before the run: what changes after it began is told, what changed before is found by it.
            watcher.follow(project)?;
            match refresh::refresh(project, &request, progress) {
                Ok(report) => {
                    pending = false;
                    if report.changes() > 0 {
                        tell(Watched::Ran(report));
                    }
                }
                Err(error @ Error::Interrupted { .. }) => return Err(error),
                Err(error) => tell(Watched::Failed(error)),
            }
        }
        if !ready {
            ready = true;
            tell(Watched::Ready(watcher.folders.clone()));
        }
        match wait(&events, &request, pending) {
            Woken::Stopped => return Ok(()),
            Woken::Changed => pending = true,
        }
    }
}

enum Woken {
    Changed,
    Stopped,
}

/// Waits for a change, for the next attempt, or for the end.
fn wait(events: &Receiver<()>, request: &Request, pending: bool) -> Woken {
    let mut waited = Duration::ZERO;
    loop {
        if request.stop.load(Ordering::Relaxed) {
            return Woken::Stopped;
        }
        match events.recv_timeout(LOOK) {
            Ok(()) => return Woken::Changed,
            Err(RecvTimeoutError::Disconnected) => return Woken::Stopped,
            Err(RecvTimeoutError::Timeout) => waited += LOOK,
        }
        if pending && waited >= AGAIN {
            return Woken::Changed;
        }
    }
}

struct Watcher {
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    folders: Vec<PathBuf>,
}

impl Watcher {
    fn new(project: &Project, sender: Sender<()>) -> Result<Self, Error> {
        let index = project.index().to_owned();
        let handler = move |result: DebounceEventResult| {
            let matters = match result {
                Ok(events) => events.iter().any(|event| {
                    event.need_rescan() || !event.kind.is_access() && concerns(&event.paths, &index)
                }),
                // Something was missed.
                Err(_) => true,
            };
            if matters {
                // One that waits stands for all.
                let _ = sender.try_send(());
            }
        };
        let debouncer = new_debouncer(CALM, None, handler).map_err(failed)?;
        Ok(Self { debouncer, folders: Vec::new() })
    }

    /// Watches the roots of the index; those that are watched already again, because a folder that was
    /// taken away and put back is another one.
    fn follow(&mut self, project: &Arc<Project>) -> Result<(), Error> {
        for folder in std::mem::take(&mut self.folders) {
            // A folder that is gone is not watched any more.
            let _ = self.debouncer.unwatch(&folder);
        }
        for root in Corpus::open(Arc::clone(project))?.manifest()?.roots {
            let root = project.resolve(&root);
            let (folder, mode) = if root.is_dir() {
                (root.as_path(), RecursiveMode::Recursive)
            } else {
                // A file, or a root that is not there: what holds it tells of its coming.
                (root.parent().unwrap_or(&root), RecursiveMode::NonRecursive)
            };
            if folder.exists() && !self.folders.iter().any(|known| known == folder) {
                self.debouncer.watch(folder, mode).map_err(failed)?;
                self.folders.push(folder.to_owned());
            }
        }
        Ok(())
    }
}

/// Whether an event speaks of anything but the index itself.
fn concerns(paths: &[PathBuf], index: &Path) -> bool {
    let index = std::fs::canonicalize(index).unwrap_or_else(|_| index.to_owned());
    paths.iter().any(|path| {
        let folder = path.parent().map(std::fs::canonicalize);
        !path.starts_with(&index)
            && !folder.is_some_and(|real| real.is_ok_and(|real| real.starts_with(&index)))
    })
}

#[expect(clippy::needless_pass_by_value, reason = "is handed on by map_err")]
fn failed(error: notify::Error) -> Error {
    Error::Watch(error.to_string())
}
