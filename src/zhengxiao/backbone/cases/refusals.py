"""Why a case may refuse, in words that say what to do."""

from __future__ import annotations

from zhengxiao.lib.refusals import Refusal, gettext_noop


class SecondSupplementNotice(Refusal):
    """行政许可法 art. 32(4): everything missing is told once."""

    template = gettext_noop(
        "本办件已于 {told} 一次性告知补正（{document_no}），不得再次要求补正。材料已齐的请受理。"
    )


class NoticeTooLate(Refusal):
    template = gettext_noop(
        "已超过 5 个工作日的告知期限（{due}），自收件之日起视为受理，不能再告知补正或不予受理。"
    )


class SupplementNotFiled(Refusal):
    template = gettext_noop("补正材料尚未收齐。")


class SupplementTimeRuns(Refusal):
    template = gettext_noop("申请人的补正期限至 {due}，到期前不能按逾期处理。")


class NoPublishedVersion(Refusal):
    template = gettext_noop("事项“{item}”在 {day} 没有已发布的版本，不能收件。请先由部门发布事项。")


class ItemUnknown(Refusal):
    template = gettext_noop("没有编码为“{code}”的事项。")


class ExtensionPending(Refusal):
    template = gettext_noop("本办件已有延期申请（{state}），法律只允许延期一次。")


class NoExtensionPending(Refusal):
    template = gettext_noop("没有待批准的延期申请。")


class OwnRequest(Refusal):
    template = gettext_noop("不能批准自己提出的延期申请，请由本机关负责人批准。")


class NoClockToExtend(Refusal):
    template = gettext_noop("本办件没有可延长的时限。")


class HandlerNotInDepartment(Refusal):
    template = gettext_noop("所选人员不是该部门的审批人员，不能经办本办件。")


class UnitNotInDepartment(Refusal):
    template = gettext_noop("“{unit}”不属于办理该事项的部门。")


class MaterialsClosed(Refusal):
    template = gettext_noop("办件已为“{state}”，不再接收材料。")


class MaterialUnknown(Refusal):
    template = gettext_noop("这个办件没有所选的材料。")


class MaterialNameMissing(Refusal):
    template = gettext_noop("请选择已登记的材料，或填写新材料的名称。")


class TooManyMaterials(Refusal):
    template = gettext_noop("一个办件最多 {limit} 份材料、每份最多 {versions} 个版本。")
