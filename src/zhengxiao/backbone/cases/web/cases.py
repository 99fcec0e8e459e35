"""The page of one case: clocks, moves, timeline, papers, facts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengxiao.backbone.cases.masking import applicant_shown
from zhengxiao.backbone.cases.models import SCOPE, Case
from zhengxiao.backbone.cases.papers import papers_of
from zhengxiao.backbone.cases.sheets import CaseClocks, case_clocks
from zhengxiao.backbone.cases.story import story
from zhengxiao.backbone.cases.web.base import Request, visible_case
from zhengxiao.backbone.cases.web.materials import shown_materials
from zhengxiao.backbone.cases.web.offers import offers, standing_hint
from zhengxiao.backbone.cases.web.reveal import reveal_url
from zhengxiao.backbone.cases.words import (
    CHANNELS,
    KIND_WORDS,
    RESULT_WORDS,
    STEP_OUTCOMES,
)
from zhengxiao.backbone.cases.workflow import WORKFLOW
from zhengxiao.backbone.parties.api import PARTY_SCOPE, Party
from zhengxiao.kernel.access.api import can, page
from zhengxiao.kernel.timeline.api import Entry, Subject, entries_for
from zhengxiao.kernel.ui.api import panels_of
from zhengxiao.lib.actors import Actor

Pair = tuple[Any, ...]


@page("cases.view")
@require_safe
def case(request: Request, number: str) -> HttpResponse:
    found = visible_case(request, number)
    clocks = case_clocks(found, request.moment)
    entries = list(entries_for(Subject("case", found.pk)))
    everything = request.GET.get("all") == "1"
    context = {
        "case": found,
        "applicant": applicant_shown(found),
        "state": WORKFLOW.state(found.state),
        "clocks": clocks,
        "moves": offers(found, request.actor, request.moment),
        "hint": standing_hint(found),
        "told": story(entries, everything=everything),
        "everything": everything,
        "entry_count": len(entries),
        "steps": [
            (step, STEP_OUTCOMES.get(step.outcome, step.outcome)) for step in found.steps.order_by("number")
        ],
        "materials": shown_materials(found, request.actor),
        "papers": papers_of(found),
        "facts": facts(found, request.actor),
        "numbers": numbers(found, clocks, entries),
        "panels": panels_of("case", found.pk, actor=request.actor, at=request.moment),
        "may_assign": can(request.actor, "cases.assign", found, SCOPE),
    }
    return render(request, "cases/case.html", context)


def item_url(case: Case) -> str:
    """The item's page, when the catalogue serves one."""
    try:
        return reverse("catalogue:item", args=[case.item_id])
    except NoReverseMatch:
        return ""


def facts(case: Case, actor: Actor) -> list[Pair]:
    """Who asks for what, who handles it."""
    window = case.window
    party = case.party
    section = case.unit.short_name or case.unit.name
    department = case.department.short_name or case.department.name
    handler = f"{section} · {case.handler.display_name}" if case.handler else f"{section} · {_('未指定')}"
    pairs: list[Pair] = [
        (_("编号"), case.number),
        (_("申请人"), applicant_shown(case)),
        *(_party_facts(case, party, actor) if party else []),
        (_("部门"), department),
        (_("经办"), handler),
        (_("窗口"), (window.short_name or window.name) if window else ""),
        (_("事项版本"), _version(case), item_url(case)),
        (
            _("办件类型"),
            f"{KIND_WORDS.get(case.kind, case.kind)}{_('，')}{CHANNELS.get(case.channel, case.channel)}",
        ),
        (_("来源编号"), f"{case.source_system} {case.source_id}".strip()),
    ]
    return [pair for pair in pairs if pair[1]]


def _party_facts(case: Case, party: Party, actor: Actor) -> list[Pair]:
    """Masked; where the actor may see more, the mask leads to the page that asks why."""
    number = (
        (party.credit_code, "") if party.credit_code else (party.id_masked, reveal_url(case, "id", actor))
    )
    return [
        (_("证件"), *number),
        (_("联系人"), party.contact_name_masked, reveal_url(case, "name", actor)),
        (_("联系电话"), party.contact_phone_masked, reveal_url(case, "phone", actor)),
        (_("信息查询"), _("谁查看过"), reverse("parties:party", args=[party.pk]))
        if can(actor, "parties.view", party, PARTY_SCOPE)
        else ("", ""),
    ]


def _version(case: Case) -> str:
    version = case.item_version
    if version.valid_from is None:
        return f"V{version.number}"
    return _("V{number}，{day} 起").format(number=version.number, day=version.valid_from.isoformat())


def numbers(case: Case, clocks: CaseClocks, entries: list[Entry]) -> list[Pair]:
    """How it ended and what proves it."""
    pairs: list[Pair] = [
        (_("受理凭证号"), case.voucher_no),
        (_("办理结果"), RESULT_WORDS.get(case.result, "")),
        (_("决定文书号"), case.result_no),
        (_("证照编号"), case.certificate_no),
        (_("理由"), case.reason),
        (_("有权机关"), case.competent_agency),
        (_("救济途径"), case.remedies),
    ]
    if entries:
        leaf = bytes(entries[-1].leaf).hex()[:12]
        pairs.append((_("存证"), _("{n} 条记录，末条散列 {leaf}…").format(n=len(entries), leaf=leaf)))
    return [pair for pair in pairs if pair[1]]
