"""Requests for files that need a second person, and what everybody took on a day."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import ScopedQuerySet, ScopeFields
from zhengxiao.kernel.exports import rules

SCOPE = ScopeFields(region="region_id", department="department_id", unit="unit_id", person="asked_by_id")


class RequestState(models.TextChoices):
    WAITING = "waiting", _("待审批")
    APPROVED = "approved", _("可取")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")
    FETCHED = "fetched", _("已取走")
    LAPSED = "lapsed", _("已失效")


class ExportQuerySet(ScopedQuerySet["ExportRequest"]):
    scope_fields = SCOPE
    view_action = "exports.view"


class ExportRequest(models.Model):
    """Somebody asks to take records out. `address` is the page's own address with all conditions and columns: what is
    fetched later is what was asked for, made anew with the rights the asker then has.

    `personal`: the columns that tell data of persons in full, in words. `rows`: how many records it was when asked.
    """

    ledger = models.CharField(_("台账代码"), max_length=80)
    title = models.CharField(_("台账"), max_length=300)
    form = models.CharField(_("格式"), max_length=10)
    address = models.TextField(_("地址"))
    digest = models.CharField(_("地址摘要"), max_length=64)
    conditions = models.TextField(_("条件"), blank=True)
    columns = models.TextField(_("列"), blank=True)
    personal = models.TextField(_("未遮盖的列"), blank=True)
    rows = models.PositiveIntegerField(_("条数"))
    why = models.CharField(_("原因"), max_length=10)
    purpose = models.CharField(_("用途"), max_length=200)
    state = models.CharField(
        _("状态"), max_length=10, choices=RequestState.choices, default=RequestState.WAITING
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("申请人"), on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey("orgs.Unit", verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        "orgs.Unit", verbose_name=_("部门"), on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(
        "orgs.Region", verbose_name=_("区划"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("审批人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    reason = models.CharField(_("不予导出的理由"), max_length=2000, blank=True)
    usable_until = models.DateTimeField(_("可取至"), null=True)
    fetched_at = models.DateTimeField(_("取走时间"), null=True)
    fetched_rows = models.PositiveIntegerField(_("取走条数"), null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导出申请")
        verbose_name_plural = _("导出申请")
        constraints = [
            models.CheckConstraint(
                name="exports_two_people",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
            ),
            models.UniqueConstraint(
                fields=["asked_by", "digest"], condition=Q(state="waiting"), name="exports_asked_once"
            ),
            models.CheckConstraint(name="exports_state_known", condition=Q(state__in=RequestState.values)),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="exports_by_state")]

    def __str__(self) -> str:
        return f"{self.title} {self.pk}"

    @property
    def ends_at(self) -> datetime:
        """The last moment in which it can be decided on, or the file fetched."""
        return rules.ends_at(asked_at=self.asked_at, usable_until=self.usable_until)


class ExportDay(models.Model):
    """How many rows a person took on a day of the platform's time zone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    rows = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="exports_day_once")]
