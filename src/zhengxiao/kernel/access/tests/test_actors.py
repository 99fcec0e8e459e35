from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from zhengxiao.kernel.access.api import VISITOR, actor_for, explain
from zhengxiao.kernel.access.testing import AT, SampleOrg, sample_org
from zhengxiao.kernel.identity.api import user_disable
from zhengxiao.kernel.orgs import api as orgs
from zhengxiao.lib.actors import SYSTEM, Actor, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> SampleOrg:
    return sample_org()


def delegate_headship(org: SampleOrg) -> None:
    orgs.delegation_give(
        from_user_id=org.users[Role.DEPARTMENT_HEAD].pk,
        to_user_id=org.users[Role.APPROVER].pk,
        unit_id=org.market.pk,
        role=Role.DEPARTMENT_HEAD,
        valid_from=date(2026, 3, 4),
        valid_to=date(2026, 3, 6),
        ground="示例局〔2026〕3号",
        actor=SYSTEM,
        at=AT,
    )


def test_a_clerk_is_granted_the_window_its_department_and_its_region(org: SampleOrg) -> None:
    (grant,) = org.actor(Role.WINDOW_CLERK).grants
    assert (grant.role, grant.unit_id, grant.delegated_by) == (Role.WINDOW_CLERK, org.window.pk, None)
    assert grant.unit_ids == {org.window.pk}
    assert grant.department_ids == {org.market.pk, org.section.pk, org.window.pk}
    assert grant.region_ids == {org.district_a.pk}


def test_a_leader_of_the_city_is_granted_all_its_regions(org: SampleOrg) -> None:
    (grant,) = org.actor(Role.LEADER).grants
    assert grant.region_ids == {org.city.pk, org.district_a.pk, org.district_b.pk}


def test_every_sample_person_holds_exactly_the_role_they_stand_for(org: SampleOrg) -> None:
    assert {role: org.actor(role).roles for role in Role} == {role: {role} for role in Role}


def test_an_actor_takes_at_most_three_queries(
    org: SampleOrg, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    delegate_headship(org)
    with django_assert_max_num_queries(3):
        actor = org.actor(Role.APPROVER)
    assert len(actor.grants) == 2


def test_a_delegated_grant_says_whose_it_is_and_lapses_with_the_delegation(org: SampleOrg) -> None:
    delegate_headship(org)
    approver = org.users[Role.APPROVER]
    held = {grant.role: grant.delegated_by for grant in actor_for(approver, at=AT).grants}
    assert held == {Role.APPROVER: None, Role.DEPARTMENT_HEAD: org.users[Role.DEPARTMENT_HEAD].pk}
    assert actor_for(approver, at=AT + timedelta(days=2)).roles == {Role.APPROVER}


def test_the_day_of_a_post_is_the_day_where_the_platform_stands(org: SampleOrg) -> None:
    delegate_headship(org)
    last_moment = datetime(2026, 3, 5, 15, 59, 59, tzinfo=ZoneInfo("UTC"))  # 23:59:59 in Shanghai
    approver = org.users[Role.APPROVER]
    assert Role.DEPARTMENT_HEAD in actor_for(approver, at=last_moment).roles
    assert Role.DEPARTMENT_HEAD not in actor_for(approver, at=last_moment + timedelta(seconds=1)).roles


def test_a_disabled_account_and_a_person_without_post_have_no_grants(
    org: SampleOrg, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = org.users[Role.LEADER]
    user_disable(user_id=user.pk, actor=SYSTEM, at=AT)
    user.refresh_from_db()
    with django_assert_num_queries(0):
        assert actor_for(user, at=AT).grants == ()
    assert actor_for(org.users[Role.CITIZEN], at=AT - timedelta(days=1000)).grants == ()


def test_somebody_not_signed_in_is_the_visitor() -> None:
    assert actor_for(AnonymousUser(), at=AT) == VISITOR


def test_a_transferred_clerk_loses_the_old_window_at_once(org: SampleOrg) -> None:
    clerk = org.users[Role.WINDOW_CLERK]
    post = orgs.Post.objects.get(user=clerk)
    orgs.post_end(post_id=post.pk, on=AT.date(), actor=SYSTEM, at=AT)
    orgs.post_assign(
        user_id=clerk.pk,
        unit_id=org.units["A-HOUSING-W1"].pk,
        role=Role.WINDOW_CLERK,
        valid_from=AT.date(),
        actor=SYSTEM,
        at=AT,
    )
    (grant,) = actor_for(clerk, at=AT).grants
    assert grant.unit_ids == {org.units["A-HOUSING-W1"].pk}


def test_the_reason_names_post_reach_and_whom_one_acts_for(org: SampleOrg) -> None:
    delegate_headship(org)
    assert explain(org.actor(Role.APPROVER), "orgs.delegate").splitlines() == [
        "委托本人岗位：甲区市场监管局审批科审批人员，范围为本人经办。",
        "委托本人岗位：受刘示例委托行使甲区市场监管局部门负责人职权，范围为本人经办。",
    ]
    assert explain(org.actor(Role.CITIZEN), "identity.manage") == "开立和停用用户：没有岗位给予该权限。"
    assert explain(SYSTEM, "identity.manage") == "开立和停用用户：系统按规则自动执行。"
    with pytest.raises(RuntimeError):
        explain(Actor(user_id=None, name=""), "identity.misspelt")
