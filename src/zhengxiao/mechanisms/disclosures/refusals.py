"""Why a record may refuse, in words that say what to do."""

from __future__ import annotations

from zhengxiao.lib.refusals import Refusal, gettext_noop


class RecordIncomplete(Refusal):
    template = gettext_noop("记录有 {count} 处不合要求，不能报送：{faults}")


class OwnUnit(Refusal):
    """Whoever belongs to the reporting unit does not judge it."""

    template = gettext_noop("您在被检查单位任职，不能对本单位作出认定。请由其他单位的检查人员处理。")


class AlreadyFound(Refusal):
    template = gettext_noop("该记录已被认定瞒报，无须重复认定。")


class NotFound(Refusal):
    template = gettext_noop("该记录没有有效的瞒报认定。")


class NotYetMissing(Refusal):
    template = gettext_noop("报送期限至 {due}，到期前不能认定瞒报。")


class DayUnreadable(Refusal):
    template = gettext_noop("日期“{text}”无法识别，请写成 2026-03-04。")


class DayAhead(Refusal):
    template = gettext_noop("日期 {day} 晚于今天，请核对。")


class RevokedBeforeDecision(Refusal):
    template = gettext_noop("失效日期 {day} 早于决定日期 {decided}，请核对。")


class OnlyPenaltiesRepaired(Refusal):
    template = gettext_noop("信用修复只针对行政处罚。")


class RepairTooEarly(Refusal):
    template = gettext_noop("“{grade}”等级的处罚至少公示 {months} 个月，{day} 起可以修复。")


class FulfilledBeforeDecision(Refusal):
    template = gettext_noop("义务履行完毕日期 {day} 早于决定日期 {decided}，请核对。")


class DepartmentUnknown(Refusal):
    template = gettext_noop("没有名称、编码或信用代码为“{department}”的部门。")


class ColumnUnknown(Refusal):
    template = gettext_noop("这一种类的记录没有字段“{name}”。")


class DocumentMissing(Refusal):
    template = gettext_noop("没有决定文书号，无法对账。")


class DecisionDayMissing(Refusal):
    template = gettext_noop("没有决定日期，无法起算。")


class DecisionKnown(Refusal):
    template = gettext_noop("该部门已有文书号“{document_no}”的{kind}记录（{number}）。")


class PenaltyElsewhere(Refusal):
    template = gettext_noop("您不在“{department}”任职，不能录入该部门的处罚。")


class ResultUnknown(Refusal):
    template = gettext_noop("回执结果“{result}”无法识别，应为入库或退回。")


class ReasonMissing(Refusal):
    template = gettext_noop("退回的回执没有写明原因。")


class GradeUnknown(Refusal):
    template = gettext_noop("等级“{grade}”无法识别，应为轻微、一般或严重。")
