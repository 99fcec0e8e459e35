"""`zx token`: machine clients of the interface and their tokens, by the operator of the machine."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from zhengxiao.config.cli.output import COULD_NOT, database_command, emit
from zhengxiao.lib.actors import SYSTEM

_json = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


@click.group("token")
def token_command() -> None:
    """Tokens of machine clients: create, list, revoke."""


@token_command.command("create")
@click.argument("client")
@click.option("--unit", "unit_code", help="Unit that answers for the client (new client).")
@click.option("--as", "username", help="Account it acts for (new client).")
@click.option("--scope", "scopes", multiple=True, help="An action such as cases.view; repeat (new client).")
@click.option("--days", default=90, show_default=True, help="Days the token is good for, at most 366.")
@_json
@database_command
def create(
    client: str,
    unit_code: str | None,
    username: str | None,
    scopes: tuple[str, ...],
    days: int,
    as_json: bool,
) -> None:
    """Issue a token, told this once only. With --unit, --as and --scope the client is registered first."""
    from django.db import transaction

    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.kernel.orgs.api import unit_by_code
    from zhengxiao.surfaces.openapi.models import ApiClient
    from zhengxiao.surfaces.openapi.services import ClientUnknown, client_register, token_issue

    at = _now()
    with transaction.atomic():
        if unit_code or username or scopes:
            if not (unit_code and username and scopes):
                raise click.UsageError("a new client needs --unit, --as and --scope")
            holder = client_register(
                name=client,
                owner=unit_by_code(unit_code),
                user=user_by_username(username),
                scopes=scopes,
                actor=SYSTEM,
                at=at,
            )
        else:
            known = ApiClient.objects.filter(name=client).first()
            if known is None:
                raise ClientUnknown(field="client", name=client)
            holder = known
        token, text = token_issue(client=holder, days=days, actor=SYSTEM, at=at)
    told = {"client": client, "prefix": token.prefix, "expires_at": token.expires_at, "token": text}
    emit(told, as_json=as_json, text=f"{text}\n有效至 {token.expires_at:%Y-%m-%d}；只显示这一次。")


@token_command.command("list")
@_json
@database_command
def list_(as_json: bool) -> None:
    """All clients with their tokens; never the tokens themselves."""
    from zhengxiao.surfaces.openapi.models import ApiToken

    at = _now()
    rows: list[dict[str, Any]] = [
        {
            "client": token.client.name,
            "user": token.client.user.username,
            "unit": token.client.owner.code,
            "scopes": token.client.scopes,
            "prefix": token.prefix,
            "expires_at": token.expires_at,
            "last_used_at": token.last_used_at,
            "good": token.revoked_at is None and token.expires_at > at and token.client.is_active,
        }
        for token in ApiToken.objects.select_related("client__user", "client__owner").order_by(
            "client__name", "pk"
        )
    ]
    lines = [
        f"{row['prefix']}  {row['client']:<20} {row['user']:<12} {row['expires_at']:%Y-%m-%d} "
        f"{'' if row['good'] else '失效 '}{' '.join(row['scopes'])}"
        for row in rows
    ]
    emit(rows, as_json=as_json, text="\n".join(lines))


@token_command.command("revoke")
@click.argument("prefix", required=False)
@click.option("--client", help="Close this client with all its tokens instead.")
@_json
@database_command
def revoke(prefix: str | None, client: str | None, as_json: bool) -> None:
    """Close a token, or a client, from the next request on."""
    from zhengxiao.surfaces.openapi.services import client_disable, token_revoke

    if bool(prefix) == bool(client):
        click.echo("give either a token's prefix or --client", err=True)
        sys.exit(COULD_NOT)
    if client:
        client_disable(name=client, actor=SYSTEM, at=_now())
    elif prefix:
        token_revoke(prefix=prefix, actor=SYSTEM, at=_now())
    emit({"revoked": client or prefix}, as_json=as_json, text=f"{client or prefix} 已停用")


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()
