"""What was recorded is neither changed nor deleted by an ordinary statement, on the database of an installation."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = ("timeline_entry", "supervision_card", "supervision_orderletter")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation just made: its first entries tell of the shipped calendar."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZX_", "DJANGO_"))}
    command = [sys.executable, "-c", "from zhengxiao.config.cli import main; main()", "user", "list"]
    subprocess.run(command, env={**kept, "ZX_HOME": str(home)}, check=True, capture_output=True)
    return home / "zhengxiao.sqlite3"


@pytest.mark.parametrize(
    "statement", ["DELETE FROM timeline_entry", "UPDATE timeline_entry SET actor_name = 'x'"]
)
def test_an_entry_is_neither_changed_nor_deleted(database: Path, statement: str) -> None:
    with sqlite3.connect(database) as connection:
        before = connection.execute("SELECT count(*) FROM timeline_entry").fetchone()
        assert before[0] > 0
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
        assert connection.execute("SELECT count(*) FROM timeline_entry").fetchone() == before


@pytest.mark.parametrize("table", ROWS)
def test_every_kept_table_has_its_guard(database: Path, table: str) -> None:
    with sqlite3.connect(database) as connection:
        said = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", [f"{table}_kept"]
        ).fetchone()
    assert said
    assert "BEFORE DELETE" in said[0]
