//! What sort of document a text is, by its form: rules from the surest to the least sure.

use crate::document::{Confidence, DocumentType, SectionKind, SectionRole};
use crate::ingest::structure::Structure;

/// What the form of a document tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) kind: DocumentType,
    pub(super) confidence: Confidence,
    /// The rule that told it, for readers who ask.
    pub(super) rule: &'static str,
}

#[expect(clippy::unnecessary_wraps, reason = "each rule returns what it found")]
const fn sure(kind: DocumentType, rule: &'static str) -> Option<Form> {
    Some(Form { kind, confidence: Confidence::Certain, rule })
}

#[expect(clippy::unnecessary_wraps, reason = "each rule returns what it found")]
const fn likely(kind: DocumentType, rule: &'static str) -> Option<Form> {
    Some(Form { kind, confidence: Confidence::Likely, rule })
}

/// Signs at the head that are looked at.
const HEAD: usize = 1_500;

/// Words of titles that treaties bear.
const TREATIES: &[&str] = &[
    "treaty",
    "convention",
    "agreement",
    "charter",
    "protocol",
    "statute",
    "pact",
    "covenant",
    "traité",
    "tratado",
    "accord",
    "acuerdo",
    "convenio",
    "договор",
    "конвенция",
];

/// The type, when the form of the document tells it.
pub(super) fn by_form(
    text: &str,
    structure: &Structure,
    title: &str,
    symbol: Option<&str>,
) -> Option<Form> {
    let label = |name: &str| structure.labels.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    if label("from") && label("to") && (label("ref") || label("classification") || label("subject"))
    {
        return sure(DocumentType::Cable, "lines From, To and Subject or Ref");
    }
    if let Some(form) = symbol.and_then(by_symbol) {
        return Some(form);
    }
    let turns = structure.sections.iter().filter(|s| s.kind == SectionKind::Turn).count();
    if turns >= 3 {
        return sure(DocumentType::Verbatim, "three turns of speakers or more");
    }
    let title = title.to_lowercase();
    let head: String = text.chars().take(HEAD).collect::<String>().to_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| title.contains(word));
    let preamble = structure.sections.iter().any(|s| s.role == Some(SectionRole::Preamble));
    if articles(structure) >= 3 && (preamble || names(TREATIES)) {
        return sure(
            DocumentType::Treaty,
            "numbered articles under the name or preamble of a treaty",
        );
    }
    if names(&[
        "communiqué",
        "communique",
        "joint declaration",
        "joint statement",
        "comunicado conjunto",
    ]) {
        return sure(DocumentType::Communique, "title of a communiqué");
    }
    if names(&["summary record"]) || head.contains("summary record of the") {
        return sure(DocumentType::SummaryRecord, "title of a summary record");
    }
    if enacts(structure, text) {
        return sure(DocumentType::Resolution, "an organ that recalls and decides");
    }
    if names(&["resolution", "résolution", "resolución"]) && preamble {
        return sure(DocumentType::Resolution, "title and preamble of a resolution");
    }
    if names(&["press release", "communiqué de presse", "comunicado de prensa"])
        || ["press release", "for immediate release"].iter().any(|words| {
            head.lines().take(8).any(|line| line.trim().starts_with(words) && line.len() < 80)
        })
    {
        return sure(DocumentType::PressRelease, "words of a press release at the head");
    }
    if reported(structure, text) {
        return likely(DocumentType::SummaryRecord, "speakers told of in the third person");
    }
    if salutes(&head) && closes(text) {
        return sure(DocumentType::Letter, "salutation and closing of a letter");
    }
    if head.contains("presents its compliments") || head.contains("présente ses compliments") {
        return sure(DocumentType::Letter, "opening of a note verbale");
    }
    if starts_as_speech(&title) {
        return sure(DocumentType::Statement, "title of a speech");
    }
    if names(&["report of the", "report on", "annual report", "rapport du", "informe del"]) {
        return likely(DocumentType::Report, "title of a report");
    }
    if addresses_hearers(structure, text) {
        return likely(DocumentType::Statement, "hearers are addressed");
    }
    if structure.author.is_some()
        && structure.sections.iter().filter(|s| s.kind == SectionKind::Heading).count() >= 2
    {
        return likely(DocumentType::Article, "byline and headings");
    }
    None
}

/// What the series of a symbol is: `A/RES/…`, `S/PV.…`, `A/C.1/SR.…`.
fn by_symbol(symbol: &str) -> Option<Form> {
    let mut parts = symbol.split('/').skip(1);
    parts.find_map(|part| match part.split(['.', '(']).next().unwrap_or_default() {
        "RES" => sure(DocumentType::Resolution, "series of the symbol"),
        "PV" => sure(DocumentType::Verbatim, "series of the symbol"),
        "SR" => sure(DocumentType::SummaryRecord, "series of the symbol"),
        _ => None,
    })
}

/// Headings that are numbered articles.
fn articles(structure: &Structure) -> usize {
    let is_article = |title: &&str| {
        let mut words = title.split_whitespace();
        let first = words.next().unwrap_or_default().to_lowercase();
        let number = words.next().is_some_and(|word| {
            word.starts_with(|c: char| c.is_ascii_digit())
                || word.trim_end_matches('.').bytes().all(|b| b"IVXLC".contains(&b))
        });
        ["article", "artículo", "articulo", "artikel", "статья", "artigo", "articolo", "المادة"]
            .contains(&first.as_str())
            && number
    };
    structure.sections.iter().filter_map(|s| s.title.as_deref()).filter(is_article).count()
}

/// The first words of each paragraph.
fn openings<'t>(structure: &'t Structure, text: &'t str) -> impl Iterator<Item = &'t str> {
    structure.paragraphs.iter().map(|paragraph| paragraph.span.of(text).trim_start())
}

/// Whether an organ recalls and decides: the form of a resolution, whatever its title.
fn enacts(structure: &Structure, text: &str) -> bool {
    const RECALLS: &[&str] = &[
        "Recalling",
        "Noting",
        "Reaffirming",
        "Convinced",
        "Deeply concerned",
        "Having considered",
        "Bearing in mind",
        "Recognizing",
        "Taking note",
        "Guided by",
        "Mindful",
        "Gravely concerned",
        "Considering",
        "Expressing",
        "Having heard",
        "Having received",
        "Aware",
        "Welcoming",
        "Emphasizing",
        "Stressing",
        "Determined",
    ];
    const DECIDES: &[&str] = &[
        "Decides",
        "Requests",
        "Calls upon",
        "Urges",
        "Invites",
        "Recommends",
        "Declares",
        "Condemns",
        "Demands",
        "Reaffirms",
        "Expresses",
        "Takes note",
        "Notes",
        "Welcomes",
        "Endorses",
        "Approves",
        "Encourages",
        "Authorizes",
        "Affirms",
        "Adopts",
    ];
    let opens = |opening: &str, words: &[&str]| words.iter().any(|word| opening.starts_with(word));
    let (mut recalls, mut decides) = (0, 0);
    for opening in openings(structure, text) {
        let bare = opening.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '.' | ')' | '(' | '*' | '_' | ' ' | '\t')
        });
        recalls += usize::from(opens(bare, RECALLS));
        decides += usize::from(opens(bare, DECIDES));
    }
    recalls >= 1 && decides >= 2 && (recalls + decides) * 2 >= structure.paragraphs.len().min(40)
}

/// Whether paragraphs tell what speakers said: `Mr. ROE (Utopia) said that …`.
fn reported(structure: &Structure, text: &str) -> bool {
    const SAID: &[&str] = &[
        " said",
        " noted",
        " thanked",
        " asked",
        " stated",
        " observed",
        " pointed out",
        " considered",
        " expressed",
        " proposed",
        " recalled",
        " announced",
        " agreed",
        " wondered",
        " stressed",
    ];
    let told = openings(structure, text).filter(|opening| {
        let start: String = opening
            .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '\t'))
            .chars()
            .take(80)
            .collect();
        let named = [
            "Mr. ",
            "Mrs. ",
            "Ms. ",
            "Miss ",
            "The CHAIRMAN",
            "The Chairman",
            "The PRESIDENT",
            "Sir ",
        ]
        .iter()
        .any(|form| start.starts_with(form));
        named && SAID.iter().any(|said| start.contains(said))
    });
    let told = told.count();
    told >= 3 && told * 5 >= structure.paragraphs.len()
}

fn salutes(head: &str) -> bool {
    head.lines().any(|line| {
        let line = line.trim();
        let opens = ["dear ", "sir,", "madam,", "excellency,", "monsieur ", "sir:", "excelencia"];
        opens.iter().any(|open| line.starts_with(open)) && line.len() < 60
    })
}

fn closes(text: &str) -> bool {
    const CLOSINGS: &[&str] = &[
        "yours sincerely",
        "yours faithfully",
        "yours truly",
        "yours very truly",
        "assurances of my highest",
        "accept, excellency",
        "sincerely",
        "respectfully yours",
        "with best regards",
        "with best wishes",
        "very truly",
        "haute considération",
        "atentamente",
        "i have the honour to be",
        "i am, sir",
    ];
    text.lines().rev().filter(|line| !line.trim().is_empty()).take(12).any(|line| {
        let line = line.to_lowercase();
        line.len() < 200 && CLOSINGS.iter().any(|closing| line.contains(closing))
    })
}

fn starts_as_speech(title: &str) -> bool {
    const SPEECHES: &[&str] = &[
        "statement by",
        "statement of",
        "statement delivered",
        "statement to",
        "statement on",
        "address by",
        "address to",
        "address at",
        "speech by",
        "speech of",
        "speech at",
        "speech to",
        "remarks by",
        "remarks at",
        "remarks to",
        "keynote",
        "discours de",
        "discours du",
        "allocution",
        "discurso",
        "inaugural address",
        "message from",
        "lecture by",
    ];
    SPEECHES.iter().any(|words| title.starts_with(words))
}

/// Whether one of the first paragraphs, or lines, greets an assembly.
fn addresses_hearers(structure: &Structure, text: &str) -> bool {
    const HEARERS: &[&str] = &[
        "mr. president",
        "madam president",
        "mr. chairman",
        "madam chair",
        "mr. chair",
        "mr. speaker",
        "mr. secretary-general",
        "excellencies",
        "ladies and gentlemen",
        "distinguished",
        "your excellencies",
        "monsieur le président",
        "madame la présidente",
        "señor presidente",
        "господин председатель",
    ];
    let first = openings(structure, text).take(4).any(|opening| {
        let start: String = opening.chars().take(160).collect::<String>().to_lowercase();
        HEARERS.iter().any(|hearer| start.contains(hearer))
    });
    first
        || text.lines().filter(|line| !line.trim().is_empty()).take(8).any(|line| {
            let line = line.trim().to_lowercase();
            line.len() < 80 && HEARERS.iter().any(|hearer| line.starts_with(hearer))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::block::Extracted;
    use crate::ingest::structure::{Hint, structure};

    fn told(text: &str) -> Option<(&'static str, Confidence)> {
        let extracted = Extracted { text: text.to_owned(), ..Extracted::default() };
        let structure = structure(&extracted, Hint::default());
        let title = structure.title.as_ref().map_or("", |title| title.text.as_str());
        let form = by_form(text, &structure, title, None)?;
        Some((form.kind.as_str(), form.confidence))
    }

    #[test]
    fn forms_tell_types() {
        let long = "We have come here to speak of the harbours and of all who depend on them for bread and \
                    for work, in every season of the year.";
        for (text, expected) in [
            (
                format!(
                    "The General Assembly,\n\nRecalling its resolution 1 (I),\n\nNoting {long}\n\n1. Decides to build;\n\n2. Requests the Secretary to report.\n"
                ),
                Some(("resolution", Confidence::Certain)),
            ),
            (
                format!(
                    "1. Mr. ROE (Utopia) said that it was late.\n\n2. Mrs. DOE (Arcadia) noted that it was. {long}\n\n3. The CHAIRMAN thanked them.\n"
                ),
                Some(("summary-record", Confidence::Likely)),
            ),
            (
                format!(
                    "The Embassy of Utopia presents its compliments to the Ministry.\n\n{long}\n"
                ),
                Some(("letter", Confidence::Certain)),
            ),
            (
                format!("Statement by Jane Roe, Minister of Trade\n\n{long}\n"),
                Some(("statement", Confidence::Certain)),
            ),
            (
                format!("Mr. President,\n\n{long}\n\n{long}\n"),
                Some(("statement", Confidence::Likely)),
            ),
            (format!("{long}\n\n{long}\n"), None),
        ] {
            assert_eq!(told(&text), expected, "{text}");
        }
    }

    #[test]
    fn series_tell_types() {
        for (symbol, expected) in [
            ("A/RES/70/1", Some("resolution")),
            ("S/RES/1325(2000)", Some("resolution")),
            ("A/70/PV.13", Some("verbatim")),
            ("A/C.1/SR.12", Some("summary-record")),
            ("A/49/287", None),
        ] {
            assert_eq!(by_symbol(symbol).map(|form| form.kind.as_str()), expected, "{symbol}");
        }
    }
}
