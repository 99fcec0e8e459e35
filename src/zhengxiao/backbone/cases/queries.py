"""Reads of cases: what an actor has to do now, lists with their lights, and what the case page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.lights import DepartmentLights, LightCounts, lights, lights_by_window
from zhengxiao.backbone.cases.models import SCOPE, Case, CaseQuerySet, ExtensionRequest
from zhengxiao.backbone.cases.remaining import remaining_short, remaining_words, speaking_clock
from zhengxiao.backbone.cases.tables import tables_for
from zhengxiao.kernel.access.api import allows, can, scope_q
from zhengxiao.kernel.calendar.api import day_table
from zhengxiao.kernel.clock.api import Clock, Light
from zhengxiao.kernel.database.api import Prepared
from zhengxiao.kernel.orgs.api import Post, local_day
from zhengxiao.lib.actors import Actor, Role

SHOWN_TOGETHER = ("party", "department", "unit", "handler")
LIMITS = ("promised_clock", "statutory_clock")
"""The limits of a case that runs are among its running clocks: they are read with those, not joined a second time."""
TODO_CAP = 1000
"""Counting what waits for one person stops here."""


class ShownCases(CaseQuerySet):
    """Cases to be shown: each row knows its light and its words at a moment, by two further queries for all rows.

    A row has `shown_light` (name of the light, "none" without a running clock), `shown_words`, `shown_short`, `shown_clock`.
    """

    shown_at: datetime | None = None

    def shown(self, at: datetime) -> Self:
        found = self.select_related(*SHOWN_TOGETHER)
        found.shown_at = at
        return found

    def _clone(self) -> Self:
        copy: Self = super()._clone()  # type: ignore[misc]
        copy.shown_at = self.shown_at
        return copy

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh and self.shown_at is not None:
            attach_lights([row for row in self._result_cache or () if isinstance(row, Case)], self.shown_at)

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Rows for a file: lights are read chunk by chunk."""
        if self.shown_at is None:
            yield from super().iterator(chunk_size)
            return
        waiting: list[Case] = []
        for row in super().iterator(chunk_size):
            waiting.append(row)
            if len(waiting) == 500:
                yield from attach_lights(waiting, self.shown_at)
                waiting = []
        yield from attach_lights(waiting, self.shown_at)


_RUNNING_OF_ONE = Prepared(
    lambda pk: Clock.objects.running().filter(subject_kind="case", subject_id=pk), pk=int
)


def cases_found(case_id: int) -> Case | None:
    """A case whose number and code were shown: the applicant's own page asks for no post. Loaded with what that page reads."""
    rows = Case.objects.select_related("department", "unit", "party")
    return rows.filter(pk=case_id).first()


def cases_reached(actor: Actor, at: datetime) -> CaseQuerySet:
    """Cases within the actor's reach, bare: for whatever asks by id."""
    return Case.objects.visible_to(actor)


def cases_shown(actor: Actor, at: datetime) -> ShownCases:
    """Visible cases with their lights at `at`; for ledgers and lists."""
    return ShownCases(Case).visible_to(actor).shown(at)


_ONE = Prepared(
    lambda pk: Case.objects.filter(pk=pk).select_related("item", "window", *SHOWN_TOGETHER), pk=int
)


def case_shown(case_id: int, actor: Actor, at: datetime) -> Case | None:
    """One case with its light, as lists show it: what a write answers with. None beyond the actor's reach."""
    case: Case | None = next(iter(_ONE(pk=case_id)), None)
    if case is None or not can(actor, "cases.view", case, SCOPE):
        return None
    attach_lights([case], at)
    return case


def attach_lights(cases: Sequence[Case], at: datetime) -> Sequence[Case]:
    """Give each case its light and words at `at`, and its limits.

    One query for the clocks of them all, one for the calendar, one more for several regions; none without cases.
    """
    found: dict[int, list[Clock]] = {case.pk: [] for case in cases}
    if len(found) == 1:
        found = {pk: _RUNNING_OF_ONE(pk=pk) for pk in found}
        _attach_limits(cases, {clock.pk: clock for clocks in found.values() for clock in clocks})
    elif found:
        limits = {pk for case in cases for name in LIMITS if (pk := getattr(case, f"{name}_id")) is not None}
        running = Q(subject_kind="case", subject_id__in=found, stopped_at__isnull=True)
        known = {clock.pk: clock for clock in Clock.objects.filter(running | Q(pk__in=limits))}
        for clock in known.values():
            if clock.stopped_at is None:
                found[clock.subject_id].append(clock)
        _attach_limits(cases, known)
    regions = {clock.region for clocks in found.values() for clock in clocks}
    tables = {one: day_table(one) for one in regions} if len(regions) == 1 else tables_for(regions)
    for row in cases:
        case: Any = row
        spoken = speaking_clock(found[case.pk], at)
        case.shown_clock = spoken
        case.shown_light = spoken.light(at) if spoken else "none"
        case.shown_words = _words_when_read(spoken, at, tables[spoken.region]) if spoken else ""
        case.shown_short = remaining_short(spoken, at, tables[spoken.region]) if spoken else ""
    return cases


_words_when_read = lazy(remaining_words, str)
"""Few lists show the words in full."""


def _attach_limits(cases: Sequence[Case], running: dict[int, Clock]) -> None:
    """Give each case the rows of its limits: the running ones are known already."""
    joins = [(case, name, getattr(case, f"{name}_id")) for case in cases for name in LIMITS]
    over = {pk for _case, _name, pk in joins if pk is not None and pk not in running}
    known = running | (Clock.objects.in_bulk(over) if over else {})
    for case, name, pk in joins:
        if pk is not None:
            setattr(case, name, known[pk])


@dataclass(frozen=True, slots=True)
class Duty:
    """A state in which somebody has to act: the access action that lets them, and what to do in words."""

    state: str
    action: str
    words: Promise
    waiting: bool = False
    """Somebody else has it; we only watch."""


DUTIES = (
    Duty("received", "cases.accept", _("审查受理")),
    Duty("accepted", "cases.review", _("开始审查")),
    Duty("accepted", "cases.decide", _("待审查")),
    Duty("reviewing", "cases.review", _("审查")),
    Duty("reviewing", "cases.decide", _("作出决定")),
    Duty("granted", "cases.deliver", _("送达")),
    Duty("denied", "cases.deliver", _("送达")),
    Duty("supplementing", "cases.accept", _("等申请人补正"), waiting=True),
    Duty("suspended", "cases.review", _("等特别程序结束"), waiting=True),
)
EXTEND = _("批准或不批准延期")


def duty_q(actor: Actor, *, waiting: bool) -> Q:
    """Cases in which the actor has to act now (or has to watch), by state and by the reach of the action."""
    by_action: dict[str, set[str]] = {}
    for duty in DUTIES:
        if duty.waiting == waiting and allows(actor, duty.action):
            by_action.setdefault(duty.action, set()).add(duty.state)
    found = Q(pk__in=[])
    for action, states in by_action.items():
        found |= Q(state__in=sorted(states)) & scope_q(actor, action, SCOPE)
    if not waiting and allows(actor, "cases.extend"):
        pending = ExtensionRequest.objects.filter(case_id=OuterRef("pk"), state="pending")
        open_ = Q(state__in=["accepted", "reviewing"])
        found |= open_ & Q(Exists(pending)) & scope_q(actor, "cases.extend", SCOPE)
    return found


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a to-do list."""

    case: Case
    words: str
    light: str
    remaining: str
    clock: Clock | None


def todo(
    actor: Actor, at: datetime, *, waiting: bool = False, mine: bool = False, limit: int = 100
) -> list[Task]:
    """What the actor has to do now, in the order in which it turns red; with `waiting`, what lies with others.

    `mine`: only cases the actor handles. Six queries for any number of rows: keys in order first, then what is shown.
    """
    cases = ShownCases(Case).filter(duty_q(actor, waiting=waiting))
    if mine:
        cases = cases.filter(handler_id=actor.user_id)
    keys = list(cases.by_next_red().values_list("pk", flat=True)[:limit])
    found = {case.pk: case for case in ShownCases(Case).filter(pk__in=keys).shown(at)}
    listed = [found[key] for key in keys if key in found]
    pending = set(
        ExtensionRequest.objects.filter(case__in=[case.pk for case in listed], state="pending").values_list(
            "case_id", flat=True
        )
    )
    return [_task(case, actor, waiting, case.pk in pending) for case in listed]


def _task(case: Any, actor: Actor, waiting: bool, pending: bool) -> Task:
    if pending and allows(actor, "cases.extend"):
        words = str(EXTEND)
    else:
        words = next(
            (
                str(duty.words)
                for duty in DUTIES
                if duty.state == case.state and duty.waiting == waiting and allows(actor, duty.action)
            ),
            "",
        )
    return Task(case, words, str(case.shown_light), case.shown_words, case.shown_clock)


def todo_count(actor: Actor, at: datetime) -> int:
    """How many cases wait for the actor, at most TODO_CAP. One query on (department, state)."""
    if actor.user_id is None:
        return 0
    return Case.objects.filter(duty_q(actor, waiting=False)).order_by().values("pk")[:TODO_CAP].count()


def waiting_count(actor: Actor) -> int:
    """How many cases lie with others while the actor watches, at most TODO_CAP."""
    return Case.objects.filter(duty_q(actor, waiting=True)).order_by().values("pk")[:TODO_CAP].count()


def todo_lights(tasks: Iterable[Task]) -> dict[str, int]:
    """Tasks by light, every light named."""
    counts = {light.value: 0 for light in Light}
    for task in tasks:
        if task.light in counts:
            counts[task.light] += 1
    return counts


def people_for(case: Case, at: datetime) -> dict[int, str]:
    """Who may be named to handle the case: approvers and heads with a post in its department on that day."""
    day = local_day(at)
    posts = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        unit__department_id=case.department_id,
        role__in=[Role.APPROVER, Role.DEPARTMENT_HEAD],
        valid_from__lte=day,
        user__is_active=True,
    ).select_related("user", "unit")
    words = {
        post.user_id: f"{post.user.display_name} · {post.unit.short_name or post.unit.name}" for post in posts
    }
    return dict(sorted(words.items(), key=lambda pair: pair[1]))


case_lights = lights
"""The name under which lists and pages ask for it."""

__all__ = [
    "DUTIES",
    "DepartmentLights",
    "Duty",
    "LightCounts",
    "ShownCases",
    "Task",
    "attach_lights",
    "case_lights",
    "cases_shown",
    "duty_q",
    "lights",
    "lights_by_window",
    "people_for",
    "todo",
    "todo_count",
    "todo_lights",
    "waiting_count",
]
