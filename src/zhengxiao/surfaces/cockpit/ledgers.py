"""The ledgers behind the numbers: the columns of the case ledger, with the conditions that make up a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import LEDGER
from zhengxiao.kernel.access.api import ScopeFields, scope_q
from zhengxiao.kernel.metrics.api import Metric, population_named
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import Filter, Ledger
from zhengxiao.lib.actors import Actor
from zhengxiao.surfaces.cockpit.regions import regions_offered
from zhengxiao.surfaces.cockpit.sets import SETS, members

DEPARTMENT_SCOPE = ScopeFields(region="region_id", department="pk", unit="pk", person=None, public=None)
OWN = {"q", "item", "section", "state", "light"}
"""Conditions of the case ledger that make sense on top of a number."""
CASE_FILTERS = tuple(item for item in LEDGER.filters if item.key in OWN)
MOST = 500


def as_asked(rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
    """The rows were chosen by this condition before the ledger saw them."""
    return rows


def region_filter(chosen: int | None) -> Filter:
    def choices(actor: Actor) -> list[tuple[str, Any]]:
        return [(str(region.pk), region.name) for region in regions_offered(actor, chosen)]

    return Filter("region", _("区划"), "choice", apply=as_asked, choices=choices)


def place_filter(key: str, label: Any, chosen: str, places: QuerySet[Unit]) -> Filter:
    """Places in reach; the one asked for belongs to the choices wherever it lies."""

    def choices(actor: Actor) -> list[tuple[str, Any]]:
        reached = places.filter(scope_q(actor, "cases.view", DEPARTMENT_SCOPE))
        found = {str(unit.pk): unit.short_name or unit.name for unit in reached.order_by("code")[:MOST]}
        if chosen.isascii() and chosen.isdigit() and chosen not in found:
            found |= {str(unit.pk): unit.short_name for unit in Unit.objects.filter(pk=int(chosen[:17]))}
        return list(found.items())

    return Filter(key, label, "choice", f"{key}_id", choices=choices)


def set_ledger(region_id: int | None, department: str, window: str) -> Ledger:
    """Cases of a named set."""
    of_set = Filter(
        "set",
        _("范围"),
        "choice",
        apply_at=members,
        choices=lambda actor: [(one.name, one.label) for one in SETS.values()],
    )
    departments, windows = Unit.objects.filter(department_id=F("pk")), Unit.objects.filter(kind="window")
    filters = (
        of_set,
        region_filter(region_id),
        place_filter("department", _("部门"), department, departments),
        place_filter("window", _("窗口"), window, windows),
        *CASE_FILTERS,
    )
    return replace(
        LEDGER,
        name="cockpit.cases",
        title=_("办件清单"),
        filters=filters,
        empty_title=_("没有这样的办件"),
        empty_hint="",
    )


def figure_filters(metric: Metric, region_id: int | None) -> tuple[Filter, ...]:
    """Period, region and dimension: what every page of a figure understands."""
    population = population_named(metric.population)
    names = [(known.name, known.label) for known in population.dimensions] + [("month", _("月份"))]
    return (
        Filter("period", _("统计期"), "date_range", apply=as_asked),
        region_filter(region_id),
        Filter("by", _("维度"), "choice", apply=as_asked, choices=lambda actor: names),
    )


def cases_ledger(
    metric: Metric,
    title: Any,
    region_id: int | None,
    keys: Sequence[tuple[str, Any]],
    own: Ledger | None = None,
) -> Ledger:
    """Cases behind one part of a figure, or the rows of its population's `own` ledger; `keys`: the key asked for, named."""
    key = Filter("key", _("取值"), "choice", apply=as_asked, choices=lambda actor: keys)
    asked = (*figure_filters(metric, region_id), key)
    if own is not None:
        name = f"cockpit.figure_{metric.population}"
        return replace(own, name=name, title=title, filters=asked, empty_hint="")
    return replace(
        LEDGER,
        name="cockpit.figure_cases",
        title=title,
        filters=(*asked, *CASE_FILTERS),
        empty_title=_("没有这样的办件"),
        empty_hint="",
    )
