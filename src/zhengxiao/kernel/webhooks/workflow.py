"""The life of a target, as data. Two people open it; either administrator closes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.webhooks import permissions
from zhengxiao.kernel.webhooks.facts import KIND
from zhengxiao.kernel.webhooks.models import TargetState as S
from zhengxiao.kernel.webhooks.models import WebhookTarget
from zhengxiao.kernel.workflow.api import Field, FieldKind, Group, MoveContext, State, Transition, Workflow
from zhengxiao.lib.refusals import Refusal, gettext_noop

NAME = "webhook_target"
REASON = Field("reason", _("理由"), FieldKind.LONG_TEXT)


class OwnProposal(Refusal):
    template = gettext_noop("提出人不能确认自己提出的推送目标，请由另一位管理员确认。")


def _is_another_person(context: MoveContext) -> None:
    if context.actor.user_id is None or context.actor.user_id == context.obj.proposed_by_id:
        raise OwnProposal


def _confirms(context: MoveContext) -> Mapping[str, Any]:
    context.told.update(name=context.obj.name)
    return {"decided_by_id": context.actor.user_id, "active_since": context.at}


def _resumes(context: MoveContext) -> Mapping[str, Any]:
    context.told.update(name=context.obj.name)
    return {"failures": 0, "failing_since": None, "paused_until": None, "active_since": context.at}


def _told_why(context: MoveContext) -> Mapping[str, Any]:
    context.told.update(name=context.obj.name, reason=context.data["reason"])
    return {}


WORKFLOW = Workflow(
    name=NAME,
    label=_("事件推送目标"),
    model=lambda: WebhookTarget,
    subject_kind=KIND,
    initial=S.PROPOSED.value,
    states=(
        State(S.PROPOSED.value, _("待确认"), Group.OPEN, colour="accent"),
        State(S.ACTIVE.value, _("启用"), Group.OPEN),
        State(S.DISABLED.value, _("停用"), Group.WAITING),
        State(S.CLOSED.value, _("关闭"), Group.STOPPED),
    ),
    transitions=(
        Transition(
            name="confirm",
            label=_("确认启用"),
            sources=(S.PROPOSED.value,),
            target=S.ACTIVE.value,
            action=permissions.CONFIRM,
            fact="webhooks.target_confirmed",
            guards=(_is_another_person,),
            sets=_confirms,
            emphasis="primary",
        ),
        Transition(
            name="reject",
            label=_("退回"),
            sources=(S.PROPOSED.value,),
            target=S.CLOSED.value,
            action=permissions.CONFIRM,
            fact="webhooks.target_rejected",
            needs=(REASON,),
            sets=_told_why,
        ),
        Transition(
            name="disable",
            label=_("停用"),
            sources=(S.ACTIVE.value,),
            target=S.DISABLED.value,
            action=permissions.CLOSE,
            fact="webhooks.target_disabled",
            needs=(REASON,),
            sets=_told_why,
            by_system=True,
        ),
        Transition(
            name="resume",
            label=_("恢复推送"),
            sources=(S.DISABLED.value,),
            target=S.ACTIVE.value,
            action=permissions.PROPOSE,
            fact="webhooks.target_resumed",
            sets=_resumes,
            emphasis="primary",
        ),
        Transition(
            name="close",
            label=_("关闭"),
            sources=(S.ACTIVE.value, S.DISABLED.value),
            target=S.CLOSED.value,
            action=permissions.CLOSE,
            fact="webhooks.target_closed",
            needs=(REASON,),
            sets=_told_why,
            emphasis="danger",
        ),
    ),
)
