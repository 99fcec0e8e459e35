"""Outcomes of a try in the words of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

OUTCOMES = {
    "answered": _("有应答"),
    "inside": _("地址在内部，未连接"),
    "unresolved": _("域名无法解析"),
    "unreachable": _("无法连接"),
    "tls": _("证书或加密不合格"),
    "timeout": _("超时"),
    "broken": _("连接中断"),
}
