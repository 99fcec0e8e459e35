"""python -m harness.planted [NUMBER …] — plant each bug in a copy of the source and see the named check fail.

Exit 1 when a check does not notice its bug, or does not pass without it being there (an error is no notice).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BANK = Path(__file__).with_name("bugs.toml")
SOURCE = Path("src") / "zhengxiao"
COPIED = ("src", "tests", "harness", "clients", "docs", "deploy", "conftest.py", "pyproject.toml", "ops.json")
FAILED = 1
"""The exit code of pytest when a test failed; anything above it is a mistake of ours."""


@dataclass(frozen=True, slots=True)
class Bug:
    """One planted bug. `old` stands once in `file`."""

    name: str
    area: str
    file: str
    old: str
    new: str
    check: str

    @property
    def path(self) -> Path:
        return SOURCE / self.file

    @property
    def node(self) -> str:
        return self.check if self.check.startswith("tests/") else str(SOURCE / self.check)


def bank() -> list[Bug]:
    return [Bug(**row) for row in tomllib.loads(BANK.read_text(encoding="utf-8"))["bug"]]


def caught(bug: Bug, copy: Path) -> tuple[bool, str]:
    """Whether the check fails with the bug in the copy; the copy is mended afterwards."""
    path = copy / bug.path
    sound = path.read_text(encoding="utf-8")
    path.write_text(sound.replace(bug.old, bug.new), encoding="utf-8")
    try:
        environment = {
            **os.environ,
            "PYTHONPATH": f"{copy / 'src'}{os.pathsep}{copy}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:randomly",
            "-p",
            "no:cacheprovider",
            bug.node,
        ]
        ended = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, check=False
        )
    finally:
        path.write_text(sound, encoding="utf-8")
    return ended.returncode == FAILED, ended.stdout[-1500:]


def main() -> int:
    bugs = bank()
    numbers = [int(word) for word in sys.argv[1:]] or range(1, len(bugs) + 1)
    missed = 0
    with tempfile.TemporaryDirectory(prefix="zx-planted-") as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".git"))
            else:
                shutil.copy2(source, copy / name)
        for number in numbers:
            bug = bugs[number - 1]
            found, said = caught(bug, copy)
            missed += not found
            print(f"{number:3} {'caught' if found else 'MISSED'}  {bug.area}: {bug.name}", flush=True)
            if not found:
                print(said, flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
