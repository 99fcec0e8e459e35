"""Fixtures common to all tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

# No test times anything: how long an example takes says more of the machine than of the rule.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="leave out tests that ask no database: it makes them no difference",
    )


def pytest_configure(config: pytest.Config) -> None:
    # Laying out the test database makes garbage by the million; the usual pace of collecting takes a third of the time.
    gc.set_threshold(10_000, 20, 50)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests first, after the order was drawn: one that begins last keeps a worker busy when the other has gone."""
    if config.getoption("--only-database"):
        asking = [item for item in items if _asks_a_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
        items[:] = asking
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _asks_a_database(item: pytest.Item) -> bool:
    """Whether pytest-django lets the test at the database at all: by its mark, or by a fixture of whatever scope."""
    ways = {"db", "transactional_db", "django_db_setup", "live_server"}
    return item.get_closest_marker("django_db") is not None or bool(
        ways & {*getattr(item, "fixturenames", ())}
    )


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real sample data beside the project (ZX_SHARED_DATA); tests that need it are skipped without it."""
    default = Path(__file__).resolve().parent.parent / "shared" / "data"
    folder = Path(os.environ.get("ZX_SHARED_DATA", default))
    if not folder.is_dir():
        pytest.skip("the real sample data is not beside the project")
    return folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, in which SQLite lets rows be deleted: Django empties tables with DELETE there between tests.

    tests/test_kept_rows.py looks at a database as an installation has it.
    """
    from django.db import connection  # noqa: PLC0415 - needs the settings

    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_kept' ESCAPE '\\'"
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f"DROP TRIGGER {name}")


def _uses_the_database(request: pytest.FixtureRequest) -> bool:
    marked = request.node.get_closest_marker("django_db") is not None
    return marked or bool({"db", "transactional_db"} & {*request.fixturenames})


@pytest.fixture(autouse=True)
def no_session_is_left_open(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a session in the PostgreSQL server, or this thread with another connection than before.

    Either keeps the test database from being dropped at the very end, in the name of a test that has done nothing.
    """
    from django.db import connections  # noqa: PLC0415 - needs the settings

    before = connections["default"]
    yield
    assert connections["default"] is before, "this test took away the connection of its thread"  # noqa: S101
    if _uses_the_database(request):
        from tests.sessions import left_open  # noqa: PLC0415 - needs the settings

        assert left_open() == []  # noqa: S101


@pytest.fixture(autouse=True)
def what_is_written_is_sealed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test in which application code writes a row of record and seals nothing for it (kernel/timeline)."""
    if not _uses_the_database(request):
        yield
        return
    from zhengxiao.kernel.timeline.testing import seal_watch  # noqa: PLC0415 - needs the settings

    request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
    with seal_watch() as watch:
        yield
        watch.judge()
    assert watch.alarms == []  # noqa: S101
