"""The bank of planted bugs fits the source: each can still be planted, names a check that exists, and is in the list for readers.

One of them, another each time, is planted here and must be caught; `make planted` plants all.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from harness.planted.__main__ import ROOT, bank

AREAS = {"clock", "workflow", "access", "proof", "idempotency", "import", "files", "masking", "deliveries"}


def test_there_are_twenty_and_they_reach_everywhere() -> None:
    assert len(bank()) >= 20
    assert {bug.area for bug in bank()} >= AREAS
    assert len({bug.name for bug in bank()}) == len(bank())


def test_each_can_still_be_planted_and_its_check_exists() -> None:
    for bug in bank():
        text = (ROOT / bug.path).read_text(encoding="utf-8")
        assert text.count(bug.old) == 1, bug.name
        assert bug.new != bug.old
        path, _colons, test = bug.node.partition("::")
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), bug.name


def test_the_list_for_readers_is_the_bank() -> None:
    text = Path(ROOT / "docs" / "planted-bugs.md").read_text(encoding="utf-8")
    rows = [f"| {n} | {bug.area} | {bug.name} | `{bug.check}` |" for n, bug in enumerate(bank(), 1)]
    assert [row for row in rows if row not in text] == []


@pytest.mark.long
def test_one_of_them_is_caught() -> None:
    number = random.randrange(len(bank())) + 1  # noqa: S311
    ended = subprocess.run(
        [sys.executable, "-m", "harness.planted", str(number)], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout
