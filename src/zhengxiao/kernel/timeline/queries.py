"""Reading the timeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext

from zhengxiao.kernel.timeline.models import Delivery, Entry, EntryQuerySet
from zhengxiao.kernel.timeline.registry import facts
from zhengxiao.kernel.timeline.services import Subject
from zhengxiao.lib.actors import SYSTEM


def _shown(key: str, value: Any) -> str:
    """Empty values as a dash; moments (keys ending in _at) in local time to the minute; words the catalogue knows in the
    language in force, for facts store the Chinese.
    """
    if value in (None, ""):
        return "—"
    if key.endswith("_at") and isinstance(value, str):
        return timezone.localtime(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M")
    return gettext(value) if isinstance(value, str) else str(value)


class _Blank(defaultdict[str, str]):
    """Fills a text even when an old entry lacks a field that a newer wording names."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(lambda: "—", {key: _shown(key, value) for key, value in data.items()})


@dataclass(frozen=True, slots=True)
class Backlog:
    """Deliveries that wait or are parked; `oldest` is since when the first one could have been delivered."""

    waiting: int
    parked: int
    oldest: datetime | None


def entries_for(subject: Subject) -> EntryQuerySet:
    """All entries about `subject`, oldest first."""
    return Entry.objects.about(subject.kind, subject.id).select_related("personal").order_by("id")


def entry_text(entry: Entry) -> str:
    """The sentence for people, in the language in force."""
    if entry.fact not in facts:
        return entry.fact
    return gettext(str(facts[entry.fact].text)).format_map(_Blank(entry.told))


def actor_name(entry: Entry) -> str:
    """Who did it; the platform itself in the language in force."""
    return gettext(entry.actor_name) if entry.actor_name == SYSTEM.name else entry.actor_name


def entry_label(entry: Entry) -> str:
    return str(facts[entry.fact].label) if entry.fact in facts else entry.fact


def backlog(*, at: datetime) -> Backlog:
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, not_before__lte=at)
    return Backlog(
        waiting=waiting.count(),
        parked=Delivery.objects.filter(state=Delivery.State.PARKED).count(),
        oldest=waiting.aggregate(first=Min("not_before"))["first"],
    )
