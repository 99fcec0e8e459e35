"""Reporting: everything of a department that is ready, in one numbered batch; and the file the upper platform takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.checking import Fault
from zhengxiao.mechanisms.disclosures.contents import current, faults_by_record, whole
from zhengxiao.mechanisms.disclosures.facts import BATCH
from zhengxiao.mechanisms.disclosures.fields import TABLES
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure, ReportBatch, ReportLine
from zhengxiao.mechanisms.disclosures.rules import CODE_OF_KIND, Kind
from zhengxiao.mechanisms.disclosures.services import WITH
from zhengxiao.mechanisms.disclosures.workflow import TO_REPORT


@dataclass(frozen=True, slots=True)
class Reported:
    """What came of a report: the batch (None when nothing was ready) and what stayed behind, with its faults."""

    batch: ReportBatch | None
    lines: int
    left: tuple[tuple[Disclosure, list[Fault]], ...] = ()


def waiting(actor: Actor, department_id: int, kind: Kind) -> list[Disclosure]:
    """What the actor may report of a department, the oldest decision first."""
    rows = Disclosure.objects.visible_to(actor, permissions.REPORT).filter(
        department_id=department_id, kind=kind.value, state__in=TO_REPORT
    )
    return list(rows.select_related(*WITH).order_by("decided_at", "pk"))


def judged(rows: Sequence[Disclosure], kind: Kind, at: datetime) -> list[tuple[Disclosure, list[Fault]]]:
    """Each record with what stands between it and its report."""
    contents = current(rows)
    records = [whole(contents[row.pk]) for row in rows]
    found = faults_by_record(kind, records, today=timezone.localtime(at).date())
    return list(zip(rows, found, strict=True))


def batch_report(*, department_id: int, kind: Kind, actor: Actor, at: datetime) -> Reported:
    """Report everything of a department that is ready: one batch, one line per record and content revision.

    Done twice it changes nothing: what went out is no longer to be reported. What does not pass the field rules stays
    behind with its reasons. Refuses NotPermitted, StaleState.
    """
    require(actor, permissions.REPORT)
    with transaction.atomic():
        both = judged(waiting(actor, department_id, kind), kind, at)
        ready = [row for row, faults in both if not faults]
        left = tuple((row, faults) for row, faults in both if faults)
        if not ready:
            return Reported(None, 0, left)
        batch = _batch(department_id, kind, actor, at)
        lines = []
        for line, row in enumerate(ready, start=1):
            made = ReportLine.objects.create(batch=batch, line=line, disclosure=row, revision=row.revision)
            lines.append(made)
            told = {"batch": batch.number, "line": line}
            move(workflow="disclosure", transition="report", obj=row, actor=actor, at=at, data=told)
        _close(batch, lines, len(left), actor, at)
    return Reported(batch, len(ready), left)


def _batch(department_id: int, kind: Kind, actor: Actor, at: datetime) -> ReportBatch:
    """A new batch with the next serial of the department's day; a rival for the same serial meets the constraint."""
    department = Unit.objects.get(pk=department_id)
    day = timezone.localtime(at).date()
    used = ReportBatch.objects.filter(department_id=department_id, kind=kind.value, day=day).count()
    return ReportBatch.objects.create(
        number=f"{department.code}-{CODE_OF_KIND[kind]}-{day:%Y%m%d}-{used + 1:02d}",
        department=department,
        kind=kind.value,
        day=day,
        serial=used + 1,
        made_at=at,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
    )


def _close(batch: ReportBatch, lines: Sequence[ReportLine], left: int, actor: Actor, at: datetime) -> None:
    count = len(lines)
    ReportBatch.objects.filter(pk=batch.pk).update(count=count)
    batch.count = count
    record(
        fact="disclosures.batch_reported",
        subject=Subject(BATCH, batch.pk),
        actor=actor,
        at=at,
        data={"batch": batch.number, "count": count, "left": left},
        unit_id=batch.department_id,
        rows=[batch, *lines],
    )


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A batch in the upper platform's columns, our own number and line before them."""

    batch: ReportBatch
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def records(self) -> Iterator[dict[str, str]]:
        for row in self.rows:
            yield dict(zip(self.headers, row, strict=True))


def batch_file(*, batch_id: int, actor: Actor, at: datetime) -> BatchFile:
    """The batch as it was reported, revision by revision, with the numbers of persons: that is why taking it is on record.

    Fact disclosures.batch_taken. Refuses NotPermitted when the actor does not report for the department.
    """
    batch = ReportBatch.objects.select_related("department").get(pk=batch_id)
    require(actor, permissions.REPORT)
    if not ReportBatch.objects.visible_to(actor, permissions.REPORT).filter(pk=batch_id).exists():
        raise NotPermitted(action="报送双公示")
    names = [rule.name for rule in TABLES[Kind(batch.kind)].fields]
    lines = list(batch.lines.select_related("disclosure").order_by("line"))
    told = {
        (content.disclosure_id, content.number): content
        for content in Content.objects.filter(disclosure__lines__batch=batch)
    }
    rows = []
    for line in lines:
        values = whole(told[line.disclosure_id, line.revision])
        rows.append((line.disclosure.number, str(line.line), *(values.get(name, "") for name in names)))
    with transaction.atomic():
        record(
            fact="disclosures.batch_taken",
            subject=Subject(BATCH, batch.pk),
            actor=actor,
            at=at,
            data={"batch": batch.number, "count": len(rows)},
            unit_id=batch.department_id,
        )
    return BatchFile(batch, ("GSBH", "XH", *names), tuple(rows))
