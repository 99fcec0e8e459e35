"""One record: what it says and how it stands; changing it; its moves; entering a penalty."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxiao.kernel.access.api import can, page, require, scope_q
from zhengxiao.kernel.clock.api import clocks_of
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.ui.api import MoveForm, focus_first, offers_of, page_or_fragment, refusal_text
from zhengxiao.kernel.workflow.api import MoveNotLawful, Transition, lawful_moves
from zhengxiao.lib.refusals import NotPermitted, Refusal
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.checking import Fault
from zhengxiao.mechanisms.disclosures.contents import faults_now, whole
from zhengxiao.mechanisms.disclosures.facts import SUBJECT
from zhengxiao.mechanisms.disclosures.fields import TABLES
from zhengxiao.mechanisms.disclosures.ledger import disclosure_url, light_of, subject_shown, verdict_of
from zhengxiao.mechanisms.disclosures.models import SCOPE, Content, Disclosure
from zhengxiao.mechanisms.disclosures.penalties import UNIT_SCOPE, PenaltyIn, penalty_enter
from zhengxiao.mechanisms.disclosures.rules import VERDICT_WORDS, Kind
from zhengxiao.mechanisms.disclosures.services import CHANGEABLE, disclosure_move, record_change
from zhengxiao.mechanisms.disclosures.web.base import Request, visible_record
from zhengxiao.mechanisms.disclosures.web.forms import PenaltyForm, RecordForm
from zhengxiao.mechanisms.disclosures.words import KIND_WORDS
from zhengxiao.mechanisms.disclosures.workflow import TO_REPORT, WORKFLOW

BY_BATCH = ("report",)
"""Taken by the batch, never alone: a report has a number and a line."""


@page(permissions.VIEW)
@require_safe
def record(request: Request, key: int) -> HttpResponse:
    """The record with its content, faults, moves, clocks and story."""
    row = visible_record(request, key)
    light, words = light_of(row, request.moment)
    context = {
        "row": row,
        "subject": subject_shown(row),
        "state": WORKFLOW.state(row.state),
        "light": light,
        "words": words,
        "verdict": gettext(VERDICT_WORDS[verdict_of(row, request.moment)]),
        "pairs": _pairs(row),
        "content": _content(row, request),
        "clocks": clocks_of(SUBJECT, row.pk),
        "moves": offers_of(_moves(row, request), lambda step: _move_url(row, step)),
        "may_edit": row.state in CHANGEABLE and can(request.actor, permissions.EDIT, row, SCOPE),
        "entries": list(reversed(entries_for(Subject(SUBJECT, row.pk)))),
    }
    return render(request, "disclosures/record.html", context)


def _moves(row: Disclosure, request: Request) -> list[Any]:
    found = lawful_moves(workflow="disclosure", obj=row, actor=request.actor, at=request.moment)
    return [move for move in found if move.transition.name not in BY_BATCH]


def _move_url(row: Disclosure, step: Transition) -> str:
    return f"{disclosure_url(row)}moves/{step.name}/"


def _pairs(row: Disclosure) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = [
        (_("公示编号"), row.number),
        (_("种类"), KIND_WORDS[row.kind]),
        (_("部门"), row.department.name),
        (_("决定日期"), row.decided_on),
        (_("报送到期"), row.clock.due_on),
    ]
    moments = (
        (_("首次报送"), row.reported_at), (_("入库"), row.received_at), (_("首次退回"), row.rejected_at),
        (_("失效登记"), row.revoked_at), (_("撤下"), row.withdrawn_at), (_("信用修复"), row.repaired_at),
    )  # fmt: skip
    found += [(label, f"{timezone.localtime(at):%Y-%m-%d %H:%M}") for label, at in moments if at]
    if row.case_id is not None:
        found.append((_("办件"), row.case.number))  # type: ignore[union-attr]
    return found


def _content(row: Disclosure, request: Request) -> list[tuple[Any, str, str]]:
    """(label, value, fault) of each field that is filled or at fault; sealed numbers are only said to be there."""
    content = Content.objects.get(disclosure_id=row.pk, number=row.revision)
    faults: dict[str, Fault] = {}
    if row.state in TO_REPORT:
        faults = {fault.name: fault for fault in reversed(faults_now(row, request.moment))}
    hidden = set(whole(content)) - set(content.record)
    lines = []
    for rule in TABLES[Kind(row.kind)].fields:
        value = gettext("已加密保存") if rule.name in hidden else content.record.get(rule.name, "")
        fault = faults.get(rule.name)
        if value or fault:
            lines.append((_(rule.label), value, gettext(fault.reason) if fault else ""))
    return lines


@page(permissions.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, key: int) -> HttpResponse:
    """The content in a form; what is wrong stands at its field. Incomplete content is kept, and said to be so."""
    row = visible_record(request, key)
    if not can(request.actor, permissions.EDIT, row, SCOPE) or row.state not in CHANGEABLE:
        raise NotPermitted(action="填写双公示记录")
    content = Content.objects.get(disclosure_id=row.pk, number=row.revision)
    form = RecordForm(Kind(row.kind), request.POST or None, stored=whole(content))
    today = timezone.localtime(request.moment).date()
    if request.method == "POST" and form.is_valid():
        faults = form.judged(today)
        if not faults or "anyway" in request.POST:
            return _saved(request, row, form, len(faults))
        form.tell(faults)
    context = {"row": row, "form": form, "url": disclosure_url(row), "asked": request.method == "POST"}
    return render(request, "disclosures/edit.html", context, status=422 if form.errors else 200)


def _saved(request: Request, row: Disclosure, form: RecordForm, faults: int) -> HttpResponse:
    reason = gettext("补充内容")
    changed = record_change(
        disclosure_id=row.pk, record=form.record(), reason=reason, actor=request.actor, at=request.moment
    )
    if faults:
        text = gettext("已保存，尚有 {count} 处不合要求，补正后才能报送。")
        messages.warning(request, text.format(count=faults))
    else:
        messages.success(request, gettext("已保存，可以报送。"))
    return redirect(disclosure_url(changed))


@page(permissions.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, key: int, transition: str) -> HttpResponse:
    """Ask for what the move needs; on POST take it and go back to the record. A refusal stands at its field."""
    row = visible_record(request, key)
    step = _transition(transition)
    form = MoveForm(step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            disclosure_move(
                disclosure_id=row.pk,
                transition=step.name,
                actor=request.actor,
                at=request.moment,
                data=form.cleaned_data,
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
            focus_first(form)
        else:
            messages.success(request, gettext("已完成“{move}”。").format(move=step.label))
            return redirect(disclosure_url(row))
    return _asked(request, row, step, form)


def _asked(request: Request, row: Disclosure, step: Transition, form: MoveForm) -> HttpResponse:
    offer = next((o for o in offers_of(_moves(row, request), lambda s: "") if o.transition is step), None)
    if offer is None and not form.errors:
        require(request.actor, step.action)
        if row.state in step.sources:
            raise NotPermitted(action=step.label)
        raise MoveNotLawful(state=WORKFLOW.state(row.state).label, move=step.label)
    context = {
        "row": row,
        "url": disclosure_url(row),
        "step": step,
        "form": form,
        "why_not": offer.why_not if offer and not offer.allowed else "",
    }
    status = 422 if form.errors else 200
    return page_or_fragment(request, "disclosures/move.html", "disclosures/_move.html", context, status)


def _transition(name: str) -> Transition:
    try:
        step = WORKFLOW.transition(name)
    except KeyError:
        raise Http404 from None
    if step.by_system or step.name in BY_BATCH:
        raise Http404
    return step


@page(permissions.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def penalty(request: Request) -> HttpResponse:
    """Enter a penalty of one's own office."""
    units = Unit.objects.filter(
        scope_q(request.actor, permissions.EDIT, UNIT_SCOPE),
        kind__in=["department", "section"],
        is_active=True,
    )
    choices = [(str(unit.pk), unit.name) for unit in units.order_by("code")[:200]]
    form = PenaltyForm(request.POST or None, units=choices)
    if request.method == "POST" and form.is_valid():
        told = PenaltyIn(int(form.cleaned_data["unit"]), form.record(), form.cleaned_data["grade"])
        try:
            row = penalty_enter(told=told, actor=request.actor, at=request.moment)
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
        else:
            messages.success(request, gettext("已录入，到期日 {day}。").format(day=row.clock.due_on))
            return redirect(disclosure_url(row))
    focus_first(form)
    return render(request, "disclosures/penalty.html", {"form": form}, status=422 if form.errors else 200)
