from __future__ import annotations

import pytest
from django.db.models import Q

from zhengxiao.kernel.access.api import (
    VISITOR,
    Scope,
    ScopedQuerySet,
    ScopeFields,
    allows,
    policy_matrix,
    require,
    scope_q,
)
from zhengxiao.kernel.access.permissions import TABLES
from zhengxiao.kernel.access.testing import sample_org, visible_matrix
from zhengxiao.kernel.identity.api import User
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.lib.refusals import NotPermitted

ADMINS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}


class Accounts(ScopedQuerySet[User]):
    scope_fields = ScopeFields(region=None, department=None, unit=None, person="id")
    view_action = "identity.view"


def roles_that_may(action: str) -> set[Role]:
    return {cell.role for cell in policy_matrix() if cell.action == action and cell.scopes != (Scope.NONE,)}


def test_every_registered_action_has_a_label_and_a_cell_for_each_role() -> None:
    cells = policy_matrix()
    assert all(str(cell.label).strip() for cell in cells)
    for action in {cell.action for cell in cells}:
        assert {cell.role for cell in cells if cell.action == action} == set(Role)


def test_the_tables_of_the_lower_packages_are_registered() -> None:
    assert {table.app for table in TABLES} <= {cell.app for cell in policy_matrix()}


def test_giving_rights_opening_accounts_and_reading_records_are_three_hands() -> None:
    assert roles_that_may("identity.manage") == {Role.SYSTEM_ADMIN}
    assert roles_that_may("orgs.assign_posts") == {Role.SECURITY_ADMIN}
    for cell in policy_matrix():
        if cell.role is Role.AUDITOR and cell.scopes != (Scope.NONE,) and cell.app in {t.app for t in TABLES}:
            assert cell.action.endswith(".view")


def test_no_role_alone_both_proposes_and_confirms_a_calendar() -> None:
    assert not roles_that_may("calendar.propose") & roles_that_may("calendar.confirm")


def test_an_unknown_action_is_an_error_wherever_it_is_asked() -> None:
    for ask in (allows, require):
        with pytest.raises(RuntimeError, match=r"orgs\.mange"):
            ask(SYSTEM, "orgs.mange")
    with pytest.raises(RuntimeError):
        scope_q(VISITOR, "orgs.mange", ScopeFields())


def test_a_visitor_is_refused_in_words() -> None:
    assert not allows(VISITOR, "orgs.manage")
    with pytest.raises(NotPermitted) as refusal:
        require(VISITOR, "orgs.manage")
    assert "维护区划与机构" in refusal.value.text


def test_who_reaches_nothing_gets_an_empty_filter_and_the_system_none() -> None:
    assert scope_q(VISITOR, "orgs.manage", ScopeFields()) == Q(pk__in=[])
    everything = scope_q(SYSTEM, "orgs.manage", ScopeFields())
    assert everything == ~Q(pk__in=[])
    assert str(User.objects.filter(everything | Q(username="nobody")).query).count("WHERE") == 0


@pytest.mark.django_db
def test_a_scoped_queryset_serves_each_role_its_rows() -> None:
    org = sample_org()
    everybody = frozenset(User.objects.values_list("pk", flat=True))
    accounts = Accounts(User)
    assert visible_matrix(accounts, org) == {
        role: everybody if role in ADMINS else frozenset() for role in Role
    }
    assert accounts.visible_to(SYSTEM).count() == len(everybody)
    assert accounts.visible_to(org.actor(Role.AUDITOR), "identity.manage").count() == 0
    assert list(accounts.visible_to(org.actor(Role.APPROVER), "orgs.delegate")) == [org.users[Role.APPROVER]]
