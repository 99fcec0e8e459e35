"""What came in from where: runs, refused units, and the source record behind every imported subject."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import ScopedQuerySet, ScopeFields


class RunState(models.TextChoices):
    WAITING = "waiting", _("等待后台任务")
    RUNNING = "running", _("运行中")
    DONE = "done", _("已完成")
    STOPPED = "stopped", _("已中断，可继续")
    FAILED = "failed", _("无法读取")


class ImportRunQuerySet(ScopedQuerySet["ImportRun"]):
    """Refused rows hold people's data: by OWN scope a run is seen by the person who asked for it."""

    scope_fields = ScopeFields(region=None, department=None, unit=None, person="requested_by_id")
    view_action = "imports.view"


class ImportRun(models.Model):
    """One import of one file. Counts are units (cases, items); `rows_…` stand beside them.

    `offset` is the number of units done: counts, refusals and subjects of a batch are committed together
    with it.
    """

    kind = models.CharField(_("种类"), max_length=40)
    source_system = models.CharField(_("来源系统"), max_length=80)
    profile = models.CharField(_("导入配置"), max_length=120)
    profile_digest = models.CharField(_("配置摘要"), max_length=64)
    file_name = models.CharField(_("文件名"), max_length=255)
    file_digest = models.CharField(_("文件摘要"), max_length=64)
    # Set for uploads: what the background reads, and the job that does it.
    file = models.ForeignKey(
        "files.StoredFile", verbose_name=_("文件"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    job_id = models.BigIntegerField(_("后台任务编号"), null=True)
    dry_run = models.BooleanField(_("试导入"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=RunState.choices, default=RunState.RUNNING)
    read = models.BigIntegerField(_("读取"), default=0)
    accepted = models.BigIntegerField(_("新增"), default=0)
    updated = models.BigIntegerField(_("更新"), default=0)
    unchanged = models.BigIntegerField(_("未变"), default=0)
    rejected = models.BigIntegerField(_("拒收"), default=0)
    rows_read = models.BigIntegerField(_("读取行数"), default=0)
    rows_accepted = models.BigIntegerField(_("新增行数"), default=0)
    rows_updated = models.BigIntegerField(_("更新行数"), default=0)
    rows_unchanged = models.BigIntegerField(_("未变行数"), default=0)
    rows_rejected = models.BigIntegerField(_("拒收行数"), default=0)
    offset = models.BigIntegerField(_("已完成单元"), default=0)
    percent = models.PositiveSmallIntegerField(_("进度"), default=0)
    error = models.TextField(_("错误"), blank=True)
    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    requested_by = models.ForeignKey(
        "identity.User", verbose_name=_("提交人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_by_name = models.CharField(_("提交人姓名"), max_length=80, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入批次")
        verbose_name_plural = _("导入批次")
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "file_digest"], name="exchange_run_file")]
        constraints = [
            models.CheckConstraint(
                name="exchange_run_counts_agree",
                condition=models.Q(
                    read=models.F("accepted")
                    + models.F("updated")
                    + models.F("unchanged")
                    + models.F("rejected")
                ),
            ),
            models.CheckConstraint(
                name="exchange_run_rows_agree",
                condition=models.Q(
                    rows_read=models.F("rows_accepted")
                    + models.F("rows_updated")
                    + models.F("rows_unchanged")
                    + models.F("rows_rejected")
                ),
            ),
        ]


class Rejection(models.Model):
    """One reason why one unit did not come in, or (`warning`) what should be looked at in one that did."""

    run = models.ForeignKey(
        ImportRun, verbose_name=_("批次"), on_delete=models.CASCADE, related_name="rejections"
    )
    unit = models.BigIntegerField(_("单元序号"))
    row_from = models.BigIntegerField(_("起始行"))
    row_to = models.BigIntegerField(_("结束行"))
    source_id = models.CharField(_("来源编号"), max_length=200, blank=True)
    field = models.CharField(_("字段"), max_length=80, blank=True)
    code = models.CharField(_("代码"), max_length=80)
    reason = models.TextField(_("原因"))
    warning = models.BooleanField(_("仅提醒"), default=False)
    # The rows of the unit as they stood in the file, only with the first reason of a unit.
    raw = models.JSONField(_("原始行"), default=list)
    raw_cut = models.BooleanField(_("原始行不全"), default=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("拒收记录")
        verbose_name_plural = _("拒收记录")
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "warning", "id"], name="exchange_rejection_run")]


class SourceRecord(models.Model):
    """The latest state of one source record and the subject it became: what makes an import idempotent."""

    kind = models.CharField(_("种类"), max_length=40)
    source_system = models.CharField(_("来源系统"), max_length=80)
    source_id = models.CharField(_("来源编号"), max_length=200)
    revision = models.CharField(_("版本"), max_length=80, blank=True)
    digest = models.CharField(_("内容摘要"), max_length=32)
    subject_kind = models.CharField(_("对象种类"), max_length=40)
    subject_id = models.BigIntegerField(_("对象编号"))
    run = models.ForeignKey(
        ImportRun, verbose_name=_("最近批次"), on_delete=models.PROTECT, related_name="records"
    )

    class Meta:
        verbose_name = _("来源记录")
        verbose_name_plural = _("来源记录")
        constraints = [
            models.UniqueConstraint(
                fields=["source_system", "kind", "source_id"], name="exchange_record_unique"
            )
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="exchange_record_subject")]
