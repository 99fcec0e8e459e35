"""Findings in words: ids and keys of evidence become numbers of cases and names of people, sections and steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from django.utils import timezone

from zhengxiao.backbone.cases.api import Case, CaseStep
from zhengxiao.kernel.identity.api import names_of
from zhengxiao.kernel.jobs.api import text_keys
from zhengxiao.kernel.orgs.api import unit_names
from zhengxiao.mechanisms.detection.histories import Histories, Hits, Parameters
from zhengxiao.mechanisms.detection.rules import Detector, Kind, evidence_text, plain

MEMBERS_KEPT = 500
"""So many cases are written down with a finding that is about several."""
Evidence = dict[str, Any]


def evidence_rows(
    detector: Detector, parameters: Parameters, hits: Hits, histories: Histories
) -> list[tuple[Evidence, Evidence]]:
    """Per finding its evidence as JSON keeps it and as the sentence tells it (moments as datetimes, names as names)."""
    columns = {name: values.tolist() for name, values in hits.evidence.items()}
    named = {
        name: _named(kind, columns[name], parameters, histories, hits)
        for name, kind in detector.evidence.items()
        if kind not in (Kind.MOMENT, Kind.NUMBER)
    }
    found = []
    for place in range(len(hits)):
        raw = {name: values[place] for name, values in columns.items()}
        told = {
            name: named[name].get(value, str(value)) if name in named else value
            for name, value in raw.items()
        }
        kept = {name: plain(value) for name, value in told.items()}
        kept |= {
            f"{name}_id": raw[name] for name in named if detector.evidence[name] in (Kind.CASE, Kind.WHO)
        }
        if hits.members is not None:
            kept["cases"] = histories.cases.id[hits.members[place]][:MEMBERS_KEPT].tolist()
        found.append((kept, told))
    return found


def _named(
    kind: Kind, values: Iterable[int], parameters: Parameters, histories: Histories, hits: Hits
) -> dict[int, str]:
    wanted = set(values)
    if kind is Kind.MONTH:
        return {value: f"{value // 100}-{value % 100:02}" for value in wanted}
    if kind is Kind.CASE:
        return {case.pk: case.number for case in Case.objects.filter(pk__in=wanted).only("pk", "number")}
    if kind is Kind.STEP:
        cases = np.unique(histories.cases.id[hits.row]).tolist()
        names: set[str] = set()
        for start in range(0, len(cases), 500):
            found = CaseStep.objects.filter(case_id__in=cases[start : start + 500])
            names |= set(found.order_by().values_list("name", flat=True).distinct())
        ordered = sorted(names)
        return dict(zip(text_keys(ordered), ordered, strict=True)) if ordered else {}
    return dict(unit_names(wanted)) if parameters.get("by") else dict(names_of(wanted))


def sentence(template: str, told: Evidence) -> str:
    """The evidence as people read it, moments in the platform's zone."""
    return evidence_text(template, told, timezone.get_default_timezone())
