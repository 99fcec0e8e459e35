"""Named sets of running cases: each number of the cockpit is one of them, counted and listed by the same condition.

All conditions are on running clocks, which are few and indexed, never on the whole history of cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.calendar.api import NATION, DayTable, day_table
from zhengxiao.kernel.clock.api import Clock
from zhengxiao.lib.actors import Actor
from zhengxiao.surfaces.cockpit.targets import RECENT_WORKDAYS, REDDENING_WORKDAYS

LIMITS = Q(kind__in=("promised", "statutory"))


@dataclass(frozen=True, slots=True)
class Moments:
    """The edges the sets are measured by, all from one moment and the national calendar."""

    at: datetime
    midnight: datetime
    ahead: datetime
    back: datetime


def moments_of(at: datetime, table: DayTable | None = None) -> Moments:
    """`ahead`: the end of the second working day from today; `back`: the begin of the fifth one before."""
    table = table or day_table(NATION)
    today = table.local_date(at)
    last = table.nth_workday_from(today, REDDENING_WORKDAYS)
    first = table.nth_workday_from(today, -RECENT_WORKDAYS)
    return Moments(at, table.midnight(today), table.midnight(last + timedelta(days=1)), table.midnight(first))


@dataclass(frozen=True, slots=True)
class CaseSet:
    """A condition on one running clock; a case belongs when one of its clocks meets it."""

    name: str
    label: Promise
    where: Callable[[Moments], Q]


SETS = {
    one.name: one
    for one in (
        CaseSet("running", _("在办"), lambda m: Q()),
        CaseSet("yellow_today", _("今日变黄"), lambda m: Q(yellow_at__gte=m.midnight, yellow_at__lte=m.at)),
        CaseSet("past_promise", _("在办超承诺"), lambda m: LIMITS & Q(due_at__lt=m.at)),
        CaseSet("past_statutory", _("在办超法定"), lambda m: Q(kind="statutory", due_at__lt=m.at)),
        CaseSet("reddening", _("两个工作日内变红"), lambda m: Q(red_at__gt=m.at, red_at__lt=m.ahead)),
        CaseSet(
            "breached", _("近 5 个工作日超期"), lambda m: LIMITS & Q(due_at__lt=m.at, due_at__gte=m.back)
        ),
        CaseSet("provisional", _("到期日为暂定"), lambda m: Q(provisional=True)),
    )
}


def running_at(at: datetime) -> QuerySet[Clock]:
    """Clocks of cases that ran at a moment."""
    return Clock.objects.filter(
        Q(stopped_at__isnull=True) | Q(stopped_at__gt=at), subject_kind="case", started_at__lte=at
    )


def members(cases: QuerySet[Any], name: str, at: datetime, moments: Moments | None = None) -> QuerySet[Any]:
    """The cases of a set."""
    clocks = running_at(at).filter(SETS[name].where(moments or moments_of(at)))
    return cases.filter(pk__in=clocks.order_by().values("subject_id"))


def seen_by(clocks: QuerySet[Clock], actor: Actor) -> QuerySet[Clock]:
    if actor.is_system:
        return clocks
    return clocks.filter(Exists(Case.objects.visible_to(actor).filter(pk=OuterRef("subject_id"))))


def set_counts(actor: Actor, moments: Moments) -> dict[str, int]:
    """Every set counted in one query."""
    counts: dict[str, Any] = {
        name: Count("subject_id", filter=one.where(moments) or None, distinct=True)
        for name, one in SETS.items()
    }
    found: dict[str, int] = seen_by(running_at(moments.at), actor).aggregate(**counts)
    return found


def running_count(actor: Actor, at: datetime) -> int:
    """How many cases ran at a moment."""
    found = seen_by(running_at(at), actor).aggregate(n=Count("subject_id", distinct=True))
    return int(found["n"])
