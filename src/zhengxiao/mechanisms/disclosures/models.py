"""A duty to publish one decision, its content by revision, the batches it went out in, and what the upper platform says."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import ScopedQuerySet, ScopeFields
from zhengxiao.mechanisms.disclosures.rules import Grade, Kind, SubjectKind

SCOPE = ScopeFields(region="region_id", department="department_id", unit="unit_id", person=None)
BATCH_SCOPE = ScopeFields(region="department__region_id", department="department_id", unit=None, person=None)


class DisclosureQuerySet(ScopedQuerySet["Disclosure"]):
    """Duties as an actor may see them."""

    scope_fields = SCOPE
    view_action = "disclosures.view"


class Disclosure(models.Model):
    """One decision that has to be published and reported. `state` is written by workflow.move alone.

    Verdicts (late, missing, wrong, concealed) follow from the dated columns and the clock; none is stored.
    """

    number = models.CharField(_("公示编号"), max_length=40, unique=True)
    kind = models.CharField(_("种类"), max_length=10)
    state = models.CharField(_("状态"), max_length=12)
    region = models.ForeignKey(
        "orgs.Region", verbose_name=_("区划"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "orgs.Unit", verbose_name=_("部门"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        "orgs.Unit", verbose_name=_("科室"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    calendar_key = models.CharField(_("日历"), max_length=20)
    case = models.OneToOneField(
        "cases.Case", verbose_name=_("办件"), null=True, on_delete=models.PROTECT, related_name="disclosure"
    )
    origin = models.CharField(_("来源"), max_length=40)
    """Which system told of the decision: "cases", the source system of an import, "entered" or "inspection"."""
    origin_id = models.CharField(_("来源编号"), max_length=120)
    document_no = models.CharField(_("决定文书号"), max_length=128)
    title = models.CharField(_("事项或案由"), max_length=300)
    decided_at = models.DateTimeField(_("决定时间"))
    decided_on = models.DateField(_("决定日期"))
    subject_name = models.CharField(_("行政相对人"), max_length=200)
    subject_kind = models.CharField(_("相对人类别"), max_length=12)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    grade = models.CharField(_("等级"), max_length=10, blank=True)
    revision = models.PositiveIntegerField(_("内容版本"), default=1)
    clock = models.OneToOneField(
        "clock.Clock", verbose_name=_("报送时限"), on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField(_("首次报送"), null=True)
    received_at = models.DateTimeField(_("入库"), null=True)
    rejected_at = models.DateTimeField(_("首次退回"), null=True)
    reject_reason = models.TextField(_("退回原因"), blank=True)
    revoked_at = models.DateTimeField(_("失效登记"), null=True)
    revoked_on = models.DateField(_("失效日期"), null=True)
    revocation = models.CharField(_("失效情形"), max_length=12, blank=True)
    revocation_no = models.CharField(_("失效文书号"), max_length=128, blank=True)
    takedown_clock = models.OneToOneField(
        "clock.Clock", verbose_name=_("撤下时限"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("撤下"), null=True)
    explanation = models.TextField(_("公开说明"), blank=True)
    repaired_at = models.DateTimeField(_("信用修复"), null=True)
    fulfilled_on = models.DateField(_("义务履行完毕"), null=True)
    repair_no = models.CharField(_("修复决定文书号"), max_length=128, blank=True, default="")
    commitment_no = models.CharField(_("信用承诺书编号"), max_length=128, blank=True, default="")
    exempted_at = models.DateTimeField(_("批准不公开"), null=True)
    ended_at = models.DateTimeField(_("义务消灭"), null=True)
    """When the duty to report fell away without a report: lawfully not published, or the decision itself gone."""

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("双公示记录")
        verbose_name_plural = _("双公示记录")
        constraints = [
            models.UniqueConstraint(fields=["origin", "origin_id"], name="disclosure_decision_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="disclosure_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(subject_kind__in=[k.value for k in SubjectKind]), name="disclosure_subject_known"
            ),
            models.CheckConstraint(
                condition=Q(grade="") | Q(grade__in=[g.value for g in Grade]), name="disclosure_grade_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(explanation=""), name="disclosure_withdrawn_explained"
            ),
            models.CheckConstraint(
                condition=~Q(state="repaired")
                | Q(kind=Kind.PENALTY.value, repaired_at__isnull=False, fulfilled_on__isnull=False)
                & ~Q(repair_no="")
                & ~Q(commitment_no=""),
                name="disclosure_repaired_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "-decided_at"], name="disclosure_department_state"),
            models.Index(fields=["region", "-decided_at", "-id"], name="disclosure_region_decided"),
            models.Index(fields=["-decided_at", "-id"], name="disclosure_decided"),
            models.Index(fields=["state", "-decided_on", "-id"], name="disclosure_state_decided"),
            models.Index(
                fields=["document_no"], name="disclosure_document_no", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(
                fields=["subject_name"], name="disclosure_subject", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(fields=["credit_code"], name="disclosure_credit_code"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.document_no}"


class Content(models.Model):
    """One revision of what is reported: the upper platform's fields. Numbers of persons lie sealed beside the rest."""

    disclosure = models.ForeignKey(
        Disclosure, verbose_name=_("双公示记录"), on_delete=models.PROTECT, related_name="contents"
    )
    number = models.PositiveIntegerField(_("版本"))
    record = models.JSONField(_("内容"), default=dict)
    sealed = models.TextField(_("加密内容"), blank=True)
    made_at = models.DateTimeField(_("时间"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_by_name = models.CharField(_("操作人"), max_length=100)
    reason = models.CharField(_("原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("报送内容")
        verbose_name_plural = _("报送内容")
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "number"], name="disclosure_content_number")
        ]


class Finding(models.Model):
    """Inspection found that the unit kept a decision back (瞒报); lifted when it turns out wrong, never deleted."""

    disclosure = models.OneToOneField(
        Disclosure, verbose_name=_("双公示记录"), on_delete=models.PROTECT, related_name="finding"
    )
    ground = models.TextField(_("认定依据"))
    document_no = models.CharField(_("检查文书号"), max_length=128)
    found_at = models.DateTimeField(_("认定时间"))
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    found_by_name = models.CharField(_("认定人"), max_length=100)
    lifted_at = models.DateTimeField(_("撤销认定"), null=True)
    lift_reason = models.TextField(_("撤销理由"), blank=True)

    class Meta:
        verbose_name = _("瞒报认定")
        verbose_name_plural = _("瞒报认定")


class BatchQuerySet(ScopedQuerySet["ReportBatch"]):
    """Batches as an actor may see them."""

    scope_fields = BATCH_SCOPE
    view_action = "disclosures.view"


class ReportBatch(models.Model):
    """What one department reported in one go: a file in the upper platform's columns, numbered once."""

    number = models.CharField(_("批次号"), max_length=60, unique=True)
    department = models.ForeignKey(
        "orgs.Unit", verbose_name=_("部门"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(_("种类"), max_length=10)
    day = models.DateField(_("日期"))
    serial = models.PositiveIntegerField(_("序号"))
    made_at = models.DateTimeField(_("报送时间"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_by_name = models.CharField(_("报送人"), max_length=100)
    count = models.PositiveIntegerField(_("条数"), default=0)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("报送批次")
        verbose_name_plural = _("报送批次")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "kind", "day", "serial"], name="disclosure_batch_once"
            )
        ]

    def __str__(self) -> str:
        return self.number


class ReportLine(models.Model):
    """One revision of one record in one batch: a revision is reported once, whoever presses the button how often."""

    batch = models.ForeignKey(
        ReportBatch, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="lines"
    )
    line = models.PositiveIntegerField(_("序号"))
    disclosure = models.ForeignKey(
        Disclosure, verbose_name=_("双公示记录"), on_delete=models.PROTECT, related_name="lines"
    )
    revision = models.PositiveIntegerField(_("内容版本"))

    class Meta:
        verbose_name = _("报送记录")
        verbose_name_plural = _("报送记录")
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "revision"], name="disclosure_revision_once"),
            models.UniqueConstraint(fields=["batch", "line"], name="disclosure_line_once"),
        ]


class UpperRecordQuerySet(ScopedQuerySet["UpperRecord"]):
    """What the upper platform says, as an actor may see it."""

    scope_fields = BATCH_SCOPE
    view_action = "disclosures.view"


class UpperRecord(models.Model):
    """The upper platform's word on one record: received or rejected, with reason. One row per receipt number."""

    system = models.CharField(_("上级平台"), max_length=40)
    receipt_no = models.CharField(_("回执号"), max_length=120)
    kind = models.CharField(_("种类"), max_length=10)
    document_no = models.CharField(_("决定文书号"), max_length=128)
    department = models.ForeignKey(
        "orgs.Unit", verbose_name=_("部门"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    accepted = models.BooleanField(_("入库"))
    reason = models.TextField(_("原因"), blank=True)
    at = models.DateTimeField(_("回执时间"))
    reported_at = models.DateTimeField(_("报送时间"), null=True)
    disclosure = models.ForeignKey(
        Disclosure,
        verbose_name=_("双公示记录"),
        null=True,
        on_delete=models.PROTECT,
        related_name="receipts",
    )
    brought_in_at = models.DateTimeField(_("导入时间"))

    objects = UpperRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("上级平台回执")
        verbose_name_plural = _("上级平台回执")
        constraints = [
            models.UniqueConstraint(fields=["system", "receipt_no"], name="disclosure_receipt_once")
        ]
        indexes = [
            models.Index(fields=["department", "kind", "document_no"], name="disclosure_upper_document"),
        ]
