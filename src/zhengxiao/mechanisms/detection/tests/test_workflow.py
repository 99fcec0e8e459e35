"""The life of a rule version: one row per transition; coming into force takes a back-test and two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.lib.actors import SYSTEM, Actor, Role
from zhengxiao.lib.refusals import NotPermitted, StaleState
from zhengxiao.mechanisms.detection import refusals, services
from zhengxiao.mechanisms.detection.backtests import back_test_now
from zhengxiao.mechanisms.detection.detectors import DETECTORS
from zhengxiao.mechanisms.detection.facts import VERSION
from zhengxiao.mechanisms.detection.models import RuleVersion
from zhengxiao.mechanisms.detection.rules import (
    ParameterOutOfRange,
    ParameterUnknown,
    TemplateUnreadable,
    cleaned,
    precision,
    template_checked,
)
from zhengxiao.mechanisms.detection.services import (
    Draft,
    draft_revise,
    install_rules,
    rule_draft,
    version_move,
)

NOTE = {"note": "按上级规则"}
WAYS: dict[str, list[tuple[str, str]]] = {
    "draft": [],
    "shadow": [("try", "supervisor")],
    "proposed": [("try", "supervisor"), ("propose_activation", "supervisor")],
    "active": [("try", "supervisor"), ("propose_activation", "supervisor"), ("activate", "leader")],
    "leaving": [
        ("try", "supervisor"), ("propose_activation", "supervisor"), ("activate", "leader"),
        ("propose_retirement", "supervisor"),
    ],
}  # fmt: skip
TRANSITION_ROWS = [
    # transition, way to the state before, who, state after
    ("try", "draft", "supervisor", "shadow"),
    ("propose_activation", "shadow", "supervisor", "shadow"),
    ("activate", "proposed", "leader", "active"),
    ("propose_retirement", "active", "supervisor", "active"),
    ("retire", "leaving", "leader", "retired"),
    ("return_proposal", "proposed", "leader", "shadow"),
    ("return_proposal", "leaving", "leader", "active"),
    ("discard", "draft", "supervisor", "retired"),
    ("discard", "shadow", "supervisor", "retired"),
]
TRANSITION_TESTS = {"supersede": "test_a_version_that_comes_into_force_takes_the_place_of_the_one_before"}


@pytest.fixture
def take(world: Any, at: datetime) -> Any:
    """Take transitions in order, as a person, one minute apart, with a back-test before a proposal."""
    moment = [at]

    def move(version: RuleVersion, *steps: tuple[str, str]) -> RuleVersion:
        for name, who in steps:
            moment[0] += timedelta(minutes=1)
            actor: Actor = world.org.actor(who if who in world.org.neighbours else Role(who))
            if name == "propose_activation" and not version.back_tests.exists():
                back_test_now(version_ids=[version.pk], actor=actor, at=moment[0])
            data = NOTE if name not in ("try", "supersede") else {}
            version = version_move(
                version_id=version.pk, transition=name, actor=actor, at=moment[0], data=data
            )
        return version

    return move


@pytest.mark.parametrize(("name", "way", "who", "after"), TRANSITION_ROWS)
def test_a_move_leads_to_its_state_and_leaves_its_fact(
    versions: dict[str, RuleVersion], take: Any, name: str, way: str, who: str, after: str
) -> None:
    version = take(versions["swift"], *WAYS[way], (name, who))
    assert RuleVersion.objects.get(pk=version.pk).state == after
    told = entries_for(Subject(VERSION, version.pk)).order_by("-pk")[0]
    assert told.data["name"] == "秒办结"


@pytest.mark.parametrize("way", ["proposed", "leaving"])
def test_who_proposes_cannot_confirm(versions: dict[str, RuleVersion], take: Any, way: str) -> None:
    version = take(versions["swift"], *WAYS[way])
    with pytest.raises(refusals.OwnProposal):
        take(version, ("activate" if way == "proposed" else "retire", "supervisor"))


def test_who_wrote_a_draft_cannot_confirm_what_another_proposed(
    versions: dict[str, RuleVersion], take: Any, world: Any, supervisor: Actor, at: datetime
) -> None:
    draft = rule_draft(code="swift", draft=_draft(), actor=supervisor, at=at)
    version = take(draft, ("try", "supervisor-b"), ("propose_activation", "supervisor-b"))
    with pytest.raises(refusals.OwnProposal):
        take(version, ("activate", "supervisor"))
    assert take(version, ("activate", "leader")).state == "active"


def test_who_confirmed_the_beginning_may_propose_the_end(versions: dict[str, RuleVersion], take: Any) -> None:
    version = take(
        versions["swift"],
        *WAYS["proposed"],
        ("activate", "supervisor-b"),
        ("propose_retirement", "supervisor-b"),
    )
    assert take(version, ("retire", "leader")).state == "retired"


def test_the_database_refuses_one_person_on_both_sides(
    versions: dict[str, RuleVersion], supervisor: Actor
) -> None:
    rows = RuleVersion.objects.filter(pk=versions["swift"].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(proposed_by_id=supervisor.user_id, confirmed_by_id=supervisor.user_id)


def test_nothing_comes_into_force_without_a_back_test(
    versions: dict[str, RuleVersion], take: Any, supervisor: Actor, at: datetime
) -> None:
    version = take(versions["swift"], ("try", "supervisor"))
    with pytest.raises(refusals.BackTestMissing):
        version_move(
            version_id=version.pk, transition="propose_activation", actor=supervisor, at=at, data=NOTE
        )


def test_nothing_is_confirmed_that_nobody_proposed_and_nothing_proposed_twice(
    versions: dict[str, RuleVersion], take: Any
) -> None:
    version = take(versions["swift"], ("try", "supervisor"))
    with pytest.raises(refusals.NothingProposed):
        take(version, ("activate", "leader"))
    with pytest.raises(refusals.NothingProposed):
        take(version, ("return_proposal", "leader"))
    take(version, ("propose_activation", "supervisor"))
    with pytest.raises(refusals.AlreadyProposed):
        take(version, ("propose_activation", "supervisor"))


def test_a_version_that_comes_into_force_takes_the_place_of_the_one_before(
    versions: dict[str, RuleVersion], take: Any, supervisor: Actor, at: datetime
) -> None:
    first = take(versions["swift"], *WAYS["active"])
    second = rule_draft(code="swift", draft=_draft(), actor=supervisor, at=at)
    assert (second.number, second.state) == (2, "draft")
    take(second, ("try", "supervisor"), ("propose_activation", "supervisor"), ("activate", "leader"))
    assert RuleVersion.objects.get(pk=first.pk).state == "retired"
    told = entries_for(Subject(VERSION, first.pk)).values_list("fact", "actor_name")
    assert ("detection.superseded", SYSTEM.name) in told


def test_a_refused_activation_leaves_the_one_before_in_force(
    versions: dict[str, RuleVersion], take: Any, supervisor: Actor, at: datetime
) -> None:
    first = take(versions["swift"], *WAYS["active"])
    second = take(rule_draft(code="swift", draft=_draft(), actor=supervisor, at=at), ("try", "supervisor"))
    with pytest.raises(refusals.NothingProposed):
        take(second, ("activate", "leader"))
    assert RuleVersion.objects.get(pk=first.pk).state == "active"


def test_others_than_supervisors_draft_nothing(
    world: Any, versions: dict[str, RuleVersion], at: datetime
) -> None:
    for role in (Role.DEPARTMENT_HEAD, Role.LEADER, Role.AUDITOR, Role.SYSTEM_ADMIN):
        with pytest.raises(NotPermitted):
            rule_draft(code="swift", draft=_draft(), actor=world.org.actor(role), at=at)


def test_only_a_draft_is_revised_and_only_as_it_was_read(
    versions: dict[str, RuleVersion], take: Any, supervisor: Actor, at: datetime, monkeypatch: Any
) -> None:
    draft = rule_draft(code="swift", draft=_draft(), actor=supervisor, at=at)
    revised = draft_revise(
        version_id=draft.pk, draft=_draft(minutes=45), actor=supervisor, at=at + timedelta(minutes=1)
    )
    assert (revised.parameters["minutes"], revised.number) == (45, 2)
    take(draft, ("try", "supervisor"))
    with pytest.raises(refusals.NotADraft):
        draft_revise(version_id=draft.pk, draft=_draft(), actor=supervisor, at=at)


def test_a_draft_that_changed_meanwhile_is_not_overwritten(
    versions: dict[str, RuleVersion], supervisor: Actor, at: datetime, monkeypatch: Any
) -> None:
    draft = rule_draft(code="swift", draft=_draft(), actor=supervisor, at=at)

    def meanwhile(rule: Any, given: Draft) -> dict[str, Any]:
        RuleVersion.objects.filter(pk=draft.pk).update(changed_at=at + timedelta(seconds=1))
        return columns(rule, given)

    columns = services._columns
    monkeypatch.setattr(services, "_columns", meanwhile)
    with pytest.raises(StaleState):
        draft_revise(version_id=draft.pk, draft=_draft(), actor=supervisor, at=at + timedelta(minutes=1))


def test_shipped_rules_are_installed_once(versions: dict[str, RuleVersion], at: datetime) -> None:
    assert set(versions) == set(DETECTORS)
    assert install_rules(at=at) == []


def test_parameters_are_whole_numbers_within_their_bounds() -> None:
    swift = DETECTORS["swift"]
    assert cleaned(swift, {"minutes": "45"}) == {"minutes": 45, "promised_days": 5}
    with pytest.raises(ParameterUnknown):
        cleaned(swift, {"hours": 1})
    for wrong in ("0", "481", "-3", "1.5", "", True, "1" * 12):
        with pytest.raises(ParameterOutOfRange):
            cleaned(swift, {"minutes": wrong})


@pytest.mark.parametrize("text", ["{nobody}", "{}", "{minutes:>10}", "{minutes.real}", "{minutes[0]}", "{"])
def test_words_with_a_gap_nobody_fills_are_refused(text: str) -> None:
    with pytest.raises(TemplateUnreadable):
        template_checked(DETECTORS["swift"], text)


def test_precision_is_the_share_that_stood() -> None:
    assert (precision(0, 0), precision(4, 1), precision(2, 2)) == (None, 0.75, 0.0)


def _draft(**parameters: int) -> Draft:
    swift = DETECTORS["swift"]
    return Draft("秒办结（收紧）", "red", parameters, swift.source, swift.template, "试更严的门槛")
