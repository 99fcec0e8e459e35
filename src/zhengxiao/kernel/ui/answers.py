"""One URL, two answers: the whole page, or the fragment that htmx asked for. And refusals in words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from zhengxiao.lib.refusals import NotPermitted, ReadOnly, Refusal, StaleState, gettext_noop


class BadAddress(Refusal):
    """The address carries a parameter that the page does not know, or a value that makes no sense (400)."""

    template = gettext_noop("网址中的参数“{name}”无法识别。请从页面上重新选择条件。")


def wants_fragment(request: HttpRequest) -> bool:
    """True when htmx asks for a part of the page; boosted links and restored history want the whole page."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page_or_fragment(
    request: HttpRequest,
    page_template: str,
    fragment_template: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the fragment for htmx and the page for everyone else; caches are told that the two differ."""
    template = fragment_template if wants_fragment(request) else page_template
    response = render(request, template, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def refusal_text(refusal: Refusal) -> str:
    """The refusal in the language of the reader; parameters that are lazy or marked texts are translated,
    too.
    """
    params = {
        name: _told(value) if isinstance(value, str) and value else value
        for name, value in refusal.params.items()
    }
    return gettext(refusal.template).format(**params)


def _told(words: str) -> str:
    """A marked text, or a list of them one below the other or with the Chinese comma of lists, in the reader's language."""
    lines = [
        gettext("、").join(gettext(word) for word in line.split("、") if word) for line in words.split("\n")
    ]
    return "\n".join(lines)


def refusal_status(refusal: Refusal) -> int:
    if isinstance(refusal, StaleState):
        return 409
    if isinstance(refusal, NotPermitted):
        return 403
    if isinstance(refusal, ReadOnly):
        return 503
    return 400 if isinstance(refusal, BadAddress) else 422


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal raised by a view, as a page, or for htmx as a message swapped into the message area."""
    status = refusal_status(refusal)
    context = {"text": refusal_text(refusal), "code": refusal.code, "field": refusal.field, "status": status}
    if wants_fragment(request):
        return message_response(request, context["text"], status)
    response = render(request, "ui/refused.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def message_response(request: HttpRequest, text: object, status: int) -> HttpResponse:
    """Words for the message area; htmx puts them there whatever the element asked for."""
    response = render(request, "ui/_message.html", {"text": text, "level": "error"}, status=status)
    response["HX-Retarget"] = "#messages"
    response["HX-Reswap"] = "innerHTML"
    patch_vary_headers(response, ["HX-Request"])
    return response
