"""Verbs of notices: telling people, and people reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.notices.models import Notice
from zhengxiao.kernel.notices.rules import Level
from zhengxiao.kernel.notices.subjects import About, about
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
    return notices_tell_many([Telling(entry, level, frozenset(recipient_ids), at)])


@dataclass(frozen=True, slots=True)
class Telling:
    """One fact to tell: to whom, how urgent, and the moment it counts."""

    entry: Entry
    level: Level
    recipient_ids: frozenset[int]
    at: datetime


def notices_tell_many(tellings: Sequence[Telling]) -> int:
    """The same for many facts; people and subjects are read once for all of them."""
    wanted = {person for telling in tellings for person in telling.recipient_ids}
    subjects: dict[tuple[str, int], About] = {}
    with transaction.atomic():
        people = {user.pk: user for user in User.objects.filter(pk__in=wanted, is_active=True)}
        notices: list[Notice] = []
        for telling in tellings:
            entry = telling.entry
            key = (entry.subject_kind, entry.subject_id)
            if key not in subjects:
                subjects[key] = about(*key)
            active = [people[pk] for pk in sorted(telling.recipient_ids) if pk in people]
            notices += _notices(telling, subjects[key], active)
        Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=100)
        return len(notices)


def _notices(telling: Telling, described: About, people: Sequence[User]) -> list[Notice]:
    """One notice a person; each language is spelled once."""
    titles: dict[str, str] = {}
    for language in {person.language for person in people}:
        with translation.override(language):
            text = entry_text(telling.entry)
            titles[language] = f"{described.label}{gettext('：')}{text}" if described.label else text
    return [
        Notice(
            recipient=person,
            fact=telling.entry.fact,
            entry=telling.entry,
            title=titles[person.language][:TITLE_LENGTH],
            url=described.url,
            level=telling.level.value,
            created_at=telling.at,
        )
        for person in people
    ]


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
