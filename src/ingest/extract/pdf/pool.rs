//! Child processes that read PDF files: one a thread, used again for many files, ended when a file
//! takes too long, started anew when one broke it.

use std::io;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use super::PdfText;
use super::wire::{self, Answer};
use crate::ingest::extract::Skip;
use crate::ingest::extract::block::Extracted;

/// Memory that a child may take.
const MEMORY: u64 = 1 << 30;
/// Time that a small file may take.
const TIME: Duration = Duration::from_secs(8);
/// More time for each MiB.
const TIME_PER_MIB: Duration = Duration::from_secs(4);
/// A child reads so many files, then a fresh one takes its place.
const FILES: usize = 500;

/// Reads PDF files in child processes of a program.
#[derive(Debug)]
pub struct Pool {
    program: PathBuf,
    arguments: Vec<String>,
    /// Variables of the children's environment.
    variables: Vec<(String, String)>,
    time: Duration,
    idle: Mutex<Vec<Worker>>,
}

/// A running child.
#[derive(Debug)]
struct Worker {
    child: Child,
    input: ChildStdin,
    answers: Receiver<Vec<u8>>,
    files: usize,
}

impl Pool {
    /// Runs `program` with `arguments` and the bytes of memory it may take; it has to call
    /// [`serve`](super::serve).
    pub fn new(program: PathBuf, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Self { program, arguments, variables: Vec::new(), time: TIME, idle: Mutex::default() }
    }

    /// A variable for the environment of the children.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Another time for small files.
    #[must_use]
    pub fn with_time(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    fn start(&self) -> io::Result<Worker> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .arg(MEMORY.to_string())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let lost = || io::Error::other("a child process without its pipes");
        let input = child.stdin.take().ok_or_else(lost)?;
        let mut output = child.stdout.take().ok_or_else(lost)?;
        let (sender, answers) = bounded(1);
        std::thread::Builder::new().spawn(move || {
            // Ends with the child: its output closes then.
            while let Ok(Some(answer)) = wire::receive(&mut output) {
                if sender.send(answer).is_err() {
                    break;
                }
            }
        })?;
        Ok(Worker { child, input, answers, files: 0 })
    }

    fn take(&self) -> io::Result<Worker> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        idle.map_or_else(|| self.start(), Ok)
    }
}

impl PdfText for Pool {
    fn read(&self, bytes: Vec<u8>) -> Result<Extracted, Skip> {
        let failed = |error: io::Error| Skip::new(format!("its reader cannot be started: {error}"));
        let mut worker = self.take().map_err(failed)?;
        let mib = u32::try_from(bytes.len() >> 20).unwrap_or(u32::MAX);
        let time = self.time + TIME_PER_MIB.saturating_mul(mib);
        // A child that ends while it is written to is told by its missing answer.
        let _ = wire::send(&mut worker.input, &bytes);
        drop(bytes);
        let reason = match worker.answers.recv_timeout(time) {
            Ok(answer) => {
                let answer: Answer = serde_json::from_slice(&answer)
                    .map_err(|error| Skip::new(format!("its reader answered nonsense: {error}")))?;
                worker.files += 1;
                if worker.files < FILES
                    && let Ok(mut idle) = self.idle.lock()
                {
                    idle.push(worker);
                }
                return answer.into_read();
            }
            Err(RecvTimeoutError::Timeout) => {
                format!("a PDF file that takes more than {} s to read", time.as_secs())
            }
            Err(RecvTimeoutError::Disconnected) => format!(
                "a PDF file that breaks its reader or takes more than {} GiB of memory",
                MEMORY >> 30
            ),
        };
        Err(Skip { reason })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
