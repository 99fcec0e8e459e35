"""What supervision says on the timeline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.timeline.api import Fact

CARD, ORDER, POLICY = "card", "supervision_order", "card_policy"

FACTS = (
    Fact(
        "supervision.card_issued",
        _("发牌"),
        _("{level_name} {number}（{rule_name}）{state_name}"),
        CARD,
    ),
    Fact("supervision.card_confirmed", _("确认发牌"), _("{level_name} {number}经确认发出"), CARD),
    Fact("supervision.card_withdrawn", _("不予发牌"), _("{level_name} {number}不予发出：{reason}"), CARD),
    Fact("supervision.card_explained", _("提交说明"), _("责任单位提交说明：{explanation}"), CARD),
    Fact("supervision.card_appealed", _("申诉"), _("责任单位申诉：{appeal}"), CARD),
    Fact("supervision.card_upheld", _("维持"), _("裁定维持{level_name} {number}：{ruling}"), CARD),
    Fact(
        "supervision.card_lifted", _("撤销"), _("裁定撤销{level_name} {number}，不计入统计：{ruling}"), CARD
    ),
    Fact("supervision.card_superseded", _("升级"), _("{level_name} {number}由更高的牌替代"), CARD),
    Fact("supervision.card_restored", _("恢复"), _("更高的牌已撤销，{level_name} {number}恢复"), CARD),
    Fact("supervision.order_issued", _("发出督办"), _("发出督办单 {number}：{title}（{letter}）"), ORDER),
    Fact("supervision.order_signed", pgettext_lazy("督办事实", "签收"), _("责任单位签收"), ORDER),
    Fact("supervision.order_reported", _("报告办理"), _("责任单位报告：{report}"), ORDER),
    Fact("supervision.order_closed", _("办结督办"), _("核查办结：{conclusion}"), ORDER),
    Fact("supervision.order_sent_back", _("退回重办"), _("退回重办：{reason}"), ORDER),
    Fact("supervision.order_escalated", _("升级督办"), _("升级为{step_name}（{letter}）"), ORDER),
    Fact("supervision.order_cancelled", _("撤回督办"), _("撤回督办：{reason}"), ORDER),
    Fact("supervision.rules_proposed", _("提出置牌规则"), _("提出置牌规则第 {number} 版：{reason}"), POLICY),
    Fact("supervision.rules_confirmed", _("置牌规则生效"), _("置牌规则第 {number} 版确认生效"), POLICY),
    Fact("supervision.rules_rejected", _("退回置牌规则"), _("置牌规则第 {number} 版退回：{reason}"), POLICY),
    Fact("supervision.rules_replaced", _("置牌规则被替代"), _("置牌规则第 {number} 版被新版替代"), POLICY),
)
