"""The public side of a case: ask by number and code, see one's whole history, take the proof home.

A good question leaves a signed cookie of half an hour instead of number and code, so neither stands in an address afterwards.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengxiao.backbone.cases.api import Case, applicant_shown, case_by_code, cases_found
from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.proof import verifier
from zhengxiao.kernel.proof.api import NothingSigned
from zhengxiao.kernel.signin.api import caller_address
from zhengxiao.kernel.ui.api import refusal_text
from zhengxiao.surfaces.citizen.history import document_of, history_of
from zhengxiao.surfaces.citizen.misses import TooManyMisses, claim, hit
from zhengxiao.surfaces.citizen.words import PUBLIC_STATES

COOKIE, SALT, MINUTES = "zx_case", "citizen.case", 30
ELDER = "zx_elder"
PATH = "/citizen/"


class QueryForm(forms.Form):
    """Number and code as they stand on the receipt."""

    use_required_attribute = False
    number = forms.CharField(
        label=_("办件编号"),
        max_length=100,
        help_text=_("印在回执上，例如 990102-20260304-00001"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=100,
        help_text=_("26 位，印在编号下方，不分大小写，可不输空格"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


def _shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    given = {"elder": request.COOKIES.get(ELDER) == "1", **context}
    answer = render(request, template, given, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@page(public=True)
@require_http_methods(["GET", "HEAD", "POST"])
def query(request: HttpRequest) -> HttpResponse:
    """The question. Whatever is wrong with number or code is answered in one and the same way."""
    if request.method != "POST":
        return _shown(request, "citizen/query.html", {"form": QueryForm()})
    return _asked(request, request.POST.get("number", ""), request.POST.get("code", ""))


@page(public=True)
@require_safe
def open_link(request: HttpRequest) -> HttpResponse:
    """The address behind the QR of a receipt: the same question, then on without number and code in the address."""
    return _asked(request, request.GET.get("n", ""), request.GET.get("c", ""))


def _asked(request: HttpRequest, number: str, code: str) -> HttpResponse:
    at = request.moment  # type: ignore[attr-defined]
    try:
        asked = claim(address=_address(request), at=at)
    except TooManyMisses as refusal:
        context = {"form": QueryForm(), "problem": refusal_text(refusal)}
        answer = _shown(request, "citizen/query.html", context, status=429)
        answer["Retry-After"] = str(refusal.seconds)
        return answer
    case = case_by_code(number=number.replace("\x00", ""), code=code)
    if case is None:
        problem = _("没有找到。请核对编号和查询码，两者都要与回执一致。")
        return _shown(request, "citizen/query.html", {"form": QueryForm(), "problem": problem}, status=404)
    hit(asked)
    answer = redirect("citizen:case")
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer.set_cookie(
        COOKIE,
        signing.dumps(case.pk, salt=SALT),
        max_age=MINUTES * 60,
        path=PATH,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


def _address(request: HttpRequest) -> str:
    peer = str(request.META.get("REMOTE_ADDR", ""))
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    return caller_address(peer, told, settings.ZX_TRUSTED_PROXIES)


def _case(request: HttpRequest) -> Case | None:
    """The case that this browser has shown number and code of within the last half hour."""
    try:
        pk = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=timedelta(minutes=MINUTES))
    except signing.BadSignature:
        return None
    return cases_found(pk)


@page(public=True)
@require_safe
def case_page(request: HttpRequest) -> HttpResponse:
    """Progress and the whole history, each entry checked against the signed head."""
    case = _case(request)
    if case is None:
        return redirect("citizen:query")
    at = request.moment  # type: ignore[attr-defined]
    history = history_of(case)
    context = {
        "case": case,
        "applicant": applicant_shown(case),
        "state": PUBLIC_STATES.get(case.state, ""),
        "due_on": _due(case, at),
        "history": history,
        "proven": sum(line.is_proven for line in history.lines),
        "head_qr": _qr(history.head) if history.head else "",
    }
    return _shown(request, "citizen/case.html", context)


def _due(case: Case, at: Any) -> Any:
    clock = case.promised_clock or case.statutory_clock
    return None if clock is None or clock.stopped_at is not None else clock.due_on


def _qr(text: str) -> SafeString:
    drawn = segno.make(text, error="l", micro=False).svg_inline(scale=3, border=2, svgclass="citizen-qr")
    return mark_safe(drawn)  # noqa: S308  # drawn by the packaged library from the signed head


def _file(content: str, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@page(public=True)
@require_safe
def proof_file(request: HttpRequest) -> HttpResponse:
    """The file that verifies offline. Signed in as the applicant, one gets the own values opened in it."""
    case = _case(request)
    if case is None:
        return redirect("citizen:query")
    try:
        document = document_of(case, request.actor)  # type: ignore[attr-defined]
        return _file(document, "proof.json", "application/json; charset=utf-8")
    except NothingSigned:
        return redirect("citizen:case")


@page(public=True)
@require_safe
def head_file(request: HttpRequest) -> HttpResponse:
    """The signed head as text: two people who hold the same one were shown the same history."""
    case = _case(request)
    if case is None:
        return redirect("citizen:query")
    return _file(history_of(case).head, "checkpoint.txt", "text/plain; charset=utf-8")


@page(public=True)
@require_safe
def verifier_file(request: HttpRequest) -> HttpResponse:
    """The program that checks a proof, as it is used here."""
    return _file(Path(verifier.__file__).read_text("utf-8"), "verifier.py", "text/x-python; charset=utf-8")


@page(public=True)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the case in this browser: the telephone may be somebody else's."""
    answer = redirect("citizen:query")
    answer.delete_cookie(COOKIE, path=PATH)
    return answer


@page(public=True)
@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Larger type and stronger contrast, on or off."""
    answer = redirect("citizen:case" if _case(request) else "citizen:query")
    on = "0" if request.COOKIES.get(ELDER) == "1" else "1"
    answer.set_cookie(ELDER, on, max_age=366 * 86400, path=PATH, httponly=True, samesite="Lax")
    return answer
