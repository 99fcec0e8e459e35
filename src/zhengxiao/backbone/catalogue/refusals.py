"""Why a verb on items may be refused, by name."""

from __future__ import annotations

from zhengxiao.lib.refusals import Refusal, gettext_noop


class OwnDraft(Refusal):
    template = gettext_noop("不能审核自己起草或提交的版本。请由另一人审核。")


class DraftOpen(Refusal):
    template = gettext_noop("该事项已有一个草稿或待审核的版本。请先处理它。")


class NotADraft(Refusal):
    template = gettext_noop("只有草稿可以修改。已发布的版本不能改动，请起草新版本。")


class ContentFaulty(Refusal):
    template = gettext_noop("内容有误：{faults}")


class CodeFaulty(Refusal):
    template = gettext_noop("编码有误：{fault}")


class CodeTaken(Refusal):
    template = gettext_noop("编码“{code}”已被另一事项使用。")


class ReasonMissing(Refusal):
    template = gettext_noop("请写明理由。")


class ValidityOverlaps(Refusal):
    template = gettext_noop("生效日期须晚于现行版本的生效日期（{earliest}）。请改用更晚的日期。")


class DateMalformed(Refusal):
    template = gettext_noop("日期“{text}”无法识别。请写成 2026-01-31。")


class EndsBeforeStart(Refusal):
    template = gettext_noop("停用日期不能早于该版本的生效日期（{valid_from}）。")


class AlreadyEnded(Refusal):
    template = gettext_noop("该版本已有失效日期（{valid_to}），不能再停用。")


class ValueUnknown(Refusal):
    template = gettext_noop("“{value}”不在代码表内。")


class BasicUnknown(Refusal):
    template = gettext_noop("基本目录中没有编码“{code}”。")


class ClaimDecided(Refusal):
    template = gettext_noop("该认领任务已有结论，不能再改。")


class ItemElsewhere(Refusal):
    template = gettext_noop("该事项不属于本认领任务的部门或基本目录。")


class PeriodEmpty(Refusal):
    template = gettext_noop("失效日期须晚于生效日期。")
