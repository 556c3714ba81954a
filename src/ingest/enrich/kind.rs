//! What sort of document a text is, by its form.

use crate::document::{DocumentType, SectionKind, SectionRole};
use crate::ingest::structure::Structure;

/// The type, when the form of the document tells it.
pub fn by_form(text: &str, structure: &Structure) -> Option<DocumentType> {
    let label = |name: &str| structure.labels.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    if label("from") && label("to") && (label("ref") || label("classification") || label("subject"))
    {
        return Some(DocumentType::Cable);
    }
    let turns = structure.sections.iter().filter(|s| s.kind == SectionKind::Turn).count();
    if turns >= 3 {
        return Some(DocumentType::Verbatim);
    }
    let title = structure.title.as_ref().map(|t| t.text.to_lowercase()).unwrap_or_default();
    let head: String = text.chars().take(1_500).collect::<String>().to_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| title.contains(word));
    let articles = structure
        .sections
        .iter()
        .filter_map(|s| s.title.as_deref())
        .filter(|t| {
            let mut words = t.split_whitespace();
            let first = words.next().unwrap_or_default().to_lowercase();
            let number = words.next().is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()));
            ["article", "artículo", "articulo", "artikel", "статья"].contains(&first.as_str())
                && number
        })
        .count();
    let preamble = structure.sections.iter().any(|s| s.role == Some(SectionRole::Preamble));
    if articles >= 3
        && (preamble
            || names(&[
                "treaty",
                "convention",
                "agreement",
                "charter",
                "protocol",
                "statute",
                "pact",
                "traité",
                "tratado",
            ]))
    {
        return Some(DocumentType::Treaty);
    }
    if names(&["communiqué", "communique", "joint declaration", "joint statement"]) {
        return Some(DocumentType::Communique);
    }
    if names(&["summary record"]) || head.contains("summary record of the") {
        return Some(DocumentType::SummaryRecord);
    }
    if names(&["resolution", "résolution", "resolución"]) && preamble {
        return Some(DocumentType::Resolution);
    }
    if names(&["press release"]) || head.starts_with("press release") {
        return Some(DocumentType::PressRelease);
    }
    let salutes = head.lines().any(|line| {
        let line = line.trim();
        (line.starts_with("dear ") || line.starts_with("sir,") || line.starts_with("excellency,"))
            && line.len() < 60
    });
    let closes = text.lines().rev().filter(|l| !l.trim().is_empty()).take(8).any(|line| {
        let line = line.to_lowercase();
        [
            "yours sincerely",
            "yours faithfully",
            "yours truly",
            "assurances of my highest",
            "accept, excellency",
            "sincerely,",
        ]
        .iter()
        .any(|closing| line.contains(closing))
    });
    if salutes && closes {
        return Some(DocumentType::Letter);
    }
    if structure.author.is_some()
        && structure.sections.iter().filter(|s| s.kind == SectionKind::Heading).count() >= 2
    {
        return Some(DocumentType::Article);
    }
    None
}
