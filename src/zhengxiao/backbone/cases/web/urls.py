from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.backbone.cases.web import (
    assign,
    cases,
    clocks,
    lists,
    materials,
    moves,
    receive,
    reveal,
    vouchers,
)

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("", lists.ledger, name="ledger"),
    path("new/", receive.new, name="new"),
    # Numbers of source systems may hold a slash, so the longer addresses are asked first.
    path("<path:number>/assign/", assign.assign, name="assign"),
    path("<path:number>/moves/<slug:transition>/", moves.move, name="move"),
    path("<path:number>/clocks/<int:clock_id>/", clocks.sheet, name="clock"),
    path("<path:number>/materials/add/", materials.material_new, name="material-new"),
    path("<path:number>/materials/<int:version_id>/", materials.material_download, name="material"),
    path("<path:number>/reveal/<slug:field>/", reveal.reveal, name="reveal"),
    path("<path:number>/voucher/", vouchers.voucher, name="voucher"),
    path("<path:number>/", cases.case, name="case"),
]
