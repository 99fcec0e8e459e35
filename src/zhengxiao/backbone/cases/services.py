"""The verbs of a case. Everything that changes its state goes through the declared workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxiao.backbone.cases import refusals
from zhengxiao.backbone.cases.models import SCOPE, Case, CaseMaterial
from zhengxiao.backbone.cases.queries import people_for
from zhengxiao.backbone.cases.rules import Kind, Result, is_refiling
from zhengxiao.backbone.cases.serials import next_number
from zhengxiao.backbone.catalogue.api import Item, ItemVersion, version_in_force
from zhengxiao.kernel.access.api import ScopeFields, can, require
from zhengxiao.kernel.clock.api import Clock, Start, clock_hand_over, clock_start
from zhengxiao.kernel.database.api import Prepared, joined
from zhengxiao.kernel.jobs.api import bulk_insert, row_maker
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Subject, changed, record
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import NotPermitted


@dataclass(frozen=True, slots=True)
class MaterialIn:
    """A material handed in: name as in the item's list, whether required, where it came from."""

    name: str
    required: bool = True
    origin: str = "applicant"


@dataclass(frozen=True, slots=True)
class Intake:
    """What the counter takes in. `unit_id`: the section that will handle it (default: the item's department).

    `accepted_at_once`: everything is in order and it is accepted with its receipt (licensing law art. 32), so the five days
    for looking at the papers never run.
    """

    item_id: int
    applicant_name: str
    party_id: int | None = None
    summary: str = ""
    channel: str = "window"
    unit_id: int | None = None
    window_id: int | None = None
    handler_id: int | None = None
    materials: Sequence[MaterialIn] = ()
    accepted_at_once: bool = False


def _version(item_id: int, at: datetime) -> ItemVersion:
    """The version that governs an application of this day. Raises ItemUnknown, NoPublishedVersion."""
    day = timezone.localtime(at).date()
    version = version_in_force(item_id, day)
    if version is None:
        item = Item.objects.filter(pk=item_id).first()
        if item is None:
            raise refusals.ItemUnknown(field="item", code=item_id)
        raise refusals.NoPublishedVersion(field="item", item=item.code, day=day)
    return version


RECEIVING = ScopeFields(region=None, department="window__department_id", unit="window_id", person=None)
"""Who receives at a window: its clerk, or those who receive for the office the window belongs to."""


# Asked for every application that comes in.
_WINDOW = Prepared(lambda pk: Unit.objects.filter(pk=pk), pk=int)
_SECTION = Prepared(
    lambda pk, office: Unit.objects.filter(pk=pk, department_id=office).values_list("pk"), pk=int, office=int
)
_EARLIER_OF_PARTY = Prepared(
    lambda item, party: Case.objects.filter(item_id=item, party_id=party).order_by("-received_at")[:6],
    item=int,
    party=int,
)
_EARLIER_OF_NAME = Prepared(
    lambda item, name: Case.objects.filter(item_id=item, applicant_name=name).order_by("-received_at")[:6],
    item=int,
    name=str,
)


_TO_MOVE = Prepared(
    lambda pk: Case.objects.select_related("item_version", "promised_clock", "statutory_clock").filter(pk=pk),
    pk=int,
)


def _require_receivable(case: Case, actor: Actor, at: datetime) -> None:
    """The section is one of the item's office, the handler one of its people, the window one of the actor's."""
    require(actor, "cases.receive")
    if not can(actor, "cases.receive", case, SCOPE):
        raise NotPermitted(action="收件")
    if case.window_id is not None and not can(actor, "cases.receive", case, RECEIVING):
        raise NotPermitted(action="收件")
    office = case.department.department_id or case.department_id
    if case.unit_id != office and not _SECTION(pk=case.unit_id, office=office):
        raise refusals.UnitNotInDepartment(field="unit", unit=case.unit_id)
    if case.handler_id is not None and case.handler_id not in people_for(case, at):
        raise refusals.HandlerNotInDepartment(field="handler")


def _window(window_id: int | None) -> Unit | None:
    """The window by its id. Refuses NotPermitted when there is none of that id."""
    window = next(iter(_WINDOW(pk=window_id)), None) if window_id is not None else None
    if window is None and window_id is not None:
        raise NotPermitted(action="收件")
    return window


def case_receive(*, intake: Intake, actor: Actor, at: datetime) -> Case:
    """Take an application in: number, materials, five-day intake clock, fact cases.received; accepted with it when the
    intake says so: promised and statutory clocks, voucher, fact cases.accepted.

    Refuses NotPermitted, ItemUnknown, NoPublishedVersion, UnitNotInDepartment, HandlerNotInDepartment.
    A likely re-filing is noticed, never refused.
    """
    version = _version(intake.item_id, at)
    item = version.item
    case = Case(
        state="received",
        item=item,
        item_version=version,
        item_name=version.name[:300],
        kind=version.kind or Kind.PROMISED.value,
        party_id=intake.party_id,
        applicant_name=intake.applicant_name,
        summary=intake.summary,
        channel=intake.channel,
        region=item.region,
        department=item.unit,
        unit_id=intake.unit_id or item.unit_id,
        window=_window(intake.window_id),
        handler_id=intake.handler_id,
        received_at=at,
        calendar_key=item.region.code,
    )
    _require_receivable(case, actor, at)
    with joined():
        case.number = next_number(item.region.code, at)
        bulk_insert(Case, [case])
        material = row_maker(CaseMaterial)
        materials = bulk_insert(
            CaseMaterial,
            [
                material(case_id=case.pk, name=row.name[:300], required=row.required, origin=row.origin)
                for row in intake.materials
            ],
        )
        subject = Subject("case", case.pk)
        if not intake.accepted_at_once:
            clock_start(
                Start(subject, "cases.intake", case.unit_id, case.calendar_key, owner_id=case.handler_id),
                actor=actor,
                at=at,
            )
        record(
            fact="cases.received",
            subject=subject,
            actor=actor,
            at=at,
            data={"number": case.number, "materials": len(intake.materials), "item": item.code},
            unit_id=case.unit_id,
            rows=[case, *materials],
        )
        _notice_refiling(case, actor, at)
        if intake.accepted_at_once:
            move(workflow="case", transition="accept", obj=case, actor=actor, at=at)
    return case


def _notice_refiling(case: Case, actor: Actor, at: datetime) -> None:
    """The same applicant files the same item again soon after a withdrawal: told to supervision, not refused."""
    earlier_ones: list[Case] = (
        _EARLIER_OF_PARTY(item=case.item_id, party=case.party_id)
        if case.party_id
        else _EARLIER_OF_NAME(item=case.item_id, name=case.applicant_name)
    )
    for earlier in [one for one in earlier_ones if one.pk != case.pk][:5]:
        if is_refiling(
            earlier_result=earlier.result, earlier_ended_at=earlier.finished_at, received_at=case.received_at
        ):
            Case.objects.filter(pk=case.pk).update(refiled_from=earlier)
            case.refiled_from = earlier
            record(
                fact="cases.refiling_noticed",
                subject=Subject("case", case.pk),
                actor=actor,
                at=at,
                data={"earlier": earlier.number, "earlier_id": earlier.pk},
                unit_id=case.unit_id,
                rows=[changed(case, "refiled_from_id")],
            )
            return


def case_move(
    *, case_id: int, transition: str, actor: Actor, at: datetime, data: Mapping[str, Any] | None = None
) -> Case:
    """Take one declared transition of the workflow; see workflow.py for the table and what each may refuse."""
    case: Case | None = next(iter(_TO_MOVE(pk=case_id)), None)
    if case is None:
        raise Case.DoesNotExist
    moved: Case = move(workflow="case", transition=transition, obj=case, actor=actor, at=at, data=data)
    return moved


def case_deem_accepted(*, case_id: int, at: datetime) -> bool:
    """Art. 32: nobody spoke within five working days, so the application counts as accepted from its receipt.

    Idempotent: False when the case has left the gate meanwhile.
    """
    case = Case.objects.select_related("item_version").get(pk=case_id)
    if case.state != "received":
        return False
    move(workflow="case", transition="deem_accepted", obj=case, actor=SYSTEM, at=at)
    return True


def case_assign(*, case_id: int, handler_id: int, handler_name: str, actor: Actor, at: datetime) -> Case:
    """Name the person who handles the case; its running clocks, and so their warnings, go to that person.

    Facts clock.handed_over and cases.assigned. Refuses NotPermitted, HandlerNotInDepartment."""
    case = Case.objects.get(pk=case_id)
    require(actor, "cases.assign")
    if not can(actor, "cases.assign", case, SCOPE):
        raise NotPermitted(action="指定经办人")
    if handler_id not in people_for(case, at):
        raise refusals.HandlerNotInDepartment(field="handler")
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(handler_id=handler_id)
        case.handler_id = handler_id
        for clock_id in Clock.objects.running().about("case", case.pk).values_list("pk", flat=True):
            clock_hand_over(
                clock_id=clock_id,
                to_unit_id=case.unit_id,
                to_unit_name=handler_name,
                to_user_id=handler_id,
                inner=None,
                actor=actor,
                at=at,
            )
        record(
            fact="cases.assigned",
            subject=Subject("case", case.pk),
            actor=actor,
            at=at,
            data={"handler": handler_name, "handler_id": handler_id},
            unit_id=case.unit_id,
            rows=[changed(case, "handler_id")],
        )
    return case


__all__ = ["Intake", "MaterialIn", "Result", "case_assign", "case_deem_accepted", "case_move", "case_receive"]
