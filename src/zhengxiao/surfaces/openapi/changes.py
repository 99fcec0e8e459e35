"""What changed since the last question, without gaps while others write.

Timeline entries get their ids before their transactions commit, so an id below the highest one seen may still appear.
A mark therefore notes the highest visible id together with a transaction number drawn just after. Every id up to it
belongs to a transaction with a lower number; once all of those are over, nothing at or below it can appear any
more and the mark is settled. The next question starts behind the highest settled mark, so some changes are told twice
and none is left out. SQLite has one writer at a time and draws ids inside its write lock: there a mark is settled at
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import connection
from django.db.models import Max, QuerySet

from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.surfaces.openapi.problems import BadParameter

SALT = "openapi.changes"
MOST_MARKS = 12


@dataclass(frozen=True, slots=True)
class Since:
    """Where the next question starts (`settled`: an entry id) and the marks that wait to be settled."""

    settled: int = 0
    marks: tuple[tuple[int, int], ...] = ()
    """(transaction number, entry id), the oldest first."""

    def token(self) -> str:
        return signing.dumps([self.settled, self.marks], salt=SALT, compress=True)


def since_token(token: str) -> Since:
    """What an earlier answer gave. Raises BadParameter."""
    try:
        settled, marks = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadParameter(field="updated_since", name="updated_since") from error
    return Since(settled, tuple((int(xid), int(top)) for xid, top in marks))


def _transactions() -> tuple[int, int]:
    """(number of the oldest open transaction, a number drawn just now): what only PostgreSQL has.

    The upper end of a snapshot would not do: it follows the last transaction that is over, and open ones may lie beyond.
    """
    if connection.vendor != "postgresql":
        return (1, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        drawn = int(cursor.fetchone()[0])
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        return int(cursor.fetchone()[0]), drawn


def looked(before: Since) -> Since:
    """Where the question after this one starts. Called before the rows are read, so later changes belong to the next."""
    top = Entry.objects.aggregate(top=Max("pk"))["top"] or 0
    oldest, drawn = _transactions()
    return settle(before, oldest=oldest, drawn=drawn, top=top)


def settle(before: Since, *, oldest: int, drawn: int, top: int) -> Since:
    """Settle the marks whose transactions are all over and note a new one. Leaving a mark out is always safe."""
    marks = [*before.marks, (drawn, top)]
    done = [mark for mark in marks if mark[0] <= oldest]
    waiting = [mark for mark in marks if mark[0] > oldest]
    settled = max([before.settled, *(at for _xid, at in done)])
    return Since(settled, tuple(_thinned(waiting)))


def _thinned(marks: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The oldest and the newest marks."""
    half = MOST_MARKS // 2
    return marks if len(marks) <= MOST_MARKS else [*marks[:half], *marks[-half:]]


def touched(kind: str, settled: int) -> QuerySet[Any, Any]:
    """Ids of the subjects of a kind with an entry behind `settled`."""
    return Entry.objects.filter(pk__gt=settled, subject_kind=kind).values("subject_id")
