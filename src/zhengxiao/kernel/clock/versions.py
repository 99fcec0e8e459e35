"""A calendar version from proposal to force, each step with its fact, and the running deadlines moved with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from zhengxiao.kernel.calendar.api import (
    NATION,
    CalendarVersion,
    calendar_confirm_version,
    calendar_define,
    calendar_propose,
    calendar_reject_version,
    install_shipped,
)
from zhengxiao.kernel.clock.reprojection import calendar_effect, reproject
from zhengxiao.kernel.orgs.api import Region
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import Actor


def _subject(version: CalendarVersion) -> Subject:
    return Subject("calendar_version", version.pk)


def _words(version: CalendarVersion) -> dict[str, Any]:
    return {"key": version.calendar.key, "number": version.number, "source": version.source_title}


def _lay_ground(key: str, actor: Actor, at: datetime) -> None:
    """What a proposal rests on. The nation's shipped years come first: a version of the nation that stood alone would
    unsettle every year before it. A region's first calendar carries the region's name."""
    if key == NATION:
        install_shipped(at=at)
    region = Region.objects.filter(code=key).first()
    if region is not None:
        calendar_define(key=key, name=region.name, actor=actor, at=at)


def calendar_propose_recorded(*, key: str, actor: Actor, at: datetime, **proposal: Any) -> CalendarVersion:
    """`calendar_propose` with its fact on the timeline."""
    with transaction.atomic():
        _lay_ground(key, actor, at)
        version = calendar_propose(key=key, actor=actor, at=at, **proposal)
        record(
            fact="clock.calendar_proposed",
            subject=_subject(version),
            actor=actor,
            at=at,
            data=_words(version),
        )
    return version


def calendar_confirm(*, version_id: int, actor: Actor, at: datetime) -> int:
    """Confirm a version (by another person than proposed it) and move the running deadlines; returns how many moved.

    The confirmation and its fact are one transaction with the number announced by the preview; the clocks follow in chunks.
    """
    expected = calendar_effect(version_id).moved
    with transaction.atomic():
        version = calendar_confirm_version(version_id=version_id, actor=actor, at=at)
        data = {**_words(version), "moved": expected}
        record(fact="clock.calendar_confirmed", subject=_subject(version), actor=actor, at=at, data=data)
    return reproject(why=version.source_title, actor=actor, at=at)


def calendar_reject_recorded(*, version_id: int, reason: str, actor: Actor, at: datetime) -> CalendarVersion:
    """Send a proposed version back, with the reason on the timeline."""
    with transaction.atomic():
        version = calendar_reject_version(version_id=version_id, actor=actor, at=at, note=reason)
        data = {**_words(version), "reason": reason}
        record(fact="clock.calendar_rejected", subject=_subject(version), actor=actor, at=at, data=data)
    return version
