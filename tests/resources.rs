//! Little room, few handles, closed streams, no rights: the cause is told, the last commit stays.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::Value;

use crate::support::Desk;

const PROGRAM: &str = env!("CARGO_BIN_EXE_chancery");

/// Runs a shell line in the desk's folder; `$CHANCERY` is the program.
fn shell(desk: &Desk, line: &str) -> (i32, String, String) {
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(desk.path())
        .env_remove("CHANCERY_INDEX")
        .env("CHANCERY", PROGRAM)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// An indexed project, and new documents that are not indexed yet. Their words differ, so that the
/// index of them needs room.
fn desk() -> Desk {
    let desk =
        Desk::with(&[("a.txt", "The river treaty holds for all who came to the council.\n")]);
    let mut dice = 7_u64;
    for number in 0..60 {
        let words: Vec<String> = (0..2000)
            .map(|_| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
                format!("w{:x}", dice >> 34)
            })
            .collect();
        desk.write(&format!("documents/{number}.txt"), words.join(" "));
    }
    desk
}

fn answers(desk: &Desk) -> Value {
    let answer = desk.json(&["search", "--no-refresh", "river", "--json"]);
    assert_eq!(answer["passages"], 1);
    assert_eq!(desk.run(&["check"]).code, 0);
    answer["index"]["fingerprint"].clone()
}

fn mended(desk: &Desk) {
    let ran = desk.run(&["index"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(desk.json(&["status", "--json"])["documents"], 61);
    assert_eq!(desk.run(&["check"]).code, 0);
}

#[test]
fn a_limit_on_the_size_of_files_is_told_and_the_last_commit_stays() {
    let desk = desk();
    let before = answers(&desk);
    for blocks in [8, 64, 512] {
        let (code, _, err) = shell(&desk, &format!("ulimit -f {blocks}; exec \"$CHANCERY\" index"));
        assert_eq!(code, 2, "{blocks}: {err}");
        assert!(err.contains("File too large") && err.contains("hint:"), "{err}");
        assert_eq!(answers(&desk), before);
    }
    mended(&desk);
}

#[test]
fn few_handles_are_enough() {
    let desk = desk();
    let (code, _, err) = shell(&desk, "ulimit -n 32; exec \"$CHANCERY\" index");
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = shell(&desk, "ulimit -n 24; exec \"$CHANCERY\" search river");
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = shell(&desk, "ulimit -n 4; exec \"$CHANCERY\" search river");
    assert!(code == 2 && err.contains("Too many open files"), "{code}: {err}");
    mended(&desk);
}

#[test]
fn a_low_limit_of_memory_leaves_the_last_commit() {
    let desk = desk();
    let before = answers(&desk);
    for kilobytes in [20_000, 100_000, 200_000, 400_000, 800_000] {
        let run = format!("ulimit -v {kilobytes}; exec \"$CHANCERY\" index --threads 1");
        let (code, _, err) = shell(&desk, &run);
        if code == 0 {
            break;
        }
        // Where not even the system can load the program, nobody can say so.
        let start = format!("ulimit -v {kilobytes}; exec \"$CHANCERY\" --version");
        if shell(&desk, &start).0 != 0 {
            continue;
        }
        assert!(!err.trim().is_empty() && !err.contains("damaged"), "{kilobytes}, {code}: {err}");
        assert_eq!(answers(&desk), before);
    }
    mended(&desk);
}

#[test]
fn closed_and_full_streams_and_no_home() {
    let desk = desk();
    let (code, _, _) = shell(&desk, "\"$CHANCERY\" search river >&-");
    assert_eq!(code, 0);
    let (code, out, _) = shell(&desk, "\"$CHANCERY\" search river | true; echo done");
    assert!(code == 0 && out.contains("done"));
    if fs::metadata("/dev/full").is_ok() {
        let (code, _, err) = shell(&desk, "exec \"$CHANCERY\" search river > /dev/full");
        assert!(code == 2 && err.contains("No space left"), "{code}: {err}");
    }
    let bare = "env -i CHANCERY=\"$CHANCERY\" sh -c 'exec \"$CHANCERY\" index <&- 2>&-'";
    assert_eq!(shell(&desk, bare).0, 0);
    mended(&desk);
}

/// Whether this user is held by rights at all.
fn rights_count(desk: &Desk) -> bool {
    let probe = desk.path().join("probe");
    fs::create_dir(&probe).unwrap();
    fs::set_permissions(&probe, fs::Permissions::from_mode(0o555)).unwrap();
    let held = fs::write(probe.join("x"), "x").is_err();
    fs::remove_dir_all(&probe).unwrap();
    held
}

#[test]
fn without_the_right_to_write_or_read() {
    let desk = desk();
    if !rights_count(&desk) {
        println!("skipped: rights do not hold this user");
        return;
    }
    let mode = |path: &str, mode: u32| {
        fs::set_permissions(desk.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    let before = answers(&desk);
    for folder in ["index/segments", "index"] {
        mode(folder, 0o555);
    }
    assert_eq!(answers(&desk), before);
    let ran = desk.run(&["index"]);
    assert!(ran.code == 2 && ran.err.contains("ermission denied"), "{}", ran.err);
    for folder in ["index", "index/segments"] {
        mode(folder, 0o755);
    }
    mode("documents/3.txt", 0o000);
    let report = desk.json(&["index", "--json"]);
    assert_eq!(report["skipped"][0]["path"], "3.txt");
    mode("documents/3.txt", 0o644);
    mode("documents", 0o555);
    mended(&desk);
    mode("documents", 0o000);
    let ran = desk.run(&["index"]);
    assert!(ran.code == 2 && ran.err.contains("ermission denied"), "{}", ran.err);
    mode("documents", 0o755);
    mended(&desk);
}

#[test]
fn one_document_that_is_too_long_is_named() {
    let desk = Desk::new();
    let line = "The delegates spoke at length about the harbour. ";
    let n = (64 << 20) / line.len() + 2;
    desk.write("documents/long.txt", line.repeat(n));
    desk.write("documents/long.html", format!("<p>{}</p>", line.repeat(n)));
    desk.write("documents/short.txt", line);
    let report = desk.json(&["index", "--json"]);
    assert_eq!(report["documents"], 1);
    let skipped = report["skipped"].as_array().unwrap();
    assert_eq!(skipped.len(), 2, "{skipped:?}");
    assert!(
        skipped.iter().all(|s| s["reason"].as_str().unwrap().contains("64 MiB")),
        "{skipped:?}"
    );
}
