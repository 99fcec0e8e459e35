"""Why a move may be refused, whatever the workflow."""

from __future__ import annotations

from zhengxiao.lib.refusals import Refusal, gettext_noop


class MoveNotLawful(Refusal):
    """The object's state does not allow the transition."""

    template = gettext_noop("当前状态“{state}”不能{move}。")


class NeedsField(Refusal):
    """Something the transition asks for is missing or malformed."""

    template = gettext_noop("请填写“{label}”。")


class FieldMalformed(Refusal):
    template = gettext_noop("“{label}”填写有误：{why}")


class UnknownInput(Refusal):
    template = gettext_noop("不认识的参数：{names}。")
