"""The verbs of rules: draft, revise, move, install the shipped ones; and what became of the card of a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.timeline.api import RowWrite, Subject, changed, record
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import StaleState
from zhengxiao.mechanisms.detection import permissions, refusals
from zhengxiao.mechanisms.detection.detectors import DETECTORS
from zhengxiao.mechanisms.detection.facts import FINDING, VERSION
from zhengxiao.mechanisms.detection.models import Finding, Rule, RuleVersion
from zhengxiao.mechanisms.detection.rules import Level, cleaned, template_checked
from zhengxiao.mechanisms.detection.workflow import NAME


@dataclass(frozen=True, slots=True)
class Draft:
    """What a version says. `parameters` by name; `scope`: ids of departments and items, empty for all."""

    name: str
    level: str
    parameters: Mapping[str, Any]
    source: str
    template: str
    note: str
    scope: Mapping[str, list[int]] = field(default_factory=dict)


def _columns(rule: Rule, draft: Draft) -> dict[str, Any]:
    """The columns of a version, checked. Refuses NoteMissing and what `cleaned` and `template_checked` refuse."""
    detector = DETECTORS[rule.detector]
    if not draft.note.strip():
        raise refusals.NoteMissing(field="note")
    return {
        "name": draft.name.strip()[:60],
        "level": Level(draft.level).value,
        "parameters": cleaned(detector, draft.parameters),
        "scope": {name: sorted({int(key) for key in keys}) for name, keys in draft.scope.items() if keys},
        "source": draft.source.strip()[:300],
        "template": template_checked(detector, draft.template.strip()[:500]),
        "note": draft.note.strip(),
    }


def rule_draft(*, code: str, draft: Draft, actor: Actor, at: datetime) -> RuleVersion:
    """The next version of a rule, as a draft. Fact detection.drafted.

    Refuses NotPermitted, RuleUnknown, NoteMissing, ParameterUnknown, ParameterOutOfRange, TemplateUnreadable.
    """
    require(actor, permissions.PROPOSE)
    rule = Rule.objects.filter(code=code).first()
    if rule is None:
        raise refusals.RuleUnknown(field="code", code=code)
    columns = _columns(rule, draft)
    with transaction.atomic():
        last = rule.versions.order_by("-number").first()
        version = RuleVersion.objects.create(
            rule=rule, number=last.number + 1 if last else 1, authors=_people(actor), changed_at=at, **columns
        )
        _tell("detection.drafted", version, actor, at, version)
    return version


def draft_revise(*, version_id: int, draft: Draft, actor: Actor, at: datetime) -> RuleVersion:
    """Write a draft anew; who does so is one of its authors. Fact detection.revised.

    Refuses NotPermitted, NotADraft, StaleState and what a draft is refused for.
    """
    require(actor, permissions.PROPOSE)
    version = RuleVersion.objects.select_related("rule").get(pk=version_id)
    if version.state != "draft":
        raise refusals.NotADraft(number=version.number)
    columns = _columns(version.rule, draft)
    columns["authors"] = sorted({*version.authors, *_people(actor)})
    with transaction.atomic():
        still = RuleVersion.objects.filter(pk=version_id, state="draft", changed_at=version.changed_at)
        if still.update(**columns, changed_at=at) != 1:
            raise StaleState()
        for name, value in columns.items():
            setattr(version, name, value)
        version.changed_at = at
        _tell("detection.revised", version, actor, at, changed(version, *columns, "changed_at"))
    return version


def version_move(
    *, version_id: int, transition: str, actor: Actor, at: datetime, data: Mapping[str, Any] | None = None
) -> RuleVersion:
    """Take a transition of the workflow. A version that comes into force takes the place of the one before it.

    Refuses what workflow.py states: BackTestMissing, AlreadyProposed, NothingProposed, OwnProposal.
    """
    version = RuleVersion.objects.select_related("rule").get(pk=version_id)
    with transaction.atomic():
        if transition == "activate":
            before = (
                RuleVersion.objects.filter(rule=version.rule, state="active").exclude(pk=version_id).first()
            )
            if before is not None:
                move(workflow=NAME, transition="supersede", obj=before, actor=SYSTEM, at=at)
        moved: RuleVersion = move(
            workflow=NAME, transition=transition, obj=version, actor=actor, at=at, data=data
        )
    return moved


def install_rules(*, at: datetime) -> list[RuleVersion]:
    """The shipped rules, each with a first version as a draft; those that are there stay as they are."""
    made = []
    for detector in DETECTORS.values():
        with transaction.atomic():
            rule, new = Rule.objects.get_or_create(
                code=detector.code, defaults={"detector": detector.code, "created_at": at}
            )
            if not new:
                continue
            version = RuleVersion.objects.create(
                rule=rule, number=1, name=detector.label, level=detector.level.value, parameters=cleaned(detector, {}),
                source=detector.source[:300], template=detector.template, note=detector.what, changed_at=at,
            )  # fmt: skip
            _tell("detection.drafted", version, SYSTEM, at, version)
            made.append(version)
    return made


def outcome_note(*, finding_id: int, outcome: str, at: datetime) -> bool:
    """What became of the card that a finding brought: upheld or lifted. False for a finding nobody knows. Idempotent."""
    with transaction.atomic():
        same = Finding.objects.filter(pk=finding_id)
        if same.exclude(outcome=outcome, outcome_at=at).update(outcome=outcome, outcome_at=at) != 1:
            return same.exists()
        finding = same.get()
        with translation.override("zh-hans"):
            told = {"outcome": finding.get_outcome_display()}
        record(
            fact="detection.outcome_noted",
            subject=Subject(FINDING, finding.pk),
            actor=SYSTEM,
            at=at,
            data=told,
            unit_id=finding.unit_id,
            rows=[changed(finding, "outcome", "outcome_at")],
        )
    return True


def _people(actor: Actor) -> list[int]:
    return [] if actor.user_id is None else [actor.user_id]


def _tell(fact: str, version: RuleVersion, actor: Actor, at: datetime, row: RowWrite) -> None:
    data = {"name": version.name, "number": version.number, "note": version.note}
    record(fact=fact, subject=Subject(VERSION, version.pk), actor=actor, at=at, data=data, rows=[row])
