"""The upper platform's word: received or rejected, record by record; and what only one of the two sides has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengxiao.kernel.timeline.api import Changed, FactRow, Subject, changed, record, record_many
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.facts import ANSWER
from zhengxiao.mechanisms.disclosures.models import Disclosure, UpperRecord
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.services import WITH

ELSEWHERE = "上级平台"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One answer. `number`: our own number of the record, when the platform gives it back."""

    system: str
    receipt_no: str
    kind: Kind
    document_no: str
    department_id: int
    accepted: bool
    reason: str
    at: datetime
    reported_at: datetime | None = None
    number: str = ""


def receipts_take(receipts: Sequence[Receipt], *, actor: Actor, at: datetime) -> list[UpperRecord]:
    """Keep each answer and move the record it is about; in the order given, one row per receipt number.

    A record that was reported without us counts as reported at the moment the platform tells. An answer for a record that
    is not ours is kept for reconciliation. The same answers again change nothing. Run inside a transaction.
    """
    records = _records(receipts)
    kept, written = [], []
    for receipt in receipts:
        row = records.get(receipt.number) or records.get(_key(receipt))
        answer, write = _keep(receipt, row, at)
        kept.append(answer)
        written += [(answer, write)] if write is not None else []
        if row is not None:
            _apply(receipt, row, at)
    record_many([_told(answer, write, actor, at) for answer, write in written], recorded_at=at)
    return kept


def _key(receipt: Receipt) -> str:
    return f"{receipt.kind.value}|{receipt.department_id}|{receipt.document_no}"


def _records(receipts: Sequence[Receipt]) -> dict[str, Disclosure]:
    """The records the answers are about, by our number and by kind, office and document."""
    numbers = {receipt.number for receipt in receipts if receipt.number}
    documents = {receipt.document_no for receipt in receipts}
    offices = {receipt.department_id for receipt in receipts}
    same = Q(number__in=numbers) | Q(document_no__in=documents, department_id__in=offices)
    found: dict[str, Disclosure] = {}
    for row in Disclosure.objects.filter(same).select_related(*WITH).order_by("pk"):
        found[row.number] = row
        found[f"{row.kind}|{row.department_id}|{row.document_no}"] = row
    return found


def _keep(
    receipt: Receipt, row: Disclosure | None, at: datetime
) -> tuple[UpperRecord, UpperRecord | Changed | None]:
    """The row of an answer, and what of it was written now: all of it, some columns, or nothing."""
    values = {
        "kind": receipt.kind.value,
        "document_no": receipt.document_no,
        "department_id": receipt.department_id,
        "accepted": receipt.accepted,
        "reason": receipt.reason,
        "at": receipt.at,
        "reported_at": receipt.reported_at,
        "disclosure_id": row.pk if row else None,
    }
    kept, is_new = UpperRecord.objects.select_for_update().get_or_create(
        system=receipt.system,
        receipt_no=receipt.receipt_no,
        defaults={**values, "brought_in_at": at},
    )
    if is_new:
        return kept, kept
    names = [name for name, value in values.items() if getattr(kept, name) != value]
    if not names:
        return kept, None
    for name in names:
        setattr(kept, name, values[name])
    UpperRecord.objects.filter(pk=kept.pk).update(**{name: values[name] for name in names})
    return kept, changed(kept, *names)


def _told(kept: UpperRecord, write: UpperRecord | Changed, actor: Actor, at: datetime) -> FactRow:
    told = {"receipt": kept.receipt_no, "word": "入库" if kept.accepted else "退回"}
    subject = Subject(ANSWER, kept.pk)
    return FactRow("disclosures.answer_kept", subject, actor, at, told, kept.department_id, [write])


def _apply(receipt: Receipt, row: Disclosure, at: datetime) -> None:
    """Move the record as far as the answer carries; an answer to what has been overtaken is kept and moves nothing."""
    if row.state == "due":
        moment = receipt.reported_at or receipt.at
        told = {"batch": ELSEWHERE, "line": 1, "moment": moment.isoformat()}
        _move("report_elsewhere", row, at, told)
    if receipt.accepted and row.state in ("reported", "rejected"):
        _move("receive", row, at, {"receipt": receipt.receipt_no})
    elif not receipt.accepted and row.state in ("reported", "received"):
        told = {"receipt": receipt.receipt_no, "reason": receipt.reason}
        _move("reject", row, at, told)


def _move(transition: str, row: Disclosure, at: datetime, data: Mapping[str, object]) -> None:
    move(workflow="disclosure", transition=transition, obj=row, actor=SYSTEM, at=at, data=data)


def only_theirs(actor: Actor) -> QuerySet[UpperRecord]:
    """What the upper platform has and we lack: decisions that our systems never told of."""
    return UpperRecord.objects.visible_to(actor).filter(disclosure__isnull=True)


def only_ours(actor: Actor) -> QuerySet[Disclosure]:
    """What we reported and the upper platform has not answered for, the longest waiting first."""
    answered = UpperRecord.objects.filter(disclosure_id=OuterRef("pk"))
    rows = Disclosure.objects.visible_to(actor, permissions.VIEW).filter(state="reported")
    return rows.filter(~Exists(answered.filter(at__gte=OuterRef("reported_at")))).order_by(
        "reported_at", "pk"
    )


def match_again(rows: Iterable[UpperRecord], *, at: datetime) -> int:
    """Tie answers that stood alone to records that have come in since; returns how many."""
    tied = 0
    for kept in rows:
        row = (
            Disclosure.objects.filter(
                kind=kept.kind, department_id=kept.department_id, document_no=kept.document_no
            )
            .select_related(*WITH)
            .first()
        )
        if (
            row is None
            or UpperRecord.objects.filter(pk=kept.pk, disclosure__isnull=True).update(disclosure=row) != 1
        ):
            continue
        receipt = Receipt(
            kept.system, kept.receipt_no, Kind(kept.kind), kept.document_no, kept.department_id, kept.accepted,
            kept.reason, kept.at, kept.reported_at,
        )  # fmt: skip
        kept.disclosure = row
        record(
            fact="disclosures.answer_tied",
            subject=Subject(ANSWER, kept.pk),
            actor=SYSTEM,
            at=at,
            data={"receipt": kept.receipt_no, "number": row.number},
            unit_id=kept.department_id,
            rows=[changed(kept, "disclosure_id")],
        )
        _apply(receipt, row, at)
        tied += 1
    return tied
