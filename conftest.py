"""Fixtures common to all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real sample data beside the project (ZX_SHARED_DATA); tests that need it are skipped without it."""
    default = Path(__file__).resolve().parent.parent / "shared" / "data"
    folder = Path(os.environ.get("ZX_SHARED_DATA", default))
    if not folder.is_dir():
        pytest.skip("the real sample data is not beside the project")
    return folder


@pytest.fixture(autouse=True)
def what_is_written_is_sealed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test in which application code writes a row of record and seals nothing for it (kernel/timeline)."""
    wanted = {"db", "transactional_db"} & {*request.fixturenames}
    if not wanted and request.node.get_closest_marker("django_db") is None:
        yield
        return
    from zhengxiao.kernel.timeline.testing import seal_watch  # noqa: PLC0415 - needs the settings

    request.getfixturevalue("transactional_db" if "transactional_db" in wanted else "db")
    with seal_watch() as watch:
        yield
        watch.judge()
    assert watch.alarms == []  # noqa: S101
