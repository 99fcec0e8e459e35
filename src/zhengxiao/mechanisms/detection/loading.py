"""From rows to columns: the histories of a set of cases, read in a handful of streams."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Case as Choice
from django.db.models import F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from zhengxiao.backbone.cases.api import Case, CaseStep, SpecialProcedure
from zhengxiao.backbone.catalogue.api import ItemVersion, step_names
from zhengxiao.kernel.calendar.api import NATION, Calendar, DayTable, day_table, local_days
from zhengxiao.kernel.jobs.api import column_chunks, read_columns, text_keys
from zhengxiao.kernel.orgs.api import Region
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.mechanisms.detection.detectors.off_hours import outside
from zhengxiao.mechanisms.detection.histories import (
    NOBODY,
    RESULTS,
    Activity,
    Cases,
    Histories,
    Ints,
    Moments,
    Steps,
    Told,
)

Progress = Callable[[int, int], None]
WORKDAYS = {"wd": 1.0, "d": 250 / 365, "m": 22.0, "y": 250.0}
"""Working days of one unit of a limit (domain.md §2.7); limits in hours count as none."""
DAY = np.timedelta64(1, "D")


def _result() -> Choice:
    whens = [When(result=name, then=Value(place)) for place, name in enumerate(RESULTS) if name]
    return Choice(*whens, default=Value(0), output_field=IntegerField())


def _promised() -> Choice:
    amount = F("promised_clock__term_amount")
    whens = [
        When(promised_clock__term_unit=unit, then=Cast(amount * Value(days), IntegerField()))
        for unit, days in WORKDAYS.items()
    ]
    return Choice(*whens, default=Value(-1), output_field=IntegerField())


CASE_COLUMNS: Mapping[str, Any] = {
    "id": "pk",
    "department": "department_id",
    "unit": "unit_id",
    "item": "item_id",
    "region": "region_id",
    "party": "party_id",
    "name": "applicant_name",
    "handler": "handler_id",
    "calendar_key": "calendar_key",
    "received": "received_at",
    "accepted": "accepted_at",
    "decided": "decided_at",
    "finished": "finished_at",
    "promised_due": "promised_clock__due_at",
    "statutory_due": "statutory_clock__due_at",
}


def histories_of(cases: QuerySet[Case], needs: frozenset[str], progress: Progress | None = None) -> Histories:
    """The histories of the cases with the parts that detectors need: steps, pauses, requests, decider, activity.

    `progress(done, of)` is called after each stream.
    """
    tell = progress or (lambda done, of: None)
    of = 1 + len(needs)
    columns = read_columns(cases.order_by(), {**CASE_COLUMNS, "result": _result(), "promised": _promised()})
    order = np.argsort(columns["id"])
    columns = {name: values[order] for name, values in columns.items()}
    party, name = columns.pop("party"), columns.pop("name")
    columns["applicant"] = np.where(party != NOBODY, party, _apart(name))
    columns["calendar"], tables = _calendars(columns.pop("calendar_key"))
    found = Histories(Cases(**columns), timezone.get_default_timezone(), calendars=tables)
    tell(1, of)
    reach = Reach(cases, found.cases.id)
    for done, (part, read) in enumerate(((p, r) for p, r in PARTS.items() if p in needs), start=2):
        found = replace(found, **{part: read(reach, found)})
        tell(done, of)
    return found


def _apart(keys: Ints) -> Ints:
    """Keys of names, kept apart from the keys of parties: negative ones."""
    apart: Ints = np.where(keys < 0, keys, -keys - 1)
    return apart


def _calendars(keys: Ints) -> tuple[Ints, tuple[DayTable, ...]]:
    """Per case the place of its day table, and the tables. A key nobody knows is the nation's."""
    names = [
        NATION,
        *Region.objects.values_list("code", flat=True),
        *Calendar.objects.values_list("key", flat=True),
    ]
    known = dict(zip(text_keys(names), names, strict=True))
    used, place = np.unique(keys, return_inverse=True)
    return place.astype(np.int64), tuple(day_table(known.get(key, NATION)) for key in used.tolist())


@dataclass(frozen=True)
class Reach:
    """Which cases are read: as a query for joins, and as sorted ids."""

    cases: QuerySet[Case]
    ids: Ints

    def within(self, path: str) -> Q:
        """A condition on rows that point to the cases by `path`. Few cases are named, many are joined."""
        if len(self.ids) <= 500:
            return Q(**{f"{path}__in": self.ids.tolist()})
        if self.everything:
            return Q()
        return Q(**{f"{path}__in": self.cases.order_by().values("pk")})

    @property
    def everything(self) -> bool:
        return not self.cases.query.where

    def rows(self, keys: Ints) -> tuple[Ints, Any]:
        """Places of the cases, and which of the keys are among them."""
        place = np.searchsorted(self.ids, keys)
        place = np.minimum(place, max(len(self.ids) - 1, 0))
        there = self.ids[place] == keys if len(self.ids) else np.zeros(len(keys), dtype=bool)
        return place.astype(np.int64), there


def _steps(reach: Reach, found: Histories) -> Steps:
    returned = Choice(When(outcome="returned", then=Value(1)), default=Value(0), output_field=IntegerField())
    columns = read_columns(
        CaseStep.objects.filter(reach.within("case_id")).order_by(),
        {"case": "case_id", "ended": "ended_at", "name": "name", "returned": returned, "number": "number"},
    )
    row, there = reach.rows(columns["case"])
    row = row[there]
    columns = {name: values[there] for name, values in columns.items()}
    order = np.lexsort((columns["number"], columns["ended"], row))
    row, name = row[order], columns["name"][order]
    rank = _ranks(found.cases.item[row], name)
    return Steps(row, columns["ended"][order], rank, name, columns["returned"][order])


def _ranks(item: Ints, name: Ints) -> Ints:
    """The place of each step in the process of its item, -1 where the process does not name it.

    The newest published process counts: older versions name the same steps or are no longer followed.
    """
    versions = ItemVersion.objects.filter(item_id__in=np.unique(item).tolist(), state="published").order_by(
        "number"
    )
    processes = {
        key: list(step_names(steps or ())) for key, steps in versions.values_list("item_id", "process_steps")
    }
    words = sorted({word for names in processes.values() for word in names})
    keys = dict(zip(words, text_keys(words), strict=True)) if words else {}
    items, item_place = np.unique(item, return_inverse=True)
    used, name_place = np.unique(name, return_inverse=True)
    places = {key: number for number, key in enumerate(used.tolist())}
    table = np.full((len(items), max(len(used), 1)), -1, dtype=np.int64)
    for number, key in enumerate(items.tolist()):
        for rank, word in enumerate(processes.get(key, ())):
            if (column := places.get(keys[word])) is not None:
                table[number, column] = rank
    ranks: Ints = table[item_place.reshape(-1), name_place.reshape(-1)]
    return ranks


def _pauses(reach: Reach, found: Histories) -> Told:
    rows = SpecialProcedure.objects.filter(reach.within("case_id")).order_by()
    return _told(reach, read_columns(rows, {"case": "case_id", "at": "started_at"}))


def _requests(reach: Reach, found: Histories) -> Told:
    rows = Entry.objects.filter(
        reach.within("subject_id"), subject_kind="case", fact="cases.supplement_asked"
    )
    return _told(reach, read_columns(rows.order_by(), {"case": "subject_id", "at": "at"}))


def _told(reach: Reach, columns: Mapping[str, Any]) -> Told:
    row, there = reach.rows(columns["case"])
    row, at = row[there], columns["at"][there]
    order = np.lexsort((at, row))
    return Told(row[order], at[order])


def _decider(reach: Reach, found: Histories) -> Ints:
    """Who decided each case that was decided outside office hours; the others are nobody's business here."""
    decider = np.full(len(found.cases), NOBODY, dtype=np.int64)
    late = found.cases.id[outside(found)]
    if not len(late):
        return decider
    rows = Entry.objects.filter(subject_kind="case", fact="cases.decided", actor__isnull=False)
    rows = (
        rows.filter(subject_id__in=late.tolist())
        if len(late) <= 5_000
        else rows.filter(reach.within("subject_id"))
    )
    columns = read_columns(rows.order_by("id"), {"case": "subject_id", "actor": "actor_id"})
    row, there = reach.rows(columns["case"])
    decider[row[there]] = columns["actor"][there]
    return decider


def _activity(reach: Reach, found: Histories) -> Activity:
    """Traces of the people who decided outside hours, on those days. Streamed: only what falls on such a day is kept."""
    row = np.flatnonzero(found.decider != NOBODY)
    person, day = found.decider[row], local_days(found.cases.decided[row], found.zone)
    if not len(row):
        return Activity()
    wanted = np.unique(_joined(person, day))
    first, last = _span(day)
    entries = Entry.objects.filter(actor__in=np.unique(person).tolist(), at__gte=first, at__lt=last)
    entries = entries.exclude(fact="cases.decided").order_by()
    subject = Choice(
        When(subject_kind="case", then=Coalesce("subject_id", Value(NOBODY + 1))),
        default=Value(NOBODY + 1),
        output_field=IntegerField(),
    )
    kept: list[tuple[Ints, Moments, Ints]] = []
    for chunk in column_chunks(entries, {"person": "actor_id", "at": "at", "subject": subject}):
        days = local_days(chunk["at"], found.zone)
        near = np.isin(_joined(chunk["person"], days), wanted)
        kept.append((chunk["person"][near], days[near], chunk["subject"][near]))
    if not kept:
        return Activity()
    people, days, subjects = (np.concatenate([part[place] for part in kept]) for place in range(3))
    return Activity(people, days, subjects)


def _joined(person: Ints, day: Moments) -> Ints:
    joined: Ints = person * 1_000_000 + day.astype(np.int64)
    return joined


def _span(day: Moments) -> tuple[datetime, datetime]:
    """Moments that enclose the days in every zone."""
    first, last = (moment.astype("datetime64[s]").tolist() for moment in (day.min(), day.max()))
    return first.replace(tzinfo=UTC) - timedelta(days=1), last.replace(tzinfo=UTC) + timedelta(days=2)


PARTS: Mapping[str, Callable[[Reach, Histories], Any]] = {
    "steps": _steps,
    "pauses": _pauses,
    "requests": _requests,
    "decider": _decider,
    "activity": _activity,
}
"""In this order: activity is asked about those who decided."""
