"""Rows to units: one row is one case in a case table; in an event log all rows of one case are brought
together.
"""

from __future__ import annotations

import itertools
import marshal
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

from zhengxiao.kernel.exchange.profile import MissingValue, Profile, RawRow, Unit, UnknownValue
from zhengxiao.lib.refusals import gettext_noop

# Up to here an event log is grouped in memory (about 300 MB at worst); beyond it goes through a temporary
# file.
ROWS_IN_MEMORY = 200_000


def units(
    rows: Iterable[RawRow], profile: Profile, *, rows_in_memory: int = ROWS_IN_MEMORY
) -> Iterator[Unit]:
    """The units of `rows`, always in the same order: that of each unit's first row.

    An event log whose cases lie together (`adjacent`, and every XES log) streams. Any other is grouped in
    memory up to `rows_in_memory` rows and in a temporary SQLite file beyond, so memory stays bounded for
    any length.
    """
    if profile.events is None:
        return (_unit(profile, (row,)) for row in rows)
    if profile.events.adjacent or profile.format == "xes":
        return _adjacent(rows, profile)
    return _scattered(rows, profile, rows_in_memory)


def _case(profile: Profile, row: RawRow) -> str:
    column = profile.events.case if profile.events else ""
    return row.values.get(column, "").strip()


def _unit(profile: Profile, rows: tuple[RawRow, ...]) -> Unit:
    fault = next((row.fault for row in rows if row.fault), "")
    source_id = revision = ""
    try:
        source_id = profile.id_column.read("source_id", rows[0].values)
        column = profile.columns.get("revision")
        if column is not None:
            # The latest row of a case tells its revision.
            revision = column.read("revision", rows[-1].values)
    except (MissingValue, UnknownValue) as refusal:
        fault = fault or refusal.text
    if not source_id:
        fault = fault or gettext_noop("来源编号为空。")
    elif len(source_id) > 200 or len(revision) > 80:
        fault = fault or gettext_noop("来源编号或版本过长。")
    return Unit(source_id=source_id, revision=revision, rows=rows, fault=fault)


def _adjacent(rows: Iterable[RawRow], profile: Profile) -> Iterator[Unit]:
    # Rows without a case number stay alone, each to be refused under its own row number.
    lone = itertools.count()

    def key(row: RawRow) -> tuple[str, int]:
        case = _case(profile, row)
        return (case, -1) if case else ("", next(lone))

    for _, group in itertools.groupby(rows, key=key):
        yield _unit(profile, tuple(group))


def _scattered(rows: Iterable[RawRow], profile: Profile, rows_in_memory: int) -> Iterator[Unit]:
    iterator = iter(rows)
    head = list(itertools.islice(iterator, rows_in_memory + 1))
    if len(head) <= rows_in_memory:
        groups: dict[str, list[RawRow]] = {}
        for row in head:
            groups.setdefault(_case(profile, row) or f"\0{row.number}", []).append(row)
        del head
        for case in list(groups):
            yield _unit(profile, tuple(groups.pop(case)))
        return
    with _spool() as database:
        _fill(database, itertools.chain(head, iterator), profile)
        head.clear()
        for _, members in itertools.groupby(_sorted(database), key=lambda pair: pair[0]):
            yield _unit(profile, tuple(row for _, row in members))


@contextmanager
def _spool() -> Iterator[sqlite3.Connection]:
    with (
        tempfile.NamedTemporaryFile(prefix="zx-import-", suffix=".sqlite3") as file,
        closing(sqlite3.connect(file.name, isolation_level=None)) as database,
    ):
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536", "temp_store=FILE"):
            database.execute(f"PRAGMA {pragma}")
        yield database


def _fill(database: sqlite3.Connection, rows: Iterable[RawRow], profile: Profile) -> None:
    database.execute("CREATE TABLE row (place INTEGER PRIMARY KEY, unit TEXT NOT NULL, data BLOB NOT NULL)")
    database.execute("BEGIN")

    def packed() -> Iterator[tuple[int, str, bytes]]:
        for place, row in enumerate(rows):
            unit = _case(profile, row) or f"\0{row.number}"
            yield place, unit, marshal.dumps((row.number, dict(row.values), row.fault))

    database.executemany("INSERT INTO row VALUES (?, ?, ?)", packed())
    database.execute("CREATE INDEX row_by_unit ON row (unit, place)")
    database.execute("CREATE TABLE unit (first INTEGER PRIMARY KEY, unit TEXT NOT NULL)")
    database.execute("INSERT INTO unit SELECT MIN(place), unit FROM row GROUP BY unit")
    database.execute("COMMIT")


def _sorted(database: sqlite3.Connection) -> Iterator[tuple[int, RawRow]]:
    # CROSS JOIN fixes the order of the loops: units by first row, and within each its rows through the index.
    query = (
        "SELECT unit.first, row.data FROM unit CROSS JOIN row ON row.unit = unit.unit "
        "ORDER BY unit.first, row.place"
    )
    for first, data in database.execute(query):
        # The file was written by this process a moment ago and is readable by its user alone.
        number, values, fault = marshal.loads(data)  # noqa: S302
        yield first, RawRow(number, values, fault)


class SeenIds:
    """Which source ids a file already held; grows on disk, not in memory."""

    def __init__(self) -> None:
        # An empty name is a private temporary database that SQLite removes by itself.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA cache_size=-32768")
        self._database.execute(
            "CREATE TABLE seen (id TEXT PRIMARY KEY, digest TEXT, revision TEXT) WITHOUT ROWID"
        )

    def known(self, ids: list[str]) -> dict[str, tuple[str, str]]:
        """(digest, revision) of those of `ids` that came before."""
        marks = ",".join("?" * len(ids))
        query = f"SELECT id, digest, revision FROM seen WHERE id IN ({marks})"  # noqa: S608
        return {key: (digest, revision) for key, digest, revision in self._database.execute(query, ids)}

    def add(self, entries: Iterable[tuple[str, str, str]]) -> None:
        """Remember (id, digest, revision), replacing what was known of an id."""
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", entries)
        self._database.execute("COMMIT")

    def close(self) -> None:
        self._database.close()
