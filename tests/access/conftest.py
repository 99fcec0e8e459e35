"""One world for all tests of this folder; what a test writes is taken back after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.access.world import NOW, World, build


@pytest.fixture(scope="package")
def laid_out(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def world(laid_out: World, django_db_blocker: Any, settings: Any) -> Iterator[World]:
    """The world at NOW."""
    settings.ZX_MOMENT = NOW
    for client in laid_out.clients.values():
        client.cookies.pop("messages", None)  # what an earlier test was told
    with django_db_blocker.unblock(), transaction.atomic():
        yield laid_out
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper(world: World) -> None:
    """The mark `django_db` asks pytest-django for a transaction; here the world's own is it."""


@pytest.fixture(scope="package")
def tally() -> Iterator[list[int]]:
    """How many cells (person × place × verb × channel) were held against the tables; told at the end."""
    count = [0]
    yield count
    print(f"\n{count[0]} cells of the access matrix")
