"""The life of clocks as a machine of random verbs, held day by day against a reckoning of its own.

`ZX_CLOCK_STEPS=100000` walks a hundred thousand steps; by default some two thousand.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.calendar.api import install_shipped
from zhengxiao.kernel.clock import api
from zhengxiao.kernel.clock.models import Clock, ClockRow, ClockRung
from zhengxiao.kernel.clock.tests.conftest import rule_made, starter
from zhengxiao.kernel.clock.tests.oracle import CHINA, DAY, closing, opening
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.refusals import Refusal

STEPS = 50
EXAMPLES = int(os.environ.get("ZX_CLOCK_STEPS", "2000")) // STEPS
BEGIN = datetime(2026, 3, 2, 9, tzinfo=CHINA)
CAP = 5
# The published arrangement for 2026, written down once more: rest on weekdays, work on weekends.
REST = {date(2026, 1, 1) + n * DAY for n in range(3)} | {date(2026, 2, 15) + n * DAY for n in range(9)}
REST |= {date(2026, 4, 4) + n * DAY for n in range(3)} | {date(2026, 5, 1) + n * DAY for n in range(5)}
REST |= {date(2026, 6, 19) + n * DAY for n in range(3)} | {date(2026, 9, 25) + n * DAY for n in range(3)}
REST |= {date(2026, 10, 1) + n * DAY for n in range(7)}
WORK = {
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
}


def works(day: date) -> bool:
    return day in WORK or (day.weekday() < 5 and day not in REST)


@dataclass
class Told:
    """One clock as the reckoning has it: only what was done to it, in plain words."""

    pk: int
    start: datetime
    days: int
    pauses: list[list[datetime | None]] = field(default_factory=list)
    caps: list[datetime | None] = field(default_factory=list)
    times: int = 0
    extended: int = 0
    stopped: datetime | None = None

    def open(self, at: datetime) -> bool:
        """Whether it stands still at `at`: a pause nobody ended, and whose cap has not come."""
        if not self.pauses or self.pauses[-1][1] is not None:
            return False
        return self.caps[-1] is None or at < self.caps[-1]

    def settle(self, at: datetime) -> None:
        """A pause whose cap has come has ended at its cap."""
        if self.pauses and self.pauses[-1][1] is None and self.caps[-1] is not None and self.caps[-1] <= at:
            self.pauses[-1][1] = self.caps[-1]

    def stands(self, moment: datetime) -> bool:
        for (begins, ends), cap in zip(self.pauses, self.caps, strict=True):
            end = ends or cap
            if begins is not None and begins <= moment and (end is None or moment < end):
                return True
        return False

    def due_on(self) -> date | None:
        """Walk the days: one counts when it is worked and the clock runs at its end."""
        day, left = self.start.date(), self.days + self.extended
        for _ in range(700):
            day += DAY
            if works(day) and not self.stands(closing(day)):
                left -= 1
                if left == 0:
                    return day
        return None


def cap_of(at: datetime) -> datetime:
    """The first moment of the day after the fifth working day that stands, the day of the pause among them if worked."""
    day, left = at.date(), CAP
    if works(day):
        left -= 1
    while left:
        day += DAY
        left -= works(day)
    day += DAY
    while not works(day):
        day += DAY
    return opening(day)


class Life(RuleBasedStateMachine):
    """Verbs in any order on any clock, time only forwards, sweeps now and then."""

    clocks = Bundle("clocks")
    org: Any = None
    since = 0

    def __init__(self) -> None:
        super().__init__()
        self.at = BEGIN
        self.told: list[Told] = []
        self.swept: datetime | None = None
        self.acted = False
        """Whether a verb was done since the last sweep: a resumed clock may owe a rung of before its pause."""
        self.start = starter(Life.org)
        newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
        Life.since = newest or 0

    @rule(hours=st.integers(1, 60), minutes=st.integers(0, 59))
    def time_goes_by(self, hours: int, minutes: int) -> None:
        later = self.at + timedelta(hours=hours, minutes=minutes)
        if later < datetime(2026, 9, 1, tzinfo=CHINA):
            self.at = later

    @rule(target=clocks, days=st.integers(1, 15))
    def accept(self, days: int) -> Any:
        if len(self.told) >= 6:
            return multiple()
        clock = self.start(f"{days}wd", policy="two-limit.promised", at=self.at, subject=len(self.told))
        self.told.append(Told(clock.pk, self.at, days))
        return len(self.told) - 1

    @rule(which=clocks)
    def pause(self, which: int) -> None:
        self._pause(which, "experts", cap_of(self.at))

    @rule(which=clocks)
    def ask_supplement(self, which: int) -> None:
        self._pause(which, "supplement", None)

    def _pause(self, which: int, ground: str, cap: datetime | None) -> None:
        told = self.told[which]
        told.settle(self.at)
        used_up = ground == "experts" and told.times >= 2
        lawful = told.stopped is None and not told.open(self.at) and not used_up
        self._do(
            lawful,
            lambda: api.clock_pause(
                clock_id=told.pk, ground=ground, expected_days=None, document="函", actor=SYSTEM, at=self.at
            ),
        )
        if lawful:
            told.pauses.append([self.at, None])
            told.caps.append(cap)
            told.times += ground == "experts"

    @rule(which=clocks)
    def resume(self, which: int) -> None:
        told = self.told[which]
        was_open = bool(told.pauses) and told.pauses[-1][1] is None
        capped = was_open and told.caps[-1] is not None and told.caps[-1] <= self.at
        seen_by_sweep = capped and self.swept is not None and told.caps[-1] <= self.swept
        told.settle(self.at)
        lawful = told.stopped is None and was_open and not seen_by_sweep
        self._do(lawful, lambda: api.clock_resume(clock_id=told.pk, actor=SYSTEM, at=self.at))
        if lawful and not capped:
            told.pauses[-1][1] = self.at

    @rule(which=clocks, amount=st.integers(1, 12))
    def extend(self, which: int, amount: int) -> None:
        told = self.told[which]
        told.settle(self.at)
        due = told.due_on()
        in_time = due is None or self.at <= closing(due)
        lawful = told.stopped is None and told.extended == 0 and amount <= 10 and in_time
        self._do(
            lawful,
            lambda: api.clock_extend(
                clock_id=told.pk, amount=amount, document="批", actor=SYSTEM, at=self.at
            ),
        )
        if lawful:
            told.extended = amount

    @rule(which=clocks)
    def hand_over(self, which: int) -> None:
        told = self.told[which]
        told.settle(self.at)
        window = Life.org.window
        self._do(
            told.stopped is None,
            lambda: api.clock_hand_over(
                clock_id=told.pk, to_unit_id=window.pk, to_unit_name=window.name, to_user_id=None, inner=None,
                actor=SYSTEM, at=self.at,
            ),
        )  # fmt: skip

    @rule(which=clocks)
    def stop(self, which: int) -> None:
        told = self.told[which]
        told.settle(self.at)
        self._do(told.stopped is None, lambda: api.clock_stop(clock_id=told.pk, actor=SYSTEM, at=self.at))
        if told.stopped is None:
            told.stopped = self.at
            if told.pauses and told.pauses[-1][1] is None:
                told.pauses[-1][1] = self.at

    @rule(which=clocks, back=st.integers(1, 400))
    def act_in_the_past(self, which: int, back: int) -> None:
        """Nobody dates a verb before what was written: an expired clock is not stopped afterwards."""
        told = self.told[which]
        before = told.start - timedelta(minutes=back)
        self._do(False, lambda: api.clock_stop(clock_id=told.pk, actor=SYSTEM, at=before))

    @rule(back=st.integers(0, 48))
    def sweep(self, back: int) -> None:
        """Also with a wall clock that was put back: nothing is told twice."""
        rungs, facts = ClockRung.objects.count(), self._lights()
        if back > 24 and self.swept is not None:
            api.sweep(at=self.swept - timedelta(hours=back))
            assert self.acted or (ClockRung.objects.count(), self._lights()) == (rungs, facts)
            self._once()
            return
        api.sweep(at=self.at)
        self.swept, self.acted = self.at, False
        for told in self.told:
            told.settle(self.at)
            if told.stopped is None and not told.open(self.at) and (due := told.due_on()) is not None:
                late = closing(due) < self.at
                assert ClockRung.objects.filter(clock=told.pk, level="yellow").exists() >= late
        rungs, facts = ClockRung.objects.count(), self._lights()
        assert rungs == facts
        api.sweep(at=self.at)
        assert (ClockRung.objects.count(), self._lights()) == (rungs, facts)
        self._once()

    def _lights(self) -> int:
        return self._told().count()

    def _told(self) -> Any:
        return Entry.objects.filter(fact__in=["clock.warned", "clock.breached"], pk__gt=Life.since)

    def _once(self) -> None:
        """Each light of each clock was told once, and every one told has its rung."""
        lights = [(data["clock_id"], data["level"]) for data in self._told().values_list("data", flat=True)]
        assert sorted(lights) == sorted(ClockRung.objects.values_list("clock_id", "level"))

    def _do(self, lawful: bool, act: Any) -> None:
        rows = ClockRow.objects.count()
        try:
            act()
        except Refusal as refusal:
            assert not lawful, f"{refusal.code} at {self.at}"  # noqa: PT017
            assert ClockRow.objects.count() == rows
        else:
            assert lawful, f"was done at {self.at}"
            self.acted = True

    @invariant()
    def what_is_shown_is_what_was_reckoned(self) -> None:
        for told in self.told:
            clock = Clock.objects.get(pk=told.pk)
            assert (clock.stopped_at is None) == (told.stopped is None)
            if told.stopped is None:
                assert clock.due_on == told.due_on(), f"{told} at {self.at}"
                assert clock.rows.count() == clock.revision

    def teardown(self) -> None:
        keys = [told.pk for told in self.told]
        ClockRung.objects.filter(clock__in=keys).delete()
        ClockRow.objects.filter(clock__in=keys).delete()
        Clock.objects.filter(pk__in=keys).delete()


@pytest.mark.django_db
def test_whatever_is_done_to_clocks_they_show_what_walking_the_days_gives() -> None:
    Life.org = sample_org()
    install_shipped(at=Life.org.at)
    rule_made("test.two-limit.promised", "two-limit.promised")
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
