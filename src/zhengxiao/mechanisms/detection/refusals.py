"""Why something about a rule is not done."""

from __future__ import annotations

from zhengxiao.lib.refusals import Refusal, gettext_noop


class RuleUnknown(Refusal):
    template = gettext_noop("没有编码为“{code}”的监察规则。")


class NotADraft(Refusal):
    template = gettext_noop("第 {number} 版不是草稿，不能修改。请另起草新版本。")


class BackTestMissing(Refusal):
    template = gettext_noop("请先对本版本做一次回溯试算，看过结果再提请启用。")


class AlreadyProposed(Refusal):
    template = gettext_noop("本版本已提请，等待另一人确认。")


class NothingProposed(Refusal):
    template = gettext_noop("还没有人提请{what}，不能确认。")


class OwnProposal(Refusal):
    template = gettext_noop("提请人和确认人不能是同一人，请由另一位负责人确认。")


class NoteMissing(Refusal):
    template = gettext_noop("请说明为什么这样设定规则。")


class PeriodUnknown(Refusal):
    template = gettext_noop("回溯期须为 1 到 60 个月。")


class CodesUnknown(Refusal):
    template = gettext_noop("没有这些编码：{codes}")
