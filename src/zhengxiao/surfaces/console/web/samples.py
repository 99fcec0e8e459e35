"""Sample values for the style page: obviously sample, the same on every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.ui.api import DayCell, DayKind

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 10, 13)
PATTERN = "SCCCRRCCPPPRRPCCLLRRL"
"""Start, counted, rest, paused, left: the permit of the picture, 13 October to 2 November 2026."""
LATE_PATTERN = "SCCCRRCCCCCRRCCCCCXXRRX"
KINDS = {
    "S": DayKind.START,
    "C": DayKind.COUNTED,
    "R": DayKind.REST,
    "P": DayKind.PAUSED,
    "L": DayKind.LEFT,
    "X": DayKind.LATE,
}


def strip(
    pattern: str, first: date, *, due: int, today: int | None, provisional_from: int = 999
) -> list[DayCell]:
    """A strip drawn from letters; `due` and `today` are places in it."""
    return [
        DayCell(
            first + timedelta(days=place),
            KINDS[letter],
            due=place == due,
            today=place == today,
            provisional=place >= provisional_from,
        )
        for place, letter in enumerate(pattern)
    ]


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """A line of the timeline."""

    at: datetime
    text: str | Promise
    actor_name: str = ""
    light: str = ""
    light_words: str | Promise = ""
    links: tuple[dict[str, str | Promise], ...] = ()


@dataclass(frozen=True, slots=True)
class SampleTransition:
    name: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class SampleMove:
    transition: SampleTransition
    allowed: bool
    why_not: str | Promise = ""


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("企业名称"), help_text=_("与营业执照一致，例如：示例建设有限公司"))
    kind = forms.ChoiceField(
        label=_("办件类型"), choices=[("", _("请选择")), ("promised", _("承诺件")), ("instant", _("即办件"))]
    )
    until = forms.DateField(
        label=_("补正期限"), help_text=_("例如：2026-10-22"), widget=forms.DateInput(attrs={"type": "date"})
    )
    way = forms.ChoiceField(
        label=_("送达方式"),
        choices=[("window", _("窗口领取")), ("post", _("邮寄"))],
        widget=forms.RadioSelect,
    )
    told = forms.BooleanField(label=_("已书面告知申请人"), required=False)
    note = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


def moment(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=ZONE)


STRIPS = (
    (_("计时中，还剩 3 个工作日"), strip(PATTERN, FIRST, due=20, today=16), "yellow"),
    (_("已超期 3 个工作日"), strip(LATE_PATTERN, FIRST, due=17, today=22), "red"),
    (
        _("跨越未公布的年份，暂定"),
        strip("SCCLLRRLLRLRRLLLL", date(2026, 12, 22), due=16, today=3, provisional_from=10),
        "",
    ),
    (
        _("三个月的期限，自动换行"),
        strip("S" + "CCCRRCC" * 6 + "LLLRRLL" * 8, date(2026, 8, 31), due=98, today=43),
        "blue",
    ),
)
ENTRIES = (
    SampleEntry(
        moment(29, 9, 12), _("剩余 3 个工作日，已通知经办人和股室负责人"), "", "yellow", _("黄色预警")
    ),
    SampleEntry(
        moment(27, 8, 40),
        _("专家评审结束，恢复计时。"),
        "李示例",
        links=({"url": "#", "label": _("评审意见")},),
    ),
    SampleEntry(moment(21, 10, 5), _("启动特别程序：专家评审，预计 5 个工作日，书面告知已送达。"), "李示例"),
    SampleEntry(moment(13, 15, 26), _("受理，凭证号 受2026-1013-0042"), "王示例"),
    SampleEntry(moment(12, 16, 51), _("收件：综合窗口 03，材料 9 份"), "王示例"),
)
MOVES = (
    SampleMove(SampleTransition("grant", _("准予许可")), True),
    SampleMove(SampleTransition("deny", _("不予许可（须附理由和救济途径）")), True),
    SampleMove(SampleTransition("extend", _("申请延期（一次，至多 10 日，须局长批准）")), True),
    SampleMove(SampleTransition("supplement", _("一次性告知")), False, _("受理后不得再要求补正。")),
)
DEPARTMENTS: tuple[tuple[Any, dict[str, int]], ...] = (
    (_("示例住建局"), {"green": 165, "blue": 19, "yellow": 17, "red": 3, "grey": 8}),
    (_("示例自然资源局"), {"green": 129, "blue": 28, "yellow": 18, "red": 2, "grey": 7}),
    (_("示例市场监管局"), {"green": 314, "blue": 18, "yellow": 9}),
    (_("示例生态环境分局"), {}),
)
PAIRS = (
    (_("编号"), "4416-2026-1012-00317"),
    (_("申请人"), "示例建设有限公司", "#kv"),
    (_("联系人"), "王** 138****0000"),
    (_("经办"), _("行政审批股 · 李示例")),
    (_("事项版本"), _("V6，2026年7月1日起")),
    (_("存证"), None),
)
