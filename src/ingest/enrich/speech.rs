//! What the formulas of diplomatic texts tell: who speaks by a title, whom an office serves, in which
//! language something was said, when a text was adopted or signed.

use super::date::dates_in;
use super::language::named;
use crate::document::{Date, Language, SectionKind};
use crate::ingest::structure::Structure;

/// Who speaks, by the title of a speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SpokenBy {
    pub(super) name: String,
    pub(super) role: Option<String>,
}

/// Words of a title before `by`.
const SPOKEN: [&str; 14] = [
    "statement",
    "address",
    "speech",
    "remarks",
    "allocution",
    "discours",
    "déclaration",
    "intervention",
    "discurso",
    "declaración",
    "intervención",
    "keynote",
    "lecture",
    "message",
];

/// Forms of address before a name.
const HONORS: [&str; 20] = [
    "H.E.",
    "H.E",
    "S.E.",
    "S.E.M.",
    "His Excellency",
    "Her Excellency",
    "the Honourable",
    "The Honourable",
    "Hon.",
    "Son Excellence",
    "Monsieur",
    "Madame",
    "Mme",
    "Mlle",
    "Mr.",
    "Mrs.",
    "Ms.",
    "Dr.",
    "M.",
    "the",
];

/// Reads `Statement by H.E. Mr. Jose Roe, Minister for Foreign Affairs of Utopia, at …`.
pub(super) fn speaker_of_title(title: &str) -> Option<SpokenBy> {
    let lower = title.to_lowercase();
    // Offsets in both must be the same.
    if lower.len() != title.len() {
        return None;
    }
    let (by, length) = [" by ", " par ", " por ", " del ", " de "]
        .iter()
        .filter_map(|by| lower.find(by).map(|at| (at, by.len())))
        .min()?;
    let before = lower.get(..by)?;
    let first = before.split_whitespace().next().unwrap_or_default();
    let last = before.split_whitespace().last().unwrap_or_default();
    let delivered =
        matches!(last, "delivered" | "made" | "given" | "prononcé" | "prononcée" | "pronunciado");
    if !SPOKEN.contains(&first) || !(SPOKEN.contains(&last) || delivered) {
        return None;
    }
    let mut rest = title.get(by + length..)?.trim();
    let mut honored = false;
    while let Some(bare) = HONORS
        .iter()
        .find_map(|honor| rest.strip_prefix(honor).filter(|rest| rest.starts_with([' ', ','])))
    {
        rest = bare.trim_start_matches([' ', ',']);
        honored = true;
    }
    let mut parts = rest.splitn(2, [',', '(', '\n']);
    let name = parts.next()?.split(" at ").next()?.split(" to the ").next()?.trim();
    let n_words = name.split_whitespace().count();
    let named = name.split_whitespace().all(|word| {
        word.chars().next().is_some_and(char::is_uppercase)
            || matches!(
                word,
                "de" | "da" | "del" | "van" | "von" | "der" | "bin" | "al" | "el" | "ibn" | "y"
            )
    });
    // `Statement by the President`: an office, no name.
    let is_office = [
        "Minister",
        "President",
        "Secretary",
        "Representative",
        "Ambassador",
        "Delegation",
        "Chair",
        "Head",
        "Prime",
        "Permanent",
        "Group",
        "European",
        "Government",
    ]
    .iter()
    .any(|office| name.split_whitespace().next() == Some(office));
    if !named || is_office || !(honored && n_words >= 1 || n_words >= 2) || n_words > 6 {
        return None;
    }
    let role = parts.next().and_then(|rest| {
        let end = [
            ", at ",
            ", on ",
            " at the ",
            " before the ",
            " to the ",
            ", during ",
            " on the occasion",
        ]
        .iter()
        .filter_map(|end| rest.find(end))
        .min()
        .unwrap_or(rest.len());
        let role = rest.get(..end)?.trim().trim_end_matches([',', ')', '.']);
        role.starts_with(char::is_uppercase).then(|| role.to_owned())
    });
    Some(SpokenBy { name: name.to_owned(), role })
}

/// What may be the State that an office serves: what follows an ` of `, the longest first, in offices of
/// a government. `Minister of Trade of the Republic of Utopia` serves none called `Trade of …`.
pub(super) fn served(role: &str) -> Vec<&str> {
    const OFFICES: [&str; 18] = [
        "minister",
        "president",
        "secretary",
        "ambassador",
        "representative",
        "councillor",
        "chancellor",
        "king",
        "queen",
        "emperor",
        "delegate",
        "envoy",
        "consul",
        "premier",
        "head",
        "chairman",
        "chargé",
        "emir",
    ];
    let lower = role.to_lowercase();
    let holds = lower
        .split(|sign: char| !sign.is_alphabetic())
        .any(|word| OFFICES.contains(&word) || word == "ministre" || word == "ministro");
    if !holds {
        return Vec::new();
    }
    let head = role.split([',', ';', '(']).next().unwrap_or(role).trim().trim_end_matches('.');
    [" of ", " de "]
        .iter()
        .flat_map(|of| head.match_indices(of).map(|(at, of)| at + of.len()))
        .filter_map(|at| head.get(at..))
        .map(|state| state.strip_prefix("the ").unwrap_or(state))
        .collect()
}

/// Signs at the head in which a note on the language is the document's own.
const NOTE_WITHIN: usize = 1500;

/// The language that a note in brackets says a text was spoken or written in: `(spoke in Spanish)`,
/// `[Original: French]`. Records of several speakers have one for each, so none of their own.
pub(super) fn spoken_in(text: &str, structure: &Structure) -> Option<(Language, String)> {
    let turns = structure.sections.iter().filter(|s| s.kind == SectionKind::Turn).count();
    if turns > 1 {
        return None;
    }
    let end = (0..=NOTE_WITHIN.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    let head = text.get(..end)?;
    let mut rest = head;
    while let Some(open) = rest.find(['(', '[']) {
        rest = rest.get(open + 1..)?;
        let Some(close) = rest.find([')', ']']) else { break };
        let note = rest.get(..close)?;
        if let Some(language) = noted(note) {
            return Some((language, note.to_owned()));
        }
    }
    // `Original: FRENCH` on a line of its own, as on documents of the United Nations.
    head.lines().map(str::trim).filter(|line| line.len() < 60).find_map(|line| {
        let (label, _) = line.split_once(':')?;
        let own = matches!(
            label.trim().to_lowercase().as_str(),
            "original" | "original language" | "langue originale"
        );
        Some((noted(line).filter(|_| own)?, line.to_owned()))
    })
}

/// The language of a note, without its brackets.
fn noted(note: &str) -> Option<Language> {
    const LEADS: [&str; 14] = [
        "spoke in ",
        "spoken in ",
        "interpretation from ",
        "translated from ",
        "translation from ",
        "original: ",
        "original:",
        "original in ",
        "original language: ",
        "delivered in ",
        "parle en ",
        "a parlé en ",
        "habla en ",
        "langue originale : ",
    ];
    let lower = note.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let rest = LEADS.iter().find_map(|lead| lower.strip_prefix(lead))?;
    let name = rest.split(|sign: char| !sign.is_alphabetic()).find(|word| !word.is_empty())?;
    named(name).filter(|_| name.chars().count() > 3)
}

/// Bytes at the end in which a treaty says where and when it was done.
const DONE_WITHIN: usize = 3000;

/// How the last sentence of a treaty begins, each with a capital.
const FORMULAS: [&str; 8] = [
    "DONE at ",
    "Done at ",
    "DONE in ",
    "Done in ",
    "Fait à ",
    "FAIT à ",
    "Hecho en ",
    "HECHO en ",
];

/// The date of `Adopted … on 31 October 2000` at the head and of `DONE at Geneva, on 3 May 1978` at the end.
pub(super) fn dated_by_formula(text: &str, head: &str) -> Option<(Date, String)> {
    let adopted = head.lines().find_map(|line| {
        let lower = line.to_lowercase();
        let at =
            ["adopted", "resolution adopted", "adoptée", "aprobada", "delivered on", "issued on"]
                .iter()
                .find_map(|word| lower.find(word))?;
        let words = line.get(at..)?;
        Some((dates_in(words).into_iter().next()?, words.trim().to_owned()))
    });
    if adopted.is_some() {
        return adopted;
    }
    let from = text.len().saturating_sub(DONE_WITHIN);
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at))?;
    let tail = text.get(from..)?;
    let opened = |at: usize| {
        let words = tail.get(at..)?;
        FORMULAS.iter().any(|formula| words.starts_with(formula)).then_some(words)
    };
    let capitals = tail.bytes().enumerate().rev().filter(|(_, byte)| byte.is_ascii_uppercase());
    let words = capitals.map(|(at, _)| at).find_map(opened)?.split("\n\n").next()?;
    Some((dates_in(words).into_iter().next()?, words.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_name_speakers() {
        for (title, name, role) in [
            (
                "Statement by H.E. Mr. Jose Roe, Minister for Foreign Affairs of Utopia, at the General Debate",
                Some("Jose Roe"),
                Some("Minister for Foreign Affairs of Utopia"),
            ),
            ("Address by Jane Roe to the Senate", Some("Jane Roe"), None),
            ("Discours de Mme Roe", Some("Roe"), None),
            ("Statement by the President of the Security Council", None, None),
            ("Poems by Jane Roe", None, None),
            ("A Statement of Aims", None, None),
        ] {
            let found = speaker_of_title(title);
            assert_eq!(found.as_ref().map(|by| by.name.as_str()), name, "{title}");
            assert_eq!(found.and_then(|by| by.role).as_deref(), role, "{title}");
        }
    }

    #[test]
    fn offices_serve_states() {
        for (role, state) in [
            (
                "Minister of Trade of the Republic of Utopia",
                "Trade of the Republic of Utopia|Republic of Utopia|Utopia",
            ),
            ("President of France, at Vienna", "France"),
            ("professor of history", ""),
            ("Minister", ""),
        ] {
            assert_eq!(served(role).join("|"), state, "{role}");
        }
    }

    #[test]
    fn notes_tell_the_language() {
        let told = |text: &str| {
            spoken_in(text, &Structure::default()).map(|(language, _)| language.to_string())
        };
        for (text, expected) in [
            ("Mr. ROE (Utopia) (interpretation from French): I thank", Some("fr")),
            ("Mr. Roe (spoke in Spanish): I", Some("es")),
            ("A/C.1/12\n[Original: Russian]\n", Some("ru")),
            ("A/C.1/12\nORIGINAL: ENGLISH\n", Some("en")),
            ("He spoke in Spanish and was not heard", None),
            ("It was original: French people like it", None),
            ("(original: see below)", None),
        ] {
            assert_eq!(told(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn formulas_give_dates() {
        let dated = |text: &str| dated_by_formula(text, text).map(|(date, _)| date.to_string());
        for (text, expected) in [
            (
                "Adopted by the Security Council at its 4213th meeting, on 31 October 2000",
                Some("2000-10-31"),
            ),
            ("Text\n\nDONE at Geneva, on 3 May 1978, in two copies.", Some("1978-05-03")),
            ("What was done on 3 May 1978", None),
        ] {
            assert_eq!(dated(text).as_deref(), expected, "{text}");
        }
    }
}
