//! Queries and texts by the throw of dice.

use chancery::analysis::stopwords::is_stop_word;

use super::tree::{Query, Spot, Test};
use super::words::Page;
use crate::support::Dice;

/// Words and runs of words that stand in the texts.
#[derive(Default)]
pub(crate) struct Choice {
    /// As often as they stand there.
    words: Vec<String>,
    /// Each once.
    different: Vec<String>,
    /// Words that stand in a row, in one passage.
    runs: Vec<Vec<String>>,
}

impl Choice {
    pub(crate) fn take(&mut self, page: &Page) {
        let mut run: Vec<String> = Vec::new();
        let mut next = 0;
        for token in &page.tokens {
            let folded = &token.form.folded;
            let is_plain = token.length == 1 && folded.bytes().all(|b| b.is_ascii_lowercase());
            if !is_plain || token.start != next || run.len() == 30 {
                self.runs.extend((run.len() > 5).then(|| std::mem::take(&mut run)));
                run.clear();
            }
            next = token.start + token.length;
            if is_plain {
                run.push(folded.clone());
                if folded.len() > 2 && !is_stop_word(folded) {
                    self.words.push(folded.clone());
                }
            }
        }
        self.different.clear();
    }

    /// A word; every other time one that is rare.
    fn word(&mut self, dice: &mut Dice) -> String {
        if self.different.is_empty() {
            self.different.clone_from(&self.words);
            self.different.sort_unstable();
            self.different.dedup();
        }
        let list = if dice.below(2) == 0 { &self.words } else { &self.different };
        list[dice.below(list.len())].clone()
    }

    /// A frequent word.
    fn frequent(&self, dice: &mut Dice) -> String {
        self.words[dice.below(self.words.len())].clone()
    }

    fn run(&self, length: usize, dice: &mut Dice) -> Vec<String> {
        let run = &self.runs[dice.below(self.runs.len())];
        let at = dice.below(run.len() - length.min(run.len() - 1));
        run[at..(at + length).min(run.len())].to_vec()
    }

    /// Two words that stand near each other, so that a pair finds something.
    fn near(&self, dice: &mut Dice) -> (String, String) {
        loop {
            let run = self.run(6, dice);
            let kept: Vec<&String> =
                run.iter().filter(|w| w.len() > 2 && !is_stop_word(w)).collect();
            if kept.len() > 1 {
                let one = dice.below(kept.len());
                let other = (one + 1 + dice.below(kept.len() - 1)) % kept.len();
                return (kept[one].clone(), kept[other].clone());
            }
        }
    }

    /// A query of one of many kinds.
    pub(crate) fn query(&mut self, kind: usize, dice: &mut Dice) -> Query {
        let spot = match kind % 20 {
            0 => Spot::Word(self.word(dice)),
            1 => Spot::Literal(self.word(dice)),
            2 => Spot::Phrase(self.run(2 + dice.below(4), dice), 0),
            3 => self.starred(dice),
            4 => {
                let mut words = self.run(2 + dice.below(3), dice);
                if words.len() > 2 {
                    words.remove(1);
                }
                Spot::Phrase(words, 1 + dice.below(4) as u32)
            }
            5 | 6 => self.pair(0, dice),
            7 => self.pair(1, dice),
            8 => self.pair(2, dice),
            9 => self.pair(3, dice),
            10 => self.wild(dice),
            11 => self.regex(dice),
            12 => self.fuzzy(dice),
            13 => {
                let pair = self.pair(dice.below(4), dice);
                let other = self.operand(dice);
                let (one, other) = if dice.below(2) == 0 { (pair, other) } else { (other, pair) };
                join(dice.below(4), one, 1 + dice.below(15) as u32, other)
            }
            14 => Spot::Phrase(vec![self.word(dice)], 0),
            _ => return self.list(dice, 2),
        };
        Query::Spot(spot)
    }

    fn pair(&mut self, kind: usize, dice: &mut Dice) -> Spot {
        let (a, b) = self.near(dice);
        let mut spot = |word: String, choice: &mut Self| match dice.below(6) {
            0 => Spot::Literal(word),
            1 => Spot::Any(vec![Spot::Word(word), choice.operand(dice)]),
            2 if word.len() > 4 => Spot::Pattern(Test::Wild(format!("{}*", &word[..4]))),
            _ => Spot::Word(word),
        };
        let (a, b) = (spot(a, self), spot(b, self));
        join(kind, a, 1 + dice.below(25) as u32, b)
    }

    fn operand(&mut self, dice: &mut Dice) -> Spot {
        match dice.below(6) {
            0 => Spot::Literal(self.word(dice)),
            1 => Spot::Phrase(self.run(2, dice), 0),
            2 => self.wild(dice),
            _ => Spot::Word(self.frequent(dice)),
        }
    }

    fn starred(&mut self, dice: &mut Dice) -> Spot {
        let mut words = self.run(3 + dice.below(2), dice);
        let at = 1 + dice.below(words.len() - 1);
        if dice.below(2) == 0 && at + 1 < words.len() {
            "*".clone_into(&mut words[at]);
        } else if words[at].len() > 2 {
            let cut = words[at].len().min(3);
            words[at] = format!("{}*", &words[at][..cut]);
        }
        Spot::Phrase(words, 0)
    }

    fn long(&mut self, least: usize, dice: &mut Dice) -> String {
        loop {
            let word = self.word(dice);
            if word.len() >= least {
                return word;
            }
        }
    }

    fn wild(&mut self, dice: &mut Dice) -> Spot {
        let word = self.long(5, dice);
        let at = 1 + dice.below(word.len() - 2);
        let text = match dice.below(4) {
            0 | 1 => format!("{}*", &word[..3 + dice.below(word.len() - 3)]),
            2 => format!("{}?{}", &word[..at], &word[at + 1..]),
            _ => format!("*{}", &word[word.len() - 4..]),
        };
        Spot::Pattern(Test::Wild(text))
    }

    fn regex(&mut self, dice: &mut Dice) -> Spot {
        let word = self.long(6, dice);
        let other = self.long(4, dice);
        let at = 1 + dice.below(word.len() - 2);
        let (head, tail) = (&word[..at], &word[at + 1..]);
        let text = match dice.below(7) {
            0 => format!("{}.*", &word[..4]),
            1 => format!(".*{}", &word[word.len() - 4..]),
            2 => format!("{head}[abcdefghijklm]{tail}"),
            3 => format!("({word}|{other})s?"),
            4 => format!("{head}.?{tail}"),
            5 => format!("{}[a-e]*-?.+", &word[..3]).replace("[a-e]*", "[abcde]*"),
            _ => format!("({head}.+|{other}(s|ed|ing)?)"),
        };
        Spot::Pattern(Test::Regex(text))
    }

    fn fuzzy(&mut self, dice: &mut Dice) -> Spot {
        let word = self.long(5, dice);
        let most = if word.len() > 7 { 1 + dice.below(2) } else { 1 };
        let at = 1 + dice.below(word.len() - 2);
        let typed = match dice.below(3) {
            0 => format!("{}{}", &word[..at], &word[at + 1..]),
            1 => format!("{}x{}", &word[..at], &word[at..]),
            _ => word,
        };
        Spot::Pattern(Test::Fuzzy(typed, most))
    }

    /// AND, OR, NOT and `+` over spots and over one another.
    fn list(&mut self, dice: &mut Dice, depth: usize) -> Query {
        let n = 2 + dice.below(2);
        let kind = dice.below(5);
        let mut queries: Vec<Query> = (0..n).map(|_| self.part(dice, depth)).collect();
        match kind {
            0 | 1 => Query::And(queries),
            2 => Query::Or(queries),
            3 => Query::Without(Box::new(queries.remove(0)), queries),
            _ => Query::Must(Box::new(queries.remove(0)), queries),
        }
    }

    fn part(&mut self, dice: &mut Dice, depth: usize) -> Query {
        match dice.below(7) {
            0 if depth > 1 => self.list(dice, depth - 1),
            1 => Query::Spot(self.pair(dice.below(4), dice)),
            2 => Query::Spot(Spot::Phrase(self.run(2, dice), 0)),
            3 => Query::Spot(self.wild(dice)),
            _ => Query::Spot(Spot::Word(self.frequent(dice))),
        }
    }
}

fn join(kind: usize, a: Spot, n: u32, b: Spot) -> Spot {
    let (a, b) = (Box::new(a), Box::new(b));
    match kind {
        0 => Spot::Near(a, n, b),
        1 => Spot::Before(a, n, b),
        2 => Spot::Sent(a, b),
        _ => Spot::Para(a, b),
    }
}

const WORDS: [&str; 48] = [
    "peace",
    "treaty",
    "treaties",
    "river",
    "council",
    "border",
    "borders",
    "trade",
    "trading",
    "free",
    "freedom",
    "common",
    "state",
    "states",
    "state's",
    "law",
    "lawful",
    "sea",
    "seas",
    "win-win",
    "co-operation",
    "cooperation",
    "self-determination",
    "non-nuclear",
    "nuclear",
    "weapon",
    "weapons",
    "security",
    "secure",
    "secured",
    "nation",
    "nations",
    "national",
    "unit",
    "united",
    "unity",
    "organise",
    "organize",
    "organization",
    "défense",
    "Côte",
    "U.N.",
    "NPT",
    "1,000",
    "3.5",
    "colour",
    "programme",
    "harbour",
];

/// A text with sentences, paragraphs, headings, broken lines and hyphens at their ends.
pub(crate) fn made_up(dice: &mut Dice) -> String {
    let mut text = String::new();
    for index in 0..1 + dice.below(5) {
        if index > 0 && dice.below(3) == 0 {
            text.push_str("The Common State of Trade\n\n");
        }
        let wrapped = dice.below(2) == 0;
        for _ in 0..1 + dice.below(7) {
            let n_words = 4 + dice.below(22);
            for place in 0..n_words {
                let word = WORDS[dice.below(WORDS.len())];
                if place == 0 {
                    let first = word.chars().next().unwrap();
                    text.extend(first.to_uppercase());
                    text.push_str(&word[first.len_utf8()..]);
                } else {
                    text.push_str(word);
                }
                let sign = match dice.below(40) {
                    0 => ", ",
                    1 if wrapped => "-\n",
                    2..=5 if wrapped => "\n",
                    _ => " ",
                };
                text.push_str(if place + 1 == n_words { ". " } else { sign });
            }
        }
        text.push_str("\n\n");
    }
    text
}
