//! Runs that are killed or told to stop, at any moment, and two at once.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Desk, leftovers};

const PROGRAM: &str = env!("CARGO_BIN_EXE_chancery");

fn write(desk: &Desk, count: usize, state: usize) {
    for number in 0..count {
        let text =
            format!("Notes {number} in state {state}.\n\nThe council of the river met in peace. ");
        desk.write(&format!("documents/{number:03}.txt"), text.repeat(6));
    }
}

/// A run with a commit after each document.
fn start(desk: &Desk) -> Child {
    Command::new(PROGRAM)
        .args(["index", "--commit-every", "0"])
        .current_dir(desk.path())
        .env_remove("CHANCERY_INDEX")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn fingerprint(desk: &Desk) -> Value {
    desk.json(&["status", "--json"])["fingerprint"].clone()
}

/// Waits until something holds; a run that never gets there is a failure.
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::yield_now();
    }
}

fn has_commit(desk: &Desk) -> bool {
    let entries = fs::read_dir(desk.path().join("index")).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("manifest-"))
        && desk.run(&["search", "--no-refresh", "council"]).code == 0
}

/// Kills runs, half of them first ones; `CHANCERY_KILLS=200` for the long form.
#[test]
fn a_killed_run_leaves_the_last_commit_and_the_next_one_mends_the_rest() {
    let kills = std::env::var("CHANCERY_KILLS").map_or(12, |count| count.parse().unwrap());
    let documents = 30;
    let clean: Vec<(Value, Duration)> = [0, 1]
        .map(|state| {
            let desk = Desk::new();
            write(&desk, documents, state);
            let begin = Instant::now();
            assert!(start(&desk).wait_with_output().unwrap().status.success());
            (fingerprint(&desk), begin.elapsed())
        })
        .into();
    let mut dice = 0x9E37_79B9_7F4A_7C15_u64;
    let (mut before_the_first_commit, mut unfinished) = (0, 0);
    for kill in 0..kills {
        let state = kill % 2;
        let desk = Desk::new();
        write(&desk, documents, 0);
        if state == 1 {
            assert_eq!(desk.run(&["index"]).code, 0);
            write(&desk, documents, 1);
        }
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let (expected, took) = &clean[state];
        let moment = took.mul_f64((dice % 1000) as f64 / 1000.0);
        let mut run = start(&desk);
        std::thread::sleep(moment);
        run.kill().unwrap();
        run.wait().unwrap();

        let search = desk.run(&["search", "--no-refresh", "council", "--json", "-n", "all"]);
        match search.code {
            0 => {
                let answer: Value = serde_json::from_str(&search.out).unwrap();
                let hits = answer["hits"].as_array().unwrap();
                assert_eq!(hits.len() as u64, answer["passages"].as_u64().unwrap());
                let status = desk.json(&["status", "--json"]);
                assert_eq!(status["documents"], answer["documents"]);
                assert_eq!(status["passages"], answer["passages"]);
                unfinished += usize::from(status["fingerprint"] != *expected);
                let checked = desk.run(&["check"]);
                assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
            }
            _ => {
                assert!(state == 0 && search.err.contains("there is no index"), "{}", search.err);
                before_the_first_commit += 1;
            }
        }
        let mended = desk.run(&["index"]);
        assert_eq!(mended.code, 0, "{}", mended.err);
        assert_eq!(&fingerprint(&desk), expected);
        assert_eq!(desk.run(&["check"]).code, 0);
        let again = desk.run(&["index"]);
        assert!(again.out.contains("30 unchanged"), "{}", again.out);
        let left = leftovers(&desk.path().join("index"));
        assert_eq!(left, Vec::<String>::new());
    }
    println!(
        "{kills} kills: {before_the_first_commit} before a commit, {unfinished} in the middle"
    );
}

#[cfg(unix)]
#[test]
fn a_run_that_is_told_to_stop_keeps_what_is_whole_and_another_one_waits_its_turn() {
    for signal in ["-TERM", "-INT"] {
        let desk = Desk::new();
        write(&desk, 400, 0);
        let run = start(&desk);
        wait_until("a first commit", || has_commit(&desk));
        let second = desk.run(&["index"]);
        assert!(second.code == 2 && second.err.contains("another run"), "{}", second.err);
        let told = Instant::now();
        let sent = Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let ended = run.wait_with_output().unwrap();
        assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
        let message = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(130), "{message}");
        assert!(message.contains("interrupted") && message.contains("were kept"), "{message}");
        let status = desk.json(&["status", "--json"]);
        let kept = status["documents"].as_u64().unwrap();
        assert!(message.contains(&format!("{kept} files")), "{kept}: {message}");
        assert_eq!(desk.run(&["check"]).code, 0);
        let rest = desk.json(&["index", "--json"]);
        assert_eq!(rest["unchanged"].as_u64(), Some(kept));
        assert_eq!(rest["documents"], 400);
    }
}

#[test]
fn of_first_runs_at_once_one_works_and_the_others_say_so() {
    for _ in 0..8 {
        let desk = Desk::new();
        write(&desk, 30, 0);
        let runs: Vec<Child> = (0..4).map(|_| start(&desk)).collect();
        let mut worked = 0;
        for run in runs {
            let ended = run.wait_with_output().unwrap();
            let message = String::from_utf8(ended.stderr).unwrap();
            match ended.status.code() {
                Some(0) => worked += 1,
                code => assert!(code == Some(2) && message.contains("another run"), "{message}"),
            }
        }
        assert!(worked > 0);
        assert_eq!(desk.json(&["status", "--json"])["documents"], 30);
        assert_eq!(desk.run(&["check"]).code, 0);
    }
}
