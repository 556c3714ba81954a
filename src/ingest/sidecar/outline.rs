//! The outline of one document as a file that a reader may edit.
//!
//! Comes in: a document, or the text of such a file. Goes out: the text, or what it states. Headings
//! are anchored by their words, so that the document may change around them.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

use super::{Anchor, OUTLINE_ENDING, Stated, hash_of, key};
use crate::document::{Document, Origin, SectionKind, SectionRole, Tier};
use crate::ingest::extract::block::Value;

/// An outline as its file states it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outline {
    /// What it states.
    pub stated: Stated,
}

/// The file. Anything that is not understood is an error, so that no word of it is lost in silence.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    document: Option<String>,
    metadata: BTreeMap<String, toml::Value>,
    tags: TagsFile,
    section: Option<Vec<SectionFile>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TagsFile {
    regions: Option<Vec<String>>,
    topics: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SectionFile {
    heading: String,
    level: Option<u8>,
    kind: Option<String>,
    role: Option<String>,
    line: Option<usize>,
    speaker: Option<String>,
    country: Option<String>,
    regions: Option<Vec<String>>,
    topics: Option<Vec<String>>,
}

impl Outline {
    /// Reads an outline.
    ///
    /// # Errors
    ///
    /// What in it is not understood, in a reader's words.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "is not in UTF-8".to_owned())?;
        let file: File = toml::from_str(text).map_err(|error| {
            let message = error.message().trim().to_owned();
            let line = error.span().and_then(|span| text.get(..span.start));
            match line {
                Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
                None => message,
            }
        })?;
        // The document is named for the reader; the place of the file decides.
        drop(file.document);
        let mut stated = Stated {
            hash: hash_of(std::iter::once(text)),
            regions: file.tags.regions,
            topics: file.tags.topics,
            ..Stated::default()
        };
        for (name, value) in file.metadata {
            let key = key(&name).ok_or_else(|| format!("metadata has no \"{name}\""))?;
            let text = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Datetime(date) => date.to_string(),
                _ => return Err(format!("the value of \"{name}\" must be one text or number")),
            };
            stated.values.push(Value { key, text, origin: Origin::Sidecar });
        }
        stated.headings = match file.section {
            Some(sections) => Some(sections.into_iter().map(anchor).collect::<Result<_, _>>()?),
            None => None,
        };
        Ok(Self { stated })
    }
}

fn anchor(section: SectionFile) -> Result<Anchor, String> {
    let heading = section.heading.split_whitespace().collect::<Vec<_>>().join(" ");
    if heading.is_empty() {
        return Err("a section has no \"heading\"".to_owned());
    }
    let turn = match section.kind.as_deref() {
        None | Some("heading") => false,
        Some("turn") => true,
        Some(other) => {
            return Err(format!(
                "\"{other}\" is no kind of section; write \"heading\" or \"turn\""
            ));
        }
    };
    let role = match section.role.as_deref() {
        None => None,
        Some("" | "body") => Some(None),
        Some(name) => Some(Some(SectionRole::named(name).ok_or_else(|| {
            let known: Vec<&str> = SectionRole::ALL.iter().map(|role| role.as_str()).collect();
            format!("\"{name}\" is no role of a section; write one of {}", known.join(", "))
        })?)),
    };
    let level = section.level.unwrap_or(1);
    if level == 0 || level > 99 {
        return Err(format!("the level of \"{heading}\" must be from 1 to 99"));
    }
    Ok(Anchor {
        words: heading,
        level,
        turn,
        line: section.line,
        role,
        speaker: section.speaker,
        country: section.country,
        regions: section.regions,
        topics: section.topics,
    })
}

/// The outline of a document, to be edited and saved beside it.
pub fn print(document: &Document) -> String {
    let mut out = String::new();
    let name = document.path.rsplit('/').next().unwrap_or(&document.path);
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        "# Outline of {}.\n\
         # Edit it and save it beside the document as {}{OUTLINE_ENDING};\n\
         # the next \"chancery index\" obeys it. What you delete is found in the text again;\n\
         # an empty value (\"\") says that there is none.",
        one_line(&document.path),
        one_line(name),
    );
    let _ = writeln!(out, "document = {}\n\n[metadata]", quoted(&document.path));
    let m = &document.metadata;
    let mut line = |name: &str, value: Option<(String, Origin)>| {
        let _ = match value {
            Some((value, origin)) => {
                writeln!(out, "{name} = {} # {}", quoted(&value), origin.as_str())
            }
            None => writeln!(out, "# {name} = \"\""),
        };
    };
    line("title", m.title.as_ref().map(|v| (v.value.clone(), v.origin)));
    line("speaker", m.speaker.as_ref().map(|v| (v.value.clone(), v.origin)));
    line("role", m.role.as_ref().map(|v| (v.value.clone(), v.origin)));
    line("country", m.country.as_ref().map(|v| (v.value.clone(), v.origin)));
    line("date", m.date.as_ref().map(|v| (v.value.to_string(), v.origin)));
    line("year", m.year.as_ref().map(|v| (v.value.to_string(), v.origin)));
    line("language", m.language.as_ref().map(|v| (v.value.to_string(), v.origin)));
    let original = m.original_language.as_ref();
    line("original_language", original.map(|v| (v.value.to_string(), v.origin)));
    line("collection", m.collection.as_ref().map(|v| (v.value.clone(), v.origin)));
    line("type", m.kind.as_ref().map(|v| (v.value.to_string(), v.origin)));
    line("symbol", m.symbol.as_ref().map(|v| (v.value.clone(), v.origin)));
    let _ = writeln!(
        out,
        "\n# Exactly these hold for the document; one that you add holds for all its passages.\n[tags]"
    );
    let _ = writeln!(
        out,
        "regions = {}",
        list(document.tags.regions.iter().map(|tag| tag.value.as_str()))
    );
    let _ = writeln!(out, "topics = {}", list(document.tags.topics_of(Tier::Sure)));
    let likely = list(document.tags.topics_of(Tier::Likely));
    let _ = writeln!(out, "# likely, and not among them: {likely}");
    let headed: Vec<_> = document.sections.iter().filter(|s| s.title.is_some()).collect();
    let _ = writeln!(
        out,
        "\n# All headings, in order, found by their words. Delete one and it is text.\n\
         # kind: heading or turn. role: {} or \"\".",
        SectionRole::ALL.map(SectionRole::as_str).join(", "),
    );
    if headed.is_empty() {
        let _ = writeln!(
            out,
            "# This document has none; add them as\n# [[section]]\n# heading = \"Words of the heading\"\n# level = 1"
        );
    }
    for section in headed {
        let heading = section.title.as_deref().unwrap_or_default();
        let _ = writeln!(out, "\n[[section]]\nheading = {}", quoted(heading));
        if section.kind == SectionKind::Turn {
            let _ = writeln!(out, "kind = \"turn\"");
            if let Some(speaker) = &section.speaker {
                let _ = writeln!(out, "speaker = {}", quoted(speaker));
            }
            if let Some(country) = &section.represents {
                let _ = writeln!(out, "country = {}", quoted(country));
            }
        } else {
            let _ = writeln!(out, "level = {}", section.level);
        }
        if let Some(role) = section.role {
            let _ = writeln!(out, "role = \"{}\"", role.as_str());
        }
        let _ = writeln!(out, "line = {}", section.line);
    }
    out
}

fn one_line(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control()).collect()
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' | '\\' => {
                out.push('\\');
                out.push(sign);
            }
            sign if sign.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(sign));
            }
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(quoted).collect();
    format!("[{}]", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::extract::block::Key;

    #[test]
    fn outlines_state_values_headings_and_tags() {
        let text = "document = \"a.txt\"\n[metadata]\ndate = 1957-02-03\nyear = 1957\nspeaker = \"\"\n\
                    [tags]\ntopics = [\"energy\"]\n[[section]]\nheading = \" The  Aims \"\nlevel = 2\n\
                    role = \"conclusion\"\n[[section]]\nheading = \"Mr. Roe\"\nkind = \"turn\"\nrole = \"\"\n";
        let stated = Outline::read(text.as_bytes()).unwrap().stated;
        let values: Vec<(Key, &str)> =
            stated.values.iter().map(|value| (value.key, value.text.as_str())).collect();
        assert_eq!(values, [(Key::Date, "1957-02-03"), (Key::Speaker, ""), (Key::Year, "1957")]);
        assert_eq!(stated.topics.as_deref(), Some(["energy".to_owned()].as_slice()));
        assert_eq!(stated.regions, None);
        let headings = stated.headings.unwrap();
        assert_eq!((headings[0].words.as_str(), headings[0].level), ("The Aims", 2));
        assert_eq!(headings[0].role, Some(Some(SectionRole::Conclusion)));
        assert_eq!((headings[1].turn, headings[1].role), (true, Some(None)));
    }

    #[test]
    fn what_is_not_understood_is_an_error_with_its_line() {
        for (text, message) in [
            ("[metadata]\nmood = \"x\"", "\"mood\""),
            ("sections = 1", "line 1"),
            ("[[section]]\nlevel = 1", "no \"heading\""),
            ("[[section]]\nheading = \"x\"\nrole = \"end\"", "no role"),
            ("[[section]]\nheading = \"x\"\nkind = \"part\"", "no kind"),
            ("[[section]]\nheading = \"x\"\nlevel = 0", "level"),
            ("[metadata]\ntitle = [1]", "one text or number"),
            ("x = ", "line 1"),
        ] {
            let error = Outline::read(text.as_bytes()).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn texts_are_quoted() {
        let read: BTreeMap<String, String> =
            toml::from_str(&format!("a = {}", quoted("a \"b\" \\ \u{1}"))).unwrap();
        assert_eq!(read.get("a").map(String::as_str), Some("a \"b\" \\ \u{1}"));
    }
}
