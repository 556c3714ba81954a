//! What part a section plays, by the words of its heading.

use crate::document::{SectionKind, SectionRole, Span};
use crate::ingest::sidecar::Anchor;

use super::glyphs::End;
use super::outline::Structure;
use super::{cues, numbers, score};

/// Names of sections in lower case, without their numbers.
const NAMES: &[(SectionRole, &[&str])] = &[
    (
        SectionRole::Preamble,
        &[
            "preamble",
            "préambule",
            "preámbulo",
            "preâmbulo",
            "präambel",
            "преамбула",
            "الديباجة",
            "序言",
        ],
    ),
    (
        SectionRole::Introduction,
        &[
            "introduction",
            "foreword",
            "preface",
            "overview",
            "introducción",
            "einleitung",
            "введение",
            "引言",
        ],
    ),
    (
        SectionRole::Conclusion,
        &[
            "conclusion",
            "conclusions",
            "concluding remarks",
            "closing",
            "closing remarks",
            "conclusión",
            "schluss",
            "заключение",
            "结论",
            "final remarks",
        ],
    ),
    (SectionRole::Greeting, &["greeting", "greetings", "salutation", "opening"]),
    (SectionRole::Signature, &["signature", "signatures", "signatories", "firma", "подписи"]),
    (SectionRole::Questions, &["questions", "questions and answers", "q&a", "q & a", "q and a"]),
    (
        SectionRole::Notes,
        &[
            "notes",
            "note",
            "endnotes",
            "footnotes",
            "references",
            "bibliography",
            "sources",
            "works cited",
            "further reading",
            "notas",
            "anmerkungen",
            "примечания",
        ],
    ),
    (
        SectionRole::Contents,
        &["contents", "table of contents", "índice", "sommaire", "inhalt", "содержание", "目录"],
    ),
];

/// Openings of headings that make an annex.
const ANNEXES: &[&str] = &["annex", "appendix", "anexo", "anhang", "приложение", "attachment"];

/// Sets the roles of sections.
pub(super) fn set(text: &str, structure: &mut Structure) {
    // What stands before the first part or article of a treaty, up to "have agreed as follows:".
    let last = structure.paragraphs.iter().take_while(|paragraph| paragraph.section == 0).last();
    let led_in = last.is_some_and(|paragraph| {
        matches!(End::of(paragraph.span.of(text)), End::Colon | End::Soft)
    });
    let divided = structure.sections.get(1).and_then(|section| section.title.as_deref());
    if led_in
        && divided.is_some_and(score::is_division)
        && let Some(front) = structure.sections.first_mut()
        && front.kind == SectionKind::Front
    {
        front.role = Some(SectionRole::Preamble);
    }
    for section in &mut structure.sections {
        if section.kind != SectionKind::Heading {
            continue;
        }
        section.role = section.title.as_deref().and_then(role);
    }
}

/// Gives the sections that a reader stated the role, speaker and country that were stated with them;
/// notes which anchor each is of.
pub(super) fn set_stated(structure: &mut Structure, anchors: &[Anchor], found: &[(Span, usize)]) {
    structure.anchors = vec![None; structure.sections.len()];
    for (section, of) in structure.sections.iter_mut().zip(&mut structure.anchors) {
        let place = section.heading.and_then(|heading| {
            found.iter().find(|(span, _)| *span == heading).map(|(_, place)| *place)
        });
        let Some((place, anchor)) = place.and_then(|place| Some((place, anchors.get(place)?)))
        else {
            continue;
        };
        *of = Some(place);
        if let Some(role) = anchor.role {
            section.role = role;
        }
        let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        if anchor.speaker.is_some() {
            section.speaker = given(&anchor.speaker);
        }
        if anchor.country.is_some() {
            section.represents = given(&anchor.country);
        }
    }
}

/// The role that a heading names.
pub(super) fn role(title: &str) -> Option<SectionRole> {
    let bare = match numbers::scheme(title) {
        Some((_, _, length)) => title.get(length..).unwrap_or_default(),
        None => title,
    };
    if ANNEXES.iter().any(|cue| cues::starts_with(bare, cue)) {
        return Some(SectionRole::Annex);
    }
    let bare = bare.trim_end_matches([':', '.', ' ']).to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&bare.as_str())).map(|(role, _)| *role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_name_roles() {
        for (title, expected) in [
            ("4. Bibliography", Some(SectionRole::Notes)),
            ("CONCLUSION", Some(SectionRole::Conclusion)),
            ("Annex II: Maps", Some(SectionRole::Annex)),
            ("Preámbulo", Some(SectionRole::Preamble)),
            ("Trade", None),
        ] {
            assert_eq!(role(title), expected, "{title}");
        }
    }
}
