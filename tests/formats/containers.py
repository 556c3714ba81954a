#!/usr/bin/env python3
"""How fast files of many documents are indexed, beside the same documents as files of plain text.

    python3 tests/formats/containers.py --program target/release/chancery [--folder target/containers]

Writes 10,000 notes of about 1.3 kB as plain files, as JSON Lines, as a table, in a zip archive, in a zip
archive within another, 2,000 of them as a mailbox (every fourth message with an attachment) and 100 longer
ones as a TEI volume; indexes each twice into a fresh index and prints the better time. Each container
stands beside plain files of the same documents: the ratio is what the container costs. Afterwards documents,
dates, headings and containers are counted. The words are drawn at random, always the same.
"""
import argparse, csv, io, json, mailbox, pathlib, random, shutil, subprocess, sys, time, zipfile
from email.message import EmailMessage

WORDS = ("treaty border talks harbour minister river customs envoy protocol fishery council paper session "
         "delegate agreed tariff rail bridge survey island quarantine mail wireless canal").split()
NOTES, MESSAGES, DOCUMENTS = 10_000, 2_000, 100


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--program", required=True, type=lambda path: pathlib.Path(path).resolve())
    arguments.add_argument("--folder", default="target/containers", type=pathlib.Path)
    given = arguments.parse_args()
    here = given.folder.resolve()
    shutil.rmtree(here, ignore_errors=True)
    dice = random.Random(4)

    def text(sentences):
        return " ".join(" ".join(dice.choices(WORDS, k=14)).capitalize() + "." for _ in range(sentences))

    notes = [(f"Note {at}", f"19{50 + at % 50}-0{1 + at % 9}-1{at % 10}", text(14)) for at in range(NOTES)]
    parts = [(text(14), text(14), text(10)) for _ in range(DOCUMENTS)]

    def case(name):
        folder = here / name / "documents"
        folder.mkdir(parents=True)
        return folder

    folder = case("plain")
    for at, (title, date, words) in enumerate(notes):
        (folder / f"{at:05}.txt").write_text(f"{title}\n\n{date}\n\n{words}\n")
    (case("jsonl") / "notes.jsonl").write_text("".join(
        json.dumps({"title": title, "date": date, "text": words}) + "\n" for title, date, words in notes))
    with open(case("csv") / "notes.csv", "w") as file:
        csv.writer(file).writerows([["title", "date", "text"], *notes])
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, (title, date, words) in enumerate(notes):
            archive.writestr(f"{at:05}.txt", f"{title}\n\n{date}\n\n{words}\n")
    (case("zip") / "notes.zip").write_bytes(inner.getvalue())
    with zipfile.ZipFile(case("zip in zip") / "outer.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())

    folder, box = case("plain messages"), mailbox.mbox(case("mailbox") / "notes.mbox")
    for at, (title, _, words) in enumerate(notes[:MESSAGES]):
        annex = f"Annex {at}: quillwort {at}.\n"
        message = EmailMessage()
        message["Subject"], message["From"] = title, "desk@example.org"
        message["Date"] = "Mon, 01 Feb 1999 10:00:00 +0000"
        message.set_content(words)
        (folder / f"{at:05}.txt").write_text(f"{title}\n\n1 February 1999\n\n{words}\n")
        if at % 4 == 0:
            message.add_attachment(annex, filename=f"annex{at}.txt")
            (folder / f"{at:05}-annex.txt").write_text(annex)
        box.add(message)
    box.flush()

    folder, divisions = case("plain volume"), []
    for at, (first, second, third) in enumerate(parts, 1):
        date = notes[at][1]
        (folder / f"d{at}.txt").write_text(
            f"{at}. Memorandum {at}\n\nOslo, {date}\n\n{first}\n\n{second}\n\nPart of {at}\n\n{third}\n")
        divisions.append(
            f'<div type="document" xml:id="d{at}" n="{at}"><head>{at}. Memorandum {at}</head><opener><dateline>'
            f'<placeName>Oslo</placeName>, <date when="{date}">{date}</date></dateline></opener><p>{first}</p>'
            f'<p>{second}</p><div type="section"><head>Part of {at}</head><p>{third}</p></div></div>')
    (case("tei") / "volume.xml").write_text(
        '<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>'
        "<title>Volume One</title></titleStmt></fileDesc></teiHeader><text><body>"
        f'<div type="compilation"><head>Papers</head>{"".join(divisions)}</div></body></text></TEI>')

    def run(name, *arguments):
        return subprocess.run([given.program, *arguments], cwd=here / name, capture_output=True, text=True).stdout

    def index(name):
        best, answer = None, None
        for _ in range(2):
            shutil.rmtree(here / name / "index", ignore_errors=True)
            start = time.perf_counter()
            answer = json.loads(run(name, "index", "--json"))
            best = min(best or 1e9, time.perf_counter() - start)
        return best, answer

    twins = {"jsonl": "plain", "csv": "plain", "zip": "plain", "zip in zip": "plain", "mailbox": "plain messages", "tei": "plain volume"}
    times = {}
    print("| files | documents | passages | MB | s | beside plain files |\n|---|---|---|---|---|---|")
    for name in ["plain", "plain messages", "plain volume", *twins]:
        times[name], answer = index(name)
        n_documents = json.loads(run(name, "status", "--json"))["documents"]
        ratio = f"{times[name] / times[twins[name]]:.2f}" if name in twins else ""
        print(f"| {name} | {n_documents} | {answer['passages']} | {answer['bytes'] / 1e6:.1f} | {times[name]:.2f} | {ratio} |", flush=True)
        if answer["skipped"]:
            print("left out:", answer["skipped"][:3])
    shown = [json.loads(line) for line in run("tei", "show", "--all", "--format", "jsonl").splitlines()]
    members = [one for one in shown if "#d" in one["document"]["path"]]
    number = lambda one: int(one["document"]["path"].rsplit("d", 1)[1])
    print("tei:", len(members), "documents,",
          sum(one["document"]["date"] == notes[number(one)][1] for one in members), "dated,",
          sum(one["document"]["container"] == "volume.xml" for one in members), "with their container,",
          sum(any((part["title"] or "").startswith("Part of") for part in one["sections"]) for one in members), "with their headings")
    for name, query in (("mailbox", "quillwort"), ("zip in zip", '"Note 77"'), ("jsonl", '"Note 9999"')):
        found = json.loads(run(name, "search", "--json", query))
        document = found["hits"][0]["document"]
        print(f"{name}: {query} in {found['documents']} documents, first {document['path']} of {document['container']}")


if __name__ == "__main__":
    sys.exit(main())
