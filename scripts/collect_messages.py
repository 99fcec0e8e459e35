"""Collect the Chinese texts of the source into the English catalogue, or check that it is complete.

    collect_messages.py            add new texts to the catalogue (untranslated), drop those no longer used
    collect_messages.py --check    exit 1 and list what is missing, empty, stale or has other placeholders

Python files are read by their syntax tree (gettext, gettext_lazy, gettext_noop, ngettext, pgettext and their
aliases), templates through Django's own translator of template tags, import profiles for their titles; no system
package is needed.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "zhengxiao"
CATALOGUE = SOURCE / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLAIN = {"_", "N_", "gettext", "gettext_lazy", "gettext_noop", "ugettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
TEMPLATE_CALL = re.compile(
    r"(?P<name>gettext|_|ngettext|pgettext|npgettext)\((?P<args>(?:\s*u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?)+)"
)
LITERAL = re.compile(r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*[^{}]*\}")


@dataclass(frozen=True, order=True)
class Message:
    text: str
    context: str = ""
    plural: str = ""


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _aliases(tree: ast.AST) -> dict[str, str]:
    """Names that a file gives to the functions of Django's translation module: alias to what it stands for."""
    imports = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
    ]
    return {name.asname: name.name for node in imports for name in node.names if name.asname}


def messages_of_python(text: str) -> Iterator[tuple[Message, int]]:
    """The marked texts of one Python file, with line numbers."""
    tree = ast.parse(text)
    aliases = _aliases(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        name = aliases.get(name, name)
        words = [_constant(argument) for argument in node.args]
        if name in PLAIN and words and words[0]:
            yield Message(words[0]), node.lineno
        elif name in PLURAL and len(words) > 1 and words[0] and words[1]:
            yield Message(words[0], plural=words[1]), node.lineno
        elif name in CONTEXT and len(words) > 1 and words[0] and words[1]:
            yield Message(words[1], context=words[0]), node.lineno


def messages_of_template(text: str) -> Iterator[tuple[Message, int]]:
    """The marked texts of one Django template, with line numbers."""
    python = templatize(text)
    for match in TEMPLATE_CALL.finditer(python):
        line = python.count("\n", 0, match.start()) + 1
        words = [ast.literal_eval(literal) for literal in LITERAL.findall(match["args"])]
        if match["name"] == "ngettext":
            yield Message(words[0], plural=words[1]), line
        elif match["name"] == "pgettext":
            yield Message(words[1], context=words[0]), line
        elif match["name"] == "npgettext":
            yield Message(words[1], context=words[0], plural=words[2]), line
        else:
            yield Message(words[0]), line


def messages_of_profile(text: str) -> Iterator[tuple[Message, int]]:
    """The title of an import profile that ships with the product."""
    title = tomllib.loads(text).get("title")
    if title:
        yield Message(str(title)), 1


READERS = {
    ".py": messages_of_python,
    ".html": messages_of_template,
    ".txt": messages_of_template,
    ".toml": messages_of_profile,
}
FOLDERS = {".html": "templates", ".txt": "templates", ".toml": "profiles"}


def collect(source: Path = SOURCE) -> dict[Message, list[tuple[str, str]]]:
    """Every marked text with the places where it stands."""
    found: dict[Message, list[tuple[str, str]]] = {}
    for path in sorted(source.rglob("*")):
        reader = READERS.get(path.suffix)
        if reader is None or "tests" in path.parts or "static" in path.parts:
            continue
        if path.suffix in FOLDERS and FOLDERS[path.suffix] not in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        place = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        for message, line in reader(text):
            found.setdefault(message, []).append((place, str(line)))
    return found


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, context=entry.msgctxt or "", plural=entry.msgid_plural or "")


def _placeholders_differ(entry: polib.POEntry) -> bool:
    wanted = sorted(PLACEHOLDER.findall(entry.msgid))
    versions = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    loose = set(PLACEHOLDER.findall(entry.msgid_plural or "")) | set(wanted)
    if entry.msgid_plural:
        return any(set(PLACEHOLDER.findall(text)) - loose for text in versions)
    return any(sorted(PLACEHOLDER.findall(text)) != wanted for text in versions)


def faults(catalogue: polib.POFile, wanted: dict[Message, list[tuple[str, str]]]) -> list[str]:
    """What keeps the catalogue from being complete, one line each."""
    entries = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    lines = [
        f"missing: {m.text!r} ({wanted[m][0][0]}:{wanted[m][0][1]})"
        for m in sorted(wanted)
        if m not in entries
    ]
    for message, entry in sorted(entries.items()):
        filled = all(entry.msgstr_plural.values()) if message.plural else bool(entry.msgstr)
        if message not in wanted:
            lines.append(f"stale: {message.text!r}")
        elif not filled or entry.fuzzy:
            lines.append(f"untranslated: {message.text!r} ({wanted[message][0][0]}:{wanted[message][0][1]})")
        elif _placeholders_differ(entry):
            lines.append(f"placeholders differ: {message.text!r} -> {entry.msgstr!r}")
    return lines


def update(path: Path, wanted: dict[Message, list[tuple[str, str]]]) -> int:
    """Bring the catalogue in line with `wanted`, keeping translations; returns how many are open."""
    old = {_key(entry): entry for entry in polib.pofile(str(path), encoding="utf-8")} if path.exists() else {}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = {
        "Project-Id-Version": "zhengxiao",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for message in sorted(wanted):
        entry = old.get(message) or polib.POEntry(
            msgid=message.text, msgctxt=message.context or None, msgid_plural=message.plural
        )
        if message.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        entry.obsolete = False
        # Places without line numbers: a moved line is no change of the catalogue.
        entry.occurrences = [(place, "") for place in sorted({place for place, _line in wanted[message]})]
        fresh.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    return sum(not entry.translated() for entry in fresh)


def main() -> int:
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    wanted = collect()
    if "--check" not in sys.argv:
        print(f"{len(wanted)} texts, {update(CATALOGUE, wanted)} without a translation")
        return 0
    catalogue = polib.pofile(str(CATALOGUE), encoding="utf-8") if CATALOGUE.exists() else polib.POFile()
    lines = faults(catalogue, wanted)
    print("\n".join(lines[:50]) or f"the English catalogue is complete: {len(wanted)} texts")
    if len(lines) > 50:
        print(f"… and {len(lines) - 50} more")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
