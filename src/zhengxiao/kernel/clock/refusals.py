"""Why a clock may refuse."""

from __future__ import annotations

from zhengxiao.lib.refusals import Refusal, gettext_noop


class ClockStopped(Refusal):
    template = gettext_noop("时限“{clock}”已停止，不能再{verb}。")


class ClockMovesBackward(Refusal):
    template = gettext_noop("{verb}的时间早于该时限上一条记录的时间（{last}），计时记录不得倒填。")


class NotRunning(Refusal):
    template = gettext_noop("时限“{clock}”正在中止，须先恢复计时才能再次中止。")


class NotPaused(Refusal):
    template = gettext_noop("时限“{clock}”没有中止，无需恢复。")


class GroundUnknown(Refusal):
    template = gettext_noop("“{ground}”不是“{clock}”的法定中止情形。可选：{known}。")


class GroundUsedUp(Refusal):
    template = gettext_noop("情形“{ground}”最多可用 {times} 次，已经用完。")


class ExpectedDaysBeyondCap(Refusal):
    template = gettext_noop(
        "预计 {expected} 个工作日，超过“{ground}”的上限 {cap} 个工作日。请按上限填写或分段办理。"
    )


class ExtensionNotAllowed(Refusal):
    template = gettext_noop("时限“{clock}”按规则不得延期。")


class ExtensionUsedUp(Refusal):
    template = gettext_noop("时限“{clock}”只能延期 {times} 次，已经用完。")


class ExtensionTooLong(Refusal):
    template = gettext_noop("延期 {amount} 超过上限 {most}（{law}）。")


class ExtensionTooLate(Refusal):
    template = gettext_noop("时限“{clock}”已于 {due} 到期，到期后不得延期。")
