"""The program under test, the data it is given, and the arithmetic of intervals. Standard library only."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Missing(Exception):
    """Data or a program that is not there."""


def found_above(name):
    """The nearest folder `shared/NAME` beside or above the repository."""
    for folder in ROOT.parents:
        place = folder / "shared" / name
        if place.exists():
            return place
    raise Missing(f"no folder shared/{name} beside or above {ROOT}")


def evaluation_data():
    """The evaluation sets: `CHANCERY_EVAL`, or the nearest shared/eval."""
    named = os.environ.get("CHANCERY_EVAL")
    place = Path(named) if named else found_above("eval")
    if not (place / "score_ranking.py").exists():
        raise Missing(f"no evaluation sets in {place}")
    return place.resolve()


def unpack(archive, folder):
    """Unpacks `archive` to `folder` once; a changed archive is unpacked anew."""
    stamp = folder / ".unpacked"
    state = archive.stat()
    wanted = f"{archive} {state.st_size} {state.st_mtime_ns}"
    if stamp.exists() and stamp.read_text() == wanted:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(folder, filter="data")
        else:
            tar.extractall(folder)
    stamp.write_text(wanted)
    return folder


class Program:
    """chancery, an index for each collection, and the runs it answered."""

    def __init__(self, program, work, data, keep):
        self.program, self.work, self.data, self.keep = program, work, data, keep
        self.name = sha256(program.read_bytes()).hexdigest()[:16]
        self.ready = {}

    def run(self, arguments, project, stdin=None, allowed=(0, 1)):
        command = [str(self.program), *arguments, "--project", str(project)]
        # The project's own folder decides, not the reader's.
        environment = {k: v for k, v in os.environ.items() if k != "CHANCERY_INDEX"}
        done = subprocess.run(command, input=stdin, capture_output=True, env=environment)
        if done.returncode not in allowed:
            sys.stderr.write(done.stderr.decode("utf-8", "replace"))
            raise Missing(f"{' '.join(command)} ended with {done.returncode}")
        return done.stdout.decode("utf-8")

    def documents(self, name):
        """The folder of a collection's documents, unpacked."""
        if name == "debate":
            named = os.environ.get("CHANCERY_CORPUS")
            if named:
                return Path(named).resolve()
            archive = found_above("corpus") / "ungdc-even.tar.xz"
            return unpack(archive, self.work / "documents" / name) / "ungdc-even"
        archive = {
            "sections": "sections/docs.tar.gz",
            "about": "regions/about_docs.tar.gz",
            "languages": "languages/docs.tar.gz",
        }.get(name, f"ranking/{name}/docs.tar.gz")
        return unpack(self.data / archive, self.work / "documents" / name) / "docs"

    def index(self, name):
        """A project that holds the index of a collection; built anew when the program changed."""
        if name in self.ready:
            return self.ready[name]
        project = self.work / "projects" / name
        stamp = project / "program"
        fresh = stamp.exists() and (self.keep or stamp.read_text() == self.name)
        if not fresh:
            shutil.rmtree(project, ignore_errors=True)
            project.mkdir(parents=True)
            documents = self.documents(name)
            note(f"indexing {name}")
            self.run(["index", str(documents), "--json"], project)
            stamp.write_text(self.name)
        self.ready[name] = project
        return project

    def search(self, name, queries, flags):
        """The answers to lines `id<TAB>query`, as text."""
        stdin = "".join(f"{qid}\t{text}\n" for qid, text in queries).encode()
        return self.run(["search", "--queries", "-", *flags], self.index(name), stdin)

    def hits(self, name, queries, flags):
        """The hits of every query, as objects, by id."""
        answers = {qid: [] for qid, _ in queries}
        for line in self.search(name, queries, ["--format", "jsonl", *flags]).splitlines():
            hit = json.loads(line)
            if "error" in hit:
                note(f"{hit['query_id']}: {hit['error']}")
            else:
                answers[hit["query_id"]].append(hit)
        return answers

    def show_all(self, name):
        """Every document of an index with its outline, passages and tags."""
        out = self.run(["show", "--all", "--format", "jsonl"], self.index(name))
        return [json.loads(line) for line in out.splitlines()]

    def classify(self, lines):
        """Outline and tags of texts that are not indexed, in order."""
        project = self.work / "projects" / "none"
        project.mkdir(parents=True, exist_ok=True)
        stdin = "".join(json.dumps(line) + "\n" for line in lines).encode()
        out = self.run(["classify", "--batch", "-"], project, stdin)
        return [json.loads(line) for line in out.splitlines()]

    def score(self, scorer, *arguments):
        """What a scorer prints."""
        command = [sys.executable, str(self.data / scorer), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise Missing(f"{scorer}: {done.stderr.strip()}")
        return done.stdout

    def write(self, name, rows):
        """Writes a run of tab separated rows, or of objects, for a scorer."""
        path = self.work / "runs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            for row in rows:
                line = json.dumps(row) if isinstance(row, dict) else "\t".join(map(str, row))
                out.write(line + "\n")
        return path


def note(message):
    print(message, file=sys.stderr, flush=True)


def tail(path):
    """A path without the name of the root."""
    return path.split("ungdc-even/", 1)[-1]


def wilson(share, n):
    """95 % interval of a share (Wilson 1927)."""
    z = 1.96
    if n == 0:
        return None
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


def bootstrap(items, measure, rounds=1000):
    """95 % interval of a measure over items drawn with replacement."""
    if not items:
        return None
    draw = random.Random(1)
    values = sorted(measure(draw.choices(items, k=len(items))) for _ in range(rounds))
    return values[int(0.025 * rounds)], values[int(0.975 * rounds)]


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def f1(counts):
    """F1 of rows (right, wrong, missed)."""
    right, wrong, missed = (sum(row[i] for row in counts) for i in range(3))
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


def number(text, pattern):
    """The first figure of what a scorer printed behind `pattern`."""
    match = re.search(pattern, text)
    if match is None:
        raise Missing(f"the scorer printed no {pattern!r}:\n{text[:400]}")
    return float(match.group(1))
