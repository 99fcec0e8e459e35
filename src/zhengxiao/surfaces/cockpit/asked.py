"""What the address of a cockpit page asks for; whatever is not known is refused by name (400)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from zhengxiao.kernel.metrics.api import Metric, population_named
from zhengxiao.kernel.ui.api import BadAddress
from zhengxiao.lib.actors import Actor
from zhengxiao.surfaces.cockpit.links import NO_KEY
from zhengxiao.surfaces.cockpit.regions import narrowed
from zhengxiao.surfaces.cockpit.rules import CUSTOM, FIRST_DAY, LAST_DAY, MONTH, PERIODS, Days, Span, span_of

BOARD = frozenset({"period", "from", "to", "region"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A period, a region, and for figures a dimension with one of its keys."""

    span: Span
    region_id: int | None
    actor: Actor
    by: str | None = None
    key: Any = None
    has_key: bool = False

    @property
    def days(self) -> Days:
        return self.span.days


def board_asked(query: QueryDict, actor: Actor, at: datetime) -> Asked:
    """The cockpit: a named period or days of one's own, and a region."""
    for name in query:
        if name not in BOARD:
            raise BadAddress(name=name)
    key = query.get("period") or MONTH
    if key not in PERIODS:
        raise BadAddress(name="period")
    first, last = _day(query, "from"), _day(query, "to")
    if first and last and last < first:
        raise BadAddress(name="to")
    return _asked(span_of(key, today_of(at), first, last), query, actor)


def figure_asked(query: QueryDict, actor: Actor, at: datetime, metric: Metric) -> Asked:
    """A figure: days (default: the running month), a region, a dimension and a key of it."""
    first, last = _day(query, "period_from"), _day(query, "period_to")
    month = span_of(MONTH, today_of(at)).days
    span = span_of(CUSTOM, today_of(at), first or month.first, last or month.last)
    if span.days.last < span.days.first:
        raise BadAddress(name="period_to")
    asked = _asked(span, query, actor)
    by, key = query.get("by") or None, query.get("key") or None
    if by is not None and population_named(metric.population).dimension(by) is None:
        raise BadAddress(name="by")
    if key is not None and by is None:
        raise BadAddress(name="key")
    return Asked(span, asked.region_id, asked.actor, by, _key(by, key), key is not None)


def today_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def _asked(span: Span, query: QueryDict, actor: Actor) -> Asked:
    region = query.get("region") or None
    if region is not None and not (region.isascii() and region.isdigit() and len(region) < 18):
        raise BadAddress(name="region")
    region_id = int(region) if region else None
    return Asked(span, region_id, narrowed(actor, region_id))


def _key(by: str | None, text: str | None) -> Any:
    if text is None or text == NO_KEY:
        return None
    if by == "month":
        return text
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise BadAddress(name="key")
    return int(text)


def _day(query: QueryDict, name: str) -> date | None:
    text = (query.get(name) or "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise BadAddress(name=name)
    return day
