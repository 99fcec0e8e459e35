"""Rows as the interface tells them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from zhengxiao.backbone.cases.api import WORKFLOW, applicant_shown
from zhengxiao.backbone.catalogue.api import ItemVersion
from zhengxiao.kernel.clock.api import Clock, Light
from zhengxiao.kernel.database.api import Prepared
from zhengxiao.kernel.files.api import StoredFile
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.kernel.ui.api import refusal_text
from zhengxiao.kernel.workflow.api import Move
from zhengxiao.lib.refusals import Refusal


def unit(row: Any) -> dict[str, str]:
    return {"code": row.code, "name": row.short_name or row.name}


def with_revision(cases: Any) -> Any:
    """Cases with all that `case` reads; `revision` is the id of the latest entry about each."""
    latest = Entry.objects.filter(subject_kind="case", subject_id=OuterRef("pk")).order_by("-pk")
    shown: QuerySet[Any] = cases.select_related("item", "window").annotate(
        revision=Subquery(latest.values("pk")[:1])
    )
    return shown


def file(row: StoredFile) -> dict[str, Any]:
    """A stored file: what it is, not its bytes."""
    names = ("media_type", "size", "scan")
    return {name: getattr(row, name) for name in names} | {"id": row.pk, "sha256": row.digest}


_REVISION = Prepared(
    lambda pk: Entry.objects.filter(subject_kind="case", subject_id=pk).order_by("-pk").values_list("pk")[:1],
    pk=int,
)


def revision_of(case_id: int) -> int:
    """The id of the latest entry about the case; 0 without any."""
    return next((int(key) for (key,) in _REVISION(pk=case_id)), 0)


def case(row: Any, at: datetime) -> dict[str, Any]:
    names = ("number", "state", "item_name", "kind", "channel", "received_at", "accepted_at", "decided_at")
    told = {name: getattr(row, name) for name in (*names, "finished_at", "delivered_at", "result")}
    return told | {
        "state_label": str(WORKFLOW.state(row.state).label),
        "item": row.item.code,
        "applicant": str(applicant_shown(row)),
        "department": unit(row.department),
        "unit": unit(row.unit),
        "window": unit(row.window) if row.window else None,
        "handler": row.handler.display_name if row.handler else None,
        "light": str(row.shown_light),
        "remaining": str(row.shown_short),
        "promised_due_on": _due(row.promised_clock, at),
        "statutory_due_on": _due(row.statutory_clock, at),
        "revision": row.revision or 0,
    }


def _due(clock: Clock | None, at: datetime) -> Any:
    """None while the clock stands still: the day is not known then."""
    return None if clock is None or clock.light(at) is Light.GREY else clock.due_on


def move(row: Move) -> dict[str, Any]:
    why: Refusal | None = row.why_not
    return {
        "transition": row.transition.name,
        "label": str(row.transition.label),
        "allowed": row.allowed,
        "code": why.code if why else None,
        "why_not": refusal_text(why) if why else None,
        "fields": [
            {
                "name": field.name,
                "label": str(field.label),
                "kind": field.kind.value,
                "required": field.required,
                "choices": [value for value, _label in field.choices],
                "help": str(field.help),
            }
            for field in row.transition.needs
        ],
    }


def clock(row: Clock, at: datetime) -> dict[str, Any]:
    names = (
        "id",
        "kind",
        "label",
        "calendar_version",
        "started_at",
        "stopped_at",
        "due_at",
        "due_on",
        "provisional",
    )
    return {name: getattr(row, name) for name in names} | {
        "term": f"{row.term_amount}{row.term_unit}",
        "extension": row.extension_amount,
        "calendar": row.region,
        "light": str(row.light(at) or "none"),
    }


def item(version: ItemVersion) -> dict[str, Any]:
    names = ("name", "kind", "task_type", "valid_from", "valid_to")
    return {name: getattr(version, name) for name in names} | {
        "code": version.item.code,
        "department": unit(version.item.unit),
        "region": version.item.region.code,
        "version": version.number,
        "statutory": _term(version.statutory_amount, version.statutory_unit),
        "promised": _term(version.promised_amount, version.promised_unit),
    }


def item_version(version: ItemVersion) -> dict[str, Any]:
    names: tuple[str, ...] = (
        "legal_basis",
        "conditions",
        "process_text",
        "result_name",
        "consult_phone",
        "complaint_phone",
    )
    names = (*names, "location", "office_hours", "has_fee", "fee_standard", "visits")
    materials = [
        {"name": row.name, "necessity": row.necessity} for row in version.materials.order_by("position")
    ]
    return item(version) | {name: getattr(version, name) for name in names} | {"materials": materials}


def _term(amount: int | None, written: str) -> str | None:
    return None if amount is None else f"{amount}{written or 'wd'}"
