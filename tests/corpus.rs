//! The UN General Debate, even sessions, read from beside the project: nothing is lost, metadata is
//! right, and counts of phrases equal an independent reading of the whole files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use chancery::analysis::fold::fold;
use chancery::analysis::wordlist::{is_prefix, is_word};
use serde_json::Value;

use crate::support::{Desk, beside};

pub(crate) struct Debate {
    pub(crate) desk: Desk,
    pub(crate) files: PathBuf,
    report: Value,
}

/// The corpus, unpacked and indexed once for all tests.
pub(crate) fn debate() -> Option<&'static Debate> {
    static DEBATE: OnceLock<Option<Debate>> = OnceLock::new();
    DEBATE
        .get_or_init(|| {
            let packed = beside("corpus/ungdc-even.tar.xz")?;
            let desk = Desk::new();
            let unpacked =
                Command::new("tar").arg("-xJf").arg(packed).current_dir(desk.path()).status();
            if !unpacked.is_ok_and(|status| status.success()) {
                assert!(
                    std::env::var("CI").as_deref() != Ok("true"),
                    "tar and xz are needed in CI"
                );
                println!("skipped: tar or xz is not installed");
                return None;
            }
            let files = desk.path().join("ungdc-even");
            let report = desk.json(&["index", "ungdc-even", "--json"]);
            Some(Debate { desk, files, report })
        })
        .as_ref()
}

#[test]
fn every_speech_is_indexed_with_its_country_and_year() {
    let Some(debate) = debate() else { return };
    assert_eq!(debate.report["documents"], 5421);
    assert_eq!(debate.report["ignored"], 5425);
    assert_eq!(debate.report["skipped"], Value::Array(Vec::new()));
    let again = debate.desk.json(&["index", "--json"]);
    assert_eq!(again["unchanged"], 5421);
    let Some(gold) = beside("eval/regions/speaker.tsv") else { return };
    let gold = fs::read_to_string(gold).unwrap();
    let mut lines = gold.lines();
    let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let column = |name: &str| columns.iter().position(|c| c.contains(name)).unwrap();
    let (path, country) = (column("path"), column("iso3"));
    let expected: BTreeMap<&str, &str> = lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            (cells[path].rsplit('/').next().unwrap(), cells[country])
        })
        .collect();
    let listed = debate.desk.run(&[
        "search",
        "--collection",
        "ungdc",
        "--group",
        "document",
        "-n",
        "all",
        "--format",
        "jsonl",
    ]);
    let mut n_documents = 0;
    for line in listed.out.lines() {
        let hit: Value = serde_json::from_str(line).unwrap();
        let path = hit["document"]["path"].as_str().unwrap();
        let name = path.rsplit('/').next().unwrap();
        assert_eq!(hit["document"]["country"].as_str(), expected.get(name).copied(), "{path}");
        let year = name.trim_end_matches(".txt").rsplit('_').next().unwrap();
        assert_eq!(hit["document"]["year"].to_string(), year, "{path}");
        n_documents += 1;
    }
    assert_eq!(n_documents, 5421);
}

/// The words of a text by rules written here a second time: letters and digits, apostrophes inside,
/// hyphens that layout left taken out, abbreviations as one word.
fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_alphanumeric() {
            at += 1;
            continue;
        }
        let mut word = String::new();
        while at < chars.len() {
            let c = chars[at];
            let next = chars.get(at + 1).copied().unwrap_or(' ');
            let before_digit = word.ends_with(|c: char| c.is_ascii_digit());
            let mark = ('\u{300}'..='\u{36f}').contains(&c);
            if c.is_alphanumeric() || mark || (matches!(c, '\'' | '’') && next.is_alphabetic()) {
                word.push(c);
            } else if matches!(c, '\u{ad}' | '¬') {
                let after = chars[at + 1..].iter().position(|c| !c.is_whitespace()).unwrap_or(0);
                if !chars.get(at + 1 + after).is_some_and(|c| c.is_alphabetic()) {
                    break;
                }
                at += after;
            } else if !(c == '.' && before_digit && next.is_ascii_digit()
                || c == ','
                    && before_digit
                    && chars[at + 1..].iter().take(3).filter(|c| c.is_ascii_digit()).count() == 3)
            {
                break;
            }
            at += 1;
        }
        words.push(word);
        if at < chars.len() && matches!(chars[at], '-' | '\u{2010}' | '\u{2011}') {
            let rest = &chars[at + 1..];
            let gap = rest.iter().position(|c| !c.is_whitespace()).unwrap_or(rest.len());
            let broken =
                rest[..gap].iter().any(|c| matches!(c, '\n' | '\r' | '\u{c}' | '\u{2028}'));
            words.push(
                if gap == 0 {
                    "-"
                } else if broken {
                    "-\n"
                } else {
                    " "
                }
                .to_owned(),
            );
        }
    }
    join_hyphens(&words)
}

fn join_hyphens(words: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut hyphen = "";
    for word in words {
        if word.starts_with('-') || word == " " {
            hyphen = word;
            continue;
        }
        let left = out.last().cloned().unwrap_or_default();
        let plain = |word: &str| word.bytes().all(|b| b.is_ascii_alphabetic());
        let known = |word: &str| {
            word.len() == 1 || is_word(word) || word.strip_suffix('s').is_some_and(is_word)
        };
        let (l, r) = (left.to_lowercase(), word.to_lowercase());
        let both = (known(&l) || is_prefix(&l)) && known(&r);
        let joined = is_word(&format!("{l}{r}"));
        let lower = word.starts_with(|c: char| c.is_ascii_lowercase());
        let join = plain(&left)
            && plain(word)
            && lower
            && match hyphen {
                "-" => joined && !both && left.len() > 1 && word.len() > 1,
                "-\n" => joined || !both,
                _ => false,
            };
        if join {
            out.last_mut().unwrap().push_str(word);
        } else {
            out.push(word.clone());
        }
        hyphen = "";
    }
    out.iter().map(|word| form(word)).collect()
}

fn form(word: &str) -> String {
    let mut form = fold(word);
    if form.ends_with("'s") {
        form.truncate(form.len() - 2);
    }
    form.retain(|c| c != ',');
    form
}

/// Runs of words that nothing but white space and page furniture interrupts.
fn runs(shown: &Value, file: &Path) -> Vec<Vec<String>> {
    let at = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let mut bytes = fs::read(file).unwrap();
    for piece in shown["furniture"].as_array().unwrap() {
        if piece["kind"] == "page" {
            bytes[at(&piece["start"])..at(&piece["end"])].fill(b'\n');
        }
    }
    let text = |from: usize, to: usize| String::from_utf8_lossy(&bytes[from..to]).into_owned();
    let mut runs: Vec<String> = vec![String::new()];
    let mut end = None;
    for passage in shown["passages"].as_array().unwrap() {
        let start = at(&passage["start"]);
        if let Some(end) = end {
            let gap = text(end, start);
            if gap.chars().any(char::is_alphanumeric) {
                runs.push(String::new());
            } else {
                runs.last_mut().unwrap().push_str(&gap);
            }
        }
        runs.last_mut().unwrap().push_str(&text(start, at(&passage["end"])));
        end = Some(at(&passage["end"]));
    }
    runs.iter().map(|run| words(run)).collect()
}

#[test]
fn phrase_counts_equal_an_independent_reading() {
    let Some(debate) = debate() else { return };
    let all = debate.desk.run(&["show", "--all", "--format", "jsonl"]);
    let mut documents: Vec<Vec<Vec<String>>> = Vec::new();
    for line in all.out.lines() {
        let shown: Value = serde_json::from_str(line).unwrap();
        let path = debate.files.join(shown["document"]["path"].as_str().unwrap());
        documents.push(runs(&shown, &path));
    }
    // 200 phrases: known hard ones, then stretches drawn from all over the corpus.
    let mut phrases: BTreeSet<Vec<String>> = [
        "united nations",
        "the united nations",
        "general assembly",
        "security council",
        "in the",
        "human rights",
        "climate change",
        "state of palestine",
        "secretary general",
        "nuclear weapons",
        "non proliferation",
        "vis a vis",
        "co operation",
    ]
    .iter()
    .map(|phrase| phrase.split(' ').map(ToOwned::to_owned).collect())
    .collect();
    let mut dice = 0x2545_F491_4F6C_DD1D_u64;
    while phrases.len() < 200 {
        let mut below = |n: usize| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            usize::try_from(dice % n as u64).unwrap()
        };
        let document = &documents[below(documents.len())];
        let run = &document[below(document.len())];
        let length = 2 + below(4);
        if run.len() > length {
            let at = below(run.len() - length);
            let phrase = run[at..at + length].to_vec();
            // Words that the two readings spell apart by design say nothing: `U.S.`, `don't`.
            if phrase.iter().all(|w| w.len() > 1 && w.bytes().all(|b| b.is_ascii_lowercase())) {
                phrases.insert(phrase);
            }
        }
    }
    let phrases: Vec<Vec<String>> = phrases.into_iter().collect();
    let mut first: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, phrase) in phrases.iter().enumerate() {
        first.entry(&phrase[0]).or_default().push(index);
    }
    let mut expected = vec![(0_u64, 0_u64); phrases.len()];
    for document in &documents {
        let mut here = BTreeSet::new();
        for run in document {
            for (at, word) in run.iter().enumerate() {
                for &index in first.get(word.as_str()).into_iter().flatten() {
                    if run[at..].starts_with(&phrases[index]) {
                        expected[index].0 += 1;
                        here.insert(index);
                    }
                }
            }
        }
        for index in here {
            expected[index].1 += 1;
        }
    }
    let queries: String = phrases
        .iter()
        .enumerate()
        .map(|(index, phrase)| format!("{index}\t\"{}\"\n", phrase.join(" ")))
        .collect();
    let ran = debate.desk.run_with(
        &["search", "--literal", "--queries", "-", "--occurrences", "-n", "0", "--json"],
        &queries,
    );
    let mut faults = Vec::new();
    for (index, line) in ran.out.lines().enumerate() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let found =
            (answer["occurrences"].as_u64().unwrap(), answer["documents"].as_u64().unwrap());
        if found != expected[index] {
            faults.push(format!("{:?}: {found:?}, read {:?}", phrases[index], expected[index]));
        }
    }
    assert_eq!(ran.out.lines().count(), phrases.len());
    assert!(faults.is_empty(), "{faults:#?}");
}
