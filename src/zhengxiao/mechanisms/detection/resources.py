"""Rules and findings for machines, as data: the same ledgers, reaches and verbs as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.ui.api import Column, Resource, Verb
from zhengxiao.kernel.workflow.api import Field, FieldKind
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.detection import permissions
from zhengxiao.mechanisms.detection.backtests import MONTHS, back_test_request
from zhengxiao.mechanisms.detection.facts import VERSION
from zhengxiao.mechanisms.detection.ledger import FINDINGS, VERSIONS
from zhengxiao.mechanisms.detection.queries import findings_shown, versions_shown
from zhengxiao.mechanisms.detection.services import version_move
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
