"""Questions of the public that found nothing, for as long as they count."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Miss(models.Model):
    """One question with a wrong number or code. `origin` is a keyed digest of the address; the address is not kept."""

    origin = models.CharField(_("来源摘要"), max_length=64)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("未中查询")
        verbose_name_plural = _("未中查询")
        indexes = [
            models.Index(fields=["origin", "at"], name="citizen_miss_origin"),
            models.Index(fields=["at"], name="citizen_miss_at"),
        ]
