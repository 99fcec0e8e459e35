"""The way of a licence from approval to supervision, as data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.workflow.api import Field, FieldKind, Group, State, Transition, Workflow
from zhengxiao.mechanisms.relay import effects, permissions
from zhengxiao.mechanisms.relay.facts import SUBJECT
from zhengxiao.mechanisms.relay.models import Relayed
from zhengxiao.mechanisms.relay.words import MEASURES

STATES = (
    State("pushed", pgettext_lazy("审管衔接", "待认领"), Group.OPEN),
    State("claimed", pgettext_lazy("审管衔接", "已认领"), Group.OPEN),
    State("answered", pgettext_lazy("审管衔接", "已反馈"), Group.DONE),
    State("returned", pgettext_lazy("审管衔接", "已退回"), Group.WAITING),
)
REASON = Field("reason", _("理由"), FieldKind.LONG_TEXT)

TRANSITIONS = (
    Transition(
        "claim", _("认领"), ("pushed",), "claimed", permissions.CLAIM, "relay.claimed",
        sets=effects.claimed, effects=(effects.claim,), emphasis="primary",
    ),
    Transition(
        "answer", _("反馈"), ("claimed",), "answered", permissions.CLAIM, "relay.answered",
        needs=(
            Field("measure", _("监管方式"), FieldKind.CHOICE, choices=tuple(MEASURES.items())),
            Field("text", _("反馈内容"), FieldKind.LONG_TEXT, help=_("写明由谁、按什么方式、多久检查一次。")),
        ),
        sets=effects.answered, effects=(effects.answer,), emphasis="primary",
    ),
    Transition(
        "return", _("退回"), ("pushed", "claimed"), "returned", permissions.CLAIM, "relay.returned",
        needs=(REASON,), effects=(effects.returned,), emphasis="danger",
    ),
    Transition(
        "reroute", _("改派"), ("pushed", "claimed", "returned"), "pushed", permissions.ROUTE, "relay.rerouted",
        needs=(
            Field("unit", _("监管单位编码"), help=_("本区划在用机构的编码，例：A-MARKET")),
            Field("from_now_on", _("该事项以后都推送至此单位"), FieldKind.BOOLEAN, required=False),
            REASON,
        ),
        sets=effects.rerouted, effects=(effects.reroute,),
    ),
)  # fmt: skip

WORKFLOW = Workflow(
    name="relay",
    label=_("审管衔接"),
    model=lambda: Relayed,
    subject_kind=SUBJECT,
    states=STATES,
    transitions=TRANSITIONS,
    initial="pushed",
)
