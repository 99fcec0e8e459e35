"""The lawful lives of a card, of a supervision order and of a rule version, as data. Domain reference 3.2–3.3."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.workflow.api import Field, FieldKind, Group, State, Transition, Workflow
from zhengxiao.mechanisms.supervision import effects, guards
from zhengxiao.mechanisms.supervision.models import Card, CardPolicy, Order

REASON = Field("reason", _("理由"), FieldKind.LONG_TEXT)
FILE = Field("file", _("附件编号"), required=False, help=_("已入库文件的编号；没有附件可不填。"))
RULING = Field("ruling", _("裁定理由"), FieldKind.LONG_TEXT, help=_("写明事实、依据和结论，单位会看到。"))

CARD_STATES = (
    State("pending", pgettext_lazy("牌", "待确认"), Group.OPEN),
    State("issued", pgettext_lazy("牌", "已发出"), Group.OPEN),
    State("explained", pgettext_lazy("牌", "已说明"), Group.DONE),
    State("appealed", pgettext_lazy("牌", "申诉中"), Group.OPEN),
    State("upheld", pgettext_lazy("牌", "维持"), Group.DONE),
    State("lifted", pgettext_lazy("牌", "已撤销"), Group.STOPPED),
    State("withdrawn", pgettext_lazy("牌", "未发出"), Group.STOPPED),
    State("superseded", pgettext_lazy("牌", "已升级"), Group.STOPPED),
)

CARD_TRANSITIONS = (
    Transition(
        "confirm", _("确认发出"), ("pending",), "issued", "supervision.confirm", "supervision.card_confirmed",
        guards=(guards.outside_unit,), sets=effects.confirmed, effects=(effects.take_the_top, effects.open_windows),
        emphasis="primary",
    ),
    Transition(
        "drop", _("不予发出"), ("pending",), "withdrawn", "supervision.confirm", "supervision.card_withdrawn",
        needs=(REASON,), guards=(guards.outside_unit,), effects=(effects.tell("reason"),),
    ),
    Transition(
        "explain", _("提交说明"), ("issued",), "explained", "supervision.explain", "supervision.card_explained",
        needs=(Field("explanation", _("说明"), FieldKind.LONG_TEXT, help=_("原因、已采取的措施、何时完成。")), FILE),
        sets=effects.explained, effects=(effects.stop_explanation,), emphasis="primary",
    ),
    Transition(
        "appeal", _("申诉"), ("issued", "explained"), "appealed", "supervision.appeal", "supervision.card_appealed",
        needs=(Field("appeal", _("申诉理由"), FieldKind.LONG_TEXT, help=_("为什么这张牌不应当发。")), FILE),
        guards=(guards.appeal_once, guards.appeal_in_time), sets=effects.appealed, effects=(effects.open_ruling,),
    ),
    Transition(
        "lift", _("撤销此牌"), ("appealed",), "lifted", "supervision.rule_on", "supervision.card_lifted",
        needs=(RULING,), guards=(guards.outside_unit, guards.not_the_issuer), sets=effects.lifted,
        effects=(effects.stop_all, effects.give_the_top_back), emphasis="primary",
    ),
    Transition(
        "uphold", _("维持此牌"), ("appealed",), "upheld", "supervision.rule_on", "supervision.card_upheld",
        needs=(RULING,), guards=(guards.outside_unit, guards.not_the_issuer), sets=effects.upheld,
        effects=(effects.stop_all,),
    ),
    Transition(
        "lift_unasked", _("依职权撤销"), ("issued", "explained", "upheld"), "lifted", "supervision.rule_on",
        "supervision.card_lifted", needs=(RULING,), guards=(guards.outside_unit, guards.not_the_issuer),
        sets=effects.lifted, effects=(effects.stop_all, effects.give_the_top_back), emphasis="danger",
    ),
    Transition(
        "supersede", _("被更高的牌替代"), ("pending", "issued", "explained"), "superseded", "supervision.confirm",
        "supervision.card_superseded", effects=(effects.stop_all,), by_system=True,
    ),
    Transition(
        "restore", _("恢复"), ("superseded",), "issued", "supervision.confirm", "supervision.card_restored",
        effects=(effects.open_windows,), by_system=True,
    ),
)  # fmt: skip

CARD = Workflow(
    name="card",
    label=_("红黄牌"),
    model=lambda: Card,
    subject_kind="card",
    states=CARD_STATES,
    transitions=CARD_TRANSITIONS,
    initial="pending",
)

ORDER_STATES = (
    State("issued", pgettext_lazy("督办", "待签收"), Group.OPEN),
    State("handling", pgettext_lazy("督办", "办理中"), Group.OPEN),
    State("reported", pgettext_lazy("督办", "待核查"), Group.OPEN),
    State("closed", pgettext_lazy("督办", "已办结"), Group.DONE),
    State("cancelled", pgettext_lazy("督办", "已撤回"), Group.STOPPED),
)

OPEN_ORDER = ("issued", "handling", "reported")
WITH_THE_UNIT = ("issued", "handling")

ORDER_TRANSITIONS = (
    Transition(
        "sign", _("签收"), ("issued",), "handling", "supervision.answer", "supervision.order_signed",
        sets=effects.signed, effects=(effects.stop_sign, effects.open_handling), emphasis="primary",
    ),
    Transition(
        "report", _("报告办理情况"), ("handling",), "reported", "supervision.answer", "supervision.order_reported",
        needs=(Field("report", _("办理情况"), FieldKind.LONG_TEXT, help=_("做了什么、结果如何、如何防止再发生。")), FILE),
        sets=effects.reported, effects=(effects.stop_handling, effects.open_check), emphasis="primary",
    ),
    Transition(
        "close", _("核查办结"), ("reported",), "closed", "supervision.order", "supervision.order_closed",
        needs=(Field("conclusion", _("核查结论"), FieldKind.LONG_TEXT),), guards=(guards.outside_unit,),
        sets=effects.closed, effects=(effects.stop_all,), emphasis="primary",
    ),
    Transition(
        "send_back", _("退回重办"), ("reported",), "handling", "supervision.order", "supervision.order_sent_back",
        needs=(REASON,), guards=(guards.outside_unit,),
        effects=(effects.stop_all, effects.open_handling, effects.tell("reason")),
    ),
    Transition(
        "escalate", _("升级督办"), WITH_THE_UNIT, None, "supervision.order", "supervision.order_escalated",
        needs=(REASON,), guards=(guards.outside_unit, guards.not_the_last_step), sets=effects.next_step_column,
        effects=(effects.write_letter,), emphasis="danger",
    ),
    Transition(
        "escalate_overdue", _("逾期升级"), WITH_THE_UNIT, None, "supervision.order", "supervision.order_escalated",
        guards=(guards.not_the_last_step,), sets=effects.overdue_step_column, effects=(effects.write_letter,),
        by_system=True,
    ),
    Transition(
        "cancel", _("撤回督办"), OPEN_ORDER, "cancelled", "supervision.order", "supervision.order_cancelled",
        needs=(REASON,), guards=(guards.outside_unit,), effects=(effects.stop_all, effects.tell("reason")),
        emphasis="danger",
    ),
)  # fmt: skip

ORDER = Workflow(
    name="supervision_order",
    label=_("督办单"),
    model=lambda: Order,
    subject_kind="supervision_order",
    states=ORDER_STATES,
    transitions=ORDER_TRANSITIONS,
    initial="issued",
)

POLICY_STATES = (
    State("proposed", pgettext_lazy("规则", "待确认"), Group.OPEN),
    State("in_force", pgettext_lazy("规则", "生效"), Group.DONE),
    State("replaced", pgettext_lazy("规则", "已被替代"), Group.STOPPED),
    State("rejected", pgettext_lazy("规则", "已退回"), Group.STOPPED),
)

POLICY_TRANSITIONS = (
    Transition(
        "confirm", _("确认生效"), ("proposed",), "in_force", "supervision.confirm_rules", "supervision.rules_confirmed",
        guards=(guards.another_person,), sets=effects.policy_confirmed, emphasis="primary",
    ),
    Transition(
        "reject", _("退回"), ("proposed",), "rejected", "supervision.confirm_rules", "supervision.rules_rejected",
        needs=(REASON,), guards=(guards.another_person,), sets=effects.policy_decided, effects=(effects.tell("reason"),),
    ),
    Transition(
        "replace", _("被新版替代"), ("in_force",), "replaced", "supervision.confirm_rules", "supervision.rules_replaced",
        sets=effects.policy_replaced, by_system=True,
    ),
)  # fmt: skip

POLICY = Workflow(
    name="card_policy",
    label=_("置牌规则"),
    model=lambda: CardPolicy,
    subject_kind="card_policy",
    states=POLICY_STATES,
    transitions=POLICY_TRANSITIONS,
    initial="proposed",
)
