"""What the screen of a region shows: running cases, windows by light, the day's figures. Never a name of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from zhengxiao.backbone.cases.api import STATES, Case, cases_shown, lights, lights_by_window
from zhengxiao.kernel.clock.api import Clock
from zhengxiao.kernel.metrics.api import compute, shown
from zhengxiao.kernel.orgs.api import Region, Unit, region_subtree_ids
from zhengxiao.lib.actors import Actor, Grant, Role
from zhengxiao.surfaces.screen.rules import (
    CASES_AT_ONCE,
    MOST_CASES,
    WINDOWS_AT_ONCE,
    Turn,
    percent_used,
    tail_of,
    turn_of,
)

STATE_WORDS = {state.value: state.label for state in STATES}
LONG_OVERDUE = timedelta(days=30)
"""What is late for longer is a matter of the cockpit; on the screen it would push everything else out."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    tail: str
    item: str
    state: Any
    used: int | None
    light: str
    words: str


@dataclass(frozen=True, slots=True)
class WindowLine:
    name: str
    lights: dict[str, int]
    total: int
    gravest: str


@dataclass(frozen=True, slots=True)
class Today:
    """The numbers at the side. `rate` is None without a case that counts."""

    finished: int
    instant: int
    running: int
    lights: dict[str, int]
    rate: str | None
    rate_of: int


@dataclass(frozen=True, slots=True)
class Picture:
    region: Region
    at: datetime
    turn: Turn
    cases: tuple[CaseLine, ...]
    windows: tuple[WindowLine, ...]
    today: Today


def viewer_of(region: Region) -> Actor:
    """Who the screen is: a supervisor of the region without a person behind it, so the policy of cases applies."""
    grant = Grant(
        role=Role.SUPERVISOR,
        unit_id=0,
        unit_ids=frozenset(),
        department_ids=frozenset(),
        region_ids=region_subtree_ids(region.pk),
    )
    return Actor(user_id=None, name="大厅屏", grants=(grant,))


def picture_of(region: Region, asked: int, at: datetime) -> Picture:
    """Everything of one turn. `asked` is the running number of the turn."""
    actor = viewer_of(region)
    keys = _next_due(actor, at)
    windows = _windows(actor, at)
    turn = turn_of(asked, len(keys), len(windows))
    first = turn.page * (CASES_AT_ONCE if turn.part == "cases" else WINDOWS_AT_ONCE)
    return Picture(
        region=region,
        at=timezone.localtime(at),
        turn=turn,
        cases=_lines(actor, keys[first : first + CASES_AT_ONCE], at) if turn.part == "cases" else (),
        windows=windows[first : first + WINDOWS_AT_ONCE] if turn.part == "windows" else (),
        today=_today(actor, at),
    )


def _next_due(actor: Actor, at: datetime) -> list[int]:
    """Keys of running cases received at a window, those due next first; each once, by its first clock."""
    seen = Case.objects.visible_to(actor).filter(window__isnull=False, pk=OuterRef("subject_id"))
    clocks = (
        Clock.objects.running()
        .filter(Exists(seen), subject_kind="case", started_at__lte=at)
        .filter(Q(due_at__isnull=True) | Q(due_at__gte=at - LONG_OVERDUE))
        .order_by("due_at", "id")
        .values_list("subject_id", flat=True)
    )
    return list(dict.fromkeys(clocks[: 3 * MOST_CASES]))[:MOST_CASES]


def _lines(actor: Actor, keys: list[int], at: datetime) -> tuple[CaseLine, ...]:
    found = {case.pk: case for case in cases_shown(actor, at).filter(pk__in=keys)}
    return tuple(_line(found[key], at) for key in keys if key in found)


def _line(case: Any, at: datetime) -> CaseLine:
    clock = case.shown_clock
    return CaseLine(
        tail=tail_of(case.number),
        item=case.item_name,
        state=STATE_WORDS.get(case.state, case.state),
        used=percent_used(clock.started_at, clock.due_at, at) if clock else None,
        light=str(case.shown_light),
        words=case.shown_short,
    )


def _windows(actor: Actor, at: datetime) -> tuple[WindowLine, ...]:
    """Windows that have running cases, the gravest first."""
    found = lights_by_window(at, actor)
    units = Unit.objects.filter(pk__in=found)
    order = ("red", "yellow", "blue", "green", "grey")
    lines = [
        WindowLine(
            unit.short_name or unit.name,
            found[unit.pk],
            sum(found[unit.pk].values()),
            next(light for light in order if found[unit.pk][light]),
        )
        for unit in units
    ]
    return tuple(
        sorted(lines, key=lambda line: (-line.lights["red"], -line.lights["yellow"], -line.total, line.name))
    )


def _today(actor: Actor, at: datetime) -> Today:
    local = timezone.localtime(at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    done = Case.objects.visible_to(actor).filter(finished_at__gte=midnight, finished_at__lte=at)
    counted = done.aggregate(all=Count("pk"), instant=Count("pk", filter=Q(kind="instant")))
    found = lights(at, actor)
    first = local.date().replace(day=1)
    (rate,) = compute(
        "cases.on_time_rate", period_from=first, period_to=_next_month(first), actor=actor, as_of=at
    )
    return Today(
        counted["all"], counted["instant"], found["total"], found["lights"],
        None if rate.value is None else shown(rate), rate.n,
    )  # fmt: skip


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
