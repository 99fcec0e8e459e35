"""What the verbs write, and what they refuse."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction

from zhengxiao.kernel.calendar.api import Term, Unit, day_table
from zhengxiao.kernel.clock import api, projecting, refusals, writing
from zhengxiao.kernel.clock.api import (
    Clock,
    ClockRow,
    ClockRule,
    Light,
    PastClock,
    PastPause,
    Start,
    build_clock,
)
from zhengxiao.kernel.clock.tests.conftest import MONDAY
from zhengxiao.kernel.clock.tests.oracle import CHINA, closing, opening
from zhengxiao.kernel.jobs.api import bulk_insert
from zhengxiao.kernel.timeline.api import Entry, Subject
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.refusals import Refusal, StaleState

TUESDAY = MONDAY + timedelta(days=1)


def pause(clock: Clock, at: datetime, ground: str = "experts", days: int | None = 5) -> Clock:
    return api.clock_pause(
        clock_id=clock.pk, ground=ground, expected_days=days, document="函〔1〕", actor=SYSTEM, at=at
    )


def resume(clock: Clock, at: datetime) -> Clock:
    return api.clock_resume(clock_id=clock.pk, actor=SYSTEM, at=at)


def extend(clock: Clock, amount: int, at: datetime) -> Clock:
    return api.clock_extend(clock_id=clock.pk, amount=amount, document="批〔1〕", actor=SYSTEM, at=at)


def stop(clock: Clock, at: datetime) -> Clock:
    return api.clock_stop(clock_id=clock.pk, actor=SYSTEM, at=at)


def hand_over(clock: Clock, at: datetime, unit, inner: Start | None = None) -> Clock:
    return api.clock_hand_over(
        clock_id=clock.pk, to_unit_id=unit.pk, to_unit_name=unit.name, to_user_id=None,
        inner=inner, actor=SYSTEM, at=at,
    )  # fmt: skip


def facts() -> list[str]:
    """What was said of clocks; posts and rules are on record too."""
    told = Entry.objects.filter(fact__startswith="clock.").exclude(fact="clock.rule_declared")
    return list(told.order_by("id").values_list("fact", flat=True))


def counts() -> tuple[int, int]:
    return ClockRow.objects.count(), Entry.objects.count()


def refused(kind: type[Refusal], act) -> None:
    before = counts(), list(Clock.objects.order_by("pk").values())
    with pytest.raises(kind):
        act()
    assert (counts(), list(Clock.objects.order_by("pk").values())) == before


def test_every_refusal_has_its_case_and_writes_nothing(begin, org):
    clock = begin()
    refused(api.NotPaused, lambda: resume(clock, TUESDAY))
    refused(api.GroundUnknown, lambda: pause(clock, TUESDAY, "weather"))
    refused(api.ExpectedDaysBeyondCap, lambda: pause(clock, TUESDAY, days=6))
    refused(api.ClockMovesBackward, lambda: pause(clock, MONDAY - timedelta(seconds=1)))
    for amount in (-3, 0, 11, 10**9):
        refused(api.ExtensionTooLong, lambda amount=amount: extend(clock, amount, TUESDAY))
    refused(api.ExtensionTooLate, lambda: extend(clock, 1, clock.due_at + timedelta(microseconds=1)))
    strict = begin(policy="strict", subject=2)
    refused(api.ExtensionNotAllowed, lambda: extend(strict, 1, TUESDAY))
    extend(clock, 2, TUESDAY)
    refused(api.ExtensionUsedUp, lambda: extend(clock, 1, TUESDAY))
    pause(clock, TUESDAY)
    refused(api.NotRunning, lambda: pause(clock, TUESDAY))
    resume(clock, TUESDAY)
    pause(clock, TUESDAY)
    resume(clock, TUESDAY)
    refused(api.GroundUsedUp, lambda: pause(clock, TUESDAY))
    refused(api.ClockMovesBackward, lambda: stop(clock, MONDAY))
    stop(clock, TUESDAY)
    for act in (pause, resume, stop):
        refused(api.ClockStopped, lambda act=act: act(clock, TUESDAY))
    refused(api.ClockStopped, lambda: extend(clock, 1, TUESDAY))
    refused(api.ClockStopped, lambda: hand_over(clock, TUESDAY, org.window))


def test_every_refusal_class_is_named_above():
    here = Path(__file__).read_text(encoding="utf-8")
    named = [name for name, kind in vars(refusals).items() if isinstance(kind, type) and kind is not Refusal]
    assert [name for name in named if f"api.{name}" not in here] == []


def test_a_second_writer_with_a_stale_revision_is_refused_and_writes_nothing(begin, monkeypatch):
    clock = begin()
    loaded = writing.load

    def slow(clock_id, verb, at):
        answer = loaded(clock_id, verb, at)
        monkeypatch.undo()
        extend(clock, 1, TUESDAY)  # another person is faster
        return answer

    monkeypatch.setattr("zhengxiao.kernel.clock.services.load", slow)
    with pytest.raises(StaleState), transaction.atomic():
        pause(clock, TUESDAY)
    assert [row.verb for row in clock.rows.order_by("number")] in (["start"], ["start", "extend"])
    clock.refresh_from_db()
    assert clock.paused_since is None


def test_a_verb_that_read_the_clock_before_the_calendar_moved_it_is_refused(begin, monkeypatch):
    clock = begin()
    real = writing._claim

    def late(mine, changes):
        Clock.objects.filter(pk=mine.pk).update(calendar_version="99")
        real(mine, changes)

    monkeypatch.setattr(writing, "_claim", late)
    with pytest.raises(StaleState):
        pause(clock, TUESDAY)
    assert clock.rows.count() == 1


def test_a_capped_pause_ends_by_rule_though_nobody_swept(begin):
    clock = pause(begin("5wd"), TUESDAY)  # Tuesday 3 to Monday 9 stand; it runs again on Tuesday 10
    cap = opening(date(2026, 3, 10))
    assert clock.paused_until == cap
    assert clock.light(cap - timedelta(seconds=1)) is Light.GREY
    assert clock.due_on == date(2026, 3, 16)
    assert clock.light(cap) is Light.GREEN
    clock = extend(clock, 1, cap + timedelta(hours=9))
    assert [(row.verb, row.at, row.ground) for row in clock.rows.order_by("number")][2] == (
        "resume", cap, "cap_reached",
    )  # fmt: skip
    assert facts() == ["clock.started", "clock.paused", "clock.cap_reached", "clock.extended"]
    assert clock.paused_since is None
    assert clock.due_on == date(2026, 3, 17)
    assert clock.revision == clock.rows.count()


def test_a_resume_after_the_cap_writes_the_end_at_the_cap_and_a_second_one_is_refused(begin):
    clock = pause(begin(), TUESDAY)
    late = datetime(2026, 3, 12, 9, tzinfo=CHINA)
    clock = resume(clock, late)
    assert clock.rows.get(number=3).at == opening(date(2026, 3, 10))
    assert facts()[-1] == "clock.cap_reached"
    refused(api.NotPaused, lambda: resume(clock, late + timedelta(hours=1)))


def test_a_second_pause_after_a_cap_counts_from_its_own_start(begin):
    clock = pause(begin(), TUESDAY)
    clock = pause(clock, datetime(2026, 3, 11, 9, tzinfo=CHINA))
    assert [row.verb for row in clock.rows.order_by("number")] == ["start", "pause", "resume", "pause"]
    assert clock.paused_until == opening(date(2026, 3, 18))
    assert clock.due_on == date(2026, 3, 23)  # Tuesday 10 counted, then from Wednesday 18 four more
    assert clock.paused_since == datetime(2026, 3, 11, 9, tzinfo=CHINA)


def test_an_uncapped_pause_leaves_no_due_day_until_it_ends(begin):
    clock = pause(begin(), TUESDAY, "supplement", None)
    assert (clock.due_at, clock.next_look_at, clock.red_at) == (None, None, None)
    assert Clock.objects.with_light(Light.GREY, TUESDAY + timedelta(days=400)).get() == clock
    clock = resume(clock, datetime(2026, 3, 9, 9, tzinfo=CHINA))
    assert clock.due_on == date(2026, 3, 13)


def test_use_is_frozen_at_the_stop_to_four_places(begin):
    clock = stop(begin("48h"), MONDAY + timedelta(minutes=20))
    stored = Clock.objects.get(pk=clock.pk)
    assert clock.used == stored.used == Decimal("0.3333")
    assert api.explain(stored, at=MONDAY + timedelta(days=90)).used == stored.used
    assert stored.next_look_at is None
    assert stored.light(MONDAY + timedelta(days=90)) is None


def test_stopping_during_a_pause_counts_the_pause_out(begin):
    clock = stop(pause(begin(), TUESDAY), datetime(2026, 3, 6, 9, tzinfo=CHINA))
    assert clock.used == 1
    assert clock.paused_since is None


def test_a_hand_over_with_an_inner_clock_leaves_the_outer_running_and_owned(begin, org):
    outer = begin("10wd")
    inner = Start(
        Subject("sample", 1), "test.procedure", org.window.pk, "CN", term=Term(2, Unit.WORKDAY), kind="stage"
    )
    made = hand_over(outer, TUESDAY, org.window, inner)
    outer.refresh_from_db()
    assert (made.owner_unit_id, outer.owner_unit_id) == (org.window.pk, org.market.pk)
    assert made.parent_id == outer.pk
    assert outer.stopped_at is None
    assert outer.due_on == date(2026, 3, 16)
    assert outer.plain
    taken = hand_over(outer, TUESDAY, org.section)
    assert taken.pk == outer.pk
    assert taken.owner_unit_id == org.section.pk


def given_clock(begin, org) -> tuple[Clock, datetime]:
    begin("5wd", subject=9)
    rule = ClockRule.objects.get(code="test.procedure")
    due = datetime(2026, 3, 6, 14, 30, tzinfo=CHINA)
    past = PastClock(rule, None, MONDAY, None, org.market.pk, source_due=due)
    with transaction.atomic():
        clock, rows = build_clock(
            past, subject_kind="sample", subject_id=1, region="CN", table=day_table("CN"), recorded_at=MONDAY
        )
        bulk_insert(Clock, [clock])
        for row in rows:
            row.clock_id = clock.pk
        bulk_insert(ClockRow, rows)
    return Clock.objects.select_related("rule").get(pk=clock.pk), due


def test_no_verb_moves_the_due_moment_that_a_source_gave(begin, org):
    clock, due = given_clock(begin, org)
    assert clock.due_at == due
    clock = hand_over(clock, TUESDAY, org.window)
    assert (clock.due_at, clock.yellow_at) == (due, due + timedelta(microseconds=1))
    clock = resume(pause(clock, TUESDAY, "supplement", None), TUESDAY + timedelta(days=1))
    assert clock.due_at == due
    clock = extend(clock, 3, TUESDAY + timedelta(days=1))
    assert clock.due_at == due + timedelta(days=3)
    clock = stop(clock, TUESDAY + timedelta(days=2))
    assert Clock.objects.get(pk=clock.pk).due_at == due + timedelta(days=3)


def test_the_bulk_lane_builds_what_the_verbs_would_have_written(begin, org):
    at = datetime(2026, 3, 4, 9, tzinfo=CHINA)
    clock = stop(extend(resume(pause(begin(), TUESDAY), at), 2, at), at + timedelta(days=6))
    past = PastClock(
        clock.rule, Term(5, Unit.WORKDAY), MONDAY, clock.stopped_at, org.market.pk,
        pauses=[PastPause("experts", TUESDAY, at, 5, "函〔1〕")], extension=(2, at, "批〔1〕"),
    )  # fmt: skip
    built, rows = build_clock(
        past, subject_kind="sample", subject_id=1, region="CN", table=day_table("CN"), recorded_at=at
    )
    for name in ("due_at", "due_on", "blue_at", "yellow_at", "red_at", "next_look_at", "used", "revision",
                 "extension_amount", "plain", "paused_since", "paused_until", "calendar_version"):  # fmt: skip
        assert getattr(built, name) == getattr(clock, name), name
    assert [(row.verb, row.at, row.until) for row in rows] == [
        (row.verb, row.at, row.until) for row in clock.rows.order_by("number")
    ]


def test_the_sheet_of_a_running_clock_tells_who_held_the_matter(begin):
    clock = pause(begin("10wd"), TUESDAY)
    sheet = api.explain(clock, at=datetime(2026, 3, 6, 9, tzinfo=CHINA))
    assert sheet.used == 1 or sheet.used == 0
    assert {held.holder: held.days for held in sheet.held} == {"department": 1, "procedure": 3}
    assert sheet.light is Light.GREY
    assert sheet.remaining == 10 - sheet.used
    assert projecting.term_of(clock) == sheet.term
    assert closing(clock.due_on) == clock.due_at
