"""What publishing figures says on the timeline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

FACTS = (
    Fact(
        name="metrics.frozen",
        label=_("指标发布"),
        text=_("发布指标 {metric} 第 {version} 版，统计期 {period_start} 至 {period_end}，共 {rows} 行"),
        subject="frozen_figure",
    ),
)
