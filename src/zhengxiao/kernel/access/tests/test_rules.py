from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.kernel.access import rules
from zhengxiao.kernel.access.rules import PolicyBook, PolicyTable, Row, Scope, ScopeFields
from zhengxiao.lib.actors import SYSTEM, Actor, Grant, Role

LABELS = {"t.view": "查看", "t.act": "办理"}
FIELDS = ScopeFields()


def table(*rows: Row, app: str = "t", **more: object) -> PolicyTable:
    labels = {action: LABELS.get(action, action) for action in {row.action for row in rows}}
    return PolicyTable(app=app, labels=labels, rows=rows, **more)  # type: ignore[arg-type]


def book(*rows: Row) -> PolicyBook:
    made = PolicyBook()
    made.register(table(*rows))
    return made


def grant(role: Role = Role.APPROVER, delegated_by: int | None = None) -> Grant:
    return Grant(
        role=role,
        unit_id=3,
        unit_ids=frozenset({3, 4}),
        department_ids=frozenset({2, 3, 4}),
        region_ids=frozenset({10, 11}),
        delegated_by=delegated_by,
    )


def actor(*grants: Grant) -> Actor:
    return Actor(user_id=7, name="王示例", grants=grants)


def row(**change: int | None) -> SimpleNamespace:
    values = {"region_id": 99, "department_id": 98, "unit_id": 97, "handler_id": 96} | change
    return SimpleNamespace(**values)


@pytest.mark.parametrize(
    ("scope", "inside", "outside"),
    [
        (Scope.REGION, {"region_id": 11}, {"region_id": 12}),
        (Scope.DEPARTMENT, {"department_id": 2}, {"department_id": 5}),
        (Scope.UNIT, {"unit_id": 4}, {"unit_id": 2}),
        (Scope.OWN, {"handler_id": 7}, {"handler_id": 8}),
        (Scope.OWN, {"handler_id": 7}, {"handler_id": None}),
        (Scope.REGION, {"region_id": 10}, {"region_id": None}),
    ],
)
def test_a_scope_reaches_the_rows_it_names_and_no_other(
    scope: Scope, inside: dict[str, int], outside: dict[str, int | None]
) -> None:
    found = rules.reach(book(Row("t.view", Role.APPROVER, scope)), actor(grant()), "t.view")
    assert rules.reaches(found, row(**inside), FIELDS, "t.view")
    assert not rules.reaches(found, row(**outside), FIELDS, "t.view")


def test_all_reaches_every_row_and_none_reaches_nothing() -> None:
    everything = book(Row("t.view", Role.APPROVER, Scope.ALL))
    nothing = book(Row("t.view", Role.APPROVER, Scope.NONE))
    assert rules.reaches(rules.reach(everything, actor(grant()), "t.view"), row(), FIELDS, "t.view")
    assert not rules.reaches(rules.reach(nothing, actor(grant()), "t.view"), row(), FIELDS, "t.view")
    assert not rules.is_allowed(nothing, actor(grant()), "t.view")


def test_rows_and_grants_add_up() -> None:
    policies = book(
        Row("t.view", Role.APPROVER, Scope.UNIT),
        Row("t.view", Role.APPROVER, Scope.OWN),
        Row("t.view", Role.SUPERVISOR, Scope.REGION),
    )
    found = rules.reach(policies, actor(grant(), grant(Role.SUPERVISOR)), "t.view")
    for inside in ({"unit_id": 3}, {"handler_id": 7}, {"region_id": 10}):
        assert rules.reaches(found, row(**inside), FIELDS, "t.view")
    assert not rules.reaches(found, row(department_id=2), FIELDS, "t.view")


def test_a_delegate_reaches_the_own_rows_of_the_person_they_act_for() -> None:
    policies = book(Row("t.view", Role.APPROVER, Scope.OWN))
    found = rules.reach(policies, actor(grant(delegated_by=55)), "t.view")
    assert found.person_ids == {7, 55}


def test_an_actor_without_grants_may_nothing_and_a_row_without_person_is_nobodys_own() -> None:
    policies = book(Row("t.view", Role.APPROVER, Scope.OWN))
    assert not rules.is_allowed(policies, actor(), "t.view")
    machine = Actor(user_id=None, name="平台", grants=(grant(),))
    assert not rules.reaches(rules.reach(policies, machine, "t.view"), row(handler_id=None), FIELDS, "t.view")


def test_the_system_sees_all_by_any_action_that_is_registered() -> None:
    policies = book(Row("t.view", Role.APPROVER, Scope.NONE))
    assert rules.is_allowed(policies, SYSTEM, "t.view")
    assert rules.reach(policies, SYSTEM, "t.view").everything
    with pytest.raises(RuntimeError, match=r"t\.misspelt"):
        rules.is_allowed(policies, SYSTEM, "t.misspelt")


def test_an_open_action_reaches_public_rows_for_everybody() -> None:
    policies = PolicyBook()
    policies.register(table(Row("t.view", Role.APPROVER, Scope.UNIT), open_actions=frozenset({"t.view"})))
    fields = ScopeFields(public="is_public")
    found = rules.reach(policies, actor(), "t.view")
    assert rules.is_allowed(policies, actor(), "t.view")
    assert rules.reaches(found, SimpleNamespace(**vars(row()), is_public=True), fields, "t.view")
    assert not rules.reaches(found, SimpleNamespace(**vars(row()), is_public=False), fields, "t.view")
    assert not rules.reaches(found, row(), FIELDS, "t.view")


def test_a_public_row_is_not_opened_to_an_action_that_is_not_open() -> None:
    policies = book(Row("t.act", Role.APPROVER, Scope.UNIT))
    found = rules.reach(policies, actor(grant()), "t.act")
    public = SimpleNamespace(**vars(row()), is_public=True)
    assert not rules.reaches(found, public, ScopeFields(public="is_public"), "t.act")


def test_a_scope_whose_field_the_model_lacks_is_an_error_not_an_empty_list() -> None:
    found = rules.reach(book(Row("t.view", Role.APPROVER, Scope.REGION)), actor(grant()), "t.view")
    with pytest.raises(RuntimeError, match="region"):
        rules.reaches(found, row(), ScopeFields(region=None), "t.view")


def test_several_person_fields_each_open_the_row() -> None:
    fields = ScopeFields(person=("handler_id", "applicant_id"))
    found = rules.reach(book(Row("t.view", Role.APPROVER, Scope.OWN)), actor(grant()), "t.view")
    assert rules.reaches(found, SimpleNamespace(handler_id=1, applicant_id=7), fields, "t.view")
    assert not rules.reaches(found, SimpleNamespace(handler_id=1, applicant_id=2), fields, "t.view")


def test_a_table_refuses_what_would_be_misread() -> None:
    view = Row("t.view", Role.APPROVER, Scope.UNIT)
    with pytest.raises(RuntimeError, match="twice"):
        PolicyTable(app="t", labels={"t.view": "查看"}, rows=(view, view))
    with pytest.raises(RuntimeError, match="unknown role"):
        PolicyTable(app="t", labels={"t.view": "查看"}, rows=(Row("t.view", "boss", Scope.UNIT),))  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="unknown role or scope"):
        PolicyTable(app="t", labels={"t.view": "查看"}, rows=(Row("t.view", Role.APPROVER, "town"),))  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="no label"):
        PolicyTable(app="t", labels={}, rows=(view,))
    with pytest.raises(RuntimeError, match="disagree"):
        PolicyTable(app="t", labels={"t.view": "查看", "t.act": "办理"}, rows=(view,))
    with pytest.raises(RuntimeError, match="kept from"):
        PolicyTable(app="t", labels={"t.view": "查看"}, rows=(view, Row("t.view", Role.APPROVER, Scope.NONE)))


def test_a_book_refuses_two_tables_for_one_app_or_action_and_latecomers() -> None:
    policies = book(Row("t.view", Role.APPROVER, Scope.UNIT))
    with pytest.raises(RuntimeError, match="twice"):
        policies.register(table(Row("t.act", Role.APPROVER, Scope.UNIT)))
    with pytest.raises(RuntimeError, match="two policy tables"):
        policies.register(table(Row("t.view", Role.AUDITOR, Scope.ALL), app="u"))
    policies.scopes("t.view")
    with pytest.raises(RuntimeError, match="after the first question"):
        policies.register(table(Row("u.view", Role.AUDITOR, Scope.ALL), app="u"))


def test_the_matrix_has_a_cell_for_every_action_and_role() -> None:
    policies = book(Row("t.view", Role.APPROVER, Scope.UNIT), Row("t.view", Role.APPROVER, Scope.OWN))
    cells = {(cell.action, cell.role): cell.scopes for cell in policies.matrix()}
    assert len(cells) == len(Role)
    assert cells["t.view", Role.APPROVER] == (Scope.OWN, Scope.UNIT)
    assert cells["t.view", Role.CITIZEN] == (Scope.NONE,)


@given(st.frozensets(st.integers(min_value=1, max_value=60)))
def test_runs_hold_the_same_ids_and_never_touch(ids: frozenset[int]) -> None:
    found = rules.runs(ids)
    assert [number for first, last in found for number in range(first, last + 1)] == sorted(ids)
    assert all(left[1] + 1 < right[0] for left, right in pairwise(found))
