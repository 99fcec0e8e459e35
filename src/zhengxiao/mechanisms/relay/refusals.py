"""What the relay refuses, by name."""

from __future__ import annotations

from zhengxiao.lib.refusals import Refusal, gettext_noop


class UnitUnfit(Refusal):
    template = gettext_noop("没有编码为“{code}”的机构，或它不在本区划内。请填写本区划在用机构的编码。")


class SameUnit(Refusal):
    template = gettext_noop("已经在{unit}，不必改派。")
