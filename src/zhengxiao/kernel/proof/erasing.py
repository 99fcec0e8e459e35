"""Erasing what the record says about a person, so that every proof stays valid (PIPL art. 47)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models, transaction

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.proof.erasables import erasables, still_needed
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


class NothingBehindNumber(Refusal):
    """No such subject, or none of a kind that personal data can be erased from."""

    template = gettext_noop("没有编号为“{number}”的{kind}。请核对编号。")


class StillNeeded(Refusal):
    """What the data were collected for is not over (PIPL art. 47: erase when the purpose is achieved or consent withdrawn)."""

    template = gettext_noop("现在不能清除：{why}。")


class NothingToErase(Refusal):
    """Erased before, or there never was anything."""

    template = gettext_noop("没有可清除的个人信息。")


def subject_to_erase(*, kind: str, number: str, actor: Actor) -> Subject:
    """The subject that people call `number`. Refuses NotPermitted, NothingBehindNumber, StillNeeded."""
    require(actor, ERASE)
    known = erasables.get(kind)
    found = known.find(number.strip()) if known and number.strip() else None
    if known is None or found is None:
        raise NothingBehindNumber(field="number", number=number.strip(), kind=known.label if known else kind)
    _require_unneeded(Subject(kind, found))
    return Subject(kind, found)


def _require_unneeded(subject: Subject) -> None:
    why = still_needed(subject.kind, subject.id)
    if why:
        raise StillNeeded(field="number", why=why)


def personal_count(subject: Subject) -> int:
    """How many personal values the rows and entries of `subject` hold now."""
    told = sum(len(values) for values in _parts_of(subject).values_list("values", flat=True))
    return told + sum(len(_filled(row, names)) for row, names in _personal_rows(subject))


def personal_erase(*, subject: Subject, ground: str, actor: Actor, at: datetime) -> int:
    """Erase every personal value that the rows and entries of `subject` hold; returns how many.

    Salts and values go, commitments stay: every leaf and proof is as valid as before, but nobody can tell any more what
    was committed to. The rows' fields are emptied and sealed so. Fact proof.personal_erased. Refuses NotPermitted,
    EraseGroundMissing, StillNeeded, NothingToErase.
    """
    require(actor, ERASE)
    if not ground.strip():
        raise EraseGroundMissing(field="ground")
    _require_unneeded(subject)
    with transaction.atomic():
        emptied = [change for row, names in _personal_rows(subject) for change in _empty(row, names)]
        parts = _parts_of(subject)
        told = sum(len(values) for values in parts.values_list("values", flat=True))
        parts.delete()
        count = told + sum(len(change.names) for change in emptied)
        if count == 0:
            raise NothingToErase(field="number")
        record(
            fact=ERASED,
            subject=subject,
            actor=actor,
            at=at,
            data={"values": count, "ground": ground.strip()},
            rows=emptied,
        )
    return count


def _parts_of(subject: Subject) -> models.QuerySet[PersonalPart]:
    """The personal values beside the subject's entries."""
    return PersonalPart.objects.filter(entry__in=Entry.objects.about(subject.kind, subject.id).values("pk"))


def _personal_rows(subject: Subject) -> Iterator[tuple[models.Model, tuple[str, ...]]]:
    """The subject's rows that may hold personal values, with the names of those fields."""
    for declared in records.values():
        if not declared.personal or not (declared.kind_from or declared.kind == subject.kind):
            continue
        where: dict[str, Any] = {declared.key: subject.id}
        if declared.kind_from:
            where[declared.kind_from] = subject.kind
        for row in declared.model._default_manager.filter(**where).order_by("pk"):
            yield row, declared.personal


def _filled(row: models.Model, personal: tuple[str, ...]) -> list[str]:
    blanks = shape_of(type(row)).blanks
    return [name for name in personal if getattr(row, name) != blanks[name]]


def _empty(row: models.Model, personal: tuple[str, ...]) -> list[Changed]:
    blanks, names = shape_of(type(row)).blanks, _filled(row, personal)
    if not names:
        return []
    columns = {name: blanks[name] for name in names}
    type(row)._default_manager.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)
    return [changed(row, *names)]
