"""Serial numbers of cases and vouchers: one counter row per key, incremented in the case's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from zhengxiao.backbone.cases.models import Case, CaseCounter
from zhengxiao.backbone.cases.rules import case_number, voucher_number


def take_serials(key: str, count: int = 1) -> int:
    """Reserve `count` consecutive serials under `key` and return the first. Never reused, also not after a rollback of
    a later transaction; a rollback of this one gives them back with the row that would have carried them."""
    return take_many_serials({key: count})[key]


def take_many_serials(wanted: Mapping[str, int]) -> dict[str, int]:
    """Reserve many runs of serials in few statements; key → first serial of its run. Same promise as `take_serials`.

    Keys are taken in order, so two imports at once wait for one another instead of blocking each other.
    """
    table = connection.ops.quote_name(CaseCounter._meta.db_table)
    keys = sorted(wanted)
    first: dict[str, int] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(keys), 400):
            part = keys[start : start + 400]
            rows = ", ".join(["(%s, %s)"] * len(part))
            cursor.execute(
                f"INSERT INTO {table} (key, value) VALUES {rows} "  # noqa: S608 - names and placeholders only
                f"ON CONFLICT (key) DO UPDATE SET value = {table}.value + excluded.value RETURNING key, value",
                [value for key in part for value in (key, wanted[key])],
            )
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
