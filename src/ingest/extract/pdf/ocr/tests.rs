use super::*;
use crate::ingest::extract::pdf::tests::blocks;

/// A stream of pictures, each of two dots.
const PICTURES: &[u8] = b"P5\n2 1\n255\nabP5\n2 1\n255\ncd";

#[test]
fn pictures_come_one_after_another() {
    let mut stream = PICTURES;
    for dots in [b"ab", b"cd"] {
        let Some(Picture::Drawn(bytes)) = picture(&mut stream).unwrap() else { panic!() };
        assert!(bytes.starts_with(b"P5\n2 1\n255\n") && bytes.ends_with(dots));
    }
    assert!(picture(&mut stream).unwrap().is_none());
    // Cut off, of another kind, and far too large.
    assert!(picture(&mut &b"P5\n2 2\n255\nabc"[..]).unwrap().is_none());
    assert!(picture(&mut &b"P6\n2 2\n255\nabcd"[..]).is_err());
    assert!(picture(&mut &b"P5\n99999999999999999999 2\n255\n"[..]).is_err());
    let huge = picture(&mut &b"P5\n100000 100000\n255\nabc"[..]).unwrap();
    assert!(matches!(huge, Some(Picture::TooLarge)));
}

#[test]
fn lines_become_paragraphs_with_their_pages() {
    let reading = Reading {
        by: "a program".to_owned(),
        pages: vec![
            Page {
                text: "The first part of a sen-\ntence.\n\nTwo\n\u{c}".to_owned(),
                problem: None,
            },
            Page { text: String::new(), problem: Some("took more than 1 s".to_owned()) },
            Page { text: "- 104 -\n\nThree".to_owned(), problem: None },
        ],
    };
    let read = reading.extracted().unwrap();
    assert_eq!(
        blocks(&read),
        [
            (BlockKind::Paragraph, "1", "The first part of a sentence."),
            (BlockKind::Paragraph, "1", "Two"),
            (BlockKind::Page, "3", "- 104 -"),
            (BlockKind::Paragraph, "3", "Three"),
        ]
    );
    let problems: Vec<_> = read.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(problems[0].contains("OCR (a program)"), "{problems:?}");
    assert_eq!(problems[1], "page 2 took more than 1 s");
}

/// A reader that finds nothing but pictures.
#[derive(Debug)]
struct Scans;

impl PdfText for Scans {
    fn read(&self, _: Vec<u8>) -> Result<Extracted, Skip> {
        Err(Skip::new(format!("pictures; {NEEDS_OCR}")))
    }
}

#[cfg(unix)]
mod programs {
    use super::*;
    use crate::ingest::extract::block::Extracted;

    /// Programs that play the parts of the real ones; the one that reads leaves a line in `calls`.
    fn programs(time: Duration, languages: Option<&str>) -> Programs {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ocr");
        let found = Programs::at(&folder.join("draw"), &folder.join("read"), languages).unwrap();
        Programs { time, ..found }
    }

    const LONG: Duration = Duration::from_secs(60);

    fn words(read: &Extracted) -> &str {
        &read.text
    }

    #[test]
    fn what_was_read_once_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("ocr");
        let file = || b"%PDF scanned".to_vec();
        let without = WithOcr::new(Scans, None, kept.clone());
        assert!(without.read(file()).unwrap_err().reason.ends_with(NEEDS_OCR));
        let with = WithOcr::new(Scans, Some(programs(LONG, Some("eng+fra"))), kept.clone());
        let read = with.read(file()).unwrap();
        assert_eq!(words(&read), "ab eng fra\n\ncd eng fra");
        // From what is kept, with and without the program; other bytes are another file.
        let n_kept = || fs::read_dir(&kept).unwrap().count();
        assert_eq!(n_kept(), 1);
        assert_eq!(without.read(file()).unwrap(), read);
        let hanging = Programs { read: "/nonexistent".into(), ..programs(LONG, Some("eng+fra")) };
        let again = WithOcr::new(Scans, Some(hanging), kept.clone());
        assert_eq!(again.read(file()).unwrap(), read);
        assert!(without.read(b"%PDF other".to_vec()).is_err());
        // For another language it is read anew.
        let french = WithOcr::new(Scans, Some(programs(LONG, Some("fra"))), kept.clone());
        assert_eq!(words(&french.read(file()).unwrap()), "ab fra\n\ncd fra");
        // What is damaged is no reading.
        let place = fs::read_dir(&kept).unwrap().next().unwrap().unwrap().path();
        let mut bytes = fs::read(&place).unwrap();
        let last = bytes.len() - 5;
        bytes[last] ^= 1;
        fs::write(&place, bytes).unwrap();
        assert!(without.read(file()).is_err());
    }

    #[test]
    fn a_page_that_takes_too_long_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let hanging = programs(Duration::from_millis(200), Some("slow"));
        let with = WithOcr::new(Scans, Some(hanging), folder.path().to_owned());
        let skip = with.read(b"%PDF".to_vec()).unwrap_err();
        assert_eq!(skip.reason, "a scanned PDF file in which OCR finds no text");
        // It may go better another time.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_was_interrupted_is_left_for_another_run() {
        let folder = tempfile::tempdir().unwrap();
        let ended = programs(LONG, Some("ended"));
        let with = WithOcr::new(Scans, Some(ended), folder.path().to_owned());
        let skip = with.read(b"%PDF".to_vec()).unwrap_err();
        assert!(skip.reason.ends_with(NEEDS_OCR), "{skip}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_missing_is_named() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ocr");
        let error =
            Programs::at(Path::new("/nonexistent"), &folder.join("read"), None).unwrap_err();
        assert!(error.to_string().starts_with("/nonexistent is not installed"), "{error}");
        let error = Programs::at(&folder.join("draw"), &folder.join("read"), Some("eng+xyz"));
        let error = error.unwrap_err().to_string();
        assert_eq!(error, "tesseract has no data for xyz; it has ended, eng, fra, slow");
    }
}
