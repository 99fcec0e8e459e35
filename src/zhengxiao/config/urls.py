"""The URL map: each app states its own paths in web/urls.py; this file only says where they hang."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("zhengxiao.surfaces.portal.web.urls")),
    path("", include("zhengxiao.surfaces.operation.web.urls")),
    path("citizen/", include("zhengxiao.surfaces.citizen.web.urls")),
    path("desk/", include("zhengxiao.surfaces.desk.web.urls")),
    path("cockpit/", include("zhengxiao.surfaces.cockpit.web.urls")),
    path("screen/", include("zhengxiao.surfaces.screen.web.urls")),
    path("process/", include("zhengxiao.surfaces.process.web.urls")),
    path("console/", include("zhengxiao.surfaces.console.web.urls")),
    path("cases/", include("zhengxiao.backbone.cases.web.urls")),
    path("parties/", include("zhengxiao.backbone.parties.web.urls")),
    path("items/", include("zhengxiao.backbone.catalogue.web.urls")),
    path("relay/", include("zhengxiao.mechanisms.relay.web.urls")),
    path("supervision/", include("zhengxiao.mechanisms.supervision.web.urls")),
    path("disclosures/", include("zhengxiao.mechanisms.disclosures.web.urls")),
    path("detection/", include("zhengxiao.mechanisms.detection.web.urls")),
    path("api/v1/", include("zhengxiao.surfaces.openapi.web.urls")),
]

handler500 = "zhengxiao.surfaces.operation.web.views.server_error"
