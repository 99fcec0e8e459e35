"""Targets and messages for machines, as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.identity.api import user_by_username
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import Column, Resource, Verb
from zhengxiao.kernel.webhooks import permissions
from zhengxiao.kernel.webhooks.facts import KIND
from zhengxiao.kernel.webhooks.ledger import MESSAGES, TARGETS
from zhengxiao.kernel.webhooks.queries import messages_for, targets_for
from zhengxiao.kernel.webhooks.rules import Algorithm
from zhengxiao.kernel.webhooks.services import messages_resend, secret_rotate, target_move, target_propose
from zhengxiao.kernel.webhooks.workflow import NAME
from zhengxiao.kernel.workflow.api import Field, FieldKind
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop


class AccountUnknown(Refusal):
    template = gettext_noop("没有账号“{username}”。")


class OwnerUnknown(Refusal):
    template = gettext_noop("没有编码为“{code}”的单位。")


def proposed(*, data: Mapping[str, Any], actor: Actor, at: datetime) -> tuple[Any, str]:
    """Propose with codes and names as given. Raises OwnerUnknown, AccountUnknown and what the verb raises."""
    owner = Unit.objects.filter(code=data["owner"].strip()).first()
    if owner is None:
        raise OwnerUnknown(field="owner", code=data["owner"])
    user = user_by_username(data["account"].strip())
    if user is None:
        raise AccountUnknown(field="account", username=data["account"])
    return target_propose(
        name=data["name"],
        owner=owner,
        user=user,
        url=data["url"],
        facts=[part.strip() for part in data["facts"].split(",") if part.strip()],
        algorithm=Algorithm(data["algorithm"] or Algorithm.SHA256),
        actor=actor,
        at=at,
    )


def _create(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    target, secret = proposed(data=data, actor=actor, at=at)
    return target, {"secret": secret}


def _rotate(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    target, secret = secret_rotate(target=obj, actor=actor, at=at)
    return target, {"secret": secret}


def _resend_all(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    messages_resend(target=obj, actor=actor, at=at)
    return obj


def _resend(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    messages_resend(target=obj.target, message_id=obj.pk, actor=actor, at=at)
    return obj


def _move(*, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return target_move(target=obj, transition=transition, data=data, actor=actor, at=at)


def _tries(message: Any, at: datetime) -> Mapping[str, Any]:
    names = ("number", "outcome", "status", "milliseconds", "beginning")
    rows = sorted(message.tries.all(), key=lambda row: row.pk)
    return {
        "tries": [{name: getattr(row, name) for name in names} | {"at": row.at.isoformat()} for row in rows]
    }


FIELDS = (
    Field("name", _("名称"), help=_("例如：市大数据局办件交换")),
    Field("owner", _("责任单位编码"), help=_("对接收方负责的单位")),
    Field("account", _("以谁的权限"), help=_("账号；它看不到的办件，事件不会推送")),
    Field("url", _("地址"), FieldKind.LONG_TEXT, help=_("https 开头；内部地址须先由运维列入许可")),
    Field("facts", _("事件"), FieldKind.LONG_TEXT, help=_("事件名，以英文逗号分隔")),
    Field(
        "algorithm",
        _("签名算法"),
        FieldKind.CHOICE,
        required=False,
        choices=tuple((row.value, f"HMAC-{row.name}") for row in Algorithm),
        initial=Algorithm.SHA256.value,
    ),
)

RESOURCES = (
    Resource(
        name="webhooks",
        singular="webhook",
        label=_("事件推送目标"),
        view=permissions.VIEW,
        rows=lambda actor, at: targets_for(actor),
        ledger=TARGETS,
        extra=(Column("fact_names", _("事件"), value=lambda row: ",".join(row.facts)),),
        workflow=NAME,
        move=_move,
        subject_kind=KIND,
        verbs=(
            Verb(
                "create",
                _("提出推送目标"),
                permissions.PROPOSE,
                _create,
                fields=FIELDS,
                on_list=True,
                told=("secret",),
                words="Propose a target; a security administrator confirms it. `secret` is told this once only.",
            ),
            Verb(
                "rotate-secret",
                _("更换签名密钥"),
                permissions.PROPOSE,
                _rotate,
                told=("secret",),
                words="A new secret, told this once only; the one before signs along for 24 hours.",
            ),
            Verb(
                "resend",
                _("全部重新推送"),
                permissions.RESEND,
                _resend_all,
                words="Send again whatever could not be delivered, with the same ids.",
            ),
        ),
    ),
    Resource(
        name="webhook-messages",
        singular="webhook-message",
        label=_("推送记录"),
        view=permissions.VIEW,
        rows=lambda actor, at: messages_for(actor),
        ledger=MESSAGES,
        extra=(Column("fact_name", _("事件"), value="fact"),),
        detail=_tries,
        verbs=(
            Verb(
                "resend",
                _("重新推送"),
                permissions.RESEND,
                _resend,
                words="Send one message again that could not be delivered, with the same id.",
            ),
        ),
    ),
)
