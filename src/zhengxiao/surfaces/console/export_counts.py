"""Requests for files in the navigation, on the desk and in notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.exports.api import DECIDE, ExportRequest, exports_to_fetch, exports_waiting
from zhengxiao.kernel.notices.api import About
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.ui.api import Waiting, WaitingWork
from zhengxiao.lib.actors import Actor


def waiting_exports(actor: Actor, at: datetime) -> int | None:
    """How many requests wait for this actor's decision; None, without a question, for whoever decides on none.

    Every page shows it, so it costs nobody else anything: a file to fetch is told by a notice and stands on the desk.
    """
    return exports_waiting(actor, at).count() if allows(actor, DECIDE) else None


def exports_on_desk(actor: Actor, at: datetime, limit: int) -> WaitingWork:
    """Requests to decide on and files to fetch, the oldest first."""
    lines = [
        *_lines(exports_waiting(actor, at).order_by("asked_at", "pk")[:limit], _("审批导出申请")),
        *_lines(exports_to_fetch(actor, at).order_by("usable_until", "pk")[:limit], _("取走导出文件")),
    ]
    if not lines:
        return WaitingWork((), 0)
    total = exports_waiting(actor, at).count() + exports_to_fetch(actor, at).count()
    return WaitingWork(tuple(lines[:limit]), total)


def _lines(rows: Iterable[ExportRequest], what: Any) -> Iterable[Waiting]:
    for row in rows:
        matter = gettext("{title}，{rows} 条").format(title=row.title, rows=row.rows)
        yield Waiting(
            what,
            matter,
            reverse("console:export", args=[row.pk]),
            remaining=row.get_state_display(),
            due_on=local_day(row.ends_at),
            number=str(row.pk),
        )


def about_export(request_id: int) -> About:
    """How notices name a request and where they lead."""
    found = ExportRequest.objects.filter(pk=request_id).first()
    if found is None:
        return About()
    return About(label=str(found), url=reverse("console:export", args=[request_id]))
