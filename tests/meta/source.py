"""Readers of the source tree for the tests beside this file."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "zhengxiao"
DOMAIN_LAYERS = ("lib", "kernel", "backbone", "mechanisms")
NOT_OURS = {"tests", "migrations", "__pycache__"}


def python_files(*layers: str) -> list[Path]:
    """The package's own Python files, tests and migrations left out; all layers when none is named."""
    folders = [SOURCE / layer for layer in layers] or [SOURCE]
    found = [path for folder in folders for path in folder.rglob("*.py")]
    return sorted(path for path in found if not NOT_OURS & set(path.relative_to(SOURCE).parts))


def template_files() -> list[Path]:
    found = (path for path in SOURCE.rglob("*.html") if "templates" in path.parts)
    return sorted(path for path in found if "tests" not in path.relative_to(SOURCE).parts)


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions_of(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.expr) -> str:
    """`timezone.now` of a name or attribute chain; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def our_apps() -> list[str]:
    """Package names of the installed apps that are ours."""
    return [config.name for config in apps.get_app_configs() if config.name.startswith("zhengxiao.")]


def modules_named(name: str) -> list[ModuleType]:
    """The modules `<app>.<name>` of our apps that have one (`ledger`, `workflow`, `tests.test_workflow`)."""
    found = []
    for package in our_apps():
        folder = SOURCE.joinpath(*package.split(".")[1:])
        path = folder.joinpath(*name.split("."))
        if path.with_suffix(".py").exists() or (path / "__init__.py").exists():
            found.append(import_module(f"{package}.{name}"))
    return found


def script(name: str) -> ModuleType:
    """A module of the scripts folder."""
    folder = str(ROOT / "scripts")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return import_module(name)
