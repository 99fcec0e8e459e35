"""`zx migrate` tells what waits, `zx serve` refuses an old database and lays assets out only when they changed."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from zhengxiao.config.cli import main
from zhengxiao.config.cli.server import collect_static, open_migrations, pid_noted


def zx(*words: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(main, list(words))
    return outcome.exit_code, outcome.output


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_lacks_nothing() -> None:
    assert zx("migrate", "--check", "--json") == (0, '{"open": []}\n')


@pytest.mark.django_db
def test_an_open_migration_is_told_and_ends_with_exit_code_1() -> None:
    MigrationRecorder(connection).record_unapplied("ui", "0001_initial")
    code, output = zx("migrate", "--check", "--json")
    assert code == 1
    assert "ui.0001_initial" in json.loads(output)["open"]


@pytest.mark.django_db
def test_pages_are_not_served_over_an_old_database() -> None:
    MigrationRecorder(connection).record_unapplied("ui", "0001_initial")
    assert "ui.0001_initial" in open_migrations()
    code, output = zx("serve")
    assert code == 2
    assert "zx migrate" in output


def test_assets_are_laid_out_once(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    assert collect_static()
    assert list(tmp_path.rglob("*.css"))
    assert not collect_static()
    (tmp_path / ".laid-out").write_text("of an older version", encoding="ascii")
    assert collect_static()


def test_of_servers_that_start_at_once_one_lays_out_the_assets(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    with ThreadPoolExecutor(3) as starting:
        laid_out = [starting.submit(collect_static) for _ in range(3)]
    assert sorted(each.result() for each in laid_out) == [False, False, True]


def test_the_process_id_is_noted_over_what_a_killed_process_left_and_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    path.write_text("99999\n", encoding="ascii")
    with pid_noted(path):
        assert path.read_text(encoding="ascii") == f"{os.getpid()}\n"
    assert not path.exists()


@pytest.mark.parametrize(
    "words", [("serve", "--port", "0"), ("serve", "--workers", "0"), ("serve", "--nonsense")]
)
def test_arguments_without_sense_end_with_exit_code_2(words: tuple[str, ...]) -> None:
    assert zx(*words)[0] == 2
