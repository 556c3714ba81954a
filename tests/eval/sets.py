"""The evaluation sets: what the program is asked, which scorer judges it, which figures are kept.

A set is a function from a `Program` to figures `(measure, figure, interval or None, n)`. Baselines and
goals stand in `GOALS`: (baseline, goal), `None` where none is set.
"""

import ast
import csv
import json
import re

from program import bootstrap, f1, mean, number, tail, wilson

GOALS = {
    ("questions", "nDCG@10 condensed"): (0.558, 0.64),
    ("questions", "nDCG@10"): (0.558, None),
    ("questions", "P@10 condensed"): (0.616, None),
    ("questions", "judged@10"): (1.0, None),
    ("cranfield", "nDCG@10"): (0.521, 0.516),
    ("cranfield", "MAP"): (0.422, None),
    ("cisi", "nDCG@10"): (0.400, 0.395),
    ("cisi", "MAP"): (0.219, None),
    ("lisa", "nDCG@10"): (0.465, 0.460),
    ("lisa", "MAP"): (0.364, None),
    ("classic", "mean nDCG@10"): (0.462, 0.470),
    ("knownitem", "keywords S@1"): (0.880, 0.95),
    ("knownitem", "keywords S@10"): (0.953, 0.99),
    ("knownitem", "other forms S@1"): (0.855, None),
    ("knownitem", "other forms S@10"): (0.952, None),
    ("knownitem", "phrase, file S@1"): (0.387, 0.99),
    ("knownitem", "phrase, file S@10"): (0.720, 1.0),
    ("knownitem", "typo corrected S@1"): (0.760, None),
    ("knownitem", "typo corrected S@10"): (0.907, 0.97),
    ("languages", "S@1"): (0.352, 0.93),
    ("languages", "S@5"): (0.410, 0.99),
    ("sections", "F1"): (0.677, 0.93),
    ("sections", "macro F1"): (0.636, 0.90),
    ("sections", "section accuracy"): (0.663, 0.96),
    ("sections", "left untouched"): (35 / 67, 0.97),
    ("countries", "F1"): (0.908, 0.97),
    ("names", "F1"): (0.632, 0.95),
    ("names", "exact"): (0.5, None),
    ("subregions", "F1"): (0.876, 0.98),
    ("regions", "F1"): (0.892, 0.98),
    ("about", "countries F1"): (0.830, 0.93),
    ("about", "sub-regions F1"): (0.916, 0.96),
    ("about", "regions F1"): (0.943, 0.98),
    ("topics", "micro F1"): (0.584, 0.75),
    ("topics", "macro F1"): (0.602, 0.75),
    ("topics", "precision of the sure"): (None, 0.90),
    ("sdg", "accuracy"): (0.727, 0.82),
    ("salience", "own country first"): (None, 0.88),
}

M49_REGIONS = ("Africa", "Americas", "Asia", "Europe", "Oceania")
COLLECTIONS = ("cranfield", "cisi", "lisa")


def queries(path):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")]
    return [(row[0], row[1]) for row in rows if len(row) > 1]


def classic(name):
    def measure(program):
        folder = program.data / "ranking" / name
        flags = ["--syntax", "plain", "--group", "document", "-n", "1000", "--format", "trec"]
        flags += program.flags
        run = program.work / "runs" / f"{name}.run"
        run.parent.mkdir(parents=True, exist_ok=True)
        run.write_text(program.search(name, queries(folder / "queries.tsv"), flags))
        text = program.score("score_ranking.py", folder / "qrels.tsv", run, "--per-query")
        table = [line.split("\t") for line in text.splitlines() if line.count("\t") > 2]
        head = [column.lower() for column in table[0]]
        figures = []
        for title, column in (("nDCG@10", "ndcg@10"), ("MAP", "map")):
            values = [float(row[head.index(column)]) for row in table[1:]]
            figures.append((title, mean(values), bootstrap(values, mean), len(values)))
        return figures

    return measure


def classic_mean(figures):
    """The mean over the three collections, once all are measured."""
    values = [figures.get((name, "nDCG@10")) for name in COLLECTIONS]
    if any(value is None for value in values):
        return []
    return [("mean nDCG@10", mean(values), None, 3)]


def questions(program):
    folder = program.data / "questions"
    asked = queries(folder / "questions.tsv")
    rows = []
    for qid, hits in program.hits("debate", asked, ["-n", "50", *program.flags]).items():
        for hit in hits:
            passage = hit["passage"]
            path = tail(hit["document"]["path"])
            rows.append((qid, hit["rank"], path, passage["start"], passage["end"]))
    run = program.write("questions.tsv", rows)
    gold = folder / "judgements.jsonl"
    condensed = program.score("score_questions.py", gold, run, "--condensed", "--each")
    plain = program.score("score_questions.py", gold, run)
    each = [float(x) for x in re.findall(r"\tndcg10 ([\d.]+)", condensed)]
    return [
        ("nDCG@10 condensed", number(condensed, r"nDCG@10 ([\d.]+)"), bootstrap(each, mean), len(each)),
        ("P@10 condensed", number(condensed, r"P@10 ([\d.]+)"), None, len(each)),
        ("nDCG@10", number(plain, r"nDCG@10 ([\d.]+)"), None, len(each)),
        ("judged@10", number(plain, r"judged@10 ([\d.]+)"), None, len(each)),
    ]


def corrected(text, suggestions):
    """The query with the spelling that the program offers."""
    for suggestion in suggestions:
        match = re.search(r'did you mean "(.+?)" instead of "(.+?)"', suggestion)
        if match:
            word = re.compile(r"\b" + re.escape(match.group(2)) + r"\b", re.IGNORECASE)
            text = word.sub(lambda _, new=match.group(1): new, text)
    return text


def known_items(program):
    folder = program.data / "knownitem"
    asked = queries(folder / "queries.tsv")
    typed = [(qid, text) for qid, text in asked if qid.endswith(".typo")]
    answers = program.search("debate", typed, ["--format", "json", "-n", "1"]).splitlines()
    offered = {a["query_id"]: a.get("suggestions", []) for a in map(json.loads, answers)}
    asked = [(qid, corrected(text, offered.get(qid, []))) for qid, text in asked]
    flags = ["--syntax", "full", "-n", "50", *program.flags]
    rows = []
    for qid, hits in program.hits("debate", asked, flags).items():
        for hit in hits:
            passage = hit["passage"]
            path = tail(hit["document"]["path"])
            rows.append((qid, hit["rank"], path, passage["start"], passage["end"], ""))
    run = program.write("knownitem.tsv", rows)
    text = program.score("score_passages.py", folder / "items.jsonl", run)
    figures = []
    for kind, title, column in (
        ("keywords", "keywords", 2),
        ("other word forms", "other forms", 2),
        ("exact phrase", "phrase, file", 1),
        ("one typo", "typo corrected", 2),
    ):
        parts = next(line for line in text.splitlines() if line.strip().startswith(kind)).split("|")
        n = int(parts[0].split()[-1])
        values = parts[column].split()
        for at, cut in ((0, "S@1"), (2, "S@10")):
            share = float(values[at])
            figures.append((f"{title} {cut}", share, wilson(share, n), n))
    return figures


def languages(program):
    path = program.data / "languages" / "queries.tsv"
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")][1:]
    asked = [(row[0], row[3]) for row in rows]
    flags = ["--syntax", "plain", "--group", "document", "-n", "20", "--format", "trec"]
    run = program.work / "runs" / "languages.run"
    run.parent.mkdir(parents=True, exist_ok=True)
    run.write_text(program.search("languages", asked, flags + program.flags))
    text = program.score("score_languages.py", path, run)
    line = next(line for line in text.splitlines() if line.startswith("ALL"))
    n, first, fifth = int(line.split()[1]), float(line.split()[2]), float(line.split()[3])
    return [("S@1", first, wilson(first, n), n), ("S@5", fifth, wilson(fifth, n), n)]


def labelled(program, gold, pred, field):
    """Micro F1, precision, macro F1, share of ids without a mistake; the interval is over ids."""
    text = program.score("score_labels.py", gold, pred, "--field", field, "--errors", 100_000)
    wanted = [row for row in map(json.loads, open(gold, encoding="utf-8")) if field in row]
    counts = {short(row["id"]): (len(row[field]), 0, 0) for row in wanted}
    for line in text.splitlines():
        match = re.match(r"(\S+) missed=(\[.*?\]) wrong=(\[.*?\])", line)
        if match:
            missed, wrong = (len(ast.literal_eval(match.group(i))) for i in (2, 3))
            right = counts[match.group(1)][0] - missed
            counts[match.group(1)] = (right, wrong, missed)
    return {
        "F1": number(text, r"F1 ([\d.]+)"),
        "P": number(text, r"micro P ([\d.]+)"),
        "macro": number(text, r"macro F1 ([\d.]+)"),
        "exact": number(text, r"exact (\d+)/") / len(wanted),
        "interval": bootstrap(list(counts.values()), f1),
        "n": len(wanted),
    }


def short(name):
    return "/".join(name.split("/")[-2:])


def tagged(program):
    """The labelled passages as the program tags them, by id."""
    rows = [json.loads(line) for line in open(program.data / "passages/labelled.jsonl", encoding="utf-8")]
    asked = []
    for row in rows:
        year = re.match(r"Session \d+ - (\d{4})", row.get("path", ""))
        asked.append({"id": row["id"], "text": row["text"], **({"date": year.group(1)} if year else {})})
    return [prediction(answer) for answer in program.classify(asked)]


def prediction(answer):
    """Labels of one classified text."""
    countries, regions, subregions, topics, sure = [], [], [], [], []
    for passage in answer.get("passages", []):
        for place in passage["places"]:
            countries += place["countries"]
        for path in passage["regions"]:
            parts = path.split("/")
            if parts[0] in M49_REGIONS:
                regions.append(parts[0])
                subregions += parts[1:2]
        topics += passage["topics"]
        sure += passage.get("topics_sure", passage["topics"])
    lists = {"countries": countries, "regions": regions, "subregions": subregions}
    lists |= {"topics": topics, "sure": sure}
    return {"id": answer["id"]} | {name: list(dict.fromkeys(found)) for name, found in lists.items()}


def passages(field):
    def measure(program):
        pred = program.write("passages.jsonl", tagged(program))
        score = labelled(program, program.data / "passages/labelled.jsonl", pred, field)
        return [("F1", score["F1"], score["interval"], score["n"])]

    return measure


def topics(program):
    gold = program.data / "passages/labelled.jsonl"
    rows = tagged(program)
    score = labelled(program, gold, program.write("passages.jsonl", rows), "topics")
    sure = [{"id": row["id"], "topics": row["sure"]} for row in rows]
    precise = labelled(program, gold, program.write("sure.jsonl", sure), "topics")
    n = sum(len(row["sure"]) for row in rows)
    return [
        ("micro F1", score["F1"], score["interval"], score["n"]),
        ("macro F1", score["macro"], None, score["n"]),
        ("precision of the sure", precise["P"], wilson(precise["P"], n), n),
    ]


def names(program):
    gold = program.data / "passages/names.jsonl"
    rows = [json.loads(line) for line in open(gold, encoding="utf-8")]
    answers = program.classify([{"id": row["id"], "text": row["text"]} for row in rows])
    pred = program.write("names.jsonl", map(prediction, answers))
    score = labelled(program, gold, pred, "countries")
    n = score["n"]
    return [
        ("F1", score["F1"], score["interval"], n),
        ("exact", score["exact"], wilson(score["exact"], n), n),
    ]


def about(program):
    rows = []
    for shown in program.show_all("about"):
        document = shown["document"]
        paths = [row["path"].split("/") for row in document["regions"]]
        paths = [parts for parts in paths if parts[0] in M49_REGIONS]
        rows.append({
            "id": document["path"],
            "countries": [row["code"] for row in document["countries"]],
            "regions": sorted({parts[0] for parts in paths}),
            "subregions": sorted({parts[1] for parts in paths if len(parts) > 1}),
        })
    pred = program.write("about.jsonl", rows)
    gold = program.data / "regions/about.jsonl"
    figures = []
    for title, field in (("countries", "countries"), ("sub-regions", "subregions"), ("regions", "regions")):
        score = labelled(program, gold, pred, field)
        figures.append((f"{title} F1", score["F1"], score["interval"], score["n"]))
    return figures


def sdg(program):
    gold = program.data / "topics/sdg.tsv"
    rows = [line.rstrip("\n").split("\t") for line in open(gold, encoding="utf-8")][1:]
    answers = program.classify([{"id": row[0], "text": row[3]} for row in rows])
    predicted = [(answer["id"], ";".join(prediction(answer)["topics"])) for answer in answers]
    pred = program.write("sdg.tsv", predicted)
    taxonomy = program.data / "topics/taxonomy.tsv"
    text = program.score("score_sdg.py", gold, pred, "--taxonomy", taxonomy)
    accuracy = number(text, r"mean\s+accuracy ([\d.]+)")
    return [("accuracy", accuracy, wilson(accuracy, len(rows)), len(rows))]


def sections(program):
    gold = program.data / "sections/gold.jsonl"
    rows = []
    for shown in program.show_all("sections"):
        headings = [
            {"line": s["line"], "level": s["level"], "text": s["title"]}
            for s in shown["sections"]
            if s["kind"] in ("heading", "turn") and s["title"] is not None
        ]
        rows.append({"path": shown["document"]["path"], "headings": headings})
    pred = program.write("sections.jsonl", rows)
    text = program.score("score_sections.py", gold, pred, "--errors", 100_000)
    counts = {}
    for row in map(json.loads, open(gold, encoding="utf-8")):
        counts[short(row["path"])] = [len(row["headings"]), 0, 0]
    for kind, path in re.findall(r"^(FP|FN) (.+?):\d+ ", text, re.MULTILINE):
        row = counts[short(path)]
        if kind == "FP":
            row[1] += 1
        else:
            row[0] -= 1
            row[2] += 1
    line = next(line for line in text.splitlines() if line.startswith("ALL")).split()
    clean, none = map(int, line[9].split("/"))
    return [
        ("F1", float(line[6]), bootstrap(list(counts.values()), f1), len(counts)),
        ("macro F1", number(text, r"macro F1 .*: ([\d.]+)"), None, len(counts)),
        ("section accuracy", float(line[8]), None, len(counts)),
        ("left untouched", clean / none, wilson(clean / none, none), none),
    ]


def salience(program):
    path = program.data / "regions/speaker.tsv"
    own = {row["path"]: row["iso3"] for row in csv.DictReader(open(path, encoding="utf-8"), delimiter="\t")}
    former = {"SUN": "RUS", "DDR": "DEU", "CSK": "CZE", "YMD": "YEM", "YUG": "SRB"}
    seen = first = 0
    for shown in program.show_all("debate"):
        document = shown["document"]
        country = own.get(tail(document["path"]))
        if country is None:
            continue
        seen += 1
        ranked = sorted(document["countries"], key=lambda row: -row["weight"])
        codes = {country, former.get(country, country)}
        first += bool(ranked) and ranked[0]["code"] in codes
    share = first / seen if seen else 0.0
    return [("own country first", share, wilson(share, seen), seen)]


SETS = {
    "questions": questions,
    "cranfield": classic("cranfield"),
    "cisi": classic("cisi"),
    "lisa": classic("lisa"),
    "knownitem": known_items,
    "languages": languages,
    "sections": sections,
    "countries": passages("countries"),
    "subregions": passages("subregions"),
    "regions": passages("regions"),
    "names": names,
    "about": about,
    "topics": topics,
    "sdg": sdg,
    "salience": salience,
}
