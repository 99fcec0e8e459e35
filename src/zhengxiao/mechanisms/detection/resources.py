"""Rules and findings for machines, as data: the same ledgers, reaches and verbs as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.catalogue.api import Item
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import Column, Many, Resource, Verb
from zhengxiao.kernel.workflow.api import Field, FieldKind
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.detection import permissions, refusals
from zhengxiao.mechanisms.detection.backtests import MONTHS, back_test_request
from zhengxiao.mechanisms.detection.facts import VERSION
from zhengxiao.mechanisms.detection.ledger import FINDINGS, VERSIONS
from zhengxiao.mechanisms.detection.models import LEVELS, RuleVersion
from zhengxiao.mechanisms.detection.queries import findings_shown, versions_shown
from zhengxiao.mechanisms.detection.services import Draft, draft_revise, rule_draft, version_move
from zhengxiao.mechanisms.detection.workflow import NAME


def _versions(actor: Actor, at: datetime) -> QuerySet[Any]:
    return versions_shown(actor)


def _findings(actor: Actor, at: datetime) -> QuerySet[Any]:
    return findings_shown(actor)


def _move(*, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return version_move(version_id=obj.pk, transition=transition, data=data, actor=actor, at=at)


def _back_test(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    back_test_request(version_ids=[obj.pk], months=data["months"] or MONTHS, actor=actor, at=at)
    return obj


def _codes(rows: QuerySet[Any], codes: list[str], field: str) -> list[int]:
    """Ids of codes. Raises CodesUnknown with those that nobody has."""
    known = dict(rows.filter(code__in=codes).values_list("code", "pk"))
    strange = sorted(set(codes) - set(known))
    if strange:
        raise refusals.CodesUnknown(field=field, codes="、".join(strange[:5]))
    return sorted(known.values())


def _draft_of(version: RuleVersion, data: Mapping[str, Any]) -> Draft:
    """What the version says, changed where the caller says otherwise."""
    words = {name: data.get(name, getattr(version, name)) for name in ("name", "level", "source", "template")}
    parameters = dict(version.parameters) | {row["name"]: row["value"] for row in data.get("parameters", ())}
    scope = {name: list(version.scope.get(name) or []) for name in ("departments", "items")}
    if "departments" in data:
        offices = Unit.objects.filter(kind="department")
        scope["departments"] = _codes(offices, data["departments"], "departments")
    if "items" in data:
        scope["items"] = _codes(Item.objects.all(), data["items"], "items")
    return Draft(**words, parameters=parameters, note=data["note"], scope=scope)


def _draft(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return rule_draft(code=obj.rule.code, draft=_draft_of(obj, data), actor=actor, at=at)


def _revise(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return draft_revise(version_id=obj.pk, draft=_draft_of(obj, data), actor=actor, at=at)


PARAMETER = (
    Field("name", _("参数")),
    Field("value", _("数值"), FieldKind.NUMBER, maximum=999_999_999),
)
DRAFT = (
    Field("name", _("名称"), required=False, longest=60),
    Field("level", _("级别"), FieldKind.CHOICE, required=False, choices=tuple(LEVELS)),
    Many("parameters", _("参数"), fields=PARAMETER, most=50),
    Many("departments", _("适用部门编码"), longest=80),
    Many("items", _("适用事项编码"), longest=80),
    Field("source", _("依据"), required=False, longest=300),
    Field("template", _("证据文字"), FieldKind.LONG_TEXT, required=False, longest=500),
    Field("note", _("起草说明"), FieldKind.LONG_TEXT),
)

RESOURCES = (
    Resource(
        name="detection-rules",
        singular="detection-rule",
        label=_("监察规则版本"),
        view=permissions.RULES,
        rows=_versions,
        ledger=VERSIONS,
        extra=(Column("level_code", _("级别代码"), value="level"),),
        detail=lambda row, at: {"values": row.parameters, "scope": row.scope},
        workflow=NAME,
        move=_move,
        subject_kind=VERSION,
        verbs=(
            Verb(
                "draft",
                _("起草新版本"),
                permissions.PROPOSE,
                _draft,
                fields=DRAFT,
                keeps=True,
                words="The next version of the rule as a draft, from what this one says. What is left out stays.",
            ),
            Verb(
                "revise",
                _("修改草稿"),
                permissions.PROPOSE,
                _revise,
                fields=DRAFT,
                keeps=True,
                words="Write a draft anew. What is left out stays.",
            ),
            Verb(
                "back-test",
                _("回溯试算"),
                permissions.PROPOSE,
                _back_test,
                fields=(
                    Field("months", _("回溯月数"), FieldKind.NUMBER, required=False, minimum=1, maximum=60),
                ),
                words="Hold the version against the past; a background job does it and the result stays with the version.",
            ),
        ),
    ),
    Resource(
        name="findings",
        singular="finding",
        label=_("监察发现"),
        view=permissions.VIEW,
        rows=_findings,
        ledger=FINDINGS,
        extra=(Column("level_code", _("级别代码"), value="level"),),
        detail=lambda row, at: {"evidence_data": row.evidence},
    ),
)
