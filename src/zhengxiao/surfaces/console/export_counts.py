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
    """How many requests wait for this actor: to be decided on, or to be fetched; None when there is nothing."""
    mine = exports_to_fetch(actor, at).count()
    return exports_waiting(actor, at).count() + mine if allows(actor, DECIDE) else mine or None


def exports_on_desk(actor: Actor, at: datetime, limit: int) -> WaitingWork:
    """Requests to decide on and files to fetch, the oldest first."""
    lines = [
        *_lines(exports_waiting(actor, at).order_by("asked_at", "pk")[:limit], _("审批导出申请")),
        *_lines(exports_to_fetch(actor, at).order_by("usable_until", "pk")[:limit], _("取走导出文件")),
    ]
    return WaitingWork(tuple(lines[:limit]), (waiting_exports(actor, at) or 0) if lines else 0)


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
