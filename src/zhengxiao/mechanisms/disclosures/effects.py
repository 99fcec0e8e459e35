"""What a move does besides the state: dated columns, clocks, findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from zhengxiao.kernel.calendar.api import day_table
from zhengxiao.kernel.clock.api import Clock, Start, clock_start, clock_stop
from zhengxiao.kernel.timeline.api import Subject, changed
from zhengxiao.kernel.workflow.api import Effect, MoveContext
from zhengxiao.mechanisms.disclosures import refusals
from zhengxiao.mechanisms.disclosures.clocks import CORRECTION, PUBLICITY, TAKEDOWN
from zhengxiao.mechanisms.disclosures.facts import SUBJECT
from zhengxiao.mechanisms.disclosures.models import Disclosure, Finding
from zhengxiao.mechanisms.disclosures.words import EXEMPTION_GROUNDS, REVOCATION_GROUNDS


def tell(*names: str) -> Effect:
    """An effect that repeats inputs in the fact."""

    def say(context: MoveContext) -> None:
        context.told |= {name: context.data[name] for name in names}

    return say


def _stop(context: MoveContext, *kinds: str) -> None:
    clocks = Clock.objects.running().about(SUBJECT, context.obj.pk).filter(kind__in=kinds)
    for clock_id in clocks.order_by("pk").values_list("pk", flat=True):
        clock_stop(clock_id=clock_id, actor=context.actor, at=context.at)


def _start(context: MoveContext, kind: str, *, started_at: datetime | None = None) -> Clock:
    """One running clock of a kind: a record that is rejected twice does not get a second term beside the first."""
    row = context.obj
    running = Clock.objects.running().about(SUBJECT, row.pk).filter(kind=kind).first()
    if running is not None:
        return running
    start = Start(Subject(SUBJECT, row.pk), f"disclosures.{kind}", row.unit_id, row.calendar_key)
    return clock_start(start, actor=context.actor, at=context.at, started_at=started_at)


def first_reported(context: MoveContext) -> Mapping[str, Any]:
    """The first report decides whether it was in time; reports after a correction do not change that."""
    return {} if context.obj.reported_at is not None else {"reported_at": context.at}


def reported_elsewhere(context: MoveContext) -> Mapping[str, Any]:
    """The upper platform tells when it was given the record."""
    if context.obj.reported_at is not None:
        return {}
    told = datetime.fromisoformat(context.data["moment"])
    return {"reported_at": min(told, context.at)}


def report(context: MoveContext) -> None:
    _stop(context, PUBLICITY, CORRECTION)
    data = context.data
    context.told |= {"batch": data["batch"], "line": data["line"], "revision": context.obj.revision}


def received(context: MoveContext) -> Mapping[str, Any]:
    return {"received_at": context.at}


def rejected(context: MoveContext) -> Mapping[str, Any]:
    first = context.obj.rejected_at or context.at
    return {"rejected_at": first, "reject_reason": context.data["reason"]}


def start_correction(context: MoveContext) -> None:
    _start(context, CORRECTION)


def stop_correction(context: MoveContext) -> None:
    _stop(context, CORRECTION)


def day_of(text: str, at: datetime, *, field: str) -> date:
    """A day typed by a person, not ahead of `at`. Raises DayUnreadable, DayAhead."""
    try:
        day = date.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise refusals.DayUnreadable(field=field, text=text) from error
    if day > timezone.localtime(at).date():
        raise refusals.DayAhead(field=field, day=day)
    return day


def revoked(context: MoveContext) -> Mapping[str, Any]:
    row, data = context.obj, context.data
    day = day_of(data["revoked_on"], context.at, field="revoked_on")
    if day < row.decided_on:
        raise refusals.RevokedBeforeDecision(field="revoked_on", day=day, decided=row.decided_on)
    context.told |= {
        "ground": str(REVOCATION_GROUNDS[data["ground"]]),
        "document_no": data["document_no"],
        "revoked_on": day,
    }
    return {
        "revoked_at": context.at,
        "revoked_on": day,
        "revocation": data["ground"],
        "revocation_no": data["document_no"],
        "ended_at": row.ended_at if row.reported_at else context.at,
    }


def revoke(context: MoveContext) -> None:
    """Three working days from the day of the revocation, whenever it is entered."""
    _stop(context, PUBLICITY, CORRECTION)
    row = context.obj
    noon = datetime.combine(row.revoked_on, time(12), day_table(row.calendar_key).zone)
    clock = _start(context, TAKEDOWN, started_at=min(noon, context.at))
    Disclosure.objects.filter(pk=row.pk).update(takedown_clock=clock)
    row.takedown_clock = clock
    context.rows.append(changed(row, "takedown_clock_id"))


def withdrawn(context: MoveContext) -> Mapping[str, Any]:
    return {"withdrawn_at": context.at, "explanation": context.data["explanation"]}


def withdraw(context: MoveContext) -> None:
    _stop(context, TAKEDOWN)
    context.told["explanation"] = context.data["explanation"]


def repaired(context: MoveContext) -> Mapping[str, Any]:
    """Publicity ends with this state; that the penalty was reported, and when, stays."""
    row, data = context.obj, context.data
    day = day_of(data["fulfilled_on"], context.at, field="fulfilled_on")
    if day < row.decided_on:
        raise refusals.FulfilledBeforeDecision(field="fulfilled_on", day=day, decided=row.decided_on)
    context.told |= {"fulfilled_on": day}
    return {
        "repaired_at": context.at,
        "fulfilled_on": day,
        "repair_no": data["document_no"],
        "commitment_no": data["commitment"],
    }


def repair(context: MoveContext) -> None:
    _stop(context, CORRECTION)
    context.told |= {name: context.data[name] for name in ("document_no", "commitment")}


def exempted(context: MoveContext) -> Mapping[str, Any]:
    return {"exempted_at": context.at, "ended_at": context.at}


def exempt(context: MoveContext) -> None:
    _stop(context, PUBLICITY)
    ground = str(EXEMPTION_GROUNDS[context.data["ground"]])
    context.told |= {"ground": ground, "reason": context.data["reason"]}


def find(context: MoveContext) -> None:
    data = context.data
    columns = {
        "ground": data["ground"],
        "document_no": data["document_no"],
        "found_at": context.at,
        "found_by_id": context.actor.user_id,
        "found_by_name": context.actor.name,
        "lifted_at": None,
        "lift_reason": "",
    }
    found, made = Finding.objects.update_or_create(disclosure_id=context.obj.pk, defaults=columns)
    context.rows.append(found if made else changed(found, *columns))
    context.told |= {"ground": data["ground"], "document_no": data["document_no"]}


def clear(context: MoveContext) -> None:
    finding = Finding.objects.get(disclosure_id=context.obj.pk, lifted_at__isnull=True)
    finding.lifted_at, finding.lift_reason = context.at, context.data["reason"]
    Finding.objects.filter(pk=finding.pk).update(lifted_at=finding.lifted_at, lift_reason=finding.lift_reason)
    context.rows.append(changed(finding, "lifted_at", "lift_reason"))
    context.told["reason"] = context.data["reason"]
