"""Files that a second person lets out: who asks, who sees the request, who decides, and what the file then holds."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.access import matrix
from tests.access.test_disclosures import records as records
from tests.access.test_matrix import body, held, shown_at, sign, undone
from tests.access.test_relay import rows as rows
from tests.access.world import NOW, PEOPLE, PLACES, SEATS, World
from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.exports.models import ExportRequest
from zhengxiao.lib.actors import Role
from zhengxiao.mechanisms.disclosures.models import Disclosure
from zhengxiao.mechanisms.disclosures.rules import SubjectKind
from zhengxiao.mechanisms.relay.models import Relayed
from zhengxiao.surfaces.openapi import document
from zhengxiao.surfaces.openapi.tests.conftest import make_api

pytestmark = pytest.mark.django_db
FULL = "/cases/?export=csv&full=1"
ASK = {"act": "ask", "purpose": "报送市数据局办件明细"}
REASON = {"reason": "条件过宽，请缩小范围"}


@pytest.fixture
def requests(world: World) -> dict[str, ExportRequest]:
    """A request out of the section of every place, by somebody who has left since."""
    made = {}
    for place in PLACES:
        section, asker = world.units[SEATS[place][1]], world.people["no-post"]
        assert asker is not None
        made[place] = ExportRequest.objects.create(
            ledger="cases", title="办件", form="csv", address=FULL, digest=place, rows=3, why="personal",
            purpose=f"用途{place}处", personal="申请人", asked_by=asker, asked_at=NOW, unit=section,
            department_id=section.department_id, region_id=section.region_id,
        )  # fmt: skip
    return made


def test_a_request_is_seen_by_its_office_and_those_who_watch(
    world: World, requests: dict[str, ExportRequest], tally: list[int]
) -> None:
    def ask(person: str, place: str) -> str:
        return sign(world.clients[person].get(reverse("console:export", args=[requests[place].pk])))

    held(matrix.cells(matrix.SEE_EXPORTS), ask, tally)
    for query in ({"size": 100}, {"export": "csv"}, {"print": 1}):
        answers = {person: world.clients[person].get(reverse("console:exports"), query) for person in PEOPLE}
        told = {person: (sign(answer), body(answer)) for person, answer in answers.items()}

        def listed(person: str, place: str, told: Any = told) -> str:
            answered, text = told[person]
            return ("+" if f"用途{place}处" in text else "0") if answered == "+" else answered

        held(matrix.cells(matrix.SEE_EXPORTS), listed, tally)


@pytest.mark.parametrize(("name", "data"), [("approve", {}), ("refuse", REASON)])
def test_the_head_of_the_office_or_the_security_administrator_decides(
    world: World, requests: dict[str, ExportRequest], tally: list[int], name: str, data: dict[str, str]
) -> None:
    def ask(person: str, place: str) -> str:
        address = reverse("console:export-move", args=[requests[place].pk, name])
        return undone(world, lambda: sign(world.clients[person].post(address, data)))

    held(matrix.cells(matrix.DECIDE_EXPORTS), ask, tally)


def test_full_names_are_asked_for_by_those_who_may_export_and_the_file_holds_their_reach(
    world: World, tally: list[int]
) -> None:
    second, address = world.clients["security_admin"], "console:export-move"
    for person in PEOPLE:
        client, wanted = (
            world.clients[person],
            {place: matrix.EXPORT_CASES[person, place] for place in PLACES},
        )
        may = "+" in wanted.values()
        answer = client.get(FULL)
        assert sign(answer) == ("409" if may else wanted["H"]), person
        assert not any(shown_at(world, body(answer), place) != "0" for place in PLACES), person
        asked = client.post(FULL, ASK)
        assert sign(asked) == ("+" if may else wanted["H"]), person
        if not may:
            continue
        row = ExportRequest.objects.latest("pk")
        assert sign(client.post(reverse(address, args=[row.pk, "approve"]))) in {"x", "422"}, person
        assert sign(second.post(reverse(address, args=[row.pk, "approve"]))) == "+"
        text = body(client.post(FULL, {"act": "fetch", "request": row.pk}))
        assert {place: shown_at(world, text, place) for place in PLACES} == wanted, person
        tally[0] += len(PLACES)


NAME, MASK = "欧示例", "欧**"
MASKED = {"/cases", "/disclosures", "/relayed-licences"}
"""Lists in which applicants who are persons stand."""


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DEPARTMENT_HEAD])
def test_no_list_for_machines_tells_a_person_in_full(
    world: World, records: dict[str, Disclosure], rows: dict[str, Relayed], role: Role
) -> None:
    """That is why lists for machines count against nobody's rows of the day."""
    Case.objects.update(applicant_name=NAME, party=None)
    Disclosure.objects.update(subject_name=NAME, subject_kind=SubjectKind.PERSON)
    Relayed.objects.update(subject_name=NAME, is_person=True)
    api: Any = make_api(world, role)  # type: ignore[arg-type]
    seen = set()
    for path, methods in document.rules().items():
        if "GET" in methods and "{" not in path:
            text = str(api.get(path.removeprefix("/api/v1")).json())
            assert NAME not in text, path
            seen |= {path.removeprefix("/api/v1")} if MASK in text else set()
    assert seen == MASKED
