"""Erasing what the record says about a person, so that every proof stays valid (PIPL art. 47)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.proof.facts import ERASED
from zhengxiao.kernel.proof.permissions import ERASE
from zhengxiao.kernel.timeline.api import (
    Changed,
    Entry,
    PersonalPart,
    Subject,
    changed,
    record,
    records,
    shape_of,
)
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop


class EraseGroundMissing(Refusal):
    """Why personal data are erased has to be said."""

    template = gettext_noop("请写明清除个人信息的依据，例如本人申请的日期和文号。")


def personal_erase(*, subject: Subject, ground: str, actor: Actor, at: datetime) -> int:
    """Erase every personal value that the rows and entries of `subject` hold; returns how many.

    Salts and values go, commitments stay: every leaf and proof is as valid as before, but nobody can tell any more what
    was committed to. The rows' fields are emptied and sealed so. Fact proof.personal_erased. Refuses NotPermitted,
    EraseGroundMissing.
    """
    require(actor, ERASE)
    if not ground.strip():
        raise EraseGroundMissing(field="ground")
    with transaction.atomic():
        emptied = list(_empty_rows(subject))
        parts = PersonalPart.objects.filter(
            entry__in=Entry.objects.about(subject.kind, subject.id).values("pk")
        )
        told = sum(len(values) for values in parts.values_list("values", flat=True))
        parts.delete()
        count = told + sum(len(change.names) for change in emptied)
        record(
            fact=ERASED,
            subject=subject,
            actor=actor,
            at=at,
            data={"values": count, "ground": ground.strip()},
            rows=emptied,
        )
    return count


def _empty_rows(subject: Subject) -> list[Changed]:
    """The personal fields of the subject's rows, made blank."""
    emptied: list[Changed] = []
    for declared in records.values():
        if not declared.personal or not (declared.kind_from or declared.kind == subject.kind):
            continue
        where: dict[str, Any] = {declared.key: subject.id}
        if declared.kind_from:
            where[declared.kind_from] = subject.kind
        for row in declared.model._default_manager.filter(**where).order_by("pk"):
            emptied += _empty(row, declared.personal)
    return emptied


def _empty(row: models.Model, personal: tuple[str, ...]) -> list[Changed]:
    blanks = shape_of(type(row)).blanks
    names = [name for name in personal if getattr(row, name) != blanks[name]]
    if not names:
        return []
    columns = {name: blanks[name] for name in names}
    type(row)._default_manager.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)
    return [changed(row, *names)]
