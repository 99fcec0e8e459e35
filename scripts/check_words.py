"""Refuse files that name a machine, a registry host, a person's folder, or a maker's tool.

The tools' names stand here as digests only, so this file does not contain what it looks for. Exit 1 and one
line per finding. Usage: check_words.py [FILE...]
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SELF = Path(__file__).resolve()
FOLDERS = re.compile(r"(?<![\w.])/(?:root|home/\w+|work|Users/\w+|tmp/\w+)(?=[/\s\"'`:)]|$)")
HOSTS = re.compile(
    r"\b(?:pypi|files\.pythonhosted|registry\.npmjs|deb\.debian|security\.debian)\.(?:org|com)\b", re.I
)
WORD = re.compile(r"[A-Za-z]{5,}")
DIGESTS = {
    "c857d09db23e6822",
    "c70eca6b0f88f44d",
    "60965168ce762e94",
    "7d3194f79e645c42",
    "3ea125d0bff386e6",
    "57de4cf40144bdf7",
    "fc5a1047f5919892",
    "6f7ac1823da81d2e",
}
BINARY = {".png", ".ico", ".woff2", ".woff", ".xlsx", ".gz", ".mo", ".jpg", ".pdf", ".svgz"}


def _digest(word: str) -> str:
    return hashlib.sha256(word.lower().encode()).hexdigest()[:16]


def findings(path: Path) -> list[str]:
    """One line per forbidden word of the file."""
    if path.suffix in BINARY or path.resolve() == SELF or not path.is_file():
        return []
    lines = []
    known: dict[str, bool] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        found = [match.group(0) for pattern in (FOLDERS, HOSTS) for match in pattern.finditer(line)]
        for word in WORD.findall(line) if len(line) < 5000 else ():
            if known.setdefault(word, _digest(word) in DIGESTS):
                found.append(word)
        lines += [f"{path}:{number}: {word}" for word in found]
    return lines


def main() -> int:
    if sys.argv[1:]:
        paths = [Path(name) for name in sys.argv[1:]]
    else:
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        paths = [ROOT / name for name in listed.split("\0") if name]
    lines = [line for path in paths for line in findings(path)]
    print("\n".join(lines) or f"{len(paths)} files name no machine")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
