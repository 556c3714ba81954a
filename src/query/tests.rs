//! Tests of the whole: readings, the examples of SYNTAX.md, and properties of any text and tree.

use proptest::prelude::*;

use super::{
    ErrorKind, Field, Form, Item, Kind, Node, ParseOptions, Query, SYNTAX, Scope, Syntax, Value,
    explain, limits, print,
};
use crate::document::{Date, Span};

fn parse(text: &str) -> Query {
    Query::parse(text, &ParseOptions::default())
        .unwrap_or_else(|error| panic!("{text}\n{}", error.report()))
}

fn printed(query: &Query) -> String {
    query.root.as_ref().map(print).unwrap_or_default()
}

/// Checks how `text` is read: `expected` is the same query, written the plainest way.
fn check(text: &str, expected: &str) {
    assert_eq!(printed(&parse(text)), expected, "{text}");
}

#[test]
fn every_example_of_the_syntax_reads_as_it_says() {
    let fences = SYNTAX.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next());
    let examples: Vec<(&str, &str)> =
        fences.flat_map(str::lines).map(|line| line.split_once('→').unwrap()).collect();
    assert!(examples.len() > 40, "{}", examples.len());
    for (query, reading) in examples {
        assert_eq!(explain(&parse(query.trim())), reading.trim(), "{query}");
    }
}

#[test]
fn the_syntax_names_every_field_and_limit() {
    for field in Field::ALL {
        assert!(SYNTAX.contains(&format!("| `{field}:` |")), "{field}");
    }
    let (max, limits) = (limits::MAX_CHARS, [limits::MAX_CLAUSES, limits::MAX_DEPTH]);
    assert!(SYNTAX.contains(&format!("{},{:03} characters", max / 1000, max % 1000)));
    assert_eq!(limits, [1_000, 50]);
}

#[test]
fn signs_inside_words_are_text() {
    for text in [
        "win-win",
        "C++",
        "U.S.",
        "e.g.",
        "AT&T",
        "and/or",
        "A/RES/70/1",
        "12:30",
        "http://un.org/x",
        "A:B",
        "foo:bar",
        "Title:x",
        "don't",
        "l’auteur",
        "’90s",
        "‘90s",
        "a=b",
        "R&D",
        "10^x",
        "a~b",
        "5%",
        "[a",
        "x|y",
        "rock’n’roll",
    ] {
        let Some(Kind::Word { text: word, .. }) = parse(text).root.map(|root| root.kind) else {
            panic!("{text} is no word");
        };
        assert_eq!(word, text);
    }
    let parenthesis = parse("S/RES/1325(2000)").root.unwrap().kind;
    let text = "S/RES/1325(2000)".to_owned();
    assert_eq!(parenthesis, Kind::Word { text, form: Form::Stemmed });
}

#[test]
fn precedence_and_lists() {
    let cases = [
        ("a b c", "a OR b OR c"),
        ("a OR b c", "a OR b OR c"),
        ("a AND b OR c AND d", "(a AND b) OR (c AND d)"),
        ("a b AND c", "a OR (b AND c)"),
        ("(a b) AND c", "(a OR b) AND c"),
        ("((a))", "a"),
        ("(a b) c", "(a OR b) OR c"),
        ("a NOT b", "a -b"),
        ("a AND NOT b", "a AND NOT b"),
        ("a AND -b", "a AND NOT b"),
        ("NOT a AND b", "b AND NOT a"),
        ("NOT a AND NOT b", "-a -b"),
        ("-a", "-a"),
        ("NOT NOT a", "a"),
        ("NOT -a", "a"),
        ("-(a b)", "-(a OR b)"),
        ("+a b -c", "+a b -c"),
        ("+a +b", "a AND b"),
        ("+a", "a"),
        ("a OR NOT b", "a OR (-b)"),
        ("a OR b -c", "a OR b -c"),
        ("NOT(a b)", "-(a OR b)"),
        ("a AND(b)", "a AND b"),
        ("-a NEAR/2 b", "-a NEAR/2 b"),
        ("a AND b NEAR/2 c", "a AND b NEAR/2 c"),
        ("a NEAR/2 (b NEAR/3 c)", "a NEAR/2 (b NEAR/3 c)"),
        ("(a NEAR/2 b) NEAR/3 c", "a NEAR/2 b NEAR/3 c"),
        ("a SENT b PARA c", "a SENT b PARA c"),
        ("peace & war", "peace OR war"),
        ("peace - war -- x", "peace OR war OR x"),
        ("a AND & AND b", "a AND b"),
        ("() a ( )", "a"),
        ("+AND -OR", "\\AND AND NOT \\OR"),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn terms_and_their_suffixes() {
    let cases = [
        ("treat*^2", "treat*^2"),
        ("(a b)^2", "(a OR b)^2"),
        ("((a^2))^3", "a^6"),
        ("\"a b\"~2^.5", "\"a b\"~2^0.5"),
        ("/x(y)\\/z/^2 b", "/x(y)\\/z/^2 OR b"),
        ("(/x/)", "/x/"),
        ("/home/x/y", "\\/home/x/y"),
        ("/ x /", "x"),
        ("cat~", "cat~1"),
        ("treaty~^2", "treaty~2^2"),
        ("=word^2", "=word^2"),
        ("=\"a b\"", "=\"a b\""),
        ("=(a b)", "=a OR =b"),
        ("=treat*", "treat*"),
        ("What is peace?", "What OR is OR peace\\?"),
        ("\"who is it?\"", "\"who is it\\?\""),
        (
            "“a b” „c d“ «e f» »g h« ‘i j’ ‹k› 「l」",
            "\"a b\" OR \"c d\" OR \"e f\" OR \"g h\" OR \"i j\" OR \"k\" OR \"l\"",
        ),
        ("‘the people’s will’", "\"the people’s will\""),
        ("\"mixed” x", "\"mixed\" OR x"),
        ("\"...\"", ""),
        ("\"* *\"", ""),
        ("\"a\"-b", "\"a\" OR \\-b"),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn fields_and_their_values() {
    let cases = [
        ("title:\"a  b\"^2", "title:\"a b\"^2"),
        ("country:=France", "country:=France"),
        ("section:=(a \"b c\")", "section:=a OR section:=\"b c\""),
        ("country:(FRA -DEU)", "country:FRA -country:DEU"),
        ("country:(=a OR b)", "country:=a OR country:b"),
        ("year:1990", "year:1990"),
        ("year:..1960", "year:..1960"),
        ("date:(1990 OR 1995..1996)", "date:1990 OR date:1995..1996"),
        ("date:\"1990..1999\"", "date:1990..1999"),
        ("path:speeches/**/x-[ab].txt", "path:speeches/**/x-[ab].txt"),
        ("path:/home/", "path:\\/home/"),
        ("title:A:B", "title:A:B"),
        ("title:(date:1990)", "title:date\\:1990"),
        ("title:-x", "title:\\-x"),
        ("title:AND", "title:\\AND"),
        ("(title:a)", "title:a"),
        ("title:(a) b", "title:a OR b"),
        ("path:a(1).txt", "path:a\\(1\\).txt"),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn spans_mark_the_typed_text() {
    let text = "+=été^2 (a OR \"b c\"~2^3) -title:=\"x y\" d NEAR/3 e*";
    let mut spans = Vec::new();
    let mut open: Vec<Node> = parse(text).root.into_iter().collect();
    while let Some(node) = open.pop() {
        spans.push(node.span.of(text).to_owned());
        open.extend(node.children().cloned());
    }
    for expected in [
        "=été^2",
        "(a OR \"b c\"~2^3)",
        "a",
        "\"b c\"~2^3",
        "title:=\"x y\"",
        "d NEAR/3 e*",
        "d",
        "e*",
    ] {
        assert!(spans.iter().any(|span| span == expected), "{expected} in {spans:?}");
    }
}

#[test]
fn options_change_the_reading() {
    let read = |text: &str, options: ParseOptions| Query::parse(text, &options).unwrap();
    let default = ParseOptions::default();
    let form = |options| match read("a", options).root.unwrap().kind {
        Kind::Word { form, .. } => form,
        kind => panic!("{kind:?}"),
    };
    assert_eq!(form(default), Form::Stemmed);
    assert_eq!(form(ParseOptions { exact: true, ..default }), Form::Exact);
    assert_eq!(form(ParseOptions { accents: true, ..default }), Form::Exact);
    // The thesaurus alone is off; words keep their forms.
    assert_eq!(form(ParseOptions { literal: true, ..default }), Form::Stemmed);
    assert!(read("a", ParseOptions { literal: true, ..default }).options.literal);
    let phrase = ParseOptions { phrase: true, ..default };
    assert_eq!(printed(&read(" title:silk AND road* ", phrase)), "\"title:silk AND road*\"");
    let plain = ParseOptions { syntax: Syntax::Plain, ..default };
    assert_eq!(printed(&read("a* AND \"(-", plain)), "a\\* OR \\AND");
    assert_eq!(printed(&read("a* \"b", ParseOptions { phrase: true, ..plain })), "\"a\\* \\\"b\"");
}

#[test]
fn plain_text_is_cut_not_refused() {
    let query = Query::plain(&"word ".repeat(5_000));
    assert_eq!(query.root.unwrap().children().count(), limits::MAX_CLAUSES);
    assert_eq!(query.warnings.len(), 1);
    assert_eq!(Query::plain(" - ").root, None);
}

#[test]
fn limits_have_messages_of_their_own() {
    let error = |text: &str| Query::parse(text, &ParseOptions::default()).unwrap_err().kind;
    assert_eq!(error(&"é".repeat(4_097)), ErrorKind::TooLong { chars: 4_097 });
    assert_eq!(error(&"(".repeat(51)), ErrorKind::TooDeep);
    assert_eq!(error(&format!("a{}", " NEAR a".repeat(51))), ErrorKind::TooDeep);
    assert_eq!(error(&"a ".repeat(1_001)), ErrorKind::TooManyClauses);
    assert_eq!(error(&format!("\"{}\"", "a ".repeat(1_001))), ErrorKind::TooManyClauses);
    parse(&format!("{}a{}", "(".repeat(50), ")".repeat(50)));
    parse(&"a ".repeat(1_000));
    parse(&"é".repeat(4_096));
}

/// The tree with all spans empty.
fn spanless(mut node: Node) -> Node {
    node.span = Span::default();
    node.kind = match node.kind {
        Kind::Phrase { items, slop, form } => {
            let bare = |item: Item| Item { span: Span::default(), ..item };
            Kind::Phrase { items: items.into_iter().map(bare).collect(), slop, form }
        }
        Kind::Near { ordered, distance, left, right } => {
            let (left, right) = (Box::new(spanless(*left)), Box::new(spanless(*right)));
            Kind::Near { ordered, distance, left, right }
        }
        Kind::Within { scope, left, right } => {
            let (left, right) = (Box::new(spanless(*left)), Box::new(spanless(*right)));
            Kind::Within { scope, left, right }
        }
        Kind::Bool { must, should, must_not } => {
            let [must, should, must_not] =
                [must, should, must_not].map(|list| list.into_iter().map(spanless).collect());
            Kind::Bool { must, should, must_not }
        }
        kind => kind,
    };
    node
}

fn assert_spans_are_sound(node: &Node, text: &str) {
    assert!(
        node.span.slice(text).is_some_and(|part| !part.is_empty()),
        "{:?} in {text}",
        node.span
    );
    if let Kind::Phrase { items, .. } = &node.kind {
        for item in items {
            assert!(item.span.slice(text).is_some() && node.span.contains(item.span), "{text}");
        }
    }
    for child in node.children() {
        assert!(node.span.contains(child.span), "{text}");
        assert_spans_are_sound(child, text);
    }
}

/// Reads any text, and checks whatever comes back.
fn assert_answer_is_sound(text: &str, options: ParseOptions) {
    match Query::parse(text, &options) {
        Ok(query) => {
            explain(&query);
            for warning in &query.warnings {
                assert!(warning.span.slice(text).is_some(), "{text}");
            }
            let Some(root) = query.root else { return };
            assert_spans_are_sound(&root, text);
            if !options.phrase && options.syntax == Syntax::Full {
                let written = print(&root);
                let Ok(again) = Query::parse(&written, &options) else {
                    // What is written the plain way may be longer than a query may be.
                    assert!(written.chars().count() > limits::MAX_CHARS, "{text}\n{written}");
                    return;
                };
                assert_eq!(again.root.map(spanless), Some(spanless(root)), "{text}\n{written}");
            }
        }
        Err(error) => {
            assert!(error.span.slice(text).is_some(), "{text}: {error:?}");
            error.report();
            if let Some(suggestion) = &error.suggestion {
                assert!(Query::parse(suggestion, &options).is_ok(), "{text}: {suggestion}");
            }
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zé']{1,6}[a-z]",
        1 => "[-+=/a-c\\\\()*?~^:\"“”«»‘’.&1é]{0,6}[a-c][-+=/a-c\\\\()*?~^:\"“”«»‘’.&1é]{0,6}",
        1 => "AND|OR|NOT|NEAR|BEFORE/5|NEAR/0|SENT|PARA|title:x|date:1990",
    ]
}

fn pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c(:]{0,2}[a-c]\\*",
        "\\*[a-c~]{1,3}[a-c]",
        "[a-c]{1,2}\\?[a-c*]{1,2}",
        "\\?[-a-c/]{0,3}[a-c]\\*"
    ]
}

fn boost() -> impl Strategy<Value = Option<f32>> {
    prop_oneof![3 => Just(None), 1 => (1_u16..9_999).prop_map(|n| Some(f32::from(n) / 10.0))]
        .prop_map(|boost| boost.map(|boost| boost.clamp(limits::MIN_BOOST, limits::MAX_BOOST)))
}

fn field() -> impl Strategy<Value = Kind> {
    let texts = (0..9_usize, word(), "[a-c \"\\\\)!]{1,5}[a-c]", any::<[bool; 2]>()).prop_map(
        |(field, bare, quoted, [whole, phrase])| {
            let quoted = quoted.split_whitespace().collect::<Vec<_>>().join(" ");
            let text = if phrase { quoted } else { bare };
            Kind::Field { field: Field::ALL[field], value: Value::Text { text, whole, phrase } }
        },
    );
    let years = (1_i32..=9_999, 0_i32..50, 0..4_u8).prop_map(|(from, more, ends)| {
        let year = |year: i32| Date::from_year(year.min(9_999)).map(|date| date.to_string());
        let (from, to) = (year(from), year(from + more));
        let (from, to) = match ends {
            0 => (from, None),
            1 => (None, to),
            2 => (from.clone(), from),
            _ => (from, to),
        };
        Kind::Field { field: Field::Year, value: Value::Range { from, to } }
    });
    prop_oneof![3 => texts, 1 => years]
}

fn positional_leaf() -> impl Strategy<Value = Kind> {
    let item = prop_oneof![
        3 => word().prop_map(|text| (text, false)),
        1 => pattern().prop_map(|text| (text, true)),
        1 => Just(("*".to_owned(), true)),
    ]
    .prop_map(|(text, pattern)| Item { span: Span::default(), text, pattern });
    prop_oneof![
        4 => (word(), any::<bool>()).prop_map(|(text, exact)| {
            Kind::Word { text, form: if exact { Form::Literal } else { Form::Stemmed } }
        }),
        2 => (
            word(),
            prop::collection::vec(item, 0..4),
            0..=limits::MAX_DISTANCE,
            any::<bool>(),
        )
            .prop_map(|(text, mut items, slop, only)| {
                items.push(Item { span: Span::default(), text, pattern: false });
                let form = if only { Form::Literal } else { Form::Exact };
                Kind::Phrase { items, slop, form }
            }),
        1 => pattern().prop_map(|text| Kind::Pattern { text }),
        1 => "(\\\\[a-z.*()|\\\\]|[a-c()/*\"|]){0,4}[a-c]".prop_map(|pattern| Kind::Regex { pattern }),
        1 => (word(), 1..=limits::MAX_EDITS).prop_map(|(text, distance)| Kind::Fuzzy { text, distance }),
    ]
}

fn node(kind: impl Strategy<Value = Kind>) -> impl Strategy<Value = Node> {
    (kind, boost()).prop_map(|(kind, boost)| Node { boost, ..Node::new(Span::default(), kind) })
}

fn positional() -> impl Strategy<Value = Node> {
    node(positional_leaf()).prop_recursive(3, 12, 3, |inner| {
        let pair = (inner.clone(), inner.clone(), 0..4_u8, 1..=limits::MAX_DISTANCE).prop_map(
            |(left, right, operator, distance)| {
                let (left, right) = (Box::new(left), Box::new(right));
                match operator {
                    0 => Kind::Within { scope: Scope::Sentence, left, right },
                    1 => Kind::Within { scope: Scope::Paragraph, left, right },
                    _ => Kind::Near { ordered: operator == 2, distance, left, right },
                }
            },
        );
        let alternatives = prop::collection::vec(inner, 2..4).prop_map(|should| Kind::Bool {
            must: Vec::new(),
            should,
            must_not: Vec::new(),
        });
        node(prop_oneof![2 => pair, 1 => alternatives])
    })
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![4 => positional().boxed(), 1 => node(field()).boxed(), 1 => node(Just(Kind::All)).boxed()];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let list = move || prop::collection::vec(inner.clone(), 0..3);
        let lists = (list(), list(), list())
            .prop_filter("one part is no list", |(must, should, not)| {
                must.len() + should.len() + not.len() > 1 || !not.is_empty()
            });
        node(lists.prop_map(|(must, should, must_not)| Kind::Bool { must, should, must_not }))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(10_000) })]

    #[test]
    fn any_text_gets_a_sound_answer(text in any::<String>(), flags in any::<[bool; 4]>()) {
        let [phrase, exact, literal, plain] = flags;
        let syntax = if plain { Syntax::Plain } else { Syntax::Full };
        assert_answer_is_sound(&text, ParseOptions { syntax, phrase, exact, literal, accents: exact });
        Query::plain(&text);
    }

    #[test]
    fn any_mix_of_signs_gets_a_sound_answer(
        parts in prop::collection::vec(
            prop_oneof![
                "[-+=()\"“”«»‘’/~^*?:\\\\ a-c1é]{1,4}",
                "( AND | OR | NOT | NEAR/2 | BEFORE | SENT |title:|date:|1990\\.\\.|country:\\(|\\^2|~2| )",
                "[a-c]{1,3} ?",
            ],
            0..16,
        ),
    ) {
        assert_answer_is_sound(&parts.concat(), ParseOptions::default());
    }

    #[test]
    fn printing_then_parsing_gives_the_same_tree(tree in tree()) {
        let text = print(&tree);
        let query = Query::parse(&text, &ParseOptions::default());
        let query = query.unwrap_or_else(|error| panic!("{}", error.report()));
        prop_assert_eq!(query.root.map(spanless), Some(tree), "{}", text);
    }
}
