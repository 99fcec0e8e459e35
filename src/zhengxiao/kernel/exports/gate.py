"""The gate every file of records leaves by (kernel/ui/leaving.py): at once, after a second person, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from zhengxiao.kernel.exports import rules
from zhengxiao.kernel.exports.facts import KIND
from zhengxiao.kernel.exports.queries import exports_for
from zhengxiao.kernel.exports.services import (
    QuotaReached,
    digest_of,
    export_ask,
    export_fetch,
    export_leave,
    fetchable,
    taken_on,
    why_second,
)
from zhengxiao.kernel.notices.api import about
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.ui.api import ASK, Leaving, asks_at_the_gate, refusal_text
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted, Refusal

Make = Callable[[], HttpResponse]


class Request(HttpRequest):
    """A request with its moment and actor."""

    actor: Actor
    moment: datetime


def gate(request: HttpRequest, leaving: Leaving, make: Make) -> HttpResponse:
    """The file, the form that asks for a second person (409), or the request just made.

    A visitor takes only what everybody may read, up to the quota in one file. Raises what the verbs raise.
    """
    asked: Request = request  # type: ignore[assignment]
    actor, at = asked.actor, asked.moment
    if actor.user_id is None:
        return _for_visitors(leaving, make)
    if asks_at_the_gate(request):
        return _ask(asked, leaving) if request.POST["act"] == ASK else _fetch(asked, leaving, make)
    if why_second(leaving, actor, at) is not None:
        return _form(asked, leaving)
    try:
        return _made(make, lambda: export_leave(leaving=leaving, actor=actor, at=at))
    except QuotaReached:  # another file of the same person left meanwhile
        return _form(asked, leaving)


def _made(make: Make, claim: Callable[[], object]) -> HttpResponse:
    """The file, made before it is claimed: one that fails on the way is not spent, and one that is refused leaves no record."""
    with transaction.atomic():
        answer = make()
        try:
            claim()
        except Refusal:
            _drop(answer)
            raise
    return answer


def _drop(answer: HttpResponse) -> None:
    """Close the file that does not leave. Closing the answer itself would end the request, and with it the connection."""
    stream = getattr(answer, "file_to_stream", None)
    if stream is not None:
        stream.close()


def _for_visitors(leaving: Leaving, make: Make) -> HttpResponse:
    if leaving.personal:
        raise NotPermitted(action=gettext("导出"))
    if leaving.rows > settings.ZX_EXPORT_QUOTA:
        raise QuotaReached(quota=settings.ZX_EXPORT_QUOTA, taken=0, rows=leaving.rows)
    return make()


def _ask(request: Request, leaving: Leaving) -> HttpResponse:
    try:
        found = export_ask(
            leaving=leaving,
            address=request.get_full_path(),
            purpose=request.POST.get("purpose", ""),
            actor=request.actor,
            at=request.moment,
        )
    except NotPermitted:
        raise
    except Refusal as refusal:
        return _form(request, leaving, refusal)
    return redirect(about(KIND, found.pk).url)


def _fetch(request: Request, leaving: Leaving, make: Make) -> HttpResponse:
    """The file that was approved. Raises what `fetchable` and `export_fetch` raise."""
    number = request.POST.get("request", "")
    given = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
    found = fetchable(
        request_id=given,
        leaving=leaving,
        address=request.get_full_path(),
        actor=request.actor,
        at=request.moment,
    )
    return _made(
        make, lambda: export_fetch(request=found, leaving=leaving, actor=request.actor, at=request.moment)
    )


def _form(request: Request, leaving: Leaving, refusal: Refusal | None = None) -> HttpResponse:
    """Why a second person is needed, and the form that asks; 409 so that no program takes it for the file."""
    actor, at = request.actor, request.moment
    why = why_second(leaving, actor, at) or rules.Why.QUOTA
    standing = exports_for(actor).filter(asked_by_id=actor.user_id, digest=digest_of(request.get_full_path()))
    open_ones = standing.filter(state__in=("waiting", "approved")).order_by("-pk").first()
    context = {
        "leaving": leaving,
        "why": gettext(rules.WHY_WORDS[why]),
        "over": why is not rules.Why.PERSONAL,
        "quota": settings.ZX_EXPORT_QUOTA,
        "taken": taken_on(actor, local_day(at)),
        "hours": settings.ZX_EXPORT_HOURS,
        "act": ASK,
        "address": request.get_full_path(),
        "back": request.path,
        "purpose": request.POST.get("purpose", ""),
        "least": rules.LEAST_PURPOSE,
        "most": rules.MOST_PURPOSE,
        "problem": refusal_text(refusal) if refusal else "",
        "standing": open_ones,
        "standing_url": about(KIND, open_ones.pk).url if open_ones else "",
    }
    return render(request, "exports/ask.html", context, status=422 if refusal else 409)
