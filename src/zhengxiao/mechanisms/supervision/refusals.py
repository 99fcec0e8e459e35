"""Why supervision may refuse, in words that say what to do."""

from __future__ import annotations

from zhengxiao.lib.refusals import Refusal, gettext_noop


class OwnUnit(Refusal):
    """Separation of duty: nobody decides on a card or order about the own unit or person."""

    template = gettext_noop("这张牌（督办单）涉及您所在的单位或您本人，须由单位以外的监督人员办理。")


class IssuerMayNotRule(Refusal):
    template = gettext_noop("这张牌由您发出或确认，须由另一名监督人员裁定。")


class AppealTooLate(Refusal):
    template = gettext_noop("申诉期限至 {due} 止，已过期。可以提交说明，或由监督人员依职权复查。")


class AlreadyAppealed(Refusal):
    template = gettext_noop("这张牌已经申诉过一次（{day}），裁定为最终结果。")


class UnitOutsideRegion(Refusal):
    template = gettext_noop("“{unit}”不在您的监督范围内。")


class CaseUnknown(Refusal):
    template = gettext_noop("没有编号为“{number}”的办件，或您无权查看。")


class CardUnknown(Refusal):
    template = gettext_noop("没有牌号为“{number}”的牌，或您无权查看。")


class LastStep(Refusal):
    template = gettext_noop("已经是最后一级（{step}），不能再升级。")


class PolicyBySamePerson(Refusal):
    template = gettext_noop("规则由您提出，须由另一人确认。")


class PolicyPending(Refusal):
    template = gettext_noop("第 {number} 版还在等待确认，请先确认或退回它。")


class LightNeverShown(Refusal):
    template = gettext_noop("预警策略“{policy}”从不亮“{light}”灯，不能据此置牌。")
