"""The history of one's own case: every entry in plain words, each held against the signed head before it is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhengxiao.backbone.cases.api import Case, own_openings, public_story
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.proof.api import KeyUnknown, NothingSigned, proof_document, trusted_keys
from zhengxiao.kernel.proof.verifier import Refused, check_proof
from zhengxiao.kernel.timeline.api import Subject, entries_for, leaf_payload
from zhengxiao.lib.actors import Actor


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: when, what, which office, and whether the signed head holds it."""

    at: datetime
    label: str
    text: str
    office: str
    is_proven: bool


@dataclass(frozen=True, slots=True)
class History:
    """All entries, newest first. `head` is the signed head as text; empty before the first signature.

    `broken`: the proof does not hold, which must never be; it is said as loudly as possible.
    """

    lines: tuple[Line, ...]
    head: str
    size: int
    root: str
    signed_at: str
    key: str
    waiting: int
    broken: str = ""


def subject_of(case: Case) -> Subject:
    return Subject("case", case.pk)


def document_of(case: Case, actor: Actor | None = None) -> str:
    """The proof file as text; for the person concerned (`actor`) with the own values opened. Raises NothingSigned, KeyUnknown."""
    may_open = own_openings(case, actor) if actor else None
    found = proof_document(subject=subject_of(case), name=case.number, may_open=may_open)
    return json.dumps(found, ensure_ascii=False, indent=1)


def history_of(case: Case) -> History:
    """Read, make the proof, and check it as a stranger would."""
    entries = list(entries_for(subject_of(case)))
    offices = {
        row.pk: row.department_name
        for row in _units({entry.unit_id for entry in entries if entry.unit_id is not None})
    }
    hashed = {
        entry.pk: leaf_payload(entry).decode() for entry in entries
    }  # before the codes in them become words
    told = [row | {"hashed": hashed[row["entry"].pk]} for row in public_story(entries, offices)]
    try:
        text = document_of(case)
        proof = check_proof(text, list(trusted_keys()))
    except (NothingSigned, KeyUnknown):
        return History(_lines(told, frozenset()), "", 0, "", "", "", len(entries))
    except Refused as refused:
        return History(_lines(told, frozenset()), "", 0, "", "", "", len(entries), broken=str(refused))
    document = json.loads(text)
    held = frozenset(row["payload"] for row in document["entries"])
    head = proof.checkpoint
    return History(
        lines=_lines(told, held),
        head=document["checkpoint"],
        size=head.size,
        root=head.root.hex(),
        signed_at=head.at,
        key=document["key"],
        waiting=proof.uncovered,
    )


def _lines(told: list[dict[str, Any]], held: frozenset[str]) -> tuple[Line, ...]:
    return tuple(
        Line(
            row["at"],
            str(row["label"]),
            row["text"],
            row["office"],
            row["hashed"] in held,
        )
        for row in told
    )


@dataclass(frozen=True, slots=True)
class _Office:
    pk: int
    department_name: str


def _units(ids: set[int]) -> list[_Office]:
    """The department of each unit: an applicant hears of offices, not of desks."""
    rows = Unit.objects.filter(pk__in=ids).select_related("department")
    return [_Office(row.pk, (row.department or row).name) for row in rows]
