"""Verbs on machine clients and their tokens. Called by the operator of the machine (`zx token`)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from zhengxiao.kernel.access.api import policy_matrix
from zhengxiao.kernel.database.api import Prepared
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.signin.api import require_factor
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.surfaces.openapi.models import ApiClient, ApiToken

LONGEST_DAYS = 366
USE_GRAIN = timedelta(hours=1)


class ClientNameTaken(Refusal):
    template = gettext_noop("已有名为“{name}”的接口客户端。")


class ClientUnknown(Refusal):
    template = gettext_noop("没有名为“{name}”的接口客户端，或已停用。")


class ScopeUnknown(Refusal):
    template = gettext_noop("没有“{scope}”这种权限。")


class ScopesMissing(Refusal):
    template = gettext_noop("请至少给出一项权限。")


class TokenLifeUnfit(Refusal):
    template = gettext_noop("令牌有效期应为 1 至 {most} 天。")


class TokenUnknown(Refusal):
    template = gettext_noop("没有以“{prefix}”开头的有效令牌。")


def token_digest(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so a plain digest cannot be searched for."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def client_register(
    *, name: str, owner: Unit, user: User, scopes: Sequence[str], actor: Actor, at: datetime
) -> ApiClient:
    """A new client. Raises ScopesMissing, ScopeUnknown, ClientNameTaken."""
    known = {row.action for row in policy_matrix()}
    wanted = sorted(set(scopes))
    if not wanted:
        raise ScopesMissing(field="scope")
    for scope in wanted:
        if scope not in known:
            raise ScopeUnknown(field="scope", scope=scope)
    try:
        with transaction.atomic():
            client = ApiClient.objects.create(name=name, owner=owner, user=user, scopes=wanted, created_at=at)
            record(
                fact="openapi.client_registered",
                subject=Subject("api_client", client.pk),
                actor=actor,
                at=at,
                data={"name": name, "user": user.username, "scopes": wanted},
                unit_id=owner.pk,
            )
    except IntegrityError as error:
        raise ClientNameTaken(field="name", name=name) from error
    return client


def client_disable(*, name: str, actor: Actor, at: datetime) -> ApiClient:
    """Close a client with all its tokens from the next request on. Raises ClientUnknown."""
    with transaction.atomic():
        if ApiClient.objects.filter(name=name, is_active=True).update(is_active=False) != 1:
            raise ClientUnknown(field="client", name=name)
        client = ApiClient.objects.get(name=name)
        subject = Subject("api_client", client.pk)
        record(fact="openapi.client_disabled", subject=subject, actor=actor, at=at, data={"name": name})
    return client


def token_issue(*, client: ApiClient, days: int, actor: Actor, at: datetime) -> tuple[ApiToken, str]:
    """A new token and its text, which is told this once only.

    Raises TokenLifeUnfit, ClientUnknown; SecondFactorMissing when the person it acts for owes a second factor.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenLifeUnfit(field="days", most=LONGEST_DAYS)
    require_factor(client.user, at=at)
    prefix = secrets.token_hex(5)
    text = f"zx_{prefix}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        if not ApiClient.objects.filter(pk=client.pk, is_active=True).exists():
            raise ClientUnknown(field="client", name=client.name)
        token = ApiToken.objects.create(
            client=client,
            prefix=prefix,
            digest=token_digest(text),
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        record(
            fact="openapi.token_issued",
            subject=Subject("api_client", client.pk),
            actor=actor,
            at=at,
            data={"prefix": prefix, "expires": token.expires_at.date().isoformat()},
        )
    return token, text


def token_revoke(*, prefix: str, actor: Actor, at: datetime) -> ApiToken:
    """Close one token from the next request on. Raises TokenUnknown."""
    with transaction.atomic():
        open_ = ApiToken.objects.filter(prefix=prefix, revoked_at__isnull=True)
        if open_.update(revoked_at=at) != 1:
            raise TokenUnknown(field="prefix", prefix=prefix)
        token = ApiToken.objects.select_related("client").get(prefix=prefix)
        record(
            fact="openapi.token_revoked",
            subject=Subject("api_client", token.client_id),
            actor=actor,
            at=at,
            data={"prefix": prefix},
        )
    return token


_GOOD = Prepared(
    lambda digest, at: (
        ApiToken.objects.select_related("client__user")
        .filter(digest=digest, revoked_at__isnull=True, expires_at__gt=at)
        .filter(client__is_active=True, client__user__is_active=True)
    ),
    digest=str,
    at=datetime,
)


def token_holder(*, text: str, at: datetime) -> ApiClient | None:
    """The client behind a token that is good at this moment, with its user; None for any other text."""
    token: ApiToken | None = next(iter(_GOOD(digest=token_digest(text), at=at)), None)
    if token is None:
        return None
    if token.last_used_at is None or token.last_used_at <= at - USE_GRAIN:
        ApiToken.objects.filter(pk=token.pk, last_used_at=token.last_used_at).update(last_used_at=at)
    return token.client
