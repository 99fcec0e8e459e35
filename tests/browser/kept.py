"""Databases that are laid out once and put back whole: a copy within memory instead of minutes of writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.management import call_command
from django.db import connection

Made = TypeVar("Made")


class Kept:
    """Copies of the test database by name. PostgreSQL keeps none: there everything is written anew."""

    def __init__(self) -> None:
        self._copies: dict[str, tuple[sqlite3.Connection, Any]] = {}

    def laid_out(self, name: str, build: Callable[[], Made]) -> Made:
        """What `build` makes in an empty database; the second time its rows are put back and the same is answered."""
        if name in self._copies:
            self.put_back(name)
        elif connection.vendor == "sqlite":
            self.keep(name, build())
        else:
            made: Made = build()
            return made
        answer: Made = self._copies[name][1]
        return answer

    def keep(self, name: str, made: Any = None) -> None:
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(copy)
        self._copies[name] = (copy, made)

    def put_back(self, name: str) -> None:
        connection.ensure_connection()
        self._copies[name][0].backup(connection.connection)

    def has(self, name: str) -> bool:
        return name in self._copies

    def close(self) -> None:
        for copy, _made in self._copies.values():
            copy.close()


@contextmanager
def emptied(kept: Kept) -> Iterator[None]:
    """A database without rows inside, and again afterwards."""
    if connection.vendor == "sqlite":
        if not kept.has("empty"):
            kept.keep("empty")
        yield
        kept.put_back("empty")
    else:
        yield
        call_command("flush", verbosity=0, interactive=False)
