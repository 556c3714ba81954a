#!/usr/bin/env python3
"""Measures the quality of chancery on the evaluation sets.

  tests/eval/run.py                    all sets, with the release build of this repository
  tests/eval/run.py names about        some of them
  tests/eval/run.py --print            the kept figures, nothing is run

The sets are looked for in shared/eval beside or above the repository, or in $CHANCERY_EVAL; the debate
corpus in shared/corpus, or unpacked in $CHANCERY_CORPUS. Everything made lies in target/eval. Figures
are kept in figures.tsv beside this file, so that a change of quality shows in a diff: commit it with
the change. Needs Python 3.9 and nothing else.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from program import ROOT, Missing, Program, evaluation_data, note
from sets import GOALS, SETS, classic_mean

FIGURES = Path(__file__).resolve().parent / "figures.tsv"
HEAD = ["set", "measure", "baseline", "figure", "low", "high", "n", "goal", "met"]


def kept():
    """The kept figures, by set and measure."""
    if not FIGURES.exists():
        return {}
    lines = FIGURES.read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return {(row[0], row[1]): row for row in rows}


def row(name, measure, figure, interval, n):
    """A row of the table: what is unknown is a dash."""
    baseline, goal = GOALS.get((name, measure), (None, None))
    low, high = interval if interval else (None, None)
    text = ["-" if x is None else f"{x:.3f}" for x in (baseline, figure, low, high)]
    # Shown and judged at three digits: what the table says is what counts.
    met = "-" if goal is None else "yes" if round(figure, 3) >= goal else "no"
    return [name, measure, *text, str(n), "-" if goal is None else f"{goal:.3f}", met]


def in_order(rows):
    """Rows in the order of GOALS; measures without a goal behind."""
    order = {key: at for at, key in enumerate(GOALS)}
    return sorted(rows.values(), key=lambda r: (order.get((r[0], r[1]), len(order)), r[0], r[1]))


def table(rows):
    rows = [HEAD, *rows]
    widths = [max(len(r[i]) for r in rows) for i in range(len(HEAD))]
    for r in rows:
        cells = [c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(r, widths))]
        print("  ".join(cells).rstrip())


def build():
    done = subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT)
    if done.returncode != 0:
        raise Missing("the program does not build")
    return ROOT / "target" / "release" / "chancery"


def main():
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join(SETS)}")
    parser.add_argument("--program", type=Path, help="measure this program instead of building one")
    parser.add_argument("--keep-index", action="store_true", help="use indexes of another build")
    parser.add_argument("--dry", action="store_true", help="leave figures.tsv as it is")
    parser.add_argument("--print", action="store_true", help="print the kept figures")
    parser.add_argument("--flags", default="", help='more search flags, as in --flags="--expand"; implies --dry')
    asked = parser.parse_args()
    rows = kept()
    if asked.print:
        table(in_order(rows))
        return 0
    unknown = [name for name in asked.sets if name not in SETS]
    if unknown:
        parser.error(f"no set is called {', '.join(unknown)}; there are {', '.join(SETS)}")
    program = (asked.program or build()).resolve()
    if not program.exists():
        raise Missing(f"no program {program}")
    program = Program(program, ROOT / "target" / "eval", evaluation_data(), asked.keep_index)
    program.flags = asked.flags.split()
    fresh = {}
    for name in asked.sets or SETS:
        start = time.monotonic()
        for measure, figure, interval, n in SETS[name](program):
            fresh[name, measure] = row(name, measure, figure, interval, n)
        note(f"{name}: {time.monotonic() - start:.1f} s")
    before = dict(rows)
    rows.update(fresh)
    figures = {key: float(r[3]) for key, r in rows.items()}
    if any(key[0] in ("cranfield", "cisi", "lisa") for key in fresh):
        if asked.flags:
            figures = {key: float(r[3]) for key, r in fresh.items()}
        for measure, figure, interval, n in classic_mean(figures):
            fresh["classic", measure] = row("classic", measure, figure, interval, n)
    rows.update(fresh)
    table(in_order(fresh))
    for key, r in fresh.items():
        old = before.get(key)
        if old and old[3] != r[3]:
            print(f"changed: {key[0]} {key[1]}: {old[3]} -> {r[3]}")
    if not (asked.dry or asked.flags):
        lines = ["\t".join(r) for r in [HEAD, *in_order(rows)]]
        FIGURES.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Missing as reason:
        note(f"error: {reason}")
        sys.exit(2)
