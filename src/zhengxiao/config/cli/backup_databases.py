"""How each database is written down while it runs, and brought back. All that is peculiar to one stands here."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from zhengxiao.lib.refusals import Refusal

SQLITE_PART = "database.sqlite3"
POSTGRES_PART = "database.dump"
ASIDE = "before_restore_"
"""Begins the name of a schema that a forced restore moved away; no part of a backup."""
LIBPQ = (
    *("host", "hostaddr", "port", "user", "dbname", "service", "passfile", "options", "connect_timeout"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs"),
)
"""What of the address a client program is told; the password goes another way."""
TABLE_NAME = re.compile(r"[a-z_][a-z0-9_]*")


class ToolMissing(Refusal):
    template = "找不到 {tool}。请安装与数据库同版本的 PostgreSQL 客户端程序，并放在 PATH 中。"


class ToolFailed(Refusal):
    template = "{tool} 没有成功：{why}"


class CopyDamaged(Refusal):
    template = "数据库副本没有通过完整性检查：{why}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the written copy holds: rows per table, the last migration per app, the digests of files it names."""

    tables: dict[str, int]
    migrations: dict[str, str]
    digests: frozenset[str]


class Vendor(Protocol):
    """One kind of database."""

    name: str
    label: str

    def dump(self, folder: Path) -> Snapshot: ...
    def has_tables(self) -> bool: ...
    def restore(self, folder: Path, *, mark: str, aside: Path | None) -> None: ...


def vendor_of_database() -> Vendor:
    """The one that ZX_DATABASE_URL names."""
    from django.db import connection

    return Sqlite() if connection.vendor == "sqlite" else Postgres()


Execute = Callable[[str], Any]
One = Callable[[], Any]


def count_rows(execute: Execute, one: One, tables: Iterable[str]) -> dict[str, int]:
    """Rows of each table, by any cursor."""
    counted = {}
    for name in tables:
        if not TABLE_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no table of ours")
        execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - the name was checked
        counted[name] = int(one()[0])
    return counted


def _snapshot(execute: Execute, one: One, everything: One) -> Snapshot:
    """Read through one cursor, so all of it is of one moment."""
    from django.db import connection

    execute("SELECT app, name FROM django_migrations ORDER BY id")
    migrations = {str(app): str(name) for app, name in everything()}
    execute("SELECT DISTINCT digest FROM files_storedfile")
    digests = frozenset(str(row[0]) for row in everything())
    tables = sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))
    return Snapshot(count_rows(execute, one, tables), migrations, digests)


def snapshot_now() -> Snapshot:
    """What the running database holds at this moment, by a transaction of its own."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        return _snapshot(cursor.execute, cursor.fetchone, cursor.fetchall)


class Sqlite:
    """Copied by the backup interface of SQLite itself: consistent whatever is being written meanwhile."""

    name = "sqlite"

    def __init__(self) -> None:
        from django.db import connection

        self.path = Path(str(connection.settings_dict["NAME"]))
        self.label = str(self.path)

    def dump(self, folder: Path) -> Snapshot:
        copy = folder / SQLITE_PART
        with _opened(self.path) as source, _opened(copy) as target:
            source.backup(target)
            # One file, without a log beside it; the restored one turns the log on by itself.
            target.execute("PRAGMA journal_mode=DELETE")
            cursor = target.cursor()
            return _snapshot(cursor.execute, cursor.fetchone, cursor.fetchall)

    def has_tables(self) -> bool:
        if not self.path.exists():
            return False
        with _opened(self.path) as database:
            return bool(database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])

    def restore(self, folder: Path, *, mark: str, aside: Path | None) -> None:
        """The copy under a temporary name, looked through page by page, then put in place in one step."""
        from django.db import connection

        staged = self.path.with_name(f"{self.path.name}.{mark}")
        shutil.copyfile(folder / SQLITE_PART, staged)
        found = self._integrity(staged)
        if found != "ok":
            staged.unlink()
            raise CopyDamaged(why=found)
        connection.close()
        for ending in ("", "-wal", "-shm"):
            there = self.path.with_name(self.path.name + ending)
            if there.exists() and aside is not None:
                aside.mkdir(mode=0o700, exist_ok=True)
                there.rename(aside / there.name)
            else:
                there.unlink(missing_ok=True)
        staged.rename(self.path)

    @staticmethod
    def _integrity(path: Path) -> str:
        """`ok`, or the first fault; asked through Django, whose functions our constraints call."""
        from django.db import connections

        ours = connections["default"]
        looking = type(ours)({**ours.settings_dict, "NAME": str(path)}, "restored")
        try:
            with looking.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check(1)")
                return str(cursor.fetchone()[0])
        finally:
            looking.close()


class _opened:
    """A connection that is closed at the end; `sqlite3`'s own `with` only commits."""

    def __init__(self, path: Path) -> None:
        self.database = sqlite3.connect(path, timeout=20)

    def __enter__(self) -> sqlite3.Connection:
        return self.database

    def __exit__(self, *_error: object) -> None:
        self.database.close()


class Postgres:
    """Written by `pg_dump` from the same exported snapshot that is counted."""

    name = "postgresql"

    def __init__(self) -> None:
        from django.db import connection

        self.label = str(connection.settings_dict["NAME"])

    def dump(self, folder: Path) -> Snapshot:
        from django.db import connection, transaction

        connection.ensure_connection()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # This transaction idles while the program writes, for as long as that takes.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            moment = str(cursor.fetchone()[0])
            counted = _snapshot(cursor.execute, cursor.fetchone, cursor.fetchall)
            words = ["--format=custom", f"--snapshot={moment}", f"--exclude-schema={ASIDE}*"]
            self._run("pg_dump", *words, f"--file={folder / POSTGRES_PART}")
        return counted

    def has_tables(self) -> bool:
        from django.db import connection

        return bool(connection.introspection.table_names())

    def restore(self, folder: Path, *, mark: str, aside: Path | None) -> None:
        """In one transaction: all of it or nothing. With `aside`, the schema that is there is renamed after `mark`."""
        from django.db import connection

        if aside is not None:
            schema = re.sub(r"[^a-z0-9]", "_", mark.lower())
            with connection.cursor() as cursor:
                cursor.execute(f'ALTER SCHEMA public RENAME TO "{schema}"')
                cursor.execute("CREATE SCHEMA public")
        connection.close()
        part = str(folder / POSTGRES_PART)
        self._run("pg_restore", "--single-transaction", "--exit-on-error", part, into_database=True)

    @staticmethod
    def address(tool: str) -> tuple[str, str, str | None]:
        """Where the program is, our database as it wants it named, and the password. Raises ToolMissing."""
        from django.db import connection
        from psycopg.conninfo import make_conninfo

        program = shutil.which(tool)
        if program is None:
            raise ToolMissing(tool=tool)
        # From our settings, not from the open connection: its newer library names options that the programs may not know.
        given = connection.get_connection_params()
        named = make_conninfo(**{name: given[name] for name in LIBPQ if given.get(name) not in (None, "")})
        return program, named, given.get("password")

    @classmethod
    def _run(cls, tool: str, *words: str, into_database: bool = False) -> None:
        """A client program against our database; the password goes by environment, not by command line."""
        from django.db import connection

        program, address, password = cls.address(tool)
        if into_database:
            connection.close()
        command = [program, "--no-owner", "--no-privileges", "--no-password", f"--dbname={address}", *words]
        environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if ended.returncode:
            raise ToolFailed(tool=tool, why=ended.stderr.strip()[-400:] or f"exit {ended.returncode}")
