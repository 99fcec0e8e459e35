"""Lights per department and per window: running cases by their gravest clock, each number a link to its cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import LightCounts, lights_by_window
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.surfaces.cockpit.asked import Asked
from zhengxiao.surfaces.cockpit.links import set_url

AT_ONCE = 10
"""So many places are shown at once; the others unfold."""
LIGHT_COLUMNS = ("red", "yellow", "blue", "grey")


@dataclass(frozen=True, slots=True)
class LightRow:
    """The running cases of a place: the bar, the total and a link per light."""

    name: str
    total: int
    url: str
    lights: dict[str, int]
    cells: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class LightTable:
    """Places by light. `total` only where the rows make up all that runs: not every case came to a window."""

    title: Promise
    head: Promise
    empty: Promise
    rest: Promise
    rows: tuple[LightRow, ...]
    more: tuple[LightRow, ...]
    total: LightRow | None


def by_department(asked: Asked, found: LightCounts) -> LightTable:
    lines: list[dict[str, Any]] = [dict(row) for row in found["by_department"]]
    rows = tuple(
        _row(
            line["department"],
            {light: line[light] for light in found["lights"]},
            asked,
            department=line["id"],
        )
        for line in lines
    )
    return LightTable(
        title=_("各部门在办灯色"),
        head=_("部门"),
        empty=_("没有在办的办件"),
        rest=_("其余部门"),
        rows=rows[:AT_ONCE],
        more=rows[AT_ONCE:],
        total=_row(gettext("合计"), dict(found["lights"]), asked) if len(rows) > 1 else None,
    )


def by_window(asked: Asked, at: datetime) -> LightTable:
    """Windows with running cases, those with the most late ones first."""
    found = lights_by_window(at, asked.actor)
    units = Unit.objects.filter(pk__in=found).order_by("code")
    rows = [_row(unit.short_name or unit.name, found[unit.pk], asked, window=unit.pk) for unit in units]
    rows.sort(key=lambda row: (-row.lights["red"], -row.lights["yellow"], -row.total))
    return LightTable(
        title=_("各窗口在办灯色"),
        head=_("窗口"),
        empty=_("没有从窗口收件的在办办件"),
        rest=_("其余窗口"),
        rows=tuple(rows[:AT_ONCE]),
        more=tuple(rows[AT_ONCE:]),
        total=None,
    )


def _row(name: str, counts: dict[str, int], asked: Asked, **place: int) -> LightRow:
    def url(light: str | None = None) -> str:
        return set_url("running", asked.region_id, **place, light=light)

    cells = tuple((light, counts[light], url(light)) for light in LIGHT_COLUMNS)
    return LightRow(name, sum(counts.values()), url(), counts, cells)
