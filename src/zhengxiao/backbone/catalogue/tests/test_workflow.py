"""The publication review of a version: one row per transition."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zhengxiao.backbone.catalogue import permissions, services
from zhengxiao.backbone.catalogue.tests.conftest import AT
from zhengxiao.backbone.catalogue.workflow import WORKFLOW
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.lib.refusals import NotPermitted

pytestmark = pytest.mark.django_db

WAYS: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "draft": [],
    "in_review": [("submit", "head", {})],
    "published": [("submit", "head", {}), ("approve", "supervisor", {})],
}
# transition, state before, who takes it, data, state after
TRANSITION_ROWS = [
    ("submit", "draft", "head", {}, "in_review"),
    ("approve", "in_review", "supervisor", {"valid_from": "", "note": "同意"}, "published"),
    ("return", "in_review", "supervisor", {"note": "请补充设定依据"}, "draft"),
    ("retire", "published", "supervisor", {"valid_to": "", "note": "依法取消"}, "retired"),
]


def moved(version: Any, name: str, who: str, data: dict[str, str], district: Any) -> Any:
    return services.version_move(
        version=version, transition=name, data=data, actor=district.actors[who], at=AT
    )


def version_in(state: str, district: Any, content: Any) -> Any:
    version = services.item_create(
        unit=district.housing,
        region=district.region,
        codes=services.ItemCodes(code="11440100007482620J3440102003001"),
        content=content,
        reason="新设",
        actor=district.actors["head"],
        at=AT,
    )
    for name, who, data in WAYS[state]:
        version = moved(version, name, who, data, district)
    return version


@pytest.mark.parametrize(("name", "before", "who", "data", "after"), TRANSITION_ROWS)
def test_a_move_leads_to_its_state_and_leaves_its_fact(
    district: Any, content: Any, name: str, before: str, who: str, data: dict[str, str], after: str
) -> None:
    version = version_in(before, district, content)
    found = moved(version, name, who, data, district)
    assert found.state == after
    fact = WORKFLOW.transition(name).fact
    assert entries_for(Subject("item_version", version.pk)).filter(fact=fact).count() == 1


@pytest.mark.parametrize(("name", "before", "who", "data", "after"), TRANSITION_ROWS)
def test_a_move_is_refused_to_an_office_that_is_not_asked(
    district: Any, content: Any, name: str, before: str, who: str, data: dict[str, str], after: str
) -> None:
    version = version_in(before, district, content)
    with pytest.raises(NotPermitted):
        moved(version, name, "other_head" if name == "submit" else "head", data, district)


def test_every_transition_has_a_row() -> None:
    assert {row[0] for row in TRANSITION_ROWS} == {step.name for step in WORKFLOW.transitions}


def test_what_is_published_today_is_valid_from_today(district: Any, content: Any) -> None:
    version = version_in("published", district, content)
    assert version.valid_from == date(AT.year, AT.month, AT.day)
    assert WORKFLOW.transition("approve").action == permissions.PUBLISH
