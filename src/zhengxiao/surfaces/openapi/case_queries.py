"""Which cases a call asks for, and one case within the caller's reach."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from django.utils import timezone
from pydantic import Field

from zhengxiao.backbone.cases.api import STATES, cases_shown
from zhengxiao.kernel.clock.api import Light
from zhengxiao.surfaces.openapi import paging, schemas, shown
from zhengxiao.surfaces.openapi.changes import Since, looked, since_token, touched
from zhengxiao.surfaces.openapi.gate import Call
from zhengxiao.surfaces.openapi.problems import NotFound

ORDER = ("-received_at", "-pk")
STATE_NAMES = [state.value for state in STATES]
State = Annotated[str, Field(pattern=f"^({'|'.join(STATE_NAMES)})$", json_schema_extra={"enum": STATE_NAMES})]


class PageIn(schemas.In):
    """Every list takes these."""

    limit: schemas.Limit = 50
    cursor: schemas.Cursor | None = None

    def conditions(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)


class CasesIn(PageIn):
    """Conditions of the list of cases; all of them hold together."""

    state: State | None = None
    light: schemas.Light | None = None
    department: schemas.Code | None = Field(None, description="code")
    item: schemas.Code | None = Field(None, description="code")
    received_from: date | None = None
    received_to: date | None = Field(None, description="this day included")
    finished_from: date | None = None
    finished_to: date | None = Field(None, description="this day included")
    updated_since: str | None = Field(
        None, min_length=1, max_length=1000, description="next_updated_since of an earlier answer"
    )


def case_page(call: Call, asked: CasesIn) -> dict[str, Any]:
    """One page of visible cases. Where the next question about changes starts is fixed by the first page."""
    question = paging.Asked(call.client.pk, {"list": "cases", **asked.conditions()})
    before = since_token(asked.updated_since) if asked.updated_since else Since()
    kept = paging.kept_in(asked.cursor, question)
    following = kept.get("since") or looked(before).token()
    rows = _matching(cases_shown(call.actor, call.at), asked, call.at)
    if asked.updated_since:
        rows = rows.filter(pk__in=touched("case", before.settled))
    page = paging.paged(
        shown.with_revision(rows),
        keys=ORDER,
        cursor=asked.cursor,
        limit=asked.limit,
        asked=question,
        kept={"since": following},
    )
    told = [shown.case(row, call.at) for row in page.rows]
    return {"results": told, "next_cursor": page.next_cursor, "next_updated_since": following}


def _matching(cases: Any, asked: CasesIn, at: datetime) -> Any:
    exact = {"state": asked.state, "department__code": asked.department, "item__code": asked.item}
    cases = cases.filter(**{path: value for path, value in exact.items() if value is not None})
    for path, first, last in (
        ("received_at", asked.received_from, asked.received_to),
        ("finished_at", asked.finished_from, asked.finished_to),
    ):
        if first is not None:
            cases = cases.filter(**{f"{path}__gte": midnight(first)})
        if last is not None and last < date.max:
            cases = cases.filter(**{f"{path}__lt": midnight(last + timedelta(days=1))})
    return cases.with_light(Light(asked.light), at) if asked.light else cases


def midnight(day: date) -> datetime:
    """The first moment of a day in the platform's zone; days at the edge of the calendar stay representable."""
    day = min(max(day, date(1900, 1, 1)), date(2999, 12, 31))
    return datetime.combine(day, time(), timezone.get_default_timezone())


def visible_case(call: Call, number: str) -> Any:
    """The case within the caller's reach, as lists show it. Raises NotFound, whoever else may know the number."""
    found = shown.with_revision(cases_shown(call.actor, call.at)).filter(number=number).first()
    if found is None:
        raise NotFound
    return found
