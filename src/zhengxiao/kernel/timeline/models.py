"""Entries (append-only) and their deliveries. Migration 0002 also installs triggers that refuse UPDATE of an entry."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

COMMITMENT = "~"
"""The key under which a value is replaced by its commitment: {"~": "64 hex digits"}."""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reading and inserting only; the past is not edited."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("timeline entries are append-only: no update")

    def delete(self) -> NoReturn:
        raise TypeError("timeline entries are append-only: no delete")

    def about(self, kind: str, subject_id: int) -> EntryQuerySet:
        return self.filter(subject_kind=kind, subject_id=subject_id)


class Entry(models.Model):
    """One fact: what happened to which subject, when it counts (`at`), when it was written, by whom."""

    fact = models.CharField(_("事实"), max_length=80)
    subject_kind = models.CharField(_("对象类型"), max_length=40)
    subject_id = models.BigIntegerField(_("对象"))
    at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    actor_name = models.CharField(_("操作人姓名"), max_length=100)
    unit = models.ForeignKey(
        "orgs.Unit",
        verbose_name=_("单位"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    data = models.JSONField(_("内容"), default=dict)
    rows = models.TextField(_("所写各行"), null=True)
    """The versions of the rows of record that were written with this fact (records.py); covered by the leaf."""
    leaf = models.BinaryField(_("散列叶"), max_length=32)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("时间线记录")
        verbose_name_plural = _("时间线记录")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="timeline_subject"),
            models.Index(fields=["fact", "at"], name="timeline_fact_at"),
        ]

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("timeline entries are append-only: no delete")

    @property
    def told(self) -> dict[str, Any]:
        """What was said, with the personal values that stand apart; those that were erased are empty."""
        hidden = [key for key, value in self.data.items() if isinstance(value, dict) and COMMITMENT in value]
        if not hidden:
            return dict(self.data)
        part = getattr(self, "personal", None)
        known = part.values if part is not None else {}
        return {**self.data, **{key: known.get(key, "") for key in hidden}}


class PersonalPart(models.Model):
    """What an entry says about a person: the values beside their commitments, and the salt. Erasing it keeps every proof."""

    entry = models.OneToOneField(
        Entry, verbose_name=_("记录"), primary_key=True, on_delete=models.PROTECT, related_name="personal"
    )
    salt = models.BinaryField(_("盐"), max_length=16)
    values = models.JSONField(_("个人信息"), default=dict)

    class Meta:
        verbose_name = _("个人信息部分")
        verbose_name_plural = _("个人信息部分")


class Delivery(models.Model):
    """One entry owed to one subscriber. Claimed by conditional update; done in the subscriber's own transaction."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待送达")
        DONE = "done", _("已送达")
        PARKED = "parked", _("已搁置")

    entry = models.ForeignKey(
        Entry, verbose_name=_("记录"), on_delete=models.PROTECT, related_name="deliveries"
    )
    subscriber = models.CharField(_("订阅者"), max_length=80)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    not_before = models.DateTimeField(_("不早于"))
    done_at = models.DateTimeField(_("送达时间"), null=True)
    error = models.TextField(_("错误"), blank=True)

    class Meta:
        verbose_name = _("送达")
        verbose_name_plural = _("送达")
        constraints = [
            models.UniqueConstraint(fields=["entry", "subscriber"], name="timeline_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"], name="timeline_delivery_due", condition=models.Q(state="waiting")
            ),
        ]
