"""The one view behind every ledger page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext

from zhengxiao.kernel.ui.answers import BadAddress, page_or_fragment, wants_fragment
from zhengxiao.kernel.ui.leaving import asks_at_the_gate, let_out
from zhengxiao.kernel.ui.ledger.declare import Ledger
from zhengxiao.kernel.ui.ledger.export import exported, leaving_of, printed
from zhengxiao.kernel.ui.ledger.rows import COUNT_CAP, Line, first_keys, lines, rows_of, selected
from zhengxiao.kernel.ui.ledger.shown import Chip, Control, Head, Pages, chips, controls, heads, pages
from zhengxiao.kernel.ui.ledger.state import State
from zhengxiao.kernel.ui.models import SavedView
from zhengxiao.kernel.ui.services import saved_view_drop, saved_view_save
from zhengxiao.lib.actors import Actor


def ledger_view(
    request: HttpRequest,
    ledger: Ledger,
    queryset: QuerySet[Any],
    *,
    extra: dict[str, Any] | None = None,
    template: str = "ui/ledger.html",
) -> HttpResponse:
    """Answer a ledger page: table, fragment, file or print by the address; POST keeps and drops saved views.

    Files and prints leave by the gate (`leaving.let_out`), which may answer a form that asks for a second person.
    `queryset` is already scoped to the actor. `template` may extend "ui/ledger.html". Raises BadAddress for a
    parameter nobody knows (400), TooManyToExport, TooManyToPrint (422).
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.moment  # type: ignore[attr-defined]
    if request.method == "POST" and not asks_at_the_gate(request):
        return _keep_view(request, ledger, actor, at)
    saved = SavedView.objects.filter(ledger=ledger.name, user_id=actor.user_id or 0)
    if not request.GET and (default := next((view for view in saved if view.is_default), None)):
        return redirect(f"{request.path}{_view_url(default)}")
    state = State.read(ledger, request.GET, actor)
    rows = selected(state, queryset, at)
    if state.output:
        return let_out(request, leaving_of(state, rows), lambda: _file(request, state, rows, at))
    if request.method == "POST":
        raise BadAddress(name="act")
    shown = Shown(state, queryset, rows, at, saved)
    context = {"ledger": ledger, "shown": shown, "at": at, **(extra or {})}
    answer = page_or_fragment(request, template, "ui/_ledger.html", context)
    if wants_fragment(request):
        answer["HX-Push-Url"] = f"{request.path}{state.here}"
    return answer


def _file(request: HttpRequest, state: State, rows: QuerySet[Any], at: datetime) -> HttpResponse:
    return printed(request, state, rows, at) if state.output == "print" else exported(state, rows, at)


FILTERS_IN_VIEW = 6


@dataclass(frozen=True)
class Shown:
    """Everything the ledger templates ask for, computed once each."""

    state: State
    scoped: QuerySet[Any]
    rows: QuerySet[Any]
    at: datetime
    saved: QuerySet[SavedView]

    @cached_property
    def keys(self) -> list[Any]:
        """The keys of every row that a page may show, in order, and one more."""
        return first_keys(self.rows, COUNT_CAP)

    @property
    def count(self) -> int:
        """How many rows, at most COUNT_CAP + 1."""
        return len(self.keys)

    @cached_property
    def too_many(self) -> bool:
        """The page asked for lies beyond what anyone reads."""
        return (self.state.page - 1) * self.state.size >= COUNT_CAP

    @cached_property
    def lines(self) -> list[Line]:
        if self.too_many:
            return []
        start = (self.state.page - 1) * self.state.size
        page = self.keys[start : start + self.state.size]
        return list(lines(self.state, rows_of(self.state, self.scoped, page), self.at)) if page else []

    @cached_property
    def pages(self) -> Pages:
        return pages(self.state, self.count, COUNT_CAP)

    @cached_property
    def heads(self) -> list[Head]:
        return heads(self.state)

    @cached_property
    def controls(self) -> list[Control]:
        return controls(self.state)

    @property
    def first_controls(self) -> list[Control]:
        """The filters always in view: a list must show rows, not questions."""
        return self.controls[:FILTERS_IN_VIEW]

    @property
    def more_controls(self) -> list[Control]:
        return self.controls[FILTERS_IN_VIEW:]

    @property
    def more_are_set(self) -> bool:
        return any(control.is_set for control in self.more_controls)

    @cached_property
    def chips(self) -> list[Chip]:
        return chips(self.state)

    @property
    def first_url(self) -> str:
        return self.state.url(page=1)

    @property
    def xlsx_url(self) -> str:
        return self.state.url(export="xlsx")

    @property
    def csv_url(self) -> str:
        return self.state.url(export="csv")

    @property
    def full_url(self) -> str:
        """The file that tells what stands behind the masks; empty when no column shown is masked."""
        masked = any(column.full is not None for column in self.state.columns)
        return self.state.url(export="xlsx", full=1) if masked else ""

    @property
    def print_url(self) -> str:
        return self.state.url(print=1)

    @cached_property
    def views(self) -> list[dict[str, Any]]:
        return [
            {"view": view, "url": _view_url(view), "current": view.pk == self.state.view_id}
            for view in self.saved
        ]


def _view_url(view: SavedView) -> str:
    return f"?{view.query}{'&' if view.query else ''}view={view.pk}"


def _keep_view(request: HttpRequest, ledger: Ledger, actor: Actor, at: datetime) -> HttpResponse:
    """POST of the ledger page: `act` is "keep" (name, query, is_default) or "drop" (view)."""
    post = request.POST
    if post.get("act") == "drop":
        saved_view_drop(view_id=_number(post.get("view")), ledger=ledger.name, actor=actor, at=at)
        messages.success(request, gettext("视图已删除。"))
        return redirect(f"{request.path}?view=all")
    query = QueryDict(mutable=True)
    for name, value in parse_qsl(post.get("query", "")):
        query.appendlist(name, value)
    kept = State.read(ledger, query, actor).kept
    view = saved_view_save(
        ledger=ledger.name,
        name=post.get("name", ""),
        query=kept,
        is_default=post.get("is_default") == "1",
        actor=actor,
        at=at,
    )
    messages.success(request, gettext("视图“{name}”已保存。").format(name=view.name))
    return redirect(f"{request.path}{_view_url(view)}")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
