"""The record for the auditor: every fact, by whom, about what. Taking it away as a file is itself a fact."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.timeline.api import Entry, Subject, record
from zhengxiao.kernel.ui.api import ledger_view
from zhengxiao.lib.actors import Actor
from zhengxiao.surfaces.console.ledger import AUDIT

FORMS = ("export", "print")


class Request(HttpRequest):
    actor: Actor
    moment: datetime


@page("console.audit")
def audit(request: Request) -> HttpResponse:
    """The ledger of facts; a file or a print is on record before it leaves."""
    entries = Entry.objects.select_related("unit")
    answer = ledger_view(request, AUDIT, entries)
    form = request.GET.get("export") or ("print" if request.GET.get("print") else "")
    if form and answer.status_code == 200:
        _exported(request, form)
    return answer


def _exported(request: Request, form: str) -> None:
    conditions = {key: value for key, value in request.GET.items() if key not in FORMS and value}
    told = " ".join(f"{key}={value}" for key, value in sorted(conditions.items()))
    with transaction.atomic():
        record(
            fact="console.audit_exported",
            subject=Subject("user", request.actor.user_id or 0),
            actor=request.actor,
            at=request.moment,
            data={"form": form, "conditions": told[:500]},
        )
