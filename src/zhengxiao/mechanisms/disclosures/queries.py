"""Reads of double publicity, scoped to the actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F

from zhengxiao.kernel.metrics.api import compute, shown
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure, DisclosureQuerySet, ReportBatch
from zhengxiao.mechanisms.disclosures.rules import SubjectKind

SHOWN_TOGETHER = ("department", "unit", "clock", "takedown_clock", "case")
COUNT_CAP = 999


def disclosures_shown(actor: Actor, at: datetime) -> DisclosureQuerySet:
    """Visible records with what the ledger reads of each."""
    return Disclosure.objects.visible_to(actor).select_related(*SHOWN_TOGETHER)


def todo_count(actor: Actor, at: datetime) -> int | None:
    """How many records the actor's department still has to report, correct or take down, at most COUNT_CAP."""
    mine = Disclosure.objects.visible_to(actor, permissions.EDIT).filter(
        state__in=("due", "rejected", "corrected", "revoked")
    )
    return mine.order_by().values("pk")[:COUNT_CAP].count() or None


OPEN = ("due", "rejected", "corrected", "revoked")


def owed_next(actor: Actor, at: datetime, limit: int) -> tuple[list[Disclosure], int]:
    """What the actor's office has to report, correct or take down, in the order in which it turns red; and how many."""
    mine = disclosures_shown(actor, at).filter(
        pk__in=Disclosure.objects.visible_to(actor, permissions.EDIT).filter(state__in=OPEN).values("pk")
    )
    rows = list(mine.order_by(F("clock__due_at").asc(nulls_last=True), "pk")[:limit])
    total = len(rows) if len(rows) < limit else mine.order_by().values("pk")[:COUNT_CAP].count()
    return rows, total


def to_report(actor: Actor) -> list[Any]:
    """Per department and kind of the actor's reach: how many wait for a report."""
    rows = Disclosure.objects.visible_to(actor, permissions.REPORT).filter(state__in=("due", "corrected"))
    named = rows.values("department_id", "kind", name=F("department__short_name"), full=F("department__name"))
    return list(named.annotate(n=Count("pk")).order_by("name", "kind"))


def tells_persons(batch: ReportBatch) -> bool:
    """Whether the batch's file names a natural person, or holds a number of one (that of a firm's representative too)."""
    numbers = Content.objects.filter(disclosure__lines__batch=batch).exclude(sealed="")
    return numbers.exists() or batch.lines.filter(disclosure__subject_kind=SubjectKind.PERSON).exists()


COLUMNS = ("should", "on_time_rate", "late_rate", "missing_rate", "concealed_rate", "error_rate")


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """A department's figures of a period, as shown, with the raw key that opens its records."""

    key: int | None
    label: str
    figures: tuple[str, ...]
    missing: int

    @property
    def key_text(self) -> str:
        return "" if self.key is None else str(self.key)


def overview(actor: Actor, first: date, after: date, at: datetime) -> list[OverviewLine]:
    """Every department of the actor's reach with decisions of the period; the last line is the whole."""
    asked: dict[str, Any] = {"period_from": first, "period_to": after, "actor": actor, "as_of": at}
    names = [f"disclosures.{column}" for column in COLUMNS]
    cells: dict[Any, dict[str, str]] = {}
    labels: dict[Any, str] = {}
    for name in names:
        for figure in compute(name, by="department", **asked):
            cells.setdefault(figure.key, {})[name] = shown(figure)
            labels[figure.key] = figure.label
    missing = {f.key: int(f.numerator) for f in compute("disclosures.missing", by="department", **asked)}
    lines = [
        OverviewLine(key, labels[key], tuple(found.get(name, "–") for name in names), missing.get(key, 0))
        for key, found in cells.items()
    ]
    lines.sort(key=lambda line: (-line.missing, line.label))
    totals = tuple(shown(compute(name, **asked)[0]) for name in names)
    return [*lines, OverviewLine(None, "", totals, sum(missing.values()))] if lines else []
