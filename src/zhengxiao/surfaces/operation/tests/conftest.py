from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from zhengxiao.surfaces.operation.logs import configure, json_formatter


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What goes to the log from here on, at every level, in the form of production."""
    configure()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_formatter())
    chosen = [logging.getLogger(name) for name in (None, "django.request", "zhengxiao.requests", "django")]
    levels = [logger.level for logger in chosen]
    chosen[0].addHandler(handler)
    for logger in chosen:
        logger.setLevel(logging.DEBUG)
    yield stream
    chosen[0].removeHandler(handler)
    for logger, level in zip(chosen, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def lines(written: io.StringIO) -> Callable[[], list[dict[str, Any]]]:
    """The lines written so far."""
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]
