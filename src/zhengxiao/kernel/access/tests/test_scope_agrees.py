"""The database filter and the Python test are two writings of one rule: here they are held together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengxiao.kernel.access import rules
from zhengxiao.kernel.access.api import PolicyBook, PolicyTable, Row, Scope, ScopeFields, can, scope_q
from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.orgs.api import Post, Unit
from zhengxiao.lib.actors import SYSTEM, Actor, Grant, Role

pytestmark = pytest.mark.django_db

POSTS = ScopeFields(
    region="unit__region_id",
    department="unit__department_id",
    unit="unit_id",
    person=("user_id", "assigned_by_id"),
    public="user__is_active",
)
UNITS = ScopeFields(
    region="region_id", department="department_id", unit="id", person=None, public="is_active"
)
SCOPES = [scope for scope in Scope if scope is not Scope.NONE]


def policies(pairs: set[tuple[Role, Scope]], is_open: bool) -> PolicyBook:
    book = PolicyBook()
    rows = tuple(Row("t.view", role, scope) for role, scope in sorted(pairs))
    open_actions = frozenset({"t.view"}) if is_open else frozenset()
    if rows or is_open:
        book.register(PolicyTable(app="t", labels={"t.view": "查看"}, rows=rows, open_actions=open_actions))
    return book


def actors(org: SampleOrg) -> st.SearchStrategy[Actor]:
    real = [grant for role in Role for grant in org.actor(role).grants]
    real += [grant for name in org.neighbours for grant in org.actor(name).grants]
    people = st.sampled_from([user.pk for user in (*org.users.values(), *org.neighbours.values())])

    def regrant(place: Grant, role: Role, delegated_by: int | None) -> Grant:
        return Grant(
            role, place.unit_id, place.unit_ids, place.department_ids, place.region_ids, delegated_by
        )

    grants = st.builds(regrant, st.sampled_from(real), st.sampled_from(Role), st.none() | people)
    person = st.builds(
        Actor,
        user_id=st.none() | people,
        name=st.just("王示例"),
        grants=st.lists(grants, max_size=4).map(tuple),
        is_system=st.just(False),
    )
    return person | st.just(SYSTEM)


@pytest.mark.parametrize("short_list", [200, 1])
def test_one_row_is_allowed_exactly_when_the_filter_returns_it(
    short_list: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With a short list of 1 many filters are written as runs of ids.
    monkeypatch.setattr(rules, "SHORT_LIST", short_list)
    org = sample_org()
    first = Post.objects.order_by("id")[0]
    Post.objects.filter(pk__gt=first.pk + 7).update(assigned_by=org.users[Role.SECURITY_ADMIN])
    Unit.objects.filter(code__startswith="B-").update(is_active=False)
    posts = list(Post.objects.select_related("unit", "user"))
    units = list(Unit.objects.all())

    @settings(max_examples=150, deadline=None)
    @given(
        pairs=st.sets(st.tuples(st.sampled_from(Role), st.sampled_from(SCOPES)), min_size=1, max_size=12),
        is_open=st.booleans(),
        actor=actors(org),
    )
    def agree(pairs: set[tuple[Role, Scope]], is_open: bool, actor: Actor) -> None:
        book = policies(pairs, is_open)
        found = set(Post.objects.filter(scope_q(actor, "t.view", POSTS, policies=book)))
        assert found == {post for post in posts if can(actor, "t.view", post, POSTS, policies=book)}
        if any(scope is Scope.OWN for _role, scope in pairs):
            return
        seen = set(Unit.objects.filter(scope_q(actor, "t.view", UNITS, policies=book)))
        assert seen == {unit for unit in units if can(actor, "t.view", unit, UNITS, policies=book)}

    agree()


EXPECTED = {
    # role: (scope in the table below, codes of the units its sample person sees)
    Role.WINDOW_CLERK: (Scope.UNIT, {"A-MARKET-W1"}),
    Role.APPROVER: (Scope.DEPARTMENT, {"A-MARKET", "A-MARKET-S1", "A-MARKET-W1"}),
    Role.DEPARTMENT_HEAD: (Scope.UNIT, {"A-MARKET", "A-MARKET-S1", "A-MARKET-W1"}),
    Role.SUPERVISOR: (
        Scope.REGION,
        {"A-OFFICE", *(f"A-{d}{s}" for d in ("MARKET", "HOUSING") for s in ("", "-S1", "-W1"))},
    ),
    Role.CITIZEN: (Scope.NONE, set()),
}


def test_each_role_sees_the_units_of_its_scope_and_no_others() -> None:
    org = sample_org()
    book = PolicyBook()
    rows = tuple(Row("t.view", role, scope) for role, (scope, _codes) in EXPECTED.items())
    book.register(PolicyTable(app="t", labels={"t.view": "查看"}, rows=rows))
    for role in Role:
        codes = EXPECTED.get(role, (Scope.NONE, set()))[1]
        q = scope_q(org.actor(role), "t.view", UNITS, policies=book)
        assert set(Unit.objects.filter(q).values_list("code", flat=True)) == codes, role
