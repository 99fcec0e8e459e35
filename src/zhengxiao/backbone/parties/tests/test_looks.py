"""A look at a full number needs a purpose, is on record before the number is told, is counted, and the person learns of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from zhengxiao.backbone.parties import api
from zhengxiao.backbone.parties.models import Look, Party
from zhengxiao.backbone.parties.tests.test_parties import AT, RESIDENT, Town, person, town
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import User, user_create
from zhengxiao.kernel.jobs.api import run_once
from zhengxiao.kernel.notices.api import Notice
from zhengxiao.kernel.orgs.api import Unit, post_assign
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM, Actor, Role
from zhengxiao.lib.personal_numbers import PersonalNumbersFound
from zhengxiao.lib.refusals import NotPermitted

__all__ = ["town"]
pytestmark = pytest.mark.django_db
WHY = {"purpose": "verify", "note": "与原件核对"}


@pytest.fixture
def party(town: Town) -> Party:
    return api.party_find_or_create(party=person(region_id=town.region_id), actor=town.clerk, at=AT)


def looks_on_record() -> tuple[int, int]:
    return Look.objects.count(), Entry.objects.filter(fact="parties.identity_revealed").count()


def test_a_look_leaves_who_what_and_why(town: Town, party: Party) -> None:
    assert api.party_reveal(party=party, what=api.ID, actor=town.clerk, at=AT, **WHY) == RESIDENT
    entry = Entry.objects.get(fact="parties.identity_revealed")
    assert entry.told == {"what": "证件号码", "purpose": "核对申请人身份", "note": "与原件核对"}
    look = Look.objects.get()
    assert (look.user_id, look.what, look.purpose, look.at) == (town.clerk.user_id, api.ID, "verify", AT)
    assert looks_on_record() == (1, 1)


@pytest.mark.parametrize(
    ("why", "refusal"),
    [
        ({"purpose": "", "note": "与原件核对"}, api.PurposeMissing),
        ({"purpose": "curiosity", "note": "与原件核对"}, api.PurposeMissing),
        ({"purpose": "verify", "note": " 核对 "}, api.PurposeMissing),
        ({"purpose": "verify", "note": f"核对 {RESIDENT}"}, PersonalNumbersFound),
    ],
)
def test_no_purpose_no_number_and_no_trace(
    town: Town, party: Party, why: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        api.party_reveal(party=party, what=api.ID, actor=town.clerk, at=AT, **why)
    assert looks_on_record() == (0, 0)


def test_others_and_other_regions_are_refused(town: Town, party: Party) -> None:
    for actor in (town.auditor, Actor(None, "访客")):
        with pytest.raises(NotPermitted):
            api.party_reveal(party=party, what=api.ID, actor=actor, at=AT, **WHY)
    away = api.party_find_or_create(
        party=person(region_id=town.other_id, id_number="110105194912310046"),
        actor=SYSTEM,
        at=AT,
        strict=False,
    )
    with pytest.raises(NotPermitted):
        api.party_reveal(party=away, what=api.PHONE, actor=town.clerk, at=AT, **WHY)
    assert looks_on_record() == (0, 0)


def test_what_was_not_given_cannot_be_looked_at(town: Town, party: Party) -> None:
    with pytest.raises(api.NothingSealed):
        api.party_reveal(party=party, what=api.NAME, actor=town.clerk, at=AT, **WHY)


def holder(role: Role, name: str) -> User:
    user = user_create(username=name, display_name="周示例", password=None, actor=SYSTEM, at=AT)
    unit = Unit.objects.get(code="H01")
    post_assign(user_id=user.pk, unit_id=unit.pk, role=role, valid_from=date(2026, 1, 1), actor=SYSTEM, at=AT)
    return user


def test_beyond_the_limit_nothing_is_told_and_the_alarm_is_heard_once(
    town: Town, party: Party, settings: Any
) -> None:
    settings.ZX_REVEALS_PER_HOUR = 3
    security, supervisor = holder(Role.SECURITY_ADMIN, "security"), holder(Role.SUPERVISOR, "supervisor")
    for minute in range(3):
        at = AT + timedelta(minutes=minute)
        api.party_reveal(party=party, what=api.ID, actor=town.clerk, at=at, **WHY)
    for minute in (10, 11, 59):
        with pytest.raises(api.RevealLimitReached):
            api.party_reveal(
                party=party, what=api.ID, actor=town.clerk, at=AT + timedelta(minutes=minute), **WHY
            )
    assert looks_on_record() == (3, 3)
    assert Entry.objects.filter(fact="parties.reveal_limit_reached").count() == 1
    run_once(at=AT + timedelta(hours=1), runner="r")
    heard = Notice.objects.filter(fact="parties.reveal_limit_reached").values_list("recipient_id", flat=True)
    assert set(heard) == {security.pk, supervisor.pk}
    # The first look is sixty minutes old, so one more is free; the second still counts.
    api.party_reveal(party=party, what=api.ID, actor=town.clerk, at=AT + timedelta(minutes=60), **WHY)
    with pytest.raises(api.RevealLimitReached):
        api.party_reveal(
            party=party, what=api.ID, actor=town.clerk, at=AT + timedelta(minutes=60, seconds=1), **WHY
        )


def test_two_looks_at_once_are_not_both_the_last_one(
    town: Town, party: Party, settings: Any, monkeypatch: Any
) -> None:
    """Another look of the same person is written between counting and writing."""
    settings.ZX_REVEALS_PER_HOUR = 1
    from zhengxiao.backbone.parties import looks  # noqa: PLC0415

    counted = looks._within_the_hour
    between: list[int] = []

    def count(user_id: int, at: Any) -> int:
        found = counted(user_id, at)
        if not between:
            between.append(1)
            api.party_reveal(party=party, what=api.PHONE, actor=town.clerk, at=AT, **WHY)
        return found

    monkeypatch.setattr(looks, "_within_the_hour", count)
    with pytest.raises(api.RevealLimitReached):
        api.party_reveal(party=party, what=api.ID, actor=town.clerk, at=AT, **WHY)
    assert looks_on_record() == (1, 1)


def test_the_person_sees_who_looked_except_what_an_exemption_still_hides(town: Town, party: Party) -> None:
    citizen = holder(Role.CITIZEN, "citizen")
    api.party_link_account(party=party, username="citizen", actor=town.clerk, at=AT)
    with pytest.raises(api.AccountLinked):
        api.party_link_account(party=party, username="citizen", actor=town.clerk, at=AT)
    api.party_reveal(party=party, what=api.ID, actor=town.clerk, at=AT, **WHY)
    secret = {"purpose": "investigation", "note": "依某某号通知书"}
    api.party_reveal(party=party, what=api.PHONE, actor=town.clerk, at=AT, **secret)
    own, day = actor_for(citizen, at=AT), AT.date()
    [mine] = api.own_parties(own)

    def seen(actor: Actor, on: date) -> list[str]:
        return sorted(look.purpose for look in api.looks_at(mine, actor=actor, on=on))

    assert seen(own, day) == ["verify"]
    assert seen(own, day + timedelta(days=89)) == ["verify"]
    assert seen(own, day + timedelta(days=91)) == ["investigation", "verify"]
    assert seen(town.clerk, day) == ["investigation", "verify"]
    assert seen(town.auditor, day) == ["investigation", "verify"]
    stranger = actor_for(holder(Role.CITIZEN, "another"), at=AT)
    assert list(api.own_parties(stranger)) == []
    assert seen(stranger, day) == []
