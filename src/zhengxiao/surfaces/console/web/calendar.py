"""Working calendars: their years, their versions, and the two people a change takes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from zhengxiao.kernel.access.api import allows, page
from zhengxiao.kernel.calendar.api import (
    NATION,
    Arrangement,
    Calendar,
    CalendarVersion,
    DayMark,
    DayTable,
    UnknownCalendar,
    VersionState,
    calendar_define,
    day_table,
    horizon_findings,
    table_with,
    versions_of,
    versions_waiting,
)
from zhengxiao.kernel.clock.api import (
    Clock,
    calendar_confirm,
    calendar_effect,
    calendar_propose_recorded,
    calendar_reject_recorded,
)
from zhengxiao.kernel.orgs.api import Region
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.ui.api import BadAddress, refusal_text
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal
from zhengxiao.surfaces.console.web.calendar_effect import Shown, shown_moves
from zhengxiao.surfaces.console.web.calendar_forms import FORMS, NOTICE, WAYS, ProposalForm
from zhengxiao.surfaces.console.web.calendar_year import (
    KINDS,
    WEEK,
    YearMonth,
    joined,
    months_of_year,
    specials_of,
)

FIRST_YEAR, LAST_YEAR = 2000, 2100
AT_ONCE = 50_000
"""Up to so many running clocks the effect is worked out with the page; beyond, when it is asked for."""
COUNTY = 4
NEWEST = 5
ALL_MONTHS = 4
"""A version that touches so many months is shown with the whole year, a smaller one with its months."""
MOST_REGIONS = 300


class Request(HttpRequest):
    """A request with its moment and actor."""

    actor: Actor
    moment: datetime


@page("calendar.view")
@require_safe
def calendars(request: Request) -> HttpResponse:
    """All calendars, the horizon, and what waits for a second person."""
    rows = Calendar.objects.select_related("parent").annotate(
        confirmed=Count("versions", filter=Q(versions__state=VersionState.CONFIRMED)),
        waiting=Count("versions", filter=Q(versions__state=VersionState.PROPOSED)),
    )
    context = {
        "rows": sorted(rows, key=lambda row: (row.key != NATION, row.key)),
        "findings": horizon_findings(at=request.moment),
        "waiting": versions_waiting(),
        "may_propose": allows(request.actor, "calendar.propose"),
    }
    return render(request, "console/calendar.html", context)


@page("calendar.view")
@require_safe
def year_page(request: Request, key: str) -> HttpResponse:
    """One year of one calendar, its opening hours and its versions."""
    try:
        table = day_table(key)
    except UnknownCalendar as unknown:
        raise Http404 from unknown
    today = table.local_date(request.moment)
    year = _year(request, today.year)
    versions = list(versions_of(key))
    context: dict[str, Any] = {
        "calendar": Calendar.objects.filter(key=key).first(),
        "key": key,
        "year": year,
        "years": (year - 1 if year > FIRST_YEAR else None, year + 1 if year < LAST_YEAR else None),
        "months": months_of_year(table, year, today),
        "specials": specials_of(table, year),
        "sessions": table.sessions,
        "zone": table.zone.key,
        "workdays": table.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)),
        "settled": table.is_confirmed(date(year, 12, 31)),
        "versions": versions[:NEWEST],
        "older": versions[NEWEST:],
        "week": WEEK,
        "kinds": KINDS.items(),
        "may_propose": allows(request.actor, "calendar.propose"),
    }
    return render(request, "console/calendar_year.html", context)


@page("calendar.propose")
def propose(request: Request) -> HttpResponse:
    """Put a version forward: read, look at the days, then propose. Nothing is kept before the last step."""
    way = request.POST.get("way") or request.GET.get("way") or NOTICE
    if way not in FORMS:
        raise BadAddress(name="way")
    wanted = request.GET.get("key", NATION)
    if request.method == "POST":
        form = FORMS[way](request.POST, request.FILES, calendars=_calendars(wanted))
    else:
        form = FORMS[way](initial={"key": wanted}, calendars=_calendars(wanted))
    context: dict[str, Any] = {"form": form, "way": way, "ways": WAYS.items(), "key": wanted}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "propose":
            version = _proposed(request, form)
            if version is not None:
                messages.success(request, gettext("已提出，等另一人确认。"))
                return redirect("console:calendar-version", version.pk)
        else:
            return render(request, "console/calendar_preview.html", {**context, **_preview(form)})
    return render(request, "console/calendar_propose.html", context, status=422 if form.errors else 200)


@page("calendar.view")
@require_safe
def version_page(request: Request, version_id: int) -> HttpResponse:
    """One version: its days, what it would move, and the decision of the second person."""
    version = _version(version_id)
    key = version.calendar.key
    marks = marks_of(version)
    table = table_with(key, version.pk)
    waits = version.state == VersionState.PROPOSED
    running = Clock.objects.running().order_by().values("pk")[: AT_ONCE + 1].count() if waits else 0
    effect = (
        calendar_effect(version.pk) if waits and (running <= AT_ONCE or "effect" in request.GET) else None
    )
    years = sorted({mark.date.year for mark in marks} | _settled_years(version))
    year = _year(request, years[-1] if years else table.local_date(request.moment).year)
    context: dict[str, Any] = {
        "version": version,
        "waits": waits,
        "days": joined(marks, table),
        "months": _months(table, year, table.local_date(request.moment), marks),
        "year": year,
        "week": WEEK,
        "kinds": KINDS.items(),
        "sessions": version.sessions.all(),
        "effect": effect,
        "moves": shown_moves(effect.sample, request.actor) if effect else Shown((), 0),
        "too_many": waits and effect is None,
        "own": version.proposed_by_id is not None and version.proposed_by_id == request.actor.user_id,
        "may_confirm": allows(request.actor, "calendar.confirm"),
        "entries": entries_for(Subject("calendar_version", version.pk)),
    }
    return render(request, "console/calendar_version.html", context)


@require_POST
@page("calendar.confirm", password_again=True)
def confirm(request: Request, version_id: int) -> HttpResponse:
    """Confirm by another person than proposed it; the running deadlines move at once."""
    version = _version(version_id)
    try:
        moved = calendar_confirm(version_id=version.pk, actor=request.actor, at=request.moment)
    except Refusal as refusal:
        messages.error(request, refusal_text(refusal))
    else:
        words = ngettext(
            "已确认生效，{n} 个在办时限的到期日变动。", "已确认生效，{n} 个在办时限的到期日变动。", moved
        )
        messages.success(request, words.format(n=moved))
    return redirect("console:calendar-version", version.pk)


@require_POST
@page("calendar.confirm")
def reject(request: Request, version_id: int) -> HttpResponse:
    """Send a version back, with the reason."""
    version = _version(version_id)
    reason = request.POST.get("reason", "").strip()[:500]
    if not reason:
        messages.error(request, gettext("请写明退回的理由。"))
        return redirect("console:calendar-version", version.pk)
    try:
        calendar_reject_recorded(version_id=version.pk, reason=reason, actor=request.actor, at=request.moment)
        messages.success(request, gettext("已退回。"))
    except Refusal as refusal:
        messages.error(request, refusal_text(refusal))
    return redirect("console:calendar-version", version.pk)


def marks_of(version: CalendarVersion) -> list[DayMark]:
    """The days of a version as plain values."""
    local = version.calendar.key != NATION
    return [
        DayMark(
            day.date,
            day.is_workday,
            day.name,
            day.source_title or version.source_title,
            day.source_url or version.source_url,
            local=local,
        )
        for day in version.days.all()
    ]


def _version(version_id: int) -> CalendarVersion:
    found = CalendarVersion.objects.select_related("calendar", "proposed_by", "decided_by")
    return get_object_or_404(found, pk=version_id)


def _year(request: Request, usual: int) -> int:
    text = request.GET.get("year", "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit()) or not FIRST_YEAR <= int(text[:6]) <= LAST_YEAR:
        raise BadAddress(name="year")
    return int(text)


def _months(table: DayTable, year: int, today: date, marks: list[DayMark]) -> list[YearMonth]:
    """The year with the days of a version marked; only its months when they are few."""
    days = frozenset(mark.date for mark in marks)
    touched = {day.month for day in days if day.year == year}
    months = months_of_year(table, year, today, days)
    if not 0 < len(touched) < ALL_MONTHS:
        return months
    return [month for month in months if month.first.month in touched]


def _settled_years(version: CalendarVersion) -> set[int]:
    return {version.confirmed_through.year} if version.confirmed_through else set()


def _calendars(wanted: str) -> list[tuple[str, Any]]:
    """The calendars there are, and the regions down to the county that have none yet."""
    known = [(row.key, f"{gettext(row.name)}（{row.key}）") for row in Calendar.objects.all()]
    keys = {key for key, _name in known}
    if NATION not in keys:
        known.insert(0, (NATION, gettext("全国（CN）")))
    known.sort(key=lambda pair: (pair[0] != NATION, pair[0]))
    near = Q(level__lte=COUNTY) | Q(code=wanted)
    regions = Region.objects.filter(near).exclude(code__in=keys).order_by("path")[:MOST_REGIONS]
    return known + [(region.code, f"{region.name}（{region.code}）") for region in regions]


def _proposed(request: Request, form: ProposalForm) -> CalendarVersion | None:
    found: Arrangement = form.cleaned_data["arrangement"]
    span = found.confirmed or (None, None)
    key = form.cleaned_data["key"]
    region = Region.objects.filter(code=key).first()
    try:
        if region is not None:  # else the calendar would be named by its code
            calendar_define(key=key, name=region.name, actor=request.actor, at=request.moment)
        return calendar_propose_recorded(
            key=key,
            days=found.marks,
            source_title=found.title,
            source_url=found.url,
            confirmed_from=span[0],
            confirmed_through=span[1],
            note=form.cleaned_data["note"],
            actor=request.actor,
            at=request.moment,
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
        return None


def _preview(form: ProposalForm) -> dict[str, Any]:
    found: Arrangement = form.cleaned_data["arrangement"]
    key = form.cleaned_data["key"]
    table = day_table(key if Calendar.objects.filter(key=key).exists() else NATION)
    marks = sorted(found.marks, key=lambda mark: mark.date)
    hidden = [
        (name, form.cleaned_data[name])
        for name in form.fields
        if name != "file" and form.cleaned_data.get(name) is not None
    ]
    return {
        "arrangement": found,
        "days": joined(marks, table),
        "off": sum(mark.is_workday is False for mark in marks),
        "work": sum(mark.is_workday is True for mark in marks),
        "hidden": [(name, value.isoformat() if isinstance(value, date) else value) for name, value in hidden],
        "calendar_name": dict(form.fields["key"].choices).get(key, key),  # type: ignore[attr-defined]
        "dates": (marks[0].date, marks[-1].date) if marks else None,
    }
