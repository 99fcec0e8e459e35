"""The lawful life of a case, as data. Law: 行政许可法 arts. 32–45; domain.md §1.3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from zhengxiao.backbone.cases import effects, guards
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.rules import PROCEDURE_KINDS, Result
from zhengxiao.backbone.cases.serials import next_voucher
from zhengxiao.kernel.workflow.api import Field, FieldKind, Group, MoveContext, State, Transition, Workflow

STATES = (
    State("received", _("已收件"), Group.OPEN),
    State("supplementing", _("待补正"), Group.WAITING),
    State("accepted", _("已受理"), Group.OPEN),
    State("reviewing", _("审查中"), Group.OPEN),
    State("suspended", _("特别程序中"), Group.WAITING),
    State("granted", pgettext_lazy("状态", "准予"), Group.DONE),
    State("denied", pgettext_lazy("状态", "不予许可"), Group.DONE),
    State("delivered", _("已送达"), Group.DONE),
    State("refused", pgettext_lazy("状态", "不予受理"), Group.STOPPED),
    State("not_required", pgettext_lazy("状态", "不受理"), Group.STOPPED),
    State("lapsed", pgettext_lazy("状态", "逾期未补正"), Group.STOPPED),
    State("withdrawn", _("已撤回"), Group.STOPPED),
    State("terminated", _("已终止"), Group.STOPPED),
    State("archived", _("已归档"), Group.DONE),
)

PROCEDURE_CHOICES = tuple((code, _(label)) for code, label in PROCEDURE_KINDS.items())
REMEDIES = _("如不服本决定，可自知道之日起六十日内申请行政复议，或者在六个月内提起行政诉讼。")

REASON = Field("reason", _("理由"), FieldKind.LONG_TEXT)
DOCUMENT = Field("document_no", _("文书编号"), help=_("例：示补〔2026〕12 号"))


def _accepted(context: MoveContext) -> Mapping[str, Any]:
    voucher = next_voucher(context.obj, context.at, accepted=True)
    return {"accepted_at": context.at, "voucher_no": voucher, "handler_id": context.obj.handler_id}


def _deemed(context: MoveContext) -> Mapping[str, Any]:
    voucher = next_voucher(context.obj, context.at, accepted=True)
    return {"accepted_at": context.obj.received_at, "deemed_accepted": True, "voucher_no": voucher}


def _ended(result: Result) -> Any:
    """Columns of an end without decision."""

    def columns(context: MoveContext) -> Mapping[str, Any]:
        return {"result": result.value, "finished_at": context.at, "reason": context.data.get("reason", "")}

    return columns


def _turned_away(result: Result) -> Any:
    """Refusal at the gate: a dated voucher with number, reason and, where another agency is competent, its name."""

    def columns(context: MoveContext) -> Mapping[str, Any]:
        voucher = next_voucher(context.obj, context.at, accepted=False)
        agency = context.data.get("competent_agency", "")
        context.told |= {"voucher_no": voucher, "reason": context.data["reason"], "competent_agency": agency}
        return {
            **_ended(result)(context),
            "voucher_no": voucher,
            "competent_agency": agency,
            "decided_at": None,
        }

    return columns


def _decided(result: Result, word: Any) -> Any:
    def columns(context: MoveContext) -> Mapping[str, Any]:
        data = context.data
        context.told |= {"result": result.value, "result_name": word, "result_no": data["result_no"]}
        return {
            "result": result.value,
            "result_no": data["result_no"],
            "certificate_no": data.get("certificate_no", ""),
            "reason": data.get("reason", ""),
            "remedies": data.get("remedies", ""),
            "decided_at": context.at,
            "finished_at": context.at,
        }

    return columns


def _delivered(context: MoveContext) -> Mapping[str, Any]:
    return {"delivered_at": context.at}


def _archived(context: MoveContext) -> Mapping[str, Any]:
    return {"archived_at": context.at}


def _corrected(context: MoveContext) -> Mapping[str, Any]:
    data = context.data
    changes = {"result_no": data["result_no"], "certificate_no": data["certificate_no"]}
    context.told["before"] = {name: getattr(context.obj, name) for name, value in changes.items() if value}
    told = {name: value for name, value in changes.items() if value}
    context.told["after"] = told
    return told


GATE = ("received",)
WORK = ("accepted", "reviewing")

TRANSITIONS = (
    Transition(
        "accept", _("受理"), GATE, "accepted", "cases.accept", "cases.accepted",
        sets=_accepted, effects=(effects.accept,), law=_("行政许可法第三十二条"), emphasis="primary",
        guards=(guards.within_notice_time,),
    ),
    Transition(
        "ask_supplement", _("一次性告知补正"), GATE, "supplementing", "cases.accept", "cases.supplement_asked",
        needs=(
            Field("items", _("需补正的全部内容"), FieldKind.LONG_TEXT, help=_("一次写全，之后不得再要求补正。")),
            DOCUMENT,
        ),
        guards=(guards.told_once, guards.within_notice_time), effects=(effects.ask_supplement,),
        law=_("行政许可法第三十二条第一款第四项"),
    ),
    Transition(
        "file_supplement", _("补正材料收齐"), ("supplementing",), "received", "cases.accept", "cases.supplement_filed",
        effects=(effects.file_supplement,), emphasis="primary",
    ),
    Transition(
        "lapse", _("逾期未补正结案"), ("supplementing",), "lapsed", "cases.accept", "cases.lapsed",
        guards=(guards.supplement_overdue,), sets=_ended(Result.LAPSED), effects=(effects.stop_all,),
    ),
    Transition(
        "refuse", _("不予受理"), GATE, "refused", "cases.accept", "cases.refused",
        needs=(REASON, Field("competent_agency", _("有权办理的机关"), help=_("写明申请人应向哪个机关申请。"))),
        guards=(guards.within_notice_time,), sets=_turned_away(Result.REFUSED), effects=(effects.stop_all,),
        law=_("行政许可法第三十二条第一款第二项"),
    ),
    Transition(
        "not_required", _("不受理（无需许可）"), GATE, "not_required", "cases.accept", "cases.not_required",
        needs=(REASON,), guards=(guards.within_notice_time,), sets=_turned_away(Result.NOT_REQUIRED),
        effects=(effects.stop_all,), law=_("行政许可法第三十二条第一款第一项"),
    ),
    Transition(
        "deem_accepted", _("视为受理"), GATE, "accepted", "cases.accept", "cases.deemed_accepted",
        sets=_deemed, effects=(effects.accept_by_law,), law=_("行政许可法第三十二条第一款第四项"), by_system=True,
    ),
    Transition(
        "start_review", _("开始审查"), ("accepted",), "reviewing", "cases.review", "cases.review_started",
        effects=(effects.first_step,), emphasis="primary",
    ),
    Transition(
        "finish_step", _("完成环节"), ("reviewing",), None, "cases.review", "cases.step_done",
        needs=(
            Field("step", _("环节"), initial="审查"),
            Field("outcome", _("业务动作"), FieldKind.CHOICE,
                  choices=(("passed", _("通过")), ("returned", _("退回")), ("other", _("其他")))),
            Field("opinion", _("意见"), FieldKind.LONG_TEXT),
            Field("next_step", _("下一环节"), required=False),
        ),
        effects=(effects.finish_step,),
    ),
    Transition(
        "suspend", _("启动特别程序"), WORK, "suspended", "cases.review", "cases.suspended",
        needs=(
            Field("kind", _("种类"), FieldKind.CHOICE, choices=PROCEDURE_CHOICES),
            REASON,
            Field("expected_days", _("预计工作日"), FieldKind.NUMBER, minimum=1, maximum=240,
                  help=_("须书面告知申请人。")),
            Field("notice_no", _("告知书文号"), help=_("例：示特〔2026〕3 号")),
        ),
        effects=(effects.suspend,), law=_("行政许可法第四十五条"),
    ),
    Transition(
        "resume", _("特别程序结束"), ("suspended",), "reviewing", "cases.review", "cases.resumed",
        needs=(Field("outcome", _("结果"), FieldKind.LONG_TEXT),), effects=(effects.resume,), emphasis="primary",
    ),
    Transition(
        "request_extension", _("申请延期"), WORK, None, "cases.review", "cases.extension_requested",
        needs=(
            Field("amount", pgettext_lazy("数量", "工作日"), FieldKind.NUMBER, minimum=1, maximum=10,
                  help=_("一次，至多 10 个工作日。")),
            REASON,
        ),
        guards=(guards.extension_free,), effects=(effects.request_extension,), law=_("行政许可法第四十二条"),
    ),
    Transition(
        "approve_extension", _("批准延期"), WORK, None, "cases.extend", "cases.extended",
        needs=(Field("document_no", _("延期告知书文号"), help=_("延期理由须告知申请人。")),),
        guards=(guards.extension_pending, guards.not_own_request), effects=(effects.approve_extension,),
        law=_("行政许可法第四十二条"),
    ),
    Transition(
        "refuse_extension", _("不批准延期"), WORK, None, "cases.extend", "cases.extension_refused",
        needs=(REASON,), guards=(guards.extension_pending,), effects=(effects.refuse_extension,),
    ),
    Transition(
        "grant", _("准予许可"), WORK, "granted", "cases.decide", "cases.decided",
        needs=(
            Field("result_no", _("决定文书号"), help=_("例：示许准〔2026〕88 号")),
            Field("certificate_no", _("证照编号"), required=False),
        ),
        sets=_decided(Result.GRANTED, gettext_noop("准予许可")), effects=(effects.decide,), emphasis="primary",
        law=_("行政许可法第三十八条第一款"),
    ),
    Transition(
        "deny", _("不予许可"), WORK, "denied", "cases.decide", "cases.decided",
        needs=(
            Field("result_no", _("决定文书号")), REASON,
            Field("remedies", _("救济途径"), FieldKind.LONG_TEXT, initial=str(REMEDIES)),
        ),
        sets=_decided(Result.DENIED, gettext_noop("不予许可")), effects=(effects.decide,), emphasis="danger",
        law=_("行政许可法第三十八条第二款"),
    ),
    Transition(
        "withdraw", _("申请人撤回"), ("received", "supplementing", "accepted", "reviewing", "suspended"), "withdrawn",
        "cases.withdraw", "cases.withdrawn", needs=(REASON,), sets=_ended(Result.WITHDRAWN),
        effects=(effects.stop_all, effects.tell("reason")),
    ),
    Transition(
        "terminate", _("终止办理"), ("accepted", "reviewing", "suspended"), "terminated", "cases.decide",
        "cases.terminated", needs=(REASON,), sets=_ended(Result.TERMINATED),
        effects=(effects.stop_all, effects.tell("reason")), emphasis="danger",
    ),
    Transition(
        "deliver", _("送达"), ("granted", "denied"), "delivered", "cases.deliver", "cases.delivered",
        needs=(
            Field("method", _("送达方式"), FieldKind.CHOICE,
                  choices=(("window", _("窗口领取")), ("post", _("邮寄")), ("electronic", _("电子送达")))),
        ),
        sets=_delivered, effects=(effects.stop_all, effects.tell("method")), law=_("行政许可法第四十四条"),
        emphasis="primary",
    ),
    Transition(
        "correct", _("更正"), ("granted", "denied", "delivered"), None, "cases.correct", "cases.corrected",
        needs=(
            DOCUMENT, REASON,
            Field("result_no", _("更正后的决定文书号"), required=False),
            Field("certificate_no", _("更正后的证照编号"), required=False),
        ),
        sets=_corrected, effects=(effects.tell("document_no", "reason"),),
    ),
    Transition(
        "archive", _("归档"), ("delivered", "refused", "not_required", "lapsed", "withdrawn", "terminated"), "archived",
        "cases.archive", "cases.archived", sets=_archived,
    ),
)  # fmt: skip

WORKFLOW = Workflow(
    name="case",
    label=_("办件"),
    model=lambda: Case,
    subject_kind="case",
    states=STATES,
    transitions=TRANSITIONS,
    initial="received",
)

OPEN_STATES = WORKFLOW.values(Group.OPEN, Group.WAITING)
