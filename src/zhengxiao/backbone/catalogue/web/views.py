"""Pages of the catalogue. Each loads through a scoped query, asks the policy, calls one verb."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from zhengxiao.backbone.catalogue import claims, ledger, pages, permissions, services
from zhengxiao.backbone.catalogue.content import VersionContent
from zhengxiao.backbone.catalogue.models import BasicItem, Item, ItemClaim, ItemVersion
from zhengxiao.backbone.catalogue.queries import (
    claim_rate,
    comparable_versions,
    comparisons,
    unified_rate,
    version_content,
    versions_in_force,
)
from zhengxiao.backbone.catalogue.web.forms import DeclineForm, DraftForm, MoveForm, NewItemForm, add_refusal
from zhengxiao.backbone.catalogue.workflow import WORKFLOW
from zhengxiao.kernel.access import api as access
from zhengxiao.kernel.orgs.api import Unit, local_day
from zhengxiao.kernel.ui.api import ledger_view, refusal_text
from zhengxiao.lib.refusals import NotPermitted, Refusal, StaleState

Request = Any
"""HttpRequest with `actor` and `moment` (set by the middleware)."""
_LOADED = ("item__unit", "item__region", "item__basic", "changed_by", "reviewed_by")


def _versions(request: Request, action: str = permissions.VIEW) -> QuerySet[ItemVersion]:
    return ItemVersion.objects.visible_to(request.actor, action).select_related(*_LOADED)


@access.page(permissions.BROWSE, public=True)
def item_list(request: Request) -> HttpResponse:
    rows = versions_in_force(local_day(request.moment)).select_related("item__unit", "item__region")
    return ledger_view(
        request, ledger.ITEMS, rows, template="catalogue/items.html", extra=pages.links(request.actor)
    )


@access.page(permissions.VIEW)
def version_list(request: Request) -> HttpResponse:
    return ledger_view(request, ledger.VERSIONS, _versions(request))


@access.page(permissions.BROWSE, public=True)
@require_safe
def item_page(request: Request, item_id: int) -> HttpResponse:
    item = get_object_or_404(
        Item.objects.visible_to(request.actor).select_related("unit", "region", "basic"), pk=item_id
    )
    versions = list(_versions(request).filter(item=item).order_by("-number"))
    wanted = request.GET.get("version", "")
    version = pages.chosen(versions, wanted, local_day(request.moment))
    if version is None:
        raise Http404
    context = pages.item_context(item, version, versions, actor=request.actor, at=request.moment)
    return render(request, "catalogue/item.html", context)


@access.page(permissions.BROWSE, public=True)
@require_safe
def item_compare(request: Request, item_id: int) -> HttpResponse:
    item = get_object_or_404(Item.objects.visible_to(request.actor).select_related("unit"), pk=item_id)
    versions = list(_versions(request).filter(item=item).order_by("number"))
    context = pages.compare_context(item, versions, request.GET.get("a", ""), request.GET.get("b", ""))
    return render(request, "catalogue/compare.html", context)


@access.page(permissions.COMPARE)
@require_safe
def unified_page(request: Request) -> HttpResponse:
    found = comparisons(comparable_versions(request.actor, local_day(request.moment)))
    faulty = [row for row in found if row.differences]
    context = {
        "rate": unified_rate(found),
        "found": pages.page_of(faulty, request.GET.get("page", "")),
        "on": request.moment,
    }
    return render(request, "catalogue/unified.html", context)


@access.page(permissions.COMPARE)
def basic_list(request: Request) -> HttpResponse:
    seen = Item.objects.visible_to(request.actor)  # a count must not tell of drafts elsewhere
    rows = BasicItem.objects.annotate(item_count=Count("items", filter=Q(items__in=seen)))
    claims = ItemClaim.objects.visible_to(request.actor, permissions.COMPARE)
    return ledger_view(
        request, ledger.BASIC, rows, template="catalogue/basic.html", extra={"rate": claim_rate(claims)}
    )


@access.page(permissions.COMPARE)
def basic_page(request: Request, basic_id: int) -> HttpResponse:
    basic = get_object_or_404(BasicItem, pk=basic_id)
    if request.method == "POST":
        unit = get_object_or_404(Unit, pk=pages.number(request.POST.get("unit", "")))
        claims.claim_ask(basic=basic, unit=unit, actor=request.actor, at=request.moment)
        messages.success(request, gettext("已请{unit}认领。").format(unit=unit.short_name))
        return redirect("catalogue:basic-item", basic_id)
    return render(
        request, "catalogue/basic_item.html", pages.basic_context(basic, request.actor, request.moment)
    )


@access.page(permissions.COMPARE)
def claim_list(request: Request) -> HttpResponse:
    rows = ItemClaim.objects.visible_to(request.actor, permissions.COMPARE).select_related("basic", "unit")
    extra = {"rate": claim_rate(rows)}
    return ledger_view(request, ledger.CLAIMS, rows, template="catalogue/claims.html", extra=extra)


@access.page(permissions.COMPARE)
def claim_page(request: Request, claim_id: int) -> HttpResponse:
    rows = ItemClaim.objects.visible_to(request.actor, permissions.COMPARE).select_related("basic", "unit")
    claim = get_object_or_404(rows, pk=claim_id)
    form = DeclineForm(request.POST if request.POST.get("act") == "decline" else None)
    if request.method == "POST":
        done = _decide(request, claim, form)
        if done:
            messages.success(request, done)
            return redirect("catalogue:claim", claim_id)
    return render(request, "catalogue/claim.html", pages.claim_context(claim, form, request.actor))


def _decide(request: Request, claim: ItemClaim, form: DeclineForm) -> str:
    moment = {"actor": request.actor, "at": request.moment}
    if request.POST.get("act") == "take":
        item = Item.objects.filter(unit=claim.unit, pk=pages.number(request.POST.get("item", ""))).first()
        claims.claim_take(claim=claim, item=item, **moment)
        return gettext("已认领。")
    if form.is_valid():
        claims.claim_decline(claim=claim, reason=form.cleaned_data["reason"], **moment)
        return gettext("已记录不认领及理由。")
    return ""


@access.page(permissions.DRAFT)
def item_new(request: Request) -> HttpResponse:
    form = NewItemForm(request.POST or None, units=pages.own_departments(request.actor))
    if request.method == "POST" and form.is_valid():
        unit = get_object_or_404(
            Unit.objects.select_related("region"), pk=pages.number(form.cleaned_data.pop("unit"))
        )
        codes = services.ItemCodes(code=form.cleaned_data.pop("code"))
        reason = form.cleaned_data["reason"]
        try:
            version = services.item_create(
                unit=unit,
                region=unit.region,
                codes=codes,
                content=form.content(VersionContent(name="")),
                reason=reason,
                actor=request.actor,
                at=request.moment,
            )
            return _to(version)
        except Refusal as refusal:
            add_refusal(form, refusal, refusal_text(refusal))
    return render(request, "catalogue/edit.html", {"form": form})


@access.page(permissions.DRAFT)
def item_draft(request: Request, item_id: int) -> HttpResponse:
    item = get_object_or_404(Item.objects.visible_to(request.actor, permissions.DRAFT), pk=item_id)
    last = item.versions.order_by("-number").first()
    before = version_content(last) if last else VersionContent(name="")
    return _edit(
        request,
        item,
        before,
        lambda content, reason: services.item_draft(
            item=item, content=content, reason=reason, actor=request.actor, at=request.moment
        ),
    )


@access.page(permissions.DRAFT)
def draft_edit(request: Request, version_id: int) -> HttpResponse:
    version = get_object_or_404(_versions(request, permissions.DRAFT), pk=version_id)
    seen = request.POST.get("seen", version.digest)

    def revise(content: VersionContent, reason: str) -> ItemVersion:
        if seen != version.digest:
            raise StaleState
        return services.draft_revise(
            version=version, content=content, reason=reason, actor=request.actor, at=request.moment
        )

    return _edit(request, version.item, version_content(version), revise, version)


def _edit(
    request: Request, item: Item, before: VersionContent, save: Any, version: ItemVersion | None = None
) -> HttpResponse:
    initial = {**DraftForm.initial_of(before), "reason": version.reason if version else ""}
    form = DraftForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _to(save(form.content(before), form.cleaned_data["reason"]))
        except NotPermitted:
            raise
        except Refusal as refusal:
            add_refusal(form, refusal, refusal_text(refusal))
    context = {"form": form, "item": item, "version": version, "before": before}
    return render(request, "catalogue/edit.html", context)


def _to(version: ItemVersion) -> HttpResponse:
    response = redirect("catalogue:item", version.item_id)
    response["Location"] += f"?version={version.number}"
    return response


@access.page(permissions.VIEW)
def version_move(request: Request, version_id: int, name: str) -> HttpResponse:
    version = get_object_or_404(_versions(request), pk=version_id)
    step = next((row for row in WORKFLOW.transitions if row.name == name), None)
    if step is None:
        raise Http404
    access.require(request.actor, step.action)
    if not _versions(request, step.action).filter(pk=version.pk).exists():
        raise NotPermitted(action=step.label)
    form = MoveForm(request.POST if request.method == "POST" else None, step=step)
    if request.method == "POST" and form.is_valid():
        try:
            return _to(
                services.version_move(
                    version=version,
                    transition=name,
                    data=form.cleaned_data,
                    actor=request.actor,
                    at=request.moment,
                )
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            add_refusal(form, refusal, refusal_text(refusal))
    return render(request, "catalogue/move.html", {"form": form, "step": step, "version": version})
