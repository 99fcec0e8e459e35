"""Tiles: what runs now, the rates of the period, and what supervision and publicity count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from zhengxiao.backbone.cases.api import LightCounts
from zhengxiao.kernel.metrics.api import Kind, Part, compute, metric_named, shown
from zhengxiao.surfaces.cockpit.asked import Asked
from zhengxiao.surfaces.cockpit.links import figure_url, part_url, set_url
from zhengxiao.surfaces.cockpit.rules import Days
from zhengxiao.surfaces.cockpit.sets import running_count
from zhengxiao.surfaces.cockpit.targets import TARGETS, misses_target

RATES = ("cases.on_time_rate", "cases.statutory_speedup", "cases.overdue_rate")
WATCHED = (
    "supervision.cards",
    "supervision.lifted_share",
    "detection.findings",
    "detection.precision",
    "disclosures.on_time_rate",
    "disclosures.missing",
)
"""Cards, rules beyond time and double publicity: how much, and how much of it stood or was right."""


@dataclass(frozen=True, slots=True)
class Note:
    """A line under a number; `url` when it is a number itself. `more`: words behind it, `late` when they warn."""

    text: str
    url: str = ""
    more: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    label: Any
    value: Any
    url: str
    light: str
    notes: tuple[Note, ...]


def now_tiles(asked: Asked, at: datetime, found: LightCounts, counts: dict[str, int]) -> tuple[Tile, ...]:
    region = asked.region_id
    change = found["total"] - running_count(asked.actor, at - timedelta(days=1))
    paused = found["lights"]["grey"]
    return (
        Tile(
            gettext_lazy("在办"),
            found["total"],
            set_url("running", region),
            "",
            (
                Note(gettext("较昨日此时 {change}").format(change=f"{change:+,}" if change else "±0")),
                Note(
                    gettext("其中暂停 {n}").format(n=f"{paused:,}"), set_url("running", region, light="grey")
                ),
            ),
        ),
        Tile(
            gettext_lazy("今日变黄"),
            counts["yellow_today"],
            set_url("yellow_today", region),
            "yellow",
            (
                Note(
                    gettext("现为黄灯 {n}").format(n=f"{found['lights']['yellow']:,}"),
                    set_url("running", region, light="yellow"),
                ),
            ),
        ),
        Tile(
            gettext_lazy("在办超承诺"),
            counts["past_promise"],
            set_url("past_promise", region),
            "red",
            (
                Note(
                    gettext("其中超法定 {n}").format(n=f"{counts['past_statutory']:,}"),
                    set_url("past_statutory", region),
                ),
            ),
        ),
    )


def figure_tiles(names: tuple[str, ...], asked: Asked, at: datetime) -> tuple[Tile, ...]:
    """A figure of the period each, with what it is made of and the figure of the period before."""
    return tuple(_figure_tile(name, asked, at) for name in names)


def _figure_tile(name: str, asked: Asked, at: datetime) -> Tile:
    metric, span = metric_named(name), asked.span
    now, before = (_figure(name, asked, days, at) for days in (span.days, span.before))
    compared = f"{gettext(span.compared)} {shown(before)}"
    broken_down = figure_url(name, asked.days, asked.region_id)
    if metric.kind == Kind.COUNT:
        rows, rows_before = (
            part_url(name, Part.NUMERATOR, days, asked.region_id) for days in (asked.days, span.before)
        )
        parts = Note(gettext("按部门看"), broken_down)
        return Tile(metric.label, now.n, rows, "", (parts, Note(compared, rows_before)))
    target = ""
    if name in TARGETS:
        words = gettext("未达目标 {target}") if misses_target(now) else gettext("目标 {target}")
        target = words.format(target=_percent(name))
    of = part_url(name, Part.DENOMINATOR, asked.days, asked.region_id)
    notes = (
        Note(gettext("n = {n}").format(n=f"{now.n:,}"), of, target, misses_target(now)),
        Note(compared, figure_url(name, span.before, asked.region_id)),
    )
    return Tile(metric.label, None if now.value is None else shown(now), broken_down, "", notes)


def _percent(name: str) -> str:
    return f"{(TARGETS[name] * 100).normalize():f}%"


def _figure(name: str, asked: Asked, days: Days, at: datetime) -> Any:
    (figure,) = compute(name, period_from=days.first, period_to=days.after, actor=asked.actor, as_of=at)
    return figure
