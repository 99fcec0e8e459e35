"""Addresses of the interface, made from the operations; whatever is left over is a problem document as well."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from zhengxiao.kernel.access.api import page
from zhengxiao.surfaces.openapi.document import ROOT, document_text, rules
from zhengxiao.surfaces.openapi.gate import gate
from zhengxiao.surfaces.openapi.problems import MethodNotAllowed, NotFound, problem
from zhengxiao.surfaces.openapi.service import api

app_name = "openapi"


@csrf_exempt
@page(public=True)
def openapi_json(request: HttpRequest) -> HttpResponse:
    """The document; open to everybody."""
    if request.method not in {"GET", "HEAD"}:
        response = problem(MethodNotAllowed(method=request.method), request)
        response["Allow"] = "GET, HEAD"
        return response
    return HttpResponse(document_text(), content_type="application/json; charset=utf-8")


@csrf_exempt
@page(public=True)
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address that names nothing."""
    return problem(NotFound(), request)


def _operations() -> list[URLPattern]:
    """One guarded route per path; methods share it."""
    found: dict[str, URLPattern] = {}
    known = {_shape(address): wanted for address, wanted in rules().items()}
    for pattern in api._get_urls():
        route = str(getattr(pattern, "pattern", ""))
        wanted = known.get(_shape(f"{ROOT}/{route}"))
        if isinstance(pattern, URLPattern) and wanted is not None:
            found.setdefault(route, path(route, gate(pattern.callback, wanted), name=pattern.name))
    if len(found) != len(known):
        raise RuntimeError("an operation of the document has no route")
    return list(found.values())


def _shape(address: str) -> str:
    return address.replace("<", "{").replace(">", "}")


urlpatterns = [
    path("openapi.json", openapi_json, name="document"),
    *_operations(),
    re_path(r"^(?P<rest>.*)$", nowhere, name="nowhere"),
]
