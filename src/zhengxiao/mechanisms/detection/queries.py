"""Reads of detection, scoped to the actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhengxiao.kernel.access.api import allows
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.detection import permissions
from zhengxiao.mechanisms.detection.models import BackTest, Finding, Hit, RuleVersion
from zhengxiao.mechanisms.detection.rules import precision


def versions_readable(actor: Actor) -> QuerySet[RuleVersion]:
    """Versions the actor may read; drafts and trials only where trials may be seen."""
    rows = RuleVersion.objects.visible_to(actor)
    if not allows(actor, permissions.TRIAL):
        was_in_force = Finding.objects.filter(version=OuterRef("pk"), mode="active")
        rows = rows.filter(Q(state="active") | Q(Exists(was_in_force), state="retired"))
    return rows


def versions_shown(actor: Actor) -> QuerySet[RuleVersion]:
    """The same with what pages read, and how often each has `found`, `issued`, `lifted`, `upheld` within the actor's reach."""
    mine = Finding.objects.shown_to(actor).filter(version=OuterRef("pk"))
    joined = ("rule", "proposed_by", "confirmed_by")
    return (
        versions_readable(actor)
        .select_related(*joined)
        .annotate(
            found=_count(mine),
            issued=_count(mine.filter(mode="active")),
            lifted=_count(mine.filter(mode="active", outcome="lifted")),
            upheld=_count(mine.filter(mode="active", outcome="upheld")),
        )
    )


def _count(rows: QuerySet[Finding]) -> Any:
    counted = rows.order_by().values("version").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def precision_of(version: Any) -> float | None:
    """Of an annotated version: the share of its findings in force that stood."""
    return precision(version.issued, version.lifted)


def findings_shown(actor: Actor) -> QuerySet[Finding]:
    """Findings with what a list reads."""
    joined = ("version__rule", "case", "department", "unit", "case__department")
    return Finding.objects.shown_to(actor).select_related(*joined)


def findings_behind(actor: Actor, at: datetime) -> QuerySet[Finding]:
    """What may open behind a figure."""
    return findings_shown(actor)


def proposals_waiting(actor: Actor, at: datetime) -> int:
    """How many proposals wait for this actor's confirmation: those of others."""
    waiting = RuleVersion.objects.visible_to(actor, permissions.CONFIRM).exclude(proposed_for="")
    return waiting.exclude(proposed_by_id=actor.user_id or 0).count()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a breakdown: a key, its name, and the counts by change."""

    key: Any
    label: str
    new: int
    same: int
    gone: int

    @property
    def found(self) -> int:
        return self.new + self.same


@dataclass(frozen=True, slots=True)
class Result:
    """A back-test in numbers, over what the actor reaches."""

    total: Row
    departments: Sequence[Row]
    months: Sequence[Row]


def result_of(test: BackTest, actor: Actor) -> Result:
    """Counts by department and by month; each opens the cases behind it."""
    hits = Hit.objects.visible_to(actor).filter(back_test=test).order_by()
    changes = {change: Count("pk", filter=Q(change=change)) for change in Hit.Change.values}
    total = hits.aggregate(**changes)
    by_department = hits.values("department_id", "department__short_name").annotate(**changes)
    by_month = hits.values("month").annotate(**changes).order_by("month")
    departments = [_row(row["department_id"], row["department__short_name"], row) for row in by_department]
    return Result(
        total=_row(None, "", total),
        departments=sorted(departments, key=lambda row: (-row.found, row.label)),
        months=[_row(row["month"], row["month"], row) for row in by_month],
    )


def _row(key: Any, label: str, counts: Mapping[str, Any]) -> Row:
    return Row(key, label, counts["new"], counts["same"], counts["gone"])


def hits_shown(test: BackTest, actor: Actor) -> QuerySet[Hit]:
    """The cases behind the numbers."""
    joined = ("case", "department", "unit")
    return Hit.objects.visible_to(actor).filter(back_test=test).select_related(*joined)


def findings_of_case(case_id: int, actor: Actor) -> QuerySet[Finding]:
    """What was found on one case."""
    return findings_shown(actor).filter(case_id=case_id).order_by("at")
