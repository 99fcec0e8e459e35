"""Pages that exist for the tests of this package only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.ui.api import Column, Filter, Ledger, ledger_view
from zhengxiao.lib.refusals import NotPermitted, Refusal, StaleState

PEOPLE = Ledger(
    name="tests.people",
    title="人员台账",
    columns=(
        Column("username", "用户名", sortable=True),
        Column("display_name", "姓名", sortable=True),
        Column(
            "light",
            "灯",
            value_at=lambda user, at: ("red", "超 1 日") if user.joined_at < at else "green",
            kind="light",
        ),
        Column("length", "字数", value=lambda user: len(user.display_name) * 1000, kind="number"),
        Column("joined_at", "开户", kind="datetime", sortable=True, nulls_last=True),
        Column("phone_masked", "手机", default=False),
    ),
    filters=(
        Filter("q", "姓名", field="display_name"),
        Filter("active", "启用", kind="bool", field="is_active"),
        Filter(
            "language",
            "语言",
            kind="choice",
            field="language",
            choices=lambda actor: [("zh-hans", "中文"), ("en", "英文")],
        ),
        Filter("joined", "开户", kind="moment_range", field="joined_at"),
        Filter("old", "老用户", kind="bool", apply_at=lambda qs, value, at: qs.filter(joined_at__lt=at)),
    ),
    default_sort="username",
    row_url=lambda user: f"/people/{user.username}/",
)


class LimitTooLong(Refusal):
    template = "承诺时限 {days} 日长于法定时限。"


@page(public=True)
def people(request: HttpRequest) -> HttpResponse:
    return ledger_view(request, PEOPLE, User.objects.exclude(username="hidden"))


@page(public=True)
def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.moment.isoformat()} {request.actor.name}")


@page(public=True)
def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    raise {"stale": StaleState(), "kept": NotPermitted(action="受理"), "limit": LimitTooLong(days=30)}[kind]


urlpatterns = [
    path("people/", people, name="people"),
    path("plain/", plain, name="plain"),
    path("refuse/<str:kind>/", refuse, name="refuse"),
    path("", include("zhengxiao.surfaces.portal.web.urls")),
]
