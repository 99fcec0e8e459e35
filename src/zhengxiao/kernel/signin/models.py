"""Counters of tries, second factors with their recovery codes, and sessions that say whose they are."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _


class Throttle(models.Model):
    """One counter. `key` and `account` are keyed digests: a name that was typed, known or not, is not kept."""

    key = models.CharField(_("计数对象"), max_length=64, unique=True)
    account = models.CharField(_("账号摘要"), max_length=64, db_index=True)
    failures = models.PositiveIntegerField(_("连续失败"), default=0)
    last_at = models.DateTimeField(_("最近一次"), db_index=True)
    free_at = models.DateTimeField(_("下一次不早于"), null=True)

    class Meta:
        verbose_name = _("登录计数")
        verbose_name_plural = _("登录计数")


class SecondFactor(models.Model):
    """A person's authenticator (RFC 6238). `last_step`: the time step of the last code taken; no code counts twice."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("用户")
    )
    secret_sealed = models.CharField(_("密钥（加密）"), max_length=200)
    created_at = models.DateTimeField(_("生成时间"))
    confirmed_at = models.DateTimeField(_("启用时间"), null=True)
    last_step = models.BigIntegerField(_("最近时间步"), default=0)

    class Meta:
        verbose_name = _("二次验证")
        verbose_name_plural = _("二次验证")


class RecoveryCode(models.Model):
    """A code that opens once when the telephone is lost; only a keyed digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("用户")
    )
    digest = models.CharField(_("摘要"), max_length=64)
    created_at = models.DateTimeField(_("生成时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True)

    class Meta:
        verbose_name = _("恢复代码")
        verbose_name_plural = _("恢复代码")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="signin_recovery_code_once")]


class Session(AbstractBaseSession):
    """A session of the browser; the columns beside the data say whose it is, so that it can be listed and ended."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("用户"),
    )
    started_at = models.DateTimeField(_("登录时间"), null=True)
    seen_at = models.DateTimeField(_("最近使用"), null=True)
    address = models.CharField(_("来源地址"), max_length=64, blank=True)
    browser = models.CharField(_("浏览器"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("会话")
        verbose_name_plural = _("会话")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from zhengxiao.kernel.signin.sessions import SessionStore  # noqa: PLC0415 - the store needs this class

        return SessionStore
