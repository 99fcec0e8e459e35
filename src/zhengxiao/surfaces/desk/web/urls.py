from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.desk.web import home, notices, search

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read-all/", notices.notices_read_all, name="notices-read-all"),
    path("notices/<int:notice_id>/open/", notices.notice_open, name="notice-open"),
]
