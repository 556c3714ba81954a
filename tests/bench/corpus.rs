//! What is measured on: the general debate beside the project, a folder, or generated texts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Documents that a generated corpus has for each step of its scale.
const GENERATED: usize = 1_500;
/// Words of a generated document, at least; twice as many at most.
const WORDS: usize = 2_000;
/// Different words of generated texts.
const VOCABULARY: usize = 40_000;

/// Words that the queries ask for, from the commonest on, so that they find something in generated texts.
const KNOWN: [&str; 60] = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "that",
    "nations",
    "united",
    "for",
    "we",
    "is",
    "our",
    "international",
    "peace",
    "countries",
    "world",
    "security",
    "development",
    "states",
    "people",
    "human",
    "rights",
    "general",
    "assembly",
    "peoples",
    "government",
    "economic",
    "council",
    "nuclear",
    "weapons",
    "global",
    "climate",
    "change",
    "cooperation",
    "treaty",
    "disarmament",
    "africa",
    "small",
    "island",
    "embargo",
    "cuba",
    "multilateral",
    "multilateralism",
    "self",
    "determination",
    "warming",
    "law",
    "sea",
    "refugees",
    "palestine",
    "trade",
    "debt",
    "food",
    "energy",
    "terrorism",
    "sanctions",
    "apartheid",
    "mutual",
    "respect",
];

/// Files to index.
pub(crate) struct Corpus {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) files: Vec<PathBuf>,
    pub(crate) bytes: u64,
}

impl Corpus {
    /// The folder asked for, a generated corpus of the size asked for, the general debate where it is
    /// there, else a small generated one.
    pub(crate) fn get(folder: &Option<PathBuf>, scale: Option<usize>, desk: &Path) -> Self {
        if let Some(folder) = folder {
            return Self::of(folder.display().to_string(), folder.clone());
        }
        let packed =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/ungdc-even.tar.xz");
        if scale.is_none() && packed.exists() {
            let unpacked = Command::new("tar").arg("-xJf").arg(&packed).current_dir(desk).status();
            if unpacked.is_ok_and(|status| status.success()) {
                let name = "UN General Debate, even sessions".to_owned();
                return Self::of(name, desk.join("ungdc-even"));
            }
        }
        let scale = scale.unwrap_or(1);
        let folder = desk.join("generated");
        generate(&folder, scale * GENERATED);
        Self::of(format!("generated, scale {scale}"), folder)
    }

    fn of(name: String, folder: PathBuf) -> Self {
        let mut files = Vec::new();
        collect(&folder, &mut files);
        files.sort();
        let bytes = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|m| m.len()).sum();
        Self { name, folder, files, bytes }
    }
}

pub(crate) fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// A generator with a fixed seed: every run measures the same texts.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// A rank by Zipf's law: the n-th word is about n times rarer than the first.
    fn rank(&mut self) -> usize {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((VOCABULARY as f64).powf(share) as usize - 1).min(VOCABULARY - 1)
    }
}

fn generate(folder: &Path, n_documents: usize) {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut words: Vec<String> = KNOWN.iter().map(|word| (*word).to_owned()).collect();
    const SYLLABLES: [&str; 16] = [
        "ba", "ce", "di", "fo", "gu", "ha", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wa",
        "ze",
    ];
    while words.len() < VOCABULARY {
        let n = 2 + dice.below(3);
        words.push((0..n).map(|_| SYLLABLES[dice.below(SYLLABLES.len())]).collect());
    }
    for number in 0..n_documents {
        let year = 1946 + number % 79;
        let place = folder.join(year.to_string());
        fs::create_dir_all(&place).unwrap();
        let mut text = format!("Statement number {number}\n\n");
        let mut left = WORDS + dice.below(WORDS);
        while left > 0 {
            for _ in 0..3 + dice.below(4) {
                let n = (8 + dice.below(25)).min(left);
                left -= n;
                let sentence: Vec<&str> = (0..n).map(|_| words[dice.rank()].as_str()).collect();
                let mut sentence = sentence.join(" ");
                if let Some(first) = sentence.get_mut(0..1) {
                    first.make_ascii_uppercase();
                }
                text.push_str(&sentence);
                text.push_str(". ");
                if left == 0 {
                    break;
                }
            }
            text.push_str("\n\n");
        }
        fs::write(place.join(format!("statement-{number:06}.txt")), text).unwrap();
    }
}
