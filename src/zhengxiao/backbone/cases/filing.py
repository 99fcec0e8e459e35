"""Verbs on the files of a case's materials: file a version, read one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import IO

from django.db import IntegrityError, transaction

from zhengxiao.backbone.cases import refusals
from zhengxiao.backbone.cases.models import SCOPE, Case, CaseMaterial, CaseMaterialFile
from zhengxiao.backbone.cases.workflow import OPEN_STATES, WORKFLOW
from zhengxiao.kernel.access.api import can, require
from zhengxiao.kernel.files.api import StoredFile, file_keep, file_take
from zhengxiao.kernel.timeline.api import RowWrite, Subject, changed, record
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.personal_numbers import refuse_personal_numbers
from zhengxiao.lib.refusals import NotPermitted, StaleState

FILE, READ = "cases.file_material", "cases.read_material"
MOST_MATERIALS, MOST_VERSIONS = 200, 50
SUBJECT = "case_material"
"""What the stored file of a material belongs to."""


def material_file(
    *,
    case_id: int,
    stream: IO[bytes],
    file_name: str,
    actor: Actor,
    at: datetime,
    material_id: int | None = None,
    new_name: str = "",
) -> CaseMaterialFile:
    """File a version of a material of an open case, or a material that was not registered, by its name.

    Earlier versions stay as they are. Fact cases.material_filed. Raises NotPermitted, MaterialsClosed, MaterialUnknown,
    MaterialNameMissing, TooManyMaterials, PersonalNumbersFound (in the new name), StaleState, and what `file_take` does.
    """
    case = Case.objects.get(pk=case_id)
    _require_open(case, actor)
    material = _material(case, material_id, new_name.strip())
    taken = file_take(stream=stream, name=file_name)
    try:
        with transaction.atomic():
            fresh = material.pk is None
            if fresh:
                material.save(force_insert=True)
            version = material.versions.count() + 1
            file = file_keep(taken=taken, actor=actor, at=at, subject_kind=SUBJECT, subject_id=material.pk)
            filed = CaseMaterialFile.objects.create(
                material=material, version=version, file=file, filed_at=at, filed_by_id=actor.user_id
            )
            CaseMaterial.objects.filter(pk=material.pk).update(file=file, status="handed_in")
            material.file, material.status = file, "handed_in"
            data = {"size_kb": max(1, taken.size >> 10), "digest": taken.digest[:16]}
            rows = [filed, material if fresh else changed(material, "file_id", "status")]
            _record("cases.material_filed", filed, actor, at, data, rows)
    except IntegrityError as faster:
        raise StaleState from faster
    return filed


def _require_open(case: Case, actor: Actor) -> None:
    require(actor, FILE)
    if not can(actor, FILE, case, SCOPE):
        raise NotPermitted(action="上传材料")
    if case.state not in OPEN_STATES:
        raise refusals.MaterialsClosed(state=WORKFLOW.state(case.state).label)


def _material(case: Case, material_id: int | None, new_name: str) -> CaseMaterial:
    """The material named, or a new unsaved one."""
    if material_id is not None:
        material = case.materials.filter(pk=material_id).first()
        if material is None:
            raise refusals.MaterialUnknown(field="material")
        if material.versions.count() >= MOST_VERSIONS:
            raise refusals.TooManyMaterials(limit=MOST_MATERIALS, versions=MOST_VERSIONS)
        return material
    if not new_name:
        raise refusals.MaterialNameMissing(field="new_name")
    refuse_personal_numbers(new_name, field="new_name")
    if case.materials.count() >= MOST_MATERIALS:
        raise refusals.TooManyMaterials(limit=MOST_MATERIALS, versions=MOST_VERSIONS)
    origin = "supplement" if case.state == "supplementing" else "applicant"
    return CaseMaterial(case=case, name=new_name[:300], required=False, origin=origin)


def material_read(*, filed: CaseMaterialFile, actor: Actor, at: datetime) -> StoredFile:
    """The file of a version, with the reading on record (cases.material_read). Raises NotPermitted."""
    require(actor, READ)
    if not can(actor, READ, filed.material.case, SCOPE):
        raise NotPermitted(action="下载材料")
    with transaction.atomic():
        _record("cases.material_read", filed, actor, at, {})
    return filed.file


def tell_of_refused_file(file: StoredFile, at: datetime) -> None:
    """Listener of the scanner: the case learns that a file of it did not pass; it goes on all the same."""
    if file.subject_kind != SUBJECT:
        return
    for filed in CaseMaterialFile.objects.select_related("material__case").filter(file=file):
        _record("cases.material_refused", filed, SYSTEM, at, {})


def _record(
    fact: str,
    filed: CaseMaterialFile,
    actor: Actor,
    at: datetime,
    data: dict[str, object],
    rows: Sequence[RowWrite] = (),
) -> None:
    case = filed.material.case
    record(
        fact=fact,
        subject=Subject("case", case.pk),
        actor=actor,
        at=at,
        data={"material": filed.material.name, "version": filed.version, "version_id": filed.pk, **data},
        unit_id=case.unit_id,
        rows=rows,
    )
