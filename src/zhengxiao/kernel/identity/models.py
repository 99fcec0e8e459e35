"""People who sign in. What they may do is not kept here: it follows from their posts (orgs) and the policy
tables (access).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    CHINESE = "zh-hans", _("简体中文")
    ENGLISH = "en", _("英文")


class UserManager(BaseUserManager["User"]):
    """Finds a user by the name typed at sign-in. Users are made by `services.user_create`, which is told the
    moment.
    """

    def get_by_natural_key(self, username: str | None) -> User:
        """Capital and small letters are one name, as the unique constraint says."""
        return self.get(username__iexact=username or "")


class User(AbstractBaseUser):
    """An account. No staff or superuser flag exists: nobody is above the policy tables."""

    # Sign-ins are facts of the timeline; Django's own column would be written from the wall clock.
    last_login: ClassVar[None] = None  # type: ignore[misc]

    username = models.CharField(_("用户名"), max_length=64, unique=True)
    display_name = models.CharField(_("姓名"), max_length=64)
    phone_masked = models.CharField(_("手机（已遮蔽）"), max_length=32, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    language = models.CharField(
        _("界面语言"), max_length=16, choices=Language.choices, default=Language.CHINESE
    )
    joined_at = models.DateTimeField(_("开户时间"))
    disabled_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    # None: the password does not age (sample accounts, whose password is public anyway, and accounts without one).
    password_set_at = models.DateTimeField(_("密码设置时间"), null=True, blank=True)
    password_must_change = models.BooleanField(_("须修改密码"), default=False)

    objects = UserManager()

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="identity_user_username_any_case"),
            models.CheckConstraint(condition=~models.Q(username=""), name="identity_user_has_a_username"),
            models.CheckConstraint(
                condition=models.Q(is_active=True, disabled_at=None)
                | models.Q(is_active=False, disabled_at__isnull=False),
                name="identity_user_disabled_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class PastPassword(models.Model):
    """A hash that was an account's password once, so that it does not come back at once. Only the newest are kept."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="past_passwords", verbose_name=_("用户")
    )
    password = models.CharField(_("密码摘要"), max_length=128)
    ended_at = models.DateTimeField(_("停用时间"))

    class Meta:
        verbose_name = _("用过的密码")
        verbose_name_plural = _("用过的密码")
        ordering = ["-ended_at", "-id"]
