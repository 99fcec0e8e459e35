"""From the timeline to a log: the facts that are steps of a process, of the cases asked for, with who did them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext

from zhengxiao.backbone.cases.api import FACTS, Case
from zhengxiao.kernel.calendar.api import NATION, Calendar, day_table, work_many
from zhengxiao.kernel.jobs.api import MISSING, read_columns, text_keys
from zhengxiao.kernel.orgs.api import Post, Region
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.surfaces.process.rules import Ints, Log

STEP = "cases.step_done"
STEPS = (
    "cases.received", "cases.supplement_asked", "cases.supplement_filed", "cases.accepted", "cases.deemed_accepted",
    "cases.refused", "cases.not_required", "cases.review_started", STEP, "cases.suspended", "cases.resumed",
    "cases.extension_requested", "cases.extended", "cases.extension_refused", "cases.decided", "cases.withdrawn",
    "cases.terminated", "cases.lapsed", "cases.delivered",
)  # fmt: skip
"""What counts as a step. Archiving, corrections, assignments and warnings are not: they come from or lead to nothing."""
ENDS = (
    "cases.refused",
    "cases.not_required",
    "cases.decided",
    "cases.withdrawn",
    "cases.terminated",
    "cases.lapsed",
)


@dataclass(frozen=True, slots=True)
class Labels:
    """How activities are called: codes in the log are "cases.accepted" or "step:审查"."""

    words: Mapping[str, str]

    def __getitem__(self, code: str) -> str:
        return self.words.get(code) or code.removeprefix("step:")


def labels() -> Labels:
    return Labels({fact.name: str(fact.label) for fact in FACTS if fact.name in STEPS and fact.name != STEP})


def log_of(cases: QuerySet[Case]) -> Log:
    """The log of these cases: two streams, working time by each case's own calendar. Cases without a step are left out."""
    asked = read_columns(cases.order_by(), {"id": "pk", "calendar": "calendar_key"})
    entries = Entry.objects.filter(
        subject_kind="case", fact__in=STEPS, subject_id__in=cases.order_by().values("pk")
    )
    columns = read_columns(
        entries.order_by(),
        {
            "id": "pk", "case": "subject_id", "at": "at", "fact": "fact", "actor": "actor_id", "unit": "unit_id",
            "step": KeyTextTransform("step", F("data")),
        },
    )  # fmt: skip
    order = np.lexsort((columns["id"], columns["at"], columns["case"]))
    columns = {name: values[order] for name, values in columns.items()}
    case, first = np.unique(columns["case"], return_index=True)
    activity, names = _activities(columns)
    unit = _units(columns["actor"], columns["unit"])
    wait = _waits(
        columns, first, dict(zip(asked["id"].tolist(), asked["calendar"].tolist(), strict=True)), case
    )
    ends = frozenset(number for number, name in enumerate(names) if name in ENDS)
    return Log(case, first.astype(np.int64), activity, unit, wait, names, ends)


def _activities(columns: Mapping[str, Any]) -> tuple[Ints, tuple[str, ...]]:
    """Per event the place of its activity, and the codes. A step is called what its fact says."""
    facts = dict(zip(text_keys(STEPS), STEPS, strict=True))
    step_key = text_keys([STEP])[0]
    both = np.where(columns["fact"] == step_key, columns["step"], columns["fact"])
    kinds, place, member = np.unique(both, return_index=True, return_inverse=True)
    is_step = columns["fact"][place] == step_key
    samples = columns["id"][place[is_step]].tolist()
    told = {
        row.pk: str(row.data.get("step") or "")
        for row in Entry.objects.filter(pk__in=samples).only("pk", "data")
    }
    names = tuple(
        f"step:{told[int(columns['id'][first])] or gettext('未名环节')}" if step else facts[key]
        for key, first, step in zip(kinds.tolist(), place.tolist(), is_step.tolist(), strict=True)
    )
    return member.reshape(-1).astype(np.int64), names


def _units(actor: Ints, unit: Ints) -> Ints:
    """Who did each event: the unit where the person holds a post, where there is just one; else the unit the fact names."""
    people = np.unique(actor[actor != MISSING])
    posts = Post.objects.filter(user_id__in=people.tolist(), valid_to__isnull=True).order_by("pk")
    held: dict[int, set[int]] = {}
    for user, where in posts.values_list("user_id", "unit_id"):
        held.setdefault(user, set()).add(where)
    only = {user: next(iter(where)) for user, where in held.items() if len(where) == 1}
    kinds, member = np.unique(actor, return_inverse=True)
    known = np.array([only.get(key, MISSING) for key in kinds.tolist()], dtype=np.int64)
    found = known[member.reshape(-1)] if len(kinds) else actor
    return np.where(found == MISSING, unit, found)


def _waits(columns: Mapping[str, Any], first: Ints, calendars: Mapping[int, int], case: Ints) -> Ints:
    """Working time since the event before, by the calendar of the case; 0 for first events."""
    wait = np.zeros(len(columns["at"]), dtype=np.int64)
    if not len(wait):
        return wait
    later = np.ones(len(wait), dtype=bool)
    later[first] = False
    of_case = np.array([calendars[key] for key in case.tolist()], dtype=np.int64)
    of_event = np.repeat(of_case, np.diff(np.append(first, len(wait))))
    names = [
        NATION,
        *Region.objects.values_list("code", flat=True),
        *Calendar.objects.values_list("key", flat=True),
    ]
    known = dict(zip(text_keys(names), names, strict=True))
    for key in np.unique(of_event).tolist():
        here = np.flatnonzero(later & (of_event == key))
        wait[here] = work_many(
            day_table(known.get(key, NATION)), columns["at"][here - 1], columns["at"][here]
        )
    return wait
