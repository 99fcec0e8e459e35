"""Fixtures common to all tests."""

from __future__ import annotations

import os
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
