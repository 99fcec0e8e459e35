"""Evidence, parameters and periods in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.mechanisms.detection.rules import Detector, Kind, Parameter

EVIDENCE_LABELS: Mapping[str, Any] = {
    "accepted": _("受理时间"),
    "decided": _("决定时间"),
    "minutes": _("相隔分钟"),
    "promised_days": _("承诺工作日"),
    "first": _("首次"),
    "previous": _("上一次"),
    "again": _("再次"),
    "times": _("次数"),
    "ahead": _("先完成的环节"),
    "ahead_at": _("先完成于"),
    "step": _("后完成的环节"),
    "step_at": _("后完成于"),
    "last_step": _("最后环节完成"),
    "steps": _("环节数"),
    "due": _("时限届满"),
    "paused": _("启动特别程序"),
    "hours": _("超期小时"),
    "earlier": _("先前的办件"),
    "ended": _("撤回或终止"),
    "received": _("重新申报"),
    "days": _("天数"),
    "who": _("人员或科室"),
    "month": _("月份"),
    "count": _("件数"),
    "total": _("当月共"),
    "last": _("末次"),
}


def parameter_lines(detector: Detector, values: Mapping[str, int]) -> list[tuple[str, str]]:
    """(label, value with its unit) of every parameter."""
    return [(gettext(p.label), _amount(p, values.get(p.name, p.default))) for p in detector.parameters]


def _amount(parameter: Parameter, value: int) -> str:
    if parameter.choices:
        return gettext(parameter.choices[value])
    return f"{value} {gettext(parameter.unit)}" if parameter.unit else str(value)


def parameter_words(detector: Detector, values: Mapping[str, int]) -> str:
    """The same as one line."""
    return gettext("；").join(f"{label} {value}" for label, value in parameter_lines(detector, values))


def evidence_lines(detector: Detector, evidence: Mapping[str, Any]) -> Iterable[tuple[Any, str]]:
    """(label, words) of each piece of evidence, moments in local time."""
    for name, kind in detector.evidence.items():
        if name in evidence:
            yield EVIDENCE_LABELS.get(name, name), _shown(kind, evidence[name])


def _shown(kind: Kind, value: Any) -> str:
    if kind is Kind.MOMENT and isinstance(value, str):
        return timezone.localtime(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M:%S")
    return str(value)
