use super::*;

/// Path, container, and text or reason of each part.
fn opened(bytes: &[u8], path: &str) -> Vec<(String, Option<String>, String)> {
    let mut found = Vec::new();
    parts(bytes.to_vec(), path, &|_| None, &mut |part| {
        let shown = match part.content {
            Ok(Content::File(bytes, _)) => String::from_utf8_lossy(&bytes).into_owned(),
            Ok(Content::Text(extracted)) => extracted.text,
            Ok(Content::Junk) => "(junk)".to_owned(),
            Err(skip) => format!("({})", skip.reason),
        };
        found.push((part.path, part.container, shown));
        true
    });
    found
}

fn check(bytes: &[u8], path: &str, expected: &[(&str, Option<&str>, &str)]) {
    let found = opened(bytes, path);
    let found: Vec<_> =
        found.iter().map(|(p, c, text)| (p.as_str(), c.as_deref(), text.as_str())).collect();
    assert_eq!(found, expected);
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, ::zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn tarred(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in files {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: usize = header.iter().map(|byte| usize::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        out.extend(header);
        out.extend(*bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.extend([0; 1024]);
    out
}

#[test]
fn members_of_one_name_are_told() {
    let two = zipped(&[("a.txt", b"one"), ("b.txt", b"two")]);
    let one: Vec<u8> = two.iter().map(|byte| if *byte == b'b' { b'a' } else { *byte }).collect();
    let reason = "(holds members of the same name; 1 of them are left out)";
    let box_zip = Some("box.zip");
    check(&one, "box.zip", &[("box.zip!/a.txt", box_zip, "two"), ("box.zip", None, reason)]);
}

#[test]
fn archives_give_their_members_also_within_one_another() {
    let inner = zipped(&[("d/c.txt", b"three")]);
    let outer = zipped(&[
        ("a.txt", b"one"),
        ("__MACOSX/._a.txt", b"x"),
        ("/../b\\b.txt", b"two"),
        ("in.zip", &inner),
    ]);
    check(
        &outer,
        "box.zip",
        &[
            ("box.zip!/a.txt", Some("box.zip"), "one"),
            ("box.zip!/__MACOSX/._a.txt", Some("box.zip"), "(junk)"),
            ("box.zip!/../b/b.txt", Some("box.zip"), "two"),
            ("box.zip!/in.zip!/d/c.txt", Some("box.zip!/in.zip"), "three"),
        ],
    );
    let tar = tarred(&[("a.txt", b"one"), ("a.txt", b"two")]);
    let members = [
        ("x.tar.gz!/a.txt", Some("x.tar.gz"), "one"),
        ("x.tar.gz!/a.txt~2", Some("x.tar.gz"), "two"),
    ];
    check(&gzipped(&tar), "x.tar.gz", &members);
    check(&gzipped(b"one"), "a.txt.gz", &[("a.txt.gz!/a.txt", Some("a.txt.gz"), "one")]);
    check(b"plain", "a.txt", &[("a.txt", None, "plain")]);
}

#[test]
fn bombs_and_damage_are_told() {
    let found = opened(&gzipped(b"one"), "a.docx");
    assert_eq!(found[0].2, "(gzip data in a file that is named .docx)");
    let bomb = gzipped(&vec![b'a'; 40 << 20]);
    let found = opened(&bomb, "a.gz");
    assert!(found.len() == 1 && found[0].2.contains("200 times"), "{}", found[0].2.len());
    let mut nested = b"deep".to_vec();
    for _ in 0..20 {
        nested = zipped(&[("a.zip", &nested)]);
    }
    let found = opened(&nested, "a.zip");
    assert!(found.len() == 1 && found[0].2.contains("8 containers"), "{found:?}");
    let whole = zipped(&[("a.txt", b"one")]);
    let found = opened(&whole[..whole.len() - 10], "a.zip");
    assert!(found.len() == 1 && found[0].2.contains("damaged"), "{found:?}");
    let tar = tarred(&[("a.txt", b"one"), ("b.txt", b"two")]);
    let found = opened(&tar[..1500], "a.tar");
    assert!(found[0].2 == "one" && found[1].2.contains("cut off"), "{found:?}");
}

#[test]
fn records_are_documents() {
    let text =
        "{\"title\":\"t\",\"text\":\"one\",\"date\":1e999999}\n\n{\"a\":\n{\"body\":\"two\"}\n";
    check(
        text.as_bytes(),
        "d.jsonl",
        &[
            ("d.jsonl#1", Some("d.jsonl"), "one"),
            (
                "d.jsonl#3",
                Some("d.jsonl"),
                "(no valid JSON record: EOF while parsing a value at line 1 column 5)",
            ),
            ("d.jsonl#4", Some("d.jsonl"), "two"),
        ],
    );
    check(
        b"[{\"text\":\"one\"}, 2]",
        "d.json",
        &[
            ("d.json#1", Some("d.json"), "one"),
            ("d.json#2", Some("d.json"), "(no valid JSON record: it is no object)"),
        ],
    );
    check(
        "Title;Body\na;\"one; \"\"x\"\"\"\nb;two".as_bytes(),
        "d.csv",
        &[("d.csv#1", Some("d.csv"), "one; \"x\""), ("d.csv#2", Some("d.csv"), "two")],
    );
    check(b"a,b\n1,2", "d.csv", &[("d.csv", None, "a,b\n1,2")]);
    let deep = "[".repeat(100_000);
    assert!(opened(deep.as_bytes(), "d.json")[0].2.contains("JSON"));
}

#[cfg(feature = "mail")]
#[test]
fn mail_is_read_with_its_attachments() {
    let message = "From: Jane Roe <jane@example.org>\r\nTo: John Doe <john@example.org>\r\n\
        Subject: =?utf-8?q?Tr=C3=A8s_urgent?=\r\nDate: Tue, 3 Feb 2015 10:00:00 +0000\r\n\
        Message-ID: <1@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\nThe talks go on.\r\n--b\r\n\
        Content-Type: text/plain; name=\"note.txt\"\r\nContent-Disposition: attachment; filename=\"note.txt\"\r\n\r\n\
        An annex.\r\n--b--\r\n";
    let found = opened(message.as_bytes(), "m.eml");
    let paths: Vec<&str> = found.iter().map(|(path, _, _)| path.as_str()).collect();
    assert_eq!(paths, ["m.eml", "m.eml!/note.txt"]);
    assert_eq!(found[1].1.as_deref(), Some("m.eml"));
    let head = "From: Jane Roe <jane@example.org>\nTo: John Doe <john@example.org>\nDate: 2015-02-03\nSubject: Très urgent";
    assert_eq!(found[0].2.trim(), format!("{head}\n\nThe talks go on."));
    let mailbox = format!("From x Tue Feb  3\n{message}\nFrom y Tue Feb  3\n{message}");
    let found = opened(mailbox.as_bytes(), "mail.mbox");
    let paths: Vec<&str> = found.iter().map(|(path, _, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        ["mail.mbox#1", "mail.mbox#1!/note.txt", "mail.mbox#2", "mail.mbox#2!/note.txt"]
    );
    let cable = "FROM: Oslo\nTO: Rome\nSUBJECT: Talks\n\nThe talks go on.";
    check(cable.as_bytes(), "c.txt", &[("c.txt", None, cable)]);
}
