"""Verbs of notices: telling people, and people reading."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.notices.models import Notice
from zhengxiao.kernel.notices.rules import Level
from zhengxiao.kernel.notices.subjects import about
from zhengxiao.kernel.timeline.api import Entry, entry_text
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop

TITLE_LENGTH = 300


class NoticeNotFound(Refusal):
    template = gettext_noop("没有这条通知，或者它不是发给您的。")


def notices_tell(*, entry: Entry, level: Level, recipient_ids: Iterable[int], at: datetime) -> int:
    """Tell active people of a fact, each in their own language; answers how many notices there are now.

    Safe to repeat: a person is told of one fact once. `at` is the fact's moment, not that of the delivery.
    """
    with transaction.atomic():
        people = User.objects.filter(pk__in=set(recipient_ids), is_active=True).order_by("pk")
        described = about(entry.subject_kind, entry.subject_id)
        notices = []
        for person in people:
            with translation.override(person.language):
                text = entry_text(entry)
                title = f"{described.label}{gettext('：')}{text}" if described.label else text
            notices.append(
                Notice(
                    recipient=person,
                    fact=entry.fact,
                    entry=entry,
                    title=title[:TITLE_LENGTH],
                    url=described.url,
                    level=level.value,
                    created_at=at,
                )
            )
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        return len(notices)


def notice_read(*, notice_id: int, actor: Actor, at: datetime) -> Notice:
    """Mark one's own notice as read; the first reading stays. Raises NotPermitted, NoticeNotFound."""
    require(actor, "notices.view")
    with transaction.atomic():
        mine = Notice.objects.filter(pk=notice_id, recipient_id=actor.user_id)
        mine.filter(read_at__isnull=True, created_at__lte=at).update(read_at=at)
        notice = mine.first()
        if notice is None:
            raise NoticeNotFound
        return notice


def notice_read_all(*, actor: Actor, at: datetime) -> int:
    """Mark what the actor was told up to `at` as read; answers how many that were. Raises NotPermitted."""
    require(actor, "notices.view")
    mine = Notice.objects.filter(recipient_id=actor.user_id, read_at__isnull=True, created_at__lte=at)
    return mine.update(read_at=at)
