"""Serial numbers of cases and vouchers: one counter row per key, incremented in the case's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from zhengxiao.backbone.cases.models import Case, CaseCounter
from zhengxiao.backbone.cases.rules import case_number, voucher_number
from zhengxiao.kernel.database.api import ASIDE


def take_serials(key: str, count: int = 1) -> int:
    """Reserve `count` consecutive serials under `key` and return the first. Never given twice.

    In a call through the interface they are settled at once, so that calls do not wait for one another's end; one that is
    refused afterwards leaves a gap. Elsewhere a rollback of this transaction gives them back.
    """
    settled = ASIDE.settle(_statement(1), [key, count])
    if settled is not None:
        return int(settled[0][1]) - count + 1
    return take_many_serials({key: count})[key]


def _statement(keys: int) -> str:
    """Adds to the counters of so many keys; gives each with its new value."""
    table = connection.ops.quote_name(CaseCounter._meta.db_table)
    rows = ", ".join(["(%s, %s)"] * keys)
    return (
        f"INSERT INTO {table} (key, value) VALUES {rows} "  # noqa: S608 - names and placeholders only
        f"ON CONFLICT (key) DO UPDATE SET value = {table}.value + excluded.value RETURNING key, value"
    )


def take_many_serials(wanted: Mapping[str, int]) -> dict[str, int]:
    """Reserve many runs of serials in few statements, in this transaction; key → first serial of its run.

    Keys are taken in order, so two imports at once wait for one another instead of blocking each other.
    """
    keys = sorted(wanted)
    first: dict[str, int] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(keys), 400):
            part = keys[start : start + 400]
            cursor.execute(_statement(len(part)), [value for key in part for value in (key, wanted[key])])
            first |= {key: value - wanted[key] + 1 for key, value in cursor.fetchall()}
    return first


def local_date(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def next_number(region_code: str, received_at: datetime) -> str:
    """The next case number of the region's district on the local day of receipt."""
    day = local_date(received_at)
    return case_number(region_code, day, take_serials(f"{region_code[:6]}-{day:%Y%m%d}"))


def next_voucher(case: Case, at: datetime, *, accepted: bool) -> str:
    """The next acceptance or refusal voucher number of the case's department on the local day."""
    day = local_date(at)
    kind = "A" if accepted else "R"
    return voucher_number(day, take_serials(f"{kind}-{case.department_id}-{day:%Y%m%d}"), accepted=accepted)
