//! What a quotation needs to be found again: whose words, in what document, where, and with what care.
//!
//! Comes in: a document and a place in it. Goes out: a [`Citation`] of plain values. How citation
//! managers want it written is the program's matter. Nothing is made up: what the document does not
//! say is left out.

use super::{Date, Document, DocumentType, FurnitureKind, Passage, Span};

/// A reference to a document, or to a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Speaker or author: of the turn, or else of the document.
    pub speaker: Option<String>,
    /// Office of the document's speaker; not told of the speaker of a turn.
    pub role: Option<String>,
    /// Code of the country represented.
    pub country: Option<String>,
    /// Name of that State at the document's date.
    pub country_name: Option<String>,
    /// Title of the document.
    pub title: Option<String>,
    /// Sort of document.
    pub kind: Option<DocumentType>,
    /// Date, as precise as known.
    pub date: Option<Date>,
    /// Year the source files the document under; told where no date is known.
    pub year: Option<i32>,
    /// Document symbol.
    pub symbol: Option<String>,
    /// Collection.
    pub collection: Option<String>,
    /// Language of the text, as a code.
    pub language: Option<String>,
    /// Path of the document.
    pub path: String,
    /// Id of the document.
    pub document_id: String,
    /// Hash of the file.
    pub content_hash: String,
    /// Headings above the place, from the outermost.
    pub section: Vec<String>,
    /// The place; `None` for the document as a whole.
    pub pinpoint: Option<Pinpoint>,
    /// The words quoted; `None` for the document as a whole.
    pub quotation: Option<Quotation>,
    /// What one who quotes should know.
    pub cautions: Vec<Caution>,
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinpoint {
    /// Number printed before the paragraph.
    pub paragraph: Option<String>,
    /// Page, as printed.
    pub page: Option<String>,
    /// Place of the passage, from 1: a count of ours that no other edition knows.
    pub passage: usize,
}

/// Words of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    /// The words, byte for byte.
    pub text: String,
    /// Where they stand, in bytes of the document's text.
    pub span: Span,
}

/// A reason to look twice before quoting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caution {
    /// The text is a translation.
    Translation {
        /// Code of the language of the text.
        language: String,
        /// Code of the language that was spoken or written.
        original: String,
    },
    /// The record tells in its own words what was said.
    SummaryRecord,
    /// Something went wrong when the document was read.
    Problem(String),
    /// The stretch runs over text of the page's layout.
    OverFurniture(FurnitureKind),
}

impl Caution {
    /// The caution as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Translation { language, original } => format!(
                "the text is in \"{language}\", the original in \"{original}\": these are the words \
                 of a translation"
            ),
            Self::SummaryRecord => {
                "this is a summary record: the words are the record's, not the speaker's".to_owned()
            }
            Self::Problem(problem) => format!("the document was read with problems: {problem}"),
            Self::OverFurniture(kind) => format!(
                "the quotation runs over layout of the page ({}), which stands in the file at this \
                 place",
                kind.as_str()
            ),
        }
    }
}

/// Why a place cannot be quoted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoQuotation {
    /// Outside the document, empty, or between two bytes of a letter.
    #[error("{}..{} is no stretch of the text, which has {length} bytes", .span.start, .span.end)]
    NoStretch {
        /// What was asked for.
        span: Span,
        /// Bytes of the text.
        length: usize,
    },
    /// In no passage.
    #[error("{start} stands in no passage: it is a heading or layout of the page")]
    NoPassage {
        /// The first byte asked for.
        start: usize,
    },
}

impl Citation {
    /// A citation of the document as a whole.
    pub fn of_document(document: &Document) -> Self {
        let m = &document.metadata;
        let text = |value: &Option<super::Sourced<String>>| value.as_ref().map(|v| v.value.clone());
        let language = m.language.as_ref().map(|v| v.value.to_string());
        let original = m.original_language.as_ref().map(|v| v.value.to_string());
        let mut cautions = Vec::new();
        if let (Some(language), Some(original)) = (&language, original)
            && *language != original
        {
            cautions.push(Caution::Translation { language: language.clone(), original });
        }
        let kind = m.kind.as_ref().map(|v| v.value);
        if kind == Some(DocumentType::SummaryRecord) {
            cautions.push(Caution::SummaryRecord);
        }
        cautions.extend(document.problems.iter().map(|p| Caution::Problem(p.message.clone())));
        let date = m.date.as_ref().map(|v| v.value);
        Self {
            speaker: text(&m.speaker),
            role: text(&m.role),
            country: text(&m.country),
            country_name: text(&m.country_as_of),
            title: text(&m.title),
            kind,
            date,
            year: date.map(Date::year).or_else(|| m.year.as_ref().map(|v| v.value)),
            symbol: text(&m.symbol),
            collection: text(&m.collection),
            language,
            path: document.path.clone(),
            document_id: document.id.to_string(),
            content_hash: document.content_hash.to_string(),
            section: Vec::new(),
            pinpoint: None,
            quotation: None,
            cautions,
        }
    }

    /// A citation of the words at `span`, which begin in a passage. `text` is the document's from byte
    /// `base` on, from the passage's start at least to the end of the words.
    pub fn of_passage(
        document: &Document,
        passage: &Passage,
        span: Span,
        (text, base): (&str, usize),
    ) -> Self {
        let at = |span: Span| {
            Span::new(span.start.saturating_sub(base), span.end.saturating_sub(base)).of(text)
        };
        let mut citation = Self::of_document(document);
        if let Some(speaker) = &passage.speaker {
            // Whoever speaks in a turn: office and State are told only where the turn tells them.
            let same = citation.speaker.as_ref() == Some(speaker);
            citation.speaker = Some(speaker.clone());
            if !same {
                citation.role = None;
            }
            if !same || passage.country.is_some() {
                let kept = citation.country == passage.country;
                citation.country.clone_from(&passage.country);
                citation.country_name = citation.country_name.filter(|_| kept);
            }
        }
        if let Some(section) = document.sections.get(passage.section)
            && section.title.is_some()
        {
            citation.section.clone_from(&section.path);
        }
        citation.pinpoint = Some(Pinpoint {
            paragraph: printed_numbers(passage, span, &at),
            page: passage.page.clone(),
            passage: passage.ordinal,
        });
        let over = document.furniture.iter().filter(|f| f.span.overlaps(span));
        citation.cautions.extend(over.map(|f| Caution::OverFurniture(f.kind)));
        citation.quotation = Some(Quotation { text: at(span).to_owned(), span });
        citation
    }

    /// A citation of a stretch of a document that is there with its text.
    ///
    /// # Errors
    ///
    /// When the stretch is none, or begins in no passage.
    pub fn of_span(document: &Document, span: Span) -> Result<Self, NoQuotation> {
        let text = span.slice(&document.text).filter(|text| !text.trim().is_empty());
        let length = document.text.len();
        if text.is_none() {
            return Err(NoQuotation::NoStretch { span, length });
        }
        let passage = document
            .passages
            .iter()
            .find(|p| p.span.start <= span.start && span.start < p.span.end)
            .ok_or(NoQuotation::NoPassage { start: span.start })?;
        Ok(Self::of_passage(document, passage, span, (&document.text, 0)))
    }
}

/// The numbers printed before the paragraphs of `passage` that `span` touches: `12`, or `12–14`; none
/// where the first of them has none.
fn printed_numbers<'t>(
    passage: &Passage,
    span: Span,
    text: &dyn Fn(Span) -> &'t str,
) -> Option<String> {
    // Where each paragraph begins, with the number that is printed between it and what is before it.
    let mut paragraphs = vec![(passage.span.start, passage.paragraph.clone())];
    let pairs = passage.sentences.iter().zip(passage.sentences.iter().skip(1));
    for (before, sentence) in pairs.filter(|(_, sentence)| sentence.opens_paragraph) {
        let between = text(Span::new(before.span.end, sentence.span.start));
        paragraphs.push((sentence.span.start, number_in(between)));
    }
    let index = |at: usize| paragraphs.partition_point(|(start, _)| *start <= at).checked_sub(1);
    let number = |at: usize| paragraphs.get(index(at)?)?.1.clone();
    let first = number(span.start)?;
    match number(span.end.saturating_sub(1)) {
        Some(last) if last != first => Some(format!("{first}\u{2013}{last}")),
        _ => Some(first),
    }
}

/// The number in what stands between two paragraphs, when there is nothing else.
fn number_in(between: &str) -> Option<String> {
    let number = between.trim().trim_start_matches('(').trim_end_matches(['.', ')', ':']);
    let is_number = number.len() <= 6
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_alphanumeric());
    is_number.then(|| number.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{PassageId, Sentence, Tags};

    fn passage(text: &str, opening: &[usize], number: &str) -> Passage {
        let mut sentences: Vec<Sentence> = Vec::new();
        let ends: Vec<usize> = text.match_indices('.').map(|(at, _)| at + 1).collect();
        for &start in opening {
            let end = ends.iter().copied().find(|end| *end > start).unwrap_or(text.len());
            sentences.push(Sentence { span: Span::new(start, end), opens_paragraph: true });
        }
        Passage {
            ordinal: 1,
            id: PassageId::from_printed("x"),
            section: 0,
            kind: crate::document::PassageKind::Text,
            span: Span::new(0, text.len()),
            holes: Vec::new(),
            sentences,
            paragraph: Some(number.to_owned()),
            page: None,
            speaker: None,
            country: None,
            tags: Tags::default(),
        }
    }

    #[test]
    fn a_quotation_has_the_numbers_of_its_own_paragraphs() {
        let text = "One speaks.\n\n13. Two speaks.\n\nThree speaks.";
        let passage = passage(text, &[0, 17, 30], "12");
        let check = |quoted: &str, expected: Option<&str>| {
            let start = text.find(quoted).unwrap();
            let span = Span::new(start, start + quoted.len());
            let found = printed_numbers(&passage, span, &|span| span.of(text));
            assert_eq!(found.as_deref(), expected, "{quoted}");
        };
        check("One", Some("12"));
        check("Two speaks", Some("13"));
        check("speaks.\n\n13. Two", Some("12\u{2013}13"));
        check("Three", None);
    }
}
