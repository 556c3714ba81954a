#!/usr/bin/env python3
"""How much of PDF files the program reads, beside pdftotext and beside the text that was written into them.

    python3 tests/formats/pdf_report.py --program target/release/chancery [--folder target/pdf] [--write]

Makes PDF files of our own sentences in eleven scripts with every program of the list that is installed
(what is missing is named), reads each with `pdftotext -enc UTF-8` (poppler-utils) and with the program,
and prints for each the share of words and of pairs of neighbouring words that are found:

    words, pairs            of pdftotext's, in ours
    source, source pairs    of the text that was written, in ours
    (pdftotext)             the same two shares of the text that was written, in pdftotext's

Chinese, Japanese, Thai are compared letter by letter. `--write` keeps the table in `pdf_report.tsv`
beside this file. Times are of processes that read one file each; ours is the child process that the
program itself uses.
"""
import argparse, collections, html, json, pathlib, re, shutil, struct, subprocess, sys, tempfile, time, unicodedata

HERE = pathlib.Path(__file__).resolve().parent

# Script: language, font, text. Our own sentences.
TEXTS = {
    "Latin": ("en", "Noto Serif", "The envoys met again in the spring, and the question of the frontier was left to a commission of five. Its efficient officers classified every official claim, although the difficulties of the survey were considerable. Nobody expected a settlement before the autumn, when the conference was to reconvene in the old customs house."),
    "French": ("fr", "Noto Serif", "Les envoyés se réunirent de nouveau au printemps, et la question de la frontière fut laissée à une commission de cinq membres. « Rien n’est réglé », écrivit l’un d’eux, « tant que l’œuvre n’est pas signée. » La conférence devait reprendre à l’automne dans l’ancien hôtel des douanes."),
    "Cyrillic": ("ru", "Noto Serif", "Посланники снова встретились весной, и вопрос о границе был передан комиссии из пяти человек. Никто не ожидал соглашения раньше осени, когда конференция должна была возобновиться в старом здании таможни. Протокол подписали все делегации, кроме одной."),
    "Greek": ("el", "Noto Serif", "Οι απεσταλμένοι συναντήθηκαν πάλι την άνοιξη και το ζήτημα των συνόρων ανατέθηκε σε πενταμελή επιτροπή. Κανείς δεν περίμενε συμφωνία πριν από το φθινόπωρο, όταν η διάσκεψη θα συνερχόταν εκ νέου στο παλαιό τελωνείο."),
    "Arabic": ("ar", "Noto Naskh Arabic", "اجتمع المبعوثون مرة أخرى في الربيع، وأحيلت مسألة الحدود إلى لجنة من خمسة أعضاء. ولم يتوقع أحد التوصل إلى تسوية قبل الخريف، عندما كان من المقرر أن يستأنف المؤتمر أعماله في مبنى الجمارك القديم."),
    "Hebrew": ("he", "Noto Sans Hebrew", "השליחים נפגשו שוב באביב, ושאלת הגבול הועברה לוועדה של חמישה חברים. איש לא ציפה להסדר לפני הסתיו, כאשר הוועידה אמורה הייתה להתכנס מחדש בבית המכס הישן."),
    "Devanagari": ("hi", "Noto Serif Devanagari", "दूत वसंत में फिर मिले और सीमा का प्रश्न पाँच सदस्यों के आयोग को सौंप दिया गया। शरद ऋतु से पहले किसी को समझौते की आशा नहीं थी, जब सम्मेलन पुराने सीमा शुल्क भवन में फिर से शुरू होना था।"),
    "Chinese": ("zh", "Noto Serif CJK SC", "使节们在春天再次会晤，边界问题交由一个五人委员会处理。没有人期待在秋天之前达成协议，届时会议将在旧海关大楼重新召开。除一个代表团外，所有代表团都签署了议定书。"),
    "Japanese": ("ja", "Noto Serif CJK JP", "使節たちは春に再び会談し、国境の問題は五人の委員会に委ねられた。秋に会議が旧税関の建物で再開されるまで、合意を期待する者はいなかった。"),
    "Korean": ("ko", "Noto Serif CJK KR", "사절들은 봄에 다시 만났고 국경 문제는 다섯 명으로 구성된 위원회에 맡겨졌다. 회의가 옛 세관 건물에서 다시 열릴 가을 이전에 합의를 기대하는 사람은 아무도 없었다."),
    "Thai": ("th", "Noto Serif Thai", "คณะทูตพบกันอีกครั้งในฤดูใบไม้ผลิ และปัญหาเรื่องพรมแดนถูกส่งต่อให้คณะกรรมการห้าคน ไม่มีใครคาดว่าจะตกลงกันได้ก่อนฤดูใบไม้ร่วง เมื่อการประชุมจะเริ่มขึ้นใหม่ในอาคารศุลกากรเก่า"),
}
SECTIONS, PARAGRAPHS = 4, 3


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, timeout=180)


def heading(number, text):
    return f"{number}. {text[:24]}"


def written(script):
    """The words of a page, as they were written: headings and paragraphs."""
    text = TEXTS[script][2]
    return "\n".join(part for n in range(1, SECTIONS + 1) for part in [heading(n, text)] + [text] * PARAGRAPHS)


def page(script, columns):
    language, font, text = TEXTS[script]
    direction = "rtl" if language in ("ar", "he") else "ltr"
    size = "A5" if columns == 1 else "A4"
    body = "".join(f"<h2>{html.escape(heading(n, text))}</h2>" + f"<p>{html.escape(text)}</p>" * PARAGRAPHS
                   for n in range(1, SECTIONS + 1))
    return (f'<!doctype html><html lang={language} dir={direction}><meta charset=utf-8><title>x</title><style>'
            f'@page{{size:{size};@top-center{{content:"Running head"}}@bottom-center{{content:counter(page)}}}}'
            f'body{{font-family:"{font}";columns:{columns};text-align:justify;hyphens:auto}}</style><body>{body}')


class Maker:
    """Makes the files; keeps what was written into each."""

    def __init__(self, folder):
        self.folder = folder
        self.sources = {}
        self.missing = []

    def make(self, name, script, source, work):
        path = self.folder / f"{name}.pdf"
        if not path.exists():
            try:
                work(path)
            except Exception as error:  # A program that is not there, or refuses.
                self.missing.append(f"{name}: {error!r}"[:120])
                path.unlink(missing_ok=True)
                return
        self.sources[path.name] = (script, source)

    def all(self, scratch):
        for script in TEXTS:
            source = written(script)
            for columns in (1, 2):
                file = scratch / f"{script}{columns}.html"
                file.write_text(page(script, columns))
                self.make(f"weasyprint-{script}-{columns}", script, source, lambda out: run("weasyprint", file, out))
                if columns == 1 or script in ("Latin", "Arabic", "Chinese", "Cyrillic"):
                    self.make(f"chromium-{script}-{columns}", script, source, lambda out: run(
                        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                        f"--print-to-pdf={out}", file.as_uri()))
            if script in ("Latin", "French", "Cyrillic", "Greek"):
                self.make(f"wkhtmltopdf-{script}", script, source, lambda out: run("wkhtmltopdf", "-q", scratch / f"{script}1.html", out))

            def office(out):
                run("pandoc", "-f", "html", "-t", "odt", scratch / f"{script}1.html", "-o", scratch / f"{script}.odt")
                run("soffice", f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--convert-to", "pdf",
                    "--outdir", scratch / "office", scratch / f"{script}.odt")
                shutil.copy(scratch / "office" / f"{script}.pdf", out)
            self.make(f"libreoffice-{script}", script, source, office)
        self.typeset(scratch)
        self.libraries()
        for base in ("chromium-Cyrillic-1", "xelatex-onecolumn-French", "libreoffice-Arabic", "libreoffice-Chinese"):
            file = self.folder / f"{base}.pdf"
            script, source = self.sources.get(file.name, (None, None))
            if script:
                self.make(f"qpdf-streams-{base}", script, source, lambda out: run("qpdf", "--object-streams=generate", file, out))
                self.make(f"qpdf-linear-{base}", script, source, lambda out: run("qpdf", "--linearize", file, out))
                self.make(f"qpdf-locked-{base}", script, source, lambda out: run("qpdf", "--encrypt", "", "owner", "256", "--", file, out))
                self.make(f"ghostscript-{base}", script, source, lambda out: run(
                    "gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", f"-sOutputFile={out}", file))

    def typeset(self, scratch):
        """TeX, with outlines and with bitmaps as fonts, and groff."""
        note = "A small note below the line."
        for script in ("Latin", "French"):
            text = TEXTS[script][2]
            body = "\n\n".join([text] * 8)
            source = "\n".join(["One"] + [text] * 8 + [note, "Two"] + [text] * 8)
            fonts = r"\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}"
            for engine, layout, preamble, name in (
                ("pdflatex", "twocolumn", fonts + r"\usepackage{lmodern}", "pdflatex"),
                ("pdflatex", "onecolumn", fonts + r"\usepackage{lmodern}", "pdflatex"),
                ("pdflatex", "onecolumn", fonts, "pdflatex-bitmaps"),
                ("xelatex", "twocolumn", "", "xelatex"),
                ("xelatex", "onecolumn", "", "xelatex"),
            ):
                def tex(out):
                    (scratch / "a.tex").write_text(
                        rf"\documentclass[{layout}]{{article}}{preamble}\begin{{document}}\section{{One}}{body}"
                        rf"\footnote{{{note}}}\newpage\section{{Two}}{body}\end{{document}}")
                    run(engine, "-interaction=nonstopmode", "-output-directory", scratch, scratch / "a.tex")
                    shutil.copy(scratch / "a.pdf", out)
                self.make(f"{name}-{layout}-{script}", script, source, tex)

            def groff(out):
                (scratch / "a.ms").write_text(".NH\nOne\n.PP\n" + text + "\n.2C\n.PP\n" + "\n.PP\n".join([text] * 8) + "\n")
                made = subprocess.run(["groff", "-Kutf8", "-ms", "-Tpdf", str(scratch / "a.ms")], check=True, capture_output=True)
                out.write_bytes(made.stdout)
            self.make(f"groff-{script}", script, "\n".join(["One"] + [text] * 9), groff)

    def libraries(self):
        """Libraries that programs write reports with."""
        text = TEXTS["Latin"][2]

        def reportlab(out):
            from reportlab.lib.styles import getSampleStyleSheet
            from reportlab.platypus import Paragraph, SimpleDocTemplate
            styles = getSampleStyleSheet()
            parts = [Paragraph("One", styles["Heading1"])] + [Paragraph(text, styles["Normal"])] * 20
            SimpleDocTemplate(str(out)).build(parts)
        self.make("reportlab-Latin", "Latin", "\n".join(["One"] + [text] * 20), reportlab)

        def fpdf2(out):
            from fpdf import FPDF
            document = FPDF()
            document.add_page()
            document.set_font("Helvetica", size=11)
            for _ in range(20):
                document.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
            document.output(str(out))
        self.make("fpdf2-Latin", "Latin", "\n".join([text] * 20), fpdf2)


def words(text):
    """Words in lower case; hyphens at the ends of lines joined, letters of scripts without blanks alone."""
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    text = re.sub(r"(\w)[-\u2010]\s*\n\s*(?=\w)", r"\1", text)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf").lower()
    found = []
    marks = "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    for word in re.findall(rf"[^\W_](?:[^\W_]|[{marks}])*", text):
        found += list(word) if re.search(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]", word) else [word]
    return found


def recall(wanted, found):
    """Shares of words and of pairs of neighbours of `wanted` that `found` has."""
    def share(one, other):
        one, other = collections.Counter(one), collections.Counter(other)
        return sum((one & other).values()) / max(1, sum(one.values()))
    return share(wanted, found), share(zip(wanted, wanted[1:]), zip(found, found[1:]))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--program", required=True, type=lambda path: pathlib.Path(path).resolve())
    arguments.add_argument("--folder", default="target/pdf", type=pathlib.Path)
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    folder = given.folder.resolve()
    documents = folder / "documents"
    documents.mkdir(parents=True, exist_ok=True)
    maker = Maker(documents)
    with tempfile.TemporaryDirectory() as scratch:
        maker.all(pathlib.Path(scratch))
    for line in maker.missing:
        print("not made:", line)
    for file in documents.iterdir():
        if file.name not in maker.sources:
            file.unlink()
    shutil.rmtree(folder / "index", ignore_errors=True)
    run_ = subprocess.run([given.program, "index", "--json"], cwd=folder, capture_output=True, text=True)
    print("left out:", json.loads(run_.stdout)["skipped"])
    rows, ours_s, theirs_s, panics = [], 0.0, 0.0, 0
    for name, (script, source) in sorted(maker.sources.items()):
        file = documents / name
        start = time.perf_counter()
        reference = subprocess.run(["pdftotext", "-enc", "UTF-8", file, "-"], capture_output=True, text=True).stdout
        theirs_s += time.perf_counter() - start
        data = file.read_bytes()
        message = struct.pack("<Q", len(data)) + data
        start = time.perf_counter()
        child = subprocess.run([given.program, "read-pdf", str(1 << 30)], input=message, capture_output=True)
        ours_s += time.perf_counter() - start
        panics += b"panicked" in child.stderr or child.returncode != 0
        shown = subprocess.run([given.program, "show", name, "--text"], cwd=folder, capture_output=True, text=True).stdout
        reference, shown, source = words(reference), words(shown), words(source)
        rows.append((name, script, len(source), *recall(reference, shown), *recall(source, shown), *recall(source, reference)))
    head = ["file", "script", "words of the source", "words", "pairs", "source", "source pairs", "(pdftotext)", "(pairs)"]
    mean = lambda some: [f"{sum(row[at] for row in some) / len(some):.4f}" for at in range(3, 9)]
    lines = ["\t".join(head)]
    lines += ["\t".join([row[0], row[1], str(row[2])] + [f"{value:.3f}" for value in row[3:]]) for row in rows]
    for script in TEXTS:
        some = [row for row in rows if row[1] == script]
        if some:
            lines.append("\t".join([f"{len(some)} files", script, ""] + mean(some)))
    lines.append("\t".join([f"{len(rows)} files", "all", ""] + mean(rows)))
    print("\n".join(lines))
    print(f"{panics} broken; {ours_s:.2f} s, pdftotext {theirs_s:.2f} s: {ours_s / theirs_s:.2f} times")
    if given.write:
        (HERE / "pdf_report.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
