"""The life of a rule version: draft, on trial, in force, retired. Coming into force and leaving it take two people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.workflow.api import Field, FieldKind, Group, MoveContext, State, Transition, Workflow
from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.detection import permissions, refusals
from zhengxiao.mechanisms.detection.facts import VERSION
from zhengxiao.mechanisms.detection.models import BackTest, RuleVersion

NAME = "detection_rule"
ACTIVATION, RETIREMENT = "activation", "retirement"
NOTE = Field("note", _("理由"), FieldKind.LONG_TEXT)
OPINION = Field("note", _("意见"), FieldKind.LONG_TEXT, required=False)


def _tell(context: MoveContext) -> None:
    context.told |= {
        "name": context.obj.name,
        "number": context.obj.number,
        "note": context.data.get("note", ""),
    }


def _not_yet_proposed(context: MoveContext) -> None:
    if context.obj.proposed_for:
        raise refusals.AlreadyProposed


def _has_back_test(context: MoveContext) -> None:
    if not context.obj.back_tests.filter(state=BackTest.State.DONE).exists():
        raise refusals.BackTestMissing


def _proposed(what: str, words: str) -> Any:
    def guard(context: MoveContext) -> None:
        if context.obj.proposed_for != what:
            raise refusals.NothingProposed(what=words)

    return guard


def _some_proposal(context: MoveContext) -> None:
    if not context.obj.proposed_for:
        raise refusals.NothingProposed(what=gettext_noop("启用或停用"))


def _another_person(context: MoveContext) -> None:
    """Four eyes: neither who proposed it nor who wrote it; the person counts, whatever the post."""
    if context.actor.user_id in {context.obj.proposed_by_id, *context.obj.authors}:
        raise refusals.OwnProposal


def _trial(context: MoveContext) -> Mapping[str, Any]:
    return {"since": context.at}


def _proposes(what: str) -> Any:
    def columns(context: MoveContext) -> Mapping[str, Any]:
        mine = {"proposed_for": what, "proposed_by_id": context.actor.user_id, "proposed_at": context.at}
        return {
            **mine,
            "confirmed_by_id": None,
            "confirmed_at": None,
        }  # whoever confirmed before has no part in this

    return columns


def _returns(context: MoveContext) -> Mapping[str, Any]:
    return {"proposed_for": "", "proposed_by_id": None, "proposed_at": None}


def _activates(context: MoveContext) -> Mapping[str, Any]:
    return {
        "proposed_for": "",
        "confirmed_by_id": context.actor.user_id,
        "confirmed_at": context.at,
        "since": context.at,
    }


def _retires(context: MoveContext) -> Mapping[str, Any]:
    return {"proposed_for": "", "retired_at": context.at}


def _confirms_retirement(context: MoveContext) -> Mapping[str, Any]:
    return {**_retires(context), "confirmed_by_id": context.actor.user_id, "confirmed_at": context.at}


STATES = (
    State("draft", pgettext_lazy("监察规则", "草稿"), Group.OPEN),
    State("shadow", pgettext_lazy("监察规则", "试运行"), Group.OPEN, colour="accent"),
    State("active", pgettext_lazy("监察规则", "已启用"), Group.DONE),
    State("retired", pgettext_lazy("监察规则", "已停用"), Group.STOPPED),
)

TRANSITIONS = (
    Transition(
        "try", _("开始试运行"), ("draft",), "shadow", permissions.PROPOSE, "detection.tried",
        sets=_trial, effects=(_tell,), emphasis="primary",
    ),
    Transition(
        "propose_activation", _("提请启用"), ("shadow",), None, permissions.PROPOSE, "detection.activation_proposed",
        needs=(NOTE,), guards=(_not_yet_proposed, _has_back_test), sets=_proposes(ACTIVATION), effects=(_tell,),
        emphasis="primary",
    ),
    Transition(
        "activate", _("确认启用"), ("shadow",), "active", permissions.CONFIRM, "detection.activated",
        needs=(OPINION,), guards=(_proposed(ACTIVATION, gettext_noop("启用")), _another_person),
        sets=_activates, effects=(_tell,), emphasis="primary",
    ),
    Transition(
        "propose_retirement", _("提请停用"), ("active",), None, permissions.PROPOSE, "detection.retirement_proposed",
        needs=(NOTE,), guards=(_not_yet_proposed,), sets=_proposes(RETIREMENT), effects=(_tell,),
    ),
    Transition(
        "retire", _("确认停用"), ("active",), "retired", permissions.CONFIRM, "detection.retired",
        needs=(OPINION,), guards=(_proposed(RETIREMENT, gettext_noop("停用")), _another_person),
        sets=_confirms_retirement, effects=(_tell,), emphasis="danger",
    ),
    Transition(
        "return_proposal", _("退回提请"), ("shadow", "active"), None, permissions.CONFIRM, "detection.proposal_returned",
        needs=(NOTE,), guards=(_some_proposal,), sets=_returns, effects=(_tell,),
    ),
    Transition(
        "discard", _("放弃本版本"), ("draft", "shadow"), "retired", permissions.PROPOSE, "detection.retired",
        needs=(NOTE,), sets=_retires, effects=(_tell,), emphasis="danger",
    ),
    Transition(
        "supersede", _("被新版本取代"), ("active",), "retired", permissions.CONFIRM, "detection.superseded",
        sets=_retires, effects=(_tell,), by_system=True,
    ),
)  # fmt: skip


WORKFLOW = Workflow(
    name=NAME,
    label=_("监察规则"),
    model=lambda: RuleVersion,
    subject_kind=VERSION,
    states=STATES,
    transitions=TRANSITIONS,
    initial="draft",
)
