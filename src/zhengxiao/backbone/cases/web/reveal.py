"""One full number of the applicant, shown once, for a stated purpose, on record. A session left open shows none: the password is
asked for again when it was given too long ago (ZX_PASSWORD_AGAIN_MINUTES)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from zhengxiao.backbone.cases.ledger import case_url
from zhengxiao.backbone.cases.masking import applicant_shown
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.web.base import Request, visible_case
from zhengxiao.backbone.parties.api import (
    ID,
    NAME,
    PARTY_SCOPE,
    PHONE,
    PURPOSES,
    WHAT_WORDS,
    Party,
    party_reveal,
)
from zhengxiao.kernel.access.api import can, page
from zhengxiao.kernel.timeline.api import Subject
from zhengxiao.kernel.ui.api import focus_first, refusal_text
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted, Refusal

REVEAL = "parties.reveal"
FIELDS = {"id": ID, "name": NAME, "phone": PHONE}
SEALED = {"id": "id_sealed", "name": "contact_name_sealed", "phone": "contact_phone_sealed"}


class RevealForm(forms.Form):
    """Why the number is needed; the person concerned will read it."""

    use_required_attribute = False
    purpose = forms.ChoiceField(
        label=_("用途"),
        choices=[("", _("请选择")), *((key, _(words)) for key, words in PURPOSES.items())],
        error_messages={"required": _("请选择用途。")},
    )
    note = forms.CharField(
        label=_("具体事由"),
        max_length=200,
        help_text=_("不少于 4 个字，例：与身份证原件核对。本人可以看到，请勿写号码。"),
        error_messages={"required": _("请写明具体事由。")},
    )


def reveal_url(case: Case, field: str, actor: Actor) -> str:
    """Where the full value is asked for; empty when there is none or the actor may not."""
    party = case.party
    if party is None or not getattr(party, SEALED[field]) or not can(actor, REVEAL, party, PARTY_SCOPE):
        return ""
    return reverse("cases:reveal", args=[case.number, field])


@page(REVEAL, password_again=True)
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: Request, number: str, field: str) -> HttpResponse:
    """Ask for the purpose; on POST show the value on this very answer, which nothing may keep."""
    case = visible_case(request, number)
    party = case.party
    if party is None or field not in FIELDS or not getattr(party, SEALED[field]):
        raise Http404
    if not can(request.actor, REVEAL, party, PARTY_SCOPE):
        raise NotPermitted(action=gettext("查看完整证件号码与联系方式"))
    form = RevealForm(request.POST if request.method == "POST" else None)
    shown = _shown(request, case, party, FIELDS[field], form) if form.is_valid() else ""
    if form.errors:
        focus_first(form)
    answer = render(
        request, "cases/reveal.html", _context(case, field, form, shown), status=422 if form.errors else 200
    )
    answer["Cache-Control"] = "no-store, private"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _shown(request: Request, case: Case, party: Party, what: str, form: RevealForm) -> str:
    try:
        return party_reveal(
            party=party,
            what=what,
            purpose=form.cleaned_data["purpose"],
            note=form.cleaned_data["note"],
            about=Subject("case", case.pk),
            actor=request.actor,
            at=request.moment,
        )
    except NotPermitted:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
        return ""


def _context(case: Case, field: str, form: RevealForm, shown: str) -> dict[str, Any]:
    return {
        "case": case,
        "case_url": case_url(case),
        "applicant": applicant_shown(case),
        "field": field,
        "what": gettext(WHAT_WORDS[FIELDS[field]]),
        "form": form,
        "value": shown,
    }
