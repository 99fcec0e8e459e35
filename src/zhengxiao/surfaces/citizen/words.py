"""Where a case stands, in words for those who asked for something."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PUBLIC_STATES = {
    "received": _("材料已收到，正在核对是否受理"),
    "supplementing": _("等您补正材料，补齐后重新计算期限"),
    "accepted": _("已受理，正在办理"),
    "reviewing": _("正在审查"),
    "suspended": _("正在进行法定的特别程序，期间不计入办理时限"),
    "granted": _("已准予，等待送达"),
    "denied": _("已作出不予许可的决定"),
    "delivered": _("已送达"),
    "refused": _("不予受理"),
    "not_required": _("依法不需要许可"),
    "lapsed": _("逾期未补正，已结束"),
    "withdrawn": _("您已撤回"),
    "terminated": _("已终止办理"),
    "archived": _("已办结归档"),
}
