"""Pure rules of a case: numbers, code tables, what counts as re-filing. Law: 行政许可法 arts. 32, 38, 42, 44, 45."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from zhengxiao.kernel.calendar.rules import Term, Unit
from zhengxiao.lib.refusals import gettext_noop


class Kind(StrEnum):
    """办件类型."""

    INSTANT = "instant"
    PROMISED = "promised"


class Result(StrEnum):
    """How a case ended."""

    GRANTED = "granted"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    LAPSED = "lapsed"
    REFUSED = "refused"
    NOT_REQUIRED = "not_required"


DECIDED = frozenset({Result.GRANTED, Result.DENIED})
"""Results that finish an accepted case by decision; only these count as finished in figures (办结)."""

REFILE_WINDOW = timedelta(days=60)
"""CONFIG. A new application for the same item by the same applicant this soon after a withdrawal is shown as re-filed."""

REFILE_RESULTS = frozenset({Result.WITHDRAWN, Result.TERMINATED, Result.LAPSED})


def case_number(region_code: str, day: date, serial: int) -> str:
    """`441602-20261012-00317`: district, local day of receipt, serial of that day."""
    return f"{region_code[:6]}-{day:%Y%m%d}-{serial:05d}"


def voucher_number(day: date, serial: int, *, accepted: bool) -> str:
    """The number of an acceptance voucher (受) or a refusal voucher (不受) of a day."""
    return f"{'受' if accepted else '不受'}{day:%Y-%m%d}-{serial:04d}"


@dataclass(frozen=True, slots=True)
class Limits:
    """The two limits of an item version; None where the item has none."""

    statutory: Term | None
    promised: Term | None


def limits_of(
    *, statutory_amount: int | None, statutory_unit: str, promised_amount: int | None, promised_unit: str
) -> Limits:
    """Limits from an item version's columns. An instant item promises the same day: 0 working days."""
    return Limits(
        statutory=None if statutory_amount is None else Term(statutory_amount, Unit(statutory_unit or "wd")),
        promised=None if promised_amount is None else Term(promised_amount, Unit(promised_unit or "wd")),
    )


def is_refiling(*, earlier_result: str, earlier_ended_at: datetime | None, received_at: datetime) -> bool:
    """Whether a new case looks like the earlier one withdrawn and filed again, which would reset its clock."""
    if earlier_result not in REFILE_RESULTS or earlier_ended_at is None:
        return False
    return timedelta(0) <= received_at - earlier_ended_at <= REFILE_WINDOW


PROCEDURE_KINDS: Mapping[str, str] = {
    # The eight of art. 45; their time is not counted, the expected days must be told in writing.
    "hearing": gettext_noop("听证"),
    "bidding": gettext_noop("招标"),
    "auction": gettext_noop("拍卖"),
    "inspection": gettext_noop("检验"),
    "testing": gettext_noop("检测"),
    "quarantine": gettext_noop("检疫"),
    "appraisal": gettext_noop("鉴定"),
    "expert_review": gettext_noop("专家评审"),
}
