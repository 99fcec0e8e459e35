"""Rules, their versions, what they found, and back-tests with every case behind their numbers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengxiao.kernel.access.api import ScopedQuerySet, ScopeFields, scope_q
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.detection import permissions

SCOPE = ScopeFields(region="region_id", department="department_id", unit="unit_id", person=None, public=None)
NO_SCOPE = ScopeFields(region=None, department=None, unit=None, person=None, public=None)
"""Rules hold for the whole platform: whoever may see them sees all."""

LEVELS = (("blue", _("蓝")), ("yellow", _("黄")), ("red", _("红")))
MODES = (("shadow", _("试运行")), ("active", _("正式")))


class Rule(models.Model):
    """A rule by its code: one way of looking (`detector`) with versions of its parameters."""

    code = models.SlugField(_("规则编码"), max_length=40, unique=True)
    detector = models.CharField(_("判断方式"), max_length=40)
    created_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("监察规则")
        verbose_name_plural = _("监察规则")

    def __str__(self) -> str:
        return self.code


class VersionQuerySet(ScopedQuerySet["RuleVersion"]):
    scope_fields = NO_SCOPE
    view_action = permissions.RULES

    def running(self) -> VersionQuerySet:
        """Versions that look at cases: on trial or in force."""
        return self.filter(state__in=["shadow", "active"])


class RuleVersion(models.Model):
    """What a rule means while it holds. Only a draft is edited; `state` is written by workflow.move alone."""

    rule = models.ForeignKey(Rule, verbose_name=_("规则"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, default="draft")
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=10, choices=LEVELS)
    parameters = models.JSONField(_("参数"), default=dict)
    scope = models.JSONField(_("适用范围"), default=dict, blank=True)
    source = models.CharField(_("依据"), max_length=300)
    template = models.CharField(_("证据文字"), max_length=500)
    note = models.TextField(_("起草说明"), blank=True)
    authors = models.JSONField(_("起草人"), default=list)
    changed_at = models.DateTimeField(_("修改时间"))
    since = models.DateTimeField(_("试运行或启用自"), null=True)
    proposed_for = models.CharField(_("提请"), max_length=10, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提请人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("提请时间"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("确认人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    retired_at = models.DateTimeField(_("停用时间"), null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("监察规则版本")
        verbose_name_plural = _("监察规则版本")
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="detection_version_number"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(state="active"), name="detection_one_version_in_force"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="detection_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} V{self.number}"


class FindingQuerySet(ScopedQuerySet["Finding"]):
    """Findings as an actor may see them."""

    scope_fields = SCOPE
    view_action = permissions.VIEW

    def shown_to(self, actor: Actor) -> FindingQuerySet:
        """What the actor may see: findings in force, and those on trial only where the actor may see trials."""
        on_trial = scope_q(actor, permissions.TRIAL, SCOPE)
        return self.visible_to(actor).filter(Q(mode="active") | on_trial)


class Finding(models.Model):
    """One thing found once: by a rule version, carried by a case. Never edited but for what became of its card."""

    class Outcome(models.TextChoices):
        NONE = "", pgettext_lazy("监察结果", "未提出异议")
        UPHELD = "upheld", pgettext_lazy("监察结果", "申诉后维持")
        LIFTED = "lifted", pgettext_lazy("监察结果", "已撤销")

    version = models.ForeignKey(
        RuleVersion,
        verbose_name=_("规则版本"),
        on_delete=models.PROTECT,
        related_name="findings",
        db_index=False,
    )
    rule = models.ForeignKey(Rule, verbose_name=_("规则"), on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", verbose_name=_("办件"), on_delete=models.PROTECT, related_name="+")
    key = models.BigIntegerField(_("唯一键"))
    mode = models.CharField(_("方式"), max_length=10, choices=MODES)
    level = models.CharField(_("级别"), max_length=10, choices=LEVELS)
    at = models.DateTimeField(_("发生时间"))
    found_at = models.DateTimeField(_("发现时间"))
    evidence = models.JSONField(_("证据"), default=dict)
    evidence_text = models.TextField(_("证据说明"))
    region = models.ForeignKey(
        "orgs.Region", verbose_name=_("区划"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "orgs.Unit", verbose_name=_("部门"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        "orgs.Unit", verbose_name=_("承办科室"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    run = models.UUIDField(_("运行批次"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, default=Outcome.NONE, blank=True)
    outcome_at = models.DateTimeField(_("结果时间"), null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("监察发现")
        verbose_name_plural = _("监察发现")
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="detection_found_once"),
        ]
        indexes = [
            models.Index(fields=["department", "-at"], name="detection_department_at"),
            models.Index(fields=["region", "-at"], name="detection_region_at"),
            models.Index(fields=["-at", "-id"], name="detection_at"),
        ]

    def __str__(self) -> str:
        return self.evidence_text[:60]


class BackTest(models.Model):
    """A rule version held against the past: asked for, run as a job, kept with the version."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待运行")
        RUNNING = "running", _("运行中")
        DONE = "done", _("已完成")

    version = models.ForeignKey(
        RuleVersion, verbose_name=_("规则版本"), on_delete=models.PROTECT, related_name="back_tests"
    )
    against = models.ForeignKey(
        RuleVersion, verbose_name=_("对照版本"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    parameters = models.JSONField(_("参数"), default=dict)
    first = models.DateField(_("起"))
    after = models.DateField(_("止（不含）"))
    cut_off = models.DateTimeField(_("数据截至"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提交人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("提交时间"))
    job_id = models.BigIntegerField(_("后台任务"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    read = models.BigIntegerField(_("检查办件"), default=0)
    seconds = models.FloatField(_("用时"), null=True)

    class Meta:
        verbose_name = _("回溯试算")
        verbose_name_plural = _("回溯试算")


class HitQuerySet(ScopedQuerySet["Hit"]):
    scope_fields = SCOPE
    view_action = permissions.TRIAL


class Hit(models.Model):
    """One case behind a number of a back-test, as it stood then.

    A back-test may write hundreds of thousands, all copied from cases read in the same run, and no case is ever deleted: the
    database does not look each of them up again.
    """

    class Change(models.TextChoices):
        NEW = "new", pgettext_lazy("回溯对照", "新增")
        SAME = "same", pgettext_lazy("回溯对照", "相同")
        GONE = "gone", pgettext_lazy("回溯对照", "不再发现")

    back_test = models.ForeignKey(
        BackTest, verbose_name=_("回溯试算"), on_delete=models.PROTECT, related_name="hits", db_index=False
    )
    case = models.ForeignKey(
        "cases.Case",
        verbose_name=_("办件"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    key = models.BigIntegerField(_("唯一键"))
    change = models.CharField(_("与现行版本相比"), max_length=5, choices=Change)
    level = models.CharField(_("级别"), max_length=10, choices=LEVELS)
    at = models.DateTimeField(_("发生时间"))
    month = models.CharField(_("月份"), max_length=7)
    region = models.ForeignKey(
        "orgs.Region",
        verbose_name=_("区划"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    department = models.ForeignKey(
        "orgs.Unit",
        verbose_name=_("部门"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    unit = models.ForeignKey(
        "orgs.Unit",
        verbose_name=_("承办科室"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    objects = HitQuerySet.as_manager()

    class Meta:
        verbose_name = _("试算命中")
        verbose_name_plural = _("试算命中")
        constraints = [
            models.UniqueConstraint(fields=["back_test", "key", "change"], name="detection_hit_once"),
        ]
        indexes = [
            models.Index(fields=["back_test", "region", "department"], name="detection_hit_place"),
        ]

    def __str__(self) -> str:
        return str(self.key)
