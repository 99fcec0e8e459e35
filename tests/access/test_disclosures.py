"""Every person at every place in double publicity, held against the tables of disclosures.py."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.access import disclosures as matrix
from tests.access.matrix import cells
from tests.access.test_matrix import body, held, sign
from tests.access.world import NOW, PEOPLE, PLACES, SEATS, World
from zhengxiao.mechanisms.disclosures.duties import Owed, duties_open
from zhengxiao.mechanisms.disclosures.models import Disclosure
from zhengxiao.mechanisms.disclosures.rules import Kind, SubjectKind

pytestmark = pytest.mark.django_db
DISTINCT = [place for place in PLACES if place != "W"]
"""The other window belongs to the same office: what the office owes is one thing for both."""


@pytest.fixture
def records(world: World) -> dict[str, Disclosure]:
    """One duty of each office."""
    owed = []
    for place in DISTINCT:
        department = world.department(place)
        owed.append(
            Owed(
                kind=Kind.LICENCE,
                origin="access",
                origin_id=place,
                region_id=department.region_id,
                region_code=department.region.code,
                department_id=department.pk,
                unit_id=world.units[SEATS[place][1]].pk,
                calendar_key="CN",
                document_no=f"示例{place}〔2026〕1 号",
                title="示例许可",
                decided_at=NOW,
                subject_name=f"示例{place}处建设有限公司",
                subject_kind=SubjectKind.ORGANISATION,
            )
        )
    rows = duties_open(owed, at=NOW)
    found = dict(zip(DISTINCT, rows, strict=True))
    return {**found, "W": found["H"]}


def test_one_record_is_seen_by_those_it_concerns(
    world: World, records: dict[str, Disclosure], tally: list[int]
) -> None:
    def ask(person: str, place: str) -> str:
        return sign(world.clients[person].get(reverse("disclosures:record", args=[records[place].pk])))

    held(cells(matrix.SEE_RECORDS), ask, tally)


@pytest.mark.parametrize("page", matrix.PAGES)
def test_a_page_opens_for_those_it_is_for(world: World, tally: list[int], page: str) -> None:
    for person in PEOPLE:
        query = {"view": "all"} if "ledger" in page else {}
        assert sign(world.clients[person].get(reverse(page), query)) == matrix.PAGES[page][person], person
        tally[0] += 1


@pytest.mark.parametrize("query", [{"size": 100}, {"print": 1}, {"export": "csv"}])
def test_a_list_holds_the_records_of_ones_reach(
    world: World, records: dict[str, Disclosure], tally: list[int], query: dict[str, Any]
) -> None:
    answers = {person: world.clients[person].get("/disclosures/", query) for person in PEOPLE}
    texts = {person: body(answer) for person, answer in answers.items()}

    def ask(person: str, place: str) -> str:
        told = sign(answers[person])
        return ("+" if records[place].document_no in texts[person] else "0") if told == "+" else told

    table = matrix.EXPORT_RECORDS if "export" in query else matrix.SEE_RECORDS
    held(cells(table), ask, tally)
