//! The words that any name or term uses, found by hash without touching memory for the others.

use std::collections::BTreeMap;

use super::filter::Filter;
use super::fold::fold_char;

/// Number of a word that some name or term uses; [`Word::UNKNOWN`] for all other words. The forms of a
/// word (plural, -ise for -ize) share one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Word(pub(crate) u32);

impl Word {
    /// A word that no name and no term uses.
    pub const UNKNOWN: Self = Self(0);

    /// Whether some name or term uses it.
    pub fn is_known(self) -> bool {
        self != Self::UNKNOWN
    }
}

/// Running hash of a folded word: FNV-1a with a final mix. With 10,000 known words and 10 million
/// different words of text, the chance that any two meet is below 1 in 100 million, so the letters
/// themselves are not compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hash(u64);

impl Hash {
    pub(crate) const START: Self = Self(0xcbf2_9ce4_8422_2325);

    pub(crate) fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }

    pub(crate) fn letter(&mut self, c: char) {
        let mut buffer = [0; 4];
        for byte in c.encode_utf8(&mut buffer).bytes() {
            self.byte(byte);
        }
    }

    fn mixed(self) -> u64 {
        let x = (self.0 ^ (self.0 >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x ^ (x >> 29)
    }

    fn of(word: &str) -> Self {
        let mut hash = Self::START;
        for c in word.chars() {
            fold_char(c, &mut |plain| hash.letter(plain));
        }
        hash
    }
}

/// The known words.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// Where most unknown words stop.
    filter: Filter,
    slots: Vec<(u64, u32)>,
}

impl Words {
    /// The number of a word, in any writing.
    pub fn get(&self, word: &str) -> Word {
        self.find(Hash::of(word))
    }

    pub(crate) fn find(&self, hash: Hash) -> Word {
        let mixed = hash.mixed();
        if !self.filter.may_hold(mixed) {
            return Word::UNKNOWN;
        }
        let mask = self.slots.len() - 1;
        let mut at = (mixed >> 20) as usize & mask;
        while let Some(&(found, word)) = self.slots.get(at) {
            if word == 0 || found == mixed {
                return Word(word);
            }
            at = (at + 1) & mask;
        }
        Word::UNKNOWN
    }
}

/// Collects the words of all names and terms, then makes the table.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    /// Singular form to number, from 1.
    numbers: BTreeMap<String, u32>,
    /// Every form as listed.
    listed: BTreeMap<String, u32>,
}

impl Builder {
    /// The number of a folded word; its other forms get the same one.
    pub(crate) fn intern(&mut self, word: &str) -> Word {
        if let Some(&number) = self.listed.get(word) {
            return Word(number);
        }
        let next = u32::try_from(self.numbers.len() + 1).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(singular(word)).or_insert(next);
        self.listed.insert(word.to_owned(), number);
        Word(number)
    }

    pub(crate) fn finish(self) -> Words {
        let mut forms: BTreeMap<String, u32> = BTreeMap::new();
        for (word, number) in self.numbers.iter().chain(&self.listed) {
            for form in forms_of(word) {
                forms.entry(form).or_insert(*number);
            }
        }
        // What stands in a table wins over what is derived from another word.
        forms.extend(self.listed);
        let n_slots = (forms.len() * 2).next_power_of_two().max(2);
        let filter = Filter::of(forms.keys().map(|form| Hash::of(form).mixed()));
        let mut words = Words { filter, slots: vec![(0, 0); n_slots] };
        for (form, number) in forms {
            let mixed = Hash::of(&form).mixed();
            let first = (mixed >> 20) as usize & (n_slots - 1);
            let (behind, from) = words.slots.split_at_mut_checked(first).unwrap_or_default();
            let is_free = |slot: &&mut (u64, u32)| slot.1 == 0 || slot.0 == mixed;
            // Half of the slots stay free.
            if let Some(slot) = from.iter_mut().chain(behind).find(is_free) {
                *slot = (mixed, number);
            }
        }
        words
    }
}

/// Names that end like the plural of another name: the Americas are not the United States.
const OWN_NAMES: [&str; 1] = ["americas"];

/// The singular of an English plural, by rule; the word itself where none fits.
fn singular(word: &str) -> String {
    if word.len() < 5 || !word.is_ascii() || OWN_NAMES.contains(&word) {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if let Some(stem) = word.strip_suffix("es")
            && word.ends_with(ending)
        {
            return stem.to_owned();
        }
    }
    let keeps = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    match word.strip_suffix('s') {
        Some(stem) if !keeps => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// The forms under which a word is found: itself, its plural, -ise for -ize; Russian case endings.
fn forms_of(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if word.is_ascii() && word.len() >= 4 {
        if let Some(stem) = word.strip_suffix('y')
            && !["ay", "ey", "oy", "uy"].iter().any(|ending| word.ends_with(ending))
        {
            forms.push(format!("{stem}ies"));
        } else if ["s", "x", "ch", "sh"].iter().any(|ending| word.ends_with(ending)) {
            forms.push(format!("{word}es"));
        }
        forms.push(format!("{word}s"));
        if word.len() >= 7 && word.contains("iz") {
            let british: Vec<String> = forms.iter().map(|form| form.replace("iz", "is")).collect();
            forms.extend(british);
        }
    }
    forms.extend(russian_cases(word));
    forms.extend(arabic_prefixes(word));
    forms
}

/// The oblique cases of a Russian noun in -а, -я, -ия, -ь or a consonant, by rule; indeclinable names
/// in other vowels have none.
fn russian_cases(word: &str) -> Vec<String> {
    let Some(last) = word.chars().next_back().filter(|c| ('а'..='я').contains(c)) else {
        return Vec::new();
    };
    if word.chars().count() < 4 {
        return Vec::new();
    }
    let (cut, endings): (usize, &[&str]) = match last {
        _ if word.ends_with("ия") => (1, &["и", "ю", "ей"]),
        'а' => (1, &["ы", "и", "е", "у", "ой"]),
        'я' => (1, &["и", "е", "ю", "ей"]),
        'ь' => (1, &["и", "ю", "я", "ем", "е"]),
        'й' => (1, &["я", "ю", "ем", "е"]),
        'о' | 'и' | 'у' | 'ы' | 'э' | 'е' | 'ю' => return Vec::new(),
        _ => (0, &["а", "у", "ом", "е"]),
    };
    let n = word.chars().count() - cut;
    let stem: String = word.chars().take(n).collect();
    endings.iter().map(|ending| format!("{stem}{ending}")).collect()
}

/// An Arabic word with the particles that are written together with it: and, so, by, like, for.
fn arabic_prefixes(word: &str) -> Vec<String> {
    if !word.starts_with(|c| ('\u{620}'..='\u{64a}').contains(&c)) || word.chars().count() < 3 {
        return Vec::new();
    }
    let mut forms: Vec<String> = ["و", "ف", "ب", "ك", "ل", "وب", "ول"]
        .iter()
        .map(|particle| format!("{particle}{word}"))
        .collect();
    // "for the": the alef of the article falls out.
    if let Some(rest) = word.strip_prefix("ال") {
        forms.push(format!("لل{rest}"));
        forms.push(format!("ولل{rest}"));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(listed: &[&str]) -> (Vec<Word>, Words) {
        let mut builder = Builder::default();
        let numbers = listed.iter().map(|word| builder.intern(word)).collect();
        (numbers, builder.finish())
    }

    #[test]
    fn forms_of_a_word_share_its_number() {
        let (numbers, words) = table(&["treaty", "organization", "россия", "الاردن", "country"]);
        let forms: [&[&str]; 5] = [
            &["treaty", "Treaties", "TREATY"],
            &["organization", "organisations"],
            &["Россия", "России", "Россией"],
            &["الأردن", "للأردن", "والأردن"],
            &["countries"],
        ];
        for (number, forms) in numbers.iter().zip(forms) {
            for form in forms {
                assert_eq!(words.get(form), *number, "{form}");
            }
        }
        assert_eq!(words.get("treat"), Word::UNKNOWN);
    }

    #[test]
    fn short_words_have_no_plural() {
        let (_, words) = table(&["us", "new", "arm"]);
        for word in ["u", "news", "arms"] {
            assert_eq!(words.get(word), Word::UNKNOWN, "{word}");
        }
    }

    #[test]
    fn a_listed_plural_and_its_singular_are_one() {
        let (numbers, words) = table(&["states", "state"]);
        assert_eq!(numbers[0], numbers[1]);
        assert_eq!(words.get("State"), words.get("States"));
    }
}
