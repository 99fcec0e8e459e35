"""Notices: what a person was told, about which fact, and when they read it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import ScopedQuerySet, ScopeFields
from zhengxiao.kernel.notices.rules import Level

LEVELS = [
    (Level.INFO.value, _("消息")),
    (Level.BLUE.value, _("蓝色预警")),
    (Level.YELLOW.value, _("黄色预警")),
    (Level.RED.value, _("红色预警")),
]


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    """A notice belongs to its recipient alone."""

    scope_fields = ScopeFields(region=None, department=None, unit=None, person="recipient_id")
    view_action = "notices.view"

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One fact told to one person, in their language; at most once per fact."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("接收人"),
        on_delete=models.PROTECT,
        related_name="notices",
        db_index=False,
    )
    fact = models.CharField(_("事实"), max_length=80)
    entry = models.ForeignKey(
        "timeline.Entry", verbose_name=_("时间线记录"), on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("内容"), max_length=300)
    url = models.CharField(_("链接"), max_length=200, blank=True)
    level = models.CharField(_("级别"), max_length=8, choices=LEVELS)
    created_at = models.DateTimeField(_("发生时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "entry"], name="notices_once_per_fact"),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]), name="notices_level_known"
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(read_at__gte=F("created_at")),
                name="notices_read_after_created",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "created_at"], name="notices_of_person"),
            models.Index(fields=["recipient"], name="notices_unread", condition=Q(read_at__isnull=True)),
        ]
