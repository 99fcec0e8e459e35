"""The board at once: a fresh one as it is; an older one with its cut-off while a job makes the next; else computed now.

At a million cases the figures of twelve months take seconds. A leader who opens the page for a moment sees numbers that say
when they were taken, not a waiting page: during the working day a schedule makes the boards that were looked at lately anew
before they are too old to be shown. `ZX_COCKPIT_FRESH` 0 computes every time and makes nothing ahead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from zhengxiao.kernel.access.api import actor_for, allows
from zhengxiao.kernel.calendar.api import NATION, day_table
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.jobs.api import JobRun, enqueue
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.surfaces.cockpit.asked import Asked, board_asked
from zhengxiao.surfaces.cockpit.board import board_of
from zhengxiao.surfaces.cockpit.models import BoardSnapshot

JOB = "cockpit.board"
SHOWN_AT_MOST = timedelta(minutes=15)
"""CONFIG. What is older is not shown again."""
SEEN_GRAIN = timedelta(minutes=1)
ASKED_AGAIN = timedelta(minutes=2)
MADE_AHEAD = timedelta(minutes=8)
"""CONFIG. A board of this age is made anew although nobody asks, so that the next look finds one."""
KEPT = timedelta(days=5)
"""CONFIG. So long after the last look a board is made ahead: over a weekend and some days."""
MOST_AHEAD = 50
"""CONFIG. Boards looked at longest ago are left out beyond this number."""
DAY_BEGINS, DAY_ENDS = time(7), time(20)
"""CONFIG. Boards are made ahead on working days between these hours, local time."""


def board_shown(query: QueryDict, actor: Actor, at: datetime) -> tuple[str, datetime]:
    """The board as HTML, and the moment its numbers were taken."""
    asked = board_asked(query, actor, at)
    fresh = timedelta(seconds=settings.ZX_COCKPIT_FRESH)
    if not fresh or actor.user_id is None:
        return rendered(asked, actor, at), at
    language = translation.get_language() or settings.LANGUAGE_CODE
    key = _key(actor, query, language)
    known = BoardSnapshot.objects.filter(key=key, at__gt=at - SHOWN_AT_MOST, at__lte=at).first()
    BoardSnapshot.objects.filter(key=key, seen_at__lt=at - SEEN_GRAIN).update(seen_at=at)
    if known is None:
        html = rendered(asked, actor, at)
        _keep(key, actor.user_id, query.urlencode(), language, at, html)
        return html, at
    if known.at <= at - fresh:
        ask_again(known, at)
    return mark_safe(known.html), known.at  # noqa: S308 - rendered by ourselves, and escaped then


def rendered(asked: Asked, actor: Actor, at: datetime) -> str:
    context: dict[str, Any] = {
        "asked": asked,
        "at": timezone.localtime(at),
        "board": board_of(asked, at),
        "may_propose": allows(actor, "calendar.propose"),
    }
    return render_to_string("cockpit/_board.html", context)


def _key(actor: Actor, query: QueryDict, language: str) -> str:
    posts = sorted(
        (grant.role.value, grant.unit_id, grant.delegated_by or 0, len(grant.region_ids), len(grant.unit_ids))
        for grant in actor.grants
    )
    asked = sorted(query.items())
    return hashlib.sha256(repr((actor.user_id, posts, asked, language)).encode()).hexdigest()


def _keep(key: str, user_id: int, query: str, language: str, at: datetime, html: str) -> None:
    values = {
        "user_id": user_id,
        "query": query[:300],
        "language": language,
        "at": at,
        "html": html,
        "asked_at": None,
    }
    BoardSnapshot.objects.update_or_create(
        key=key, defaults=values, create_defaults={**values, "seen_at": at}
    )


def ask_again(known: BoardSnapshot, at: datetime) -> None:
    """Ask for the next one, once: the conditional update lets one of many readers do it."""
    waiting = Q(asked_at__isnull=True) | Q(asked_at__lte=at - ASKED_AGAIN)
    with transaction.atomic():
        if BoardSnapshot.objects.filter(waiting, key=known.key).update(asked_at=at) == 1:
            enqueue(name=JOB, args={"key": known.key}, at=at, actor=SYSTEM, lane=JOB)


def make_ahead(at: datetime) -> int:
    """Ask for the next one of every board that was looked at lately and is about to be too old; how many. Forget the rest."""
    BoardSnapshot.objects.filter(seen_at__lt=at - KEPT).delete()
    table = day_table(NATION)
    local = at.astimezone(table.zone)
    at_work = table.is_workday(local.date()) and DAY_BEGINS <= local.time() < DAY_ENDS
    if not settings.ZX_COCKPIT_FRESH or not at_work:
        return 0
    old = BoardSnapshot.objects.filter(at__lte=at - MADE_AHEAD).order_by("-seen_at")[:MOST_AHEAD]
    for known in old:
        ask_again(known, at)
    return len(old)


def refresh(args: Mapping[str, Any], run: JobRun) -> None:
    """Put a board together anew for the person who looked at it, with the posts of now."""
    known = BoardSnapshot.objects.filter(key=args["key"]).first()
    user = User.objects.filter(pk=known.user_id, is_active=True).first() if known is not None else None
    if known is None or user is None:
        return
    actor, query = actor_for(user, at=run.at), QueryDict(known.query)
    if not allows(actor, "cockpit.view") or _key(actor, query, known.language) != known.key:
        BoardSnapshot.objects.filter(key=known.key).delete()
        return
    with translation.override(known.language):
        html = rendered(board_asked(query, actor, run.at), actor, run.at)
    _keep(known.key, known.user_id, known.query, known.language, run.at, html)
