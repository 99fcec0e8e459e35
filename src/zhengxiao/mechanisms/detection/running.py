"""Looking: at one case when a fact about it is heard, and every night at everything that moved. Nothing is found twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.timeline.api import FactRow, Subject, record_many
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.mechanisms.detection.detectors import DETECTORS
from zhengxiao.mechanisms.detection.facts import FINDING
from zhengxiao.mechanisms.detection.histories import Histories, Hits
from zhengxiao.mechanisms.detection.loading import Progress, histories_of
from zhengxiao.mechanisms.detection.models import Finding, RuleVersion
from zhengxiao.mechanisms.detection.naming import evidence_rows, sentence
from zhengxiao.mechanisms.detection.rules import Detector

BATCH = 500
LOOK_BACK = timedelta(days=70)
"""The nightly run sees two whole months, and what was imported late into them."""


def running_versions() -> list[RuleVersion]:
    """Versions on trial or in force whose detector is known, in order of rule."""
    found = RuleVersion.objects.running().select_related("rule").order_by("rule__code", "number")
    return [version for version in found if version.rule.detector in DETECTORS]


def detector_of(version: RuleVersion) -> Detector:
    return DETECTORS[version.rule.detector]


def scoped(version: RuleVersion, histories: Histories, hits: Hits) -> Hits:
    """The findings that fall in the version's scope."""
    mask = np.ones(len(hits), dtype=bool)
    for name, column in (("departments", histories.cases.department), ("items", histories.cases.item)):
        wanted = version.scope.get(name) or []
        if wanted:
            mask &= np.isin(column[hits.row], np.array(wanted, dtype=np.int64))
    return hits.only(mask)


def looked(version: RuleVersion, histories: Histories) -> Hits:
    """What the version finds in the histories, within its scope."""
    found = detector_of(version).find(histories, version.parameters)
    return scoped(version, histories, found)


# ---------------------------------------------------------------- writing
def findings_write(*, version: RuleVersion, histories: Histories, hits: Hits, at: datetime) -> int:
    """Keep what is new, and in force tell `detection.found` of it; returns how many were new.

    Two runners may do this at once: a key that is there already is left out by the database.
    """
    made = 0
    for start in range(0, len(hits), BATCH):
        mask = np.zeros(len(hits), dtype=bool)
        mask[start : start + BATCH] = True
        made += _write(version, histories, hits.only(mask), at)
    return made


def _write(version: RuleVersion, histories: Histories, hits: Hits, at: datetime) -> int:
    known = set(
        Finding.objects.filter(version=version, key__in=hits.key.tolist()).values_list("key", flat=True)
    )
    hits = hits.only(~np.isin(hits.key, np.array(sorted(known), dtype=np.int64)))
    if not len(hits):
        return 0
    run = uuid4()
    rows = _rows(version, histories, hits, run, at)
    with transaction.atomic():
        Finding.objects.bulk_create(rows, ignore_conflicts=True)
        mine = list(
            Finding.objects.filter(version=version, run=run).select_related("case").order_by("at", "pk")
        )
        told = [_kept(finding, version) for finding in mine]
        if version.state == "active":
            told += [_fact(finding, version) for finding in mine]
        record_many(told, recorded_at=at)
    return len(mine)


def _rows(version: RuleVersion, histories: Histories, hits: Hits, run: UUID, at: datetime) -> list[Finding]:
    cases = histories.cases
    told = evidence_rows(detector_of(version), version.parameters, hits, histories)
    moments: list[Any] = hits.at.tolist()
    return [
        Finding(
            version=version,
            rule_id=version.rule_id,
            case_id=int(cases.id[row]),
            key=key,
            mode=version.state,
            level=version.level,
            at=moment.replace(tzinfo=UTC),
            found_at=at,
            evidence=kept,
            evidence_text=sentence(version.template, words),
            region_id=int(cases.region[row]),
            department_id=int(cases.department[row]),
            unit_id=int(cases.unit[row]),
            run=run,
        )
        for row, key, moment, (kept, words) in zip(
            hits.row.tolist(), hits.key.tolist(), moments, told, strict=True
        )
    ]


def _kept(finding: Finding, version: RuleVersion) -> FactRow:
    """What seals the row. It stands under the finding, not the case: one on trial is nobody's business there."""
    told = {"rule_name": version.name, "rule_version": version.number}
    subject = Subject(FINDING, finding.pk)
    return FactRow("detection.finding_kept", subject, SYSTEM, finding.at, told, finding.unit_id, [finding])


def _fact(finding: Finding, version: RuleVersion) -> FactRow:
    data = {
        "finding_id": finding.pk,
        "rule": version.rule.code,
        "rule_name": version.name,
        "rule_version": version.number,
        "level": finding.level,
        "evidence": finding.evidence,
        "evidence_text": finding.evidence_text,
        "department_id": finding.department_id,
        "case_number": finding.case.number,
    }
    return FactRow(
        "detection.found", Subject("case", finding.case_id), SYSTEM, finding.at, data, finding.unit_id
    )


# ---------------------------------------------------------------- one case
@dataclass(frozen=True, slots=True)
class Looked:
    """What a run did."""

    cases: int
    found: int


def look_at(*, case_ids: Iterable[int], fact: str, at: datetime) -> Looked:
    """Hold the rules that turn on this fact against the cases, all in one go. Idempotent."""
    versions = [version for version in running_versions() if fact in detector_of(version).facts]
    cases = list(Case.objects.filter(pk__in=sorted(set(case_ids)))) if versions else []
    if not cases:
        return Looked(0, 0)
    found = 0
    for around in sorted({detector_of(version).around for version in versions}):
        group = [version for version in versions if detector_of(version).around == around]
        needs = frozenset().union(*(detector_of(version).needs for version in group))
        histories = histories_of(Case.objects.filter(neighbourhood(cases, around)), needs)
        for version in group:
            hits = _since(version, looked(version, histories))
            found += findings_write(version=version, histories=histories, hits=hits, at=at)
    return Looked(len(cases), found)


def neighbourhood(cases: Sequence[Case], around: str) -> Q:
    """The cases that must be seen together with these; more than that may come along, fewer never."""
    asked = Q(pk__in=[case.pk for case in cases])
    decided = [
        case.decided_at for case in cases if case.decided_at is not None and case.handler_id is not None
    ]
    if around == "day" and decided:
        near = (min(decided) - timedelta(days=1), max(decided) + timedelta(days=1))
        return asked | Q(
            handler_id__in=sorted({case.handler_id or 0 for case in cases}), decided_at__range=near
        )
    if around == "applicant":
        items = sorted({case.item_id for case in cases})
        parties = sorted({case.party_id for case in cases if case.party_id})
        names = sorted({case.applicant_name for case in cases if not case.party_id})
        return Q(item_id__in=items) & (
            Q(party_id__in=parties) | Q(party__isnull=True, applicant_name__in=names)
        )
    return asked


def _since(version: RuleVersion, hits: Hits) -> Hits:
    """A rule judges only what happened since it has been on trial or in force."""
    if version.since is None:
        return hits.only(np.zeros(len(hits), dtype=bool))
    since = np.datetime64(version.since.astimezone(UTC).replace(tzinfo=None), "us")
    return hits.only(hits.at >= since)


# ---------------------------------------------------------------- all
def look_at_all(*, at: datetime, since: datetime | None = None, progress: Progress | None = None) -> Looked:
    """Hold every running version against all cases that moved after `since` (None: ever)."""
    versions = running_versions()
    if not versions:
        return Looked(0, 0)
    needs = frozenset().union(*(detector_of(version).needs for version in versions))
    histories = histories_of(moved_since(since), needs, progress)
    found = 0
    for version in versions:
        hits = _since(version, looked(version, histories))
        found += findings_write(version=version, histories=histories, hits=hits, at=at)
    return Looked(len(histories.cases), found)


def moved_since(since: datetime | None) -> QuerySet[Case]:
    """Cases received, accepted, decided or ended since; with the earlier ones that a re-filing may rest on."""
    if since is None:
        return Case.objects.all()
    return Case.objects.filter(
        Q(received_at__gte=since) | Q(finished_at__gte=since) | Q(finished_at__isnull=True)
    )


def look_nightly(at: datetime) -> Looked:
    """The nightly run: two months back, so that whole months and late imports are seen."""
    return look_at_all(at=at, since=at - LOOK_BACK)
