"""The life of a request, as data. Another person decides; the asker alone fetches, once, in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.exports import permissions, rules
from zhengxiao.kernel.exports.facts import KIND
from zhengxiao.kernel.exports.models import ExportRequest
from zhengxiao.kernel.exports.models import RequestState as S
from zhengxiao.kernel.workflow.api import Field, FieldKind, Group, MoveContext, State, Transition, Workflow
from zhengxiao.lib.refusals import NotPermitted, Refusal, gettext_noop

FETCH = "fetch"
"""Taken by the page that makes the file; not offered as a button of its own."""
NAME = "export_request"
REASON = Field("reason", _("理由"), FieldKind.LONG_TEXT, help=_("例如：条件过宽，请只导出本月办结的"))


class OwnRequest(Refusal):
    template = gettext_noop("不能审批自己的导出申请，请由部门负责人或安全管理员中的另一位审批。")


class RequestOver(Refusal):
    template = gettext_noop("这份导出申请已过期，请重新申请。")


def _is_another_person(context: MoveContext) -> None:
    if context.actor.user_id is None or context.actor.user_id == context.obj.asked_by_id:
        raise OwnRequest


def _is_the_asker(context: MoveContext) -> None:
    """A delegate sees the requests of the holder, but a file approved for one person goes to that person."""
    if context.actor.user_id != context.obj.asked_by_id:
        raise NotPermitted(action=context.transition.label)


def _is_in_time(context: MoveContext) -> None:
    row = context.obj
    if rules.is_over(at=context.at, asked_at=row.asked_at, usable_until=row.usable_until):
        raise RequestOver


def _tells(context: MoveContext) -> None:
    context.told.update(title=context.obj.title, rows=context.obj.rows, form=context.obj.form)


def _approves(context: MoveContext) -> Mapping[str, Any]:
    until = context.at + timedelta(hours=settings.ZX_EXPORT_HOURS)
    _tells(context)
    context.told["until"] = f"{timezone.localtime(until):%Y-%m-%d %H:%M}"
    return {"decided_by_id": context.actor.user_id, "decided_at": context.at, "usable_until": until}


def _refuses(context: MoveContext) -> Mapping[str, Any]:
    reason = context.data["reason"]
    _tells(context)
    context.told["reason"] = reason
    return {"decided_by_id": context.actor.user_id, "decided_at": context.at, "reason": reason}


def _fetches(context: MoveContext) -> Mapping[str, Any]:
    _tells(context)
    context.told["rows"] = context.data["rows"]
    return {"fetched_at": context.at, "fetched_rows": context.data["rows"]}


def _ends(context: MoveContext) -> Mapping[str, Any]:
    _tells(context)
    return {}


WORKFLOW = Workflow(
    name=NAME,
    label=_("导出申请"),
    model=lambda: ExportRequest,
    subject_kind=KIND,
    initial=S.WAITING.value,
    states=(
        State(S.WAITING.value, _("待审批"), Group.OPEN, colour="accent"),
        State(S.APPROVED.value, _("可取"), Group.WAITING, colour="accent"),
        State(S.REFUSED.value, _("未批准"), Group.STOPPED),
        State(S.WITHDRAWN.value, _("已撤回"), Group.STOPPED),
        State(S.FETCHED.value, _("已取走"), Group.DONE),
        State(S.LAPSED.value, _("已失效"), Group.STOPPED),
    ),
    transitions=(
        Transition(
            name="approve",
            label=_("批准导出"),
            sources=(S.WAITING.value,),
            target=S.APPROVED.value,
            action=permissions.DECIDE,
            fact="exports.approved",
            guards=(_is_another_person, _is_in_time),
            sets=_approves,
            emphasis="primary",
        ),
        Transition(
            name="refuse",
            label=_("不予导出"),
            sources=(S.WAITING.value,),
            target=S.REFUSED.value,
            action=permissions.DECIDE,
            fact="exports.refused",
            needs=(REASON,),
            guards=(_is_another_person,),
            sets=_refuses,
        ),
        Transition(
            name="withdraw",
            label=_("撤回申请"),
            sources=(S.WAITING.value, S.APPROVED.value),
            target=S.WITHDRAWN.value,
            action=permissions.ASK,
            fact="exports.withdrawn",
            guards=(_is_the_asker,),
            sets=_ends,
        ),
        Transition(
            name=FETCH,
            label=_("取走文件"),
            sources=(S.APPROVED.value,),
            target=S.FETCHED.value,
            action=permissions.ASK,
            fact="exports.fetched",
            needs=(Field("rows", _("条数"), FieldKind.NUMBER, maximum=10_000_000),),
            guards=(_is_the_asker, _is_in_time),
            sets=_fetches,
            emphasis="primary",
        ),
        Transition(
            name="lapse",
            label=_("过期失效"),
            sources=(S.WAITING.value, S.APPROVED.value),
            target=S.LAPSED.value,
            action=permissions.DECIDE,
            fact="exports.lapsed",
            sets=_ends,
            by_system=True,
        ),
    ),
)
