"""Each import contract of `.importlinter` holds in the tree and breaks on a planted violation."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.meta.source import ROOT, SOURCE

CONFIGURATION = ROOT / ".importlinter"
LINTER = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
LEFT_OUT = shutil.ignore_patterns(
    "tests", "migrations", "static", "templates", "locale", "data", "*.pyc", "__pycache__"
)


@dataclass(frozen=True)
class Plant:
    """Files (below the package) with one statement each that break a contract."""

    contract: str
    files: dict[str, str] = field(hash=False)

    def __str__(self) -> str:
        return f"{self.contract}: {next(iter(self.files))}"


PLANTS = (
    Plant("layers", {"lib/planted.py": "import zhengxiao.kernel"}),
    Plant("layers", {"kernel/orgs/planted.py": "import zhengxiao.backbone.cases"}),
    Plant("layers", {"backbone/cases/planted.py": "import zhengxiao.surfaces.desk"}),
    Plant("layers", {"surfaces/desk/planted.py": "import zhengxiao.config.settings.environ"}),
    Plant("layers", {"seventh/__init__.py": ""}),
    Plant("kernel", {"kernel/orgs/planted.py": "import zhengxiao.kernel.clock"}),
    Plant("kernel", {"kernel/calendar/planted.py": "import zhengxiao.kernel.orgs"}),
    Plant("kernel", {"kernel/ui/planted.py": "import zhengxiao.kernel.metrics"}),
    Plant("kernel", {"kernel/unplaced/__init__.py": ""}),
    Plant("backbone", {"backbone/catalogue/planted.py": "import zhengxiao.backbone.cases"}),
    Plant("backbone", {"backbone/parties/planted.py": "import zhengxiao.backbone.catalogue"}),
    Plant("backbone", {"backbone/unplaced/__init__.py": ""}),
    Plant(
        "mechanisms",
        {
            "mechanisms/planted_one/__init__.py": "import zhengxiao.mechanisms.planted_two",
            "mechanisms/planted_two/__init__.py": "",
        },
    ),
    Plant("surfaces", {"surfaces/desk/planted.py": "import zhengxiao.surfaces.portal"}),
    Plant(
        "rules", {"kernel/planted/__init__.py": "", "kernel/planted/rules.py": "import django.utils.timezone"}
    ),
    Plant(
        "rules",
        {
            "kernel/planted/__init__.py": "",
            "kernel/planted/queries.py": "",
            "kernel/planted/rules.py": "import zhengxiao.kernel.planted.queries",
        },
    ),
    Plant("lib", {"lib/planted.py": "import django.db"}),
    Plant(
        "domain-below-web",
        {
            "backbone/planted/__init__.py": "",
            "backbone/planted/web/__init__.py": "",
            "backbone/planted/services.py": "import zhengxiao.backbone.planted.web",
        },
    ),
    Plant("public-face", {"backbone/cases/planted.py": "import zhengxiao.kernel.orgs.models"}),
    Plant("public-face", {"surfaces/desk/planted.py": "import zhengxiao.kernel.identity.models"}),
    Plant("backbone-face", {"surfaces/desk/planted.py": "import zhengxiao.backbone.catalogue.models"}),
    Plant("command-line", {"kernel/orgs/planted.py": "import click"}),
)


def contracts() -> dict[str, str]:
    """Contract id → name."""
    parser = configparser.ConfigParser()
    parser.read(CONFIGURATION, encoding="utf-8")
    prefix = "importlinter:contract:"
    return {
        section.removeprefix(prefix): parser[section]["name"]
        for section in parser.sections()
        if section.startswith(prefix)
    }


def lint(source: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINTER, "--config", str(CONFIGURATION), "--no-cache", *arguments],
        env={**os.environ, "PYTHONPATH": str(source), "COLUMNS": "200"},
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package's Python files that may be spoiled."""
    folder = tmp_path_factory.mktemp("src")
    shutil.copytree(SOURCE, folder / "zhengxiao", ignore=LEFT_OUT)
    return folder


@pytest.fixture
def planted(copy: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, Plant]]:
    plant: Plant = request.param
    package = copy / "zhengxiao"
    before = {path for path in package.rglob("*") if "__pycache__" not in path.parts}
    for name, text in plant.files.items():
        path = package / name
        assert not path.exists(), f"{name} is a real module; plant another"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    yield copy, plant
    for path in sorted(set(package.rglob("*")) - before, reverse=True):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def test_the_tree_keeps_every_contract() -> None:
    outcome = lint(SOURCE.parent)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert f"{len(contracts())} kept, 0 broken" in outcome.stdout


@pytest.mark.parametrize("planted", PLANTS, ids=str, indirect=True)
def test_a_planted_violation_breaks_its_contract(planted: tuple[Path, Plant]) -> None:
    copy, plant = planted
    outcome = lint(copy, "--contract", plant.contract)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    assert f"{contracts()[plant.contract]} BROKEN" in outcome.stdout


def test_every_contract_has_a_plant() -> None:
    assert {plant.contract for plant in PLANTS} == set(contracts())
