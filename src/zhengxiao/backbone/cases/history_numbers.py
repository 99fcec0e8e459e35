"""Case and voucher numbers for many histories at once: one counter statement per few hundred keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from zhengxiao.backbone.cases.histories import CaseHistory
from zhengxiao.backbone.cases.rules import case_number, voucher_number
from zhengxiao.backbone.cases.serials import take_many_serials

ZONE = ZoneInfo(settings.TIME_ZONE)


def _local_date(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def case_numbers(histories: Sequence[CaseHistory], region_codes: dict[int, str]) -> Iterator[str]:
    """Case numbers in the order of the histories; one counter update per region and day."""
    keys = [(region_codes[h.region_id][:6], _local_date(h.received_at)) for h in histories]
    wanted: dict[tuple[str, date], int] = defaultdict(int)
    for history, key in zip(histories, keys, strict=True):
        wanted[key] += not history.number
    names = {key: f"{key[0]}-{key[1]:%Y%m%d}" for key, count in wanted.items() if count}
    first = take_many_serials({name: wanted[key] for key, name in names.items()})
    next_serial = {key: first[name] for key, name in names.items()}
    for history, key in zip(histories, keys, strict=True):
        if history.number:
            yield history.number
            continue
        serial = next_serial[key]
        next_serial[key] = serial + 1
        yield case_number(region_codes[history.region_id], key[1], serial)


def voucher_numbers(histories: Sequence[CaseHistory]) -> Iterator[str]:
    """Voucher numbers for the histories that were accepted or refused and tell none themselves."""
    wanted: dict[tuple[str, int, date], int] = defaultdict(int)
    keys: list[tuple[str, int, date] | None] = []
    for history in histories:
        moment = history.accepted_at or (
            history.ended_at if history.result in ("refused", "not_required") else None
        )
        key = None
        if moment is not None and not history.voucher_no:
            key = ("A" if history.accepted_at else "R", history.department_id, _local_date(moment))
            wanted[key] += 1
        keys.append(key)
    names = {key: f"{key[0]}-{key[1]}-{key[2]:%Y%m%d}" for key in wanted}
    first = take_many_serials({name: wanted[key] for key, name in names.items()})
    serials = {key: first[name] for key, name in names.items()}
    for history, key in zip(histories, keys, strict=True):
        if key is None:
            yield history.voucher_no
        else:
            yield voucher_number(key[2], serials[key], accepted=key[0] == "A")
            serials[key] += 1
