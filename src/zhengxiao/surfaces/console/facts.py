"""What is put on record about reading the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

FACTS = (
    Fact(
        "console.audit_exported",
        _("导出审计日志"),
        _("导出审计日志（{form}），条件：{conditions}"),
        "user",
    ),
)
