"""Files of a case's materials: hand one in, give one out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from zhengxiao.backbone.cases.filing import FILE, READ, material_file, material_read
from zhengxiao.backbone.cases.ledger import case_url
from zhengxiao.backbone.cases.masking import applicant_shown
from zhengxiao.backbone.cases.models import SCOPE, Case, CaseMaterialFile
from zhengxiao.backbone.cases.web.base import Request, visible_case
from zhengxiao.backbone.cases.web.forms import MaterialForm
from zhengxiao.backbone.cases.words import MATERIAL_STATUS, ORIGINS
from zhengxiao.backbone.cases.workflow import OPEN_STATES
from zhengxiao.kernel.access.api import can, page
from zhengxiao.kernel.files.api import file_answer
from zhengxiao.kernel.ui.api import focus_first, refusal_text
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted, Refusal

FIELD_OF = {"material": "material", "new_name": "new_name"}


def shown_materials(case: Case, actor: Actor) -> dict[str, Any]:
    """The materials with their files, newest version first, and what the actor may do with them."""
    rows = [
        {
            "row": row,
            "origin": ORIGINS.get(row.origin, row.origin),
            "status": MATERIAL_STATUS.get(row.status, row.status),
            "versions": sorted(row.versions.all(), key=lambda filed: -filed.version),
        }
        for row in case.materials.order_by("-required", "pk").prefetch_related(
            "versions__file", "versions__filed_by"
        )
    ]
    may_file = case.state in OPEN_STATES and can(actor, FILE, case, SCOPE)
    return {"rows": rows, "may_file": may_file, "may_read": can(actor, READ, case, SCOPE)}


@page(FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def material_new(request: Request, number: str) -> HttpResponse:
    """Choose the material and the file; on POST it is filed. A refusal stands at its field."""
    case = visible_case(request, number)
    if not can(request.actor, FILE, case, SCOPE):
        raise NotPermitted(action=gettext("上传材料"))
    form = _form(request, case)
    if form.is_valid():
        try:
            filed = _filed(request, case, form.cleaned_data)
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(refusal.field or "", "file"), refusal_text(refusal))
            focus_first(form)
        else:
            told = gettext("已上传“{material}”第 {n} 版。").format(
                material=filed.material.name, n=filed.version
            )
            messages.success(request, told)
            return redirect(case_url(case))
    context = {"case": case, "case_url": case_url(case), "applicant": applicant_shown(case), "form": form}
    return render(request, "cases/material.html", context, status=422 if form.errors else 200)


def _form(request: Request, case: Case) -> MaterialForm:
    choices = [(str(row.pk), row.name) for row in case.materials.order_by("-required", "pk")]
    if request.method != "POST":
        return MaterialForm(choices=choices, initial={"material": request.GET.get("material", "")})
    return MaterialForm(request.POST, request.FILES, choices=choices)


def _filed(request: Request, case: Case, data: dict[str, Any]) -> CaseMaterialFile:
    chosen = data["material"]
    return material_file(
        case_id=case.pk,
        stream=data["file"],
        file_name=data["file"].name,
        material_id=int(chosen) if chosen else None,
        new_name=data["new_name"],
        actor=request.actor,
        at=request.moment,
    )


@page(READ)
@require_GET
def material_download(request: Request, number: str, version_id: int) -> HttpResponse:
    """One version as an attachment, digest verified; the reading is on record."""
    reachable = Case.objects.visible_to(request.actor).visible_to(request.actor, READ)
    filed = get_object_or_404(
        CaseMaterialFile.objects.select_related("file", "material__case"),
        pk=version_id,
        material__case__number=number,
        material__case__in=reachable,
    )
    answer = file_answer(filed.file)
    material_read(filed=filed, actor=request.actor, at=request.moment)
    return answer  # type: ignore[return-value]
