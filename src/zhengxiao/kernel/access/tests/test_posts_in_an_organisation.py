from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from zhengxiao.kernel.access.testing import AT, SampleOrg, sample_org
from zhengxiao.kernel.identity.api import user_disable
from zhengxiao.kernel.orgs import api
from zhengxiao.lib.actors import SYSTEM, Actor, Role

pytestmark = pytest.mark.django_db

TODAY = AT.date()  # Wednesday 2026-03-04
FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)


@pytest.fixture
def org() -> SampleOrg:
    return sample_org()


def assign(
    org: SampleOrg, who: Role, role: Role, unit: str, start: date, end: date | None = None
) -> api.Post:
    return api.post_assign(
        user_id=org.users[who].pk,
        unit_id=org.units[unit].pk,
        role=role,
        valid_from=start,
        valid_to=end,
        actor=SYSTEM,
        at=AT,
    )


def head_post(org: SampleOrg) -> api.Post:
    return api.Post.objects.get(user=org.users[Role.DEPARTMENT_HEAD])


def delegate(org: SampleOrg, **change: object) -> api.Delegation:
    head = org.users[Role.DEPARTMENT_HEAD]
    values: dict[str, object] = {
        "from_user_id": head.pk,
        "to_user_id": org.users[Role.APPROVER].pk,
        "unit_id": org.market.pk,
        "role": Role.DEPARTMENT_HEAD,
        "valid_from": FRIDAY,
        "valid_to": MONDAY,
        "ground": "示例局〔2026〕3号",
        "actor": Actor(user_id=head.pk, name=head.display_name),
        "at": AT,
    }
    return api.delegation_give(**(values | change))  # type: ignore[arg-type]


def test_a_post_is_held_from_its_first_day_to_the_day_before_its_last(org: SampleOrg) -> None:
    post = assign(org, Role.APPROVER, Role.APPROVER, "A-HOUSING-S1", FRIDAY, MONDAY)
    held = [
        day
        for day in (TODAY + timedelta(days=count) for count in range(8))
        if post in api.posts_of(org.users[Role.APPROVER].pk, day)
    ]
    assert held == [FRIDAY, FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)]


@pytest.mark.parametrize(
    ("who", "role", "unit", "start", "end", "refusal"),
    [
        (Role.APPROVER, Role.APPROVER, "A-MARKET-S1", FRIDAY, MONDAY, api.PostOverlaps),
        (Role.APPROVER, Role.APPROVER, "A-MARKET-S1", FRIDAY, None, api.PostOverlaps),
        (Role.APPROVER, Role.APPROVER, "A-HOUSING-S1", MONDAY, MONDAY, api.PeriodEmpty),
        (Role.AUDITOR, Role.SYSTEM_ADMIN, "CITY", FRIDAY, None, api.AdminRolesApart),
        (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, "CITY", FRIDAY, MONDAY, api.AdminRolesApart),
    ],
)
def test_a_post_is_refused_by_name(
    org: SampleOrg, who: Role, role: Role, unit: str, start: date, end: date | None, refusal: type[Exception]
) -> None:
    before = api.Post.objects.count()
    with pytest.raises(refusal):
        assign(org, who, role, unit, start, end)
    assert api.Post.objects.count() == before


def test_a_post_may_follow_the_same_post_on_the_day_it_ends(org: SampleOrg) -> None:
    assign(org, Role.APPROVER, Role.APPROVER, "A-HOUSING-S1", FRIDAY, MONDAY)
    assign(org, Role.APPROVER, Role.APPROVER, "A-HOUSING-S1", MONDAY)


def test_nobody_gives_a_post_to_themselves(org: SampleOrg) -> None:
    user = org.users[Role.SECURITY_ADMIN]
    with pytest.raises(api.PostToOneself):
        api.post_assign(
            user_id=user.pk,
            unit_id=org.office.pk,
            role=Role.LEADER,
            valid_from=TODAY,
            actor=org.actor(Role.SECURITY_ADMIN),
            at=AT,
        )


def test_a_disabled_person_gets_no_post_and_an_unknown_unit_gives_none(org: SampleOrg) -> None:
    user_disable(user_id=org.users[Role.APPROVER].pk, actor=SYSTEM, at=AT)
    with pytest.raises(api.PersonUnknown):
        assign(org, Role.APPROVER, Role.APPROVER, "A-HOUSING-S1", FRIDAY)
    with pytest.raises(api.UnitUnknown):
        api.post_assign(
            user_id=org.users[Role.LEADER].pk,
            unit_id=404,
            role=Role.LEADER,
            valid_from=TODAY,
            actor=SYSTEM,
            at=AT,
        )


def test_the_database_keeps_one_open_post_of_a_kind(org: SampleOrg) -> None:
    post = head_post(org)
    with pytest.raises(IntegrityError), transaction.atomic():
        api.Post.objects.create(
            user=post.user, unit=post.unit, role=post.role, valid_from=TODAY, assigned_at=AT
        )


def test_a_post_ends_today_or_later_and_once(org: SampleOrg) -> None:
    post = head_post(org)
    with pytest.raises(api.EndInThePast):
        api.post_end(post_id=post.pk, on=TODAY - timedelta(days=1), actor=SYSTEM, at=AT)
    api.post_end(post_id=post.pk, on=TODAY, actor=SYSTEM, at=AT)
    post.refresh_from_db()
    assert (post.valid_to, post.ended_at) == (TODAY, AT)
    assert not api.posts_of(post.user_id, TODAY)
    with pytest.raises(api.PostAlreadyEnded):
        api.post_end(post_id=post.pk, on=MONDAY, actor=SYSTEM, at=AT)
    with pytest.raises(api.PostUnknown):
        api.post_end(post_id=404, on=TODAY, actor=SYSTEM, at=AT)


def test_a_post_taken_back_before_its_first_day_was_never_held(org: SampleOrg) -> None:
    post = assign(org, Role.APPROVER, Role.APPROVER, "A-HOUSING-S1", MONDAY)
    api.post_end(post_id=post.pk, on=FRIDAY, actor=SYSTEM, at=AT)
    post.refresh_from_db()
    assert post.valid_to == post.valid_from == MONDAY


def test_a_delegation_has_force_on_its_days_only(org: SampleOrg) -> None:
    delegate(org)
    approver = org.users[Role.APPROVER].pk
    roles = {
        day: {post.role for post in api.posts_in_force(approver, day)}
        for day in (date(2026, 3, 5), FRIDAY, date(2026, 3, 8), MONDAY)
    }
    both = {Role.APPROVER, Role.DEPARTMENT_HEAD}
    assert list(roles.values()) == [{Role.APPROVER}, both, both, {Role.APPROVER}]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"to_user_id": "giver"}, api.DelegationToOneself),
        ({"actor": "approver"}, api.DelegationNotByHolder),
        ({"role": Role.SYSTEM_ADMIN}, api.RoleNotDelegable),
        ({"valid_to": FRIDAY}, api.PeriodEmpty),
        ({"valid_from": date(2026, 3, 3)}, api.DelegationBackdated),
        ({"ground": "  "}, api.GroundMissing),
        ({"to_user_id": 404}, api.PersonUnknown),
        ({"role": Role.LEADER}, api.PostNotHeld),
        ({"unit_id": "housing"}, api.PostNotHeld),
    ],
)
def test_a_delegation_is_refused_by_name(
    org: SampleOrg, change: dict[str, object], refusal: type[Exception]
) -> None:
    stand_ins = {
        "giver": org.users[Role.DEPARTMENT_HEAD].pk,
        "approver": org.actor(Role.APPROVER),
        "housing": org.units["A-HOUSING"].pk,
    }
    change = {
        key: stand_ins.get(value, value) if isinstance(value, str) else value for key, value in change.items()
    }
    with pytest.raises(refusal):
        delegate(org, **change)
    assert not api.Delegation.objects.exists()


def test_a_delegated_post_cannot_be_delegated_on(org: SampleOrg) -> None:
    delegate(org)
    with pytest.raises(api.PostNotHeld):
        delegate(
            org,
            from_user_id=org.users[Role.APPROVER].pk,
            to_user_id=org.users[Role.LEADER].pk,
            actor=org.actor(Role.APPROVER),
        )


def test_a_delegation_beyond_the_end_of_the_post_is_refused(org: SampleOrg) -> None:
    api.post_end(post_id=head_post(org).pk, on=date(2026, 3, 8), actor=SYSTEM, at=AT)
    with pytest.raises(api.PostNotHeld):
        delegate(org)


def test_a_delegation_lapses_when_the_holder_loses_the_post_or_the_account(org: SampleOrg) -> None:
    delegate(org)
    approver = org.users[Role.APPROVER].pk
    api.post_end(post_id=head_post(org).pk, on=date(2026, 3, 8), actor=SYSTEM, at=AT)
    assert len(api.posts_in_force(approver, date(2026, 3, 7))) == 2
    assert len(api.posts_in_force(approver, date(2026, 3, 8))) == 1
    user_disable(user_id=org.users[Role.DEPARTMENT_HEAD].pk, actor=SYSTEM, at=AT)
    assert len(api.posts_in_force(approver, date(2026, 3, 7))) == 1


def test_a_delegation_is_revoked_by_its_giver_or_a_security_administrator_and_once(org: SampleOrg) -> None:
    given = delegate(org, valid_from=TODAY)
    with pytest.raises(api.DelegationNotByHolder):
        api.delegation_revoke(delegation_id=given.pk, actor=org.actor(Role.APPROVER), at=AT)
    api.delegation_revoke(delegation_id=given.pk, actor=org.actor(Role.SECURITY_ADMIN), at=AT)
    assert len(api.posts_in_force(org.users[Role.APPROVER].pk, TODAY)) == 1
    with pytest.raises(api.DelegationAlreadyOver):
        api.delegation_revoke(delegation_id=given.pk, actor=SYSTEM, at=AT)
    later = delegate(org)
    api.delegation_revoke(delegation_id=later.pk, actor=org.actor(Role.DEPARTMENT_HEAD), at=AT)
    with pytest.raises(api.DelegationAlreadyOver):
        api.delegation_revoke(delegation_id=later.pk, actor=SYSTEM, at=AT)
    with pytest.raises(api.DelegationUnknown):
        api.delegation_revoke(delegation_id=404, actor=SYSTEM, at=AT)


def test_the_heads_of_a_window_are_named_by_role_from_near_to_far(org: SampleOrg) -> None:
    delegate(org, valid_from=TODAY)
    assign(org, Role.LEADER, Role.DEPARTMENT_HEAD, "A-MARKET-W1", TODAY)
    heads = api.heads_of(org.window.pk, TODAY)
    assert [holder.name for holder in heads[Role.DEPARTMENT_HEAD]] == ["杨示例", "张示例", "刘示例"]
    assert {holder.name for holder in heads[Role.WINDOW_CLERK]} == {"李示例", "徐示例"}
    assert Role.SUPERVISOR not in heads
    user_disable(user_id=org.users[Role.LEADER].pk, actor=SYSTEM, at=AT)
    assert "杨示例" not in {
        holder.name for holder in api.heads_of(org.window.pk, TODAY)[Role.DEPARTMENT_HEAD]
    }


def test_the_heads_of_a_window_in_a_centre_are_those_of_its_department(org: SampleOrg) -> None:
    window = api.unit_create(
        code="CITY-W9",
        name="市监窗口",
        kind="window",
        region_code="990102000000",
        parent_code="CITY",
        department_code="A-MARKET",
        actor=SYSTEM,
        at=AT,
    )
    heads = api.heads_of(window.pk, TODAY)
    assert [holder.name for holder in heads[Role.DEPARTMENT_HEAD]] == ["刘示例"]
    assert [holder.name for holder in heads[Role.LEADER]] == ["杨示例"]
