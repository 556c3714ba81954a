//! `index --watch`: changes are seen, bursts end in the true state, a signal ends it.
#![cfg(all(unix, feature = "watch"))]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::support::Desk;

const TIMEOUT: Duration = Duration::from_secs(60);

/// A watch at work: its reports and remarks as they come.
struct Watch {
    child: Child,
    lines: Receiver<String>,
    remarks: Receiver<String>,
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

impl Watch {
    /// Starts and waits until changes are seen.
    fn start(desk: &Desk) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["index", "--watch", "--json"])
            .current_dir(desk.path())
            .env_remove("CHANCERY_INDEX")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let reports = lines(child.stdout.take().unwrap());
        let remarks = lines(child.stderr.take().unwrap());
        let watch = Self { child, lines: reports, remarks };
        watch.remark("watching");
        watch
    }

    /// Waits for a remark.
    fn remark(&self, text: &str) {
        while !self.remarks.recv_timeout(TIMEOUT).unwrap().contains(text) {}
    }

    /// Waits for a report of which something holds.
    fn until(&self, holds: impl Fn(&Value) -> bool) {
        loop {
            let line = self.lines.recv_timeout(TIMEOUT).expect("a report");
            if holds(&serde_json::from_str(&line).unwrap()) {
                return;
            }
        }
    }

    fn end(mut self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        self.remark("stopped watching");
        assert_eq!(self.child.wait().unwrap().code(), Some(130));
    }
}

#[test]
fn changes_are_indexed_as_they_come_and_bursts_end_in_the_true_state() {
    let desk = Desk::new();
    desk.write("documents/a.txt", "The river treaty holds for all who came to the council.\n");
    let watch = Watch::start(&desk);
    watch.until(|report| report["documents"] == 1);

    desk.write("documents/deep/new/b.txt", "A text about the sea, in a folder that is new.\n");
    watch.until(|report| report["documents"] == 2);
    assert_eq!(desk.run(&["search", "--no-refresh", "sea"]).code, 0);

    // Files that come, change and go faster than they are read.
    for round in 0..5 {
        for number in 0..60 {
            let text = format!("Burst {round} of number {number}, which speaks of the ocean.\n");
            desk.write(&format!("documents/burst/{number}.txt"), text);
        }
        for number in 0..30 {
            fs::remove_file(desk.path().join(format!("documents/burst/{number}.txt"))).unwrap();
        }
    }
    desk.write("documents/last.txt", "The last text of the burst speaks of the glacier.\n");
    watch.until(|report| report["documents"] == 33);
    // What is watched may just be looked through once more.
    while desk.run(&["index"]).err.contains("being written by another run") {}
    let state = desk.json(&["index", "--json"]);
    assert_eq!((state["unchanged"].as_u64(), state["added"].as_u64()), (Some(33), Some(0)));

    fs::remove_dir_all(desk.path().join("documents/burst")).unwrap();
    watch.until(|report| report["documents"] == 3);
    watch.end("-TERM");
    assert_eq!(desk.run(&["check"]).code, 0);
}

#[test]
fn a_folder_that_vanishes_for_a_while_costs_nothing() {
    let desk = Desk::new();
    desk.write("documents/a.txt", "The river treaty holds for all who came to the council.\n");
    let watch = Watch::start(&desk);
    fs::rename(desk.path().join("documents"), desk.path().join("away")).unwrap();
    watch.remark("vanished");
    assert_eq!(desk.run(&["search", "--no-refresh", "river"]).code, 0);
    desk.write("away/b.txt", "Another text, put there while the folder was away.\n");
    fs::rename(desk.path().join("away"), desk.path().join("documents")).unwrap();
    watch.until(|report| report["documents"] == 2);
    desk.write("documents/c.txt", "A third one, after the folder has come back to its place.\n");
    watch.until(|report| report["documents"] == 3);
    watch.end("-INT");
}
