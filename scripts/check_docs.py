"""Check the documents: links resolve, commands in them exist, glossary terms are unique.

Exit 1 and one line per fault.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"(?<!\\)!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
MAKE = re.compile(r"(?:^|[\s`;&|])make[ \t]+([a-z][a-z-]*)")
ZX = re.compile(r"(?:^|[\s`;&|/])zx[ \t]+([a-z][a-z-]*)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.M)
SKIPPED = {".venv", "node_modules", ".git", "var", "dist"}


def documents(root: Path = ROOT) -> list[Path]:
    """Every Markdown file of the project."""
    return sorted(path for path in root.rglob("*.md") if not SKIPPED & set(path.relative_to(root).parts))


def anchors(text: str) -> set[str]:
    """The heading anchors of a Markdown text, as code hosts make them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}


def link_faults(path: Path, text: str) -> list[str]:
    faults = []
    for target in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        other = (path.parent / name).resolve() if name else path
        if not other.exists():
            faults.append(f"{path.relative_to(ROOT)}: no file {target}")
        elif anchor and other.suffix == ".md" and anchor not in anchors(other.read_text(encoding="utf-8")):
            faults.append(f"{path.relative_to(ROOT)}: no heading {target}")
    return faults


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def zx_commands() -> set[str]:
    sys.path.insert(0, str(ROOT / "src"))
    commands: dict[str, str] = import_module("zhengxiao.config.cli").COMMANDS
    return set(commands)


def command_faults(path: Path, text: str) -> list[str]:
    """Commands in code blocks and in `code` words that do not exist."""
    code = "\n".join(
        [body for _language, body in FENCE.findall(text)] + re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    )
    name = path.relative_to(ROOT)
    faults = [f"{name}: no such target: make {word}" for word in set(MAKE.findall(code)) - make_targets()]
    return faults + [f"{name}: no such command: zx {word}" for word in set(ZX.findall(code)) - zx_commands()]


def glossary_faults() -> list[str]:
    """A Chinese or English term that stands twice in the glossary."""
    path = ROOT / "docs" / "glossary.md"
    rows = re.findall(r"^\|\s*([^|]+?)\s*\|\s*([^|]+?)\s*\|", path.read_text(encoding="utf-8"), re.M)
    rows = [row for row in rows if not set(row[0]) <= set("-: ") and row[0] != "中文"]
    faults = []
    for column, language in enumerate(("Chinese", "English")):
        counts = Counter(row[column].lower() for row in rows)
        faults += [
            f"glossary: {language} term twice: {term}" for term, count in sorted(counts.items()) if count > 1
        ]
    return faults


def main() -> int:
    faults = glossary_faults()
    for path in documents():
        text = path.read_text(encoding="utf-8")
        faults += link_faults(path, text) + command_faults(path, text)
    print("\n".join(sorted(faults)) or f"{len(documents())} documents are sound")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
