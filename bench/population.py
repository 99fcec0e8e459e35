"""A large city for measuring: organisation, items, cases with clocks, rows and facts, in minutes instead of hours.

Real histories go through the product's own bulk lane once; PostgreSQL then multiplies their rows by INSERT … SELECT, moving
every moment of a copy by some seconds, which changes no day and so no due date. Two things of a copy are not real: its hash
leaves (they are the original's) and its number (the original's with a suffix). SQLite is not multiplied: all rows are made.

    python -m bench.population 1000000         fills the empty database of ZX_TEST_DATABASE_URL
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from bench.common import ZONE, analyze, set_up

if TYPE_CHECKING:
    from zhengxiao.backbone.cases.histories import CaseHistory
    from zhengxiao.kernel.identity.api import User
    from zhengxiao.kernel.orgs.api import Region, Unit

BASE = 20_000
DAYS = 420
DEPARTMENTS = 20
"""In each of the two districts."""
ITEMS = 300
STEP = "7 seconds"
TERMS = ((20, 10), (20, 7), (20, 5), (15, 5), (45, 20), (60, 30), (10, 3), (20, 1), (30, 15), (20, 12))
"""Statutory and promised working days."""
PEOPLE = (
    ("clerk", "window_clerk", "A-D03-W1"),
    ("approver", "approver", "A-D03-S1"),
    ("head", "department_head", "A-D03"),
    ("supervisor", "supervisor", "A-OFFICE"),
    ("leader", "leader", "CITY"),
    ("auditor", "auditor", "CITY"),
)


@dataclass(frozen=True)
class Place:
    """The organisation: units by code, one person per role by name."""

    regions: Mapping[str, Region]
    units: Mapping[str, Unit]
    users: Mapping[str, User]


def make_place(at: datetime) -> Place:
    """Province, city, two districts with twenty departments each (two sections, two windows), one person per role."""
    from zhengxiao.kernel.calendar.api import install_shipped
    from zhengxiao.kernel.identity.api import NewUser, User, users_bulk_create
    from zhengxiao.kernel.orgs.api import (
        NewPost,
        NewRegion,
        NewUnit,
        Region,
        Unit,
        posts_bulk_create,
        regions_bulk_create,
        units_bulk_create,
    )
    from zhengxiao.lib.actors import SYSTEM, Role

    install_shipped(at=at)
    if Region.objects.filter(code="990103000000").exists():
        return Place(
            {region.code: region for region in Region.objects.all()},
            {unit.code: unit for unit in Unit.objects.all()},
            {user.username: user for user in User.objects.all()},
        )
    rows = [
        NewRegion("990000000000", "示例省"),
        NewRegion("990100000000", "示例市", "990000000000"),
        NewRegion("990102000000", "示例甲区", "990100000000"),
        NewRegion("990103000000", "示例乙区", "990100000000"),
    ]
    regions = regions_bulk_create(rows, actor=SYSTEM, at=at)
    units = [NewUnit("CITY", "示例市政务服务中心", "centre", "990100000000", short_name="市政务中心")]
    for letter, district, code in (("A", "甲区", "990102000000"), ("B", "乙区", "990103000000")):
        units.append(NewUnit(f"{letter}-OFFICE", f"示例{district}政府办公室", "department", code))
        for number in range(DEPARTMENTS):
            stem, name = f"{letter}-D{number:02}", f"{district}示例{number:02}局"
            units.append(NewUnit(stem, name, "department", code, short_name=name))
            units += [NewUnit(f"{stem}-S{n}", f"{name}审批{n}科", "section", code, stem) for n in (1, 2)]
            units += [NewUnit(f"{stem}-W{n}", f"{name}{n}号窗口", "window", code, stem) for n in (1, 2)]
    made = units_bulk_create(units, actor=SYSTEM, at=at)
    users = users_bulk_create(
        [NewUser(name, f"{name}示例") for name, _, _ in PEOPLE], password=None, actor=SYSTEM, at=at
    )
    by_name = {user.username: user for user in users}
    posts = [
        NewPost(by_name[name].pk, made[unit].pk, Role(role), date(2020, 1, 1)) for name, role, unit in PEOPLE
    ]
    posts_bulk_create(posts, actor=SYSTEM, at=at)
    return Place(regions, made, by_name)


def make_items(place: Place, at: datetime) -> list[tuple[Any, Any]]:
    """Three hundred items in force, spread over the departments of both districts."""
    from zhengxiao.backbone.catalogue.api import Item, ItemVersion

    found = []
    for number in range(ITEMS):
        letter = "AB"[number % 2]
        unit = place.units[f"{letter}-D{number // 2 % DEPARTMENTS:02}"]
        statutory, promised = TERMS[number % len(TERMS)]
        item = Item.objects.create(
            unit=unit, region_id=unit.region_id, code=f"BENCH-{number:04}", scheme="local", created_at=at
        )
        version = ItemVersion.objects.create(
            item=item, number=1, state="published", valid_from=date(2020, 1, 1), name=f"示例事项{number:03}许可",
            task_type="01", kind="promised", statutory_amount=statutory, statutory_unit="wd",
            promised_amount=promised, promised_unit="wd", changed_at=at,
            process_steps=["受理", "审查", "审核", "决定"],
        )  # fmt: skip
        found.append((item, version))
    return found


def histories(
    place: Place, items: list[tuple[Any, Any]], count: int, at: datetime, seed: int
) -> Iterator[CaseHistory]:
    """Cases received over fourteen months to `at`; most decided, the youngest running, a few late."""
    from zhengxiao.backbone.cases.histories import CaseHistory
    from zhengxiao.backbone.cases.rules import Limits, Result
    from zhengxiao.kernel.calendar.api import Term, Unit

    chance = random.Random(seed)
    weights = [1 / (1 + rank // 2 % DEPARTMENTS) for rank in range(len(items))]
    last = at - timedelta(hours=1)
    for number in range(count):
        item, version = chance.choices(items, weights)[0]
        department = place.units[item.unit.code]
        day = (at - timedelta(days=chance.randrange(DAYS))).date()
        received = datetime.combine(day, time(9), tzinfo=ZONE) + timedelta(seconds=chance.randrange(24_000))
        received = min(received, last)
        accepted = received + timedelta(minutes=20)
        ended = accepted + timedelta(
            days=chance.randrange(1, 3 * version.promised_amount), hours=chance.random()
        )
        done = ended < last
        yield CaseHistory(
            source_system="bench", source_id=f"b{number}", item_id=item.pk, item_version_id=version.pk,
            item_name=version.name, kind="promised",
            limits=Limits(Term(version.statutory_amount, Unit.WORKDAY), Term(version.promised_amount, Unit.WORKDAY)),
            applicant_name=f"示例{number % 997}有限公司", region_id=department.region_id, department_id=department.pk,
            unit_id=place.units[f"{department.code}-S{number % 2 + 1}"].pk,
            window_id=place.units[f"{department.code}-W{number % 2 + 1}"].pk, calendar_key="CN",
            received_at=received, accepted_at=accepted if accepted < at else None,
            result=Result.GRANTED if done else None, ended_at=ended if done else None,
            result_no=f"示许准{number}" if done else "",
        )  # fmt: skip


PEOPLE_AT_WORK = 200
STEPS = ("审查", "审核", "决定")


def at_work(told: list[CaseHistory], at: datetime, seed: int) -> list[CaseHistory]:
    """The same histories with people who handled them, three steps each, some supplements and special procedures."""
    from dataclasses import replace

    from zhengxiao.backbone.cases.histories import ProcedureTold, StepTold, SupplementTold
    from zhengxiao.kernel.identity.api import NewUser, users_bulk_create
    from zhengxiao.lib.actors import SYSTEM

    chance = random.Random(seed)
    names = [NewUser(f"bench-{number}", f"示例{number}") for number in range(PEOPLE_AT_WORK)]
    people = users_bulk_create(names, password=None, actor=SYSTEM, at=at)
    made = []
    for history in told:
        who = people[(history.unit_id or 0) * 3 % PEOPLE_AT_WORK + chance.randrange(3) - 3]
        accepted, ended = history.accepted_at, history.ended_at
        more: dict[str, Any] = {"handler_id": who.pk, "handler_name": who.display_name}
        if accepted is not None and ended is not None:
            span = ended - accepted
            places = sorted(chance.random() for _ in STEPS[:-1])
            ends = [*(accepted + span * place for place in places), ended]
            order = STEPS if chance.random() > 0.001 else STEPS[::-1]
            more["steps"] = tuple(
                StepTold(name, end, who.display_name) for name, end in zip(order, ends, strict=True)
            )
            if chance.random() < 0.04:
                begins = accepted + span * 0.3
                more["procedures"] = (
                    ProcedureTold("hearing", begins, accepted + span * 0.6, 5, "示特1", "听证"),
                )
        if accepted is not None and chance.random() < 0.05:
            asked = history.received_at + timedelta(minutes=5)
            more["supplement"] = SupplementTold("缺少材料", "示补1", asked, asked + timedelta(minutes=10))
        made.append(replace(history, **more))
    return made


def make_cases(cases: int, *, at: datetime, seed: int = 7, worked: bool = False) -> Place:
    """Fill an empty migrated database with `cases` cases and what belongs to them; returns the place.

    `worked`: with handlers, steps, supplements and special procedures, for what looks at how cases were handled.

    A database that has them already stays as it is, so that a list can be measured again at a quieter moment.
    """
    from django.db import connection, transaction

    from zhengxiao.backbone.cases.bulk import write_histories
    from zhengxiao.backbone.cases.models import Case
    from zhengxiao.lib.actors import SYSTEM

    place = make_place(at)
    if Case.objects.count() >= cases:  # filled by an earlier run
        return place
    items = make_items(place, at)
    codes = {region.pk: region.code for region in place.regions.values()}
    copies = cases // BASE if connection.vendor == "postgresql" else 1
    told = list(histories(place, items, cases if copies <= 1 else BASE, at, seed))
    if worked:
        told = at_work(told, at, seed)
    for start in range(0, len(told), 2000):
        with transaction.atomic():
            write_histories(told[start : start + 2000], region_codes=codes, actor=SYSTEM, at=at)
    if copies > 1:
        _multiply_cases(copies - 1)
    analyze("clock_clock", "clock_clockrow", "cases_case", "timeline_entry")
    return place


@contextmanager
def _bare_tables(*tables: str) -> Iterator[None]:
    """Without indexes and foreign-key triggers while the rows come in: PostgreSQL only."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s) AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
            [list(tables)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")
        for _, definition in indexes:
            cursor.execute(definition)


def multiply(model: Any, copies: int, special: Mapping[str, str], strides: Mapping[str, int]) -> None:
    """Copy every row of `model` `copies` times. `strides`: column → how far its numbers move per copy; moments move by
    STEP per copy; `special` overrides by column."""
    from django.db import connection, models

    table = model._meta.db_table
    sources = []
    names = [field.column for field in model._meta.concrete_fields]
    for field in model._meta.concrete_fields:
        name = field.column
        if name in special:
            sources.append(special[name])
        elif name in strides:
            sources.append(f"b.{name} + {strides[name]} * k")
        elif isinstance(field, models.DateTimeField):
            sources.append(f"b.{name} + k * interval '{STEP}'")
        else:
            sources.append(f"b.{name}")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # a million rows in one statement are no runaway question
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(sources)}"  # noqa: S608 - names only
            f" FROM {table} b, generate_series(1, {copies}) k"
        )
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
        )


CLOCK_SPECIAL = {
    # Due moments are the ends of days and stay; a warning that shows from the start moves with the start.
    **{name: f"b.{name}" for name in ("due_at", "red_at", "yellow_at")},
    "blue_at": f"CASE WHEN b.blue_at = b.started_at THEN b.blue_at + k * interval '{STEP}' ELSE b.blue_at END",
    "next_look_at": "b.next_look_at",
}


def _multiply_cases(copies: int) -> None:
    from zhengxiao.backbone.cases.models import Case, CaseStep, SpecialProcedure, SupplementNotice
    from zhengxiao.kernel.clock.models import Clock, ClockRow
    from zhengxiao.kernel.timeline.models import Entry

    case, clock = _stride(Case), _stride(Clock)
    with _bare_tables("cases_case", "clock_clock", "clock_clockrow", "timeline_entry"):
        multiply(Clock, copies, CLOCK_SPECIAL, {"id": clock, "subject_id": case})
        multiply(ClockRow, copies, {}, {"id": _stride(ClockRow), "clock_id": clock})
        numbers = {
            "number": "b.number || '-' || k",
            "source_id": "b.source_id || '-' || k",
            "voucher_no": "CASE WHEN b.voucher_no = '' THEN '' ELSE b.voucher_no || '-' || k END",
        }
        strides = {"id": case, "promised_clock_id": clock, "statutory_clock_id": clock}
        multiply(Case, copies, numbers, strides)
        multiply(Entry, copies, {}, {"id": _stride(Entry), "subject_id": case})
        for child in (CaseStep, SpecialProcedure, SupplementNotice):
            if child.objects.exists():
                strides = {"id": _stride(child), "case_id": case}
                multiply(child, copies, {}, strides | ({} if child is CaseStep else {"clock_id": clock}))


def _stride(model: Any) -> int:
    from django.db.models import Max

    highest: int = model.objects.aggregate(highest=Max("id"))["highest"]
    return highest


def make_clocks(count: int, *, at: datetime, unit: str, base: int = 10_000, seed: int = 7) -> None:
    """`count` running clocks (subject kind "bench") in a database that has the place.

    unit "h": terms of 48 to 480 hours, started so that the next looks spread evenly after `at` (for the sweep).
    unit "wd": 3 to 90 working days started in the last fortnight, one in thirty paused or extended (for re-projection).
    """
    from django.db import connection, transaction

    from zhengxiao.kernel.clock.api import rule_in_force
    from zhengxiao.kernel.clock.models import Clock, ClockRow
    from zhengxiao.kernel.jobs.api import bulk_insert
    from zhengxiao.kernel.orgs.api import Unit

    base = count if connection.vendor != "postgresql" else min(base, count)
    owner, rule = Unit.objects.get(code="A-D03-S1").pk, rule_in_force("cases.promised", at.date())
    built = [
        _clock(number, unit, at, random.Random(seed * 1_000_003 + number), owner, rule)
        for number in range(base)
    ]
    with transaction.atomic():
        bulk_insert(Clock, [clock for clock, _ in built])
        for clock, rows in built:
            for row in rows:
                row.clock_id = clock.pk
        bulk_insert(ClockRow, [row for _, rows in built for row in rows])
    if count > base:
        special: dict[str, str] = {} if unit == "h" else dict(CLOCK_SPECIAL)
        with _bare_tables("clock_clock", "clock_clockrow"):
            stride = _stride(Clock)
            multiply(Clock, count // base - 1, special, {"id": stride, "subject_id": base})
            multiply(ClockRow, count // base - 1, {}, {"id": _stride(ClockRow), "clock_id": stride})
    analyze("clock_clock", "clock_clockrow")


def _clock(number: int, unit: str, at: datetime, chance: random.Random, owner: int, rule: Any) -> Any:
    from zhengxiao.kernel.calendar.api import Term, day_table
    from zhengxiao.kernel.clock.api import PastClock, PastPause, build_clock

    pauses: tuple[Any, ...] = ()
    extension = None
    if unit == "h":
        hours = chance.randrange(48, 480)
        # The yellow light comes at three quarters of the term: that moment lies 1 s to 20 days after `at`.
        started = at + timedelta(seconds=chance.randrange(1, 1_728_000)) - timedelta(hours=hours * 0.75)
        term = Term.parse(f"{hours}h")
    else:
        days = chance.choice((3, 5, 10, 15, 20, 30, 45, 60, 90))
        started = at - timedelta(minutes=chance.randrange(60, 14 * 1440))
        term = Term.parse(f"{days}wd")
        if number % 60 == 0:
            began = started + timedelta(minutes=30)
            pauses = (PastPause("hearing", began, began + timedelta(minutes=20), 5, "示通〔2026〕1号"),)
        elif number % 60 == 30:
            extension = (5, started + timedelta(minutes=30), "示延〔2026〕1号")
    past = PastClock(rule, term, started, None, owner, pauses=pauses, extension=extension)
    return build_clock(
        past, subject_kind="bench", subject_id=number + 1, region="CN" if number % 2 else "990102000000",
        table=day_table("CN" if number % 2 else "990102000000"), recorded_at=at,
    )  # fmt: skip


def clear_clocks() -> None:
    """Take the bench's own clocks away again."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE clock_clock, clock_clockrow, clock_clockrung, timeline_entry, timeline_delivery CASCADE"
        )


if __name__ == "__main__":
    set_up()
    make_cases(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, at=datetime.now(ZONE))
