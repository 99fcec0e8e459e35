"""A party as staff see it, masked, with who looked at its data; and the same for the person concerned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxiao.backbone.parties.looks import party_link_account
from zhengxiao.backbone.parties.models import PARTY_SCOPE, Look, Party
from zhengxiao.backbone.parties.permissions import LINK, SEE_LOOKS, SEE_OWN, VIEW
from zhengxiao.backbone.parties.queries import looks_at, own_parties
from zhengxiao.backbone.parties.rules import ID_TYPES, PURPOSES, mask_name
from zhengxiao.backbone.parties.services import WHAT_WORDS
from zhengxiao.kernel.access.api import can, page
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.ui.api import refusal_text
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted, Refusal

SHOWN = 200


class Request(HttpRequest):
    """A request with its moment and actor."""

    actor: Actor
    moment: datetime


class AccountForm(forms.Form):
    """Whose account the person's own is."""

    use_required_attribute = False
    username = forms.CharField(
        label=_("本人用户名"),
        max_length=64,
        help_text=_("当面核对身份后填写；关联后本人可看到谁查询过其信息。"),
        error_messages={"required": _("请填写本人用户名。")},
    )


def shown_looks(looks: Any, *, full_names: bool) -> list[dict[str, Any]]:
    """Looks in words. The person concerned sees the office and the masked name of who looked."""
    return [_shown(look, full_names) for look in looks[:SHOWN]]


def _shown(look: Look, full_names: bool) -> dict[str, Any]:
    unit = look.unit
    return {
        "at": look.at,
        "what": gettext(WHAT_WORDS.get(look.what, look.what)),
        "purpose": gettext(PURPOSES.get(look.purpose, look.purpose)),
        "note": look.note,
        "who": look.user_name if full_names else mask_name(look.user_name),
        "unit": (unit.short_name or unit.name) if unit else "",
        "hidden_until": look.hidden_until,
    }


@page(VIEW)
@require_safe
def party(request: Request, pk: int) -> HttpResponse:
    """Masked data, and the looks the actor may know of."""
    found = get_object_or_404(Party.objects.visible_to(request.actor), pk=pk)
    return render(request, "parties/party.html", _context(request, found, AccountForm()))


def _context(request: Request, found: Party, form: AccountForm) -> dict[str, Any]:
    looks = looks_at(found, actor=request.actor, on=local_day(request.moment))
    contact = f"{found.contact_name_masked} {found.contact_phone_masked}".strip()
    pairs = [
        (gettext("名称"), found.masked_name),
        (gettext("类型"), gettext(found.kind_label)),
        (gettext("统一社会信用代码"), found.credit_code),
        (gettext(ID_TYPES.get(found.id_type, "证件")), found.id_masked),
        (gettext("联系人"), contact),
    ]
    return {
        "party": found,
        "facts": [pair for pair in pairs if pair[1]],
        "looks": shown_looks(looks, full_names=True),
        "sees_all": can(request.actor, SEE_LOOKS, found, PARTY_SCOPE),
        "form": form if found.account_id is None and can(request.actor, LINK, found, PARTY_SCOPE) else None,
    }


@page(LINK)
@require_http_methods(["POST"])
def link(request: Request, pk: int) -> HttpResponse:
    """Link the person's own account, after seeing the person."""
    found = get_object_or_404(Party.objects.visible_to(request.actor).visible_to(request.actor, LINK), pk=pk)
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            party_link_account(
                party=found, username=form.cleaned_data["username"], actor=request.actor, at=request.moment
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error("username", refusal_text(refusal))
        else:
            messages.success(request, gettext("已关联本人账号。"))
            return redirect("parties:party", pk=found.pk)
    return render(request, "parties/party.html", _context(request, found, form), status=422)


@page(SEE_OWN)
@require_safe
def mine(request: Request) -> HttpResponse:
    """Who looked at my data, when, why."""
    day = local_day(request.moment)
    rows = [
        (one, shown_looks(looks_at(one, actor=request.actor, on=day), full_names=False))
        for one in own_parties(request.actor).order_by("pk")
    ]
    return render(request, "parties/mine.html", {"rows": rows})
