"""Rules beyond time: findings, rules and back-tests through every channel, held against the tables of matrix.py."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.access import matrix
from tests.access.test_matrix import body, held, sign, undone
from tests.access.world import NOW, PEOPLE, PLACES, World
from zhengxiao.mechanisms.detection.models import BackTest, Finding, Hit, RuleVersion
from zhengxiao.mechanisms.detection.services import install_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(world: World) -> dict[str, RuleVersion]:
    """One rule in force, one on trial, one draft."""
    made = {version.rule.code: version for version in install_rules(at=NOW - timedelta(days=30))}
    for code, state in (("swift", "active"), ("process", "shadow")):
        RuleVersion.objects.filter(pk=made[code].pk).update(state=state, since=NOW - timedelta(days=9))
    return made


def found(world: World, version: RuleVersion, mode: str) -> dict[str, Finding]:
    """A finding on the granted case of every place."""
    made = {}
    for place in PLACES:
        case = world.cases[place, "granted"]
        made[place] = Finding.objects.create(
            version=version, rule=version.rule, case=case, key=case.pk, mode=mode, level="yellow", at=NOW, found_at=NOW,
            evidence_text=f"证据{mode}{place}处", region_id=case.region_id, department_id=case.department_id,
            unit_id=case.unit_id, run=uuid4(),
        )  # fmt: skip
    return made


@pytest.mark.parametrize(("code", "mode"), [("swift", "active"), ("process", "shadow")])
def test_a_finding_is_seen_by_those_it_concerns_and_a_trial_by_supervision_alone(
    world: World, tally: list[int], versions: dict[str, RuleVersion], code: str, mode: str
) -> None:
    made = found(world, versions[code], mode)
    expected = list(matrix.cells(matrix.SEE_FINDINGS if mode == "active" else matrix.SEE_TRIALS))
    held(
        expected,
        lambda person, place: sign(
            world.clients[person].get(reverse("detection:finding", args=[made[place].pk]))
        ),
        tally,
    )
    for query in ({}, {"export": "csv"}, {"print": 1}, {"mode": mode}):
        answers = {
            person: world.clients[person].get(reverse("detection:findings"), query) for person in PEOPLE
        }
        texts = {person: (sign(answer), body(answer)) for person, answer in answers.items()}

        def listed(person: str, place: str, texts: dict[str, tuple[str, str]] = texts) -> str:
            told, text = texts[person]
            return ("+" if made[place].evidence_text in text else "0") if told == "+" else told

        held(expected, listed, tally)


def test_the_page_of_a_case_tells_findings_to_those_who_may_see_them(
    world: World, tally: list[int], versions: dict[str, RuleVersion]
) -> None:
    made = found(world, versions["swift"], "active")
    for (person, place), wanted in matrix.SEE_FINDINGS.items():
        case = world.cases[place, "granted"]
        page = world.clients[person].get(reverse("cases:case", args=[case.number]))
        seen = sign(page) == "+" and made[place].evidence_text in body(page)
        assert seen == (wanted == "+" and matrix.SEE_CASES[person, place] == "+"), (person, place)
        tally[0] += 1


@pytest.mark.parametrize("name", ["rule", "rule-draft", "rule-edit", "back-test-start", "rule-move"])
def test_rules_are_read_drafted_and_moved_by_those_who_may(
    world: World, tally: list[int], versions: dict[str, RuleVersion], name: str
) -> None:
    version = versions["process"] if name == "rule-move" else versions["swift"]
    args = [version.pk, "activate"] if name == "rule-move" else [version.pk]
    doors = {
        "rule": matrix.READ_RULES, "rule-move": matrix.CONFIRM_RULES,
    }.get(name, matrix.DRAFT_RULES)  # fmt: skip
    for person in PEOPLE:
        client = world.clients[person]
        act = client.post if name == "back-test-start" else client.get
        told = undone(world, lambda a=act: sign(a(reverse(f"detection:{name}", args=args))))  # type: ignore[misc]
        wanted = doors[person]
        if name == "rule-move" and wanted == "x" and matrix.READ_DRAFT_RULES[person] == "0":
            wanted = "0"  # who may not read a trial is not told that there is one
        assert told == wanted, person
        tally[0] += 1


def test_a_draft_is_read_by_supervision_alone(
    world: World, tally: list[int], versions: dict[str, RuleVersion]
) -> None:
    for person in PEOPLE:
        for code in ("process", "pause"):
            told = sign(world.clients[person].get(reverse("detection:rule", args=[versions[code].pk])))
            assert told == matrix.READ_DRAFT_RULES[person], (person, code)
            tally[0] += 1


def test_a_back_test_opens_the_cases_of_ones_reach(
    world: World, tally: list[int], versions: dict[str, RuleVersion]
) -> None:
    test = BackTest.objects.create(
        version=versions["process"],
        first=NOW.date(),
        after=NOW.date(),
        cut_off=NOW,
        asked_at=NOW,
        state="done",
    )
    for place in PLACES:
        case = world.cases[place, "granted"]
        Hit.objects.create(
            back_test=test, case=case, key=case.pk, change="new", level="yellow", at=NOW, month="2026-03",
            region_id=case.region_id, department_id=case.department_id, unit_id=case.unit_id,
        )  # fmt: skip
    address = reverse("detection:back-test-cases", args=[test.pk])
    for person in PEOPLE:
        page = world.clients[person].get(reverse("detection:back-test", args=[test.pk]))
        assert sign(page) == matrix.READ_BACK_TESTS[person], person
        if sign(page) == "+":
            places = [place for place in PLACES if matrix.SEE_TRIALS[person, place] == "+"]
            assert page.context["result"].total.found == len(places)
        tally[0] += 1
    for query in ({}, {"export": "csv"}):
        answers = {person: world.clients[person].get(address, query) for person in PEOPLE}
        texts = {person: (sign(answer), body(answer)) for person, answer in answers.items()}
        for (person, place), wanted in matrix.SEE_TRIALS.items():
            told, text = texts[person]
            if told != "+":
                assert told == matrix.READ_BACK_TESTS[person]
            else:
                assert (world.cases[place, "granted"].number in text) == (wanted == "+"), (person, place)
            tally[0] += 1
