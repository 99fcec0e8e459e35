"""The sample city before it is written: shares, order in time, determinism. No database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from zhengxiao.backbone.cases.histories import CaseHistory, check
from zhengxiao.kernel.calendar.api import Term, Unit, shipped_table
from zhengxiao.lib.identifiers import basic_code_fault, credit_code_fault, implementation_code_fault
from zhengxiao.surfaces.sample import measures, words
from zhengxiao.surfaces.sample.axis import Axis
from zhengxiao.surfaces.sample.codes import basic_code, credit_code, implementation_code
from zhengxiao.surfaces.sample.directory import Line, Version
from zhengxiao.surfaces.sample.items import directory, offers_of, shortened
from zhengxiao.surfaces.sample.place import LETTERS, Person, Seat, offices_at
from zhengxiao.surfaces.sample.telling import Applicant, Teller

MONDAY_MORNING = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
SUNDAY_NIGHT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
BEFORE_OFFICE_HOURS = datetime(2026, 11, 23, 0, 10, tzinfo=UTC)
TABLE = shipped_table()


def numbers(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - repeatable on purpose


def seats() -> list[Seat]:
    made = []
    for letter, region, name, _short in LETTERS:
        for office in offices_at(letter):
            number = len(made) + 1
            made.append(
                Seat(
                    code=f"{letter}-{office.stem}",
                    office=office,
                    letter=letter,
                    region_id=1,
                    region_code=region,
                    department_id=number,
                    name=f"{name}{office.name}",
                    credit=credit_code("11", region, 10_000_000 + number),
                    section_id=100 + number,
                    section_name="审批科",
                    windows=((500, (Person(1, "窗口示例"),)), (501, (Person(2, "窗口二示例"),))),
                    handlers=(Person(3, "承办示例"), Person(4, "承办二示例")),
                    head=Person(5, "负责示例"),
                )
            )
    return made


def lines(rng: Random) -> list[Line]:
    made = []
    for number, offer in enumerate(offers_of(rng, directory(rng), seats()), start=1):
        content = offer.draft.content
        version = Version(
            number, content.name, content.kind, date(2024, 1, 2), None,
            content.statutory_amount, content.promised_amount or 0, content.promised_unit,
        )  # fmt: skip
        made.append(
            Line(
                number,
                offer.seat,
                offer.entry.task_type,
                (version,),
                offer.entry.materials,
                offer.entry.steps,
            )
        )
    return made


def told(count: int, at: datetime = MONDAY_MORNING, seed: int = 7) -> list[CaseHistory]:
    rng = numbers(seed)
    axis = Axis(TABLE, date(2025, 9, 23), at)
    people = [Applicant(number, f"示例{number}") for number in range(50)]
    return list(Teller(rng, axis, lines(rng), people).histories(count))


@pytest.fixture(scope="module")
def histories() -> list[CaseHistory]:
    return told(6000)


def test_the_same_seed_tells_the_same_cases_and_another_seed_others():
    assert told(300) == told(300)
    assert told(300) != told(300, seed=8)


@pytest.mark.parametrize("at", [MONDAY_MORNING, SUNDAY_NIGHT, BEFORE_OFFICE_HOURS])
def test_every_history_is_in_order_and_nothing_lies_ahead_of_the_moment(at):
    for history in told(1200, at=at):
        check(history)
        moments = [
            history.received_at, history.accepted_at, history.ended_at, history.delivered_at, history.archived_at,
            *(step.ended_at for step in history.steps), *(p.started_at for p in history.procedures),
        ]  # fmt: skip
        assert all(moment is None or moment <= at for moment in moments)
        steps = [step.ended_at for step in history.steps]
        assert all(one <= two for one, two in pairwise(steps))
        assert history.ended_at is None or all(step <= history.ended_at for step in steps)


def test_cases_arrive_on_working_days_in_office_hours_but_for_a_few_filed_online_at_night(histories):
    night = 0
    for history in histories:
        local = history.received_at.astimezone(TABLE.zone)
        if local.hour >= 18:
            night += 1
            assert history.channel in ("online", "mobile")
        else:
            assert TABLE.is_workday(local.date())
            assert 9 <= local.hour < 18
    assert 0 < night < 0.04 * len(histories)


def test_decisions_are_nearly_all_within_the_promise(histories):
    late = past = decided = 0
    for history in histories:
        if (
            not history.decided
            or history.limits.promised is None
            or history.limits.promised.unit != Unit.WORKDAY
        ):
            continue
        decided += 1
        pauses = sum(
            TABLE.workdays_between(p.started_at.date(), p.ended_at.date())
            for p in history.procedures
            if p.ended_at
        )
        extra = pauses + (history.extension.amount if history.extension else 0)
        for limit, name in ((history.limits.promised, "late"), (history.limits.statutory, "past")):
            if limit is None:
                continue
            due = TABLE.due(history.accepted_at, Term(limit.amount + extra, limit.unit)).at
            if history.ended_at > due:
                late, past = late + (name == "late"), past + (name == "past")
    assert 0.975 <= 1 - late / decided <= 0.995
    assert past < late / 5


def test_every_kind_of_life_occurs(histories):
    states = Counter(history.state for history in histories)
    assert set(states) >= {
        "received", "supplementing", "accepted", "reviewing", "suspended", "archived", "delivered", "granted",
    }  # fmt: skip
    results = Counter(history.result for history in histories if history.result)
    assert set(results) == {
        "granted", "denied", "withdrawn", "refused", "not_required", "terminated", "lapsed",
    }  # fmt: skip
    assert all(h.competent_agency for h in histories if h.result == "refused")
    assert all(h.remedies for h in histories if h.result == "denied")
    assert any(h.deemed_accepted for h in histories)
    assert any(h.extension for h in histories)
    open_cases = sum(h.result is None for h in histories)
    assert 0.04 <= open_cases / len(histories) <= 0.08


def test_extensions_are_asked_for_and_approved_by_two_people(histories):
    extended = [h.extension for h in histories if h.extension]
    assert extended
    assert all(e.requested_by != e.approved_by and 1 <= e.amount <= 10 for e in extended)


def test_limits_follow_the_measured_shares():
    entries = directory(numbers(3))
    stated = [e.limit for e in entries if e.limit.unit == "wd" and e.limit.statutory is not None]
    shares = Counter(limit.statutory for limit in stated)
    measured = Counter()
    for statutory, _promised, count in measures.LIMITS:
        measured[statutory] += count
    for statutory in (20, 30, 60):
        assert shares[statutory] / len(stated) == pytest.approx(measured[statutory] / 238, abs=0.06)
    assert all(e.limit.statutory is None or e.limit.statutory >= e.limit.promised for e in entries)
    assert {e.limit.instant for e in entries} == {True, False}
    assert any(e.limit.unit == "d" for e in entries)
    assert any(e.limit.statutory is None for e in entries)


def test_names_of_items_are_not_doubled_within_a_department():
    entries = directory(numbers(3))
    assert not [key for key, n in Counter((e.office, e.name) for e in entries).items() if n > 1]
    assert not [code for code, n in Counter(e.code for e in entries).items() if n > 1]


def test_there_are_three_hundred_items_and_two_of_them_change_their_promise():
    offers = offers_of(numbers(3), directory(numbers(3)), seats())
    assert len(offers) >= 300
    fresh = shortened(offers)
    assert len(fresh) == 2
    for offer in fresh:
        before = next(o for o in offers if o.draft.code == offer.draft.code)
        assert offer.draft.content.promised_amount < before.draft.content.promised_amount


def test_every_code_passes_the_checks_of_entry():
    for number in range(50):
        for kind, region in (("11", "990102000000"), ("91", "990103000000")):
            credit = credit_code(kind, region, 10_000_000 + number)
            assert credit_code_fault(credit) is None
            basic = basic_code("01", 1 + number % 19, 1 + number)
            assert basic_code_fault(basic) is None
            assert implementation_code_fault(implementation_code(credit, 4, basic)) is None


def test_every_sample_firm_and_department_says_that_it_is_a_sample():
    assert all(name.startswith("示例") for _letter, _code, name in words.TOWNS)
    assert all(seat.name.startswith("示例") for seat in seats())


@pytest.mark.parametrize("hours", range(0, 24 * 8, 5))
def test_the_axis_stands_at_every_hour_of_the_week(hours):
    at = MONDAY_MORNING + timedelta(hours=hours)
    axis = Axis(TABLE, date(2026, 9, 1), at)
    assert axis.today <= axis.now <= axis.today + 1
    assert axis.moment(axis.now - 0.0001) <= at
    assert axis.known(axis.now) is None
