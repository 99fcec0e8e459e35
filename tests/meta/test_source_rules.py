"""House rules that a reader of one file cannot check.

Time is an argument, state is not changed behind one's back, and nothing grows past what fits a head.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.meta.source import DOMAIN_LAYERS, SOURCE, dotted, functions_of, name_of, python_files, tree_of

LONGEST_MODULE = 500
LONGEST_FUNCTION = 60

CLOCK_READS = {
    "timezone.now",
    "timezone.localdate",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
}
BARE_CLOCK_CALLS = {"Now", "functions.Now", "localdate", "localtime"}
MAY_READ_THE_CLOCK = {
    "kernel/ui/moment.py": "gives every request its moment",
}
SIGNAL_MODULES = (
    "django.db.models.signals",
    "django.dispatch",
    "django.core.signals",
    "django.contrib.auth.signals",
)
INLINE_MARKUP = re.compile(
    r"""<script(?![^>]*\bsrc=)|<style\b|\sstyle=["']|\son(?:click|change|load|submit|input)=["']"""
)


def clock_reads(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Calls (and references handed over as defaults) that tell the wall clock, the database's `Now()` too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and dotted(node) in CLOCK_READS:
            yield node.lineno, dotted(node)
        elif isinstance(node, ast.Call) and dotted(node.func) in BARE_CLOCK_CALLS and not node.args:
            yield node.lineno, dotted(node.func)


def overrides(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """`save` and `delete` written by hand in a class body."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name in {"save", "save_base", "bulk_create"}:
                    yield item.lineno, f"{node.name}.{item.name}"


def signal_uses(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(SIGNAL_MODULES):
            yield node.lineno, node.module
        elif isinstance(node, ast.ImportFrom) and node.module == "django.db.models":
            yield from ((node.lineno, "signals") for alias in node.names if alias.name == "signals")
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if a.name.startswith(SIGNAL_MODULES))


def automatic_times(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield node.value.lineno, node.arg


def inline_markup(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Scripts, styles and handlers in text that Python puts on a page: the browser would refuse them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in INLINE_MARKUP.finditer(node.value):
                yield node.lineno, match.group(0).strip()


def _findings(paths: list[Path], reader: object) -> list[str]:
    assert callable(reader)
    return [f"{name_of(path)}:{line}: {what}" for path in paths for line, what in reader(tree_of(path))]


def test_domain_code_never_reads_the_wall_clock() -> None:
    paths = [path for path in python_files(*DOMAIN_LAYERS) if name_of(path) not in MAY_READ_THE_CLOCK]
    assert _findings(paths, clock_reads) == []


def test_every_module_that_may_read_the_clock_is_there_and_does() -> None:
    unused = [n for n in MAY_READ_THE_CLOCK if not list(clock_reads(tree_of(SOURCE / n)))]
    assert unused == []


def test_no_save_is_overridden() -> None:
    assert _findings(python_files(), overrides) == []


def test_nothing_listens_to_signals() -> None:
    assert _findings(python_files(), signal_uses) == []


def test_no_field_sets_its_own_time() -> None:
    assert _findings(python_files(), automatic_times) == []


def test_python_code_writes_no_inline_script_or_style() -> None:
    assert _findings(python_files(), inline_markup) == []


def test_no_module_is_longer_than_500_lines() -> None:
    counts = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: count for name, count in counts.items() if count > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    found = []
    for path in python_files():
        for function in functions_of(tree_of(path)):
            length = (function.end_lineno or 0) - function.lineno + 1
            if length > LONGEST_FUNCTION:
                found.append(f"{name_of(path)}:{function.lineno}: {function.name} has {length} lines")
    assert found == []


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (clock_reads, "from django.utils import timezone\nx = timezone.now()"),
        (clock_reads, "from django.utils import timezone\nfield = F(default=timezone.now)"),
        (clock_reads, "import datetime\nx = datetime.date.today()"),
        (clock_reads, "from django.db.models.functions import Now\nx = Now()"),
        (overrides, "class A(Model):\n    def save(self): ..."),
        (signal_uses, "from django.dispatch import receiver"),
        (signal_uses, "from django.db.models.signals import post_save"),
        (signal_uses, "from django.db.models import signals"),
        (automatic_times, "at = DateTimeField(auto_now_add=True)"),
        (inline_markup, "x = '<b style=\"color:red\">'"),
        (inline_markup, "x = '<script>alert(1)</script>'"),
    ],
)
def test_each_rule_sees_a_planted_fault(reader: object, text: str) -> None:
    assert callable(reader)
    assert list(reader(ast.parse(text)))
