"""What the product imports is what it declares: a clean installation has nothing else."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def declared() -> set[str]:
    """Distribution names of the core and its extras, in one spelling."""
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return {
        re.split(r"[\[<>=~! ]", line, maxsplit=1)[0].lower().replace("_", "-")
        for one in lists
        for line in one
    }


def imported() -> dict[str, str]:
    """Top-level modules imported by the product (not by its tests), with one file that does."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "src").rglob("*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                found.setdefault(name.split(".")[0], str(path.relative_to(ROOT)))
    return found


def test_every_import_of_the_product_is_a_declared_dependency() -> None:
    homes = packages_distributions()
    known = declared()
    missing = {
        module: path
        for module, path in imported().items()
        if module not in sys.stdlib_module_names
        and module != "zhengxiao"
        and not {name.lower().replace("_", "-") for name in homes.get(module, [module])} & known
    }
    assert missing == {}


def test_every_declared_dependency_has_a_line_of_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    assert [name for name in sorted(declared()) if name not in reasons] == []
