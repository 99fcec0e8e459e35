"""The living style page: every component in every state, with sample data."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.ui.api import LIGHT_WORDS, Column, Filter, Ledger, ledger_view
from zhengxiao.surfaces.console.web import samples

LANGUAGES = (("zh-hans", _("简体中文")), ("en", _("英文")))
SAMPLE_LEDGER = Ledger(
    name="console.sample",
    title=_("示例台账"),
    columns=(
        Column("username", _("用户名"), sortable=True),
        Column("display_name", _("姓名"), sortable=True),
        Column("light", _("时限"), value=lambda user: _light(user.pk), kind="light"),
        Column("pk", _("序号"), kind="number", sortable=True, sort=("pk",)),
        Column("joined_at", _("开户时间"), kind="datetime", sortable=True),
        Column("phone_masked", _("手机"), default=False),
    ),
    filters=(
        Filter("q", _("姓名"), field="display_name", example=_("例如：示例")),
        Filter("active", _("启用"), kind="bool", field="is_active"),
        Filter("language", _("界面语言"), kind="choice", field="language", choices=lambda actor: LANGUAGES),
        Filter("joined", _("开户"), kind="moment_range", field="joined_at"),
    ),
    default_sort="username",
    row_url=lambda user: f"?q={user.display_name}",
    empty_hint=_("这里会列出示例账号。"),
)


def _light(number: int) -> tuple[str, str]:
    names = list(LIGHT_WORDS)
    return names[number % len(names)], ""


@page("console.style")
@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    given = {"name": "", "kind": "promised", "until": "明天", "way": "", "note": "示例"}
    wrong = samples.SampleForm({f"wrong-{key}": value for key, value in given.items()}, prefix="wrong")
    context = {
        "lights": list(LIGHT_WORDS),
        "strips": samples.STRIPS,
        "entries": samples.ENTRIES,
        "moves": samples.MOVES,
        "refused_moves": samples.MOVES[3:],
        "departments": samples.DEPARTMENTS,
        "pairs": samples.PAIRS,
        "form": samples.SampleForm(),
        "wrong": wrong,
        "as_of": samples.moment(29, 9, 30),
        "zero": 0,
    }
    return render(request, "console/style.html", context)


@page("console.style")
def style_ledger(request: HttpRequest) -> HttpResponse:
    """A ledger over the accounts the reader may know anyway: only the reader's own."""
    return ledger_view(
        request, SAMPLE_LEDGER, get_user_model().objects.filter(username=request.user.get_username())
    )
