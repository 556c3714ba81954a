//! What holds for any bytes.

use proptest::prelude::*;

use super::extract;

fn path() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("a.txt"), Just("a.md"), Just("a.html"), Just("a")]
}

/// Text with the signs that markup is made of.
fn marked() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        prop::sample::select(vec![
            "<p>",
            "</p>",
            "<div class=nav>",
            "</div>",
            "<article>",
            "<a href=x>",
            "</a>",
            "<table>",
            "<td>",
            "<h2>",
            "<li>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<title>",
            "\n\n",
            "# ",
            "> ",
            "- ",
            "|",
            "|-|-|\n",
            "**",
            "```\n",
            "[x](y)",
            "![x](y)",
            "---\n",
            "a: b\n",
            "é",
            "Мир",
            "&amp;",
            "\u{0}",
            "\r\n",
            "<br>",
            "<pre>",
            "<template>",
            "<svg>",
            "<head>",
            "<meta name=author content=x>",
            "\u{feff}",
            "    ",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z ,.]{0,12}",
    ];
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

fn check(bytes: &[u8], path: &str) -> Result<(), TestCaseError> {
    let Ok(extracted) = extract(bytes.to_vec(), path) else { return Ok(()) };
    let text = extracted.text.as_str();
    // What opens as a page is a page, whatever its name.
    let page = bytes.iter().find(|byte| byte.is_ascii_graphic()) == Some(&b'<');
    let plain = path == "a.md" && !page || extracted.blocks.is_none();
    if let (true, Ok(source)) = (plain && !bytes.contains(&0), std::str::from_utf8(bytes)) {
        prop_assert_eq!(text, source);
    }
    let mut last = 0;
    for block in extracted.blocks.iter().flatten() {
        let inside = block.span.slice(text);
        prop_assert!(inside.is_some_and(|inside| !inside.trim().is_empty()));
        prop_assert!(block.span.start >= last, "{:?}", extracted.blocks);
        last = block.span.end;
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..300), path in path()
    ) {
        check(&bytes, path)?;
    }

    #[test]
    fn any_markup_gives_blocks_in_order(text in marked(), path in path()) {
        check(text.as_bytes(), path)?;
    }
}
