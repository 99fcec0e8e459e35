"""What a page is asked for: an item, a period in which cases ended, perhaps a department. All of it stands in the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.ui.api import BadAddress
from zhengxiao.lib.actors import Actor
from zhengxiao.surfaces.process import permissions

DAYS = 365
SCOPE = re.compile(r"(\d{8})-(\d{8})-(\d{1,17})")


@dataclass(frozen=True, slots=True)
class Asked:
    """Cases of the item that ended on the days `first` … `last`, of one department or (0) of all in reach."""

    item_id: int
    first: date
    last: date
    department_id: int = 0

    @property
    def scope(self) -> str:
        """The period and department as one part of an address."""
        return f"{self.first:%Y%m%d}-{self.last:%Y%m%d}-{self.department_id}"

    @property
    def query(self) -> str:
        """The same as the query of the page."""
        return (
            f"from={self.first.isoformat()}&to={self.last.isoformat()}&department={self.department_id or ''}"
        )

    def cases(self, actor: Actor, action: str = permissions.VIEW) -> QuerySet[Case]:
        """The cases in the actor's reach by the action."""
        zone = timezone.get_default_timezone()
        begins = datetime.combine(self.first, time(), zone)
        after = datetime.combine(self.last + timedelta(days=1), time(), zone)
        rows = Case.objects.visible_to(actor, action).filter(
            item_id=self.item_id, finished_at__gte=begins, finished_at__lt=after
        )
        return rows.filter(department_id=self.department_id) if self.department_id else rows


def asked_of(item_id: int, query: Any, at: datetime) -> Asked:
    """From the query of the page; a year up to today unless told otherwise. Refuses BadAddress."""
    for name in query:
        if name not in {"from", "to", "department", "without"}:
            raise BadAddress(name=name)
    last = _day(query, "to") or local_day(at)
    first = _day(query, "from") or last - timedelta(days=DAYS)
    text = query.get("department", "")
    if (text and not (text.isascii() and text.isdigit() and len(text) < 18)) or first > last:
        raise BadAddress(name="department" if first <= last else "from")
    return Asked(item_id, first, last, int(text or 0))


def _day(query: Any, name: str) -> date | None:
    text = query.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadAddress(name=name) from error


def asked_in(item_id: int, scope: str) -> Asked:
    """From the part of an address that `Asked.scope` wrote; 404 for anything else."""
    found = SCOPE.fullmatch(scope)
    try:
        if found is None:
            raise ValueError
        first, last = (date(int(day[:4]), int(day[4:6]), int(day[6:])) for day in found.groups()[:2])
    except ValueError as error:
        raise Http404 from error
    return Asked(item_id, first, last, int(found.group(3)))
