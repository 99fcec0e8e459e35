"""Words for stored codes of a case and its clocks: channel, result, origin of papers, holder, verb."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CHANNELS: dict[str, Promise] = {
    "window": _("窗口"),
    "online": _("网上"),
    "self_service": _("自助终端"),
    "mobile": _("移动端"),
    "post": _("邮寄"),
    "other": _("其他"),
}

KIND_WORDS: dict[str, Promise] = {"instant": _("即办件"), "promised": _("承诺件")}

RESULT_WORDS: dict[str, Promise] = {
    "granted": pgettext_lazy("状态", "准予许可"),
    "denied": pgettext_lazy("状态", "不予许可"),
    "withdrawn": pgettext_lazy("状态", "申请人撤回"),
    "terminated": pgettext_lazy("状态", "终止办理"),
    "lapsed": pgettext_lazy("状态", "逾期未补正"),
    "refused": pgettext_lazy("状态", "不予受理"),
    "not_required": pgettext_lazy("状态", "不受理（无需许可）"),
}

ORIGINS: dict[str, Promise] = {
    "applicant": _("申请人提交"),
    "licence": _("电子证照复用"),
    "pledge": _("告知承诺"),
    "shared": _("部门共享"),
    "supplement": _("补正提交"),
}

MATERIAL_STATUS: dict[str, Promise] = {
    "handed_in": _("已收"),
    "checked": _("已核对"),
    "consistent": _("一致"),
    "missing": _("未收"),
    "later": _("事后核查"),
}

STEP_OUTCOMES: dict[str, Promise] = {"passed": _("通过"), "returned": _("退回"), "other": _("其他")}

HOLDERS: dict[str, Promise] = {
    "department": _("部门"),
    "applicant": _("申请人"),
    "procedure": _("特别程序"),
    "intermediary": _("中介机构"),
    "upper": _("上级机关"),
}

VERBS: dict[str, Promise] = {
    "start": _("起算"),
    "pause": _("暂停"),
    "resume": _("恢复"),
    "extend": _("延期"),
    "hand_over": _("移交"),
    "stop": _("停止"),
}

LIGHT_NAMES: dict[str, Promise] = {
    "red": _("红灯"),
    "yellow": _("黄灯"),
    "blue": _("蓝灯"),
    "grey": _("暂停"),
    "green": _("绿灯"),
}
"""By colour, gravest first: what yellow means (near, or past the promise) depends on the warning policy of a clock."""

METHODS: dict[str, Promise] = {"window": _("窗口领取"), "post": _("邮寄"), "electronic": _("电子送达")}
