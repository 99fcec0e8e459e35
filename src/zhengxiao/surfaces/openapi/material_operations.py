"""Files of a case's materials: list, file a version, fetch one; and one full number of the applicant, on record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Status

from zhengxiao.backbone.cases.api import Case, CaseMaterialFile, material_file, material_read
from zhengxiao.backbone.parties.api import ID, NAME, PHONE, party_reveal
from zhengxiao.kernel.files.api import file_path, file_verify, require_released
from zhengxiao.kernel.timeline.api import Subject
from zhengxiao.surfaces.openapi import case_schemas, schemas, shown
from zhengxiao.surfaces.openapi.case_operations import call_of
from zhengxiao.surfaces.openapi.case_queries import visible_case
from zhengxiao.surfaces.openapi.gate import FEED, Call
from zhengxiao.surfaces.openapi.problems import NotFound
from zhengxiao.surfaces.openapi.service import ask, download, read, write

REVEALED = {"id": ID, "name": NAME, "phone": PHONE}


@read(
    "/cases/{number}/materials",
    "case-materials",
    "cases.view",
    response=list[case_schemas.MaterialOut],
    tag="cases",
)
def list_materials(request: HttpRequest, number: schemas.Code) -> Any:
    """The materials of the case with the versions of their files, newest first."""
    case = visible_case(call_of(request), number)
    return [_told(row) for row in case.materials.order_by("pk").prefetch_related("versions__file")]


@write(
    "/cases/{number}/materials",
    "case-materials",
    "cases.file_material",
    "cases.view",
    response={201: case_schemas.MaterialVersionOut},
    tag="cases",
    body=FEED,
)
def file_material(
    request: HttpRequest, number: schemas.Code, asked: Query[case_schemas.MaterialFileIn]
) -> Any:
    """File a version of a material: by the id of one of the case, or a new one by its name."""
    call = call_of(request)
    filed = material_file(
        case_id=visible_case(call, number).pk,
        stream=call.feed_given(),
        file_name=asked.file_name,
        material_id=asked.material_id,
        new_name=asked.name,
        actor=call.actor,
        at=call.at,
    )
    return Status(201, _version(filed))


@download(
    "/cases/{number}/materials/{version_id}",
    "case-material",
    "cases.read_material",
    "cases.view",
    tag="cases",
)
def fetch_material(request: HttpRequest, number: schemas.Code, version_id: Path[schemas.Id]) -> HttpResponse:
    """The bytes of one version, digest verified; the reading is on record."""
    call = call_of(request)
    filed = _reached(call, visible_case(call, number), version_id)
    require_released(filed.file)
    file_verify(filed.file)
    material_read(filed=filed, actor=call.actor, at=call.at)
    answer = HttpResponse(file_path(filed.file).read_bytes(), content_type=FEED)
    answer["Content-Disposition"] = f'attachment; filename="{filed.file.digest}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@ask(
    "/cases/{number}/reveal",
    "case-reveal",
    "parties.reveal",
    "cases.view",
    response=case_schemas.RevealOut,
    tag="parties",
)
def reveal_number(request: HttpRequest, number: schemas.Code, body: case_schemas.RevealIn) -> Any:
    """One full value of the applicant, for a stated purpose. Each call is a look on record; answers are not kept."""
    call = call_of(request)
    case = visible_case(call, number)
    if case.party is None:
        raise NotFound
    value = party_reveal(
        party=case.party,
        what=REVEALED[body.field],
        purpose=body.purpose,
        note=body.note,
        about=Subject("case", case.pk),
        actor=call.actor,
        at=call.at,
    )
    return {"field": body.field, "value": value}


def _reached(call: Call, case: Case, version_id: int) -> CaseMaterialFile:
    reach = Case.objects.visible_to(call.actor, "cases.read_material").filter(pk=case.pk)
    found = CaseMaterialFile.objects.select_related("file", "material__case").filter(
        pk=version_id, material__case__in=reach
    )
    filed = found.first()
    if filed is None:
        raise NotFound
    return filed


def _told(row: Any) -> dict[str, Any]:
    names = ("id", "name", "required", "origin", "status")
    versions = sorted(row.versions.all(), key=lambda filed: -filed.version)
    return {name: getattr(row, name) for name in names} | {"versions": [_version(one) for one in versions]}


def _version(filed: CaseMaterialFile) -> dict[str, Any]:
    own = {"id": filed.pk, "version": filed.version, "filed_at": filed.filed_at}
    return shown.file(filed.file) | own
