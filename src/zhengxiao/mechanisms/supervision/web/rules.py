"""The rules by which lights give cards: the version in force, its history, a proposal, and a second person's decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from zhengxiao.kernel.access.api import allows, page
from zhengxiao.kernel.ui.api import BadAddress, MoveForm, offers_of, refusal_text
from zhengxiao.kernel.workflow.api import lawful_moves
from zhengxiao.lib.refusals import NotPermitted, Refusal
from zhengxiao.mechanisms.supervision.models import CardPolicy
from zhengxiao.mechanisms.supervision.policies import Policies
from zhengxiao.mechanisms.supervision.rules import PRESETS, CardRules, rules_of
from zhengxiao.mechanisms.supervision.services import rules_decide, rules_propose
from zhengxiao.mechanisms.supervision.web.base import Request, move_page, transition_of
from zhengxiao.mechanisms.supervision.web.rule_forms import PRESET_NAMES, RulesForm, label_of
from zhengxiao.mechanisms.supervision.words import LEVEL_NAMES, LIGHT_OF_KIND
from zhengxiao.mechanisms.supervision.workflow import POLICY


def lines(rules: CardRules) -> list[tuple[Any, Any, str, Any, bool]]:
    """One line per rule: clock, light, level with its colour, whether it waits for confirmation."""
    return [
        (
            label_of(one.kind, one.policy),
            LIGHT_OF_KIND[one.light],
            one.level,
            LEVEL_NAMES.get(one.level, ""),
            one.confirm,
        )
        for one in rules.rules
    ]


@page("supervision.view_rules")
@require_safe
def rules(request: Request) -> HttpResponse:
    """The version in force and all others, the youngest first."""
    _key, number, in_force = Policies().at(request.moment)
    versions = CardPolicy.objects.select_related("proposed_by", "decided_by").order_by("-number")
    context = {
        "number": number,
        "lines": lines(in_force),
        "windows": in_force.windows,
        "departments": sorted(in_force.confirm_departments),
        "versions": [(one, POLICY.state(one.state)) for one in versions],
        "may_propose": allows(request.actor, "supervision.propose_rules"),
        "presets": list(PRESET_NAMES.items()),
    }
    return render(request, "supervision/rules.html", context)


@page("supervision.view_rules")
@require_safe
def version(request: Request, number: int) -> HttpResponse:
    """One version, with the decision that waits for a second person."""
    found = get_object_or_404(CardPolicy.objects.select_related("proposed_by", "decided_by"), number=number)
    moves = lawful_moves(workflow="card_policy", obj=found, actor=request.actor, at=request.moment)
    stated = rules_of(found.rules)
    context = {
        "version": found,
        "state": POLICY.state(found.state),
        "lines": lines(stated),
        "windows": stated.windows,
        "departments": sorted(stated.confirm_departments),
        "moves": offers_of(moves, lambda step: reverse("supervision:rules-move", args=[number, step.name])),
    }
    return render(request, "supervision/version.html", context)


@page("supervision.propose_rules")
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request) -> HttpResponse:
    """Propose the next version, beginning from the one in force or from a preset."""
    preset = request.GET.get("preset", "")
    if preset and preset not in PRESETS:
        raise BadAddress(name="preset")
    begin = PRESETS[preset] if preset else Policies().at(request.moment)[2]
    form = RulesForm(begin, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = rules_propose(
                rules=form.rules(), reason=form.cleaned_data["reason"], actor=request.actor, at=request.moment
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(None, refusal_text(refusal))
        else:
            messages.success(request, gettext("已提出，等待另一人确认。"))
            return redirect("supervision:rules-version", number=made.number)
    context = {"form": form, "presets": list(PRESET_NAMES.items()), "preset": preset}
    return render(request, "supervision/propose.html", context, status=422 if form.errors else 200)


@page("supervision.confirm_rules")
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, number: int, transition: str) -> HttpResponse:
    """Confirm or reject a proposed version."""
    found = get_object_or_404(CardPolicy, number=number)
    step = transition_of(POLICY, transition)
    form = MoveForm(step, request.POST if request.method == "POST" else None)
    back = reverse("supervision:rules-version", args=[number])
    if request.method == "POST" and form.is_valid():
        try:
            rules_decide(
                policy_id=found.pk,
                transition=step.name,
                actor=request.actor,
                at=request.moment,
                data=form.cleaned_data,
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(None, refusal_text(refusal))
        else:
            return redirect(back)
    moves = lawful_moves(workflow="card_policy", obj=found, actor=request.actor, at=request.moment)
    offers = offers_of(moves, lambda one: reverse("supervision:rules-move", args=[number, one.name]))
    offer = next((one for one in offers if one.transition is step), None)
    action = reverse("supervision:rules-move", args=[number, step.name])
    title = gettext("置牌规则第 {n} 版").format(n=number)
    return move_page(request, POLICY, found, step, form, offer=offer, title=title, back=back, action=action)
