"""Compile the message catalogues: every .po below config/locale becomes the .mo beside it, when it is older.

Needs no system package. Usage: compile_messages.py [--force]
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "src" / "zhengxiao" / "config" / "locale"


def compile_catalogues(folder: Path = LOCALE, *, force: bool = False) -> list[Path]:
    """Write the stale .mo files below `folder` and return them."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not force and target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(target))
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_catalogues(force="--force" in sys.argv):
        print(f"compiled {path.relative_to(LOCALE)}")
