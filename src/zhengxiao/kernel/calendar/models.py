"""Calendars, their versions under dual control, and what each version says about days and opening hours."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    PROPOSED = "proposed", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REJECTED = "rejected", _("已退回")


class Calendar(models.Model):
    """A place with working days of its own: "CN", a 12-digit region code, or a named one such as
    "US-BOSTON".
    """

    key = models.CharField(_("日历"), max_length=32, unique=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级日历"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    name = models.CharField(_("名称"), max_length=100)
    zone = models.CharField(_("时区"), max_length=64, default="Asia/Shanghai")
    rest_weekdays = models.CharField(
        _("每周休息日"), max_length=7, default="67", blank=True, help_text=_("星期一为 1，星期日为 7")
    )

    class Meta:
        verbose_name = _("日历")
        verbose_name_plural = _("日历")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """One document's days, proposed by one person and confirmed by another.

    `sequence` is given at confirmation and counts all calendars together: the table at version N of any
    region is made of the confirmed versions with a sequence up to N, so it never changes afterwards.
    """

    calendar = models.ForeignKey(
        Calendar, verbose_name=_("日历"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("版本"))
    state = models.CharField(
        _("状态"), max_length=10, choices=VersionState.choices, default=VersionState.PROPOSED
    )
    sequence = models.PositiveIntegerField(_("生效顺序"), null=True, blank=True, unique=True)
    proposed_by = models.ForeignKey(
        "identity.User",
        verbose_name=_("提出人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        "identity.User",
        verbose_name=_("确认人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    source_title = models.CharField(_("依据文件"), max_length=300)
    source_url = models.URLField(_("文件地址"), max_length=500, blank=True)
    confirmed_from = models.DateField(_("确认起始日"), null=True, blank=True)
    confirmed_through = models.DateField(_("确认截止日"), null=True, blank=True)
    replaces_sessions = models.BooleanField(_("更换办公时间"), default=False)
    note = models.TextField(_("说明"), blank=True)
    digest = models.CharField(_("内容摘要"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("日历版本")
        verbose_name_plural = _("日历版本")
        ordering = ["calendar_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number"),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(proposed_by=F("decided_by")),
                name="calendar_version_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", sequence__isnull=False, decided_at__isnull=False)
                | Q(state="rejected", sequence__isnull=True, decided_at__isnull=False)
                | Q(state="proposed", sequence__isnull=True, decided_at__isnull=True),
                name="calendar_version_state",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_from__isnull=True, confirmed_through__isnull=True)
                | Q(confirmed_from__lte=F("confirmed_through")),
                name="calendar_version_span",
            ),
        ]
        indexes = [models.Index(fields=["state", "sequence"], name="calendar_version_in_force")]

    def __str__(self) -> str:
        return f"{self.calendar_id}/{self.number} {self.source_title}"


class CalendarDay(models.Model):
    """One date of a version. `is_workday` None takes an earlier version's mark of the same calendar back."""

    version = models.ForeignKey(
        CalendarVersion, verbose_name=_("版本"), on_delete=models.CASCADE, related_name="days"
    )
    date = models.DateField(_("日期"))
    is_workday = models.BooleanField(_("是否上班"), null=True, blank=True)
    name = models.CharField(_("名称"), max_length=100, blank=True)
    source_url = models.URLField(_("文件地址"), max_length=500, blank=True)
    source_title = models.CharField(_("依据文件"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("日历日")
        verbose_name_plural = _("日历日")
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["version", "date"], name="calendar_day_once")]


class CalendarSession(models.Model):
    """Opening hours of a version; a version with `replaces_sessions` replaces all earlier ones of its
    calendar.
    """

    version = models.ForeignKey(
        CalendarVersion, verbose_name=_("版本"), on_delete=models.CASCADE, related_name="sessions"
    )
    month_from = models.PositiveSmallIntegerField(_("起始月"), default=1)
    day_from = models.PositiveSmallIntegerField(_("起始日"), default=1)
    month_to = models.PositiveSmallIntegerField(_("截止月"), default=12)
    day_to = models.PositiveSmallIntegerField(_("截止日"), default=31)
    weekdays = models.CharField(_("星期"), max_length=7, default="1234567")
    opens = models.TimeField(_("开门"))
    closes = models.TimeField(_("关门"))

    class Meta:
        verbose_name = _("办公时间")
        verbose_name_plural = _("办公时间")
        ordering = ["month_from", "day_from", "opens"]
