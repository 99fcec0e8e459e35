"""Granted licences on their way to those who supervise."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import ScopedQuerySet, ScopeFields

SCOPE = ScopeFields(region="region_id", department="department_id", unit="unit_id", person=None)


class SupervisingUnit(models.Model):
    """Which unit supervises what an item licenses; said by supervision when it reroutes."""

    item = models.OneToOneField(
        "catalogue.Item", verbose_name=_("事项"), on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        "orgs.Unit", verbose_name=_("监管单位"), on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField(_("设定时间"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("监管单位")
        verbose_name_plural = _("监管单位")


class RelayedQuerySet(ScopedQuerySet["Relayed"]):
    """As an actor of the supervising side may see them."""

    scope_fields = SCOPE
    view_action = "relay.view"


class Relayed(models.Model):
    """One granted licence pushed to its supervising unit. `state` is written by workflow.move alone."""

    state = models.CharField(_("状态"), max_length=12)
    case = models.OneToOneField(
        "cases.Case", verbose_name=_("办件"), on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(
        "orgs.Region", verbose_name=_("区划"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "orgs.Unit", verbose_name=_("监管部门"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        "orgs.Unit", verbose_name=_("监管单位"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_by = models.ForeignKey(
        "orgs.Unit", verbose_name=_("审批部门"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    calendar_key = models.CharField(_("日历"), max_length=20)
    title = models.CharField(_("事项"), max_length=300)
    result_no = models.CharField(_("决定文书号"), max_length=128)
    subject_name = models.CharField(_("行政相对人"), max_length=200)
    is_person = models.BooleanField(_("自然人"), default=False)
    pushed_at = models.DateTimeField(_("推送时间"))
    claim_clock = models.ForeignKey(
        "clock.Clock", verbose_name=_("认领时限"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    claimed_at = models.DateTimeField(_("认领时间"), null=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("认领人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answer_clock = models.ForeignKey(
        "clock.Clock", verbose_name=_("反馈时限"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("反馈时间"), null=True)
    measure = models.CharField(_("监管方式"), max_length=20, blank=True)
    answer = models.TextField(_("反馈内容"), blank=True)

    objects = RelayedQuerySet.as_manager()

    class Meta:
        verbose_name = _("审管衔接")
        verbose_name_plural = _("审管衔接")
        indexes = [
            models.Index(fields=["department", "state"], name="relay_department_state"),
            models.Index(fields=["region", "-pushed_at"], name="relay_region_pushed"),
            models.Index(fields=["pushed_at"], name="relay_pushed"),
        ]

    def __str__(self) -> str:
        return f"{self.result_no} {self.title}"
