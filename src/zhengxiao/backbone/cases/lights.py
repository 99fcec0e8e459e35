"""Cases with a running clock by light, now or at a past moment: counted where the rows are, recomputed only where needed.

The columns of a clock tell its lights at every moment as long as no pause or extension came later; only clocks that were
paused or extended, and on which something happened after the moment asked for, are projected again from their rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal, TypedDict

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Case as Choice
from django.db.models import Exists, IntegerField, Max, OuterRef, Q, QuerySet, Value, When

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.tables import tables_for
from zhengxiao.kernel.calendar.api import DateOutOfReach, DayTable
from zhengxiao.kernel.clock.api import GRAVITY, POLICIES, Clock, ClockRow, Light, Verb, light_at, term_of
from zhengxiao.kernel.clock.rules import Row, project
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.lib.actors import SYSTEM, Actor

LIGHTS = tuple(Light)
DISTURBING = (Verb.PAUSE, Verb.RESUME, Verb.EXTEND)


class DepartmentLights(TypedDict):
    """A department's running cases by light."""

    id: int
    code: str
    department: str
    total: int
    green: int
    grey: int
    blue: int
    yellow: int
    red: int


class LightCounts(TypedDict):
    """Cases with a running clock at `at`, each counted once under its gravest light."""

    at: datetime
    total: int
    lights: dict[str, int]
    by_department: list[DepartmentLights]


def lights(at: datetime, actor: Actor) -> LightCounts:
    """Running cases by light and by department, as they stood at `at`, of the cases the actor may see.

    A case runs while it has a clock that had started and not stopped. Its light is the gravest of its clocks.
    Refuses DateOutOfReach for a moment that no calendar reaches.
    """
    asked = at
    try:
        at = at.astimezone(UTC)  # a database does not take every offset that a caller may write
    except OverflowError as error:
        raise DateOutOfReach(field="at", text=at.isoformat()) from error
    per_department: dict[int, Counter[int]] = defaultdict(Counter)
    redone = _recomputed(at, actor)
    for department, gravity, count in _counted(at, actor, exclude=list(redone)):
        per_department[department][gravity] += count
    for department, gravity in redone.values():
        per_department[department][gravity] += 1
    rows = _rows(per_department)
    totals = {light.value: sum(row[light.value] for row in rows) for light in LIGHTS}
    return LightCounts(at=asked, total=sum(totals.values()), lights=totals, by_department=rows)


def _rows(per_department: dict[int, Counter[int]]) -> list[DepartmentLights]:
    """One row per department, the most red, then yellow, first."""
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=per_department)}
    rows: list[Any] = []
    for key, found in per_department.items():
        unit = units[key]
        named = {light.value: found[GRAVITY[light]] for light in LIGHTS}
        words = {"id": key, "code": unit.code, "department": unit.short_name or unit.name}
        rows.append({**words, "total": sum(named.values()), **named})
    return sorted(rows, key=lambda row: (-row["red"], -row["yellow"], -row["total"], row["code"]))


def _running(at: datetime, actor: Actor) -> QuerySet[Clock]:
    """Clocks of visible cases that ran at `at`."""
    clocks = Clock.objects.filter(
        Q(stopped_at__isnull=True) | Q(stopped_at__gt=at), subject_kind="case", started_at__lte=at
    )
    if actor.is_system:
        return clocks
    seen = Case.objects.visible_to(actor)
    return clocks.filter(Exists(seen.filter(pk=OuterRef("subject_id"))))


def _disturbed() -> Q:
    """Clocks with a pause or an extension in their rows."""
    rows = ClockRow.objects.filter(clock_id=OuterRef("pk"))
    return Q(plain=False, source_due=False) & Q(Exists(rows.filter(verb__in=DISTURBING)))


def _gravity(at: datetime) -> Choice:
    """The rank of the light that the columns give at `at`; the same rule as `light_at`, in the query."""
    paused = Q(paused_since__lte=at) & (Q(paused_until__isnull=True) | Q(paused_until__gt=at))
    return Choice(
        When(red_at__lte=at, then=Value(GRAVITY[Light.RED])),
        When(yellow_at__lte=at, then=Value(GRAVITY[Light.YELLOW])),
        When(paused, then=Value(GRAVITY[Light.GREY])),
        When(blue_at__lte=at, then=Value(GRAVITY[Light.BLUE])),
        default=Value(GRAVITY[Light.GREEN]),
        output_field=IntegerField(),
    )


def lights_by_window(at: datetime, actor: Actor) -> dict[int, dict[str, int]]:
    """Window → light → running cases received there, now, of the cases the actor may see. One query.

    `at` is the moment of the request: unlike `lights` this does not look back.
    """
    names = {gravity: light.value for light, gravity in GRAVITY.items()}
    found: dict[int, dict[str, int]] = {}
    for window, gravity, count in _counted(at, actor, exclude=[], place="window_id"):
        if window is not None:
            found.setdefault(window, {light.value: 0 for light in LIGHTS})[names[gravity]] += count
    return found


def _counted(
    at: datetime,
    actor: Actor,
    *,
    exclude: list[int],
    place: Literal["department_id", "window_id"] = "department_id",
) -> Iterator[tuple[int, int, int]]:
    """(department or window, gravity, cases) grouped in the database, without the cases in `exclude`."""
    per_case = (
        _running(at, SYSTEM)
        .exclude(subject_id__in=exclude)
        .order_by()
        .values("subject_id")
        .annotate(gravity=Max(_gravity(at)))
        .values("subject_id", "gravity")
    )
    seen = Case.objects.visible_to(actor).order_by().values("id", place)
    # The ORM groups once; join and second grouping are plain SQL around its statements, the same on every database.
    try:
        grouped, first = per_case.query.sql_with_params()
        places, second = seen.query.sql_with_params()
    except EmptyResultSet:  # somebody who sees no case at all
        return
    with connections[per_case.db].cursor() as cursor:
        cursor.execute(
            f"SELECT place.{place}, per_case.gravity, COUNT(*)"  # noqa: S608  # no input of people
            f" FROM ({grouped}) per_case JOIN ({places}) place ON place.id = per_case.subject_id"
            f" GROUP BY place.{place}, per_case.gravity",
            (*first, *second),
        )
        yield from cursor.fetchall()


def _recomputed(at: datetime, actor: Actor) -> dict[int, tuple[int, int]]:
    """Cases with a clock whose columns do not tell about `at`: case → (department, gravity)."""
    later = ClockRow.objects.filter(clock_id=OuterRef("pk"), at__gt=at)
    doubtful = _running(at, actor).filter(_disturbed(), Exists(later))
    cases = set(doubtful.values_list("subject_id", flat=True))
    if not cases:
        return {}
    departments = dict(Case.objects.filter(pk__in=cases).values_list("pk", "department_id"))
    running = _running(at, actor).filter(subject_id__in=cases)
    clocks = list(running.select_related("rule").prefetch_related("rows"))
    tables = tables_for(clock.region for clock in clocks)
    found: dict[int, int] = {}
    for clock in clocks:
        gravity = GRAVITY[light_then(clock, at, tables[clock.region])]
        found[clock.subject_id] = max(gravity, found.get(clock.subject_id, 0))
    return {case: (departments[case], gravity) for case, gravity in found.items() if case in departments}


def light_then(clock: Clock, at: datetime, table: DayTable) -> Light:
    """The light a clock showed at `at`, projected from the rows known by then."""
    if clock.source_due:
        return light_at(clock.projection, at)
    rows = [
        Row(Verb(row.verb), row.at, row.amount, row.until, row.ground, row.held_by)
        for row in sorted(clock.rows.all(), key=lambda row: row.number)
        if row.at <= at
    ]
    projection = project(
        table,
        term=term_of(clock),
        started_at=clock.started_at,
        rows=rows,
        policy=POLICIES[clock.rule.policy],
    )
    return light_at(projection, at)
