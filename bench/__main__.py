"""Run the benches and print one table and one JSON: each figure as a ratio to its baseline, run beside it.

python -m bench [--size small] [--json] [NAME …]
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.common import Figure, set_up

# The clocks' benches empty the tables of the clocks, and with them the cases: the cases come after.
ORDER = ("calendar", "sweep", "reprojection", "import", "cases")


def main() -> int:
    known = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(known)}; all by default")
    parser.add_argument("--size", choices=("full", "small"), default="full")
    parser.add_argument("--json", action="store_true", help="only the JSON")
    asked = parser.parse_args()
    names = [name.removeprefix("bench_") for name in asked.names] or [
        *ORDER,
        *(n for n in known if n not in ORDER),
    ]
    set_up()
    found: list[Figure] = []
    for name in names:
        begins = perf_counter()
        print(f"bench: {name} …", file=sys.stderr, flush=True)
        made = importlib.import_module(f"bench.bench_{name}").figures(asked.size)
        found += made
        print(table(made), file=sys.stderr, flush=True)  # kept, should the next one fail
        print(f"bench: {name} took {perf_counter() - begins:.0f} s", file=sys.stderr, flush=True)
    if not asked.json:
        print(table(found))
    print(
        json.dumps(
            [rounded(figure) for figure in found], ensure_ascii=False, indent=None if asked.json else 1
        )
    )
    return int(any(figure.met is False for figure in found))


def rounded(figure: Figure) -> dict[str, Any]:
    values = figure.as_dict()
    return {
        key: float(f"{value:.4g}") if isinstance(value, float) else value for key, value in values.items()
    }


def table(found: list[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| figure | value | baseline | ratio | goal | met |", "|---|---:|---|---:|---|---|"]
    for figure in found:
        baseline = f"{figure.baseline}: {figure.baseline_value:.4g}" if figure.baseline_value else ""
        ratio = f"{figure.ratio:.3g}" if figure.ratio else ""
        met = {True: "yes", False: "NO", None: ""}[figure.met]
        note = f" ({figure.note})" if figure.note else ""
        lines.append(
            f"| {figure.name} | {figure.value:.4g} {figure.unit}{note} | {baseline} | {ratio} | {figure.goal} | {met} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
