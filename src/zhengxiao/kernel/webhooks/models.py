"""Targets, their secrets, what is owed to them, and every try."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import ScopedQuerySet, ScopeFields
from zhengxiao.kernel.webhooks.rules import Algorithm

EVERYWHERE = ScopeFields(region=None, department=None, unit=None, person=None)


class TargetState(models.TextChoices):
    PROPOSED = "proposed", _("待确认")
    ACTIVE = "active", _("启用")
    DISABLED = "disabled", _("停用")
    CLOSED = "closed", _("关闭")


class TargetQuerySet(ScopedQuerySet["WebhookTarget"]):
    scope_fields = EVERYWHERE
    view_action = "webhooks.view"


class WebhookTarget(models.Model):
    """Where events go: an address of another system, and the account whose rights decide which events it hears of."""

    name = models.CharField(_("名称"), max_length=100, unique=True)
    owner = models.ForeignKey(
        "orgs.Unit", verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("以谁的权限"), on_delete=models.PROTECT, related_name="+"
    )
    url = models.CharField(_("地址"), max_length=500)
    facts = models.JSONField(_("事件"), default=list)
    algorithm = models.CharField(_("签名算法"), max_length=10, default=Algorithm.SHA256.value)
    state = models.CharField(
        _("状态"), max_length=10, choices=TargetState.choices, default=TargetState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提出人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("确认人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    active_since = models.DateTimeField(_("启用时间"), null=True)
    failures = models.PositiveIntegerField(_("连续失败"), default=0)
    failing_since = models.DateTimeField(_("持续失败自"), null=True)
    paused_until = models.DateTimeField(_("暂缓至"), null=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("事件推送目标")
        verbose_name_plural = _("事件推送目标")
        constraints = [
            models.CheckConstraint(
                name="webhooks_two_people",
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=models.F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TargetSecret(models.Model):
    """A signing secret, sealed. Two may be in force while receivers change over; it is told once, when it is made."""

    target = models.ForeignKey(
        WebhookTarget, verbose_name=_("推送目标"), on_delete=models.PROTECT, related_name="secrets"
    )
    sealed = models.TextField(_("密钥"))
    created_at = models.DateTimeField(_("生成时间"))
    expires_at = models.DateTimeField(_("失效时间"), null=True)

    class Meta:
        verbose_name = _("签名密钥")
        verbose_name_plural = _("签名密钥")


class MessageState(models.TextChoices):
    WAITING = "waiting", _("待送达")
    SENT = "sent", _("已送达")
    DEAD = "dead", _("未能送达")
    WITHHELD = "withheld", _("无权知悉")


class MessageQuerySet(ScopedQuerySet["Message"]):
    scope_fields = EVERYWHERE
    view_action = "webhooks.view"


class Message(models.Model):
    """One event owed to one target. Claimed by conditional update on `attempts`; one of a subject is in flight at a time."""

    target = models.ForeignKey(
        WebhookTarget,
        verbose_name=_("推送目标"),
        on_delete=models.PROTECT,
        related_name="messages",
        db_index=False,
    )
    entry = models.ForeignKey(
        "timeline.Entry", verbose_name=_("记录"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    fact = models.CharField(_("事件"), max_length=80)
    subject_kind = models.CharField(_("对象类型"), max_length=40)
    subject_id = models.BigIntegerField(_("对象"))
    subject_name = models.CharField(_("编号"), max_length=120)
    state = models.CharField(
        _("状态"), max_length=10, choices=MessageState.choices, default=MessageState.WAITING
    )
    attempts = models.PositiveIntegerField(_("尝试次数"), default=0)
    created_at = models.DateTimeField(_("产生时间"))
    not_before = models.DateTimeField(_("不早于"))
    first_tried_at = models.DateTimeField(_("首次尝试"), null=True)
    lease_until = models.DateTimeField(_("占用至"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("事件推送")
        verbose_name_plural = _("事件推送")
        constraints = [models.UniqueConstraint(fields=["entry", "target"], name="webhooks_message_once")]
        indexes = [
            models.Index(
                fields=["target", "subject_kind", "subject_id", "entry"],
                name="webhooks_message_order",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["state", "target", "not_before"], name="webhooks_message_due"),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.subject_name}"


class Attempt(models.Model):
    """One try: what came of it and how long it took. Of the answer only its beginning is kept."""

    message = models.ForeignKey(
        Message, verbose_name=_("事件推送"), on_delete=models.CASCADE, related_name="tries"
    )
    number = models.PositiveIntegerField(_("第几次"))
    at = models.DateTimeField(_("时间"))
    outcome = models.CharField(_("结果"), max_length=20)
    status = models.PositiveSmallIntegerField(_("状态码"), null=True)
    milliseconds = models.PositiveIntegerField(_("用时（毫秒）"))
    beginning = models.CharField(_("应答开头"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("推送尝试")
        verbose_name_plural = _("推送尝试")
        indexes = [models.Index(fields=["at"], name="webhooks_attempt_at")]
