"""Cases and what belongs to them: materials, steps, supplement notices, special procedures, extension requests."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import ScopedQuerySet, ScopeFields
from zhengxiao.kernel.clock.api import Clock, Light

SCOPE = ScopeFields(
    region="region_id", department="department_id", unit="window_id", person="handler_id", public=None
)


class CaseQuerySet(ScopedQuerySet["Case"]):
    """Cases as an actor may see them."""

    scope_fields = SCOPE
    view_action = "cases.view"

    def with_light(self, light: Light, at: datetime) -> CaseQuerySet:
        """Cases whose gravest running clock shows exactly `light` at `at`."""
        return self.filter(pk__in=Clock.objects.subjects_showing(light, "case", at))

    def by_next_red(self) -> CaseQuerySet:
        """Ordered by the earliest due moment of a running clock; those that stand still come last."""
        due = (
            Clock.objects.running()
            .filter(subject_kind="case", subject_id=OuterRef("pk"), due_at__isnull=False)
            .order_by("due_at")
            .values("due_at")[:1]
        )
        return self.annotate(next_due_at=Subquery(due)).order_by(F("next_due_at").asc(nulls_last=True), "pk")


class CaseCounter(models.Model):
    """The last serial used under a key (region and day); taken by conditional increment inside the case's transaction."""

    key = models.CharField(max_length=40, primary_key=True)
    value = models.PositiveIntegerField(default=0)


class Case(models.Model):
    """One application from receipt to archive. `state` is written by workflow.move alone."""

    number = models.CharField(_("办件编号"), max_length=60, unique=True)
    state = models.CharField(_("状态"), max_length=16)
    item = models.ForeignKey(
        "catalogue.Item", verbose_name=_("事项"), on_delete=models.PROTECT, db_index=False
    )
    item_version = models.ForeignKey(
        "catalogue.ItemVersion", verbose_name=_("事项版本"), on_delete=models.PROTECT, db_index=False
    )
    item_name = models.CharField(_("事项名称"), max_length=300)
    kind = models.CharField(_("办件类型"), max_length=10)
    party = models.ForeignKey("parties.Party", verbose_name=_("申请人"), null=True, on_delete=models.PROTECT)
    applicant_name = models.CharField(_("申请人名称"), max_length=200)
    summary = models.CharField(_("办理摘要"), max_length=300, blank=True)
    channel = models.CharField(_("来源"), max_length=20)
    region = models.ForeignKey(
        "orgs.Region", verbose_name=_("区划"), on_delete=models.PROTECT, db_index=False
    )
    department = models.ForeignKey(
        "orgs.Unit", verbose_name=_("部门"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        "orgs.Unit", verbose_name=_("承办科室"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    window = models.ForeignKey(
        "orgs.Unit",
        verbose_name=_("窗口"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("经办人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    received_at = models.DateTimeField(_("收件时间"))
    accepted_at = models.DateTimeField(_("受理时间"), null=True)
    deemed_accepted = models.BooleanField(_("逾期视为受理"), default=False)
    voucher_no = models.CharField(_("受理凭证号"), max_length=60, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    finished_at = models.DateTimeField(_("办结时间"), null=True)
    result = models.CharField(_("办理结果"), max_length=16, blank=True)
    result_no = models.CharField(_("决定文书号"), max_length=100, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    remedies = models.TextField(_("救济途径"), blank=True)
    competent_agency = models.CharField(_("有权办理的机关"), max_length=200, blank=True)
    certificate_no = models.CharField(_("证照编号"), max_length=100, blank=True)
    delivered_at = models.DateTimeField(_("送达时间"), null=True)
    archived_at = models.DateTimeField(_("归档时间"), null=True)
    promised_clock = models.OneToOneField(
        "clock.Clock", verbose_name=_("承诺时限"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    statutory_clock = models.OneToOneField(
        "clock.Clock", verbose_name=_("法定时限"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    calendar_key = models.CharField(_("日历"), max_length=20)
    refiled_from = models.ForeignKey(
        "self",
        verbose_name=_("疑似撤回重报自"),
        null=True,
        on_delete=models.PROTECT,
        related_name="refilings",
    )
    source_system = models.CharField(_("来源系统"), max_length=40, blank=True)
    source_id = models.CharField(_("来源编号"), max_length=100, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("办件")
        verbose_name_plural = _("办件")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True)
                | Q(accepted_at__isnull=False)
                | Q(result__in=["refused", "not_required"]),
                name="case_decided_after_accepted",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("received_at")),
                name="case_finishes_after_receipt",
            ),
            models.UniqueConstraint(
                fields=["source_system", "source_id"], condition=~Q(source_system=""), name="case_source_once"
            ),
        ]
        indexes = [
            # The keys of a page are found in these alone: the scope first, or the order first with the scope beside it.
            models.Index(fields=["region", "-received_at", "-id"], name="case_region_received"),
            models.Index(fields=["department", "-received_at", "-id", "state"], name="case_department_young"),
            models.Index(fields=["window", "-received_at", "-id", "state"], name="case_window_young"),
            models.Index(fields=["-received_at", "-id", "region"], name="case_young"),
            models.Index(fields=["state", "-received_at", "-id", "region"], name="case_state_young"),
            # From keys found elsewhere (lights) to place and order, without reading the rows.
            models.Index(fields=["id", "-received_at", "region", "department"], name="case_place_by_key"),
            models.Index(fields=["department", "state"], name="case_department_state"),
            models.Index(fields=["handler", "state"], name="case_handler_state"),
            models.Index(fields=["item", "-received_at"], name="case_item_received"),
            models.Index(fields=["accepted_at"], name="case_accepted"),
            models.Index(fields=["finished_at"], name="case_finished"),
            models.Index(fields=["party", "item"], name="case_party_item"),
            models.Index(
                fields=["applicant_name"], name="case_applicant_begins", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.item_name}"


class CaseMaterial(models.Model):
    """One material of a case: from the item's list, with how it was provided."""

    case = models.ForeignKey(Case, verbose_name=_("办件"), on_delete=models.PROTECT, related_name="materials")
    name = models.CharField(_("名称"), max_length=300)
    required = models.BooleanField(_("必要"), default=True)
    origin = models.CharField(_("来源"), max_length=20, default="applicant")
    status = models.CharField(_("核验"), max_length=20, default="handed_in")
    file = models.ForeignKey(
        "files.StoredFile", verbose_name=_("文件"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("材料")
        verbose_name_plural = _("材料")


class CaseMaterialFile(models.Model):
    """One version of a material's file. Versions are only added; the newest is the one that counts."""

    material = models.ForeignKey(
        CaseMaterial, verbose_name=_("材料"), on_delete=models.PROTECT, related_name="versions"
    )
    version = models.PositiveSmallIntegerField(_("版本"))
    file = models.OneToOneField(
        "files.StoredFile", verbose_name=_("文件"), on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField(_("上传时间"))
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("材料文件")
        verbose_name_plural = _("材料文件")
        constraints = [models.UniqueConstraint(fields=["material", "version"], name="case_material_version")]


class CaseStep(models.Model):
    """One step of the review, done by a person: the record that the national exchange calls 过程."""

    case = models.ForeignKey(Case, verbose_name=_("办件"), on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("环节"), max_length=200)
    outcome = models.CharField(_("业务动作"), max_length=10, default="passed")
    person_name = models.CharField(_("办理人"), max_length=100)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unit_name = models.CharField(_("单位"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("开始"), null=True)
    ended_at = models.DateTimeField(_("完成"))
    opinion = models.TextField(_("意见"), blank=True)

    class Meta:
        verbose_name = _("办理环节")
        verbose_name_plural = _("办理环节")
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="case_step_number")]


class SupplementNotice(models.Model):
    """The one-time notice of everything that is missing (licensing law art. 32). A second one is refused."""

    case = models.OneToOneField(
        Case, verbose_name=_("办件"), on_delete=models.PROTECT, related_name="supplement"
    )
    items = models.TextField(_("需补正的全部内容"))
    document_no = models.CharField(_("补正告知书文号"), max_length=100)
    told_at = models.DateTimeField(_("告知时间"))
    filed_at = models.DateTimeField(_("补齐时间"), null=True)
    clock = models.ForeignKey("clock.Clock", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("补正告知")
        verbose_name_plural = _("补正告知")


class SpecialProcedure(models.Model):
    """A procedure whose time the law does not count (art. 45), announced to the applicant in writing."""

    case = models.ForeignKey(
        Case, verbose_name=_("办件"), on_delete=models.PROTECT, related_name="procedures"
    )
    kind = models.CharField(_("种类"), max_length=20)
    reason = models.TextField(_("启动理由"))
    expected_days = models.PositiveSmallIntegerField(_("预计工作日"))
    notice_no = models.CharField(_("告知书文号"), max_length=100)
    started_at = models.DateTimeField(_("开始"))
    ended_at = models.DateTimeField(_("结束"), null=True)
    outcome = models.TextField(_("结果"), blank=True)
    clock = models.ForeignKey("clock.Clock", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("特别程序")
        verbose_name_plural = _("特别程序")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="case_one_open_procedure"
            ),
        ]


class ExtensionRequest(models.Model):
    """A request to lengthen the limit once, decided by the head of the agency (art. 42)."""

    class State(models.TextChoices):
        PENDING = "pending", _("待批准")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")

    case = models.ForeignKey(
        Case, verbose_name=_("办件"), on_delete=models.PROTECT, related_name="extensions"
    )
    amount = models.PositiveSmallIntegerField(_("工作日"))
    reason = models.TextField(_("理由"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PENDING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True)

    class Meta:
        verbose_name = _("延期申请")
        verbose_name_plural = _("延期申请")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["pending", "approved"]), name="case_one_extension"
            ),
        ]


class ReceiptCode(models.Model):
    """A code printed on a receipt; only a digest of its 130 random bits is kept."""

    case = models.ForeignKey(Case, verbose_name=_("办件"), on_delete=models.PROTECT, related_name="codes")
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    issued_at = models.DateTimeField(_("签发时间"))

    class Meta:
        verbose_name = _("回执查询码")
        verbose_name_plural = _("回执查询码")
