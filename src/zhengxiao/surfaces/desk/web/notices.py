"""My notices: what I was told, newest first; opening one marks it as read."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.notices.api import notice_read, notice_read_all, notices_for, unread_count, unread_for
from zhengxiao.kernel.ui.api import page_or_fragment
from zhengxiao.lib.actors import Actor

PAGE_SIZE = 50


class Request(HttpRequest):
    """A request as the middleware hands it on."""

    actor: Actor
    moment: datetime


@page("notices.view")
@require_safe
def notices(request: Request) -> HttpResponse:
    """Unread notices, or all of them with `?show=all`."""
    everything = request.GET.get("show") == "all"
    listed = notices_for(request.actor) if everything else unread_for(request.actor)
    shown = Paginator(listed.filter(created_at__lte=request.moment), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "shown": shown,
        "everything": everything,
        "unread": unread_count(request.actor, request.moment),
    }
    return page_or_fragment(request, "desk/notices.html", "desk/_notices.html", context)


@page("notices.view")
@require_POST
def notice_open(request: Request, notice_id: int) -> HttpResponse:
    """Mark one notice as read and go to what it is about (or back to the list)."""
    mine = get_object_or_404(notices_for(request.actor), pk=notice_id)
    notice = notice_read(notice_id=mine.pk, actor=request.actor, at=request.moment)
    if notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect(notice.url)
    return redirect("desk:notices")


@page("notices.view")
@require_POST
def notices_read_all(request: Request) -> HttpResponse:
    """Mark everything told until now as read."""
    count = notice_read_all(actor=request.actor, at=request.moment)
    told = ngettext("已将 %(count)d 条通知标为已读。", "已将 %(count)d 条通知标为已读。", count)
    messages.success(request, told % {"count": count})
    return redirect("desk:notices")
