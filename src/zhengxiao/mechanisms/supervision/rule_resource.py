"""Versions of the card rules for machines, as data: what the page of rules states, proposes and decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.ui.api import Many, Resource, Verb
from zhengxiao.kernel.workflow.api import Field, FieldKind
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.supervision.ledger import POLICIES
from zhengxiao.mechanisms.supervision.models import CardPolicy
from zhengxiao.mechanisms.supervision.rules import CardRule, CardRules, Windows, chain_of
from zhengxiao.mechanisms.supervision.services import rules_decide, rules_propose
from zhengxiao.mechanisms.supervision.words import KIND_NAMES, LEVEL_NAMES, LIGHT_OF_KIND, POLICY_NAMES


def _rows(actor: Actor, at: datetime) -> QuerySet[Any]:
    return CardPolicy.objects.visible_to(actor).select_related("proposed_by", "decided_by")


def _propose(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    stated = CardRules(
        rules=tuple(
            CardRule(
                row["kind"], row["light"], row["level"], row["confirm"], chain_of(row["kind"]), row["policy"]
            )
            for row in data["rules"]
        ),
        windows=Windows(data["explain"], data["appeal"], data["ruling"]),
        confirm_departments=frozenset(data["confirm_departments"]),
    )
    return rules_propose(rules=stated, reason=data["reason"], actor=actor, at=at)


def _move(*, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return rules_decide(policy_id=obj.pk, transition=transition, data=data, actor=actor, at=at)


def _choice(name: str, label: Any, table: Mapping[str, Any], *, required: bool = True) -> Field:
    return Field(name, label, FieldKind.CHOICE, required=required, choices=tuple(table.items()))


def _days(name: str, label: Any) -> Field:
    return Field(name, label, FieldKind.NUMBER, minimum=1, maximum=60)


LINE = (
    _choice("kind", _("时限"), KIND_NAMES),
    _choice("light", _("灯"), LIGHT_OF_KIND),
    _choice("level", _("级别"), LEVEL_NAMES, required=False),
    Field("confirm", _("先确认再发"), FieldKind.BOOLEAN, required=False),
    _choice("policy", _("预警策略"), POLICY_NAMES, required=False),
)

RESOURCE = Resource(
    name="card-rules",
    singular="card-rule",
    label=_("置牌规则"),
    view="supervision.view_rules",
    rows=_rows,
    ledger=POLICIES,
    detail=lambda row, at: {"stated": row.rules},
    workflow="card_policy",
    move=_move,
    subject_kind="card_policy",
    verbs=(
        Verb(
            "create",
            _("提出新版本"),
            "supervision.propose_rules",
            _propose,
            on_list=True,
            fields=(
                Many("rules", _("置牌规则"), fields=LINE),
                _days("explain", _("说明期限（工作日）")),
                _days("appeal", _("申诉期限（工作日）")),
                _days("ruling", _("裁定期限（工作日）")),
                Many("confirm_departments", _("一律先确认的部门编码"), longest=80),
                Field("reason", _("修改理由"), FieldKind.LONG_TEXT, longest=300),
            ),
            words=(
                "Propose a version: which light of which clocks gives which card. A line with `policy` holds for clocks that "
                "warn by it and goes before the line without; its empty `level` says no card. Another person confirms it."
            ),
        ),
    ),
)
