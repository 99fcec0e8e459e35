"""Published figures, frozen with the subjects behind them."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.metrics.packing import unpack_ids
from zhengxiao.kernel.metrics.rules import Part


class FrozenFigureQuerySet(models.QuerySet["FrozenFigure"]):
    """Reading and inserting only: what was published stays published."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("a frozen figure is not changed; a correction is a new version of the metric")


class FrozenFigure(models.Model):
    """One figure of a period that is over, as published: the numbers, the cut-off and the ids, for good."""

    metric = models.CharField(_("指标"), max_length=80)
    version = models.PositiveSmallIntegerField(_("口径版本"))
    period_start = models.DateTimeField(_("统计期起"))
    period_end = models.DateTimeField(_("统计期止"))
    dimension = models.CharField(_("维度"), max_length=40, blank=True)
    key = models.CharField(_("维度值"), max_length=80, blank=True)
    label = models.CharField(_("名称"), max_length=128)
    value = models.DecimalField(_("数值"), max_digits=30, decimal_places=12, null=True)
    numerator = models.DecimalField(_("分子"), max_digits=30, decimal_places=6)
    denominator = models.DecimalField(_("分母"), max_digits=30, decimal_places=6, null=True)
    n = models.PositiveBigIntegerField(_("样本数"))
    as_of = models.DateTimeField(_("数据截止"))
    frozen_at = models.DateTimeField(_("发布时间"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("发布人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    ids_digest = models.CharField(_("明细摘要"), max_length=64)
    ids_packed = models.BinaryField(_("明细"))

    objects = FrozenFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("已发布指标")
        verbose_name_plural = _("已发布指标")
        ordering = ["metric", "period_start", "dimension", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "version", "period_start", "period_end", "dimension", "key"],
                name="metrics_frozen_once",
            ),
            models.CheckConstraint(
                condition=Q(period_start__lt=F("period_end")), name="metrics_frozen_period"
            ),
            models.CheckConstraint(
                condition=Q(period_end__lte=F("frozen_at")), name="metrics_frozen_after_its_period"
            ),
        ]

    def ids(self, part: Part) -> list[int]:
        """The subjects behind one part as published; intersect with `visible_to` before showing them."""
        return unpack_ids(bytes(self.ids_packed), self.ids_digest)[part]
