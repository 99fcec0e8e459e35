"""From lives on the axis to case histories: who, for whom, under which numbers. Pure; every history passes `check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from random import Random
from typing import Any

from zhengxiao.backbone.cases.api import PROCEDURE_KINDS, Result
from zhengxiao.backbone.cases.histories import (
    CaseHistory,
    ExtensionTold,
    ProcedureTold,
    StepTold,
    SupplementTold,
    check,
)
from zhengxiao.backbone.cases.rules import Limits
from zhengxiao.kernel.calendar.api import Term, Unit
from zhengxiao.surfaces.sample import measures, words
from zhengxiao.surfaces.sample.axis import Axis
from zhengxiao.surfaces.sample.directory import Line, Version
from zhengxiao.surfaces.sample.lives import Life, open_life, whole_life, workdays_of
from zhengxiao.surfaces.sample.place import Person, Seat


@dataclass(frozen=True, slots=True)
class Applicant:
    """A registered party."""

    id: int
    name: str


@dataclass
class Teller:
    """Draws cases one after another; numbers of documents run by department and year."""

    rng: Random
    axis: Axis
    lines: Sequence[Line]
    applicants: Sequence[Applicant]
    serials: Counter[tuple[int, int, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        # A few items make most of the work: weights fall with the rank, short promises rank first.
        ranked = sorted(range(len(self.lines)), key=lambda i: self._rank(self.lines[i]))
        weight = {number: 1 / (place + 12) for place, number in enumerate(ranked)}
        self.cumulative = list(accumulate(weight[number] for number in range(len(self.lines))))

    def _rank(self, line: Line) -> float:
        return self.rng.random() * 30 + min(line.versions[-1].promised, 20)

    def histories(self, count: int) -> Iterator[CaseHistory]:
        """`count` cases in order of receipt: those that took their course, then the running ones set up on purpose."""
        opened = round(count * measures.OPEN_SHARE)
        for day in self._days(count - opened):
            yield self._course(day)
        for target, share in measures.OPEN_TARGETS:
            for _ in range(round(opened * share / 100)):
                yield self._running(target)

    def _days(self, count: int) -> Iterator[int]:
        """The numbers of the working days of receipt, rising, weighted by month and weekday."""
        start = self.axis.number_on(self.axis.days[0])
        days = range(start, len(self.axis.days))
        weights = [
            measures.MONTH_WEIGHTS[self.axis.days[n].month - 1]
            * measures.WEEKDAY_WEIGHTS[self.axis.days[n].weekday()]
            for n in days
        ]
        # Of the day that is under way only the part that has passed.
        weights[-1] *= self.axis.now - self.axis.today
        return iter(sorted(self.rng.choices(days, weights, k=count)))

    def _line(self) -> Line:
        return self.rng.choices(self.lines, cum_weights=self.cumulative)[0]

    def _course(self, day: int) -> CaseHistory:
        line, rng = self._line(), self.rng
        version = line.on(self.axis.days[day])
        channel = rng.choices([c for c, _ in measures.CHANNELS], [w for _, w in measures.CHANNELS])[0]
        promised, statutory = _in_workdays(version)
        life = whole_life(
            rng, day, promised=promised, statutory=statutory,
            lengthens=line.task_type == words.LICENCE and version.unit == "wd", walked_in=channel == "window",
        )  # fmt: skip
        if life.received >= self.axis.now:
            life.received = day + (self.axis.now - day) * rng.random() * 0.9
            life = Life(life.received)
        return self.told(line, life, channel)

    def _running(self, target: str) -> CaseHistory:
        while True:
            line = self._line()
            version = line.versions[-1]
            promised, statutory = _in_workdays(version)
            if _suits(target, promised, statutory, line):
                break
        life = open_life(
            self.rng,
            target,
            min(self.axis.now, self.axis.today + 0.999),
            promised=promised,
            statutory=statutory,
        )
        return self.told(line, life, self.rng.choice(("window", "online")))

    def told(self, line: Line, life: Life, channel: str) -> CaseHistory:
        """The history of a life at an item, with people and papers drawn."""
        history = _History(self, line, life, channel).build()
        check(history)
        return history

    def number(self, seat: Seat, moment: datetime, sort: str) -> int:
        key = (seat.department_id, moment.year, sort)
        self.serials[key] += 1
        return self.serials[key]


def _in_workdays(version: Version) -> tuple[int, int | None]:
    statutory = None if version.statutory is None else workdays_of(version.statutory, version.unit)
    return workdays_of(version.promised, version.unit) if version.promised else 0, statutory


def _suits(target: str, promised: int, statutory: int | None, line: Line) -> bool:
    """Whether an item can show the target: a yellow light needs room between promise and law."""
    if target == "red":
        return statutory is not None and promised >= 1 and statutory <= 60
    if target == "yellow":
        return promised >= 1 and statutory is not None and statutory >= promised + 2
    if target == "suspended":
        return promised >= 3 and line.task_type == words.LICENCE
    if target in ("green", "extended"):
        return promised >= 5 and line.versions[-1].unit == "wd"
    return promised >= (8 if target == "overlooked" else 1)


@dataclass(slots=True)
class _History:
    """One history in the making."""

    teller: Teller
    line: Line
    life: Life
    channel: str

    def build(self) -> CaseHistory:
        axis, life, rng, seat = self.teller.axis, self.life, self.teller.rng, self.line.seat
        received = self._received()
        version = self.line.on(received.date())
        handler = rng.choice(seat.handlers)
        window_id, clerks = rng.choice(seat.windows)
        clerk = rng.choice(clerks)
        accepted = axis.known(life.accepted)
        if life.deemed:
            # The law speaks on the morning after the fifth working day.
            accepted = received if int(life.received) + 6 <= axis.today else None
        ended = axis.known(life.ended)
        applicant = rng.choice(self.teller.applicants)
        delivered = axis.known(life.delivered) if ended else None
        return CaseHistory(
            source_system="",
            source_id="",
            item_id=self.line.item_id,
            item_version_id=version.id,
            item_name=version.name,
            kind=version.kind,
            limits=_limits(version),
            applicant_name=applicant.name,
            party_id=applicant.id,
            region_id=seat.region_id,
            department_id=seat.department_id,
            unit_id=seat.section_id,
            calendar_key=seat.region_code,
            received_at=received,
            summary=rng.choice(words.SUMMARIES),
            channel=self.channel,
            window_id=window_id,
            handler_id=handler.id,
            handler_name=handler.name,
            clerk_id=clerk.id,
            clerk_name=clerk.name,
            accepted_at=accepted,
            deemed_accepted=life.deemed and accepted is not None,
            result=Result(life.result) if ended else None,
            ended_at=ended,
            **(self._papers(ended) if ended else {}),
            delivered_at=delivered,
            archived_at=axis.known(life.archived)
            if ended and (delivered or life.delivered is None)
            else None,
            steps=self._steps(handler),
            procedures=self._procedures(),
            supplement=self._supplement(),
            extension=self._extension(handler),
            materials=self.line.materials,
        )

    def _received(self) -> datetime:
        rng, axis, life = self.teller.rng, self.teller.axis, self.life
        day = int(life.received)
        online = self.channel in ("online", "mobile")
        if online and not life.deemed and life.ended is not None and rng.random() < measures.NIGHT_SHARE * 3:
            return axis.evening_before(day, rng.random())
        return axis.moment(life.received)

    def _papers(self, ended: datetime) -> dict[str, Any]:
        """Numbers and words that go with the result."""
        rng, seat, result = self.teller.rng, self.line.seat, self.life.result
        if result in ("granted", "denied"):
            mark = "准" if result == "granted" else "不"
            serial = self.teller.number(seat, ended, mark)
            papers = {"result_no": f"示{seat.office.sign}许{mark}〔{ended.year}〕{serial}号"}
            if result == "denied":
                return papers | {"reason": rng.choice(words.DENIALS), "remedies": words.REMEDIES}
            if self.line.task_type == words.LICENCE:
                number = self.teller.number(seat, ended, "证")
                papers["certificate_no"] = (
                    f"示{seat.office.sign}证{seat.region_code[:6]}{ended.year}{number:06d}"
                )
            return papers
        if result == "refused":
            agency = f"{'示例乙区' if seat.letter == 'A' else '示例甲区'}{seat.office.name}"
            return {"reason": rng.choice(words.REFUSALS), "competent_agency": agency}
        reasons = {
            "not_required": (words.NOT_REQUIRED,),
            "lapsed": (words.LAPSE,),
            "withdrawn": words.WITHDRAWALS,
            "terminated": words.TERMINATIONS,
        }
        return {"reason": rng.choice(reasons[result])}

    def _steps(self, handler: Person) -> tuple[StepTold, ...]:
        seat, names = self.line.seat, self.line.steps
        told = []
        for number, place in enumerate(self.life.steps):
            moment = self.teller.axis.known(place)
            if moment is None:
                break
            last = self.life.ended is not None and place == self.life.ended
            name = words.STEPS[-1] if last else names[min(number, len(names) - 2)]
            person = seat.head if name == "审核" else handler
            passed = "passed" if self.life.result != "denied" else "other"
            told.append(StepTold(name, moment, person.name, seat.section_name, outcome=passed))
        return tuple(told)

    def _procedures(self) -> tuple[ProcedureTold, ...]:
        pause = self.life.pause
        start = self.teller.axis.known(pause.start) if pause else None
        if pause is None or start is None:
            return ()
        number = self.teller.number(self.line.seat, start, "特")
        end = self.teller.axis.known(pause.end)
        return (
            ProcedureTold(
                kind=pause.kind,
                started_at=start,
                ended_at=end,
                expected_days=pause.expected,
                notice_no=f"示{self.line.seat.office.sign}特〔{start.year}〕{number}号",
                reason=words.PROCEDURE_REASON.format(kind=PROCEDURE_KINDS[pause.kind]),
                outcome="已完成" if end else "",
            ),
        )

    def _supplement(self) -> SupplementTold | None:
        told = self.teller.axis.known(self.life.told)
        if told is None:
            return None
        number = self.teller.number(self.line.seat, told, "补")
        return SupplementTold(
            items=self.teller.rng.choice(words.MISSING),
            document_no=f"示{self.line.seat.office.sign}补〔{told.year}〕{number}号",
            told_at=told,
            filed_at=self.teller.axis.known(self.life.filed),
        )

    def _extension(self, handler: Person) -> ExtensionTold | None:
        if self.life.extension is None:
            return None
        place, amount = self.life.extension
        moment = self.teller.axis.known(place)
        if moment is None:
            return None
        number = self.teller.number(self.line.seat, moment, "延")
        return ExtensionTold(
            amount=amount,
            reason=words.EXTENSION_REASON,
            approved_at=moment,
            document_no=f"示{self.line.seat.office.sign}延〔{moment.year}〕{number}号",
            requested_by=handler.id,
            approved_by=self.line.seat.head.id,
        )


def _limits(version: Version) -> Limits:
    unit = Unit(version.unit)
    return Limits(
        statutory=None if version.statutory is None else Term(version.statutory, unit),
        promised=Term(version.promised, unit),
    )
