"""The verbs of double publicity. State changes go through the declared workflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import StaleState
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.facts import SUBJECT
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure, ReportBatch, ReportLine
from zhengxiao.mechanisms.disclosures.rules import CODE_OF_KIND, Kind
from zhengxiao.mechanisms.disclosures.workflow import TO_REPORT

WITH = ("region", "department", "unit", "clock", "case")


def disclosure_move(
    *, disclosure_id: int, transition: str, actor: Actor, at: datetime, data: Mapping[str, Any] | None = None
) -> Disclosure:
    """Take one declared transition; see workflow.py for the table and what each may refuse."""
    row = Disclosure.objects.select_related(*WITH).get(pk=disclosure_id)
    moved: Disclosure = move(
        workflow="disclosure", transition=transition, obj=row, actor=actor, at=at, data=data
    )
    return moved


@dataclass(frozen=True, slots=True)
class Reported:
    """What came of a report: the batch (None when nothing was new) and what stayed behind, with the reason."""

    batch: ReportBatch | None
    lines: int
    left: tuple[tuple[Disclosure, str], ...] = ()


def batch_report(*, department_id: int, kind: str, actor: Actor, at: datetime) -> Reported:
    """Report everything of a department that is ready: one batch, one line per record and content revision.

    Done twice it changes nothing: what went out is no longer to be reported. Refuses NotPermitted.
    """
    require(actor, permissions.REPORT)
    ready = Disclosure.objects.visible_to(actor, permissions.REPORT).filter(
        department_id=department_id, kind=kind, state__in=TO_REPORT
    )
    with transaction.atomic():
        rows = list(ready.select_related(*WITH).order_by("decided_at", "pk"))
        if not rows:
            return Reported(None, 0)
        batch = _batch(department_id, Kind(kind), actor, at)
        for line, row in enumerate(rows, start=1):
            ReportLine.objects.create(batch=batch, line=line, disclosure=row, revision=row.revision)
            told = {"batch": batch.number, "line": line}
            move(workflow="disclosure", transition="report", obj=row, actor=actor, at=at, data=told)
        _close(batch, len(rows), actor, at)
    return Reported(batch, len(rows))


def _batch(department_id: int, kind: Kind, actor: Actor, at: datetime) -> ReportBatch:
    """A new batch with the next serial of the department's day; a rival for the same serial meets the constraint."""
    department = Unit.objects.select_related("region").get(pk=department_id)
    day = timezone.localtime(at).date()
    used = ReportBatch.objects.filter(department_id=department_id, kind=kind.value, day=day).count()
    number = f"{department.code}-{CODE_OF_KIND[kind]}-{day:%Y%m%d}-{used + 1:02d}"
    return ReportBatch.objects.create(
        number=number,
        department=department,
        kind=kind.value,
        day=day,
        serial=used + 1,
        made_at=at,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
    )


def _close(batch: ReportBatch, count: int, actor: Actor, at: datetime) -> None:
    ReportBatch.objects.filter(pk=batch.pk).update(count=count)
    batch.count = count
    record(
        fact="disclosures.batch_reported",
        subject=Subject("disclosure_batch", batch.pk),
        actor=actor,
        at=at,
        data={"batch": batch.number, "count": count, "left": 0},
        unit_id=batch.department_id,
    )


def decision_corrected(
    *, case_id: int, document_no: str, certificate_no: str, reason: str, at: datetime
) -> Disclosure | None:
    """The decision behind a record was corrected: its content follows; what was reported has to be reported again.

    Idempotent: None when there is no record or nothing of it changes.
    """
    row = Disclosure.objects.select_related(*WITH).filter(case_id=case_id).first()
    if row is None or not (document_no or certificate_no) or row.document_no == document_no:
        return None
    with transaction.atomic():
        if document_no:
            Disclosure.objects.filter(pk=row.pk).update(document_no=document_no)
            row.document_no = document_no
        content_change(row, {}, reason=reason, actor=SYSTEM, at=at)
        if row.state in ("reported", "received", "rejected"):
            move(
                workflow="disclosure",
                transition="correct",
                obj=row,
                actor=SYSTEM,
                at=at,
                data={"reason": reason},
            )
    return row


def content_change(
    row: Disclosure,
    changes: Mapping[str, str],
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    sealed: str | None = None,
) -> Content:
    """A new revision of the content; the one before stays as it was reported. Fact disclosures.content_changed."""
    last = Content.objects.get(disclosure=row, number=row.revision)
    if Disclosure.objects.filter(pk=row.pk, revision=row.revision).update(revision=row.revision + 1) != 1:
        raise StaleState()
    row.revision += 1
    content = Content.objects.create(
        disclosure=row,
        number=row.revision,
        record={**last.record, **changes},
        sealed=last.sealed if sealed is None else sealed,
        made_at=at,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        reason=reason[:300],
    )
    record(
        fact="disclosures.content_changed",
        subject=Subject(SUBJECT, row.pk),
        actor=actor,
        at=at,
        data={"revision": row.revision, "reason": reason, "fields": sorted(changes)},
        unit_id=row.unit_id,
    )
    return content
