"""The verbs of double publicity. State changes go through the declared workflow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zhengxiao.kernel.access.api import can, require
from zhengxiao.kernel.timeline.api import Subject, changed, record
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import NotPermitted, StaleState
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.contents import parted, whole
from zhengxiao.mechanisms.disclosures.facts import SUBJECT
from zhengxiao.mechanisms.disclosures.fields import SUBJECTS, TABLES
from zhengxiao.mechanisms.disclosures.models import SCOPE, Content, Disclosure
from zhengxiao.mechanisms.disclosures.rules import Kind

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


CHANGEABLE = ("due", "rejected", "reported", "received", "corrected")


def record_change(
    *, disclosure_id: int, record: Mapping[str, str], reason: str, actor: Actor, at: datetime
) -> Disclosure:
    """Write what the office says of a decision as a new revision; what went out before has to go out again.

    Fields of persons' numbers that are left empty keep what was sealed. Incomplete content is kept: it only cannot be
    reported. Facts disclosures.content_changed and, after a report, disclosures.corrected. Refuses NotPermitted, StaleState.
    """
    row = Disclosure.objects.select_related(*WITH).get(pk=disclosure_id)
    require(actor, permissions.EDIT)
    if not can(actor, permissions.EDIT, row, SCOPE) or row.state not in CHANGEABLE:
        raise NotPermitted(action="填写双公示记录")
    table = TABLES[Kind(row.kind)]
    with transaction.atomic():
        before = whole(Content.objects.get(disclosure=row, number=row.revision))
        kept = {name: before[name] for name in table.secrets if name in before and not record.get(name)}
        after = {**record, **kept}
        if {k: v for k, v in after.items() if v} == before:
            return row
        content_change(row, after, reason=reason, actor=actor, at=at)
        if row.state in ("reported", "received", "rejected"):
            move(
                workflow="disclosure",
                transition="correct",
                obj=row,
                actor=actor,
                at=at,
                data={"reason": reason},
            )
    return row


def _followed(row: Disclosure, record: Mapping[str, str]) -> dict[str, Any]:
    """The columns that lists and searches read, as the content has them."""
    table = TABLES[Kind(row.kind)]
    prefix = table.prefix
    columns: dict[str, Any] = {
        "document_no": record.get(table.document) or row.document_no,
        "subject_name": record.get(f"{prefix}_XDR_MC") or row.subject_name,
        "credit_code": record.get(f"{prefix}_XDR_SHXYM", "")[:18],
    }
    kind = SUBJECTS.get(record.get(f"{prefix}_XDR_LB", ""))
    return columns if kind is None else {**columns, "subject_kind": kind.value}


def content_change(
    row: Disclosure, after: Mapping[str, str], *, reason: str, actor: Actor, at: datetime
) -> Content:
    """A new revision of the whole content; the one before stays as it was reported. Raises StaleState."""
    columns = {"revision": row.revision + 1, **_followed(row, after)}
    if Disclosure.objects.filter(pk=row.pk, revision=row.revision).update(**columns) != 1:
        raise StaleState()
    for name, value in columns.items():
        setattr(row, name, value)
    plain, sealed = parted(Kind(row.kind), after)
    content = Content.objects.create(
        disclosure=row,
        number=row.revision,
        record=plain,
        sealed=sealed,
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
        data={"revision": row.revision, "reason": reason[:300]},
        unit_id=row.unit_id,
        rows=[content, changed(row, *columns)],
    )
    return content


def decision_corrected(
    *, case_id: int, document_no: str, certificate_no: str, reason: str, at: datetime
) -> Disclosure | None:
    """The decision behind a record was corrected: its content follows; what was reported has to be reported again.

    Idempotent: None when there is no record or nothing of it changes.
    """
    row = Disclosure.objects.select_related(*WITH).filter(case_id=case_id).first()
    if row is None or row.state not in CHANGEABLE:
        return None
    before = whole(Content.objects.get(disclosure=row, number=row.revision))
    after = dict(before)
    if document_no:
        after["XK_WSH"] = document_no
    if certificate_no:
        after["XK_XKBH"] = certificate_no
    if after == before:
        return None
    with transaction.atomic():
        content_change(row, after, reason=reason, actor=SYSTEM, at=at)
        if row.state in ("reported", "received", "rejected"):
            told = {"reason": reason}
            move(workflow="disclosure", transition="correct", obj=row, actor=SYSTEM, at=at, data=told)
    return row
