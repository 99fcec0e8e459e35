"""Openings: the salt and the values behind the commitments of entries, for somebody who may know them.

All commitments of one entry share a salt, and with the salt anybody can try values: an entry is opened only when all of its
commitments may be.
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from zhengxiao.kernel.timeline.api import COMMITMENT, Entry, commitment, records, spelled
from zhengxiao.lib.hashing import NotCanonical, canonical_json

MayOpen = Callable[[str, frozenset[str]], bool]
"""Asked with the fact of an entry and what it commits to ("data.items", "cases.Case.applicant_name"): may it be opened?"""
Hidden = Mapping[str, tuple[str, str]]
"""Full name ("cases.Case.7.applicant_name") → the name without the key of the row, and the commitment."""


def openings_of(entries: Mapping[int, Entry], may_open: MayOpen) -> list[dict[str, Any]]:
    """What a proof file tells of `entries` (by index) that the reader may know, as `verifier.py` reads it.

    Of rows the values that still stand there: what was written over, or erased, is kept nowhere and cannot be opened.
    """
    hidden = {
        index: found
        for index, entry in sorted(entries.items())
        if getattr(entry, "personal", None) is not None and (found := _hidden(entry))
        if may_open(entry.fact, frozenset(short for short, _made in found.values()))
    }
    now = _rows_now(hidden.values())
    opened = (_opening(index, entries[index], found, now) for index, found in hidden.items())
    return [opening for opening in opened if opening["values"]]


def _hidden(entry: Entry) -> Hidden:
    found = {f"data.{key}": (f"data.{key}", value) for key, value in entry.data.items()}
    for table, key, name, value in _row_values(entry.rows):
        found[f"{table}.{key}.{name}"] = (f"{table}.{name}", value)
    return {
        full: (short, value[COMMITMENT])
        for full, (short, value) in found.items()
        if isinstance(value, dict) and COMMITMENT in value
    }


def _row_values(text: str | None) -> Iterator[tuple[str, int, str, Any]]:
    for table, versions in json.loads(text or "{}").items():
        for key, _mark, *parts in versions:
            for part in parts:
                for name, value in part.items():
                    yield table, key, name, value


def _rows_now(hidden: Any) -> Mapping[str, Any]:
    """The values that stand in the rows, by full name: one question for each table."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for found in hidden:
        for full, (short, _made) in found.items():
            if not short.startswith("data."):
                table = short.rpartition(".")[0]
                wanted[table].add(int(full[len(table) + 1 :].partition(".")[0]))
    values: dict[str, Any] = {}
    for table, keys in wanted.items():
        declared = records[table]
        rows = declared.model._default_manager.filter(pk__in=keys)
        for key, *told in rows.values_list("pk", *declared.personal):
            values |= {
                f"{table}.{key}.{name}": value for name, value in zip(declared.personal, told, strict=True)
            }
    return values


def _opening(index: int, entry: Entry, hidden: Hidden, now: Mapping[str, Any]) -> dict[str, Any]:
    part = entry.personal
    salt = bytes(part.salt)
    known = {**now, **{f"data.{key}": value for key, value in part.values.items()}}
    values = {
        full: canonical_json(spelled(known[full])).decode()
        for full, (_short, made) in hidden.items()
        if full in known and _is(salt, full, known[full], made)
    }
    from_rows = any(not full.startswith("data.") for full in values)
    return {
        "index": index,
        "salt": base64.b64encode(salt).decode("ascii"),
        "rows": (entry.rows or "") if from_rows else "",
        "values": values,
    }


def _is(salt: bytes, name: str, value: Any, made: str) -> bool:
    try:
        return commitment(salt, name, spelled(value)) == made
    except NotCanonical:
        return False  # edited behind the application; `zx verify` names it
