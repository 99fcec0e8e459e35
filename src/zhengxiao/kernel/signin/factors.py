"""The second factor: an authenticator on the person's telephone (RFC 6238), and codes on paper for when it is lost."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.identity.api import OwnAccount, User, user_of
from zhengxiao.kernel.orgs.api import local_day, posts_in_force
from zhengxiao.kernel.signin.counters import sign_in_counted
from zhengxiao.kernel.signin.models import RecoveryCode, SecondFactor, Session
from zhengxiao.kernel.signin.services import refused
from zhengxiao.kernel.signin.throttling import Origin, proof_claim, try_succeeded
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.lib.sealing import Keys, derive_keys, open_seal, seal

STEP = 30
TOLERANCE = 1
"""A code of the step before or after counts too: telephones are not clocks."""
CODES = 10
PURPOSE = "signin.second_factor"
ISSUER = "Zhengxiao"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class CodeWrong(Refusal):
    template = gettext_noop("验证码不对或已用过。请等手机上出现下一个验证码再试。")


class FactorAlreadySet(Refusal):
    template = gettext_noop("二次验证已启用。换手机请先由安全管理员重置。")


class FactorNotBegun(Refusal):
    template = gettext_noop("请先扫描二维码，再输入验证码。")


class SecondFactorMissing(Refusal):
    template = gettext_noop("用户“{username}”的岗位须先启用二次验证，才能签发接口令牌。")


def roles_owing_a_factor() -> frozenset[Role]:
    """Roles of setting ZX_SECOND_FACTOR_ROLES."""
    return frozenset(Role(name) for name in settings.ZX_SECOND_FACTOR_ROLES)


def owes_factor(roles: Iterable[Role]) -> bool:
    return bool(roles_owing_a_factor() & frozenset(roles))


def has_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def require_factor(user: User, *, at: datetime) -> None:
    """Refuse who holds a role that owes a second factor and has none. Raises SecondFactorMissing."""
    owing = roles_owing_a_factor()
    if not owing or has_factor(user):
        return
    if owing & {post.role for post in posts_in_force(user.pk, local_day(at))}:
        raise SecondFactorMissing(field="user", username=user.username)


def factor_begin(*, user: User, at: datetime) -> str:
    """The secret to scan (base32): the one already begun, or a new one. Raises FactorAlreadySet."""
    with transaction.atomic():
        sealed = seal(secrets.token_hex(20), keys=_keys(), purpose=PURPOSE)
        fresh = {"secret_sealed": sealed, "created_at": at}
        factor, _made = SecondFactor.objects.select_for_update().get_or_create(user=user, defaults=fresh)
    if factor.confirmed_at is not None:
        raise FactorAlreadySet
    return base64.b32encode(_secret(factor)).decode("ascii")


def factor_address(user: User, secret: str) -> str:
    """What the QR code says (otpauth)."""
    label = quote(f"{ISSUER}:{user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


def factor_confirm(*, user: User, code: str, origin: Origin, actor: Actor, at: datetime) -> list[str]:
    """The first code of the telephone switches the factor on; the recovery codes, told this once only.

    Raises FactorNotBegun, FactorAlreadySet, CodeWrong, TooManyFailures.
    """
    found = SecondFactor.objects.filter(user=user).first()
    if found is None:
        raise FactorNotBegun
    if found.confirmed_at is not None:
        raise FactorAlreadySet
    claim = proof_claim(user_id=user.pk, what="factor", at=at)
    if not _take_code(user, code, at):
        refused(user.pk, claim, what="factor", reason="", origin=origin, at=at)
        raise CodeWrong(field="code")
    try_succeeded(claim)
    with transaction.atomic():
        switched = SecondFactor.objects.filter(user=user, confirmed_at__isnull=True).update(confirmed_at=at)
        if switched != 1:
            raise FactorAlreadySet
        record(
            fact="identity.second_factor_set",
            subject=Subject("user", user.pk),
            actor=actor,
            at=at,
            data={"username": user.username},
        )
        return recovery_codes_make(user=user, actor=actor, at=at)


def factor_check(*, user: User, code: str, origin: Origin, actor: Actor, at: datetime) -> str:
    """A code of the telephone or a recovery code: "totp" or "recovery". Raises CodeWrong, TooManyFailures."""
    claim = proof_claim(user_id=user.pk, what="factor", at=at)
    if SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists():
        if _take_code(user, code, at):
            try_succeeded(claim)
            return "totp"
        if _take_recovery_code(user, code, actor, at):
            try_succeeded(claim)
            return "recovery"
    sign_in_counted("second_factor_refused")
    refused(user.pk, claim, what="factor", reason="", origin=origin, at=at)
    raise CodeWrong(field="code")


def recovery_codes_make(*, user: User, actor: Actor, at: datetime) -> list[str]:
    """Ten new codes; those before have no force any more."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        rows = [RecoveryCode(user=user, digest=_digest(user, code), created_at=at) for code in codes]
        RecoveryCode.objects.bulk_create(rows)
        record(
            fact="identity.recovery_codes_made",
            subject=Subject("user", user.pk),
            actor=actor,
            at=at,
            data={"username": user.username, "count": len(codes)},
        )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()


def factor_reset(*, user_id: int, actor: Actor, at: datetime) -> None:
    """Take the factor of somebody who lost it away, with the codes and all sessions. By the security administrator.

    Raises NotPermitted, OwnAccount, UserUnknown. A new factor is set at the next sign-in.
    """
    require(actor, "identity.secure")
    if actor.user_id == user_id:
        raise OwnAccount
    user = user_of(user_id)
    with transaction.atomic():
        SecondFactor.objects.filter(user=user).delete()
        RecoveryCode.objects.filter(user=user).delete()
        Session.objects.filter(user=user).delete()
        record(
            fact="identity.second_factor_reset",
            subject=Subject("user", user.pk),
            actor=actor,
            at=at,
            data={"username": user.username},
        )


def _take_code(user: User, code: str, at: datetime) -> bool:
    """Whether the code is one of now; claimed by its time step, so that of two uses one wins."""
    typed = code.replace(" ", "")
    if not (len(typed) == 6 and typed.isascii() and typed.isdigit()):
        return False
    factor = SecondFactor.objects.get(user=user)
    totp = TOTP(_secret(factor), step=STEP)
    totp.time = at.timestamp()
    if not totp.verify(int(typed), tolerance=TOLERANCE, min_t=factor.last_step + 1):
        return False
    newer = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=totp.t())
    return newer.update(last_step=totp.t()) == 1


def _take_recovery_code(user: User, code: str, actor: Actor, at: datetime) -> bool:
    typed = code.replace(" ", "").replace("-", "").upper()
    with transaction.atomic():
        unused = RecoveryCode.objects.filter(user=user, digest=_digest(user, typed), used_at__isnull=True)
        if unused.update(used_at=at) != 1:
            return False
        record(
            fact="identity.recovery_code_used",
            subject=Subject("user", user.pk),
            actor=actor,
            at=at,
            data={"username": user.username, "left": recovery_codes_left(user)},
        )
    return True


def _digest(user: User, code: str) -> str:
    """Keyed: a code has 49 bits, and without the key of the installation its digest cannot be searched."""
    return salted_hmac("zhengxiao.signin.recovery", f"{user.pk}:{code}", algorithm="sha256").hexdigest()


def _secret(factor: SecondFactor) -> bytes:
    return bytes.fromhex(open_seal(factor.secret_sealed, keys=_keys(), purpose=PURPOSE))


def _keys() -> Keys:
    return derive_keys(settings.SECRET_KEY)
