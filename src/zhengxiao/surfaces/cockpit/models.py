"""The board as it was last put together for somebody: what is shown while the next one is being computed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BoardSnapshot(models.Model):
    """One rendered board. The key holds who looked, with which posts, at what, in which language; losing a post gives
    another key. Not a record: any row may be thrown away at any time.
    """

    key = models.CharField(max_length=64, primary_key=True)
    user_id = models.BigIntegerField()
    query = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=12)
    at = models.DateTimeField(_("数据截至"), db_index=True)
    html = models.TextField()
    asked_at = models.DateTimeField(null=True)
    """When the next one was last asked for."""
    seen_at = models.DateTimeField(db_index=True)
    """When somebody last looked, to the minute."""

    class Meta:
        verbose_name = _("驾驶舱快照")
        verbose_name_plural = _("驾驶舱快照")
