//! Queries written by hand, as a historian might ask them.

use super::tree::{Query, Spot, Test};

fn word(text: &str) -> Spot {
    Spot::Word(text.to_owned())
}

fn literal(text: &str) -> Spot {
    Spot::Literal(text.to_owned())
}

fn phrase(text: &str) -> Spot {
    loose(text, 0)
}

fn loose(text: &str, slop: u32) -> Spot {
    Spot::Phrase(text.split(' ').map(ToOwned::to_owned).collect(), slop)
}

fn wild(text: &str) -> Spot {
    Spot::Pattern(Test::Wild(text.to_owned()))
}

fn regex(text: &str) -> Spot {
    Spot::Pattern(Test::Regex(text.to_owned()))
}

fn fuzzy(text: &str, letters: usize) -> Spot {
    Spot::Pattern(Test::Fuzzy(text.to_owned(), letters))
}

fn near(a: Spot, n: u32, b: Spot) -> Spot {
    Spot::Near(Box::new(a), n, Box::new(b))
}

fn before(a: Spot, n: u32, b: Spot) -> Spot {
    Spot::Before(Box::new(a), n, Box::new(b))
}

fn sent(a: Spot, b: Spot) -> Spot {
    Spot::Sent(Box::new(a), Box::new(b))
}

fn para(a: Spot, b: Spot) -> Spot {
    Spot::Para(Box::new(a), Box::new(b))
}

fn any(spots: Vec<Spot>) -> Spot {
    Spot::Any(spots)
}

pub(crate) fn queries() -> Vec<Query> {
    let spots = vec![
        word("multilateralism"),
        word("self-determination"),
        word("co-operation"),
        word("cooperation"),
        word("don't"),
        word("A/RES/70/1"),
        word("vis-a-vis"),
        word("USSR"),
        literal("states"),
        literal("us"),
        literal("co-operation"),
        phrase("United Nations"),
        phrase("the united nations"),
        phrase("of the"),
        phrase("China's"),
        phrase("Secretary-General"),
        phrase("peace * security"),
        phrase("nuclear weapon* states"),
        phrase("win-win cooperation"),
        loose("united peace", 3),
        loose("peace security nations", 12),
        wild("multilat*"),
        wild("organi?ation"),
        wild("*proliferation"),
        wild("*-determination"),
        regex("self-?determin.*"),
        regex("organi[sz]ation(al)?"),
        fuzzy("gorbachov", 2),
        fuzzy("traety", 1),
        near(word("Cuba"), 10, word("embargo")),
        near(word("peace"), 5, word("peace")),
        near(literal("small"), 2, wild("island*")),
        before(
            any(vec![phrase("climate change"), phrase("global warming")]),
            20,
            near(word("small"), 2, wild("island*")),
        ),
        near(near(word("arms"), 5, word("race")), 15, word("nuclear")),
        before(near(word("war"), 3, word("cold")), 30, word("end")),
        sent(word("Palestine"), word("Israel")),
        para(word("apartheid"), phrase("South Africa")),
        sent(any(vec![word("hunger"), word("famine")]), any(vec![word("africa"), word("sahel")])),
        para(sent(word("debt"), word("burden")), word("africa")),
        near(phrase("human rights"), 1_000, word("genocide")),
        near(literal("the"), 2, literal("of")),
    ];
    let mut queries: Vec<Query> = spots.into_iter().map(Query::Spot).collect();
    let spot = Query::Spot;
    queries.extend([
        Query::Without(Box::new(spot(literal("states"))), vec![spot(phrase("United States"))]),
        Query::Without(
            Box::new(Query::And(vec![
                Query::Or(vec![spot(word("nuclear")), spot(word("atomic"))]),
                spot(wild("test*")),
            ])),
            vec![spot(phrase("test ban"))],
        ),
        Query::And(vec![spot(word("apartheid")), spot(word("sanctions")), spot(word("namibia"))]),
        Query::Or(vec![spot(word("perestroika")), spot(word("glasnost"))]),
        Query::Must(Box::new(spot(word("decolonization"))), vec![spot(word("trusteeship"))]),
        Query::And(vec![
            spot(near(word("law"), 4, word("sea"))),
            Query::Or(vec![spot(word("seabed")), spot(wild("fisher*"))]),
        ]),
    ]);
    queries
}
