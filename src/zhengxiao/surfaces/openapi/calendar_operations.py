"""Working calendars: due dates, versions, and the two people a change takes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Status

from zhengxiao.kernel.calendar.api import (
    CalendarVersion,
    DayMark,
    Pause,
    Term,
    day_table,
    versions_of,
)
from zhengxiao.kernel.clock.api import calendar_confirm, calendar_propose_recorded, calendar_reject_recorded
from zhengxiao.surfaces.openapi import calendar_schemas as shapes
from zhengxiao.surfaces.openapi import schemas
from zhengxiao.surfaces.openapi.case_operations import call_of
from zhengxiao.surfaces.openapi.problems import NotFound
from zhengxiao.surfaces.openapi.service import ask, read, write

Number = Path[schemas.Id]


@ask("/due", "due", "openapi.due", response=shapes.DueOut, tag="calendar")
def compute_due(request: HttpRequest, body: shapes.DueIn) -> Any:
    """When a term that begins at `start` ends. Writes nothing, so it needs no idempotency key."""
    table = day_table(body.calendar, body.version)
    start, term = body.start.astimezone(table.zone), Term.parse(body.term)
    pauses = tuple(Pause(row.start, row.end) for row in body.pauses)
    due = table.due(start, term, pauses)
    days = None
    if body.days:
        names = ("date", "counted", "index", "name")
        days = [
            {name: getattr(line, name) for name in names} | {"reason": line.reason.value}
            for line in table.explain(start, term, pauses, None)
        ]
    return {
        "at": due.at,
        "on": due.on,
        "provisional": due.provisional,
        "calendar": body.calendar,
        "calendar_version": table.version,
        "confirmed_through": table.confirmed_through,
        "days": days,
    }


@read(
    "/calendars/{key}/versions",
    "calendar-versions",
    "calendar.view",
    response=list[shapes.CalendarVersionOut],
    tag="calendar",
)
def list_calendar_versions(request: HttpRequest, key: schemas.Code) -> Any:
    """The versions of a calendar, the newest first; each names the document it follows."""
    return [_told(row, key) for row in versions_of(key)]


@read(
    "/calendars/{key}/versions/{number}",
    "calendar-version",
    "calendar.view",
    response=shapes.CalendarVersionDaysOut,
    tag="calendar",
)
def get_calendar_version(request: HttpRequest, key: schemas.Code, number: Number) -> Any:
    """One version with its days: what a second person reads before confirming."""
    row = _version(key, number)
    names = ("date", "is_workday", "name")
    days = [{name: getattr(day, name) for name in names} for day in row.days.order_by("date")]
    return _told(row, key) | {"note": row.note, "digest": row.digest, "days": days}


@write(
    "/calendars/{key}/versions",
    "calendar-versions",
    "calendar.propose",
    "calendar.view",
    response={201: shapes.CalendarVersionOut},
    tag="calendar",
)
def propose_calendar(request: HttpRequest, key: schemas.Code, body: shapes.ProposalIn) -> Any:
    """Put a version forward; it has no effect until another person confirms it."""
    call = call_of(request)
    version = calendar_propose_recorded(
        key=key,
        days=[
            DayMark(day.date, day.is_workday, day.name, body.source_title, body.source_url)
            for day in body.days
        ],
        source_title=body.source_title,
        source_url=body.source_url,
        confirmed_from=body.confirmed_from,
        confirmed_through=body.confirmed_through,
        note=body.note,
        actor=call.actor,
        at=call.at,
    )
    return Status(201, _told(version, key))


@write(
    "/calendars/{key}/versions/{number}/confirm",
    "calendar-confirm",
    "calendar.confirm",
    "calendar.view",
    response=shapes.CalendarConfirmedOut,
    tag="calendar",
    body=None,
)
def confirm_calendar(request: HttpRequest, key: schemas.Code, number: Number) -> Any:
    """Confirm by another person than proposed it; the running deadlines move at once."""
    call = call_of(request)
    return {"moved": calendar_confirm(version_id=_version(key, number).pk, actor=call.actor, at=call.at)}


@write(
    "/calendars/{key}/versions/{number}/reject",
    "calendar-reject",
    "calendar.confirm",
    "calendar.view",
    response=shapes.CalendarVersionOut,
    tag="calendar",
)
def reject_calendar(request: HttpRequest, key: schemas.Code, number: Number, body: shapes.ReasonIn) -> Any:
    """Send a version back, with the reason."""
    call = call_of(request)
    version = _version(key, number)
    rejected = calendar_reject_recorded(
        version_id=version.pk, reason=body.reason, actor=call.actor, at=call.at
    )
    return _told(rejected, key)


def _version(key: str, number: int) -> CalendarVersion:
    found = CalendarVersion.objects.filter(calendar__key=key, number=number).first()
    if found is None:
        raise NotFound
    return found


def _told(row: CalendarVersion, key: str) -> dict[str, Any]:
    names = (
        "number",
        "state",
        "sequence",
        "source_title",
        "source_url",
        "confirmed_from",
        "confirmed_through",
        "proposed_at",
        "decided_at",
    )
    return {name: getattr(row, name) for name in names} | {"calendar": key}
