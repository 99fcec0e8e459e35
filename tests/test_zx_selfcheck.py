"""What an installation must not begin to work with is found, and each finding has a case that is sound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import Settings

from zhengxiao.config.cli import main
from zhengxiao.config.cli.selfcheck import (
    installation_findings,
    key_fault,
    postgres_durability,
    refusals,
    skew_finding,
    sqlite_durability,
)
from zhengxiao.config.settings import environ

GOOD_KEY = "pX3k-9Qv7Zt1mWc5Rb8yHn2Ls6Jd4Fg0aE_uTiOo"
AT = datetime(2026, 5, 20, 2, tzinfo=UTC)
SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


@pytest.mark.parametrize(
    "key", ["", "only-for-tests", "django-insecure-" + GOOD_KEY, "changeme" * 8, "a" * 64, "short"]
)
def test_a_key_that_could_be_guessed_is_a_fault(key: str) -> None:
    assert key_fault(key)


def test_a_long_random_key_is_sound() -> None:
    assert key_fault(GOOD_KEY) == ""


def test_nothing_starts_with_a_known_key_or_debug(settings: Settings) -> None:
    settings.SECRET_KEY = GOOD_KEY
    assert refusals() == []
    settings.DEBUG = True
    settings.SECRET_KEY = "only-for-tests"
    assert [finding.name for finding in refusals()] == ["configuration.debug", "configuration.secret_key"]


@pytest.mark.parametrize("words", [("serve",), ("work",)])
@pytest.mark.django_db
def test_pages_and_runner_refuse_to_start_with_a_known_key(
    words: tuple[str, ...], settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    outcome = CliRunner().invoke(main, list(words))
    assert outcome.exit_code == 2
    assert "ZX_SECRET_KEY" in outcome.output


@pytest.mark.parametrize(
    ("name", "value"),
    [("ZX_METRICS_ALLOW", "10.0.0.0/8,office"), ("ZX_SIGN_INS_AT_ONCE", "0"), ("ZX_LOG_FORMAT", "xml")],
)
def test_a_setting_without_sense_stops_the_start(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = {
        "ZX_METRICS_ALLOW": lambda: environ.networks(name, "::1"),
        "ZX_SIGN_INS_AT_ONCE": lambda: environ.integer(name, 2, least=1),
        "ZX_LOG_FORMAT": lambda: environ.choice(name, "json", ("json", "text")),
    }
    assert readers[name]()
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        readers[name]()


@pytest.mark.parametrize(
    ("journal", "synchronous", "level"),
    [("wal", 1, "green"), ("wal", 2, "green"), ("delete", 2, "red"), ("wal", 0, "red"), ("memory", 0, "red")],
)
def test_sqlite_must_keep_what_it_acknowledged(journal: str, synchronous: int, level: str) -> None:
    assert {finding.level for finding in sqlite_durability(journal, synchronous)} == {level}


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({}, "green"),
        ({"synchronous_commit": "remote_apply"}, "green"),
        ({"synchronous_commit": "off"}, "red"),
        ({"fsync": "off"}, "red"),
        ({"full_page_writes": "off"}, "red"),
    ],
)
def test_postgresql_must_keep_what_it_acknowledged(change: dict[str, str], level: str) -> None:
    assert {finding.level for finding in postgres_durability({**SAFE, **change})} == {level}


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, "green"), (2, "green"), (-2, "green"), (2.1, "red"), (-3, "red")]
)
def test_clocks_may_differ_by_two_seconds(seconds: float, level: str) -> None:
    assert skew_finding(AT + timedelta(seconds=seconds), AT).level == level


@pytest.mark.django_db
def test_the_test_database_is_asked_and_its_faults_are_told() -> None:
    found: dict[str, Any] = {finding.name: finding for finding in installation_findings()}
    assert found["clocks"].level == "green"
    if connection.vendor == "sqlite":
        assert "journal_mode" in found["database.durability"].text


@pytest.mark.django_db
def test_pages_by_https_hear_the_advice_of_the_framework(settings: Settings) -> None:
    def advised() -> set[str]:
        return {
            finding.name
            for finding in installation_findings()
            if finding.name.startswith("configuration.security")
        }

    settings.SESSION_COOKIE_SECURE = False
    assert advised() == set()
    settings.CSRF_TRUSTED_ORIGINS = ["https://hall.example.cn"]
    assert "configuration.security.W012" in advised()
    settings.SESSION_COOKIE_SECURE = True
    assert "configuration.security.W012" not in advised()


@pytest.mark.django_db
def test_a_zone_that_differs_from_the_calendar_is_told(settings: Settings) -> None:
    from zhengxiao.kernel.calendar.api import install_shipped

    install_shipped(at=AT)
    assert [f.level for f in installation_findings() if f.name == "time_zone"] == ["green"]
    settings.TIME_ZONE = "America/New_York"
    assert [f.level for f in installation_findings() if f.name == "time_zone"] == ["yellow"]
