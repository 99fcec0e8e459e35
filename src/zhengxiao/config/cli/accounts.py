"""`zx user`: accounts and posts by the operator of the machine, in the name of the system."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from zhengxiao.config.cli.output import database_command, emit
from zhengxiao.lib.actors import SYSTEM, Role

_json = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


@click.group("user")
def user_command() -> None:
    """Accounts: create, list, disable, give a post; and a way back in: password, factor, unlock, sign-out."""


@user_command.command("create")
@click.argument("username")
@click.option("--name", "display_name", required=True, help="The person's name.")
@click.option("--phone", default="", help="Kept masked.")
@click.option("--language", default="zh-hans", show_default=True)
@click.option("--must-change", is_flag=True, help="The owner chooses another password at the first sign-in.")
@click.password_option(help="Asked for when not given.")
@_json
@database_command
def create(
    username: str,
    display_name: str,
    phone: str,
    language: str,
    must_change: bool,
    password: str,
    as_json: bool,
) -> None:
    """Open an account. It may do nothing until it is given a post."""
    from zhengxiao.kernel.signin.api import account_open

    user = account_open(
        must_change=must_change,
        username=username,
        display_name=display_name,
        password=password,
        phone=phone,
        language=language,
        actor=SYSTEM,
        at=_now(),
    )
    emit(
        {"id": user.pk, "username": user.username},
        as_json=as_json,
        text=f"{user.username} · {user.display_name}",
    )


@user_command.command("list")
@_json
@database_command
def list_(as_json: bool) -> None:
    """All accounts with the posts they hold today."""
    from zhengxiao.kernel.identity.api import users_all
    from zhengxiao.kernel.orgs.api import local_day, posts_by_user

    posts = posts_by_user(local_day(_now()))
    rows: list[dict[str, Any]] = [
        {
            "id": user.pk,
            "username": user.username,
            "name": user.display_name,
            "active": user.is_active,
            "posts": [f"{post.role}@{post.unit.code}" for post in posts.get(user.pk, ())],
        }
        for user in users_all()
    ]
    lines = [
        f"{row['username']:<20} {row['name']:<12} {'' if row['active'] else '停用 '}{' '.join(row['posts'])}"
        for row in rows
    ]
    emit(rows, as_json=as_json, text="\n".join(lines))


@user_command.command("disable")
@click.argument("username")
@_json
@database_command
def disable(username: str, as_json: bool) -> None:
    """Close an account from now on."""
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.kernel.signin.api import account_disable

    user = user_by_username(username)
    account_disable(user_id=user.pk, actor=SYSTEM, at=_now())
    emit(
        {"id": user.pk, "username": user.username, "active": False},
        as_json=as_json,
        text=f"{user.username} 已停用",
    )


@user_command.command("password")
@click.argument("username")
@click.password_option(help="Asked for when not given.")
@_json
@database_command
def password_(username: str, password: str, as_json: bool) -> None:
    """Set a password that its owner changes at the next sign-in; ends all sessions of the account."""
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.kernel.signin.api import account_password_reset

    user = user_by_username(username)
    account_password_reset(user_id=user.pk, new_password=password, actor=SYSTEM, at=_now())
    _done(user, as_json, "密码已重置，下次登录须修改")


@user_command.command("factor")
@click.argument("username")
@_json
@database_command
def factor(username: str, as_json: bool) -> None:
    """Take the second factor away (telephone lost); a new one is set up at the next sign-in."""
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.kernel.signin.api import factor_reset

    user = user_by_username(username)
    factor_reset(user_id=user.pk, actor=SYSTEM, at=_now())
    _done(user, as_json, "二次验证已重置")


@user_command.command("unlock")
@click.argument("username")
@_json
@database_command
def unlock_(username: str, as_json: bool) -> None:
    """Open the door again after too many failures."""
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.kernel.signin.api import unlock

    user = user_by_username(username)
    unlock(user_id=user.pk, actor=SYSTEM, at=_now())
    _done(user, as_json, "登录暂停已解除")


@user_command.command("sign-out")
@click.argument("username")
@_json
@database_command
def sign_out(username: str, as_json: bool) -> None:
    """End every session of the account."""
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.kernel.signin.api import sessions_end

    user = user_by_username(username)
    ended = sessions_end(user_id=user.pk, actor=SYSTEM, at=_now())
    _done(user, as_json, f"已结束 {ended} 个会话", ended=ended)


def _done(user: Any, as_json: bool, words: str, **more: Any) -> None:
    emit({"id": user.pk, "username": user.username, **more}, as_json=as_json, text=f"{user.username} {words}")


@user_command.command("post")
@click.argument("username")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("unit_code")
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="First day; today unless given.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="First day without force.")
@_json
@database_command
def post(
    username: str, role: str, unit_code: str, start: datetime | None, end: datetime | None, as_json: bool
) -> None:
    """Give an account a role at a unit."""
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.kernel.orgs.api import local_day, unit_by_code
    from zhengxiao.kernel.signin.api import account_post_assign

    at = _now()
    valid_from: date = start.date() if start else local_day(at)
    given = account_post_assign(
        user_id=user_by_username(username).pk,
        unit_id=unit_by_code(unit_code).pk,
        role=Role(role),
        valid_from=valid_from,
        valid_to=end.date() if end else None,
        actor=SYSTEM,
        at=at,
    )
    result = {"id": given.pk, "username": username, "role": role, "unit": unit_code, "from": valid_from}
    emit(result, as_json=as_json, text=f"{username} · {role} · {unit_code} · {valid_from}")


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()
