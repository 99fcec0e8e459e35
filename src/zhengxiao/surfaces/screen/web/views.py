"""The screen and its inside."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.orgs.api import Region
from zhengxiao.surfaces.screen.queries import picture_of


class Request(HttpRequest):
    """A request with its moment."""

    moment: datetime


@page(public=True)
@never_cache
@require_safe
def screen(request: Request, region: str) -> HttpResponse:
    """One turn of the round; the script asks for its inside alone."""
    asked = request.GET.get("turn", "0")
    place = Region.objects.filter(code=region).first() if region in settings.ZX_SCREENS else None
    if place is None or not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Http404
    inside = request.headers.get("X-Screen") == "part"
    context = {"picture": picture_of(place, int(asked), request.moment), "next": int(asked) + 1}
    return render(request, "screen/_picture.html" if inside else "screen/screen.html", context)
