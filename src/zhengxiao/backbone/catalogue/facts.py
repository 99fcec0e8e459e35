"""What happens to items, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.timeline.api import Fact

VERSION, CLAIM, ITEM, BASIC = "item_version", "item_claim", "item", "basic_item"

FACTS = (
    Fact(
        "catalogue.item_drafted",
        pgettext_lazy("事实", "起草"),
        _("起草“{name}”第 {number} 版：{reason}"),
        VERSION,
    ),
    Fact(
        "catalogue.item_revised",
        pgettext_lazy("事实", "修改草稿"),
        _("修改“{name}”第 {number} 版草稿：{reason}"),
        VERSION,
    ),
    Fact(
        "catalogue.item_submitted",
        pgettext_lazy("事实", "提交审核"),
        _("提交“{name}”第 {number} 版审核"),
        VERSION,
    ),
    Fact(
        "catalogue.item_published",
        pgettext_lazy("事实", "发布"),
        _("发布“{name}”第 {number} 版，{valid_from} 起生效"),
        VERSION,
    ),
    Fact(
        "catalogue.item_returned",
        pgettext_lazy("事实", "退回"),
        _("退回“{name}”第 {number} 版：{note}"),
        VERSION,
    ),
    Fact(
        "catalogue.item_retired",
        pgettext_lazy("事实", "停用"),
        _("停用“{name}”，{valid_to} 起失效：{note}"),
        VERSION,
    ),
    Fact(
        "catalogue.item_imported",
        pgettext_lazy("事实", "导入"),
        _("从“{source}”导入“{name}”第 {number} 版"),
        VERSION,
    ),
    Fact(
        "catalogue.item_succeeded",
        pgettext_lazy("事实", "由新版本接替"),
        _("“{name}”第 {number} 版由新版本接替，{valid_to} 起失效"),
        VERSION,
    ),
    Fact("catalogue.item_entered", pgettext_lazy("事实", "收录事项"), _("收录事项 {code}"), ITEM),
    Fact("catalogue.item_placed", pgettext_lazy("事实", "调整归属"), _("调整事项 {code} 的部门或目录"), ITEM),
    Fact("catalogue.claim_asked", pgettext_lazy("事实", "下达认领"), _("请{unit}认领“{name}”"), CLAIM),
    Fact("catalogue.item_claimed", pgettext_lazy("事实", "认领"), _("{unit}认领“{name}”"), CLAIM),
    Fact(
        "catalogue.item_declined", pgettext_lazy("事实", "不认领"), _("{unit}不认领“{name}”：{reason}"), CLAIM
    ),
    Fact(
        "catalogue.basic_recorded",
        pgettext_lazy("事实", "收录基本目录"),
        _("收录基本目录事项“{name}”（{code}）"),
        BASIC,
    ),
    Fact(
        "catalogue.basic_changed",
        pgettext_lazy("事实", "调整基本目录"),
        _("调整基本目录事项“{name}”（{code}）：{reason}"),
        BASIC,
    ),
)
