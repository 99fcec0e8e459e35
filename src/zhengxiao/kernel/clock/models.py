"""Clock rules, clocks, their rows and the rungs claimed. Columns under "caches" are derived and recomputable."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.clock.policies import GRAVITY, Light
from zhengxiao.kernel.clock.rules import Projection, Verb, light_at


class ClockRule(models.Model):
    """One version of a promise's terms: limit, legal ground, who may stop it and why, how it warns. Never edited."""

    code = models.CharField(_("规则编码"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    label = models.CharField(_("名称"), max_length=100)
    kind = models.CharField(_("类别"), max_length=20)
    term = models.CharField(_("时限"), max_length=20, blank=True)
    legal_ground = models.CharField(_("依据"), max_length=200)
    policy = models.CharField(_("预警策略"), max_length=40)
    grounds = models.JSONField(_("中止情形"), default=list)
    extension = models.JSONField(_("延期规则"), null=True)
    valid_from = models.DateField(_("生效日期"))

    class Meta:
        verbose_name = _("时限规则")
        verbose_name_plural = _("时限规则")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="clock_rule_version")]

    def __str__(self) -> str:
        return f"{self.label} V{self.version}"


def _gravity(at: datetime) -> models.Case:
    """The rank of the light that the columns give at `at`; the same rule as `light_at`, in the query."""
    paused = Q(paused_since__isnull=False) & (Q(paused_until__isnull=True) | Q(paused_until__gt=at))
    return models.Case(
        models.When(red_at__lte=at, then=models.Value(GRAVITY[Light.RED])),
        models.When(yellow_at__lte=at, then=models.Value(GRAVITY[Light.YELLOW])),
        models.When(paused, then=models.Value(GRAVITY[Light.GREY])),
        models.When(blue_at__lte=at, then=models.Value(GRAVITY[Light.BLUE])),
        default=models.Value(GRAVITY[Light.GREEN]),
        output_field=models.IntegerField(),
    )


class ClockQuerySet(models.QuerySet["Clock"]):
    """Filters on clocks; `at` is always given."""

    def about(self, kind: str, subject_id: int) -> ClockQuerySet:
        return self.filter(subject_kind=kind, subject_id=subject_id)

    def running(self) -> ClockQuerySet:
        return self.filter(stopped_at__isnull=True)

    def with_light(self, light: Light, at: datetime) -> ClockQuerySet:
        """Running clocks that show exactly `light` at `at`; the same rule as `light_at`, in the query."""
        red = Q(red_at__lte=at)
        yellow = Q(yellow_at__lte=at)
        paused = Q(paused_since__isnull=False) & (Q(paused_until__isnull=True) | Q(paused_until__gt=at))
        blue = Q(blue_at__lte=at)
        # A missing moment is NULL; `exclude` keeps those rows where a plain negation would drop them.
        running = self.running()
        if light is Light.RED:
            return running.filter(red)
        running = running.exclude(red)
        if light is Light.YELLOW:
            return running.filter(yellow)
        running = running.exclude(yellow)
        if light is Light.GREY:
            return running.filter(paused)
        running = running.exclude(paused)
        return running.filter(blue) if light is Light.BLUE else running.exclude(blue)

    def subjects_showing(self, light: Light, kind: str, at: datetime) -> models.QuerySet[Clock, Any]:
        """Ids of the subjects of a kind whose gravest running clock shows exactly `light` at `at`, as a subquery.

        Grouped over the running clocks, which are few: a million subjects at rest cost nothing.
        """
        found = self.running().filter(subject_kind=kind)
        if light is Light.RED:
            found = found.filter(red_at__lte=at)
        elif light is Light.YELLOW:  # what shows less than yellow cannot change the gravest of these
            found = found.filter(Q(yellow_at__lte=at) | Q(red_at__lte=at))
        grouped = found.order_by().values("subject_id").annotate(gravest=models.Max(_gravity(at)))
        return grouped.filter(gravest=GRAVITY[light]).values("subject_id")


class Clock(models.Model):
    """A promise that runs: what about, how long, who owns it, since when. A subject may carry several."""

    subject_kind = models.CharField(_("对象类型"), max_length=40)
    subject_id = models.BigIntegerField(_("对象"))
    kind = models.CharField(_("类别"), max_length=20)
    label = models.CharField(_("名称"), max_length=100)
    rule = models.ForeignKey(ClockRule, verbose_name=_("规则"), on_delete=models.PROTECT, db_index=False)
    parent = models.ForeignKey(
        "self", verbose_name=_("外层时限"), null=True, on_delete=models.PROTECT, related_name="inner"
    )
    term_amount = models.IntegerField(_("时限"))
    term_unit = models.CharField(_("单位"), max_length=4)
    region = models.CharField(_("日历"), max_length=20)
    owner_unit = models.ForeignKey(
        "orgs.Unit", verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("责任人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    started_at = models.DateTimeField(_("起算时间"))
    stopped_at = models.DateTimeField(_("停止时间"), null=True)
    source_due = models.BooleanField(_("到期时间由来源系统给定"), default=False)
    revision = models.PositiveIntegerField(_("行数"), default=1)

    # caches
    extension_amount = models.IntegerField(_("延长"), default=0)
    plain = models.BooleanField(_("无暂停与延期"), default=True)
    due_at = models.DateTimeField(_("最后时刻"), null=True)
    due_on = models.DateField(_("到期日"), null=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    paused_since = models.DateTimeField(_("暂停自"), null=True)
    paused_until = models.DateTimeField(_("暂停至多到"), null=True)
    blue_at = models.DateTimeField(_("变蓝时刻"), null=True)
    yellow_at = models.DateTimeField(_("变黄时刻"), null=True)
    red_at = models.DateTimeField(_("变红时刻"), null=True)
    fired = models.PositiveSmallIntegerField(_("已触发"), default=0)
    next_look_at = models.DateTimeField(_("下次检查"), null=True)
    calendar_version = models.CharField(_("日历版本"), max_length=40, blank=True)
    used = models.DecimalField(_("实际用时"), max_digits=12, decimal_places=4, null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("时限")
        verbose_name_plural = _("时限")
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
                name="clock_stops_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="clock_subject"),
            models.Index(
                fields=["next_look_at"], name="clock_next_look", condition=Q(stopped_at__isnull=True)
            ),
            # Everything a light needs, so that counting and filtering by light never leaves the index.
            models.Index(
                fields=[
                    "subject_kind",
                    "subject_id",
                    "red_at",
                    "yellow_at",
                    "blue_at",
                    "paused_since",
                    "paused_until",
                    "due_at",
                ],
                name="clock_running_lights",
                condition=Q(stopped_at__isnull=True),
            ),
            # Which clocks still ran at a past moment; running ones are not in it and pay nothing for it.
            models.Index(fields=["stopped_at"], name="clock_stopped", condition=Q(stopped_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def projection(self) -> Projection:
        """The caches as the rules see them."""
        return Projection(
            due_at=self.due_at,
            due_on=self.due_on,
            provisional=self.provisional,
            paused_since=self.paused_since,
            paused_until=self.paused_until,
            blue_at=self.blue_at,
            yellow_at=self.yellow_at,
            red_at=self.red_at,
        )

    def light(self, at: datetime) -> Light | None:
        """The light at `at`; None for a stopped clock."""
        return None if self.stopped_at is not None else light_at(self.projection, at)


class ClockRow(models.Model):
    """One dated row: who did what to the clock, on which ground, with which document. Append-only."""

    clock = models.ForeignKey(Clock, verbose_name=_("时限"), on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(_("序号"))
    verb = models.CharField(_("动作"), max_length=10, choices=[(verb.value, verb.value) for verb in Verb])
    at = models.DateTimeField(_("生效时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    actor_name = models.CharField(_("操作人"), max_length=100)
    ground = models.CharField(_("情形"), max_length=40, blank=True)
    legal_ground = models.CharField(_("依据"), max_length=200, blank=True)
    held_by = models.CharField(_("在谁手里"), max_length=20, blank=True)
    document = models.CharField(_("文书"), max_length=200, blank=True)
    amount = models.IntegerField(_("数量"), default=0)
    until = models.DateTimeField(_("至多到"), null=True)
    to_unit = models.ForeignKey(
        "orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("时限记录")
        verbose_name_plural = _("时限记录")
        constraints = [models.UniqueConstraint(fields=["clock", "number"], name="clock_row_number")]


class ClockRung(models.Model):
    """A warning rung that was reached, claimed once, stamped with the moment the rule was broken."""

    clock = models.ForeignKey(Clock, verbose_name=_("时限"), on_delete=models.PROTECT, related_name="rungs")
    level = models.CharField(_("灯色"), max_length=10)
    at = models.DateTimeField(_("触发时刻"))
    claimed_at = models.DateTimeField(_("记录时间"))
    breach = models.BooleanField(_("超期"))

    class Meta:
        verbose_name = _("预警")
        verbose_name_plural = _("预警")
        constraints = [models.UniqueConstraint(fields=["clock", "level"], name="clock_rung_once")]
