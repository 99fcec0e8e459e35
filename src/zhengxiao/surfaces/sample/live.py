"""What the sample people did on the last working day, through the same verbs as the pages: open requests, a re-filing,
steps with limits of their own. And a calendar version that waits for a second person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from zhengxiao.backbone.cases.api import Case, Intake, MaterialIn, case_move, case_receive
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.calendar.api import DayMark
from zhengxiao.kernel.clock.api import calendar_propose_recorded
from zhengxiao.kernel.identity.api import user_by_username
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.surfaces.sample import words
from zhengxiao.surfaces.sample.axis import Axis
from zhengxiao.surfaces.sample.directory import Line
from zhengxiao.surfaces.sample.place import Place
from zhengxiao.surfaces.sample.telling import Applicant

OWN = "A-APPROVAL"
REFILED, STAGED, ASKED = 4, 4, 3


def work_today(place: Place, lines: Sequence[Line], applicants: Sequence[Applicant], axis: Axis) -> None:
    """Re-filings, cases with stage limits, and requests for extension that wait for the head of the department."""
    moments = _moments(axis)
    approver = actor_for(user_by_username("approver"), at=next(moments))
    _refile(place, approver, moments)
    staged = [line for line in lines if line.seat.code == OWN and line.staged]
    for line, applicant in zip(staged[:STAGED], applicants, strict=False):
        at = next(moments)
        case = _received(place, line, applicant, approver, at)
        for transition in ("accept", "start_review"):
            case_move(case_id=case.pk, transition=transition, actor=approver, at=at)
    _ask(place, approver, moments)


def _moments(axis: Axis) -> Iterator[datetime]:
    """Moments of the last working day, one after another, all of them past."""
    span = axis.now - axis.today
    return (axis.moment(axis.today + span * (0.3 + 0.04 * number)) for number in range(16))


def _received(place: Place, line: Line, applicant: Applicant, actor: Actor, at: datetime) -> Case:
    """Received at the office itself: who reviews there stands at no window."""
    intake = Intake(
        item_id=line.item_id,
        applicant_name=applicant.name,
        party_id=applicant.id,
        summary=words.SUMMARIES[0],
        unit_id=line.seat.section_id,
        handler_id=place.accounts["approver"].id,
        materials=tuple(MaterialIn(name) for name in line.materials),
    )
    return case_receive(intake=intake, actor=actor, at=at)


def _refile(place: Place, actor: Actor, moments: Iterator[datetime]) -> None:
    """The same applicant comes again soon after a withdrawal: received, and noticed."""
    department = place.units[OWN].pk
    at = next(moments)
    withdrawn = Case.objects.filter(
        department_id=department,
        result="withdrawn",
        finished_at__gte=at - timedelta(days=50),
        party__isnull=False,
    )
    for case in withdrawn.order_by("-finished_at", "pk")[:REFILED]:
        intake = Intake(
            item_id=case.item_id,
            applicant_name=case.applicant_name,
            party_id=case.party_id,
            summary=case.summary,
            unit_id=case.unit_id,
            handler_id=place.accounts["approver"].id,
            materials=(MaterialIn(words.MATERIALS[0]),),
        )
        case_receive(intake=intake, actor=actor, at=next(moments))


def _ask(place: Place, actor: Actor, moments: Iterator[datetime]) -> None:
    """Running cases of the approver's department, not yet late and never lengthened, for which time is asked."""
    at = next(moments)
    fitting = Case.objects.filter(
        department_id=place.units[OWN].pk,
        state__in=("accepted", "reviewing"),
        accepted_at__lt=at,
        promised_clock__due_at__gt=at + timedelta(days=1),
        promised_clock__term_unit="wd",
        promised_clock__term_amount__gte=5,
        extensions__isnull=True,
    )
    data = {"amount": "5", "reason": words.EXTENSION_REASON}
    for case in fitting.order_by("promised_clock__due_at", "pk")[:ASKED]:
        case_move(case_id=case.pk, transition="request_extension", actor=actor, at=at, data=data)


def propose_closure(place: Place, at: datetime) -> None:
    """The system administrator proposes a closure of district A in the coming week; the security administrator decides."""
    user = user_by_username("sysadmin")
    proposer = actor_for(user, at=at) if user is not None else SYSTEM
    day = at.date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    title = "关于台风期间暂停对外办公的通知（示例）"
    calendar_propose_recorded(
        actor=proposer,
        at=at,
        key=words.DISTRICTS[0][1],
        days=[DayMark(day, False, name="台风停办公")],
        source_title=title,
        note="示例：确认前请先看哪些期限会顺延。",
    )
