"""What a person keeps of the interface: saved views of ledgers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A named set of conditions, order and columns of one ledger, for one person; at most one opens by
    itself.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("用户"), on_delete=models.CASCADE, related_name="+"
    )
    ledger = models.CharField(_("台账"), max_length=80)
    name = models.CharField(_("名称"), max_length=40)
    query = models.TextField(_("条件"), blank=True)
    is_default = models.BooleanField(_("默认打开"), default=False)
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("保存的视图")
        verbose_name_plural = _("保存的视图")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "ledger", "name"], name="ui_savedview_name"),
            models.UniqueConstraint(
                fields=["user", "ledger"],
                condition=models.Q(is_default=True),
                name="ui_savedview_one_default",
            ),
        ]
