"""Cases: list, read, receive, move, assign, clocks, timeline, lights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Status
from pydantic import AwareDatetime

from zhengxiao.backbone.cases.api import (
    WORKFLOW,
    HandlerNotInDepartment,
    Intake,
    ItemUnknown,
    MaterialIn,
    UnitNotInDepartment,
    case_assign,
    case_move,
    case_receive,
    case_shown,
    code_issue,
    lights,
    people_for,
    sheet_json,
    shown_clock,
    story,
)
from zhengxiao.backbone.catalogue.api import Item
from zhengxiao.backbone.parties.api import Party
from zhengxiao.kernel.clock.api import clocks_of
from zhengxiao.kernel.database.api import Prepared, holding
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.workflow.api import lawful_moves
from zhengxiao.lib.refusals import NotPermitted, Refusal, gettext_noop
from zhengxiao.surfaces.openapi import case_schemas, figure_schemas, schemas, shown
from zhengxiao.surfaces.openapi.case_queries import CasesIn, case_page, visible_case
from zhengxiao.surfaces.openapi.gate import Call
from zhengxiao.surfaces.openapi.problems import NotFound
from zhengxiao.surfaces.openapi.service import ask, read, write


class Applicant(Refusal):
    template = gettext_noop("请用 party_id 或 applicant_name 之一说明申请人。")


class PartyUnknown(Refusal):
    template = gettext_noop("没有这个办事主体，或您无权使用。")


class TransitionUnknown(Refusal):
    template = gettext_noop("没有名为“{name}”的办理动作。")


def call_of(request: HttpRequest) -> Call:
    """The caller, as the gate found it."""
    call: Call = request.call  # type: ignore[attr-defined]
    return call


@read("/cases", "cases", "cases.view", response=case_schemas.CasePage, tag="cases")
def list_cases(request: HttpRequest, asked: Query[CasesIn]) -> Any:
    """Visible cases, the latest received first; with updated_since those that changed."""
    return case_page(call_of(request), asked)


@write("/cases", "cases", "cases.receive", "cases.view", response={201: case_schemas.CaseOut}, tag="cases")
def receive_case(request: HttpRequest, body: case_schemas.ReceiveIn) -> Any:
    """Take an application in: number, materials, intake clock; with `accept` its limits begin at once."""
    call = call_of(request)
    if body.accept:
        call.needs("cases.accept")
    with holding():
        case = case_receive(intake=_intake(call, body), actor=call.actor, at=call.at)
        return Status(201, _told(call, case.pk))


@read("/cases/{number}", "case", "cases.view", response=case_schemas.CaseOut, tag="cases")
def get_case(request: HttpRequest, number: schemas.Code) -> Any:
    """One case."""
    call = call_of(request)
    return shown.case(visible_case(call, number), call.at)


@read("/cases/{number}/moves", "case-moves", "cases.view", response=list[schemas.MoveOut], tag="cases")
def list_moves(request: HttpRequest, number: schemas.Code) -> Any:
    """What may be done with the case now, and why not; only what scopes and posts allow at all."""
    call = call_of(request)
    moves = lawful_moves(workflow="case", obj=visible_case(call, number), actor=call.actor, at=call.at)
    return [shown.move(row) for row in moves if call.may(row.transition.action)]


@write(
    "/cases/{number}/moves/{transition}",
    "case-move",
    "cases.view",
    response=case_schemas.CaseOut,
    tag="cases",
)
def take_move(
    request: HttpRequest, number: schemas.Code, transition: schemas.Code, body: schemas.MoveIn
) -> Any:
    """Take a transition of the workflow. The client needs the scope of the transition as well."""
    call = call_of(request)
    case = visible_case(call, number)
    step = next((row for row in WORKFLOW.transitions if row.name == transition), None)
    if step is None:
        raise TransitionUnknown(field="transition", name=transition)
    call.needs(step.action)
    case_move(case_id=case.pk, transition=transition, actor=call.actor, at=call.at, data=body.data)
    return _told(call, case.pk)


@write(
    "/cases/{number}/assign",
    "case-assign",
    "cases.assign",
    "cases.view",
    response=case_schemas.CaseOut,
    tag="cases",
)
def assign_case(request: HttpRequest, number: schemas.Code, body: case_schemas.AssignIn) -> Any:
    """Name who handles the case."""
    call = call_of(request)
    case = visible_case(call, number)
    people = people_for(case, call.at)
    user = User.objects.filter(username=body.handler, pk__in=people).first()
    if user is None:
        raise HandlerNotInDepartment(field="handler")
    case_assign(
        case_id=case.pk, handler_id=user.pk, handler_name=user.display_name, actor=call.actor, at=call.at
    )
    return _told(call, case.pk)


@ask(
    "/cases/{number}/receipt-code",
    "case-code",
    "cases.receive",
    "cases.view",
    response=case_schemas.CodeOut,
    tag="cases",
    body=None,
)
def issue_receipt_code(request: HttpRequest, number: schemas.Code) -> Any:
    """A new query code for the applicant's receipt. Answers with a code are not kept; codes told before go on working."""
    call = call_of(request)
    case = visible_case(call, number)
    return {"number": case.number, "code": code_issue(case=case, actor=call.actor, at=call.at)}


@read(
    "/cases/{number}/clocks", "case-clocks", "cases.view", response=list[case_schemas.ClockOut], tag="cases"
)
def list_clocks(request: HttpRequest, number: schemas.Code) -> Any:
    """All clocks of the case, running and stopped."""
    call = call_of(request)
    return [shown.clock(row, call.at) for row in clocks_of("case", visible_case(call, number).pk)]


@read(
    "/cases/{number}/clocks/{clock_id}/sheet",
    "case-sheet",
    "cases.view",
    response=case_schemas.SheetOut,
    tag="cases",
)
def get_sheet(request: HttpRequest, number: schemas.Code, clock_id: Path[schemas.Id]) -> Any:
    """The calculation sheet of a clock: every day with why it counts or not."""
    call = call_of(request)
    clock = clocks_of("case", visible_case(call, number).pk).filter(pk=clock_id).first()
    if clock is None:
        raise NotFound
    return sheet_json(shown_clock(clock, call.at))


@read(
    "/cases/{number}/timeline",
    "case-timeline",
    "cases.view",
    response=list[case_schemas.TimelineOut],
    tag="cases",
)
def list_timeline(request: HttpRequest, number: schemas.Code) -> Any:
    """What happened to the case, newest first."""
    case = visible_case(call_of(request), number)
    entries = list(entries_for(Subject("case", case.pk)).select_related("actor"))
    return [{**row, "label": str(row["label"])} for row in story(entries, everything=True)]


@read("/lights", "lights", "cases.view", response=figure_schemas.LightsOut, tag="figures")
def get_lights(request: HttpRequest, at: AwareDatetime | None = None) -> Any:
    """Running visible cases by light and department, now or at a past moment."""
    call = call_of(request)
    return lights(min(at, call.at) if at else call.at, call.actor)


def _told(call: Call, case_id: int) -> dict[str, Any]:
    """The case after a write. Raises NotFound when the caller may do that but not see it."""
    case: Any = case_shown(case_id, call.actor, call.at)
    if case is None:
        raise NotFound
    case.revision = shown.revision_of(case_id)
    return shown.case(case, call.at)


_ITEM = Prepared(lambda code: Item.objects.filter(code=code).values_list("pk"), code=str)
_UNIT = Prepared(lambda code: Unit.objects.filter(code=code), code=str)


def _intake(call: Call, body: case_schemas.ReceiveIn) -> Intake:
    """The application with codes resolved. Another office's code is answered as one that nobody has."""
    item = next(iter(_ITEM(code=body.item)), None)
    if item is None:
        raise ItemUnknown(field="item", code=body.item)
    if bool(body.applicant_name) == (body.party_id is not None):
        raise Applicant(field="applicant_name")
    party = None
    if body.party_id is not None:
        party = Party.objects.visible_to(call.actor, "parties.register").filter(pk=body.party_id).first()
        if party is None or not call.may("parties.register"):
            raise PartyUnknown(field="party_id")
    section = next(iter(_UNIT(code=body.unit)), None) if body.unit else None
    if body.unit and section is None:
        raise UnitNotInDepartment(field="unit", unit=body.unit)
    window = next(iter(_UNIT(code=body.window)), None) if body.window else None
    if body.window and window is None:
        raise NotPermitted(action="收件")
    handler = User.objects.filter(username=body.handler).first() if body.handler else None
    if body.handler and handler is None:
        raise HandlerNotInDepartment(field="handler")
    return Intake(
        item_id=item[0],
        applicant_name=party.name[:200] if party else body.applicant_name,
        party_id=party.pk if party else None,
        summary=body.summary,
        channel=body.channel,
        unit_id=section.pk if section else None,
        window_id=window.pk if window else None,
        handler_id=handler.pk if handler else None,
        materials=[MaterialIn(row.name, row.required) for row in body.materials],
        accepted_at_once=body.accept,
    )
