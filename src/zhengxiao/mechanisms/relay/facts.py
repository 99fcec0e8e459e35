"""What the relay says on the timeline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.timeline.api import Fact

SUBJECT = "relay"

FACTS = (
    Fact(
        "relay.pushed", pgettext_lazy("事实", "推送"), _("{result_no}推送至{unit}，{due_on}前认领"), SUBJECT
    ),
    Fact("relay.claimed", pgettext_lazy("事实", "认领"), _("认领，由{person}跟进"), SUBJECT),
    Fact(
        "relay.answered",
        pgettext_lazy("事实", "反馈"),
        _("反馈：{measure}；{text}"),
        SUBJECT,
        personal=("text",),
    ),
    Fact("relay.returned", pgettext_lazy("事实", "退回"), _("退回：{reason}"), SUBJECT, personal=("reason",)),
    Fact(
        "relay.rerouted",
        pgettext_lazy("事实", "改派"),
        _("改派至{unit}：{reason}"),
        SUBJECT,
        personal=("reason",),
    ),
)
