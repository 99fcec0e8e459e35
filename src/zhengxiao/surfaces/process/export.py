"""Event logs for other tools: XES (IEEE 1849-2016) and OCEL 2.0 (JSON), streamed, without anybody's name.

A case is its number; units and items are named, people and applicants are not, and no free text is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.orgs.api import unit_names
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.surfaces.process.loading import STEP, STEPS, labels

PIECE = 500
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One event as files tell it. `at` is ISO 8601 with an offset."""

    id: int
    activity: str
    at: str
    unit: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One case with its events in order."""

    id: int
    number: str
    item: str
    department: int
    result: str
    events: list[Event]


def traces(cases: QuerySet[Case]) -> Iterator[Trace]:
    """The cases in order of key, some hundreds at a time."""
    words = labels()
    keys = np.fromiter(
        cases.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=20_000), dtype=np.int64
    )
    for start in range(0, len(keys), PIECE):
        part = keys[start : start + PIECE].tolist()
        events: dict[int, list[Event]] = {key: [] for key in part}
        told = Entry.objects.filter(subject_kind="case", subject_id__in=part, fact__in=STEPS).order_by(
            "at", "pk"
        )
        for pk, subject, fact, at, unit, data in told.values_list(
            "pk", "subject_id", "fact", "at", "unit_id", "data"
        ):
            name = str(data.get("step") or "") if fact == STEP else words[fact]
            outcome = (
                str(data.get("result") or data.get("outcome") or "")
                if fact in (STEP, "cases.decided")
                else ""
            )
            known = outcome if outcome.isascii() else ""
            events[subject].append(Event(pk, name, timezone.localtime(at).isoformat(), unit, known))
        rows = Case.objects.filter(pk__in=part).order_by("pk")
        for pk, number, item, department, result in rows.values_list(
            "pk", "number", "item__code", "department_id", "result"
        ):
            yield Trace(pk, number, item, department, result, events[pk])


def _named(found: list[Trace], known: dict[int, str]) -> Mapping[int, str]:
    """Names of the units that these traces speak of; each is looked up once."""
    wanted = {trace.department for trace in found} | {e.unit for t in found for e in t.events if e.unit}
    missing = wanted - set(known)
    if missing:
        known |= dict.fromkeys(missing, "") | unit_names(missing)
    return known


def _pieces(cases: QuerySet[Case]) -> Iterator[list[Trace]]:
    piece: list[Trace] = []
    for trace in traces(cases):
        piece.append(trace)
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


# ---------------------------------------------------------------- XES
XES_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\
<string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
"""


def xes(cases: QuerySet[Case]) -> Iterator[str]:
    """An XES log, piece by piece."""
    yield XES_HEAD
    known: dict[int, str] = {}
    for piece in _pieces(cases):
        names = _named(piece, known)
        yield "".join(_xes_trace(trace, names) for trace in piece)
    yield "</log>\n"


def _xes_trace(trace: Trace, names: Mapping[int, str]) -> str:
    lines = [
        "<trace>", _text("concept:name", trace.number), _text("item", trace.item),
        _text("org:group", names.get(trace.department, "")), _text("result", trace.result),
    ]  # fmt: skip
    for event in trace.events:
        lines += [
            "<event>", _text("concept:name", event.activity),
            f'<date key="time:timestamp" value={quoteattr(event.at)}/>', _text("lifecycle:transition", "complete"),
            _text("org:group", names.get(event.unit or 0, "")), _text("outcome", event.outcome), "</event>",
        ]  # fmt: skip
    return "".join([*lines, "</trace>\n"])


def _text(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(value)}/>' if value else ""


# ---------------------------------------------------------------- OCEL 2.0
def ocel(cases: QuerySet[Case]) -> Iterator[str]:
    """An object-centric log: cases, items and units are objects, and every event says which of them it is about.

    Events stand first, because objects are known only when all events have been seen.
    """
    activities = sorted({*(labels()[fact] for fact in STEPS if fact != STEP)})
    yield '{"objectTypes":' + _json(
        [{"name": name, "attributes": attributes} for name, attributes in OBJECTS]
    )
    yield ',"events":['
    known: dict[int, str] = {}
    items: set[str] = set()
    steps: set[str] = set(activities)
    keys: list[Json] = []
    between = ""
    for piece in _pieces(cases):
        names = _named(piece, known)
        for trace in piece:
            items.add(trace.item)
            keys.append(_case_object(trace))
            for event in trace.events:
                steps.add(event.activity)
                yield between + _json(_event(event, trace, names))
                between = ",\n"
    attributes = [{"name": "outcome", "type": "string"}]
    yield '],"eventTypes":' + _json([{"name": name, "attributes": attributes} for name in sorted(steps)])
    yield ',"objects":['
    objects = [
        *keys,
        *({"id": f"item:{code}", "type": "item"} for code in sorted(items)),
        *_unit_objects(known),
    ]
    for start in range(0, len(objects), PIECE):
        yield ("," if start else "") + ",\n".join(_json(each) for each in objects[start : start + PIECE])
    yield "]}\n"


OBJECTS: tuple[tuple[str, list[Json]], ...] = (
    ("case", [{"name": "result", "type": "string"}]),
    ("item", []),
    ("unit", [{"name": "name", "type": "string"}]),
)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _event(event: Event, trace: Trace, names: Mapping[int, str]) -> Json:
    about = [{"objectId": f"case:{trace.number}", "qualifier": "case"}]
    if event.unit and names.get(event.unit):
        about.append({"objectId": f"unit:{event.unit}", "qualifier": "done by"})
    outcome = [{"name": "outcome", "value": event.outcome}] if event.outcome else []
    return {
        "id": f"e{event.id}",
        "type": event.activity,
        "time": event.at,
        "attributes": outcome,
        "relationships": about,
    }


def _case_object(trace: Trace) -> Json:
    first = trace.events[0].at if trace.events else "1970-01-01T00:00:00+00:00"
    return {
        "id": f"case:{trace.number}",
        "type": "case",
        "attributes": [{"name": "result", "time": first, "value": trace.result}],
        "relationships": [
            {"objectId": f"item:{trace.item}", "qualifier": "applies for"},
            {"objectId": f"unit:{trace.department}", "qualifier": "handled by"},
        ],
    }


def _unit_objects(known: Mapping[int, str]) -> Iterator[Json]:
    for key, name in sorted(known.items()):
        if name:
            shown = [{"name": "name", "time": "1970-01-01T00:00:00+00:00", "value": name}]
            yield {"id": f"unit:{key}", "type": "unit", "attributes": shown}
