"""Verbs of the calendar. A change takes two people: one proposes, another confirms; neither is the wall
clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import translation

from zhengxiao.kernel.calendar.days import DayMark, Session
from zhengxiao.kernel.calendar.facts import CALENDAR, VERSION
from zhengxiao.kernel.calendar.gazette import NATION
from zhengxiao.kernel.calendar.models import (
    Calendar,
    CalendarDay,
    CalendarSession,
    CalendarVersion,
    VersionState,
)
from zhengxiao.kernel.calendar.queries import UnknownCalendar, is_region_code
from zhengxiao.kernel.timeline.api import RowWrite, Subject, changed, record
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, StaleState, gettext_noop


class NothingProposed(Refusal):
    template = gettext_noop("这一版本没有任何日期或办公时间，不能提出。")


class DayTwice(Refusal):
    template = gettext_noop("同一日期 {day} 在这一版本里出现了两次。")


class SourceMissing(Refusal):
    template = gettext_noop("请写明依据文件的名称：每一天都要有出处。")


class SpanBackwards(Refusal):
    template = gettext_noop("确认截止日 {through} 早于起始日 {begins}。")


class SamePerson(Refusal):
    template = gettext_noop("日历版本须由另一人确认：{name} 不能确认自己提出的版本。")


class PersonNeeded(Refusal):
    template = gettext_noop("由人员提出的日历版本必须由另一名人员确认，系统不能代为确认。")


class VersionUnknown(Refusal):
    template = gettext_noop("没有编号为 {version_id} 的日历版本。")


class AlreadyDecided(Refusal):
    template = gettext_noop("这一日历版本已经是“{state}”，不能再次处理。")


def calendar_define(
    *,
    key: str,
    name: str,
    zone: str = "Asia/Shanghai",
    parent: str | None = None,
    rest_weekdays: str = "67",
    actor: Actor,
    at: datetime,
) -> Calendar:
    """Make a calendar, or return the one that has this key. A region code needs no parent: it follows its
    code.

    Refuses UnknownCalendar when `parent` names none. A calendar without a confirmed version has no effect.
    """
    above = None
    if parent is not None:
        above = Calendar.objects.filter(key=parent).first()
        if above is None:
            raise UnknownCalendar(field="parent", key=parent)
    defaults = {"name": name, "zone": zone, "parent": above, "rest_weekdays": rest_weekdays}
    with transaction.atomic():
        calendar, made = Calendar.objects.get_or_create(key=key, defaults=defaults)
        if made:
            about, data = Subject(CALENDAR, calendar.pk), {"key": key, "name": name}
            record(fact="calendar.defined", subject=about, actor=actor, at=at, data=data, rows=[calendar])
    return calendar


@transaction.atomic
def calendar_propose(
    *,
    key: str,
    days: Sequence[DayMark],
    sessions: Sequence[Session] | None = None,
    source_title: str,
    source_url: str = "",
    confirmed_from: date | None = None,
    confirmed_through: date | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> CalendarVersion:
    """Put a version forward; it has no effect until another person confirms it.

    `sessions` given (even empty) replaces the calendar's opening hours. `confirmed_from` …
    `confirmed_through` is the span the document settles; without a beginning, the year of its end. Refuses
    NothingProposed, DayTwice, SourceMissing, SpanBackwards, UnknownCalendar.
    """
    if confirmed_through and not confirmed_from:
        confirmed_from = date(confirmed_through.year, 1, 1)
    _check_proposal(days, sessions, source_title, confirmed_from, confirmed_through)
    calendar = _calendar(key, actor=actor, at=at)
    newest = calendar.versions.aggregate(newest=Max("number"))["newest"] or 0
    try:
        with transaction.atomic():
            version = CalendarVersion.objects.create(
                calendar=calendar,
                number=newest + 1,
                proposed_by_id=actor.user_id,
                proposed_at=at,
                source_title=source_title,
                source_url=source_url,
                confirmed_from=confirmed_from,
                confirmed_through=confirmed_through,
                replaces_sessions=sessions is not None,
                note=note,
                digest=digest_of(days, sessions, confirmed_from, confirmed_through),
            )
    except IntegrityError as error:
        raise StaleState from error
    marks = CalendarDay.objects.bulk_create(
        CalendarDay(
            version=version,
            date=mark.date,
            is_workday=mark.is_workday,
            name=mark.name,
            source_url=mark.source_url,
            source_title="" if mark.source_title == source_title else mark.source_title,
        )
        for mark in days
    )
    hours = CalendarSession.objects.bulk_create(_session_row(version, session) for session in sessions or ())
    _tell("calendar.proposed", version, actor, at, [version, *marks, *hours], source=source_title)
    return version


def _tell(
    fact: str, version: CalendarVersion, actor: Actor, at: datetime, rows: Sequence[RowWrite], **more: Any
) -> None:
    data = {"key": version.calendar.key, "number": version.number, **more}
    record(fact=fact, subject=Subject(VERSION, version.pk), actor=actor, at=at, data=data, rows=rows)


def _check_proposal(
    days: Sequence[DayMark],
    sessions: Sequence[Session] | None,
    source_title: str,
    begins: date | None,
    through: date | None,
) -> None:
    if not days and sessions is None and through is None:
        raise NothingProposed
    if not source_title.strip():
        raise SourceMissing(field="source_title")
    if begins and through and through < begins:
        raise SpanBackwards(field="confirmed_through", through=through, begins=begins)
    seen: set[date] = set()
    for mark in days:
        if mark.date in seen:
            raise DayTwice(field="days", day=mark.date.isoformat())
        seen.add(mark.date)


def digest_of(
    days: Sequence[DayMark], sessions: Sequence[Session] | None, begins: date | None, through: date | None
) -> str:
    """What a version says, as one SHA-256: two persons can compare what they saw, and a cached table names
    it.
    """
    lines = [f"{begins} {through} {'' if sessions is None else 'sessions'}"]
    lines += sorted(f"{m.date} {m.is_workday} {m.name} {m.source_title} {m.source_url}" for m in days)
    lines += [str(session) for session in sessions or ()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _calendar(key: str, *, actor: Actor, at: datetime) -> Calendar:
    found = Calendar.objects.filter(key=key).first()
    if found is not None:
        return found
    if key == NATION:
        return calendar_define(key=key, name="全国", actor=actor, at=at)
    if is_region_code(key):
        return calendar_define(key=key, name=key, actor=actor, at=at)
    raise UnknownCalendar(field="region", key=key)


def _session_row(version: CalendarVersion, session: Session) -> CalendarSession:
    return CalendarSession(
        version=version,
        month_from=session.month_from,
        day_from=session.day_from,
        month_to=session.month_to,
        day_to=session.day_to,
        weekdays="".join(str(day + 1) for day in session.weekdays),
        opens=session.opens,
        closes=session.closes,
    )


@transaction.atomic
def calendar_confirm_version(*, version_id: int, actor: Actor, at: datetime) -> CalendarVersion:
    """Put a proposed version into force. Refuses VersionUnknown, AlreadyDecided, SamePerson, PersonNeeded,
    StaleState.

    Running deadlines are moved by `clock.calendar_confirm`, which wraps this; call that one where clocks
    may run.
    """
    version = _open_version(version_id)
    if version.proposed_by_id is not None:
        if actor.is_system or actor.user_id is None:
            raise PersonNeeded
        if version.proposed_by_id == actor.user_id:
            raise SamePerson(name=actor.name)
    newest = CalendarVersion.objects.aggregate(newest=Max("sequence"))["newest"] or 0
    return _decide(version_id, VersionState.CONFIRMED, sequence=newest + 1, actor=actor, at=at)


@transaction.atomic
def calendar_reject_version(
    *, version_id: int, actor: Actor, at: datetime, note: str = ""
) -> CalendarVersion:
    """Send a proposed version back. Refuses VersionUnknown, AlreadyDecided, SamePerson, StaleState."""
    version = _open_version(version_id)
    if version.proposed_by_id is not None and version.proposed_by_id == actor.user_id:
        raise SamePerson(name=actor.name)
    return _decide(version_id, VersionState.REJECTED, sequence=None, actor=actor, at=at, note=note)


def _open_version(version_id: int) -> CalendarVersion:
    version = CalendarVersion.objects.select_related("calendar").filter(pk=version_id).first()
    if version is None:
        raise VersionUnknown(version_id=version_id)
    if version.state != VersionState.PROPOSED:
        raise AlreadyDecided(state=VersionState(version.state).label)
    return version


def _decide(
    version_id: int, state: VersionState, *, sequence: int | None, actor: Actor, at: datetime, note: str = ""
) -> CalendarVersion:
    """The claim: only a version that is still proposed changes, and a sequence is given once."""
    changes: dict[str, Any] = {
        "state": state,
        "sequence": sequence,
        "decided_by_id": actor.user_id,
        "decided_at": at,
    }
    if note:
        changes["note"] = note
    waiting = CalendarVersion.objects.filter(pk=version_id, state=VersionState.PROPOSED)
    try:
        with transaction.atomic():
            claimed = waiting.update(**changes)
    except IntegrityError as error:
        raise StaleState from error
    if claimed != 1:
        raise StaleState
    version = CalendarVersion.objects.select_related("calendar").get(pk=version_id)
    with translation.override("zh-hans"):  # facts keep the Chinese word
        word = str(state.label)
    _tell("calendar.decided", version, actor, at, [changed(version, *changes)], state=word)
    return version
