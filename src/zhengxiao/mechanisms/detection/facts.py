"""What detection says on the timeline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.timeline.api import Fact

VERSION = "detection_version"
FINDING = "detection_finding"
BACK_TEST = "back_test"

FACTS = (
    Fact(
        "detection.found",
        pgettext_lazy("事实", "监察发现"),
        _("监察规则“{rule_name}”（第 {rule_version} 版）：{evidence_text}"),
        "case",
    ),
    Fact(
        "detection.finding_kept",
        _("留存监察发现"),
        _("监察规则“{rule_name}”（第 {rule_version} 版）留存一项发现"),
        FINDING,
    ),
    Fact("detection.outcome_noted", _("监察结果"), _("所发监察牌的结果：{outcome}"), FINDING),
    Fact(
        "detection.back_test_asked",
        _("提交回溯试算"),
        _("提交“{name}”第 {number} 版的回溯试算，{first} 至 {last}"),
        BACK_TEST,
    ),
    Fact("detection.back_test_begun", _("开始回溯试算"), _("“{name}”第 {number} 版开始回溯试算"), BACK_TEST),
    Fact(
        "detection.back_test_done",
        _("完成回溯试算"),
        _("“{name}”第 {number} 版回溯试算完成：{hits} 项，涉及 {read} 件办件"),
        BACK_TEST,
    ),
    Fact(
        "detection.drafted",
        pgettext_lazy("事实", "起草监察规则"),
        _("起草“{name}”第 {number} 版：{note}"),
        VERSION,
    ),
    Fact(
        "detection.revised",
        pgettext_lazy("事实", "修改监察规则草稿"),
        _("修改“{name}”第 {number} 版草稿：{note}"),
        VERSION,
    ),
    Fact(
        "detection.tried",
        pgettext_lazy("事实", "规则试运行"),
        _("“{name}”第 {number} 版开始试运行，只记录、不发牌"),
        VERSION,
    ),
    Fact(
        "detection.back_tested",
        pgettext_lazy("事实", "回溯试算"),
        _("“{name}”第 {number} 版回溯 {first} 至 {last}：{hits} 项，涉及 {read} 件办件"),
        VERSION,
    ),
    Fact(
        "detection.activation_proposed",
        pgettext_lazy("事实", "提请启用规则"),
        _("提请启用“{name}”第 {number} 版：{note}"),
        VERSION,
    ),
    Fact(
        "detection.retirement_proposed",
        pgettext_lazy("事实", "提请停用规则"),
        _("提请停用“{name}”第 {number} 版：{note}"),
        VERSION,
    ),
    Fact(
        "detection.proposal_returned",
        pgettext_lazy("事实", "退回规则提请"),
        _("退回“{name}”第 {number} 版的提请：{note}"),
        VERSION,
    ),
    Fact(
        "detection.activated",
        pgettext_lazy("事实", "启用监察规则"),
        _("确认启用“{name}”第 {number} 版：{note}"),
        VERSION,
    ),
    Fact(
        "detection.superseded",
        pgettext_lazy("事实", "规则被新版本取代"),
        _("“{name}”第 {number} 版被新版本取代"),
        VERSION,
    ),
    Fact(
        "detection.retired",
        pgettext_lazy("事实", "停用监察规则"),
        _("停用“{name}”第 {number} 版：{note}"),
        VERSION,
    ),
)
