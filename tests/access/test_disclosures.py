"""Every person at every place in double publicity, held against the tables of disclosures.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access import disclosures as matrix
from tests.access.matrix import cells
from tests.access.test_matrix import body, held, sign
from tests.access.world import NOW, PEOPLE, PLACES, SEATS, World
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.mechanisms.disclosures.batches import batch_report
from zhengxiao.mechanisms.disclosures.duties import Owed, duties_open
from zhengxiao.mechanisms.disclosures.models import Disclosure, ReportBatch
from zhengxiao.mechanisms.disclosures.rules import Kind, SubjectKind
from zhengxiao.mechanisms.disclosures.testing import LICENCE

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
                record={**LICENCE, "XK_WSH": f"示例{place}〔2026〕1 号"},
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


LATE = NOW + timedelta(days=20)


@pytest.mark.parametrize(
    ("name", "table", "args"),
    [
        ("edit", "WORK_ON_RECORDS", ()),
        ("move", "REVOKE_RECORDS", ("revoke",)),
        ("move", "REPAIR_RECORDS", ("repair",)),
        ("move", "FIND_CONCEALED", ("find",)),
    ],
)
def test_work_on_a_record_is_for_those_whose_work_it_is(
    world: World,
    records: dict[str, Disclosure],
    tally: list[int],
    settings: Any,
    name: str,
    table: str,
    args: tuple[str, ...],
) -> None:
    settings.ZX_MOMENT = LATE

    def ask(person: str, place: str) -> str:
        answer = world.clients[person].get(reverse(f"disclosures:{name}", args=[records[place].pk, *args]))
        return "+" if answer.status_code == 422 else sign(answer)  # let in, and refused by a rule of the move

    held(cells(getattr(matrix, table)), ask, tally)


@pytest.fixture
def reported(world: World, records: dict[str, Disclosure]) -> dict[str, ReportBatch]:
    """A batch of each office."""
    made = {}
    for place in DISTINCT:
        row = records[place]
        done = batch_report(department_id=row.department_id, kind=Kind.LICENCE, actor=SYSTEM, at=NOW)
        assert done.batch is not None
        made[place] = done.batch
    return {**made, "W": made["H"]}


def test_a_file_with_numbers_of_persons_is_for_the_reporting_office(
    world: World, reported: dict[str, ReportBatch], tally: list[int]
) -> None:
    def ask(person: str, place: str) -> str:
        return sign(
            world.clients[person].get(reverse("disclosures:batch-file", args=[reported[place].pk, "csv"]))
        )

    held(cells(matrix.TAKE_FILES), ask, tally)


def test_a_public_record_is_read_by_everybody(
    world: World, records: dict[str, Disclosure], reported: dict[str, ReportBatch], tally: list[int]
) -> None:
    def ask(person: str, place: str) -> str:
        return sign(world.clients[person].get(reverse("disclosures:public-record", args=[records[place].pk])))

    held(cells(matrix.READ_IN_PUBLIC), ask, tally)


def test_nobody_reports_for_another_office(
    world: World, records: dict[str, Disclosure], tally: list[int]
) -> None:
    for person in PEOPLE:
        for place in DISTINCT:
            told = {"department": records[place].department_id, "kind": "licence"}
            with transaction.atomic():
                world.clients[person].post(reverse("disclosures:report"), told)
                moved = Disclosure.objects.get(pk=records[place].pk).state == "reported"
                transaction.set_rollback(True)
            assert moved == (matrix.TAKE_FILES[person, place] == "+"), (person, place)
            tally[0] += 1


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
