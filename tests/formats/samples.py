#!/usr/bin/env python3
"""Makes the sample documents in `documents/formats` again, one of each format, from the texts below.

    python3 tests/formats/samples.py

Needs pandoc and LibreOffice (soffice); what is missing is named, and its files stay as they are. The texts
are our own; times inside archives are fixed, so that only the programs' own stamps differ between runs.
"""
import gzip, io, json, mailbox, pathlib, shutil, subprocess, tarfile, tempfile, zipfile
from email.message import EmailMessage

OUT = pathlib.Path(__file__).resolve().parents[2] / "documents" / "formats"

# Name: title, date, and sections with their paragraphs.
TEXTS = {
    "lamp-list": ("What a List of Lamps Is For", "3 May 1978", [
        ("An Inventory", "A list of lamps looks like the least political of papers. It names a rock, a tower, the colour of a light and the seconds of its dark. Yet two governments that could not agree on a boundary for forty years met every spring to correct it, since neither wished to lose a ship to a misprint."),
        ("What Was Left Out", "The list says nothing of who owns the rock. Where the two drafts named different owners, the editors left the column empty and printed the keeper's address instead. Nobody has filled the gap, and nobody has missed it."),
    ]),
    "tide-tables": ("Tide Tables as Confidence Building", "17 October 1986", [
        ("Numbers First", "The exchange of tide tables began as a clerk's errand and became the only channel that stayed open. When the ambassadors were withdrawn, the tables still crossed the strait in a sealed bag on the first Monday of the quarter."),
        ("Words Later", "After six years a note was pinned to the table, asking whether the other side would object to a buoy. The answer took three quarters to come. It was one word long, and it was yes."),
    ]),
    "pilots": ("Pilots and Passports", "9 February 1993", [
        ("A Narrow Channel", "The channel is eighty metres wide and belongs to both banks. A pilot crosses the line some thirty times in an hour, and for a decade each crossing needed a stamp. The masters solved it before the ministries did: the stamp was put into the hand of the pilot."),
        ("A Wider Rule", "What the masters had done in silence was written down at last in a protocol of two pages. It gives every licensed pilot the freedom of the channel, and asks of him only that he speak both languages on the radio."),
    ]),
    "ferry-notes": ("Notes on a Ferry Agreement", "21 June 2004", [
        ("The Timetable", "The ferry was agreed upon in an afternoon and its timetable in four years. Each side wanted the last boat of the evening to sleep in its own port. In the end the boat sleeps at anchor between them, and the crew rows home."),
        ("The Fare", "The fare is paid in either coin at a rate fixed by the purser. The two central banks have protested every spring, and every spring the purser has thanked them for their letters."),
    ]),
    "sound-signals": ("Sound Signals in Fog", "12 December 1969", [
        ("Three Blasts", "Before there was a treaty there was a habit: three blasts from the northern shore, two from the southern. The delegates of 1969 did little more than to write the habit down, and they were careful to say so in the preamble."),
        ("And a Silence", "What the text adds is a duty to be silent. No horn may sound from a quay while a ship answers another, and the harbour that breaks the rule pays for the pilot of the next."),
    ]),
    "ice-reports": ("Ice Reports of the Northern Ports", "5 January 1957", [
        ("A Common Cipher", "Ice has eleven names in one of the two languages and four in the other. The cipher that both services have used since 1957 has seven, and the handbook explains that it was chosen because it satisfied nobody."),
        ("A Common Watch", "The reports are sent at dawn by whoever is awake. In the worst winters they were the only regular telegrams between the two capitals, and both archives file them under weather."),
    ]),
}


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def markdown(name):
    title, date, sections = TEXTS[name]
    body = "\n\n".join(f"# {heading}\n\n{words}" for heading, words in sections)
    return f"---\ntitle: {title}\ndate: {date}\nlang: en\n---\n\n{body}\n"



def office(scratch):
    if not shutil.which("pandoc"):
        return print("missing: pandoc")

    def pandoc(name, out):
        source = scratch / f"{name}.md"
        source.write_text(markdown(name))
        run("pandoc", "--standalone", "--from", "markdown", source, "-o", out)
    pandoc("lamp-list", OUT / "lamp-list.docx")
    pandoc("tide-tables", OUT / "tide-tables.odt")
    pandoc("pilots", OUT / "pilots.epub")
    if not shutil.which("soffice"):
        return print("missing: soffice")
    for name, kind in (("ferry-notes", "pdf"), ("sound-signals", "rtf"), ("ice-reports", "doc")):
        pandoc(name, scratch / f"{name}.odt")
        run("soffice", f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--convert-to", kind,
            "--outdir", OUT, scratch / f"{name}.odt")


def volume():
    telegrams = [
        ("d1", "1. Telegram From the Embassy in Norway to the Harbour Office", "1961-04-11", "April 11, 1961",
         "The keeper at the outer station reports that his lamp was out for two nights, and that no ship came.",
         "Received on April 13."),
        ("d2", "2. Telegram From the Harbour Office to the Embassy in Norway", "1961-04-14", "April 14, 1961",
         "Please convey our thanks to the keeper. A wick was sent by the mail boat of this morning.",
         "The mail boat was a day late."),
    ]
    divisions = "".join(
        f'<div type="document" xml:id="{key}" n="{at}"><head>{head}<note n="1">{note}</note></head><opener><dateline>'
        f'<placeName>Oslo</placeName>, <date when="{day}">{date}</date></dateline></opener><p>{words}</p></div>\n'
        for at, (key, head, day, date, words, note) in enumerate(telegrams, 1))
    (OUT / "telegrams.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc>'
        "<titleStmt><title>Telegrams of the Harbour Office</title></titleStmt></fileDesc></teiHeader>\n"
        f'<text><body><div type="compilation"><head>Lamps</head>\n{divisions}</div></body></text></TEI>\n')


def mail():
    def message(subject, date, words, annex=None):
        one = EmailMessage()
        one["From"], one["To"] = "Harbour Office <office@example.org>", "desk@example.org"
        one["Subject"], one["Date"] = subject, date
        one.set_content(words + "\n")
        if annex:
            one.add_attachment(annex + "\n", filename="soundings.txt")
            one.set_boundary("=-soundings")
        return one
    letter = message("Soundings off the breakwater", "Tue, 04 Mar 1997 09:00:00 +0000",
                     "The soundings of February are attached. The bar has moved forty metres to the west.",
                     "Soundings of February 1997: four fathoms at the bar, six behind it.")
    (OUT / "soundings.eml").write_bytes(letter.as_bytes())
    (OUT / "desk.mbox").unlink(missing_ok=True)
    box = mailbox.mbox(OUT / "desk.mbox")
    for subject, date, words in (
        ("The buoy at the bar", "Mon, 10 Mar 1997 08:00:00 +0000", "The buoy at the bar will be moved on Friday, if the wind allows."),
        ("The buoy, again", "Sat, 15 Mar 1997 08:00:00 +0000", "The wind did not allow it. We shall try on Monday."),
    ):
        one = mailbox.mboxMessage(message(subject, date, words))
        one.set_from("office@example.org", (1997, 3, 15, 8, 0, 0, 5, 74, 0))
        box.add(one)
    box.flush()


def records():
    rows = [("Breakwater opened", "1931-05-02", "The breakwater was opened without a speech, since the rain was heavy."),
            ("Breakwater extended", "1954-09-18", "The breakwater was extended by sixty metres at the cost of both towns.")]
    (OUT / "breakwater.jsonl").write_text("".join(
        json.dumps({"title": title, "date": date, "text": words}) + "\n" for title, date, words in rows))
    dredging = [("Dredging of the inner basin", "1962-07-01", "The inner basin was dredged to five metres; the mud went to the other bank, which had asked for it."),
                ("Dredging of the outer basin", "1963-07-01", "The outer basin was left as it was, by a vote of seven to six.")]
    quoted = "".join(f'"{title}",{date},"{words}"\n' for title, date, words in dredging)
    (OUT / "dredging.csv").write_text("title,date,text\n" + quoted)


def archives():
    rope = "Rope for the Signal Mast\n\n8 August 1949\n\nThe rope of the signal mast is renewed each spring at the common cost. The account has never been disputed.\n"
    flags = "# Flags of the Signal Mast\n\nThe mast flies no flag of either State. On feast days it flies both, and the keeper decides which is the higher by the direction of the wind.\n"
    with zipfile.ZipFile(OUT / "mast.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in (("rope.txt", rope), ("flags.md", flags)):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), words)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        words = b"Paint for the Beacon\n\n3 March 1951\n\nThe beacon is painted white above and red below. The line between the two colours was the subject of nine letters.\n"
        member = tarfile.TarInfo("beacon.txt")
        member.size = len(words)
        archive.addfile(member, io.BytesIO(words))
    (OUT / "beacon.tar").write_bytes(packed.getvalue())
    words = b"Oil for the Beacon\n\n4 March 1952\n\nOil is bought by the northern town in even years and by the southern town in odd ones.\n"
    (OUT / "oil.txt.gz").write_bytes(gzip.compress(words, mtime=0))


def pages():
    # A page with a menu and a footer, which are no text.
    (OUT / "anchorage.html").write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The Anchorage - Harbour Office</title></head><body>'
        '<nav><a href="/">Home</a> <a href="/tides">Tides</a></nav><main><h1>The Anchorage</h1>\n'
        "<p>The anchorage is open to ships of every flag in a gale, whatever the state of relations. The rule is older than both States.</p>\n"
        '<h2>The Exception</h2>\n<p>A ship that has refused the pilot twice may be asked to pay for the third.<sup><a href="#n1">1</a></sup></p>\n'
        '<section role="doc-endnotes"><ol><li id="n1">No ship has been asked.</li></ol></section></main>\n'
        "<footer>Harbour Office, imprint</footer></body></html>\n")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        office(pathlib.Path(folder))
    volume()
    mail()
    records()
    archives()
    pages()


if __name__ == "__main__":
    main()
