from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.backbone.catalogue.web import views

app_name = "catalogue"
urlpatterns: list[URLPattern] = [
    path("", views.item_list, name="items"),
    path("versions/", views.version_list, name="versions"),
    path("versions/<int:version_id>/edit/", views.draft_edit, name="draft-edit"),
    path("versions/<int:version_id>/move/<slug:name>/", views.version_move, name="version-move"),
    path("new/", views.item_new, name="item-new"),
    path("unified/", views.unified_page, name="unified"),
    path("basic/", views.basic_list, name="basic"),
    path("basic/<int:basic_id>/", views.basic_page, name="basic-item"),
    path("claims/", views.claim_list, name="claims"),
    path("claims/<int:claim_id>/", views.claim_page, name="claim"),
    path("<int:item_id>/", views.item_page, name="item"),
    path("<int:item_id>/draft/", views.item_draft, name="item-draft"),
    path("<int:item_id>/compare/", views.item_compare, name="item-compare"),
]
