"""Rows of the background work: jobs asked for once, schedules that come round, and the pulse of each
runner.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("运行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("被拒绝")
    PARKED = "parked", _("已搁置")


class Job(models.Model):
    """One piece of work asked for. `attempts` grows with every claim and is the token that fences off a
    late runner.
    """

    name = models.CharField(_("任务"), max_length=80)
    args = models.JSONField(_("参数"), default=dict)
    lane = models.CharField(_("队列"), max_length=80, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    attempts = models.PositiveIntegerField(_("尝试次数"), default=0)
    not_before = models.DateTimeField(_("最早开始"))
    lease_until = models.DateTimeField(_("占用至"), null=True)
    runner = models.CharField(_("运行者"), max_length=120, blank=True)
    progress_done = models.BigIntegerField(_("已完成数量"), default=0)
    progress_total = models.BigIntegerField(_("总数量"), null=True)
    result = models.JSONField(_("结果"), null=True)
    error = models.TextField(_("错误"), blank=True)
    # Not a foreign key: this package lies below identity and must not know who users are.
    requested_by_id = models.BigIntegerField(_("提交人编号"), null=True)
    requested_by_name = models.CharField(_("提交人"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("提交时间"))
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                name="jobs_job_waiting",
                condition=models.Q(state__in=["queued", "running"]),
            ),
            models.Index(fields=["state", "id"], name="jobs_job_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="jobs_running_job_has_lease",
                condition=~models.Q(state="running") | models.Q(lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="jobs_ended_job_has_end",
                condition=~models.Q(state__in=["done", "failed", "parked"])
                | models.Q(finished_at__isnull=False),
            ),
        ]


class ScheduleRun(models.Model):
    """The state of one declared schedule: when it is due next and who holds it. `runs` fences off a late
    runner.
    """

    name = models.CharField(_("定时任务"), max_length=80, unique=True)
    next_at = models.DateTimeField(_("下次运行"))
    runs = models.BigIntegerField(_("运行次数"), default=0)
    lease_until = models.DateTimeField(_("占用至"), null=True)
    runner = models.CharField(_("运行者"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("上次开始"), null=True)
    finished_at = models.DateTimeField(_("上次完成"), null=True)
    failures = models.PositiveIntegerField(_("连续失败次数"), default=0)
    error = models.TextField(_("错误"), blank=True)

    class Meta:
        verbose_name = _("定时任务")
        verbose_name_plural = _("定时任务")


class Heartbeat(models.Model):
    """When a runner was last seen alive."""

    runner = models.CharField(_("运行者"), max_length=120, unique=True)
    at = models.DateTimeField(_("最近心跳"))

    class Meta:
        verbose_name = _("运行者心跳")
        verbose_name_plural = _("运行者心跳")
