"""Code tables of the relay."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MEASURES = {
    "draw_library": _("纳入双随机检查对象库"),
    "routine": _("纳入日常监管"),
    "special": _("列入专项检查"),
    "credit": _("按信用等级分类监管"),
    "none": _("依法不需要后续监管"),
}
"""How the supervising unit takes the licence up. CONFIG."""
