"""Machine clients, their tokens, and the answers already given under an idempotency key."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ApiClient(models.Model):
    """A program that may call the interface. It may do what both its scopes and its user's posts allow, never more."""

    name = models.CharField(_("名称"), max_length=100, unique=True)
    owner = models.ForeignKey(
        "orgs.Unit", verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("以谁的身份"), on_delete=models.PROTECT, related_name="+"
    )
    scopes = models.JSONField(_("权限范围"), default=list)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("接口客户端")
        verbose_name_plural = _("接口客户端")

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A bearer token; only its digest is kept. `last_used_at` is coarse (an hour), so reading does not write."""

    client = models.ForeignKey(
        ApiClient, verbose_name=_("客户端"), on_delete=models.PROTECT, related_name="tokens"
    )
    prefix = models.CharField(_("令牌开头"), max_length=12, unique=True)
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("签发时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True)

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="openapi_token_expires_later"
            ),
        ]


class IdempotencyKey(models.Model):
    """The answer to a mutating call, written in the transaction of its effect: a row here means the effect is there."""

    client = models.ForeignKey(
        ApiClient, verbose_name=_("客户端"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    key = models.CharField(_("幂等键"), max_length=200)
    target = models.CharField(_("方法与地址"), max_length=300)
    digest = models.CharField(_("请求摘要"), max_length=64)
    status = models.PositiveSmallIntegerField(_("状态码"))
    body = models.TextField(_("应答"))
    created_at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        verbose_name = _("幂等键")
        verbose_name_plural = _("幂等键")
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="openapi_key_once")]
