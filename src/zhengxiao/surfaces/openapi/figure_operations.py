"""Figures and imports."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Status
from pydantic import Field

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.exchange.api import ImportRun, import_continue, import_request
from zhengxiao.kernel.metrics.api import (
    Metric,
    Part,
    compute,
    ids,
    metric_named,
    metrics_declared,
    population_named,
)
from zhengxiao.surfaces.openapi import figure_schemas, paging, schemas
from zhengxiao.surfaces.openapi.case_operations import call_of
from zhengxiao.surfaces.openapi.case_queries import ORDER, PageIn, midnight
from zhengxiao.surfaces.openapi.gate import FEED, Call
from zhengxiao.surfaces.openapi.problems import NotFound
from zhengxiao.surfaces.openapi.service import read, write


class FiguresIn(schemas.In):
    """The period is from the first day to the day before `to`."""

    period_from: date
    period_to: date = Field(description="this day not included")
    by: schemas.Code | None = Field(None, description="a dimension of the metric")


class BehindIn(PageIn):
    part: Part
    period_from: date
    period_to: date = Field(description="this day not included")


class FeedIn(schemas.In):
    profile: schemas.Code = Field(description="name of the import profile")
    file_name: str = Field(min_length=1, max_length=200, description="its ending says the format")
    dry_run: bool = True


@read("/metrics", "metrics", "cockpit.view", response=list[figure_schemas.MetricOut], tag="figures")
def list_metrics(request: HttpRequest) -> Any:
    """Every declared figure."""
    return [_metric(metric) for metric in metrics_declared()]


@read(
    "/metrics/{name}",
    "metric",
    "cockpit.view",
    "cases.view",
    response=figure_schemas.FiguresOut,
    tag="figures",
)
def compute_metric(request: HttpRequest, name: schemas.Code, asked: Query[FiguresIn]) -> Any:
    """A figure over what the caller may see, whole or by a dimension."""
    call = call_of(request)
    period = {"period_from": midnight(asked.period_from), "period_to": midnight(asked.period_to)}
    figures = compute(name, **period, by=asked.by, actor=call.actor, as_of=call.at)
    names = ("value", "numerator", "denominator", "n", "small_n")
    told = [
        {part: getattr(figure, part) for part in names}
        | {"key": None if figure.key is None else str(figure.key), "label": str(figure.label)}
        for figure in figures
    ]
    return {"name": name, "as_of": call.at, **period, "by": asked.by, "figures": told}


@read(
    "/metrics/{name}/cases",
    "metric-cases",
    "cockpit.view",
    "cases.view",
    response=figure_schemas.NumberPage,
    tag="figures",
)
def list_metric_cases(request: HttpRequest, name: schemas.Code, asked: Query[BehindIn]) -> Any:
    """The numbers of the cases behind one part of a figure."""
    call = call_of(request)
    if population_named(metric_named(name).population).model is not Case:
        raise NotFound
    behind = ids(
        name,
        part=asked.part,
        period_from=midnight(asked.period_from),
        period_to=midnight(asked.period_to),
        actor=call.actor,
        as_of=call.at,
    )
    page = paging.paged(
        Case.objects.visible_to(call.actor).filter(pk__in=behind.order_by().values("pk")),
        keys=ORDER,
        cursor=asked.cursor,
        limit=asked.limit,
        asked=paging.Asked(call.client.pk, {"list": name, **asked.conditions()}),
    )
    return {"results": [row.number for row in page.rows], "next_cursor": page.next_cursor}


@read("/imports", "imports", "imports.view", response=figure_schemas.RunPage, tag="imports")
def list_imports(request: HttpRequest, asked: Query[PageIn]) -> Any:
    """Import runs, the latest first."""
    call = call_of(request)
    page = paging.paged(
        ImportRun.objects.visible_to(call.actor),
        keys=("-pk",),
        cursor=asked.cursor,
        limit=asked.limit,
        asked=paging.Asked(call.client.pk, {"list": "imports"}),
    )
    return {"results": page.rows, "next_cursor": page.next_cursor}


@write("/imports", "imports", "imports.run", response={202: figure_schemas.RunOut}, tag="imports", body=FEED)
def upload_feed(request: HttpRequest, asked: Query[FeedIn]) -> Any:
    """Hand a file in; the background brings it in. A trial run (`dry_run`, the default) writes nothing."""
    call = call_of(request)
    run = import_request(
        stream=call.feed_given(),
        name=asked.file_name,
        profile_name=asked.profile,
        dry_run=asked.dry_run,
        actor=call.actor,
        at=call.at,
    )
    return Status(202, run)


@read("/imports/{run_id}", "import", "imports.view", response=figure_schemas.RunOut, tag="imports")
def get_import(request: HttpRequest, run_id: Path[schemas.Id]) -> Any:
    """One run with its counts."""
    return _run(call_of(request), run_id)


@write(
    "/imports/{run_id}/continue",
    "import-continue",
    "imports.run",
    response=figure_schemas.RunOut,
    tag="imports",
    body=None,
)
def continue_import(request: HttpRequest, run_id: Path[schemas.Id]) -> Any:
    """Go on with a run that broke off."""
    call = call_of(request)
    _run(call, run_id, "imports.run")
    return import_continue(run_id=run_id, actor=call.actor, at=call.at)


@read(
    "/imports/{run_id}/refusals",
    "import-refusals",
    "imports.view",
    response=figure_schemas.RefusalPage,
    tag="imports",
)
def list_refusals(request: HttpRequest, run_id: Path[schemas.Id], asked: Query[PageIn]) -> Any:
    """Why units did not come in, and what should be looked at in those that did. The rows themselves are not told."""
    call = call_of(request)
    run = _run(call, run_id)
    page = paging.paged(
        run.rejections.all(),
        keys=("unit", "pk"),
        cursor=asked.cursor,
        limit=asked.limit,
        asked=paging.Asked(call.client.pk, {"list": f"refusals {run_id}"}),
    )
    return {"results": page.rows, "next_cursor": page.next_cursor}


def _run(call: Call, run_id: int, action: str = "imports.view") -> ImportRun:
    run = ImportRun.objects.visible_to(call.actor, action).filter(pk=run_id).first()
    if run is None:
        raise NotFound
    return run


def _metric(metric: Metric) -> dict[str, Any]:
    words = ("label", "unit", "source")
    return {name: str(getattr(metric, name)) for name in words} | {
        "name": metric.name,
        "kind": metric.kind.value,
        "direction": metric.direction.value,
        "dimensions": [row.name for row in population_named(metric.population).dimensions],
    }
