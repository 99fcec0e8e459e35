"""Words for stored codes of cards and orders."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEVEL_NAMES: dict[str, Promise] = {"red": _("红牌"), "yellow": _("黄牌"), "blue": _("蓝牌")}
STEP_NAMES: dict[str, Promise] = {
    "reminder": _("提醒函"),
    "order": _("督办函"),
    "interview": _("约谈通知"),
    "accountability": _("问责建议"),
}
KIND_NAMES: dict[str, Promise] = {
    "promised": _("承诺时限"),
    "statutory": _("法定时限"),
    "procedure": _("特别程序"),
    "intake": _("受理审查"),
    "stage": _("环节时限"),
    "delivery": _("颁发送达"),
}
POLICY_NAMES: dict[str, Promise] = {
    "two-limit.promised": _("承诺（提前蓝、逾期黄）"),
    "two-limit.statutory": _("法定（逾期红）"),
    "remind-warn-alarm": _("提醒、预警、报警"),
    "green-yellow-red": _("绿黄红"),
    "remind": _("仅提醒"),
    "procedure": _("特别程序"),
}
"""Warning policies of clocks that show a light at all."""
LIGHT_OF_KIND: dict[str, Promise] = {"blue": _("蓝灯"), "yellow": _("黄灯"), "red": _("红灯")}
SUBJECT_NAMES: dict[str, Promise] = {"case": _("办件"), "unit": _("单位")}
