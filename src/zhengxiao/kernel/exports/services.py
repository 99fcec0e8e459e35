"""Verbs: ask for a file, decide, fetch it; and the count of what everybody took on a day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.exports import permissions, rules
from zhengxiao.kernel.exports.facts import KIND
from zhengxiao.kernel.exports.models import ExportDay, ExportRequest, RequestState
from zhengxiao.kernel.exports.workflow import FETCH, NAME
from zhengxiao.kernel.orgs.api import Unit, local_day
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.kernel.ui.api import Leaving
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.personal_numbers import refuse_personal_numbers
from zhengxiao.lib.refusals import NotPermitted, Refusal, gettext_noop

AT_ONCE, MOST_TITLE = 500, 300
"""Requests one run of the schedule lets lapse; signs of a title, which may hold the name of an item."""


class ExportPurposeMissing(Refusal):
    template = gettext_noop("请写明导出用途（{least}–{most} 个字），审批人和审计员会看到。")


class NotNeeded(Refusal):
    template = gettext_noop("这份导出不需要审批，请直接导出。")


class AlreadyAsked(Refusal):
    template = gettext_noop("同样的导出申请正在等待审批，不必重复提交。")


class OtherFile(Refusal):
    template = gettext_noop("取走的内容与批准的不一致，请从导出申请的页面取走。")


class ListHasGrown(Refusal):
    template = gettext_noop("申请时是 {asked} 条，现在有 {now} 条，已超出批准的范围。请重新申请。")


class QuotaReached(Refusal):
    template = gettext_noop("今日可导出 {quota} 条，已导出 {taken} 条，本次 {rows} 条会超出。")


def taken_on(actor: Actor, day: date) -> int:
    """Rows the person took on the day."""
    mine = ExportDay.objects.filter(user_id=actor.user_id or 0, day=day).values_list("rows", flat=True)
    return mine.first() or 0


def why_second(leaving: Leaving, actor: Actor, at: datetime) -> rules.Why | None:
    """Why this file needs a second person now; None when it may leave at once."""
    return rules.why_second(
        personal=leaving.personal,
        rows=leaving.rows,
        taken=taken_on(actor, local_day(at)),
        quota=settings.ZX_EXPORT_QUOTA,
    )


def export_leave(*, leaving: Leaving, actor: Actor, at: datetime) -> None:
    """Count a file that leaves at once against the person's day, and put it on record (exports.taken).

    Of two files at once that only together exceed the quota, one is refused. Raises QuotaReached, NotPermitted
    (personal data in full).
    """
    if leaving.personal:
        raise NotPermitted(action=permissions.POLICY.labels[permissions.ASK])
    day, quota = local_day(at), settings.ZX_EXPORT_QUOTA
    with transaction.atomic():
        mine = _day_of(actor, day)
        if mine.filter(rows__lte=quota - leaving.rows).update(rows=F("rows") + leaving.rows) != 1:
            raise QuotaReached(quota=quota, taken=taken_on(actor, day), rows=leaving.rows)
        _tell_taken(leaving, actor, at, taken_on(actor, day))


def _day_of(actor: Actor, day: date) -> Any:
    """The person's counter of the day, made if it is the first file."""
    ExportDay.objects.bulk_create([ExportDay(user_id=_person(actor), day=day)], ignore_conflicts=True)
    return ExportDay.objects.filter(user_id=_person(actor), day=day)


def _person(actor: Actor) -> int:
    """The account that takes records out. Raises NotPermitted for a visitor."""
    if actor.user_id is None:
        raise NotPermitted(action=permissions.POLICY.labels[permissions.ASK])
    return actor.user_id


def _tell_taken(leaving: Leaving, actor: Actor, at: datetime, total: int) -> None:
    record(
        fact="exports.taken",
        subject=Subject("user", actor.user_id or 0),
        actor=actor,
        at=at,
        data={
            "title": leaving.title,
            "ledger": leaving.name,
            "form": leaving.form,
            "rows": leaving.rows,
            "total": total,
        },
        unit_id=_unit_id(actor),
    )


def _unit_id(actor: Actor) -> int | None:
    """The unit the person works at: the own post before one that was delegated."""
    posts = [grant for grant in actor.grants if grant.role in permissions.ASKERS]
    return min(posts, key=lambda grant: grant.delegated_by is not None).unit_id if posts else None


def digest_of(address: str) -> str:
    """What an address is compared by."""
    return hashlib.sha256(address.encode()).hexdigest()


def export_ask(*, leaving: Leaving, address: str, purpose: str, actor: Actor, at: datetime) -> ExportRequest:
    """Ask that a second person lets this file out. Fact exports.asked; those who may decide are told.

    Raises NotPermitted, ExportPurposeMissing, PersonalNumbersFound (in purpose or address), NotNeeded, AlreadyAsked.
    """
    require(actor, permissions.ASK)
    words = purpose.strip()
    if not rules.LEAST_PURPOSE <= len(words) <= rules.MOST_PURPOSE:
        raise ExportPurposeMissing(field="purpose", least=rules.LEAST_PURPOSE, most=rules.MOST_PURPOSE)
    refuse_personal_numbers(words, field="purpose")
    refuse_personal_numbers(unquote_plus(address))
    why = why_second(leaving, actor, at)
    if why is None:
        raise NotNeeded
    unit = Unit.objects.get(pk=_unit_id(actor) or 0)
    try:
        with transaction.atomic():
            found = ExportRequest.objects.create(
                ledger=leaving.name,
                title=leaving.title[:MOST_TITLE],
                form=leaving.form,
                address=address,
                digest=digest_of(address),
                conditions=leaving.conditions,
                columns=leaving.columns,
                personal=leaving.personal,
                rows=leaving.rows,
                why=why.value,
                purpose=words,
                asked_by_id=_person(actor),
                unit=unit,
                department_id=unit.department_id or unit.pk,
                region_id=unit.region_id,
                asked_at=at,
            )
            record(
                fact="exports.asked",
                subject=Subject(KIND, found.pk),
                actor=actor,
                at=at,
                data={
                    "title": leaving.title,
                    "rows": leaving.rows,
                    "form": leaving.form,
                    "why": rules.WHY_WORDS[why],
                    "purpose": words,
                },
                unit_id=unit.pk,
                rows=[found],
            )
    except IntegrityError as error:
        raise AlreadyAsked from error
    return found


def export_move(
    *, request: ExportRequest, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime
) -> ExportRequest:
    """Approve, refuse or withdraw. Fetching has a verb of its own (`export_fetch`).

    Raises NotPermitted, OwnRequest, RequestOver, MoveNotLawful, NeedsField, StaleState.
    """
    if transition == FETCH:
        raise OtherFile
    moved: ExportRequest = move(
        workflow=NAME, transition=transition, obj=request, actor=actor, at=at, data=data
    )
    return moved


def fetchable(
    *, request_id: int, leaving: Leaving, address: str, actor: Actor, at: datetime
) -> ExportRequest:
    """The approved request this file may leave by: the asker's own, of this very address, in time, not outgrown.

    Raises OtherFile, ListHasGrown. Whether it is still approved is decided by `export_fetch`.
    """
    mine = ExportRequest.objects.filter(asked_by_id=actor.user_id or 0)
    found = mine.filter(pk=request_id, digest=digest_of(address), ledger=leaving.name).first()
    # What is told in full now must have been told to the one who approved.
    if found is None or (leaving.personal and leaving.personal != found.personal):
        raise OtherFile
    if rules.has_outgrown(asked=found.rows, now=leaving.rows):
        raise ListHasGrown(asked=found.rows, now=leaving.rows)
    return found


def export_fetch(*, request: ExportRequest, leaving: Leaving, actor: Actor, at: datetime) -> ExportRequest:
    """Take the file that was approved: once, by the asker alone, in time; its rows count on the day.

    Raises NotPermitted, RequestOver, MoveNotLawful (not approved, or fetched already), StaleState.
    """
    with transaction.atomic():
        moved: ExportRequest = move(
            workflow=NAME, transition=FETCH, obj=request, actor=actor, at=at, data={"rows": leaving.rows}
        )
        _day_of(actor, local_day(at)).update(rows=F("rows") + leaving.rows)
    return moved


def exports_lapse(at: datetime) -> int:
    """Let requests lapse that nobody decided on or fetched in time; answers how many."""
    waited = Q(state=RequestState.WAITING, asked_at__lt=at - rules.WAITS_FOR)
    over = waited | Q(state=RequestState.APPROVED, usable_until__lt=at)
    found = list(ExportRequest.objects.filter(over).order_by("pk")[:AT_ONCE])
    for row in found:
        move(workflow=NAME, transition="lapse", obj=row, actor=SYSTEM, at=at)
    return len(found)
