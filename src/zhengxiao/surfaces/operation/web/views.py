"""For machines that watch: alive, ready, figures. And the page of an error that is ours."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.surfaces.operation.exposition import CONTENT_TYPE, render
from zhengxiao.surfaces.operation.gauges import families
from zhengxiao.surfaces.operation.networks import may_read, networks
from zhengxiao.surfaces.operation.readiness import is_ready, readiness


@page(public=True)
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """This process answers. Asks nothing else, the database neither."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@page(public=True)
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the installation is ready, else 503; both with the names and states of the checks."""
    checks = readiness(at=request.moment)  # type: ignore[attr-defined]
    ok = is_ready(checks)
    body = {"ready": ok, "checks": [asdict(check) for check in checks]}
    return JsonResponse(body, status=200 if ok else 503)


@page(public=True)
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in the text format of Prometheus, for the networks that ZX_METRICS_ALLOW names."""
    if not may_read(request.META, networks(settings.ZX_METRICS_ALLOW)):
        return HttpResponse("not from this network\n", status=403, content_type="text/plain; charset=utf-8")
    return HttpResponse(render(families(at=request.moment)), content_type=CONTENT_TYPE)  # type: ignore[attr-defined]


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of an error, with the id that finds it in the log. Nothing of the request is touched: it may be broken."""
    context = {"request_id": getattr(request, "request_id", "")}
    return HttpResponse(loader.render_to_string("500.html", context), status=500)
