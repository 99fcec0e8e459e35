"""The years that come with the product, put in force at once: the same rows and facts as one verb per year, in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import translation

from zhengxiao.kernel.calendar.facts import VERSION
from zhengxiao.kernel.calendar.gazette import NATION, Arrangement, shipped_years
from zhengxiao.kernel.calendar.models import Calendar, CalendarDay, CalendarVersion, VersionState
from zhengxiao.kernel.calendar.services import calendar_define, digest_of
from zhengxiao.kernel.timeline.api import FactRow, RowWrite, Subject, changed, record_many
from zhengxiao.lib.actors import SYSTEM, Actor

DECIDED = ("state", "sequence", "decided_by_id", "decided_at")


@transaction.atomic
def install_shipped(*, at: datetime, actor: Actor = SYSTEM) -> int:
    """Load the shipped years of the nation as confirmed versions; years that are there already stay.
    Returns how many were added.
    """
    confirmed = CalendarVersion.objects.filter(calendar__key=NATION, state=VersionState.CONFIRMED)
    settled = set(confirmed.values_list("confirmed_through", flat=True))
    years = [year for year in shipped_years() if year.confirmed and year.confirmed[1] not in settled]
    if not years:
        return 0
    calendar = Calendar.objects.filter(key=NATION).first() or calendar_define(
        key=NATION, name="全国", actor=actor, at=at
    )
    versions = _proposed(calendar, years, actor, at)
    _confirmed(versions, actor, at)
    return len(versions)


def _proposed(
    calendar: Calendar, years: Sequence[Arrangement], actor: Actor, at: datetime
) -> list[CalendarVersion]:
    newest = calendar.versions.aggregate(newest=Max("number"))["newest"] or 0
    versions = CalendarVersion.objects.bulk_create(
        CalendarVersion(
            calendar=calendar,
            number=number,
            proposed_by_id=actor.user_id,
            proposed_at=at,
            source_title=year.title,
            source_url=year.url,
            confirmed_from=year.confirmed[0] if year.confirmed else None,
            confirmed_through=year.confirmed[1] if year.confirmed else None,
            digest=digest_of(year.marks, None, *(year.confirmed or (None, None))),
        )
        for number, year in enumerate(years, newest + 1)
    )
    marks = CalendarDay.objects.bulk_create(
        CalendarDay(
            version=version,
            date=mark.date,
            is_workday=mark.is_workday,
            name=mark.name,
            source_url=mark.source_url,
            source_title="" if mark.source_title == year.title else mark.source_title,
        )
        for version, year in zip(versions, years, strict=True)
        for mark in year.marks
    )
    rows: dict[int, list[RowWrite]] = {version.pk: [version] for version in versions}
    for mark in marks:
        rows[mark.version_id].append(mark)
    facts = [
        _fact("calendar.proposed", version, actor, at, rows[version.pk], source=version.source_title)
        for version in versions
    ]
    record_many(facts, recorded_at=at)
    return versions


def _confirmed(versions: Sequence[CalendarVersion], actor: Actor, at: datetime) -> None:
    newest = CalendarVersion.objects.aggregate(newest=Max("sequence"))["newest"] or 0
    for sequence, version in enumerate(versions, newest + 1):
        version.state, version.sequence = VersionState.CONFIRMED, sequence
        version.decided_by_id, version.decided_at = actor.user_id, at
    CalendarVersion.objects.bulk_update(versions, DECIDED)
    with translation.override("zh-hans"):  # facts keep the Chinese word
        word = str(VersionState.CONFIRMED.label)
    facts = [
        _fact("calendar.decided", version, actor, at, [changed(version, *DECIDED)], state=word)
        for version in versions
    ]
    record_many(facts, recorded_at=at)


def _fact(
    name: str, version: CalendarVersion, actor: Actor, at: datetime, rows: Sequence[RowWrite], **more: str
) -> FactRow:
    data = {"key": version.calendar.key, "number": version.number, **more}
    return FactRow(name, Subject(VERSION, version.pk), actor, at, data, rows=rows)
