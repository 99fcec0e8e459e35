"""Declared figures: the list, one figure broken down, and the cases behind each part of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengxiao.backbone.cases.api import cases_shown
from zhengxiao.kernel.access.api import page, require
from zhengxiao.kernel.metrics.api import (
    Direction,
    Figure,
    Kind,
    Metric,
    Part,
    UnknownMetric,
    compute,
    ids,
    metric_named,
    metrics_declared,
    population_named,
    shown,
)
from zhengxiao.kernel.ui.api import BadAddress, behind_of, ledger_view
from zhengxiao.surfaces.cockpit.asked import Asked, figure_asked
from zhengxiao.surfaces.cockpit.breakdown import breakdown_of, figure_ledger
from zhengxiao.surfaces.cockpit.formulas import formula_of
from zhengxiao.surfaces.cockpit.ledgers import cases_ledger
from zhengxiao.surfaces.cockpit.links import NO_KEY, figure_url
from zhengxiao.surfaces.cockpit.targets import TARGETS
from zhengxiao.surfaces.cockpit.web.views import Request

DIRECTIONS = {Direction.UP: _("越高越好"), Direction.DOWN: _("越低越好"), Direction.NONE: _("不分高低")}
PART_WORDS = {Part.NUMERATOR: _("分子"), Part.DENOMINATOR: _("分母")}


@dataclass(frozen=True, slots=True)
class Declared:
    """A metric in words, with its figure of the running month."""

    metric: Metric
    direction: Any
    population: Any
    formula: str
    target: str
    figure: Figure | None
    text: str
    url: str


@page("cockpit.view")
@require_safe
def figures(request: Request) -> HttpResponse:
    """Every declared figure: what it means, how it is made, and this month's value."""
    for name in request.GET:
        raise BadAddress(name=name)
    rows = [_declared(metric, request) for metric in metrics_declared()]
    return render(request, "cockpit/figures.html", {"rows": rows, "at": timezone.localtime(request.moment)})


@page("cockpit.view")
def figure(request: Request, name: str) -> HttpResponse:
    """One figure by one of its dimensions."""
    metric = _metric(name)
    asked = figure_asked(_without_key(request), request.actor, request.moment, metric)
    rows: Any = breakdown_of(metric, asked, request.moment)
    extra = {"declared": _declared(metric, request, with_figure=False), "asked": asked}
    return ledger_view(
        request, figure_ledger(metric, asked), rows, extra=extra, template="cockpit/figure.html"
    )


@page("cockpit.view")
def figure_cases(request: Request, name: str, part: str) -> HttpResponse:
    """Exactly the cases behind the numerator or the denominator; files need the right to export."""
    metric = _metric(name)
    if part not in set(Part) or not metric.terms(Part(part)):
        raise Http404
    asked = figure_asked(request.GET, request.actor, request.moment, metric)
    behind = ids(
        name,
        part=part,
        period_from=asked.days.first,
        period_to=asked.days.after,
        actor=asked.actor,
        as_of=request.moment,
        by=asked.by if asked.has_key else None,
        key=asked.key,
    )
    known = behind_of(metric.population)
    shown_rows = known.rows if known else cases_shown
    rows: Any = shown_rows(asked.actor, request.moment).filter(pk__in=behind.order_by().values("pk"))
    if request.GET.get("export"):
        right = known.export if known else "cases.export"
        require(request.actor, right)
        rows = rows.visible_to(asked.actor, right)
    count = metric.kind == Kind.COUNT
    title = metric.label if count else f"{metric.label} · {PART_WORDS[Part(part)]}"
    own = known.ledger if known else None
    ledger = cases_ledger(metric, title, asked.region_id, _keys(metric, asked), own)
    extra = {
        "declared": _declared(metric, request, with_figure=False),
        "asked": asked,
        "back": figure_url(name, asked.days, asked.region_id, asked.by),
    }
    return ledger_view(request, ledger, rows, extra=extra, template="cockpit/figure_cases.html")


def _metric(name: str) -> Metric:
    try:
        return metric_named(name)
    except UnknownMetric as unknown:
        raise Http404 from unknown


def _without_key(request: Request) -> Any:
    """The breakdown shows all keys; `key` is left for the ledger to refuse."""
    query = request.GET.copy()
    query.pop("key", None)
    return query


def _keys(metric: Metric, asked: Asked) -> list[tuple[str, Any]]:
    """The key asked for with its name, as the one choice of its filter."""
    if not asked.has_key:
        return []
    if asked.key is None:
        return [(NO_KEY, _("未归属"))]
    dimension = population_named(metric.population).dimension(asked.by or "")
    labels = dimension.labels([asked.key]) if dimension and dimension.labels else {}
    return [(str(asked.key), labels.get(asked.key, asked.key))]


def _declared(metric: Metric, request: Request, *, with_figure: bool = True) -> Declared:
    asked = figure_asked({}, request.actor, request.moment, metric)  # type: ignore[arg-type]
    found = None
    if with_figure:
        (found,) = compute(
            metric.name,
            period_from=asked.days.first,
            period_to=asked.days.after,
            actor=request.actor,
            as_of=request.moment,
        )
    target = TARGETS.get(metric.name)
    return Declared(
        metric=metric,
        direction=DIRECTIONS[metric.direction],
        population=population_named(metric.population).label,
        formula=formula_of(metric),
        target="" if target is None else f"{(target * 100).normalize():f}%",
        figure=found,
        text=shown(found) if found else "",
        url=figure_url(metric.name, asked.days, None),
    )
