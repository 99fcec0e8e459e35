"""Cases that should make a supervisor look: for every rule beyond time a few that break it, set up on purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from zhengxiao.backbone.cases.histories import CaseHistory, StepTold, SupplementTold, check
from zhengxiao.surfaces.sample import words
from zhengxiao.surfaces.sample.axis import Axis
from zhengxiao.surfaces.sample.directory import Line
from zhengxiao.surfaces.sample.lives import Life, Pause
from zhengxiao.surfaces.sample.telling import Teller

EACH = 4
CROWD = 22
"""Decided within half an hour on the last working day of a month."""
OWN = "A-APPROVAL"


def suspicious(teller: Teller) -> Iterator[CaseHistory]:
    """A few of each, most of them in the sample department, all within the last months."""
    axis = teller.axis
    lines = [
        line for line in teller.lines if line.versions[-1].promised >= 5 and line.versions[-1].unit == "wd"
    ]
    own = [line for line in lines if line.seat.code == OWN] or lines
    for number in range(EACH):
        line = (own if number % 2 else lines)[number % len(own if number % 2 else lines)]
        day = axis.today - 12 - 23 * number
        promised = line.versions[-1].promised
        for told in (
            _swift(teller, line, day),
            _again(teller, line, day - 1, promised),
            _backwards(teller, line, day - 2, promised),
            _afterwards(teller, line, day - 3, promised),
            _paused_late(teller, line, day - 4 - promised, promised),
            _day_off(teller, line, day - 5, promised),
            *_withdrawn_and_back(teller, line, day - 6),
        ):
            check(told)
            yield told
    yield from _crowd(teller, own)


def _told(teller: Teller, line: Line, life: Life) -> CaseHistory:
    return teller.told(line, life, "window")


def _plain(day: int, promised: int) -> Life:
    """Received, accepted the same morning, decided within the promise, three steps."""
    used = max(2, min(promised - 1, 6))
    life = Life(day + 0.1, accepted=day + 0.15, ended=day + used + 0.6, result="granted")
    life.steps = [day + 1.3, day + used + 0.2, life.ended or 0]
    life.delivered = day + used + 0.7
    return life


def _swift(teller: Teller, line: Line, day: int) -> CaseHistory:
    life = Life(day + 0.1, accepted=day + 0.15, ended=day + 0.16, result="granted", delivered=day + 0.3)
    life.steps = [day + 0.152, day + 0.155, day + 0.16]
    return _told(teller, line, life)


def _again(teller: Teller, line: Line, day: int, promised: int) -> CaseHistory:
    """Asked for papers twice before it was accepted."""
    life = _plain(day, promised)
    life.received, life.told, life.filed = day - 3 + 0.1, day - 3 + 0.4, day - 2 + 0.2
    axis = teller.axis
    again = SupplementTold(
        items=words.MISSING[-1],
        document_no=f"示补〔{axis.days[day].year}〕再{day}号",
        told_at=axis.moment(day - 2 + 0.6),
        filed_at=axis.moment(day + 0.05),
    )
    return replace(_told(teller, line, life), later_supplements=(again,))


def _backwards(teller: Teller, line: Line, day: int, promised: int) -> CaseHistory:
    """The decision is noted as a step before the check that the process puts ahead of it."""
    told = _told(teller, line, _plain(day, promised))
    names = [name for name in line.steps if name in words.STEPS] or list(words.STEPS)
    turned = [names[-1], *names[:-1]]
    steps = tuple(replace(step, name=name) for step, name in zip(told.steps, turned, strict=False))
    return replace(told, steps=steps)


def _afterwards(teller: Teller, line: Line, day: int, promised: int) -> CaseHistory:
    """The last step is entered two working days after the decision."""
    told = _told(teller, line, _plain(day, promised))
    late = teller.axis.moment(min(day + 8.4, teller.axis.now - 0.01))
    last: Sequence[StepTold] = told.steps[-1:]
    return replace(told, steps=(*told.steps[:-1], *(replace(step, ended_at=late) for step in last)))


def _paused_late(teller: Teller, line: Line, day: int, promised: int) -> CaseHistory:
    """The limit has run out, then an expert review begins."""
    life = Life(day + 0.1, accepted=day + 0.15, ended=day + promised + 4.5, result="granted")
    life.pause = Pause("expert_review", day + promised + 1.4, day + promised + 3.2, 3)
    life.steps = [day + 1.5, day + promised + 4.2, day + promised + 4.5]
    return _told(teller, line, life)


def _day_off(teller: Teller, line: Line, day: int, promised: int) -> CaseHistory:
    """Decided in the evening of a rest day by somebody who did nothing else that day."""
    told = _told(teller, line, _plain(day, promised))
    evening = _rest_day_after(teller.axis, told.accepted_at or told.received_at)
    steps = tuple(replace(s, ended_at=min(s.ended_at, evening - timedelta(minutes=number))) for number, s in enumerate(
        reversed(told.steps)
    ))  # fmt: skip
    return replace(told, ended_at=evening, delivered_at=None, archived_at=None, steps=tuple(reversed(steps)))


def _rest_day_after(axis: Axis, moment: datetime) -> datetime:
    day = moment.astimezone(axis.zone).date() + timedelta(days=1)
    works = set(axis.days)
    while day in works:
        day += timedelta(days=1)
    return datetime.combine(day, time(20, 40), axis.zone)


def _withdrawn_and_back(teller: Teller, line: Line, day: int) -> tuple[CaseHistory, CaseHistory]:
    """Withdrawn shortly before the limit, filed again by the same applicant a week later."""
    first = _told(
        teller, line, Life(day - 9 + 0.1, accepted=day - 9 + 0.2, ended=day - 5 + 0.3, result="withdrawn")
    )
    again = _told(teller, line, _plain(day, line.versions[-1].promised))
    again = replace(again, applicant_name=first.applicant_name, party_id=first.party_id)
    return first, again


def _crowd(teller: Teller, lines: Sequence[Line]) -> Iterator[CaseHistory]:
    """One person decides most of a month's cases within half an hour at the end of its last working day."""
    axis = teller.axis
    last = max(n for n in range(len(axis.days) - 1) if axis.days[n].month != axis.days[n + 1].month)
    line = lines[-1]
    who = line.seat.handlers[-1]
    for number in range(CROWD):
        life = _plain(last - 5, line.versions[-1].promised)
        life.ended = last + 0.9 + number * 0.002
        life.steps = [last - 3.5, last - 1.5, life.ended]
        life.delivered = None
        told = replace(_told(teller, line, life), handler_id=who.id, handler_name=who.name)
        check(told)
        yield told
